//! A flat page made clean: light evened out, ink kept. Knows paper and ink; refuses to know where the page lay.

use crate::{Filter, plane::Plane};
use image::{GrayImage, RgbImage};

/// A cleaned page; grey where colour would only cost bytes.
#[derive(Debug, Clone)]
pub enum Cleaned {
    Colour(RgbImage),
    Grey(GrayImage),
}

/// Light is estimated on a grid whose cells are this share of the longer side.
const CELL: f32 = 1.0 / 72.0;
/// Print and small pictures up to this many cells wide are bridged when looking for paper.
const BRIDGE_CELLS: usize = 5;
/// The paper's value in a cell: most of a cell is paper, noise lies above it.
const PAPER_QUANTILE: f32 = 0.8;
/// Darker than this share of the page's brightest light is no paper in shadow but a dark page: it stays dark.
const DARKEST_PAPER: f32 = 0.28;
/// Evened-out values above this share of paper become white: paper grain and noise vanish.
const WHITE_POINT: f32 = 0.93;
/// Evened-out values below this share become black.
const BLACK_POINT: f32 = 0.08;
/// Sauvola & Pietikäinen, Adaptive document image binarization (2000): k, R, and the window as a share of the width.
const SAUVOLA_K: f32 = 0.22;
const SAUVOLA_RANGE: f32 = 128.0;
const SAUVOLA_WINDOW: f32 = 1.0 / 45.0;

/// Applies `filter` to a flat page.
pub fn enhance(page: RgbImage, filter: Filter) -> Cleaned {
    match filter {
        Filter::Original => Cleaned::Colour(page),
        Filter::Colour => Cleaned::Colour(evened(page)),
        Filter::Grey => Cleaned::Grey(grey(&evened(page))),
        Filter::BlackAndWhite => Cleaned::Grey(binarize(&grey(&evened(page)))),
    }
}

/// Divides each channel by the paper's own light there, so that white paper is white and ink keeps its colour.
fn evened(mut page: RgbImage) -> RgbImage {
    let light = light(&page);
    let (width, height) = page.dimensions();
    let to_grid = |at: u32, side: u32, cells: usize| (at as f32 + 0.5) * cells as f32 / side as f32 - 0.5;
    let columns: Vec<f32> = (0..width).map(|x| to_grid(x, width, light[0].width)).collect();
    let mut row_light: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; light[0].width]);
    for (y, row) in page.as_mut().chunks_exact_mut(width as usize * 3).enumerate() {
        let gy = to_grid(y as u32, height, light[0].height);
        for (line, plane) in row_light.iter_mut().zip(&light) {
            (0..plane.width).for_each(|gx| line[gx] = plane.sample(gx as f32, gy));
        }
        for (pixel, gx) in row.chunks_exact_mut(3).zip(&columns) {
            let left = (gx.max(0.0) as usize).min(light[0].width - 1);
            let right = (left + 1).min(light[0].width - 1);
            let part = (gx - left as f32).clamp(0.0, 1.0);
            for (value, line) in pixel.iter_mut().zip(&row_light) {
                let paper = line[left] + (line[right] - line[left]) * part;
                let share = f32::from(*value) / paper;
                let stretched = (share - BLACK_POINT) / (WHITE_POINT - BLACK_POINT);
                *value = (stretched * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
            }
        }
    }
    page
}

/// The light on the paper for each channel, on a coarse grid.
fn light(page: &RgbImage) -> [Plane; 3] {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let cell = ((width.max(height) as f32 * CELL) as usize).max(4);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let mut planes: [Plane; 3] = std::array::from_fn(|_| Plane::new(columns, rows));
    let step = (cell / 12).max(1);
    let mut values: [Vec<f32>; 3] = Default::default();
    for row in 0..rows {
        for column in 0..columns {
            values.iter_mut().for_each(Vec::clear);
            for y in (row * cell..((row + 1) * cell).min(height)).step_by(step) {
                for x in (column * cell..((column + 1) * cell).min(width)).step_by(step) {
                    let at = (y * width + x) * 3;
                    (0..3).for_each(|c| values[c].push(f32::from(page.as_raw()[at + c])));
                }
            }
            for (plane, values) in planes.iter_mut().zip(&mut values) {
                plane.data[row * columns + column] = crate::plane::quantile(values, PAPER_QUANTILE);
            }
        }
    }
    planes.map(|plane| {
        let brightest = plane.quantile(0.98);
        let floor = (brightest * DARKEST_PAPER).max(24.0);
        plane.close(BRIDGE_CELLS).map(|v| v.max(floor)).smooth().smooth().smooth()
    })
}

