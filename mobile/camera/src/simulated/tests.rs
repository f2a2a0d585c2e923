//! The simulated camera with the real detector: page by page, nobody touching the shutter.

use super::*;
use crate::{Event, PhotoSink, SinkError, StartOptions, Still, Trigger};
use image::RgbImage;
use std::sync::{
    atomic::{AtomicU64, Ordering},
    mpsc::{Receiver, RecvTimeoutError, channel},
};

struct Album(Mutex<Vec<Still>>);

impl PhotoSink for Album {
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        let mut kept = self.0.lock().unwrap();
        kept.push(still);
        Ok(kept.len().to_string())
    }
}

/// A printed page on a dark table, every `seed` printed otherwise.
pub(crate) fn page(seed: u32) -> RgbImage {
    RgbImage::from_fn(960, 1280, |x, y| {
        let grain = ((x * 31 + y * 17) % 13) as u8;
        if !(150..810).contains(&x) || !(170..1110).contains(&y) {
            return image::Rgb([58 + grain, 46 + grain, 38 + grain]);
        }
        let (line, word) = (y / 22, x / (9 + seed % 7));
        let inked = y % 22 < 8 && (200..760).contains(&x) && (230..1050).contains(&y);
        let letters = word.wrapping_mul(2_654_435_761) ^ line.wrapping_mul(40_503 * (seed + 1));
        let print = inked && letters % 7 > 2 && !(line * (seed + 3)).is_multiple_of(5);
        image::Rgb(if print { [40, 40, 46] } else { [222 - grain, 220 - grain, 214 - grain] })
    })
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    nv21::encode(picture.as_raw(), picture.width(), picture.height(), 90).unwrap()
}

struct Set {
    camera: Arc<SimulatedCamera>,
    session: Arc<Session>,
    album: Arc<Album>,
    folder: tempfile::TempDir,
    time: Arc<AtomicU64>,
}

impl Set {
    fn new(pages: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for seed in 0..pages {
            std::fs::write(folder.path().join(format!("{seed}.jpg")), jpeg(&page(seed))).unwrap();
        }
        std::fs::write(folder.path().join("notes.txt"), "no picture").unwrap();
        let album = Arc::new(Album(Mutex::default()));
        let session = Arc::new(Session::new(Arc::clone(&album) as Arc<dyn PhotoSink>));
        let time = Arc::new(AtomicU64::new(1000));
        let clock = Arc::clone(&time);
        let camera = SimulatedCamera::new(Arc::clone(&session), Arc::new(move || clock.load(Ordering::Relaxed)));
        camera.set_table(Table { photos: Some(folder.path().to_owned()), ..Table::default() });
        Set { camera: Arc::new(camera), session, album, folder, time }
    }

    fn begin(&self, purpose: Purpose, automatic: bool) -> (Generation, Receiver<Event>) {
        let (tell, told) = channel();
        let session =
            self.session.begin(StartOptions { purpose, automatic }, Box::new(move |event| drop(tell.send(event))));
        lock(&self.camera.scene).open(purpose, self.camera.clock.now_ms());
        (session, told)
    }

    /// What the frame thread does, with a clock that the test turns.
    fn play(&self, session: Generation, ms: u64) {
        let until = self.time.load(Ordering::Relaxed) + ms;
        while self.time.load(Ordering::Relaxed) < until {
            let now = self.time.fetch_add(FRAME_MS, Ordering::Relaxed) + FRAME_MS;
            let frame = lock(&self.camera.scene).frame(now);
            let yuv = scan::Yuv::nv21(&frame.bytes, frame.width, frame.height).unwrap();
            if self.session.analyze(session, &yuv, now) == Next::Still {
                self.camera.shoot(session);
            }
        }
    }

    fn names(&self) -> Vec<usize> {
        let kept = self.album.0.lock().unwrap();
        let originals: Vec<Vec<u8>> = (0..3).map(|seed| jpeg(&page(seed))).collect();
        kept.iter().map(|still| originals.iter().position(|bytes| *bytes == still.jpeg).unwrap()).collect()
    }
}

#[test]
fn two_pages_are_taken_by_themselves_once_each_and_are_the_very_files() {
    let set = Set::new(2);
    let (session, events) = set.begin(Purpose::Page, true);
    set.play(session, 12_000);
    assert_eq!(set.names(), [0, 1]);
    let taken: Vec<Event> = events.try_iter().filter(|event| matches!(event, Event::Captured { .. })).collect();
    assert_eq!(taken.len(), 2);
    assert!(set.album.0.lock().unwrap().iter().all(|still| still.trigger == Trigger::Automatic));
}

