//! Ink on paper: letters of a typeface, lines, areas.

use super::Random;
use ab_glyph::{Font, FontRef, ScaleFont, point};
use image::{Rgb, RgbImage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Ubuntu Light, printed with a little gain.
    Sans,
    /// Hack: every letter as wide as the others, as on a receipt.
    Mono,
}

impl Face {
    fn font(self) -> FontRef<'static> {
        let bytes = match self {
            Face::Sans => epaint_default_fonts::UBUNTU_LIGHT,
            Face::Mono => epaint_default_fonts::HACK_REGULAR,
        };
        FontRef::try_from_slice(bytes).expect("the font is part of its crate")
    }

    fn gain(self) -> f32 {
        if self == Face::Sans { 1.5 } else { 1.1 }
    }
}

pub struct Paper {
    pub picture: RgbImage,
    pub ink: [u8; 3],
    /// What has been written, line by line.
    pub text: String,
}

impl Paper {
    pub fn new(width: u32, height: u32, colour: [u8; 3]) -> Self {
        Paper { picture: RgbImage::from_pixel(width, height, Rgb(colour)), ink: [30, 30, 34], text: String::new() }
    }

    pub fn width(&self) -> f32 {
        self.picture.width() as f32
    }

    pub fn height(&self) -> f32 {
        self.picture.height() as f32
    }

    pub fn width_of(face: Face, size: f32, line: &str) -> f32 {
        let font = face.font();
        let scaled = font.as_scaled(size);
        line.chars().map(|letter| scaled.h_advance(font.glyph_id(letter))).sum()
    }

    /// One line; `size` is the height from ascender to descender in pixels.
    pub fn write(&mut self, face: Face, size: f32, left: f32, baseline: f32, line: &str) {
        let font = face.font();
        let scaled = font.as_scaled(size);
        let mut x = left;
        for letter in line.chars() {
            let id = font.glyph_id(letter);
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(size, point(x, baseline))) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let cover = (cover * face.gain()).min(1.0);
                    self.blend(bounds.min.x as i32 + dx as i32, bounds.min.y as i32 + dy as i32, self.ink, cover);
                });
            }
            x += scaled.h_advance(id);
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Broken into lines of at most `width`, ragged on the right; gives the next free baseline.
    #[expect(clippy::too_many_arguments, reason = "a paragraph's place and type, each a number of its own")]
    pub fn flow(&mut self, face: Face, size: f32, left: f32, baseline: f32, width: f32, lead: f32, text: &str) -> f32 {
        let mut baseline = baseline;
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && Self::width_of(face, size, &longer) > width {
                self.write(face, size, left, baseline, &line);
                baseline += lead;
                line = word.to_owned();
            } else {
                line = longer;
            }
        }
        if !line.is_empty() {
            self.write(face, size, left, baseline, &line);
            baseline += lead;
        }
        baseline
    }

    pub fn fill(&mut self, left: f32, top: f32, width: f32, height: f32, ink: [u8; 3]) {
        for y in top as i32..(top + height).ceil() as i32 {
            (left as i32..(left + width).ceil() as i32).for_each(|x| self.blend(x, y, ink, 1.0));
        }
    }

    pub fn frame(&mut self, left: f32, top: f32, width: f32, height: f32, thick: f32) {
        let ink = self.ink;
        self.fill(left, top, width, thick, ink);
        self.fill(left, top + height - thick, width, thick, ink);
        self.fill(left, top, thick, height, ink);
        self.fill(left + width - thick, top, thick, height, ink);
    }

    /// A stroke from point to point, in pixels.
    pub fn stroke(&mut self, from: [f32; 2], to: [f32; 2], thick: f32, ink: [u8; 3]) {
        let steps = ((to[0] - from[0]).hypot(to[1] - from[1]) as usize).max(1);
        let reach = (thick / 2.0).ceil() as i32;
        for step in 0..=steps {
            let t = step as f32 / steps as f32;
            let (x, y) = (from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t);
            for (dx, dy) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy))) {
                if (dx as f32).hypot(dy as f32) <= thick / 2.0 {
                    self.blend(x as i32 + dx, y as i32 + dy, ink, 0.9);
                }
            }
        }
    }

    /// A rubber stamp: two rings and bars.
    pub fn stamp(&mut self, [cx, cy]: [f32; 2], radius: f32, ink: [u8; 3]) {
        let reach = radius as i32 + 1;
        for (x, y) in (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y))) {
            let from_middle = (x as f32).hypot(y as f32) / radius;
            let ring = (from_middle - 0.95).abs() < 0.05 || (from_middle - 0.68).abs() < 0.025;
            let bar = from_middle < 0.6 && (y as f32 / radius * 8.0).rem_euclid(2.0) < 0.8;
            if ring || bar {
                self.blend(cx as i32 + x, cy as i32 + y, ink, 0.9);
            }
        }
    }

    /// A signature's loops.
    pub fn sign(&mut self, [left, middle]: [f32; 2], width: f32, ink: [u8; 3], random: &mut Random) {
        let (turns, lean) = (random.within(24.0, 38.0), random.within(0.3, 0.8));
        let at = |t: f32| {
            let swing = (t * turns).sin() * width * 0.14 * (1.0 - lean * t);
            [left + t * width + (t * turns).cos() * width * 0.06, middle + swing]
        };
        (0..300).for_each(|k| self.stroke(at(k as f32 / 300.0), at((k + 1) as f32 / 300.0), width / 80.0, ink));
    }

    fn blend(&mut self, x: i32, y: i32, ink: [u8; 3], cover: f32) {
        if let Some(pixel) = self.picture.get_pixel_mut_checked(x as u32, y as u32).filter(|_| x >= 0 && y >= 0) {
            pixel.0 = std::array::from_fn(|c| (f32::from(pixel[c]) * (1.0 - cover) + f32::from(ink[c]) * cover) as u8);
        }
    }
}
