//! The lock: `account_key` is wrapped under the password and under what the sensor keeps, and tries are counted.
//!
//! A change writes the file of wraps first, at the next generation, and then that generation to the store of secrets. A file
//! one ahead of the store is a change that was cut off, and the store catches up; a file behind it was put back. So at any
//! step either the old or the new password opens. Refuses to know what the account holds and the wall clock.

mod door;
mod entries;
mod found;

pub(crate) use door::Door;

use crate::{
    Faults, LockOut, Password, Secret, SecretStore, Vault, VaultError, durable,
    kdf::{self, Cost, Key, SALT},
    lockout::{TRIES, Tries},
    vault::{keep, remove_files},
    wraps::{Derivation, Kind, Slot, Wrap, Wraps},
};
use found::Found;
use rand_core::CryptoRng;
use std::{io, path::Path, time::Duration};

/// Suffix of the file of wraps, which no place outside leads to: the app sweeps places that it does not need.
pub(crate) const WRAPS: &str = "wraps";
/// Suffix of what `account_key` seals.
pub(crate) const ENTRY: &str = "account";
/// What the file of wraps is sealed for.
const PLACE: &str = "lock";
/// While this file is there, the account is being destroyed; a start goes on with it.
const FORGETTING: &str = "forgetting";
const SECRET: usize = 32;

