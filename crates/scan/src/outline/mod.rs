//! From a soft mask of the page to its four corners.
//!
//! Knows a mask over a squashed frame; refuses to know what made it and whether there is a page at all.
//!
//! A page that leaves the frame: the mask ends at the frame's border, the page does not. A side of which a third or more
//! of what lies in the frame is visible is the line of its visible part, prolonged; any other side is the frame's border.
//! So a corner that the frame cuts off is where its two sides would meet outside. That is what flattening needs, and up to
//! about 0.3 of a side beyond the border it is also the quad that differs least from the visible part. A corner that would
//! lie more than [`OUTSIDE`] of the frame's side outside is brought back to where the quad differs least from the visible
//! part of the page.

mod afar;
mod bend;
mod blob;
#[cfg(test)]
mod draw;
mod hull;
mod overlap;
mod refine;
#[cfg(test)]
mod refine_tests;
mod roll;
mod shape;
mod sides;
#[cfg(test)]
mod tests;

use crate::{Quad, plane::Plane};
use overlap::Mass;
use shape::Corners;

pub(crate) use bend::{Bend, through_corners};
pub(crate) use refine::{REACH, refine};

/// A corner may lie this far outside the frame, as a share of its side.
const OUTSIDE: f32 = 0.15;
/// What sticks out of the page and is thinner than these shares of the mask's side is cut off, for a second and a third
/// look.
const OPENINGS: [f32; 2] = [0.05, 0.12];
/// How far (share of the mask's side) the boundary may lie from the first guess, then from each better one.
const REACHES: [f32; 4] = [0.13, 0.07, 0.04, 0.03];
/// Guesses whose corners are all nearer than this (pixels) lead to the same quad.
const ALIKE: f32 = 2.5;
/// The mask's slope is made this much steeper where areas are compared: a blurred boundary is no poor fit.
const HARDER: f32 = 4.0;
/// Opposite sides differ by perspective, but not so much: a triangle has no fourth side.
const LEAST_OPPOSITE: f32 = 0.15;
/// A quad that explains so much of the mask needs no second look.
const GOOD_IOU: f32 = 0.975;
/// A quad that explains less of the mask than this explains nothing.
const LEAST_IOU: f32 = 0.5;
/// Odds that a pixel must have to count as page. What a net takes for page with even odds it may take with doubt, where
/// something as bright lies beside the page: if no quad is good, the next higher odds are tried.
const ODDS: [f32; 3] = [1.0, 3.0, 9.0];
/// A quad that explains so much of the mask needs no higher odds; one from higher odds must explain more by so much for each
/// step. Explained, not sure: a page of which one half lies in shadow is no less a page.
const EXPLAINED: f32 = 0.94;
const BETTER: f32 = 0.01;

/// A quad and how far to believe it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outline {
    /// Convex, more than 4 % of the frame, angles from 35° to 145° in the frame's true shape; clockwise from the top left
    /// as the page is read; at most [`OUTSIDE`] outside the frame.
    pub quad: Quad,
    /// 0 to 1: how well the quad explains the whole mask (intersection over union within the frame) times how sure the
    /// mask is of the page's inside.
    pub quality: f32,
}

/// The page in a mask (values 0 to 1: how much of each pixel is page), which covers a frame of `width` × `height`,
/// whatever its own shape. `None` where there is nothing with four sides.
pub(crate) fn quad_of_mask(mask: &Plane, size: (f32, f32)) -> Option<Outline> {
    let mask = mask.map(|v| if v > 0.0 { v.min(1.0) } else { 0.0 });
    let mut best: Option<(f32, Fitted)> = None;
    for (step, odds) in ODDS.into_iter().enumerate() {
        let Some(fitted) = Fitted::to(&mask.map(|v| v / (v + (1.0 - v) * odds)), size) else { continue };
        let (iou, value) = (fitted.iou, fitted.iou - BETTER * step as f32);
        if best.as_ref().is_none_or(|(most, _)| value > *most) {
            best = Some((value, if step == 0 { fitted } else { fitted.moved_onto(&mask, size) }));
        }
        if iou > EXPLAINED {
            break;
        }
    }
    let (_, Fitted { corners, iou, sure }) = best?;
    let quad = shape::reading_order(&corners, mask.width as f32, mask.height as f32);
    quad.is_convex().then(|| Outline { quad, quality: (iou * sure).clamp(0.0, 1.0) })
}

/// Corners in the mask's pixels, and the two factors of [`Outline::quality`].
struct Fitted {
    corners: Corners,
    iou: f32,
    sure: f32,
}

