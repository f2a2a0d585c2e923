//! The device of a phone. Its native part does not exist yet: the system is named, the rest is refused instead of pretended.

use crate::{Error, Haptic};
use tauri::{AppHandle, Runtime};

pub struct Device<R: Runtime> {
    _app: AppHandle<R>,
}

impl<R: Runtime> Device<R> {
    pub(crate) fn new(app: &AppHandle<R>) -> Self {
        Device { _app: app.clone() }
    }

    /// The system's name; the native part will know the model.
    pub fn model(&self) -> String {
        if cfg!(target_os = "ios") { "iOS" } else { "Android" }.to_owned()
    }

    pub fn keep_awake(&self, _on: bool) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub fn haptic(&self, _kind: Haptic) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}
