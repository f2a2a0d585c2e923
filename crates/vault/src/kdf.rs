//! Keys out of passwords and secrets: argon2id (RFC 9106), then HKDF-SHA256 (RFC 5869) with the store's secret.
//!
//! Refuses to know what the keys open and where the secrets lie.

use crate::{Password, Secret, VaultError, seal::derive};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::{io, time::Duration};
use zeroize::Zeroizing;

pub(crate) const KEY: usize = 32;
pub(crate) const SALT: usize = 16;
/// 32 bytes that open something; boxed, because what is moved about on the stack leaves copies there.
pub(crate) type Key = Box<Zeroizing<[u8; KEY]>>;

/// What one argon2id derivation costs, in one lane (p = 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Cost {
    /// RFC 9106, section 4, the second recommended option's memory and passes.
    pub const LEAST: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// Costs above this are not written by us: they would keep a phone busy for minutes, or not fit into it.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 64 };
    /// What one derivation has to take at least.
    const TIME: Duration = Duration::from_millis(250);

    /// As many passes through 64 MiB as take a quarter of a second on this machine: never fewer than [`Cost::LEAST`]'s,
    /// never more than 64. `elapsed` is a monotonic clock. Takes a second or two.
    pub fn calibrate(elapsed: &dyn Fn() -> Duration) -> Self {
        calibrate(&mut |cost| {
            let before = elapsed();
            stretch(&Password::new("how long does this take"), &[0; SALT], cost).ok()?;
            Some(elapsed().saturating_sub(before))
        })
    }

    pub(crate) fn is_sane(self) -> bool {
        (Params::MIN_M_COST..=Self::MOST.memory_kib).contains(&self.memory_kib)
            && (1..=Self::MOST.passes).contains(&self.passes)
    }
}

/// `time` runs one derivation; `None` when the machine cannot, and then the least has to do.
fn calibrate(time: &mut dyn FnMut(Cost) -> Option<Duration>) -> Cost {
    let mut cost = Cost::LEAST;
    loop {
        // The faster of two: a machine that was busy just now must not make the lock cheap for ever.
        let (Some(first), Some(second)) = (time(cost), time(cost)) else { return Cost::LEAST };
        let took = first.min(second);
        if took >= Cost::TIME || cost.passes >= Cost::MOST.passes {
            return cost;
        }
        let needed = (u128::from(cost.passes) * Cost::TIME.as_micros()).div_ceil(took.as_micros().max(1));
        let needed = u32::try_from(needed).unwrap_or(u32::MAX);
        cost.passes = needed.clamp(cost.passes + 1, Cost::MOST.passes);
    }
}

/// The key that wraps under a password: `HKDF(argon2id(password, salt) ‖ store_secret)`.
pub(crate) fn of_password(
    password: &Password,
    salt: &[u8; SALT],
    cost: Cost,
    store_secret: &Secret,
) -> Result<Key, VaultError> {
    let stretched = stretch(password, salt, cost)?;
    hkdf(&[&**stretched, store_secret.expose()], b"folio/kek/password/v1")
}

/// The key that wraps under what the sensor keeps: `HKDF(bio_secret ‖ store_secret)`.
pub(crate) fn of_biometrics(bio_secret: &Secret, store_secret: &Secret) -> Result<Key, VaultError> {
    hkdf(&[bio_secret.expose(), store_secret.expose()], b"folio/kek/biometrics/v1")
}

/// The key that proves a file of wraps to be made where the store's secret is.
pub(crate) fn of_wraps(store_secret: &Secret) -> Result<Key, VaultError> {
    hkdf(&[store_secret.expose()], b"folio/wraps/v1")
}

/// Argon2id version 0x13, p = 1, 32 bytes.
fn stretch(password: &Password, salt: &[u8; SALT], cost: Cost) -> Result<Key, VaultError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(KEY)).map_err(failed)?;
    // The crate's own memory is not zeroed, and running out of it must be an error.
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    memory.resize(params.block_count(), Block::new());
    let mut memory = Zeroizing::new(memory.into_boxed_slice());
    let mut key = Key::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.expose().as_bytes(), salt, &mut **key, &mut *memory)
        .map_err(failed)?;
    Ok(key)
}

