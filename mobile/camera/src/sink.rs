//! Where stills go: straight from native memory into the app's sealed store, past the web view.

use crate::Still;

/// Keeps photos. Given to the plugin by the app's shell; called on a camera thread, one still at a time.
pub trait PhotoSink: Send + Sync + 'static {
    /// Keeps the still and names it. When this returns `Ok` the photo survives a kill.
    fn accept(&self, still: Still) -> Result<String, SinkError>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    #[error("no screen waits for a photo")]
    NotWanted,
    #[error("the storage is full")]
    Full,
    #[error("the storage failed")]
    Failed,
}
