//! Whether a person could tell the page from what is around it: what nobody can see teaches a net to doubt what it sees.
//!
//! Knows a finished sample and its truth; refuses to know how it was drawn.

use crate::{
    pose::Spot,
    sample::{SMALL, Sample},
};

/// Least difference across the outline, in steps of 255 of any of the three colours.
const SEEN: u32 = 10;
/// Least share of the outline in the frame that must be seen.
const LEAST_SEEN: f32 = 0.6;
/// Least length in the frame, as a share of its side, of a side that counts, and how many of the page's sides must count.
const LEAST_SIDE: f32 = 0.12;
const SIDES: usize = 2;
/// Least share of the frame: a detector asks for 4 %.
const LEAST_AREA: f32 = 0.045;

/// Without a page there is nothing to tell.
pub fn can_be_told(sample: &Sample) -> bool {
    let Some(corners) = sample.corners else { return true };
    let covered = sample.mask.iter().filter(|&&share| inside(share)).count() as f32 / (SMALL * SMALL) as f32;
    let sides = (0..4).filter(|&i| within_frame(corners[i], corners[(i + 1) % 4]) >= LEAST_SIDE).count();
    covered >= LEAST_AREA && sides >= SIDES && outline_seen(sample) >= LEAST_SEEN
}

fn inside(share: u8) -> bool {
    share > 127
}

/// The length of the part of a line that lies in the frame; both in shares of its side.
fn within_frame(a: Spot, b: Spot) -> f32 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let (mut from, mut to) = (0.0f32, 1.0f32);
    for i in 0..2 {
        let (low, high) = (-a[i] / along[i], (1.0 - a[i]) / along[i]);
        if low.is_finite() && high.is_finite() {
            (from, to) = (from.max(low.min(high)), to.min(low.max(high)));
        } else if !(0.0..=1.0).contains(&a[i]) {
            return 0.0;
        }
    }
    (to - from).max(0.0) * along[0].hypot(along[1])
}

/// The share of the outline on whose two sides colours differ.
fn outline_seen(sample: &Sample) -> f32 {
    let (mut seen, mut all) = (0u32, 0u32);
    let at = |x: usize, y: usize| inside(sample.mask[y * SMALL + x]);
    for across in 2..SMALL - 3 {
        for along in 0..SMALL {
            for turned in [false, true] {
                let place = |across: usize| if turned { (along, across) } else { (across, along) };
                let mask = |across: usize| at(place(across).0, place(across).1);
                if mask(across) != mask(across + 1) {
                    // Beside the boundary's own pixels, which are a mixture.
                    let [near, far] =
                        [across - 2, across + 2].map(|start| colour(sample, place(start), place(start + 1)));
                    all += 1;
                    seen += u32::from((0..3).any(|i| near[i].abs_diff(far[i]) >= 8 * SEEN));
                }
            }
        }
    }
    // All of the outline lies outside: no side is seen, which the sides tell.
    if all == 0 { 1.0 } else { seen as f32 / all as f32 }
}

/// Sum of the eight pixels of the frame under two of the mask.
fn colour(sample: &Sample, a: (usize, usize), b: (usize, usize)) -> [u32; 3] {
    let mut sum = [0; 3];
    for (x, y) in [a, b] {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let pixel = sample.frame.get_pixel((2 * x + dx) as u32, (2 * y + dy) as u32);
            (0..3).for_each(|i| sum[i] += u32::from(pixel.0[i]));
        }
    }
    sum
}
