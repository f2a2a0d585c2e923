//! The file of weights: a magic word, then one little-endian half-precision float after the other.
//!
//! Refuses to know: which layers there are.

use crate::kernels::{Convolution, Finish};

const MAGIC: &[u8] = b"PAGENET1";

/// Why a file is not this net's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NetError {
    #[error("these are not the weights of a page net: they begin with something else than PAGENET1")]
    Magic,
    #[error("the weights are those of another net: this one's file has {expected} bytes, not {found}")]
    Length { expected: usize, found: usize },
    #[error("weight {index} is not a number")]
    NotFinite { index: usize },
}

/// What has not been read yet.
pub(super) struct Weights {
    values: Vec<f32>,
    read: usize,
}

impl Weights {
    /// All `count` values of the file.
    pub fn read(bytes: &[u8], count: usize) -> Result<Self, NetError> {
        let halves = bytes.strip_prefix(MAGIC).ok_or(NetError::Magic)?;
        let expected = MAGIC.len() + 2 * count;
        if bytes.len() != expected {
            return Err(NetError::Length { expected, found: bytes.len() });
        }
        let (halves, _) = halves.as_chunks::<2>();
        let values: Vec<f32> = halves.iter().map(|&half| from_half(u16::from_le_bytes(half))).collect();
        match values.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(NetError::NotFinite { index }),
            None => Ok(Weights { values, read: 0 }),
        }
    }

    /// The next `count` values.
    ///
    /// # Panics
    /// When there are fewer: whoever said how many the file has miscounted.
    pub fn take(&mut self, count: usize) -> &[f32] {
        let start = self.read;
        self.read += count;
        &self.values[start..self.read]
    }

    /// The next layer: its weights by window row, column, input and output channel, then its biases.
    pub fn convolution(&mut self, side: usize, stride: usize, from: usize, to: usize, finish: Finish) -> Convolution {
        let weights = side * side * from * to;
        let (weights, bias) = self.take(weights + to).split_at(weights);
        Convolution::new(side, stride, weights, bias, finish)
    }
}

/// IEEE 754 binary16, which every float can hold exactly.
fn from_half(bits: u16) -> f32 {
    const EXPONENTS_APART: f32 = f32::from_bits((127 + 112) << 23);
    // The same fields with more room; the product moves the exponent, and makes the smallest ones normal.
    let size = match bits & 0x7fff {
        0x7c00 => f32::INFINITY,
        0x7c01.. => f32::NAN,
        size => f32::from_bits(u32::from(size) << 13) * EXPONENTS_APART,
    };
    if bits >> 15 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_at_their_limits() {
        let known =
            [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x0001, 5.960_464_5e-8), (0x3555, 0.333_251_95)];
        for (bits, value) in known {
            assert_eq!(from_half(bits), value);
        }
        assert_eq!((from_half(0x7c00), from_half(0xfc00)), (f32::INFINITY, f32::NEG_INFINITY));
        assert!(from_half(0x7e00).is_nan());
        // As numbers they are in the order of their bits.
        assert!((0..0x7c00).all(|bits| from_half(bits) < from_half(bits + 1)));
    }

    #[test]
    fn a_file_of_another_net_is_refused() {
        let mut file = [MAGIC, &[0, 0x3c, 0, 0xbc]].concat();
        assert_eq!(Weights::read(&file, 2).map(|w| w.values), Ok(vec![1.0, -1.0]));
        assert_eq!(Weights::read(&file, 3).err(), Some(NetError::Length { expected: 14, found: 12 }));
        assert_eq!(Weights::read(&file[..11], 2).err(), Some(NetError::Length { expected: 12, found: 11 }));
        assert_eq!(Weights::read(&file[1..], 2).err(), Some(NetError::Magic));
        assert_eq!(Weights::read(&[], 2).err(), Some(NetError::Magic));
        file[11] = 0xfc;
        assert_eq!(Weights::read(&file, 2).err(), Some(NetError::NotFinite { index: 1 }));
    }
}
