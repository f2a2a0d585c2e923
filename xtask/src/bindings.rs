//! `cargo xtask bindings`: the TypeScript of the Rust types that cross to the screens, committed so that the screens build alone.
//!
//! Knows two folders; the types say for themselves how they look in TypeScript (`ts-rs`).

use anyhow::{Result, ensure};
use std::{collections::BTreeMap, fs, path::Path};

use crate::{command, committed};

const FOLDER: &str = "ui/src/bindings";
/// Made by `cargo xtask texts`.
const OF_TEXTS: &str = "texts.ts";

/// Writes what differs and removes what no type makes any more, or with `check` fails instead.
pub fn generate(root: &Path, check: bool) -> Result<()> {
    let fresh = tempfile::tempdir()?;
    command::run(command::example(root, "bindings")?.arg(fresh.path()))?;
    let made = read(fresh.path())?;
    ensure!(made.contains_key("View.ts"), "no type was exported");
    let folder = root.join(FOLDER);
    for (name, text) in &made {
        committed::write_or_compare(&folder.join(name), text, check)?;
    }
    for name in left_over(&made, &read(&folder)?) {
        ensure!(!check, "{FOLDER}/{name} belongs to no type any more: run `cargo xtask bindings`");
        fs::remove_file(folder.join(name))?;
    }
    Ok(())
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path())?);
    }
    Ok(files)
}

fn left_over<'a>(made: &BTreeMap<String, String>, there: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    there.keys().map(String::as_str).filter(|name| *name != OF_TEXTS && !made.contains_key(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_removed_type_is_left_over_and_the_texts_are_not() {
        let files = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        assert_eq!(left_over(&files(&["View.ts"]), &files(&["Gone.ts", "View.ts", "texts.ts"])), ["Gone.ts"]);
    }
}
