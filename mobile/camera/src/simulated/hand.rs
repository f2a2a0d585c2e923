//! How a hand holds a phone: it swings over to the paper, drifts, and then only trembles. A pure function of time.

/// Where the phone is, relative to exactly above the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pose {
    /// In fractions of the picture's sides; beyond 1 the picture is out of view.
    pub across: f32,
    pub down: f32,
    /// Radians, clockwise.
    pub turn: f32,
    /// Above 1: nearer.
    pub zoom: f32,
}

/// How long it takes to bring a picture into view, or out of it.
pub(crate) const SWING_MS: u64 = 400;

/// Decay of the drift after the swing.
const SETTLE_MS: f32 = 260.0;
const DRIFT: f32 = 0.028;
/// What never stops; about two pixels of a frame.
const TREMBLE: f32 = 0.0012;
/// How far the swing begins: out of view, whatever the zoom.
const AWAY: f32 = 1.2;

/// One hand; another `seed` trembles otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    pub seed: u64,
}

impl Hand {
    /// `ms` after the picture began to come into view.
    pub fn arriving(self, ms: u64) -> Pose {
        let left = 1.0 - smooth(ms as f32 / SWING_MS as f32);
        let held = self.holding(ms.saturating_sub(SWING_MS));
        Pose { across: held.across + AWAY * left, ..held }
    }

    /// `ms` after the hand has begun to leave a picture that it held for long.
    pub fn leaving(self, ms: u64) -> Pose {
        let gone = smooth(ms as f32 / SWING_MS as f32);
        let held = self.holding(u64::from(u32::MAX));
        Pose { across: held.across - AWAY * gone, ..held }
    }

    fn holding(self, ms: u64) -> Pose {
        let drift = (-(ms as f32) / SETTLE_MS).exp();
        // Whole periods of the slowest wave are dropped, so that the angle stays exact after hours.
        let seconds = (ms % 10_000) as f32 / 1000.0;
        let wave = |index: u64, hertz: f32| (std::f32::consts::TAU * (hertz * seconds + self.phase(index))).sin();
        let wander = |index: u64| {
            DRIFT * drift * wave(index, 0.7) + TREMBLE / 2.0 * (wave(index + 1, 3.1) + wave(index + 2, 5.3))
        };
        Pose {
            across: wander(0),
            down: wander(10),
            turn: 0.02 * drift * wave(20, 0.6) + 0.0004 * wave(21, 4.3),
            zoom: 1.0 + 0.03 * drift * wave(30, 0.5),
        }
    }

    /// 0 to 1, from the seed alone (SplitMix64's finaliser).
    fn phase(self, index: u64) -> f32 {
        let mut z = self.seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }
}

fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_swings_in_then_drifts_then_only_trembles() {
        for seed in 0..50 {
            let hand = Hand { seed };
            assert!(hand.arriving(0).across > 1.0, "begins out of view");
            let moved = |from: u64, to: u64| {
                let at = |ms| hand.arriving(ms);
                let across = (from..to).step_by(20).map(|ms| at(ms).across);
                across.clone().fold(f32::MIN, f32::max) - across.fold(f32::MAX, f32::min)
            };
            assert!(moved(0, SWING_MS) > 1.0);
            let (settling, settled) = (moved(SWING_MS, SWING_MS + 300), moved(SWING_MS + 1500, SWING_MS + 4500));
            assert!(settled < 0.004, "seed {seed}: trembles by {settled}");
            assert!(settled > 0.0005, "seed {seed}: a hand is never at rest");
            assert!(settling > settled, "seed {seed}: {settling} after the swing, {settled} later");
        }
    }

    #[test]
    fn it_leaves_from_where_it_held_and_goes_out_of_view() {
        let hand = Hand { seed: 7 };
        assert!(hand.leaving(0).across.abs() < 0.01);
        assert!(hand.leaving(SWING_MS).across < -1.0);
    }

    #[test]
    fn the_same_seed_moves_the_same_way_and_another_does_not() {
        assert_eq!(Hand { seed: 3 }.arriving(700), Hand { seed: 3 }.arriving(700));
        assert_ne!(Hand { seed: 3 }.arriving(700), Hand { seed: 4 }.arriving(700));
    }
}
