//! How a sheet lies in space: bent, folded, crumpled, lifted at its edges. Refuses to know what is printed on it.

use crate::{
    chance::Chance,
    noise::{CLOUD, CREASE},
    pose::{Place, Spot},
};

/// Cells of the mesh along each side.
pub const CELLS: usize = 36;
/// Steps in which a bend is followed.
const STEPS: usize = 96;

/// A sheet of `size` metres (width, height) around the origin, lying on z = 0 or above.
pub struct Paper {
    pub size: Spot,
    /// Two bends, one after the other, about axes of any direction.
    bends: Vec<Bend>,
    /// Height in metres of the crumple, its size in cells a sheet, and how sharp its creases are, 0 to 1.
    crumple: f32,
    crumple_size: f32,
    creased: f32,
    /// The slow warp that damp and drawers leave, in metres.
    warp: f32,
    start: Spot,
    lowest: f32,
    /// The corner folded over (0 to 3, clockwise from the top left) and how much of its sides, in shares.
    pub dog_ear: Option<(usize, Spot)>,
}

/// A developable bend: distance along it to place and height, by integrating its slope.
struct Bend {
    across: Spot,
    from: f32,
    step: f32,
    profile: Vec<Spot>,
}

/// How far from flat a sheet may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Flat,
    /// Within what a quad still describes.
    Slight,
    Curled,
    Folded,
    Crumpled,
}

impl Paper {
    pub fn new(size: Spot, shape: Shape, chance: &mut Chance) -> Self {
        let longer = size[0].max(size[1]);
        let mut paper = Paper {
            size,
            bends: Vec::new(),
            crumple: 0.0,
            crumple_size: chance.within(0.15, 0.6),
            creased: chance.unit(),
            warp: 0.0,
            start: [chance.within(0.0, 9.0), chance.within(0.0, 9.0)],
            lowest: 0.0,
            dog_ear: None,
        };
        match shape {
            Shape::Flat => {}
            Shape::Slight => {
                paper.warp = chance.within(0.0, 0.006) * longer;
                if chance.holds(0.5) {
                    let direction = direction(chance, size);
                    paper.bends.push(Bend::curl(size, direction, 0.25 * chance.normal(), 0.0, chance));
                }
                if chance.holds(0.4) {
                    paper.bends.extend(folds(size, chance, 0.12));
                }
                paper.crumple = chance.within(0.0, 0.004) * longer;
            }
            Shape::Curled => {
                let strength = chance.within(0.3, 1.9) * chance.sign();
                let direction = direction(chance, size);
                paper.bends.push(Bend::curl(size, direction, strength, chance.within(0.0, 1.0), chance));
                paper.warp = chance.within(0.0, 0.02) * longer;
                paper.crumple = chance.within(0.0, 0.006) * longer;
            }
            Shape::Folded => {
                let strongest = chance.within(0.15, 0.9);
                paper.bends.extend(folds(size, chance, strongest));
                if chance.holds(0.4) {
                    let direction = direction(chance, size);
                    paper.bends.push(Bend::curl(size, direction, 0.6 * chance.normal(), 0.3, chance));
                }
                paper.warp = chance.within(0.0, 0.015) * longer;
                paper.crumple = chance.within(0.0, 0.008) * longer;
            }
            Shape::Crumpled => {
                paper.crumple = chance.within(0.01, 0.045) * longer;
                paper.warp = chance.within(0.0, 0.04) * longer;
                if chance.holds(0.5) {
                    let direction = direction(chance, size);
                    paper.bends.push(Bend::curl(size, direction, 0.7 * chance.normal(), 0.5, chance));
                }
            }
        }
        if shape != Shape::Flat && chance.holds(0.1) {
            let share = chance.within(0.04, 0.22);
            let other = share * size[0] / size[1] * chance.within(0.6, 1.6);
            paper.dog_ear = Some((chance.whole(0, 3), [share, other]));
        }
        paper.lowest = f32::MAX;
        paper.lowest = paper.samples(8).map(|p| p[2]).fold(f32::MAX, f32::min);
        paper
    }

    /// The place of a point of the sheet given in shares of its sides, (0, 0) top left.
    pub fn place(&self, u: f32, v: f32) -> Place {
        let [w, h] = self.size;
        let mut p = [(u - 0.5) * w, (v - 0.5) * h, 0.0];
        for bend in &self.bends {
            p = bend.apply(p);
        }
        if self.warp > 0.0 {
            p[2] += self.warp * (CLOUD.at(u * 0.12 + self.start[0], v * 0.12 + self.start[1]) - 0.5) * 2.0;
        }
        if self.crumple > 0.0 {
            let (x, y) = (u * self.crumple_size + self.start[1], v * self.crumple_size * h / w + self.start[0]);
            let (soft, hard) = (CLOUD.at(x * 0.7, y * 0.7), CREASE.at(x, y));
            p[2] += self.crumple * (soft + (hard - soft) * self.creased - 0.5) * 2.0;
            // What goes up is missing sideways: crumpled outlines are not straight.
            p[0] += self.crumple * (CLOUD.at(y + 0.3, x * 0.6) - 0.5) * 0.9;
            p[1] += self.crumple * (CLOUD.at(y * 0.6, x + 0.6) - 0.5) * 0.9;
        }
        if self.lowest < f32::MAX {
            p[2] -= self.lowest;
        }
        p
    }

