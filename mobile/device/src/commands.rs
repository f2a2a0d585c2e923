//! The commands of the web view.

use crate::{DeviceExt, Error, Haptic};
use tauri::{AppHandle, Runtime, command};

#[command]
pub(crate) async fn model<R: Runtime>(app: AppHandle<R>) -> Result<String, Error> {
    Ok(app.device().model())
}

#[command]
pub(crate) async fn keep_awake<R: Runtime>(app: AppHandle<R>, on: bool) -> Result<(), Error> {
    app.device().keep_awake(on)
}

#[command]
pub(crate) async fn haptic<R: Runtime>(app: AppHandle<R>, kind: Haptic) -> Result<(), Error> {
    app.device().haptic(kind)
}
