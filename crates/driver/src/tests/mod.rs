//! The driver with the real journey, scan, pdf, vault and client, a portal in memory, and fakes for the other ports.

mod contract;
mod kill;
mod portal;
mod shared;
mod walk;

use crate::{
    Choice, Clock, Device, Driver, NoHardware, PickError, PickedFile, Picker, Picking, Ports, Rng, StartError, Still,
    StillError, Trigger, Undecoded, start_with,
};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use jiff::Timestamp;
use journey::{Intent, PhotoId, Shown, View, view::Notice};
use portal::FakePortal;
use protocol::Portal;
use std::{
    collections::VecDeque,
    fs, io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use vault::{Faults, MemoryStore, Step};

pub struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn uptime(&self) -> Duration {
        Duration::from_secs(1_000)
    }
}

/// Never the same twice, always the same from the start.
#[derive(Default)]
pub struct CountingRng(AtomicU64);

impl Rng for CountingRng {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let n = self.0.fetch_add(1, Ordering::SeqCst);
            *byte = ((n.wrapping_mul(6364136223846793005) >> 24) ^ (n >> 3)) as u8;
        }
    }
}

pub struct TestPhone;

impl Device for TestPhone {
    fn model(&self) -> String {
        "Test phone".into()
    }

    fn decode_picture(&self, picture: &[u8]) -> Result<Vec<u8>, Undecoded> {
        match picture {
            [.., b'g', b'o', b'o', b'd'] => Ok(photo()),
            [.., b'b', b'a', b'd'] => Err(Undecoded::Damaged),
            _ => Err(Undecoded::Unsupported),
        }
    }
}

/// Answers with what was put here, in order; then with nothing.
#[derive(Default)]
pub struct ScriptedPicker(Mutex<VecDeque<Result<Vec<PickedFile>, PickError>>>);

impl ScriptedPicker {
    pub fn next(&self, files: Result<Vec<PickedFile>, PickError>) {
        self.0.lock().unwrap().push_back(files);
    }
}

impl Picker for ScriptedPicker {
    fn pick(&self, _: Choice) -> Picking<'_> {
        let picked = self.0.lock().unwrap().pop_front().unwrap_or(Ok(Vec::new()));
        Box::pin(async move { picked })
    }
}

/// Fails every write while it is full.
#[derive(Default)]
pub struct Disk {
    pub full: std::sync::atomic::AtomicBool,
}

impl Faults for Disk {
    fn before(&self, step: Step) -> io::Result<()> {
        let full = step == Step::Write && self.full.load(Ordering::SeqCst);
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

/// A phone: its storage, its secrets and the world around it survive a kill.
pub struct Phone {
    pub dir: TempDir,
    pub portal: Arc<FakePortal>,
    pub picker: Arc<ScriptedPicker>,
    pub disk: Arc<Disk>,
    secrets: Arc<MemoryStore>,
    rng: Arc<CountingRng>,
}

pub const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

impl Phone {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            portal: Arc::default(),
            picker: Arc::default(),
            disk: Arc::default(),
            secrets: Arc::default(),
            rng: Arc::default(),
        }
    }

    pub async fn try_start(&self) -> Result<App, StartError> {
        let url = |text| url::Url::parse(text).unwrap();
        let (origin, link_origin) = (url("https://portal.example"), url("https://link.example"));
        let ports = Ports {
            net: self.portal.clone(),
            secrets: self.secrets.clone(),
            clock: Arc::new(FixedClock),
            rng: self.rng.clone(),
            picker: self.picker.clone(),
            device: Arc::new(TestPhone),
            hardware: Arc::new(NoHardware),
        };
        let portals = vec![Portal { name: "Example".into(), origin, link_origin }];
        Ok(App(start_with(self.dir.path(), portals, ports, self.disk.clone()).await?))
    }

    pub async fn start(&self) -> App {
        self.try_start().await.expect("starts")
    }

    /// Fails where a file shows what it is.
    pub fn shows_nothing(&self) {
        let mut files = 0;
        scan_folder(self.dir.path(), &mut files);
        assert!(files > 0);
    }
}

fn scan_folder(folder: &Path, files: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scan_folder(&path, files);
            continue;
        }
        *files += 1;
        let bytes = fs::read(&path).unwrap();
        let names: [&[u8]; 7] =
            [b"\xff\xd8\xff\xe0", b"JFIF", b"%PDF", b"credential", b"Weber", b"Certificate", SECRET.as_bytes()];
        for name in names {
            assert!(!bytes.windows(name.len()).any(|window| window == name), "{name:?} in {}", path.display());
        }
    }
}

