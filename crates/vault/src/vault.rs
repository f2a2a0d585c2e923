//! Sealed bytes by place. A place is a short name such as `photo/0123456789abcdef`.

use crate::{
    account::{self, Door},
    durable::{self, Faults, NoFaults, UNFINISHED},
    seal::{Broken, LONGEST_PLACE, Seal},
    secrets::{Secret, SecretError, SecretStore},
};
use rand_core::CryptoRng;
use std::{
    fs::{self, File, TryLockError},
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use zeroize::Zeroizing;

/// Name of the key in the [`SecretStore`].
const WORK_KEY: &str = "work_key";
const WORK_KEY_BYTES: usize = 32;
const LOCK_FILE: &str = "vault.lock";
const SUFFIX: &str = "sealed";
/// Of every file that is sealed, or was to be.
const SUFFIXES: [&str; 4] = [SUFFIX, account::WRAPS, account::ENTRY, UNFINISHED];
/// While this file is there, everything is being deleted; a start goes on with it.
const ERASING: &str = "erasing";

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Altered, cut, exchanged or sealed with another key.
    #[error("what is stored is damaged")]
    Damaged,
    #[error("the storage is full")]
    Full,
    /// Another process has this vault open.
    #[error("another copy of the app is running")]
    InUse,
    /// The store of secrets cannot be asked now.
    #[error("the key is not available: {0}")]
    Locked(#[from] SecretError),
    /// There are sealed files, and the store of secrets has no key: nothing can open them again.
    #[error("the key to what is stored is gone")]
    KeyLost,
    /// What the account's key seals is out of reach until the account is unlocked.
    #[error("the account is locked")]
    AccountLocked,
    #[error("not a place: {0:?}")]
    Place(String),
    #[error("the storage failed: {0}")]
    Io(io::Error),
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        if durable::is_full(&error) { Self::Full } else { Self::Io(error) }
    }
}

impl From<Broken> for VaultError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Damaged => Self::Damaged,
            Broken::Io(error) => error.into(),
        }
    }
}

/// An open vault; no other process can open it meanwhile.
pub struct Vault {
    pub(crate) folder: PathBuf,
    seal: Mutex<Arc<Seal>>,
    pub(crate) door: Door,
    pub(crate) faults: Arc<dyn Faults>,
    /// Tells unfinished files of one place apart.
    writes: AtomicU64,
    /// Held as long as the vault is open.
    _lock: File,
}

impl Vault {
    /// Opens the vault in `folder`; the first time, makes it and its key.
    pub fn open(folder: &Path, secrets: &dyn SecretStore, rng: &mut dyn CryptoRng) -> Result<Self, VaultError> {
        Self::open_with(folder, secrets, rng, Arc::new(NoFaults))
    }

    /// The same with faults before the steps of a write.
    pub fn open_with(
        folder: &Path,
        secrets: &dyn SecretStore,
        rng: &mut dyn CryptoRng,
        faults: Arc<dyn Faults>,
    ) -> Result<Self, VaultError> {
        durable::create_private_folder(folder)?;
        let lock = lock(folder)?;
        if folder.join(ERASING).exists() {
            erase(folder, secrets, &*faults)?;
        }
        account::go_on_forgetting(folder, secrets, &*faults)?;
        remove_files(folder, UNFINISHED, &*faults)?;
        let key = match secrets.get(WORK_KEY)? {
            Some(key) if key.expose().len() == WORK_KEY_BYTES => key,
            Some(_) => return Err(VaultError::KeyLost),
            None if is_used(folder)? => return Err(VaultError::KeyLost),
            None => new_key(secrets, rng)?,
        };
        let seal = Mutex::new(Arc::new(Seal::new(key.expose())));
        let (door, writes) = (Door::default(), AtomicU64::new(0));
        Ok(Self { folder: folder.to_owned(), seal, door, faults, writes, _lock: lock })
    }

    /// Deletes what lies in `folder` and its key, without opening it: the way out of [`VaultError::KeyLost`].
    pub fn destroy(folder: &Path, secrets: &dyn SecretStore) -> Result<(), VaultError> {
        durable::create_private_folder(folder)?;
        let _lock = lock(folder)?;
        erase(folder, secrets, &NoFaults)
    }

    /// Seals `bytes`; on disk when this returns. After an error the old bytes are there.
    pub fn put(&self, place: &str, bytes: &[u8], rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        self.write(&self.seal(), place, SUFFIX, bytes, rng)
    }

    /// `None` where nothing was put.
    pub fn get(&self, place: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.read(&self.seal(), place, SUFFIX, None)
    }

