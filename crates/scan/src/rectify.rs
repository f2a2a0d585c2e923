//! A quad on a photo to the flat page it shows, in the page's true proportions; bent pages along their curved sides.

use crate::{PaperFormat, Photo, Quad, Turn, decode::turned, homography::Homography, outline::Bend};
use image::RgbImage;

/// The flat page and what paper its proportions say it is.
#[derive(Debug, Clone)]
pub struct Rectified {
    pub image: RgbImage,
    /// A5 has A4's proportions and is called A4: a picture has no scale.
    pub format: PaperFormat,
}

/// Relative difference of proportions within which a page is taken for a known format.
pub const FORMAT_TOLERANCE: f64 = 0.035;
/// No page gets more pixels than this density of its format would have.
pub const MAX_DPI: f64 = 300.0;
/// Phones' main cameras see 60–85° along the diagonal: focal lengths in units of the picture's longer side.
const FOCAL_RANGE: (f64, f64) = (0.55, 1.4);
pub(crate) const FOCAL_USUAL: f64 = 0.78;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// Flattens `quad`, along the page's curves where it has some, and turns what lies flat: at the photo's own resolution, at
/// most [`MAX_DPI`] of the format found and neither side longer than `longest` pixels.
///
/// A quad that no flat page can have (not convex, without area) gives the whole photo.
pub(crate) fn rectify(photo: &Photo, quad: &Quad, bend: Option<&Bend>, turn: Turn, longest: u32) -> Rectified {
    let (width, height) = photo.upright_size();
    let size = (f64::from(width), f64::from(height));
    let possible = quad.is_convex() && quad.0.iter().all(|p| p.x.abs() < 4.0 && p.y.abs() < 4.0);
    let quad = if possible { quad } else { &Quad::FULL };
    let corners = quad.0.map(|p| [f64::from(p.x) * size.0, f64::from(p.y) * size.1]);
    let bend = bend.filter(|_| possible);
    let (format, proportion) = snap(bend.and_then(Bend::proportion).unwrap_or_else(|| proportion(corners, size)));
    let (width, height) = target_size(corners, format, proportion, longest);
    let (width, height) = if matches!(turn, Turn::None | Turn::Half) { (width, height) } else { (height, width) };
    let lying = (f64::from(photo.pixels.width()), f64::from(photo.pixels.height()));
    let in_file = quad.0.map(|p| {
        let [x, y] = photo.turn.undo([f64::from(p.x), f64::from(p.y)]);
        [x * lying.0, y * lying.1]
    });
    let image = match Homography::of_unit_square(in_file) {
        Some(map) => warp(&photo.pixels, &Surface { map, bend, turn }, width, height),
        None => turned(photo.pixels.clone(), photo.turn.then(turn)),
    };
    Rectified { image, format }
}

/// Width divided by height of the rectangle behind the picture `corners` (pixels, in reading order).
///
/// Zhang & He, Whiteboard Scanning and Image Enhancement (2007), section 4, with the principal point in the middle.
/// Where perspective is too weak to tell the focal length, or tells an impossible one, a phone's usual one is taken.
fn proportion(corners: [[f64; 2]; 4], (width, height): (f64, f64)) -> f64 {
    let (u0, v0) = (width / 2.0, height / 2.0);
    // The paper's numbering: top left, top right, bottom left, bottom right.
    let m = [0, 1, 3, 2].map(|i| [corners[i][0] - u0, corners[i][1] - v0, 1.0]);
    let k2 = dot(cross(m[0], m[3]), m[2]) / dot(cross(m[1], m[3]), m[2]);
    let k3 = dot(cross(m[0], m[3]), m[1]) / dot(cross(m[2], m[3]), m[1]);
    let n2: [f64; 3] = std::array::from_fn(|i| k2 * m[1][i] - m[0][i]);
    let n3: [f64; 3] = std::array::from_fn(|i| k3 * m[2][i] - m[0][i]);
    let longer = width.max(height);
    // Both vanishing points must be real for the focal length to follow from their being at right angles.
    let told = (n2[2].abs() > 0.02 && n3[2].abs() > 0.02)
        .then(|| -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]))
        .filter(|f2| *f2 > 0.0)
        .map_or(FOCAL_USUAL, |f2| f2.sqrt() / longer);
    let focal = if (FOCAL_RANGE.0..=FOCAL_RANGE.1).contains(&told) { told } else { FOCAL_USUAL } * longer;
    let length = |n: [f64; 3]| ((n[0] * n[0] + n[1] * n[1]) / (focal * focal) + n[2] * n[2]).sqrt();
    let proportion = length(n2) / length(n3);
    if proportion.is_finite() { proportion.clamp(0.05, 20.0) } else { 1.0 }
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The nearest paper format and its exact proportion, or the proportion as it is.
fn snap(proportion: f64) -> (PaperFormat, f64) {
    let known = [PaperFormat::A4, PaperFormat::Letter, PaperFormat::Id1].into_iter().filter_map(|format| {
        let (short, long) = format.millimetres()?;
        let upright = f64::from(short) / f64::from(long);
        let exact = if proportion <= 1.0 { upright } else { 1.0 / upright };
        Some((format, exact, (proportion / exact - 1.0).abs()))
    });
    match known.min_by(|a, b| a.2.total_cmp(&b.2)) {
        Some((format, exact, off)) if off <= FORMAT_TOLERANCE => (format, exact),
        _ => (PaperFormat::Free, proportion),
    }
}

