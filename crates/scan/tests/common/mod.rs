//! Pages of known text as a printer would make them, and as a phone would see them. The same seed gives the same page.
//!
//! Refuses to know: what is done with them.

#![allow(dead_code, reason = "each test that includes this draws some of it")]

mod camera;
mod draw;
mod layout;
pub mod legible;
mod text;
pub mod turned;

pub use camera::{Light, seen};
pub use draw::{Face, Paper};
pub use layout::{Blank, Kind, blank, page};
pub use text::Language;

/// A page and what stands on it, line by line.
pub struct Printed {
    pub picture: image::RgbImage,
    pub text: String,
}

/// Seeded numbers: SplitMix64 (Steele, Lea & Flood 2014).
pub struct Chance(pub u64);

impl Chance {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to less than 1.
    pub fn share(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Mean 0, deviation 1, as good as normal.
    pub fn noise(&mut self) -> f32 {
        (0..4).map(|_| self.share() - 0.5).sum::<f32>() * 3f32.sqrt()
    }
}
