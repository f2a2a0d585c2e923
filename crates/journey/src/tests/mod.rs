//! The journey walked: a world that tells it intents and outcomes, with a clock and chance of its own.

mod anywhere;
mod flows;
mod lock;
mod opened;
mod random;
mod screens;
mod shared;
mod stories;

use crate::{
    Account, App, Document, Draft, DraftId, Effect, EffectId, Event, Intent, Link, Lock, NewPhoto, Outcome, PageId,
    PhotoId, Picked, Screen, Shown, Shutter, TicketId, Typed, View, sending, step, view,
};
use jiff::Timestamp;
use protocol::{
    Portal,
    api::{Action, Context, DeviceId, Espace, Limits, LinkedDevice, Overview, Procedure, Receipt, Slot, UploadId},
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
    Intent::CodeFound { text: link_to(n) }
}

/// The text of a ticket's code, which is a link too.
pub fn link_to(n: usize) -> String {
    format!("https://link.example/t#{}", SECRETS[n])
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

pub fn link_code() -> Intent {
    Intent::CodeFound { text: format!("https://link.example/l#{}", SECRETS[0]) }
}

pub fn typed(text: &str) -> Typed {
    text.to_owned().into()
}

pub fn link() -> Link {
    Link {
        portal: "https://portal.example/".into(),
        device: DeviceId("device".into()),
        name: "My phone".into(),
        biometrics: false,
        biometrics_lost: false,
    }
}

pub fn overview() -> Overview {
    let slot = |id: &str, filled| Slot { id: id.into(), document_type: "Certificate".into(), required: true, filled };
    let procedure = Procedure {
        id: "grant".into(),
        title: "Study grant".into(),
        deadline: None,
        editable: true,
        slots: vec![slot("empty", false), slot("filled", true)],
        document_types: vec!["Invoice".into()],
    };
    let espace = |id: &str, procedures| Espace { id: id.into(), name: id.into(), professional: false, procedures };
    Overview {
        owner: "M… Weber".into(),
        espaces: vec![espace("private", vec![procedure]), espace("other", Vec::new())],
        devices: vec![device("device", "My phone")],
    }
}

pub fn device(id: &str, name: &str) -> LinkedDevice {
    let linked_at = Timestamp::from_second(1_800_000_000).unwrap();
    LinkedDevice { id: DeviceId(id.into()), name: name.into(), linked_at }
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
            Shown::Locked(_) => panic!("locked"),
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
        self.hear(Outcome::Redeemed {
            ticket,
            upload,
            context: place(document),
            digits: Some("47".into()),
            other_account: false,
            limits: LIMITS,
        })
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

    // The linked phone.

    pub fn link_id(&self) -> EffectId {
        self.app.linking.as_ref().expect("a linking").id
    }

    /// 'Link to M… Weber?'
    pub fn asked_to_link() -> Self {
        let world = Self::new().tell(Intent::LinkAccount).tell(link_code());
        let linking = world.link_id();
        world.hear(Outcome::LinkRedeemed { linking, owner: "M… Weber".into(), espaces: 2 })
    }

    pub fn picking_number() -> Self {
        let world = Self::asked_to_link().tell(Intent::AnswerLink { yes: true });
        let (linking, until) = (world.link_id(), Timestamp::from_second(1_800_000_120).unwrap());
        world.hear(Outcome::LinkNumber { linking, number: "47".into(), until })
    }

    pub fn naming() -> Self {
        let world = Self::picking_number();
        let linking = world.link_id();
        world.hear(Outcome::LinkMatched { linking })
    }

    pub fn choosing_password() -> Self {
        Self::naming().tell(Intent::NameDevice { name: " My phone ".into() })
    }

    pub fn finishing() -> Self {
        Self::choosing_password().tell(Intent::ChoosePassword { password: typed("good enough") })
    }

    /// The portal made the device.
    pub fn finished(self) -> Self {
        let linking = self.link_id();
        self.hear(Outcome::Linked { linking, link: link(), account: Account::new("M… Weber".into()) })
    }

    /// At home, linked, with the list of procedures.
    pub fn linked() -> Self {
        Self::finishing().finished().fetched().tell(Intent::Dismiss)
    }

    /// The portal answers what is being fetched.
    pub fn fetched(self) -> Self {
        let effect = self.app.fetching.expect("something is fetched");
        self.hear(Outcome::Fetched { effect, overview: Ok(overview()) })
    }

    pub fn locked() -> Self {
        Self::linked().tell(Intent::LockNow)
    }

    pub fn trying(&self) -> EffectId {
        match &self.app.lock {
            Lock::Locked(locked) => locked.trying.expect("a try"),
            Lock::Open => panic!("open"),
        }
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
        Screen::Link => "link",
        Screen::Procedures { .. } => "procedures",
        Screen::ChangePassword => "change_password",
        Screen::Settings { .. } => "settings",
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
        World::new().tell(Intent::LinkAccount),
        World::linked().tell(Intent::OpenProcedures),
        World::linked().tell(Intent::OpenSettings).tell(Intent::OpenChangePassword),
    ]
}
