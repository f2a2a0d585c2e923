//! The key a phone proves possession of, and what an upload is called with.

use p256::ecdsa::SigningKey;
use protocol::{PublicKey, Secret, Signer, SignerError, api::UploadId, dpop};
use rand_core::CryptoRng;
use std::sync::Arc;

/// A P-256 key in memory: fresh for each ticket. Zeroed on drop, prints nothing.
#[derive(Clone)]
pub struct ProofKey(SigningKey);

impl ProofKey {
    /// Draws candidates until one is a scalar of the curve: the first, but for one draw in 2³².
    pub fn draw(rng: &mut dyn CryptoRng) -> Self {
        loop {
            let mut bytes = Secret::new([0u8; 32]);
            let mut drawn = *bytes.expose();
            rng.fill_bytes(&mut drawn);
            bytes = Secret::new(drawn);
            drawn.fill(0);
            if let Ok(key) = SigningKey::from_slice(bytes.expose()) {
                return Self(key);
            }
        }
    }

    /// The key that [`ProofKey::to_bytes`] gave; `None` when the bytes are no key.
    pub fn from_bytes(bytes: &Secret<Vec<u8>>) -> Option<Self> {
        SigningKey::from_slice(bytes.expose()).ok().map(Self)
    }

    /// 32 bytes, to be sealed.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        Secret::new(self.0.to_bytes().to_vec())
    }

    /// RFC 7638 thumbprint.
    pub fn jkt(&self) -> String {
        dpop::jkt(&self.public_key())
    }
}

impl Signer for ProofKey {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerError> {
        Signer::sign(&self.0, message)
    }
}

impl std::fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ProofKey({})", self.jkt())
    }
}

/// What every call about an upload carries: its name, its credential and the key that credential is bound to.
#[derive(Debug, Clone)]
pub struct Pass {
    pub upload: UploadId,
    pub credential: Secret<String>,
    pub key: ProofKey,
}

/// What a linked phone calls with: a token and the phone's own key, which the token is bound to.
#[derive(Clone)]
pub struct Access {
    pub token: Secret<String>,
    pub key: Arc<dyn Signer>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access({})", dpop::jkt(&self.key.public_key()))
    }
}

/// What a proof takes from clock and chance.
pub trait Stamp: Send + Sync {
    /// Seconds since the epoch as the phone believes. The portal does not trust it.
    fn iat(&self) -> i64;
    /// 128 fresh random bits.
    fn jti(&self) -> [u8; 16];
}
