//! What the lock costs on this machine: `cargo run --release -p vault --example kdf`.
//!
//! Unlocking is to take no more than 1.5 times its derivation, whose own time cannot be had for less.

#![expect(clippy::disallowed_methods, reason = "measures time")]

use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::UnwrapErr;
use std::{
    error::Error,
    time::{Duration, Instant},
};
use vault::{Cost, FileStore, MemoryStore, Password, SecretStore, UnlockError, Vault};

const PAIRS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let (start, rng) = (Instant::now(), &mut UnwrapErr(getrandom::SysRng));
    let cost = Cost::calibrate(&|| start.elapsed());
    println!("calibrated: {} MiB, {} passes, in {:.0} ms", cost.memory_kib / 1024, cost.passes, ms(start.elapsed()));
    let folder = tempfile::tempdir()?;
    let files = FileStore::new(&folder.path().join("keys"))?;
    let stores: [(&str, &dyn SecretStore); 2] = [("memory", &MemoryStore::default()), ("files", &files)];
    for (name, secrets) in stores {
        let vault = Vault::open(&folder.path().join(name), secrets, rng)?;
        let password = Password::new("kéiskuch mat gromper");
        vault.create_account(secrets, &password, cost, rng)?;
        let (mut kdf, mut unlock, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..PAIRS {
            kdf.push(time(|| bare(cost))?);
            vault.lock();
            unlock.push(time(|| vault.unlock(secrets, &password, start.elapsed()))?);
            vault.lock();
            wrong.push(time(|| match vault.unlock(secrets, &Password::new("wrong"), start.elapsed()) {
                Err(UnlockError::Wrong(_)) => Ok(()),
                other => other,
            })?);
            vault.unlock(secrets, &password, start.elapsed())?;
        }
        let [kdf, unlock, wrong] = [kdf, unlock, wrong].map(median);
        println!(
            "secrets in {name}: derivation {:.0} ms, unlock {:.0} ms ({:.3} of it), wrong password {:.0} ms ({:.3})",
            ms(kdf),
            ms(unlock),
            unlock.as_secs_f64() / kdf.as_secs_f64(),
            ms(wrong),
            wrong.as_secs_f64() / kdf.as_secs_f64(),
        );
    }
    Ok(())
}

/// The derivation and nothing else.
fn bare(cost: Cost) -> Result<(), Box<dyn Error>> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|error| error.to_string())?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed = argon2.hash_password_into(b"keiskuch mat gromper", &[7; 16], &mut [0; 32]);
    Ok(hashed.map_err(|error| error.to_string())?)
}

fn time<E>(run: impl FnOnce() -> Result<(), E>) -> Result<Duration, E> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
