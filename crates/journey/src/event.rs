//! What can happen, and what is to be done about it.

use crate::{
    Account, DraftId, EffectId, Intent, Judged, Link, LockTrouble, Page, PageId, Photo, PhotoId, TicketId, Trouble,
    Typed,
    app::{Document, Sealed},
    intent::Language,
    view::Warning,
};
use jiff::Timestamp;
use protocol::{
    Secret,
    api::{Context, Limits, MakeTicket, Overview, Receipt, RedeemBy, SlotChoice, UploadId},
};
use scan::{Quad, Turn};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The app runs again; the state is what was saved last.
    Started,
    Intent(Intent),
    Outcome(Outcome),
    /// The system opened the app with a link, which the citizen tapped or read with the system's own camera.
    LinkOpened(String),
    /// Another app shared files with this one; the driver has them.
    FilesShared,
    /// The moment of [`crate::wakes_at`] has come, by a clock that nobody sets.
    Woken(Timestamp),
}

/// Something the driver does, once. What comes of it is an [`Outcome`] that names the same draft, ticket or effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Exchange a code for a ticket with a key of its own. `by` is `None` after a restart: key and code are sealed.
    Redeem {
        ticket: TicketId,
        portal: String,
        by: Option<RedeemBy>,
        /// Where this phone is linked.
        link: Option<Link>,
    },
    /// Let the citizen choose a picture and look for a code on it.
    ReadCodePicture {
        effect: EffectId,
    },
    /// 'No, this is not mine', and forget the ticket. Nothing comes of it.
    Decline {
        ticket: TicketId,
    },
    /// Best effort.
    TellPages {
        ticket: TicketId,
        count: u32,
    },
    PickFiles {
        effect: EffectId,
        draft: DraftId,
        limits: Limits,
    },
    /// Look at the files that were shared first of those not looked at yet.
    TakeShared {
        effect: EffectId,
        limits: Limits,
    },
    MakePdf {
        effect: EffectId,
        draft: DraftId,
        pages: Vec<Page>,
        title: String,
        language: Option<Language>,
        at: Timestamp,
        /// Largest document the place takes, in bytes.
        limit: u64,
    },
    /// Go on sending until the portal has decided. Replaces the run before.
    Send {
        effect: EffectId,
        draft: DraftId,
        ticket: TicketId,
        document: Document,
        answer: Option<SlotChoice>,
    },
    StopSending {
        draft: DraftId,
    },
    /// Show a link code with a key of its own.
    RedeemLink {
        linking: EffectId,
        portal: String,
        code: Secret<String>,
    },
    /// 'Yes': fetch the number and wait for the computer.
    ConfirmLink {
        linking: EffectId,
    },
    /// 'No', or given up. Nothing comes of it.
    DeclineLink {
        linking: EffectId,
    },
    JudgePassword {
        effect: EffectId,
        password: Typed,
    },
    /// Make the lock, then the device.
    FinishLink {
        linking: EffectId,
        name: String,
        password: Typed,
    },
    SetBiometrics {
        effect: EffectId,
        on: bool,
    },
    Unlock {
        effect: EffectId,
        by: UnlockBy,
    },
    /// Forget the account's key in memory.
    Lock,
    ChangePassword {
        effect: EffectId,
        old: Typed,
        new: Typed,
    },
    FetchOverview {
        effect: EffectId,
        link: Link,
    },
    /// Make a ticket and redeem it: ends like [`Effect::Redeem`].
    MakeTicket {
        ticket: TicketId,
        link: Link,
        make: MakeTicket,
    },
    /// Tell the portal, then destroy the account's key.
    Unlink {
        effect: EffectId,
        link: Link,
    },
    /// Destroy the account's key and all it seals; what the citizen made stays. Nothing comes of it. `tell`: the portal
    /// does not know yet, and hears it where that is possible.
    ForgetAccount {
        link: Link,
        tell: bool,
    },
    /// Delete for good.
    Forget(Vec<Sealed>),
    /// Delete all that is sealed, with its key.
    ForgetEverything,
}

/// What opens the lock.
#[derive(Debug, Clone, PartialEq)]
pub enum UnlockBy {
    Password(Typed),
    Biometrics,
}

/// How the lock-out stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// Tries before the first wait.
    pub tries_left: u32,
    pub retry_at: Option<Timestamp>,
    pub offer_unlink: bool,
}

