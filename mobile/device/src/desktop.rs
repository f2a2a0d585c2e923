//! The device on a desktop: it has a name, does not fall asleep over a camera, and cannot be felt.

use crate::{Error, Haptic};
use tauri::{AppHandle, Runtime};

pub struct Device<R: Runtime> {
    _app: AppHandle<R>,
}

impl<R: Runtime> Device<R> {
    pub(crate) fn new(app: &AppHandle<R>) -> Self {
        Device { _app: app.clone() }
    }

    /// The system's name: a desktop has no model that its owner would recognise.
    pub fn model(&self) -> String {
        match std::env::consts::OS {
            "linux" => "Linux",
            "macos" => "macOS",
            "windows" => "Windows",
            other => other,
        }
        .to_owned()
    }

    /// Does nothing: desktops dim after minutes, not while somebody holds them.
    pub fn keep_awake(&self, _on: bool) -> Result<(), Error> {
        Ok(())
    }

    /// Does nothing: there is no motor. The screens never rely on a haptic alone.
    pub fn haptic(&self, _kind: Haptic) -> Result<(), Error> {
        Ok(())
    }
}
