//! Gathers assets once: pages of PDFs, photos, seamless patterns and cut-out things found under folders.
//!
//! Knows file formats; refuses to know what the pictures are used for. What cannot be read is passed over.

use crate::assets::{Sort, Stored};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};
use image::{DynamicImage, ImageFormat, imageops::FilterType};
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// Longer side in pixels of a stored page, a photo, a pattern and a thing.
const PAGE: u32 = 480;
const PHOTO: u32 = 640;
const PATTERN: u32 = 512;
const SMALLEST_PATTERN: u32 = 128;
const THING: u32 = 256;
/// Pages taken of one document, spread over it.
const PAGES_EACH: usize = 5;
/// Points; playing cards and symbols set as PDFs are no pages.
const SMALLEST_PAGE: f32 = 250.0;
const LARGEST_FILE: u64 = 40 << 20;

/// Everything usable below `folders`, in the order of the paths, at most `most_pages` pages.
pub fn gather(folders: &[PathBuf], most_pages: usize) -> Vec<Stored> {
    let mut paths = Vec::new();
    folders.iter().for_each(|folder| walk(folder, &mut paths));
    paths.sort();
    let documents: Vec<&PathBuf> = paths.iter().filter(|path| ending(path) == "pdf").collect();
    let mut stored = Vec::new();
    let mut pages = 0;
    for path in documents {
        if pages >= most_pages {
            break;
        }
        // A renderer that stumbles over one document costs that document.
        let found = catch_unwind(AssertUnwindSafe(|| document(path))).unwrap_or_default();
        pages += found.len();
        stored.extend(found);
    }
    stored.extend(paths.iter().filter_map(|path| picture(path)));
    stored
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            walk(&entry.path(), into);
        } else if kind.is_file() && entry.metadata().is_ok_and(|m| m.len() < LARGEST_FILE) {
            into.push(entry.path());
        }
    }
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase()
}

fn document(path: &Path) -> Vec<Stored> {
    let Some(pdf) = fs::read(path).ok().and_then(|bytes| Pdf::new(bytes).ok()) else { return Vec::new() };
    let pages = pdf.pages();
    let step = pages.len().div_ceil(PAGES_EACH).max(1);
    pages.iter().step_by(step).filter_map(render).collect()
}

fn render(page: &hayro::hayro_syntax::page::Page<'_>) -> Option<Stored> {
    let (width, height) = page.render_dimensions();
    if width.min(height) < SMALLEST_PAGE || width.max(height) > 4.0 * width.min(height) {
        return None;
    }
    // Twice as fine, then reduced: print becomes the grey it is from afar.
    let scale = 2.0 * PAGE as f32 / width.max(height);
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let bytes: Vec<u8> = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    let inked = bytes.iter().filter(|&&v| v < 200).count();
    if inked * 500 < bytes.len() {
        return None;
    }
    let whole = DynamicImage::from(image::RgbImage::from_raw(width, height, bytes)?);
    Some(reduced(&whole, PAGE, Sort::Page))
}

fn picture(path: &Path) -> Option<Stored> {
    let place = path.to_string_lossy();
    // Symbols of programs are no photos.
    if ["/icons/", "/themes/", "/texlive/", "/doc/", "/actions/", "/gimp/2.0/images/"]
        .iter()
        .any(|part| place.contains(part))
    {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    match ending(path).as_str() {
        "pat" => pattern(&bytes),
        "jpg" | "jpeg" | "png" | "webp" | "tga" => {
            // By its name where the file says nothing of itself, as TGA files do.
            let format = image::guess_format(&bytes).or_else(|_| ImageFormat::from_path(path)).ok()?;
            let image = image::load_from_memory_with_format(&bytes, format).ok()?;
            if place.contains("/stamps/") {
                thing(&image)
            } else if place.contains("/textures/") {
                surface(&image)
            } else if image.width().min(image.height()) >= 300 {
                Some(reduced(&image, PHOTO, Sort::Photo))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Opaque, large enough, something to see, and a picture of it: games also have maps of its bumps, which are blue.
fn surface(image: &DynamicImage) -> Option<Stored> {
    let means = image.thumbnail(32, 32).to_rgba8();
    let share = |of: fn(&[u8; 4]) -> bool| {
        means.pixels().filter(|p| of(&p.0)).count() as f32 / (means.width() * means.height()) as f32
    };
    let bumps = share(|p| p[2] > 170 && p[2] > p[0].max(p[1]) + 50);
    let usable = image.width().min(image.height()) >= SMALLEST_PATTERN
        && share(|p| p[3] < 250) == 0.0
        && bumps < 0.5
        && share(|p| p[..3].iter().all(|v| *v < 12)) < 0.5;
    usable.then(|| reduced(image, PATTERN, Sort::Pattern))
}

/// GIMP's pattern (devel-docs/pat.txt): a header of big-endian words, then the bytes.
fn pattern(bytes: &[u8]) -> Option<Stored> {
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (head, width, height, depth) = (word(0)?, word(8)?, word(12)?, word(16)?);
    if bytes.get(20..24)? != b"GPAT" || width.min(height) < 32 || width.max(height) > 4096 {
        return None;
    }
    let body = bytes.get(head as usize..)?.get(..(width * height * depth) as usize)?.to_vec();
    let image = match depth {
        1 => DynamicImage::from(image::GrayImage::from_raw(width, height, body)?),
        3 => DynamicImage::from(image::RgbImage::from_raw(width, height, body)?),
        4 => DynamicImage::from(image::RgbaImage::from_raw(width, height, body)?),
        _ => return None,
    };
    Some(reduced(&image, PATTERN, Sort::Pattern))
}

/// Cut out: at least a tenth transparent and a tenth opaque.
fn thing(image: &DynamicImage) -> Option<Stored> {
    let rgba = image.thumbnail(THING, THING).to_rgba8();
    let opaque = rgba.pixels().filter(|p| p.0[3] > 127).count() * 10;
    let all = (rgba.width() * rgba.height()) as usize;
    if opaque < all || opaque > all * 9 || rgba.width().min(rgba.height()) < 24 {
        return None;
    }
    Some(Stored { sort: Sort::Thing, width: rgba.width() as u16, height: rgba.height() as u16, bytes: rgba.into_raw() })
}

fn reduced(image: &DynamicImage, longest: u32, sort: Sort) -> Stored {
    let small = if image.width().max(image.height()) > longest {
        image.resize(longest, longest, FilterType::Triangle)
    } else {
        image.clone()
    };
    let rgb = small.to_rgb8();
    Stored { sort, width: rgb.width() as u16, height: rgb.height() as u16, bytes: rgb.into_raw() }
}
