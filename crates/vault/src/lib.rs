//! The app's sealed storage: everything a citizen makes is sealed with the work key before it touches disk.
//!
//! Refuses to know what is stored, who may see it on a screen, and the network.

mod durable;
pub mod secrets;

pub use secrets::{FileStore, MemoryStore, Secret, SecretError, SecretStore};
