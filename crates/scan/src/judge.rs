//! Is this frame worth a picture? Light, sharpness, glare, and how the page lies in it, as numbers.
//!
//! Knows one frame; refuses to know what came before it (that is [`crate::automatic`]).

use crate::{
    Point, Quad, Yuv,
    automatic::Hint,
    plane::{Plane, quantile},
};
use serde::{Deserialize, Serialize};

/// Below this sharpness print is hard to read.
pub const SHARP_ENOUGH: f32 = 0.17;
/// Paper darker than this share of full scale comes out noisy.
pub const LIGHT_ENOUGH: f32 = 0.22;
/// More of the page than this under a reflection hides words.
pub const GLARE_TOO_MUCH: f32 = 0.015;
/// More of the page's outline than this on or beyond the picture's border: the page is cut off.
pub const CUT_OFF_TOO_MUCH: f32 = 0.04;
/// A page smaller than this share of the picture gets too few pixels.
pub const AREA_ENOUGH: f32 = 0.18;
/// Opposite sides that differ by more than this share: seen from too far to the side.
pub const SLANT_TOO_MUCH: f32 = 0.38;

/// What is known of one frame. Every number is a share, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Share of the contrast between paper and ink that the sharpest edges cover within 1/720 of the picture's longer
    /// side, in the less sharp direction; 1 where there is nothing to be sharp.
    pub sharpness: f32,
    /// Brightness of the paper (of the picture where there is no page).
    pub light: f32,
    /// Share of the page that a reflection has burnt out.
    pub glare: f32,
    /// Share of the page's outline on or beyond the picture's border; 0 without a page.
    pub cut_off: f32,
    /// Share of the picture that the page covers; 0 without a page.
    pub area: f32,
    /// How much shorter the shorter of two opposite sides is, the worse pair of both; 0 seen from straight above.
    pub slant: f32,
}

impl Judgement {
    /// What stands in the way of a good picture, the gravest first.
    pub fn obstacle(&self) -> Option<Hint> {
        let checks = [
            (self.light < LIGHT_ENOUGH, Hint::TooDark),
            (self.area == 0.0, Hint::AimAtDocument),
            (self.cut_off > CUT_OFF_TOO_MUCH && self.area > 0.8, Hint::MoveBack),
            (self.cut_off > CUT_OFF_TOO_MUCH, Hint::CutOff),
            (self.area < AREA_ENOUGH, Hint::MoveCloser),
            (self.slant > SLANT_TOO_MUCH, Hint::Slanted),
            (self.glare > GLARE_TOO_MUCH, Hint::Glare),
            (self.sharpness < SHARP_ENOUGH, Hint::HoldStill),
        ];
        checks.into_iter().find_map(|(wrong, hint)| wrong.then_some(hint))
    }
}

/// Longer side, in pixels, at which sharpness is measured: sensor noise is averaged away, print is not.
const SHARPNESS_SIZE: usize = 720;
/// The share of all steps between neighbours that are taken for the sharpest edges.
const STEEPEST_SHARE: f32 = 0.003;
/// With less contrast than this (of 255) there is nothing that could be blurred.
const LEAST_CONTRAST: f32 = 24.0;
/// Luma from which a pixel is burnt out, and how far above the page's paper that must be.
const BURNT_OUT: f32 = 250.0;
const GLARE_ABOVE_PAPER: f32 = 18.0;
/// This near to the picture's border (share of a side) an outline counts as cut off.
const BORDER: f32 = 0.006;

/// Judges a frame and, where one was found, the page on it.
pub fn judge(frame: &Yuv, quad: Option<&Quad>) -> Judgement {
    let luma = frame.luma(SHARPNESS_SIZE);
    let region = Region::of(&luma, quad);
    let mut values = region.values(&luma);
    let paper = quantile(&mut values, 0.75);
    let burnt = values.iter().filter(|v| **v >= BURNT_OUT).count() as f32 / values.len().max(1) as f32;
    let median = quantile(&mut values, 0.5);
    let (area, cut_off, slant) = quad.map_or((0.0, 0.0, 0.0), |quad| {
        let size = (luma.width as f32, luma.height as f32);
        (quad.area().clamp(0.0, 1.0), cut_off(quad), slant(quad, size))
    });
    Judgement {
        sharpness: sharpness(&luma, &region),
        light: paper / 255.0,
        // Paper that is white all over is bright light, not a reflection.
        glare: if median + GLARE_ABOVE_PAPER < BURNT_OUT { burnt } else { 0.0 },
        cut_off,
        area,
        slant,
    }
}

