//! The driver's port to the phone's hardware, on the device plugin; it adds the words of the system's sheets.

use crate::words;
use driver::{Hardware, HardwareError, Prompt, protocol::PublicKey};
use std::sync::Arc;
use tauri::{AppHandle, Runtime};
use tauri_plugin_device::{Biometry, DeviceExt, Error};
use zeroize::Zeroizing;

pub(crate) struct AppHardware<R: Runtime>(pub AppHandle<R>);

impl<R: Runtime> AppHardware<R> {
    fn device(&self) -> Arc<dyn tauri_plugin_device::Hardware> {
        self.0.device().hardware()
    }
}

impl<R: Runtime> Hardware for AppHardware<R> {
    fn key(&self) -> Result<Option<PublicKey>, HardwareError> {
        let key = self.device().key().map_err(failed)?;
        key.map(|key| PublicKey::from_sec1(key.as_sec1()).ok_or(HardwareError::Failed)).transpose()
    }

    fn create_key(&self) -> Result<PublicKey, HardwareError> {
        let (key, keeper) = self.device().create_key().map_err(failed)?;
        tracing::info!(?keeper, "the phone has a key");
        PublicKey::from_sec1(key.as_sec1()).ok_or(HardwareError::Failed)
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HardwareError> {
        self.device().sign(message).map_err(failed)
    }

    fn delete_key(&self) -> Result<(), HardwareError> {
        self.device().delete_key().map_err(failed)
    }

    fn has_sensor(&self) -> bool {
        self.device().biometry() != Biometry::None
    }

    fn keep(&self, secret: &[u8], prompt: &Prompt) -> Result<(), HardwareError> {
        self.device().keep(secret, &sheet(prompt)).map_err(failed)
    }

    fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, HardwareError> {
        self.device().reveal(&sheet(prompt)).map_err(failed)
    }

    fn forget(&self) -> Result<(), HardwareError> {
        self.device().forget().map_err(failed)
    }
}

fn sheet(prompt: &Prompt) -> tauri_plugin_device::Prompt {
    let title = if prompt.activates { "app.lock.prompt.activate" } else { "app.lock.prompt.unlock" };
    let word = |key| words::text(prompt.language, key);
    tauri_plugin_device::Prompt { title: word(title), cancel: word("app.cancel") }
}

fn failed(error: Error) -> HardwareError {
    match error {
        Error::Unsupported | Error::Unavailable => HardwareError::Unsupported,
        Error::Nothing => HardwareError::Nothing,
        Error::Cancelled => HardwareError::Cancelled,
        Error::NotRecognised => HardwareError::NotRecognised,
        Error::EnrolmentChanged => HardwareError::Changed,
        Error::Failed => HardwareError::Failed,
    }
}
