//! The desktop's own camera, in place of the simulated one. Its frames take the same way as a phone's.
//!
//! ```text
//! thread 'webcam': opens, reads, releases ─► Stream: the newest frame alone ─► thread 'frames': Session::analyze, stills, preview
//! ```
//!
//! Knows threads and who ends which; what touches hardware stands behind [`Cameras`] and is all in `native.rs`. Nothing waits for
//! hardware without a limit. A webcam has no stills of its own: the picture that is taken is a frame of the stream.

mod frame;
mod jpeg;
#[cfg(feature = "webcam")]
mod native;
#[cfg(test)]
mod script;
mod stream;
#[cfg(test)]
mod tests;

use crate::{Clock, Error, Generation, Next, Permission, Purpose, Session, platform::Platform, preview::Preview};
use frame::{Format, Frame};
#[cfg(test)]
pub(crate) use script::Script;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender},
    },
    thread,
    time::Duration,
};
use stream::Stream;

/// The system's cameras.
pub(crate) trait Cameras: Send + Sync + 'static {
    /// As [`Platform::permission`].
    fn permission(&self) -> Result<Permission, Error>;

    /// Opens a camera on the thread that will read it; never asks for the permission. [`Error::Denied`] where it may not be used,
    /// [`Error::Unsupported`] where there is none, [`Error::Unavailable`] where somebody else has it.
    fn open(&self) -> Result<Box<dyn Source>, Error>;
}

/// An open camera, which stays on its thread. It is released when this is dropped.
pub(crate) trait Source {
    /// Waits for the next frame. An error is the end of the camera: unplugged, or taken away.
    fn frame(&mut self) -> Result<Frame, Error>;
}

/// Hardware that has not answered by then does not answer.
const HARDWARE: Duration = Duration::from_secs(8);
/// How long a picture waits for the frame after the shutter.
const STILL: Duration = Duration::from_secs(4);
/// A camera that gives nothing but damaged frames for that long gives no others.
const DAMAGED_MS: u64 = 3000;

pub(crate) struct Webcam {
    session: Arc<Session>,
    clock: Arc<dyn Clock>,
    cameras: Box<dyn Cameras>,
    /// The tester says that the citizen has refused the camera.
    refused: AtomicBool,
    pub preview: Preview,
    open: Mutex<Option<Arc<Stream>>>,
}

impl Webcam {
    /// The machine's first camera that can be opened.
    #[cfg(feature = "webcam")]
    pub fn new(session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        Webcam::of(Box::new(native::Native), session, clock)
    }

    pub fn of(cameras: Box<dyn Cameras>, session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        let (refused, preview, open) = Default::default();
        Webcam { session, clock, cameras, refused, preview, open }
    }

    /// Whether the citizen has refused the camera, whatever the system says. Ends no session.
    pub fn refuse(&self, refused: bool) {
        self.refused.store(refused, Ordering::Relaxed);
    }

    /// The life of one stream's camera, on a thread of its own. Says once whether it could be opened.
    fn read(&self, stream: &Stream, opened: &SyncSender<Result<(), Error>>) {
        let source = guarded(|| self.cameras.open()).flatten();
        // Whoever waited may have given up; then the stream is over.
        let _ = opened.send(source.as_ref().map(|_| ()).map_err(|error| *error));
        if let Ok(mut source) = source {
            let read = guarded(|| self.bring(&mut *source, stream)).flatten();
            let released = guarded(|| drop(source));
            if let Err(error) = read.and(released) {
                self.session.fail(stream.session, error);
            }
        }
        stream.end();
        stream.release();
    }

    fn bring(&self, source: &mut dyn Source, stream: &Stream) -> Result<(), Error> {
        while !stream.is_over() {
            let frame = source.frame()?;
            stream.put(frame, self.clock.now_ms());
        }
        Ok(())
    }

    /// Looks at the newest frame, again and again, until the session or the stream is over.
    fn look(&self, stream: &Stream) {
        if let Err(error) = guarded(|| self.judge(stream)).flatten() {
            self.session.fail(stream.session, error);
        }
        // The reading thread releases the camera after the frame that it waits for.
        stream.end();
        if self.session.running().is_none() {
            self.preview.clear();
        }
    }

