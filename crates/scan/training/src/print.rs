//! Ink on a sheet: text, photos, tables, rules, bars and scribbles in rectangles of a small picture.
//!
//! Refuses to know which document it makes ([`crate::document`]) and how the sheet lies.

use crate::{
    chance::Chance,
    colour::{Colour, encoded},
    noise::share,
    picture::Picture,
};

/// A sheet being printed; sRGB bytes.
pub struct Print {
    pub width: usize,
    pub height: usize,
    bytes: Vec<u8>,
}

/// Left, top, width and height in pixels.
pub type Area = [f32; 4];

/// Bytes of a colour.
pub fn bytes(colour: Colour) -> [u8; 3] {
    colour.map(|v| encoded(v) as u8)
}

impl Print {
    /// `proportion`: width divided by height; the longer side gets `longest` pixels.
    pub fn new(proportion: f32, longest: usize, paper: Colour) -> Self {
        let long = longest as f32;
        let (w, h) = if proportion < 1.0 { (long * proportion, long) } else { (long, long / proportion) };
        let (width, height) = ((w as usize).max(16), (h as usize).max(16));
        Print { width, height, bytes: bytes(paper).repeat(width * height) }
    }

    pub fn done(self) -> Option<Picture> {
        Picture::new(self.width, self.height, 3, self.bytes)
    }

    /// The sheet less a margin of the share `margin` of its width.
    pub fn within(&self, margin: f32) -> Area {
        let m = margin * self.width as f32;
        [m, m, self.width as f32 - 2.0 * m, self.height as f32 - 2.0 * m]
    }

    /// `cover(x, y)`, 0 to 1, of `ink` at each pixel of the area; x and y from the area's corner.
    pub fn ink(&mut self, area: Area, ink: [u8; 3], mut cover: impl FnMut(usize, usize) -> f32) {
        self.each(area, |x, y, pixel| {
            let c = (cover(x, y).clamp(0.0, 1.0) * 256.0) as i32;
            for (v, &i) in pixel.iter_mut().zip(&ink) {
                *v = (i32::from(*v) + (((i32::from(i) - i32::from(*v)) * c) >> 8)) as u8;
            }
        });
    }

    fn each(&mut self, [left, top, width, height]: Area, mut paint: impl FnMut(usize, usize, &mut [u8])) {
        let (x0, y0) = (left.max(0.0) as usize, top.max(0.0) as usize);
        let x1 = ((left + width).max(0.0) as usize).min(self.width);
        let y1 = ((top + height).max(0.0) as usize).min(self.height);
        for y in y0..y1 {
            for x in x0..x1 {
                let at = (y * self.width + x) * 3;
                paint(x - x0, y - y0, &mut self.bytes[at..at + 3]);
            }
        }
    }

    pub fn fill(&mut self, area: Area, ink: [u8; 3]) {
        self.ink(area, ink, |_, _| 1.0);
    }

    /// Only the area's border, `thick` pixels.
    pub fn frame(&mut self, [x, y, w, h]: Area, ink: [u8; 3], thick: f32) {
        let thick = thick.max(1.0);
        self.fill([x, y, w, thick], ink);
        self.fill([x, y + h - thick, w, thick], ink);
        self.fill([x, y, thick, h], ink);
        self.fill([x + w - thick, y, thick, h], ink);
    }

    /// Horizontal rules `step` pixels apart, or both ways.
    pub fn rules(&mut self, area: Area, ink: [u8; 3], step: f32, both: bool, strength: f32) {
        self.ink(area, ink, |x, y| {
            let on = |v: usize| share(v as f32 / step) < 1.0 / step;
            if on(y) || (both && on(x)) { strength } else { 0.0 }
        });
    }

    /// A photo cropped to the area.
    pub fn photo(&mut self, area: Area, from: &Picture, chance: &mut Chance) {
        let share = chance.within(0.4, 1.0);
        let (su, sv) = fitting(area, from, share);
        let (u0, v0) = (chance.within(0.0, 1.0 - su), chance.within(0.0, 1.0 - sv));
        let level = from.level(su * from.width() as f32 / area[2].max(1.0));
        let (w, h) = (area[2].max(1.0), area[3].max(1.0));
        self.each(area, |x, y, pixel| {
            let (u, v) = (u0 + su * (x as f32 + 0.5) / w, v0 + sv * (y as f32 + 0.5) / h);
            pixel.copy_from_slice(&bytes(from.at(level, u, v)));
        });
    }

