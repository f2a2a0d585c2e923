//! The life of the camera, the same on every platform: one session at a time, frames in, verdicts and stills out.
//!
//! Knows which session a frame, a still or a command belongs to, and settles everything that ends with it. Refuses to know how a
//! platform opens its camera, what time it is (frames carry their own) and where photos are kept.
//!
//! A platform calls [`Session::begin`] once its camera may be used, [`Session::analyze`] from its own frame thread, and answers
//! [`Next::Still`] or a [`Session::press`] with one [`Session::deliver`]. Whatever arrives late is dropped.

use crate::{
    Error, Event, PhotoSink, Purpose, StartOptions, Still, Trigger,
    aim::Aim,
    eye::{Eye, Glance, Look, Sight},
};
use scan::{Point, Yuv};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};
use tokio::sync::oneshot;

/// Which session a frame or a still belongs to. Never the same number twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(u64);

impl Generation {
    /// For native code, which carries it as a number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// A number that native code gave back; one that was never given out belongs to no session.
    pub fn from_number(number: u64) -> Self {
        Generation(number)
    }
}

/// What the platform does after a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Bring the newest frame.
    Frame,
    /// Take the picture now and [`Session::deliver`] it; frames go on meanwhile.
    Still,
    /// This session is over: close the camera if it is still open for it.
    Closed,
}

/// What one frame led to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub next: Next,
    /// Where the camera focuses and exposes from now on, in fractions of the view; `None`: where it does.
    pub aim: Option<Point>,
}

impl Seen {
    fn nothing(next: Next) -> Self {
        Seen { next, aim: None }
    }
}

/// The screen's end of a session.
pub type Events = Box<dyn Fn(Event) + Send>;
/// Resolves when the picture is kept or will not be; a dropped sender is a stopped session.
pub type Taken = oneshot::Receiver<Result<(), Error>>;

/// Verdicts are at least this far apart: at most 15 a second.
const VERDICT_MS: u64 = 67;
/// The same code is told again only after this long: its screen may have failed to use it.
const CODE_AGAIN_MS: u64 = 2500;
/// A picture that has not come by then does not come any more.
const STILL_MS: u64 = 10_000;

pub struct Session {
    life: Mutex<Life>,
    /// Held while a frame is looked at; a second frame meanwhile is dropped.
    eye: Mutex<Box<dyn Look>>,
    sink: Arc<dyn PhotoSink>,
}

#[derive(Default)]
struct Life {
    last: u64,
    live: Option<Live>,
}

struct Live {
    generation: Generation,
    purpose: Purpose,
    automatic: bool,
    torch: bool,
    events: Events,
    /// The shutter was pressed since the last frame was looked at.
    pressed: bool,
    taking: Option<Taking>,
    verdict_ms: Option<u64>,
    code: Option<(String, u64)>,
    aim: Aim,
}

struct Taking {
    trigger: Trigger,
    done: Option<oneshot::Sender<Result<(), Error>>>,
    /// Time of the first frame seen since the shutter, to notice a picture that never comes.
    since_ms: Option<u64>,
    keeping: bool,
}

impl Session {
    pub fn new(sink: Arc<dyn PhotoSink>) -> Self {
        Session::with_eye(sink, Box::new(Eye::default()))
    }

    /// As [`Session::new`], with something else that looks at the frames.
    pub fn with_eye(sink: Arc<dyn PhotoSink>, eye: Box<dyn Look>) -> Self {
        Session { life: Mutex::default(), eye: Mutex::new(eye), sink }
    }

    /// Begins a session; an earlier one is interrupted.
    pub fn begin(&self, options: StartOptions, events: Events) -> Generation {
        let mut life = self.life();
        life.end(Some(Event::Interrupted), Error::Stopped);
        life.last += 1;
        let generation = Generation(life.last);
        life.live = Some(Live {
            generation,
            purpose: options.purpose,
            automatic: options.automatic,
            torch: false,
            events,
            pressed: false,
            taking: None,
            verdict_ms: None,
            code: None,
            aim: Aim::default(),
        });
        generation
    }

    /// The screen has stopped its session: nothing is told any more, a picture being taken is given up.
    pub fn end(&self) {
        self.life().end(None, Error::Stopped);
    }

    /// The app was left, a call came, the system took the camera away. The screen begins again when it is back.
    pub fn interrupt(&self) {
        self.life().end(Some(Event::Interrupted), Error::Stopped);
    }

    /// The system took the camera away from this session; a later one is not touched.
    pub fn lose(&self, session: Generation) {
        let mut life = self.life();
        if life.of(session).is_some() {
            life.end(Some(Event::Interrupted), Error::Stopped);
        }
    }

    /// Nobody hears of this session's end: the command that began it tells why.
    pub(crate) fn discard(&self, session: Generation) {
        let mut life = self.life();
        if life.of(session).is_some() {
            life.end(None, Error::Stopped);
        }
    }

    /// The platform's camera has failed in this session.
    pub fn fail(&self, session: Generation, error: Error) {
        let mut life = self.life();
        if life.of(session).is_some() {
            life.end(Some(Event::Failed { code: error.code() }), error);
        }
    }

    pub fn running(&self) -> Option<(Generation, Purpose)> {
        self.life().live.as_ref().map(|live| (live.generation, live.purpose))
    }

    pub fn set_automatic(&self, on: bool) -> Result<(), Error> {
        self.life().live.as_mut().map(|live| live.automatic = on).ok_or(Error::NotRunning)
    }

    /// Remembers for the verdicts what the platform has done with the lamp.
    pub fn torch_is(&self, session: Generation, on: bool) {
        if let Some(live) = self.life().of(session) {
            live.torch = on;
        }
    }

