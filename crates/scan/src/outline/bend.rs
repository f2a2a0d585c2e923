//! The sides of a page that does not lie flat, as curves.
//!
//! Knows a mask and the quad around it; refuses to know where print runs. A bent page's outline leaves its quad; where curves
//! explain the outline much better than straight sides they are what the page is flattened along.

use super::{OUTSIDE, roll::Roll, sides};
use crate::{Point, Quad, homography::Homography, plane::Plane, rectify::FOCAL_USUAL};

/// Places looked at along each side, and points of each curve.
const PLACES: usize = 72;
pub(super) const NODES: usize = 17;
/// How far the outline may lie from the quad's side, as a share of the page.
const REACH: f64 = 0.14;
/// The share of a side whose places decide where a point of the curve lies.
const NEAR: f64 = 0.16;
/// So many of a side's places must have been seen: what a hand hides or the frame cuts off has no known shape.
const LEAST_SEEN: f64 = 0.7;
/// Straight sides are good enough where the outline lies nearer to them than this on average (share of the page).
const STRAIGHT: f64 = 0.004;
/// Curves must come so much nearer.
const NEARER: f64 = 0.5;
/// A little bent: between these mean distances from the straight side, of which the curve leaves so little. Nothing has a
/// step: what a live frame shows must not jump.
const HARDLY_TO_LITTLE: [f64; 2] = [0.0015, 0.0025];
const LITTLE_TO_BENT: [f64; 2] = [STRAIGHT, 1.5 * STRAIGHT];
const APART_TO_NEAR: [f64; 2] = [0.45, 0.25];
/// Two sides are straight enough for rulings where they bend this much less than the other two.
const RULINGS: f64 = 0.6;

/// One side: how far its curve lies to the right of (below) the unit square's side, at [`NODES`] places along it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve([f64; NODES]);

/// How the flat page lies in the unit square of its quad.
#[derive(Debug, Clone)]
pub(crate) enum Bend {
    /// Bent one way: from left to right, or from top to bottom.
    Across(Roll),
    Down(Roll),
    /// Bent any way: its curved sides, and between them a patch as even as can be.
    Patch(Patch),
}

/// Four curves that span a Coons patch (Coons 1967): top, right, bottom, left.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    curves: [Curve; 4],
    corners: [[f64; 2]; 4],
}

/// Of a side: mean distance of the outline from the straight side and from its curve, as shares of the page.
#[derive(Debug, Clone, Copy)]
struct Off {
    straight: f64,
    curved: f64,
}

/// The outline of a page beside its quad.
struct Sides {
    /// The quad's unit square to the mask's pixels.
    map: Homography,
    /// Top, right, bottom, left.
    curves: [Curve; 4],
    /// Of top and bottom, and of left and right.
    level: Off,
    upright: Off,
}

impl Sides {
    fn of(mask: &Plane, quad: &Quad) -> Option<Sides> {
        let size = [mask.width as f64, mask.height as f64];
        let map = Homography::of_unit_square(
            quad.0.map(|p| [f64::from(p.x) * size[0] - 0.5, f64::from(p.y) * size[1] - 0.5]),
        )?;
        let mut sides = [None; 4];
        for (side, found) in sides.iter_mut().enumerate() {
            let places = places(mask, &map, side);
            if (places.len() as f64) < LEAST_SEEN * PLACES as f64 {
                return None;
            }
            let curve = Curve::through(&places)?;
            let mean = |off: &dyn Fn(&[f64; 2]) -> f64| places.iter().map(off).sum::<f64>() / places.len() as f64;
            let straight = mean(&|[_, off]| off.abs());
            *found = Some((curve, Off { straight, curved: mean(&|[t, off]| (off - curve.at(*t)).abs()) }));
        }
        let [Some(top), Some(right), Some(bottom), Some(left)] = sides else { return None };
        let curves = [top.0, right.0, bottom.0, left.0];
        Some(Sides { map, curves, level: top.1.and(bottom.1), upright: left.1.and(right.1) })
    }

    /// Whether two opposite sides are bent a little: 0 where both pairs are straight or bent more, 1 where one certainly is.
    fn little(&self) -> f64 {
        let between = |v: f64, [none, all]: [f64; 2]| ((v - none) / (all - none)).clamp(0.0, 1.0);
        let [level, upright] = [self.level, self.upright].map(|off| {
            let curve = between(off.curved / off.straight.max(1e-9), APART_TO_NEAR);
            curve * between(off.straight, HARDLY_TO_LITTLE) * (1.0 - between(off.straight, LITTLE_TO_BENT))
        });
        level.max(upright)
    }

