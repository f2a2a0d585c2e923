//! Android's hardware for secrets: the device key in the Keystore, the secret sealed by a Keystore key that
//! `tauri-plugin-biometric` binds to the strong class.
//!
//! What is sealed lies in the app's private files and is worth nothing without that key. On its way the secret passes
//! through JSON and Java strings and an intent, in this process and the system's, where nothing can erase it.

use super::Kotlin;
use crate::{Biometry, Error, Hardware, Keeper, MAX_SECRET, Prompt, PublicKey, files::Folder, signature};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tauri::{
    AppHandle, Manager, Runtime,
    plugin::mobile::{ErrorResponse, PluginInvokeError},
};
use tauri_plugin_biometric::{AuthOptions, Biometric};
use zeroize::Zeroizing;

/// The sealed secret's file in the app's data folder.
const SEALED: &str = "kept_secret";

pub(super) struct AndroidHardware<R: Runtime> {
    app: AppHandle<R>,
    kotlin: Kotlin<R>,
    /// The biometric plugin has room for one prompt.
    asking: Mutex<()>,
}

/// One contract for all three; this one is only compiled here.
const _: fn(&AndroidHardware<tauri::Wry>, &dyn Fn(crate::contract::Finger)) -> Result<(), Error> =
    |hardware, person| crate::contract::holds(hardware, person);

impl<R: Runtime> AndroidHardware<R> {
    pub fn new(app: AppHandle<R>, kotlin: Kotlin<R>) -> Self {
        AndroidHardware { app, kotlin, asking: Mutex::new(()) }
    }

    fn asking(&self) -> MutexGuard<'_, ()> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn home(&self) -> Result<PathBuf, Error> {
        let data = self.app.path().app_data_dir();
        data.map(|data| data.join("device")).map_err(|error| Error::failed("finding the app's folder", &error))
    }

    /// Seals or opens, after the person's finger. Both sides are text.
    fn cipher(&self, options: AuthOptions) -> Result<Zeroizing<String>, Error> {
        let biometric = self.app.try_state::<Biometric<R>>().ok_or(Error::Unavailable)?;
        let result = biometric.biometric_cipher(String::new(), options);
        result.map(|result| Zeroizing::new(result.data)).map_err(refusal)
    }
}

impl<R: Runtime> Hardware for AndroidHardware<R> {
    fn key(&self) -> Result<Option<PublicKey>, Error> {
        let Found { key } = self.kotlin.call("key", ())?;
        key.as_deref().map(public).transpose()
    }

    fn create_key(&self) -> Result<(PublicKey, Keeper), Error> {
        let Made { key, secure_element } = self.kotlin.call("createKey", ())?;
        let keeper = if secure_element { Keeper::SecureElement } else { Keeper::TrustedEnvironment };
        Ok((public(&key)?, keeper))
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        let Signed { signature } = self.kotlin.call("sign", Message { message: STANDARD.encode(message) })?;
        signature::fixed(&decoded(&signature)?).ok_or_else(|| Error::failed("signing", &"no signature in DER"))
    }

    fn delete_key(&self) -> Result<(), Error> {
        self.kotlin.call("deleteKey", ())
    }

    fn biometry(&self) -> Biometry {
        if self.app.try_state::<Biometric<R>>().is_none() {
            tracing::error!("the shell has not installed the biometric plugin");
            return Biometry::None;
        }
        // The log has said why.
        self.kotlin.call("biometry", ()).map_or(Biometry::None, |usable: Usable| match usable.biometry {
            Kind::None => Biometry::None,
            Kind::Finger => Biometry::Finger,
            Kind::Face => Biometry::Face,
            Kind::Any => Biometry::Any,
        })
    }

    fn keep(&self, secret: &[u8], prompt: &Prompt) -> Result<(), Error> {
        if secret.len() > MAX_SECRET {
            return Err(Error::Unsupported);
        }
        let _asking = self.asking();
        // Without anybody enrolled no key can be made, which the plugin reports like a key that is gone.
        if self.biometry() == Biometry::None {
            return Err(Error::Unavailable);
        }
        let options = AuthOptions { data_to_encrypt: Some(STANDARD.encode(secret)), ..sheet(prompt) };
        let sealed = self.cipher(options).map_err(|error| match error {
            // Sealing replaces a key that is gone: this is something else.
            Error::EnrolmentChanged => Error::failed("sealing the secret", &"the key could not be used"),
            error => error,
        })?;
        Folder(&self.home()?).write(SEALED, sealed.as_bytes())
    }

    fn reveal(&self, prompt: &Prompt) -> Result<Zeroizing<Vec<u8>>, Error> {
        let _asking = self.asking();
        let home = self.home()?;
        let sealed = Folder(&home).read(SEALED)?.ok_or(Error::Nothing)?;
        if self.biometry() == Biometry::None {
            return Err(Error::Unavailable);
        }
        let sealed = String::from_utf8_lossy(&sealed).into_owned();
        let opened = self.cipher(AuthOptions { data_to_decrypt: Some(sealed), ..sheet(prompt) });
        if opened == Err(Error::EnrolmentChanged) {
            Folder(&home).remove(SEALED)?;
        }
        decoded(&opened?)
    }

    fn forget(&self) -> Result<(), Error> {
        Folder(&self.home()?).remove(SEALED)?;
        // Flash keeps old blocks: only without the key is what was sealed really gone.
        self.kotlin.call("deleteSensorKey", ())
    }
}

fn sheet(prompt: &Prompt) -> AuthOptions {
    AuthOptions {
        title: Some(prompt.title.clone()),
        cancel_title: Some(prompt.cancel.clone()),
        ..AuthOptions::default()
    }
}

/// The biometric plugin's codes. It gives "" for everything that goes wrong with the key: invalidated by another finger,
/// or the text not sealed by it. Either way the secret does not come back.
fn refusal(error: tauri_plugin_biometric::Error) -> Error {
    let tauri_plugin_biometric::Error::PluginInvoke(PluginInvokeError::InvokeRejected(ErrorResponse {
        code: Some(code),
        ..
    })) = &error
    else {
        return Error::failed("asking for finger or face", &error);
    };
    match code.as_str() {
        "userCancel" | "systemCancel" => Error::Cancelled,
        "biometryLockout" | "authenticationFailed" => Error::NotRecognised,
        "biometryNotAvailable" | "biometryNotEnrolled" | "passcodeNotSet" => Error::Unavailable,
        "" => Error::EnrolmentChanged,
        _ => Error::failed("asking for finger or face", &error),
    }
}

fn public(text: &str) -> Result<PublicKey, Error> {
    PublicKey::from_sec1(&decoded(text)?).ok_or_else(|| Error::failed("reading the public key", &"no point of P-256"))
}

fn decoded(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    STANDARD.decode(text).map(Zeroizing::new).map_err(|_| Error::failed("reading an answer", &"no base64"))
}

#[derive(Deserialize)]
struct Found {
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    key: String,
    secure_element: bool,
}

#[derive(Serialize)]
struct Message {
    message: String,
}

#[derive(Deserialize)]
struct Signed {
    signature: String,
}

#[derive(Deserialize)]
struct Usable {
    biometry: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    None,
    Finger,
    Face,
    Any,
}
