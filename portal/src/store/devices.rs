//! Linked phones: who they are, their tokens, what they see and make, and their end.

use super::{
    Result,
    model::{Citizen, NewTicket},
};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::{
    Code, PublicKey,
    api::{DeviceId, Espace},
};

#[derive(Debug, Clone)]
pub struct Device {
    pub id: DeviceId,
    pub citizen: String,
    pub name: String,
    pub model: String,
    pub key: PublicKey,
    pub jkt: String,
    pub unlock_key: PublicKey,
    pub linked_at: Timestamp,
    pub last_used: Timestamp,
    pub revoked: bool,
}

/// A token whose assertion holds, on its way into the store.
pub struct NewToken {
    pub device: DeviceId,
    pub jkt: String,
    /// Of the proof and of the assertion: each counts once.
    pub jtis: [String; 2],
    pub hash: Vec<u8>,
    pub expires: Timestamp,
    pub now: Timestamp,
}

/// Whose phone calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub device: DeviceId,
    pub citizen: Citizen,
}

/// Who may unlink: the account, or the phone itself by the thumbprint of its key.
#[derive(Debug, Clone, Copy)]
pub enum Unlinker<'a> {
    Citizen(&'a str),
    Phone(&'a str),
}

#[async_trait]
pub trait Devices: Send + Sync {
    /// Revoked or not.
    async fn device(&self, id: &DeviceId) -> Result<Option<Device>>;
    /// The citizen's, newest first; those that are linked now.
    async fn devices(&self, citizen: &str) -> Result<Vec<Device>>;
    /// Those of them linked before this login that the citizen has not read about.
    async fn unannounced(&self, citizen: &str, login: Timestamp) -> Result<Vec<Device>>;
    /// The citizen has read it.
    async fn announced(&self, id: &DeviceId, citizen: &str) -> Result<()>;

    async fn issue_token(&self, token: &NewToken) -> Result<std::result::Result<(), Code>>;
    /// Whose token this is, bound to this key; counts as a use of the device.
    async fn holder(&self, token: &[u8], jkt: &str, now: Timestamp) -> Result<std::result::Result<Holder, Code>>;
    /// The citizen's eSpaces with their active procedures, the newest `most` of all of them.
    async fn overview(&self, citizen: &str, most: u32) -> Result<Vec<Espace>>;
    /// Makes a device's ticket and cancels its other new ones for the same procedure. `jti` counts once.
    async fn make_linked_ticket(
        &self,
        ticket: &NewTicket,
        jkt: &str,
        jti: &str,
    ) -> Result<std::result::Result<(), Code>>;

    /// Ends the device, its tokens, its tickets and its uploads. Answers the procedures that changed.
    async fn unlink(
        &self,
        id: &DeviceId,
        by: Unlinker<'_>,
        now: Timestamp,
    ) -> Result<std::result::Result<Vec<String>, Code>>;
}
