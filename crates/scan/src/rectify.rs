//! A quad on a photo to the flat page it shows, in the page's true proportions.

use crate::{PaperFormat, Quad, homography::Homography};
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
const FOCAL_USUAL: f64 = 0.78;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// Flattens `quad` at the photo's own resolution, at most [`MAX_DPI`] of the format found.
///
/// A quad that no flat page can have (not convex, without area) gives the whole photo.
pub fn rectify(photo: &RgbImage, quad: &Quad) -> Rectified {
    rectify_within(photo, quad, u32::MAX)
}

/// Like [`rectify`], with neither side longer than `longest`.
pub(crate) fn rectify_within(photo: &RgbImage, quad: &Quad, longest: u32) -> Rectified {
    let size = (f64::from(photo.width()), f64::from(photo.height()));
    let possible = quad.is_convex() && quad.0.iter().all(|p| p.x.abs() < 4.0 && p.y.abs() < 4.0);
    let quad = if possible { quad } else { &Quad::FULL };
    let corners = quad.0.map(|p| [f64::from(p.x) * size.0, f64::from(p.y) * size.1]);
    let (format, proportion) = snap(proportion(corners, size));
    let (width, height) = target_size(corners, format, proportion, longest);
    let image = match Homography::of_unit_square(corners) {
        Some(map) => warp(photo, &map, width, height),
        None => photo.clone(),
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

/// Bilinear sampling, averaged over a grid where the photo is finer than the page.
fn warp(photo: &RgbImage, map: &Homography, width: u32, height: u32) -> RgbImage {
    let (w, h) = (f64::from(width), f64::from(height));
    let grid = finer_by(map, w, h);
    let mut out = RgbImage::new(width, height);
    let stride = photo.width() as usize * 3;
    let (right, bottom) = (photo.width() as i32 - 1, photo.height() as i32 - 1);
    let raw = photo.as_raw().as_slice();
    let part = 1.0 / f64::from(grid);
    let share = 1.0 / (256.0 * (grid * grid) as f32);
    for (y, row) in out.as_mut().chunks_exact_mut(width as usize * 3).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let mut sum = [0.0f32; 3];
            for sub in 0..grid * grid {
                let fx = (x as f64 + (f64::from(sub % grid) + 0.5) * part) / w;
                let fy = (y as f64 + (f64::from(sub / grid) + 0.5) * part) / h;
                let [px, py] = map.apply(fx, fy);
                let (px, py) = ((px - 0.5) as f32, (py - 0.5) as f32);
                let (x0, y0) = (px.floor(), py.floor());
                let (ax, ay) = ((px - x0) * 16.0, (py - y0) * 16.0);
                let clamp = |v: f32, most: i32| (v as i32).clamp(0, most) as usize;
                let (xa, xb) = (clamp(x0, right) * 3, clamp(x0 + 1.0, right) * 3);
                let (ya, yb) = (clamp(y0, bottom) * stride, clamp(y0 + 1.0, bottom) * stride);
                let weights = [(16.0 - ax) * (16.0 - ay), ax * (16.0 - ay), (16.0 - ax) * ay, ax * ay];
                let taps = [ya + xa, ya + xb, yb + xa, yb + xb].map(|at| &raw[at..at + 3]);
                for (c, total) in sum.iter_mut().enumerate() {
                    *total += weights.iter().zip(taps).map(|(w, tap)| w * f32::from(tap[c])).sum::<f32>();
                }
            }
            (0..3).for_each(|c| pixel[c] = (sum[c] * share + 0.5) as u8);
        }
    }
    out
}

/// How many photo pixels one page pixel covers along a side, at the page's middle; 1 to 8.
fn finer_by(map: &Homography, width: f64, height: f64) -> u32 {
    let [x, y] = map.apply(0.5, 0.5);
    let step = |dx: f64, dy: f64| {
        let [nx, ny] = map.apply(0.5 + dx, 0.5 + dy);
        (nx - x).hypot(ny - y)
    };
    let covered = step(1.0 / width, 0.0).max(step(0.0, 1.0 / height));
    (covered.clamp(1.0, 8.0) + 0.35) as u32
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
            let page = rectify_within(&photo, &quad, 60).image;
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
        let page = rectify(&photo, &quad).image;
        let at =
            |u: f32, v: f32| page.get_pixel((u * page.width() as f32) as u32, (v * page.height() as f32) as u32)[0];
        assert!(at(0.02, 0.02) < 40 && at(0.48, 0.48) < 40);
        assert!(at(0.52, 0.02) > 200 && at(0.02, 0.52) > 200 && at(0.98, 0.98) > 200);
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
