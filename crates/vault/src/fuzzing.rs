//! The forms of files and records, for `fuzz/`: bytes that a folder or a store of secrets may be made to hold.
//!
//! Refuses to judge more than that whatever is read can be written again and is the same.

use crate::{
    Secret,
    lockout::{LockOut, Tries},
    seal::{Broken, LONGEST_PLACE, Seal},
    wraps::{Kind, Wraps},
};
use rand_core::CryptoRng;
use std::{io::Cursor, ops::Range, time::Duration};

/// Bytes that were sealed for a place; `None` where the place has no shape.
pub fn seal(key: &[u8], place: &str, bytes: &[u8], rng: &mut dyn CryptoRng) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let shaped = !place.is_empty() && place.len() <= LONGEST_PLACE;
    (shaped && Seal::new(key).write(&mut out, place, bytes, rng).is_ok()).then_some(out)
}

/// Opens any bytes as a sealed file; what was sealed, where they are one.
pub fn open(key: &[u8], place: &str, file: &[u8], range: Option<Range<u64>>) -> Option<Vec<u8>> {
    let seal = Seal::new(key);
    let named = seal.read_place(&mut &*file);
    let opened = seal.read(&mut Cursor::new(file), place, range);
    if opened.is_ok() {
        assert!(named.is_ok_and(|named| named == place), "a file opens for the place that it names");
    }
    match opened {
        Ok(bytes) => Some(bytes.to_vec()),
        Err(Broken::Damaged) => None,
        Err(Broken::Io(error)) => panic!("memory has no such error: {error}"),
    }
}

/// Reads any bytes as a file of wraps and asks it everything that does not cost a derivation; whether they are one.
pub fn wraps(bytes: &[u8], store_secret: &[u8; 32]) -> bool {
    let secret = Secret::new(store_secret.to_vec());
    let genuine = Wraps::are_of(&secret, bytes).expect("HMAC takes every secret");
    let Ok(wraps) = Wraps::parse(bytes) else { return false };
    let kek = Box::new(zeroize::Zeroizing::new(*store_secret));
    assert!(wraps.open_by_password(&kek).is_none(), "no wrap opens by a key that never made one");
    if let Some(wrap) = &wraps.biometrics {
        assert!(wrap.open(Kind::Biometrics, &kek).is_none());
    }
    let again = wraps.encode(&secret).expect("what was read can be written");
    assert_eq!(genuine, again == bytes, "there is one form for each file");
    assert!(Wraps::parse(&again).is_ok_and(|read| read == wraps));
    true
}

/// Reads any bytes as the tries on record and asks where somebody stands; whether they are tries.
pub fn tries(record: &[u8], uptime: Duration) -> bool {
    let Some(mut tries) = Tries::parse(record) else { return false };
    for _ in 0..3 {
        let LockOut { tries_left, wait, offer_unlink: _ } = tries.lock_out(uptime);
        assert!(tries_left <= 5 && wait.is_none_or(|wait| tries_left == 0 && wait <= Duration::from_secs(3600)));
        tries.notice_restart(uptime);
        tries.count(uptime);
    }
    true
}
