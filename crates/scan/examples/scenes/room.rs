//! What lies around the letter: the ground it lies on, the light, its shadow, and what is in front of it.

use crate::{Spot, random::Random};

#[derive(Clone, Copy)]
pub enum Room {
    Wood,
    WhiteTable,
    Shadow,
    Stone,
    Clutter,
    Hand,
}

impl Room {
    /// Colour of the ground at a place of the picture.
    pub fn ground(self, at: Spot, size: Spot) -> [f32; 3] {
        let [x, y] = at;
        match self {
            Room::Wood | Room::Hand => wood(x, y),
            Room::Shadow => wood(y * 0.8 + 300.0, x * 0.8).map(|c| c * 0.8),
            Room::WhiteTable => [226.0, 224.0, 219.0].map(|c| c + 5.0 * (cloud(x / 160.0, y / 160.0) - 0.5)),
            Room::Stone => {
                let grain = 26.0 * (cloud(x / 5.0, y / 5.0) - 0.5) + 34.0 * (cloud(x / 60.0, y / 60.0) - 0.5);
                [112.0, 110.0, 106.0].map(|c| c + grain)
            }
            Room::Clutter => clutter(at, size),
        }
    }

    /// Light as a factor for each channel: a lamp's fall-off, its tint, and in one scene somebody's shadow.
    pub fn light(self, [x, y]: Spot, [width, height]: Spot) -> [f32; 3] {
        let (u, v) = (x / width, y / height);
        let fall = 1.02 - 0.22 * u - 0.10 * v - 0.16 * ((u - 0.5).powi(2) + (v - 0.5).powi(2));
        let tint = match self {
            Room::WhiteTable => [0.97, 1.0, 1.03],
            Room::Hand | Room::Clutter => [1.0, 0.97, 0.91],
            _ => [1.0, 0.98, 0.95],
        };
        let shade = match self {
            Room::Shadow => 1.0 - 0.5 * smooth((u * 0.9 + v * 0.55 - 0.72 + 0.03 * (v * 9.0).sin()) / 0.09),
            _ => 1.0,
        };
        tint.map(|t| t * fall * shade)
    }

    /// How far the letter's own shadow reaches, in pixels.
    pub fn shadow_reach(self) -> f32 {
        match self {
            Room::Hand => 90.0,
            _ => 16.0,
        }
    }

    /// What hides the letter: the thumb and fingers that hold it.
    pub fn in_front(self, at: Spot, corners: &[Spot; 4]) -> Option<[f32; 3]> {
        if !matches!(self, Room::Hand) {
            return None;
        }
        let [_, _, right, left] = *corners;
        let middle = [left[0] + (right[0] - left[0]) * 0.55, left[1] + (right[1] - left[1]) * 0.55];
        // Thumb over the lower edge, the palm below it.
        let thumb = capsule(at, [middle[0] + 10.0, middle[1] + 240.0], [middle[0] - 30.0, middle[1] - 70.0], 52.0);
        let palm = capsule(at, [middle[0] + 120.0, middle[1] + 420.0], [middle[0] + 60.0, middle[1] + 210.0], 150.0);
        let near = thumb.min(palm);
        if near > 0.0 {
            return None;
        }
        let round = (-near / 60.0).min(1.0);
        let nail = capsule(at, [middle[0] - 28.0, middle[1] - 62.0], [middle[0] - 22.0, middle[1] - 30.0], 22.0) < 0.0;
        let skin = if nail { [226.0, 178.0, 160.0] } else { [205.0, 150.0, 122.0] };
        Some(skin.map(|c: f32| c * (0.72 + 0.28 * round.sqrt())))
    }
}

/// The shadow on the ground beside the letter, 1 for none.
pub fn cast_shadow(at: Spot, corners: &[Spot; 4], reach: f32) -> f32 {
    let moved = [at[0] - reach * 0.35, at[1] - reach * 0.5];
    // Distance to the outline, negative inside.
    let away = (0..4).map(|i| {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        ((moved[0] - a[0]) * dy - (moved[1] - a[1]) * dx) / (dx * dx + dy * dy).sqrt()
    });
    1.0 - 0.34 * smooth(1.0 - away.fold(f32::MIN, f32::max) / reach)
}

