//! The phone's side: the real driver over the real network, with a camera, a file dialog and a citizen that are played.

use anyhow::{Context, Result, bail};
use driver::{
    Choice, Device, Driver, PickedFile, Picker, Picking, Ports, Still, SystemClock, SystemRng, Trigger,
    client::Https,
    journey::{Intent, Shown, View},
    protocol::Portal,
    vault::MemoryStore,
};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};

/// An app on a phone that belongs to nobody.
pub struct Phone {
    driver: Driver,
    secrets: Arc<MemoryStore>,
    files: Arc<Files>,
    data: tempfile::TempDir,
    portals: Vec<Portal>,
}

#[derive(Default)]
struct Files(Mutex<Vec<PickedFile>>);

impl Picker for Files {
    fn pick(&self, _: Choice) -> Picking<'_> {
        let picked = std::mem::take(&mut *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        Box::pin(async { Ok(picked) })
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
        let (secrets, files) = (Arc::new(MemoryStore::default()), Arc::new(Files::default()));
        let data = tempfile::tempdir()?;
        let driver = open(data.path(), &portals, &secrets, &files).await?;
        Ok(Self { driver, secrets, files, data, portals })
    }

    /// Kills the app at once and starts it again on what it had saved.
    pub async fn killed(self) -> Result<Self> {
        let Self { driver, secrets, files, data, portals } = self;
        driver.shutdown().await;
        let driver = open(data.path(), &portals, &secrets, &files).await?;
        Ok(Self { driver, secrets, files, data, portals })
    }

    /// Where the app keeps what it saved.
    pub fn folder(&self) -> &Path {
        self.data.path()
    }

    pub fn does(&self, intent: Intent) {
        self.driver.dispatch(intent);
    }

    /// What the next file dialog gives.
    pub fn will_pick(&self, files: Vec<PickedFile>) {
        *self.files.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = files;
    }

    /// Waits until the screen is what `wanted` recognises, and gives what it found.
    pub async fn sees<T>(&self, what: &str, wanted: impl Fn(&View) -> Option<T>) -> Result<T> {
        let mut frames = self.driver.frames();
        let seen = crate::within(what, async {
            loop {
                if let Shown::Open { view, .. } = &frames.borrow_and_update().shown
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

    /// The camera takes a picture; it is kept when this returns.
    pub async fn photographs(&self, jpeg: Vec<u8>, trigger: Trigger) -> Result<()> {
        self.driver.photo(Still { jpeg, trigger }).await.context("the photo")?;
        Ok(())
    }

    pub async fn picture(&self, path: &str) -> Result<Vec<u8>> {
        Ok(self.driver.picture(path).await?.bytes.to_vec())
    }
}

async fn open(dir: &Path, portals: &[Portal], secrets: &Arc<MemoryStore>, files: &Arc<Files>) -> Result<Driver> {
    let ports = Ports {
        net: Arc::new(Https::with_loopback()?),
        secrets: secrets.clone(),
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng),
        picker: files.clone(),
        device: Arc::new(Pixel),
    };
    Ok(driver::start(dir, portals.to_vec(), ports).await?)
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
