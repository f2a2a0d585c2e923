//! The journey walked: a world that tells it intents and outcomes, with a clock and chance of its own.

mod anywhere;
mod flows;
mod random;
mod screens;
mod stories;

use crate::{
    App, Document, DraftId, Effect, EffectId, Event, Intent, NewPhoto, Outcome, PageId, PhotoId, Picked, Screen, Shown,
    Shutter, TicketId, View, step, view,
};
use jiff::Timestamp;
use protocol::{
    Portal,
    api::{Action, Context, Limits, Receipt, UploadId},
};
use rand_core::TryRng;
use url::Url;

/// Chance with a script: 1, 2, 3 …
#[derive(Debug, Clone)]
pub struct Steps(u64);

impl TryRng for Steps {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|n| n as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 += 1;
        Ok(self.0)
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.iter_mut().for_each(|byte| {
            self.0 += 1;
            *byte = self.0 as u8;
        });
        Ok(())
    }
}

const SECRETS: [&str; 3] = [
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "CAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
];

pub fn code(n: usize) -> Intent {
    Intent::CodeFound { text: format!("https://link.example/t#{}", SECRETS[n]) }
}

pub fn portals() -> Vec<Portal> {
    let url = |text| Url::parse(text).unwrap();
    let (origin, link_origin) = (url("https://portal.example"), url("https://link.example"));
    vec![Portal { name: "Example".into(), origin, link_origin }]
}

pub fn place(document: &str) -> Context {
    Context {
        owner: "M… Weber".into(),
        espace: "Private".into(),
        procedure: "Study grant".into(),
        action: Action::Attach,
        document: document.into(),
        name: None,
    }
}

pub const LIMITS: Limits = Limits { bytes: 50 << 20, pages: 100 };

pub fn photo(n: u64) -> NewPhoto {
    NewPhoto {
        id: PhotoId(n),
        bytes: 1_000_000,
        found: Some(scan::Quad::FULL),
        upright: scan::Turn::None,
        warning: None,
    }
}

pub fn document(id: EffectId, pages: u32, from_file: bool) -> Document {
    Document { id, bytes: 900_000, pages, sha256: "ab".repeat(32), from_file }
}

pub fn receipt() -> Receipt {
    let received_at = Timestamp::from_second(1_900_000_000).unwrap();
    Receipt { number: "K7M2-94QD".into(), received_at, pages: 2, bytes: 900_000, sha256: "ab".repeat(32) }
}

/// An app and what it asked for last.
#[derive(Debug, Clone)]
pub struct World {
    pub app: App,
    pub effects: Vec<Effect>,
    rng: Steps,
    seconds: i64,
    /// How many photos were taken.
    photos: u64,
}

impl World {
    pub fn new() -> Self {
        Self { app: App::new(portals()), effects: Vec::new(), rng: Steps(0), seconds: 1_800_000_000, photos: 100 }
    }

    pub fn apply(mut self, event: Event) -> Self {
        self.seconds += 1;
        let now = Timestamp::from_second(self.seconds).unwrap();
        (self.app, self.effects) = step(self.app, event, now, &mut self.rng);
        self
    }

    pub fn tell(self, intent: Intent) -> Self {
        self.apply(Event::Intent(intent))
    }

    pub fn hear(self, outcome: Outcome) -> Self {
        self.apply(Event::Outcome(outcome))
    }

    /// A kill and a start: what is not saved is gone.
    pub fn restart(mut self) -> Self {
        let saved = serde_json::to_string(&self.app).unwrap();
        self.app = App { portals: portals(), ..serde_json::from_str(&saved).unwrap() };
        self.apply(Event::Started)
    }

    pub fn view(&self) -> View {
        match view(&self.app) {
            Shown::Open { view, .. } => view,
            Shown::Locked { .. } => panic!("locked"),
        }
    }

