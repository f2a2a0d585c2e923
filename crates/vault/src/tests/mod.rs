//! The crate as its users see it.

mod lock;
mod lock_faults;
mod lock_tries;
mod sealed;

use crate::{Cost, Faults, Password, SecretStore, Step, Vault};
use rand_core::{TryCryptoRng, TryRng};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

/// Chance with a script: a counter that never repeats within a test.
struct Counter(u64);

impl TryRng for Counter {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            *byte = (self.0 >> 56) as u8;
        }
        Ok(())
    }
}
impl TryCryptoRng for Counter {}

/// What happens before a step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Full,
    Kill,
}

#[derive(Default)]
struct Trap(Mutex<Option<(Step, Fault)>>);

impl Faults for Trap {
    fn before(&self, step: Step) -> io::Result<()> {
        let trap = *self.0.lock().unwrap();
        match trap.filter(|(at, _)| *at == step) {
            Some((_, Fault::Full)) => Err(io::ErrorKind::StorageFull.into()),
            Some((_, Fault::Kill)) => panic!("killed before {step:?}"),
            None => Ok(()),
        }
    }
}

const STEPS: [Step; 4] = [Step::Write, Step::Sync, Step::Rename, Step::SyncFolder];
const CHUNK: usize = 64 * 1024;

fn open(folder: &Path, secrets: &dyn SecretStore) -> Vault {
    Vault::open(folder, secrets, &mut Counter(1)).unwrap()
}

fn sealed_files(folder: &Path) -> Vec<PathBuf> {
    files_with(folder, "sealed")
}

fn files_with(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == suffix)).collect();
    files.sort();
    files
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 % 251) as u8).collect()
}

/// What no phone would take, so that tests do not wait for it.
const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

fn password(typed: &str) -> Password {
    Password::new(typed)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
