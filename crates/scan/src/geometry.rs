//! Corners of a page in fractions of the picture, so that preview, frame and photo share one mapping.

use serde::{Deserialize, Serialize};

/// Fractions of the upright picture: (0, 0) top left, (1, 1) bottom right. May lie outside where a page leaves the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

/// Corners of a page: top left, top right, bottom right, bottom left, as the page is read in the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The whole picture.
    pub const FULL: Quad =
        Quad([Point { x: 0.0, y: 0.0 }, Point { x: 1.0, y: 0.0 }, Point { x: 1.0, y: 1.0 }, Point { x: 0.0, y: 1.0 }]);

    /// Area as a fraction of the picture (shoelace formula, positive for the order above).
    pub fn area(&self) -> f32 {
        let p = &self.0;
        (0..4).map(|i| (p[i], p[(i + 1) % 4])).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f32>() / 2.0
    }

    /// Convex, in order, with a positive area.
    pub fn is_convex(&self) -> bool {
        (0..4).all(|i| {
            let (a, b, c) = (self.0[i], self.0[(i + 1) % 4], self.0[(i + 2) % 4]);
            (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 1e-7
        })
    }

    /// Whether a point lies inside (convex quads in order).
    pub fn contains(&self, at: Point) -> bool {
        (0..4).all(|i| {
            let (a, b) = (self.0[i], self.0[(i + 1) % 4]);
            (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x) >= 0.0
        })
    }

    /// Largest distance of a corner to its counterpart, in fractions of the picture's side.
    pub fn distance(&self, other: &Quad) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a.x - b.x).abs().max((a.y - b.y).abs())).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_picture_is_convex_and_has_area_one() {
        assert!(Quad::FULL.is_convex());
        assert_eq!(Quad::FULL.area(), 1.0);
        assert!(Quad::FULL.contains(Point { x: 0.5, y: 0.99 }) && !Quad::FULL.contains(Point { x: 0.5, y: 1.01 }));
    }

    #[test]
    fn a_bow_tie_and_the_wrong_way_round_are_not_convex() {
        let [a, b, c, d] = Quad::FULL.0;
        assert!(!Quad([a, c, b, d]).is_convex());
        assert!(!Quad([a, d, c, b]).is_convex());
        assert_eq!(Quad([a, d, c, b]).area(), -1.0);
    }

    #[test]
    fn distance_is_that_of_the_corner_farthest_away() {
        let mut moved = Quad::FULL;
        moved.0[2].y = 0.9;
        assert!((Quad::FULL.distance(&moved) - 0.1).abs() < 1e-6);
    }
}
