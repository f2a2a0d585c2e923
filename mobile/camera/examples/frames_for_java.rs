//! What a desktop's JVM loads: the entry that Android calls, a session behind it, and an allocator that counts.
//!
//! `tests/jvm` drives it. The entry itself is the library's and is found here as in the app; nothing of this file is in an app.

#![expect(unsafe_code, reason = "an allocator, and symbols that Java finds by their names")]

use jni::{
    JNIEnv,
    objects::{JByteBuffer, JObject},
    sys::{jint, jlong, jstring},
};
use scan::{Point, Quad};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicI32, AtomicI64, AtomicUsize, Ordering::Relaxed},
    },
};
use tauri_plugin_camera::{
    Event, Eye, Generation, Glance, Look, PhotoSink, Purpose, Session, Sight, SinkError, StartOptions, Still, jvm,
};

/// Counts what this library allocates on the heap, on every thread; the JVM's own memory is not its business.
struct Counting;

static ALLOCATIONS: AtomicI64 = AtomicI64::new(0);
static ALLOCATED: AtomicI64 = AtomicI64::new(0);
static LIVE: AtomicI64 = AtomicI64::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: every call goes to the system's allocator unchanged; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        ALLOCATED.fetch_add(layout.size() as i64, Relaxed);
        LIVE.fetch_add(layout.size() as i64, Relaxed);
        // SAFETY: the caller's promise about `layout` is the system allocator's condition.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: `pointer` came from `alloc` with this layout, so from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// What looks at the frames, in `Probe.java`'s numbers.
const CONSTANT: jint = 0;
const EYE: jint = 1;
const CAPTURES: jint = 2;
const PANICS: jint = 3;
const TELLING_PANICS: jint = 4;

static LOOKING: AtomicI32 = AtomicI32::new(CONSTANT);
/// Where the planes of the last frame lay.
static PLANES: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];

const PAGE: Quad = Quad([
    Point { x: 0.25, y: 0.125 },
    Point { x: 0.75, y: 0.125 },
    Point { x: 0.75, y: 0.5 },
    Point { x: 0.25, y: 0.5 },
]);

#[derive(Default)]
struct Chosen(Eye);

impl Look for Chosen {
    fn look(&mut self, session: Generation, glance: Glance) -> Sight {
        for (at, plane) in PLANES.iter().zip(glance.frame.planes()) {
            at.store(plane.as_ptr().addr(), Relaxed);
        }
        let looking = LOOKING.load(Relaxed);
        match looking {
            EYE => self.0.look(session, glance),
            PANICS => panic!("on purpose, while looking"),
            _ => Sight { quad: Some(PAGE), capture: looking == CAPTURES, ..Sight::default() },
        }
    }
}

/// What the session told and kept.
#[derive(Default)]
struct Told {
    verdicts: jint,
    captured: jint,
    interrupted: jint,
    failed: jint,
    pages: jint,
    code: &'static str,
    photo: Vec<u8>,
}

static TOLD: Mutex<Option<Told>> = Mutex::new(None);

fn told() -> MutexGuard<'static, Option<Told>> {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(event: Event) {
    assert!(LOOKING.load(Relaxed) != TELLING_PANICS, "on purpose, while telling");
    let mut told = told();
    let told = told.get_or_insert_default();
    match event {
        Event::Verdict { quad, .. } => {
            told.verdicts += 1;
            told.pages += jint::from(quad.is_some());
        }
        Event::Captured { .. } => told.captured += 1,
        Event::Interrupted => told.interrupted += 1,
        Event::Failed { code } => (told.failed, told.code) = (told.failed + 1, code),
        Event::Code { .. } => {}
    }
}

struct Album;

impl PhotoSink for Album {
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        told().get_or_insert_default().photo = still.jpeg;
        Ok(String::new())
    }
}

fn session() -> &'static Arc<Session> {
    static SESSION: OnceLock<Arc<Session>> = OnceLock::new();
    SESSION.get_or_init(|| {
        let session = Arc::new(Session::with_eye(Arc::new(Album), Box::new(Chosen::default())));
        assert!(jvm::serve(Arc::clone(&session)), "another session is served");
        session
    })
}

/// Begins a session whose frames are looked at as `looking` says, and gives its number.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_begin(_: JNIEnv, _: JObject, looking: jint) -> jlong {
    LOOKING.store(CONSTANT, Relaxed);
    session().end();
    *told() = None;
    LOOKING.store(looking, Relaxed);
    let options = StartOptions { purpose: Purpose::Page, automatic: true };
    session().begin(options, Box::new(tell)).number().cast_signed()
}

/// Presses the shutter; whether there was one to press.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_press(_: JNIEnv, _: JObject) -> jint {
    session().press().is_ok().into()
}

/// Verdicts, captured, interrupted, failed, verdicts with a page.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_told(_: JNIEnv, _: JObject, kind: jint) -> jint {
    let mut told = told();
    let told = told.get_or_insert_default();
    *[&told.verdicts, &told.captured, &told.interrupted, &told.failed, &told.pages][kind as usize]
}

/// The code of the last failure.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_code(env: JNIEnv, _: JObject) -> jstring {
    let code = told().get_or_insert_default().code;
    env.new_string(code).expect("a string").into_raw()
}

/// Byte `at` of the photo that was kept; negative where there is none.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_photo(_: JNIEnv, _: JObject, at: jint) -> jint {
    told().get_or_insert_default().photo.get(at as usize).map_or(-1, |byte| (*byte).into())
}

/// Where a plane of the last frame lay.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_plane(_: JNIEnv, _: JObject, which: jint) -> jlong {
    PLANES[which as usize].load(Relaxed) as jlong
}

/// Where Java says that its buffer lies.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_address(env: JNIEnv, _: JObject, buffer: JByteBuffer) -> jlong {
    env.get_direct_buffer_address(&buffer).expect("a direct buffer").addr() as jlong
}

/// Allocations so far, their bytes, and bytes not yet freed.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_heap(_: JNIEnv, _: JObject, kind: jint) -> jlong {
    [&ALLOCATIONS, &ALLOCATED, &LIVE][kind as usize].load(Relaxed)
}

/// The way into Rust and back, and nothing else.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Probe_nothing(_: JNIEnv, _: JObject) {}
