//! The app's sealed storage: everything a citizen makes is sealed with the work key before it touches disk.
//!
//! Refuses to know what is stored, who may see it on a screen, and the network. Calls block.

mod durable;
mod seal;
pub mod secrets;
mod vault;

pub use durable::{Faults, NoFaults, Step};
pub use secrets::{FileStore, MemoryStore, PlatformStore, Secret, SecretError, SecretStore, system_store};
pub use vault::{Vault, VaultError};

#[cfg(test)]
mod tests;
