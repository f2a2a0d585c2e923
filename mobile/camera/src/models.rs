//! What crosses between the screens and the camera. Refuses to carry pixels: pictures go to the [`crate::PhotoSink`].

use scan::{Quad, automatic::Hint};
use serde::{Deserialize, Serialize};

/// What the camera is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Photographing pages: frames are judged, stills are taken.
    Page,
    /// Reading a QR code: nothing is photographed.
    Code,
}

/// How a session begins; `automatic` can be changed while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOptions {
    pub purpose: Purpose,
    pub automatic: bool,
}

/// What a session tells its screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// At most 15 a second. `hint`: `None` when there is nothing to say. `quad`: in fractions of the preview's picture.
    /// `steady`: 0 to 1; at 1 the picture is taken by itself.
    Verdict { hint: Option<Hint>, quad: Option<Quad>, steady: f32, torch: bool },
    /// A still was accepted by the sink, which named it.
    Captured { photo: String },
    /// A QR code's text, once; again only when it is still there after a while.
    Code { text: String },
    /// The session is over without anybody's fault: the app was left, a call came, another session began.
    Interrupted,
    /// The session is over, or its picture lost; `code` is an [`crate::Error`]'s.
    Failed { code: &'static str },
}

/// Whether the system lets us use the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    Granted,
    Denied,
    /// Never asked; asking is possible.
    Prompt,
}

/// Who pressed the shutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    Automatic,
    Manual,
}

/// A full-size photo as the camera encoded it. Moved, never copied, on its way to the sink.
pub struct Still {
    pub jpeg: Vec<u8>,
    pub trigger: Trigger,
}
