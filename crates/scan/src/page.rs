//! A photo and its recipe to the page that goes into the document.

use crate::{DecodeError, PaperFormat, Photo, Picture, Recipe, Rectified, enhance::enhance, rectify::rectify};

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
    finish(Photo::decode(photo, None, recipe.filter.needs())?.flatten(recipe, u32::MAX), recipe, jpeg_quality)
}

/// The same page for the screen: neither side longer than `longest_side` pixels.
pub fn preview(photo: &[u8], recipe: &Recipe, longest_side: u32) -> Result<Page, DecodeError> {
    // The page may be a small part of the photo: keep enough of it for the size asked for.
    let part = recipe.quad.map_or(1.0, |quad| quad.area().clamp(0.05, 1.0).sqrt());
    let enough = (longest_side as f32 * 1.5 / part) as u32;
    let photo = Photo::decode(photo, Some(enough.max(longest_side)), recipe.filter.needs())?;
    finish(photo.flatten(recipe, longest_side), recipe, PREVIEW_QUALITY)
}

fn finish(flat: Rectified, recipe: &Recipe, quality: u8) -> Result<Page, DecodeError> {
    let Rectified { image, format } = flat;
    let (width, height) = image.dimensions();
    let clean = enhance(image, recipe.filter);
    let grey = matches!(clean, Picture::Grey(_));
    Ok(Page { jpeg: clean.encode(quality)?, width, height, grey, format })
}

impl Photo {
    /// The recipe's page before its filter: flat, turned, neither side longer than `longest` pixels. The photo is gone
    /// afterwards: a large one is as much memory as the page.
    pub fn flatten(self, recipe: &Recipe, longest: u32) -> Rectified {
        match &recipe.quad {
            Some(quad) => rectify(&self, quad, self.bend(quad).as_ref(), recipe.turn, longest),
            None => {
                let image = self.pixels.reduce(longest).turned(self.turn.then(recipe.turn));
                Rectified { image, format: PaperFormat::Free }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Filter, Point, Quad, Turn, decode};
    use image::{ImageFormat, RgbImage};

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
