//! The camera of a desktop: simulated, and the tester may say what it sees.

use crate::{Camera, Clock, Error, Session, Table, camera::Controls, simulated::SimulatedCamera};
use std::sync::Arc;
use tauri::{AppHandle, Runtime, plugin::PluginApi};

impl Camera {
    pub(crate) fn new<R: Runtime>(
        _: &AppHandle<R>,
        _: PluginApi<R, ()>,
        session: Arc<Session>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let simulated = Arc::new(SimulatedCamera::new(Arc::clone(&session), clock));
        let controls = Controls::new(Arc::clone(&session), Arc::new(Arc::clone(&simulated)));
        Ok(Camera { controls, session, simulated })
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
        self.simulated.preview.picture(number).await
    }
}
