//! Renders the six scenes that the tests look at: a letter on wood, on a white table, in shadow, turned, in clutter, held.
//!
//! `cargo run -p scan --example scenes -- DIR` writes JPEGs and `scenes.json` with the true corners and the letter's
//! words. The same seed gives the same pictures. `-- --photo FILE` writes the letter in shadow as a photo of 12 megapixels.

mod letter;
#[expect(dead_code, reason = "other drawings ask more of it")]
mod random;
mod room;

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use random::Random;
use room::Room;
use serde_json::json;
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

const SEED: u64 = 2026;
const JPEG_QUALITY: u8 = 84;

/// A point in pixels.
pub type Spot = [f32; 2];

struct Scene {
    name: &'static str,
    room: Room,
    width: u32,
    height: u32,
    /// The letter's corners in pixels, top left first, clockwise.
    corners: [Spot; 4],
    text: &'static [&'static str],
}

const SCENES: [Scene; 6] = [
    Scene {
        name: "wood",
        room: Room::Wood,
        width: 1200,
        height: 1600,
        corners: [[236.0, 214.0], [958.0, 236.0], [1034.0, 1322.0], [150.0, 1292.0]],
        text: letter::RESIDENCE,
    },
    Scene {
        name: "white_table",
        room: Room::WhiteTable,
        width: 1200,
        height: 1600,
        corners: [[212.0, 262.0], [930.0, 204.0], [1014.0, 1272.0], [228.0, 1346.0]],
        text: letter::SALARY,
    },
    Scene {
        name: "shadow",
        room: Room::Shadow,
        width: 1200,
        height: 1600,
        corners: [[254.0, 236.0], [962.0, 228.0], [1052.0, 1330.0], [172.0, 1340.0]],
        text: letter::SCHOOL,
    },
    Scene {
        name: "turned",
        room: Room::Stone,
        width: 1600,
        height: 1200,
        corners: [[690.4, 77.3], [1216.6, 389.7], [796.5, 1141.6], [251.3, 812.6]],
        text: letter::RESIDENCE,
    },
    Scene {
        name: "clutter",
        room: Room::Clutter,
        width: 1200,
        height: 1600,
        corners: [[262.0, 330.0], [892.0, 272.0], [1004.0, 1206.0], [282.0, 1290.0]],
        text: letter::SALARY,
    },
    Scene {
        name: "hand",
        room: Room::Hand,
        width: 1200,
        height: 1600,
        corners: [[244.0, 176.0], [944.0, 224.0], [972.0, 1262.0], [186.0, 1234.0]],
        text: letter::SCHOOL,
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let folder = match &given[..] {
        [option, file] if option == "--photo" => return photo(file),
        [folder] => PathBuf::from(folder),
        _ => return Err("usage: scenes DIR, or scenes --photo FILE".into()),
    };
    fs::create_dir_all(&folder)?;
    let mut list = Vec::new();
    for (number, scene) in SCENES.iter().enumerate() {
        let page = letter::draw(scene.text, 1.0)?;
        let picture = render(scene, &page, 1.0, &mut Random::new(SEED + number as u64));
        let file = format!("{}.jpg", scene.name);
        write(&folder.join(&file), &picture)?;
        list.push(json!({
            "file": file, "width": scene.width, "height": scene.height, "corners": scene.corners, "text": scene.text,
        }));
    }
    fs::write(folder.join("scenes.json"), serde_json::to_string_pretty(&list)? + "\n")?;
    Ok(())
}

/// The scene in shadow at 3000 × 4000 pixels, its letter at 300 dpi.
fn photo(file: &str) -> Result<(), Box<dyn Error>> {
    let scene = SCENES.iter().find(|scene| scene.name == "shadow").ok_or("no scene in shadow")?;
    let letter = letter::draw(scene.text, 2.0)?;
    write(Path::new(file), &render(scene, &letter, 2.5, &mut Random::new(SEED)))
}

fn write(file: &Path, picture: &RgbImage) -> Result<(), Box<dyn Error>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(picture)?;
    Ok(fs::write(file, jpeg)?)
}

/// `scale` times as large as the scene is described. Four rays a pixel, then the sensor's noise.
fn render(scene: &Scene, page: &RgbImage, scale: f32, random: &mut Random) -> RgbImage {
    let (width, height) = (scene.width as f32, scene.height as f32);
    let to_page = Inverse::of(&scene.corners);
    let pixels = |side: f32| (side * scale) as u32;
    RgbImage::from_fn(pixels(width), pixels(height), |x, y| {
        let mut sum = [0.0f32; 3];
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let at = [x as f32 + dx, y as f32 + dy].map(|v| v / scale);
            let [u, v] = to_page.apply(at);
            let on_page = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
            let surface = if on_page {
                // Paper is never quite flat: light runs over it in a soft wave.
                sample(page, u, v).map(|c| c * (1.0 + 0.02 * (u * 5.0 + v * 3.0).sin()))
            } else {
                let below = scene.room.ground(at, [width, height]);
                let shade = room::cast_shadow(at, &scene.corners, scene.room.shadow_reach());
                below.map(|c| c * shade)
            };
            let light = scene.room.light(at, [width, height]);
            let seen = scene.room.in_front(at, &scene.corners).unwrap_or(surface);
            (0..3).for_each(|c| sum[c] += seen[c] * light[c] / 4.0);
        }
        let grain = random.normal() * 3.2;
        Rgb(sum.map(|v| (v + grain + random.normal() * 1.2).clamp(0.0, 255.0) as u8))
    })
}

/// The letter between pixels, nearest four averaged; `u` and `v` are shares of its sides.
fn sample(page: &RgbImage, u: f32, v: f32) -> [f32; 3] {
    let (x, y) = (u * (page.width() - 2) as f32, v * (page.height() - 2) as f32);
    let (fx, fy) = (x.fract(), y.fract());
    let at = |dx, dy| page.get_pixel(x as u32 + dx, y as u32 + dy).0;
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|i| {
        let mix = |p: u8, q: u8, t: f32| f32::from(p) + (f32::from(q) - f32::from(p)) * t;
        let (top, bottom) = (mix(a[i], b[i], fx), mix(c[i], d[i], fx));
        top + (bottom - top) * fy
    })
}

/// From the picture to shares of the page: the projective map of the unit square (Heckbert 1989), inverted.
struct Inverse([f32; 9]);

impl Inverse {
    fn of(corners: &[Spot; 4]) -> Self {
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = *corners;
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let det = dx1 * dy2 - dx2 * dy1;
        let (g, h) = ((sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det);
        let (a, b, c) = (x1 - x0 + g * x1, x3 - x0 + h * x3, x0);
        let (d, e, f) = (y1 - y0 + g * y1, y3 - y0 + h * y3, y0);
        Inverse([
            e - f * h,
            c * h - b,
            b * f - c * e,
            f * g - d,
            a - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ])
    }

    fn apply(&self, [x, y]: Spot) -> Spot {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w]
    }
}
