//! The camera behind the commands, the same on every platform: each command settles on every path, whatever the platform does.
//!
//! Refuses to know which platform it is on and what a frame shows.

use crate::{Error, Generation, Permission, Session, StartOptions, Trigger, platform::Platform, session::Events};
use std::{sync::Arc, time::Duration};
use tauri::async_runtime::spawn_blocking;
use tokio::{sync::Mutex, time::timeout};

/// A picture that has not come by then does not come any more, even if no frame tells so.
const STILL: Duration = Duration::from_secs(12);

/// The camera of an app.
pub struct Camera {
    pub(crate) controls: Controls,
    #[cfg(desktop)]
    pub(crate) session: Arc<Session>,
    #[cfg(desktop)]
    pub(crate) simulated: Arc<crate::simulated::SimulatedCamera>,
    /// What is opened instead of the simulated one.
    #[cfg(all(desktop, feature = "webcam"))]
    pub(crate) webcam: Option<Arc<crate::webcam::Webcam>>,
}

pub(crate) struct Controls {
    session: Arc<Session>,
    platform: Arc<dyn Platform>,
    /// Held while the platform opens, closes or lights: a second one waits.
    turn: Mutex<()>,
}

impl Controls {
    pub fn new(session: Arc<Session>, platform: Arc<dyn Platform>) -> Self {
        Controls { session, platform, turn: Mutex::default() }
    }

    /// Begins a session at once, and opens the camera for it when earlier openings and closings have ended.
    pub async fn start(&self, options: StartOptions, events: Events) -> Result<(), Error> {
        let session = self.session.begin(options, events);
        let _turn = self.turn.lock().await;
        if !self.is_live(session) {
            return Err(Error::Stopped);
        }
        let opened = self.wait(move |platform| platform.open(session, options.purpose)).await.and_then(|opened| opened);
        if opened.is_ok() && self.is_live(session) {
            return Ok(());
        }
        // Half opened, or ended meanwhile by whoever could not close what was not open yet.
        self.session.discard(session);
        self.wait(|platform| platform.close()).await?;
        opened.and(Err(Error::Stopped))
    }

    pub async fn stop(&self) -> Result<(), Error> {
        // At once: nothing is told from here on, however long the closing takes.
        self.session.end();
        let _turn = self.turn.lock().await;
        // Whoever began meanwhile waits for this turn, and its session is not ours to end.
        self.wait(|platform| platform.close()).await
    }

    pub async fn capture(&self) -> Result<(), Error> {
        let (session, taken) = self.session.press()?;
        // Reading, sealing and writing a photo is work for a thread that may wait. Not awaited: the photo tells its own end.
        drop(spawn_blocking({
            let platform = Arc::clone(&self.platform);
            move || platform.shoot(session)
        }));
        match timeout(STILL, taken).await {
            Ok(taken) => taken.unwrap_or(Err(Error::Stopped)),
            Err(_) => {
                self.session.fail(session, Error::NoPicture);
                Err(Error::NoPicture)
            }
        }
    }

    /// Whether a photo was taken; the person may have come back without one.
    pub async fn capture_with_system_camera(&self) -> Result<bool, Error> {
        let session = Arc::clone(&self.session);
        let kept = self.wait(move |platform| match platform.system_camera()? {
            Some(jpeg) => session.keep(jpeg, Trigger::Manual).map(|_| true),
            None => Ok(false),
        });
        kept.await?
    }

    pub async fn set_torch(&self, on: bool) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let (session, _) = self.session.running().ok_or(Error::NotRunning)?;
        self.wait(move |platform| platform.set_torch(on)).await??;
        self.session.torch_is(session, on);
        Ok(())
    }

    pub fn set_automatic(&self, on: bool) -> Result<(), Error> {
        self.session.set_automatic(on)
    }

    pub async fn permission(&self) -> Result<Permission, Error> {
        self.wait(|platform| platform.permission()).await?
    }

    pub async fn open_settings(&self) -> Result<(), Error> {
        self.wait(|platform| platform.open_settings()).await?
    }

    fn is_live(&self, session: Generation) -> bool {
        self.session.running().is_some_and(|(running, _)| running == session)
    }

    /// Asks the platform on a thread that may wait; a panic there is an error here.
    async fn wait<T: Send + 'static>(&self, ask: impl FnOnce(&dyn Platform) -> T + Send + 'static) -> Result<T, Error> {
        let platform = Arc::clone(&self.platform);
        spawn_blocking(move || ask(&*platform)).await.map_err(|error| {
            tracing::error!(%error, "the platform's camera");
            Error::Panicked
        })
    }
}
