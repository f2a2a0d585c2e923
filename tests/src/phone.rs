//! The phone's side: the real driver over the real network, with a camera, a file dialog and a citizen that are played.

use crate::{
    hardware::{PlayedHardware, Sensor},
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
        view::{LockedView, Notice, Stage},
    },
    protocol::Portal,
    vault::{MemoryStore, Password, SecretStore, Vault},
};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use jiff::{SignedDuration, Timestamp};
use rand_core::UnwrapErr;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
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
    hardware: Arc<PlayedHardware>,
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
struct OwnClock {
    off: AtomicI64,
    slept: AtomicU64,
}

impl Clock for OwnClock {
    fn now(&self) -> Timestamp {
        let off = SignedDuration::from_secs(self.off.load(Ordering::SeqCst));
        SystemClock.now().saturating_add(off).unwrap_or(Timestamp::MAX)
    }

    /// Nobody sets it; a story may let it pass.
    fn uptime(&self) -> Duration {
        SystemClock.uptime() + Duration::from_secs(self.slept.load(Ordering::SeqCst))
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
            hardware: Arc::default(),
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
        self.opened_with(None).await
    }

    /// The same with what the account's lock keeps, opened by the password.
    pub async fn opened_with(self, password: Option<&str>) -> Result<(Self, Vec<(String, Vec<u8>)>)> {
        let Self { driver, around } = self;
        driver.shutdown().await;
        let vault =
            Vault::open(&around.data.path().join("vault"), &*around.secrets, &mut UnwrapErr(getrandom::SysRng))?;
        let mut kept = Vec::new();
        for place in vault.list("")? {
            let bytes = vault.get(&place)?.with_context(|| place.clone())?.to_vec();
            kept.push((place, bytes));
        }
        if let Some(password) = password {
            vault.unlock(&*around.secrets, &Password::new(password), around.clock.uptime())?;
            for place in ["keys", "account"] {
                let bytes = vault.get_account(place)?.with_context(|| place.to_owned())?.to_vec();
                kept.push((format!("account/{place}"), bytes));
            }
        }
        drop(vault);
        for name in ["work_key", "store_secret"] {
            if let Some(key) = around.secrets.get(name)? {
                kept.push((name.into(), key.expose().to_vec()));
            }
        }
        Ok((around.start().await?, kept))
    }

    /// Where the app keeps what it saved.
    pub fn folder(&self) -> &Path {
        self.around.data.path()
    }

    /// The system opens the app with a link.
    pub fn opens(&self, link: String) {
        self.driver.open_link(link);
    }

    pub fn does(&self, intent: Intent) {
        self.driver.dispatch(intent);
    }

    /// The same, and waits until it counts: for what a story does to the world right after it.
    pub async fn hears(&self, intent: Intent) -> Result<()> {
        let mut frames = self.driver.frames();
        let before = frames.borrow_and_update().revision;
        self.does(intent);
        crate::within("an intent that counts", frames.wait_for(|frame| frame.revision > before)).await??;
        Ok(())
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
        self.around.clock.off.store(off.as_secs(), Ordering::SeqCst);
    }

    /// Every credential that a call of this phone has carried.
    pub fn credentials(&self) -> Vec<String> {
        self.around.line.credentials()
    }

    /// The key that a phone's hardware would never give away.
    pub fn hardware_key(&self) -> Option<Vec<u8>> {
        Some(self.around.hardware.stolen_key()?.to_bytes().to_vec())
    }

    /// What the sensor says from now on.
    pub fn sensor_is(&self, sensor: Sensor) {
        self.around.hardware.sensor_is(sensor);
    }

    pub fn has_sensor(&self) -> bool {
        driver::Hardware::has_sensor(&*self.around.hardware)
    }

    /// Waits until such a notice lies on top of the screen.
    pub async fn is_told(&self, what: &str, wanted: impl Fn(&Notice) -> bool) -> Result<()> {
        self.shows(what, |_, notice| notice.filter(|notice| wanted(notice)).map(drop)).await
    }

    /// So much time passes on the phone's own counter, which nobody sets.
    pub fn waits(&self, time: Duration) {
        self.around.clock.slept.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    /// Tries a password on the locked phone; what the lock says to it.
    pub async fn tries(&self, password: &str) -> Result<LockedView> {
        // The try and its answer are two frames, and a quick answer hides the first.
        let answer = self.driver.frames().borrow().revision + 2;
        self.does(Intent::Unlock { password: password.to_owned().into() });
        let mut frames = self.driver.frames();
        crate::within("an answer of the lock", async {
            loop {
                let frame = frames.borrow_and_update().clone();
                match frame.shown {
                    Shown::Locked(view) if frame.revision >= answer && !view.busy => return Ok(view),
                    Shown::Open { .. } => bail!("{password} opened the lock"),
                    Shown::Locked(_) => {}
                }
                frames.changed().await?;
            }
        })
        .await?
    }

    /// Waits until the lock says so, and gives what it found.
    pub async fn locked<T>(&self, what: &str, wanted: impl Fn(&LockedView) -> Option<T>) -> Result<T> {
        let mut frames = self.driver.frames();
        let seen = crate::within(what, async {
            loop {
                if let Shown::Locked(view) = &frames.borrow_and_update().shown
                    && let Some(found) = wanted(view)
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
            locked @ Shown::Locked(_) => bail!("{locked:?}"),
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
        words::tell(&notice)?;
        let wanted = notice.clone();
        self.shows(&format!("{notice:?}"), |view, shown| (shown == Some(&wanted)).then(|| view.clone())).await
    }

    async fn shows<T>(&self, what: &str, wanted: impl Fn(&View, Option<&Notice>) -> Option<T>) -> Result<T> {
        let mut frames = self.driver.frames();
        let seen = crate::within(what, async {
            loop {
                if let Shown::Open { view, notice, .. } = &frames.borrow_and_update().shown
                    && let Some(found) = wanted(view, notice.as_ref())
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
            hardware: self.hardware.clone(),
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
        | View::Confirm { trouble, .. }
        | View::Link { trouble, .. }
        | View::Procedures { trouble, .. }
        | View::Settings { trouble, .. } => *trouble,
        View::Upload { stage: Stage::Failed { trouble }, .. } => Some(*trouble),
        View::Home { .. }
        | View::Intro
        | View::Check { .. }
        | View::Edit { .. }
        | View::Upload { .. }
        | View::Done { .. }
        | View::ChangePassword { .. } => None,
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
