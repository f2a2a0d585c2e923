//! One channel of a small picture as floats, and the few filters the detector needs on it.

/// Row-major values, nominally 0–255.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

impl Plane {
    pub fn new(width: usize, height: usize) -> Self {
        Plane { width, height, data: vec![0.0; width * height] }
    }

    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.data[y * self.width + x]
    }

    /// Bilinear value at pixel centres' coordinates, clamped to the picture.
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let top = self.at(x0, y0) * (1.0 - fx) + self.at(x1, y0) * fx;
        let bottom = self.at(x0, y1) * (1.0 - fx) + self.at(x1, y1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    pub fn map(&self, f: impl Fn(f32) -> f32) -> Plane {
        Plane { width: self.width, height: self.height, data: self.data.iter().map(|&v| f(v)).collect() }
    }

    #[cfg(test)]
    pub fn zip(&self, other: &Plane, f: impl Fn(f32, f32) -> f32) -> Plane {
        let data = self.data.iter().zip(&other.data).map(|(&a, &b)| f(a, b)).collect();
        Plane { width: self.width, height: self.height, data }
    }

    /// Binomial smoothing (1 2 1) in both directions, borders repeated.
    pub fn smooth(&self) -> Plane {
        let (w, h) = (self.width, self.height);
        let mut across = Plane::new(w, h);
        for (from, to) in self.data.chunks_exact(w).zip(across.data.chunks_exact_mut(w)) {
            to[0] = (3.0 * from[0] + from[1.min(w - 1)]) * 0.25;
            to[w - 1] = (3.0 * from[w - 1] + from[w.saturating_sub(2)]) * 0.25;
            for (value, near) in to.iter_mut().skip(1).zip(from.windows(3)) {
                *value = (near[0] + 2.0 * near[1] + near[2]) * 0.25;
            }
        }
        let mut out = Plane::new(w, h);
        for (y, to) in out.data.chunks_exact_mut(w).enumerate() {
            let row = |y: usize| &across.data[y * w..][..w];
            let (above, middle, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(h - 1)));
            for (value, ((a, m), b)) in to.iter_mut().zip(above.iter().zip(middle).zip(below)) {
                *value = (a + 2.0 * m + b) * 0.25;
            }
        }
        out
    }

    /// Largest value within `radius` in both directions (a square window).
    pub fn dilate(&self, radius: usize) -> Plane {
        self.extreme(radius, |a, b| if a > b { a } else { b })
    }

    /// Smallest value within `radius` in both directions (a square window).
    pub fn erode(&self, radius: usize) -> Plane {
        self.extreme(radius, |a, b| if a < b { a } else { b })
    }

    /// The extreme over 2·radius+1 values both ways, by doubling windows: log₂(window) passes that vectorise.
    fn extreme(&self, radius: usize, pick: impl Fn(f32, f32) -> f32) -> Plane {
        let (w, h, window) = (self.width, self.height, 2 * radius + 1);
        let mut rows: Vec<f32> = Vec::with_capacity(w * (h + 2 * radius));
        let mut line = vec![0.0f32; w + 2 * radius];
        for y in 0..h + 2 * radius {
            let from = &self.data[y.saturating_sub(radius).min(h - 1) * w..][..w];
            line[..radius].fill(from[0]);
            line[radius..radius + w].copy_from_slice(from);
            line[radius + w..].fill(from[w - 1]);
            doubled(&mut line, window, 1, &pick);
            rows.extend_from_slice(&line[..w]);
        }
        doubled(&mut rows, window, w, &pick);
        rows.truncate(w * h);
        Plane { width: w, height: h, data: rows }
    }

    /// Fills dark details thinner than the window: print on paper vanishes, the paper's edge stays where it is.
    pub fn close(&self, radius: usize) -> Plane {
        self.dilate(radius).erode(radius)
    }

    pub fn transposed(&self) -> Plane {
        let mut out = Plane::new(self.height, self.width);
        for (y, row) in self.data.chunks_exact(self.width).enumerate() {
            for (x, &v) in row.iter().enumerate() {
                out.data[x * self.height + y] = v;
            }
        }
        out
    }

    /// A quarter turn clockwise.
    pub fn turned_right(&self) -> Plane {
        let mut out = self.transposed();
        for row in out.data.chunks_exact_mut(self.height) {
            row.reverse();
        }
        out
    }

    pub fn turned_half(&self) -> Plane {
        let mut out = self.clone();
        out.data.reverse();
        out
    }

    /// The value below which the share `fraction` of all values lies.
    pub fn quantile(&self, fraction: f32) -> f32 {
        quantile(&mut self.data.clone(), fraction)
    }
}

/// The value below which the share `fraction` lies; 0 for no values.
pub(crate) fn quantile(values: &mut [f32], fraction: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let at = ((values.len() - 1) as f32 * fraction.clamp(0.0, 1.0)) as usize;
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}

/// Each value becomes the extreme of itself and the `window` − 1 after it, `stride` apart.
fn doubled(values: &mut [f32], window: usize, stride: usize, pick: &impl Fn(f32, f32) -> f32) {
    let mut covered = 1;
    while covered < window {
        let step = covered.min(window - covered);
        let ahead = step * stride;
        for start in (0..values.len() - ahead).step_by(ahead) {
            // Blocks of one step: what is read has not been written yet.
            let (to, from) = values[start..].split_at_mut(ahead);
            to.iter_mut().zip(from.iter()).for_each(|(a, b)| *a = pick(*a, *b));
        }
        covered += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Plane {
        Plane { width: 5, height: 3, data: (0..15).map(|v| v as f32).collect() }
    }

    #[test]
    fn a_quarter_turn_brings_the_bottom_left_to_the_top_left() {
        let turned = ramp().turned_right();
        assert_eq!((turned.width, turned.height), (3, 5));
        assert_eq!(turned.at(0, 0), 10.0);
        assert_eq!(turned.at(2, 0), 0.0);
        assert_eq!(turned.turned_right().data, ramp().turned_half().data);
    }

    #[test]
    fn closing_fills_a_thin_dark_line_and_keeps_a_wide_one() {
        let mut plane = Plane::new(30, 30).map(|_| 200.0);
        for y in 0..30 {
            plane.data[y * 30 + 5] = 0.0;
            for x in 15..25 {
                plane.data[y * 30 + x] = 0.0;
            }
        }
        let closed = plane.close(2);
        assert_eq!(closed.at(5, 10), 200.0);
        assert_eq!(
            (closed.at(14, 10), closed.at(15, 10), closed.at(24, 10), closed.at(25, 10)),
            (200.0, 0.0, 0.0, 200.0)
        );
    }

    #[test]
    fn dilation_equals_the_plain_maximum() {
        let plane = Plane { width: 7, height: 1, data: vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0] };
        assert_eq!(plane.dilate(2).data, vec![4.0, 4.0, 5.0, 9.0, 9.0, 9.0, 9.0]);
    }
}
