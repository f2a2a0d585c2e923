//! What the device can fail with. The web view sees the code alone, and of its own commands only.

use serde::{Serialize, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such hardware, or the platform has no such thing. It will not be there later either.
    #[error("this device cannot do that")]
    Unsupported,
    /// There is no device key to sign with, or no secret to reveal.
    #[error("nothing is kept there")]
    Nothing,
    /// The person, or the system in their place, closed the prompt. Everything is as it was.
    #[error("the prompt was closed")]
    Cancelled,
    /// Too many wrong fingers or faces: the sensor is locked for now. Everything is as it was.
    #[error("not recognised")]
    NotRecognised,
    /// A finger or face was added or removed, or the screen lock was. The secret is gone for good.
    #[error("the enrolled fingers or faces are others than when the secret was kept")]
    EnrolmentChanged,
    /// Nobody is enrolled with the strong class, or the sensor cannot be used now.
    #[error("there is no finger or face to ask for")]
    Unavailable,
    /// The platform failed; the log says how.
    #[error("the device failed")]
    Failed,
}

impl Error {
    pub fn code(self) -> &'static str {
        match self {
            Error::Unsupported => "unsupported",
            Error::Nothing => "nothing",
            Error::Cancelled => "cancelled",
            Error::NotRecognised => "not_recognised",
            Error::EnrolmentChanged => "enrolment_changed",
            Error::Unavailable => "unavailable",
            Error::Failed => "failed",
        }
    }

    /// Logs what the platform said while `doing` something, which must be nothing secret.
    pub(crate) fn failed(doing: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, doing, "the device failed");
        Error::Failed
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
