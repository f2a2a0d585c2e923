//! What the sheets lie on: wood, stone, cloth, a white table, a dark one; and desks with things on them but no paper.

use super::{Spot, letter, random::Random, texture::Texture};
use image::{Rgb, RgbImage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Oak,
    Walnut,
    White,
    Stone,
    Cloth,
}

pub const GROUNDS: [Ground; 5] = [Ground::Oak, Ground::Walnut, Ground::White, Ground::Stone, Ground::Cloth];

/// A texel in millimetres, and how many a side has; beyond its edges the desk is mirrored.
const TEXEL: f32 = 0.7;
const SIDE: u32 = 1280;
const REACH: f32 = TEXEL * SIDE as f32;

pub struct Desk {
    texture: Texture,
}

impl Desk {
    pub fn bare(ground: Ground, seed: u64) -> Self {
        Desk { texture: Texture::of(&surface(ground, seed)) }
    }

    /// With a keyboard, a mug, pens, a telephone, cables, coins and keys, but nothing that could be a page.
    pub fn with_things(ground: Ground, seed: u64) -> Self {
        let mut drawing = surface(ground, seed);
        let mut random = Random::new(seed ^ 0x7468_696e_6773);
        for _ in 0..9 {
            let centre = [random.unit() * REACH, random.unit() * REACH];
            thing(&mut drawing, centre, &mut random);
        }
        Desk { texture: Texture::of(&drawing) }
    }

    pub fn level(&self, pixel: f32) -> usize {
        self.texture.level(pixel / TEXEL)
    }

    pub fn luma(&self, level: usize, at: Spot) -> f32 {
        let [u, v] = fraction(at);
        self.texture.luma(level, u, v)
    }

    pub fn chroma(&self, level: usize, at: Spot) -> [u8; 2] {
        let [u, v] = fraction(at);
        self.texture.chroma(level, u, v)
    }
}

/// Mirrored at its edges, so that there is none.
fn fraction(at: Spot) -> [f32; 2] {
    at.map(|v| {
        // Even tiles are as drawn, odd ones mirrored; 64 of them are farther than any camera looks.
        let t = v / REACH + 64.5;
        let tile = t as i32;
        let part = t - tile as f32;
        if tile & 1 == 0 { part } else { 1.0 - part }
    })
}

fn surface(ground: Ground, seed: u64) -> RgbImage {
    let noise = Noise::new(seed);
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32 * TEXEL, y as f32 * TEXEL);
        let wood = |scale: f32| {
            let board = (y / 130.0).floor();
            let along = x + board * 413.0;
            let ring = (y * 0.18 + 2.4 * noise.at(along / 150.0, y / 24.0)).sin() * 0.5 + 0.5;
            let joint = if (y / 130.0).fract() < 0.01 { 0.6 } else { 1.0 };
            (1.0 - scale + scale * (0.55 * ring + 0.45 * noise.at(along / 50.0, y / 1.6))) * joint
        };
        let (colour, tone): ([f32; 3], f32) = match ground {
            Ground::Oak => ([176.0, 128.0, 82.0], wood(0.3)),
            Ground::Walnut => ([88.0, 58.0, 42.0], wood(0.4)),
            Ground::White => ([232.0, 230.0, 226.0], 0.98 + 0.03 * noise.at(x / 90.0, y / 90.0)),
            Ground::Stone => {
                ([122.0, 120.0, 118.0], 0.75 + 0.3 * noise.at(x / 3.0, y / 3.0) + 0.25 * noise.at(x / 40.0, y / 40.0))
            }
            Ground::Cloth => {
                let check = ((x / 42.0).fract() < 0.5) != ((y / 42.0).fract() < 0.5);
                let weave = 0.92 + 0.08 * ((x * 4.1).sin() * (y * 4.1).sin());
                (if check { [150.0, 60.0, 62.0] } else { [196.0, 178.0, 168.0] }, weave)
            }
        };
        Rgb(colour.map(|c| (c * tone).clamp(0.0, 255.0) as u8))
    })
}

fn thing(drawing: &mut RgbImage, centre: Spot, random: &mut Random) {
    let turn = random.unit() * std::f32::consts::TAU;
    let mut shape = |colour: [u8; 3], half: Spot, offset: Spot, round: f32| {
        let (s, c) = turn.sin_cos();
        let middle = [centre[0] + offset[0] * c - offset[1] * s, centre[1] + offset[0] * s + offset[1] * c];
        let reach = half[0].hypot(half[1]);
        let span = |at: f32| ((at - reach) / TEXEL) as i32..((at + reach) / TEXEL) as i32 + 1;
        for y in span(middle[1]) {
            for x in span(middle[0]) {
                let (dx, dy) = (x as f32 * TEXEL - middle[0], y as f32 * TEXEL - middle[1]);
                let (u, v) = ((dx * c + dy * s).abs() - half[0] + round, (dy * c - dx * s).abs() - half[1] + round);
                let away = u.max(0.0).hypot(v.max(0.0)) + u.max(v).min(0.0) - round;
                letter::blend(drawing, x, y, colour, (0.5 - away / TEXEL).clamp(0.0, 1.0));
            }
        }
    };
    match random.next() % 6 {
        0 => {
            shape([40, 42, 46], [150.0, 58.0], [0.0; 2], 6.0);
            for key in 0..60 {
                let at = [-131.0 + 18.8 * (key % 15) as f32, -38.0 + 25.0 * (key / 15) as f32];
                shape([74, 76, 82], [8.0, 8.6], at, 2.0);
            }
        }
        1 => {
            shape([190, 84, 60], [41.0; 2], [0.0; 2], 41.0);
            shape([52, 32, 22], [35.0; 2], [0.0; 2], 35.0);
        }
        2 => shape([30, 120, 96], [70.0, 4.5], [0.0; 2], 4.0),
        3 => {
            shape([22, 22, 26], [75.0, 36.0], [0.0; 2], 9.0);
            shape([34, 38, 52], [70.0, 33.0], [0.0; 2], 4.0);
        }
        4 => (0..5).for_each(|i| shape([186, 150, 84], [11.0; 2], [26.0 * i as f32, 9.0 * ((i * 7) % 5) as f32], 11.0)),
        _ => shape([24, 24, 26], [300.0, 2.5], [0.0; 2], 2.0),
    }
}

/// Value noise from a table: smooth between whole coordinates, 0 to 1.
struct Noise(Vec<f32>);

impl Noise {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        Noise((0..1 << 12).map(|_| random.unit()).collect())
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (smooth(x - x0), smooth(y - y0));
        let value = |dx: i32, dy: i32| {
            let mixed = (x0 as i32 + dx).wrapping_mul(0x1f35_4a53) ^ (y0 as i32 + dy).wrapping_mul(0x6c8e_944d);
            self.0[((mixed ^ (mixed >> 15)) & 0xfff) as usize]
        };
        let upper = value(0, 0) + (value(1, 0) - value(0, 0)) * fx;
        let lower = value(0, 1) + (value(1, 1) - value(0, 1)) * fx;
        upper + (lower - upper) * fy
    }
}
