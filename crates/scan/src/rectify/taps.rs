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

/// Bytes read at once for a pixel and the next one: eight from each.
const READS: usize = 11;

impl<'a, const N: usize> Taps<'a, N> {
    pub fn of(raw: &'a [u8], (width, height): (usize, usize)) -> Self {
        Taps { raw, stride: width * N, right: width as i64 - 1, bottom: height as i64 - 1 }
    }

    /// The values at the run's places; beyond the photo its border is repeated.
    pub fn sample(&self, run: Run, out: &mut [[u8; N]]) {
        let at = |i: i64| [run.start[0] + i * run.step[0], run.start[1] + i * run.step[1]];
        let (right, bottom) = ((self.right - READS as i64 / N as i64) << FINE, self.bottom << FINE);
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
    use crate::Picture;
    use image::RgbImage;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reading_far_from_the_border_is_reading_anywhere(
            x in 0u32..8 << FINE, y in 0u32..9 << FINE, seed in any::<u32>(),
        ) {
            let level = |x: u32, y: u32, c: u32| ((x * 31 + y * 17 + c * 101 + 7).wrapping_mul(seed) >> 24) as u8;
            let photo = RgbImage::from_fn(24, 12, |x, y| image::Rgb([level(x, y, 0), level(x, y, 1), level(x, y, 2)]));
            let luma = Picture::from(photo.clone()).into_grey();
            let (x, y) = (i64::from(x), i64::from(y));
            let run = Run { start: [x, y], step: [1 << 15, 1 << 13] };
            let places = || (0..6).map(|i| [x + (i << 15), y + (i << 13)]);
            let (mut three, mut one) = ([[0; 3]; 6], [[0; 1]; 6]);
            let taps = Taps::<3>::of(photo.as_raw(), (24, 12));
            taps.sample(run, &mut three);
            prop_assert_eq!(three.to_vec(), places().map(|at| taps.anywhere(at)).collect::<Vec<_>>());
            let taps = Taps::<1>::of(luma.as_raw(), (24, 12));
            taps.sample(run, &mut one);
            prop_assert_eq!(one.to_vec(), places().map(|at| taps.anywhere(at)).collect::<Vec<_>>());
        }
    }
}