#[test]
fn a_held_page_is_taken_soon_after_it_came_into_view() {
    let set = Set::new(1);
    let (session, _events) = set.begin(Purpose::Page, true);
    set.play(session, SWING_MS + 500);
    assert_eq!(set.names(), [] as [usize; 0], "not while the hand still moves");
    set.play(session, 1_300);
    assert_eq!(set.names(), [0]);
}

#[test]
fn with_automatic_off_nothing_is_taken_until_the_shutter_is_pressed() {
    let set = Set::new(2);
    let (session, events) = set.begin(Purpose::Page, false);
    set.play(session, 4_000);
    assert_eq!(set.names(), [] as [usize; 0]);
    let last = events.try_iter().last();
    assert!(matches!(last, Some(Event::Verdict { hint: None, quad: Some(_), steady: 0.0, .. })), "{last:?}");
    let (_, mut taken) = set.session.press().unwrap();
    set.camera.shoot(session);
    assert_eq!(taken.try_recv(), Ok(Ok(())));
    set.play(session, 3_000);
    assert_eq!(set.names(), [0]);
}

#[test]
fn after_the_last_page_the_desk_is_empty_and_a_new_session_begins_again() {
    let set = Set::new(1);
    let (session, events) = set.begin(Purpose::Page, true);
    set.play(session, 6_000);
    assert_eq!(set.names(), [0]);
    assert!(matches!(events.try_iter().last(), Some(Event::Verdict { quad: None, .. })));
    let (again, _events) = set.begin(Purpose::Page, true);
    set.play(again, 3_000);
    assert_eq!(set.names(), [0, 0]);
}

#[test]
fn a_code_picture_is_read_and_told_once() {
    use rxing::{BarcodeFormat, Writer, qrcode::QRCodeWriter};
    let set = Set::new(1);
    let text = "https://portal.example/t#1.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
    let matrix = QRCodeWriter {}.encode(text, &BarcodeFormat::QR_CODE, 300, 300).unwrap();
    let screen = RgbImage::from_fn(1200, 800, |x, y| {
        let dark = (450..750).contains(&x) && (250..550).contains(&y) && matrix.get(x - 450, y - 250);
        image::Rgb(if dark { [20; 3] } else { [250; 3] })
    });
    let file = set.folder.path().join("screen.png");
    screen.save(&file).unwrap();
    set.camera.set_table(Table { code_picture: Some(file), ..set.camera.table() });
    let (session, events) = set.begin(Purpose::Code, true);
    set.play(session, 1_600);
    let codes: Vec<Event> = events.try_iter().filter(|event| matches!(event, Event::Code { .. })).collect();
    assert_eq!(codes, [Event::Code { text: text.into() }]);
}

#[test]
fn a_missing_folder_is_an_empty_desk() {
    let set = Set::new(1);
    set.camera.set_table(Table { photos: Some(set.folder.path().join("gone")), ..Table::default() });
    let (session, events) = set.begin(Purpose::Page, true);
    set.play(session, 500);
    assert!(events.try_iter().all(|event| matches!(event, Event::Verdict { quad: None, .. })));
    let (_, mut taken) = set.session.press().unwrap();
    set.camera.shoot(session);
    assert_eq!(taken.try_recv(), Ok(Ok(())), "a photo of an empty desk is a photo");
}

#[test]
fn a_picture_that_is_no_jpeg_arrives_as_one() {
    let set = Set::new(0);
    page(1).save(set.folder.path().join("a.png")).unwrap();
    let (session, _events) = set.begin(Purpose::Page, false);
    let _taken = set.session.press().unwrap();
    set.camera.shoot(session);
    let kept = set.album.0.lock().unwrap();
    assert!(kept[0].jpeg.starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(scan::decode(&kept[0].jpeg, None).unwrap().dimensions(), (960, 1280));
}

#[test]
fn the_frame_thread_runs_until_the_session_ends() {
    let set = Set::new(1);
    let (tell, told) = channel();
    let options = StartOptions { purpose: Purpose::Page, automatic: false };
    let session = set.session.begin(options, Box::new(move |event| drop(tell.send(event))));
    set.camera.open(session, Purpose::Page).unwrap();
    assert!(matches!(told.recv_timeout(Duration::from_secs(20)), Ok(Event::Verdict { .. })));
    set.session.end();
    set.camera.wake();
    // The session's end drops the channel's sender, and no thread keeps another.
    while let Ok(event) = told.try_recv() {
        assert!(matches!(event, Event::Verdict { .. }));
    }
    assert_eq!(told.recv_timeout(Duration::from_secs(20)), Err(RecvTimeoutError::Disconnected));
}
