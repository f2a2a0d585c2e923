//! What the account's key seals, by place, in the same folder as what the work key seals.
//!
//! Refuses to know what it is and how the account was opened.

use super::{ENTRY, door::Opened};
use crate::{Vault, VaultError};
use rand_core::CryptoRng;
use std::sync::Arc;
use zeroize::Zeroizing;

/// All of these are [`VaultError::AccountLocked`] while the account is locked.
impl Vault {
    /// As [`Vault::put`].
    pub fn put_account(&self, place: &str, bytes: &[u8], rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        self.write(&self.account()?.seal, place, ENTRY, bytes, rng)
    }

    /// `None` where nothing was put.
    pub fn get_account(&self, place: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.read(&self.account()?.seal, place, ENTRY, None)
    }

    /// Deleting what is not there succeeds.
    pub fn delete_account_entry(&self, place: &str) -> Result<(), VaultError> {
        self.remove(&self.account()?.seal, place, ENTRY)
    }

    fn account(&self) -> Result<Arc<Opened>, VaultError> {
        self.door.opened().ok_or(VaultError::AccountLocked)
    }
}
