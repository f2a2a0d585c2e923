//! What the screens show: derived from the state, without a credential, safe to hand to the web view.

use crate::{
    AutoLock, DraftId, Judged, Kept, LockTrouble, PageId, PhotoId, Trouble,
    intent::{Appearance, Language},
};
use protocol::api::{Context, Espace, Receipt};
use scan::{Filter, Quad, Turn};
use serde::{Deserialize, Serialize};

/// One state of the UI. Older revisions than the last one seen are dropped by the UI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Frame {
    pub revision: u64,
    pub shown: Shown,
    pub settings: Settings,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "lock", rename_all = "snake_case")]
pub enum Shown {
    /// Nothing of the citizen's is inside.
    Locked(LockedView),
    Open {
        view: View,
        /// Something to say once on top of whatever screen is shown.
        notice: Option<Notice>,
        /// Whether Back leads anywhere.
        back: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LockedView {
    /// The citizen's name for the phone.
    pub device: String,
    /// 'Use biometrics' is offered.
    pub biometrics: bool,
    pub busy: bool,
    pub trouble: Option<LockTrouble>,
    /// Tries before the first wait, once one was wrong.
    pub tries_left: Option<u32>,
    #[ts(type = "string | null")]
    pub retry_at: Option<jiff::Timestamp>,
    /// 'Unlink and start again' is offered prominently.
    pub offer_unlink: bool,
    /// The question 'Unlink and start again?' is open.
    pub forgetting: bool,
    /// Documents on their way; they go on.
    pub sending: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    PageDeleted {
        undo: bool,
    },
    Trouble {
        trouble: Trouble,
    },
    /// Files that another app shared are being looked at.
    Receiving,
    /// 'No, this is not mine' was sent.
    Declined,
    /// The phone is linked.
    Linked,
    /// The account no longer knows this phone; pages are kept.
    Revoked,
    Unlinked,
    /// Another phone was linked to the account.
    NewDevice {
        name: String,
        #[ts(type = "string")]
        at: jiff::Timestamp,
    },
    /// Nobody has touched the phone for long: it locks at that time.
    Idle {
        #[ts(type = "string")]
        until: jiff::Timestamp,
    },
    /// Biometrics no longer open the lock: activate them again?
    BiometricsLost,
    PasswordChanged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Settings {
    /// `None`: as the system.
    pub language: Option<Language>,
    pub appearance: Appearance,
    /// Automatic camera.
    pub automatic: bool,
    #[serde(default)]
    pub auto_lock: AutoLock,
}

/// One variant a screen; the variant's name is the folder in `ui/src/screens`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "screen", rename_all = "snake_case")]
pub enum View {
    Home {
        drafts: Vec<DraftCard>,
        outbox: Vec<OutboxCard>,
        /// `None`: not linked.
        account: Option<HomeAccount>,
    },
    Intro,
    ScanQr {
        trouble: Option<Trouble>,
        busy: bool,
        waiting: Option<DraftCard>,
        /// 'My procedures' is offered: a place can be chosen on this phone.
        procedures: bool,
    },
    EnterCode {
        trouble: Option<Trouble>,
        busy: bool,
        portals: Vec<String>,
    },
    Check {
        draft: DraftId,
        place: Context,
        /// `None`: nothing to compare, the phone is the owner's.
        digits: Option<String>,
        /// This phone is linked to another account.
        other_account: bool,
        question: Option<ReuseQuestion>,
    },
    Source {
        draft: DraftId,
        place: Context,
        busy: bool,
        trouble: Option<Trouble>,
    },
    Pages {
        draft: DraftId,
        place: Option<Context>,
        pages: Vec<PageCard>,
        bytes: u64,
        busy: bool,
        /// No code has said yet where they go.
        needs_place: bool,
        trouble: Option<Trouble>,
    },
    Camera {
        draft: DraftId,
        number: u32,
        retake: bool,
        automatic: bool,
        last: Option<Picture>,
        trouble: Option<Trouble>,
    },
    Edit {
        draft: DraftId,
        page: PageCard,
        number: u32,
        faces: Vec<Face>,
    },
    Generate {
        draft: DraftId,
        place: Option<Context>,
        pages: u32,
        bytes: u64,
        name: String,
        asking: bool,
        making: bool,
        trouble: Option<Trouble>,
    },
    Confirm {
        draft: DraftId,
        place: Option<Context>,
        pages: Vec<Picture>,
        bytes: u64,
        name: String,
        from_file: bool,
        needs_code: bool,
        /// No code has said yet where it goes.
        needs_place: bool,
        trouble: Option<Trouble>,
    },
    Upload {
        draft: DraftId,
        place: Context,
        name: String,
        stage: Stage,
        sent: u64,
        total: u64,
    },
    Done {
        draft: DraftId,
        place: Context,
        receipt: Receipt,
    },
    Link {
        step: LinkView,
        trouble: Option<Trouble>,
    },
    Procedures {
        espaces: Vec<Espace>,
        /// Index of the one shown.
        espace: usize,
        /// When the list was fetched; `None`: never.
        #[ts(type = "string | null")]
        fetched: Option<jiff::Timestamp>,
        fetching: bool,
        /// A ticket is being made.
        busy: bool,
        receipts: Vec<Kept>,
        /// What a place is chosen for.
        waiting: Option<DraftCard>,
        trouble: Option<Trouble>,
    },
    ChangePassword {
        judged: Option<Judged>,
        busy: bool,
        trouble: Option<LockTrouble>,
        tries_left: Option<u32>,
        #[ts(type = "string | null")]
        retry_at: Option<jiff::Timestamp>,
    },
    Settings {
        version: String,
        drafts: u32,
        link: Option<LinkSettings>,
        trouble: Option<Trouble>,
    },
}

/// How far linking is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum LinkView {
    Scan {
        busy: bool,
    },
    /// 'Link to M… Weber?'
    Ask {
        owner: String,
        espaces: u32,
        busy: bool,
    },
    /// Pick this one on the computer.
    Number {
        number: String,
        #[ts(type = "string")]
        until: jiff::Timestamp,
    },
    Name {
        name: String,
    },
    Password {
        judged: Option<Judged>,
        busy: bool,
    },
    Biometrics {
        busy: bool,
    },
}

/// Of the linked account, on the home screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct HomeAccount {
    pub owner: String,
    /// Documents that procedures ask for, the most urgent first; at most three.
    pub asked: Vec<AskedDocument>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AskedDocument {
    pub procedure: String,
    pub title: String,
    pub slot: String,
    pub document_type: String,
    #[ts(type = "string | null")]
    pub deadline: Option<jiff::Timestamp>,
}

/// Of the linked account, in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LinkSettings {
    pub device: String,
    pub owner: String,
    /// The portal's name.
    pub portal: String,
    /// `None`: this phone has no sensor that could open the lock.
    pub biometrics: Option<bool>,
    /// They are being switched.
    pub busy: bool,
    /// The question 'Unlink?' is open, or its answer is on its way.
    pub unlinking: bool,
    pub unlinking_busy: bool,
}

/// Path below `page://localhost/`, for example `photo/0123456789abcdef?side=800` or `pdf/<draft>/0?width=900`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
pub struct Picture(pub String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DraftCard {
    pub draft: DraftId,
    /// Document type or name; empty when no code was scanned yet.
    pub title: String,
    pub pages: u32,
    pub cover: Option<Picture>,
    /// Its code is still good, so it can be sent without a new one.
    pub connected: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OutboxCard {
    pub draft: DraftId,
    pub title: String,
    pub stage: Stage,
    pub sent: u64,
    pub total: u64,
}

/// Where a document on its way stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    Sending,
    /// Goes on by itself.
    WaitingForNetwork,
    Paused,
    /// All bytes arrived; the portal is checking.
    Checking,
    /// Somebody else filled the place; the citizen chooses.
    SlotChanged,
    /// Will not arrive; the pages are kept.
    Failed {
        trouble: Trouble,
    },
    Received,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PageCard {
    pub page: PageId,
    /// The page as it will be in the PDF; the address changes with the recipe.
    pub picture: Picture,
    pub warning: Option<Warning>,
    pub turn: Turn,
    pub filter: Filter,
}

/// Why a page may be worth taking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    Blurred,
    Glare,
    TooDark,
    /// No page was found: the whole picture is used.
    NoPageFound,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Face {
    pub photo: PhotoId,
    /// The photo as taken, upright.
    pub picture: Picture,
    pub quad: Option<Quad>,
}

/// 'Use your 3 pages here?'
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReuseQuestion {
    pub pages: u32,
    /// Where they were meant for, if anywhere.
    pub from: Option<String>,
}
