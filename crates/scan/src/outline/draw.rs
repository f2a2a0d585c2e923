//! Pages, masks and pictures drawn for the tests of this module: exact areas, then what a net makes of them.

use crate::{Quad, plane::Plane};

pub type Outline = Vec<[f64; 2]>;

/// Seeded chance (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.share() * from.len() as f64) as usize]
    }
}

/// A sheet in space, and where it lies in a frame; everything drawn comes out in fractions of the frame.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Longer side, with the shorter as 1.
    pub ratio: f64,
    pub turn: f64,
    /// Radians about the picture's x and y axis.
    pub tilt: [f64; 2],
    /// Radius of the corners, sag of a cylinder along the longer side, as shares of the shorter.
    pub round: f64,
    pub sag: f64,
    pub frame: (f64, f64),
    /// Longer extent as a share of the frame's, and the middle's place.
    pub size: f64,
    pub middle: [f64; 2],
}

impl Sheet {
    /// Any turn and perspective, wholly in the frame.
    pub fn random(chance: &mut Chance) -> Self {
        let frame = chance.pick(&[(3.0, 4.0), (4.0, 3.0), (9.0, 16.0), (1.0, 1.0)]);
        let mut sheet = Sheet {
            ratio: chance.pick(&[1.414, 1.586, 1.294, 1.0]),
            turn: chance.between(0.0, std::f64::consts::TAU),
            tilt: [chance.between(-0.7, 0.7), chance.between(-0.7, 0.7)],
            round: 0.0,
            sag: 0.0,
            frame,
            size: chance.between(0.4, 0.93),
            middle: [0.5, 0.5],
        };
        let (low, high) = bounds(&sheet.outline());
        sheet.middle = std::array::from_fn(|i| {
            chance.between(0.52 - low[i].min(0.5), (1.48 - high[i]).max(0.52 - low[i].min(0.5))).clamp(0.0, 1.0)
        });
        sheet
    }

    fn seen(&self, u: f64, v: f64) -> [f64; 2] {
        let (x, y) = (u - 0.5, (v - 0.5) * self.ratio + self.sag * 4.0 * u * (1.0 - u));
        let (s, c) = self.turn.sin_cos();
        let (x, y) = (x * c - y * s, x * s + y * c);
        let depth = 3.0 + x * self.tilt[1].sin() + y * self.tilt[0].sin();
        [x * self.tilt[1].cos() * 3.0 / depth, y * self.tilt[0].cos() * 3.0 / depth]
    }

    fn placed(&self, points: impl Iterator<Item = (f64, f64)>) -> Outline {
        let whole: Outline = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(u, v)| self.seen(u, v)).to_vec();
        let (low, high) = bounds(&whole);
        let scale = self.size * ((self.frame.0 / (high[0] - low[0])).min(self.frame.1 / (high[1] - low[1])));
        let place = |p: [f64; 2]| {
            let off = [p[0] - (low[0] + high[0]) / 2.0, p[1] - (low[1] + high[1]) / 2.0];
            [off[0] * scale / self.frame.0 + self.middle[0], off[1] * scale / self.frame.1 + self.middle[1]]
        };
        points.map(|(u, v)| place(self.seen(u, v))).collect()
    }

    /// Top left, top right, bottom right, bottom left of the sheet itself.
    pub fn corners(&self) -> Outline {
        self.placed([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].into_iter())
    }

    /// The outline of something on the sheet, whose shorter and longer side both run from 0 to 1.
    pub fn on_it(&self, points: &[(f64, f64)]) -> Outline {
        self.placed(points.iter().copied())
    }

    /// The outline of what lies a share of the shorter side inside.
    pub fn inset(&self, by: f64) -> Outline {
        let (u, v) = (by, by / self.ratio);
        self.on_it(&[(u, v), (1.0 - u, v), (1.0 - u, 1.0 - v), (u, 1.0 - v)])
    }

    /// Its whole outline, rounded and bent.
    pub fn outline(&self) -> Outline {
        const STEPS: usize = 24;
        let (rx, ry) = (self.round, self.round / self.ratio);
        let straight = |a: (f64, f64), b: (f64, f64)| {
            (0..STEPS)
                .map(move |k| k as f64 / STEPS as f64)
                .map(move |t| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t))
        };
        let arc = |centre: (f64, f64), from: f64| {
            (0..8)
                .map(move |k| (from + k as f64 / 8.0) * std::f64::consts::FRAC_PI_2)
                .map(move |a| (centre.0 + rx * a.cos(), centre.1 + ry * a.sin()))
        };
        let points = straight((rx, 0.0), (1.0 - rx, 0.0))
            .chain(arc((1.0 - rx, ry), -1.0))
            .chain(straight((1.0, ry), (1.0, 1.0 - ry)))
            .chain(arc((1.0 - rx, 1.0 - ry), 0.0))
            .chain(straight((1.0 - rx, 1.0), (rx, 1.0)))
            .chain(arc((rx, 1.0 - ry), 1.0))
            .chain(straight((0.0, 1.0 - ry), (0.0, ry)))
            .chain(arc((rx, ry), 2.0));
        self.placed(points)
    }
}

