//! The letters: real words in a real typeface on A4, with a stamp and a signature in colour.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use image::{Rgb, RgbImage};
use std::error::Error;

const WIDTH: u32 = 1240;
const HEIGHT: u32 = 1754;
const PAPER: [u8; 3] = [246, 245, 241];
const INK: [u8; 3] = [34, 34, 38];
const STAMP: [u8; 3] = [196, 38, 52];
const PEN: [u8; 3] = [38, 62, 160];

pub const RESIDENCE: &[&str] = &[
    "Certificate of residence",
    "Municipality of Bergfeld",
    "Population office, 4 Market Square",
    "",
    "We certify that the person named below has been",
    "registered in our municipality without interruption",
    "since the first of March 2019 and lives at the",
    "address stated.",
    "",
    "Name: Alex Example",
    "Date of birth: 12 May 1984",
    "Address: 27 Mill Lane, Bergfeld",
    "Number of the register: 2019 0301 118",
    "",
    "This certificate is issued at the request of the",
    "person concerned for a procedure with the state.",
    "It is valid for three months from its date and",
    "bears the stamp of the municipality.",
    "",
    "Bergfeld, 14 September 2026",
];

pub const SALARY: &[&str] = &[
    "Statement of salary",
    "Fictional Works Ltd., Personnel department",
    "August 2026",
    "",
    "Employee: Alex Example",
    "Function: Technical draughtsperson",
    "Weekly hours: 32 of 40",
    "",
    "Gross salary: 3 412.60",
    "Overtime, 6 hours at 26.25: 157.50",
    "Health insurance: 108.92",
    "Pension insurance: 285.61",
    "Care insurance: 41.18",
    "Tax withheld: 312.40",
    "Net amount paid: 2 821.99",
    "",
    "The amount was transferred on 28 August to the",
    "account known to us. Please keep this statement;",
    "it is not issued a second time.",
    "",
    "For the company, the head of personnel",
];

pub const SCHOOL: &[&str] = &[
    "Certificate of enrolment",
    "Secondary school of Nordhafen",
    "School year 2026 to 2027",
    "",
    "The head of the school certifies that the pupil",
    "named below is enrolled for the current school",
    "year and attends the lessons regularly.",
    "",
    "Pupil: Robin Example",
    "Class: 4 B, languages and sciences",
    "Number of lessons a week: 32",
    "",
    "The certificate is meant for the office that pays",
    "the allowance for school materials. It must be",
    "presented before the end of October together with",
    "the form filled in by the parents.",
    "",
    "Nordhafen, 21 September 2026",
];

/// The letter as a scanner would see it: A4 at 150 dpi times `scale`.
pub fn draw(lines: &[&str], scale: f32) -> Result<RgbImage, Box<dyn Error>> {
    let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT)?;
    let pixels = |side: u32| (side as f32 * scale) as u32;
    let mut page = RgbImage::from_pixel(pixels(WIDTH), pixels(HEIGHT), Rgb(PAPER));
    let mut baseline = 210.0;
    for (number, line) in lines.iter().enumerate() {
        let size = if number == 0 { 62.0 } else { 40.0 };
        write(&mut page, &font, INK, line, size * scale, 130.0 * scale, baseline * scale);
        baseline += if number == 0 { 92.0 } else { 60.0 };
    }
    stamp(&mut page, 950.0, 1530.0, scale);
    sign(&mut page, 240.0, 1560.0, scale);
    Ok(page)
}

/// One line in `ink`; sizes and places in pixels.
pub fn write(page: &mut RgbImage, font: &FontRef, ink: [u8; 3], line: &str, size: f32, left: f32, baseline: f32) {
    let scaled = font.as_scaled(size);
    let mut x = left;
    let mut before = None;
    for letter in line.chars() {
        let id = font.glyph_id(letter);
        x += before.map_or(0.0, |before| scaled.kern(before, id));
        let glyph = id.with_scale_and_position(size, point(x, baseline));
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            outline.draw(|dx, dy, cover| {
                // A light face printed with a little gain.
                blend(
                    page,
                    bounds.min.x as i32 + dx as i32,
                    bounds.min.y as i32 + dy as i32,
                    ink,
                    (cover * 1.35).min(1.0),
                );
            });
        }
        x += scaled.h_advance(id);
        before = Some(id);
    }
}

fn stamp(page: &mut RgbImage, cx: f32, cy: f32, scale: f32) {
    let reach = (110.0 * scale) as i32;
    for py in -reach..=reach {
        for px in -reach..=reach {
            let (x, y) = (px as f32 / scale, py as f32 / scale);
            let radius = (x * x + y * y).sqrt();
            let ring = (radius - 100.0).abs() < 4.5 || (radius - 70.0).abs() < 2.5;
            let bar = radius < 62.0 && (y / 14.0).rem_euclid(2.0) < 0.7 && x.abs() < 44.0;
            if ring || bar {
                blend(page, (cx * scale) as i32 + px, (cy * scale) as i32 + py, STAMP, 0.85);
            }
        }
    }
}

fn sign(page: &mut RgbImage, left: f32, middle: f32, scale: f32) {
    let steps = (2400.0 * scale) as u32;
    for step in 0..steps {
        let t = step as f32 / steps as f32;
        let x = left + t * 330.0 + (t * 31.0).cos() * 22.0;
        let y = middle + (t * 31.0).sin() * 46.0 * (1.0 - 0.6 * t);
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1)] {
            blend(page, (x * scale) as i32 + dx, (y * scale) as i32 + dy, PEN, 0.6);
        }
    }
}

pub fn blend(page: &mut RgbImage, x: i32, y: i32, ink: [u8; 3], cover: f32) {
    if x >= 0 && y >= 0 && (x as u32) < page.width() && (y as u32) < page.height() {
        let pixel = page.get_pixel_mut(x as u32, y as u32);
        pixel.0 = std::array::from_fn(|c| (f32::from(pixel[c]) * (1.0 - cover) + f32::from(ink[c]) * cover) as u8);
    }
}
