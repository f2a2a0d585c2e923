//! The device on a desktop: it has a name, does not fall asleep over a camera, and cannot be felt. Its hardware is simulated.

use crate::{
    Error, Haptic, Hardware, Work,
    simulated::{SimulatedHardware, Simulation},
};
use std::sync::Arc;
use tauri::{AppHandle, Runtime, plugin::PluginApi};

pub struct Device<R: Runtime> {
    _app: AppHandle<R>,
    hardware: Arc<SimulatedHardware>,
}

impl<R: Runtime> Device<R> {
    pub(crate) fn new(app: &AppHandle<R>, _: PluginApi<R, ()>) -> Result<Self, Error> {
        Ok(Device { _app: app.clone(), hardware: Arc::default() })
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

    /// Does nothing: nothing lies over a window.
    pub fn insets(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Does nothing: a window's frame is the desktop's.
    pub fn appearance(&self, _dark: bool) -> Result<(), Error> {
        Ok(())
    }

    /// Does nothing: a desktop's windows belong to whoever sits there.
    pub fn secure_screen(&self, _on: bool) -> Result<(), Error> {
        Ok(())
    }

    /// A desktop lends us no decoder beside our own.
    pub fn decode_picture(&self, _bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Err(Error::Unsupported)
    }

    /// Does nothing: a desktop suspends no app that its owner looks away from.
    pub fn background_time(&self, _work: Option<&Work>) -> Result<(), Error> {
        Ok(())
    }

    /// What stands in for a phone's hardware. Not there until a tester gives it a folder.
    pub fn hardware(&self) -> Arc<dyn Hardware> {
        Arc::clone(&self.hardware) as _
    }

    /// What a tester has set. Asking for [`Answer::EnrolmentChanged`](crate::Answer::EnrolmentChanged) turns into `Yes` once it
    /// was told.
    pub fn simulation(&self) -> Simulation {
        self.hardware.simulation()
    }

    pub fn set_simulation(&self, simulation: Simulation) {
        self.hardware.set_simulation(simulation);
    }
}
