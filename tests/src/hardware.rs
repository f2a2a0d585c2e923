//! The phone's hardware, played: a key in memory and a sensor that answers as the story wants.

use driver::{
    Hardware, HardwareError, Prompt,
    protocol::{PublicKey, Signer},
};
use p256::ecdsa::SigningKey;
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// What the sensor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensor {
    Absent,
    Yes,
    No,
    Cancelled,
    /// Fingers were added since.
    Changed,
    /// It answers nothing, not even what needs no finger.
    Broken,
}

/// Survives the app's end, as a phone's does.
pub struct PlayedHardware {
    key: Mutex<Option<SigningKey>>,
    kept: Mutex<Option<Vec<u8>>>,
    sensor: Mutex<Sensor>,
}

impl Default for PlayedHardware {
    fn default() -> Self {
        Self { key: Mutex::default(), kept: Mutex::default(), sensor: Mutex::new(Sensor::Absent) }
    }
}

impl PlayedHardware {
    pub fn sensor_is(&self, sensor: Sensor) {
        *locked(&self.sensor) = sensor;
    }

    /// The key, for a story in which somebody stole it.
    pub fn stolen_key(&self) -> Option<SigningKey> {
        locked(&self.key).clone()
    }
}

impl Hardware for PlayedHardware {
    fn key(&self) -> Result<Option<PublicKey>, HardwareError> {
        Ok(locked(&self.key).as_ref().map(Signer::public_key))
    }

    fn create_key(&self) -> Result<PublicKey, HardwareError> {
        let mut bytes = [0; 32];
        driver::Rng::fill(&driver::SystemRng, &mut bytes);
        let key = SigningKey::from_slice(&bytes).map_err(|_| HardwareError::Failed)?;
        let public = Signer::public_key(&key);
        *locked(&self.key) = Some(key);
        Ok(public)
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HardwareError> {
        let key = locked(&self.key).clone().ok_or(HardwareError::Nothing)?;
        Signer::sign(&key, message).map_err(|_| HardwareError::Failed)
    }

    fn delete_key(&self) -> Result<(), HardwareError> {
        *locked(&self.key) = None;
        Ok(())
    }

    fn has_sensor(&self) -> bool {
        *locked(&self.sensor) != Sensor::Absent
    }

    fn keep(&self, secret: &[u8], _: &Prompt) -> Result<(), HardwareError> {
        self.asks()?;
        *locked(&self.kept) = Some(secret.to_vec());
        Ok(())
    }

    fn reveal(&self, _: &Prompt) -> Result<Zeroizing<Vec<u8>>, HardwareError> {
        if *locked(&self.sensor) == Sensor::Changed {
            let had = locked(&self.kept).take();
            return Err(if had.is_some() { HardwareError::Changed } else { HardwareError::Nothing });
        }
        self.asks()?;
        locked(&self.kept).clone().map(Zeroizing::new).ok_or(HardwareError::Nothing)
    }

    fn forget(&self) -> Result<(), HardwareError> {
        if *locked(&self.sensor) == Sensor::Broken {
            return Err(HardwareError::Failed);
        }
        *locked(&self.kept) = None;
        Ok(())
    }
}

impl PlayedHardware {
    fn asks(&self) -> Result<(), HardwareError> {
        match *locked(&self.sensor) {
            Sensor::Yes | Sensor::Changed => Ok(()),
            Sensor::No => Err(HardwareError::NotRecognised),
            Sensor::Cancelled => Err(HardwareError::Cancelled),
            Sensor::Absent => Err(HardwareError::Unsupported),
            Sensor::Broken => Err(HardwareError::Failed),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
