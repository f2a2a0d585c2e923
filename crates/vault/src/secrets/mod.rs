//! Where keys live: small secrets by name, in the platform's own store.
//!
//! Knows names and bytes; refuses to know what a secret is for.

#[cfg(test)]
mod contract;
mod file;
mod memory;
mod platform;

pub use file::FileStore;
pub use memory::MemoryStore;
pub use platform::PlatformStore;

use std::{path::Path, sync::Arc};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a key: zeroed on drop, printed as nothing.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The one way to the value: a reader can search for `expose`.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Keeps secrets by name. A name is lower-case ASCII letters, digits, `-` and `_`. Calls may block.
pub trait SecretStore: Send + Sync {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError>;
    /// Replaces what was there.
    fn set(&self, name: &str, secret: &Secret) -> Result<(), SecretError>;
    /// Deleting what is not there succeeds.
    fn delete(&self, name: &str) -> Result<(), SecretError>;
    /// What a password has to withstand that this store helps to protect.
    fn rules(&self) -> crate::Rules {
        crate::Rules::Hardware
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no store, or it is locked: a desktop without Secret Service, a phone before its first unlock.
    #[error("the secret store is not available: {0}")]
    Unavailable(String),
    #[error("the secret store failed: {0}")]
    Failed(String),
    #[error("not a name for a secret")]
    Name,
}

/// The store to start with: the platform's. A desktop without one keeps files in `folder`, and from then on always: a
/// key must not be looked for in another place than it was put.
pub fn system_store(service: &str, folder: &Path) -> Result<Arc<dyn SecretStore>, SecretError> {
    if cfg!(any(target_os = "android", target_os = "ios")) {
        return Ok(Arc::new(PlatformStore::new(service)?));
    }
    if FileStore::is_used(folder) {
        return Ok(Arc::new(FileStore::new(folder)?));
    }
    match PlatformStore::new(service) {
        Ok(store) => Ok(Arc::new(store)),
        Err(_) => Ok(Arc::new(FileStore::new(folder)?)),
    }
}

fn check_name(name: &str) -> Result<(), SecretError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(plain) { Err(SecretError::Name) } else { Ok(()) }
}
