//! From light to the bytes a phone delivers: blur, exposure, tone, noise, sharpening, a JPEG's losses, YUV.
//!
//! Refuses to know what is in the picture.

use crate::{
    canvas::{Canvas, SIDE},
    chance::Chance,
    colour::{Colour, encoded},
    jpeg,
};
use image::RgbImage;

/// The luma's side in pixels.
pub const LUMA: usize = 256;
/// Steps of the tone curve, and the light at its end: beyond it everything is white.
const CURVE: usize = 4096;
const BRIGHTEST: f32 = 1.6;

/// The finished frame, squashed to a square: 8-bit sRGB.
pub fn expose(canvas: &Canvas, chance: &mut Chance) -> RgbImage {
    let mut light = reduce(canvas);
    let sigma = match chance.weighted(&[52.0, 36.0, 12.0]) {
        0 => 0.0,
        1 => chance.within(0.35, 0.8),
        _ => chance.doubling(0.8, 2.2),
    };
    if sigma > 0.0 {
        light = blur(&light, sigma);
    }
    if chance.holds(0.08) {
        let (long, turn) = (chance.within(1.5, 8.0), chance.angle());
        light = smear(&light, long, turn);
    }
    let dim = chance.holds(0.07);
    let gain = gain(&light, dim, chance);
    let contrast = chance.within(-0.15, 0.9);
    let gamma = (0.12 * chance.normal()).exp();
    let lift = chance.within(0.0, 12.0) * chance.unit();
    let vividness = 1.0 + 0.25 * chance.normal();
    // One table for all that happens to a channel by itself.
    let curve: Vec<f32> = (0..=CURVE)
        .map(|i| {
            let t = encoded(shoulder(i as f32 / CURVE as f32 * BRIGHTEST)) / 255.0;
            let t = t.powf(gamma);
            (t + contrast * t * (1.0 - t) * (2.0 * t - 1.0)) * (255.0 - lift) + lift
        })
        .collect();
    let scale = gain * CURVE as f32 / BRIGHTEST;
    for pixel in &mut light {
        let seen = pixel.map(|v| {
            let at = (v * scale).clamp(0.0, CURVE as f32 - 0.01);
            let low = at as usize;
            curve[low] + (curve[low + 1] - curve[low]) * (at - low as f32)
        });
        let grey = 0.3 * seen[0] + 0.59 * seen[1] + 0.11 * seen[2];
        *pixel = seen.map(|v| grey + (v - grey) * vividness);
    }
    // From here on values are a picture's, 0 to 255.
    let mut frame = light;
    let sigma = if dim { chance.within(2.0, 9.0) } else { chance.doubling(0.2, 4.0) };
    noise(&mut frame, sigma, chance);
    if chance.holds(0.4) {
        sharpen(&mut frame, chance.within(0.2, 1.2));
    }
    if chance.holds(0.7) {
        jpeg::lose(&mut frame, LUMA, 100.0 - 70.0 * chance.unit() * chance.unit());
    }
    let bytes = frame.iter().flatten().map(|v| v.clamp(0.0, 255.0) as u8).collect();
    RgbImage::from_raw(LUMA as u32, LUMA as u32, bytes).unwrap_or_default()
}

/// Three pixels to two, each the average of what it covers.
fn reduce(canvas: &Canvas) -> Vec<Colour> {
    let mut out = vec![[0.0; 3]; LUMA * LUMA];
    let l = &canvas.light;
    for (y, pair) in (0..SIDE).step_by(3).enumerate() {
        for (x, left) in (0..SIDE).step_by(3).enumerate() {
            let at = |i: usize, j: usize, c: usize| l[(pair + j) * SIDE + left + i][c];
            for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let (ox, oy) = (2 * i, 2 * j);
                let pixel = &mut out[(2 * y + j) * LUMA + 2 * x + i];
                for (c, v) in pixel.iter_mut().enumerate() {
                    *v = (at(ox, oy, c) + 0.5 * at(1, oy, c) + 0.5 * at(ox, 1, c) + 0.25 * at(1, 1, c)) / 2.25;
                }
            }
        }
    }
    out
}

