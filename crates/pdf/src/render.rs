//! A page as a picture, so that a person sees what is about to be sent: drawn from the PDF's own bytes.
//!
//! Refuses to know: screens, and whether the PDF may be taken at all ([`crate::inspect`] comes first for a stranger's).

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};
use image::codecs::jpeg::JpegEncoder;

/// Longest side of a [`Picture`] in pixels, whatever width is asked for.
pub const MAX_SIDE: u16 = 4096;

/// Small print stays readable at this JPEG quality, and a page encodes in a tenth of the time a PNG takes.
const QUALITY: u8 = 90;

/// A drawn page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A baseline JPEG file, on white.
    pub jpeg: Vec<u8>,
    /// In pixels, 1 to [`MAX_SIDE`].
    pub width: u16,
    pub height: u16,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the PDF cannot be read")]
    Unreadable,
    #[error("the PDF has no page {0}")]
    NoSuchPage(usize),
    #[error("the picture could not be encoded")]
    Encode,
}

/// Draws one page, `page` counting from 0, `width` pixels wide: narrower where the page would otherwise be longer than
/// [`MAX_SIDE`], and at least one pixel. What the page holds besides what hayro can draw stays white.
pub fn render(pdf: &[u8], page: usize, width: u16) -> Result<Picture, RenderError> {
    let pdf = Pdf::new(pdf.to_vec()).map_err(|_| RenderError::Unreadable)?;
    let page = pdf.pages().get(page).ok_or(RenderError::NoSuchPage(page))?;
    let (page_width, page_height) = page.render_dimensions();
    let (width, height) = size(page_width, page_height, width);

    // hayro rounds down; the hundredth keeps a float's error from costing a column.
    let scale = |pixels: u16, length: f32| (f32::from(pixels) + 0.01) / length;
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale(width, page_width), y_scale: scale(height, page_height), bg_color: WHITE },
    );
    let (width, height) = (pixmap.width(), pixmap.height());
    // The ground is opaque, so premultiplied and plain colours are the same.
    let rgb: Vec<u8> = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    drop(pixmap);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode(&rgb, width.into(), height.into(), image::ExtendedColorType::Rgb8)
        .map_err(|_| RenderError::Encode)?;
    Ok(Picture { jpeg, width, height })
}

/// The picture's size for a page of any proportions.
fn size(page_width: f32, page_height: f32, width: u16) -> (u16, u16) {
    let longest = f32::from(MAX_SIDE);
    let width = f32::from(width.clamp(1, MAX_SIDE)).min(longest * page_width / page_height);
    let height = width * page_height / page_width;
    let whole = |length: f32| length.round().clamp(1.0, longest) as u16;
    (whole(width), whole(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_the_page_s_proportions_within_the_limit() {
        assert_eq!(size(595.0, 842.0, 1190), (1190, 1684));
        assert_eq!(size(100.0, 100.0, u16::MAX), (MAX_SIDE, MAX_SIDE));
        assert_eq!(size(10.0, 10_000.0, 1000), (4, MAX_SIDE));
        assert_eq!(size(14_400.0, 3.0, 500), (500, 1));
        assert_eq!(size(595.0, 842.0, 0), (1, 1));
    }
}
