//! The portal's own key: seals a ticket's secret in its row, and keys the digests of typed codes and nonces.

use crate::rng::Rng;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac};
use protocol::Secret;
use sha2::{Digest, Sha256};
use std::{io::Write, path::Path};

pub struct Keys(Secret<[u8; 32]>);

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the portal's key: {0}")]
    Io(#[from] std::io::Error),
    #[error("the portal's key is not 32 bytes long")]
    Length,
}

impl Keys {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Reads the key file, or makes it (readable by its owner only) at the first start.
    pub fn open(path: &Path, rng: &dyn Rng) -> Result<Self, KeyError> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Self::from_bytes(bytes.try_into().map_err(|_| KeyError::Length)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let bytes = rng.bytes::<32>();
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                Ok(Self::from_bytes(bytes))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Seals `text`; `place` (a row's id) is authenticated with it. `nonce` is drawn for this once.
    pub fn seal(&self, place: &str, text: &Secret<String>, nonce: [u8; 24]) -> Vec<u8> {
        let mut sealed = nonce.to_vec();
        let mut buffer = text.expose().as_bytes().to_vec();
        // Encrypting a few bytes in memory cannot fail; an empty seal would read as absent.
        if self.cipher().encrypt_in_place(&XNonce::from(nonce), place.as_bytes(), &mut buffer).is_err() {
            return Vec::new();
        }
        sealed.extend(buffer);
        sealed
    }

    /// Opens what [`Keys::seal`] made for the same place.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> Option<Secret<String>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let payload = chacha20poly1305::aead::Payload { msg: sealed, aad: place.as_bytes() };
        let text = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok().map(Secret::new)
    }

    /// HMAC-SHA-256 under a key of its own for each `purpose`.
    pub fn digest(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        mac(&mac(self.0.expose(), purpose.as_bytes()), data)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.digest("seal", b"").into())
    }
}

/// How a random token is stored: 256 bits of chance need no key and no salt.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn mac(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    // A 32-byte key always fits HMAC-SHA-256.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length fits"));
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_what_it_sealed_for_that_place() {
        let keys = Keys::from_bytes([7; 32]);
        let sealed = keys.seal("ticket", &Secret::new("secret".into()), [1; 24]);
        assert_eq!(keys.open_sealed("ticket", &sealed), Some(Secret::new("secret".into())));
        assert_eq!(keys.open_sealed("other", &sealed), None);
        assert_eq!(Keys::from_bytes([8; 32]).open_sealed("ticket", &sealed), None);
        assert_eq!(keys.open_sealed("ticket", &sealed[..20]), None);
    }
}
