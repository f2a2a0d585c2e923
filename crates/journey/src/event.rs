//! What can happen, and what is to be done about it.

use crate::{
    DraftId, EffectId, Intent, Page, PageId, Photo, PhotoId, TicketId, Trouble,
    app::{Document, Sealed},
    intent::Language,
    view::Warning,
};
use jiff::Timestamp;
use protocol::api::{Context, Limits, Receipt, RedeemBy, SlotChoice, UploadId};
use scan::{Quad, Turn};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The app runs again; the state is what was saved last.
    Started,
    Intent(Intent),
    Outcome(Outcome),
}

/// Something the driver does, once. What comes of it is an [`Outcome`] that names the same draft, ticket or effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Exchange a code for a ticket with a key of its own. `by` is `None` after a restart: key and code are sealed.
    Redeem {
        ticket: TicketId,
        portal: String,
        by: Option<RedeemBy>,
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
    /// Delete for good.
    Forget(Vec<Sealed>),
    /// Delete all that is sealed, with its key.
    ForgetEverything,
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
        digits: String,
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
