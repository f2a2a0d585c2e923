//! Rows in the words of the domain.

use jiff::Timestamp;
use protocol::api::{Action, DeviceId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    pub id: String,
    pub name: String,
}

impl Citizen {
    /// "M… Weber": enough to recognise oneself, not enough to learn somebody.
    pub fn masked(&self) -> String {
        let mut parts = self.name.split_whitespace();
        let first = parts.next().and_then(|name| name.chars().next()).map(|c| format!("{c}…")).unwrap_or_default();
        parts.next_back().map_or_else(|| first.clone(), |last| format!("{first} {last}"))
    }
}

/// Which button the citizen pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    LuxTrust,
    Eid,
}

impl Means {
    pub fn key(self) -> &'static str {
        match self {
            Means::LuxTrust => "luxtrust",
            Means::Eid => "eid",
        }
    }

    /// As its makers write it, in every language.
    pub fn name(self) -> &'static str {
        match self {
            Means::LuxTrust => "LuxTrust",
            Means::Eid => "eID",
        }
    }
}

#[derive(Debug, Clone)]
pub struct PendingLogin {
    pub state: String,
    pub nonce: String,
    pub verifier: protocol::Secret<String>,
    pub means: Means,
    /// Where the browser goes afterwards, when not to the beginning.
    pub back: Option<Back>,
    pub created: Timestamp,
}

/// The only places a login comes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Back {
    Devices,
}

impl Back {
    pub fn key(self) -> &'static str {
        match self {
            Back::Devices => "devices",
        }
    }

    pub fn address(self) -> &'static str {
        match self {
            Back::Devices => "/devices",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Session {
    /// SHA-256 of the cookie.
    pub id: Vec<u8>,
    pub citizen: String,
    pub espace: Option<String>,
    pub csrf: String,
    pub created: Timestamp,
    pub auth_time: Timestamp,
    pub acr: String,
    pub amr: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Espace {
    pub id: String,
    pub name: String,
    pub kind: EspaceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EspaceKind {
    Private,
    Professional,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Read,
    Edit,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    pub id: String,
    pub title: String,
    pub active: bool,
    pub deadline: Option<Timestamp>,
    /// Required places that are still empty, of all required ones.
    pub missing: u32,
    pub required: u32,
}

#[derive(Debug, Clone)]
pub struct Slot {
    pub id: String,
    pub document_type: String,
    pub required: bool,
    pub version: i64,
    pub document: Option<Document>,
}

#[derive(Debug, Clone)]
pub struct Document {
    pub id: String,
    pub slot: String,
    pub procedure: String,
    pub document_type: String,
    pub name: Option<String>,
    pub object: String,
    pub source: Source,
    pub receipt: protocol::api::Receipt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Phone,
    Computer,
}

impl Source {
    pub fn key(self) -> &'static str {
        match self {
            Source::Phone => "phone",
            Source::Computer => "computer",
        }
    }

    pub fn text_key(self) -> &'static str {
        match self {
            Source::Phone => "portal.source.phone",
            Source::Computer => "portal.source.computer",
        }
    }
}

/// Where a document goes: a new place of a type, or a place that exists in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub procedure: String,
    pub action: Action,
    pub document_type: String,
    /// Slot and its version when the ticket was made; absent for 'add'.
    pub slot: Option<(String, i64)>,
    pub name: Option<String>,
}

pub struct NewTicket {
    pub id: String,
    pub secret: Vec<u8>,
    /// For showing it again; a phone shows nothing.
    pub sealed: Option<Vec<u8>>,
    pub citizen: String,
    pub maker: Maker,
    pub place: Place,
    pub created: Timestamp,
    pub expires: Timestamp,
}

/// What a ticket lives and dies with.
pub enum Maker {
    Session { id: Vec<u8>, ends: Timestamp },
    Device(DeviceId),
}

