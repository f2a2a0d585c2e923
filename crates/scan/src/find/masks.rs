//! Hypotheses from areas: what stands apart from the border, and what is bright, each reduced to four sides.

use super::{
    cues::Cues,
    shape::{self, Corners, Line},
};
use crate::plane::Plane;
use image::{GrayImage, Luma};
use imageproc::{contrast::otsu_level, geometry::convex_hull, point::Point as Spot};

/// Levels at which 'stands apart' is cut, as shares of its maximum.
const LEVELS: [f32; 4] = [0.3, 0.5, 0.7, 0.95];
/// Smaller areas (share of the picture) are not looked at.
const LEAST_AREA: f32 = 0.03;

pub fn hypotheses(cues: &Cues) -> Vec<Corners> {
    let mut out = Vec::new();
    for level in LEVELS {
        quads(&cues.apart.map(|v| f32::from(u8::from(v > level))), cues, &mut out);
    }
    let whiteness = whiteness(cues);
    let picture = GrayImage::from_fn(whiteness.width as u32, whiteness.height as u32, |x, y| {
        Luma([whiteness.at(x as usize, y as usize).clamp(0.0, 255.0) as u8])
    });
    let middle = f32::from(otsu_level(&picture));
    for shift in [-0.25, 0.0, 0.3] {
        let top = if shift < 0.0 { whiteness.quantile(0.02) } else { whiteness.quantile(0.98) };
        let level = middle + (top - middle) * f32::abs(shift);
        quads(&whiteness.map(|v| f32::from(u8::from(v > level))), cues, &mut out);
    }
    out
}

/// Paper is bright and has little colour; half the size of the small picture.
fn whiteness(cues: &Cues) -> Plane {
    let mut out = Plane::new(cues.apart.width, cues.apart.height);
    let grey = [cues.paper[1].quantile(0.5), cues.paper[2].quantile(0.5)];
    for y in 0..out.height {
        for x in 0..out.width {
            let at = |plane: &Plane| plane.at(x * 2, y * 2);
            let (blue, red) = (at(&cues.paper[1]) - grey[0], at(&cues.paper[2]) - grey[1]);
            let colour = (blue * blue + red * red).sqrt();
            out.data[y * out.width + x] = at(&cues.paper[0]) - 0.5 * colour;
        }
    }
    out
}

/// The large connected areas of a mask (half size), as they are and with thin outgrowths like fingers cut off.
fn quads(mask: &Plane, cues: &Cues, out: &mut Vec<Corners>) {
    let radius = (mask.width.max(mask.height) / 40).max(1);
    for mask in [mask.erode(radius).dilate(radius), mask.clone()] {
        for hull in hulls(&mask) {
            if let Some(corners) = four_sides(hull) {
                let corners = shape::clockwise(corners.map(|p| [p[0] * 2.0, p[1] * 2.0]));
                if shape::plausible(&corners, cues.width, cues.height) {
                    out.push(corners);
                }
            }
        }
    }
}

/// Convex outlines of the two largest connected areas.
fn hulls(mask: &Plane) -> Vec<Vec<[f32; 2]>> {
    let (w, h) = (mask.width, mask.height);
    let mut seen = vec![false; w * h];
    let mut areas: Vec<(usize, Vec<[f32; 2]>)> = Vec::new();
    let mut stack = Vec::new();
    // Leftmost and rightmost pixel of each row are all the hull needs.
    let mut rows = vec![(usize::MAX, 0usize); h];
    for start in 0..w * h {
        if seen[start] || mask.data[start] < 0.5 {
            continue;
        }
        let mut count = 0;
        let (top, mut bottom) = (start / w, start / w);
        seen[start] = true;
        stack.push(start);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % w, at / w);
            count += 1;
            rows[y] = (rows[y].0.min(x), rows[y].1.max(x));
            bottom = bottom.max(y);
            let mut visit = |next: usize| {
                if !seen[next] && mask.data[next] >= 0.5 {
                    seen[next] = true;
                    stack.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < w {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - w);
            }
            if y + 1 < h {
                visit(at + w);
            }
        }
        if count as f32 >= LEAST_AREA * (w * h) as f32 {
            // Half pixels as whole numbers; no two of these points are the same.
            let ends = rows.iter().enumerate().filter(|(_, row)| row.0 != usize::MAX).flat_map(|(y, row)| {
                let y = 2 * y as i32;
                [Spot::new(2 * row.0 as i32 - 1, y), Spot::new(2 * row.1 as i32 + 1, y)]
            });
            let hull = convex_hull(ends.collect::<Vec<_>>());
            areas.push((count, hull.into_iter().map(|p| [p.x as f32 / 2.0, p.y as f32 / 2.0]).collect()));
        }
        // Scanning row by row, an area's first pixel is in its top row.
        rows[top..=bottom].fill((usize::MAX, 0));
    }
    areas.sort_by_key(|area| std::cmp::Reverse(area.0));
    areas.truncate(2);
    areas.into_iter().map(|(_, hull)| hull).collect()
}

/// Drops corners that stand out by less than a fraction of a pixel: rasters make many of them.
fn simplified(mut outline: Vec<[f32; 2]>) -> Vec<[f32; 2]> {
    let mut i = 0;
    while outline.len() > 12 && i < outline.len() {
        let n = outline.len();
        let (a, p, b) = (outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n]);
        match Line::through(a, b) {
            Some(chord) if (chord.nx * p[0] + chord.ny * p[1] - chord.d).abs() < 0.35 => drop(outline.remove(i)),
            _ => {}
        }
        // The next corner stays for now: dropping in a row would round a bend away.
        i += 1;
    }
    outline
}

/// The quad around a convex outline that adds the least area: side by side is dropped, its neighbours prolonged.
fn four_sides(outline: Vec<[f32; 2]>) -> Option<Corners> {
    let mut outline = simplified(simplified(simplified(outline)));
    while outline.len() > 4 {
        let n = outline.len();
        let mut best: Option<(f32, usize, [f32; 2])> = None;
        for i in 0..n {
            let (before, a, b, after) =
                (outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n], outline[(i + 2) % n]);
            let (Some(first), Some(second)) = (Line::through(before, a), Line::through(b, after)) else { continue };
            let Some(meet) = first.meet(&second) else { continue };
            // The neighbours must meet beyond the side that goes, not behind it.
            let forward = (meet[0] - a[0]) * (a[0] - before[0]) + (meet[1] - a[1]) * (a[1] - before[1]);
            let added = ((a[0] - meet[0]) * (b[1] - meet[1]) - (a[1] - meet[1]) * (b[0] - meet[0])).abs();
            if forward >= 0.0 && best.is_none_or(|(least, ..)| added < least) {
                best = Some((added, i, meet));
            }
        }
        let (_, i, meet) = best?;
        outline[i] = meet;
        outline.remove((i + 1) % n);
    }
    outline.try_into().ok()
}
