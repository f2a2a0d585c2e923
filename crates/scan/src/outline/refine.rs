//! Moves the sides of a quad from a small mask onto the edges of the picture it came from.
//!
//! Knows brightness near the sides; refuses to know what lies farther off than the mask can be wrong. A side moves only
//! onto an edge that goes all along it; else it stays where the mask has it.

use super::sides::{self, Place};
use crate::{
    Point, Quad,
    outline::shape::{self, Line},
    plane::Plane,
};

/// How far a side of the mask's quad may be off, as a share of the picture: 1.5 pixels of 128.
pub const REACH: f32 = 1.5 / 128.0;
/// Places along each side, and steps of a profile from its middle outwards.
const PLACES: usize = 40;
const STEPS: usize = 8;
const BINS: usize = 2 * STEPS + 1;
/// Samples beyond the last step that a difference needs.
const RIM: usize = 2;
type Samples = [f32; BINS + 2 * RIM];
/// Print narrower than twice so many steps is filled.
const PRINT: usize = 4;
/// This share of a side at each end is the corners'.
const END: f32 = 0.02;
/// A difference of so many levels counts half.
const LEVELS: f32 = 10.0;
/// An edge is believed if its places count so much on average, and so much more than chance lines do.
const CONSISTENT: f32 = 0.48;
const ABOVE_CHANCE: f32 = 1.35;
/// Of each third of a side so many places must have the edge.
const EACH_THIRD: f32 = 0.4;
/// Of several edges the outermost counts that has this share of the best one's support: print lies inside the page.
const NEARLY_BEST: f32 = 0.5;
/// What edges count less that make the page darker than what it lies on.
const DARKER: f32 = 0.8;
/// What an edge at the end of the reach counts less than one where the mask has it.
const FARTHER: f32 = 0.7;
/// The second look is nearer: this share of the first reach, but not less than so many pixels.
const NEARER: f32 = 0.3;
const NEAREST_PIXELS: f32 = 1.5;
/// Where sides meet at a slant corners move farther than sides; not by more than so many reaches.
const FARTHEST: f32 = 3.0;

/// Brightness across a side, place by place: how much brighter it gets inwards at each step, in levels.
struct Profiles {
    /// Share of the side, and a difference for each step from the inside outwards.
    rows: Vec<(f32, [f32; BINS])>,
    /// Pixels a step.
    step: f32,
}

/// The same quad with its sides on the edges within `reach` (share of the picture) of them. `luma` may be squashed.
pub fn refine(luma: &Plane, quad: &Quad, reach: f32) -> Quad {
    let (w, h) = (luma.width as f32, luma.height as f32);
    let corners = quad.0.map(|p| [p.x * w - 0.5, p.y * h - 0.5]);
    let mut looked: Vec<(Line, Profiles)> = Vec::with_capacity(4);
    for i in 0..4 {
        let Some(line) = Line::through(corners[i], corners[(i + 1) % 4]) else { return *quad };
        let reach = reach * (line.nx * w).hypot(line.ny * h);
        let profiles = Profiles::of(luma, corners[i], corners[(i + 1) % 4], &line, reach);
        looked.push((line, profiles));
    }
    let votes: Vec<[Votes; 2]> = looked.iter().map(|(_, p)| [Votes::of(p, 1.0), Votes::of(p, -1.0)]).collect();
    // Paper is brighter than what it lies on, or darker, all around; in doubt it is brighter.
    let brighter = votes.iter().map(|v| v[0].most - DARKER * v[1].most).sum::<f32>() >= 0.0;
    let signs = if brighter { [0, 1] } else { [1, 0] };
    let mut sides = [Line { nx: 0.0, ny: 0.0, d: 0.0 }; 4];
    let mut any = false;
    for (i, side) in sides.iter_mut().enumerate() {
        let (line, profiles) = &looked[i];
        let ends = (corners[i], corners[(i + 1) % 4]);
        let sign = signs.into_iter().find(|s| votes[i][*s].believable(profiles.rows.len()));
        let moved = sign.and_then(|sign| {
            let rough = votes[i][sign].outermost(profiles.step);
            onto_edge(luma, ends, line, rough, profiles, if sign == 0 { 1.0 } else { -1.0 })
        });
        any |= moved.is_some();
        *side = moved.unwrap_or(*line);
    }
    if !any {
        return *quad;
    }
    let moved = shape::corners(&sides).map(|c| Quad(c.map(|p| Point { x: (p[0] + 0.5) / w, y: (p[1] + 0.5) / h })));
    moved.filter(|m| m.is_convex() && m.distance(quad) < FARTHEST * reach).unwrap_or(*quad)
}

