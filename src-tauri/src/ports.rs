//! The driver's ports that are no dialog: the device, the network, the secrets, the clock of the camera.

use crate::Launch;
use driver::{
    Device, Undecoded,
    client::{Https, Net},
    vault::{FileStore, SecretStore, system_store},
};
use std::{path::Path, sync::Arc, time::Instant};
use tauri::{AppHandle, Runtime};
use tauri_plugin_device::DeviceExt;

/// The phone as the device plugin knows it.
pub(crate) struct AppDevice<R: Runtime>(pub AppHandle<R>);

impl<R: Runtime> Device for AppDevice<R> {
    fn model(&self) -> String {
        self.0.device().model()
    }

    fn decode_picture(&self, picture: &[u8]) -> Result<Vec<u8>, Undecoded> {
        self.0.device().decode_picture(picture).map_err(|error| match error {
            tauri_plugin_device::Error::Unsupported => Undecoded::Unsupported,
            _ => Undecoded::Damaged,
        })
    }
}

/// The platform's store; for a folder that a tester chose, files in it, so that several apps can stand side by side.
pub(crate) fn secrets<R: Runtime>(
    app: &AppHandle<R>,
    launch: &Launch,
    data: &Path,
) -> anyhow::Result<Arc<dyn SecretStore>> {
    let keys = data.join("keys");
    Ok(match launch.data {
        Some(_) => Arc::new(FileStore::new(&keys)?),
        None => system_store(&app.config().identifier, &keys)?,
    })
}

#[cfg(not(feature = "demo"))]
pub(crate) fn net() -> anyhow::Result<Arc<dyn Net>> {
    Ok(Arc::new(Https::new()?))
}

#[cfg(feature = "demo")]
pub(crate) fn net() -> anyhow::Result<Arc<dyn Net>> {
    Ok(Arc::new(Https::with_loopback()?))
}

/// Milliseconds since the app started, for the camera's frames.
pub(crate) fn camera_clock() -> Arc<dyn tauri_plugin_camera::Clock> {
    #[expect(clippy::disallowed_methods, reason = "this is the camera's clock port")]
    let now = Instant::now;
    let start = now();
    Arc::new(move || u64::try_from((now() - start).as_millis()).unwrap_or(u64::MAX))
}
