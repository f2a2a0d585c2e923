//! The camera's still on its way into the vault, and pictures on their way to the screen: words of the seam.

/// Who pressed the shutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    Automatic,
    Manual,
}

/// A full-size photo as the camera encoded it.
pub struct Still {
    pub jpeg: Vec<u8>,
    pub trigger: Trigger,
}

/// Why a still was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StillError {
    #[error("no screen waits for a photo")]
    NotWanted,
    #[error("the storage is full")]
    Full,
    #[error("the photo could not be stored")]
    Failed,
}

/// A picture for the web view.
#[derive(Clone, PartialEq, Eq)]
pub struct Served {
    pub mime: &'static str,
    pub bytes: std::sync::Arc<[u8]>,
}

/// Why a picture is not shown; the shell answers 403, 404, 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotServed {
    #[error("the app is locked")]
    Locked,
    #[error("there is no such picture")]
    NotFound,
    #[error("the picture could not be made")]
    Failed,
}
