//! The form of a sealed file, and nothing about where it lies.
//!
//! ```text
//! "FOLIO\0v1" | nonce prefix, 19 bytes | length, u64 | sealed place, 128 + 16 bytes | chunks of 64 KiB + 16 bytes
//! ```
//! XChaCha20-Poly1305 in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption
//! and its Nonce-Reuse Misuse-Resistance", 2015): a nonce is the prefix, the chunk's number and whether it is the last.
//! Header and place are authenticated with every chunk, so nothing can be cut, reordered or put in another's place.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    ops::Range,
};
use zeroize::{Zeroize, Zeroizing};

const MAGIC: &[u8; 8] = b"FOLIO\0v1";
const PREFIX: usize = 19;
const TAG: usize = 16;
const CHUNK: usize = 64 * 1024;
const HEADER: usize = MAGIC.len() + PREFIX + 8;
/// Places are padded to this, so that their length does not show.
const PLACE: usize = 128;
/// Kinds of nonce.
const MORE: u8 = 0;
const LAST: u8 = 1;
const NAME: u8 = 2;

/// Longest place, in bytes.
pub(crate) const LONGEST_PLACE: usize = PLACE - 1;

/// Why a sealed file cannot be opened.
#[derive(Debug)]
pub(crate) enum Broken {
    Damaged,
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

/// The keys derived from the work key.
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
    names: Zeroizing<Vec<u8>>,
}

impl Seal {
    pub fn new(work_key: &[u8]) -> Self {
        let sealing = derive(work_key, b"folio/seal/v1");
        let names = derive(work_key, b"folio/names/v1");
        let mut key = chacha20poly1305::Key::default();
        key.copy_from_slice(&sealing);
        let cipher = XChaCha20Poly1305::new(&key);
        key.zeroize();
        Self { cipher, names }
    }

