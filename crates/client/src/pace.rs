//! How much to send in one PATCH: as much as the connection carries in a few seconds, little after a failure.

use protocol::limits::PIECE_BYTES;
use std::{ops::Range, time::Duration};

/// Smallest piece while nothing fails.
const FIRST: u64 = 1024 * 1024;
/// A piece should take about this long, so that a cut costs little and progress moves.
const AIM: Duration = Duration::from_secs(4);

/// Sizes the pieces of one transfer from what the last piece took. The caller measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace(u64);

impl Default for Pace {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Pace {
    /// The next piece of a document of `length` bytes of which `offset` have arrived; empty at the end.
    pub fn piece(&self, offset: u64, length: u64) -> Range<u64> {
        offset..length.min(offset.saturating_add(self.0))
    }

    /// A piece of `bytes` arrived within `took`.
    pub fn arrived(&mut self, bytes: u64, took: Duration) {
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
        let carried = bytes.saturating_mul(u64::try_from(AIM.as_millis()).unwrap_or(u64::MAX)) / millis;
        self.0 = carried.clamp(FIRST, *PIECE_BYTES.end());
    }

    /// A piece did not arrive.
    pub fn failed(&mut self) {
        self.0 = *PIECE_BYTES.start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_follow_the_connection() {
        let mut pace = Pace::default();
        assert_eq!(pace.piece(0, u64::MAX), 0..FIRST);
        pace.arrived(FIRST, Duration::from_secs(1));
        assert_eq!(pace.piece(0, u64::MAX), 0..4 * FIRST);
        pace.arrived(FIRST, Duration::ZERO);
        assert_eq!(pace.piece(0, u64::MAX), 0..8 * FIRST);
        pace.arrived(FIRST, Duration::from_secs(600));
        assert_eq!(pace.piece(0, u64::MAX), 0..FIRST);
        pace.failed();
        assert_eq!(pace.piece(10, u64::MAX), 10..10 + FIRST / 4);
    }

    #[test]
    fn the_last_piece_ends_with_the_document() {
        assert_eq!(Pace::default().piece(FIRST - 1, FIRST), FIRST - 1..FIRST);
        assert!(Pace::default().piece(FIRST, FIRST).is_empty());
    }
}
