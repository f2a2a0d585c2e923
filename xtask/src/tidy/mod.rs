//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md that no compiler sees.
//!
//! Every rule is a function from what lies in the repository to sentences about what breaks it, with a test that breaks
//! it. Knows the table of who may know whom; knows nothing about what the code does.

mod arrows;
mod deny;
mod repository;
mod sources;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fs, path::Path};

use crate::{
    command,
    files::{self, File},
};

/// What breaks it, in sentences.
type Rule = fn(&[File]) -> Vec<String>;

/// Where the code runs; what a dependency needs elsewhere, as in a browser, does not matter.
const PLATFORMS: [&str; 3] = ["x86_64-unknown-linux-gnu", "aarch64-linux-android", "aarch64-apple-ios"];

/// Looks at everything and names all that is wrong.
pub fn check(root: &Path) -> Result<()> {
    let files = files::tracked(root)?;
    let mut broken = Vec::new();
    for rule in sources::RULES.iter().chain(repository::RULES) {
        broken.extend(rule(&files));
    }
    let packages = arrows::packages(&metadata(root, &["--no-deps"])?).context("cargo metadata has another shape")?;
    broken.extend(arrows::forbidden(&packages));
    broken.extend(arrows::tauri_outside_the_shell(&packages));
    let policy = deny::Policy::read(&fs::read_to_string(root.join("deny.toml"))?).context("deny.toml")?;
    broken.extend(policy.banned(&fs::read_to_string(root.join("Cargo.lock"))?));
    let platforms: Vec<&str> = PLATFORMS.iter().flat_map(|platform| ["--filter-platform", platform]).collect();
    // With what is off unless asked for.
    let all: Vec<&str> = [&["--all-features"], &platforms[..]].concat();
    broken.extend(policy.unlicensed(&metadata(root, &all)?));
    for package in arrows::PURE {
        let mut tree = command::cargo(root);
        tree.args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--locked"]);
        tree.args(PLATFORMS.iter().flat_map(|platform| ["--target", platform]));
        broken.extend(arrows::impure(package, &command::output(&mut tree)?));
    }
    ensure!(broken.is_empty(), "tidy:\n  {}", broken.join("\n  "));
    Ok(())
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<Value> {
    let mut metadata = command::cargo(root);
    metadata.args(["metadata", "--format-version", "1", "--locked"]).args(arguments);
    Ok(serde_json::from_str(&command::output(&mut metadata)?)?)
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// The rule finds something in the first file and nothing in the second.
#[cfg(test)]
fn tells_apart(rule: Rule, wrong: File, right: File) {
    assert_eq!(rule(&[wrong]).len(), 1);
    assert_eq!(rule(&[right]), Vec::<String>::new());
}
