//! Folio: the app's shell. Implements ports with Tauri and the plugins, decides nothing.
//!
//! Refuses to know what a screen, a page or a portal's answer means: intents go to the driver as they come, frames come back as
//! they are.

mod background;
mod commands;
mod hardware;
#[cfg(mobile)]
mod links;
mod picker;
mod portals;
mod ports;
mod protocols;
mod screen;
#[cfg(any(mobile, test))]
mod shared;
mod shell;
mod sink;
#[cfg(feature = "demo")]
mod tester;
mod words;

#[cfg(all(feature = "demo", not(debug_assertions)))]
compile_error!("the demo feature opens the app to testers and must not be in a release build");

pub use portals::PortalsError;
pub use shell::{Launch, run_with};

/// The phones' entry, and that of a desktop without arguments.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    if let Err(error) = run_with(Launch::default()) {
        tracing::error!(%error, "the app could not start");
    }
}

#[cfg(test)]
mod tests;
