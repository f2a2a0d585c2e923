//! A flat page made clean: light evened out, ink kept. Knows paper and ink; refuses to know where the page lay.

#[cfg(test)]
mod tests;

use crate::{Channels, Filter, Picture, plane::Plane};
use bytemuck::must_cast;
use image::GrayImage;
use wide::{i16x8, u8x16, u16x8};

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
pub fn enhance(page: impl Into<Picture>, filter: Filter) -> Picture {
    let page = match filter.needs() {
        Channels::Colour => page.into(),
        Channels::Luma => Picture::Grey(page.into().into_grey()),
    };
    match filter {
        Filter::Original => page,
        Filter::Colour | Filter::Grey => even(page),
        Filter::BlackAndWhite => Picture::Grey(binarize(&even(page).into_grey())),
    }
}

/// Divides each channel by the paper's own light there, so that white paper is white and ink keeps its colour.
fn even(mut page: Picture) -> Picture {
    let (width, height) = page.dimensions();
    let size = (width as usize, height as usize);
    match &mut page {
        Picture::Colour(page) => even_channels::<3>(page.as_mut(), size),
        Picture::Grey(page) => even_channels::<1>(page.as_mut(), size),
    }
    page
}

/// Gains are 16-bit numbers of which this is 1. The darkest paper has a gain of 12.5, so that they do not overflow.
const UNIT_GAIN: f32 = 4096.0;
/// Values in between have so many bits more than a level.
const FINE: u16 = 4;
const DARKEST_LIGHT: f32 = 24.0;

fn even_channels<const N: usize>(page: &mut [u8], (width, height): (usize, usize)) {
    let stretch = 255.0 / (WHITE_POINT - BLACK_POINT);
    let gains = light::<N>(page, (width, height))
        .map(|light| light.map(|paper| stretch * UNIT_GAIN / paper.max(DARKEST_LIGHT)));
    let black = (stretch * BLACK_POINT * f32::from(1u16 << FINE)) as u16;
    let rows = gains[0].height;
    // The two rows of the grid around a row of the page.
    let (mut upper, mut lower) = (vec![0u16; width * N], vec![0u16; width * N]);
    let mut between = None;
    for (y, row) in page.chunks_exact_mut(width * N).enumerate() {
        let at = ((y as f32 + 0.5) * rows as f32 / height as f32 - 0.5).max(0.0);
        let above = at as usize;
        if between != Some(above) {
            between = Some(above);
            spread(&gains, above.min(rows - 1), &mut upper);
            spread(&gains, (above + 1).min(rows - 1), &mut lower);
        }
        let below = ((at - above as f32) * 65535.0) as u16;
        let scale = Scale { below, black };
        let (values, values_left) = row.as_chunks_mut::<16>();
        let ((upper, upper_left), (lower, lower_left)) = (upper.as_chunks(), lower.as_chunks());
        for ((values, upper), lower) in values.iter_mut().zip(upper).zip(lower) {
            *values = scale.sixteen(*values, upper, lower);
        }
        for ((value, &upper), &lower) in values_left.iter_mut().zip(upper_left).zip(lower_left) {
            *value = scale.one(*value, upper, lower);
        }
    }
}

/// How a row's values become even, between the gains of two rows of the grid.
struct Scale {
    /// The lower row's share, of 65535.
    below: u16,
    /// What becomes black, in [`FINE`] steps a level.
    black: u16,
}

impl Scale {
    fn one(&self, value: u8, upper: u16, lower: u16) -> u8 {
        let high = |a: u16, b: u16| ((u32::from(a) * u32::from(b)) >> 16) as u16;
        let gain = high(upper, 65535 - self.below) + high(lower, self.below);
        let even = high(u16::from(value) << 8, gain).saturating_sub(self.black).saturating_add(1 << (FINE - 1)) >> FINE;
        even.min(255) as u8
    }

    /// The same, on whole registers.
    #[inline(always)]
    fn sixteen(&self, values: [u8; 16], upper: &[u16; 16], lower: &[u16; 16]) -> [u8; 16] {
        let [upper, lower]: [[u16x8; 2]; 2] = [must_cast(*upper), must_cast(*lower)];
        let (above, below) = (u16x8::splat(65535 - self.below), u16x8::splat(self.below));
        let even = |value: u16x8, upper: u16x8, lower: u16x8| -> i16x8 {
            let gain = upper.mul_keep_high(above) + lower.mul_keep_high(below);
            let even = value.mul_keep_high(gain).saturating_sub(u16x8::splat(self.black));
            must_cast(even.saturating_add(u16x8::splat(1 << (FINE - 1))) >> u32::from(FINE))
        };
        // Each value becomes the upper byte of two.
        let (zero, values) = (u8x16::ZERO, must_cast(values));
        let low = even(must_cast(u8x16::unpack_low(zero, values)), upper[0], lower[0]);
        let high = even(must_cast(u8x16::unpack_high(zero, values)), upper[1], lower[1]);
        must_cast(u8x16::narrow_i16x8(low, high))
    }
}

/// A row of the grid drawn out to the page's width, its channels in turns.
fn spread<const N: usize>(gains: &[Plane; N], row: usize, out: &mut [u16]) {
    let (columns, width) = (gains[0].width, out.len() / N);
    for (x, pixel) in out.chunks_exact_mut(N).enumerate() {
        let at = ((x as f32 + 0.5) * columns as f32 / width as f32 - 0.5).max(0.0);
        let (left, part) = (at as usize, at - at.floor());
        let (left, right) = (left.min(columns - 1), (left + 1).min(columns - 1));
        for (gain, plane) in pixel.iter_mut().zip(gains) {
            let (from, to) = (plane.at(left, row), plane.at(right, row));
            *gain = (from + (to - from) * part) as u16;
        }
    }
}