    /// Where the curves meet, in the quad's unit square.
    fn corners(&self) -> [[f64; 2]; 4] {
        let [top, right, bottom, left] = &self.curves;
        [
            meet(top, left, [0.0, 0.0]),
            meet(top, right, [1.0, 0.0]),
            meet(bottom, right, [1.0, 1.0]),
            meet(bottom, left, [0.0, 1.0]),
        ]
    }
}

impl Off {
    fn and(self, other: Off) -> Off {
        let mean = |a: f64, b: f64| (a + b) / 2.0;
        Off { straight: mean(self.straight, other.straight), curved: mean(self.curved, other.curved) }
    }

    fn bent(self) -> bool {
        self.straight > STRAIGHT && self.curved < NEARER * self.straight
    }
}

/// The quad of a page of which two opposite sides are bent a little: its corners are where its sides meet, which straight
/// sides that differ least from the outline miss. Of any other page the quad as it is: one that bends more both ways is
/// unrolled between its sides, and the quad that differs least from it shows most of it.
pub(crate) fn through_corners(mask: &Plane, quad: &Quad) -> Option<Quad> {
    let sides = Sides::of(mask, quad)?;
    let share = sides.little();
    let mut square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].into_iter();
    let corners = sides.corners().map(|corner| {
        let straight = square.next().unwrap_or_default();
        let [x, y] = [0, 1].map(|k| straight[k] + (corner[k] - straight[k]) * share);
        let [x, y] = sides.map.apply(x, y);
        let within = |at: f64, size: usize| ((at + 0.5) / size as f64) as f32;
        Point { x: within(x, mask.width), y: within(y, mask.height) }
    });
    let in_reach = |p: &Point| [p.x, p.y].iter().all(|v| (-OUTSIDE..=1.0 + OUTSIDE).contains(v));
    Some(Quad(corners)).filter(|quad| quad.is_convex() && quad.0.iter().all(in_reach))
}

impl Bend {
    /// How the page in `quad` bends by its mask (values 0 to 1), which covers the whole frame of `size` pixels; `None`
    /// where straight sides do.
    pub fn of(mask: &Plane, quad: &Quad, size: (usize, usize)) -> Option<Bend> {
        let sides = Sides::of(mask, quad)?;
        let Sides { level, upright, curves, .. } = &sides;
        let [top, right, bottom, left] = curves;
        let [a, b, c, d] = rays(quad, size);
        let roll = if level.bent() && upright.straight < RULINGS * level.straight {
            Homography::of_unit_square([a, b, c, d]).and_then(|map| Roll::of(&map, top, bottom)).map(Bend::Across)
        } else if upright.bent() && level.straight < RULINGS * upright.straight {
            // The same with the two directions exchanged.
            Homography::of_unit_square([a, d, c, b]).and_then(|map| Roll::of(&map, left, right)).map(Bend::Down)
        } else {
            None
        };
        let patch = || Bend::Patch(Patch { curves: *curves, corners: sides.corners() });
        roll.or_else(|| level.and(*upright).bent().then(patch))
    }

    /// Where the flat page's point lies in the unit square of the quad; all in shares of the sides.
    pub fn apply(&self, u: f64, v: f64) -> [f64; 2] {
        match self {
            Bend::Across(roll) => roll.apply(u, v),
            Bend::Down(roll) => {
                let [y, x] = roll.apply(v, u);
                [x, y]
            }
            Bend::Patch(patch) => patch.apply(u, v),
        }
    }

    /// Width of the flat page divided by its height, where its curve tells.
    pub fn proportion(&self) -> Option<f64> {
        match self {
            Bend::Across(roll) => Some(roll.proportion),
            Bend::Down(roll) => Some(1.0 / roll.proportion),
            Bend::Patch(_) => None,
        }
    }
}

/// The quad's corners on a picture plane at distance 1, seen by a phone's usual camera.
fn rays(quad: &Quad, (width, height): (usize, usize)) -> [[f64; 2]; 4] {
    let longer = width.max(height) as f64;
    let scale = [width as f64 / longer / FOCAL_USUAL, height as f64 / longer / FOCAL_USUAL];
    quad.0.map(|p| [(f64::from(p.x) - 0.5) * scale[0], (f64::from(p.y) - 0.5) * scale[1]])
}

impl Patch {
    fn apply(&self, u: f64, v: f64) -> [f64; 2] {
        let [top, right, bottom, left] = &self.curves;
        let [a, b, c, d] = self.corners;
        let mix = |from: f64, to: f64, t: f64| from + (to - from) * t;
        let (upper, lower) = (mix(a[0], b[0], u), mix(d[0], c[0], u));
        let (before, behind) = (mix(a[1], d[1], v), mix(b[1], c[1], v));
        let across = [mix(upper, lower, v), mix(top.at(upper), 1.0 + bottom.at(lower), v)];
        let down = [mix(left.at(before), 1.0 + right.at(behind), u), mix(before, behind, u)];
        std::array::from_fn(|i| across[i] + down[i] - mix(mix(a[i], b[i], u), mix(d[i], c[i], u), v))
    }
}

