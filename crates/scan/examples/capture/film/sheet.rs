//! The papers of the films: letters, close print, nearly blank notes, pencil, receipts, cards, photos, dark and coloured pages.

use super::{Spot, letter, random::Random, texture::Texture};
use ab_glyph::{FontRef, InvalidFont};
use image::{Rgb, RgbImage};
use std::error::Error;

/// What kind of paper it is, and which of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Letter,
    /// Pages of one report: the same margins and the same lines everywhere.
    Print,
    /// A form on tinted paper.
    Form,
    /// One line of print on an empty page.
    Note,
    Pencil,
    Receipt,
    Card,
    Photo,
    /// White words on a dark ground.
    Dark,
}

pub struct Sheet {
    pub kind: Kind,
    /// Millimetres, width and height.
    pub size: Spot,
    /// Luma of the bare paper in full light, 0 to 255.
    pub paper: f32,
    texture: Texture,
    texel: f32,
    /// Radius of the corners, millimetres.
    round: f32,
}

impl Sheet {
    pub fn level(&self, pixel: f32) -> usize {
        self.texture.level(pixel / self.texel)
    }

    /// Luma at a place of the sheet; `None` beside it.
    pub fn luma(&self, level: usize, [u, v]: [f32; 2]) -> Option<f32> {
        self.covers(u, v).then(|| self.texture.luma(level, u, v))
    }

    /// Blue and red difference around 128.
    pub fn chroma(&self, level: usize, [u, v]: [f32; 2]) -> Option<[u8; 2]> {
        self.covers(u, v).then(|| self.texture.chroma(level, u, v))
    }

    pub fn covers(&self, u: f32, v: f32) -> bool {
        let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        if !inside || self.round == 0.0 {
            return inside;
        }
        let beyond = |t: f32, side: f32| ((t - 0.5).abs() * side - (side * 0.5 - self.round)).max(0.0);
        beyond(u, self.size[0]).hypot(beyond(v, self.size[1])) <= self.round
    }
}

/// All sheets, drawn once.
pub struct Library(Vec<Sheet>);

const A4: Spot = [210.0, 297.0];
const WHITE: [u8; 3] = [246, 245, 241];
const INK: [u8; 3] = [34, 34, 38];

impl Library {
    pub fn draw() -> Result<Self, Box<dyn Error>> {
        let font = Font::load()?;
        let mut all = Vec::new();
        let mut add = |kind, size: Spot, paper: [u8; 3], round, drawing: RgbImage| {
            let [r, g, b] = paper.map(f32::from);
            let (texel, paper) = (size[0] / drawing.width() as f32, 0.299 * r + 0.587 * g + 0.114 * b);
            all.push(Sheet { kind, size, paper, round, texel, texture: Texture::of(&drawing) });
        };
        for lines in [letter::RESIDENCE, letter::SALARY, letter::SCHOOL] {
            add(Kind::Letter, A4, WHITE, 0.0, letter::draw(lines, 1.0)?);
        }
        for page in 0..4 {
            add(Kind::Print, A4, WHITE, 0.0, print(&font, page));
        }
        for (seed, paper) in [(1, [244, 222, 160]), (2, [232, 190, 198]), (3, [176, 214, 196])] {
            add(Kind::Form, A4, paper, 0.0, form(&font, seed, paper));
        }
        for (seed, words) in
            ["I confirm that I received the parcel.", "Called on Tuesday. Please ring back."].iter().enumerate()
        {
            add(Kind::Note, A4, WHITE, 0.0, note(&font, seed as u64, words));
        }
        for seed in 0..3 {
            add(Kind::Pencil, [148.0, 210.0], WHITE, 0.0, pencil(seed));
        }
        for seed in 0..3 {
            add(Kind::Receipt, [80.0, 180.0], [238, 238, 236], 0.0, receipt(&font, seed));
        }
        for seed in 0..2 {
            let ground = [[206, 220, 232], [228, 214, 190]][seed as usize];
            add(Kind::Card, [85.6, 54.0], ground, 3.2, card(&font, seed, ground));
        }
        for seed in 0..2 {
            add(Kind::Photo, [150.0, 100.0], [120; 3], 0.0, photo(seed));
        }
        for (seed, paper) in [(1, [36, 52, 92]), (2, [96, 40, 44])] {
            add(Kind::Dark, [148.0, 210.0], paper, 0.0, dark(&font, seed, paper));
        }
        Ok(Library(all))
    }

    pub fn get(&self, sheet: usize) -> &Sheet {
        &self.0[sheet]
    }

