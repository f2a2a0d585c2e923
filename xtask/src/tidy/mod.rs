//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md that no compiler sees.
//!
//! Every rule is a function from what lies in the repository to sentences about what breaks it, with a test that breaks
//! it. Knows the table of who may know whom; knows nothing about what the code does.

mod arrows;
mod sources;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

use crate::{command, files};

/// Where the code runs; what a dependency needs elsewhere, as in a browser, does not matter.
const PLATFORMS: [&str; 3] = ["x86_64-unknown-linux-gnu", "aarch64-linux-android", "aarch64-apple-ios"];

/// Looks at everything and names all that is wrong.
pub fn check(root: &Path) -> Result<()> {
    let files = files::tracked(root)?;
    let mut broken = Vec::new();
    for rule in sources::RULES {
        broken.extend(rule(&files));
    }
    let metadata = ["metadata", "--format-version", "1", "--no-deps", "--locked"];
    let metadata: Value = serde_json::from_str(&command::output(command::cargo(root).args(metadata))?)?;
    let packages = arrows::packages(&metadata).context("cargo metadata has another shape")?;
    broken.extend(arrows::forbidden(&packages));
    broken.extend(arrows::tauri_outside_the_shell(&packages));
    for package in arrows::PURE {
        let mut tree = command::cargo(root);
        tree.args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--locked"]);
        tree.args(PLATFORMS.iter().flat_map(|platform| ["--target", platform]));
        broken.extend(arrows::impure(package, &command::output(&mut tree)?));
    }
    ensure!(broken.is_empty(), "tidy:\n  {}", broken.join("\n  "));
    Ok(())
}
