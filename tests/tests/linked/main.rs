//! The linked phone, from the portal's code to a document without one: real portal, real driver, real lock.

mod account;
mod attacks;
mod biometrics;
mod lock;

use std::path::Path;

fn gate() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_gate"))
}
