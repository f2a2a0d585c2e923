//! A picture of one channel or three, eight bits each: a photo, a flat page, a clean one.
//!
//! Knows how pictures are turned, reduced and encoded; refuses to know what is on them.

use crate::{DecodeError, Turn};
use fast_image_resize as resize;
use image::{DynamicImage, GrayImage, RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder};
use std::borrow::Cow;

/// Grey where colour would only cost time and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    Colour(RgbImage),
    Grey(GrayImage),
}

impl From<RgbImage> for Picture {
    fn from(picture: RgbImage) -> Self {
        Picture::Colour(picture)
    }
}

impl From<GrayImage> for Picture {
    fn from(picture: GrayImage) -> Self {
        Picture::Grey(picture)
    }
}

impl Picture {
    /// Width and height in pixels.
    pub fn dimensions(&self) -> (u32, u32) {
        match self {
            Picture::Colour(picture) => picture.dimensions(),
            Picture::Grey(picture) => picture.dimensions(),
        }
    }

    /// Three channels, alike where there was one.
    pub fn into_colour(self) -> RgbImage {
        match self {
            Picture::Colour(picture) => picture,
            Picture::Grey(picture) => DynamicImage::from(picture).into_rgb8(),
        }
    }

    /// Luma as JPEG has it (ITU-R BT.601, all 256 levels).
    pub fn into_grey(self) -> GrayImage {
        match self {
            Picture::Grey(picture) => picture,
            Picture::Colour(picture) => {
                let luma = picture.as_raw().as_chunks().0.iter().map(luma).collect();
                GrayImage::from_raw(picture.width(), picture.height(), luma).unwrap_or_default()
            }
        }
    }

    /// A JPEG of `quality` 1 to 100, with three channels or one.
    pub fn encode(&self, quality: u8) -> Result<Vec<u8>, DecodeError> {
        let (raw, kind) = match self {
            Picture::Colour(picture) => (picture.as_raw(), ColorType::Rgb),
            Picture::Grey(picture) => (picture.as_raw(), ColorType::Luma),
        };
        let (width, height) = self.dimensions();
        let side =
            |pixels: u32| u16::try_from(pixels).map_err(|_| DecodeError::Damaged(format!("{pixels} pixels long")));
        let mut jpeg = Vec::new();
        let encoder = Encoder::new(&mut jpeg, quality.clamp(1, 100));
        let encoded = encoder.encode(raw, side(width)?, side(height)?, kind);
        encoded.map(|()| jpeg).map_err(|e| DecodeError::Damaged(e.to_string()))
    }

    pub(crate) fn turned(self, turn: Turn) -> Self {
        match self {
            Picture::Colour(picture) => Picture::Colour(turned(picture, turn)),
            Picture::Grey(picture) => Picture::Grey(turned(picture, turn)),
        }
    }

    pub(crate) fn mirror(&mut self) {
        match self {
            Picture::Colour(picture) => imageops::flip_horizontal_in_place(picture),
            Picture::Grey(picture) => imageops::flip_horizontal_in_place(picture),
        }
    }

    /// Reduced by averaging so that the longer side has at most `longest` pixels; smaller pictures stay as they are.
    pub(crate) fn reduce(self, longest: u32) -> Self {
        match self.reduced(longest) {
            Cow::Owned(reduced) => reduced,
            Cow::Borrowed(_) => self,
        }
    }

    /// Like [`Picture::reduce`], of a picture that is still needed.
    pub(crate) fn reduced(&self, longest: u32) -> Cow<'_, Self> {
        let (width, height) = self.dimensions();
        let larger = width.max(height);
        let longest = longest.max(1);
        if larger <= longest {
            return Cow::Borrowed(self);
        }
        let scaled = |side: u32| (u64::from(side) * u64::from(longest) / u64::from(larger)).max(1) as u32;
        let to = (scaled(width), scaled(height));
        Cow::Owned(match self {
            Picture::Colour(picture) => {
                let reduced = averaged(picture.as_raw(), (width, height), to, resize::PixelType::U8x3);
                let reduced = reduced.and_then(|raw| RgbImage::from_raw(to.0, to.1, raw));
                Picture::Colour(reduced.unwrap_or_else(|| imageops::thumbnail(picture, to.0, to.1)))
            }
            Picture::Grey(picture) => {
                let reduced = averaged(picture.as_raw(), (width, height), to, resize::PixelType::U8);
                let reduced = reduced.and_then(|raw| GrayImage::from_raw(to.0, to.1, raw));
                Picture::Grey(reduced.unwrap_or_else(|| imageops::thumbnail(picture, to.0, to.1)))
            }
        })
    }
}

/// Of red, green and blue.
pub(crate) fn luma(pixel: &[u8; 3]) -> u8 {
    let [r, g, b] = pixel.map(u32::from);
    ((77 * r + 150 * g + 29 * b + 128) >> 8) as u8
}

fn turned<P: image::Pixel + 'static>(
    mut picture: image::ImageBuffer<P, Vec<P::Subpixel>>,
    turn: Turn,
) -> image::ImageBuffer<P, Vec<P::Subpixel>> {
    match turn {
        Turn::None => picture,
        Turn::Right => imageops::rotate90(&picture),
        Turn::Half => {
            imageops::rotate180_in_place(&mut picture);
            picture
        }
        Turn::Left => imageops::rotate270(&picture),
    }
}

fn averaged(raw: &[u8], from: (u32, u32), to: (u32, u32), kind: resize::PixelType) -> Option<Vec<u8>> {
    let source = resize::images::ImageRef::new(from.0, from.1, raw, kind).ok()?;
    let mut target = resize::images::Image::new(to.0, to.1, kind);
    let options = resize::ResizeOptions::new().resize_alg(resize::ResizeAlg::Convolution(resize::FilterType::Hamming));
    resize::Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(target.into_vec())
}
