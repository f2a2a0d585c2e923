//! A webcam's frame as it comes, what the detector sees of it, and the photo that it makes. Knows pixels; refuses to know cameras.

use super::jpeg;
use crate::{Error, nv21::Nv21};

/// Longer side of what is looked at, where decoding can give it.
const FRAME_SIDE: u32 = 1280;
const QUALITY: u8 = 92;

/// One frame, without padding between its rows. `bytes` may go on after its end, as drivers hand over their whole buffer.
pub(crate) struct Frame {
    pub format: Format,
    pub width: usize,
    pub height: usize,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A JPEG, often without its Huffman tables (USB Video Class 1.5, Motion-JPEG payload).
    Mjpeg,
    /// Y, U, Y, V for two pixels, video range (BT.601).
    Yuyv,
    /// Luma, then U and V in turns for four pixels, video range (BT.601).
    Nv12,
}

impl Frame {
    /// For the detector and the preview.
    pub fn seen(&self) -> Result<Nv21, Error> {
        match self.format {
            Format::Mjpeg => {
                let picture = scan::decode(&self.jpeg()?, Some(FRAME_SIDE)).map_err(|error| {
                    tracing::debug!(%error, "a damaged frame");
                    Error::BadFrame
                })?;
                Ok(Nv21::of(&picture))
            }
            Format::Yuyv | Format::Nv12 => self.nv21(),
        }
    }

    /// The frame in full size: a JPEG's very bytes, anything else encoded once.
    pub fn jpeg(&self) -> Result<Vec<u8>, Error> {
        match self.format {
            Format::Mjpeg => jpeg::whole(&self.bytes).ok_or(Error::BadFrame),
            Format::Yuyv | Format::Nv12 => self.nv21()?.jpeg(usize::MAX, QUALITY).map_err(|error| {
                tracing::warn!(%error, "a frame that makes no photo");
                Error::NoPicture
            }),
        }
    }

    fn nv21(&self) -> Result<Nv21, Error> {
        let (width, height) = (self.width, self.height);
        let pixels = width.checked_mul(height).filter(|_| width % 2 == 0 && height % 2 == 0).ok_or(Error::BadFrame)?;
        let length = match self.format {
            Format::Yuyv => pixels.checked_mul(2),
            _ => pixels.checked_add(pixels / 2),
        };
        let frame = length.and_then(|length| self.bytes.get(..length)).filter(|frame| !frame.is_empty());
        let frame = frame.ok_or(Error::BadFrame)?;
        let mut bytes = Vec::with_capacity(pixels + pixels / 2);
        if self.format == Format::Yuyv {
            bytes.extend(frame.iter().step_by(2).map(|y| LUMA[usize::from(*y)]));
            for rows in frame.chunks_exact(4 * width) {
                let (upper, lower) = rows.split_at(2 * width);
                for (upper, lower) in upper.chunks_exact(4).zip(lower.chunks_exact(4)) {
                    let mean = |at: usize| usize::from(upper[at]).midpoint(usize::from(lower[at]));
                    bytes.extend([CHROMA[mean(3)], CHROMA[mean(1)]]);
                }
            }
        } else {
            let (luma, chroma) = frame.split_at(pixels);
            bytes.extend(luma.iter().map(|y| LUMA[usize::from(*y)]));
            bytes.extend(chroma.chunks_exact(2).flat_map(|pair| [pair[1], pair[0]]).map(|c| CHROMA[usize::from(c)]));
        }
        Ok(Nv21 { bytes, width, height })
    }
}

/// From video range, 16 to 235, to full range.
const LUMA: [u8; 256] = spread(16, 219, 0);
/// From video range, 16 to 240 around 128, to full range.
const CHROMA: [u8; 256] = spread(128, 224, 128);

