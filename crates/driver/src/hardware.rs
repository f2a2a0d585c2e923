//! The port to the phone's hardware for secrets, and its key as a signer.

use journey::intent::Language;
use protocol::{PublicKey, Signer, SignerError};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A key that never leaves the phone, and a secret that only a finger or face opens. Every call blocks, some for as long
/// as a person thinks.
pub trait Hardware: Send + Sync {
    /// The phone's key, where one was made.
    fn key(&self) -> Result<Option<PublicKey>, HardwareError>;
    /// Makes a new one; one that was there is gone. [`HardwareError::Unsupported`] where there is no such hardware.
    fn create_key(&self) -> Result<PublicKey, HardwareError>;
    /// ES256, `r ‖ s`.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HardwareError>;
    /// Deleting what is not there succeeds.
    fn delete_key(&self) -> Result<(), HardwareError>;
    /// Whether a finger or face could be asked for now, in a way that opens keys.
    fn has_sensor(&self) -> bool;
    /// Puts a secret of at most 64 bytes behind the sensor.
    fn keep(&self, secret: &[u8], prompt: &Prompt) -> Result<(), HardwareError>;
    /// Asks, and hands it out.
    fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, HardwareError>;
    /// Forgetting what is not there succeeds, and asks nobody.
    fn forget(&self) -> Result<(), HardwareError>;
}

/// What the person is asked for; the shell has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt {
    /// To activate biometrics, else to unlock.
    pub activates: bool,
    /// `None`: as the system.
    pub language: Option<Language>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HardwareError {
    #[error("this phone has no such hardware")]
    Unsupported,
    #[error("nothing is kept there")]
    Nothing,
    #[error("the person closed the prompt")]
    Cancelled,
    #[error("not recognised")]
    NotRecognised,
    /// Fingers or faces are others than when the secret was kept; it is gone for good.
    #[error("the enrolment has changed")]
    Changed,
    #[error("the hardware failed")]
    Failed,
}

/// No hardware at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHardware;

impl Hardware for NoHardware {
    fn key(&self) -> Result<Option<PublicKey>, HardwareError> {
        Ok(None)
    }

    fn create_key(&self) -> Result<PublicKey, HardwareError> {
        Err(HardwareError::Unsupported)
    }

    fn sign(&self, _: &[u8]) -> Result<[u8; 64], HardwareError> {
        Err(HardwareError::Nothing)
    }

    fn delete_key(&self) -> Result<(), HardwareError> {
        Ok(())
    }

    fn has_sensor(&self) -> bool {
        false
    }

    fn keep(&self, _: &[u8], _: &Prompt) -> Result<(), HardwareError> {
        Err(HardwareError::Unsupported)
    }

    fn reveal(&self, _: &Prompt) -> Result<Zeroizing<Vec<u8>>, HardwareError> {
        Err(HardwareError::Nothing)
    }

    fn forget(&self) -> Result<(), HardwareError> {
        Ok(())
    }
}

/// The phone's key as a signer.
pub(crate) struct HardwareKey {
    hardware: Arc<dyn Hardware>,
    public: PublicKey,
}

impl HardwareKey {
    pub fn find(hardware: &Arc<dyn Hardware>) -> Option<Self> {
        let public = hardware.key().ok()??;
        Some(Self { hardware: hardware.clone(), public })
    }

    /// `None` where there is no hardware, or it fails: a key in memory takes its place.
    pub fn create(hardware: &Arc<dyn Hardware>) -> Option<Self> {
        let public = hardware.create_key().ok()?;
        Some(Self { hardware: hardware.clone(), public })
    }
}

impl Signer for HardwareKey {
    fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerError> {
        self.hardware.sign(message).map_err(|error| {
            tracing::error!(%error, "the phone's key does not sign");
            SignerError
        })
    }
}
