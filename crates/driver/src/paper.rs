//! From photos to paper: a still is judged and sealed, pages become a PDF.

use crate::{
    ports::Undecoded,
    sealed,
    still::{Still, StillError, Trigger},
    trouble,
    works::Works,
};
use jiff::Timestamp;
use journey::{
    Aim, Document, DraftId, EffectId, NewPhoto, Outcome, Page, PhotoId, Shutter, Trouble, intent::Language,
    view::Warning,
};
use protocol::Reason;
use scan::{
    DecodeError, Filter, Photo, Quad, Recipe, Turn, Yuv,
    judge::{BLUR_TOO_MUCH, GLARE_TOO_MUCH, LIGHT_ENOUGH},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use vault::VaultError;

/// JPEG quality of a page, and of its second try where the document came out too large.
const QUALITIES: [u8; 2] = [85, 60];
/// Longer side, in pixels, of the photo that is searched for a page and judged.
const LOOKED_AT: u32 = 2000;
/// The same of the flat page whose print says which way it is read: more than that is not looked at.
const READ_AT: u32 = 1400;

/// Why a picture was not kept.
pub(crate) enum Unkept {
    Picture(DecodeError),
    Device(Undecoded),
    Vault(VaultError),
}

impl Unkept {
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Picture(error) => trouble::of_picture(error),
            Self::Device(undecoded) => trouble::of_device(*undecoded),
            Self::Vault(error) => trouble::of_vault(error),
        }
    }
}

impl Works {
    /// Seals a still of the camera. It is remembered only with the outcome this answers.
    pub async fn keep_still(&self, aim: Aim, still: Still) -> Result<Outcome, StillError> {
        let shutter = match still.trigger {
            Trigger::Automatic => Shutter::Automatic,
            Trigger::Manual => Shutter::Manual,
        };
        match self.keep_photo(still.jpeg).await {
            Ok(photo) => Ok(Outcome::Captured { draft: aim.draft, replaces: aim.replaces, photo, shutter }),
            Err(unkept) => {
                self.report(Outcome::NotSaved { trouble: unkept.trouble() });
                Err(if matches!(unkept, Unkept::Vault(VaultError::Full)) {
                    StillError::Full
                } else {
                    StillError::Failed
                })
            }
        }
    }

    /// Looks for the page on a picture, judges it, and seals it: as it came, or as the system decoded it.
    pub async fn keep_photo(&self, bytes: Vec<u8>) -> Result<NewPhoto, Unkept> {
        let bytes = self.legible(bytes).await.map_err(Unkept::Device)?;
        let id = PhotoId(self.draw());
        let (vault, rng) = (self.vault.clone(), self.ports.rng.clone());
        self.decoding(move || {
            let Looked { found, upright, warning } = look_at(&bytes).map_err(Unkept::Picture)?;
            let mut rng = crate::ports::Chance(&*rng);
            vault.put(&sealed::photo(id), &bytes, &mut rng).map_err(Unkept::Vault)?;
            Ok(NewPhoto { id, bytes: bytes.len() as u64, found, upright, warning })
        })
        .await
    }

    pub async fn make_pdf(&self, effect: EffectId, draft: DraftId, order: Order) {
        let outcome = match self.try_make_pdf(effect, Arc::new(order)).await {
            Ok(document) => Outcome::PdfMade { draft, document },
            Err(trouble) => Outcome::PdfFailed { effect, draft, trouble },
        };
        self.report(outcome);
    }

    async fn try_make_pdf(&self, id: EffectId, order: Arc<Order>) -> Result<Document, Trouble> {
        for quality in QUALITIES {
            let mut pages = Vec::with_capacity(order.pages.len());
            for page in &order.pages {
                pages.push(self.cook(page, quality).await?);
            }
            let (count, ordered) = (pages.len() as u32, order.clone());
            let pdf = self.blocking(move || write(&pages, &ordered)).await?;
            if pdf.len() as u64 <= order.limit {
                return self.keep_document(id, pdf, count, false).await.map_err(|error| trouble::of_vault(&error));
            }
        }
        Err(Trouble::File { reason: Reason::TooLarge })
    }

    /// One page at a time, so that one photo's pixels are in memory and not those of all.
    async fn cook(&self, page: &Page, quality: u8) -> Result<scan::Page, Trouble> {
        let photo = *page.faces.first().ok_or(Trouble::PageFailed)?;
        let vault = self.vault.clone();
        self.decoding(move || {
            let bytes = vault.get(&sealed::photo(photo.id)).map_err(|error| trouble::of_vault(&error))?;
            let bytes = bytes.ok_or(Trouble::PageFailed)?;
            scan::page(&bytes, &photo.recipe, quality).map_err(|_| Trouble::PageFailed)
        })
        .await
    }

