//! The camera of an iPhone or iPad: AVFoundation, all in Rust. Never run here, only type-checked.
//!
//! ```text
//! a thread that may wait ─► queue 'camera': session, device, stills ─► AVFoundation
//!                       └─► main thread: preview below the web view, sheets, settings
//! queue 'frames' ─► Session::analyze ─► verdicts; 'take it' and 'it is over' go to the queue 'camera'
//! ```
//!
//! Nothing waits for the main thread or a queue without a limit, and neither of them ever waits for a thread that does. The app's
//! `Info.plist` needs `NSCameraUsageDescription`, without which the system ends the app at the first question.

#[expect(unsafe_code, reason = "AVFoundation speaks Objective-C")]
mod device;
#[expect(unsafe_code, reason = "AVFoundation hands over native memory")]
mod frames;
#[expect(unsafe_code, reason = "notifications are given blocks")]
mod interruptions;
#[expect(unsafe_code, reason = "the web view comes as a pointer")]
mod main_thread;
#[expect(unsafe_code, reason = "AVFoundation speaks Objective-C")]
mod permission;
#[expect(unsafe_code, reason = "UIKit and AVFoundation speak Objective-C")]
mod preview;
#[expect(unsafe_code, reason = "AVFoundation speaks Objective-C")]
mod rig;
#[expect(unsafe_code, reason = "AVFoundation speaks Objective-C")]
mod stills;
#[expect(unsafe_code, reason = "UIKit speaks Objective-C")]
mod system_camera;

use crate::{Camera, Clock, Error, Generation, Permission, Purpose, Session, camera::Controls, platform::Platform};
use main_thread::MainThread;
use objc2::rc::autoreleasepool;
use rig::Rig;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};
use tauri::{AppHandle, Runtime, plugin::PluginApi};

impl Camera {
    /// Frames of native cameras carry the sensor's own time, so the clock is not asked.
    pub(crate) fn new<R: Runtime>(
        app: &AppHandle<R>,
        _: PluginApi<R, ()>,
        session: Arc<Session>,
        _: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let main = MainThread::of(app.clone());
        let rig = Rig::new(Arc::clone(&session), main.clone());
        Ok(Camera { controls: Controls::new(session, Arc::new(Native { main, rig })) })
    }
}

struct Native {
    main: MainThread,
    rig: Arc<Rig>,
}

impl Platform for Native {
    fn permission(&self) -> Result<Permission, Error> {
        permission::ask()
    }

    fn open(&self, session: Generation, purpose: Purpose) -> Result<(), Error> {
        if permission::now() != Permission::Granted {
            return Err(Error::Denied);
        }
        self.rig.open(session, purpose)
    }

    fn close(&self) {
        self.rig.close();
    }

    fn shoot(&self, session: Generation) {
        self.rig.shoot(session);
    }

    fn set_torch(&self, on: bool) -> Result<(), Error> {
        self.rig.set_torch(on)
    }

    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        // Asked for nothing yet is no obstacle: the system's camera asks by itself.
        if permission::now() == Permission::Denied {
            return Err(Error::Denied);
        }
        // Two cameras are never open at once.
        self.rig.close();
        system_camera::photo(&self.main)
    }

    fn open_settings(&self) -> Result<(), Error> {
        permission::open_settings(&self.main)
    }
}

/// Where Objective-C calls Rust: a panic ends here, as a line in the log, and so does what Objective-C means to release later.
fn guarded(doing: &'static str, task: impl FnOnce()) {
    let done = autoreleasepool(|_| catch_unwind(AssertUnwindSafe(task)));
    if done.is_err() {
        tracing::error!(doing, "a panic in the camera's native part");
    }
}

/// Where AVFoundation answers a wrong call with an exception, which must not cross Rust either.
fn attempt<T>(doing: &'static str, task: impl FnOnce() -> T) -> Result<T, Error> {
    objc2::exception::catch(AssertUnwindSafe(task)).map_err(|exception| {
        tracing::error!(?exception, doing, "the system's camera");
        Error::Unavailable
    })
}
