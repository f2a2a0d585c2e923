//! A picture file, whole or damaged, and any recipe: decode, find the page, flatten, clean.
//!
//! Most files are made here and then damaged: bytes by chance never get past a decoder's first look.

#![no_main]

use image::{ImageFormat, RgbImage};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use scan::{Filter, Photo, Point, Quad, Recipe, Turn};
use std::io::Cursor;

#[derive(Debug, Arbitrary)]
struct Case {
    file: File,
    /// x and y of the corners in fractions of the photo, any float there is.
    quad: Option<[f32; 8]>,
    turn: u8,
    filter: u8,
    longest_side: u16,
    quality: u8,
}

#[derive(Debug, Arbitrary)]
enum File {
    AsItIs(Vec<u8>),
    Made { width: u8, height: u8, format: u8, pixels: Vec<u8>, damage: Vec<(u16, u8)>, cut: Option<u16> },
}

impl File {
    fn bytes(self) -> Vec<u8> {
        match self {
            File::AsItIs(bytes) => bytes,
            File::Made { width, height, format, pixels, damage, cut } => {
                let at = |i: usize| pixels.get(i % pixels.len().max(1)).copied().unwrap_or(128);
                let (width, height) = (u32::from(width) + 1, u32::from(height) + 1);
                let picture = RgbImage::from_fn(width, height, |x, y| {
                    let i = (x / 8 + y / 8 * 32) as usize;
                    image::Rgb([at(3 * i), at(3 * i + 1), at(3 * i + 2)])
                });
                let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
                let mut bytes = Cursor::new(Vec::new());
                picture.write_to(&mut bytes, formats[usize::from(format) % 3]).expect("a picture can be written");
                let mut bytes = bytes.into_inner();
                let length = bytes.len();
                for (at, bits) in damage.into_iter().take(8) {
                    bytes[usize::from(at) % length] ^= bits;
                }
                bytes.truncate(cut.map_or(length, usize::from));
                bytes
            }
        }
    }
}

fuzz_target!(|case: Case| {
    let turn = [Turn::None, Turn::Right, Turn::Half, Turn::Left][usize::from(case.turn) % 4];
    let filter = [Filter::Original, Filter::Colour, Filter::Grey, Filter::BlackAndWhite][usize::from(case.filter) % 4];
    let quad = case.quad.map(|v| Quad(std::array::from_fn(|i| Point { x: v[2 * i], y: v[2 * i + 1] })));
    let file = case.file.bytes();
    let Ok(photo) = scan::decode(&file, Some(1024)) else { return };
    let found = Photo::from(photo).find().map(|found| found.quad);
    let recipe = Recipe { quad: quad.or(found), turn, filter };
    let page = scan::page(&file, &recipe, case.quality);
    if let Ok(page) = page {
        let read = image::load_from_memory(&page.jpeg).expect("a page is a JPEG that can be read");
        assert_eq!((read.width(), read.height()), (page.width, page.height));
    }
    let _ = scan::preview(&file, &recipe, u32::from(case.longest_side));
});
