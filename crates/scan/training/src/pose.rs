//! Where the camera is: a pinhole before a world in metres, and the frame it fills. Refuses to know what it sees.

use crate::{canvas::SIDE, chance::Chance};
use scan::Homography;

pub type Spot = [f32; 2];
pub type Place = [f32; 3];

/// Turn, then push away from the lens, then project. The world's z axis points from the table towards the camera.
#[derive(Debug, Clone)]
pub struct Camera {
    rows: [Place; 3],
    pub distance: f32,
    /// Focal length in units of the frame's longer side.
    focal: f32,
    /// Frame's sides in units of the longer one.
    frame: Spot,
    /// Where the world's origin is seen: shares of the frame.
    pub centre: Spot,
}

impl Camera {
    /// `turn`: clockwise in the picture; `tilt`: how far the camera leaves the vertical, towards `tilt_axis` (0: the far
    /// edge of what is seen lies at the top); radians.
    pub fn new(turn: f32, tilt: f32, tilt_axis: f32, focal: f32, frame: Spot) -> Self {
        // y down in the picture and on the page; z towards the camera is negative depth.
        let spin = about_z(turn - tilt_axis);
        let lean = about_x(tilt);
        let rows = product(product(about_z(tilt_axis), lean), spin);
        Camera { rows, distance: 1.0, focal, frame, centre: [0.5, 0.5] }
    }

    /// Canvas pixels and depth in metres; depth below a centimetre is behind the camera.
    pub fn project(&self, [x, y, z]: Place) -> (Spot, f32) {
        let r = &self.rows;
        let turned: Place = std::array::from_fn(|i| r[i][0] * x + r[i][1] * y - r[i][2] * z);
        let depth = (turned[2] + self.distance).max(0.01);
        let scale = self.focal / depth;
        let at = |i: usize| SIDE as f32 * (self.centre[i] + scale * turned[i] / self.frame[i]);
        ([at(0), at(1)], depth)
    }

    /// Moves away until the corners enclose the share `area` of the frame (whether inside it or not).
    pub fn frame_area(&mut self, corners: &[Place; 4], area: f32) {
        let reach = corners.iter().flatten().fold(0.0f32, |m, v| m.max(v.abs()));
        self.distance = 2.0 * reach;
        for _ in 0..6 {
            let quad = corners.map(|corner| self.project(corner).0);
            let now = shoelace(&quad).abs() / (SIDE * SIDE) as f32;
            self.distance = (self.distance * (now / area).sqrt()).clamp(1.25 * reach, 60.0 * reach);
        }
    }

    /// From canvas pixels to the plane at height `z`, in metres; `None` seen edge-on.
    pub fn plane(&self, z: f32) -> Option<Map> {
        let unit = self.distance * 0.2;
        let corners = [[0.0, 0.0], [unit, 0.0], [unit, unit], [0.0, unit]];
        let seen = corners.map(|[x, y]| self.project([x, y, z]).0.map(f64::from));
        let mut back = Homography::of_unit_square(seen)?.inverse()?;
        (0..6).for_each(|i| back.0[i] *= f64::from(unit));
        Some(Map::of(&back, self.project([0.0, 0.0, z]).0))
    }

    /// What one canvas pixel covers at the origin, in metres.
    pub fn pixel(&self) -> f32 {
        self.distance / self.focal * (self.frame[0] * self.frame[1]).sqrt() / SIDE as f32
    }
}

/// A homography with floats, for loops over pixels.
#[derive(Debug, Clone, Copy)]
pub struct Map([f32; 9]);

impl Map {
    /// `seen`: a place before the horizon, in canvas pixels.
    pub fn of(homography: &Homography, seen: Spot) -> Self {
        let m = &homography.0;
        let w = m[6] * f64::from(seen[0]) + m[7] * f64::from(seen[1]) + m[8];
        Map(m.map(|v| (v / w) as f32))
    }

    /// `None` at and beyond the horizon.
    #[inline]
    pub fn apply(&self, x: f32, y: f32) -> Option<Spot> {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        if w < 1e-3 {
            return None;
        }
        Some([(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w])
    }
}

/// The frame's sides in units of the longer one: upright and lying phone formats, and a few squares.
pub fn frame(chance: &mut Chance) -> Spot {
    match chance.weighted(&[4.0, 2.0, 1.5, 0.8, 1.0, 1.0]) {
        0 => [0.75, 1.0],
        1 => [1.0, 0.75],
        2 => [0.5625, 1.0],
        3 => [1.0, 0.5625],
        4 => [1.0, 1.0],
        _ => [chance.within(0.55, 1.0), 1.0],
    }
}

pub fn shoelace(p: &[Spot]) -> f32 {
    (0..p.len()).map(|i| (p[i], p[(i + 1) % p.len()])).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>() / 2.0
}

fn about_z(a: f32) -> [Place; 3] {
    [[a.cos(), -a.sin(), 0.0], [a.sin(), a.cos(), 0.0], [0.0, 0.0, 1.0]]
}

fn about_x(a: f32) -> [Place; 3] {
    [[1.0, 0.0, 0.0], [0.0, a.cos(), a.sin()], [0.0, -a.sin(), a.cos()]]
}

fn product(a: [Place; 3], b: [Place; 3]) -> [Place; 3] {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}
