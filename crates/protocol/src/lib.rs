//! What app and portal say to each other: QR text, requests, replies, error codes and limits.
//!
//! Refuses to know: sockets, clocks, databases, screens. Time and chance are arguments.

pub mod api;
pub mod assertion;
pub mod code;
pub mod dpop;
pub mod limits;
pub mod origin;
pub mod qr;
pub mod routes;
pub mod secret;
pub mod signer;
pub mod typed_code;

pub use code::{Code, Problem, Reason};
pub use origin::Portal;
pub use secret::Secret;
pub use signer::{PublicKey, Signer, SignerError};
