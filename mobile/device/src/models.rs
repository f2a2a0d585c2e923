//! What screens and the shell ask of a device.

use serde::{Deserialize, Serialize};

/// What a hand should feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Haptic {
    /// A key, a corner that snaps.
    Tick,
    /// The picture was taken, the document received.
    Success,
    /// Something needs attention.
    Warning,
}

/// What goes on while nobody looks, in the words that the system shows for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Work {
    /// What notices of this kind are called in the system's settings.
    pub channel: String,
    pub title: String,
    /// Where the system has stopped it.
    pub stopped: String,
    /// How far it is.
    pub percent: u8,
}
