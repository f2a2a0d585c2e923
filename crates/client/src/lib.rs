//! The typed HTTP client of the phone's half of the protocol; used by the app and by the tests.
//!
//! One seam ([`Net`]) to the network, one real implementation of it ([`Https`]). Every call is made once: when to
//! repeat, how long to wait and what to tell the citizen is decided elsewhere. Refuses to know clocks, chance and
//! storage: what a proof needs of them comes through [`Stamp`].

mod calls;
mod error;
mod exchange;
mod https;
mod key;
mod link;
mod net;
mod pace;

pub use calls::Client;
pub use error::ClientError;
pub use https::{Https, HttpsError};
pub use key::{Access, Pass, ProofKey, Stamp};
pub use net::{Net, NetError, Sending};
pub use pace::Pace;

#[cfg(all(feature = "demo", not(debug_assertions)))]
compile_error!("the demo feature allows plain http and must not be in a release build");

#[cfg(test)]
mod tests;
