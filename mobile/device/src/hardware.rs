//! The phone's hardware for secrets: one contract for Android, iOS and the desktop's simulation.
//!
//! Refuses to know what is signed and what the kept secret opens. Nothing here is a command of the web view.

use crate::Error;
use p256::ecdsa::VerifyingKey;
use zeroize::Zeroizing;

/// A P-256 key that never leaves the hardware, and one small secret that only an enrolled finger or face opens.
///
/// Every call blocks, some for as long as a person thinks: never on the main thread, and on an async one only through
/// `spawn_blocking`.
pub trait Hardware: Send + Sync {
    /// The device key, where one was made.
    fn key(&self) -> Result<Option<PublicKey>, Error>;

    /// Makes a new device key and says who keeps it; one that was there is gone. [`Error::Unsupported`] where there is no
    /// such hardware: the app then keeps a key of its own.
    fn create_key(&self) -> Result<(PublicKey, Keeper), Error>;

    /// ECDSA over P-256 with SHA-256 of `message`, as r‖s. `s` may be in either half of its range. [`Error::Nothing`] where
    /// there is no key.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error>;

    /// Deleting what is not there succeeds.
    fn delete_key(&self) -> Result<(), Error>;

    /// What a person can be asked for now: enrolled, and of the class that opens keys (Android's class 3, 'strong').
    fn biometry(&self) -> Biometry;

    /// Puts `secret` behind the sensor; one that was kept is gone, once this succeeds. Asks for the finger where the platform
    /// needs it for that. At most [`MAX_SECRET`] bytes. [`Error::Cancelled`], [`Error::NotRecognised`] and
    /// [`Error::Unavailable`] change nothing.
    fn keep(&self, secret: &[u8], prompt: &Prompt) -> Result<(), Error>;

    /// Asks, and hands out the secret. [`Error::EnrolmentChanged`] is said once; from then on, as where nothing was kept,
    /// [`Error::Nothing`]. Every other error leaves the secret where it is.
    fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, Error>;

    /// Forgetting what is not there succeeds, and asks nobody.
    fn forget(&self) -> Result<(), Error>;
}

/// Longest secret that is kept, in bytes: it is for keys.
pub const MAX_SECRET: usize = 64;

/// A point of P-256: SEC 1, uncompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 65]);

impl PublicKey {
    /// `None` when the bytes are no point of the curve in this form.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        let point: [u8; 65] = bytes.try_into().ok()?;
        VerifyingKey::from_sec1_bytes(&point).ok()?;
        Some(PublicKey(point))
    }

    /// 04‖x‖y.
    pub fn as_sec1(&self) -> &[u8; 65] {
        &self.0
    }
}

impl From<&VerifyingKey> for PublicKey {
    fn from(key: &VerifyingKey) -> Self {
        let mut bytes = [0; 65];
        bytes.copy_from_slice(key.to_sec1_point(false).as_bytes());
        PublicKey(bytes)
    }
}

/// What keeps the device key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A chip of its own: StrongBox, Secure Enclave.
    SecureElement,
    /// A part of the main processor that the system cannot look into.
    TrustedEnvironment,
    /// A file on a desktop. Protects nothing.
    Simulated,
}

/// What a person would be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Biometry {
    None,
    Finger,
    Face,
    /// More than one of them, or the platform does not say which.
    Any,
}

/// What the system's sheet says, in the caller's language. Neither may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub title: String,
    pub cancel: String,
}
