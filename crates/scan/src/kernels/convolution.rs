//! Convolutions of 3×3 and of 1×1 pixels, in one shape that every instruction set's compiler makes good code of.
//!
//! A tile of P pixels × C output channels stays in registers while one loop runs over the taps: for each row of the
//! window the pixels beside each other are one run of floats, so that a tap is one number of each pixel times C weights.
//! The border of zeros keeps conditions out of the loop. Refuses to know: what is inside a processor, see `instructions`.

use super::{Instructions, Map};

/// What happens to the sums before they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    Plain,
    /// Negative values become 0.
    Relu,
    /// The input is added first: a residual block.
    AddRelu,
}

/// One convolution with its weights in the order in which tiles read them.
#[derive(Debug, Clone)]
pub(crate) struct Convolution {
    side: usize,
    stride: usize,
    from: usize,
    to: usize,
    finish: Finish,
    /// For each block of output channels: its taps by window row, column and input channel, then its biases.
    packed: Vec<f32>,
    /// Where in `packed` the weights begin, so that no read of them straddles two cache lines.
    start: usize,
}

/// Output channels a tile, where there are as many.
const WIDE: usize = 16;
/// … and where there are fewer.
const NARROW: usize = 4;
/// Pixels a tile of those: sums enough to keep two multipliers busy, and still few enough places to read from.
const NARROW_PIXELS: usize = 8;
const CACHE_LINE: usize = 64;

impl Convolution {
    /// `weights` in the order [window row][column][input channel][output channel]; `bias` has one value an output channel.
    ///
    /// # Panics
    /// When the lengths do not agree, the window is neither 1 nor 3 pixels wide, the output channels are no multiple of 4,
    /// or a block that adds its input changes channels or size.
    pub fn new(side: usize, stride: usize, weights: &[f32], bias: &[f32], finish: Finish) -> Self {
        let to = bias.len();
        assert!((side == 1 || side == 3) && to > 0 && to.is_multiple_of(NARROW));
        let taps = weights.len() / to;
        let from = taps / (side * side);
        assert_eq!(weights.len(), side * side * from * to);
        assert!(finish != Finish::AddRelu || (stride == 1 && from == to));
        let mut packed = vec![0.0; to * (taps + 1) + CACHE_LINE / 4];
        let start = packed.as_ptr().align_offset(CACHE_LINE).min(CACHE_LINE / 4);
        let mut at = start;
        for (first, width) in blocks(to) {
            for row in weights.chunks_exact(to).chain([bias]) {
                packed[at..at + width].copy_from_slice(&row[first..first + width]);
                at += width;
            }
        }
        Convolution { side, stride, from, to, finish, packed, start }
    }

    /// # Panics
    /// When the maps' sizes or channels are not this layer's.
    pub fn run(&self, instructions: Instructions, from: &Map, to: &mut Map) {
        assert_eq!((from.channels(), to.channels()), (self.from, self.to));
        let smaller = |side: usize| side.div_ceil(self.stride);
        assert_eq!((smaller(from.width()), smaller(from.height())), (to.width(), to.height()));
        instructions.convolve(self, from, to);
    }
}

/// First channel and width of each block of output channels.
fn blocks(channels: usize) -> impl Iterator<Item = (usize, usize)> {
    let wide = channels / WIDE;
    let narrow = (wide * WIDE..channels).step_by(NARROW).map(|first| (first, NARROW));
    (0..wide).map(|block| (block * WIDE, WIDE)).chain(narrow)
}

/// `P` pixels a tile; `FUSE` where the processor multiplies and adds in one instruction.
#[inline(always)]
pub(super) fn convolve<const P: usize, const FUSE: bool>(layer: &Convolution, from: &Map, to: &mut Map) {
    let mut packed = &layer.packed[layer.start..];
    let taps = layer.side * layer.side * layer.from;
    for (first, width) in blocks(layer.to) {
        let (block, rest) = packed.split_at(width * (taps + 1));
        match (width, layer.side) {
            (WIDE, 3) => convolve_block::<P, WIDE, 3, FUSE>(layer, block, first, from, to),
            (WIDE, _) => convolve_block::<P, WIDE, 1, FUSE>(layer, block, first, from, to),
            (_, 3) => convolve_block::<NARROW_PIXELS, NARROW, 3, FUSE>(layer, block, first, from, to),
            _ => convolve_block::<NARROW_PIXELS, NARROW, 1, FUSE>(layer, block, first, from, to),
        }
        packed = rest;
    }
}

