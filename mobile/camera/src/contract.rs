//! What the screens may rely on, whatever the platform and the order of things: every command settles, nothing is told once a session
//! is over, nothing stays open. Scripts drawn by chance are played to a scripted phone, which does everything at the worst
//! moment, and to the simulated camera with its real threads.
//!
//! The phones' own cameras stand behind the same trait; what only they can show is in `docs/device-checklist.md`.

use crate::{
    Error, Event, Generation, Next, Permission, PhotoSink, Purpose, Session, SinkError, StartOptions, Still, Table,
    camera::Controls,
    platform::Platform,
    simulated::SimulatedCamera,
    webcam::{Script, Webcam},
};
use proptest::{
    collection,
    prelude::*,
    test_runner::{Config, RngSeed},
};
use scan::Yuv;
use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
    time::Duration,
};
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tokio::time::timeout;

/// What happens to a camera from outside and inside. Commands are not waited for before the next step.
#[derive(Debug, Clone, Copy)]
enum Step {
    Start {
        code: bool,
    },
    Stop,
    Capture,
    SystemCamera,
    Torch(bool),
    Automatic(bool),
    Permission,
    /// A call, another app, the home gesture.
    Pause,
    /// The person takes the permission away, or gives it back.
    Deny(bool),
    /// The platform's camera breaks.
    Break,
    /// Opening takes until `Go`.
    Slow,
    Go,
    /// A frame of the session that runs, one that ended, or one that never was.
    Frame {
        turned: bool,
        session: Whose,
    },
    /// The picture that was asked for longest ago, or one that nobody asked for.
    Deliver {
        lost: bool,
        session: Whose,
    },
    /// All commands so far settle; then the camera is open for the session that runs, and for no other.
    Rest,
}

#[derive(Debug, Clone, Copy)]
enum Whose {
    Current,
    Ended,
    Nobodys,
}

fn whose() -> impl Strategy<Value = Whose> {
    prop_oneof![4 => Just(Whose::Current), 2 => Just(Whose::Ended), 1 => Just(Whose::Nobodys)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|code| Step::Start { code }),
        2 => Just(Step::Stop),
        3 => Just(Step::Capture),
        1 => Just(Step::SystemCamera),
        1 => any::<bool>().prop_map(Step::Torch),
        1 => any::<bool>().prop_map(Step::Automatic),
        1 => Just(Step::Permission),
        2 => Just(Step::Pause),
        1 => any::<bool>().prop_map(Step::Deny),
        1 => Just(Step::Break),
        1 => Just(Step::Slow),
        2 => Just(Step::Go),
        5 => (any::<bool>(), whose()).prop_map(|(turned, session)| Step::Frame { turned, session }),
        3 => (any::<bool>(), whose()).prop_map(|(lost, session)| Step::Deliver { lost, session }),
        2 => Just(Step::Rest),
    ]
}

fn thirty_scripts() -> Config {
    // The same ones every time.
    Config { cases: 30, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(thirty_scripts())]

    #[test]
    fn a_phone_that_does_everything_at_the_worst_moment(script in collection::vec(step(), 10..60)) {
        let album = Arc::default();
        let session = Arc::new(Session::new(Arc::clone(&album) as Arc<dyn PhotoSink>));
        let phone = Arc::new(Phone::default());
        play(&script, Stage::new(session, Arc::clone(&phone) as _, album), &phone, Some(&phone));
        prop_assert_eq!(lock(&phone.open).take(), None, "the camera stayed open");
    }

    #[test]
    fn the_simulated_camera_with_its_threads(script in collection::vec(step(), 5..16)) {
        let album = Arc::default();
        let session = Arc::new(Session::new(Arc::clone(&album) as Arc<dyn PhotoSink>));
        let time = AtomicU64::new(0);
        // Time goes on with every look at it.
        let clock = Arc::new(move || time.fetch_add(20, SeqCst));
        let simulated = Arc::new(SimulatedCamera::new(Arc::clone(&session), clock));
        play(&script, Stage::new(session, Arc::new(Arc::clone(&simulated)), album), &simulated, None);
        // The frame thread held another one, and a shot may end after the stop that gave it up.
        let alone = eventually(|| Arc::strong_count(&simulated) == 1);
        prop_assert!(alone, "a thread stayed");
    }

    #[test]
    fn the_webcam_with_its_threads(script in collection::vec(step(), 5..30)) {
        let album = Arc::default();
        let session = Arc::new(Session::new(Arc::clone(&album) as Arc<dyn PhotoSink>));
        let time = AtomicU64::new(0);
        let clock = Arc::new(move || time.fetch_add(20, SeqCst));
        let source = Arc::new(Script::default());
        let webcam = Arc::new(Webcam::of(Box::new(Arc::clone(&source)), Arc::clone(&session), clock));
        play(&script, Stage::new(session, Arc::new(Arc::clone(&webcam)), album), &source, None);
        prop_assert_eq!(source.open_now(), 0, "the camera stayed open");
        prop_assert!(source.most() <= 1, "two were open at once");
        let alone = eventually(|| Arc::strong_count(&webcam) == 1);
        prop_assert!(alone, "a thread stayed");
    }
}

