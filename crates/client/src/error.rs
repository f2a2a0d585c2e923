//! What a call can come back with, as far as a screen treats it differently.

use crate::NetError;
use protocol::{Code, SignerError};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The portal said no, and why. `reference` finds the cause in its log.
    #[error("the portal refused: {code:?} ({})", reference.as_deref().unwrap_or("no reference"))]
    Refused { code: Code, reference: Option<String> },
    #[error("the portal could not be reached")]
    Unreachable,
    #[error("the portal did not answer in time")]
    TimedOut,
    /// Something between phone and portal wants to send us elsewhere, for example a hotel's login page.
    #[error("the portal's address leads somewhere else")]
    Redirected,
    /// An answer that is not of the protocol.
    #[error("the answer makes no sense")]
    Garbage,
    #[error("the answer is too large")]
    TooLarge,
    /// A portal address that is not https.
    #[error("the portal's address is not secure")]
    Insecure,
    /// The phone's hardware does not sign: it refuses, or the key is gone.
    #[error("the phone's key cannot be used")]
    Key,
}

impl ClientError {
    /// The portal's code, where it gave one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Refused { code, .. } => matches!(code, Code::Unavailable | Code::Internal | Code::RateLimited),
            Self::Unreachable | Self::TimedOut | Self::Redirected | Self::Garbage | Self::TooLarge => true,
            Self::Insecure | Self::Key => false,
        }
    }

    pub(crate) fn refused(code: Code) -> Self {
        Self::Refused { code, reference: None }
    }
}

impl From<SignerError> for ClientError {
    fn from(SignerError: SignerError) -> Self {
        Self::Key
    }
}

impl From<NetError> for ClientError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Unreachable => Self::Unreachable,
            NetError::TimedOut => Self::TimedOut,
            NetError::TooLarge => Self::TooLarge,
            NetError::Insecure => Self::Insecure,
        }
    }
}
