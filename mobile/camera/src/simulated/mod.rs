//! The desktop's camera: photos from a folder, looked at from a hand. Its frames take the same way as a phone's.
//!
//! Knows files and the hand's motion; refuses to know what is on a picture and when one is taken: that is the session's.
//! Time comes from the clock it is given.

mod hand;
mod seen;

use crate::{
    Clock, Error, Generation, Next, Permission, Purpose, Session,
    nv21::{self, Nv21},
    platform::Platform,
    preview::Preview,
};
use hand::{Hand, SWING_MS};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// What a tester lays under the camera.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// A folder whose pictures lie there one after the other, by name; each is taken away once photographed.
    pub photos: Option<PathBuf>,
    /// What is seen when a code is looked for: a picture of the portal's page.
    pub code_picture: Option<PathBuf>,
    /// The citizen has refused the camera.
    pub denied: bool,
}

/// Longer side of a frame.
const FRAME_SIDE: u32 = 1280;
/// From one frame to the next: about 12 a second.
const FRAME_MS: u64 = 80;

pub(crate) struct SimulatedCamera {
    scene: Mutex<Scene>,
    session: Arc<Session>,
    clock: Arc<dyn Clock>,
    pub preview: Preview,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl SimulatedCamera {
    pub fn new(session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        SimulatedCamera {
            scene: Mutex::new(Scene::new()),
            session,
            clock,
            preview: Preview::default(),
            thread: Mutex::new(None),
        }
    }

    pub fn table(&self) -> Table {
        lock(&self.scene).table.clone()
    }

    /// Lays something else on the table; what was on it is out of view at once.
    pub fn set_table(&self, table: Table) {
        let now = self.clock.now_ms();
        lock(&self.scene).lay(table, now);
    }

    /// Wakes the frame thread, so that it notices the end of its session now.
    pub fn wake(&self) {
        if let Some(frames) = &*lock(&self.thread) {
            frames.thread().unpark();
        }
    }

    /// Frames for `session`, on a thread of their own, until the session is over.
    fn run(self: &Arc<Self>, session: Generation) {
        loop {
            let now = self.clock.now_ms();
            let frame = Arc::new(lock(&self.scene).frame(now));
            if self.session.running().is_none_or(|(running, _)| running != session) {
                break;
            }
            self.preview.show(Arc::clone(&frame));
            let yuv = match scan::Yuv::nv21(&frame.bytes, frame.width, frame.height) {
                Ok(yuv) => yuv,
                Err(error) => {
                    tracing::error!(%error, "a frame that is none");
                    self.session.fail(session, Error::BadFrame);
                    break;
                }
            };
            match self.session.analyze(session, &yuv, now) {
                Next::Frame => {}
                Next::Still => self.shoot(session),
                Next::Closed => break,
            }
            let spent = self.clock.now_ms().saturating_sub(now);
            thread::park_timeout(Duration::from_millis(FRAME_MS.saturating_sub(spent)));
        }
        if self.session.running().is_none() {
            self.preview.clear();
        }
    }
}

impl Platform for Arc<SimulatedCamera> {
    /// The tester's answer; nobody has to be asked.
    fn permission(&self) -> Result<Permission, Error> {
        Ok(if self.table().denied { Permission::Denied } else { Permission::Granted })
    }

    fn open(&self, session: Generation, purpose: Purpose) -> Result<(), Error> {
        if self.table().denied {
            return Err(Error::Denied);
        }
        self.close();
        lock(&self.scene).open(purpose, self.clock.now_ms());
        let camera = Arc::clone(self);
        let frames = thread::Builder::new().name("camera".into()).spawn(move || camera.run(session));
        let frames = frames.map_err(|error| {
            tracing::error!(%error, "no thread for the camera");
            Error::NoPicture
        })?;
        *lock(&self.thread) = Some(frames);
        Ok(())
    }

    /// Waits for the frame thread, whose session is over.
    fn close(&self) {
        let frames = lock(&self.thread).take();
        if let Some(frames) = frames {
            frames.thread().unpark();
            if frames.join().is_err() {
                tracing::error!("the simulated camera panicked");
            }
        }
    }

    /// Gives the photo in view to the session and goes on to the next one.
    fn shoot(&self, session: Generation) {
        let photo = lock(&self.scene).photo();
        // A photo that nobody wanted leaves the paper where it lies.
        if self.session.deliver(session, photo.read()) {
            let now = self.clock.now_ms();
            lock(&self.scene).take_away(now);
        }
    }

    /// The lamp of the simulated camera lights nothing.
    fn set_torch(&self, _: bool) -> Result<(), Error> {
        Ok(())
    }

    /// There is no system camera on a desktop.
    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::Unsupported)
    }

    /// The permission of a simulated camera is the tester's, not the system's.
    fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What lies under the phone and how the phone moves above it: a function of the times it is told.
