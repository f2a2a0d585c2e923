//! What the portal remembers. A trait with one implementation a database, held together by one contract test.
//!
//! Each method is one question or one transaction in the words of the domain; a guarded write says whether it won.

pub mod devices;
pub mod links;
pub mod model;
pub mod sqlite;
pub mod uploads;

use async_trait::async_trait;
use jiff::Timestamp;
use model::*;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("a row does not read: {0}")]
    Row(&'static str),
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// Citizens, their sessions and what they did.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Remembers a login that has gone to the provider.
    async fn begin_login(&self, login: &PendingLogin) -> Result<()>;
    /// Takes it back, once.
    async fn take_login(&self, state: &str) -> Result<Option<PendingLogin>>;
    /// Finds the citizen of a provider's identity, or makes one named `new` (without any eSpace).
    async fn citizen_of(&self, iss: &str, sub: &str, name: &str, new: &str) -> Result<Citizen>;
    /// Opens a session and forgets those that were opened before `over`.
    async fn open_session(&self, session: &Session, over: Timestamp) -> Result<()>;
    /// The session and its citizen, touched as seen `now`; `None` once a limit (seconds) has passed.
    async fn session(&self, id: &[u8], now: Timestamp, idle: i64, absolute: i64) -> Result<Option<(Session, Citizen)>>;
    async fn choose_espace(&self, session: &[u8], espace: &str) -> Result<()>;
    /// Ends a session and cancels its tickets that no phone has redeemed and its links that are not finished.
    async fn close_session(&self, id: &[u8], now: Timestamp) -> Result<()>;
    async fn note(&self, citizen: &str, at: Timestamp, kind: Activity, data: serde_json::Value) -> Result<()>;
    /// Newest first.
    async fn activity(&self, citizen: &str, limit: u32) -> Result<Vec<ActivityEntry>>;
}

/// eSpaces, procedures and their documents.
#[async_trait]
pub trait Procedures: Send + Sync {
    async fn espaces(&self, citizen: &str) -> Result<Vec<Espace>>;
    async fn procedures(&self, espace: &str) -> Result<Vec<Procedure>>;
    /// A procedure in the eSpace, or in any, and the citizen's right to edit it; `None` also where the citizen is no
    /// member.
    async fn procedure(&self, id: &str, espace: Option<&str>, citizen: &str) -> Result<Option<(Procedure, Right)>>;
    async fn slots(&self, procedure: &str) -> Result<Vec<Slot>>;
    async fn document_types(&self, procedure: &str) -> Result<Vec<String>>;
    /// A document the citizen may read in that eSpace.
    async fn document(&self, id: &str, espace: &str, citizen: &str) -> Result<Option<Document>>;
    /// Every document that ever filled a slot, newest first.
    async fn history(&self, slot: &str) -> Result<Vec<Document>>;
    /// Inserts the demo's or an operator's procedures; a second time changes nothing.
    async fn seed(&self, seed: &Seed) -> Result<()>;
    async fn close_procedure(&self, id: &str) -> Result<()>;
}

/// Tickets, as the computer sees them.
#[async_trait]
pub trait Tickets: Send + Sync {
    /// Makes a ticket and cancels its maker's other new ones for the same procedure.
    async fn make_ticket(&self, ticket: &NewTicket) -> Result<()>;
    async fn ticket(&self, id: &str, citizen: &str) -> Result<Option<Ticket>>;
    /// Extends a ticket that is new, unexpired and below the limit. `false`: it was not.
    async fn extend_ticket(&self, id: &str, now: Timestamp, until: Timestamp, limit: u32) -> Result<bool>;
    /// Gives the ticket a new secret, whatever it was, as long as no phone has redeemed it. It lives with the session
    /// that asked.
    async fn renew_ticket(&self, id: &str, renewal: &Renewal) -> Result<bool>;
    /// Sets the typed code of a new, unexpired ticket.
    async fn type_ticket(&self, id: &str, now: Timestamp, typed: &[u8], until: Timestamp) -> Result<bool>;
    /// Cancels a ticket that is new.
    async fn cancel_ticket(&self, id: &str) -> Result<bool>;
    /// 'Not my phone: disconnect': ends the ticket's upload unless it is accepted.
    async fn disconnect(&self, id: &str) -> Result<bool>;
}

/// All of it.
pub trait Store:
    Sessions + Procedures + Tickets + uploads::Uploads + uploads::Events + links::Links + devices::Devices
{
}
