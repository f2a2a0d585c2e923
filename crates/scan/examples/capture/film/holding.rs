//! How a hand holds a phone: it drifts slowly and trembles at 8–12 Hz (physiological tremor: Elble & Randall 1978).

use super::{Spot, random::Random};
use std::f32::consts::TAU;

/// Waves of one axis: frequency in hertz, amplitude, phase.
#[derive(Debug, Clone)]
pub struct Holding {
    across: Vec<[f32; 3]>,
    down: Vec<[f32; 3]>,
    roll: Vec<[f32; 3]>,
}

impl Holding {
    /// `tremor` and `drift` are amplitudes in the picture, fractions of its longer side.
    pub fn new(tremor: f32, drift: f32, random: &mut Random) -> Self {
        let mut waves = |tremor: f32, drift: f32| -> Vec<[f32; 3]> {
            let quick = [(8.0, 12.0, tremor * 0.6), (8.0, 12.0, tremor * 0.4)];
            let slow = [(0.12, 0.35, drift * 0.7), (0.4, 0.9, drift * 0.3)];
            let wave =
                |(low, high, most): (f32, f32, f32)| [low + (high - low) * random.unit(), most, TAU * random.unit()];
            quick.into_iter().chain(slow).map(wave).collect()
        };
        Holding { across: waves(tremor, drift), down: waves(tremor, drift), roll: waves(tremor * 0.6, drift * 1.2) }
    }

    /// Where the picture is shifted to, fractions of its longer side, and how far it is turned, radians.
    pub fn at(&self, t: f32) -> (Spot, f32) {
        let sum =
            |waves: &[[f32; 3]]| waves.iter().map(|[hertz, most, phase]| most * (TAU * hertz * t + phase).sin()).sum();
        ([sum(&self.across), sum(&self.down)], sum(&self.roll))
    }
}