/// The line through the edge's places near the rough one, given by its distances at both ends of the side.
fn onto_edge(
    luma: &Plane,
    (a, b): ([f32; 2], [f32; 2]),
    line: &Line,
    rough: (f32, f32),
    wide: &Profiles,
    sign: f32,
) -> Option<Line> {
    let shifted = |p: [f32; 2], off: f32| [p[0] + line.nx * off, p[1] + line.ny * off];
    let (a, b) = (shifted(a, rough.0), shifted(b, rough.1));
    let line = Line::through(a, b)?;
    let reach = (wide.step * STEPS as f32 * NEARER).max(NEAREST_PIXELS);
    let near = Profiles::of(luma, a, b, &line, reach);
    let places: Vec<Place> = near.rows.iter().filter_map(|(t, row)| near.peak(*t, row, sign)).collect();
    let third = |t: f32| ((t * 3.0) as usize).min(2);
    let (mut seen, mut all) = ([0.0f32; 3], [0.0f32; 3]);
    near.rows.iter().for_each(|(t, _)| all[third(*t)] += 1.0);
    places.iter().for_each(|p| seen[third(p.t)] += 1.0);
    if (0..3).any(|i| seen[i] < EACH_THIRD * all[i]) {
        return None;
    }
    let (start, end) = sides::straight(&places)?;
    let shifted = |p: [f32; 2], off: f32| [p[0] + line.nx * off, p[1] + line.ny * off];
    Line::through(shifted(a, start), shifted(b, end))
}

impl Profiles {
    fn of(luma: &Plane, a: [f32; 2], b: [f32; 2], line: &Line, reach: f32) -> Self {
        let step = reach / STEPS as f32;
        let far = step * (STEPS + RIM) as f32;
        let (w, h) = (luma.width as f32 - 1.0, luma.height as f32 - 1.0);
        let inside = |x: f32, y: f32| (0.0..=w).contains(&x) && (0.0..=h).contains(&y);
        let mut rows = Vec::with_capacity(PLACES);
        for k in 0..PLACES {
            let t = END + (1.0 - 2.0 * END) * (k as f32 + 0.5) / PLACES as f32;
            let (x, y) = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
            // The frame's border is no edge of paper.
            if !inside(x + line.nx * far, y + line.ny * far) || !inside(x - line.nx * far, y - line.ny * far) {
                continue;
            }
            // Two samples side by side, half a pixel off the normal: less grain.
            let levels: Samples = std::array::from_fn(|j| {
                let s = (j as f32 - (STEPS + RIM) as f32) * step;
                let (x, y) = (x + line.nx * s, y + line.ny * s);
                let (ox, oy) = (-line.ny * 0.5, line.nx * 0.5);
                0.5 * (luma.sample(x + ox, y + oy) + luma.sample(x - ox, y - oy))
            });
            let levels = filled(&levels);
            rows.push((t, std::array::from_fn(|j| 0.5 * (levels[j] + levels[j + 1] - levels[j + 3] - levels[j + 4]))));
        }
        Profiles { rows, step }
    }

