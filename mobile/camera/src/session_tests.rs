//! Lifecycle scripts: whatever the order, every command settles and nothing late is told.

use super::*;
use crate::{SinkError, models::Event};
use scan::Quad;
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
    mpsc::{Receiver, channel},
};
use tokio::sync::oneshot::error::TryRecvError;

/// Names photos by their number; fails when told to.
#[derive(Default)]
struct Album {
    kept: Mutex<Vec<(Vec<u8>, Trigger)>>,
    trouble: Mutex<Option<SinkError>>,
    asked: AtomicUsize,
}

impl PhotoSink for Album {
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if let Some(trouble) = *self.trouble.lock().unwrap() {
            return Err(trouble);
        }
        let mut kept = self.kept.lock().unwrap();
        kept.push((still.jpeg, still.trigger));
        Ok(format!("photo {}", kept.len()))
    }
}

struct Stage {
    session: Session,
    album: Arc<Album>,
}

const PAGE: StartOptions = StartOptions { purpose: Purpose::Page, automatic: true };

impl Stage {
    fn new() -> Self {
        let album = Arc::new(Album::default());
        Stage { session: Session::new(Arc::clone(&album) as Arc<dyn PhotoSink>), album }
    }

    fn begin(&self, options: StartOptions) -> (Generation, Receiver<Event>) {
        let (tell, told) = channel();
        // The test may have dropped its end.
        let events = Box::new(move |event| drop(tell.send(event)));
        (self.session.begin(options, events), told)
    }

    fn frame(&self, session: Generation, at_ms: u64) -> Next {
        let bytes = vec![120; 64 * 64 * 3 / 2];
        self.session.analyze(session, &Yuv::nv21(&bytes, 64, 64).unwrap(), at_ms)
    }
}

fn told(events: &Receiver<Event>) -> Vec<Event> {
    events.try_iter().collect()
}

#[test]
fn a_frame_becomes_a_verdict_and_never_more_than_fifteen_a_second() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    for at in (0..1000).step_by(10) {
        assert_eq!(stage.frame(session, at), Next::Frame);
    }
    let verdicts = told(&events);
    assert!((12..=15).contains(&verdicts.len()), "{} verdicts in a second", verdicts.len());
    assert!(verdicts.iter().all(|event| matches!(event, Event::Verdict { .. })));
}

#[test]
fn a_manual_photo_is_kept_told_and_its_command_settled() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let (asked, mut taken) = stage.session.press().unwrap();
    assert_eq!(asked, session);
    assert_eq!(taken.try_recv(), Err(TryRecvError::Empty));
    assert!(stage.session.deliver(session, Ok(vec![1, 2, 3])));
    assert_eq!(taken.try_recv(), Ok(Ok(())));
    assert_eq!(told(&events), [Event::Captured { photo: "photo 1".into() }]);
    assert_eq!(*stage.album.kept.lock().unwrap(), [(vec![1, 2, 3], Trigger::Manual)]);
}

#[test]
fn the_shutter_is_busy_until_its_photo_is_kept_and_free_afterwards() {
    let stage = Stage::new();
    let (session, _events) = stage.begin(PAGE);
    let first = stage.session.press();
    assert_eq!(stage.session.press().unwrap_err(), Error::Busy);
    stage.session.deliver(session, Ok(vec![1]));
    drop(first);
    assert!(stage.session.press().is_ok());
}

#[test]
fn one_shot_is_one_photo_however_often_the_platform_delivers() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let _taken = stage.session.press().unwrap();
    stage.session.deliver(session, Ok(vec![1]));
    stage.session.deliver(session, Ok(vec![1]));
    assert_eq!(stage.album.asked.load(Ordering::Relaxed), 1);
    assert_eq!(told(&events).len(), 1);
}

#[test]
fn a_photo_that_cannot_be_kept_says_why_and_the_camera_goes_on() {
    for (trouble, code) in
        [(SinkError::NotWanted, "refused"), (SinkError::Full, "storage_full"), (SinkError::Failed, "storage_failed")]
    {
        let stage = Stage::new();
        *stage.album.trouble.lock().unwrap() = Some(trouble);
        let (session, events) = stage.begin(PAGE);
        let (_, mut taken) = stage.session.press().unwrap();
        assert!(!stage.session.deliver(session, Ok(vec![1])));
        assert_eq!(taken.try_recv(), Ok(Err(Error::from(trouble))));
        assert_eq!(told(&events), [Event::Failed { code }]);
        assert_eq!(stage.frame(session, 5), Next::Frame);
    }
}

#[test]
fn a_still_that_fails_settles_its_command() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let (_, mut taken) = stage.session.press().unwrap();
    stage.session.deliver(session, Err(Error::NoPicture));
    assert_eq!(taken.try_recv(), Ok(Err(Error::NoPicture)));
    assert_eq!(told(&events), [Event::Failed { code: "no_picture" }]);
    assert_eq!(stage.album.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn a_still_that_never_comes_ends_the_session_after_ten_seconds_of_frames() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let (_, mut taken) = stage.session.press().unwrap();
    for at in (1_000..11_000).step_by(500) {
        assert_eq!(stage.frame(session, at), Next::Frame);
    }
    assert_eq!(stage.frame(session, 11_000), Next::Closed);
    assert_eq!(taken.try_recv(), Ok(Err(Error::NoPicture)));
    assert_eq!(told(&events).last(), Some(&Event::Failed { code: "no_picture" }));
}