    /// Numbers of all sheets of a kind.
    pub fn of(&self, kind: Kind) -> Vec<usize> {
        (0..self.0.len()).filter(|i| self.0[*i].kind == kind).collect()
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}

struct Font {
    text: FontRef<'static>,
    even: FontRef<'static>,
}

impl Font {
    fn load() -> Result<Self, InvalidFont> {
        let [text, even] = [epaint_default_fonts::UBUNTU_LIGHT, epaint_default_fonts::HACK_REGULAR];
        Ok(Font { text: FontRef::try_from_slice(text)?, even: FontRef::try_from_slice(even)? })
    }
}

const WORDS: [&str; 32] = [
    "the",
    "of",
    "municipality",
    "and",
    "application",
    "to",
    "in",
    "is",
    "person",
    "for",
    "that",
    "register",
    "by",
    "date",
    "with",
    "within",
    "a",
    "month",
    "office",
    "which",
    "address",
    "must",
    "be",
    "form",
    "on",
    "request",
    "or",
    "certificate",
    "are",
    "paid",
    "amount",
    "year",
];

/// Words that fill `width` pixels at `size`, about.
fn line(random: &mut Random, width: f32, size: f32) -> String {
    let mut out = String::new();
    while out.len() as f32 * size * 0.44 < width - size * 2.0 {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(WORDS[(random.next() % WORDS.len() as u64) as usize]);
    }
    out
}

fn bar(page: &mut RgbImage, ink: [u8; 3], [left, top, right, bottom]: [i32; 4], cover: f32) {
    for y in top..bottom {
        for x in left..right {
            letter::blend(page, x, y, ink, cover);
        }
    }
}

/// 10-point print from margin to margin, in paragraphs.
fn print(font: &Font, page: u64) -> RgbImage {
    let (mut random, mut out) = (Random::new(900 + page), RgbImage::from_pixel(1240, 1754, Rgb(WHITE)));
    let mut baseline = 170.0;
    letter::write(&mut out, &font.text, INK, "Report on the year, third part", 24.0, 150.0, 100.0);
    letter::write(&mut out, &font.text, INK, &format!("{}", page + 12), 24.0, 1080.0, 100.0);
    while baseline < 1640.0 {
        let lines = 3 + random.next() % 6;
        for number in 0..lines {
            let width = if number + 1 == lines { 200.0 + 700.0 * random.unit() } else { 940.0 };
            letter::write(&mut out, &font.text, INK, &line(&mut random, width, 27.0), 27.0, 150.0, baseline);
            baseline += 36.0;
        }
        baseline += 18.0;
    }
    out
}

fn form(font: &Font, seed: u64, paper: [u8; 3]) -> RgbImage {
    let (mut random, mut out) = (Random::new(700 + seed), RgbImage::from_pixel(1240, 1754, Rgb(paper)));
    letter::write(&mut out, &font.text, INK, &line(&mut random, 700.0, 54.0), 54.0, 120.0, 180.0);
    let mut top = 260;
    while top < 1560 {
        let high = 60 + (random.next() % 3) as i32 * 40;
        let split = 300 + (random.next() % 500) as i32;
        for edge in [[120, top, 1120, top + 3], [120, top + high, 1120, top + high + 3]] {
            bar(&mut out, INK, edge, 0.9);
        }
        bar(&mut out, INK, [split, top, split + 3, top + high], 0.9);
        letter::write(&mut out, &font.text, INK, &line(&mut random, 120.0, 22.0), 22.0, 130.0, top as f32 + 26.0);
        letter::write(
            &mut out,
            &font.text,
            [30, 40, 150],
            &line(&mut random, 240.0, 38.0),
            38.0,
            split as f32 + 14.0,
            top as f32 + 44.0,
        );
        top += high + 30 * (random.next() % 2) as i32;
    }
    out
}

fn note(font: &Font, seed: u64, words: &str) -> RgbImage {
    let mut out = RgbImage::from_pixel(1240, 1754, Rgb(WHITE));
    letter::write(&mut out, &font.text, INK, words, 42.0, 150.0 + 60.0 * seed as f32, 240.0 + 500.0 * seed as f32);
    out
}

/// Lines of loops and strokes, soft and grey.
fn pencil(seed: u64) -> RgbImage {
    let (mut random, mut out) = (Random::new(500 + seed), RgbImage::from_pixel(1036, 1470, Rgb(WHITE)));
    for number in 0..(4 + 3 * seed) {
        let (baseline, mut x) = (170.0 + 90.0 * number as f32, 90.0);
        let end = 500.0 + 420.0 * random.unit();
        while x < end {
            let (wide, high, turns) =
                (60.0 + 90.0 * random.unit(), 14.0 + 16.0 * random.unit(), 3.0 + 4.0 * random.unit());
            for step in 0..900 {
                let t = step as f32 / 900.0;
                let a = t * turns * std::f32::consts::TAU;
                let (px, py) =
                    (x + t * wide + a.cos() * 7.0, baseline + a.sin() * high * (0.6 + 0.4 * (a * 0.37).sin()));
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    letter::blend(&mut out, px as i32 + dx, py as i32 + dy, [92, 92, 98], 0.18);
                }
            }
            x += wide + 34.0;
        }
    }
    out
}

