//! A first guess at a page's four sides: the convex outline of a patch, its least telling sides dropped.
//!
//! Knows points; refuses to know how far to trust them (that is [`super::sides`]).

use super::blob::HALF;
use crate::{
    outline::shape::{Corners, Line},
    plane::Plane,
};
use imageproc::{geometry::convex_hull, point::Point as Spot};

/// A corner that stands out by less (pixels) is the raster's.
const RASTER: f32 = 0.35;
/// Steps of a pixel in which the hull is computed: products of coordinates must fit into 32 bits.
const FINE: f32 = 64.0;
/// So many corners are few enough to look for the best four sides among them.
const FEW: usize = 12;

/// The four-sided outline around the patch, clockwise; `None` where it is too thin to have one.
pub fn four_sides(patch: &Plane) -> Option<Corners> {
    let mut outline = outline(patch);
    while outline.len() > 4 {
        let (i, meet) = least_side(&outline)?;
        let n = outline.len();
        outline[i] = meet;
        outline.remove((i + 1) % n);
    }
    outline.try_into().ok()
}

/// The smallest rectangle around the patch, clockwise: one of its sides lies along one of the outline's (Freeman and
/// Shapira 1975). No bite and no fold leads it astray, but it knows no perspective.
pub fn rectangle(patch: &Plane) -> Option<Corners> {
    let outline = outline(patch);
    let around = (0..outline.len()).filter_map(|i| {
        let along = Line::through(outline[i], outline[(i + 1) % outline.len()])?;
        let (nx, ny) = (along.nx, along.ny);
        let span = |x: f32, y: f32| {
            let shares = outline.iter().map(move |p| p[0] * x + p[1] * y);
            (shares.clone().fold(f32::MAX, f32::min), shares.fold(f32::MIN, f32::max))
        };
        let ((a, b), (c, d)) = (span(nx, ny), span(-ny, nx));
        let corners = [(b, c), (b, d), (a, d), (a, c)].map(|(n, t)| [nx * n - ny * t, ny * n + nx * t]);
        Some(((b - a) * (d - c), corners))
    });
    around.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, corners)| corners)
}

fn outline(patch: &Plane) -> Vec<[f32; 2]> {
    let mut outline = convex(&ends(patch));
    (0..3).for_each(|_| simplify(&mut outline));
    outline
}

/// Where the patch begins and ends in each row, to fractions of a pixel; row by row, from left to right.
fn ends(patch: &Plane) -> Vec<[f32; 2]> {
    let mut out = Vec::with_capacity(2 * patch.height);
    for (y, row) in patch.data.chunks_exact(patch.width).enumerate() {
        let Some(first) = row.iter().position(|v| *v >= HALF) else { continue };
        let last = row.iter().rposition(|v| *v >= HALF).unwrap_or(first);
        out.push([first as f32 - beyond(row[first], first.checked_sub(1).map(|x| row[x])), y as f32]);
        out.push([last as f32 + beyond(row[last], row.get(last + 1).copied()), y as f32]);
    }
    out
}

/// How far beyond the last pixel's centre one half lies; half a pixel where the picture ends.
fn beyond(inside: f32, outside: Option<f32>) -> f32 {
    outside.map_or(0.5, |outside| (inside - HALF) / (inside - outside).max(1e-6))
}

/// The convex outline, clockwise on the screen.
fn convex(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let spots: Vec<Spot<i32>> =
        points.iter().map(|p| Spot::new((p[0] * FINE).round() as i32, (p[1] * FINE).round() as i32)).collect();
    let mut out: Vec<[f32; 2]> = convex_hull(spots).iter().map(|p| [p.x as f32 / FINE, p.y as f32 / FINE]).collect();
    let n = out.len();
    let area: f32 = (0..n).map(|i| out[i][0] * out[(i + 1) % n][1] - out[(i + 1) % n][0] * out[i][1]).sum();
    if area < 0.0 {
        out.reverse();
    }
    out
}

fn turn(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
}

/// Drops corners that stand out by less than a fraction of a pixel: rasters make many of them.
fn simplify(outline: &mut Vec<[f32; 2]>) {
    let mut i = 0;
    while outline.len() > FEW && i < outline.len() {
        let n = outline.len();
        let (a, p, b) = (outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n]);
        if Line::through(a, b).is_some_and(|chord| (chord.nx * p[0] + chord.ny * p[1] - chord.d).abs() < RASTER) {
            outline.remove(i);
        }
        // The next corner stays for now: dropping in a row would round a bend away.
        i += 1;
    }
}

/// The side whose loss adds the least area when its neighbours are prolonged, and where they meet.
fn least_side(outline: &[[f32; 2]]) -> Option<(usize, [f32; 2])> {
    let n = outline.len();
    let mut best: Option<(f32, usize, [f32; 2])> = None;
    for i in 0..n {
        let (before, a, b, after) = (outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n], outline[(i + 2) % n]);
        let Some(meet) = Line::through(before, a).zip(Line::through(b, after)).and_then(|(p, q)| p.meet(&q)) else {
            continue;
        };
        // The neighbours must meet beyond the side that goes, not behind it.
        let forward = (meet[0] - a[0]) * (a[0] - before[0]) + (meet[1] - a[1]) * (a[1] - before[1]);
        let added = turn(a, meet, b).abs();
        if forward >= 0.0 && best.is_none_or(|(least, ..)| added < least) {
            best = Some((added, i, meet));
        }
    }
    best.map(|(_, i, meet)| (i, meet))
}
