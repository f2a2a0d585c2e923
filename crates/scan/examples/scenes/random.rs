//! Chance from a seed: the same numbers on every machine. Refuses to know what they are drawn for.

/// SplitMix64 (Steele et al. 2014): small and the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to 1, without 1.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn within(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Nearly normal with variance 1: twelve uniform numbers, less their mean.
    pub fn normal(&mut self) -> f32 {
        (0..3)
            .map(|_| self.next())
            .map(|bits| (0..4).map(|k| ((bits >> (16 * k)) & 0xffff) as f32 / 65536.0).sum::<f32>())
            .sum::<f32>()
            - 6.0
    }
}
