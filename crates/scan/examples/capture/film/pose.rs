//! Where the phone is above the desk, and what that makes of the desk in the picture: a pinhole camera.

use super::Spot;
use scan::Homography;

/// The picture's size in pixels: a phone held upright, 3 : 4.
pub const WIDTH: usize = 480;
pub const HEIGHT: usize = 640;
/// Focal length as a fraction of the longer side: 60° across it, a phone's main camera less the stabiliser's crop.
const FOCAL: f32 = 0.87;

#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// What the middle of the picture shows.
    pub target: Spot,
    /// Millimetres from there to the lens.
    pub distance: f32,
    /// Radians, clockwise, about the line of sight.
    pub turn: f32,
    /// Radians off straight down, and the direction on the desk that it leans to.
    pub tilt: f32,
    pub lean: f32,
    /// What trembling adds in the picture, fractions of its longer side.
    pub shift: Spot,
}

impl Pose {
    /// Straight above `target`.
    pub fn above(target: Spot, distance: f32) -> Self {
        Pose { target, distance, turn: 0.0, tilt: 0.0, lean: 0.0, shift: [0.0; 2] }
    }

    /// The distance from which `length` millimetres fill the `share` of the picture's longer side.
    pub fn distance_for(length: f32, share: f32) -> f32 {
        FOCAL * length / share
    }

    /// Millimetres that one pixel covers in the middle.
    pub fn pixel(&self) -> f32 {
        self.distance / (FOCAL * HEIGHT as f32)
    }

    /// A place on the desk in pixels of the picture. Nothing behind the lens is ever asked for: tilts are below 50°.
    pub fn project(&self, at: Spot) -> [f32; 2] {
        let (x, y) = (at[0] - self.target[0], at[1] - self.target[1]);
        let (ls, lc) = self.lean.sin_cos();
        let (along, across) = (x * lc + y * ls, y * lc - x * ls);
        let (ts, tc) = self.tilt.sin_cos();
        let depth = (self.distance + along * ts).max(1.0);
        let along = along * tc;
        let (px, py) = (along * lc - across * ls, along * ls + across * lc);
        let (s, c) = self.turn.sin_cos();
        let (px, py) = (px * c - py * s, px * s + py * c);
        let focal = FOCAL * HEIGHT as f32;
        [
            WIDTH as f32 * 0.5 + focal * px / depth + self.shift[0] * HEIGHT as f32,
            HEIGHT as f32 * 0.5 + focal * py / depth + self.shift[1] * HEIGHT as f32,
        ]
    }

    /// From pixels to millimetres on the desk, row-major 3 × 3.
    pub fn to_desk(self) -> [f32; 9] {
        // A square of the desk around the target, small enough to be in front of the lens.
        let side = self.distance * 0.5;
        let [x, y] = [self.target[0] - side * 0.5, self.target[1] - side * 0.5];
        let corners = [[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
        let seen = corners.map(|corner| self.project(corner).map(f64::from));
        let from = Homography::of_unit_square(seen).and_then(|map| map.inverse());
        let [a, b, c, d, e, f, g, h, i] = from.map_or([0.0; 9], |map| map.0).map(|v| v as f32);
        let shifted = |p: f32, q: f32, r: f32, by: f32| [side * p + by * g, side * q + by * h, side * r + by * i];
        let [[a, b, c], [d, e, f]] = [shifted(a, b, c, x), shifted(d, e, f, y)];
        [a, b, c, d, e, f, g, h, i]
    }
}
