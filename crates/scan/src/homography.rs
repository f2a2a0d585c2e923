//! The projective map between a rectangle and its picture (Hartley & Zisserman, Multiple View Geometry, 4.1).

/// Row-major 3×3, defined up to scale.
#[derive(Debug, Clone, Copy)]
pub struct Homography(pub [f64; 9]);

impl Homography {
    /// The map that takes the unit square's corners (0,0) (1,0) (1,1) (0,1) to `to` (Heckbert 1989, 2.2.3).
    pub fn of_unit_square(to: [[f64; 2]; 4]) -> Option<Self> {
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = to;
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let det = dx1 * dy2 - dx2 * dy1;
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        let m = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0];
        m.iter().all(|v| v.is_finite()).then_some(Homography(m))
    }

    /// Where the point goes; not finite on the line that the map sends to infinity.
    pub fn apply(&self, x: f64, y: f64) -> [f64; 2] {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w]
    }

    /// The way back; `None` where the map flattens the plane to a line.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
        if !det.is_finite() || det.abs() < 1e-15 {
            return None;
        }
        let adjugate = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        Some(Homography(adjugate.map(|v| v / det)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Homography {
        /// The map that takes `from[i]` to `to[i]`; `None` where three of the points lie on one line.
        pub(crate) fn between(from: [[f64; 2]; 4], to: [[f64; 2]; 4]) -> Option<Self> {
            let to_square = Self::of_unit_square(from)?.inverse()?;
            Some(Self::of_unit_square(to)?.after(&to_square))
        }

        fn after(&self, first: &Self) -> Self {
            let (a, b) = (&self.0, &first.0);
            Homography(std::array::from_fn(|i| (0..3).map(|k| a[i / 3 * 3 + k] * b[k * 3 + i % 3]).sum()))
        }
    }

    #[test]
    fn three_points_on_a_line_have_no_map() {
        assert!(Homography::of_unit_square([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]).is_none());
    }

    proptest! {
        #[test]
        fn corners_go_where_they_are_sent(jitter in proptest::collection::vec(-0.2f64..0.2, 16)) {
            let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
            let moved = |o: usize| std::array::from_fn(|i| {
                [square[i][0] * 300.0 + jitter[o + 2 * i] * 300.0, square[i][1] * 200.0 + jitter[o + 2 * i + 1] * 200.0]
            });
            let (from, to): ([[f64; 2]; 4], [[f64; 2]; 4]) = (moved(0), moved(8));
            let map = Homography::between(from, to).unwrap();
            for i in 0..4 {
                let [x, y] = map.apply(from[i][0], from[i][1]);
                prop_assert!((x - to[i][0]).abs() < 1e-6 && (y - to[i][1]).abs() < 1e-6);
            }
        }
    }
}
