//! Tables of noise that repeat without a seam, so that a surface costs a few look-ups a pixel instead of hashes.

use crate::chance::Chance;
use std::sync::LazyLock;

const SIDE: usize = 256;
const SEED: u64 = 20;

/// Values 0 to 1 over one unit square, repeated.
pub struct Noise(Vec<f32>);

/// Smooth clouds of five octaves, the lowest of 8 cells.
pub static CLOUD: LazyLock<Noise> = LazyLock::new(|| Noise::octaves(8, 5, 0.55, |v| v));
/// Creases: clouds folded at their middle.
pub static CREASE: LazyLock<Noise> = LazyLock::new(|| Noise::octaves(6, 4, 0.45, |v| 1.0 - (2.0 * v - 1.0).abs()));
/// One value a cell, 256 cells a side.
pub static GRAIN: LazyLock<Noise> = LazyLock::new(|| {
    let mut chance = Chance::new(SEED + 1);
    Noise((0..SIDE * SIDE).map(|_| chance.unit()).collect())
});
/// Distance to the nearest of about 400 scattered points: pebbles, leather, terrazzo.
pub static CELLS: LazyLock<Noise> = LazyLock::new(cells);

impl Noise {
    /// Between the table's values; any coordinates.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x * SIDE as f32, y * SIDE as f32);
        let (x0, y0) = (floor(x), floor(y));
        let (fx, fy) = (x - x0, y - y0);
        let column = |v: f32| (v as i32 as usize) & (SIDE - 1);
        let (xa, ya) = (column(x0), column(y0));
        let (xb, yb) = ((xa + 1) & (SIDE - 1), (ya + 1) & (SIDE - 1));
        let t = &self.0;
        let top = t[ya * SIDE + xa] * (1.0 - fx) + t[ya * SIDE + xb] * fx;
        let bottom = t[yb * SIDE + xa] * (1.0 - fx) + t[yb * SIDE + xb] * fx;
        top * (1.0 - fy) + bottom * fy
    }

    fn octaves(cells: usize, octaves: usize, fade: f32, fold: impl Fn(f32) -> f32) -> Noise {
        let mut chance = Chance::new(SEED);
        let mut table = vec![0.0f32; SIDE * SIDE];
        let mut weight = 1.0;
        for octave in 0..octaves {
            let n = cells << octave;
            let lattice: Vec<f32> = (0..n * n).map(|_| chance.unit()).collect();
            for (i, value) in table.iter_mut().enumerate() {
                let (x, y) = ((i % SIDE) as f32 * n as f32 / SIDE as f32, (i / SIDE) as f32 * n as f32 / SIDE as f32);
                let (x0, y0) = (x as usize, y as usize);
                let (fx, fy) = (smooth(x - x0 as f32), smooth(y - y0 as f32));
                let at = |dx: usize, dy: usize| lattice[(y0 + dy) % n * n + (x0 + dx) % n];
                let top = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
                let bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
                *value += weight * fold(top + (bottom - top) * fy);
            }
            weight *= fade;
        }
        Noise(spread(table))
    }
}

fn cells() -> Noise {
    let mut chance = Chance::new(SEED + 2);
    const BLOCKS: usize = 20;
    let points: Vec<[f32; 2]> = (0..BLOCKS * BLOCKS).map(|_| [chance.unit(), chance.unit()]).collect();
    let table = (0..SIDE * SIDE).map(|i| {
        let (x, y) = ((i % SIDE) as f32 / SIDE as f32, (i / SIDE) as f32 / SIDE as f32);
        let (x, y) = (x * BLOCKS as f32, y * BLOCKS as f32);
        let mut nearest = 9.0f32;
        for (dx, dy) in (0..9).map(|k| (k % 3 - 1, k / 3 - 1)) {
            let (bx, by) = (x as i32 + dx, y as i32 + dy);
            let wrap = |v: i32| v.rem_euclid(BLOCKS as i32) as usize;
            let [px, py] = points[wrap(by) * BLOCKS + wrap(bx)];
            nearest = nearest.min((bx as f32 + px - x).hypot(by as f32 + py - y));
        }
        nearest
    });
    Noise(spread(table.collect()))
}

/// Stretched to 0..1.
fn spread(mut table: Vec<f32>) -> Vec<f32> {
    let low = table.iter().copied().fold(f32::MAX, f32::min);
    let high = table.iter().copied().fold(f32::MIN, f32::max);
    table.iter_mut().for_each(|v| *v = (*v - low) / (high - low));
    table
}

/// 0 below 0, 1 above 1, and a soft step between.
pub fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The whole number below, for values within ±2³¹: no call into a library, unlike `f32::floor` on the oldest processors.
#[inline]
pub fn floor(v: f32) -> f32 {
    let whole = v as i32 as f32;
    if whole > v { whole - 1.0 } else { whole }
}

/// What is above [`floor`], 0 to 1.
#[inline]
pub fn share(v: f32) -> f32 {
    v - floor(v)
}
