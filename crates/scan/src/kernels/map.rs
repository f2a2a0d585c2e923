//! Many channels of a small picture, each pixel's together, with a border of zeros: what a convolution reads and writes.
//!
//! Refuses to know: what a channel means.

/// Rows from top to bottom, `channels` floats a pixel; one pixel of zeros lies around the picture and stays zero.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    width: usize,
    height: usize,
    channels: usize,
    data: Vec<f32>,
}

impl Map {
    pub fn new(width: usize, height: usize, channels: usize) -> Self {
        Map { width, height, channels, data: vec![0.0; (width + 2) * (height + 2) * channels] }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn channels(&self) -> usize {
        self.channels
    }

    /// All floats, border included.
    pub(super) fn data(&self) -> &[f32] {
        &self.data
    }

    pub(super) fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Where the pixel's floats begin; both are counted from the border, so that the picture begins at (1, 1).
    pub(super) fn offset(&self, x: usize, y: usize) -> usize {
        (y * (self.width + 2) + x) * self.channels
    }

    /// The pixels of row `y`, one after the other, without the border.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.data[self.offset(1, y + 1)..][..self.width * self.channels]
    }

    pub fn row_mut(&mut self, y: usize) -> &mut [f32] {
        let start = self.offset(1, y + 1);
        &mut self.data[start..][..self.width * self.channels]
    }

    /// Adds `small`, each of its pixels to a square of four.
    ///
    /// # Panics
    /// When `small` has not half the width, half the height and the same channels.
    pub fn add_doubled(&mut self, small: &Map) {
        let channels = self.channels;
        assert_eq!((2 * small.width, 2 * small.height, small.channels), (self.width, self.height, channels));
        for y in 0..self.height {
            let pairs = self.row_mut(y).chunks_exact_mut(2 * channels);
            for (pair, from) in pairs.zip(small.row(y / 2).chunks_exact(channels)) {
                let (left, right) = pair.split_at_mut(channels);
                for ((left, right), from) in left.iter_mut().zip(right).zip(from) {
                    *left += from;
                    *right += from;
                }
            }
        }
    }

    /// Each channel's mean over all pixels, the sum of it times `weights`: a linear layer behind a global average.
    pub fn mean_dot(&self, weights: &[f32]) -> f32 {
        let pixels = (0..self.height).flat_map(|y| self.row(y).chunks_exact(self.channels));
        let dot = |pixel: &[f32]| pixel.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f32>();
        pixels.map(dot).sum::<f32>() / (self.width * self.height) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_adds_each_pixel_four_times_and_leaves_the_border() {
        let mut small = Map::new(2, 1, 2);
        small.row_mut(0).copy_from_slice(&[1.0, 2.0, 3.0, 4.0]);
        let mut map = Map::new(4, 2, 2);
        map.row_mut(1)[7] = 0.5;
        map.add_doubled(&small);
        assert_eq!(map.row(0), [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0]);
        assert_eq!(map.row(1), [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.5]);
        assert_eq!(map.data().iter().sum::<f32>(), 40.5);
    }

    #[test]
    fn the_mean_is_over_pixels_and_the_sum_over_channels() {
        let mut map = Map::new(1, 2, 2);
        map.row_mut(0).copy_from_slice(&[1.0, 10.0]);
        map.row_mut(1).copy_from_slice(&[3.0, 30.0]);
        assert_eq!(map.mean_dot(&[1.0, 0.5]), 2.0 + 10.0);
    }
}
