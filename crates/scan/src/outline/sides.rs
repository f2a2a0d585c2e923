//! The four sides of a page as straight lines through the boundary of its mask.
//!
//! Knows the boundary; refuses to know how good a page it makes. Where a side is bent no line follows it, and a crop must not
//! lose what is written at the edge: a line leaves [`WITHIN`] of the boundary inside, so it runs along what stands out
//! of a bulge and from corner to corner over a hollow (quantile regression, Koenker and Bassett 1978). Bites do not move it,
//! and what lies far away compared with most is left out.

use super::blob::HALF;
use crate::{
    outline::shape::{self, Corners, Line},
    plane::Plane,
};

/// Places looked at along a side: one for so many pixels, within these bounds; for a rough look not so many.
const PIXELS_A_PLACE: f32 = 1.5;
const PLACES: (f32, f32) = (16.0, 56.0);
const ROUGH_PLACES: f32 = 20.0;
/// A look this far (pixels) is a rough one.
const ROUGH: f32 = 6.0;
/// Nets draw corners round: this share of a side at each end, and this many pixels, are not looked at. Not more: the ends of
/// a hollow side are all that says where its corners are.
const END: f32 = 0.02;
const END_PIXELS: f32 = 1.0;
/// A side is where its visible part says if that is so much of what there is of it, in places.
const VISIBLE: f32 = 0.3;
const LEAST_PLACES: usize = 5;
/// A boundary so near (pixels) to the frame's border is that border: nets see badly there.
const BORDER: f32 = 1.5;
/// From so many pixels inside to so many outside the mask falls from page to not, but for such a share.
const RIM: f32 = 2.5;
const RIM_ENDS: f32 = 0.2;
/// The share of a side's boundary that shall lie within its line.
const WITHIN: f32 = 0.85;
/// Distances below this (pixels) count squared, and hardly more outwards than inwards: they are the mask's grain.
const GRAIN: f32 = 1.0;
/// Places farther off than so many times the median, and this many pixels, are something else than the side.
const FAR: f32 = 4.5;
const FAR_PIXELS: f32 = 1.5;
const ROUNDS: usize = 6;

/// Where the boundary crosses a side's normal.
pub struct Place {
    /// Share of the side.
    pub t: f32,
    /// Pixels outwards from the side.
    pub off: f32,
    /// Not the page's edge but the frame's.
    pub cut: bool,
}

/// The corners of the lines along the boundary within `reach` pixels of the corners given.
pub fn fit(mask: &Plane, corners: &Corners, reach: f32) -> Option<Corners> {
    let mut sides = [Line { nx: 0.0, ny: 0.0, d: 0.0 }; 4];
    let mut places = Vec::with_capacity(PLACES.1 as usize);
    for (i, side) in sides.iter_mut().enumerate() {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let line = Line::through(a, b)?;
        look(mask, a, b, &line, reach, &mut places);
        let visible = places.iter().filter(|p| !p.cut).count();
        let enough = visible >= LEAST_PLACES && visible as f32 >= VISIBLE * places.len() as f32;
        if enough {
            places.retain(|p| !p.cut);
        }
        *side = match straight(&places) {
            Some((start, end)) => Line::through(
                [a[0] + line.nx * start, a[1] + line.ny * start],
                [b[0] + line.nx * end, b[1] + line.ny * end],
            )?,
            None => line,
        };
    }
    shape::corners(&sides)
}

/// The boundary nearest to the side from `a` to `b`, place by place.
fn look(mask: &Plane, a: [f32; 2], b: [f32; 2], line: &Line, reach: f32, places: &mut Vec<Place>) {
    places.clear();
    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
    let end = (END + END_PIXELS / length).min(0.2);
    let count = (length / PIXELS_A_PLACE).clamp(PLACES.0, if reach > ROUGH { ROUGH_PLACES } else { PLACES.1 }) as usize;
    for k in 0..count {
        let t = end + (1.0 - 2.0 * end) * (k as f32 + 0.5) / count as f32;
        let (x, y) = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
        let Some((low, high, leaves)) = within(mask, x, y, line, reach) else { continue };
        let value = |s: f32| mask.sample(x + line.nx * s, y + line.ny * s);
        let Some((off, cut)) = crossing(value, low, high, leaves) else { continue };
        let cut = cut || (leaves && high - off < BORDER);
        let whole = !cut && reach <= ROUGH && off - RIM >= low && off + RIM <= high;
        let off = if whole { balanced(mask, x, y, line, off) } else { off };
        places.push(Place { t, off, cut });
    }
}

