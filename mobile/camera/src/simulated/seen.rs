//! What a phone above a picture sees of it. Knows pixels; refuses to know time and files.

use super::hand::Pose;
use crate::nv21::Nv21;

/// What lies around a picture: an empty desk, lighter than a shadow and darker than paper.
const DESK: [u8; 3] = [104, 134, 122];
/// As far beyond its border a picture is continued, in fractions: a hand's drift never shows a border that is none.
const MARGIN: f32 = 0.06;

impl Nv21 {
    /// An empty desk in the light of a window: a little brighter to one side.
    pub fn desk(width: usize, height: usize) -> Self {
        let mut bytes = Vec::with_capacity(width * height * 3 / 2);
        for y in 0..height {
            bytes.extend((0..width).map(|x| DESK[0] + (24 * (x + y) / (width + height)) as u8));
        }
        bytes.extend(std::iter::repeat_n([DESK[1], DESK[2]], width * height / 4).flatten());
        Nv21 { bytes, width, height }
    }

    /// The same picture from another pose: bilinear in luma, nearest in chroma.
    pub fn seen(&self, pose: Pose) -> Self {
        let (w, h) = (self.width as f32, self.height as f32);
        let (sin, cos) = pose.turn.sin_cos();
        let (sin, cos) = (sin / pose.zoom, cos / pose.zoom);
        // From a pixel of the frame to the place in the picture: the inverse of zoom, turn and shift around the middle.
        let place = |x: f32, y: f32| {
            let (x, y) = (x - w * (0.5 + pose.across), y - h * (0.5 + pose.down));
            (w / 2.0 + cos * x + sin * y, h / 2.0 - sin * x + cos * y)
        };
        let (margin_x, margin_y) = (MARGIN * w, MARGIN * h);
        let on_desk = |x: f32, y: f32| x < -margin_x || y < -margin_y || x > w + margin_x || y > h + margin_y;
        let luma_size = self.width * self.height;
        let (luma, chroma) = self.bytes.split_at(luma_size);
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for row in 0..self.height {
            let (mut x, mut y) = place(0.0, row as f32);
            for _ in 0..self.width {
                bytes.push(if on_desk(x, y) { DESK[0] + 12 } else { self.luma_at(luma, x, y) });
                x += cos;
                y -= sin;
            }
        }
        let (half_w, half_h) = (self.width / 2, self.height / 2);
        for row in 0..half_h {
            let (mut x, mut y) = place(0.0, (2 * row) as f32);
            for _ in 0..half_w {
                if on_desk(x, y) {
                    bytes.extend([DESK[1], DESK[2]]);
                } else {
                    let column = (x.max(0.0) as usize / 2).min(half_w - 1);
                    let line = (y.max(0.0) as usize / 2).min(half_h - 1);
                    let at = (line * half_w + column) * 2;
                    bytes.extend([chroma[at], chroma[at + 1]]);
                }
                x += 2.0 * cos;
                y -= 2.0 * sin;
            }
        }
        Nv21 { bytes, ..*self }
    }

    fn luma_at(&self, luma: &[u8], x: f32, y: f32) -> u8 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (left, top) = ((x as usize).min(self.width - 2), (y as usize).min(self.height - 2));
        let (fx, fy) = (((x - left as f32) * 256.0) as u32, ((y - top as f32) * 256.0) as u32);
        let at = top * self.width + left;
        let [a, b, c, d] = [luma[at], luma[at + 1], luma[at + self.width], luma[at + self.width + 1]].map(u32::from);
        let (upper, lower) = (a * (256 - fx) + b * fx, c * (256 - fx) + d * fx);
        ((upper * (256 - fy) + lower * fy + 32_768) >> 16) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    fn picture() -> Nv21 {
        Nv21::of(&RgbImage::from_fn(201, 100, |x, y| {
            image::Rgb(if x < 100 { [220, 40, 40] } else { [40, 40, 40 + y as u8] })
        }))
    }

    const EXACT: Pose = Pose { across: 0.0, down: 0.0, turn: 0.0, zoom: 1.0 };

    #[test]
    fn from_exactly_above_a_picture_is_itself_in_even_sides() {
        assert_eq!((picture().width, picture().height), (200, 100));
        assert_eq!(picture().seen(EXACT), picture());
    }

    #[test]
    fn a_shift_to_the_right_shows_the_picture_further_right() {
        let shifted = picture().seen(Pose { across: 0.25, ..EXACT });
        for (x, from) in [(60, 10), (140, 90), (180, 130)] {
            assert_eq!(shifted.bytes[50 * 200 + x], picture().bytes[50 * 200 + from], "column {x}");
        }
        assert_eq!(shifted.bytes[50 * 200 + 20], DESK[0] + 12, "what comes into view is the desk");
    }

    #[test]
    fn a_small_drift_shows_no_border() {
        let drifted = picture().seen(Pose { across: 0.03, down: -0.02, turn: 0.01, zoom: 0.99 });
        let red = picture().bytes[0];
        assert!(drifted.bytes[50 * 200].abs_diff(red) < 3, "{} is not the picture's red", drifted.bytes[50 * 200]);
    }
}
