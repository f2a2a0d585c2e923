//! The system's own store: Secret Service, Keychain, Credential Manager, Android's Keystore, protected data on iOS.
//!
//! Refuses to fall back to anything weaker; see [`super::system_store`].

use super::{Secret, SecretError, SecretStore, check_name};
use keyring_core::{CredentialStore, Entry, Error};
use std::{collections::HashMap, sync::Arc};

pub struct PlatformStore {
    store: Arc<CredentialStore>,
    /// What the system files this app's secrets under.
    service: String,
}

/// On Apple's phones: readable while the phone is locked again, so that sending goes on; never on another device.
const MODIFIERS: &[(&str, &str)] =
    if cfg!(target_os = "ios") { &[("access-policy", "after-first-unlock-this-device-only")] } else { &[] };

impl PlatformStore {
    /// Fails where the system has no such store, or it does not answer. On Android the shell has to have set up
    /// `ndk-context`, which Tauri does.
    pub fn new(service: &str) -> Result<Self, SecretError> {
        Ok(Self::with(native().map_err(failed)?, service))
    }

    pub(crate) fn with(store: Arc<CredentialStore>, service: &str) -> Self {
        Self { store, service: service.to_owned() }
    }

    fn entry(&self, name: &str) -> Result<Entry, SecretError> {
        check_name(name)?;
        let modifiers: HashMap<&str, &str> = MODIFIERS.iter().copied().collect();
        let modifiers = (!modifiers.is_empty()).then_some(&modifiers);
        self.store.build(&self.service, name, modifiers).map_err(failed)
    }
}

impl SecretStore for PlatformStore {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    fn set(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.entry(name)?.set_secret(secret.expose()).map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Errors that carry stored bytes are told without them.
fn failed(error: Error) -> SecretError {
    match error {
        Error::NoStorageAccess(cause) => SecretError::Unavailable(cause.to_string()),
        Error::PlatformFailure(cause) => SecretError::Unavailable(cause.to_string()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => SecretError::Failed("what is stored is no secret".into()),
        other => SecretError::Failed(other.to_string()),
    }
}

#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "ios")]
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::protected::Store::new()?)
}

#[cfg(target_os = "android")]
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(android_native_keyring_store::Store::new()?)
}

#[cfg(windows)]
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}
