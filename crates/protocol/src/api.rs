//! Bodies of requests and replies. Only this module knows the wire's JSON.

use crate::{Reason, Secret, code::Code, secret::wire, typed_code::TypedCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `GET /api/v1/portal`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalInfo {
    pub name: String,
    pub min_app_version: String,
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub bytes: u64,
    pub pages: u32,
}

/// `POST /api/v1/tickets/redeem`: the scanned secret or the typed code, never both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeem {
    #[serde(flatten)]
    pub by: RedeemBy,
    pub device: Device,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedeemBy {
    #[serde(rename = "ticket", with = "wire")]
    Ticket(Secret<String>),
    #[serde(rename = "code")]
    Code(TypedCode),
}

/// The model ("Pixel 8"), never the owner's name for the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub model: String,
}

/// Answer to [`Redeem`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeemed {
    pub upload: UploadId,
    /// Opaque, bound to the key of the proof; sent as `Authorization: DPoP …`.
    #[serde(with = "wire")]
    pub credential: Secret<String>,
    pub context: Context,
    pub limits: Limits,
    /// Two digits shown on both screens.
    #[serde(rename = "match")]
    pub digits: String,
    /// When the upload ends if nothing more arrives.
    pub expires: Timestamp,
}

/// Public name of an upload: 128 random bits, base64url. Knowing it permits nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadId(pub String);

/// Whose case this is, shown before the first picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Context {
    /// Masked: "M… Weber".
    pub owner: String,
    pub espace: String,
    pub procedure: String,
    pub action: Action,
    /// Document type, for example "Certificate of enrolment".
    pub document: String,
    /// The citizen's own name for it, where given.
    pub name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Add,
    Attach,
    Replace,
}

/// `POST /api/v1/uploads/{id}/pages`: how many pages the phone has so far. Best effort, at most one a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    pub count: u32,
}

/// `POST /api/v1/uploads/{id}/complete`. Completing twice gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complete {
    /// Lower-case hex of the whole document.
    pub sha256: String,
    pub pages: u32,
}

/// `GET /api/v1/uploads/{id}` and the answer to [`Complete`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UploadState {
    /// Bytes may be sent. `offset` of `length`; `length` is absent before creation.
    Open {
        offset: u64,
        length: Option<u64>,
        expires: Timestamp,
    },
    Checking,
    Accepted {
        receipt: Receipt,
    },
    Refused {
        reason: Reason,
    },
    /// Somebody else filled the place; the checked file is kept for 24 h.
    SlotChanged,
    /// `disconnected`, `right_lost`, `upload_ended`, `ticket_cancelled`.
    Ended {
        code: Code,
    },
}

/// `POST /api/v1/uploads/{id}/slot`: the citizen's answer to [`UploadState::SlotChanged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotAnswer {
    pub choice: SlotChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SlotChoice {
    Replace,
    Discard,
}

/// Proof that the document arrived; the same values stand on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Receipt {
    /// For people: "K7M2-94QD".
    pub number: String,
    #[ts(type = "string")]
    pub received_at: Timestamp,
    pub pages: u32,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redeem_carries_ticket_or_code() {
        let json = r#"{"ticket":"abc","device":{"model":"Pixel 8"}}"#;
        let redeem: Redeem = serde_json::from_str(json).expect("reads");
        assert_eq!(serde_json::to_string(&redeem).expect("writes"), json);
        let typed: Redeem = serde_json::from_str(r#"{"code":"abcd-efgh","device":{"model":"x"}}"#).expect("reads");
        assert!(matches!(typed.by, RedeemBy::Code(code) if code.as_str() == "ABCDEFGH"));
    }

    #[test]
    fn secrets_do_not_print() {
        let redeem: Redeem = serde_json::from_str(r#"{"ticket":"hush","device":{"model":"x"}}"#).expect("reads");
        assert!(!format!("{redeem:?}").contains("hush"));
    }
}