#[test]
fn stop_settles_the_shutter_and_silences_what_is_late() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let (_, mut taken) = stage.session.press().unwrap();
    stage.session.end();
    assert_eq!(taken.try_recv(), Ok(Err(Error::Stopped)));
    assert_eq!(stage.frame(session, 100), Next::Closed);
    stage.session.deliver(session, Ok(vec![1]));
    stage.session.fail(session, Error::NoPicture);
    assert_eq!(told(&events), [], "a stopped session says nothing");
    assert_eq!(stage.album.asked.load(Ordering::Relaxed), 0, "nobody asked for that photo any more");
    stage.session.end();
}

#[test]
fn a_second_start_interrupts_the_first_and_late_frames_touch_neither() {
    let stage = Stage::new();
    let (first, old_events) = stage.begin(PAGE);
    let (_, mut taken) = stage.session.press().unwrap();
    let (second, new_events) = stage.begin(PAGE);
    assert_ne!(first, second);
    assert_eq!(taken.try_recv(), Ok(Err(Error::Stopped)));
    assert_eq!(told(&old_events), [Event::Interrupted]);
    assert_eq!(stage.frame(first, 10), Next::Closed);
    stage.session.deliver(first, Ok(vec![1]));
    stage.session.torch_is(first, true);
    assert_eq!(stage.frame(second, 10), Next::Frame);
    let verdicts = told(&new_events);
    assert!(matches!(verdicts[..], [Event::Verdict { torch: false, .. }]), "{verdicts:?}");
}

#[test]
fn leaving_the_app_ends_the_session_and_coming_back_begins_another() {
    let stage = Stage::new();
    let (before, events) = stage.begin(PAGE);
    stage.session.interrupt();
    stage.session.interrupt();
    assert_eq!(told(&events), [Event::Interrupted], "told once");
    assert_eq!(stage.session.running(), None);
    assert_eq!(stage.session.press().unwrap_err(), Error::NotRunning);
    let (after, events) = stage.begin(PAGE);
    assert_eq!(stage.frame(before, 1), Next::Closed);
    assert_eq!(stage.frame(after, 2), Next::Frame);
    assert_eq!(told(&events).len(), 1);
}

#[test]
fn a_camera_that_is_taken_away_interrupts_its_own_session_only() {
    let stage = Stage::new();
    let (before, _) = stage.begin(PAGE);
    let (session, events) = stage.begin(PAGE);
    stage.session.lose(before);
    assert_eq!(told(&events), [], "a late word about the session before");
    let (_, mut taken) = stage.session.press().unwrap();
    stage.session.lose(session);
    assert_eq!(told(&events), [Event::Interrupted]);
    assert_eq!(taken.try_recv(), Ok(Err(Error::Stopped)));
    assert_eq!(stage.session.running(), None);
}

/// Sees the same page everywhere, on the left.
struct Certain;

const LEFT: Point = Point { x: 0.25, y: 0.5 };

impl Look for Certain {
    fn look(&mut self, _: Generation, _: Glance) -> Sight {
        let quad = Quad([(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)].map(|(x, y)| Point { x, y }));
        Sight { quad: Some(quad), ..Sight::default() }
    }
}

#[test]
fn the_platform_hears_once_where_to_aim_and_a_new_session_begins_anew() {
    let session = Session::with_eye(Arc::new(Album::default()), Box::new(Certain));
    let bytes = [120; 64 * 64 * 3 / 2];
    let frame = Yuv::nv21(&bytes, 64, 64).unwrap();
    for _ in 0..2 {
        let generation = session.begin(PAGE, Box::new(drop));
        let aims = [0, 1, 2].map(|at| session.see(generation, &frame, at)).map(|seen| (seen.next, seen.aim));
        assert_eq!(aims, [(Next::Frame, Some(LEFT)), (Next::Frame, None), (Next::Frame, None)]);
        session.end();
        assert_eq!(session.see(generation, &frame, 4), Seen { next: Next::Closed, aim: None });
    }
}

#[test]
fn the_lens_stays_where_it_is_while_a_picture_is_taken() {
    let session = Session::with_eye(Arc::new(Album::default()), Box::new(Certain));
    let generation = session.begin(PAGE, Box::new(drop));
    let bytes = [120; 64 * 64 * 3 / 2];
    let frame = Yuv::nv21(&bytes, 64, 64).unwrap();
    let _taken = session.press().unwrap();
    assert_eq!(session.see(generation, &frame, 0).aim, None);
    assert!(session.deliver(generation, Ok(vec![1])));
    assert_eq!(session.see(generation, &frame, 1).aim, Some(LEFT));
}

