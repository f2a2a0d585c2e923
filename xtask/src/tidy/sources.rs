//! Rules about the text of files.

use std::collections::BTreeSet;

use crate::files::File;

type Rule = fn(&[File]) -> Vec<String>;

pub const RULES: &[Rule] = &[
    tauri_script_outside_backend,
    unsafe_outside_its_places,
    secrets_that_show,
    silenced,
    screens_without_variants,
    without_lints,
    release_that_aborts,
    without_lock,
    places_of_one_machine,
    too_long,
];

/// One seam to Tauri's JavaScript.
fn tauri_script_outside_backend(files: &[File]) -> Vec<String> {
    let package = concat!("@tauri", "-apps/");
    let outside = |file: &&File| file.path.starts_with("ui/src/") && !file.path.starts_with("ui/src/backend/");
    let imports = files.iter().filter(outside).filter(|file| file.text.contains(package));
    imports.map(|file| format!("{}: only ui/src/backend knows {package}*", file.path)).collect()
}

fn unsafe_outside_its_places(files: &[File]) -> Vec<String> {
    const PLACES: &[&str] = &["mobile/", "crates/scan/src/kernels"];
    let word = concat!("un", "safe");
    let used = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        [" {", " fn ", " impl ", " extern "].iter().any(|after| code.contains(&format!("{word}{after}")))
    };
    let sources = files.iter().filter(|file| file.is("rs") && !PLACES.iter().any(|place| file.path.starts_with(place)));
    sources
        .filter(|file| file.text.lines().any(used))
        .map(|file| format!("{}: {word} code belongs in mobile and scan's kernels", file.path))
        .collect()
}

/// A credential is written out where somebody wrote `expose`, and nowhere else.
fn secrets_that_show(files: &[File]) -> Vec<String> {
    let traits = ["Serialize", "Display"];
    let implements = |line: &str| {
        line.contains("impl") && line.contains(" for Secret") && traits.iter().any(|name| line.contains(name))
    };
    let derives = |text: &str| {
        let before = text.split_once("struct Secret<").map_or("", |(before, _)| before);
        let attributes = before.rsplit([';', '}']).next().unwrap_or_default();
        attributes.lines().any(|line| line.starts_with("#[derive") && line.contains("Serialize"))
    };
    let sources = files.iter().filter(|file| file.is("rs"));
    sources
        .filter(|file| derives(&file.text) || file.text.lines().any(implements))
        .map(|file| format!("{}: a Secret is never serialized and never printed", file.path))
        .collect()
}

/// `expect` fails when there is nothing left to expect, `allow` stays for ever.
fn silenced(files: &[File]) -> Vec<String> {
    let attributes = [concat!("#[", "allow("), concat!("#![", "allow(")];
    // A module that several test programs share is not used up by each of them.
    let sources = files.iter().filter(|file| file.is("rs") && !file.path.contains("/tests/common/"));
    sources
        .filter(|file| file.text.lines().any(|line| attributes.iter().any(|start| line.trim().starts_with(start))))
        .map(|file| format!("{}: expect(…, reason = …) instead of allow", file.path))
        .collect()
}

/// A screen's folder has the name of its variant, and the table of flows has a row that starts there.
fn screens_without_variants(files: &[File]) -> Vec<String> {
    let view = files.iter().find(|file| file.path == "ui/src/bindings/View.ts");
    let mark = "\"screen\": \"";
    let text = view.map_or("", |file| file.text.as_str());
    let variants: BTreeSet<String> = text
        .split(mark)
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(name, _)| name.replace('_', "-"))
        .collect();
    let folders: BTreeSet<String> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("ui/src/screens/")?.split_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    let flows = files.iter().find(|file| file.path == "docs/flows/README.md").map_or("", |file| file.text.as_str());
    let flows: BTreeSet<String> = flows
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(1)?.strip_prefix('`')?.strip_suffix('`'))
        .map(|from| from.replace('_', "-"))
        .collect();
    let without =
        variants.difference(&folders).map(|name| format!("the view '{name}' has no folder in ui/src/screens"));
    without
        .chain(folders.difference(&variants).map(|name| format!("ui/src/screens/{name} draws no view")))
        .chain(variants.difference(&flows).map(|name| format!("no row of docs/flows starts at the view '{name}'")))
        .chain(flows.difference(&variants).map(|name| format!("docs/flows knows '{name}', which is no view")))
        .collect()
}

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

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    /// The rule finds something in the first file and nothing in the second.
    fn tells_apart(rule: Rule, wrong: File, right: File) {
        assert_eq!(rule(&[wrong]).len(), 1);
        assert_eq!(rule(&[right]), Vec::<String>::new());
    }

    #[test]
    fn a_screen_that_imports_tauri() {
        let import = concat!("import { invoke } from '@tauri", "-apps/api/core';");
        let right = file("ui/src/backend/tauri.ts", import);
        tells_apart(tauri_script_outside_backend, file("ui/src/screens/home/Home.svelte", import), right);
    }

    #[test]
    fn a_raw_pointer_read_in_the_driver() {
        let read = concat!("let x = un", "safe { *p };");
        tells_apart(
            unsafe_outside_its_places,
            file("crates/driver/src/a.rs", read),
            file("mobile/camera/src/a.rs", read),
        );
        assert!(
            unsafe_outside_its_places(&[file("crates/pdf/src/a.rs", concat!("// no un", "safe { } here"))]).is_empty()
        );
    }

    #[test]
    fn views_folders_and_flows_are_the_same() {
        let view =
            || file("ui/src/bindings/View.ts", r#"{ "screen": "home" } | { "screen": "scan_qr", busy: boolean }"#);
        let home = || file("ui/src/screens/home/Home.svelte", "");
        let scan = || file("ui/src/screens/scan-qr/ScanQr.svelte", "");
        let index = || file("ui/src/screens/index.ts", "");
        let row =
            |view: &&str| format!("| | from | event | to |\n|---|---|---|---|\n| 1.1 | `{view}` | back | `home` |\n");
        let flows = |views: &[&str]| file("docs/flows/README.md", &views.iter().map(row).collect::<String>());
        let both = || flows(&["home", "scan_qr"]);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), index(), both()]), Vec::<String>::new());
        let old = file("ui/src/screens/old/Old.svelte", "");
        assert_eq!(screens_without_variants(&[view(), home(), both()]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), old, both()]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), flows(&["home"])]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), flows(&["home", "scan_qr", "old"])]).len(), 1);
    }

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
    fn a_secret_that_can_be_written_out() {
        let path = "crates/protocol/src/secret.rs";
        let right = "use serde::Serialize;\n\n\
                     #[derive(Clone)]\npub struct Secret<T>(T);\nimpl<T> Debug for Secret<T> {}\n";
        let derived = right.replace("(Clone", "(Clone, Serialize");
        tells_apart(secrets_that_show, file(path, &derived), file(path, right));
        let implemented = |name: &str| format!("{right}impl<T> {name} for {}<T> {{}}\n", "Secret");
        tells_apart(secrets_that_show, file(path, &implemented("Serialize")), file(path, right));
        tells_apart(secrets_that_show, file("portal/src/a.rs", &implemented("std::fmt::Display")), file(path, right));
    }

    #[test]
    fn a_lint_that_is_silenced_for_ever() {
        let silenced_here = concat!("    #[", "allow(dead_code)]\nfn a() {}\n");
        let right = "#[expect(dead_code, reason = \"…\")]\nfn a() {}\n";
        tells_apart(silenced, file("portal/src/a.rs", silenced_here), file("portal/src/a.rs", right));
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