/// Who pressed the shutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutter {
    Automatic,
    Manual,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Redeemed {
        ticket: TicketId,
        upload: UploadId,
        context: Context,
        digits: Option<String>,
        other_account: bool,
        limits: Limits,
    },
    NotRedeemed {
        ticket: TicketId,
        trouble: Trouble,
    },
    /// `Ok(None)`: the citizen chose nothing.
    CodePicture {
        effect: EffectId,
        read: Result<Option<String>, Trouble>,
    },
    /// A photo is sealed.
    Captured {
        draft: DraftId,
        replaces: Option<PageId>,
        photo: NewPhoto,
        shutter: Shutter,
    },
    Picked {
        effect: EffectId,
        draft: DraftId,
        picked: Picked,
    },
    Shared {
        effect: EffectId,
        picked: Picked,
    },
    PdfMade {
        draft: DraftId,
        document: Document,
    },
    PdfFailed {
        effect: EffectId,
        draft: DraftId,
        trouble: Trouble,
    },
    /// Bytes that are safe at the portal.
    Sent {
        effect: EffectId,
        draft: DraftId,
        bytes: u64,
    },
    NoNetwork {
        effect: EffectId,
        draft: DraftId,
    },
    Checking {
        effect: EffectId,
        draft: DraftId,
    },
    Accepted {
        draft: DraftId,
        ticket: TicketId,
        receipt: Receipt,
    },
    SlotChanged {
        draft: DraftId,
        ticket: TicketId,
    },
    /// The citizen's 'Discard' has reached the portal.
    Discarded {
        draft: DraftId,
        ticket: TicketId,
    },
    /// The portal refused the document or ended the ticket.
    Ended {
        ticket: TicketId,
        trouble: Trouble,
    },
    /// The document could not be read; the ticket lives.
    NotSent {
        effect: EffectId,
        draft: DraftId,
        trouble: Trouble,
    },
    LinkRedeemed {
        linking: EffectId,
        owner: String,
        espaces: u32,
    },
    LinkNumber {
        linking: EffectId,
        number: String,
        until: Timestamp,
    },
    /// The right number was picked.
    LinkMatched {
        linking: EffectId,
    },
    /// The phone is linked and its lock is open.
    Linked {
        linking: EffectId,
        link: Link,
        account: Account,
    },
    /// `over`: the code links nothing any more.
    LinkFailed {
        linking: EffectId,
        trouble: Trouble,
        over: bool,
    },
    PasswordJudged {
        effect: EffectId,
        judged: Judged,
    },
    /// `Ok`: whether biometrics open the lock now. `Err(None)`: the citizen cancelled.
    BiometricsSet {
        effect: EffectId,
        set: Result<bool, Option<Trouble>>,
    },
    Unlocked {
        effect: EffectId,
        account: Account,
    },
    /// `why` is `None` when the citizen cancelled.
    NotUnlocked {
        effect: EffectId,
        why: Option<LockTrouble>,
        lockout: Option<LockOut>,
    },
    /// Wrong tries before the app's start still cost a wait.
    Waits {
        lockout: LockOut,
    },
    PasswordChanged {
        effect: EffectId,
    },
    NotChanged {
        effect: EffectId,
        why: LockTrouble,
        lockout: Option<LockOut>,
    },
    Fetched {
        effect: EffectId,
        overview: Result<Overview, Trouble>,
    },
    Unlinked {
        effect: EffectId,
    },
    NotUnlinked {
        effect: EffectId,
        trouble: Trouble,
    },
    /// The account no longer knows this phone.
    Revoked,
    /// Whether the phone has a sensor that can open the lock.
    Sensor {
        there: bool,
    },
    /// The state could not be saved.
    NotSaved {
        trouble: Trouble,
    },
}

/// A photo that was just sealed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewPhoto {
    pub id: PhotoId,
    pub bytes: u64,
    pub found: Option<Quad>,
    /// What makes the page read upright, as far as it says so clearly.
    pub upright: Turn,
    pub warning: Option<Warning>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Picked {
    /// The citizen chose nothing.
    Nothing,
    Pictures(Vec<NewPhoto>),
    Pdf(Document),
    Trouble(Trouble),
}

impl NewPhoto {
    pub(crate) fn with(self, filter: scan::Filter) -> Photo {
        let recipe = scan::Recipe { quad: self.found, turn: self.upright, filter };
        Photo { id: self.id, bytes: self.bytes, found: self.found, upright: self.upright, recipe }
    }
}
