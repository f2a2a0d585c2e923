//! How well a page can be read: tesseract's character errors on the raw crop, on a plain adaptive threshold, on our pages.

use super::{Face, Language, Light, Paper, Random, seen};
use image::GrayImage;
use scan::{Filter, Photo, Picture, Recipe, Turn, enhance};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// What tesseract is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    Raw,
    AdaptiveThreshold,
    Ours(Filter),
}

impl Given {
    pub const ALL: [Given; 5] = [
        Given::Raw,
        Given::AdaptiveThreshold,
        Given::Ours(Filter::Colour),
        Given::Ours(Filter::Grey),
        Given::Ours(Filter::BlackAndWhite),
    ];
}

/// OpenCV's `adaptiveThreshold(ADAPTIVE_THRESH_MEAN_C)`, whose very pixels these are farther than half a block from the
/// border (compared with OpenCV 5.0); block and constant as its tutorials and scanners have them at the size of a page.
const BLOCK: u32 = 31;
const BELOW_MEAN: i64 = 12;
const JPEG_QUALITY: u8 = 85;
const DPI: f32 = 200.0;

/// The share of characters that tesseract gets wrong for each of [`Given::ALL`], on one page of 9 to 12 points.
pub fn errors(light: Light, seed: u64) -> [f64; 5] {
    let mut random = Random::new(seed);
    let mut paper = Paper::new(1000, 1000, random.pick(&[[246, 245, 241], [236, 231, 218]]));
    let points = random.within(9.0, 12.0);
    let size = points * DPI / 72.0 * 1.15;
    let text = Language::English.paragraph(&mut random, 8);
    paper.flow(Face::Sans, size, 70.0, 110.0, 860.0, size * 1.35, &text);
    let (photo, quad) = seen(&paper.picture, light, 1.0, &mut random);
    let recipe = Recipe { quad: Some(quad), turn: Turn::None, filter: Filter::Original };
    let flat = Photo::from(photo).flatten(&recipe, u32::MAX).image;
    Given::ALL.map(|given| {
        let page = match given {
            Given::Raw => flat.clone(),
            Given::AdaptiveThreshold => Picture::Grey(adaptive_threshold(flat.clone())),
            Given::Ours(filter) => enhance(flat.clone(), filter),
        };
        let read = read(&page.encode(JPEG_QUALITY).expect("a page can be encoded"));
        wrong(&words(&paper.text), &words(&read))
    })
}

fn adaptive_threshold(page: Picture) -> GrayImage {
    let grey = page.into_grey();
    let (width, height) = grey.dimensions();
    let columns = width as usize + 1;
    let mut sums = vec![0i64; columns * (height as usize + 1)];
    for (x, y, value) in grey.enumerate_pixels() {
        let at = (y as usize + 1) * columns + x as usize + 1;
        sums[at] = i64::from(value[0]) + sums[at - 1] + sums[at - columns] - sums[at - columns - 1];
    }
    GrayImage::from_fn(width, height, |x, y| {
        let (left, top) = (x.saturating_sub(BLOCK / 2), y.saturating_sub(BLOCK / 2));
        let (right, bottom) = ((x + BLOCK / 2 + 1).min(width), (y + BLOCK / 2 + 1).min(height));
        let sum = |x: u32, y: u32| sums[y as usize * columns + x as usize];
        let area = i64::from((right - left) * (bottom - top));
        let mean = (sum(right, bottom) - sum(left, bottom) - sum(right, top) + sum(left, top) + area / 2) / area;
        image::Luma([if i64::from(grey.get_pixel(x, y)[0]) > mean - BELOW_MEAN { 255 } else { 0 }])
    })
}

/// What tesseract reads in a JPEG.
fn read(jpeg: &[u8]) -> String {
    let mut program = Command::new("tesseract")
        .args(["stdin", "stdout", "-l", "eng", "--psm", "6", "--dpi", "200"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tesseract is there: cargo xtask install");
    program.stdin.take().expect("a pipe").write_all(jpeg).expect("tesseract takes the page");
    let output = program.wait_with_output().expect("tesseract ends");
    assert!(output.status.success(), "tesseract could not read the page");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Levenshtein's distance as a share of the text's length.
fn wrong(text: &str, read: &str) -> f64 {
    let (text, read): (Vec<char>, Vec<char>) = (text.chars().collect(), read.chars().collect());
    let mut row: Vec<usize> = (0..=read.len()).collect();
    for (i, wanted) in text.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, got) in read.iter().enumerate() {
            let replaced = diagonal + usize::from(wanted != got);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[read.len()] as f64 / text.len().max(1) as f64
}
