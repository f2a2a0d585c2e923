//! A frame as phone systems hand it over: planes in native memory, with their strides and a crop. Checked here, borrowed, never copied.

use crate::Error;
use scan::{Turn, Yuv};

/// Three planes of one 4:2:0 frame. `u` and `v` may overlap, as they do where chroma is interleaved.
#[derive(Debug, Clone, Copy)]
pub struct Planes<'a> {
    pub y: &'a [u8],
    pub u: &'a [u8],
    pub v: &'a [u8],
    /// Bytes from row to row.
    pub y_stride: usize,
    pub uv_stride: usize,
    /// Bytes from one chroma sample to the next: 1 for planar, 2 for interleaved chroma.
    pub uv_pixel_stride: usize,
    pub crop: Crop,
    /// Clockwise degrees that make the frame upright: a multiple of 90.
    pub rotation: i32,
}

/// The part of the buffer that preview and still show too, in pixels before the rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl<'a> Planes<'a> {
    /// The frame that is judged: the crop of the buffer, begun at an even pixel because chroma has half the samples.
    pub fn frame(&self) -> Result<Yuv<'a>, Error> {
        let (left, top) = (self.crop.left & !1, self.crop.top & !1);
        let turn = match self.rotation.rem_euclid(360) {
            0 => Turn::None,
            90 => Turn::Right,
            180 => Turn::Half,
            270 => Turn::Left,
            _ => return Err(Error::BadFrame),
        };
        let luma = from(self.y, left, top, self.y_stride, 1)?;
        let chroma = |plane| from(plane, left / 2, top / 2, self.uv_stride, self.uv_pixel_stride);
        let (width, height) = (self.crop.width, self.crop.height);
        let frame = Yuv::new(
            luma,
            self.y_stride,
            chroma(self.u)?,
            chroma(self.v)?,
            self.uv_stride,
            self.uv_pixel_stride,
            width,
            height,
            turn,
        );
        frame.map_err(|error| {
            tracing::warn!(%error, crop = ?self.crop, "a frame that is none");
            Error::BadFrame
        })
    }
}

/// The plane from its sample at (`left`, `top`) on. What is wrong with what remains is for [`Yuv::new`] to find.
fn from(plane: &[u8], left: usize, top: usize, stride: usize, step: usize) -> Result<&[u8], Error> {
    // A row that reaches into the next one would show two pictures at once.
    let begin = left.checked_mul(step).filter(|across| *across < stride || left == 0);
    let begin = begin.and_then(|across| top.checked_mul(stride)?.checked_add(across));
    begin.and_then(|begin| plane.get(begin..)).ok_or(Error::BadFrame)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 64;
    const HEIGHT: usize = 48;
    const WHOLE: Crop = Crop { left: 0, top: 0, width: WIDTH, height: HEIGHT };

    /// A frame whose luma tells where a pixel lies.
    struct Buffer {
        y: Vec<u8>,
        uv: Vec<u8>,
    }

    impl Buffer {
        fn new(stride: usize) -> Self {
            let y = (0..stride * HEIGHT).map(|at| (at % stride + 3 * (at / stride)) as u8).collect();
            Buffer { y, uv: vec![128; stride * HEIGHT / 2] }
        }

        fn planes(&self, stride: usize, crop: Crop, rotation: i32) -> Planes<'_> {
            let (u, v) = (&self.uv[1..], &self.uv[..]);
            Planes { y: &self.y, u, v, y_stride: stride, uv_stride: stride, uv_pixel_stride: 2, crop, rotation }
        }
    }

    #[test]
    fn rotations_are_multiples_of_a_right_angle_and_any_number_of_turns() {
        let buffer = Buffer::new(WIDTH);
        for (rotation, size) in
            [(0, (64, 48)), (90, (48, 64)), (180, (64, 48)), (270, (48, 64)), (-90, (48, 64)), (450, (48, 64))]
        {
            assert_eq!(buffer.planes(WIDTH, WHOLE, rotation).frame().unwrap().upright_size(), size, "{rotation}");
        }
        assert_eq!(buffer.planes(WIDTH, WHOLE, 45).frame().err(), Some(Error::BadFrame));
    }

    #[test]
    fn a_crop_begins_at_an_even_pixel_and_keeps_its_size() {
        let buffer = Buffer::new(80);
        let crop = Crop { left: 11, top: 5, width: 32, height: 32 };
        let planes = buffer.planes(80, crop, 0);
        assert_eq!(planes.frame().unwrap().upright_size(), (32, 32));
        assert_eq!(from(planes.y, 10, 4, 80, 1).unwrap()[0], buffer.y[4 * 80 + 10]);
    }

    #[test]
    fn a_description_that_cannot_be_true_is_refused() {
        let buffer = Buffer::new(WIDTH);
        let whole = buffer.planes(WIDTH, WHOLE, 0);
        let wrong = [
            ("a row longer than its stride", Planes { y_stride: WIDTH - 1, ..whole }),
            ("luma that ends early", Planes { y: &buffer.y[..buffer.y.len() - 1], ..whole }),
            ("chroma that ends early", Planes { v: &buffer.uv[..buffer.uv.len() - 2], ..whole }),
            ("no chroma step", Planes { uv_pixel_stride: 0, ..whole }),
            ("a crop beyond the buffer", Planes { crop: Crop { top: 2, ..WHOLE }, ..whole }),
            ("a crop far beyond it", Planes { crop: Crop { top: usize::MAX, ..WHOLE }, ..whole }),
            (
                "a crop that begins in the next row",
                Planes { crop: Crop { left: 70, width: 16, height: 16, ..WHOLE }, ..whole },
            ),
            ("nothing", Planes { crop: Crop { width: 0, height: 0, ..WHOLE }, ..whole }),
        ];
        assert!(whole.frame().is_ok());
        for (what, planes) in wrong {
            assert_eq!(planes.frame().err(), Some(Error::BadFrame), "{what}");
        }
    }
}
