//! A camera's frame as it is: YUV 4:2:0 with the strides of Android, iOS or NV21, read without being converted.
//!
//! Knows where bytes lie and how the picture is turned; refuses to know what is on it.

use crate::{Picture, Turn, kernels::Bytes, picture::luma, plane::Plane};
use image::RgbImage;

/// A borrowed 8-bit YUV 4:2:0 frame, full range (BT.601). Chroma is one sample for 2×2 pixels, rounded up.
#[derive(Clone, Copy)]
pub struct Yuv<'a> {
    y: &'a [u8],
    y_stride: usize,
    u: &'a [u8],
    v: &'a [u8],
    uv_stride: usize,
    uv_pixel_stride: usize,
    width: usize,
    height: usize,
    turn: Turn,
}

/// Why a frame's description cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a frame of {width} x {height} pixels is too small or too large to look at")]
    Size { width: usize, height: usize },
    #[error("the {plane} plane's stride is shorter than its row")]
    Stride { plane: char },
    #[error("the {plane} plane needs {needed} bytes and has {capacity}")]
    Capacity { plane: char, needed: usize, capacity: usize },
}

const SMALLEST_SIDE: usize = 16;
const LARGEST_SIDE: usize = 1 << 14;

impl<'a> Yuv<'a> {
    /// Strides in bytes, width and height in pixels before `turn`; `turn` is what makes the frame upright, clockwise.
    ///
    /// `uv_pixel_stride` is 1 for planar and 2 for interleaved chroma, where `u` and `v` begin one byte apart.
    #[expect(clippy::too_many_arguments, reason = "the layout both phone systems hand over, field by field")]
    pub fn new(
        y: &'a [u8],
        y_stride: usize,
        u: &'a [u8],
        v: &'a [u8],
        uv_stride: usize,
        uv_pixel_stride: usize,
        width: usize,
        height: usize,
        turn: Turn,
    ) -> Result<Self, FrameError> {
        let side = SMALLEST_SIDE..=LARGEST_SIDE;
        if !side.contains(&width) || !side.contains(&height) {
            return Err(FrameError::Size { width, height });
        }
        let (chroma_width, chroma_height) = (width.div_ceil(2), height.div_ceil(2));
        check('y', y, y_stride, 1, width, height)?;
        check('u', u, uv_stride, uv_pixel_stride, chroma_width, chroma_height)?;
        check('v', v, uv_stride, uv_pixel_stride, chroma_width, chroma_height)?;
        Ok(Yuv { y, y_stride, u, v, uv_stride, uv_pixel_stride, width, height, turn })
    }

    /// Tightly packed NV21: luma, then V and U in turns; upright.
    pub fn nv21(bytes: &'a [u8], width: usize, height: usize) -> Result<Self, FrameError> {
        let luma = width.checked_mul(height).ok_or(FrameError::Size { width, height })?;
        let (y, chroma) = bytes.split_at_checked(luma).ok_or(FrameError::Capacity {
            plane: 'y',
            needed: luma,
            capacity: bytes.len(),
        })?;
        let u = chroma.get(1..).unwrap_or_default();
        Yuv::new(y, width, u, chroma, width.div_ceil(2) * 2, 2, width, height, Turn::None)
    }

    /// The same frame, to be turned by `turn` more.
    pub fn turned(self, turn: Turn) -> Self {
        Yuv { turn: self.turn.then(turn), ..self }
    }

    /// Width and height in pixels once upright.
    pub fn upright_size(&self) -> (usize, usize) {
        match self.turn {
            Turn::None | Turn::Half => (self.width, self.height),
            Turn::Right | Turn::Left => (self.height, self.width),
        }
    }

    /// Luma, blue and red difference as they were given: whoever counts copies compares where they lie.
    pub fn planes(&self) -> [&'a [u8]; 3] {
        [self.y, self.u, self.v]
    }

