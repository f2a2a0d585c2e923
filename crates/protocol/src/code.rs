//! What can go wrong, as far as a screen treats it differently (RFC 9457 problem details).

use serde::{Deserialize, Serialize};

/// Machine-readable cause. An unknown code reads as [`Code::Internal`], so an older app survives a newer portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    TicketUnknown,
    TicketExpired,
    /// Another phone has redeemed this ticket.
    TicketUsed,
    TicketCancelled,
    /// The issuer may no longer edit the procedure, or it is closed.
    RightLost,
    /// The computer pressed 'Not my phone: disconnect'.
    Disconnected,
    /// The upload lived past its time, was declined, or ended otherwise.
    UploadEnded,
    RateLimited,
    LinkUnknown,
    LinkExpired,
    /// Another phone has redeemed this link code.
    LinkUsed,
    /// A wrong number was picked, or none, or the phone said no: this code links nothing any more.
    LinkEnded,
    /// The account no longer knows this phone.
    DeviceRevoked,
    AppOutdated,
    /// Retry with the nonce of the `DPoP-Nonce` header.
    UseDpopNonce,
    ProofInvalid,
    CredentialInvalid,
    OffsetMismatch,
    TooLarge,
    DigestMismatch,
    /// `complete` was called before the last byte arrived.
    Incomplete,
    SlotChanged,
    BadRequest,
    NotFound,
    Unavailable,
    #[serde(other)]
    Internal,
}

impl Code {
    /// HTTP status the portal answers with.
    pub fn status(self) -> http::StatusCode {
        use http::StatusCode as S;
        match self {
            Code::TicketUnknown | Code::LinkUnknown | Code::NotFound => S::NOT_FOUND,
            Code::TicketExpired
            | Code::TicketCancelled
            | Code::UploadEnded
            | Code::Disconnected
            | Code::LinkExpired
            | Code::LinkEnded => S::GONE,
            Code::TicketUsed | Code::LinkUsed | Code::OffsetMismatch | Code::SlotChanged | Code::Incomplete => {
                S::CONFLICT
            }
            Code::RightLost | Code::DeviceRevoked => S::FORBIDDEN,
            Code::RateLimited => S::TOO_MANY_REQUESTS,
            Code::AppOutdated => S::UPGRADE_REQUIRED,
            Code::UseDpopNonce | Code::ProofInvalid | Code::CredentialInvalid => S::UNAUTHORIZED,
            Code::TooLarge => S::PAYLOAD_TOO_LARGE,
            Code::DigestMismatch | Code::BadRequest => S::BAD_REQUEST,
            Code::Unavailable => S::SERVICE_UNAVAILABLE,
            Code::Internal => S::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Body of every error: `application/problem+json`. 5xx bodies carry no detail, only the reference for the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    #[serde(rename = "type", default = "Problem::about_blank")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Finds the true cause in the portal's log.
    pub reference: String,
}

impl Problem {
    pub const CONTENT_TYPE: &'static str = "application/problem+json";

    fn about_blank() -> String {
        "about:blank".into()
    }
}

/// Why a document was refused at intake; the app gives the same reasons before sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Empty,
    TooLarge,
    DigestMismatch,
    NotPdf,
    Damaged,
    Encrypted,
    NoPages,
    TooManyPages,
    /// Scripts, launch actions, embedded files and the like.
    ActiveContent,
}
