//! The camera on the desktop: simulated, behind the same methods as a phone's.

use crate::{
    Clock, Error, Permission, Session, StartOptions, Table,
    session::{Events, Taken},
    simulated::SimulatedCamera,
};
use std::sync::Arc;
use tauri::{AppHandle, Runtime};

pub struct Camera<R: Runtime> {
    _app: AppHandle<R>,
    session: Arc<Session>,
    simulated: Arc<SimulatedCamera>,
}

impl<R: Runtime> Camera<R> {
    pub(crate) fn new(app: &AppHandle<R>, session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        let simulated = Arc::new(SimulatedCamera::new(Arc::clone(&session), clock));
        Camera { _app: app.clone(), session, simulated }
    }

    pub(crate) async fn start(&self, options: StartOptions, events: Events) -> Result<(), Error> {
        if self.simulated.table().denied {
            return Err(Error::Denied);
        }
        let session = self.session.begin(options, events);
        self.simulated.open(session, options.purpose).inspect_err(|error| self.session.fail(session, *error))
    }

    pub(crate) async fn stop(&self) -> Result<(), Error> {
        self.session.end();
        self.simulated.wake();
        Ok(())
    }

    pub(crate) async fn capture(&self) -> Result<(), Error> {
        let (session, taken): (_, Taken) = self.session.press()?;
        let simulated = Arc::clone(&self.simulated);
        // Reading, sealing and writing a photo is work for a thread that may wait.
        tauri::async_runtime::spawn_blocking(move || simulated.shoot(session));
        taken.await.unwrap_or(Err(Error::Stopped))
    }

    /// There is no system camera on a desktop.
    pub(crate) async fn capture_with_system_camera(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    pub(crate) async fn set_torch(&self, on: bool) -> Result<(), Error> {
        let (session, _) = self.session.running().ok_or(Error::NotRunning)?;
        self.session.torch_is(session, on);
        Ok(())
    }

    pub(crate) async fn set_automatic(&self, on: bool) -> Result<(), Error> {
        self.session.set_automatic(on)
    }

    pub(crate) async fn permission(&self) -> Result<Permission, Error> {
        Ok(if self.simulated.table().denied { Permission::Denied } else { Permission::Granted })
    }

    /// The permission of a simulated camera is the tester's, not the system's.
    pub(crate) async fn open_settings(&self) -> Result<(), Error> {
        Err(Error::Unsupported)
    }

    /// What lies under the simulated camera.
    pub fn table(&self) -> Table {
        self.simulated.table()
    }

    pub fn set_table(&self, table: Table) {
        // As on a phone: whoever takes the permission away ends the session.
        if let Some((session, _)) = self.session.running().filter(|_| table.denied) {
            self.session.fail(session, Error::Denied);
            self.simulated.wake();
        }
        self.simulated.set_table(table);
    }

    /// For `preview://`: picture `number` of what the camera sees, as JPEG.
    pub async fn preview(&self, number: u64) -> Option<Vec<u8>> {
        self.simulated.preview(number).await
    }
}