/// What the script does to the camera itself, from outside.
trait World {
    fn deny(&self, denied: bool);

    /// The system takes the camera away, and has closed it where systems do.
    fn take_away(&self) {}

    /// The camera breaks.
    fn breaks(&self) {
        self.take_away();
    }

    /// Opening takes until it is no longer slow.
    fn slow(&self, _: bool) {}

    /// Once nothing happens any more, the camera is open for `running` and for nobody else.
    fn rests(&self, _running: Option<Generation>) {}
}

impl World for Arc<SimulatedCamera> {
    fn deny(&self, denied: bool) {
        self.set_table(Table { denied, ..Table::default() });
    }
}

impl World for Arc<Script> {
    fn deny(&self, denied: bool) {
        Script::deny(self, denied);
    }

    fn breaks(&self) {
        self.unplug();
    }

    fn slow(&self, slow: bool) {
        Script::slow(self, slow);
    }

    fn rests(&self, running: Option<Generation>) {
        assert!(
            eventually(|| self.open_now() == usize::from(running.is_some())),
            "{} open for {running:?}",
            self.open_now()
        );
    }
}

fn eventually(so: impl Fn() -> bool) -> bool {
    (0..1000).any(|_| {
        let now = so();
        if !now {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        now
    })
}

/// Plays the script, stops, and looks at what is left.
fn play(script: &[Step], stage: Stage, world: &dyn World, phone: Option<&Arc<Phone>>) {
    let mut stage = stage;
    for step in script {
        stage.step(*step, world, phone);
    }
    world.slow(false);
    stage.command(|controls| async move { controls.stop().await });
    stage.settle(phone);
    // Whatever a platform brings after the end.
    stage.late();
    let Stage { session, told, begun, controls, album, .. } = stage;
    assert!(session.running().is_none());
    assert!(!told.late.load(SeqCst), "something was told after the end");
    assert_eq!(told.listening.load(SeqCst), 0, "of {begun} listeners some were kept");
    assert_eq!(album.keeping.load(SeqCst), 0);
    drop(controls);
}

/// The screens' end.
#[derive(Default)]
struct Told {
    /// Something came for a session whose end was told, or whose stop had settled.
    late: AtomicBool,
    listening: AtomicUsize,
}

/// One session's listener; counted, so that one that is kept is noticed.
struct Listener {
    told: Arc<Told>,
    over: Arc<AtomicBool>,
}

impl Listener {
    fn hear(&self, event: &Event) {
        if self.over.load(SeqCst) {
            self.told.late.store(true, SeqCst);
        }
        if matches!(event, Event::Interrupted) {
            self.over.store(true, SeqCst);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.told.listening.fetch_sub(1, SeqCst);
    }
}

#[derive(Default)]
struct Album {
    keeping: AtomicUsize,
}

impl PhotoSink for Album {
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        self.keeping.fetch_add(1, SeqCst);
        assert!(!still.jpeg.is_empty());
        self.keeping.fetch_sub(1, SeqCst);
        Ok("a photo".into())
    }
}

struct Stage {
    session: Arc<Session>,
    controls: Arc<Controls>,
    album: Arc<Album>,
    told: Arc<Told>,
    begun: usize,
    /// Of the session begun last.
    over: Arc<AtomicBool>,
    ended: Vec<Generation>,
    commands: Vec<JoinHandle<Result<(), Error>>>,
    at_ms: u64,
}

impl Stage {
    fn new(session: Arc<Session>, platform: Arc<dyn Platform>, album: Arc<Album>) -> Self {
        let controls = Arc::new(Controls::new(Arc::clone(&session), platform));
        let (told, over) = Default::default();
        Stage { session, controls, album, told, begun: 0, over, ended: Vec::new(), commands: Vec::new(), at_ms: 0 }
    }

    fn step(&mut self, step: Step, world: &dyn World, phone: Option<&Arc<Phone>>) {
        match step {
            Step::Start { code } => self.start(code),
            Step::Stop => {
                let over = Arc::clone(&self.over);
                self.remember();
                self.command(|controls| async move {
                    let stopped = controls.stop().await;
                    over.store(true, SeqCst);
                    stopped
                });
            }
            Step::Capture => self.command(|controls| async move { controls.capture().await }),
            Step::SystemCamera => {
                self.command(|controls| async move { controls.capture_with_system_camera().await.map(drop) });
            }
            Step::Torch(on) => self.command(move |controls| async move { controls.set_torch(on).await }),
            Step::Automatic(on) => drop(self.controls.set_automatic(on)),
            Step::Permission => self.command(|controls| async move { controls.permission().await.map(drop) }),
            Step::Pause => {
                self.remember();
                world.take_away();
                self.session.interrupt();
            }
            Step::Deny(denied) => world.deny(denied),
            Step::Break => {
                if let Some((session, _)) = self.session.running() {
                    self.ended.push(session);
                    world.breaks();
                    self.session.fail(session, Error::NoPicture);
                }
            }
            Step::Slow => world.slow(true),
            Step::Go => world.slow(false),
            Step::Frame { turned, session } => self.frame(turned, session),
            Step::Deliver { lost, session } => {
                let asked = phone.and_then(|phone| lock(&phone.asked).pop_front());
                let session = asked.or_else(|| self.whose(session));
                let photo = if lost { Err(Error::NoPicture) } else { Ok(vec![1]) };
                if let Some(session) = session {
                    self.session.deliver(session, photo);
                }
            }
            Step::Rest => {
                world.slow(false);
                self.settle(phone);
                world.rests(self.session.running().map(|(session, _)| session));
            }
        }
    }

    fn start(&mut self, code: bool) {
        self.remember();
        self.over = Arc::default();
        self.told.listening.fetch_add(1, SeqCst);
        self.begun += 1;
        let listener = Listener { told: Arc::clone(&self.told), over: Arc::clone(&self.over) };
        let events = Box::new(move |event| listener.hear(&event));
        let options = StartOptions { purpose: if code { Purpose::Code } else { Purpose::Page }, automatic: true };
        self.command(move |controls| async move { controls.start(options, events).await });
    }

    fn frame(&mut self, turned: bool, session: Whose) {
        let Some(session) = self.whose(session) else { return };
        self.at_ms += 40;
        let bytes = vec![120; 64 * 48 * 3 / 2];
        let (width, height) = if turned { (48, 64) } else { (64, 48) };
        let running = self.session.running().map(|(running, _)| running);
        let next = self.session.analyze(session, &Yuv::nv21(&bytes, width, height).unwrap(), self.at_ms);
        // Commands run beside this, so a session that ran may have ended; one that did not cannot have begun.
        assert!(running == Some(session) || next != Next::Still, "{next:?} for a session that was over");
    }

    fn late(&mut self) {
        for session in [Whose::Ended, Whose::Nobodys] {
            self.frame(false, session);
            if let Some(session) = self.whose(session) {
                assert!(!self.session.deliver(session, Ok(vec![1])), "a picture after the end was kept");
            }
        }
    }

    fn whose(&self, session: Whose) -> Option<Generation> {
        match session {
            Whose::Current => self.session.running().map(|(session, _)| session),
            Whose::Ended => self.ended.first().copied(),
            Whose::Nobodys => Some(Generation::from_number(u64::MAX)),
        }
    }

    fn remember(&mut self) {
        self.ended.extend(self.session.running().map(|(session, _)| session));
    }

    fn command<F: Future<Output = Result<(), Error>> + Send + 'static>(
        &mut self,
        command: impl FnOnce(Arc<Controls>) -> F,
    ) {
        let mut command = Box::pin(command(Arc::clone(&self.controls)));
        // As far as it comes at once, so that commands begin in the script's order.
        let begun = block_on(async { poll_fn(|context| Poll::Ready(command.as_mut().poll(context))).await });
        self.commands.push(spawn(async move {
            match begun {
                Poll::Ready(settled) => settled,
                Poll::Pending => command.await,
            }
        }));
    }

    fn settle(&mut self, phone: Option<&Arc<Phone>>) {
        for mut command in std::mem::take(&mut self.commands) {
            // Far less than a picture is waited for: nothing here may end only by that.
            let settled = (0..800).find_map(|_| {
                for session in phone.into_iter().flat_map(|phone| std::mem::take(&mut *lock(&phone.asked))) {
                    self.session.deliver(session, Ok(vec![1]));
                }
                block_on(async { timeout(Duration::from_millis(10), &mut command).await }).ok()
            });
            settled.expect("a command did not settle").expect("a command panicked").ok();
        }
    }
}

