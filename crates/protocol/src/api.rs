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
    /// Where the phone is linked and unlocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<LinkedBy>,
}

/// Says which account a phone is linked to, beside a call that is proven by another key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedBy {
    #[serde(with = "wire")]
    pub token: Secret<String>,
    /// DPoP proof by the phone's key for the same call, with the token as its credential.
    pub proof: String,
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
    /// Two digits shown on both screens; absent where the phone is known to be the owner's.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<String>,
    /// The phone is linked to another account than the ticket's.
    #[serde(default)]
    pub other_account: bool,
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
    /// `disconnected`, `right_lost`, `upload_ended`, `ticket_cancelled`, `device_revoked`.
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

/// `POST /api/v1/links/redeem`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedeemLink {
    #[serde(with = "wire")]
    pub code: Secret<String>,
    pub device: Device,
}

/// Public name of a linking under way; knowing it permits nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkId(pub String);

/// Public name of a linked phone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
pub struct DeviceId(pub String);

/// Answer to [`RedeemLink`]: whose account this is. The same key's proof again gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRedeemed {
    pub link: LinkId,
    /// Masked: "M… Weber".
    pub owner: String,
    pub espaces: u32,
}

/// `POST /api/v1/links/{id}/confirm`: the number the citizen picks among three on the computer. Again gives the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkNumber {
    pub number: String,
    pub expires: Timestamp,
}

/// `GET /api/v1/links/{id}`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkState {
    /// The phone has not said yes yet.
    Asked,
    /// The computer shows three numbers.
    Picking,
    /// The right one was picked; the phone may finish.
    Matched,
    Finished,
    /// `link_expired` or `link_ended`.
    Ended {
        code: Code,
    },
}

/// `POST /api/v1/links/{id}/finish`, proven by the key that redeemed. Again with the same keys gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishLink {
    /// The citizen's name for the phone.
    pub name: String,
    /// Public half of the key that only the open vault has: SEC1, uncompressed, base64url.
    pub unlock_key: String,
}

/// The phone is linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub device: DeviceId,
}

/// Answer of the token endpoint (RFC 6749, section 5.1); its request is a form, see [`crate::assertion`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    #[serde(with = "wire")]
    pub access_token: Secret<String>,
    /// `DPoP`
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
}

/// `GET /api/v1/overview`: what a linked phone shows. Active procedures only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Masked.
    pub owner: String,
    pub espaces: Vec<Espace>,
    /// Every phone linked to the account, this one too.
    pub devices: Vec<LinkedDevice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Espace {
    pub id: String,
    pub name: String,
    pub professional: bool,
    pub procedures: Vec<Procedure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Procedure {
    pub id: String,
    pub title: String,
    #[ts(type = "string | null")]
    pub deadline: Option<Timestamp>,
    /// The citizen may add documents.
    pub editable: bool,
    pub slots: Vec<Slot>,
    /// Offered after 'Add a supporting document'.
    pub document_types: Vec<String>,
}

/// A document the procedure asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Slot {
    pub id: String,
    pub document_type: String,
    pub required: bool,
    /// 'Replace' instead of 'Attach'.
    pub filled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedDevice {
    pub id: DeviceId,
    pub name: String,
    pub linked_at: Timestamp,
}

/// `POST /api/v1/tickets`: 'Attach', 'Replace' or 'Add a supporting document' on a linked phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeTicket {
    pub procedure: String,
    #[serde(flatten)]
    pub place: TicketPlace,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketPlace {
    Slot(String),
    DocumentType(String),
}

/// Answer to [`MakeTicket`]: redeemed like a scanned one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketMade {
    #[serde(with = "wire")]
    pub ticket: Secret<String>,
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
    fn a_ticket_is_made_for_a_slot_or_a_type() {
        let json = r#"{"procedure":"p","slot":"s","name":null}"#;
        let make: MakeTicket = serde_json::from_str(json).expect("reads");
        assert_eq!(make.place, TicketPlace::Slot("s".into()));
        assert_eq!(serde_json::to_string(&make).expect("writes"), json);
    }

    #[test]
    fn secrets_do_not_print() {
        let redeem: Redeem = serde_json::from_str(r#"{"ticket":"hush","device":{"model":"x"}}"#).expect("reads");
        assert!(!format!("{redeem:?}").contains("hush"));
    }
}