fn grey(page: &RgbImage) -> GrayImage {
    let (width, height) = page.dimensions();
    let luma = page.as_raw().chunks_exact(3).map(|p| {
        let [r, g, b] = [p[0], p[1], p[2]].map(u32::from);
        ((77 * r + 150 * g + 29 * b + 128) >> 8) as u8
    });
    GrayImage::from_raw(width, height, luma.collect()).unwrap_or_else(|| GrayImage::new(width, height))
}

/// Sauvola's threshold with running column sums: memory for a few rows, not for the page.
fn binarize(page: &GrayImage) -> GrayImage {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let radius = ((width as f32 * SAUVOLA_WINDOW) as usize / 2).clamp(4, 100);
    let raw = page.as_raw();
    let mut sums = vec![0u32; width];
    let mut squares = vec![0u32; width];
    let mut out = GrayImage::new(width as u32, height as u32);
    let mut rows = 0usize;
    let add = |sums: &mut [u32], squares: &mut [u32], y: usize, sign: bool| {
        for ((sum, square), &v) in sums.iter_mut().zip(squares).zip(&raw[y * width..][..width]) {
            let v = u32::from(v);
            if sign {
                *sum += v;
                *square += v * v;
            } else {
                *sum -= v;
                *square -= v * v;
            }
        }
    };
    for y in 0..radius.min(height) {
        add(&mut sums, &mut squares, y, true);
        rows += 1;
    }
    for (y, row) in out.as_mut().chunks_exact_mut(width).enumerate() {
        if y + radius < height {
            add(&mut sums, &mut squares, y + radius, true);
            rows += 1;
        }
        if y > radius {
            add(&mut sums, &mut squares, y - radius - 1, false);
            rows -= 1;
        }
        let (mut sum, mut square) = (0u64, 0u64);
        for x in 0..radius.min(width) {
            sum += u64::from(sums[x]);
            square += u64::from(squares[x]);
        }
        for (x, value) in row.iter_mut().enumerate() {
            if x + radius < width {
                sum += u64::from(sums[x + radius]);
                square += u64::from(squares[x + radius]);
            }
            if x > radius {
                sum -= u64::from(sums[x - radius - 1]);
                square -= u64::from(squares[x - radius - 1]);
            }
            let columns = (x + radius).min(width - 1) + 1 - x.saturating_sub(radius);
            let count = (columns * rows) as f32;
            let mean = sum as f32 / count;
            let deviation = (square as f32 / count - mean * mean).max(0.0).sqrt();
            let threshold = mean * (1.0 + SAUVOLA_K * (deviation / SAUVOLA_RANGE - 1.0));
            *value = if f32::from(raw[y * width + x]) > threshold { 255 } else { 0 };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paper under light that falls from left to right, black print lines and a red stamp.
    fn page() -> RgbImage {
        RgbImage::from_fn(600, 800, |x, y| {
            let light = 1.0 - 0.55 * x as f32 / 600.0;
            let stamp = (300..360).contains(&x) && (700..760).contains(&y);
            let print = y % 24 < 4 && (60..540).contains(&x) && y < 650 && x % 9 < 6;
            let paper = if stamp {
                [210.0, 40.0, 50.0]
            } else if print {
                [30.0; 3]
            } else {
                [240.0, 236.0, 228.0]
            };
            image::Rgb(paper.map(|v| (v * light) as u8))
        })
    }

    #[test]
    fn shadow_becomes_white_paper_and_ink_stays() {
        let Cleaned::Colour(clean) = enhance(page(), Filter::Colour) else { panic!("colour expected") };
        for (x, y) in [(30, 400), (300, 682), (570, 400), (580, 780)] {
            assert!(clean.get_pixel(x, y).0.iter().all(|&v| v > 235), "paper at {x},{y}: {:?}", clean.get_pixel(x, y));
        }
        for x in [63, 540 - 9] {
            assert!(clean.get_pixel(x, 242)[0] < 60, "print at {x}: {:?}", clean.get_pixel(x, 242));
        }
        let stamp = clean.get_pixel(330, 730).0;
        assert!(stamp[0] > 140 && stamp[1] < 90 && stamp[2] < 100, "stamp {stamp:?}");
    }

    #[test]
    fn black_and_white_is_only_that() {
        let Cleaned::Grey(clean) = enhance(page(), Filter::BlackAndWhite) else { panic!("grey expected") };
        assert!(clean.as_raw().iter().all(|v| *v == 0 || *v == 255));
        assert_eq!(clean.get_pixel(570, 400)[0], 255, "shadowed paper");
        assert_eq!(clean.get_pixel(63, 242)[0], 0, "print");
    }

    #[test]
    fn tiny_pages_are_fine() {
        for (w, h) in [(1, 1), (3, 200), (200, 2)] {
            for filter in [Filter::Original, Filter::Colour, Filter::Grey, Filter::BlackAndWhite] {
                enhance(RgbImage::from_pixel(w, h, image::Rgb([7, 90, 200])), filter);
            }
        }
    }
}
