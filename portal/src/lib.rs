//! The companion portal: where the procedure is open, the code is shown and the document appears.
//!
//! Refuses to know: pixels (`scan`), the app's mind (`journey`), and any HTTP client of ours.

pub mod app;
pub mod apps;
mod auth;
mod body;
mod caller;
pub mod clock;
pub mod config;
pub mod demo;
mod devices;
mod error;
mod espaces;
pub mod files;
pub mod gate;
mod headers;
pub mod intake;
pub mod keys;
mod linked;
mod links;
mod live;
mod pages;
mod possession;
mod procedures;
mod redeem;
pub mod rng;
pub mod router;
mod serve;
pub mod store;
mod texts;
mod tickets;
mod uploads;

pub use app::{App, StartError};
pub use auth::session::SignedIn;
pub use config::Config;
pub use serve::serve;