/// The light on the paper for each channel, on a coarse grid.
fn light<const N: usize>(page: &[u8], (width, height): (usize, usize)) -> [Plane; N] {
    let cell = ((width.max(height) as f32 * CELL) as usize).max(4);
    let (columns, rows) = (width.div_ceil(cell), height.div_ceil(cell));
    let mut planes: [Plane; N] = std::array::from_fn(|_| Plane::new(columns, rows));
    let step = (cell / 12).max(1);
    for row in 0..rows {
        for column in 0..columns {
            let mut counts = [[0u16; 256]; N];
            let mut count = 0;
            for y in (row * cell..((row + 1) * cell).min(height)).step_by(step) {
                for x in (column * cell..((column + 1) * cell).min(width)).step_by(step) {
                    let at = (y * width + x) * N;
                    (0..N).for_each(|c| counts[c][usize::from(page[at + c])] += 1);
                    count += 1;
                }
            }
            for (plane, counts) in planes.iter_mut().zip(&counts) {
                plane.data[row * columns + column] = f32::from(quantile(counts, count, PAPER_QUANTILE));
            }
        }
    }
    planes.map(|plane| {
        let floor = plane.quantile(0.98) * DARKEST_PAPER;
        plane.close(BRIDGE_CELLS).map(|v| v.max(floor)).smooth().smooth().smooth()
    })
}

/// The level below which the share `fraction` of `count` values lies, which are counted by level.
fn quantile(counts: &[u16; 256], count: usize, fraction: f32) -> u8 {
    let mut below = (count as f32 * fraction) as usize;
    for (level, &here) in (0..=255u8).zip(counts) {
        if below < usize::from(here) {
            return level;
        }
        below -= usize::from(here);
    }
    255
}

/// Sauvola's threshold. Sums over the window's height run along with the rows, those over its width are differences of
/// sums from the left: no pixel waits for its neighbour's threshold, and memory is for a few rows and not for the page.
fn binarize(page: &GrayImage) -> GrayImage {
    let (width, height) = (page.width() as usize, page.height() as usize);
    // At most so wide that the squares of a whole window fit 31 bits, which become floats quicker than 32.
    let radius = ((width as f32 * SAUVOLA_WINDOW) as usize / 2).clamp(4, 90);
    let row = |y: usize| &page.as_raw()[y * width..][..width];
    let mut columns = Sums::new(width);
    // Of all columns to the left; the borders are repeated for the windows that reach beyond them. They overflow and their
    // differences do not.
    let mut left = Sums::new(width + 2 * radius + 1);
    let share = |x: usize| 1.0 / ((x + radius).min(width - 1) + 1 - x.saturating_sub(radius)) as f32;
    let shares: Vec<f32> = (0..width).map(share).collect();
    let mut out = GrayImage::new(width as u32, height as u32);
    (0..radius.min(height)).for_each(|y| columns.add(row(y)));
    for (y, out) in out.as_mut().chunks_exact_mut(width).enumerate() {
        if y + radius < height {
            columns.add(row(y + radius));
        }
        if y > radius {
            columns.take(row(y - radius - 1));
        }
        left.run_along(&columns, radius + 1);
        let rows = 1.0 / ((y + radius).min(height - 1) + 1 - y.saturating_sub(radius)) as f32;
        let window = 2 * radius + 1;
        let values = left.values.iter().zip(&left.values[window..]);
        let squares = left.squares.iter().zip(&left.squares[window..]);
        let within = |(from, to): (&u32, &u32)| to.wrapping_sub(*from) as i32 as f32;
        for ((((out, &value), share), values), squares) in
            out.iter_mut().zip(row(y)).zip(&shares).zip(values).zip(squares)
        {
            let share = share * rows;
            let (mean, square) = (within(values) * share, within(squares) * share);
            let deviation = (square - mean * mean).max(0.0).sqrt();
            let threshold = mean * (1.0 + SAUVOLA_K * (deviation / SAUVOLA_RANGE - 1.0));
            *out = if f32::from(value) > threshold { 255 } else { 0 };
        }
    }
    out
}

/// Of some pixels above one another, column by column.
struct Sums {
    values: Vec<u32>,
    squares: Vec<u32>,
}

impl Sums {
    fn new(columns: usize) -> Self {
        Sums { values: vec![0; columns], squares: vec![0; columns] }
    }

    fn add(&mut self, row: &[u8]) {
        self.values.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v));
        self.squares.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v) * u32::from(v));
    }

    fn take(&mut self, row: &[u8]) {
        self.values.iter_mut().zip(row).for_each(|(sum, &v)| *sum -= u32::from(v));
        self.squares.iter_mut().zip(row).for_each(|(sum, &v)| *sum -= u32::from(v) * u32::from(v));
    }

    /// From `start` on the sums of all columns so far, and then the last one.
    fn run_along(&mut self, columns: &Sums, start: usize) {
        for (all, columns) in [(&mut self.values, &columns.values), (&mut self.squares, &columns.squares)] {
            let mut sum = 0u32;
            for (all, column) in all[start..].iter_mut().zip(columns) {
                sum = sum.wrapping_add(*column);
                *all = sum;
            }
            all[start + columns.len()..].fill(sum);
        }
    }
}