/// 'New code': what changes; the place stays.
pub struct Renewal {
    pub secret: Vec<u8>,
    pub sealed: Vec<u8>,
    pub session: Vec<u8>,
    pub session_ends: Timestamp,
    pub expires: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: String,
    pub place: Place,
    pub state: TicketState,
    pub sealed: Option<Vec<u8>>,
    pub expires: Timestamp,
    /// A linked phone's ticket cannot be extended: it ends when it expires.
    pub session_ends: Timestamp,
    pub extensions: u32,
    pub upload: Option<UploadSeen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    New,
    Redeemed,
    Cancelled,
    Expired,
}

/// What the computer shows of a phone's upload.
#[derive(Debug, Clone)]
pub struct UploadSeen {
    pub model: String,
    /// Absent where the phone is known to be the citizen's.
    pub digits: Option<String>,
    /// The citizen's name for the phone, where it is linked.
    pub device: Option<String>,
    /// `open`, `checking`, `accepted`, `refused`, `slot_changed`, `ended`.
    pub state: String,
    pub cause: Option<String>,
    pub page_count: u32,
    pub offset: u64,
    pub length: Option<u64>,
    /// When the phone redeemed the ticket.
    pub since: Timestamp,
}

/// What a citizen finds under 'Activity'. The text's key is `portal.activity.<kind>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    LoggedIn,
    CodeMade,
    PhoneConnected,
    Disconnected,
    Declined,
    DocumentReceived,
    DocumentRefused,
    LinkCodeMade,
    DeviceLinked,
    /// A phone showed a link code and was not linked.
    LinkRefused,
    DeviceUnlinked,
    /// A phone that never came after it was linked.
    DeviceUnused,
}

impl Activity {
    pub const ALL: [Activity; 12] = [
        Activity::LoggedIn,
        Activity::CodeMade,
        Activity::PhoneConnected,
        Activity::Disconnected,
        Activity::Declined,
        Activity::DocumentReceived,
        Activity::DocumentRefused,
        Activity::LinkCodeMade,
        Activity::DeviceLinked,
        Activity::LinkRefused,
        Activity::DeviceUnlinked,
        Activity::DeviceUnused,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Activity::LoggedIn => "logged_in",
            Activity::CodeMade => "code_made",
            Activity::PhoneConnected => "phone_connected",
            Activity::Disconnected => "disconnected",
            Activity::Declined => "declined",
            Activity::DocumentReceived => "document_received",
            Activity::DocumentRefused => "document_refused",
            Activity::LinkCodeMade => "link_code_made",
            Activity::DeviceLinked => "device_linked",
            Activity::LinkRefused => "link_refused",
            Activity::DeviceUnlinked => "device_unlinked",
            Activity::DeviceUnused => "device_unused",
        }
    }
}

#[derive(Debug, Clone)]
pub struct ActivityEntry {
    pub at: Timestamp,
    pub kind: Activity,
    pub data: serde_json::Value,
}

/// Fictional or imported citizens, eSpaces and procedures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    pub citizens: Vec<SeedCitizen>,
    pub espaces: Vec<SeedEspace>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedCitizen {
    pub id: String,
    pub iss: String,
    pub sub: String,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedEspace {
    pub id: String,
    pub name: String,
    pub kind: EspaceKind,
    /// Citizens who may edit.
    pub editors: Vec<String>,
    /// Citizens who may only read.
    #[serde(default)]
    pub readers: Vec<String>,
    pub procedures: Vec<SeedProcedure>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedProcedure {
    pub id: String,
    pub title: String,
    pub active: bool,
    pub deadline: Option<Timestamp>,
    /// Types offered after 'Add a supporting document'.
    pub document_types: Vec<String>,
    pub slots: Vec<SeedSlot>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedSlot {
    pub id: String,
    pub document_type: String,
    pub required: bool,
    /// A document that is there already; its file is stored by whoever seeds.
    #[serde(default)]
    pub document: Option<SeedDocument>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedDocument {
    pub id: String,
    pub citizen: String,
    pub received_at: Timestamp,
    pub pages: u32,
    #[serde(default)]
    pub bytes: u64,
    #[serde(default)]
    pub sha256: String,
    #[serde(default)]
    pub receipt: String,
}
