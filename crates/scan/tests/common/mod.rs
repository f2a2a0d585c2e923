//! Pages of known text as a printer would make them, and as a phone would see them. The same seed gives the same page.
//!
//! Refuses to know: what is done with them.

#![expect(dead_code, reason = "each test that includes this draws some of it")]

pub mod bent;
mod camera;
mod draw;
mod layout;
pub mod legible;
#[path = "../../examples/scenes/random.rs"]
mod random;
mod text;
pub mod turned;

pub use camera::{Light, seen};
pub use draw::{Face, Paper};
pub use layout::{Blank, Kind, blank, page};
pub use random::Random;
pub use text::Language;

/// A page and what stands on it, line by line.
pub struct Printed {
    pub picture: image::RgbImage,
    pub text: String,
}