/// The page's bounding box within the picture, in pixels.
struct Region {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    quad: Option<Quad>,
}

impl Region {
    fn of(luma: &Plane, quad: Option<&Quad>) -> Self {
        let all = Region { left: 0, top: 0, right: luma.width, bottom: luma.height, quad: None };
        let Some(quad) = quad else { return all };
        let span = |pick: fn(&Point) -> f32, side: usize| {
            let values = quad.0.iter().map(pick);
            let low = values.clone().fold(f32::MAX, f32::min).clamp(0.0, 1.0);
            let high = values.fold(f32::MIN, f32::max).clamp(0.0, 1.0);
            ((low * side as f32) as usize, ((high * side as f32) as usize).min(side))
        };
        let (left, right) = span(|p| p.x, luma.width);
        let (top, bottom) = span(|p| p.y, luma.height);
        let enough = right > left + 8 && bottom > top + 8;
        if enough { Region { left, top, right, bottom, quad: Some(*quad) } } else { all }
    }

    /// A sample of the luma on the page, every third pixel of every third row.
    fn values(&self, luma: &Plane) -> Vec<f32> {
        let mut out = Vec::new();
        for y in (self.top..self.bottom).step_by(3) {
            for x in (self.left..self.right).step_by(3) {
                let at = Point { x: (x as f32 + 0.5) / luma.width as f32, y: (y as f32 + 0.5) / luma.height as f32 };
                if self.quad.is_none_or(|quad| quad.contains(at)) {
                    out.push(luma.at(x, y));
                }
            }
        }
        out
    }
}

