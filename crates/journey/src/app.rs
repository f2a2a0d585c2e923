//! Everything the app remembers. Serialised whole, sealed by the driver; holds no credential.
//!
//! A screen is a small value with ids. What the citizen has made lives beside it and survives every screen.

use crate::{
    Account, AutoLock, Changing, DraftId, EffectId, Kept, Link, Linking, Lock, PageId, PhotoId, Settings, TicketId,
    Trouble, Watch,
    intent::Appearance,
    view::{Notice, Warning},
};
use jiff::Timestamp;
use protocol::{
    Portal, Secret,
    api::{Context, Limits, Receipt, SlotChoice, UploadId},
    limits,
};
use scan::{Filter, Quad, Recipe, Turn};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The whole state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// Built into the app, not remembered.
    #[serde(skip)]
    pub portals: Vec<Portal>,
    pub drafts: BTreeMap<DraftId, Draft>,
    /// Documents on their way, by the draft they were made of.
    pub outbox: BTreeMap<DraftId, Entry>,
    /// Codes that were read and are being redeemed.
    pub claims: BTreeMap<TicketId, Claim>,
    pub settings: Settings,
    /// `None`: nobody's phone.
    #[serde(default)]
    pub link: Option<Link>,
    /// Receipts that wait for the lock to open, oldest first.
    #[serde(default)]
    pub arrived: Vec<Kept>,
    /// Of the linked account, while the lock is open.
    #[serde(skip)]
    pub account: Option<Account>,
    #[serde(skip)]
    pub linking: Option<Linking>,
    /// What came of the last link code.
    #[serde(skip)]
    pub scan_trouble: Option<Trouble>,
    /// A ticket's code that came with a link, until it can be taken.
    #[serde(skip)]
    pub opened: Option<Opened>,
    /// Files that other apps shared and that are being looked at.
    #[serde(skip)]
    pub receiving: BTreeSet<EffectId>,
    /// A draft of such files, until it can be shown.
    #[serde(skip)]
    pub shared: Option<DraftId>,
    #[serde(skip)]
    pub changing: Changing,
    #[serde(skip)]
    pub lock: Lock,
    #[serde(skip)]
    pub watch: Watch,
    /// An overview is being fetched.
    #[serde(skip)]
    pub fetching: Option<EffectId>,
    /// Biometrics are being switched on or off, outside of linking.
    #[serde(skip)]
    pub setting_biometrics: Option<EffectId>,
    /// The phone has a sensor that can open the lock.
    #[serde(skip)]
    pub has_sensor: bool,
    pub screen: Screen,
    #[serde(skip)]
    pub notice: Option<Notice>,
    #[serde(skip)]
    pub undo: Option<Undo>,
}

/// Where the citizen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Screen {
    Home,
    Intro,
    ScanQr(Asking),
    EnterCode(Asking),
    Check(DraftId),
    Source(DraftId),
    Pages(DraftId),
    Camera {
        draft: DraftId,
        retake: Option<PageId>,
        trouble: Option<Trouble>,
    },
    Edit(DraftId, PageId),
    Generate {
        draft: DraftId,
        asking: bool,
    },
    Confirm(DraftId),
    Upload(DraftId),
    Done(DraftId),
    /// From a link code to the linked phone; how far it is stands in [`App::linking`].
    Link,
    /// `espace`: its place in the account's list.
    Procedures {
        espace: usize,
        trouble: Option<Trouble>,
        /// The draft a place is chosen for.
        #[serde(default)]
        waiting: Option<DraftId>,
    },
    ChangePassword,
    Settings {
        unlinking: Unlinking,
        trouble: Option<Trouble>,
    },
}

/// 'Unlink' in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Unlinking {
    #[default]
    No,
    /// The question is open.
    Asking,
    Running(EffectId),
}

/// A code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asking {
    pub trouble: Option<Trouble>,
    /// The code that is being redeemed.
    pub claim: Option<TicketId>,
    /// A picture is being chosen and searched for a code.
    pub reading: Option<EffectId>,
    /// The draft a new code is wanted for.
    pub waiting: Option<DraftId>,
}

/// A ticket's code from outside the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its place in the list of portals.
    pub portal: usize,
    pub secret: Secret<String>,
}