    /// Luma, blue and red difference where they lie, and what turn makes them upright.
    pub(crate) fn channels(&self) -> ([Bytes<'a>; 3], Turn) {
        let luma = Bytes { data: self.y, stride: self.y_stride, step: 1, width: self.width, height: self.height };
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let chroma = |data| Bytes { data, stride: self.uv_stride, step: self.uv_pixel_stride, width, height };
        ([luma, chroma(self.u), chroma(self.v)], self.turn)
    }

    /// Upright luma whose longer side is at most `longest` pixels: the average of what each pixel covers.
    pub(crate) fn luma(&self, longest: usize) -> Plane {
        let (width, height) = self.reduced(longest);
        if (width, height) == (self.width, self.height) {
            let rows = (0..height).flat_map(|y| self.y[y * self.y_stride..][..width].iter().map(|v| f32::from(*v)));
            return upright(Plane { width, height, data: rows.collect() }, self.turn);
        }
        let plane = shrink(self.y, self.y_stride, 1, self.width, self.height, width, height);
        upright(plane, self.turn)
    }

    fn reduced(&self, longest: usize) -> (usize, usize) {
        let larger = self.width.max(self.height);
        if larger <= longest {
            return (self.width, self.height);
        }
        let scaled = |side: usize| (side * longest / larger).max(1);
        (scaled(self.width), scaled(self.height))
    }
}

fn check(
    plane: char,
    bytes: &[u8],
    stride: usize,
    pixel_stride: usize,
    width: usize,
    height: usize,
) -> Result<(), FrameError> {
    let row = (width - 1).checked_mul(pixel_stride).and_then(|r| r.checked_add(1));
    let needed = row.and_then(|row| (height - 1).checked_mul(stride)?.checked_add(row));
    match (row, needed) {
        (Some(row), Some(needed)) if pixel_stride > 0 && stride >= row => {
            let capacity = bytes.len();
            if needed <= capacity { Ok(()) } else { Err(FrameError::Capacity { plane, needed, capacity }) }
        }
        _ => Err(FrameError::Stride { plane }),
    }
}

fn upright(plane: Plane, turn: Turn) -> Plane {
    match turn {
        Turn::None => plane,
        Turn::Right => plane.turned_right(),
        Turn::Half => plane.turned_half(),
        Turn::Left => plane.turned_half().turned_right(),
    }
}

/// Box average: source rows are summed column by column, then the columns of each output pixel.
fn shrink(bytes: &[u8], stride: usize, step: usize, width: usize, height: usize, to_w: usize, to_h: usize) -> Plane {
    let bounds = |i: usize, from: usize, to: usize| {
        let start = (i * from / to).min(from - 1);
        (start, ((i + 1) * from / to).clamp(start + 1, from))
    };
    let columns: Vec<(usize, usize)> = (0..to_w).map(|i| bounds(i, width, to_w)).collect();
    let mut out = Plane::new(to_w, to_h);
    let mut sums = vec![0u32; width];
    for (j, row_out) in out.data.chunks_exact_mut(to_w).enumerate() {
        let (top, bottom) = bounds(j, height, to_h);
        sums.fill(0);
        for y in top..bottom {
            let row = &bytes[y * stride..][..(width - 1) * step + 1];
            if step == 1 {
                sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v));
            } else {
                sums.iter_mut().zip(row.iter().step_by(step)).for_each(|(sum, &v)| *sum += u32::from(v));
            }
        }
        for (value, &(left, right)) in row_out.iter_mut().zip(&columns) {
            let count = (right - left) * (bottom - top);
            *value = sums[left..right].iter().sum::<u32>() as f32 / count as f32;
        }
    }
    out
}

/// [`nv21_from_rgb`] of a picture with colours, and without any of another.
pub(crate) fn nv21_from(picture: &Picture) -> Vec<u8> {
    match picture {
        Picture::Colour(picture) => nv21_from_rgb(picture),
        Picture::Grey(picture) => {
            let mut out = picture.as_raw().clone();
            out.resize(out.len() + (picture.width().div_ceil(2) * picture.height().div_ceil(2) * 2) as usize, 128);
            out
        }
    }
}