const fn spread(from: i32, range: i32, to: i32) -> [u8; 256] {
    let mut table = [0; 256];
    let mut value = 0;
    while value < 256 {
        let wide = (value as i32 - from) * 255;
        let half = if wide < 0 { -range / 2 } else { range / 2 };
        let full = (wide + half) / range + to;
        table[value] = if full < 0 {
            0
        } else if full > 255 {
            255
        } else {
            full as u8
        };
        value += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nv21::encode;
    use image::{Rgb, RgbImage};

    const COLOUR: [u8; 3] = [200, 90, 30];
    /// The same in video range (BT.601): Y, U and V.
    const VIDEO: [u8; 3] = [118, 83, 177];

    fn frame(format: Format, width: usize, height: usize) -> Frame {
        let [y, u, v] = VIDEO;
        let bytes = match format {
            Format::Mjpeg => {
                let picture = RgbImage::from_pixel(width as u32, height as u32, Rgb(COLOUR));
                encode(picture.as_raw(), width as u32, height as u32, 95).unwrap()
            }
            Format::Yuyv => [y, u, y, v].repeat(width * height / 2),
            Format::Nv12 => [vec![y; width * height], [u, v].repeat(width * height / 4)].concat(),
        };
        Frame { format, width, height, bytes }
    }

    fn alike(picture: &RgbImage) -> bool {
        let (x, y) = (picture.width() / 2, picture.height() / 3);
        picture.get_pixel(x, y).0.iter().zip(COLOUR).all(|(got, wanted)| got.abs_diff(wanted) < 8)
    }

    #[test]
    fn every_format_keeps_its_colours_and_its_size() {
        for format in [Format::Mjpeg, Format::Yuyv, Format::Nv12] {
            let frame = frame(format, 96, 64);
            let photo = scan::decode(&frame.jpeg().unwrap(), None).unwrap();
            assert_eq!(photo.dimensions(), (96, 64), "{format:?}");
            assert!(alike(&photo), "{format:?}: {:?}", photo.get_pixel(40, 20));
            let seen = frame.seen().unwrap();
            assert_eq!((seen.width, seen.height, seen.bytes.len()), (96, 64, 96 * 64 * 3 / 2), "{format:?}");
            assert!(alike(&scan::decode(&seen.preview().unwrap(), None).unwrap()), "{format:?}");
        }
    }

    #[test]
    fn luma_lies_where_it_was() {
        let mut frame = frame(Format::Yuyv, 96, 64);
        frame.bytes[(10 * 96 + 7) * 2] = 235;
        frame.bytes[(11 * 96 + 8) * 2] = 16;
        let seen = frame.seen().unwrap();
        assert_eq!((seen.bytes[10 * 96 + 7], seen.bytes[11 * 96 + 8]), (255, 0));
        assert_eq!(seen.bytes.iter().take(96 * 64).filter(|y| **y == 255 || **y == 0).count(), 2);
    }

    #[test]
    fn a_large_frame_is_looked_at_small_and_photographed_whole() {
        let frame = frame(Format::Mjpeg, 1920, 1080);
        let seen = frame.seen().unwrap();
        assert_eq!((seen.width, seen.height), (1280, 720));
        assert_eq!(frame.jpeg().unwrap(), frame.bytes, "not encoded twice");
    }

    #[test]
    fn what_a_driver_leaves_behind_a_frame_is_not_in_the_photo() {
        for format in [Format::Mjpeg, Format::Yuyv, Format::Nv12] {
            let clean = frame(format, 96, 64);
            let mut longer = frame(format, 96, 64);
            longer.bytes.extend([0xff, 0xd8, 7, 7, 0xff, 0xd9]);
            assert_eq!(longer.jpeg().unwrap(), clean.jpeg().unwrap(), "{format:?}");
        }
    }

    #[test]
    fn a_frame_that_is_none_is_refused() {
        for format in [Format::Mjpeg, Format::Yuyv, Format::Nv12] {
            let whole = frame(format, 96, 64);
            let cut = Frame { bytes: whole.bytes[..whole.bytes.len() / 2].to_vec(), ..whole };
            assert_eq!(cut.jpeg(), Err(Error::BadFrame), "{format:?}");
            assert_eq!(cut.seen().err(), Some(Error::BadFrame), "{format:?}");
            let nothing = Frame { format, width: 0, height: 0, bytes: Vec::new() };
            assert_eq!(nothing.seen().err(), Some(Error::BadFrame), "{format:?}");
        }
        for (width, height) in [(95, 64), (96, 63), (usize::MAX - 1, 2)] {
            let odd = Frame { width, height, ..frame(Format::Nv12, 96, 64) };
            assert_eq!(odd.seen().err(), Some(Error::BadFrame), "{width} × {height}");
        }
    }

    #[test]
    fn the_ranges_ends_are_the_full_ranges_ends() {
        assert_eq!([0, 16, 126, 235, 255].map(|y: usize| LUMA[y]), [0, 0, 128, 255, 255]);
        assert_eq!([0, 16, 128, 240, 255].map(|c: usize| CHROMA[c]), [0, 0, 128, 255, 255]);
    }
}