fn receipt(font: &Font, seed: u64) -> RgbImage {
    let (mut random, mut out) = (Random::new(300 + seed), RgbImage::from_pixel(640, 1440, Rgb([238, 238, 236])));
    let ink = [58, 58, 64];
    letter::write(
        &mut out,
        &font.even,
        ink,
        ["Corner shop", "Garden and home", "Station kiosk"][seed as usize],
        44.0,
        120.0,
        110.0,
    );
    let mut baseline = 190.0;
    for _ in 0..(12 + random.next() % 12) {
        letter::write(&mut out, &font.even, ink, WORDS[(random.next() % 32) as usize], 26.0, 50.0, baseline);
        let price = format!("{}.{:02}", random.next() % 60, random.next() % 100);
        letter::write(&mut out, &font.even, ink, &price, 26.0, 480.0, baseline);
        baseline += 36.0 + 18.0 * (random.next() % 2) as f32;
    }
    bar(&mut out, ink, [50, baseline as i32, 590, baseline as i32 + 4], 1.0);
    letter::write(&mut out, &font.even, ink, "TOTAL  84.20", 40.0, 50.0, baseline + 56.0);
    out
}

fn card(font: &Font, seed: u64, ground: [u8; 3]) -> RgbImage {
    let (mut random, mut out) = (Random::new(100 + seed), RgbImage::from_pixel(1026, 648, Rgb(ground)));
    bar(&mut out, [[52, 84, 140], [150, 70, 52]][seed as usize], [0, 0, 1026, 92], 1.0);
    letter::write(&mut out, &font.text, WHITE, "IDENTITY CARD", 52.0, 50.0, 66.0);
    bar(&mut out, [150, 140, 132], [60, 150, 330, 500], 1.0);
    for y in -70i32..=70 {
        for x in -56i32..=56 {
            let inside = (x * x) as f32 / (56.0 * 56.0) + (y * y) as f32 / (70.0 * 70.0) < 1.0;
            letter::blend(&mut out, 195 + x, 290 + y, [196, 156, 134], if inside { 1.0 } else { 0.0 });
        }
    }
    for row in 0..5 {
        let top = 190.0 + 76.0 * row as f32;
        letter::write(&mut out, &font.text, [70, 76, 90], WORDS[(random.next() % 32) as usize], 24.0, 380.0, top);
        letter::write(&mut out, &font.text, INK, &line(&mut random, 300.0, 38.0), 38.0, 380.0, top + 38.0);
    }
    out
}

/// Sky, hills, a sun and a house: broad colours without print.
fn photo(seed: u64) -> RgbImage {
    let mut random = Random::new(40 + seed);
    let (sun, hill) = ([random.unit(), 0.15 + 0.2 * random.unit()], random.unit() * 6.0);
    let grain: Vec<f32> = (0..256).map(|_| random.normal()).collect();
    RgbImage::from_fn(1200, 800, |x, y| {
        let (u, v) = (x as f32 / 1200.0, y as f32 / 800.0);
        let ridge = 0.55 + 0.1 * (u * 5.0 + hill).sin() + 0.04 * (u * 17.0 + hill * 3.0).sin();
        let leaf = grain[((x / 7 * 31 + y / 5 * 57) & 255) as usize];
        let shade = |c: [f32; 3], by: f32| c.map(|v| (v * by).clamp(0.0, 255.0) as u8);
        let house = (u - 0.62).abs() < 0.11 && v > 0.52 && v < 0.78;
        let roof = v > 0.40 && v <= 0.52 && (u - 0.62).abs() < (v - 0.40) * 1.2;
        Rgb(if (u - sun[0]).hypot((v - sun[1]) * 0.67) < 0.06 {
            [250, 236, 190]
        } else if roof {
            [142, 58, 44]
        } else if house {
            shade([214.0, 200.0, 176.0], 0.96 + 0.02 * leaf)
        } else if v < ridge {
            shade([96.0 + 90.0 * v, 140.0 + 60.0 * v, 206.0], 1.0)
        } else {
            shade([58.0, 102.0, 48.0], 0.8 + 0.1 * leaf + 0.5 * (v - ridge))
        })
    })
}

fn dark(font: &Font, seed: u64, paper: [u8; 3]) -> RgbImage {
    let (mut random, mut out) = (Random::new(200 + seed), RgbImage::from_pixel(1036, 1470, Rgb(paper)));
    letter::write(&mut out, &font.text, [240; 3], &line(&mut random, 500.0, 84.0), 84.0, 90.0, 260.0);
    bar(&mut out, [226, 178, 62], [90, 320 + 60 * seed as i32, 946, 332 + 60 * seed as i32], 1.0);
    for row in 0..(8 + seed) {
        let width = 420.0 + 300.0 * random.unit();
        let text = line(&mut random, width, 36.0);
        letter::write(&mut out, &font.text, [232; 3], &text, 36.0, 90.0, 520.0 + 62.0 * row as f32);
    }
    out
}
