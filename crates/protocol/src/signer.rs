//! P-256 keys that sign, wherever they live: in memory, or in hardware that never gives them away.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey, signature};

/// Public half of a P-256 key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(pub(crate) VerifyingKey);

/// The key cannot sign now: its hardware refuses or has lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used")]
pub struct SignerError;

/// Signs ES256: ECDSA over SHA-256 of `message`, `r ‖ s`. A call may block for a tenth of a second on a phone.
pub trait Signer: Send + Sync {
    fn public_key(&self) -> PublicKey;
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerError>;
}

impl Signer for SigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey(*self.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerError> {
        let signature: Signature = signature::Signer::sign(self, message);
        Ok(signature.to_bytes().into())
    }
}

impl PublicKey {
    /// 65 bytes, SEC1 uncompressed; `None` where they are no point of the curve.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(bytes).ok().map(Self)
    }

    /// The same as text: base64url.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_sec1(&URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_sec1_point(false).as_bytes())
    }

    /// Whether `signature` (`r ‖ s`) is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| signature::Verifier::verify(&self.0, message, &signature).is_ok())
    }
}
