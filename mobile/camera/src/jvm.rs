//! Where Java calls in: frames and stills in direct buffers, for the class `lu.folio.camera.Frames`.
//!
//! Frames are looked at where they lie, a still is copied once. No panic and no exception crosses: every call ends in a number.
//! Refuses to know which camera calls, so a JVM on a desktop can stand in for it (feature `jvm`).

#![expect(unsafe_code, reason = "symbols that Java finds by their names, and memory that Java lends for a call")]

use crate::{Crop, Error, Generation, Next, Planes, Seen, Session};
use jni::{
    JNIEnv,
    objects::{JByteBuffer, JObject},
    sys::{JNI_FALSE, jboolean, jint, jlong},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    slice,
    sync::{Arc, OnceLock},
};

/// What the caller does after a frame; `Frames.kt` has the same numbers.
mod next {
    use jni::sys::jint;

    pub const FRAME: jint = 0;
    pub const STILL: jint = 1;
    pub const CLOSED: jint = 2;
    /// No frame: a buffer that is none, or a description that cannot be true. The session has failed.
    pub const REFUSED: jint = 3;
    /// The session has failed.
    pub const PANICKED: jint = 4;
    /// Added to [`FRAME`] or [`STILL`] where the lens is to be pointed elsewhere: x and y in [`PARTS`] of the view, from these bits on.
    pub const AIM: jint = 8;
    pub const X: u32 = 4;
    pub const Y: u32 = 16;
    pub const PARTS: f32 = 4095.0;
}

/// Why a camera ends its session, in `Frames.kt`'s numbers.
mod end {
    use jni::sys::jint;

    pub const LOST: jint = 0;
    pub const DENIED: jint = 1;
    pub const BROKEN: jint = 2;
}

/// The one session of this process: a plugin is installed once.
static SESSION: OnceLock<Arc<Session>> = OnceLock::new();

/// From here on Java's frames belong to `session`. Says whether it was the first.
pub fn serve(session: Arc<Session>) -> bool {
    SESSION.set(session).is_ok()
}

/// One frame. Buffers are read from their first byte, whatever their position.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_analyze<'local>(
    env: JNIEnv<'local>,
    _: JObject<'local>,
    session: jlong,
    y: JByteBuffer<'local>,
    u: JByteBuffer<'local>,
    v: JByteBuffer<'local>,
    y_stride: jint,
    uv_stride: jint,
    uv_pixel_stride: jint,
    left: jint,
    top: jint,
    width: jint,
    height: jint,
    rotation: jint,
    nanoseconds: jlong,
) -> jint {
    guarded(session, next::CLOSED, |all, session| {
        let seen = (|| {
            let size = |number: jint| usize::try_from(number).ok();
            let planes = Planes {
                y: borrowed(&env, &y)?,
                u: borrowed(&env, &u)?,
                v: borrowed(&env, &v)?,
                y_stride: size(y_stride)?,
                uv_stride: size(uv_stride)?,
                uv_pixel_stride: size(uv_pixel_stride)?,
                crop: Crop { left: size(left)?, top: size(top)?, width: size(width)?, height: size(height)? },
                rotation,
            };
            let frame = planes.frame().ok()?;
            Some(all.see(session, &frame, u64::try_from(nanoseconds).ok()? / 1_000_000))
        })();
        match seen {
            Some(seen) => answer(seen),
            None => {
                // As from any camera: the next frame would be no better.
                all.fail(session, Error::BadFrame);
                next::REFUSED
            }
        }
    })
    .unwrap_or(next::PANICKED)
}

/// The picture that was asked for. Copies it once and keeps it on the caller's thread; says whether it was kept.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_deliver<'local>(
    env: JNIEnv<'local>,
    _: JObject<'local>,
    session: jlong,
    jpeg: JByteBuffer<'local>,
) -> jboolean {
    guarded(session, JNI_FALSE, |all, session| {
        let photo = borrowed(&env, &jpeg).filter(|jpeg| !jpeg.is_empty());
        all.deliver(session, photo.map(<[u8]>::to_vec).ok_or(Error::NoPicture)).into()
    })
    .unwrap_or(JNI_FALSE)
}

/// The picture that was asked for does not come; the camera goes on.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_miss<'local>(_: JNIEnv<'local>, _: JObject<'local>, session: jlong) {
    guarded(session, false, |all, session| all.deliver(session, Err(Error::NoPicture)));
}

/// The camera is closed for this session, by whoever is not the screen.
#[unsafe(no_mangle)]
pub extern "system" fn Java_lu_folio_camera_Frames_end<'local>(
    _: JNIEnv<'local>,
    _: JObject<'local>,
    session: jlong,
    why: jint,
) {
    guarded(session, (), |all, session| match why {
        end::LOST => all.lose(session),
        end::DENIED => all.fail(session, Error::Denied),
        _ => {
            debug_assert_eq!(why, end::BROKEN);
            all.fail(session, Error::NoPicture);
        }
    });
}

/// Runs `task` with what Java's number stands for: `unserved` where the plugin has not begun, nothing where it panicked.
fn guarded<T>(session: jlong, unserved: T, task: impl FnOnce(&Session, Generation) -> T) -> Option<T> {
    let Some(all) = SESSION.get() else { return Some(unserved) };
    // A negative number is none that was ever given out.
    let session = Generation::from_number(session.cast_unsigned());
    let done = catch_unwind(AssertUnwindSafe(|| task(all, session)));
    if done.is_err() {
        // Telling it may be what panics.
        drop(catch_unwind(AssertUnwindSafe(|| all.fail(session, Error::Panicked))));
    }
    done.ok()
}

/// The bytes of a direct buffer; nothing where it is null, lies in Java's heap or has no memory.
fn borrowed<'call>(env: &JNIEnv, buffer: &'call JByteBuffer) -> Option<&'call [u8]> {
    let address = env.get_direct_buffer_address(buffer).ok()?;
    let capacity = env.get_direct_buffer_capacity(buffer).ok()?;
    // SAFETY: the JVM says that a live direct buffer has `capacity` bytes at `address`. Its local reference, which this borrow
    // cannot outlive, keeps it alive; while the call runs its owner, who holds the camera's image, does not write to it.
    Some(unsafe { slice::from_raw_parts(address, capacity) })
}

fn answer(seen: Seen) -> jint {
    let code = match seen.next {
        Next::Closed => return next::CLOSED,
        Next::Frame => next::FRAME,
        Next::Still => next::STILL,
    };
    let parts = |share: f32| (share.clamp(0.0, 1.0) * next::PARTS).round() as jint;
    seen.aim.map_or(code, |at| code | next::AIM | parts(at.x) << next::X | parts(at.y) << next::Y)
}
