//! A photo and its recipe to the page that goes into the document.

use crate::{
    Cleaned, DecodeError, PaperFormat, Recipe, Rectified, Turn,
    decode::{decode, reduce},
    enhance::enhance,
    find::bend,
    rectify::rectify_within,
};
use image::{GrayImage, RgbImage, codecs::jpeg::JpegEncoder, imageops};

/// A finished page as the PDF takes it.
#[derive(Debug, Clone)]
pub struct Page {
    pub jpeg: Vec<u8>,
    /// Pixels.
    pub width: u32,
    pub height: u32,
    /// One channel instead of three.
    pub grey: bool,
    pub format: PaperFormat,
}

/// JPEG quality of pictures for the screen.
const PREVIEW_QUALITY: u8 = 80;

/// Decodes the photo, applies the recipe, encodes: at the photo's own resolution, at most 300 dpi of the paper.
///
/// `jpeg_quality` is 1 to 100.
pub fn page(photo: &[u8], recipe: &Recipe, jpeg_quality: u8) -> Result<Page, DecodeError> {
    cook(decode(photo, None)?, recipe, jpeg_quality, u32::MAX)
}

/// The same page for the screen: neither side longer than `longest_side` pixels.
pub fn preview(photo: &[u8], recipe: &Recipe, longest_side: u32) -> Result<Page, DecodeError> {
    // The page may be a small part of the photo: keep enough of it for the size asked for.
    let part = recipe.quad.map_or(1.0, |quad| quad.area().clamp(0.05, 1.0).sqrt());
    let enough = (longest_side as f32 * 1.5 / part) as u32;
    cook(decode(photo, Some(enough.max(longest_side)))?, recipe, PREVIEW_QUALITY, longest_side)
}

fn cook(photo: RgbImage, recipe: &Recipe, quality: u8, longest: u32) -> Result<Page, DecodeError> {
    let Rectified { image, format } = match &recipe.quad {
        Some(quad) => {
            let flat = rectify_within(&photo, quad, bend(&photo, quad).as_ref(), longest);
            // It has served, and a large one is as much memory as the page itself.
            drop(photo);
            flat
        }
        None => Rectified { image: photo, format: PaperFormat::Free },
    };
    let upright = turned(reduce(image, longest), recipe.turn);
    let (width, height) = upright.dimensions();
    let (jpeg, grey) = match enhance(upright, recipe.filter) {
        Cleaned::Colour(picture) => (encode_colour(&picture, quality)?, false),
        Cleaned::Grey(picture) => (encode_grey(&picture, quality)?, true),
    };
    Ok(Page { jpeg, width, height, grey, format })
}

fn turned(picture: RgbImage, turn: Turn) -> RgbImage {
    match turn {
        Turn::None => picture,
        Turn::Right => imageops::rotate90(&picture),
        Turn::Half => imageops::rotate180(&picture),
        Turn::Left => imageops::rotate270(&picture),
    }
}

fn encode_colour(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100)).encode_image(picture);
    encoded.map(|()| out).map_err(|e| DecodeError::Damaged(e.to_string()))
}

fn encode_grey(picture: &GrayImage, quality: u8) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100)).encode_image(picture);
    encoded.map(|()| out).map_err(|e| DecodeError::Damaged(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Filter, Point, Quad};
    use image::ImageFormat;

    fn photo() -> Vec<u8> {
        let picture =
            RgbImage::from_fn(300, 400, |x, y| image::Rgb(if y < 200 && x < 150 { [40; 3] } else { [220; 3] }));
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, ImageFormat::Jpeg).unwrap();
        out.into_inner()
    }

    #[test]
    fn the_whole_photo_without_a_quad_turned_right() {
        let recipe = Recipe { turn: Turn::Right, filter: Filter::Original, ..Recipe::default() };
        let page = page(&photo(), &recipe, 85).unwrap();
        assert_eq!((page.width, page.height, page.grey, page.format), (400, 300, false, PaperFormat::Free));
        let picture = decode(&page.jpeg, None).unwrap();
        assert!(picture.get_pixel(390, 10)[0] < 60 && picture.get_pixel(10, 10)[0] > 200);
    }

    #[test]
    fn grey_pages_have_one_channel() {
        let quad = Quad([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)].map(|(x, y)| Point { x, y }));
        let recipe = Recipe { quad: Some(quad), turn: Turn::None, filter: Filter::BlackAndWhite };
        let page = page(&photo(), &recipe, 85).unwrap();
        assert!(page.grey);
        let decoded = image::load_from_memory(&page.jpeg).unwrap();
        assert_eq!(decoded.color(), image::ColorType::L8);
        assert_eq!((decoded.width(), decoded.height()), (page.width, page.height));
    }

    #[test]
    fn a_preview_keeps_to_its_size() {
        let page = preview(&photo(), &Recipe::default(), 120).unwrap();
        assert_eq!(page.width.max(page.height), 120);
    }
}
