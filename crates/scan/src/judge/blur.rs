//! How wide the edges are that should be sharp: the page's own outline, and what is printed on it.
//!
//! A blur makes every edge at least as wide as itself, so that the sharpest edges across a direction bound it; edge
//! width as a measure of blur: Marziliano et al., "A no-reference perceptual blur metric", 2002. The outline is taken
//! as the slanted edge of ISO 12233: it is straight, known from the quad, and there on a page without any print. Its
//! profile is averaged along it, which takes the noise out. A thin stroke says nothing: moved, it becomes a wide faint
//! stroke with sharp ends; so only steps between two levels count.
//!
//! Refuses to know why the picture is blurred: motion is what widens one direction more than another.

use crate::{
    Point, Quad,
    plane::{Plane, quantile},
};

/// Fractions of the picture's longer side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Blur {
    /// Root of the difference of squares between the directions.
    pub motion: f32,
    /// What is left in the direction that is sharpest.
    pub focus: f32,
}

/// Width, in pixels, of an edge in a picture without blur: the pixel, the lens and the interpolation.
const SHARP: f32 = 1.4;
/// Fewer pieces of the outline than this across a direction are no evidence, nor are fewer edges of the print; of more
/// this quantile of the widths is taken.
const ENOUGH_SIDES: usize = 3;
const ENOUGH_PRINT: usize = 8;
const SHARPEST: f32 = 0.25;
/// With less contrast than this (of 255), or than this many standard deviations of the noise, an edge is none.
const SIDE_CONTRAST: f32 = 18.0;
const SIDE_NOISES: f32 = 5.0;
const PRINT_CONTRAST: f32 = 32.0;
const PRINT_NOISES: f32 = 16.0;
/// Tangents of the angles that a side is looked for at, off the quad's.
const TILTS: [f32; 5] = [-0.2, -0.1, 0.0, 0.1, 0.2];
/// Samples of a profile for a pixel.
const FINE: usize = 2;
/// Pixels along the outline that one profile is averaged over, and along an edge of the print.
const ALONG_SIDE: usize = 16;
const ALONG_PRINT: usize = 5;
/// How far, in pixels, an edge may lie from where it is looked for, and how far its two levels are looked for.
const REACH: usize = 6;
const LEVELS: [usize; 3] = [2, 5, 9];
const LEVEL: usize = 3;
const HALF: usize = REACH + LEVELS[2] + LEVEL;
/// Side, in pixels, of the cells that the strongest edge of the print is taken from.
const CELL: usize = 20;

/// Cosine of the angle up to which an edge of the print lies along one of the axes.
const ALIGNED: f32 = 0.94;

/// The blur of the page, or of the picture where there is none; none where there are no edges.
pub(super) fn of(luma: &Plane, quad: Option<&Quad>) -> Blur {
    let noise = noise(luma);
    let corners = quad.map(|quad| quad.0.map(|p| [p.x * luma.width as f32, p.y * luma.height as f32]));
    let axes = corners.map_or([[1.0, 0.0], [0.0, 1.0]], |corners| axes(&corners));
    let mut sides =
        corners.map_or([vec![], vec![]], |corners| outline(luma, &corners, SIDE_CONTRAST.max(SIDE_NOISES * noise)));
    let mut print = content(luma, quad, &axes, PRINT_CONTRAST.max(PRINT_NOISES * noise));
    let sharpest = |widths: &mut Vec<f32>, enough| (widths.len() >= enough).then(|| quantile(widths, SHARPEST));
    // Print that moved may have sharp ends: it only speaks where there is no outline.
    let widths: Vec<f32> = (0..2)
        .filter_map(|axis| {
            sharpest(&mut sides[axis], ENOUGH_SIDES).or_else(|| sharpest(&mut print[axis], ENOUGH_PRINT))
        })
        .collect();
    let narrow = widths.iter().copied().reduce(f32::min).unwrap_or(SHARP);
    let wide = widths.iter().copied().fold(narrow, f32::max);
    let longer = luma.width.max(luma.height) as f32;
    let beyond = |width: f32, least: f32| ((width * width - least * least).max(0.0).sqrt() / longer).min(1.0);
    Blur { motion: beyond(wide, narrow.max(SHARP)), focus: beyond(narrow, SHARP) }
}