/// Where two neighbouring curves meet, starting from the unit square's corner.
fn meet(across: &Curve, down: &Curve, corner: [f64; 2]) -> [f64; 2] {
    (0..6).fold(corner, |[x, y], _| [corner[0] + down.at(y), corner[1] + across.at(x)])
}

/// Where the mask's boundary lies along a side: share of the side, and how far to the right of it or below it.
fn places(mask: &Plane, map: &Homography, side: usize) -> Vec<[f64; 2]> {
    // Outwards is up, right, down, left.
    let outwards = if matches!(side, 1 | 2) { 1.0 } else { -1.0 };
    let base = if outwards > 0.0 { 1.0 } else { 0.0 };
    let at =
        |t: f64, off: f64| if side.is_multiple_of(2) { map.apply(t, base + off) } else { map.apply(base + off, t) };
    let inside = |[x, y]: [f64; 2]| {
        (0.5..=mask.width as f64 - 1.5).contains(&x) && (0.5..=mask.height as f64 - 1.5).contains(&y)
    };
    // A map that squeezes the page to nothing somewhere makes a step there immeasurably small; the mask is only so large.
    let longest = (mask.width + mask.height) as f64;
    (0..PLACES)
        .filter_map(|k| {
            let t = (k as f64 + 0.5) / PLACES as f64;
            let ([x, y], [nx, ny]) = (at(t, 0.0), at(t, 0.01));
            let pixel = 0.01 / (nx - x).hypot(ny - y);
            let reach = (REACH / pixel).min(longest) as f32;
            let offset = |s: f32| outwards * f64::from(s) * pixel;
            let value = |s: f32| {
                let [x, y] = at(t, offset(s));
                mask.sample(x as f32, y as f32)
            };
            let (off, _) = sides::crossing(value, -reach, reach, false)?;
            inside(at(t, offset(off))).then(|| [t, offset(off)])
        })
        .collect()
}

impl Curve {
    /// Locally weighted lines through the places, once more without what lies far off (Cleveland 1979).
    fn through(places: &[[f64; 2]]) -> Option<Curve> {
        let mut trust = vec![1.0; places.len()];
        let mut curve = Curve([0.0; NODES]);
        for _ in 0..3 {
            for (i, node) in curve.0.iter_mut().enumerate() {
                *node = local(places, &trust, i as f64 / (NODES - 1) as f64)?;
            }
            let off = |[t, off]: &[f64; 2]| (off - curve.at(*t)).abs();
            let mut apart: Vec<f64> = places.iter().map(off).collect();
            let middle = apart.len() / 2;
            let far = (6.0 * *apart.select_nth_unstable_by(middle, f64::total_cmp).1).max(1e-4);
            for (trust, place) in trust.iter_mut().zip(places) {
                *trust = (1.0 - (off(place) / far).powi(2)).max(0.0).powi(2);
            }
        }
        Some(curve)
    }

    /// The curve at a share of the side; beyond its ends as if it went on straight.
    pub(super) fn at(&self, t: f64) -> f64 {
        let t = t * (NODES - 1) as f64;
        let low = (t.max(0.0) as usize).min(NODES - 2);
        self.0[low] + (self.0[low + 1] - self.0[low]) * (t - low as f64)
    }
}

