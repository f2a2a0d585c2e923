//! The driver's ports that are no dialog: the device, the network, the secrets, the clock of the camera.

use driver::{
    Device,
    client::{Https, Net},
    vault::{FileStore, SecretStore},
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
}

pub(crate) fn secrets(data: &Path) -> anyhow::Result<Arc<dyn SecretStore>> {
    Ok(Arc::new(FileStore::new(&data.join("keys"))?))
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
