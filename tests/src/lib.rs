//! Stories that run the real driver against the real portal; only camera, file dialog and phone are played.

mod computer;
mod hardware;
mod line;
pub mod linking;
mod phone;
pub mod steps;
pub mod words;

pub use computer::{Computer, NewCode};
pub use hardware::{PlayedHardware, Sensor};
pub use phone::{Phone, paper};

use std::time::Duration;

/// No story hangs for ever.
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(Duration::from_secs(90), work)
        .await
        .map_err(|_| anyhow::anyhow!("{what}: nothing within 90 s"))
}
