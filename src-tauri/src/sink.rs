//! From the camera straight into the driver: one copy of a photo, past the web view.

use driver::{Driver, StillError};
use std::sync::OnceLock;
use tauri_plugin_camera::{PhotoSink, SinkError, Still, Trigger};

/// Filled once the driver runs; a photo before that belongs to nobody.
#[derive(Default)]
pub(crate) struct DriverSink(OnceLock<Driver>);

impl DriverSink {
    pub fn connect(&self, driver: Driver) {
        if self.0.set(driver).is_err() {
            tracing::error!("a second driver for the camera was ignored");
        }
    }
}

impl PhotoSink for DriverSink {
    /// Called on a camera thread, never on one of the runtime's own.
    fn accept(&self, still: Still) -> Result<String, SinkError> {
        let driver = self.0.get().ok_or(SinkError::NotWanted)?;
        let trigger = match still.trigger {
            Trigger::Automatic => driver::Trigger::Automatic,
            Trigger::Manual => driver::Trigger::Manual,
        };
        let kept = tauri::async_runtime::block_on(driver.photo(driver::Still { jpeg: still.jpeg, trigger }));
        kept.map(|photo| photo.to_string()).map_err(|error| match error {
            StillError::NotWanted => SinkError::NotWanted,
            StillError::Full => SinkError::Full,
            StillError::Failed => SinkError::Failed,
        })
    }
}
