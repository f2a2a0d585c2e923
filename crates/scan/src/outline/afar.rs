//! Brings back corners that would lie too far outside the frame.
//!
//! Knows which quad differs least from what is visible; refuses to guess what is not.

use super::overlap::Mass;
use super::shape::Corners;

/// First and last step of the search, as shares of the frame's side.
const STEPS: (f32, f32) = (0.06, 0.005);

/// The corners, each at most `outside` (share of the frame's side) outside the frame: those that lie farther off are put
/// where the quad differs least from the mask, of which there is none outside.
pub fn brought_back(mass: &Mass, corners: Corners, outside: f32) -> Corners {
    let size = mass.size();
    let allowed = |p: [f32; 2]| (0..2).all(|i| beyond(p[i], size[i]) <= outside * size[i]);
    let mut out = corners;
    let far: Vec<usize> = (0..4).filter(|i| !allowed(corners[*i])).collect();
    for &i in &far {
        // On the way to the opposite corner a place is found even from very far.
        let opposite = corners[(i + 2) % 4];
        let way = |share: f32| std::array::from_fn(|k| corners[i][k] + (opposite[k] - corners[i][k]) * share);
        out[i] = (1..=40).map(|k| way(k as f32 / 40.0)).find(|p| allowed(*p)).unwrap_or(opposite);
    }
    let mut step = if far.is_empty() { 0.0 } else { STEPS.0 };
    let mut best = mass.iou_with_outside(&out);
    while step > STEPS.1 {
        let before = best;
        for &i in &far {
            for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                let mut tried = out;
                tried[i] = [out[i][0] + dx * size[0], out[i][1] + dy * size[1]];
                let iou = mass.iou_with_outside(&tried);
                if iou > best && allowed(tried[i]) {
                    (out, best) = (tried, iou);
                }
            }
        }
        if best - before < 1e-4 {
            step /= 2.0;
        }
    }
    out
}

/// How far a coordinate lies outside the frame, in pixels.
fn beyond(at: f32, side: f32) -> f32 {
    (-0.5 - at).max(at - (side - 0.5)).max(0.0)
}
