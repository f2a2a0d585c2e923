//! A printed page as a phone sees it: askew, unevenly lit, a little soft, noisy.

use super::Random;
use image::{Rgb, RgbImage};
use scan::{Homography, Point, Quad};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    Even,
    /// Falls off across the page.
    Gradient,
    /// Somebody's hand or head before the lamp, with a soft edge.
    Shadow,
    /// A bulb in the evening: warm, dim and grainy.
    Warm,
}

impl Light {
    pub const ALL: [Light; 4] = [Light::Even, Light::Gradient, Light::Shadow, Light::Warm];
}

/// The photo of a page, with the page's corners; `scale` is how many pixels one of the page has.
pub fn seen(page: &RgbImage, light: Light, scale: f32, random: &mut Random) -> (RgbImage, Quad) {
    let (width, height) = (page.width() as f32 * scale * 1.16, page.height() as f32 * scale * 1.16);
    let mut off = || random.within(-0.03, 0.03);
    let quad = Quad(
        [(0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92)].map(|(x, y)| Point { x: x + off(), y: y + off() }),
    );
    let corners = quad.0.map(|p| [f64::from(p.x * width), f64::from(p.y * height)]);
    let to_page = Homography::of_unit_square(corners).and_then(|map| map.inverse()).expect("a convex quad");
    let lit = lit(light, random);
    let grain = if light == Light::Warm { 6.0 } else { 3.0 };
    let photo = RgbImage::from_fn(width as u32, height as u32, |x, y| {
        let mut sum = [0.0f32; 3];
        // Three by three rays over a pixel and a half: a lens is never quite sharp.
        for (i, j) in (0..3).flat_map(|j| (0..3).map(move |i| (i, j))) {
            let ray = |k: i32, at: u32| f64::from(at) + 0.5 + f64::from(k - 1) * 0.5;
            let [u, v] = to_page.apply(ray(i, x), ray(j, y));
            let seen = if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                let (px, py) = ((u * f64::from(page.width())) as u32, (v * f64::from(page.height())) as u32);
                page.get_pixel(px, py).0.map(f32::from)
            } else {
                [112.0, 84.0, 62.0]
            };
            (0..3).for_each(|c| sum[c] += seen[c] / 9.0);
        }
        let light = lit(x as f32 / width, y as f32 / height);
        let noise = random.normal() * grain;
        Rgb(std::array::from_fn(|c| (sum[c] * light[c] + noise + random.normal() * 1.5).clamp(0.0, 255.0) as u8))
    });
    (photo, quad)
}

fn lit(light: Light, random: &mut Random) -> impl Fn(f32, f32) -> [f32; 3] + use<> {
    let way = random.within(0.0, std::f32::consts::TAU);
    let (edge, soft) = (random.within(-0.15, 0.15), random.within(0.03, 0.12));
    let bend = random.within(-0.6, 0.6);
    move |u, v| {
        let (x, y) = (u - 0.5, v - 0.5);
        let (along, across) = (x * way.cos() + y * way.sin(), y * way.cos() - x * way.sin());
        match light {
            Light::Even => [0.92; 3],
            Light::Gradient => [0.72 + 0.55 * along; 3],
            Light::Shadow => {
                let lit = 1.0 / (1.0 + (-(along + bend * across * across - edge) / soft * 2.0).exp());
                // What a shadow leaves is the sky's light, which is bluer.
                [0.36, 0.38, 0.42].map(|dark| dark + (0.95 - dark) * lit)
            }
            Light::Warm => [0.82, 0.62, 0.40].map(|c| c * (1.0 - 0.35 * (x * x + y * y) + 0.2 * along)),
        }
    }
}
