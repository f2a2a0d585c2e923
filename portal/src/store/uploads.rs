//! What the portal remembers of phones: redeemed tickets, uploads and their pieces, acceptance, events.
//!
//! Every method is one transaction that reads the rights anew; the outcome a caller must treat is a `Result` inside.

use super::Result;
use super::model::Place;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use protocol::{
    Code, Reason,
    api::{Context, Receipt, SlotChoice, UploadId, UploadState},
    limits,
};

/// An upload as the phone's calls need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub ticket: String,
    pub procedure: String,
    pub citizen: String,
    pub jkt: String,
    pub credential_hash: Vec<u8>,
    /// Absent where the phone is known to be the citizen's.
    pub digits: Option<String>,
    pub status: Status,
    pub length: Option<u64>,
    pub offset: u64,
    pub created: Timestamp,
    pub last_byte: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Open,
    Checking,
    Accepted(Receipt),
    Refused(Reason),
    SlotChanged,
    Ended(Code),
}

impl Upload {
    /// 24 hours after the last byte, 7 days after the ticket was redeemed, whichever comes first.
    pub fn expires(&self) -> Timestamp {
        let after =
            |start: Timestamp, seconds| start.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        after(self.last_byte, limits::UPLOAD_IDLE_SECONDS).min(after(self.created, limits::UPLOAD_SECONDS))
    }

    /// As the phone is told.
    pub fn state(&self) -> UploadState {
        match &self.status {
            Status::Open => UploadState::Open { offset: self.offset, length: self.length, expires: self.expires() },
            Status::Checking => UploadState::Checking,
            Status::Accepted(receipt) => UploadState::Accepted { receipt: receipt.clone() },
            Status::Refused(reason) => UploadState::Refused { reason: *reason },
            Status::SlotChanged => UploadState::SlotChanged,
            Status::Ended(code) => UploadState::Ended { code: *code },
        }
    }
}

/// How a ticket is named by who redeems it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketName {
    /// SHA-256 of the secret.
    Secret(Vec<u8>),
    /// Digest of the typed code, and the address whose failures are counted.
    Typed { digest: Vec<u8>, address: String },
}

/// Everything a redemption needs that is drawn or read beforehand.
#[derive(Debug, Clone)]
pub struct Redemption {
    pub name: TicketName,
    pub jkt: String,
    pub jti: String,
    pub model: String,
    pub now: Timestamp,
    /// For a new upload.
    pub upload: UploadId,
    pub digits: String,
    pub credential_hash: Vec<u8>,
    /// What a linked phone says besides.
    pub linked: Option<LinkedProof>,
}

/// A linked phone's token, proven by that phone's key.
#[derive(Debug, Clone)]
pub struct LinkedProof {
    /// SHA-256 of the token.
    pub token: Vec<u8>,
    pub jkt: String,
    pub jti: String,
}

/// What a phone that wins a ticket is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Won {
    pub upload: Upload,
    pub context: Context,
    /// The phone is linked to another account than the ticket's.
    pub other_account: bool,
}

/// A piece that is durable and waits to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPiece {
    /// Where it begins; wins only while this is the committed sum.
    pub offset: u64,
    pub length: u64,
    pub object: String,
}

/// An upload whose bytes are all there, taken by one instance for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub upload: UploadId,
    pub procedure: String,
    pub length: u64,
    /// Lower-case hex, as the phone said.
    pub sha256: String,
    /// Objects in their order.
    pub pieces: Vec<String>,
}

/// A checked document on its way into its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    pub id: String,
    pub object: String,
    pub receipt: Receipt,
}

/// Why a citizen's own upload from the computer was not filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFiled {
    /// May no longer edit, or the procedure is closed.
    RightLost,
    /// The place is not as it was when the citizen looked.
    SlotChanged,
}