fn target_size(corners: [[f64; 2]; 4], format: PaperFormat, proportion: f64, longest: u32) -> (u32, u32) {
    let side = |a: usize, b: usize| (corners[a][0] - corners[b][0]).hypot(corners[a][1] - corners[b][1]);
    let across = side(0, 1).max(side(3, 2));
    let down = side(0, 3).max(side(1, 2));
    let width = across.max(down * proportion);
    let (width, height) = (width, width / proportion);
    let (_, long_mm) = format.millimetres().unwrap_or((210.0, 297.0));
    let most = (f64::from(long_mm) / MILLIMETRES_PER_INCH * MAX_DPI).min(f64::from(longest));
    let scale = (most / width.max(height)).min(1.0);
    let whole = |v: f64| ((v * scale).round() as u32).max(1);
    (whole(width), whole(height))
}

/// Where the turned page's points lie on the photo.
struct Surface<'a> {
    map: Homography,
    bend: Option<&'a Bend>,
    turn: Turn,
}

impl Surface<'_> {
    /// A point of the page as it will be seen, in shares of its sides, to pixels of the photo.
    fn at(&self, u: f64, v: f64) -> [f64; 2] {
        let [u, v] = self.turn.undo([u, v]);
        let [x, y] = self.bend.map_or([u, v], |bend| bend.apply(u, v));
        self.map.apply(x, y)
    }

    /// How many photo pixels one page pixel covers along a side, at the page's middle; 1 to 8.
    fn finer_by(&self, width: f64, height: f64) -> usize {
        let [x, y] = self.at(0.5, 0.5);
        let step = |dx: f64, dy: f64| {
            let [nx, ny] = self.at(0.5 + dx, 0.5 + dy);
            (nx - x).hypot(ny - y)
        };
        let covered = step(1.0 / width, 0.0).max(step(0.0, 1.0 / height));
        (covered.clamp(1.0, 8.0) + 0.35) as usize
    }
}

/// Samples along a tile's side. The surface is computed at the tile's corners: between them a page is as good as flat. A
/// tile at a time, because the rows of a page may run along the photo's columns, which lie far apart in memory.
const TILE: usize = 16;
/// Fractions of a pixel, in bits.
const FINE: u32 = 16;

