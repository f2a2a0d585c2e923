//! Chance from a seed: the same numbers on every machine. Refuses to know what they are drawn for.

use std::f32::consts::TAU;

/// SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Neighbouring seeds give unrelated numbers.
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance(seed ^ 0x5f0f_0b1d_2026_1124);
        Chance(chance.bits())
    }

    /// A chance of its own, so that drawing more in one place does not move what is drawn in another.
    pub fn fork(&mut self) -> Self {
        Chance(self.bits())
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to 1, without 1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Uniform between `low` and `high`.
    pub fn within(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform in its logarithm: each doubling is equally likely.
    pub fn doubling(&mut self, low: f32, high: f32) -> f32 {
        (self.within(low.ln(), high.ln())).exp()
    }

    /// Whole, `low` to `high`, both possible.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.bits() % (high - low + 1) as u64) as usize
    }

    /// True in the share `p` of cases.
    pub fn holds(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    pub fn sign(&mut self) -> f32 {
        if self.holds(0.5) { 1.0 } else { -1.0 }
    }

    /// Nearly normal with mean 0 and variance 1, never beyond ±6.
    pub fn normal(&mut self) -> f32 {
        let mut sum = -6.0;
        for _ in 0..3 {
            let bits = self.bits();
            sum += (0..4).map(|k| ((bits >> (16 * k)) & 0xffff) as f32 / 65536.0).sum::<f32>();
        }
        sum
    }

    /// An angle in radians, any direction.
    pub fn angle(&mut self) -> f32 {
        self.unit() * TAU
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.whole(0, of.len() - 1)]
    }

    /// An index, as likely as its weight.
    pub fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f32>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }
}