    /// Places of a grid of `n` × `n` cells, row by row.
    pub fn samples(&self, n: usize) -> impl Iterator<Item = Place> {
        let share = move |i: usize| i as f32 / n as f32;
        (0..(n + 1) * (n + 1)).map(move |i| self.place(share(i % (n + 1)), share(i / (n + 1))))
    }

    pub fn corners(&self) -> [Place; 4] {
        [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].map(|[u, v]| self.place(u, v))
    }

    /// Where the folded-over corner ends: its two ends on the sides and its tip, in shares of the sides.
    pub fn flap(&self) -> Option<[Spot; 3]> {
        let (corner, [a, b]) = self.dog_ear?;
        let [w, h] = self.size;
        // The corner mirrored at the line through both ends, in metres.
        let (x, y) = (a * w, b * h);
        let k = 2.0 * x * y / (x * x + y * y);
        let tip = [y * k / w, x * k / h];
        let place = |[u, v]: Spot| match corner {
            0 => [u, v],
            1 => [1.0 - u, v],
            2 => [1.0 - u, 1.0 - v],
            _ => [u, 1.0 - v],
        };
        Some([place([a, 0.0]), place([0.0, b]), place(tip)])
    }

    /// Whether a point of the sheet has gone with the folded corner.
    pub fn gone(&self, [u, v]: Spot) -> bool {
        let Some((corner, [a, b])) = self.dog_ear else { return false };
        let (u, v) = match corner {
            0 => (u, v),
            1 => (1.0 - u, v),
            2 => (1.0 - u, 1.0 - v),
            _ => (u, 1.0 - v),
        };
        u / a + v / b < 1.0
    }
}

/// Sheets curl along their sides far more often than across them.
fn direction(chance: &mut Chance, size: Spot) -> f32 {
    match chance.weighted(&[4.0, 3.0, 2.0]) {
        0 if size[1] > size[0] => std::f32::consts::FRAC_PI_2 + 0.08 * chance.normal(),
        0 | 1 => 0.08 * chance.normal(),
        _ => chance.angle(),
    }
}

/// One or two creases along a side, at halves or thirds or anywhere; now and then crosswise as well.
fn folds(size: Spot, chance: &mut Chance, strongest: f32) -> Vec<Bend> {
    let mut bends = Vec::new();
    let first = usize::from(chance.holds(0.75));
    let both = chance.holds(0.25);
    for side in 0..2 {
        if side != first && !both {
            continue;
        }
        let at: Vec<f32> = match chance.whole(0, 3) {
            0 | 1 => vec![0.03 * chance.normal()],
            2 => vec![-1.0 / 6.0 + 0.02 * chance.normal(), 1.0 / 6.0 + 0.02 * chance.normal()],
            _ => vec![chance.within(-0.35, 0.35)],
        };
        let first_sign = chance.sign();
        let creases: Vec<(f32, f32)> = at
            .iter()
            .enumerate()
            .map(|(i, &at)| {
                let sign = if chance.holds(0.8) && i == 1 { -first_sign } else { first_sign };
                (at * size[side], sign * strongest * chance.within(0.4, 1.0))
            })
            .collect();
        let turn = if side == 0 { 0.0 } else { std::f32::consts::FRAC_PI_2 };
        bends.push(Bend::along(size, turn, |c| {
            creases.iter().map(|(at, strength)| strength * (1.0 / (1.0 + (-(c - at) / 0.0025).exp()) - 0.5)).sum()
        }));
    }
    bends
}

impl Bend {
    /// Slope rising along the sheet by `strength` radians in all; `ends` of it only towards one or both ends.
    fn curl(size: Spot, turn: f32, strength: f32, ends: f32, chance: &mut Chance) -> Self {
        let half = 0.5 * size[0].hypot(size[1]);
        let skew = 0.5 * chance.normal() * ends;
        let sway = 0.25 * chance.normal() * ends;
        Bend::along(size, turn, |c| {
            let t = c / half;
            let even = t * (1.0 - ends) + t * t * t * 1.6 * ends;
            strength * (even + skew * t * t + sway * (t * 4.0).sin())
        })
    }

    fn along(size: Spot, turn: f32, slope: impl Fn(f32) -> f32) -> Self {
        let half = 0.5 * size[0].hypot(size[1]) * 1.05;
        let step = 2.0 * half / STEPS as f32;
        let mut profile = vec![[0.0f32; 2]; STEPS + 1];
        for i in 1..=STEPS {
            let angle = slope(-half + (i as f32 - 0.5) * step).clamp(-1.45, 1.45);
            profile[i] = [profile[i - 1][0] + angle.cos() * step, profile[i - 1][1] + angle.sin() * step];
        }
        let middle = profile[STEPS / 2];
        profile.iter_mut().for_each(|p| *p = [p[0] - middle[0], p[1] - middle[1]]);
        Bend { across: [turn.cos(), turn.sin()], from: -half, step, profile }
    }

    fn apply(&self, [x, y, z]: Place) -> Place {
        let [c, s] = self.across;
        let (along, other) = (x * c + y * s, y * c - x * s);
        let at = ((along - self.from) / self.step).clamp(0.0, STEPS as f32 - 0.001);
        let (i, t) = (at as usize, at - at as usize as f32);
        let (p, q) = (self.profile[i], self.profile[i + 1]);
        let (moved, rise) = (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t);
        [moved * c - other * s, moved * s + other * c, z + rise]
    }
}
