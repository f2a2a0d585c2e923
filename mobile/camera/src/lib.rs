//! Native camera plugin: frames to verdicts, stills to the [`PhotoSink`]; on the desktop simulated, or a webcam (feature `webcam`).
//!
//! No frame and no photo passes through the web view: verdicts do, on one channel a session. Refuses to know what a photo is for
//! and where it is kept.

mod aim;
#[cfg(target_os = "android")]
mod android;
mod camera;
mod commands;
#[cfg(test)]
mod contract;
#[cfg(desktop)]
mod desktop;
mod error;
mod eye;
#[cfg(any(test, target_os = "android"))]
mod handed;
#[cfg(target_os = "ios")]
mod ios;
#[cfg(any(feature = "jvm", target_os = "android"))]
pub mod jvm;
mod models;
#[cfg(desktop)]
mod nv21;
mod planes;
mod platform;
#[cfg(desktop)]
mod preview;
mod session;
#[cfg(desktop)]
mod simulated;
mod sink;
#[cfg(any(test, target_os = "ios"))]
mod sizes;
#[cfg(any(test, target_os = "ios"))]
mod view_port;
#[cfg(all(desktop, any(test, feature = "webcam")))]
mod webcam;

pub use camera::Camera;
pub use error::Error;
pub use eye::{Eye, Glance, Look, Sight};
pub use models::{Event, Permission, Purpose, StartOptions, Still, Trigger};
pub use planes::{Crop, Planes};
pub use session::{Generation, Next, Seen, Session};
#[cfg(desktop)]
pub use simulated::Table;
pub use sink::{PhotoSink, SinkError};

use std::sync::Arc;
use tauri::{
    AppHandle, Manager, RunEvent, Runtime,
    plugin::{Builder, PluginApi, TauriPlugin},
};

/// Milliseconds on a clock that does not go back; where it begins does not matter.
pub trait Clock: Send + Sync + 'static {
    fn now_ms(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync + 'static> Clock for F {
    fn now_ms(&self) -> u64 {
        self()
    }
}

/// The camera of an app, once the plugin is installed.
pub trait CameraExt<R: Runtime> {
    fn camera(&self) -> tauri::State<'_, Camera>;
}

impl<R: Runtime, M: Manager<R>> CameraExt<R> for M {
    fn camera(&self) -> tauri::State<'_, Camera> {
        self.state()
    }
}

/// The plugin. Photos go to `sink`; `clock` stamps the frames of the simulated camera.
pub fn init<R: Runtime>(sink: Arc<dyn PhotoSink>, clock: Arc<dyn Clock>) -> TauriPlugin<R> {
    plugin(sink, |app, api, session| Camera::new(app, api, session, clock))
}

/// As [`init`], with the desktop's own camera in place of the simulated one: the first that can be opened. Of what lies on the table
/// only `denied` counts.
#[cfg(all(desktop, feature = "webcam"))]
pub fn init_webcam<R: Runtime>(sink: Arc<dyn PhotoSink>, clock: Arc<dyn Clock>) -> TauriPlugin<R> {
    plugin(sink, |_, _, session| Ok(Camera::with_webcam(session, clock)))
}

fn plugin<R: Runtime>(
    sink: Arc<dyn PhotoSink>,
    camera: impl FnOnce(&AppHandle<R>, PluginApi<R, ()>, Arc<Session>) -> Result<Camera, Error> + Send + 'static,
) -> TauriPlugin<R> {
    let session = Arc::new(Session::new(sink));
    let leaving = Arc::clone(&session);
    Builder::new("camera")
        .invoke_handler(tauri::generate_handler![
            commands::start,
            commands::stop,
            commands::capture,
            commands::capture_with_system_camera,
            commands::set_torch,
            commands::set_automatic,
            commands::permission,
            commands::open_settings,
        ])
        .setup(move |app, api| {
            app.manage(camera(app, api, session)?);
            Ok(())
        })
        .on_event(move |_, event| {
            if matches!(event, RunEvent::Exit) {
                leaving.end();
            }
        })
        .build()
}