    /// The strongest step in the direction asked for, to fractions of a pixel.
    fn peak(&self, t: f32, row: &[f32; BINS], sign: f32) -> Option<Place> {
        let (top, value) = row.iter().map(|v| v * sign).enumerate().max_by(|p, q| p.1.total_cmp(&q.1))?;
        if value < LEVELS * 0.4 || top == 0 || top == BINS - 1 {
            return None;
        }
        let (before, after) = (row[top - 1] * sign, row[top + 1] * sign);
        let bend = before - 2.0 * value + after;
        let part = if bend < -1e-4 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        Some(Place { t, off: (top as f32 + part - STEPS as f32) * self.step, cut: false })
    }
}

/// Dark lines on brighter ground filled up to it: what is printed along an edge must not look like one (a closing; paper's
/// own edges stay where they are).
fn filled(levels: &Samples) -> Samples {
    let near = |values: &Samples, j: usize, none: f32, pick: fn(f32, f32) -> f32| {
        values[j.saturating_sub(PRINT)..(j + PRINT + 1).min(values.len())].iter().copied().fold(none, pick)
    };
    let larger = |a: f32, b: f32| if a > b { a } else { b };
    let smaller = |a: f32, b: f32| if a < b { a } else { b };
    let dilated = std::array::from_fn(|j| near(levels, j, f32::MIN, larger));
    std::array::from_fn(|j| near(&dilated, j, f32::MAX, smaller))
}

/// How well each straight line across the profiles is supported, by the step where it starts and where it ends.
struct Votes {
    sums: [[f32; BINS]; BINS],
    most: f32,
    mean: f32,
}

impl Votes {
    fn of(profiles: &Profiles, sign: f32) -> Self {
        let mut sums = [[0.0f32; BINS]; BINS];
        for (t, row) in &profiles.rows {
            let support = row.map(|v| if v * sign > 0.0 { v * sign / (v * sign + LEVELS) } else { 0.0 });
            // Steps in 256ths, so that the innermost loop only adds and shifts.
            let part = (t * 256.0) as usize;
            for (start, sums) in sums.iter_mut().enumerate() {
                let base = start * (256 - part) + 128;
                for (end, sum) in sums.iter_mut().enumerate() {
                    *sum += support[((base + end * part) >> 8).min(BINS - 1)];
                }
            }
        }
        let count = profiles.rows.len().max(1) as f32;
        for (i, row) in sums.iter_mut().enumerate() {
            for (k, sum) in row.iter_mut().enumerate() {
                let off = (i + k) as f32 / (2 * STEPS) as f32 - 1.0;
                *sum *= (1.0 - FARTHER * off * off) / count;
            }
        }
        let most = sums.iter().flatten().copied().fold(0.0, f32::max);
        let mean = sums.iter().flatten().sum::<f32>() / (BINS * BINS) as f32;
        Votes { sums, most, mean }
    }

    fn believable(&self, places: usize) -> bool {
        places >= PLACES / 3 && self.most >= CONSISTENT && self.most >= ABOVE_CHANCE * self.mean
    }

    /// The outermost of the lines that are nearly the best and better than those beside them, in pixels at both ends.
    fn outermost(&self, step: f32) -> (f32, f32) {
        let mut best = (0, 0, -1.0);
        for (i, row) in self.sums.iter().enumerate() {
            for (k, &sum) in row.iter().enumerate() {
                let beside = |i: usize, k: usize| self.sums[i.min(BINS - 1)][k.min(BINS - 1)];
                let top = [(i + 1, k), (i.saturating_sub(1), k), (i, k + 1), (i, k.saturating_sub(1))];
                let corner = [(i + 1, k.saturating_sub(1)), (i.saturating_sub(1), k + 1)];
                let peak = top.into_iter().chain(corner).all(|(i, k)| beside(i, k) <= sum);
                let outer = (i + k) as f32 + sum;
                if sum >= NEARLY_BEST * self.most && peak && outer > best.2 {
                    best = (i, k, outer);
                }
            }
        }
        let off = |bin: usize| (bin as f32 - STEPS as f32) * step;
        (off(best.0), off(best.1))
    }
}
