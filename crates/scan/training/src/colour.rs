//! Colours as linear light, 0 to 1 for what a white sheet sends back; and the way from and to a picture's bytes.

use crate::chance::Chance;
use std::sync::LazyLock;

/// Red, green, blue; linear light.
pub type Colour = [f32; 3];

const STEPS: usize = 4096;

static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|v| {
        let v = v as f32 / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    })
});

static BYTES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let curve = |v: f32| if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    (0..=STEPS).map(|v| curve(v as f32 / STEPS as f32) * 255.0).collect()
});

/// The table from sRGB bytes (IEC 61966-2-1) to linear light.
pub fn linear_table() -> &'static [f32; 256] {
    &LINEAR
}

/// A picture's byte, 0 to 255 with fractions, for linear light.
pub fn encoded(linear: f32) -> f32 {
    let at = linear.clamp(0.0, 1.0) * STEPS as f32;
    let low = (at as usize).min(STEPS - 1);
    BYTES[low] + (BYTES[low + 1] - BYTES[low]) * (at - low as f32)
}

pub fn srgb(r: u8, g: u8, b: u8) -> Colour {
    [r, g, b].map(|v| LINEAR[usize::from(v)])
}

pub fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

pub fn scaled(a: Colour, by: f32) -> Colour {
    [a[0] * by, a[1] * by, a[2] * by]
}

pub fn times(a: Colour, b: Colour) -> Colour {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

/// Hue in turns, saturation and brightness 0 to 1, of the sRGB colour.
pub fn hsv(hue: f32, saturation: f32, value: f32) -> Colour {
    let channel = |offset: f32| {
        let k = (offset + hue * 6.0).rem_euclid(6.0);
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    [channel(5.0), channel(3.0), channel(1.0)].map(|v| LINEAR[(v * 255.0) as usize & 255])
}

/// Any strong colour.
pub fn vivid(chance: &mut Chance) -> Colour {
    let strong = if chance.holds(0.2) { 0.95 } else { 0.7 };
    hsv(chance.unit(), chance.within(0.25, strong), chance.within(0.2, 0.95))
}

/// A grey with a breath of colour; `low` and `high` in sRGB, 0 to 1.
pub fn greyish(chance: &mut Chance, low: f32, high: f32) -> Colour {
    hsv(chance.unit(), chance.within(0.0, 0.09), chance.within(low, high))
}

/// What furniture is made of: browns, greys, whites, blacks, and now and then anything.
pub fn furniture(chance: &mut Chance) -> Colour {
    match chance.weighted(&[3.0, 2.0, 2.5, 2.0, 1.5]) {
        0 => hsv(chance.within(0.03, 0.12), chance.within(0.2, 0.75), chance.within(0.2, 0.9)),
        1 => greyish(chance, 0.3, 0.75),
        2 => greyish(chance, 0.78, 0.98),
        3 => greyish(chance, 0.03, 0.25),
        _ => vivid(chance),
    }
}

/// Office paper to newsprint, mostly near white.
pub fn paper(chance: &mut Chance) -> Colour {
    match chance.weighted(&[12.0, 3.0, 1.5, 1.0, 0.5]) {
        0 => hsv(chance.within(0.08, 0.65), chance.within(0.0, 0.035), chance.within(0.93, 1.0)),
        1 => hsv(chance.within(0.08, 0.15), chance.within(0.04, 0.14), chance.within(0.84, 0.96)),
        2 => hsv(chance.unit(), chance.within(0.1, 0.35), chance.within(0.8, 1.0)),
        3 => vivid(chance),
        _ => greyish(chance, 0.05, 0.3),
    }
}

pub fn skin(chance: &mut Chance) -> Colour {
    let depth = chance.unit();
    let light = [231.0, 188.0, 165.0];
    let dark = [92.0, 58.0, 42.0];
    let tone = |c: usize| light[c] + (dark[c] - light[c]) * depth * depth;
    srgb(tone(0) as u8, tone(1) as u8, tone(2) as u8)
}