fn wood(x: f32, y: f32) -> [f32; 3] {
    let board = (y / 230.0).floor();
    let along = x + board * 613.0;
    let ring = (y * 0.09 + 2.2 * cloud(along / 260.0, y / 40.0)).sin() * 0.5 + 0.5;
    let fibre = cloud(along / 90.0, y / 2.5);
    let joint = if (y / 230.0).fract() < 0.012 { 0.55 } else { 1.0 };
    let tone = (0.72 + 0.16 * ring + 0.14 * fibre + 0.06 * cloud(board, 3.0)) * joint;
    [158.0 * tone, 108.0 * tone, 66.0 * tone]
}

/// A desk with another sheet half below the letter, a notebook, a mug, a pen and a cable.
fn clutter(at: Spot, size: Spot) -> [f32; 3] {
    let desk = [96.0, 82.0, 74.0].map(|c| c + 14.0 * (cloud(at[0] / 40.0, at[1] / 40.0) - 0.5));
    let mut ground = desk;
    let mut lay = |distance: f32, colour: [f32; 3]| {
        if distance < 0.0 {
            ground = colour;
        } else if distance < 14.0 {
            ground = ground.map(|c| c * (0.75 + 0.25 * distance / 14.0));
        }
    };
    let notebook = tilted(at, [150.0, 1240.0], [330.0, 420.0], 0.25);
    let ruled = (at[1] * 0.97 - at[0] * 0.25).rem_euclid(34.0) < 2.0;
    lay(notebook, if ruled { [60.0, 72.0, 110.0] } else { [44.0, 58.0, 98.0] });
    let sheet = tilted(at, [960.0, 420.0], [330.0, 400.0], -0.3);
    let print = (at[1] * 0.95 + at[0] * 0.3).rem_euclid(30.0) < 7.0 && sheet < -50.0;
    lay(sheet, if print { [110.0; 3] } else { [206.0, 204.0, 196.0] });
    let mug = ((at[0] - 150.0).powi(2) + (at[1] - 230.0).powi(2)).sqrt();
    lay(mug - 130.0, if mug < 104.0 { [52.0, 32.0, 22.0] } else { [196.0, 84.0, 60.0] });
    lay(capsule(at, [size[0] - 130.0, 980.0], [size[0] - 60.0, 1500.0], 15.0), [30.0, 120.0, 96.0]);
    let cable = at[1] - 1480.0 - 60.0 * (at[0] / 150.0).sin();
    lay(cable.abs() - 9.0, [26.0, 26.0, 28.0]);
    ground
}

/// Distance to a rectangle around `centre`, half as large as `half`, turned by `angle`; negative inside.
fn tilted(at: Spot, centre: Spot, half: Spot, angle: f32) -> f32 {
    let (s, c) = angle.sin_cos();
    let (dx, dy) = (at[0] - centre[0], at[1] - centre[1]);
    ((dx * c + dy * s).abs() - half[0]).max((dy * c - dx * s).abs() - half[1])
}

/// Distance to a thick stroke, negative inside.
fn capsule(at: Spot, a: Spot, b: Spot, radius: f32) -> f32 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let t = (((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (at[0] - a[0] - t * dx).hypot(at[1] - a[1] - t * dy) - radius
}

fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Smooth value noise, 0 to 1.
fn cloud(x: f32, y: f32) -> f32 {
    let (x0, y0) = (x.floor(), y.floor());
    let (fx, fy) = (smooth(x - x0), smooth(y - y0));
    let at = |dx: i64, dy: i64| {
        let mixed = ((x0 as i64 + dx) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ ((y0 as i64 + dy) as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        Random::new(mixed).unit()
    };
    let (top, bottom) = (at(0, 0) + (at(1, 0) - at(0, 0)) * fx, at(0, 1) + (at(1, 1) - at(0, 1)) * fx);
    top + (bottom - top) * fy
}
