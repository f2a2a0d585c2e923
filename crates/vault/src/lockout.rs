//! How often a password may be tried, and how long nobody may after that.
//!
//! Lives in the store of secrets, so that a copied or older folder brings no tries back. Time is the time since the system
//! started, sleep included: a clock set back or forward changes nothing, and after a restart only what ran since then counts.
//! Refuses to know passwords and the wall clock.

use crate::{Secret, SecretStore, VaultError};
use std::time::Duration;

/// Name in the [`SecretStore`].
pub(crate) const TRIES: &str = "lock_tries";
/// Wrong tries until the first wait.
const FREE: u32 = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// The wait after the fifth wrong try, the sixth, and every one after that.
const WAITS: [Duration; 3] = [MINUTE, Duration::from_secs(5 * 60), Duration::from_secs(60 * 60)];
const VERSION: u8 = 1;

/// Where somebody who tries passwords stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// Tries before the next wait: none while one runs, one after it.
    pub tries_left: u32,
    /// What is left of the wait.
    pub wait: Option<Duration>,
    /// So often wrong that forgetting the password is the likeliest, and unlinking the way out.
    pub offer_unlink: bool,
}

impl LockOut {
    pub(crate) const NONE: Self = Self { tries_left: FREE, wait: None, offer_unlink: false };
}

/// What the store of secrets remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    /// Of the newest file of wraps that was seen; an older one was put back.
    pub generation: u64,
    failed: u32,
    /// Time since the system's start at the last try.
    since: Duration,
}

impl Tries {
    pub fn new(generation: u64) -> Self {
        Self { generation, failed: 0, since: Duration::ZERO }
    }

    /// `None` where nothing was saved.
    pub fn load(secrets: &dyn SecretStore) -> Result<Option<Self>, VaultError> {
        let Some(record) = secrets.get(TRIES)? else { return Ok(None) };
        Self::parse(record.expose()).map(Some).ok_or(VaultError::Damaged)
    }

    pub fn save(&self, secrets: &dyn SecretStore) -> Result<(), VaultError> {
        let since = u64::try_from(self.since.as_millis()).unwrap_or(u64::MAX);
        let mut record = vec![VERSION];
        record.extend(self.generation.to_be_bytes());
        record.extend(self.failed.to_be_bytes());
        record.extend(since.to_be_bytes());
        Ok(secrets.set(TRIES, &Secret::new(record))?)
    }

    pub fn parse(record: &[u8]) -> Option<Self> {
        let (&[VERSION], rest) = record.split_first_chunk()? else { return None };
        let (generation, rest) = rest.split_first_chunk()?;
        let (failed, rest) = rest.split_first_chunk()?;
        let since = u64::from_be_bytes(rest.try_into().ok()?);
        Some(Self {
            generation: u64::from_be_bytes(*generation),
            failed: u32::from_be_bytes(*failed),
            since: Duration::from_millis(since),
        })
    }

    /// Begins a running wait anew at the system's start when that was after the last try; whether it did. Kept from then
    /// on, or the wait would begin once more when the system has run as long as it had before.
    pub fn notice_restart(&mut self, uptime: Duration) -> bool {
        let restarted = uptime < self.since;
        if restarted {
            self.since = Duration::ZERO;
        }
        restarted
    }

    /// Before the password is looked at, so that ending the process does not make a try free.
    pub fn count(&mut self, uptime: Duration) {
        self.failed = self.failed.saturating_add(1);
        self.since = uptime;
    }

    pub fn forgive(&mut self) {
        self.failed = 0;
        self.since = Duration::ZERO;
    }

    /// After [`Tries::notice_restart`]; without it nothing has passed yet.
    pub fn lock_out(&self, uptime: Duration) -> LockOut {
        let Some(waited) = self.failed.checked_sub(FREE) else {
            return LockOut { tries_left: FREE - self.failed, ..LockOut::NONE };
        };
        let step = (waited as usize).min(WAITS.len() - 1);
        let elapsed = uptime.saturating_sub(self.since);
        let wait = WAITS[step].checked_sub(elapsed).filter(|left| !left.is_zero());
        let tries_left = u32::from(wait.is_none());
        LockOut { tries_left, wait, offer_unlink: step == WAITS.len() - 1 }
    }
}
