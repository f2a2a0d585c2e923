//! What a JPEG loses: blocks of 8 × 8, transformed, rounded and brought back (ITU-T T.81), without writing a file.
//!
//! Chroma is halved both ways before, as cameras do.

use crate::{colour::Colour, noise::floor};
use std::{f32::consts::PI, sync::LazyLock};

const BLOCK: usize = 8;

/// T.81, tables K.1 and K.2.
#[rustfmt::skip]
const LUMA_STEPS: [f32; 64] = [
    16., 11., 10., 16., 24., 40., 51., 61., 12., 12., 14., 19., 26., 58., 60., 55.,
    14., 13., 16., 24., 40., 57., 69., 56., 14., 17., 22., 29., 51., 87., 80., 62.,
    18., 22., 37., 56., 68., 109., 103., 77., 24., 35., 55., 64., 81., 104., 113., 92.,
    49., 64., 78., 87., 103., 121., 120., 101., 72., 92., 95., 98., 112., 100., 103., 99.,
];
#[rustfmt::skip]
const CHROMA_STEPS: [f32; 64] = [
    17., 18., 24., 47., 99., 99., 99., 99., 18., 21., 26., 66., 99., 99., 99., 99.,
    24., 26., 56., 99., 99., 99., 99., 99., 47., 66., 99., 99., 99., 99., 99., 99.,
    99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99.,
    99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99., 99.,
];

/// The cosine transform as a matrix: `[frequency][place]`.
static COSINES: LazyLock<[[f32; BLOCK]; BLOCK]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let scale = if k == 0 { (1.0f32 / 8.0).sqrt() } else { 0.5 };
        std::array::from_fn(|n| scale * ((2 * n + 1) as f32 * k as f32 * PI / 16.0).cos())
    })
});

/// A square picture of `side` pixels (a multiple of 16), values 0–255, as a JPEG of this quality (1 to 100) keeps it.
pub fn lose(picture: &mut [Colour], side: usize, quality: f32) {
    let scale = if quality < 50.0 { 50.0 / quality } else { 2.0 - quality / 50.0 };
    let steps = |table: &[f32; 64]| table.map(|v| (v * scale).round().clamp(1.0, 255.0));
    let half = side / 2;
    let mut luma = vec![0.0f32; side * side];
    let mut chroma = [vec![0.0f32; half * half], vec![0.0f32; half * half]];
    for (i, p) in picture.iter().enumerate() {
        let y = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
        luma[i] = y - 128.0;
        let at = (i / side / 2) * half + (i % side) / 2;
        chroma[0][at] += 0.25 * 0.564 * (p[2] - y);
        chroma[1][at] += 0.25 * 0.713 * (p[0] - y);
    }
    through(&mut luma, side, &steps(&LUMA_STEPS));
    for plane in &mut chroma {
        through(plane, half, &steps(&CHROMA_STEPS));
    }
    for (i, p) in picture.iter_mut().enumerate() {
        let y = luma[i] + 128.0;
        let at = (i / side / 2) * half + (i % side) / 2;
        let (b, r) = (chroma[0][at], chroma[1][at]);
        *p = [y + 1.402 * r, y - 0.344 * b - 0.714 * r, y + 1.772 * b];
    }
}

fn through(plane: &mut [f32], side: usize, steps: &[f32; 64]) {
    let cosines = &*COSINES;
    for top in (0..side).step_by(BLOCK) {
        for left in (0..side).step_by(BLOCK) {
            let mut block = [[0.0f32; BLOCK]; BLOCK];
            for (y, row) in block.iter_mut().enumerate() {
                row.copy_from_slice(&plane[(top + y) * side + left..][..BLOCK]);
            }
            let mut there = both(&block, cosines, true);
            for (i, v) in there.iter_mut().flatten().enumerate() {
                *v = floor(*v / steps[i] + 0.5) * steps[i];
            }
            let back = both(&there, cosines, false);
            for (y, row) in back.iter().enumerate() {
                plane[(top + y) * side + left..][..BLOCK].copy_from_slice(row);
            }
        }
    }
}

/// The transform along rows and columns, or its inverse.
fn both(block: &[[f32; 8]; 8], cosines: &[[f32; 8]; 8], forward: bool) -> [[f32; 8]; 8] {
    let mut rows = [[0.0f32; 8]; 8];
    for (out, row) in rows.iter_mut().zip(block) {
        if forward {
            for (k, v) in out.iter_mut().enumerate() {
                *v = row.iter().zip(&cosines[k]).map(|(a, b)| a * b).sum();
            }
        } else {
            for (value, basis) in row.iter().zip(cosines) {
                out.iter_mut().zip(basis).for_each(|(v, b)| *v += value * b);
            }
        }
    }
    let mut out = [[0.0f32; 8]; 8];
    for k in 0..8 {
        for n in 0..8 {
            let weight = if forward { cosines[k][n] } else { cosines[n][k] };
            for c in 0..8 {
                out[k][c] += weight * rows[n][c];
            }
        }
    }
    out
}