/// A code on its way to becoming a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Origin of the portal.
    pub portal: String,
    pub waiting: Option<DraftId>,
    /// The citizen chose the place on this phone: nobody else's case, so nothing to check.
    #[serde(default)]
    pub own: bool,
}

/// Where a document belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Origin of the portal.
    pub portal: String,
    pub context: Context,
}

/// A right to fill a place that lives as long as the portal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    pub upload: UploadId,
    /// `None`: the phone is known to be the owner's.
    pub digits: Option<String>,
    /// This phone is linked to another account.
    #[serde(default)]
    pub other_account: bool,
    pub limits: Limits,
}

/// A document in the making.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub since: Timestamp,
    /// `None`: shared from another app, and no code has said yet where it goes.
    pub place: Option<Place>,
    /// `None` once the portal has ended it: the pages stay, a new code is needed.
    pub ticket: Option<Ticket>,
    /// The citizen has seen whose case it is and said 'Continue'.
    pub checked: bool,
    /// 'Use your 3 pages here?' is open about that draft.
    pub reuse: Option<DraftId>,
    pub name: String,
    pub pages: Vec<Page>,
    /// What new pages are cleaned with.
    pub filter: Filter,
    /// The document as it will be sent, made of the pages or chosen as a file.
    pub document: Option<Document>,
    #[serde(skip)]
    pub picking: Option<EffectId>,
    #[serde(skip)]
    pub making: Option<EffectId>,
    #[serde(skip)]
    pub trouble: Option<Trouble>,
}

/// A page: a photo and how it becomes a page. The photo is never altered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub id: PageId,
    /// At least one; a card has two.
    pub faces: Vec<Photo>,
    pub warning: Option<Warning>,
}

/// A photo as it was taken, and its recipe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    pub id: PhotoId,
    /// Size of the original.
    pub bytes: u64,
    /// The page as it was found by itself.
    pub found: Option<Quad>,
    /// What makes the page read upright, as far as it said so by itself.
    #[serde(default)]
    pub upright: Turn,
    pub recipe: Recipe,
}

/// A PDF, sealed under the effect that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: EffectId,
    pub bytes: u64,
    pub pages: u32,
    /// Lower-case hex.
    pub sha256: String,
    pub from_file: bool,
}

/// A document on its way, or arrived and not yet acknowledged by the citizen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub ticket: TicketId,
    pub place: Place,
    pub name: String,
    pub document: Document,
    /// The effect that sends it now; what older ones report about progress no longer counts.
    pub run: EffectId,
    pub stage: Stage,
    /// The citizen's answer, until it has reached the portal.
    pub answer: Option<SlotChoice>,
    /// Known again as soon as sending goes on.
    #[serde(skip)]
    pub sent: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Stage {
    Sending,
    WaitingForNetwork,
    Paused,
    Checking,
    SlotChanged,
    Failed(Trouble),
    Received(Receipt),
}

/// The last deleted page, until the notice about it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    pub draft: DraftId,
    pub at: usize,
    pub page: Page,
}

/// Something the driver keeps sealed for the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sealed {
    Photo(PhotoId),
    Document(EffectId),
    Ticket(TicketId),
}

/// What a photo taken now is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    pub draft: DraftId,
    /// The page whose photo is taken again.
    pub replaces: Option<PageId>,
}

impl App {
    /// The first start on this phone.
    pub fn new(portals: Vec<Portal>) -> Self {
        Self {
            portals,
            drafts: BTreeMap::new(),
            outbox: BTreeMap::new(),
            claims: BTreeMap::new(),
            settings: Settings {
                language: None,
                appearance: Appearance::System,
                automatic: true,
                auto_lock: AutoLock::default(),
            },
            link: None,
            arrived: Vec::new(),
            account: None,
            linking: None,
            scan_trouble: None,
            opened: None,
            receiving: BTreeSet::new(),
            shared: None,
            changing: Changing::default(),
            lock: Lock::Open,
            watch: Watch::default(),
            fetching: None,
            setting_biometrics: None,
            has_sensor: false,
            screen: Screen::Home,
            notice: None,
            undo: None,
        }
    }

    /// The effect that unlinks now.
    pub(crate) fn unlinking(&self) -> Option<EffectId> {
        match self.screen {
            Screen::Settings { unlinking: Unlinking::Running(effect), .. } => Some(effect),
            _ => None,
        }
    }