/// Gaussian of `sigma` pixels, borders repeated.
fn blur(light: &[Colour], sigma: f32) -> Vec<Colour> {
    let radius = (2.5 * sigma).ceil() as usize;
    let mut kernel: Vec<f32> = (0..=radius).map(|i| (-((i * i) as f32) / (2.0 * sigma * sigma)).exp()).collect();
    let sum = kernel[0] + 2.0 * kernel[1..].iter().sum::<f32>();
    kernel.iter_mut().for_each(|k| *k /= sum);
    // Across, written turned; twice gives both directions and the first orientation.
    let pass = |from: &[Colour]| {
        let mut out = vec![[0.0; 3]; LUMA * LUMA];
        let mut line = vec![[0.0; 3]; LUMA + 2 * radius];
        for (y, row) in from.chunks_exact(LUMA).enumerate() {
            line[..radius].fill(row[0]);
            line[radius..radius + LUMA].copy_from_slice(row);
            line[radius + LUMA..].fill(row[LUMA - 1]);
            for x in 0..LUMA {
                let mut sum = line[x + radius].map(|v| v * kernel[0]);
                for (k, weight) in kernel.iter().enumerate().skip(1) {
                    let (a, b) = (line[x + radius - k], line[x + radius + k]);
                    (0..3).for_each(|c| sum[c] += weight * (a[c] + b[c]));
                }
                out[x * LUMA + y] = sum;
            }
        }
        out
    };
    pass(&pass(light))
}

/// A moving hand: the average along a line of `long` pixels.
fn smear(light: &[Colour], long: f32, turn: f32) -> Vec<Colour> {
    let count = (long.ceil() as i32).max(2);
    let steps: Vec<(i32, i32)> = (0..count)
        .map(|i| {
            let t = (i as f32 / (count - 1) as f32 - 0.5) * long;
            ((t * turn.cos()).round() as i32, (t * turn.sin()).round() as i32)
        })
        .collect();
    let edge = LUMA as i32 - 1;
    (0..LUMA * LUMA)
        .map(|i| {
            let (x, y) = ((i % LUMA) as i32, (i / LUMA) as i32);
            let mut sum = [0.0; 3];
            for (dx, dy) in &steps {
                let p = light[(y + dy).clamp(0, edge) as usize * LUMA + (x + dx).clamp(0, edge) as usize];
                (0..3).for_each(|c| sum[c] += p[c]);
            }
            sum.map(|v| v / count as f32)
        })
        .collect()
}

/// What the automatic exposure would choose, and how far it is off.
fn gain(light: &[Colour], dim: bool, chance: &mut Chance) -> f32 {
    let mut grey: Vec<f32> = light.iter().step_by(7).map(|p| 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2]).collect();
    let mean = grey.iter().sum::<f32>() / grey.len() as f32;
    let at = grey.len() * 95 / 100;
    let bright = *grey.select_nth_unstable_by(at, f32::total_cmp).1;
    let target = if dim { chance.within(0.025, 0.11) } else { chance.within(0.2, 0.6) };
    let most = chance.within(0.7, 1.4);
    (target / mean.max(1e-3)).min(most / bright.max(1e-3))
}

/// Highlights bend before they clip.
fn shoulder(v: f32) -> f32 {
    if v < 0.8 { v } else { 0.8 + 0.2 * (1.0 - (-(v - 0.8) / 0.2).exp()) * 1.02 }
}

/// Of `sigma` steps in middle grey, more in the light than in the dark; partly of all colours at once.
fn noise(frame: &mut [Colour], sigma: f32, chance: &mut Chance) {
    let colourful = chance.within(0.1, 0.7);
    for pixel in frame {
        let bits = chance.bits();
        // Two uniform bytes are near enough to a normal number; variance 2/12 of 256 squared.
        let draw = |k: u32| (((bits >> (16 * k)) & 255) as f32 + ((bits >> (16 * k + 8)) & 255) as f32 - 255.0) / 104.5;
        let common = draw(0);
        let strength = sigma * (0.6 + 0.4 * (pixel[1].max(0.0) / 128.0).sqrt());
        for (c, v) in pixel.iter_mut().enumerate() {
            *v += strength * (common + colourful * draw(c as u32 + 1)) * 0.9;
        }
    }
}

/// Unsharp masking, as phones do it: the difference to the neighbours' average is added.
fn sharpen(frame: &mut [Colour], amount: f32) {
    let before: Vec<f32> = frame.iter().map(|p| 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2]).collect();
    for y in 1..LUMA - 1 {
        for x in 1..LUMA - 1 {
            let at = y * LUMA + x;
            let around = before[at - 1] + before[at + 1] + before[at - LUMA] + before[at + LUMA];
            let more = amount * (before[at] - around * 0.25) * 0.5;
            frame[at].iter_mut().for_each(|v| *v += more);
        }
    }
}