#[test]
fn a_permission_taken_away_is_told_as_such() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    stage.session.fail(session, Error::Denied);
    assert_eq!(told(&events), [Event::Failed { code: "denied" }]);
    assert_eq!(stage.session.running(), None);
}

#[test]
fn commands_without_a_session_say_so() {
    let stage = Stage::new();
    assert_eq!(stage.session.press().unwrap_err(), Error::NotRunning);
    assert_eq!(stage.session.set_automatic(true), Err(Error::NotRunning));
    let (_code, _events) = stage.begin(StartOptions { purpose: Purpose::Code, automatic: true });
    assert_eq!(stage.session.press().unwrap_err(), Error::NotRunning, "a code is read, not photographed");
}

#[test]
fn the_torch_is_in_the_verdict() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    stage.session.torch_is(session, true);
    stage.frame(session, 0);
    assert!(matches!(told(&events)[..], [Event::Verdict { torch: true, .. }]));
}

#[test]
fn a_second_frame_while_one_is_looked_at_is_dropped() {
    let stage = Stage::new();
    let (session, events) = stage.begin(PAGE);
    let looking = stage.session.eye.lock().unwrap();
    assert_eq!(stage.frame(session, 0), Next::Frame);
    drop(looking);
    assert_eq!(told(&events), [], "the frame was dropped, not queued");
    stage.frame(session, 1);
    assert_eq!(told(&events).len(), 1);
}

#[test]
fn a_panic_of_the_sink_stays_inside_and_is_told() {
    struct Panics;
    impl PhotoSink for Panics {
        fn accept(&self, _: Still) -> Result<String, SinkError> {
            panic!("on purpose")
        }
    }
    let session = Session::new(Arc::new(Panics));
    let (tell, told) = channel();
    let generation = session.begin(PAGE, Box::new(move |event| drop(tell.send(event))));
    let (_, mut taken) = session.press().unwrap();
    session.deliver(generation, Ok(vec![1]));
    assert_eq!(taken.try_recv(), Ok(Err(Error::Panicked)));
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [Event::Failed { code: "panicked" }]);
}

#[test]
fn events_are_written_as_the_screens_read_them() {
    let verdict = Event::Verdict { hint: Some(scan::automatic::Hint::TooDark), quad: None, steady: 0.5, torch: false };
    assert_eq!(
        serde_json::to_value(verdict).unwrap(),
        serde_json::json!({ "type": "verdict", "hint": "too_dark", "quad": null, "steady": 0.5, "torch": false })
    );
    let captured = serde_json::to_value(Event::Captured { photo: "7".into() }).unwrap();
    assert_eq!(captured, serde_json::json!({ "type": "captured", "photo": "7" }));
    assert_eq!(serde_json::to_value(Error::Denied).unwrap(), "denied");
    let options: StartOptions = serde_json::from_str(r#"{"purpose":"code","automatic":false}"#).unwrap();
    assert_eq!(options, StartOptions { purpose: Purpose::Code, automatic: false });
}

/// Random scripts of everything that can happen: no shutter stays unanswered, no session speaks after its end.
#[test]
fn thirty_scripts_in_random_order_settle() {
    for seed in 1..=30u64 {
        let stage = Stage::new();
        let mut random = seed;
        let mut draw = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        let mut sessions: Vec<(Generation, Receiver<Event>)> = Vec::new();
        let mut shutters: Vec<Taken> = Vec::new();
        for step in 0..60u64 {
            let any = (!sessions.is_empty()).then(|| sessions[draw(sessions.len() as u64) as usize].0);
            match (draw(9), any) {
                (0, _) => sessions.push(stage.begin(PAGE)),
                (1, _) => stage.session.end(),
                (2, _) => stage.session.interrupt(),
                (3 | 4, _) => shutters.extend(stage.session.press().ok().map(|(_, taken)| taken)),
                (5, Some(session)) => drop(stage.session.deliver(session, Ok(vec![step as u8]))),
                (6, Some(session)) => stage.session.fail(session, Error::NoPicture),
                (7, _) => drop(stage.session.set_automatic(step % 2 == 0)),
                (_, Some(session)) => drop(stage.frame(session, step * 40)),
                _ => {}
            }
            let running = stage.session.running().map(|(generation, _)| generation);
            for (session, events) in &sessions {
                let last = told(events).pop();
                let over = matches!(last, Some(Event::Interrupted));
                assert!(!over || running != Some(*session), "seed {seed}, step {step}: interrupted and running");
            }
        }
        stage.session.end();
        for mut taken in shutters {
            assert!(taken.try_recv() != Err(TryRecvError::Empty), "seed {seed}: a shutter was never answered");
        }
        for (session, events) in sessions {
            told(&events);
            stage.session.deliver(session, Ok(vec![0]));
            stage.session.fail(session, Error::NoPicture);
            assert_eq!(stage.frame(session, 99_999), Next::Closed);
            assert_eq!(told(&events), [], "seed {seed}: a session spoke after its end");
        }
    }
}
