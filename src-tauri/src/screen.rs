//! Keeps the system from taking pictures of the screen while a lock or a password is on it.

use driver::{
    Driver,
    journey::{Frame, Shown, View, view::LinkView},
};
use tauri::{AppHandle, Runtime, async_runtime::spawn};
use tauri_plugin_device::DeviceExt;

/// Follows the frames for as long as the app runs.
pub(crate) fn guard<R: Runtime>(app: &AppHandle<R>, driver: &Driver) {
    let (app, mut frames) = (app.clone(), driver.frames());
    spawn(async move {
        let mut secure = false;
        loop {
            let wanted = is_secret(&frames.borrow_and_update());
            if wanted != secure {
                secure = wanted;
                if let Err(error) = app.device().secure_screen(secure) {
                    tracing::warn!(%error, secure, "the system may take pictures of the screen");
                }
            }
            if frames.changed().await.is_err() {
                break;
            }
        }
    });
}

fn is_secret(frame: &Frame) -> bool {
    match &frame.shown {
        Shown::Locked(_) => true,
        Shown::Open { view, .. } => matches!(
            view,
            View::ChangePassword { .. } | View::Link { step: LinkView::Password { .. } | LinkView::Number { .. }, .. }
        ),
    }
}
