//! Straight lines and quads in pixels of the small picture.

use crate::{Point, Quad};

/// nx·x + ny·y = d with a unit normal.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub nx: f32,
    pub ny: f32,
    pub d: f32,
}

impl Line {
    pub fn through(a: [f32; 2], b: [f32; 2]) -> Option<Line> {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        let (nx, ny) = (dy / length, -dx / length);
        (length > 1e-3).then_some(Line { nx, ny, d: nx * a[0] + ny * a[1] })
    }

    pub fn meet(&self, other: &Line) -> Option<[f32; 2]> {
        let det = self.nx * other.ny - self.ny * other.nx;
        (det.abs() > 0.05)
            .then(|| [(self.d * other.ny - other.d * self.ny) / det, (self.nx * other.d - other.nx * self.d) / det])
    }
}

/// Four corners, clockwise on the screen.
pub type Corners = [[f32; 2]; 4];

/// Corners may lie outside the picture by this share of its sides.
const OUTSIDE: f32 = 0.35;
/// Smallest share of the picture a page can have.
const LEAST_AREA: f32 = 0.04;
/// Corner angles of a page seen in perspective: 35° to 145°.
const STEEPEST_COSINE: f32 = 0.819;

pub fn area(c: &Corners) -> f32 {
    (0..4).map(|i| (c[i], c[(i + 1) % 4])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>() / 2.0
}

/// Convex, clockwise, large enough, no sharp corner, not far outside: a page can look like this.
pub fn plausible(c: &Corners, width: f32, height: f32) -> bool {
    let near = |v: f32, side: f32| (-OUTSIDE * side..=(1.0 + OUTSIDE) * side).contains(&v);
    c.iter().all(|p| near(p[0], width) && near(p[1], height))
        && (0..4).all(|i| {
            let (a, b, d) = (c[(i + 3) % 4], c[i], c[(i + 1) % 4]);
            let (u, v) = ([b[0] - a[0], b[1] - a[1]], [d[0] - b[0], d[1] - b[1]]);
            let lengths = ((u[0] * u[0] + u[1] * u[1]) * (v[0] * v[0] + v[1] * v[1])).sqrt();
            u[0] * v[1] - u[1] * v[0] > 1e-3 * lengths && (u[0] * v[0] + u[1] * v[1]).abs() < STEEPEST_COSINE * lengths
        })
        && area(c) > LEAST_AREA * width * height
}

/// The corners where neighbouring sides meet; side i runs from corner i to corner i + 1.
pub fn corners(sides: &[Line; 4]) -> Option<Corners> {
    let mut out = [[0.0; 2]; 4];
    for (i, corner) in out.iter_mut().enumerate() {
        *corner = sides[(i + 3) % 4].meet(&sides[i])?;
    }
    Some(out)
}

pub fn clockwise(mut c: Corners) -> Corners {
    if area(&c) < 0.0 {
        c.reverse();
    }
    c
}

/// As the page is read if its top is the side that runs most nearly to the right; in fractions of the picture.
pub fn reading_order(c: &Corners, width: f32, height: f32) -> Quad {
    let c = clockwise(*c);
    let across = |k: usize| c[(k + 1) % 4][0] - c[k][0] + c[(k + 2) % 4][0] - c[(k + 3) % 4][0];
    let first = (0..4).max_by(|a, b| across(*a).total_cmp(&across(*b))).unwrap_or(0);
    Quad(std::array::from_fn(|i| {
        let p = c[(first + i) % 4];
        Point { x: (p[0] + 0.5) / width, y: (p[1] + 0.5) / height }
    }))
}