/// Unit vectors across the upper and lower sides, and across the left and right ones.
fn axes(corners: &[[f32; 2]; 4]) -> [[f32; 2]; 2] {
    let [a, b, c, d] = corners;
    let unit = |x: f32, y: f32| {
        let length = x.hypot(y).max(1e-6);
        [x / length, y / length]
    };
    let along = |i: usize| b[i] - a[i] + c[i] - d[i];
    let down = |i: usize| d[i] - a[i] + c[i] - b[i];
    [unit(along(1), -along(0)), unit(down(1), -down(0))]
}

/// Widths of the page's sides, piece by piece: of the upper and lower ones, and of the left and right ones.
fn outline(luma: &Plane, corners: &[[f32; 2]; 4], least: f32) -> [Vec<f32>; 2] {
    let mut widths = [vec![], vec![]];
    for i in 0..4 {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        if !(ALONG_SIDE as f32 * 2.0..1e5).contains(&length) {
            continue;
        }
        let along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
        let pieces = ((length * 0.8 / (1.5 * ALONG_SIDE as f32)) as usize).clamp(1, 14);
        for piece in 0..pieces {
            // Corners are round, or not where the quad says: the outer tenths are left out.
            let t = (0.1 + 0.8 * (piece as f32 + 0.5) / pieces as f32) * length;
            let at = [a[0] + along[0] * t, a[1] + along[1] * t];
            // A bent page's side runs askew to the quad's: along the right direction it is sharpest.
            let width =
                |tilt: &f32| Profile::of(luma, at, [along[1], -along[0]], ALONG_SIDE, *tilt)?.width(least, false);
            widths[i % 2].extend(TILTS.iter().filter_map(width).reduce(f32::min));
        }
    }
    widths
}

/// Widths of the strongest edge of every cell of the page, where it lies along one of the axes.
fn content(luma: &Plane, quad: Option<&Quad>, axes: &[[f32; 2]; 2], least: f32) -> [Vec<f32>; 2] {
    let mut widths = [vec![], vec![]];
    let inside = |x: usize, y: usize| {
        let at = Point { x: x as f32 / luma.width as f32, y: y as f32 / luma.height as f32 };
        quad.is_none_or(|quad| quad.contains(at))
    };
    for top in (1..luma.height.saturating_sub(CELL)).step_by(CELL) {
        for left in (1..luma.width.saturating_sub(CELL)).step_by(CELL) {
            if !inside(left + CELL / 2, top + CELL / 2) {
                continue;
            }
            let mut strongest = (0.0, [0.0; 2], [0.0; 2]);
            for y in (top..top + CELL).step_by(2) {
                for x in left..left + CELL {
                    let across = luma.at(x + 1, y) - luma.at(x - 1, y);
                    let down = luma.at(x, y + 1) - luma.at(x, y - 1);
                    let strength = across * across + down * down;
                    if strength > strongest.0 {
                        strongest = (strength, [x as f32 + 0.5, y as f32 + 0.5], [across, down]);
                    }
                }
            }
            let (strength, at, gradient) = (strongest.0.sqrt(), strongest.1, strongest.2);
            let along = |axis: &[f32; 2]| (axis[0] * gradient[0] + axis[1] * gradient[1]).abs() >= ALIGNED * strength;
            // With a smaller part of the least contrast within two pixels, the edge is none, or wider than can be told.
            if let Some(axis) = axes.iter().position(along).filter(|_| strength >= least * 0.15) {
                let profile = Profile::of(luma, at, axes[axis], ALONG_PRINT, 0.0);
                widths[axis].extend(profile.and_then(|profile| profile.width(least, true)));
            }
        }
    }
    widths
}