    /// Name of the file for a place: a keyed hash, so a folder's listing reveals nothing.
    pub fn file_name(&self, place: &str) -> String {
        derive(&self.names, place.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn write(&self, out: &mut dyn Write, place: &str, bytes: &[u8], rng: &mut dyn CryptoRng) -> io::Result<()> {
        let mut header = [0u8; HEADER];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        rng.fill_bytes(&mut header[MAGIC.len()..MAGIC.len() + PREFIX]);
        header[MAGIC.len() + PREFIX..].copy_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.write_all(&header)?;
        let mut padded = [0u8; PLACE];
        padded[0] = place.len() as u8;
        padded[1..1 + place.len()].copy_from_slice(place.as_bytes());
        out.write_all(&self.seal(&nonce(&header, 0, NAME), &padded, &header)?)?;
        let bound = bound(&header, place);
        let last = last_chunk(bytes.len() as u64);
        for number in 0..=last {
            let from = number as usize * CHUNK;
            let chunk = &bytes[from..bytes.len().min(from + CHUNK)];
            let kind = if number == last { LAST } else { MORE };
            out.write_all(&self.seal(&nonce(&header, number, kind), chunk, &bound)?)?;
        }
        Ok(())
    }

    /// The place a sealed file was written for.
    pub fn read_place(&self, file: &mut impl Read) -> Result<String, Broken> {
        self.open_head(file).map(|(_, place)| place)
    }

    /// The bytes of `range`, or all of them. A range is cut to the length.
    pub fn read(
        &self,
        file: &mut (impl Read + Seek),
        place: &str,
        range: Option<Range<u64>>,
    ) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let (header, found) = self.open_head(file)?;
        if found != place {
            return Err(Broken::Damaged);
        }
        let length = length_of(&header);
        let last = last_chunk(length);
        let head = (HEADER + PLACE + TAG) as u64;
        let size = file.seek(SeekFrom::End(0))?;
        if Some(size) != length.checked_add((u64::from(last) + 1) * TAG as u64 + head) {
            return Err(Broken::Damaged);
        }
        let whole = 0..length;
        let range = range.map_or(whole, |range| range.start.min(length)..range.end.min(length));
        let first = (range.start / CHUNK as u64) as u32;
        file.seek(SeekFrom::Start(head + u64::from(first) * (CHUNK + TAG) as u64))?;
        let bound = bound(&header, place);
        let mut out = Zeroizing::new(Vec::with_capacity(range.end.saturating_sub(range.start) as usize + CHUNK));
        for number in first..=last {
            let start = u64::from(number) * CHUNK as u64;
            if number > first && start >= range.end {
                break;
            }
            let plain = (length - start).min(CHUNK as u64) as usize;
            let mut sealed = vec![0u8; plain + TAG];
            file.read_exact(&mut sealed)?;
            let kind = if number == last { LAST } else { MORE };
            let chunk = self.open(&nonce(&header, number, kind), &sealed, &bound)?;
            let from = range.start.saturating_sub(start).min(plain as u64) as usize;
            let to = range.end.saturating_sub(start).min(plain as u64) as usize;
            out.extend_from_slice(chunk.get(from..to).unwrap_or_default());
        }
        Ok(out)
    }

    fn open_head(&self, file: &mut impl Read) -> Result<([u8; HEADER], String), Broken> {
        let mut header = [0u8; HEADER];
        file.read_exact(&mut header)?;
        if !header.starts_with(MAGIC) {
            return Err(Broken::Damaged);
        }
        let mut sealed = [0u8; PLACE + TAG];
        file.read_exact(&mut sealed)?;
        let padded = self.open(&nonce(&header, 0, NAME), &sealed, &header)?;
        let length = usize::from(padded.first().copied().unwrap_or(0));
        let place = padded.get(1..1 + length).ok_or(Broken::Damaged)?;
        String::from_utf8(place.to_vec()).map(|place| (header, place)).map_err(|_| Broken::Damaged)
    }

    fn seal(&self, nonce: &XNonce, msg: &[u8], aad: &[u8]) -> io::Result<Vec<u8>> {
        let sealed = self.cipher.encrypt(nonce, Payload { msg, aad });
        sealed.map_err(|_| io::Error::other("a chunk could not be sealed"))
    }

    fn open(&self, nonce: &XNonce, msg: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, Broken> {
        self.cipher.decrypt(nonce, Payload { msg, aad }).map(Zeroizing::new).map_err(|_| Broken::Damaged)
    }
}

/// HMAC-SHA256.
pub(crate) fn derive(key: &[u8], purpose: &[u8]) -> Zeroizing<Vec<u8>> {
    // HMAC takes keys of every length, so there is no error to pass on; an empty digest would fail every opening.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return Zeroizing::default() };
    mac.update(purpose);
    let mut digest = mac.finalize().into_bytes();
    let derived = Zeroizing::new(digest.to_vec());
    digest.as_mut_slice().zeroize();
    derived
}

/// Whether `digest` is the one of `said`, in a time that does not tell how much of it is right.
pub(crate) fn is_derived(key: &[u8], said: &[u8], digest: &[u8]) -> bool {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return false };
    mac.update(said);
    mac.verify_slice(digest).is_ok()
}

fn nonce(header: &[u8; HEADER], number: u32, kind: u8) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..PREFIX].copy_from_slice(&header[MAGIC.len()..MAGIC.len() + PREFIX]);
    nonce[PREFIX..PREFIX + 4].copy_from_slice(&number.to_be_bytes());
    nonce[PREFIX + 4] = kind;
    nonce
}

fn bound(header: &[u8; HEADER], place: &str) -> Vec<u8> {
    [header.as_slice(), place.as_bytes()].concat()
}

fn length_of(header: &[u8; HEADER]) -> u64 {
    header[HEADER - 8..].iter().fold(0, |length, byte| length << 8 | u64::from(*byte))
}

/// Number of the last chunk; an empty file has one empty chunk.
fn last_chunk(length: u64) -> u32 {
    (length.saturating_sub(1) / CHUNK as u64).try_into().unwrap_or(u32::MAX)
}