/// Bilinear sampling, averaged over a grid where the photo is finer than the page.
fn warp(photo: &RgbImage, surface: &Surface, width: u32, height: u32) -> RgbImage {
    let (width, height) = (width as usize, height as usize);
    let grid = surface.finer_by(width as f64, height as f64);
    let tile = TILE / grid;
    // One row of corners, in fractions of the photo's pixels, counted from their centres.
    let corners = |row: usize| -> Vec<[i64; 2]> {
        let v = (row * tile) as f64 / height as f64;
        (0..=width.div_ceil(tile))
            .map(|column| surface.at((column * tile) as f64 / width as f64, v))
            .map(|at| at.map(|p| ((p - 0.5).clamp(-1e6, 1e6) * f64::from(1u32 << FINE)) as i64))
            .collect()
    };
    let taps = Taps::of(photo);
    let samples = tile * grid;
    let way = |from: [i64; 2], to: [i64; 2]| [to[0] - from[0], to[1] - from[1]];
    // The middle of sample `i` of as many as a tile has along a side.
    let middle = |from: [i64; 2], to: [i64; 2], i: usize| {
        let (part, whole) = (2 * i as i64 + 1, 2 * samples as i64);
        let [dx, dy] = way(from, to);
        [from[0] + dx * part / whole, from[1] + dy * part / whole]
    };
    let mut out = RgbImage::new(width as u32, height as u32);
    let mut above = corners(0);
    for (row, band) in out.as_mut().chunks_mut(width * 3 * tile).enumerate() {
        let below = corners(row + 1);
        for (column, left) in (0..width).step_by(tile).enumerate() {
            let columns = tile.min(width - left);
            for (y, line) in band.chunks_exact_mut(width * 3).enumerate() {
                let page = &mut line[left * 3..][..columns * 3];
                let run = |i: usize| {
                    let start = middle(above[column], below[column], i);
                    let step = way(start, middle(above[column + 1], below[column + 1], i));
                    let step = step.map(|d| d / samples as i64);
                    ([start[0] + step[0] / 2, start[1] + step[1] / 2], step)
                };
                if grid == 1 {
                    let (start, step) = run(y);
                    taps.run(start, step, page.as_chunks_mut().0);
                } else {
                    average(&taps, (0..grid).map(|i| run(y * grid + i)), grid, page);
                }
            }
        }
        above = below;
    }
    out
}

/// Each value of `page` becomes the mean of `grid` × `grid` samples.
fn average(taps: &Taps, runs: impl Iterator<Item = ([i64; 2], [i64; 2])>, grid: usize, page: &mut [u8]) {
    let mut sums = [0u32; TILE * 3];
    for (start, step) in runs {
        let mut samples = [[0u8; 3]; TILE];
        let samples = &mut samples[..page.len() / 3 * grid];
        taps.run(start, step, samples);
        for (sum, samples) in sums.chunks_exact_mut(3).zip(samples.chunks_exact(grid)) {
            samples.iter().for_each(|sample| (0..3).for_each(|c| sum[c] += u32::from(sample[c])));
        }
    }
    let area = (grid * grid) as u32;
    page.iter_mut().zip(&sums).for_each(|(value, sum)| *value = ((sum + area / 2) / area) as u8);
}

/// The photo, to be read between its pixels; places have [`FINE`] bits of fraction.
struct Taps<'a> {
    raw: &'a [u8],
    stride: usize,
    right: i64,
    bottom: i64,
}

impl<'a> Taps<'a> {
    fn of(photo: &'a RgbImage) -> Self {
        let (right, bottom) = (i64::from(photo.width()) - 1, i64::from(photo.height()) - 1);
        Taps { raw: photo.as_raw(), stride: photo.width() as usize * 3, right, bottom }
    }

    /// Samples along a line.
    fn run(&self, start: [i64; 2], step: [i64; 2], out: &mut [[u8; 3]]) {
        let last = out.len() as i64 - 1;
        // One column less than there is to read from: `inside` reads two bytes more than it needs.
        let (right, bottom) = ((self.right - 1) << FINE, self.bottom << FINE);
        let within = |[x, y]: [i64; 2]| (0..right).contains(&x) && (0..bottom).contains(&y);
        let at = |i: i64| [start[0] + i * step[0], start[1] + i * step[1]];
        if within(start) && within(at(last)) {
            // Nearly always: no place in between needs to be looked at.
            let mut at = start.map(|v| v as u32);
            let step = step.map(|v| v as u32);
            for value in out {
                *value = self.inside(at);
                at = [at[0].wrapping_add(step[0]), at[1].wrapping_add(step[1])];
            }
        } else {
            (0..).zip(out).for_each(|(i, value)| *value = self.anywhere(at(i)));
        }
    }