/// The app in a citizen's hand.
pub struct App(pub Driver);

impl App {
    pub fn tell(&self, intent: Intent) {
        self.0.dispatch(intent);
    }

    /// Waits until such a view is shown.
    pub async fn until(&self, what: &str, wanted: impl Fn(&View) -> bool) -> View {
        let mut frames = self.0.frames();
        let shown = |frame: &journey::Frame| matches!(&frame.shown, Shown::Open { view, .. } if wanted(view));
        let waited = tokio::time::timeout(Duration::from_secs(3600), frames.wait_for(shown)).await;
        let Ok(Ok(frame)) = waited else { panic!("never {what}, but {:?}", self.0.frames().borrow().shown) };
        match frame.shown.clone() {
            Shown::Open { view, .. } => view,
            Shown::Locked(_) => unreachable!("just matched"),
        }
    }

    pub async fn notice(&self, wanted: Notice) {
        let mut frames = self.0.frames();
        let shown = |frame: &journey::Frame| matches!(&frame.shown, Shown::Open { notice, .. } if notice.as_ref() == Some(&wanted));
        let waited = tokio::time::timeout(Duration::from_secs(3600), frames.wait_for(shown)).await;
        assert!(matches!(waited, Ok(Ok(_))), "never {wanted:?}");
    }

    pub async fn scan_code(&self) {
        self.tell(Intent::CodeFound { text: format!("https://link.example/t#{SECRET}") });
        self.until("check", |view| matches!(view, View::Check { .. })).await;
    }

    pub async fn open_camera(&self) {
        self.tell(Intent::Continue);
        self.tell(Intent::TakePicture);
        self.tell(Intent::AddPicture);
        self.until("camera", |view| matches!(view, View::Camera { .. })).await;
    }

    pub async fn shoot(&self, trigger: Trigger) -> Result<PhotoId, StillError> {
        self.0.photo(Still { jpeg: photo(), trigger }).await
    }

    /// From 'Pages' or the camera to 'Confirm'.
    pub async fn make_pdf(&self) {
        self.tell(Intent::CameraDone);
        self.tell(Intent::End);
        self.tell(Intent::Generate);
        self.tell(Intent::MakePdf { yes: true });
        self.until("confirm", |view| matches!(view, View::Confirm { .. })).await;
    }

    pub async fn done(&self) -> protocol::api::Receipt {
        match self.until("done", |view| matches!(view, View::Done { .. })).await {
            View::Done { receipt, .. } => receipt,
            _ => unreachable!("just matched"),
        }
    }
}

/// A sheet of paper with a few lines on a dark table.
pub fn photo() -> Vec<u8> {
    let mut picture = RgbImage::from_fn(900, 1200, |x, y| {
        let paper = (150..750).contains(&x) && (180..1030).contains(&y);
        // Words and lines of different length: even rows of marks are a keyboard to the detector.
        let line = y / 24;
        let end = 420 + (line.wrapping_mul(2_654_435_761) >> 7) % 8 * 32;
        let word = (x / 13 * 40_503 + line * 9_973) % 7 > 0 && line % 9 != 0;
        let ink = paper && (220..end).contains(&x) && (260..960).contains(&y) && y % 24 < 7 && word;
        let grain = ((x * 7 + y * 13) % 11) as u8;
        match (ink, paper) {
            (true, _) => Rgb([35 + grain, 35, 40]),
            (_, true) => Rgb([228, 226, 220 + grain]),
            _ => Rgb([70 + grain, 52, 40]),
        }
    });
    picture.put_pixel(0, 0, Rgb([0, 0, 0]));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 92).encode_image(&picture).unwrap();
    jpeg
}

/// A PDF that is not made by this app's walk.
pub fn strangers_pdf(pages: usize) -> Vec<u8> {
    let jpeg = photo();
    let page = pdf::PageContent { layout: pdf::Layout::Full(&jpeg), paper: None };
    let metadata = pdf::Metadata { title: "A stranger's", language: "en", author: None, created: 0 };
    pdf::write(&vec![page; pages], &metadata).unwrap()
}

pub fn file(name: &str, bytes: Vec<u8>) -> PickedFile {
    PickedFile { name: name.into(), bytes }
}
