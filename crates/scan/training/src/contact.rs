//! Many samples on one picture with their masks' outlines, for eyes.

use crate::{assets::Assets, canvas::Canvas, lens::LUMA, sample::SMALL, scene};
use image::{Rgb, RgbImage};

/// `side` × `side` samples from `seed` on; the mask's outline green, the corners red, the page's top left blue.
pub fn sheet(assets: &Assets, seed: u64, side: u32) -> RgbImage {
    let step = LUMA as u32 + 4;
    let mut out = RgbImage::new(side * step, side * step);
    let mut canvas = Canvas::new();
    for number in 0..side * side {
        let sample = scene::render(&mut canvas, assets, seed.wrapping_add(u64::from(number)));
        let mut frame = sample.frame;
        let on = |x: usize, y: usize| sample.mask[y / 2 * SMALL + x / 2] >= 128;
        for y in 1..LUMA {
            for x in 1..LUMA {
                if on(x, y) != on(x - 1, y) || on(x, y) != on(x, y - 1) {
                    frame.put_pixel(x as u32, y as u32, Rgb([0, 230, 60]));
                }
            }
        }
        for (i, [x, y]) in sample.corners.iter().flatten().enumerate() {
            let (x, y) = (x * LUMA as f32, y * LUMA as f32);
            let colour = if i == 0 { [40, 80, 255] } else { [255, 30, 30] };
            for (dx, dy) in (0..25).map(|k| ((k % 5) as f32 - 2.0, (k / 5) as f32 - 2.0)) {
                let (px, py) = (x + dx, y + dy);
                if (0.0..LUMA as f32).contains(&px) && (0.0..LUMA as f32).contains(&py) {
                    frame.put_pixel(px as u32, py as u32, Rgb(colour));
                }
            }
        }
        image::imageops::replace(&mut out, &frame, i64::from(number % side * step), i64::from(number / side * step));
    }
    out
}
