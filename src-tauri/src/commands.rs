//! The two commands of the screens: say what the citizen wants, and listen to what is shown.

use driver::{
    Driver,
    journey::{Frame, Intent},
};
use std::sync::{Mutex, PoisonError};
use tauri::{
    State,
    async_runtime::{JoinHandle, spawn},
    ipc::Channel,
};

/// What the citizen wants. Nothing comes back: what it led to arrives as a frame.
#[tauri::command]
pub(crate) async fn dispatch(driver: State<'_, Driver>, intent: Intent) -> Result<(), ()> {
    driver.dispatch(intent);
    Ok(())
}

/// Every frame from now on, the current one first. The web view has one listener: after a reload the new one replaces it.
#[tauri::command]
pub(crate) async fn subscribe(
    driver: State<'_, Driver>,
    listener: State<'_, Listener>,
    channel: Channel<Frame>,
) -> Result<(), ()> {
    listener.listen(&driver, move |frame| channel.send(frame).is_ok());
    Ok(())
}

/// The task that tells the web view.
#[derive(Default)]
pub(crate) struct Listener(Mutex<Option<JoinHandle<()>>>);

impl Listener {
    /// Tells frames for as long as `tell` says that somebody hears them.
    pub(crate) fn listen(&self, driver: &Driver, tell: impl Fn(Frame) -> bool + Send + 'static) {
        let mut frames = driver.frames();
        self.replace(spawn(async move {
            loop {
                let frame = frames.borrow_and_update().clone();
                if !tell(frame) || frames.changed().await.is_err() {
                    break;
                }
            }
        }));
    }

    fn replace(&self, task: JoinHandle<()>) {
        let earlier = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(task);
        if let Some(earlier) = earlier {
            earlier.abort();
        }
    }
}
