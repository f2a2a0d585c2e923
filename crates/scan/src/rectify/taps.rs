//! A photo read between its pixels, bilinearly, several values at once on whatever registers the target surely has.
//!
//! Refuses to know which places are read and what for.

use bytemuck::must_cast;
use wide::{i16x8, i32x4, u8x16, u32x4};

/// Fractions of a pixel, in bits.
pub const FINE: u32 = 16;

/// Places along a line on the photo: pixels with [`FINE`] bits of fraction, counted from the pixels' centres.
#[derive(Clone, Copy)]
pub struct Run {
    pub start: [i64; 2],
    pub step: [i64; 2],
}

/// A photo of `N` channels, one or three.
pub struct Taps<'a, const N: usize> {
    raw: &'a [u8],
    stride: usize,
    right: i64,
    bottom: i64,
}

/// Bytes read at once for a pixel of three channels and the next one: eight from each.
const READS: usize = 11;

impl<'a, const N: usize> Taps<'a, N> {
    pub fn of(raw: &'a [u8], (width, height): (usize, usize)) -> Self {
        Taps { raw, stride: width * N, right: width as i64 - 1, bottom: height as i64 - 1 }
    }

    /// The values at the run's places; beyond the photo its border is repeated.
    pub fn sample(&self, run: Run, out: &mut [[u8; N]]) {
        let at = |i: i64| [run.start[0] + i * run.step[0], run.start[1] + i * run.step[1]];
        // So many columns are read to the right of a place, and so far 32 bits count.
        let beyond = if N == 1 { 1 } else { READS.div_ceil(N) as i64 - 1 };
        let [right, bottom] = [self.right + 1 - beyond, self.bottom].map(|end| end.min(1 << FINE) << FINE);
        let within = |[x, y]: [i64; 2]| (0..right).contains(&x) && (0..bottom).contains(&y);
        if !within(run.start) || !within(at(out.len() as i64 - 1)) {
            return (0..).zip(out).for_each(|(i, value)| *value = self.anywhere(at(i)));
        }
        // Nearly always: no place in between needs to be looked at.
        let mut here = run.start.map(|v| v as u32);
        let step = run.step.map(|v| v as u32);
        let mut next = || {
            let at = here;
            here = [at[0].wrapping_add(step[0]), at[1].wrapping_add(step[1])];
            at
        };
        let (fours, rest) = out.as_chunks_mut::<4>();
        for four in fours {
            *four = self.four([next(), next(), next(), next()]);
        }
        if !rest.is_empty() {
            let at = next();
            // Places that nobody asked for are the first one again.
            let mut more = [at; 4];
            more[1..rest.len()].iter_mut().for_each(|at| *at = next());
            rest.copy_from_slice(&self.four(more)[..rest.len()]);
        }
    }

    /// Between four pixels each, none of them beyond the border.
    #[inline(always)]
    fn four(&self, at: [[u32; 2]; 4]) -> [[u8; N]; 4] {
        let axis = |i: usize| (u32x4::new([at[0][i], at[1][i], at[2][i], at[3][i]]) >> (FINE - 8)) & u32x4::splat(255);
        let (px, py) = (axis(0), axis(1));
        // Two numbers of sixteen bits each.
        let (across, down) = ((px << 16) + (u32x4::splat(256) - px), (py << 16) | py);
        let index = [self.index(at[0]), self.index(at[1]), self.index(at[2]), self.index(at[3])];
        if N == 1 {
            let all: [i32; 4] = must_cast(self.four_grey(index, must_cast(across), must_cast(down)));
            return all.map(|value| [value as u8; N]);
        }
        let (across, down): ([u32; 4], [u32; 4]) = (must_cast(across), must_cast(down));
        let one = |i: usize| {
            let (across, down) = (must_cast(u32x4::splat(across[i])), must_cast(u32x4::splat(down[i])));
            let [upper, lower] = self.pairs(index[i]);
            between(upper, lower, down, across)
        };
        let ab = i16x8::from_i32x8_saturate(must_cast([one(0), one(1)]));
        let cd = i16x8::from_i32x8_saturate(must_cast([one(2), one(3)]));
        let all: [[u8; 4]; 4] = must_cast(u8x16::narrow_i16x8(ab, cd));
        all.map(|sample| std::array::from_fn(|i| sample[i]))
    }

    /// The one channel of four places.
    #[inline(always)]
    fn four_grey(&self, [a, b, c, d]: [usize; 4], across: i16x8, down: i16x8) -> i32x4 {
        let pair = |at: usize| self.raw.get(at..at + 2).map_or(0, |two| u64::from(two[0]) | u64::from(two[1]) << 8);
        let pairs = |below: usize| -> i16x8 {
            let pairs = pair(a + below) | pair(b + below) << 16 | pair(c + below) << 32 | pair(d + below) << 48;
            i16x8::from_u8x16_low(must_cast([pairs, 0]))
        };
        between(pairs(0), pairs(self.stride), down, across)
    }