/// Luma across an edge, [`FINE`] samples a pixel, the edge near the middle.
struct Profile([f32; 2 * HALF * FINE + 1]);

impl Profile {
    /// Averaged over `count` pixels along the edge, which moves by `tilt` pixels across for each; `None` where it would
    /// leave the picture.
    fn of(luma: &Plane, at: [f32; 2], across: [f32; 2], count: usize, tilt: f32) -> Option<Self> {
        let inside = |x: f32, y: f32| (0.0..luma.width as f32).contains(&x) && (0.0..luma.height as f32).contains(&y);
        let ends = [-(HALF as f32), HALF as f32].map(|k| inside(at[0] + across[0] * k, at[1] + across[1] * k));
        if !ends[0] || !ends[1] {
            return None;
        }
        let mut profile = Profile([0.0; 2 * HALF * FINE + 1]);
        for along in 0..count {
            let t = along as f32 - (count - 1) as f32 * 0.5;
            let start = [at[0] + (across[0] * tilt - across[1]) * t, at[1] + (across[1] * tilt + across[0]) * t];
            for (i, value) in profile.0.iter_mut().enumerate() {
                let k = i as f32 / FINE as f32 - HALF as f32;
                *value += luma.sample(start[0] + across[0] * k - 0.5, start[1] + across[1] * k - 0.5);
            }
        }
        profile.0.iter_mut().for_each(|value| *value /= count as f32);
        Some(profile)
    }

    /// Width of the steepest step in pixels: its contrast over its slope. `None` below the `least` contrast, and where
    /// `step` is asked for and the levels beside it do not stay.
    fn width(&self, least: f32, step: bool) -> Option<f32> {
        let slope = |i: usize| self.0[i + FINE / 2] - self.0[i - FINE / 2];
        let middle = HALF * FINE;
        let near = middle - REACH * FINE..=middle + REACH * FINE;
        let steepest = near.max_by(|a, b| slope(*a).abs().total_cmp(&slope(*b).abs()))?;
        let level = |from: usize| self.0[from..from + LEVEL * FINE].iter().sum::<f32>() / (LEVEL * FINE) as f32;
        let pairs = LEVELS.map(|away| (level(steepest - (away + LEVEL) * FINE), level(steepest + away * FINE + 1)));
        let rise = slope(steepest).signum();
        let contrast = pairs.iter().map(|(low, high)| (high - low) * rise).fold(0.0, f32::max);
        if contrast < least {
            return None;
        }
        let stays = |a: f32, b: f32| (a - b).abs() < 0.35 * contrast;
        let [near, _, far] = pairs;
        // The far pair holds the whole step, however wide; of the near one a wide step has only a part.
        let same = (far.1 - far.0) * rise > 0.65 * contrast && (stays(near.0, far.0) || stays(near.1, far.1));
        (!step || same).then(|| contrast / slope(steepest).abs().max(1e-3))
    }
}

/// Standard deviation of the noise (Immerkær, "Fast noise variance estimation", 1996), with the median in place of the
/// mean: most of a picture is no edge.
fn noise(luma: &Plane) -> f32 {
    let mut values = Vec::new();
    for y in (1..luma.height.saturating_sub(1)).step_by(5) {
        for x in (1..luma.width.saturating_sub(1)).step_by(5) {
            let row = |y: usize| [luma.at(x - 1, y), luma.at(x, y), luma.at(x + 1, y)];
            let [above, here, below] = [row(y - 1), row(y), row(y + 1)];
            let sum = above[0] + above[2] + below[0] + below[2] - 2.0 * (above[1] + below[1] + here[0] + here[2]);
            values.push((sum + 4.0 * here[1]).abs());
        }
    }
    quantile(&mut values, 0.5) * 1.4826 / 6.0
}
