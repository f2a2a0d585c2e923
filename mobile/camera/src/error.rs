//! Everything a camera command or session can fail with. The web view sees the code alone.

use serde::{Serialize, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the camera may not be used")]
    Denied,
    #[error("this platform's camera cannot do that")]
    Unsupported,
    /// Another app has it, the app shares the screen, the phone is too hot. Later it may be there.
    #[error("the system does not lend the camera now")]
    Unavailable,
    #[error("no session is running")]
    NotRunning,
    #[error("the session ended before the picture was taken")]
    Stopped,
    #[error("a picture is being taken already")]
    Busy,
    #[error("the camera gave no usable picture")]
    NoPicture,
    #[error("the frame could not be looked at")]
    BadFrame,
    #[error("looking at a frame failed inside")]
    Panicked,
    #[error("the photo was not wanted")]
    Refused,
    #[error("there is no room for the photo")]
    StorageFull,
    #[error("the photo could not be kept")]
    StorageFailed,
}

impl Error {
    /// What the screens distinguish.
    pub fn code(self) -> &'static str {
        match self {
            Error::Denied => "denied",
            Error::Unsupported => "unsupported",
            Error::Unavailable => "unavailable",
            Error::NotRunning => "not_running",
            Error::Stopped => "stopped",
            Error::Busy => "busy",
            Error::NoPicture => "no_picture",
            Error::BadFrame => "bad_frame",
            Error::Panicked => "panicked",
            Error::Refused => "refused",
            Error::StorageFull => "storage_full",
            Error::StorageFailed => "storage_failed",
        }
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl From<crate::SinkError> for Error {
    fn from(error: crate::SinkError) -> Self {
        match error {
            crate::SinkError::NotWanted => Error::Refused,
            crate::SinkError::Full => Error::StorageFull,
            crate::SinkError::Failed => Error::StorageFailed,
        }
    }
}
