//! Where is the page? Many hypotheses from edges and from areas, each moved onto its edges and scored; the best wins.
//!
//! Knows one small picture; refuses to know earlier frames. The inside may change; the two functions stay.

mod cues;
mod fit;
mod lines;
mod masks;
mod score;
mod shape;

use crate::{Point, Quad, Yuv, decode::reduce, frame::nv21_from_rgb, plane::Plane};
use cues::Cues;
use image::RgbImage;
use score::Score;
use serde::{Deserialize, Serialize};
use shape::Corners;

/// A page in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Convex, more than 4 % of the picture, angles from 35° to 145°; corners may lie outside the picture.
    pub quad: Quad,
    /// 0.5, just believed, to 1.
    pub confidence: f32,
}

/// Longer side, in pixels, of the picture that is looked at.
const SIZE: usize = 288;
/// Hypotheses from lines that are scored in full, and how many of all are moved onto their edges.
const FROM_LINES: usize = 60;
const REFINED: usize = 14;
/// An outline around another wins if it is this much larger, and its weakest side and its score are not much worse.
const OUTER_AREA: f32 = 1.12;
const OUTER_WEAKEST: f32 = 0.6;
const LEAST_OUTER: f32 = 0.3;
const OUTER_DEFICIT: f32 = 0.3;
const OUTER_DARKER: f32 = 0.1;
/// Below this a quad is more likely furniture than paper.
const LEAST_CONFIDENCE: f32 = 0.72;
/// Longer side, in pixels, at which a photo's edges are refined.
const PHOTO_SIZE: u32 = 1600;

/// The page in a live frame, if there is one.
pub fn find(frame: &Yuv) -> Option<Found> {
    let cues = Cues::of(frame.small(SIZE));
    let (corners, confidence) = best(&cues)?;
    let quad = shape::reading_order(&corners, cues.width, cues.height);
    let believed = 0.5 + 0.5 * (confidence - LEAST_CONFIDENCE) / (1.0 - LEAST_CONFIDENCE);
    (confidence >= LEAST_CONFIDENCE && quad.is_convex()).then_some(Found { quad, confidence: believed })
}

/// The page in a full photo: found as in a frame, then its sides are moved onto the photo's own edges.
pub fn find_in_photo(photo: &RgbImage) -> Option<Found> {
    let reduced = reduce(photo.clone(), PHOTO_SIZE);
    let bytes = nv21_from_rgb(&reduced);
    let frame = Yuv::nv21(&bytes, reduced.width() as usize, reduced.height() as usize).ok()?;
    let found = find(&frame)?;
    let luma = frame.luma(PHOTO_SIZE as usize).smooth();
    let size = (luma.width as f32, luma.height as f32);
    let corners = found.quad.0.map(|p| [p.x * size.0 - 0.5, p.y * size.1 - 0.5]);
    let reach = size.0.max(size.1) / SIZE as f32 * 1.2;
    let step = |x: f32, y: f32, nx: f32, ny: f32| across(&luma, x, y, nx, ny);
    let quad = match fit::fit(&corners, reach, 8.0, size, step) {
        Some(moved) => Quad(moved.map(|p| Point { x: (p[0] + 0.5) / size.0, y: (p[1] + 0.5) / size.1 })),
        None => found.quad,
    };
    Some(if quad.is_convex() && quad.distance(&found.quad) < 0.02 { Found { quad, ..found } } else { found })
}

/// Difference of luma across a direction, levels over two pixels.
fn across(luma: &Plane, x: f32, y: f32, nx: f32, ny: f32) -> f32 {
    (luma.sample(x + nx, y + ny) - luma.sample(x - nx, y - ny)).abs()
}

fn best(cues: &Cues) -> Option<(Corners, f32)> {
    let mut hypotheses = masks::hypotheses(cues);
    hypotheses.extend(lines::hypotheses(cues, FROM_LINES));
    let mut scored: Vec<(f32, Corners)> = hypotheses.iter().map(|c| (score::score(cues, c).total, *c)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut apart: Vec<Corners> = Vec::new();
    for (_, corners) in scored {
        let same = |other: &Corners| {
            let off = |i: usize, k: usize| (corners[i][0] - other[k][0]).hypot(corners[i][1] - other[k][1]);
            (0..4).any(|turn| (0..4).all(|i| off(i, (i + turn) % 4) < 0.012 * cues.longer()))
        };
        if !apart.iter().any(same) {
            apart.push(corners);
        }
        if apart.len() == REFINED {
            break;
        }
    }
    let refined = apart.into_iter().map(|corners| {
        let before = (corners, score::score(cues, &corners));
        let mut best = before;
        let mut current = corners;
        for reach in [0.03, 0.012, 0.008] {
            let strength = |x: f32, y: f32, nx: f32, ny: f32| {
                cues.sharp.along(x, y, nx, ny) * 0.5 + cues.broad.along(x, y, nx, ny)
            };
            let size = (cues.width, cues.height);
            let Some(moved) = fit::fit(&current, reach * cues.longer(), cues.edge, size, strength) else { break };
            current = moved;
            let score = score::score(cues, &moved);
            if score.total >= best.1.total {
                best = (moved, score);
            }
        }
        best
    });
    let refined: Vec<(Corners, Score)> = refined.collect();
    let mut best = *refined.iter().max_by(|a, b| a.1.total.total_cmp(&b.1.total))?;
    // What is printed on a page has strong edges too: the outermost good outline is the page's.
    while let Some(outer) =
        refined.iter().filter(|outer| encloses(cues, outer, &best)).max_by(|a, b| a.1.total.total_cmp(&b.1.total))
    {
        best = *outer;
    }
    Some((best.0, best.1.confidence))
}

/// Whether `outer` is a good outline, too, and `inner` lies within it.
fn encloses(cues: &Cues, (outer, score): &(Corners, Score), (inner, inner_score): &(Corners, Score)) -> bool {
    let slack = 0.02 * cues.longer();
    let within = |p: &[f32; 2]| {
        (0..4).all(|i| {
            let (a, b) = (outer[i], outer[(i + 1) % 4]);
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) >= -slack * length
        })
    };
    shape::area(outer) > OUTER_AREA * shape::area(inner)
        && score.weakest > (OUTER_WEAKEST * inner_score.weakest).max(LEAST_OUTER)
        && score.brighter > inner_score.brighter - OUTER_DARKER
        && score.total > inner_score.total - OUTER_DEFICIT
        && inner.iter().all(within)
}
