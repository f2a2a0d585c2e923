//! The phone's side: the real driver over the real network, with a camera, a file dialog and a citizen that are played.

use crate::{
    line::{Line, Which},
    words,
};
use anyhow::{Context, Result, bail};
use driver::{
    Choice, Clock, Device, Driver, PickError, PickedFile, Picker, Picking, Ports, Still, SystemClock, SystemRng,
    Trigger,
    client::Https,
    journey::{
        Intent, Shown, Trouble, View,
        view::{Notice, Stage},
    },
    protocol::Portal,
    vault::{MemoryStore, SecretStore, Vault},
};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use jiff::{SignedDuration, Timestamp};
use rand_core::UnwrapErr;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

/// An app on a phone that belongs to nobody.
pub struct Phone {
    driver: Driver,
    around: Around,
}

/// What survives the app's end.
struct Around {
    data: tempfile::TempDir,
    portals: Vec<Portal>,
    secrets: Arc<MemoryStore>,
    files: Arc<Files>,
    line: Arc<Line>,
    clock: Arc<OwnClock>,
}

struct Files(Mutex<Result<Vec<PickedFile>, PickError>>);

impl Files {
    fn next(&self, picked: Result<Vec<PickedFile>, PickError>) -> Result<Vec<PickedFile>, PickError> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()), picked)
    }
}

impl Picker for Files {
    fn pick(&self, _: Choice) -> Picking<'_> {
        let picked = self.next(Ok(Vec::new()));
        Box::pin(async { picked })
    }
}

/// The phone's clock, so many seconds off the world's.
#[derive(Default)]
struct OwnClock(AtomicI64);

impl Clock for OwnClock {
    fn now(&self) -> Timestamp {
        let off = SignedDuration::from_secs(self.0.load(Ordering::SeqCst));
        SystemClock.now().saturating_add(off).unwrap_or(Timestamp::MAX)
    }
}

struct Pixel;

impl Device for Pixel {
    fn model(&self) -> String {
        "Pixel 8".into()
    }
}

impl Phone {
    pub async fn start(portals: Vec<Portal>) -> Result<Self> {
        Around {
            data: tempfile::tempdir()?,
            portals,
            secrets: Arc::default(),
            files: Arc::new(Files(Mutex::new(Ok(Vec::new())))),
            line: Arc::new(Line::new(Https::with_loopback()?)),
            clock: Arc::default(),
        }
        .start()
        .await
    }

    /// Kills the app at once and starts it again on what it had saved.
    pub async fn killed(self) -> Result<Self> {
        let Self { driver, around } = self;
        driver.shutdown().await;
        around.start().await
    }

    /// The same, and in between everything it keeps sealed is opened: place and bytes, and the key itself at last.
    pub async fn opened(self) -> Result<(Self, Vec<(String, Vec<u8>)>)> {
        let Self { driver, around } = self;
        driver.shutdown().await;
        let vault =
            Vault::open(&around.data.path().join("vault"), &*around.secrets, &mut UnwrapErr(getrandom::SysRng))?;
        let mut kept = Vec::new();
        for place in vault.list("")? {
            let bytes = vault.get(&place)?.with_context(|| place.clone())?.to_vec();
            kept.push((place, bytes));
        }
        drop(vault);
        let key = around.secrets.get("work_key")?.context("the vault has a key")?;
        kept.push(("work_key".into(), key.expose().to_vec()));
        Ok((around.start().await?, kept))
    }

    /// Where the app keeps what it saved.
    pub fn folder(&self) -> &Path {
        self.around.data.path()
    }

    pub fn does(&self, intent: Intent) {
        self.driver.dispatch(intent);
    }

    /// What the next file dialog gives.
    pub fn will_pick(&self, files: Vec<PickedFile>) {
        self.will_answer(Ok(files));
    }

    /// The same where the dialog may fail.
    pub fn will_answer(&self, picked: Result<Vec<PickedFile>, PickError>) {
        // What was to be picked before is nobody's any more.
        let _ = self.around.files.next(picked);
    }

    /// Sets the phone's clock that far off.
    pub fn clock_is_off_by(&self, off: SignedDuration) {
        self.around.clock.0.store(off.as_secs(), Ordering::SeqCst);
    }

    /// Holds such calls up until [`Phone::lets_go`].
    pub fn holds(&self, which: Which) {
        self.around.line.hold(Some(which));
    }