    /// The shutter: reserves it and says for which session the platform must take the picture.
    pub fn press(&self) -> Result<(Generation, Taken), Error> {
        let mut life = self.life();
        let live = life.live.as_mut().filter(|live| live.purpose == Purpose::Page).ok_or(Error::NotRunning)?;
        if live.taking.is_some() {
            return Err(Error::Busy);
        }
        let (done, taken) = oneshot::channel();
        live.taking = Some(Taking { trigger: Trigger::Manual, done: Some(done), since_ms: None, keeping: false });
        live.pressed = true;
        Ok((live.generation, taken))
    }

    /// The picture that was asked for, or why there is none. Keeps it on the caller's thread; says whether it was kept.
    pub fn deliver(&self, session: Generation, photo: Result<Vec<u8>, Error>) -> bool {
        let trigger = {
            let mut life = self.life();
            let taking = life.of(session).and_then(|live| live.taking.as_mut()).filter(|taking| !taking.keeping);
            let Some(taking) = taking else {
                tracing::debug!("a picture came too late");
                return false;
            };
            taking.keeping = true;
            taking.trigger
        };
        let kept = photo.and_then(|jpeg| self.keep(jpeg, trigger));
        let is_kept = kept.is_ok();
        let mut life = self.life();
        // Not told to a session that began meanwhile; the photo itself is safe and known to the sink's owner.
        let Some(live) = life.of(session) else { return is_kept };
        let done = live.taking.take().and_then(|taking| taking.done);
        (live.events)(match &kept {
            Ok(photo) => Event::Captured { photo: photo.clone() },
            Err(error) => Event::Failed { code: error.code() },
        });
        if let Some(done) = done {
            // Nobody waits any more where the command's future was dropped.
            let _ = done.send(kept.map(drop));
        }
        is_kept
    }

    /// Hands a photo to the sink, which names it; also one that no session has taken.
    pub(crate) fn keep(&self, jpeg: Vec<u8>, trigger: Trigger) -> Result<String, Error> {
        let kept = catch_unwind(AssertUnwindSafe(|| self.sink.accept(Still { jpeg, trigger })));
        Ok(kept.map_err(|_| Error::Panicked)??)
    }

    /// One frame of `session`, taken at `at_ms` on any clock that does not go back. The only entry for pixels, on every platform.
    ///
    /// Never blocks on another frame and never panics.
    pub fn analyze(&self, session: Generation, frame: &Yuv, at_ms: u64) -> Next {
        self.see(session, frame, at_ms).next
    }

    /// [`Session::analyze`] for a platform whose camera can be aimed at the page.
    pub fn see(&self, session: Generation, frame: &Yuv, at_ms: u64) -> Seen {
        let mut eye = match self.eye.try_lock() {
            Ok(eye) => eye,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Seen::nothing(Next::Frame),
        };
        let (purpose, automatic, pressed) = {
            let mut life = self.life();
            let Some(live) = life.of(session) else { return Seen::nothing(Next::Closed) };
            (live.purpose, live.automatic, std::mem::take(&mut live.pressed))
        };
        let glance = Glance { frame, at_ms, purpose, automatic, pressed };
        let sight = catch_unwind(AssertUnwindSafe(|| eye.look(session, glance)));
        let Ok(sight) = sight else {
            self.fail(session, Error::Panicked);
            return Seen::nothing(Next::Closed);
        };
        let page = sight.quad;
        let next = self.tell(session, sight, at_ms);
        // A lens that moves blurs the picture that is being taken.
        let mut life = self.life();
        let idle = life.of(session).filter(|live| live.taking.is_none());
        Seen { next, aim: idle.and_then(|live| live.aim.at(at_ms, page.as_ref())) }
    }

    fn tell(&self, session: Generation, sight: Sight, at_ms: u64) -> Next {
        let mut life = self.life();
        // The session may have ended while the frame was looked at.
        let Some(live) = life.of(session) else { return Next::Closed };
        if let Some(text) = sight.code {
            let fresh = live.code.as_ref().is_none_or(|(told, when)| *told != text || at_ms >= *when + CODE_AGAIN_MS);
            if fresh {
                live.code = Some((text.clone(), at_ms));
                (live.events)(Event::Code { text });
            }
        }
        if live.verdict_ms.is_none_or(|last| at_ms >= last + VERDICT_MS) {
            live.verdict_ms = Some(at_ms);
            let (hint, quad, steady) = (sight.hint, sight.quad, sight.steady);
            (live.events)(Event::Verdict { hint, quad, steady, torch: live.torch });
        }
        match &mut live.taking {
            Some(taking) => {
                let since = *taking.since_ms.get_or_insert(at_ms);
                if taking.keeping || at_ms < since + STILL_MS {
                    return Next::Frame;
                }
                life.end(Some(Event::Failed { code: Error::NoPicture.code() }), Error::NoPicture);
                Next::Closed
            }
            // `automatic` may have been switched off while the frame was looked at.
            None if sight.capture && live.automatic => {
                let trigger = Trigger::Automatic;
                live.taking = Some(Taking { trigger, done: None, since_ms: Some(at_ms), keeping: false });
                Next::Still
            }
            None => Next::Frame,
        }
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Life {
    fn of(&mut self, session: Generation) -> Option<&mut Live> {
        self.live.as_mut().filter(|live| live.generation == session)
    }

    /// Settles whatever the session has begun. Told while `life` is locked, so that nothing is told after `end` has returned.
    fn end(&mut self, last_words: Option<Event>, why: Error) {
        let Some(live) = self.live.take() else { return };
        if let Some(done) = live.taking.and_then(|taking| taking.done) {
            let _ = done.send(Err(why));
        }
        if let Some(event) = last_words {
            (live.events)(event);
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
