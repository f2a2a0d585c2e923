//! What a device command can fail with. The web view sees the code alone.

use serde::{Serialize, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("this platform's device plugin cannot do that")]
    Unsupported,
}

impl Error {
    pub fn code(self) -> &'static str {
        match self {
            Error::Unsupported => "unsupported",
        }
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