#[async_trait]
pub trait Uploads: Send + Sync {
    /// One winner for each ticket. The same key again gets a new credential for the same upload.
    async fn redeem(&self, redemption: &Redemption) -> Result<std::result::Result<Won, Code>>;
    async fn upload(&self, id: &UploadId) -> Result<Option<Upload>>;
    /// Fixes the document's length. Again with the same length changes nothing.
    async fn create_file(
        &self,
        id: &UploadId,
        length: u64,
        now: Timestamp,
    ) -> Result<std::result::Result<Upload, Code>>;
    /// Counts a piece in if the offset still is what it was, and moves the upload's expiry.
    async fn commit_piece(
        &self,
        id: &UploadId,
        piece: &NewPiece,
        now: Timestamp,
    ) -> Result<std::result::Result<Upload, Code>>;
    /// Forgets the bytes sent so far; answers their objects.
    async fn discard_file(&self, id: &UploadId, now: Timestamp) -> Result<std::result::Result<Vec<String>, Code>>;
    async fn count_pages(&self, id: &UploadId, count: u32, now: Timestamp) -> Result<std::result::Result<(), Code>>;
    async fn decline(&self, id: &UploadId, now: Timestamp) -> Result<std::result::Result<(), Code>>;
    /// Open → checking, once all bytes are there. On any later state it answers that state. `jti` counts once.
    async fn complete(
        &self,
        id: &UploadId,
        sha256: &[u8],
        pages: u32,
        jti: &str,
        now: Timestamp,
    ) -> Result<std::result::Result<Upload, Code>>;

    /// Takes one upload that is to be checked and that nobody holds.
    async fn lease_check(&self, now: Timestamp, until: Timestamp) -> Result<Option<Check>>;
    /// Holds a check under way for longer.
    async fn renew_lease(&self, id: &UploadId, until: Timestamp) -> Result<()>;
    /// Files the document of an upload under check: accepted, slot_changed, or ended when the right is lost.
    async fn accept(&self, id: &UploadId, document: &NewDocument, now: Timestamp) -> Result<Upload>;
    async fn refuse(&self, id: &UploadId, reason: Reason, now: Timestamp) -> Result<Upload>;
    /// The citizen's answer to slot_changed. `document` carries the identity and receipt number to use for 'replace'.
    async fn answer_slot(
        &self,
        id: &UploadId,
        choice: SlotChoice,
        document: &str,
        receipt: &str,
        now: Timestamp,
    ) -> Result<std::result::Result<Upload, Code>>;
    /// Files a document that was checked and comes from the computer; answers its slot.
    async fn file_from_computer(
        &self,
        citizen: &str,
        place: &Place,
        document: &NewDocument,
        now: Timestamp,
    ) -> Result<std::result::Result<String, NotFiled>>;

    /// Ends what has lived too long: tickets, uploads, unanswered slot changes, links, tokens, remembered proofs and
    /// failures.
    async fn expire(&self, now: Timestamp) -> Result<Vec<String>>;
    /// Every object that must not be swept.
    async fn objects_in_use(&self) -> Result<std::collections::HashSet<String>>;
}

/// Something that happened to a procedure while a page watches it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Counts within the procedure, without a gap.
    pub number: i64,
    pub kind: EventKind,
    pub ticket: String,
    pub data: serde_json::Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Redeemed,
    Declined,
    Checking,
    Accepted,
    Refused,
    SlotChanged,
    /// Of a ticket or an upload.
    Expired,
}

impl EventKind {
    pub const ALL: [EventKind; 7] = [
        EventKind::Redeemed,
        EventKind::Declined,
        EventKind::Checking,
        EventKind::Accepted,
        EventKind::Refused,
        EventKind::SlotChanged,
        EventKind::Expired,
    ];

    pub fn key(self) -> &'static str {
        match self {
            EventKind::Redeemed => "redeemed",
            EventKind::Declined => "declined",
            EventKind::Checking => "checking",
            EventKind::Accepted => "accepted",
            EventKind::Refused => "refused",
            EventKind::SlotChanged => "slot_changed",
            EventKind::Expired => "expired",
        }
    }
}

/// How far a phone is; read from its row, never stored as an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub ticket: String,
    pub pages: u32,
    pub offset: u64,
    pub length: Option<u64>,
}

#[async_trait]
pub trait Events: Send + Sync {
    /// Number of the procedure's last event, 0 before the first.
    async fn last_event(&self, procedure: &str) -> Result<i64>;
    /// Events behind `number`, oldest first.
    async fn events_after(&self, procedure: &str, number: i64) -> Result<Vec<Event>>;
    /// Whether the session lives, its eSpace still is this one and its citizen still may read the procedure there.
    /// Limits in seconds. Unlike [`super::Sessions::session`] it does not count as seen.
    async fn may_watch(
        &self,
        session: &[u8],
        espace: &str,
        procedure: &str,
        now: Timestamp,
        idle: i64,
        absolute: i64,
    ) -> Result<bool>;
    /// Uploads that are under way.
    async fn progress(&self, procedure: &str) -> Result<Vec<Progress>>;
}