    pub fn screen(&self) -> &'static str {
        name_of(self.app.screen)
    }

    /// The draft of the screen, else the newest.
    pub fn draft(&self) -> DraftId {
        match self.app.screen {
            Screen::Check(d)
            | Screen::Source(d)
            | Screen::Pages(d)
            | Screen::Edit(d, _)
            | Screen::Confirm(d)
            | Screen::Upload(d)
            | Screen::Done(d) => d,
            Screen::Camera { draft, .. } | Screen::Generate { draft, .. } => draft,
            _ => *self.app.drafts.iter().max_by_key(|(_, draft)| draft.since).expect("a draft").0,
        }
    }

    pub fn ticket(&self) -> TicketId {
        self.app.drafts[&self.draft()].ticket.as_ref().expect("a ticket").id
    }

    pub fn pages(&self) -> Vec<PageId> {
        self.app.drafts[&self.draft()].pages.iter().map(|page| page.id).collect()
    }

    // Ways to each screen.

    pub fn scanning() -> Self {
        Self::new().tell(Intent::AddDocument).tell(Intent::Continue)
    }

    /// The portal answers the claim of this screen, for a document of this type.
    pub fn redeemed(self, document: &str) -> Self {
        let ticket = *self.app.claims.keys().next_back().expect("a claim");
        let upload = UploadId(format!("upload-{ticket}"));
        self.hear(Outcome::Redeemed { ticket, upload, context: place(document), digits: "47".into(), limits: LIMITS })
    }

    pub fn check() -> Self {
        Self::scanning().tell(code(0)).redeemed("Certificate")
    }

    pub fn source() -> Self {
        Self::check().tell(Intent::Continue)
    }

    pub fn camera() -> Self {
        Self::source().tell(Intent::TakePicture).tell(Intent::AddPicture)
    }

    pub fn capture(mut self, shutter: Shutter) -> Self {
        self.photos += 1;
        let aim = self.app.aim().expect("a camera screen");
        let photo = photo(self.photos);
        self.hear(Outcome::Captured { draft: aim.draft, replaces: aim.replaces, photo, shutter })
    }

    /// 'Pages' with that many of them.
    pub fn with_pages(count: usize) -> Self {
        (0..count).fold(Self::camera(), |world, _| world.capture(Shutter::Automatic)).tell(Intent::CameraDone)
    }

    pub fn generate() -> Self {
        Self::with_pages(2).tell(Intent::End)
    }

    pub fn making() -> Self {
        Self::generate().tell(Intent::Generate).tell(Intent::MakePdf { yes: true })
    }

    pub fn made(self) -> Self {
        let draft = self.draft();
        let effect = self.app.drafts[&draft].making.expect("a PDF in the making");
        self.hear(Outcome::PdfMade { draft, document: document(effect, 2, false) })
    }

    pub fn confirm() -> Self {
        Self::making().made()
    }

    pub fn picked_pdf() -> Self {
        let world = Self::source().tell(Intent::SelectFile);
        let (draft, effect) = world.picking();
        world.hear(Outcome::Picked { effect, draft, picked: Picked::Pdf(document(effect, 4, true)) })
    }

    pub fn picking(&self) -> (DraftId, EffectId) {
        let (draft, effect) = self.app.drafts.iter().find_map(|(id, d)| Some((*id, d.picking?))).expect("a picker");
        (draft, effect)
    }

    pub fn uploading() -> Self {
        Self::confirm().tell(Intent::Confirm)
    }

    pub fn run(&self) -> EffectId {
        self.app.outbox[&self.draft()].run
    }

    pub fn accepted(self) -> Self {
        let (draft, ticket) = (self.draft(), self.app.outbox[&self.draft()].ticket);
        self.hear(Outcome::Accepted { draft, ticket, receipt: receipt() })
    }

    pub fn done() -> Self {
        Self::uploading().accepted()
    }

    pub fn failed() -> Self {
        let world = Self::uploading();
        let ticket = world.ticket();
        world.hear(Outcome::Ended { ticket, trouble: crate::Trouble::UploadEnded })
    }
}

pub fn name_of(screen: Screen) -> &'static str {
    match screen {
        Screen::Home => "home",
        Screen::Intro => "intro",
        Screen::ScanQr(_) => "scan_qr",
        Screen::EnterCode(_) => "enter_code",
        Screen::Check(_) => "check",
        Screen::Source(_) => "source",
        Screen::Pages(_) => "pages",
        Screen::Camera { .. } => "camera",
        Screen::Edit(..) => "edit",
        Screen::Generate { .. } => "generate",
        Screen::Confirm(_) => "confirm",
        Screen::Upload(_) => "upload",
        Screen::Done(_) => "done",
        Screen::Settings => "settings",
    }
}

/// A world on each screen.
pub fn every_screen() -> Vec<World> {
    let edit = World::with_pages(2);
    let page = edit.pages()[0];
    vec![
        World::new(),
        World::new().tell(Intent::AddDocument),
        World::scanning(),
        World::scanning().tell(Intent::EnterCodeInstead),
        World::check(),
        World::source(),
        World::with_pages(2),
        World::camera(),
        edit.tell(Intent::EditPage { page }),
        World::generate(),
        World::confirm(),
        World::uploading(),
        World::done(),
        World::new().tell(Intent::OpenSettings),
    ]
}
