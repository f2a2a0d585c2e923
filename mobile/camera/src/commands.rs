//! The commands of the web view. Each settles on every path, with a code where it fails.

use crate::{CameraExt, Error, Event, Permission, StartOptions};
use tauri::{AppHandle, Runtime, ipc::Channel};

#[tauri::command]
pub(crate) async fn start<R: Runtime>(
    app: AppHandle<R>,
    options: StartOptions,
    channel: Channel<Event>,
) -> Result<(), Error> {
    let events = Box::new(move |event| {
        // A web view that is gone cannot be told; its session ends with the app's window.
        if let Err(error) = channel.send(event) {
            tracing::debug!(%error, "nobody listens to the camera");
        }
    });
    app.camera().controls.start(options, events).await
}

#[tauri::command]
pub(crate) async fn stop<R: Runtime>(app: AppHandle<R>) -> Result<(), Error> {
    app.camera().controls.stop().await
}

#[tauri::command]
pub(crate) async fn capture<R: Runtime>(app: AppHandle<R>) -> Result<(), Error> {
    app.camera().controls.capture().await
}

#[tauri::command]
pub(crate) async fn capture_with_system_camera<R: Runtime>(app: AppHandle<R>) -> Result<bool, Error> {
    app.camera().controls.capture_with_system_camera().await
}

#[tauri::command]
pub(crate) async fn set_torch<R: Runtime>(app: AppHandle<R>, on: bool) -> Result<(), Error> {
    app.camera().controls.set_torch(on).await
}

#[tauri::command]
pub(crate) async fn set_automatic<R: Runtime>(app: AppHandle<R>, on: bool) -> Result<(), Error> {
    app.camera().controls.set_automatic(on)
}

#[tauri::command]
pub(crate) async fn permission<R: Runtime>(app: AppHandle<R>) -> Result<Permission, Error> {
    app.camera().controls.permission().await
}

#[tauri::command]
pub(crate) async fn open_settings<R: Runtime>(app: AppHandle<R>) -> Result<(), Error> {
    app.camera().controls.open_settings().await
}
