//! Which instructions this processor has, and the kernels compiled for each.
//!
//! The kernels themselves are portable and safe; what is not is the promise that the processor can do what was asked.

use super::{
    Map,
    convolution::{self, Convolution},
    resample::{self, Bytes, Resampler},
};

/// A set of instructions that the kernels are compiled for; `detect` gives the best one this processor has.
///
/// AVX-512 is not among them: on a Zen 4 it was no faster than AVX2, and no phone has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instructions(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    /// What every processor of the target has: SSE2 on x86-64, NEON on aarch64.
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

/// Without one instruction for it a fused multiply-add is a slow call.
const BASELINE_FUSES: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
/// Of 16 channels each, as many pixels as the registers hold: 32 with NEON, 16 with SSE2.
const BASELINE_PIXELS: usize = if cfg!(target_arch = "aarch64") { 4 } else { 2 };

impl Instructions {
    /// The standard library asks the processor once and remembers.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Instructions(Set::Avx2);
        }
        Instructions(Set::Baseline)
    }

    /// All that can be tried here.
    #[cfg(test)]
    pub fn available() -> Vec<Self> {
        let mut sets = vec![Instructions(Set::Baseline), Self::detect()];
        sets.dedup();
        sets
    }

    pub(super) fn convolve(self, layer: &Convolution, from: &Map, to: &mut Map) {
        match self.0 {
            Set::Baseline => convolution::convolve::<BASELINE_PIXELS, BASELINE_FUSES>(layer, from, to),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor has been asked")]
            // SAFETY: only `detect` makes this value, after the processor has said that it has AVX2 and FMA.
            Set::Avx2 => unsafe { convolve_avx2(layer, from, to) },
        }
    }

    pub(super) fn average(self, resampler: &mut Resampler, from: Bytes, width: usize, out: &mut [f32]) {
        match self.0 {
            Set::Baseline => resample::average(resampler, from, width, out),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor has been asked")]
            // SAFETY: only `detect` makes this value, after the processor has said that it has AVX2 and FMA.
            Set::Avx2 => unsafe { average_avx2(resampler, from, width, out) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn convolve_avx2(layer: &Convolution, from: &Map, to: &mut Map) {
    convolution::convolve::<6, true>(layer, from, to);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn average_avx2(resampler: &mut Resampler, from: Bytes, width: usize, out: &mut [f32]) {
    resample::average(resampler, from, width, out);
}
