//! The page net: which share of each pixel is page, and whether there is a page at all.
//!
//! An encoder of four levels, each half as large as the one before, and the way back up, in one table of sizes; how it is
//! trained stands in `training/`. Refuses to know: how the arithmetic is done (`kernels`), and what is made of the mask.

mod input;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use input::Input;
pub(crate) use weights::NetError;

use crate::{
    kernels::{Convolution, Finish, Instructions, Map},
    plane::Plane,
};
use weights::Weights;

/// Both sides of the mask, and of the input once each square of four luma values has become four channels.
pub(crate) const SIDE: usize = 128;
/// Four of luma, two of chroma.
const INPUT_CHANNELS: usize = 6;
/// The mask leaves the net at half its size, a square of four pixels as four channels.
const MASK_CHANNELS: usize = 4;

struct Level {
    channels: usize,
    /// Residual blocks on the way down, and on the way back up.
    down: usize,
    up: usize,
}

/// Each level has half the size of the one before; the first one has half of `SIDE`.
const LEVELS: [Level; 4] = [
    Level { channels: 16, down: 1, up: 2 },
    Level { channels: 32, down: 2, up: 2 },
    Level { channels: 64, down: 2, up: 1 },
    Level { channels: 96, down: 3, up: 0 },
];
const DEEPEST: usize = LEVELS.len() - 1;

/// The net with its weights: made once, then shared.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    instructions: Instructions,
    down: Vec<Down>,
    presence: (Vec<f32>, f32),
    /// From the deepest level's neighbour to the first level.
    up: Vec<Up>,
    head: Convolution,
}

#[derive(Debug, Clone)]
struct Down {
    halve: Convolution,
    blocks: Vec<Convolution>,
}

#[derive(Debug, Clone)]
struct Up {
    narrow: Convolution,
    blocks: Vec<Convolution>,
}

/// What the net says about one frame; every value is a logit, `probability` makes a share of it.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    /// `SIDE` × `SIDE`, over the whole upright frame: above 0 where there is more page than not.
    pub mask: &'a Plane,
    /// Above 0 when a page is more likely than none.
    pub presence: f32,
}

/// The share, 0 to 1, that a logit stands for.
pub(crate) fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Room for everything between input and mask: about 1.5 MB, used again for every frame.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    levels: Vec<Maps>,
    logits: Map,
    mask: Plane,
}

#[derive(Debug, Clone)]
struct Maps {
    now: Map,
    next: Map,
    /// What comes up into this level, before it is doubled; without pixels at the deepest one.
    below: Map,
}

impl Work {
    pub fn new() -> Self {
        let maps = |(depth, level): (usize, &Level)| {
            let side = SIDE >> (depth + 1);
            let below = if depth == DEEPEST { 0 } else { side / 2 };
            let map = |side| Map::new(side, side, level.channels);
            Maps { now: map(side), next: map(side), below: map(below) }
        };
        let levels = LEVELS.iter().enumerate().map(maps).collect();
        Work { levels, logits: Map::new(SIDE / 2, SIDE / 2, MASK_CHANNELS), mask: Plane::new(SIDE, SIDE) }
    }
}

impl Maps {
    fn step(&mut self, layer: &Convolution, instructions: Instructions) {
        layer.run(instructions, &self.now, &mut self.next);
        std::mem::swap(&mut self.now, &mut self.next);
    }
}

impl Net {
    /// Reads the file that the training's export writes: every layer's weights and biases as half-precision floats.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetError> {
        let mut weights = Weights::read(bytes, values())?;
        let mut from = INPUT_CHANNELS;
        let mut down = Vec::new();
        for level in &LEVELS {
            let halve = weights.convolution(3, 2, from, level.channels, Finish::Relu);
            from = level.channels;
            let block = |_| weights.convolution(3, 1, from, from, Finish::AddRelu);
            down.push(Down { halve, blocks: (0..level.down).map(block).collect() });
        }
        let presence = (weights.take(from).to_vec(), weights.take(1)[0]);
        let mut up = Vec::new();
        for level in LEVELS[..DEEPEST].iter().rev() {
            let narrow = weights.convolution(1, 1, from, level.channels, Finish::Plain);
            from = level.channels;
            let block = |_| weights.convolution(3, 1, from, from, Finish::AddRelu);
            up.push(Up { narrow, blocks: (0..level.up).map(block).collect() });
        }
        let head = weights.convolution(3, 1, from, MASK_CHANNELS, Finish::Plain);
        Ok(Net { instructions: Instructions::detect(), down, presence, up, head })
    }

    /// Looks at one frame; nothing is allocated.
    pub fn run<'a>(&self, input: &Input, work: &'a mut Work) -> Output<'a> {
        let Work { levels, logits, mask } = work;
        for (depth, Down { halve, blocks }) in self.down.iter().enumerate() {
            let (above, here) = levels.split_at_mut(depth);
            let from = above.last().map_or(input.map(), |maps| &maps.now);
            halve.run(self.instructions, from, &mut here[0].now);
            blocks.iter().for_each(|block| here[0].step(block, self.instructions));
        }
        let (weights, bias) = &self.presence;
        let presence = levels[DEEPEST].now.mean_dot(weights) + bias;
        for (depth, Up { narrow, blocks }) in (0..DEEPEST).rev().zip(&self.up) {
            let (above, below) = levels.split_at_mut(depth + 1);
            let here = &mut above[depth];
            narrow.run(self.instructions, &below[0].now, &mut here.below);
            here.now.add_doubled(&here.below);
            blocks.iter().for_each(|block| here.step(block, self.instructions));
        }
        self.head.run(self.instructions, &levels[0].now, logits);
        for (y, rows) in mask.data.chunks_exact_mut(2 * SIDE).enumerate() {
            let (upper, lower) = rows.split_at_mut(SIDE);
            let (squares, _) = logits.row(y).as_chunks::<MASK_CHANNELS>();
            let pairs = upper.chunks_exact_mut(2).zip(lower.chunks_exact_mut(2));
            for (&[a, b, c, d], (upper, lower)) in squares.iter().zip(pairs) {
                upper.copy_from_slice(&[a, b]);
                lower.copy_from_slice(&[c, d]);
            }
        }
        Output { mask, presence }
    }
}

/// How many weights and biases all layers have.
fn values() -> usize {
    let convolution = |side: usize, from: usize, to: usize| (side * side * from + 1) * to;
    let mut from = INPUT_CHANNELS;
    let mut count = 0;
    for Level { channels, down, .. } in LEVELS {
        count += convolution(3, from, channels) + down * convolution(3, channels, channels);
        from = channels;
    }
    count += convolution(1, from, 1);
    for Level { channels, up, .. } in LEVELS[..DEEPEST].iter().rev() {
        count += convolution(1, from, *channels) + up * convolution(3, *channels, *channels);
        from = *channels;
    }
    count + convolution(3, from, MASK_CHANNELS)
}