/// Why the account stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    #[error("the password is wrong")]
    Wrong(LockOut),
    /// Too many were wrong; this one was not even tried.
    #[error("no password is tried before the wait is over")]
    Wait(LockOut),
    /// An older vault was put back: this one's password may long be another.
    #[error("an older state of the lock was put back")]
    Stale,
    /// What the sensor keeps opens nothing, or nothing was set up: the password does, and then it can be set up again.
    #[error("biometrics do not open this account any more")]
    BiometricsLost,
    #[error("there is no account")]
    NoAccount,
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Vault {
    /// Whether a lock is set up. It may still be damaged, which unlocking says.
    pub fn has_account(&self) -> Result<bool, VaultError> {
        Ok(!self.folder.join(FORGETTING).exists() && self.path(&self.seal(), PLACE, WRAPS)?.try_exists()?)
    }

    /// Sets the lock up: draws `account_key` and the store's secret, wraps the one under the password and the other. The
    /// account is open afterwards. Replaces an account that was there, with all that its key seals; after an error either
    /// that one or the new one is there, locked.
    pub fn create_account(
        &self,
        secrets: &dyn SecretStore,
        password: &Password,
        cost: Cost,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), VaultError> {
        let _turn = self.door.turn();
        self.door.close();
        go_on_forgetting(&self.folder, secrets, &*self.faults)?;
        let old = found::replaceable(self)?;
        let before = match Tries::load(secrets) {
            Ok(Some(tries)) => tries,
            Ok(None) | Err(VaultError::Damaged) => {
                // An account whose tries are lost must not come back with new ones if this goes no further.
                let tries = Tries::new(old.as_ref().map_or(0, |old| old.generation.saturating_add(1)));
                tries.save(secrets)?;
                tries
            }
            Err(error) => return Err(error),
        };
        let generation = old.as_ref().map_or(0, |old| old.generation).max(before.generation).saturating_add(1);
        let slot = old.map_or(Slot::A, |old| old.slot.other());
        let secret = draw(rng);
        keep(secrets, name_of(slot), &secret)?;
        let mut account_key = Key::default();
        rng.fill_bytes(&mut **account_key);
        let (derivation, password) = wrap(password, cost, generation, &secret, &account_key, rng)?;
        let wraps = Wraps { slot, generation, born: generation, derivation, password, biometrics: None };
        let mut found = Found { wraps, secret, tries: Tries::new(before.generation) };
        found.write(self, rng)?;
        found.settle(self, secrets)?;
        self.door.open(account_key);
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.door.opened().is_some()
    }

    /// Opens by password. A wrong one counts, and so does one that the process does not live to see the outcome of.
    /// `uptime` is the time since the system started, sleep included.
    pub fn unlock(&self, secrets: &dyn SecretStore, password: &Password, uptime: Duration) -> Result<(), UnlockError> {
        let _turn = self.door.turn();
        let (_, account_key) = self.try_password(secrets, password, uptime)?;
        self.door.open(account_key);
        Ok(())
    }

    /// Opens by what the sensor keeps, also while passwords have to wait: the sensor counts its own tries. A secret that
    /// opens nothing is [`UnlockError::BiometricsLost`] and counts for nothing.
    pub fn unlock_with_biometrics(&self, secrets: &dyn SecretStore, bio_secret: &Secret) -> Result<(), UnlockError> {
        let _turn = self.door.turn();
        let mut found = Found::load(self, secrets)?;
        let wrap = found.wraps.biometrics.as_ref().ok_or(UnlockError::BiometricsLost)?;
        let kek = kdf::of_biometrics(bio_secret, &found.secret)?;
        let account_key = wrap.open(Kind::Biometrics, &kek).ok_or(UnlockError::BiometricsLost)?;
        found.tries.forgive();
        found.tries.save(secrets)?;
        self.door.open(account_key);
        Ok(())
    }

    /// Zeroes `account_key`, after an unlocking that still runs. Locking what is locked succeeds.
    pub fn lock(&self) {
        self.door.close();
        let _turn = self.door.turn();
        self.door.close();
    }

    /// `account_key` stays, and so do biometrics. The old password is tried as in unlocking and counts as much; whether the
    /// account is open does not change. After an error either password opens, and never both.
    pub fn change_password(
        &self,
        secrets: &dyn SecretStore,
        old: &Password,
        new: &Password,
        cost: Cost,
        uptime: Duration,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), UnlockError> {
        let _turn = self.door.turn();
        let (mut found, account_key) = self.try_password(secrets, old, uptime)?;
        let generation = found.next_generation();
        let (derivation, password) = wrap(new, cost, generation, &found.secret, &account_key, rng)?;
        found.wraps = Wraps { generation, derivation, password, ..found.wraps };
        found.write(self, rng)?;
        Ok(found.catch_up(secrets)?)
    }

    /// Draws what the sensor is to keep, 32 bytes, and replaces what it kept before. The account has to be open.
    pub fn set_biometrics(&self, secrets: &dyn SecretStore, rng: &mut dyn CryptoRng) -> Result<Secret, VaultError> {
        let _turn = self.door.turn();
        let opened = self.door.opened().ok_or(VaultError::AccountLocked)?;
        let mut found = Found::load(self, secrets).map_err(found::plain)?;
        let bio_secret = draw(rng);
        let kek = kdf::of_biometrics(&bio_secret, &found.secret)?;
        let generation = found.next_generation();
        let wrap = Wrap::new(Kind::Biometrics, generation, &kek, opened.key(), rng)?;
        found.wraps = Wraps { generation, biometrics: Some(wrap), ..found.wraps };
        found.write(self, rng)?;
        found.catch_up(secrets)?;
        Ok(bio_secret)
    }

    pub fn has_biometrics(&self) -> Result<bool, VaultError> {
        let Some(bytes) = found::bytes(self)? else { return Ok(false) };
        Ok(Wraps::parse(&bytes)?.biometrics.is_some())
    }

    /// What the sensor keeps opens nothing any more. Works while the account is locked, and where none were set up.
    pub fn remove_biometrics(&self, secrets: &dyn SecretStore, rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        let _turn = self.door.turn();
        if !self.has_biometrics()? {
            return Ok(());
        }
        let mut found = Found::load(self, secrets).map_err(found::plain)?;
        found.wraps = Wraps { generation: found.next_generation(), biometrics: None, ..found.wraps };
        found.write(self, rng)?;
        found.catch_up(secrets)
    }

    /// Revoked, forgotten, unlinked: destroys `account_key` by its wraps and the store's secret, the counted tries, and
    /// everything that it seals. What the work key seals stays. Succeeds where there is no account.
    pub fn destroy_account(&self, secrets: &dyn SecretStore) -> Result<(), VaultError> {
        let _turn = self.door.turn();
        self.door.close();
        forget(&self.folder, secrets, &*self.faults)
    }

    /// Where somebody stands who has not tried yet. Without an account nobody has tried.
    pub fn lockout(&self, secrets: &dyn SecretStore, uptime: Duration) -> Result<LockOut, VaultError> {
        let _turn = self.door.turn();
        if !self.has_account()? {
            return Ok(LockOut::NONE);
        }
        let mut tries = Tries::load(secrets)?.ok_or(VaultError::KeyLost)?;
        if tries.notice_restart(uptime) {
            tries.save(secrets)?;
        }
        Ok(tries.lock_out(uptime))
    }

    /// What is on record and the account's key, if the password is right and may be tried now.
    fn try_password(
        &self,
        secrets: &dyn SecretStore,
        password: &Password,
        uptime: Duration,
    ) -> Result<(Found, Key), UnlockError> {
        let mut found = Found::load(self, secrets)?;
        if found.tries.notice_restart(uptime) {
            found.tries.save(secrets)?;
        }
        let standing = found.tries.lock_out(uptime);
        if standing.wait.is_some() {
            return Err(UnlockError::Wait(standing));
        }
        found.tries.count(uptime);
        found.tries.save(secrets)?;
        let Derivation { cost, salt } = found.wraps.derivation;
        let kek = kdf::of_password(password, &salt, cost, &found.secret)?;
        match found.wraps.open_by_password(&kek) {
            Some(account_key) => {
                found.tries.forgive();
                found.tries.save(secrets)?;
                Ok((found, account_key))
            }
            None => Err(UnlockError::Wrong(found.tries.lock_out(uptime))),
        }
    }
}