/// The less sharp of both directions: a moving hand blurs one of them only.
fn sharpness(luma: &Plane, region: &Region) -> f32 {
    // A little more than the page: where nothing is printed its own edges are what can be sharp.
    let margin = luma.width.max(luma.height) / 40;
    let (left, right) = (region.left.saturating_sub(margin).max(1), (region.right + margin).min(luma.width - 1));
    let (top, bottom) = (region.top.saturating_sub(margin).max(1), (region.bottom + margin).min(luma.height - 1));
    let (mut across, mut down, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for y in top..bottom {
        for x in (left + y % 2..right).step_by(2) {
            // Steps between neighbours, averaged along the edge they would belong to: noise is not an edge.
            let column = |x: usize| luma.at(x, y - 1) + luma.at(x, y) + luma.at(x, y + 1);
            let row = |y: usize| luma.at(x - 1, y) + luma.at(x, y) + luma.at(x + 1, y);
            across.push((column(x) - column(x - 1)).abs() / 3.0);
            down.push((row(y) - row(y - 1)).abs() / 3.0);
            values.push(luma.at(x, y));
        }
    }
    let contrast = quantile(&mut values, 0.9) - quantile(&mut values, 0.01);
    if contrast < LEAST_CONTRAST {
        return 1.0;
    }
    let steepest = |steps: &mut [f32]| quantile(steps, 1.0 - STEEPEST_SHARE);
    (steepest(&mut across).min(steepest(&mut down)) / contrast).clamp(0.0, 1.0)
}

fn cut_off(quad: &Quad) -> f32 {
    const STEPS: usize = 32;
    let outside = |p: Point| !(BORDER..=1.0 - BORDER).contains(&p.x) || !(BORDER..=1.0 - BORDER).contains(&p.y);
    let points = (0..4 * STEPS).filter(|i| {
        let (a, b) = (quad.0[i / STEPS], quad.0[(i / STEPS + 1) % 4]);
        let t = (i % STEPS) as f32 / STEPS as f32;
        outside(Point { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })
    });
    points.count() as f32 / (4 * STEPS) as f32
}

fn slant(quad: &Quad, (width, height): (f32, f32)) -> f32 {
    let side = |i: usize| {
        let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
        ((a.x - b.x) * width).hypot((a.y - b.y) * height)
    };
    let shorter = |a: f32, b: f32| 1.0 - a.min(b) / a.max(b).max(1e-6);
    shorter(side(0), side(2)).max(shorter(side(1), side(3)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: Quad =
        Quad([Point { x: 0.2, y: 0.1 }, Point { x: 0.8, y: 0.1 }, Point { x: 0.8, y: 0.9 }, Point { x: 0.2, y: 0.9 }]);

    /// A page with print on a dark desk, 640 × 480, seen through a `blur` pixels wide horizontal motion.
    fn desk(paper: u8, blur: usize) -> Vec<u8> {
        let sharp = |x: usize, y: usize| -> u32 {
            let page = (128..512).contains(&x) && (48..432).contains(&y);
            let ink = (x / 3 + y / 14 * 1009).wrapping_mul(0x9e37_79b9) >> 16 & 1 == 0;
            let print = page && y % 14 < 5 && ink && (150..490).contains(&x);
            u32::from(if print {
                paper / 5
            } else if page {
                paper
            } else {
                40
            })
        };
        let mut bytes: Vec<u8> = (0..640 * 480)
            .map(|i| ((0..blur).map(|d| sharp((i % 640 + d).min(639), i / 640)).sum::<u32>() / blur as u32) as u8)
            .collect();
        bytes.extend(std::iter::repeat_n(128, 640 * 480 / 2));
        bytes
    }

    fn judged(bytes: &[u8], quad: Option<&Quad>) -> Judgement {
        judge(&Yuv::nv21(bytes, 640, 480).unwrap(), quad)
    }

    #[test]
    fn a_good_frame_has_nothing_in_its_way() {
        let good = judged(&desk(210, 1), Some(&PAGE));
        assert_eq!(good.obstacle(), None, "{good:?}");
        assert!((good.area - 0.48).abs() < 0.01 && (good.light - 210.0 / 255.0).abs() < 0.05);
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let blurred = judged(&desk(210, 14), Some(&PAGE));
        assert_eq!(blurred.obstacle(), Some(Hint::HoldStill), "{blurred:?}");
        assert_eq!(judged(&desk(45, 1), Some(&PAGE)).obstacle(), Some(Hint::TooDark));
        assert_eq!(judged(&desk(210, 1), None).obstacle(), Some(Hint::AimAtDocument));
        let far = Quad(PAGE.0.map(|p| Point { x: 0.5 + (p.x - 0.5) * 0.4, y: 0.5 + (p.y - 0.5) * 0.4 }));
        assert_eq!(judged(&desk(210, 1), Some(&far)).obstacle(), Some(Hint::MoveCloser));
        let beyond = Quad(PAGE.0.map(|p| Point { x: p.x, y: p.y + 0.25 }));
        assert_eq!(judged(&desk(210, 1), Some(&beyond)).obstacle(), Some(Hint::CutOff));
        let filling = Quad(Quad::FULL.0);
        assert_eq!(judged(&desk(210, 1), Some(&filling)).obstacle(), Some(Hint::MoveBack));
        let mut askew = PAGE;
        (askew.0[0].x, askew.0[1].x) = (0.38, 0.62);
        assert_eq!(judged(&desk(210, 1), Some(&askew)).obstacle(), Some(Hint::Slanted));
    }

    #[test]
    fn a_reflection_is_glare_and_bright_paper_is_not() {
        let mut glare = desk(180, 1);
        for y in 100..180 {
            glare[y * 640 + 200..y * 640 + 330].fill(255);
        }
        assert_eq!(judged(&glare, Some(&PAGE)).obstacle(), Some(Hint::Glare));
        assert_eq!(judged(&desk(253, 1), Some(&PAGE)).glare, 0.0);
    }

    proptest! {
        #[test]
        fn any_quad_gives_shares(xs in proptest::collection::vec(-2.0f32..3.0, 8), seed in any::<u8>()) {
            let bytes: Vec<u8> = (0..64 * 48 * 3 / 2).map(|i| (i * 31) as u8 ^ seed).collect();
            let quad = Quad(std::array::from_fn(|i| Point { x: xs[2 * i], y: xs[2 * i + 1] }));
            let j = judge(&Yuv::nv21(&bytes, 64, 48).unwrap(), Some(&quad));
            for share in [j.sharpness, j.light, j.glare, j.cut_off, j.area, j.slant] {
                prop_assert!((0.0..=1.0).contains(&share), "{j:?}");
            }
        }
    }
}