/// Full-range BT.601 NV21 of a picture, as a camera would have delivered it: for simulated cameras and benchmarks.
pub fn nv21_from_rgb(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let rgb = picture.as_raw();
    let mut out = Vec::with_capacity(width * height + width.div_ceil(2) * height.div_ceil(2) * 2);
    out.extend(rgb.as_chunks().0.iter().map(luma));
    let row = |y: usize| rgb[y * width * 3..][..width * 3].as_chunks::<6>();
    // Sums of four pixels; a column or row that is left over stands for its missing neighbour.
    let mut chroma = |[r, g, b]: [i32; 3]| {
        let [r, g, b] = [r / 4, g / 4, b / 4];
        let v = 128 + ((128 * r - 107 * g - 21 * b) >> 8);
        let u = 128 + ((-43 * r - 85 * g + 128 * b) >> 8);
        out.extend([v.clamp(0, 255) as u8, u.clamp(0, 255) as u8]);
    };
    for y in (0..height).step_by(2) {
        let ((upper, upper_left_over), (lower, lower_left_over)) = (row(y), row((y + 1).min(height - 1)));
        for (upper, lower) in upper.iter().zip(lower) {
            chroma([0, 1, 2].map(|c| [upper[c], upper[c + 3], lower[c], lower[c + 3]].map(i32::from).iter().sum()));
        }
        if let (&[r, g, b], &[r2, g2, b2]) = (upper_left_over, lower_left_over) {
            chroma([(r, r2), (g, g2), (b, b2)].map(|(upper, lower)| 2 * (i32::from(upper) + i32::from(lower))));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_plane_that_is_one_byte_short_is_refused() {
        let (y, c) = (vec![0; 63 * 70 + 64], vec![0; 31 * 70 + 63]);
        let frame =
            |y: &[u8], u: &[u8], v: &[u8]| Yuv::new(y, 70, u, v, 70, 2, 64, 64, Turn::None).map(|f| f.upright_size());
        assert_eq!(frame(&y, &c, &c), Ok((64, 64)));
        let short = FrameError::Capacity { plane: 'y', needed: y.len(), capacity: y.len() - 1 };
        assert_eq!(frame(&y[1..], &c, &c), Err(short));
        assert!(matches!(frame(&y, &c[1..], &c), Err(FrameError::Capacity { plane: 'u', .. })));
        assert!(matches!(frame(&y, &c, &c[1..]), Err(FrameError::Capacity { plane: 'v', .. })));
        assert_eq!(Yuv::new(&y, 60, &c, &c, 70, 2, 64, 64, Turn::None).err(), Some(FrameError::Stride { plane: 'y' }));
    }

    #[test]
    fn a_column_or_row_left_over_stands_for_its_missing_neighbour() {
        let picture = RgbImage::from_fn(17, 17, |x, y| image::Rgb([(x * 5) as u8, (y * 7) as u8, 90]));
        let bytes = nv21_from_rgb(&picture);
        assert_eq!(bytes.len(), 17 * 17 + 9 * 9 * 2);
        // Of the last pixel alone: V, then U.
        let [r, g, b] = [80i32, 112, 90];
        let (v, u) = (128 + ((128 * r - 107 * g - 21 * b) >> 8), 128 + ((-43 * r - 85 * g + 128 * b) >> 8));
        assert_eq!(bytes[bytes.len() - 2..], [v as u8, u as u8]);
        let luma = Yuv::nv21(&bytes, 17, 17).unwrap().luma(17);
        assert!(luma.data.iter().zip(&bytes).all(|(value, byte)| *value == f32::from(*byte)));
    }

    proptest! {
        #[test]
        fn any_description_is_refused_or_safe_to_read(
            bytes in proptest::collection::vec(any::<u8>(), 0..9000),
            strides in (0usize..200, 0usize..200, 0usize..4),
            size in (0usize..120, 0usize..120),
            right in 0usize..4,
        ) {
            let turn = (0..right).fold(Turn::None, |t, _| t.right());
            let half = bytes.len() / 2;
            let frame = Yuv::new(
                &bytes, strides.0, &bytes[half..], &bytes[half / 2..], strides.1, strides.2, size.0, size.1, turn,
            );
            if let Ok(frame) = frame {
                let luma = frame.luma(48);
                prop_assert!(luma.data.iter().all(|value| (0.0..=255.0).contains(value)));
            }
        }
    }
}