    /// Between four pixels, none of them beyond the border. Two pixels are one number of eight bytes, every other of which
    /// is multiplied at once: 255 × 256 has room in two bytes. `a + (b - a) × part` is one product instead of two, and what
    /// the difference borrows the sum gives back.
    #[inline(always)]
    fn inside(&self, [x, y]: [u32; 2]) -> [u8; 3] {
        const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
        let part = |v: u32| (v >> (FINE - 8)) & 255;
        let (px, py) = (part(x), u64::from(part(y)));
        let at = (y >> FINE) as usize * self.stride + (x >> FINE) as usize * 3;
        let eight = |at: usize| self.raw[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let (upper, lower) = (eight(at), eight(at + self.stride));
        let down = |upper: u64, lower: u64| (upper << 8).wrapping_add(lower.wrapping_sub(upper).wrapping_mul(py));
        // Red, blue, and the next pixel's green; green, and the next pixel's red and blue.
        let even = down(upper & EVEN, lower & EVEN);
        let odd = down((upper >> 8) & EVEN, (lower >> 8) & EVEN);
        let lane = |lanes: u64, i: u32| (lanes >> (16 * i)) as u16;
        let across = |left: u16, right: u16| {
            let (left, right) = (u32::from(left), u32::from(right));
            let sum = (left << 8).wrapping_add(right.wrapping_sub(left).wrapping_mul(px));
            (sum.wrapping_add(1 << 15) >> 16) as u8
        };
        [across(lane(even, 0), lane(odd, 1)), across(lane(odd, 0), lane(even, 2)), across(lane(even, 1), lane(odd, 2))]
    }

    /// The same, borders repeated.
    fn anywhere(&self, [x, y]: [i64; 2]) -> [u8; 3] {
        let part = |v: i64| (v >> (FINE - 8)) as u32 & 255;
        let (px, py) = (part(x), part(y));
        let pixel = |x: i64, y: i64| {
            let (x, y) = (x.clamp(0, self.right) as usize, y.clamp(0, self.bottom) as usize);
            &self.raw[y * self.stride + x * 3..][..3]
        };
        let (x, y) = (x >> FINE, y >> FINE);
        let four = [pixel(x, y), pixel(x + 1, y), pixel(x, y + 1), pixel(x + 1, y + 1)];
        std::array::from_fn(|i| {
            let [a, b, c, d] = four.map(|pixel| u32::from(pixel[i]));
            let (left, right) = (a * (256 - py) + c * py, b * (256 - py) + d * py);
            ((left * (256 - px) + right * px + (1 << 15)) >> 16) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;
    use proptest::prelude::*;

    /// Corners of a rectangle seen by a camera of focal length 0.8 × width, tilted and turned, in pixels.
    fn seen(width: f64, height: f64, tilt: f64, pan: f64, roll: f64) -> [[f64; 2]; 4] {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(sx, sy)| {
            let (x, y) = (sx * width / 2.0, sy * height / 2.0);
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let (y, z) = (y * tilt.cos(), y * tilt.sin());
            let (x, z) = (x * pan.cos() - z * pan.sin(), x * pan.sin() + z * pan.cos());
            let depth = z + 450.0;
            [2000.0 + 3200.0 * x / depth, 1500.0 + 3200.0 * y / depth]
        })
    }

    proptest! {
        #[test]
        fn proportions_survive_perspective(
            tilt in 0.1f64..0.6, pan in -0.5f64..0.5, roll in -0.7f64..0.7, landscape in any::<bool>(),
        ) {
            let (w, h) = if landscape { (297.0, 210.0) } else { (210.0, 297.0) };
            let found = proportion(seen(w, h, tilt, pan, roll), (4000.0, 3000.0));
            prop_assert!((found / (w / h) - 1.0).abs() < 0.03, "{} for {}", found, w / h);
        }

        #[test]
        fn any_quad_gives_a_page(xs in proptest::collection::vec(-3.0f32..3.0, 8)) {
            let photo = RgbImage::new(40, 30);
            let quad = Quad(std::array::from_fn(|i| Point { x: xs[2 * i], y: xs[2 * i + 1] }));
            let page = rectify(&Photo::from(photo), &quad, None, Turn::None, 60).image;
            prop_assert!(page.width() > 0 && page.height() > 0);
        }
    }

    #[test]
    fn known_proportions_are_snapped_and_others_kept() {
        assert_eq!(snap(0.70).0, PaperFormat::A4);
        assert_eq!(snap(1.0 / 0.72).0, PaperFormat::A4);
        assert_eq!(snap(0.78).0, PaperFormat::Letter);
        assert_eq!(snap(1.57).0, PaperFormat::Id1);
        assert_eq!(snap(0.35), (PaperFormat::Free, 0.35));
    }

    #[test]
    fn a_page_seen_askew_lies_flat_afterwards() {
        // A page with a dark upper left quarter, drawn through the very homography that rectify must undo.
        let corners = [[60.0, 40.0], [330.0, 70.0], [360.0, 430.0], [40.0, 460.0]];
        let map = Homography::between(corners, [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]).unwrap();
        let photo = RgbImage::from_fn(400, 500, |x, y| {
            let [u, v] = map.apply(f64::from(x) + 0.5, f64::from(y) + 0.5);
            image::Rgb(if u < 0.5 && v < 0.5 { [20; 3] } else { [230; 3] })
        });
        let quad = Quad(corners.map(|[x, y]| Point { x: x as f32 / 400.0, y: y as f32 / 500.0 }));
        let page = rectify(&Photo::from(photo), &quad, None, Turn::None, u32::MAX).image;
        let at =
            |u: f32, v: f32| page.get_pixel((u * page.width() as f32) as u32, (v * page.height() as f32) as u32)[0];
        assert!(at(0.02, 0.02) < 40 && at(0.48, 0.48) < 40);
        assert!(at(0.52, 0.02) > 200 && at(0.02, 0.52) > 200 && at(0.98, 0.98) > 200);
    }

    proptest! {
        #[test]
        fn reading_far_from_the_border_is_reading_anywhere(
            x in 0u32..8 << FINE, y in 0u32..9 << FINE, seed in any::<u32>(),
        ) {
            let level = |x: u32, y: u32, c: u32| ((x * 31 + y * 17 + c * 101 + 7).wrapping_mul(seed) >> 24) as u8;
            let photo = RgbImage::from_fn(10, 10, |x, y| image::Rgb([level(x, y, 0), level(x, y, 1), level(x, y, 2)]));
            let taps = Taps::of(&photo);
            prop_assert_eq!(taps.inside([x, y]), taps.anywhere([i64::from(x), i64::from(y)]));
        }
    }

    #[test]
    fn however_the_photo_lies_and_the_page_is_turned_it_is_the_same_page() {
        let wave = |v: u32, by: f64| ((f64::from(v) * by).sin() * 90.0 + 128.0) as u8;
        let picture = RgbImage::from_fn(160, 200, |x, y| image::Rgb([wave(x, 0.11), wave(y, 0.07), wave(x + y, 0.05)]));
        let quad = Quad([(0.1, 0.06), (0.9, 0.1), (0.95, 0.9), (0.04, 0.94)].map(|(x, y)| Point { x, y }));
        let flat = rectify(&Photo::from(picture.clone()), &quad, None, Turn::None, 90).image;
        let turns = [Turn::None, Turn::Right, Turn::Half, Turn::Left];
        for (lies, page) in turns.into_iter().flat_map(|lies| turns.map(|page| (lies, page))) {
            // Turned back by what will turn it upright again.
            let pixels = turned(picture.clone(), lies.then(lies).then(lies));
            let seen = rectify(&Photo { pixels, turn: lies }, &quad, None, page, 90).image;
            let wanted = turned(flat.clone(), page);
            assert_eq!(seen.dimensions(), wanted.dimensions());
            let off = seen.as_raw().iter().zip(wanted.as_raw()).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off < Some(4), "{lies:?}, {page:?}: {off:?} levels");
        }
    }

    #[test]
    fn never_denser_than_300_dpi() {
        let (width, height) = target_size(
            [[0.0, 0.0], [6000.0, 0.0], [6000.0, 8485.0], [0.0, 8485.0]],
            PaperFormat::A4,
            210.0 / 297.0,
            u32::MAX,
        );
        assert_eq!((width, height), (2480, 3508));
    }
}
