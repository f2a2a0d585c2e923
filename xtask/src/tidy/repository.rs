//! Manifests, lock files and the shape of the repository.

use serde_json::Value;
use std::collections::BTreeSet;

use super::Rule;
use crate::files::File;

pub const RULES: &[Rule] =
    &[without_lints, release_that_aborts, without_lock, locks_with_holes, places_of_one_machine, too_long];

fn without_lints(files: &[File]) -> Vec<String> {
    let manifests = files.iter().filter(|file| {
        file.path.ends_with("/Cargo.toml") && !file.path.contains("/fixtures/") && file.text.contains("[package]")
    });
    manifests
        .filter(|file| !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| format!("{}: the workspace's lints are not inherited", file.path))
        .collect()
}

/// `catch_unwind` at the foreign boundaries needs unwinding.
fn release_that_aborts(files: &[File]) -> Vec<String> {
    let Some(manifest) = files.iter().find(|file| file.path == "Cargo.toml") else {
        return vec!["there is no Cargo.toml".to_owned()];
    };
    let release = manifest.text.split_once("[profile.release]\n").map_or("", |(_, rest)| rest);
    let release = release.split("\n[").next().unwrap_or_default();
    if release.lines().any(|line| line.trim() == "panic = \"unwind\"") {
        return Vec::new();
    }
    vec!["Cargo.toml: release builds must unwind".to_owned()]
}

/// The same versions everywhere.
fn without_lock(files: &[File]) -> Vec<String> {
    let there = |path: &str| files.iter().any(|file| file.path == path);
    let manifests = files.iter().filter_map(|file| {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let lock = match name {
            "package.json" => "package-lock.json",
            "Cargo.toml" if file.text.contains("[workspace]") => "Cargo.lock",
            _ => return None,
        };
        Some(if folder.is_empty() { lock.to_owned() } else { format!("{folder}/{lock}") })
    });
    manifests.filter(|lock| !there(lock)).map(|lock| format!("{lock} is missing, or git ignores it")).collect()
}

/// `npm ci` refuses a lock that lacks what a package in it names, be it for another platform; `npm install` beside
/// installed packages writes such locks.
fn locks_with_holes(files: &[File]) -> Vec<String> {
    let locks = files.iter().filter(|file| file.path.ends_with("package-lock.json"));
    locks
        .flat_map(|file| {
            let lock: Value = serde_json::from_str(&file.text).unwrap_or_default();
            holes(&lock)
                .into_iter()
                .map(|name| format!("{} lacks {name}: `npm install --package-lock-only`", file.path))
        })
        .collect()
}

fn holes(lock: &Value) -> Vec<String> {
    let Some(packages) = lock["packages"].as_object() else { return vec!["its packages".to_owned()] };
    let there: BTreeSet<&str> = packages.keys().filter_map(|path| path.rsplit("node_modules/").next()).collect();
    let named = packages.values().flat_map(|package| {
        ["dependencies", "optionalDependencies"].into_iter().filter_map(|kind| package[kind].as_object())
    });
    let named: BTreeSet<&String> = named.flat_map(|names| names.keys()).collect();
    named.into_iter().filter(|name| !there.contains(name.as_str())).cloned().collect()
}

/// What builds here builds anywhere: no mirror's address and no folder of somebody's machine.
fn places_of_one_machine(files: &[File]) -> Vec<String> {
    let home = concat!("/wo", "rk/");
    let mut broken = Vec::new();
    for file in files {
        if file.text.contains(home) {
            broken.push(format!("{} names {home}", file.path));
        }
        if file.path.ends_with("package-lock.json") && file.text.contains("\"resolved\": \"http") {
            broken.push(format!("{} names a registry", file.path));
        }
        let settings = [".npmrc", ".cargo/config.toml", "pip.conf"].iter().any(|name| file.path.ends_with(name));
        if settings && ["registry =", "registry=", "[source", "index-url"].iter().any(|word| file.text.contains(word)) {
            broken.push(format!("{} chooses a registry", file.path));
        }
        let elsewhere =
            |line: &str| line.starts_with("source = ") && !line.contains("github.com/rust-lang/crates.io-index");
        if file.path.ends_with("Cargo.lock") && file.text.lines().any(elsewhere) {
            broken.push(format!("{} names a source other than crates.io", file.path));
        }
    }
    broken
}