    pub async fn is_held(&self) -> Result<()> {
        crate::within("a call that is held up", self.around.line.is_held()).await
    }

    pub fn lets_go(&self) {
        self.around.line.hold(None);
    }

    /// What the screen shows now.
    pub fn view(&self) -> Result<View> {
        match &self.driver.frames().borrow().shown {
            Shown::Open { view, .. } => Ok(view.clone()),
            locked @ Shown::Locked { .. } => bail!("{locked:?}"),
        }
    }

    /// Waits until the screen is what `wanted` recognises, and gives what it found.
    pub async fn sees<T>(&self, what: &str, wanted: impl Fn(&View) -> Option<T>) -> Result<T> {
        self.shows(what, |view, _| wanted(view)).await
    }

    /// Waits until the screen says this, in words of every language; gives the screen it stands on.
    pub async fn says(&self, trouble: Trouble) -> Result<View> {
        words::explain(trouble)?;
        self.sees(&format!("{trouble:?}"), |view| (said(view) == Some(trouble)).then(|| view.clone())).await
    }

    /// Waits until this lies on top of the screen, in words of every language; gives the screen below.
    pub async fn notices(&self, notice: Notice) -> Result<View> {
        words::tell(notice)?;
        self.shows(&format!("{notice:?}"), |view, shown| (shown == Some(notice)).then(|| view.clone())).await
    }

    async fn shows<T>(&self, what: &str, wanted: impl Fn(&View, Option<Notice>) -> Option<T>) -> Result<T> {
        let mut frames = self.driver.frames();
        let seen = crate::within(what, async {
            loop {
                if let Shown::Open { view, notice, .. } = &frames.borrow_and_update().shown
                    && let Some(found) = wanted(view, *notice)
                {
                    return Ok(found);
                }
                frames.changed().await?;
            }
        });
        match seen.await {
            Ok(found) => found,
            Err(error) => bail!("{error}; the screen shows {:?}", self.driver.frames().borrow().shown),
        }
    }

    /// The camera takes a picture; it is kept when this returns.
    pub async fn photographs(&self, jpeg: Vec<u8>, trigger: Trigger) -> Result<()> {
        self.driver.photo(Still { jpeg, trigger }).await.context("the photo")?;
        Ok(())
    }

    pub async fn picture(&self, path: &str) -> Result<Vec<u8>> {
        Ok(self.driver.picture(path).await?.bytes.to_vec())
    }
}

impl Around {
    async fn start(self) -> Result<Phone> {
        let ports = Ports {
            net: self.line.clone(),
            secrets: self.secrets.clone(),
            clock: self.clock.clone(),
            rng: Arc::new(SystemRng),
            picker: self.files.clone(),
            device: Arc::new(Pixel),
        };
        let driver = driver::start(self.data.path(), self.portals.clone(), ports).await?;
        Ok(Phone { driver, around: self })
    }
}

/// What a screen says went wrong.
fn said(view: &View) -> Option<Trouble> {
    match view {
        View::ScanQr { trouble, .. }
        | View::EnterCode { trouble, .. }
        | View::Source { trouble, .. }
        | View::Pages { trouble, .. }
        | View::Camera { trouble, .. }
        | View::Generate { trouble, .. }
        | View::Confirm { trouble, .. } => *trouble,
        View::Upload { stage: Stage::Failed { trouble }, .. } => Some(*trouble),
        View::Home { .. }
        | View::Intro
        | View::Check { .. }
        | View::Edit { .. }
        | View::Upload { .. }
        | View::Done { .. }
        | View::Settings { .. } => None,
    }
}

/// A photo of a white page on a dark table, as JPEG; `lines` of writing tell pages apart.
pub fn paper(lines: u32) -> Result<Vec<u8>> {
    let mut photo = RgbImage::from_pixel(900, 1200, Rgb([70, 52, 40]));
    for (x, y) in (140..760).flat_map(|x| (160..1037).map(move |y| (x, y))) {
        photo.put_pixel(x, y, Rgb([238, 236, 230]));
    }
    for line in 0..lines {
        for (x, y) in (200..700).flat_map(|x| (0..6).map(move |y| (x, 240 + 40 * line + y))) {
            photo.put_pixel(x, y, Rgb([40, 44, 52]));
        }
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&photo)?;
    Ok(jpeg)
}
