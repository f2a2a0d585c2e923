//! What a desktop's camera sees, picture by picture, for a screen that asks. Refuses to know which camera that is.

use crate::nv21::Nv21;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// How long a preview waits for a picture before it says that there is none.
const WAIT: Duration = Duration::from_secs(1);

pub(crate) struct Preview(watch::Sender<Option<Arc<Nv21>>>);

impl Default for Preview {
    fn default() -> Self {
        Preview(watch::channel(None).0)
    }
}

impl Preview {
    pub fn show(&self, frame: Arc<Nv21>) {
        self.0.send_replace(Some(frame));
    }

    /// No camera runs any more.
    pub fn clear(&self) {
        self.0.send_replace(None);
    }

    /// The next frame as a small JPEG, or the one in view where `number` is 0; `None` while no camera runs.
    pub async fn picture(&self, number: u64) -> Option<Vec<u8>> {
        let mut seen = self.0.subscribe();
        let waits = number > 0 || seen.borrow().is_none();
        if waits {
            seen.borrow_and_update();
            tokio::time::timeout(WAIT, seen.changed()).await.ok()?.ok()?;
        }
        let frame = seen.borrow().clone()?;
        // A few milliseconds of pixels, off the threads that serve everything else.
        let jpeg = tokio::task::spawn_blocking(move || frame.preview()).await.ok()?;
        jpeg.inspect_err(|error| tracing::warn!(%error, "no preview")).ok()
    }
}