#[inline(always)]
fn convolve_block<const P: usize, const C: usize, const SIDE: usize, const FUSE: bool>(
    layer: &Convolution,
    block: &[f32],
    first: usize,
    from: &Map,
    to: &mut Map,
) {
    let (weights, _) = block.as_chunks::<C>();
    let Some((bias, weights)) = weights.split_last() else { return };
    let run = layer.side * layer.from;
    let (width, pixels) = (to.width(), to.width() * to.height());
    // A window of one pixel begins inside the border.
    let inset = if layer.side == 1 { 1 } else { 0 };
    let (mut x, mut y) = (0, 0);
    for _ in 0..pixels.div_ceil(P) {
        // The last tile does its last pixel several times rather than being another loop.
        let places: [(usize, usize); P] = std::array::from_fn(|_| {
            let place = (x, y);
            if x + 1 < width {
                x += 1;
            } else if y + 1 < to.height() {
                (x, y) = (0, y + 1);
            }
            place
        });
        let mut sums = [*bias; P];
        let windows = places.map(|(x, y)| from.offset(x * layer.stride + inset, y * layer.stride + inset));
        for row in 0..SIDE {
            let weights = &weights[row * run..][..run];
            let below = from.offset(0, row);
            let inputs: [&[f32]; P] = windows.map(|window| &from.data()[window + below..][..run]);
            sums = accumulate::<P, C, FUSE>(sums, &inputs, weights, run);
        }
        for (sums, (x, y)) in sums.iter_mut().zip(places) {
            if layer.finish == Finish::AddRelu {
                let input = &from.data()[from.offset(x + 1, y + 1) + first..][..C];
                sums.iter_mut().zip(input).for_each(|(sum, input)| *sum += input);
            }
            if layer.finish != Finish::Plain {
                sums.iter_mut().for_each(|sum| *sum = sum.max(0.0));
            }
            let at = to.offset(x + 1, y + 1) + first;
            to.data_mut()[at..at + C].copy_from_slice(sums);
        }
    }
}

#[inline(always)]
fn accumulate<const P: usize, const C: usize, const FUSE: bool>(
    mut sums: [[f32; C]; P],
    inputs: &[&[f32]; P],
    weights: &[[f32; C]],
    run: usize,
) -> [[f32; C]; P] {
    // Cut once more where the compiler sees it: no check of bounds remains in the loop.
    let inputs = inputs.map(|input| &input[..run]);
    let weights = &weights[..run];
    for tap in 0..run {
        let weights = &weights[tap];
        for p in 0..P {
            let input = inputs[p][tap];
            for c in 0..C {
                sums[p][c] = if FUSE { input.mul_add(weights[c], sums[p][c]) } else { sums[p][c] + input * weights[c] };
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Small whole numbers: every sum of them is exact, whatever the order and however it is rounded.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 31 + i / 13) % 11) as f32 - 5.0).collect()
    }

    fn map(width: usize, height: usize, channels: usize, seed: usize) -> Map {
        let mut map = Map::new(width, height, channels);
        (0..height).for_each(|y| map.row_mut(y).copy_from_slice(&numbers(width * channels, seed + y)));
        map
    }

    struct Case {
        side: usize,
        stride: usize,
        finish: Finish,
        weights: Vec<f32>,
        bias: Vec<f32>,
    }

    /// Number by number, as the definition says.
    fn plain(case: &Case, from: &Map, x: usize, y: usize, c: usize) -> f32 {
        let (to, channels, reach) = (case.bias.len(), from.channels(), case.side / 2);
        let mut sum = case.bias[c];
        for (ky, kx) in (0..case.side).flat_map(|ky| (0..case.side).map(move |kx| (ky, kx))) {
            let (sy, sx) = ((y * case.stride + ky).wrapping_sub(reach), (x * case.stride + kx).wrapping_sub(reach));
            if sx < from.width() && sy < from.height() {
                for i in 0..channels {
                    sum +=
                        from.row(sy)[sx * channels + i] * case.weights[((ky * case.side + kx) * channels + i) * to + c];
                }
            }
        }
        match case.finish {
            Finish::Plain => sum,
            Finish::Relu => sum.max(0.0),
            Finish::AddRelu => (sum + from.row(y)[x * channels + c]).max(0.0),
        }
    }

    fn agrees(case: &Case, from: &Map) {
        let to = case.bias.len();
        let layer = Convolution::new(case.side, case.stride, &case.weights, &case.bias, case.finish);
        for instructions in Instructions::available() {
            let mut out = Map::new(from.width().div_ceil(case.stride), from.height().div_ceil(case.stride), to);
            layer.run(instructions, from, &mut out);
            let mut total = 0.0;
            for (y, x) in (0..out.height()).flat_map(|y| (0..out.width()).map(move |x| (y, x))) {
                for c in 0..to {
                    let (got, wanted) = (out.row(y)[x * to + c], plain(case, from, x, y, c));
                    assert_eq!(got, wanted, "({x}, {y}) channel {c} with {instructions:?}");
                    total += got;
                }
            }
            assert_eq!(total, out.data().iter().sum::<f32>(), "the border is no longer zero");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn tiles_agree_with_the_definition(
            (width, height) in (1usize..14, 1usize..9),
            channels in 1usize..8,
            to in 1usize..11,
            window in prop_oneof![Just((3, 1)), Just((3, 2)), Just((1, 1))],
            finish in prop_oneof![Just(Finish::Plain), Just(Finish::Relu)],
            seed in 0usize..100,
        ) {
            let ((side, stride), to) = (window, to * NARROW);
            let weights = numbers(side * side * channels * to, seed);
            agrees(&Case { side, stride, finish, weights, bias: numbers(to, seed + 1) }, &map(width, height, channels, seed));
        }
    }

    #[test]
    fn a_block_adds_its_own_pixel() {
        for (width, channels) in [(1, 4), (7, 16), (5, 20), (3, 36)] {
            let weights = numbers(9 * channels * channels, 3);
            let case = Case { side: 3, stride: 1, finish: Finish::AddRelu, weights, bias: numbers(channels, 5) };
            agrees(&case, &map(width, 6, channels, 2));
        }
    }
}