struct Scene {
    table: Table,
    photos: Vec<PathBuf>,
    /// Index of the photo in view; beyond the last one the desk is empty.
    next: usize,
    purpose: Purpose,
    view: View,
}

struct View {
    picture: Nv21,
    source: Photo,
    hand: Hand,
    since_ms: u64,
    leaving_ms: Option<u64>,
}

/// Where the full-size picture of what is in view comes from.
#[derive(Debug, Clone)]
enum Photo {
    File(PathBuf),
    Desk,
}

impl Scene {
    fn new() -> Self {
        let purpose = Purpose::Page;
        Scene { table: Table::default(), photos: Vec::new(), next: 0, purpose, view: View::of(Photo::Desk, 0, 0) }
    }

    fn lay(&mut self, table: Table, now: u64) {
        if table.photos != self.table.photos {
            self.next = 0;
        }
        self.photos = table.photos.as_deref().map(pictures_in).unwrap_or_default();
        self.table = table;
        self.show(now);
    }

    fn open(&mut self, purpose: Purpose, now: u64) {
        self.purpose = purpose;
        // Pictures may have been added; and after the last one the camera is opened on the first again.
        self.photos = self.table.photos.as_deref().map(pictures_in).unwrap_or_default();
        if self.next >= self.photos.len() {
            self.next = 0;
        }
        self.show(now);
    }

    fn show(&mut self, now: u64) {
        let file = match self.purpose {
            Purpose::Page => self.photos.get(self.next),
            Purpose::Code => self.table.code_picture.as_ref(),
        };
        self.view = View::of(file.cloned().map_or(Photo::Desk, Photo::File), now, self.next as u64);
    }

    /// What is in view, from the pose of this moment.
    fn frame(&mut self, now: u64) -> Nv21 {
        if self.view.leaving_ms.is_some_and(|since| now >= since + SWING_MS) {
            self.show(now);
        }
        let view = &self.view;
        view.picture.seen(match view.leaving_ms {
            Some(since) => view.hand.leaving(now.saturating_sub(since)),
            None => view.hand.arriving(now.saturating_sub(view.since_ms)),
        })
    }

    fn photo(&self) -> Photo {
        self.view.source.clone()
    }

    fn take_away(&mut self, now: u64) {
        if self.view.leaving_ms.is_none() && matches!(self.view.source, Photo::File(_)) {
            self.next += 1;
            self.view.leaving_ms = Some(now);
        }
    }
}

impl View {
    fn of(source: Photo, now: u64, seed: u64) -> Self {
        let picture = match &source {
            Photo::Desk => None,
            Photo::File(path) => Photo::pixels(path),
        };
        let (picture, source) = match picture {
            Some(picture) => (picture, source),
            None => (Nv21::desk(960, 1280), Photo::Desk),
        };
        View { picture, source, hand: Hand { seed }, since_ms: now, leaving_ms: None }
    }
}

impl Photo {
    fn pixels(path: &Path) -> Option<Nv21> {
        let bytes = std::fs::read(path).inspect_err(|error| tracing::warn!(%error, ?path, "unreadable")).ok()?;
        let picture = scan::decode(&bytes, Some(FRAME_SIDE));
        let picture = picture.inspect_err(|error| tracing::warn!(%error, ?path, "no picture")).ok()?;
        // Smaller than that is nothing a camera gives.
        (picture.width() >= 64 && picture.height() >= 64).then(|| Nv21::of(&picture))
    }

    /// The full-size JPEG: a JPEG's very bytes, anything else as a camera would have encoded it.
    fn read(&self) -> Result<Vec<u8>, Error> {
        let no_picture = |error: &dyn std::error::Error| {
            tracing::warn!(%error, "the simulated camera took no picture");
            Error::NoPicture
        };
        let bytes = match self {
            Photo::File(path) => std::fs::read(path).map_err(|error| no_picture(&error))?,
            Photo::Desk => return Nv21::desk(960, 1280).preview().map_err(|error| no_picture(&error)),
        };
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Ok(bytes);
        }
        let picture = scan::decode(&bytes, None).map_err(|error| no_picture(&error))?;
        nv21::encode(picture.as_raw(), picture.width(), picture.height(), 92).map_err(|error| no_picture(&error))
    }
}

/// JPEG, PNG and WebP pictures of a folder, by name.
fn pictures_in(folder: &Path) -> Vec<PathBuf> {
    let is_picture = |path: &PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
        kind.is_some_and(|kind| ["jpg", "jpeg", "png", "webp"].contains(&kind.as_str()))
    };
    let entries = std::fs::read_dir(folder).inspect_err(|error| tracing::warn!(%error, ?folder, "no photos"));
    let mut pictures: Vec<PathBuf> =
        entries.into_iter().flatten().flatten().map(|entry| entry.path()).filter(is_picture).collect();
    pictures.sort();
    pictures
}

#[cfg(test)]
pub(crate) mod tests;