/// HKDF-SHA256 without salt, for one block: RFC 5869, sections 2.2 and 2.3.
fn hkdf(material: &[&[u8]], info: &[u8]) -> Result<Key, VaultError> {
    let mut input = Zeroizing::new(Vec::with_capacity(material.iter().map(|part| part.len()).sum()));
    material.iter().for_each(|part| input.extend_from_slice(part));
    let extracted = derive(&[0; KEY], &input);
    let expanded = derive(&extracted, &[info, &[1]].concat());
    let mut key = Key::default();
    // A digest of another length is none; see `derive`.
    if expanded.len() != KEY {
        return Err(io::Error::other("no digest").into());
    }
    key.copy_from_slice(&expanded);
    Ok(key)
}

fn failed(error: argon2::Error) -> VaultError {
    VaultError::Io(io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 5869, appendix A.3; its output is longer than one block.
    #[test]
    fn hkdf_is_the_standards() {
        let key = hkdf(&[&[0x0b; 10], &[0x0b; 12]], b"").unwrap();
        assert_eq!(hex(&**key), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    /// The answer of the reference implementation, libargon2: another one would lock everybody out.
    #[test]
    fn argon2_is_the_references() {
        let key =
            stretch(&Password::new("pässword"), b"sixteen bytes!!!", Cost { memory_kib: 256, passes: 3 }).unwrap();
        assert_eq!(hex(&**key), "b6767e1d5177a5f9e220b0c18dc18a26001bf84f3dd041128b5fe8a6687f5dc2");
    }

    #[test]
    fn keys_depend_on_all_that_goes_in() {
        let cost = Cost { memory_kib: 64, passes: 1 };
        let (secret, other) = (Secret::new(vec![1; 32]), Secret::new(vec![2; 32]));
        let of = |typed, salt, cost, secret| of_password(&Password::new(typed), &[salt; SALT], cost, secret).unwrap();
        let keys = [
            of("a", 0, cost, &secret),
            of("b", 0, cost, &secret),
            of("a", 1, cost, &secret),
            of("a", 0, Cost { passes: 2, ..cost }, &secret),
            of("a", 0, Cost { memory_kib: 72, ..cost }, &secret),
            of("a", 0, cost, &other),
            of_biometrics(&secret, &secret).unwrap(),
            of_biometrics(&secret, &other).unwrap(),
            of_biometrics(&other, &secret).unwrap(),
            of_wraps(&secret).unwrap(),
            of_wraps(&other).unwrap(),
        ];
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key), "key {i}");
        }
        assert!(keys[0] == of("a", 0, cost, &secret));
    }

    /// Milliseconds of a pass, and what some runs take longer than that.
    fn calibrated(pass: f64, disturbed: &dyn Fn(u32) -> f64) -> Cost {
        let runs = Cell::new(0);
        calibrate(&mut |cost| {
            runs.set(runs.get() + 1);
            assert!(runs.get() < 20, "it does not go on for ever");
            Some(Duration::from_secs_f64(pass * f64::from(cost.passes) * disturbed(runs.get()) / 1000.0))
        })
    }

    #[test]
    fn one_derivation_takes_a_quarter_of_a_second_on_every_machine() {
        let steady = |_| 1.0;
        let cases = [(3.0, 64), (4.0, 63), (20.0, 13), (60.0, 5), (83.0, 4), (84.0, 3), (125.0, 3), (2000.0, 3)];
        for (pass, passes) in cases {
            assert_eq!(calibrated(pass, &steady), Cost { memory_kib: 65536, passes }, "{pass} ms a pass");
        }
        // Every other run is disturbed and tells nothing.
        assert_eq!(calibrated(60.0, &|run| if run % 2 == 0 { 10.0 } else { 1.0 }).passes, 5);
        assert_eq!(calibrated(0.0, &steady).passes, 64, "a clock that stands still");
        assert_eq!(calibrate(&mut |_| None), Cost::LEAST);
    }

    #[test]
    fn calibrating_reads_the_clock_that_it_is_given() {
        let time = Cell::new(Duration::ZERO);
        let clock = || {
            time.set(time.get() + Duration::from_millis(300));
            time.get()
        };
        assert_eq!(Cost::calibrate(&clock), Cost::LEAST);
        assert_eq!(time.get(), Duration::from_millis(1200), "two derivations, each between two readings");
    }

    #[test]
    fn costs_have_bounds() {
        assert!(Cost::LEAST.is_sane() && Cost::MOST.is_sane() && Cost { memory_kib: 64, passes: 1 }.is_sane());
        for (memory_kib, passes) in [(7, 1), (64, 0), (64, 65), (1024 * 1024 + 1, 1), (u32::MAX, u32::MAX)] {
            assert!(!Cost { memory_kib, passes }.is_sane(), "{memory_kib}, {passes}");
        }
    }
}