    #[inline(always)]
    fn index(&self, [x, y]: [u32; 2]) -> usize {
        (y >> FINE) as usize * self.stride + (x >> FINE) as usize * N
    }

    /// A pixel and the next one, channel by channel in pairs; the same of the row below.
    #[inline(always)]
    fn pairs(&self, at: usize) -> [i16x8; 2] {
        let Some((upper, lower)) =
            self.raw.get(at..at + self.stride + READS).and_then(|rows| rows.split_at_checked(self.stride))
        else {
            return [i16x8::ZERO; 2];
        };
        let eight =
            |bytes: &[u8]| -> u8x16 { must_cast([bytes.first_chunk().map_or(0, |b| u64::from_le_bytes(*b)), 0]) };
        let pairs = |row: &[u8]| i16x8::from_u8x16_low(u8x16::unpack_low(eight(row), eight(&row[N..])));
        [pairs(upper), pairs(lower)]
    }

    /// One place, borders repeated.
    fn anywhere(&self, [x, y]: [i64; 2]) -> [u8; N] {
        let (px, py) = (part(x as u32), part(y as u32));
        let pixel = |x: i64, y: i64| {
            let (x, y) = (x.clamp(0, self.right) as usize, y.clamp(0, self.bottom) as usize);
            &self.raw[y * self.stride + x * N..][..N]
        };
        let (x, y) = (x >> FINE, y >> FINE);
        let four = [pixel(x, y), pixel(x + 1, y), pixel(x, y + 1), pixel(x + 1, y + 1)];
        std::array::from_fn(|i| {
            let [a, b, c, d] = four.map(|pixel| u32::from(pixel[i]));
            let (left, right) = (a * (256 - py) + c * py, b * (256 - py) + d * py);
            ((left * (256 - px) + right * px + (1 << 15)) >> 16) as u8
        })
    }
}

/// What lies between two pixels, 0 to 255.
fn part(v: u32) -> u32 {
    (v >> (FINE - 8)) & 255
}

/// Down and then across: `upper` and `lower` have a value and its right neighbour's beside it, `across` the shares of both.
#[inline(always)]
fn between(upper: i16x8, lower: i16x8, down: i16x8, across: i16x8) -> i32x4 {
    let mixed = upper * (i16x8::splat(256) - down) + lower * down;
    // Up to 255 × 256 fills sixteen bits, and products have a sign.
    let signed = mixed ^ i16x8::splat(i16::MIN);
    (signed.dot(across) + i32x4::splat((1 << 23) + (1 << 15))) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a run reads is what each of its places has.
    fn agrees<const N: usize>(size: (usize, usize), run: Run, length: usize, seed: u32) {
        let raw: Vec<u8> =
            (0..size.0 * size.1 * N).map(|i| ((i as u32 * 31 + 7).wrapping_mul(seed | 1) >> 24) as u8).collect();
        let taps = Taps::<N>::of(&raw, size);
        let mut out = vec![[0; N]; length];
        taps.sample(run, &mut out);
        for (i, found) in (0i64..).zip(&out) {
            assert_eq!(*found, taps.anywhere([0, 1].map(|k| run.start[k] + i * run.step[k])), "place {i} of {length}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn a_run_reads_what_each_of_its_places_has(
            size in (1usize..30, 1usize..30), start in (-2.0f64..32.0, -2.0f64..32.0), step in (-2.0f64..2.0, -2.0f64..2.0),
            length in 1usize..17, seed in any::<u32>(),
        ) {
            let fine = |(x, y): (f64, f64)| [x, y].map(|v| (v * f64::from(1u32 << FINE)) as i64);
            let run = Run { start: fine(start), step: fine(step) };
            agrees::<1>(size, run, length, seed);
            agrees::<3>(size, run, length, seed);
        }
    }

    #[test]
    fn the_last_column_that_is_read_at_once_is_the_photos_own() {
        for x in 0..40 {
            let run = Run { start: [x << FINE, 1 << FINE], step: [1 << (FINE - 2), 0] };
            agrees::<1>((40, 3), run, 4, 77);
            agrees::<3>((40, 3), run, 4, 77);
        }
    }

    #[test]
    fn places_beyond_what_32_bits_count_are_read_too() {
        let run = Run { start: [65_530 << FINE, 0], step: [1 << FINE, 0] };
        agrees::<1>((65_560, 2), run, 16, 5);
    }
}
