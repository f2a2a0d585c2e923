//! The app's sealed storage: everything a citizen makes is sealed with a key before it touches disk.
//!
//! The work key, in the platform's store, seals what has to go on while the app is locked. The account's key seals the link
//! and what came with it; only the password or the sensor opens that. Refuses to know what is stored, who may see it on a
//! screen, and the network. Calls block.

mod account;
mod durable;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod kdf;
mod lockout;
mod password;
mod seal;
pub mod secrets;
mod vault;
mod wraps;

pub use account::UnlockError;
pub use durable::{Faults, NoFaults, Step};
pub use kdf::Cost;
pub use lockout::LockOut;
pub use password::{Judgement, Password, Rules, Strength, Unfit, judge};
pub use secrets::{FileStore, MemoryStore, PlatformStore, Secret, SecretError, SecretStore, system_store};
pub use vault::{Vault, VaultError};

#[cfg(test)]
mod tests;
