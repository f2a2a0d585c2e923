//! Where is the page? Many hypotheses from edges and from areas, each moved onto its edges and scored; the best wins.
//!
//! Knows one small picture; refuses to know earlier frames. The inside may change; the two functions stay.

mod cues;
mod fit;
mod lines;
mod masks;
mod score;
pub(crate) mod shape;

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
const SIZE: usize = 256;
/// Hypotheses from lines that are scored in full, and how many of all are moved onto their edges.
const FROM_LINES: usize = 40;
const REFINED: usize = 16;
/// An outline around another wins if it is this much larger, and its weakest side and its score are not much worse.
const OUTER_AREA: f32 = 1.05;
const OUTER_WEAKEST: f32 = 0.6;
const LEAST_OUTER: f32 = 0.3;
const OUTER_DEFICIT: f32 = 0.3;
const OUTER_DARKER: f32 = 0.03;
/// Below this a quad is more likely furniture than paper.
const LEAST_CONFIDENCE: f32 = 0.7;
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
        for reach in [0.03, 0.01] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(bytes: &[u8], width: usize, height: usize) -> Option<Found> {
        find(&Yuv::nv21(bytes, width, height).unwrap())
    }

    fn flat_chroma(luma: impl Iterator<Item = u8>, width: usize, height: usize) -> Vec<u8> {
        luma.chain(std::iter::repeat_n(128, width.div_ceil(2) * height.div_ceil(2) * 2)).collect()
    }

    #[test]
    fn a_desk_without_paper_has_no_page() {
        for level in [20u8, 128, 250] {
            let desk = (0..320 * 240usize).map(|i| level ^ ((i * 7919) % 5) as u8);
            assert_eq!(frame(&flat_chroma(desk, 320, 240), 320, 240), None, "level {level}");
        }
    }

    #[test]
    fn a_frame_printed_on_the_page_loses_to_the_page() {
        let page = |x: usize, y: usize| {
            let frame = (90..230).contains(&x) && (60..180).contains(&y);
            let line = frame && !((93..227).contains(&x) && (63..177).contains(&y));
            if line {
                20
            } else if (50..270).contains(&x) && (30..210).contains(&y) {
                220
            } else {
                70
            }
        };
        let bytes = flat_chroma((0..320 * 240).map(|i| page(i % 320, i / 320)), 320, 240);
        let found = frame(&bytes, 320, 240).unwrap();
        let truth = Quad(
            [(50.0, 30.0), (270.0, 30.0), (270.0, 210.0), (50.0, 210.0)]
                .map(|(x, y)| Point { x: x / 320.0, y: y / 240.0 }),
        );
        assert!(found.quad.distance(&truth) < 0.006, "{found:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn whatever_is_seen_a_found_quad_can_be_a_page(
            width in 16usize..90, height in 16usize..90, seed in any::<u64>(), block in 1usize..30,
        ) {
            let level = |x: usize, y: usize| ((x / block * 31 + y / block * 17) as u64).wrapping_mul(seed) as u8;
            let bytes = flat_chroma((0..width * height).map(|i| level(i % width, i / width)), width, height);
            if let Some(found) = frame(&bytes, width, height) {
                prop_assert!(found.quad.is_convex() && found.quad.area() > 0.035, "{found:?}");
                prop_assert!((0.5..=1.0).contains(&found.confidence));
            }
            let photo = RgbImage::from_fn(width as u32, height as u32, |x, y| {
                image::Rgb([level(x as usize, y as usize), seed as u8, level(y as usize, x as usize)])
            });
            let _ = find_in_photo(&photo);
        }
    }
}
