//! Generated files that are committed: written when asked for, compared in the tests.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// Writes `text` where it differs; with `check` fails instead.
pub fn write_or_compare(path: &Path, text: &str, check: bool) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    ensure!(!check, "{} is stale: run `cargo xtask texts` and `cargo xtask bindings`, and commit", path.display());
    fs::write(path, text).with_context(|| format!("{}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}