/// A platform that does what the script says and when it says so.
#[derive(Default)]
struct Phone {
    open: Mutex<Option<Generation>>,
    asked: Mutex<VecDeque<Generation>>,
    denied: AtomicBool,
    /// Somebody is opening, closing or lighting.
    used: AtomicBool,
    slow: Mutex<bool>,
    going: Condvar,
}

impl World for Arc<Phone> {
    fn deny(&self, denied: bool) {
        self.denied.store(denied, SeqCst);
    }

    /// As the phone's system does it, which waits for nobody.
    fn take_away(&self) {
        *lock(&self.open) = None;
    }

    fn slow(&self, slow: bool) {
        *lock(&self.slow) = slow;
        self.going.notify_all();
    }

    fn rests(&self, running: Option<Generation>) {
        assert_eq!(*lock(&self.open), running, "open for one session, running another");
    }
}

impl Phone {
    fn alone<T>(&self, act: impl FnOnce() -> T) -> T {
        assert!(!self.used.swap(true, SeqCst), "two at once");
        let done = act();
        self.used.store(false, SeqCst);
        done
    }
}

impl Platform for Phone {
    fn permission(&self) -> Result<Permission, Error> {
        Ok(if self.denied.load(SeqCst) { Permission::Denied } else { Permission::Granted })
    }

