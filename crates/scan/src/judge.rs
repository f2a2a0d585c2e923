//! Is this frame worth a picture? Light, blur, glare, and how the page lies in it, as numbers.
//!
//! Knows one frame; refuses to know what came before it (that is [`crate::automatic`]).

use crate::{
    Point, Quad, Yuv,
    automatic::Hint,
    plane::{Plane, quantile},
};
use blur::Blur;
use serde::{Deserialize, Serialize};

mod blur;

/// More blur than this, a fraction of the picture's longer side, closes the hollows of 10-point letters on an A4 page
/// that fills the picture: 0.9 millimetres there.
pub const BLUR_TOO_MUCH: f32 = 0.003;
/// A page whose brightest parts are darker than this share of full scale comes out noisy.
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
    /// Extent of the motion while the shutter was open, as a fraction of the picture's longer side: how much wider the
    /// edges are across one direction than across the other. 0 where nothing has edges, or where both are as wide: of a
    /// motion along the page's diagonal one frame does not tell, and it counts as [`Self::focus`].
    pub motion: f32,
    /// Diameter of the circle of confusion, as a fraction of the picture's longer side: how wide edges are across any
    /// direction. 0 where nothing has edges.
    pub focus: f32,
    /// Brightness of the page's brightest 3 %, of full scale: its paper, or the print of a dark page; of the picture
    /// where there is no page.
    pub light: f32,
    /// Share of the page that a reflection has burnt out: spots of full scale wider than 1 % of the picture, on a page
    /// that is not white all over.
    pub glare: f32,
    /// Share of the page's outline on or beyond the picture's border; 0 without a page.
    pub cut_off: f32,
    /// Share of the picture that the page covers; 0 without a page.
    pub area: f32,
    /// How much shorter the shorter of two opposite sides is, the worse pair of both; 0 seen from straight above.
    /// Perspective shortens the farther side by the ratio of the distances.
    pub slant: f32,
}

impl Judgement {
    /// Motion and focus together: the width of the widest edges, as a fraction of the picture's longer side.
    pub fn blur(&self) -> f32 {
        self.motion.hypot(self.focus)
    }

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
            (self.blur() > BLUR_TOO_MUCH, Hint::HoldStill),
        ];
        checks.into_iter().find_map(|(wrong, hint)| wrong.then_some(hint))
    }
}

/// Longer side, in pixels, at which frames are judged: sensor noise is averaged away, print is not.
const JUDGED_SIZE: usize = 720;
/// The page's brightest parts that its light is read from are those above this quantile.
const BRIGHT: f32 = 0.97;
/// Steps of the sample of the page, in pixels.
const SAMPLED: usize = 3;
/// Luma from which a pixel is burnt out, and how far above the page's paper that must be.
const BURNT_OUT: f32 = 250.0;
const GLARE_ABOVE_PAPER: f32 = 18.0;
/// This near to the picture's border (share of a side) an outline counts as cut off.
const BORDER: f32 = 0.006;

/// Judges a frame and, where one was found, the page on it.
pub fn judge(frame: &Yuv, quad: Option<&Quad>) -> Judgement {
    let luma = frame.luma(JUDGED_SIZE);
    let region = Region::of(&luma, quad);
    let (mut values, burnt) = region.sample(&luma);
    let bright = quantile(&mut values, BRIGHT);
    let median = quantile(&mut values, 0.5);
    let (area, cut_off, slant) = quad.map_or((0.0, 0.0, 0.0), |quad| {
        let size = (luma.width as f32, luma.height as f32);
        (quad.area().clamp(0.0, 1.0), cut_off(quad), slant(quad, size))
    });
    let Blur { motion, focus } = blur::of(&luma, quad);
    Judgement {
        motion,
        focus,
        light: bright / 255.0,
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

    /// A sample of the luma on the page, every third pixel of every third row, and the share of it that lies within
    /// spots that are burnt out: white print on a dark page is too thin to be one.
    fn sample(&self, luma: &Plane) -> (Vec<f32>, f32) {
        let (mut out, mut burnt) = (Vec::new(), 0);
        let reach = luma.width.max(luma.height) / 100;
        for y in (self.top..self.bottom).step_by(SAMPLED) {
            for x in (self.left..self.right).step_by(SAMPLED) {
                let at = Point { x: (x as f32 + 0.5) / luma.width as f32, y: (y as f32 + 0.5) / luma.height as f32 };
                if self.quad.is_none_or(|quad| quad.contains(at)) {
                    let value = luma.at(x, y);
                    burnt += usize::from(value >= BURNT_OUT && spot(luma, x, y, reach));
                    out.push(value);
                }
            }
        }
        let share = burnt as f32 / out.len().max(1) as f32;
        (out, share)
    }
}

/// Whether most of what lies `reach` pixels away is burnt out as well.
fn spot(luma: &Plane, x: usize, y: usize, reach: usize) -> bool {
    const MOST: usize = 6;
    let step = reach as isize;
    let diagonal = step * 7 / 10;
    let around = [(step, 0), (-step, 0), (0, step), (0, -step)].into_iter().chain([
        (diagonal, diagonal),
        (diagonal, -diagonal),
        (-diagonal, diagonal),
        (-diagonal, -diagonal),
    ]);
    let within = |at: usize, by: isize, side: usize| at.saturating_add_signed(by).min(side - 1);
    let burnt = around.filter(|(dx, dy)| luma.at(within(x, *dx, luma.width), within(y, *dy, luma.height)) >= BURNT_OUT);
    burnt.count() >= MOST
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
mod tests;