/// The value at `t` of the line that fits best what lies near it.
fn local(places: &[[f64; 2]], trust: &[f64], t: f64) -> Option<f64> {
    // At the ends only one side is near.
    let reach = NEAR * (1.0 + (1.0 - t.min(1.0 - t) / NEAR).max(0.0));
    let (mut w, mut sx, mut sy, mut sxx, mut sxy) = (1e-9, 0.0, 0.0, 0.0, 0.0);
    for ([at, off], trust) in places.iter().zip(trust) {
        let x = at - t;
        let near = 1.0 - (x.abs() / reach).min(1.0).powi(3);
        let weight = trust * near.powi(3);
        (w, sx, sy) = (w + weight, sx + weight * x, sy + weight * off);
        (sxx, sxy) = (sxx + weight * x * x, sxy + weight * x * off);
    }
    let spread = w * sxx - sx * sx;
    (w > 0.5).then(|| if spread > 1e-6 * w * w { (sxx * sy - sx * sxy) / spread } else { sy / w })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::{draw::*, quad_of_mask};

    /// The outline that the bend says, in fractions of the frame.
    fn drawn(bend: &Bend, quad: &Quad) -> Vec<[f64; 2]> {
        let map = Homography::of_unit_square(quad.0.map(|p| [f64::from(p.x), f64::from(p.y)])).unwrap();
        let side = |point: &dyn Fn(f64) -> (f64, f64)| -> Vec<[f64; 2]> {
            (0..40).map(|k| point(f64::from(k) / 40.0)).map(|(u, v)| bend.apply(u, v)).collect()
        };
        let around = [side(&|t| (t, 0.0)), side(&|t| (1.0, t)), side(&|t| (1.0 - t, 1.0)), side(&|t| (0.0, 1.0 - t))];
        around.concat().into_iter().map(|[u, v]| map.apply(u, v)).collect()
    }

    fn bent(seed: u64, sag: (f64, f64)) -> Vec<Sheet> {
        let mut chance = Chance(seed);
        std::iter::repeat_with(|| {
            let mut sheet = Sheet::random(&mut chance);
            sheet.sag = chance.between(sag.0, sag.1) * chance.pick(&[1.0, -1.0]);
            (sheet.size, sheet.middle) = (sheet.size.clamp(0.5, 0.7), [0.5, 0.5]);
            sheet
        })
        .take(60)
        .collect()
    }

    #[test]
    fn a_quad_far_beyond_the_mask_is_told_soon_to_have_no_sides() {
        let mask = Plane::new(128, 128).map(|_| 1.0);
        let far = 1e32;
        let quad = Quad([(-far, -far), (0.0, -far), (far, 0.0), (0.0, far)].map(|(x, y)| Point { x, y }));
        assert!(through_corners(&mask, &quad).is_none());
        assert!(Bend::of(&mask, &quad, (128, 128)).is_none());
    }

    #[test]
    fn curves_follow_a_bent_page() {
        let (mut followed, mut count) = (0.0, 0.0);
        for sheet in bent(21, (0.04, 0.12)) {
            let mask = as_a_net_sees_it(&mask(&sheet.outline(), 128, 128), 2, 0.2, &[], &mut Chance(5));
            let frame = (sheet.frame.0 as f32, sheet.frame.1 as f32);
            let Some(outline) = quad_of_mask(&mask, frame) else { continue };
            let Some(bend) = Bend::of(&mask, &outline.quad, (640, 480)) else { continue };
            // What each leaves out and adds, as a share of the page.
            let (curved, straight) = (drawn(&bend, &outline.quad), of_quad(&outline.quad));
            let off = |shape: &[[f64; 2]]| {
                let [a, b] = [shape, &sheet.outline()].map(filled);
                a.iter().zip(&b).filter(|(a, b)| a != b).count() as f64 / b.iter().filter(|b| **b).count() as f64
            };
            followed += off(&curved) / off(&straight).max(1e-3);
            count += 1.0;
        }
        println!("of what straight sides are off, curves are off {:.3}; {count} of 60 bent", followed / count);
        assert!(count > 50.0 && followed / count < 0.3);
    }

    #[test]
    fn the_quad_of_a_page_bent_a_little_goes_through_its_own_corners() {
        let (mut straight, mut through, mut count) = (0.0, 0.0, 0.0);
        for sheet in bent(23, (0.016, 0.026)) {
            let mask = as_a_net_sees_it(&mask(&sheet.outline(), 128, 128), 2, 0.2, &[], &mut Chance(7));
            let frame = (sheet.frame.0 as f32, sheet.frame.1 as f32);
            let Some(outline) = quad_of_mask(&mask, frame) else { continue };
            let Some(quad) = through_corners(&mask, &outline.quad) else { continue };
            // From each of the sheet's corners to the quad's nearest.
            let off = |quad: &Quad| -> f64 {
                let to = |a: &[f64; 2], b: &Point| (a[0] - f64::from(b.x)).hypot(a[1] - f64::from(b.y));
                let nearest = |corner: &[f64; 2]| quad.0.iter().map(|p| to(corner, p)).fold(f64::MAX, f64::min);
                sheet.corners().iter().map(nearest).sum::<f64>() / 4.0
            };
            straight += off(&outline.quad);
            through += off(&quad);
            count += 1.0;
        }
        println!("corners are off {:.4}, with straight sides {:.4}; {count} of 60", through / count, straight / count);
        assert!(count > 50.0 && through < 0.75 * straight);
    }

    fn filled(outline: &[[f64; 2]]) -> Vec<bool> {
        mask(outline, 256, 256).data.iter().map(|v| *v > 0.5).collect()
    }

    #[test]
    fn a_flat_page_has_no_curves() {
        for sheet in bent(22, (0.0, 0.0)) {
            let mask = as_a_net_sees_it(&mask(&sheet.outline(), 128, 128), 2, 0.2, &[], &mut Chance(6));
            let frame = (sheet.frame.0 as f32, sheet.frame.1 as f32);
            let Some(outline) = quad_of_mask(&mask, frame) else { continue };
            assert!(Bend::of(&mask, &outline.quad, (640, 480)).is_none());
        }
    }
}
