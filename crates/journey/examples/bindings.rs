//! Writes the TypeScript of what crosses to the screens into the folder it is given; `cargo xtask bindings` runs it.

use journey::{Frame, Intent};
use std::{error::Error, path::Path};
use ts_rs::{Config, TS};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("which folder?")?;
    // A JavaScript number holds every count and size here: all are far below 2^53.
    let config = Config::new().with_large_int("number").with_out_dir(Path::new(&folder));
    Frame::export_all(&config)?;
    Intent::export_all(&config)?;
    scan::automatic::Hint::export_all(&config)?;
    Ok(())
}
