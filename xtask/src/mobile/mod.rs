//! `cargo xtask check-mobile`: what only phones run, checked on a machine without their SDKs.
//!
//! Nothing is linked, packed or run on a phone: this says that the parts written here are right, not that an app starts.

mod kotlin;
mod rust;

use anyhow::{Result, ensure};
use std::path::Path;

type Check = fn(&Path) -> Result<()>;
const PARTS: &[(&str, Check)] = &[("rust", rust::check), ("kotlin", kotlin::check)];

/// Runs all parts, or the one named.
pub fn check(root: &Path, only: Option<&str>) -> Result<()> {
    let parts: Vec<_> = PARTS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    ensure!(!parts.is_empty(), "check-mobile has no part '{}'", only.unwrap_or_default());
    parts.iter().try_for_each(|(_, check)| check(root))
}