    /// Print cut from a page of a document, `larger` times enlarged, in any ink.
    pub fn text(&mut self, area: Area, from: &Picture, ink: [u8; 3], larger: f32, chance: &mut Chance) {
        let (w, h) = (area[2].max(1.0), area[3].max(1.0));
        let (su, sv) = (w / larger / from.width() as f32, h / larger / from.height() as f32);
        let (su, sv) = (su.min(0.8), sv.min(0.8));
        // The middle of pages is where print is.
        let u0 = 0.1 + (0.8 - su) * chance.within(0.0, 0.4);
        let v0 = 0.1 + (0.8 - sv) * chance.unit();
        self.ink(area, ink, |x, y| {
            let (u, v) = (u0 + su * (x as f32 + 0.5) / w, v0 + sv * (y as f32 + 0.5) / h);
            from.darkness(u, v) * 1.25
        });
    }

    /// Lines of dark words, where no document is at hand or wanted: `line` pixels from line to line.
    pub fn words(&mut self, [x, y, w, h]: Area, ink: [u8; 3], line: f32, chance: &mut Chance) {
        let mut top = y;
        while top + line * 0.6 < y + h {
            let last = chance.holds(0.12);
            let end = x + if last { w * chance.within(0.2, 0.9) } else { w * chance.within(0.93, 1.0) };
            let mut left = x;
            while left < end {
                let long = line * chance.within(0.5, 4.0);
                let strength = chance.within(0.45, 0.8);
                let mut own = chance.fork();
                self.ink([left, top, long.min(end - left), (line * 0.55).max(1.0)], ink, |_, _| {
                    strength * (0.5 + 0.5 * own.unit())
                });
                left += long + line * 0.4;
            }
            top += line * if last { 1.6 } else { 1.0 };
        }
    }

    /// Bars of a code: upright strokes, or squares.
    pub fn code(&mut self, area: Area, ink: [u8; 3], squares: bool, chance: &mut Chance) {
        let module = if squares { (area[2] / 25.0).max(1.0) } else { (area[2] / 70.0).max(1.0) };
        let seed = chance.bits();
        self.ink(area, ink, |x, y| {
            let (i, j) = ((x as f32 / module) as u64, if squares { (y as f32 / module) as u64 } else { 0 });
            let on = Chance::new(seed ^ (i << 20) ^ j).holds(0.5);
            f32::from(u8::from(on))
        });
    }

    /// Handwriting from afar: loops along lines, or a signature.
    pub fn scribble(&mut self, [x, y, w, h]: Area, ink: [u8; 3], line: f32, chance: &mut Chance) {
        let mut base = y + line * 0.6;
        while base < y + h {
            let (mut left, end) = (x, x + w * chance.within(0.3, 1.0));
            while left < end {
                let word = line * chance.within(0.8, 3.0);
                let (wave, tall) = (line * chance.within(0.16, 0.3), line * chance.within(0.16, 0.36));
                let phase = chance.angle();
                let steps = (word * 3.0) as usize;
                for step in 0..steps {
                    let t = step as f32 / 3.0;
                    let (sin, cos) = (t / wave + phase).sin_cos();
                    let lift = 0.7 + 0.3 * (t / wave * 0.37 + phase).sin();
                    self.fill([left + t + cos * wave * 0.5, base - sin * tall * lift, 1.2, 1.2], ink);
                }
                left += word + line * 0.4;
            }
            base += line;
        }
    }
}

/// Shares of the picture's sides with the area's proportions, the larger one `share`.
fn fitting(area: Area, from: &Picture, share: f32) -> (f32, f32) {
    let want = area[2].max(1.0) / area[3].max(1.0) / from.proportion();
    if want > 1.0 { (share, share / want) } else { (share * want, share) }
}