    /// Seals a PDF, byte for byte.
    pub async fn keep_document(
        &self,
        id: EffectId,
        pdf: Vec<u8>,
        pages: u32,
        from_file: bool,
    ) -> Result<Document, VaultError> {
        self.with_vault(move |vault, rng| {
            vault.put(&sealed::document(id), &pdf, rng)?;
            let sha256 = Sha256::digest(&pdf).iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(Document { id, bytes: pdf.len() as u64, pages, sha256, from_file })
        })
        .await
    }
}

/// What a PDF is made of.
pub(crate) struct Order {
    pub pages: Vec<Page>,
    pub title: String,
    pub language: Option<Language>,
    pub at: Timestamp,
    /// Bytes.
    pub limit: u64,
}

fn write(pages: &[scan::Page], order: &Order) -> Result<Vec<u8>, Trouble> {
    let sheets: Vec<_> = pages.iter().map(sheet).collect();
    let language = match order.language {
        Some(Language::En) => "en",
        Some(Language::Fr) => "fr",
        Some(Language::De) => "de",
        // BCP 47: undetermined.
        None => "und",
    };
    let metadata = pdf::Metadata { title: &order.title, language, author: None, created: order.at.as_second() };
    pdf::write(&sheets, &metadata).map_err(|error| {
        tracing::error!(%error, "the PDF could not be made");
        Trouble::PageFailed
    })
}

fn sheet(page: &scan::Page) -> pdf::PageContent<'_> {
    let paper = page.format.millimetres().map(|(short_mm, long_mm)| pdf::PaperSize { short_mm, long_mm });
    pdf::PageContent { layout: pdf::Layout::Full(&page.jpeg), paper }
}

/// What a picture says by itself.
struct Looked {
    found: Option<Quad>,
    upright: Turn,
    /// Why it may be worth taking again, the gravest reason.
    warning: Option<Warning>,
}

fn look_at(bytes: &[u8]) -> Result<Looked, DecodeError> {
    let picture = scan::decode(bytes, Some(LOOKED_AT))?;
    let (nv21, size) = (scan::nv21_from_rgb(&picture), picture.dimensions());
    let photo = Photo::from(picture);
    let found = photo.find().map(|found| found.quad);
    let warning = warning(&nv21, size, found.as_ref());
    let recipe = Recipe { quad: found, turn: Turn::None, filter: Filter::Original };
    let flat = photo.flatten(&recipe, READ_AT).image;
    Ok(Looked { found, upright: scan::upright(&flat).unwrap_or_default(), warning })
}

fn warning(nv21: &[u8], (width, height): (u32, u32), found: Option<&Quad>) -> Option<Warning> {
    let frame = Yuv::nv21(nv21, width as usize, height as usize).ok()?;
    let judged = scan::judge(&frame, found);
    match found {
        _ if judged.light < LIGHT_ENOUGH => Some(Warning::TooDark),
        _ if judged.blur() > BLUR_TOO_MUCH => Some(Warning::Blurred),
        Some(_) if judged.glare > GLARE_TOO_MUCH => Some(Warning::Glare),
        Some(_) => None,
        None => Some(Warning::NoPageFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops};

    /// A page with lines of words as Latin script has them: strokes that rise above the small letters, full stops below.
    fn letter() -> RgbImage {
        let letter = |x: u32, y: u32, left: u32, line: u32| {
            let number = (left / 11).wrapping_mul(2_654_435_761).wrapping_add(line.wrapping_mul(40_503)) >> 8;
            let (x, y) = (x - left, y as i32 - 18);
            match number % 9 {
                // Between words, with a full stop now and then.
                0 => number.is_multiple_of(2) && (1..4).contains(&x) && (9..12).contains(&y),
                1 | 4 => (1..4).contains(&x) && (-9..12).contains(&y) || (0..8).contains(&x) && (0..12).contains(&y),
                _ => (0..8).contains(&x) && (0..12).contains(&y) && !((2..6).contains(&x) && (4..8).contains(&y)),
            }
        };
        RgbImage::from_fn(900, 1200, |x, y| {
            let paper = (120..780).contains(&x) && (120..1060).contains(&y);
            let (line, row) = (y / 36, y % 36);
            let print = (200..700).contains(&x) && (200..980).contains(&y) && letter(x, row, x / 11 * 11, line);
            let grain = ((x * 7 + y * 13) % 11) as u8;
            match (paper, paper && print) {
                (_, true) => Rgb([40 + grain, 38, 44]),
                (true, _) => Rgb([236 - grain, 235, 231]),
                _ => Rgb([92 + grain, 74, 60]),
            }
        })
    }

    fn jpeg(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
        bytes
    }

    #[test]
    fn a_letter_on_its_head_is_turned_upright() {
        let upright = letter();
        let looked = look_at(&jpeg(&upright)).unwrap();
        assert!(looked.found.is_some_and(|quad| (0.5..0.65).contains(&quad.area())), "{:?}", looked.found);
        assert_eq!((looked.upright, looked.warning), (Turn::None, None));
        let looked = look_at(&jpeg(&imageops::rotate180(&upright))).unwrap();
        assert_eq!(looked.upright, Turn::Half);
    }
}
