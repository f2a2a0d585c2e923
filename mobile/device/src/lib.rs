//! Native device plugin: the phone's hardware for secrets, its screen, its motor, its name. Simulated on the desktop.
//!
//! Three implementations under one contract: Android's Keystore, Apple's Secure Enclave and keychain, and files for a tester.
//! The web view may ask for the model, keep awake, haptics, insets and the bars' appearance; everything about secrets is for the shell's Rust alone.
//! Refuses to know what the device is used for.

#[cfg(target_os = "android")]
mod android;
mod commands;
#[cfg(any(test, mobile))]
mod contract;
#[cfg(desktop)]
mod desktop;
mod error;
#[cfg(not(target_os = "ios"))]
mod files;
mod hardware;
#[cfg(target_os = "ios")]
mod ios;
mod models;
#[cfg(any(test, mobile))]
mod signature;
#[cfg(desktop)]
mod simulated;

#[cfg(target_os = "android")]
pub use android::Device;
#[cfg(desktop)]
pub use desktop::Device;
pub use error::Error;
pub use hardware::{Biometry, Hardware, Keeper, MAX_SECRET, Prompt, PublicKey};
#[cfg(target_os = "ios")]
pub use ios::Device;
pub use models::{Haptic, Work};
#[cfg(desktop)]
pub use simulated::{Answer, Simulation};

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
        .invoke_handler(commands::handle)
        .setup(|app, api| {
            app.manage(Device::new(app, api)?);
            Ok(())
        })
        .build()
}