/// The stretch of the normal that lies in the frame and within reach, and whether it ends where the frame ends.
fn within(mask: &Plane, x: f32, y: f32, line: &Line, reach: f32) -> Option<(f32, f32, bool)> {
    let (mut low, mut high, mut leaves) = (-reach, reach, false);
    for (at, n, side) in [(x, line.nx, mask.width), (y, line.ny, mask.height)] {
        let (first, last) = (-0.5 - at, side as f32 - 0.5 - at);
        if n.abs() < 1e-4 {
            if first > 0.0 || last < 0.0 {
                return None;
            }
            continue;
        }
        let (enter, leave) = if n > 0.0 { (first / n, last / n) } else { (last / n, first / n) };
        low = low.max(enter);
        if leave < high {
            (high, leaves) = (leave, true);
        }
    }
    (low < high).then_some((low, high, leaves))
}

/// The place nearest to the side where page turns into something else; the frame's border where it does not before.
/// `value` is the mask at a distance outwards, in pixels; the stretch `low` to `high` ends at the frame's border if it `leaves`.
pub fn crossing(value: impl Fn(f32) -> f32, low: f32, high: f32, leaves: bool) -> Option<(f32, bool)> {
    let between = |s: f32, t: f32, a: f32, b: f32| (a >= HALF && b < HALF).then(|| s + (t - s) * (a - HALF) / (a - b));
    let middle = 0.0f32.clamp(low, high);
    // The side itself lies outside.
    if middle >= high && leaves && value(high) >= HALF {
        return Some((high, true));
    }
    // Outwards and inwards in turns, a step at a time: the nearest is found first.
    let (mut out, mut into) = (middle, middle);
    let (mut outer, mut inner) = (value(middle), value(middle));
    while out < high || into > low {
        if out < high {
            let (next, before) = ((out + 1.0).min(high), outer);
            outer = value(next);
            if let Some(off) = between(out, next, before, outer) {
                return Some((off, false));
            }
            out = next;
            if out >= high && leaves && outer >= HALF {
                return Some((high, true));
            }
        }
        if into > low {
            let (next, before) = ((into - 1.0).max(low), inner);
            inner = value(next);
            if let Some(off) = between(next, into, inner, before) {
                return Some((off, false));
            }
            into = next;
        }
    }
    None
}

/// The same place, more finely: as much page lies outside it as other things inside. It averages the mask's grain over the
/// whole rim; where that is not all page within and all other without, the crossing stays.
fn balanced(mask: &Plane, x: f32, y: f32, line: &Line, off: f32) -> f32 {
    let value = |s: f32| mask.sample(x + line.nx * (off + s), y + line.ny * (off + s));
    if value(-RIM) < 1.0 - RIM_ENDS || value(RIM) > RIM_ENDS {
        return off;
    }
    off + [-2.0, -1.0, 0.0, 1.0, 2.0].map(value).iter().sum::<f32>() - RIM
}

/// The line's distance from the side at its start and its end; [`WITHIN`] of the places lie inside of it.
pub fn straight(places: &[Place]) -> Option<(f32, f32)> {
    if places.len() < LEAST_PLACES {
        return None;
    }
    let (mut start, mut end) = (0.0f32, 0.0f32);
    let mut apart: Vec<f32> = Vec::with_capacity(places.len());
    for round in 0..ROUNDS {
        let off = |p: &Place| p.off - (start + (end - start) * p.t);
        apart.clear();
        apart.extend(places.iter().map(|p| off(p).abs()));
        let middle = apart.len() / 2;
        let far = (*apart.select_nth_unstable_by(middle, f32::total_cmp).1 * FAR).max(FAR_PIXELS);
        // The first line may be far from all of them.
        let far = if round < 2 { f32::MAX } else { far };
        let (mut w, mut st, mut so, mut stt, mut sto) = (0.0f32, 0.0, 0.0, 0.0, 0.0);
        for p in places {
            let distance = off(p);
            let near = 1.0 - (distance / far).powi(2);
            let side = 0.5 + (WITHIN - 0.5) * (distance / GRAIN).clamp(-1.0, 1.0);
            let weight = if near > 0.0 { side * near * near / distance.abs().max(GRAIN) } else { 0.0 };
            w += weight;
            (st, so) = (st + weight * p.t, so + weight * p.off);
            (stt, sto) = (stt + weight * p.t * p.t, sto + weight * p.t * p.off);
        }
        let spread = w * stt - st * st;
        if spread < 1e-4 * w * w {
            return None;
        }
        let slope = (w * sto - st * so) / spread;
        start = (so - slope * st) / w;
        end = start + slope;
    }
    Some((start, end))
}
