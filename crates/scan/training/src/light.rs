//! The light over the whole picture: fall-off, colour, other things' shadows, sun through blinds, reflections.
//!
//! Refuses to know what it falls on. Places are shares of the frame.

use crate::{
    canvas::{Canvas, SIDE},
    chance::Chance,
    colour::Colour,
    noise::{CLOUD, share, smooth},
};

/// Points a side at which light is worked out; between them it is straight.
const GRID: usize = 96;

/// Factor and addition for every point of a grid.
pub struct Light {
    factor: Vec<f32>,
    shine: Vec<f32>,
    tint: Colour,
    /// What shade loses less of: the sky's blue.
    shade_tint: Colour,
}

struct Shade {
    kind: usize,
    at: [f32; 2],
    along: [f32; 2],
    size: f32,
    soft: f32,
    deep: f32,
    start: f32,
}

impl Light {
    pub fn any(chance: &mut Chance) -> Self {
        let lean = [0.35 * chance.normal(), 0.35 * chance.normal()].map(|v| v * chance.unit());
        let lamp = [chance.within(-0.5, 1.5), chance.within(-0.5, 1.5)];
        let fall = chance.within(0.0, 1.0) * chance.unit();
        let vignette = chance.within(0.0, 0.5) * chance.unit();
        let shades: Vec<Shade> = (0..chance.weighted(&[7.0, 3.5, 1.0, 0.3])).map(|_| shade(chance)).collect();
        let glares: Vec<[f32; 6]> = (0..chance.weighted(&[8.6, 1.2, 0.3])).map(|_| glare(chance)).collect();
        let mut factor = Vec::with_capacity((GRID + 1) * (GRID + 1));
        let mut shine = Vec::with_capacity(factor.capacity());
        for i in 0..(GRID + 1) * (GRID + 1) {
            let (x, y) = ((i % (GRID + 1)) as f32 / GRID as f32, (i / (GRID + 1)) as f32 / GRID as f32);
            let (dx, dy) = (x - 0.5, y - 0.5);
            let mut light = 1.0 + lean[0] * dx + lean[1] * dy - vignette * (dx * dx + dy * dy) * 1.6;
            let (lx, ly) = (x - lamp[0], y - lamp[1]);
            light *= 1.0 - fall + fall * 1.4 / (1.0 + 1.8 * (lx * lx + ly * ly));
            light *= shades.iter().map(|s| 1.0 - s.deep * s.cover(x, y)).product::<f32>();
            factor.push(light.max(0.02));
            shine.push(glares.iter().map(|g| reflection(g, x, y)).sum());
        }
        let warm = if chance.holds(0.15) { 0.2 } else { 0.06 } * chance.normal();
        let green = 0.025 * chance.normal();
        let cool = chance.within(0.0, 0.12);
        Light {
            factor,
            shine,
            tint: [1.0 + warm, 1.0 + green, (1.0 - warm).max(0.2)],
            shade_tint: [1.0 - cool, 1.0, 1.0 + cool],
        }
    }

    pub fn fall_on(&self, canvas: &mut Canvas) {
        let step = GRID as f32 / SIDE as f32;
        let side = GRID + 1;
        let mut row = vec![[0.0f32; 2]; side];
        let deeper: Colour = std::array::from_fn(|c| self.tint[c] * (self.shade_tint[c] - 1.0));
        for (y, pixels) in canvas.light.chunks_exact_mut(SIDE).enumerate() {
            let fy = (y as f32 + 0.5) * step;
            let (above, ty) = (fy as usize * side, fy - fy as usize as f32);
            for (column, point) in row.iter_mut().enumerate() {
                let at = above + column;
                let between = |of: &[f32]| of[at] + (of[at + side] - of[at]) * ty;
                *point = [between(&self.factor), between(&self.shine)];
            }
            // Four pixels lie between two points of the grid.
            for (four, ends) in pixels.chunks_exact_mut(SIDE / GRID).zip(row.windows(2)) {
                let (a, b) = (ends[0], ends[1]);
                for (i, pixel) in four.iter_mut().enumerate() {
                    let t = (i as f32 + 0.5) * step;
                    let (factor, shine) = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t);
                    let shadow = (1.0 - factor).clamp(0.0, 1.0);
                    for c in 0..3 {
                        let tint = factor * (self.tint[c] + deeper[c] * shadow);
                        pixel[c] = pixel[c] * tint + shine * self.tint[c];
                    }
                }
            }
        }
    }
}

fn shade(chance: &mut Chance) -> Shade {
    let turn = chance.angle();
    Shade {
        kind: chance.weighted(&[3.0, 3.0, 2.0, 0.6, 1.2]),
        at: [chance.within(0.0, 1.0), chance.within(0.0, 1.0)],
        along: [turn.cos(), turn.sin()],
        size: chance.within(0.08, 0.5),
        soft: chance.doubling(0.01, 0.3),
        deep: if chance.holds(0.2) { chance.within(0.7, 0.9) } else { chance.within(0.15, 0.75) },
        start: chance.within(0.0, 9.0),
    }
}

impl Shade {
    /// 0 in the light to 1 in full shade.
    fn cover(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.at[0], y - self.at[1]);
        let (u, v) = (dx * self.along[0] + dy * self.along[1], dy * self.along[0] - dx * self.along[1]);
        let edge = |away: f32| smooth(0.5 - away / (2.0 * self.soft));
        let sway = 0.12 * (CLOUD.at(v * 0.2 + self.start, self.start) - 0.5);
        match self.kind {
            // Half the picture: a person, a wall, a window's edge.
            0 => edge(-(u + sway)),
            // The phone and the arm that holds it.
            1 => {
                let phone = (u.abs() - self.size * 0.5).max(v.abs() - self.size);
                let arm = (u.abs() - self.size * 0.25).max(-v);
                edge(phone.min(arm) + sway)
            }
            // A head, a hand, a plant.
            2 => edge(u.hypot(v * 0.8) - self.size * (0.7 + 0.8 * CLOUD.at(u * 0.15 + self.start, v * 0.15))),
            // Blinds.
            3 => edge((share(u / (self.size * 0.5)) - 0.5).abs() * self.size * 0.5 - self.size * 0.12),
            // Leaves.
            _ => smooth((CLOUD.at(x * 0.25 + self.start, y * 0.25) - 0.45) / (0.05 + self.soft)),
        }
    }
}

/// Middle, half lengths, direction and strength of a reflection.
fn glare(chance: &mut Chance) -> [f32; 6] {
    let streak = chance.holds(0.35);
    let (long, thin) = if streak {
        (chance.within(0.1, 0.6), chance.within(0.015, 0.08))
    } else {
        let size = chance.doubling(0.02, 0.3);
        (size, size * chance.within(0.4, 1.0))
    };
    let strongest = if streak { 0.45 } else { 0.9 };
    [chance.unit(), chance.unit(), long, thin, chance.angle(), chance.doubling(0.05, strongest)]
}

fn reflection(&[x0, y0, long, thin, turn, strength]: &[f32; 6], x: f32, y: f32) -> f32 {
    let (dx, dy) = (x - x0, y - y0);
    let (s, c) = turn.sin_cos();
    let (u, v) = ((dx * c + dy * s) / long, (dy * c - dx * s) / thin);
    let away = u * u + v * v;
    if away > 9.0 { 0.0 } else { strength * (-away).exp() }
}
