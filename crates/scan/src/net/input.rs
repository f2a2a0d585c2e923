//! What the net looks at: the whole frame, upright, squashed to a square.
//!
//! Refuses to know: how a frame lies in memory (`frame`), and what the net makes of it.

use super::{INPUT_CHANNELS, SIDE};
use crate::{
    Turn,
    frame::Yuv,
    kernels::{Instructions, Map, Resampler},
    plane::Plane,
};

/// `SIDE` × `SIDE` pixels: the four luma values of the square, row by row, then blue and red difference; each value is
/// (byte − 128) / 64.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    map: Map,
    instructions: Instructions,
    resampler: Resampler,
    /// Not turned yet.
    luma: Vec<f32>,
    chroma: [Vec<f32>; 2],
}

impl Input {
    /// An even grey.
    pub fn new() -> Self {
        Input {
            map: Map::new(SIDE, SIDE, INPUT_CHANNELS),
            instructions: Instructions::detect(),
            resampler: Resampler::default(),
            luma: vec![128.0; 4 * SIDE * SIDE],
            chroma: [(); 2].map(|()| vec![128.0; SIDE * SIDE]),
        }
    }

    /// Takes in the next frame, in place of the one before.
    pub fn take(&mut self, frame: &Yuv) {
        let (channels, turn) = frame.channels();
        let [u, v] = &mut self.chroma;
        for (bytes, width, out) in
            [(channels[0], 2 * SIDE, &mut self.luma), (channels[1], SIDE, u), (channels[2], SIDE, v)]
        {
            self.resampler.average(self.instructions, bytes, width, out);
        }
        // Where the upright pixel (x, y) of a square lies before it is turned.
        match turn {
            Turn::None => self.gather(|_, x, y| (x, y)),
            Turn::Right => self.gather(|last, x, y| (y, last - x)),
            Turn::Half => self.gather(|last, x, y| (last - x, last - y)),
            Turn::Left => self.gather(|last, x, y| (last - y, x)),
        }
    }

    fn gather(&mut self, place: impl Fn(usize, usize, usize) -> (usize, usize)) {
        let at = |plane: &[f32], side: usize, x: usize, y: usize| {
            let (x, y) = place(side - 1, x, y);
            (plane[y * side + x] - 128.0) / 64.0
        };
        let luma = |x, y| at(&self.luma, 2 * SIDE, x, y);
        for y in 0..SIDE {
            let (pixels, _) = self.map.row_mut(y).as_chunks_mut::<INPUT_CHANNELS>();
            for (x, pixel) in pixels.iter_mut().enumerate() {
                let [u, v] = [0, 1].map(|c| at(&self.chroma[c], SIDE, x, y));
                let (left, upper) = (2 * x, 2 * y);
                let (right, lower) = (left + 1, upper + 1);
                *pixel = [luma(left, upper), luma(right, upper), luma(left, lower), luma(right, lower), u, v];
            }
        }
    }

    /// The luma of what was taken in, 2·`SIDE` × 2·`SIDE` pixels, upright.
    pub fn luma(&self) -> Plane {
        let mut luma = Plane::new(2 * SIDE, 2 * SIDE);
        for (y, rows) in luma.data.chunks_exact_mut(4 * SIDE).enumerate() {
            let (upper, lower) = rows.split_at_mut(2 * SIDE);
            let (pixels, _) = self.map.row(y).as_chunks::<INPUT_CHANNELS>();
            let pairs = upper.chunks_exact_mut(2).zip(lower.chunks_exact_mut(2));
            for (&[a, b, c, d, ..], (upper, lower)) in pixels.iter().zip(pairs) {
                upper.copy_from_slice(&[a, b].map(|value| value * 64.0 + 128.0));
                lower.copy_from_slice(&[c, d].map(|value| value * 64.0 + 128.0));
            }
        }
        luma
    }

    pub(super) fn map(&self) -> &Map {
        &self.map
    }

    #[cfg(test)]
    pub(super) fn map_mut(&mut self) -> &mut Map {
        &mut self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nv21_from_rgb;
    use image::{Rgb, RgbImage, imageops};

    /// Five times as large as the net's luma one way and three times the other way: every average is of whole pixels.
    fn picture() -> RgbImage {
        RgbImage::from_fn(1280, 768, |x, y| Rgb([(x / 5) as u8, (y / 3) as u8, ((x / 40 + y / 48) % 5 * 60) as u8]))
    }

    fn taken(picture: &RgbImage, turn: Turn) -> Input {
        let bytes = nv21_from_rgb(picture);
        let frame = Yuv::nv21(&bytes, picture.width() as usize, picture.height() as usize).unwrap().turned(turn);
        let mut input = Input::new();
        input.take(&frame);
        input
    }

    #[test]
    fn a_turned_frame_looks_like_the_turned_picture() {
        let picture = picture();
        let turned = [
            (Turn::None, picture.clone()),
            (Turn::Right, imageops::rotate90(&picture)),
            (Turn::Half, imageops::rotate180(&picture)),
            (Turn::Left, imageops::rotate270(&picture)),
        ];
        for (turn, upright) in turned {
            let (got, wanted) = (taken(&picture, turn), taken(&upright, Turn::None));
            for y in 0..SIDE {
                assert!(
                    got.map.row(y).iter().zip(wanted.map.row(y)).all(|(a, b)| (a - b).abs() < 1e-4),
                    "{turn:?} {y}"
                );
            }
        }
    }

    #[test]
    fn channels_are_a_square_of_luma_then_the_two_differences() {
        let picture = picture();
        let bytes = nv21_from_rgb(&picture);
        let input = taken(&picture, Turn::None);
        let (width, luma) = (1280, 1280 * 768);
        for (x, y) in [(0, 0), (17, 90), (127, 127), (64, 3)] {
            let mean = |start: usize, stride: usize, step: usize, (w, h): (usize, usize)| {
                let sum: u32 = (0..h)
                    .flat_map(|j| (0..w).map(move |i| (i, j)))
                    .map(|(i, j)| u32::from(bytes[start + j * stride + i * step]))
                    .sum();
                sum as f32 / (w * h) as f32
            };
            let square = [(0, 0), (1, 0), (0, 1), (1, 1)];
            let luma_mean = |(i, j)| mean((y * 2 + j) * 3 * width + (x * 2 + i) * 5, width, 1, (5, 3));
            let chroma_mean = |first: usize| mean(luma + y * 3 * width + x * 10 + first, width, 2, (5, 3));
            let wanted = [square.map(luma_mean).as_slice(), &[chroma_mean(1), chroma_mean(0)]].concat();
            let got = &input.map.row(y)[x * INPUT_CHANNELS..][..INPUT_CHANNELS];
            for (got, wanted) in got.iter().zip(wanted) {
                assert!((got - (wanted - 128.0) / 64.0).abs() < 1e-4, "({x}, {y}): {got} for {wanted}");
            }
        }
    }
}
