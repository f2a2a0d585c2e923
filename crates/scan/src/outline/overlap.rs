//! How well a quad covers a mask: intersection over union, from sums prepared once.
//!
//! Knows areas; refuses to know which pixels lie on a side.

use crate::{
    outline::shape::{self, Corners},
    plane::Plane,
};

/// Running sums of a mask's rows: what a quad covers is then an integral around its sides (Green's theorem).
pub struct Mass {
    width: usize,
    height: usize,
    /// `width` + 1 sums a row, each of all values before that pixel's left edge.
    sums: Vec<f32>,
    total: f32,
}

impl Mass {
    /// `value` is what a pixel of the mask counts, 0 to 1.
    pub fn of(mask: &Plane, value: impl Fn(f32) -> f32) -> Self {
        let (width, height) = (mask.width, mask.height);
        let mut sums = Vec::with_capacity((width + 1) * height);
        let mut total = 0.0;
        for row in mask.data.chunks_exact(width) {
            let mut sum = 0.0;
            sums.push(sum);
            sums.extend(row.iter().map(|v| {
                sum += value(*v);
                sum
            }));
            total += sum;
        }
        Mass { width, height, sums, total }
    }

    pub fn total(&self) -> f32 {
        self.total
    }

    pub fn size(&self) -> [f32; 2] {
        [self.width as f32, self.height as f32]
    }

    /// Intersection over union of the quad, as far as it lies in the picture, and a mask that weighs `total`, of which
    /// this one is a part.
    pub fn iou(&self, quad: &Corners, total: f32) -> f32 {
        let (covered, area) = self.around(quad);
        covered / (area + total - covered).max(1e-6)
    }

    /// The same where all of the quad counts, and there is no mask outside the picture.
    pub fn iou_with_outside(&self, quad: &Corners) -> f32 {
        let (covered, _) = self.around(quad);
        covered / (shape::area(quad) + self.total - covered).max(1e-6)
    }

    /// What a clockwise quad covers of the mask and of the picture.
    fn around(&self, quad: &Corners) -> (f32, f32) {
        (0..4).map(|i| self.along(quad[i], quad[(i + 1) % 4])).fold((0.0, 0.0), |(c, a), (d, b)| (c + d, a + b))
    }

    /// The side's part of both integrals: of the mask and of the picture. It ends where the picture does.
    fn along(&self, a: [f32; 2], b: [f32; 2]) -> (f32, f32) {
        // Corners are counted from pixels' centres, sums from their edges.
        let ([ax, ay], [bx, by]) = (a.map(|v| v + 0.5), b.map(|v| v + 0.5));
        let (dx, dy) = (bx - ax, by - ay);
        if dy.abs() < 1e-6 {
            return (0.0, 0.0);
        }
        let (t0, t1) = ((0.0 - ay) / dy, (self.height as f32 - ay) / dy);
        let (from, to) = (t0.min(t1).max(0.0), t0.max(t1).min(1.0));
        if from >= to {
            return (0.0, 0.0);
        }
        let steps = ((to - from) * dx.abs().max(dy.abs())).ceil().max(1.0);
        let (step, rise) = ((to - from) / steps, (to - from) * dy / steps);
        let (mut covered, mut area) = (0.0, 0.0);
        for k in 0..steps as usize {
            let t = from + (k as f32 + 0.5) * step;
            let x = (ax + dx * t).clamp(0.0, self.width as f32);
            let row = ((ay + dy * t) as usize).min(self.height - 1);
            let column = (x as usize).min(self.width - 1);
            let sums = &self.sums[row * (self.width + 1) + column..][..2];
            covered += sums[0] + (sums[1] - sums[0]) * (x - column as f32);
            area += x;
        }
        (covered * rise, area * rise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quad_over_half_the_page_and_half_out_of_the_picture() {
        let mut mask = Plane::new(20, 10);
        mask.data.chunks_exact_mut(20).for_each(|row| row[..10].fill(1.0));
        let mass = Mass::of(&mask, |v| v);
        assert_eq!(mass.total(), 100.0);
        let page = [[-0.5, -0.5], [9.5, -0.5], [9.5, 9.5], [-0.5, 9.5]];
        assert!((mass.iou(&page, 100.0) - 1.0).abs() < 1e-5);
        assert!((mass.iou(&page, 200.0) - 0.5).abs() < 1e-5);
        // 5 of 10 columns, 5 beside them; what lies outside the picture does not count.
        let shifted = [[4.5, -7.0], [14.5, -7.0], [14.5, 9.5], [4.5, 9.5]];
        assert!((mass.iou(&shifted, 100.0) - 50.0 / 150.0).abs() < 1e-5);
        assert!((mass.iou_with_outside(&shifted) - 50.0 / (165.0 + 50.0)).abs() < 1e-5);
        // Tilted by two pixels about its middle: a triangle of 5 lost and one of 5 won.
        let tilted = [[-0.5, -0.5], [11.5, -0.5], [7.5, 9.5], [-0.5, 9.5]];
        assert!((mass.iou(&tilted, 100.0) - 95.0 / 105.0).abs() < 2e-3, "{}", mass.iou(&tilted, 100.0));
    }
}
