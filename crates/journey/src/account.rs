//! The linked phone: what is known of the account, how linking goes on, and the lock.
//!
//! What belongs to the account ([`Account`]) is never part of the saved state: the driver seals it with the account's
//! own key and brings it when the lock opens.

use crate::{EffectId, Trouble, event::LockOut};
use jiff::{SignedDuration, Timestamp};
use protocol::{
    Secret,
    api::{Context, DeviceId, Espace, LinkedDevice, Receipt},
};
use serde::{Deserialize, Serialize};

/// A phone left alone this long is locked …
pub(crate) const IDLE: SignedDuration = SignedDuration::from_mins(10);
/// … and says so this long before.
pub(crate) const IDLE_WARNING: SignedDuration = SignedDuration::from_mins(1);
/// Receipts kept on the phone.
const RECEIPTS: usize = 50;
/// An overview older than this is fetched anew when the lock opens.
pub(crate) const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Text of a password on its way to the vault: never saved, never shown, silent when printed.
#[derive(Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(from = "String")]
#[ts(type = "string")]
pub struct Typed(Secret<String>);

impl Typed {
    /// The one way to the value: a reader can search for `expose`.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<String> for Typed {
    fn from(typed: String) -> Self {
        Self(Secret::new(typed))
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// That this phone is linked; known while locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Origin of the portal.
    pub portal: String,
    pub device: DeviceId,
    /// The citizen's name for the phone.
    pub name: String,
    /// A finger or face opens the lock.
    pub biometrics: bool,
    /// The sensor no longer opens it; the citizen is offered to activate it again.
    #[serde(default)]
    pub biometrics_lost: bool,
}

/// What the open lock shows. Sealed with the account's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Masked: "M… Weber".
    pub owner: String,
    pub espaces: Vec<Espace>,
    /// `None`: never fetched.
    pub fetched: Option<Timestamp>,
    /// Every phone of the account that the citizen has been told of.
    pub devices: Vec<LinkedDevice>,
    /// Newest first.
    pub receipts: Vec<Kept>,
}

/// A receipt and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Kept {
    pub place: Context,
    pub receipt: Receipt,
}

impl Account {
    pub fn new(owner: String) -> Self {
        Self { owner, espaces: Vec::new(), fetched: None, devices: Vec::new(), receipts: Vec::new() }
    }

    pub(crate) fn keep(&mut self, arrived: Vec<Kept>) {
        let known = |kept: &Kept, all: &[Kept]| all.iter().any(|other| other.receipt.number == kept.receipt.number);
        for kept in arrived {
            if !known(&kept, &self.receipts) {
                self.receipts.insert(0, kept);
            }
        }
        self.receipts.truncate(RECEIPTS);
    }
}

/// Linking under way; forgotten with the app's end, as the code's five minutes are over soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linking {
    /// Names it for the driver, which holds its key.
    pub id: EffectId,
    /// Origin of the portal.
    pub portal: String,
    pub name: String,
    pub stage: LinkStage,
    pub trouble: Option<Trouble>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkStage {
    Redeeming,
    /// 'Link to M… Weber?'
    Asking {
        owner: String,
        espaces: u32,
        busy: bool,
    },
    /// The number is compared on the computer.
    Picking {
        number: String,
        until: Timestamp,
    },
    Naming,
    Password {
        judging: Option<EffectId>,
        judged: Option<Judged>,
        busy: bool,
    },
    /// The phone is linked; 'Activate biometrics' or 'Skip this step'.
    Biometrics {
        busy: bool,
    },
}

/// What a password is worth, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Judged {
    pub strength: Strength,
    /// Why it is not taken.
    pub unfit: Option<Unfit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    Weak,
    Fair,
    Good,
    Strong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    TooShort,
    OnlyDigits,
    TooSimple,
}

/// Wraps what is shown and never erases it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lock {
    #[default]
    Open,
    Locked(Locked),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Locked {
    /// The try under way.
    pub trying: Option<EffectId>,
    pub trouble: Option<LockTrouble>,
    /// What the vault said after the last wrong try.
    pub lockout: Option<LockOut>,
    /// 'Unlink and start again?' is open.
    pub forgetting: bool,
}

/// Why the lock does not open. The texts' key is `app.lock.trouble.<kind>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LockTrouble {
    WrongPassword,
    /// Too many wrong tries; nothing was tried.
    Wait,
    /// The sensor did not recognise anybody; the password works.
    NotRecognised,
    /// Fingers or faces were changed: the password, then activate again.
    BiometricsLost,
    /// The new password is too short or too simple.
    Unfit,
    /// An older copy of what is stored was put back: it opens nothing any more.
    Stale,
    StorageFailed,
    /// What was just asked for could not be saved, and was undone.
    StorageFull,
}

/// Changing the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changing {
    pub judging: Option<EffectId>,
    pub judged: Option<Judged>,
    pub busy: Option<EffectId>,
    pub trouble: Option<LockTrouble>,
    pub lockout: Option<LockOut>,
}

/// When a phone in the background locks itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum AutoLock {
    Immediately,
    #[default]
    AfterOneMinute,
    AfterFiveMinutes,
}

impl AutoLock {
    pub(crate) fn after(self) -> SignedDuration {
        SignedDuration::from_mins(match self {
            Self::Immediately => 0,
            Self::AfterOneMinute => 1,
            Self::AfterFiveMinutes => 5,
        })
    }
}

/// How long nobody has looked or touched; nothing of it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watch {
    pub touched: Option<Timestamp>,
    /// Since when the app is in the background.
    pub away: Option<Timestamp>,
    /// The idle warning is shown.
    pub warned: bool,
}
