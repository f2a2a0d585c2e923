//! What screens ask of a device.

use serde::Deserialize;

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