impl Fitted {
    /// The best four sides of the heaviest patch.
    fn to(mask: &Plane, size: (f32, f32)) -> Option<Self> {
        let patch = blob::heaviest(mask)?;
        let harder = |v: f32| ((v - blob::HALF) * HARDER + 0.5).clamp(0.0, 1.0);
        let mass = Mass::of(&patch, harder);
        let mut best: Option<(f32, Corners)> = None;
        let mut earlier: Vec<Corners> = Vec::new();
        for guess in guesses(&patch) {
            if earlier.iter().any(|other| alike(other, &guess)) {
                continue;
            }
            earlier.push(guess);
            let fitted = settle(&patch, guess).map(|corners| afar::brought_back(&mass, corners, OUTSIDE));
            let Some(corners) = fitted.filter(|corners| believable(corners, mask, size)) else { continue };
            let iou = mass.iou(&corners, mass.total());
            if best.is_none_or(|(most, _)| iou > most) {
                best = Some((iou, corners));
            }
            if iou > GOOD_IOU {
                break;
            }
        }
        let (_, corners) = best?;
        let iou = mass.iou(&corners, mask.data.iter().map(|v| harder(*v)).sum());
        (iou >= LEAST_IOU).then(|| Fitted { corners, iou, sure: sure(&patch) })
    }

    /// The same sides on the boundary of another mask where it is near.
    fn moved_onto(self, mask: &Plane, size: (f32, f32)) -> Self {
        let near = REACHES[REACHES.len() - 1] * mask.width.max(mask.height) as f32;
        let share = |at: f32, side: usize| (at + 0.5) / side as f32;
        let near_frame = |p: &[f32; 2]| {
            let allowed = -OUTSIDE..=1.0 + OUTSIDE;
            allowed.contains(&share(p[0], mask.width)) && allowed.contains(&share(p[1], mask.height))
        };
        let moved = sides::fit(mask, &self.corners, near)
            .filter(|corners| corners.iter().all(near_frame) && believable(corners, mask, size));
        Fitted { corners: moved.unwrap_or(self.corners), ..self }
    }
}

/// Whether the corners can be a page's in the frame's true shape.
fn believable(corners: &Corners, mask: &Plane, (width, height): (f32, f32)) -> bool {
    let scale = (width / mask.width as f32, height / mask.height as f32);
    let true_shape = corners.map(|p| [(p[0] + 0.5) * scale.0, (p[1] + 0.5) * scale.1]);
    !triangular(&true_shape) && shape::plausible(&true_shape, width, height)
}

/// First guesses: the outline of the patch as it is and of what stays once thin outgrowths are cut off, and a rectangle.
fn guesses(patch: &Plane) -> impl Iterator<Item = Corners> {
    let side = patch.width.max(patch.height) as f32;
    let opened = OPENINGS.into_iter().filter_map(move |share| {
        let radius = ((side * share / 2.0) as usize).max(1);
        hull::four_sides(&blob::heaviest(&blob::opened(patch, radius)?)?)
    });
    let rectangle = std::iter::once_with(|| hull::rectangle(patch)).flatten();
    hull::four_sides(patch).into_iter().chain(opened).chain(rectangle).map(shape::clockwise)
}

/// The guess moved onto the boundary, from coarse to fine.
fn settle(patch: &Plane, guess: Corners) -> Option<Corners> {
    let side = patch.width.max(patch.height) as f32;
    REACHES.iter().try_fold(guess, |corners, reach| sides::fit(patch, &corners, reach * side))
}

/// Whether two guesses would end at the same boundary.
fn alike(a: &Corners, b: &Corners) -> bool {
    (0..4).any(|turn| (0..4).all(|i| (0..2).all(|k| (a[i][k] - b[(i + turn) % 4][k]).abs() < ALIKE)))
}

fn triangular(c: &Corners) -> bool {
    let length = |i: usize| (c[(i + 1) % 4][0] - c[i][0]).hypot(c[(i + 1) % 4][1] - c[i][1]);
    (0..4).any(|i| length(i) < LEAST_OPPOSITE * length((i + 2) % 4))
}

/// How sure the mask is of the patch, 0 to 1: the mean of 2p − 1 over the page, weighted by itself so that a blurred rim
/// says little.
fn sure(patch: &Plane) -> f32 {
    let over = patch.data.iter().filter(|v| **v >= blob::HALF).map(|v| 2.0 * v - 1.0);
    let (sum, squares) = over.fold((0.0f32, 0.0f32), |(sum, squares), v| (sum + v, squares + v * v));
    squares / sum.max(1e-6)
}