fn too_long(files: &[File]) -> Vec<String> {
    const LINES: usize = 800;
    let written =
        |file: &&File| ["rs", "ts", "svelte", "mjs", "css", "html", "kt", "sql"].iter().any(|kind| file.is(kind));
    let by_hand = files.iter().filter(written).filter(|file| !file.path.starts_with("ui/src/bindings/"));
    by_hand
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(file, lines)| format!("{} has {lines} lines, more than {LINES}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, tells_apart};

    #[test]
    fn a_crate_with_lints_of_its_own() {
        let right = file("crates/a/Cargo.toml", "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n");
        tells_apart(without_lints, file("crates/a/Cargo.toml", "[package]\nname = \"a\"\n"), right);
    }

    #[test]
    fn a_release_that_aborts() {
        let profile =
            |panic: &str| file("Cargo.toml", &format!("[profile.release]\nlto = true\npanic = \"{panic}\"\n\n[a]\n"));
        tells_apart(release_that_aborts, profile("abort"), profile("unwind"));
        assert_eq!(
            release_that_aborts(&[file("Cargo.toml", "[profile.release]\n\n[b]\npanic = \"unwind\"\n")]).len(),
            1
        );
    }

    #[test]
    fn a_manifest_without_its_lock() {
        tells_apart(without_lock, file("ui/package.json", "{}"), file("ui/package-lock.json", "{}"));
        assert_eq!(
            without_lock(&[file("ui/package.json", ""), file("ui/package-lock.json", "")]),
            Vec::<String>::new()
        );
        let workspace = "[workspace]\nmembers = []\n";
        tells_apart(without_lock, file("Cargo.toml", workspace), file("crates/a/Cargo.toml", "[package]\n"));
    }

    #[test]
    fn a_lock_for_one_platform_only() {
        let lock = |more: &str| {
            let names = r#"{ "optionalDependencies": { "@a/linux": "1", "@a/darwin": "1" } }"#;
            let text =
                format!(r#"{{ "packages": {{ "node_modules/@a/a": {names}, "node_modules/@a/linux": {{}}{more} }} }}"#);
            file("ui/package-lock.json", &text)
        };
        tells_apart(locks_with_holes, lock(""), lock(r#", "node_modules/@a/a/node_modules/@a/darwin": {}"#));
        assert_eq!(locks_with_holes(&[file("ui/package-lock.json", "not a lock")]).len(), 1);
    }

    #[test]
    fn somebodys_folder_and_somebodys_mirror() {
        let home = concat!("see /wo", "rk/notes.md");
        tells_apart(places_of_one_machine, file("docs/a.md", home), file("docs/a.md", "see notes.md"));
        let lock = |from: &str| file("Cargo.lock", &format!("source = \"registry+https://{from}\"\n"));
        tells_apart(places_of_one_machine, lock("mirror.example/index"), lock("github.com/rust-lang/crates.io-index"));
        let node = |line: &str| file("ui/package-lock.json", line);
        tells_apart(
            places_of_one_machine,
            node("\"resolved\": \"http://mirror.example/a.tgz\""),
            node("\"version\": \"1\""),
        );
        let mirror = file("ui/.npmrc", "registry=http://mirror.example\n");
        tells_apart(places_of_one_machine, mirror, file("ui/.npmrc", "audit=false\n"));
        let mirror = file(".cargo/config.toml", "[source.crates-io]\nreplace-with = \"mirror\"\n");
        tells_apart(places_of_one_machine, mirror, file(".cargo/config.toml", "[alias]\n"));
    }

    #[test]
    fn a_file_nobody_reads_to_its_end() {
        let long = |lines| "\n".repeat(lines);
        tells_apart(too_long, file("portal/src/a.rs", &long(801)), file("portal/src/a.rs", &long(800)));
    }
}