    /// What a photo taken now would be for; `None` where no screen waits for one.
    pub fn aim(&self) -> Option<Aim> {
        match self.screen {
            Screen::Camera { draft, retake, .. } if self.lock == Lock::Open => {
                let room = retake.is_some() || self.drafts.get(&draft)?.has_room();
                room.then_some(Aim { draft, replaces: retake })
            }
            _ => None,
        }
    }

    pub fn page(&self, id: PageId) -> Option<&Page> {
        self.drafts.values().flat_map(|draft| &draft.pages).find(|page| page.id == id)
    }

    pub fn photo(&self, id: PhotoId) -> Option<&Photo> {
        let pages = self.drafts.values().flat_map(|draft| &draft.pages);
        pages.flat_map(|page| &page.faces).find(|photo| photo.id == id)
    }

    /// The PDF shown for a draft.
    pub fn document(&self, draft: DraftId) -> Option<&Document> {
        let sent = self.outbox.get(&draft).map(|entry| &entry.document);
        sent.or_else(|| self.drafts.get(&draft)?.document.as_ref())
    }

    /// Everything sealed that is still needed; the rest may be swept.
    pub fn needs(&self) -> BTreeSet<Sealed> {
        let drafts = self.drafts.values().flat_map(Draft::holds);
        let claims = self.claims.keys().copied().map(Sealed::Ticket);
        let sent = self.outbox.values().filter(|entry| !matches!(entry.stage, Stage::Received(_)));
        // The ticket is the draft's, which lives until its document has arrived.
        let sent = sent.map(|entry| Sealed::Document(entry.document.id));
        let undo = self.undo.iter().flat_map(|undo| undo.page.holds());
        drafts.chain(claims).chain(sent).chain(undo).collect()
    }

    pub(crate) fn is_on_its_way(&self, draft: DraftId) -> bool {
        self.outbox.contains_key(&draft)
    }
}

impl Screen {
    pub(crate) fn settings() -> Self {
        Self::Settings { unlinking: Unlinking::No, trouble: None }
    }
}

impl Draft {
    pub(crate) fn new(since: Timestamp, place: Option<Place>) -> Self {
        Self {
            since,
            name: place.as_ref().map(Place::name).unwrap_or_default(),
            place,
            ticket: None,
            checked: false,
            reuse: None,
            pages: Vec::new(),
            filter: Filter::Colour,
            document: None,
            picking: None,
            making: None,
            trouble: None,
        }
    }

    pub fn page_limit(&self) -> u32 {
        self.ticket.as_ref().map_or(limits::DOCUMENT_PAGES, |ticket| ticket.limits.pages)
    }

    pub fn has_room(&self) -> bool {
        self.pages.len() < self.page_limit() as usize
    }

    /// Whether there is anything a citizen would miss.
    pub fn has_content(&self) -> bool {
        !self.pages.is_empty() || self.document.is_some()
    }

    pub(crate) fn holds(&self) -> impl Iterator<Item = Sealed> {
        let photos = self.pages.iter().flat_map(Page::holds);
        let document = self.document.iter().map(|document| Sealed::Document(document.id));
        photos.chain(document).chain(self.ticket.iter().map(|ticket| Sealed::Ticket(ticket.id)))
    }
}

impl Place {
    /// What a document there is called, unless the citizen calls it otherwise.
    pub(crate) fn name(&self) -> String {
        self.context.name.clone().unwrap_or_else(|| self.context.document.clone())
    }
}

impl Page {
    pub(crate) fn holds(&self) -> impl Iterator<Item = Sealed> {
        self.faces.iter().map(|photo| Sealed::Photo(photo.id))
    }

    /// Changes whenever the page looks different: 64-bit FNV-1a over photos and recipes.
    pub fn look(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        let mut mix = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        for photo in &self.faces {
            mix(&photo.id.0.to_le_bytes());
            mix(&[photo.recipe.turn as u8, photo.recipe.filter as u8]);
            for corner in photo.recipe.quad.iter().flat_map(|quad| quad.0) {
                mix(&corner.x.to_bits().to_le_bytes());
                mix(&corner.y.to_bits().to_le_bytes());
            }
        }
        hash
    }
}
