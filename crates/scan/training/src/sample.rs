//! One sample as training reads it: the planes, the true mask, the corners, and its fixed layout in bytes.

use crate::{
    canvas::{Canvas, SIDE},
    lens::LUMA,
    pose::Spot,
};
use image::RgbImage;

/// Side of chroma and mask in pixels.
pub const SMALL: usize = 128;
/// Bytes of a record.
pub const RECORD: usize = LUMA * LUMA + 3 * SMALL * SMALL + 32 + 4 + 8 + 4;

/// Bits of [`Sample::kind`].
pub const HAS_PAGE: u32 = 1;
pub const CURLED: u32 = 2;
pub const TOUCHES: u32 = 4;
pub const OCCLUDED: u32 = 8;
pub const TURNED: u32 = 16;

pub struct Sample {
    /// The frame squashed to a square of [`LUMA`] pixels.
    pub frame: RgbImage,
    /// Share of each pixel that is page, 0 to 255; [`SMALL`] pixels a side.
    pub mask: Vec<u8>,
    /// Top left, top right, bottom right, bottom left as the page is read: fractions of the frame.
    pub corners: Option<[Spot; 4]>,
    pub kind: u32,
    pub seed: u64,
}

impl Sample {
    /// Luma, U, V, mask, corners, kind, seed, reserved: little-endian, [`RECORD`] bytes.
    pub fn record(&self) -> Vec<u8> {
        let nv21 = scan::nv21_from_rgb(&self.frame);
        let (luma, chroma) = nv21.split_at(LUMA * LUMA);
        let mut out = Vec::with_capacity(RECORD);
        out.extend_from_slice(luma);
        out.extend(chroma.iter().skip(1).step_by(2));
        out.extend(chroma.iter().step_by(2));
        out.extend_from_slice(&self.mask);
        for [x, y] in self.corners.unwrap_or([[f32::NAN; 2]; 4]) {
            out.extend_from_slice(&x.to_le_bytes());
            out.extend_from_slice(&y.to_le_bytes());
        }
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&0u32.to_le_bytes());
        out
    }
}

/// The share of page in each block of 3 × 3 canvas pixels.
pub fn mask(canvas: &Canvas) -> Vec<u8> {
    let mut out = Vec::with_capacity(SMALL * SMALL);
    for y in (0..SIDE).step_by(3) {
        for x in (0..SIDE).step_by(3) {
            let covered: usize =
                (0..3).map(|j| canvas.page[(y + j) * SIDE + x..][..3].iter().filter(|&&p| p).count()).sum();
            out.push((covered * 255 / 9) as u8);
        }
    }
    out
}
