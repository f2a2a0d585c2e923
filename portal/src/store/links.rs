//! Linking a phone: a code, one winner, a number picked among three, a device.
//!
//! Every method is one transaction; a link whose time is over has ended, whoever looks first. The outcome a caller must
//! treat is a `Result` inside.

use super::{Result, model::Citizen};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::{
    Code, PublicKey,
    api::{DeviceId, LinkId, LinkState},
};

/// A code that has just been made.
pub struct NewLink {
    pub id: LinkId,
    /// SHA-256 of the code, and itself sealed for this row.
    pub code: Vec<u8>,
    pub sealed: Vec<u8>,
    pub citizen: String,
    pub session: Vec<u8>,
    pub created: Timestamp,
    pub expires: Timestamp,
}

/// A link as the computer shows it.
#[derive(Debug, Clone)]
pub struct Link {
    pub id: LinkId,
    pub stage: Stage,
    /// While new.
    pub sealed: Option<Vec<u8>>,
    /// End of the present stage.
    pub expires: Timestamp,
    /// Of the phone that redeemed it; empty before.
    pub model: String,
    /// The three to pick from; empty before.
    pub numbers: Vec<String>,
    /// Name of the device it made.
    pub device: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No phone has shown the code.
    New,
    /// The phone asks whether to link.
    Asked,
    /// The computer shows three numbers.
    Picking,
    /// The right one was picked; the phone may finish.
    Matched,
    Finished,
    Ended(LinkEnd),
}

/// Why a code links nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkEnd {
    Expired,
    WrongNumber,
    NoneOfThese,
    /// The phone said no.
    Declined,
    /// On the computer: by hand, by another code, by logging out.
    Cancelled,
}

impl LinkEnd {
    pub const ALL: [LinkEnd; 5] =
        [LinkEnd::Expired, LinkEnd::WrongNumber, LinkEnd::NoneOfThese, LinkEnd::Declined, LinkEnd::Cancelled];

    pub fn key(self) -> &'static str {
        match self {
            LinkEnd::Expired => "expired",
            LinkEnd::WrongNumber => "wrong",
            LinkEnd::NoneOfThese => "none",
            LinkEnd::Declined => "declined",
            LinkEnd::Cancelled => "cancelled",
        }
    }

    pub fn code(self) -> Code {
        if self == LinkEnd::Expired { Code::LinkExpired } else { Code::LinkEnded }
    }
}

impl Stage {
    pub fn key(self) -> &'static str {
        match self {
            Stage::New => "new",
            Stage::Asked => "asked",
            Stage::Picking => "picking",
            Stage::Matched => "matched",
            Stage::Finished => "finished",
            Stage::Ended(_) => "ended",
        }
    }

    pub fn unfinished(self) -> bool {
        !matches!(self, Stage::Finished | Stage::Ended(_))
    }

    /// As the phone is told. It knows a link only from 'asked' on.
    pub fn state(self) -> LinkState {
        match self {
            Stage::New | Stage::Asked => LinkState::Asked,
            Stage::Picking => LinkState::Picking,
            Stage::Matched => LinkState::Matched,
            Stage::Finished => LinkState::Finished,
            Stage::Ended(end) => LinkState::Ended { code: end.code() },
        }
    }
}

/// A phone shows a code.
pub struct LinkRedemption {
    pub code: Vec<u8>,
    pub key: PublicKey,
    pub jkt: String,
    pub jti: String,
    pub model: String,
    pub now: Timestamp,
}

/// Whose account the phone would be linked to.
pub struct LinkAsked {
    pub link: LinkId,
    pub citizen: Citizen,
    pub espaces: u32,
}

/// Three different numbers of two digits, drawn beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// The phone's.
    pub right: String,
    /// All three, as the computer shows them.
    pub shown: [String; 3],
}

/// What a phone brings once it has a lock.
pub struct NewDevice {
    pub link: LinkId,
    /// Of the key that redeemed.
    pub jkt: String,
    /// For a new device.
    pub device: DeviceId,
    /// `None`: called by its model.
    pub name: Option<String>,
    pub unlock_key: PublicKey,
    pub now: Timestamp,
}

#[async_trait]
pub trait Links: Send + Sync {
    /// Makes a code and cancels the session's other unfinished ones.
    async fn make_link(&self, link: &NewLink) -> Result<()>;
    /// A link of this very session.
    async fn link(&self, id: &LinkId, session: &[u8], now: Timestamp) -> Result<Option<Link>>;
    /// The citizen picked a number, or none of them. Anything but the phone's ends the link. `false`: nothing is to be
    /// picked (any more), or it is none of the three.
    async fn pick_number(&self, id: &LinkId, session: &[u8], picked: Option<&str>, now: Timestamp) -> Result<bool>;
    async fn cancel_link(&self, id: &LinkId, session: &[u8], now: Timestamp) -> Result<()>;

    /// One winner for each code. The same key again gets the same answer.
    async fn redeem_link(&self, redemption: &LinkRedemption) -> Result<std::result::Result<LinkAsked, Code>>;
    /// Yes on the phone: the number and until when it can be picked. `numbers` are taken the first time.
    async fn confirm_link(
        &self,
        id: &LinkId,
        jkt: &str,
        numbers: &Numbers,
        now: Timestamp,
    ) -> Result<std::result::Result<(String, Timestamp), Code>>;
    /// `None`: no link of this key.
    async fn link_stage(&self, id: &LinkId, jkt: &str, now: Timestamp) -> Result<Option<Stage>>;
    /// No on the phone. A phone that says so after it has finished is unlinked.
    async fn decline_link(&self, id: &LinkId, jkt: &str, now: Timestamp) -> Result<std::result::Result<(), Code>>;
    /// Makes the device. The same keys again get the same one.
    async fn finish_link(&self, new: &NewDevice) -> Result<std::result::Result<DeviceId, Code>>;
}
