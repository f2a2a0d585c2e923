//! The webcam's threads with a scripted source of frames. What an order of commands leads to is in `contract.rs`.

use super::{script::Trouble, *};
use crate::{
    Event, Glance, Look, PhotoSink, Sight, SinkError, StartOptions, Still, Trigger,
    simulated::tests::{jpeg, page},
};
use std::sync::{
    atomic::AtomicU64,
    mpsc::{Receiver, channel},
};

#[derive(Default)]
struct Album(Mutex<Vec<Still>>);

impl PhotoSink for Album {
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        let mut kept = lock(&self.0);
        kept.push(still);
        Ok(kept.len().to_string())
    }
}

struct Set {
    webcam: Arc<Webcam>,
    script: Arc<Script>,
    session: Arc<Session>,
    album: Arc<Album>,
}

/// Time goes on with every frame, about as fast as it does.
const FRAME_MS: u64 = 4;
const PATIENCE: Duration = Duration::from_secs(20);

impl Set {
    fn new() -> Self {
        Set::with_eye(Box::new(crate::Eye::default()))
    }

    fn with_eye(eye: Box<dyn Look>) -> Self {
        let album = Arc::new(Album::default());
        let session = Arc::new(Session::with_eye(Arc::clone(&album) as Arc<dyn PhotoSink>, eye));
        let script = Arc::new(Script::default());
        let time = AtomicU64::new(1000);
        let clock = Arc::new(move || time.fetch_add(FRAME_MS, Ordering::Relaxed));
        let webcam = Arc::new(Webcam::of(Box::new(Arc::clone(&script)), Arc::clone(&session), clock));
        Set { webcam, script, session, album }
    }

    fn begin(&self, automatic: bool) -> (Generation, Receiver<Event>) {
        let (tell, told) = channel();
        let options = StartOptions { purpose: Purpose::Page, automatic };
        (self.session.begin(options, Box::new(move |event| drop(tell.send(event)))), told)
    }

    fn open(&self, automatic: bool) -> (Generation, Receiver<Event>) {
        let (session, told) = self.begin(automatic);
        self.webcam.open(session, Purpose::Page).unwrap();
        (session, told)
    }

    /// The stream's camera is free, without anybody having closed it.
    fn released(&self) -> bool {
        lock(&self.webcam.open).clone().is_none_or(|stream| stream.wait_released(PATIENCE))
    }
}

/// The first event that is no verdict.
fn told(events: &Receiver<Event>) -> Event {
    loop {
        match events.recv_timeout(PATIENCE).expect("something is told") {
            Event::Verdict { .. } => {}
            event => return event,
        }
    }
}

#[test]
fn a_held_page_is_taken_by_itself_as_the_very_frame() {
    let set = Set::new();
    let paper = jpeg(&page(3));
    set.script.lay(paper.clone());
    let (session, events) = set.open(true);
    assert_eq!(told(&events), Event::Captured { photo: "1".into() });
    let kept = lock(&set.album.0);
    assert!(kept[0].jpeg == paper && kept[0].trigger == Trigger::Automatic);
    drop(kept);
    assert_eq!(set.session.running().map(|(running, _)| running), Some(session), "the camera goes on");
    set.webcam.close();
    assert_eq!(set.script.open_now(), 0);
}

#[test]
fn the_shutter_takes_a_frame_from_after_it_was_pressed() {
    let set = Set::new();
    let before = jpeg(&page(1));
    set.script.lay(before.clone());
    let (session, _events) = set.open(false);
    let stream = lock(&set.webcam.open).clone().unwrap();
    stream.after(0, Some(PATIENCE)).expect("a frame");
    let after = jpeg(&page(2));
    let (_, mut taken) = set.session.press().unwrap();
    set.script.lay(after.clone());
    // One frame may have been on its way with the old page, and a torn one gives no picture.
    stream.after(stream.newest(), Some(PATIENCE)).expect("a frame");
    loop {
        set.webcam.shoot(session);
        if taken.try_recv() == Ok(Ok(())) {
            break;
        }
        taken = set.session.press().unwrap().1;
    }
    assert!(lock(&set.album.0)[0].jpeg == after);
    set.webcam.close();
}

#[test]
fn a_camera_that_cannot_be_opened_says_why_and_nothing_stays_open() {
    let set = Set::new();
    for error in [Error::Denied, Error::Unsupported, Error::Unavailable] {
        set.script.trouble(Trouble::Refuses(error));
        let (session, _events) = set.begin(true);
        assert_eq!(set.webcam.open(session, Purpose::Page), Err(error));
        assert_eq!(set.script.open_now(), 0);
    }
    assert_eq!(set.webcam.permission(), Ok(Permission::Granted));
    set.script.deny(true);
    assert_eq!(set.webcam.permission(), Ok(Permission::Denied));
    set.script.deny(false);
    set.webcam.refuse(true);
    let (session, _events) = set.begin(true);
    assert_eq!(set.webcam.open(session, Purpose::Page), Err(Error::Denied));
    assert_eq!(set.webcam.permission(), Ok(Permission::Denied));
}

