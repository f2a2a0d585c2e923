//! The arithmetic of a small net: convolutions over maps of floats, compiled several times, the best chosen at run time.
//!
//! Refuses to know: which net it is, where its weights come from, what a picture is.

mod convolution;
mod instructions;
mod map;
mod resample;

pub(crate) use convolution::{Convolution, Finish};
pub(crate) use instructions::Instructions;
pub(crate) use map::Map;
pub(crate) use resample::{Bytes, Resampler};
