//! The camera of a phone. Its native part does not exist yet, and every method says so instead of pretending.

use crate::{Clock, Error, Permission, Session, StartOptions, session::Events};
use std::sync::Arc;
use tauri::{AppHandle, Runtime};

pub struct Camera<R: Runtime> {
    _app: AppHandle<R>,
    session: Arc<Session>,
    /// Frames of native cameras carry the sensor's own time.
    _clock: Arc<dyn Clock>,
}

impl<R: Runtime> Camera<R> {
    pub(crate) fn new(app: &AppHandle<R>, session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        Camera { _app: app.clone(), session, _clock: clock }
    }

    pub(crate) async fn start(&self, _: StartOptions, _: Events) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn stop(&self) -> Result<(), Error> {
        self.session.end();
        Ok(())
    }

    pub(crate) async fn capture(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn capture_with_system_camera(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn set_torch(&self, _: bool) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn set_automatic(&self, on: bool) -> Result<(), Error> {
        self.session.set_automatic(on)
    }

    pub(crate) async fn permission(&self) -> Result<Permission, Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }
}
