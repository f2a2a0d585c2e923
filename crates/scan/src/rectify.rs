//! A quad on a photo to the flat page it shows, in the page's true proportions; bent pages along their curved sides.

mod taps;

use crate::{PaperFormat, Photo, Picture, Quad, Turn, homography::Homography, outline::Bend};
use image::{GrayImage, RgbImage};
use taps::{FINE, Run, Taps};

/// The flat page and what paper its proportions say it is.
#[derive(Debug, Clone)]
pub struct Rectified {
    pub image: Picture,
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
    let (lying_width, lying_height) = photo.pixels.dimensions();
    let in_file = quad.0.map(|p| {
        let [x, y] = photo.turn.undo([f64::from(p.x), f64::from(p.y)]);
        [x * f64::from(lying_width), y * f64::from(lying_height)]
    });
    let image = match Homography::of_unit_square(in_file) {
        Some(map) => {
            let surface = Surface { map, bend, turn };
            let lying = (lying_width as usize, lying_height as usize);
            match &photo.pixels {
                Picture::Colour(photo) => {
                    let page = warp(&Taps::<3>::of(photo.as_raw(), lying), &surface, width as usize, height as usize);
                    RgbImage::from_raw(width, height, page).unwrap_or_default().into()
                }
                Picture::Grey(photo) => {
                    let page = warp(&Taps::<1>::of(photo.as_raw(), lying), &surface, width as usize, height as usize);
                    GrayImage::from_raw(width, height, page).unwrap_or_default().into()
                }
            }
        }
        None => photo.pixels.clone().turned(photo.turn.then(turn)),
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
/// Fractions of a tile's side, in bits.
const PART: u32 = 24;

/// Bilinear sampling, averaged over a grid where the photo is finer than the page.
fn warp<const N: usize>(taps: &Taps<N>, surface: &Surface, width: usize, height: usize) -> Vec<u8> {
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
    let samples = tile * grid;
    // From one sample to the next, and half of it: a product costs less than a division for every run.
    let (step, half) = ((1i64 << PART) / samples as i64, (1i64 << (PART - 1)) / samples as i64);
    let way = |from: [i64; 2], to: [i64; 2], part: i64| [0, 1].map(|i| ((to[i] - from[i]) * part) >> PART);
    let after = |from: [i64; 2], way: [i64; 2]| [from[0] + way[0], from[1] + way[1]];
    let middle = |from: [i64; 2], to: [i64; 2], i: usize| after(from, way(from, to, step * i as i64 + half));
    let mut out = vec![0; width * height * N];
    let mut above = corners(0);
    for (row, band) in out.chunks_mut(width * N * tile).enumerate() {
        let below = corners(row + 1);
        for (column, left) in (0..width).step_by(tile).enumerate() {
            let columns = tile.min(width - left);
            for (y, line) in band.chunks_exact_mut(width * N).enumerate() {
                let page = &mut line[left * N..][..columns * N];
                let run = |i: usize| {
                    let start = middle(above[column], below[column], i);
                    let end = middle(above[column + 1], below[column + 1], i);
                    Run { start: after(start, way(start, end, half)), step: way(start, end, step) }
                };
                if grid == 1 {
                    taps.sample(run(y), page.as_chunks_mut().0);
                } else {
                    average(taps, (0..grid).map(|i| run(y * grid + i)), grid, page);
                }
            }
        }
        above = below;
    }
    out
}

/// Each value of `page` becomes the mean of `grid` × `grid` samples.
fn average<const N: usize>(taps: &Taps<N>, runs: impl Iterator<Item = Run>, grid: usize, page: &mut [u8]) {
    let mut sums = [[0u32; N]; TILE];
    for run in runs {
        let mut samples = [[0u8; N]; TILE];
        let samples = &mut samples[..page.len() / N * grid];
        taps.sample(run, samples);
        for (sum, samples) in sums.iter_mut().zip(samples.chunks_exact(grid)) {
            samples.iter().for_each(|sample| (0..N).for_each(|c| sum[c] += u32::from(sample[c])));
        }
    }
    let area = (grid * grid) as u32;
    page.iter_mut().zip(sums.as_flattened()).for_each(|(value, sum)| *value = ((sum + area / 2) / area) as u8);
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
        fn any_quad_gives_a_page(
            xs in proptest::collection::vec(-3.0f32..3.0, 8), width in 1u32..40, height in 1u32..30, grey in any::<bool>(),
        ) {
            let photo = Picture::from(RgbImage::new(width, height));
            let photo = if grey { photo.into_grey().into() } else { photo };
            let quad = Quad(std::array::from_fn(|i| Point { x: xs[2 * i], y: xs[2 * i + 1] }));
            let page = rectify(&Photo::from(photo), &quad, None, Turn::None, 60).image;
            prop_assert!(page.dimensions().0 > 0 && page.dimensions().1 > 0);
            prop_assert_eq!(matches!(page, Picture::Grey(_)), grey);
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
        let page = rectify(&Photo::from(photo), &quad, None, Turn::None, u32::MAX).image.into_colour();
        let at =
            |u: f32, v: f32| page.get_pixel((u * page.width() as f32) as u32, (v * page.height() as f32) as u32)[0];
        assert!(at(0.02, 0.02) < 40 && at(0.48, 0.48) < 40);
        assert!(at(0.52, 0.02) > 200 && at(0.02, 0.52) > 200 && at(0.98, 0.98) > 200);
    }

    #[test]
    fn however_the_photo_lies_and_the_page_is_turned_it_is_the_same_page() {
        let wave = |v: u32, by: f64| ((f64::from(v) * by).sin() * 90.0 + 128.0) as u8;
        let picture = RgbImage::from_fn(160, 200, |x, y| image::Rgb([wave(x, 0.11), wave(y, 0.07), wave(x + y, 0.05)]));
        let picture = Picture::from(picture);
        let quad = Quad([(0.1, 0.06), (0.9, 0.1), (0.95, 0.9), (0.04, 0.94)].map(|(x, y)| Point { x, y }));
        let flat = rectify(&Photo::from(picture.clone()), &quad, None, Turn::None, 90).image;
        let turns = [Turn::None, Turn::Right, Turn::Half, Turn::Left];
        for (lies, page) in turns.into_iter().flat_map(|lies| turns.map(|page| (lies, page))) {
            // Turned back by what will turn it upright again.
            let pixels = picture.clone().turned(lies.then(lies).then(lies));
            let seen = rectify(&Photo::new(pixels, lies), &quad, None, page, 90).image;
            let wanted = flat.clone().turned(page);
            assert_eq!(seen.dimensions(), wanted.dimensions());
            let (seen, wanted) = (seen.into_colour(), wanted.into_colour());
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
