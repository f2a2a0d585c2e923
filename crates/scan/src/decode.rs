//! A photo's bytes to pixels, within hard limits. Knows formats and which way is up; refuses to know where the bytes came
//! from.

use crate::{Drawing, Picture, Turn};
use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    error::LimitErrorKind, metadata::Orientation,
};
use std::{cell::OnceCell, io::Cursor};
use zune_jpeg::{
    JpegDecoder, SampleRatios,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// No picture larger than this is decoded: about 190 MB as RGB, more than any phone's usual photo.
pub const MAX_PIXELS: u64 = 64_000_000;

/// Why bytes did not become a picture, as far as a screen treats it differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("not a JPEG, PNG or WebP picture")]
    Unsupported,
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("the picture has {megapixels} megapixels, more than {} can be taken", MAX_PIXELS / 1_000_000)]
    TooLarge { megapixels: u64 },
}

/// What of a photo is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    Colour,
    /// Of most JPEGs the chroma need not be decoded, which takes a third of the memory and half of the time.
    Luma,
}

/// A decoded photo. Its pixels stay as they lie in the file: turning 12 megapixels costs as much memory again, and who
/// samples them can turn as well.
#[derive(Debug, Clone)]
pub struct Photo {
    pub(crate) pixels: Picture,
    /// What makes the pixels upright.
    pub(crate) turn: Turn,
    /// What is looked at when a page is searched for: reading 12 megapixels once is enough.
    small: OnceCell<Picture>,
    /// What the net said of it.
    pub(crate) drawing: OnceCell<Drawing>,
}

/// Longer side, in pixels, at which a photo's edges are refined.
const SMALL: u32 = 1600;

impl Photo {
    /// Decodes JPEG, PNG or WebP, reads the EXIF orientation, lays transparency on white.
    ///
    /// With `longest_side` the picture is reduced so that neither side is longer; it is never enlarged.
    pub fn decode(bytes: &[u8], longest_side: Option<u32>, wanted: Channels) -> Result<Photo, DecodeError> {
        let format = image::guess_format(bytes).map_err(|_| DecodeError::Unsupported)?;
        if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
            return Err(DecodeError::Unsupported);
        }
        let reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut decoder = reader.into_decoder().map_err(reason)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MAX_PIXELS {
            return Err(DecodeError::TooLarge { megapixels: pixels / 1_000_000 });
        }
        let mut limits = Limits::default();
        // Sixteen bits and alpha at most; decoders need about as much again for themselves.
        limits.max_alloc = Some(MAX_PIXELS * 8);
        decoder.set_limits(limits).map_err(reason)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let luma = if wanted == Channels::Luma && format == ImageFormat::Jpeg { luma_of_jpeg(bytes) } else { None };
        let picture = match (luma, wanted) {
            (Some(luma), _) => Picture::Grey(luma),
            (None, Channels::Colour) => Picture::Colour(colour(decoder)?),
            (None, Channels::Luma) => Picture::Grey(Picture::Colour(colour(decoder)?).into_grey()),
        };
        if picture.dimensions().0 == 0 || picture.dimensions().1 == 0 {
            return Err(DecodeError::Damaged("no pixels".into()));
        }
        let pixels = match longest_side {
            Some(side) => picture.reduce(side),
            None => picture,
        };
        Ok(Photo::lying(pixels, orientation))
    }

    fn lying(mut pixels: Picture, orientation: Orientation) -> Photo {
        let (mirrored, turn) = match orientation {
            Orientation::NoTransforms => (false, Turn::None),
            Orientation::Rotate90 => (false, Turn::Right),
            Orientation::Rotate180 => (false, Turn::Half),
            Orientation::Rotate270 => (false, Turn::Left),
            Orientation::FlipHorizontal => (true, Turn::None),
            Orientation::FlipVertical => (true, Turn::Half),
            // Turned, then mirrored left to right: the same as mirrored and then turned the other way.
            Orientation::Rotate90FlipH => (true, Turn::Left),
            Orientation::Rotate270FlipH => (true, Turn::Right),
        };
        if mirrored {
            pixels.mirror();
        }
        Photo::new(pixels, turn)
    }

    pub(crate) fn new(pixels: Picture, turn: Turn) -> Photo {
        Photo { pixels, turn, small: OnceCell::new(), drawing: OnceCell::new() }
    }

    /// Upright pixels.
    pub fn upright(self) -> RgbImage {
        self.pixels.turned(self.turn).into_colour()
    }

    /// The pixels as they lie, neither side longer than [`SMALL`].
    pub(crate) fn small(&self) -> &Picture {
        match self.pixels.dimensions() {
            (width, height) if width.max(height) <= SMALL => &self.pixels,
            _ => self.small.get_or_init(|| self.pixels.reduced(SMALL).into_owned()),
        }
    }

    /// Width and height in pixels once upright.
    pub(crate) fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.pixels.dimensions();
        match self.turn {
            Turn::None | Turn::Half => (width, height),
            Turn::Right | Turn::Left => (height, width),
        }
    }
}

