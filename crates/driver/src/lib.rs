//! Does what the journey asks, once, with the real scan, pdf, vault and client; only ports differ.
//!
//! One task, the mind, owns the state: it applies an event, saves, shows, and only then starts effects, each a task of
//! its own that reports back. Refuses to know Tauri, screens, and what should happen next.

mod account;
mod code;
mod files;
mod hardware;
mod heif;
mod link;
mod mind;
mod paper;
mod patience;
mod pictures;
pub mod ports;
mod sealed;
mod send;
mod still;
mod teller;
mod trouble;
mod works;

pub use hardware::{Hardware, HardwareError, NoHardware, Prompt};
pub use ports::{
    Choice, Clock, Device, MAX_FILE_BYTES, PickError, PickedFile, Picker, Picking, Ports, Reading, Rng, SystemClock,
    SystemRng, Undecoded,
};
pub use still::{NotServed, Served, Still, StillError, Trigger};
/// For a shell, which depends on nothing behind the driver.
pub use {client, journey, protocol, vault};

use journey::{App, Event, Frame, Intent, PhotoId, Sending};
use mind::{Mind, Said};
use protocol::Portal;
use std::{path::Path, sync::Arc};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::AbortHandle,
};
use vault::{Faults, NoFaults, Vault, VaultError};
use works::Works;

/// Why the app cannot start. What was saved stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Saved by another version, or damaged.
    #[error("what was saved cannot be read: {0}")]
    State(#[from] serde_json::Error),
}

/// The running app; clones are handles to the same one. It ends with the last of them.
#[derive(Clone)]
pub struct Driver(Arc<Handle>);

struct Handle {
    said: mpsc::UnboundedSender<Said>,
    frames: watch::Receiver<Frame>,
    state: watch::Receiver<Arc<App>>,
    works: Arc<Works>,
    pictures: pictures::Pictures,
    mind: AbortHandle,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.mind.abort();
    }
}

/// Folder of the vault below the app's own.
const VAULT: &str = "vault";

/// Restores what was saved in `dir` and goes on with what was on its way. Runs inside a tokio runtime.
pub async fn start(dir: &Path, portals: Vec<Portal>, ports: Ports) -> Result<Driver, StartError> {
    start_with(dir, portals, ports, Arc::new(NoFaults)).await
}

/// Deletes all that was saved in `dir`, with its key: the way out where [`start`] cannot read it.
pub async fn forget(dir: &Path, ports: &Ports) -> Result<(), StartError> {
    let (dir, secrets) = (dir.join(VAULT), ports.secrets.clone());
    Ok(works::block(move || Vault::destroy(&dir, &*secrets)).await?)
}

async fn start_with(
    dir: &Path,
    portals: Vec<Portal>,
    ports: Ports,
    faults: Arc<dyn Faults>,
) -> Result<Driver, StartError> {
    let (dir, opened) = (dir.join(VAULT), ports.clone());
    let vault =
        works::block(move || Vault::open_with(&dir, &*opened.secrets, &mut ports::Chance(&*opened.rng), faults));
    let (said, hears) = mpsc::unbounded_channel();
    let works = Arc::new(Works::new(vault.await?, ports, &portals, said.downgrade()));
    let app = works.restore(portals).await?;
    let (kept, link) = (works.vault.clone(), app.link.clone());
    if works::block(move || account::is_left_over(&kept, link.as_ref())).await? {
        works.destroy_account().await;
    }
    works.sweep(app.needs()).await?;
    let (mut mind, frames, state) = Mind::new(app, works.clone());
    mind.begin().await;
    let mind = tokio::spawn(mind.run(hears)).abort_handle();
    Ok(Driver(Arc::new(Handle { said, frames, state, works, pictures: pictures::Pictures::default(), mind })))
}

impl Driver {
    /// Says what the citizen wants; what comes of it arrives in [`Driver::frames`].
    pub fn dispatch(&self, intent: Intent) {
        // Fails only after a shutdown, when nobody is left to want anything.
        let _ = self.0.said.send(Said::Event(Event::Intent(intent)));
    }

    /// The system opened the app with a link.
    pub fn open_link(&self, link: String) {
        let _ = self.0.said.send(Said::Event(Event::LinkOpened(link)));
    }

    /// Another app shared files. Each is read when its turn has come, and none passes a screen.
    pub fn share(&self, files: Vec<Reading>) {
        if !files.is_empty() {
            self.0.works.share(files);
            let _ = self.0.said.send(Said::Event(Event::FilesShared));
        }
    }

    /// What is on its way now. Changes no more often than [`Driver::frames`].
    pub fn sending(&self) -> Option<Sending> {
        journey::sending(&self.0.state.borrow())
    }

    /// The frame shown now and every one after it; a slow reader misses some, never the last.
    pub fn frames(&self) -> watch::Receiver<Frame> {
        self.0.frames.clone()
    }

    /// Whether a camera screen waits for a photo.
    pub fn wants_photo(&self) -> bool {
        self.0.state.borrow().aim().is_some()
    }

    /// Keeps a photo of the camera screen. When this answers `Ok`, the page survives a kill.
    pub async fn photo(&self, still: Still) -> Result<PhotoId, StillError> {
        let aim = self.0.state.borrow().aim().ok_or(StillError::NotWanted)?;
        let outcome = self.0.works.keep_still(aim, still).await?;
        let (kept, answer) = oneshot::channel();
        self.0.said.send(Said::Photo { outcome, kept }).map_err(|_| StillError::Failed)?;
        answer.await.unwrap_or(Err(StillError::Failed))
    }

    /// The picture at `path` below `page://localhost/`: `photo/ID?side=800`, `page/ID?v=…&side=600`,
    /// `pdf/DRAFT/0?width=900`.
    pub async fn picture(&self, path: &str) -> Result<Served, NotServed> {
        let app = self.0.state.borrow().clone();
        self.0.pictures.serve(&self.0.works, &app, path).await
    }

    /// Stops everything at once and waits for writes that have begun; nothing saved is lost.
    pub async fn shutdown(self) {
        let (stopped, answer) = oneshot::channel();
        if self.0.said.send(Said::Stop { stopped }).is_ok() {
            // An error means that the mind has ended already.
            let _ = answer.await;
        }
        self.0.works.rest().await;
    }
}

#[cfg(test)]
mod tests;