    /// A part of what was put, cut to its length; reads and checks no more than that part needs.
    pub fn get_range(&self, place: &str, range: Range<u64>) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.read(&self.seal(), place, SUFFIX, Some(range))
    }

    /// Deleting what is not there succeeds.
    pub fn delete(&self, place: &str) -> Result<(), VaultError> {
        self.remove(&self.seal(), place, SUFFIX)
    }

    /// Places that begin with `prefix`, in order. Damaged files have no place and are left out.
    pub fn list(&self, prefix: &str) -> Result<Vec<String>, VaultError> {
        let seal = self.seal();
        let mut places = Vec::new();
        for path in files(&self.folder, SUFFIX)? {
            match seal.read_place(&mut File::open(path)?) {
                Ok(place) if place.starts_with(prefix) => places.push(place),
                Ok(_) | Err(Broken::Damaged) => {}
                Err(Broken::Io(error)) => return Err(error.into()),
            }
        }
        places.sort();
        Ok(places)
    }

    /// Deletes all that is sealed and its keys, the account's too, and goes on empty with a new one.
    pub fn delete_everything(&self, secrets: &dyn SecretStore, rng: &mut dyn CryptoRng) -> Result<(), VaultError> {
        let _turn = self.door.turn();
        self.door.close();
        let mut seal = self.seal.lock().unwrap_or_else(PoisonError::into_inner);
        erase(&self.folder, secrets, &*self.faults)?;
        *seal = Arc::new(Seal::new(new_key(secrets, rng)?.expose()));
        Ok(())
    }

    pub(crate) fn write(
        &self,
        seal: &Seal,
        place: &str,
        suffix: &str,
        bytes: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<(), VaultError> {
        let path = self.path(seal, place, suffix)?;
        let write = self.writes.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_extension(format!("{write}.{UNFINISHED}"));
        durable::replace(&path, &beside, &*self.faults, |file| {
            let mut out = io::BufWriter::with_capacity(1 << 17, file);
            seal.write(&mut out, place, bytes, rng)?;
            io::Write::flush(&mut out)
        })?;
        Ok(())
    }

    pub(crate) fn read(
        &self,
        seal: &Seal,
        place: &str,
        suffix: &str,
        range: Option<Range<u64>>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        match File::open(self.path(seal, place, suffix)?) {
            Ok(mut file) => Ok(Some(seal.read(&mut file, place, range)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn remove(&self, seal: &Seal, place: &str, suffix: &str) -> Result<(), VaultError> {
        Ok(durable::remove(&self.path(seal, place, suffix)?, &*self.faults)?)
    }

    pub(crate) fn seal(&self) -> Arc<Seal> {
        self.seal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn path(&self, seal: &Seal, place: &str, suffix: &str) -> Result<PathBuf, VaultError> {
        if place.is_empty() || place.len() > LONGEST_PLACE {
            return Err(VaultError::Place(place.to_owned()));
        }
        Ok(self.folder.join(seal.file_name(place)).with_extension(suffix))
    }
}

/// The keys go first: without them, files that could not be deleted are noise.
fn erase(folder: &Path, secrets: &dyn SecretStore, faults: &dyn Faults) -> Result<(), VaultError> {
    durable::mark(&folder.join(ERASING), faults)?;
    secrets.delete(WORK_KEY)?;
    account::forget_secrets(secrets)?;
    for suffix in SUFFIXES {
        remove_files(folder, suffix, faults)?;
    }
    Ok(durable::remove(&folder.join(ERASING), faults)?)
}

fn lock(folder: &Path) -> Result<File, VaultError> {
    let lock = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK_FILE))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn new_key(secrets: &dyn SecretStore, rng: &mut dyn CryptoRng) -> Result<Secret, VaultError> {
    let mut bytes = vec![0; WORK_KEY_BYTES];
    rng.fill_bytes(&mut bytes);
    let key = Secret::new(bytes);
    keep(secrets, WORK_KEY, &key)?;
    Ok(key)
}

/// Makes sure that the store really keeps a secret before anything depends on it.
pub(crate) fn keep(secrets: &dyn SecretStore, name: &str, secret: &Secret) -> Result<(), VaultError> {
    secrets.set(name, secret)?;
    if secrets.get(name)?.as_ref() == Some(secret) {
        Ok(())
    } else {
        Err(VaultError::Locked(SecretError::Failed("what was stored does not come back".to_owned())))
    }
}

/// Whether something lies there that only the work key opens.
fn is_used(folder: &Path) -> Result<bool, VaultError> {
    Ok(!files(folder, SUFFIX)?.is_empty() || !files(folder, account::WRAPS)?.is_empty())
}

pub(crate) fn remove_files(folder: &Path, suffix: &str, faults: &dyn Faults) -> Result<(), VaultError> {
    for path in files(folder, suffix)? {
        durable::remove(&path, faults)?;
    }
    Ok(())
}

fn files(folder: &Path, suffix: &str) -> Result<Vec<PathBuf>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == suffix) {
            found.push(path);
        }
    }
    Ok(found)
}
