//! Native device plugin: the phone's model, keep awake, haptics. What the desktop lacks it leaves out, and says so here.
//!
//! Refuses to know what the device is used for.

mod commands;
#[cfg(desktop)]
mod desktop;
mod error;
#[cfg(mobile)]
mod mobile;
mod models;

#[cfg(desktop)]
pub use desktop::Device;
pub use error::Error;
#[cfg(mobile)]
pub use mobile::Device;
pub use models::Haptic;

use tauri::{
    Manager, Runtime,
    plugin::{Builder, TauriPlugin},
};

/// The device an app runs on, once the plugin is installed.
pub trait DeviceExt<R: Runtime> {
    fn device(&self) -> tauri::State<'_, Device<R>>;
}

impl<R: Runtime, M: Manager<R>> DeviceExt<R> for M {
    fn device(&self) -> tauri::State<'_, Device<R>> {
        self.state()
    }
}

pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("device")
        .invoke_handler(tauri::generate_handler![commands::model, commands::keep_awake, commands::haptic])
        .setup(|app, _| {
            app.manage(Device::new(app));
            Ok(())
        })
        .build()
}
