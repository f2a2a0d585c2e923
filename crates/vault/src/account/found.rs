//! The lock as it is found: the file of wraps, the store's secret and the tries, checked against one another.
//!
//! Refuses to know passwords.

use super::{ENTRY, PLACE, UnlockError, WRAPS, name_of};
use crate::{Secret, SecretStore, Vault, VaultError, lockout::Tries, vault::remove_files, wraps::Wraps};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

pub(super) struct Found {
    pub wraps: Wraps,
    pub secret: Secret,
    pub tries: Tries,
}

impl Found {
    /// Fails where a part is missing, damaged or older than another; makes good what was cut off.
    pub fn load(vault: &Vault, secrets: &dyn SecretStore) -> Result<Self, UnlockError> {
        let bytes = bytes(vault)?.ok_or(UnlockError::NoAccount)?;
        let wraps = Wraps::parse(&bytes).map_err(VaultError::from)?;
        // No tries on record are not five tries left.
        let tries = Tries::load(secrets)?.ok_or(VaultError::KeyLost)?;
        if wraps.generation < tries.generation {
            return Err(UnlockError::Stale);
        }
        let secret = secrets.get(name_of(wraps.slot)).map_err(VaultError::from)?.ok_or(VaultError::KeyLost)?;
        if !Wraps::are_of(&secret, &bytes)? {
            // Whole, and of an account that was destroyed since.
            return Err(UnlockError::Stale);
        }
        let mut found = Self { wraps, secret, tries };
        if found.wraps.generation > found.tries.generation {
            if found.wraps.generation == found.wraps.born {
                found.settle(vault, secrets)?;
            } else {
                found.catch_up(secrets)?;
            }
        }
        Ok(found)
    }

    pub fn next_generation(&self) -> u64 {
        self.wraps.generation.saturating_add(1)
    }

    /// The first half of a change.
    pub fn write(&self, vault: &Vault, rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        vault.write(&vault.seal(), PLACE, WRAPS, &self.wraps.encode(&self.secret)?, rng)
    }

    /// The second: from now on the file before is stale.
    pub fn catch_up(&mut self, secrets: &dyn SecretStore) -> Result<(), VaultError> {
        self.tries.generation = self.wraps.generation;
        self.tries.save(secrets)
    }

    /// The second half of a creation: what the account before left, then the store's generation. As long as that is behind,
    /// nothing can have been sealed by the new account's key.
    pub fn settle(&mut self, vault: &Vault, secrets: &dyn SecretStore) -> Result<(), VaultError> {
        remove_files(&vault.folder, ENTRY, &*vault.faults)?;
        secrets.delete(name_of(self.wraps.slot.other()))?;
        self.tries = Tries::new(self.wraps.generation);
        self.tries.save(secrets)
    }
}

/// The file of wraps, which is none while the account is being destroyed.
pub(super) fn bytes(vault: &Vault) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    if vault.has_account()? { vault.read(&vault.seal(), PLACE, WRAPS, None) } else { Ok(None) }
}

/// What a new account takes the place of; a damaged one says nothing.
pub(super) fn replaceable(vault: &Vault) -> Result<Option<Wraps>, VaultError> {
    match bytes(vault) {
        Ok(bytes) => Ok(bytes.and_then(|bytes| Wraps::parse(&bytes).ok())),
        Err(VaultError::Damaged) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where no password is asked for: an account that cannot be found is locked, and one that was put back is damaged.
pub(super) fn plain(error: UnlockError) -> VaultError {
    match error {
        UnlockError::Vault(error) => error,
        UnlockError::NoAccount => VaultError::AccountLocked,
        _ => VaultError::Damaged,
    }
}
