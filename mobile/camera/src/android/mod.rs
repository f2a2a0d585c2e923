//! The camera of an Android phone. Its native part does not exist yet, and every method says so instead of pretending.

use crate::{Camera, Clock, Error, Generation, Permission, Purpose, Session, camera::Controls, platform::Platform};
use std::sync::Arc;
use tauri::{AppHandle, Runtime, plugin::PluginApi};

impl Camera {
    /// Frames of native cameras carry the sensor's own time, so the clock is not asked.
    pub(crate) fn new<R: Runtime>(
        _: &AppHandle<R>,
        _: PluginApi<R, ()>,
        session: Arc<Session>,
        _: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        Ok(Camera { controls: Controls::new(session, Arc::new(Native)) })
    }
}

struct Native;

impl Platform for Native {
    fn permission(&self) -> Result<Permission, Error> {
        Err(Error::Unsupported)
    }

    fn open(&self, _: Generation, _: Purpose) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    fn close(&self) {}

    fn shoot(&self, _: Generation) {}

    fn set_torch(&self, _: bool) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    fn system_camera(&self) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::Unsupported)
    }

    fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}
