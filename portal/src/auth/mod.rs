//! Logging in: OpenID Connect, code flow with PKCE, against any provider. 'LuxTrust' and 'eID' differ in the `acr` they ask for.

pub mod login;
pub mod provider;
pub mod session;

use protocol::Code;

#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    #[error("the provider's answer does not hold: {0}")]
    Answer(String),
    /// The citizen took too long, or the address was opened twice.
    #[error("no such login is under way")]
    NotUnderWay,
    #[error("the provider logged in by {got:?} where {wanted} was asked for")]
    Acr { wanted: String, got: Option<String> },
    #[error("the login is {0} seconds old")]
    Stale(i64),
    /// Cancelled at the provider.
    #[error("the provider says: {0}")]
    Cancelled(String),
}

impl LoginError {
    pub fn code(&self) -> Code {
        match self {
            LoginError::Unreachable(_) => Code::Unavailable,
            _ => Code::BadRequest,
        }
    }
}