    fn judge(&self, stream: &Stream) -> Result<(), Error> {
        let mut last = 0;
        let mut good_ms = None;
        while let Some(taken) = stream.after(last, None) {
            last = taken.number;
            if self.session.running().is_none_or(|(running, _)| running != stream.session) {
                break;
            }
            let since = *good_ms.get_or_insert(taken.at_ms);
            let seen = match taken.frame.seen() {
                Ok(seen) => Arc::new(seen),
                // Many a camera begins with a torn frame, and a bad cable tears one now and then.
                Err(_) if taken.at_ms < since + DAMAGED_MS => continue,
                Err(error) => return Err(error),
            };
            good_ms = Some(taken.at_ms);
            self.preview.show(Arc::clone(&seen));
            let yuv = scan::Yuv::nv21(&seen.bytes, seen.width, seen.height).map_err(|error| {
                tracing::error!(%error, "a frame that is none");
                Error::BadFrame
            })?;
            match self.session.analyze(stream.session, &yuv, taken.at_ms) {
                Next::Frame => {}
                // The very frame that was found good.
                Next::Still => drop(self.session.deliver(stream.session, taken.frame.jpeg())),
                Next::Closed => break,
            }
        }
        Ok(())
    }

    /// Whether nothing is open any more.
    fn shut(&self) -> bool {
        let Some(stream) = lock(&self.open).take() else { return true };
        stream.end();
        let released = stream.wait_released(HARDWARE);
        if !released {
            tracing::error!("the webcam does not let go");
            // Whoever opens next waits for it again.
            lock(&self.open).get_or_insert(stream);
        }
        released
    }

    fn spawn(self: &Arc<Self>, name: &str, task: impl FnOnce(&Webcam) + Send + 'static) -> Result<(), Error> {
        let webcam = Arc::clone(self);
        let spawned = thread::Builder::new().name(name.into()).spawn(move || task(&webcam));
        spawned.map(drop).map_err(|error| {
            tracing::error!(%error, "no thread for the webcam");
            Error::Unavailable
        })
    }
}

impl Platform for Arc<Webcam> {
    fn permission(&self) -> Result<Permission, Error> {
        if self.refused.load(Ordering::Relaxed) { Ok(Permission::Denied) } else { self.cameras.permission() }
    }

    fn open(&self, session: Generation, _: Purpose) -> Result<(), Error> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(Error::Denied);
        }
        if !self.shut() {
            return Err(Error::Unavailable);
        }
        let stream = Arc::new(Stream::new(session));
        let (opened, answered) = mpsc::sync_channel(1);
        let reading = Arc::clone(&stream);
        self.spawn("webcam", move |webcam| webcam.read(&reading, &opened))?;
        // Before the answer, so that a camera that takes too long is still closed.
        *lock(&self.open) = Some(Arc::clone(&stream));
        answered.recv_timeout(HARDWARE).unwrap_or_else(|error| {
            tracing::error!(%error, "no answer from the webcam");
            Err(Error::Unavailable)
        })?;
        self.spawn("frames", move |webcam| webcam.look(&stream))
    }

    fn close(&self) {
        self.shut();
    }

    /// The next frame, so that nothing is on the picture that was there before the shutter.
    fn shoot(&self, session: Generation) {
        let stream = lock(&self.open).clone().filter(|stream| stream.session == session);
        let taken = stream.and_then(|stream| stream.after(stream.newest(), Some(STILL)));
        let photo = taken.ok_or(Error::NoPicture).and_then(|taken| guarded(|| taken.frame.jpeg()).flatten());
        self.session.deliver(session, photo);
    }

    /// A webcam has no lamp.
    fn set_torch(&self, _: bool) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    /// There is no system camera on a desktop.
    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::Unsupported)
    }

    /// Each system has another place for it, and most have none.
    fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}

/// Where a driver or what stands before it panics, the session ends and the app goes on.
fn guarded<T>(task: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(task)).map_err(|_| Error::Panicked)
}

/// Whether a system says with these words that its person or administrator has forbidden the camera: `EACCES` as the standard library
/// prints it, `E_ACCESSDENIED` as Windows' does.
fn is_refusal(text: &str) -> bool {
    text.contains("(os error 13)") || text.contains("0x80070005")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
