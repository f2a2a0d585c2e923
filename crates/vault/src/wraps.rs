//! The form of the file that keeps `account_key` wrapped, and nothing about where it lies or who may try.
//!
//! ```text
//! version 1 | slot, u8 | generation, u64 | born, u64 | memory in KiB, u32 | passes, u32 | salt, 16 bytes
//!   | wrap under the password | 0 or 1 | wrap under biometrics, or zeros | HMAC-SHA256 by the store's secret, 32 bytes
//! wrap: generation it was made at, u64 | nonce, 24 bytes | sealed key, 32 + 16 bytes
//! ```
//! Every number is big-endian. The whole is sealed once more by the work key, as every file. A wrap is XChaCha20-Poly1305
//! that binds its kind, cost, salt and generation; the HMAC binds the wraps to one another, so that a file mixed from two is
//! none. A wrap keeps the generation it was made at because the other one changes without its secret at hand.

use crate::{
    Secret, VaultError,
    kdf::{self, Cost, KEY, Key, SALT},
    seal::{Broken, derive, is_derived},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use std::io;
use zeroize::{Zeroize, Zeroizing};

const VERSION: u8 = 1;
const NONCE: usize = 24;
const SEALED: usize = KEY + 16;
const MAC: usize = 32;

/// Which of two names the store's secret has: a new account draws its own while the old one's is still needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    A,
    B,
}

impl Slot {
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// How the password's key is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Derivation {
    pub cost: Cost,
    pub salt: [u8; SALT],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wraps {
    pub slot: Slot,
    /// Grows with every change of the file.
    pub generation: u64,
    /// The generation at which `account_key` was drawn.
    pub born: u64,
    pub derivation: Derivation,
    pub password: Wrap,
    pub biometrics: Option<Wrap>,
}

/// `account_key`, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrap {
    generation: u64,
    nonce: [u8; NONCE],
    sealed: [u8; SEALED],
}

/// What a wrap opens by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Password(Derivation),
    Biometrics,
}

impl Wrap {
    pub fn new(
        kind: Kind,
        generation: u64,
        kek: &Key,
        account_key: &Key,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, VaultError> {
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        let payload = Payload { msg: &***account_key, aad: &bound(kind, generation) };
        let sealed = cipher(kek).encrypt(&XNonce::from(nonce), payload).ok();
        let sealed = sealed.and_then(|sealed| sealed.try_into().ok());
        let sealed = sealed.ok_or_else(|| io::Error::other("a key could not be wrapped"))?;
        Ok(Self { generation, nonce, sealed })
    }

    /// `None` with another key than it was wrapped by.
    pub fn open(&self, kind: Kind, kek: &Key) -> Option<Key> {
        let payload = Payload { msg: &self.sealed, aad: &bound(kind, self.generation) };
        let opened = Zeroizing::new(cipher(kek).decrypt(&XNonce::from(self.nonce), payload).ok()?);
        let mut account_key = Key::default();
        (opened.len() == KEY).then(|| account_key.copy_from_slice(&opened))?;
        Some(account_key)
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.generation.to_be_bytes());
        out.extend(self.nonce);
        out.extend(self.sealed);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self { generation: u64::from_be_bytes(take(bytes)?), nonce: take(bytes)?, sealed: take(bytes)? })
    }
}

impl Wraps {
    pub fn encode(&self, store_secret: &Secret) -> Result<Vec<u8>, VaultError> {
        let mut out = vec![VERSION, self.slot as u8];
        out.extend(self.generation.to_be_bytes());
        out.extend(self.born.to_be_bytes());
        out.extend(self.derivation.cost.memory_kib.to_be_bytes());
        out.extend(self.derivation.cost.passes.to_be_bytes());
        out.extend(self.derivation.salt);
        self.password.put(&mut out);
        out.push(u8::from(self.biometrics.is_some()));
        let none = Wrap { generation: 0, nonce: [0; NONCE], sealed: [0; SEALED] };
        self.biometrics.as_ref().unwrap_or(&none).put(&mut out);
        let mac = derive(&**kdf::of_wraps(store_secret)?, &out);
        out.extend_from_slice(&mac);
        Ok(out)
    }

    /// Says what the file says; see [`Wraps::are_of`] for whether it is true.
    pub fn parse(mut bytes: &[u8]) -> Result<Self, Broken> {
        take_all(&mut bytes).filter(|_| bytes.len() == MAC).ok_or(Broken::Damaged)
    }

    /// Whether these bytes were made with this secret of the store.
    pub fn are_of(store_secret: &Secret, bytes: &[u8]) -> Result<bool, VaultError> {
        let Some((said, mac)) = bytes.split_last_chunk::<MAC>() else { return Ok(false) };
        Ok(is_derived(&**kdf::of_wraps(store_secret)?, said, mac))
    }

    pub fn open_by_password(&self, kek: &Key) -> Option<Key> {
        self.password.open(Kind::Password(self.derivation), kek)
    }
}

