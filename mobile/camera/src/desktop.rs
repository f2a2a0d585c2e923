//! The camera of a desktop: simulated, and the tester may say what it sees; or its own, where it is built in and asked for.

use crate::{Camera, Clock, Error, Session, Table, camera::Controls, preview::Preview, simulated::SimulatedCamera};
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
        Ok(Camera {
            controls,
            session,
            simulated,
            #[cfg(feature = "webcam")]
            webcam: None,
        })
    }

    /// The simulated camera stays closed and keeps the table.
    #[cfg(feature = "webcam")]
    pub(crate) fn with_webcam(session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        let simulated = Arc::new(SimulatedCamera::new(Arc::clone(&session), Arc::clone(&clock)));
        let webcam = Arc::new(crate::webcam::Webcam::new(Arc::clone(&session), clock));
        let controls = Controls::new(Arc::clone(&session), Arc::new(Arc::clone(&webcam)));
        Camera { controls, session, simulated, webcam: Some(webcam) }
    }

    /// What lies under the simulated camera.
    pub fn table(&self) -> Table {
        self.simulated.table()
    }

    pub fn set_table(&self, table: Table) {
        #[cfg(feature = "webcam")]
        if let Some(webcam) = &self.webcam {
            webcam.refuse(table.denied);
        }
        // As on a phone: whoever takes the permission away ends the session.
        if let Some((session, _)) = self.session.running().filter(|_| table.denied) {
            self.session.fail(session, Error::Denied);
            self.simulated.wake();
        }
        self.simulated.set_table(table);
    }

    /// For `preview://`: picture `number` of what the camera sees, as JPEG.
    pub async fn preview(&self, number: u64) -> Option<Vec<u8>> {
        self.seen().picture(number).await
    }

    fn seen(&self) -> &Preview {
        #[cfg(feature = "webcam")]
        if let Some(webcam) = &self.webcam {
            return &webcam.preview;
        }
        &self.simulated.preview
    }
}
