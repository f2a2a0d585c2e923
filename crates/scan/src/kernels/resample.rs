//! The area average of a channel of bytes, at any size and in any proportion: what a camera's frame is squashed with.
//!
//! Refuses to know: which channel it is, and which way is up.

use super::Instructions;

/// One channel as it lies in memory: rows `stride` bytes apart, values `step` bytes apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a> {
    pub data: &'a [u8],
    pub stride: usize,
    pub step: usize,
    pub width: usize,
    pub height: usize,
}

/// Averages channels, and keeps what it needs for it from one to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resampler {
    /// One row of the result, still at the width of the source and with what lies between its values.
    sums: Vec<f32>,
    /// For each column of the result the byte at which its run of `taps` weights begins.
    starts: Vec<usize>,
    weights: Vec<[f32; LANES]>,
    /// Groups of `LANES` weights a column.
    groups: usize,
}

const LANES: usize = 8;

impl Resampler {
    /// Writes `width` columns and as many rows as `out` has room for: each value is the mean of exactly the area it covers.
    ///
    /// # Panics
    /// When `from` is empty or its data ends before its last value.
    pub fn average(&mut self, instructions: Instructions, from: Bytes, width: usize, out: &mut [f32]) {
        assert!(from.width > 0 && from.height > 0 && width > 0);
        let bytes = (from.width - 1) * from.step + 1;
        let shares = |column| Shares::of(column, from.width, width);
        let most = (0..width).map(|column| shares(column).end - shares(column).start).max().unwrap_or(1);
        self.groups = ((most - 1) * from.step + 1).div_ceil(LANES);
        self.starts.clear();
        self.weights.clear();
        self.weights.resize(width * self.groups, [0.0; LANES]);
        for (column, weights) in self.weights.chunks_exact_mut(self.groups).enumerate() {
            let shares = shares(column);
            self.starts.push(shares.start * from.step);
            // Bytes of another channel in between have weight 0.
            for place in shares.start..shares.end {
                weights.as_flattened_mut()[(place - shares.start) * from.step] = shares.share(place);
            }
        }
        self.sums.clear();
        self.sums.resize(bytes + self.groups * LANES, 0.0);
        instructions.average(self, from, width, out);
    }
}

/// Which source values one value of the result covers, in whole numbers: value `i` of `to` covers `from` parts, of
/// which a source value has `to`.
#[derive(Clone, Copy)]
struct Shares {
    start: usize,
    end: usize,
    first_part: usize,
    from: usize,
    to: usize,
}

impl Shares {
    fn of(i: usize, from: usize, to: usize) -> Self {
        let first_part = i * from;
        Shares { start: first_part / to, end: (first_part + from).div_ceil(to), first_part, from, to }
    }

    /// All of them add up to 1.
    fn share(self, place: usize) -> f32 {
        let end = (self.first_part + self.from).min((place + 1) * self.to);
        (end - self.first_part.max(place * self.to)) as f32 / self.from as f32
    }
}

#[inline(always)]
pub(super) fn average(resampler: &mut Resampler, from: Bytes, width: usize, out: &mut [f32]) {
    let Resampler { sums, starts, weights, groups } = resampler;
    let bytes = (from.width - 1) * from.step + 1;
    let height = out.len() / width;
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        let shares = Shares::of(y, from.height, height);
        let sums_now = &mut sums[..bytes];
        sums_now.fill(0.0);
        for place in shares.start..shares.end {
            let share = shares.share(place);
            let row = &from.data[place * from.stride..][..bytes];
            sums_now.iter_mut().zip(row).for_each(|(sum, &byte)| *sum += share * f32::from(byte));
        }
        for ((value, &start), weights) in out.iter_mut().zip(starts.iter()).zip(weights.chunks_exact(*groups)) {
            let mut lanes = [0.0; LANES];
            let (runs, _) = sums[start..][..*groups * LANES].as_chunks::<LANES>();
            for (run, weights) in runs.iter().zip(weights) {
                for lane in 0..LANES {
                    lanes[lane] += run[lane] * weights[lane];
                }
            }
            let [a, b, c, d, e, f, g, h] = lanes;
            *value = ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each source value's overlap with the area, in floating point and one by one.
    fn plain(from: Bytes, width: usize, height: usize) -> Vec<f32> {
        let overlap = |i: usize, to: usize, place: usize, of: usize| {
            let (start, end) = (i as f64 * of as f64 / to as f64, (i + 1) as f64 * of as f64 / to as f64);
            (end.min(place as f64 + 1.0) - start.max(place as f64)).max(0.0)
        };
        let mut out = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let (mut sum, mut area) = (0.0, 0.0);
                for j in 0..from.height {
                    for i in 0..from.width {
                        let share = overlap(x, width, i, from.width) * overlap(y, height, j, from.height);
                        sum += share * f64::from(from.data[j * from.stride + i * from.step]);
                        area += share;
                    }
                }
                out.push((sum / area) as f32);
            }
        }
        out
    }

    proptest! {
        #[test]
        fn every_value_is_the_mean_of_its_area(
            size in (1usize..70, 1usize..40),
            to in (1usize..30, 1usize..30),
            step in 1usize..4,
            gap in 0usize..9,
            seed in any::<u64>(),
        ) {
            let stride = size.0 * step + gap;
            let mut state = seed;
            let mut byte = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            };
            // Not one byte more than a frame may have.
            let data: Vec<u8> = (0..(size.1 - 1) * stride + (size.0 - 1) * step + 1).map(|_| byte()).collect();
            let from = Bytes { data: &data, stride, step, width: size.0, height: size.1 };
            let mut resampler = Resampler::default();
            for instructions in Instructions::available() {
                let mut out = vec![f32::NAN; to.0 * to.1];
                resampler.average(instructions, from, to.0, &mut out);
                for (got, wanted) in out.iter().zip(plain(from, to.0, to.1)) {
                    prop_assert!((got - wanted).abs() < 1e-3, "{} instead of {}", got, wanted);
                }
            }
        }
    }
}