pub fn bounds(outline: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let span = |i: usize, pick: fn(f64, f64) -> f64| outline.iter().map(|p| p[i]).reduce(pick).unwrap();
    (std::array::from_fn(|i| span(i, f64::min)), std::array::from_fn(|i| span(i, f64::max)))
}

pub fn of_quad(quad: &Quad) -> Outline {
    quad.0.iter().map(|p| [f64::from(p.x), f64::from(p.y)]).collect()
}

pub fn area(outline: &[[f64; 2]]) -> f64 {
    let n = outline.len();
    (0..n).map(|i| (outline[i], outline[(i + 1) % n])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

/// The part of an outline on the inner side of a line, nx·x + ny·y <= d (Sutherland & Hodgman 1974).
pub fn cut(outline: &[[f64; 2]], n: [f64; 2], d: f64) -> Outline {
    let beyond = |p: [f64; 2]| n[0] * p[0] + n[1] * p[1] - d;
    let mut out = Outline::with_capacity(outline.len() + 2);
    for (i, &b) in outline.iter().enumerate() {
        let a = outline[(i + outline.len() - 1) % outline.len()];
        let (fa, fb) = (beyond(a), beyond(b));
        if (fa > 0.0) != (fb > 0.0) {
            let t = fa / (fa - fb);
            out.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
        }
        if fb <= 0.0 {
            out.push(b);
        }
    }
    out
}

/// What lies within `low..high` along one axis.
fn band(outline: &[[f64; 2]], axis: usize, low: f64, high: f64) -> Outline {
    let n = if axis == 0 { [1.0, 0.0] } else { [0.0, 1.0] };
    cut(&cut(outline, n, high), n.map(|v| -v), -low)
}

pub fn in_frame(outline: &[[f64; 2]]) -> Outline {
    band(&band(outline, 0, 0.0, 1.0), 1, 0.0, 1.0)
}

/// Intersection over union of a convex outline and any other, both clockwise.
pub fn iou(convex: &[[f64; 2]], other: &[[f64; 2]]) -> f64 {
    let n = convex.len();
    let both = (0..n).map(|i| (convex[i], convex[(i + 1) % n])).fold(other.to_vec(), |kept, (a, b)| {
        let outwards = [b[1] - a[1], a[0] - b[0]];
        cut(&kept, outwards, outwards[0] * a[0] + outwards[1] * a[1])
    });
    let both = area(&both);
    both / (area(convex) + area(other) - both)
}

/// How much of each pixel an outline covers, exactly.
pub fn mask(outline: &[[f64; 2]], width: usize, height: usize) -> Plane {
    let scaled: Outline = outline.iter().map(|p| [p[0] * width as f64, p[1] * height as f64]).collect();
    let mut out = Plane::new(width, height);
    for y in 0..height {
        let row = band(&scaled, 1, y as f64, y as f64 + 1.0);
        if row.len() < 3 {
            continue;
        }
        let (low, high) = bounds(&row);
        for x in low[0].max(0.0) as usize..(high[0].ceil().max(0.0) as usize).min(width) {
            out.data[y * width + x] = area(&band(&row, 0, x as f64, x as f64 + 1.0)).clamp(0.0, 1.0) as f32;
        }
    }
    out
}

/// What a net makes of it: blurred, noisy in its logits, with lumps (added, or bitten off where `add` is negative) given
/// in fractions with their radius in pixels.
pub fn as_a_net_sees_it(
    mask: &Plane,
    blur: usize,
    noise: f64,
    lumps: &[([f64; 2], f64, f64)],
    chance: &mut Chance,
) -> Plane {
    let mut soft = mask.clone();
    for &([x, y], radius, add) in lumps {
        for i in 0..soft.data.len() {
            let (px, py) = ((i % mask.width) as f64 + 0.5, (i / mask.width) as f64 + 0.5);
            let off = (px - x * mask.width as f64).hypot(py - y * mask.height as f64);
            let share = ((radius - off + 0.5).clamp(0.0, 1.0) * add) as f32;
            soft.data[i] = (soft.data[i] + share).clamp(0.0, 1.0);
        }
    }
    let mut grain = Plane::new(mask.width, mask.height).map(|_| 0.0);
    grain.data.iter_mut().for_each(|v| *v = chance.between(-1.0, 1.0) as f32);
    let grain = grain.smooth().smooth();
    let soft = (0..blur).fold(soft, |soft, _| soft.smooth());
    soft.zip(&grain, |p, g| {
        let p = p.clamp(0.003, 0.997);
        1.0 / (1.0 + (-((p / (1.0 - p)).ln() + g * 4.0 * noise as f32)).exp())
    })
}
