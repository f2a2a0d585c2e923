//! A picture as a camera delivers it, and as a JPEG. Knows pixels; refuses to know cameras, time and files.

use image::{ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder};

/// Tightly packed NV21: luma, then V and U in turns. Both sides are even.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nv21 {
    pub bytes: Vec<u8>,
    pub width: usize,
    pub height: usize,
}

/// Longer side of the preview's pictures.
const PREVIEW: usize = 640;

impl Nv21 {
    pub fn of(picture: &RgbImage) -> Self {
        let (width, height) = (picture.width() & !1, picture.height() & !1);
        let even = if (width, height) == picture.dimensions() {
            scan::nv21_from_rgb(picture)
        } else {
            scan::nv21_from_rgb(&image::imageops::crop_imm(picture, 0, 0, width, height).to_image())
        };
        Nv21 { bytes: even, width: width as usize, height: height as usize }
    }

    /// A small JPEG for the screen.
    pub fn preview(&self) -> Result<Vec<u8>, image::ImageError> {
        self.jpeg(PREVIEW, 72)
    }

    /// A JPEG whose longer side has at most `longest` pixels: the average of what each pixel covers.
    pub fn jpeg(&self, longest: usize, quality: u8) -> Result<Vec<u8>, image::ImageError> {
        let step = self.width.max(self.height).div_ceil(longest).max(1);
        let (width, height) = (self.width / step, self.height / step);
        let (luma, chroma) = self.bytes.split_at(self.width * self.height);
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                let sum: u32 = (0..step)
                    .flat_map(|line| &luma[(y * step + line) * self.width + x * step..][..step])
                    .map(|&v| u32::from(v))
                    .sum();
                let light = sum as f32 / (step * step) as f32;
                let at = (y * step / 2 * (self.width / 2) + x * step / 2) * 2;
                let (v, u) = (f32::from(chroma[at]) - 128.0, f32::from(chroma[at + 1]) - 128.0);
                // Full-range BT.601, the inverse of `scan::nv21_from_rgb`.
                rgb.extend([light + 1.402 * v, light - 0.344 * u - 0.714 * v, light + 1.772 * u].map(|c| c as u8));
            }
        }
        encode(&rgb, width as u32, height as u32, quality)
    }
}

/// Baseline JPEG of tightly packed RGB.
pub(crate) fn encode(rgb: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>, image::ImageError> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).write_image(rgb, width, height, image::ExtendedColorType::Rgb8)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_has_the_pictures_colours_and_is_small() {
        let large = Nv21::of(&RgbImage::from_pixel(1280, 960, image::Rgb([200, 90, 30])));
        let jpeg = large.preview().unwrap();
        let shown = scan::decode(&jpeg, None).unwrap();
        assert_eq!(shown.dimensions(), (640, 480));
        for (got, wanted) in shown.get_pixel(300, 200).0.into_iter().zip([200u8, 90, 30]) {
            assert!(got.abs_diff(wanted) < 6, "{:?}", shown.get_pixel(300, 200));
        }
    }
}