/// Goes on with a destruction that was cut off.
pub(crate) fn go_on_forgetting(
    folder: &Path,
    secrets: &dyn SecretStore,
    faults: &dyn Faults,
) -> Result<(), VaultError> {
    if folder.join(FORGETTING).exists() { forget(folder, secrets, faults) } else { Ok(()) }
}

/// Without the secrets, files that could not be deleted are noise.
fn forget(folder: &Path, secrets: &dyn SecretStore, faults: &dyn Faults) -> Result<(), VaultError> {
    durable::mark(&folder.join(FORGETTING), faults)?;
    forget_secrets(secrets)?;
    remove_files(folder, WRAPS, faults)?;
    remove_files(folder, ENTRY, faults)?;
    Ok(durable::remove(&folder.join(FORGETTING), faults)?)
}

pub(crate) fn forget_secrets(secrets: &dyn SecretStore) -> Result<(), VaultError> {
    for name in [name_of(Slot::A), name_of(Slot::B), TRIES] {
        secrets.delete(name)?;
    }
    Ok(())
}

/// Name of a store's secret.
fn name_of(slot: Slot) -> &'static str {
    match slot {
        Slot::A => "store_secret",
        Slot::B => "store_secret_b",
    }
}

fn draw(rng: &mut dyn CryptoRng) -> Secret {
    let mut bytes = vec![0; SECRET];
    rng.fill_bytes(&mut bytes);
    Secret::new(bytes)
}

fn wrap(
    password: &Password,
    cost: Cost,
    generation: u64,
    secret: &Secret,
    account_key: &Key,
    rng: &mut dyn CryptoRng,
) -> Result<(Derivation, Wrap), VaultError> {
    if !cost.is_sane() {
        // What was written at such a cost would not be read again.
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no sane cost of a derivation").into());
    }
    let mut salt = [0; SALT];
    rng.fill_bytes(&mut salt);
    let derivation = Derivation { cost, salt };
    let kek = kdf::of_password(password, &salt, cost, secret)?;
    Ok((derivation, Wrap::new(Kind::Password(derivation), generation, &kek, account_key, rng)?))
}