fn take_all(bytes: &mut &[u8]) -> Option<Wraps> {
    let [VERSION] = take(bytes)? else { return None };
    let slot = match take(bytes)? {
        [0] => Slot::A,
        [1] => Slot::B,
        _ => return None,
    };
    let (generation, born) = (u64::from_be_bytes(take(bytes)?), u64::from_be_bytes(take(bytes)?));
    let cost = Cost { memory_kib: u32::from_be_bytes(take(bytes)?), passes: u32::from_be_bytes(take(bytes)?) };
    let derivation = Derivation { cost, salt: take(bytes)? };
    let password = Wrap::take(bytes)?;
    let biometrics = match take(bytes)? {
        [0] => Wrap::take(bytes).map(|_| None)?,
        [1] => Some(Wrap::take(bytes)?),
        _ => return None,
    };
    cost.is_sane().then_some(Wraps { slot, generation, born, derivation, password, biometrics })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

fn cipher(kek: &Key) -> XChaCha20Poly1305 {
    let mut key = chacha20poly1305::Key::default();
    key.copy_from_slice(&***kek);
    let cipher = XChaCha20Poly1305::new(&key);
    key.zeroize();
    cipher
}

/// What a wrap binds besides the key.
fn bound(kind: Kind, generation: u64) -> Vec<u8> {
    let mut bound = b"folio/wrap/v1".to_vec();
    bound.extend(generation.to_be_bytes());
    match kind {
        Kind::Password(Derivation { cost, salt }) => {
            bound.push(1);
            bound.extend(cost.memory_kib.to_be_bytes());
            bound.extend(cost.passes.to_be_bytes());
            bound.extend(salt);
        }
        Kind::Biometrics => bound.push(2),
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Fixed;

    impl rand_core::TryRng for Fixed {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(4)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(4)
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.fill(4);
            Ok(())
        }
    }
    impl rand_core::TryCryptoRng for Fixed {}

    const COST: Cost = Cost { memory_kib: 64, passes: 1 };
    const DERIVATION: Derivation = Derivation { cost: COST, salt: [5; SALT] };

    fn key(byte: u8) -> Key {
        Box::new(Zeroizing::new([byte; KEY]))
    }

    fn secret() -> Secret {
        Secret::new(vec![6; 32])
    }

    fn wraps(generation: u64, biometrics: bool) -> Wraps {
        let wrap = |kind| Wrap::new(kind, generation, &key(1), &key(2), &mut Fixed).unwrap();
        let biometrics = biometrics.then(|| wrap(Kind::Biometrics));
        let password = wrap(Kind::Password(DERIVATION));
        Wraps { slot: Slot::B, generation, born: 1, derivation: DERIVATION, password, biometrics }
    }

    #[test]
    fn a_file_says_what_was_written() {
        for wraps in [wraps(7, true), wraps(u64::MAX, false)] {
            let bytes = wraps.encode(&secret()).unwrap();
            assert_eq!(Wraps::parse(&bytes).unwrap(), wraps);
            assert!(Wraps::are_of(&secret(), &bytes).unwrap());
            assert!(!Wraps::are_of(&Secret::new(vec![7; 32]), &bytes).unwrap());
            assert_eq!(wraps.open_by_password(&key(1)), Some(key(2)));
            assert_eq!(wraps.open_by_password(&key(3)), None);
        }
    }

    #[test]
    fn a_wrap_opens_only_as_what_it_was_made_for() {
        let kind = Kind::Password(DERIVATION);
        let wrap = Wrap::new(kind, 7, &key(1), &key(2), &mut Fixed).unwrap();
        assert_eq!(wrap.open(kind, &key(1)), Some(key(2)));
        let others = [
            Kind::Biometrics,
            Kind::Password(Derivation { salt: [0; SALT], ..DERIVATION }),
            Kind::Password(Derivation { cost: Cost { passes: 2, ..COST }, ..DERIVATION }),
            Kind::Password(Derivation { cost: Cost { memory_kib: 65, ..COST }, ..DERIVATION }),
        ];
        for other in others {
            assert_eq!(wrap.open(other, &key(1)), None, "{other:?}");
        }
        assert_eq!(Wrap { generation: 8, ..wrap.clone() }.open(kind, &key(1)), None);
    }

    /// Whoever has the work key but not the store's secret cannot put a new file's number on an old password.
    #[test]
    fn a_file_mixed_from_two_is_none() {
        let [old, new] = [7, 8].map(|generation| wraps(generation, true).encode(&secret()).unwrap());
        let password = 1 + 1 + 8 + 8 + 4 + 4 + SALT..1 + 1 + 8 + 8 + 4 + 4 + SALT + 8 + NONCE + SEALED;
        let mut mixed = new.clone();
        mixed[password.clone()].copy_from_slice(&old[password]);
        assert!(mixed != new && Wraps::parse(&mixed).is_ok_and(|mixed| mixed.open_by_password(&key(1)).is_some()));
        assert!(!Wraps::are_of(&secret(), &mixed).unwrap());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Wraps::parse(&bytes).is_err());
            prop_assert!(!Wraps::are_of(&secret(), &bytes).unwrap());
        }

        #[test]
        fn every_flipped_bit_and_every_cut_is_noticed(at in any::<prop::sample::Index>(), bit in 0u8..8, biometrics in any::<bool>()) {
            let mut bytes = wraps(7, biometrics).encode(&secret()).unwrap();
            let at = at.index(bytes.len());
            prop_assert!(Wraps::parse(&bytes[..at]).is_err());
            bytes[at] ^= 1 << bit;
            prop_assert!(!Wraps::are_of(&secret(), &bytes).unwrap());
            crate::fuzzing::wraps(&bytes, &[6; 32]);
        }
    }
}