#[test]
fn an_unplugged_camera_ends_its_session_and_the_next_one_opens() {
    let set = Set::new();
    let (_, events) = set.open(true);
    set.script.unplug();
    assert_eq!(told(&events), Event::Failed { code: "unavailable" });
    assert!(set.released());
    let (_, events) = set.open(true);
    assert!(matches!(events.recv_timeout(PATIENCE), Ok(Event::Verdict { .. })));
    assert_eq!((set.script.open_now(), set.script.most()), (1, 1));
    set.webcam.close();
}

#[test]
fn a_session_that_ends_elsewhere_releases_the_camera() {
    let set = Set::new();
    let (_, events) = set.open(true);
    set.session.interrupt();
    assert_eq!(told(&events), Event::Interrupted);
    assert!(set.released());
    assert_eq!(set.script.open_now(), 0);
}

#[test]
fn a_second_start_takes_the_camera_over() {
    let set = Set::new();
    let (first, _events) = set.open(true);
    let (_, events) = set.open(true);
    assert!(matches!(events.recv_timeout(PATIENCE), Ok(Event::Verdict { .. })));
    assert_eq!((set.script.open_now(), set.script.most()), (1, 1), "never two");
    // Late, for a session that is over.
    set.webcam.shoot(first);
    assert!(lock(&set.album.0).is_empty());
    set.webcam.close();
}

#[test]
fn a_driver_that_panics_ends_the_session_and_not_the_app() {
    for trouble in [Trouble::Panics, Trouble::Clings] {
        let set = Set::new();
        let (_, events) = set.open(true);
        let clings = matches!(trouble, Trouble::Clings);
        set.script.trouble(trouble);
        if clings {
            set.webcam.shut();
        }
        assert_eq!(told(&events), Event::Failed { code: "panicked" });
        assert!(set.released());
    }
}

#[test]
fn torn_frames_are_passed_over_until_there_are_no_others() {
    let set = Set::new();
    let (_, events) = set.open(true);
    // The first frame is torn and does not count.
    assert!(matches!(events.recv_timeout(PATIENCE), Ok(Event::Verdict { .. })));
    set.script.trouble(Trouble::Tears);
    assert_eq!(told(&events), Event::Failed { code: "bad_frame" });
    assert!(set.released());
}

/// Says which frames it sees, and takes its time.
struct Slow {
    sees: mpsc::Sender<u64>,
    go: Receiver<()>,
}

impl Look for Slow {
    fn look(&mut self, _: Generation, glance: Glance) -> Sight {
        _ = self.sees.send(glance.at_ms);
        // The test has ended where nobody says so any more.
        _ = self.go.recv();
        Sight::default()
    }
}

#[test]
fn while_a_frame_is_looked_at_all_but_the_newest_are_dropped() {
    let (sees, seen) = channel();
    let (go, going) = channel();
    let set = Set::with_eye(Box::new(Slow { sees, go: going }));
    let _events = set.open(true);
    let stream = lock(&set.webcam.open).clone().unwrap();
    let first = seen.recv_timeout(PATIENCE).unwrap();
    let mut newest = stream.newest();
    for _ in 0..10 {
        newest = stream.after(newest, Some(PATIENCE)).unwrap().number;
    }
    go.send(()).unwrap();
    let second = seen.recv_timeout(PATIENCE).unwrap();
    assert!(second >= first + 9 * FRAME_MS, "{second} after {first}: an old frame was looked at");
    drop(go);
    set.webcam.close();
}

#[tokio::test]
async fn the_preview_shows_the_frame_and_nothing_once_the_camera_is_closed() {
    let set = Set::new();
    assert_eq!(set.webcam.preview.picture(0).await, None);
    set.script.lay(jpeg(&page(1)));
    let _events = set.open(false);
    let mut picture = None;
    for number in 1..20 {
        picture = picture.or(set.webcam.preview.picture(number).await);
    }
    let picture = picture.expect("a picture");
    assert_eq!(scan::decode(&picture, None).unwrap().dimensions(), (480, 640));
    set.session.end();
    set.webcam.close();
    let mut after = set.webcam.preview.picture(0).await;
    // The thread that looks may still be at its last frame.
    while after.is_some() {
        tokio::task::yield_now().await;
        after = set.webcam.preview.picture(0).await;
    }
}

#[test]
fn refusals_are_told_from_other_troubles() {
    let denied = std::io::Error::from_raw_os_error(13).to_string();
    assert!(is_refusal(&format!("Could not open device 0: V4L2 Error: {denied}")));
    assert!(is_refusal("Access is denied. (0x80070005)"));
    assert!(!is_refusal(&std::io::Error::from_raw_os_error(16).to_string()), "busy");
}
