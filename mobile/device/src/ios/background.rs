//! A while more after the app has left the screen, for what is being sent. The system gives some ten seconds to a few minutes and then
//! takes them back: what is still running is suspended with the app and goes on when it returns.

use block2::RcBlock;
use objc2::MainThreadMarker;
use objc2_ui_kit::{UIApplication, UIBackgroundTaskIdentifier, UIBackgroundTaskInvalid};
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    /// The main thread's; one at a time, however often it is asked for.
    static TASK: Cell<Option<UIBackgroundTaskIdentifier>> = const { Cell::new(None) };
}

pub(super) fn time(on: bool, main: MainThreadMarker) {
    if on { begin(main) } else { end(main) }
}

fn begin(main: MainThreadMarker) {
    if TASK.get().is_some() {
        return;
    }
    let expired = RcBlock::new(|| {
        // On the main thread, by the system's word. An app that does not end its task now is ended itself.
        let ended = catch_unwind(AssertUnwindSafe(|| {
            if let Some(main) = MainThreadMarker::new() {
                tracing::info!("no more time in the background");
                end(main);
            }
        }));
        if ended.is_err() {
            tracing::error!("a panic at the end of the time in the background");
        }
    });
    let task = UIApplication::sharedApplication(main).beginBackgroundTaskWithExpirationHandler(Some(&expired));
    // SAFETY: a constant of the framework.
    if task == unsafe { UIBackgroundTaskInvalid } {
        tracing::info!("the system gives no time in the background");
    } else {
        TASK.set(Some(task));
    }
}

/// Ending what was not begun, or has ended by itself, does nothing.
fn end(main: MainThreadMarker) {
    if let Some(task) = TASK.take() {
        UIApplication::sharedApplication(main).endBackgroundTask(task);
    }
}