impl<P: Into<Picture>> From<P> for Photo {
    fn from(upright: P) -> Self {
        Photo::new(upright.into(), Turn::None)
    }
}

/// [`Photo::decode`] in colour, upright.
pub fn decode(bytes: &[u8], longest_side: Option<u32>) -> Result<RgbImage, DecodeError> {
    Photo::decode(bytes, longest_side, Channels::Colour).map(Photo::upright)
}

fn colour(decoder: impl ImageDecoder) -> Result<RgbImage, DecodeError> {
    let picture = DynamicImage::from_decoder(decoder).map_err(reason)?;
    Ok(if picture.color().has_alpha() { on_white(&picture) } else { picture.into_rgb8() })
}

/// The luma that a JPEG has as a channel of its own, where it is one of those that phones make. Of any other, and of what is
/// damaged, nothing: who decodes the colours has the words for it.
fn luma_of_jpeg(bytes: &[u8]) -> Option<GrayImage> {
    // As lenient as the `image` crate is with the same decoder.
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    // zune-jpeg 0.5.15 loses every second row of luma alone where chroma has half the height and all of the width.
    let usual = matches!(info.sample_ratio, SampleRatios::None | SampleRatios::H | SampleRatios::HV);
    match (decoder.input_colorspace()?, info.components) {
        (ColorSpace::Luma, 1) => {}
        (ColorSpace::YCbCr, 3) if usual => {}
        _ => return None,
    }
    decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::Luma));
    GrayImage::from_raw(info.width.into(), info.height.into(), decoder.decode().ok()?)
}