    fn open(&self, session: Generation, _: Purpose) -> Result<(), Error> {
        self.alone(|| {
            let slow = lock(&self.slow);
            drop(self.going.wait_while(slow, |slow| *slow).unwrap());
            // Half opened, as a camera is whose picture cannot be shown.
            *lock(&self.open) = Some(session);
            if self.denied.load(SeqCst) { Err(Error::Denied) } else { Ok(()) }
        })
    }

    fn close(&self) {
        self.alone(|| *lock(&self.open) = None);
    }

    fn shoot(&self, session: Generation) {
        lock(&self.asked).push_back(session);
    }

    fn set_torch(&self, on: bool) -> Result<(), Error> {
        self.alone(|| if on { Ok(()) } else { Err(Error::Unsupported) })
    }

    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.denied.load(SeqCst).then(|| vec![1]))
    }

    fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}

/// A picture that never comes, although no frame tells so either.
#[tokio::test(start_paused = true)]
async fn a_shutter_that_brings_nothing_settles() {
    let session = Arc::new(Session::new(Arc::new(Album::default())));
    let controls = Controls::new(Arc::clone(&session), Arc::new(Phone::default()));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let events = Arc::clone(&heard);
    let options = StartOptions { purpose: Purpose::Page, automatic: false };
    controls.start(options, Box::new(move |event| lock(&events).push(event))).await.unwrap();
    assert_eq!(controls.capture().await, Err(Error::NoPicture));
    assert_eq!(*lock(&heard), [Event::Failed { code: "no_picture" }]);
    assert!(session.running().is_none());
}

/// The system's camera app needs no session: it is the way out where none can be had.
#[tokio::test]
async fn a_photo_of_the_systems_camera_is_kept_without_a_session() {
    let album = Arc::new(Album::default());
    let phone = Arc::new(Phone::default());
    let controls = Controls::new(Arc::new(Session::new(album)), Arc::clone(&phone) as _);
    assert_eq!(controls.capture_with_system_camera().await, Ok(false));
    phone.denied.store(true, SeqCst);
    assert_eq!(controls.capture_with_system_camera().await, Ok(true));
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