fn reason(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(_) => DecodeError::Unsupported,
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::Unsupported { .. } => DecodeError::Unsupported,
            _ => DecodeError::TooLarge { megapixels: MAX_PIXELS / 1_000_000 },
        },
        other => DecodeError::Damaged(other.to_string()),
    }
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    let rgba = picture.to_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in out.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from[3]);
        to.0 = std::array::from_fn(|c| ((u32::from(from[c]) * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png(picture: DynamicImage) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let picture = RgbImage::from_fn(40, 20, |x, _| image::Rgb(if x < 20 { [250; 3] } else { [5; 3] }));
        picture.write_to(&mut out, ImageFormat::Jpeg).unwrap();
        out.into_inner()
    }

    /// An EXIF block that says 'turn right to be upright'.
    fn turned_by_exif(jpeg: &[u8]) -> Vec<u8> {
        with_exif(jpeg, 6)
    }

    /// An EXIF block with an orientation, put behind the JPEG's first marker.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif =
            b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif[29] = orientation;
        exif.splice(0..0, jpeg[..2].iter().copied());
        exif.extend_from_slice(&jpeg[2..]);
        exif
    }

    #[test]
    fn exif_orientation_is_applied() {
        let upright = decode(&turned_by_exif(&jpeg()), None).unwrap();
        assert_eq!(upright.dimensions(), (20, 40));
        assert!(upright.get_pixel(10, 5)[0] > 200 && upright.get_pixel(10, 35)[0] < 50, "left half belongs on top");
    }

    #[test]
    fn every_orientation_is_what_the_image_crate_makes_of_it() {
        let picture = RgbImage::from_fn(3, 2, |x, y| image::Rgb([x as u8, y as u8, 9]));
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut wanted = DynamicImage::ImageRgb8(picture.clone());
            wanted.apply_orientation(orientation);
            let photo = Photo::lying(picture.clone().into(), orientation);
            assert_eq!(photo.upright_size(), (wanted.width(), wanted.height()));
            assert_eq!(photo.upright(), wanted.into_rgb8(), "orientation {exif}");
        }
    }

    #[test]
    fn luma_alone_is_the_luma_of_the_whole() {
        use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
        let soft = |v: u32| (120.0 + 25.0 * (f64::from(v) * 0.13).sin()) as u8;
        let picture = RgbImage::from_fn(61, 147, |x, y| image::Rgb([soft(x), soft(y + 9), soft(x + y)]));
        let grey = Picture::from(picture.clone()).into_grey();
        let mut files = vec![png(picture.clone().into()), Picture::Grey(grey).encode(95).unwrap()];
        let samplings = [
            SamplingFactor::F_1_1,
            SamplingFactor::F_2_1,
            SamplingFactor::F_1_2,
            SamplingFactor::F_2_2,
            SamplingFactor::F_4_1,
        ];
        for (sampling, progressive) in samplings.into_iter().flat_map(|sampling| [(sampling, false), (sampling, true)])
        {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 95);
            encoder.set_sampling_factor(sampling);
            encoder.set_progressive(progressive);
            encoder.encode(picture.as_raw(), 61, 147, ColorType::Rgb).unwrap();
            files.extend([2, 5, 6, 7].map(|orientation| with_exif(&file, orientation)));
            files.push(file);
        }
        for (number, file) in files.iter().enumerate() {
            let [luma, colour] = [Channels::Luma, Channels::Colour]
                .map(|wanted| Picture::from(Photo::decode(file, None, wanted).unwrap().upright()).into_grey());
            assert_eq!(luma.dimensions(), colour.dimensions(), "file {number}");
            let off = luma.as_raw().iter().zip(colour.as_raw()).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off < Some(6), "file {number}: {off:?}");
        }
    }

    #[test]
    fn reduced_to_the_longest_side_and_never_enlarged() {
        assert_eq!(decode(&jpeg(), Some(10)).unwrap().dimensions(), (10, 5));
        assert_eq!(decode(&jpeg(), Some(1000)).unwrap().dimensions(), (40, 20));
    }

    #[test]
    fn transparency_is_laid_on_white() {
        let clear = image::RgbaImage::from_pixel(4, 4, image::Rgba([0, 0, 0, 0]));
        assert_eq!(decode(&png(clear.into()), None).unwrap().get_pixel(1, 1).0, [255; 3]);
    }

    #[test]
    fn two_hundred_megapixels_are_refused_by_the_header_alone() {
        let mut bytes = png(RgbImage::new(2, 2).into());
        bytes[16..20].copy_from_slice(&20_000u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&10_000u32.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(decode(&bytes, None), Err(DecodeError::TooLarge { megapixels: 200 }));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, &b| {
            (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn what_is_no_picture_says_so() {
        assert_eq!(decode(b"%PDF-1.7", None), Err(DecodeError::Unsupported));
        assert_eq!(decode(b"", None), Err(DecodeError::Unsupported));
        assert_eq!(decode(b"GIF89a\x01\0\x01\0\0\0\0;", None), Err(DecodeError::Unsupported));
        assert!(matches!(decode(&png(RgbImage::new(9, 9).into())[..40], None), Err(DecodeError::Damaged(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn damaged_bytes_never_panic(at in 0usize..700, value in any::<u8>(), cut in 0usize..700, kind in 0..3) {
            let mut bytes = match kind {
                0 => jpeg(),
                1 => turned_by_exif(&jpeg()),
                _ => png(RgbImage::from_fn(30, 30, |x, y| image::Rgb([x as u8 * 8, y as u8 * 8, 90])).into()),
            };
            let length = bytes.len();
            bytes[at % length] = value;
            bytes.truncate(length.saturating_sub(cut % 60));
            let _ = decode(&bytes, Some(16));
            let _ = Photo::decode(&bytes, Some(16), Channels::Luma);
        }
    }
}
