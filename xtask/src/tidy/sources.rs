//! Rules about the text of files.

use std::collections::BTreeSet;

use crate::files::File;

type Rule = fn(&[File]) -> Vec<String>;

pub const RULES: &[Rule] = &[
    tauri_script_outside_backend,
    unsafe_outside_its_places,
    screens_without_variants,
    without_lints,
    release_that_aborts,
    banned_packages,
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

/// A screen's folder has the name of its variant.
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
    let without =
        variants.difference(&folders).map(|name| format!("the view '{name}' has no folder in ui/src/screens"));
    without.chain(folders.difference(&variants).map(|name| format!("ui/src/screens/{name} draws no view"))).collect()
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

/// One TLS, the one that builds for phones.
fn banned_packages(files: &[File]) -> Vec<String> {
    const BANNED: &[&str] = &["aws-lc-sys", "aws-lc-rs", "openssl-sys", "native-tls"];
    let lock = files.iter().find(|file| file.path == "Cargo.lock").map_or("", |file| file.text.as_str());
    let there = BANNED.iter().filter(|name| lock.contains(&format!("name = \"{name}\"\n")));
    there.map(|name| format!("Cargo.lock: {name} is banned")).collect()
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
    fn a_view_without_a_folder_and_a_folder_without_a_view() {
        let view =
            || file("ui/src/bindings/View.ts", r#"{ "screen": "home" } | { "screen": "scan_qr", busy: boolean }"#);
        let home = || file("ui/src/screens/home/Home.svelte", "");
        let scan = || file("ui/src/screens/scan-qr/ScanQr.svelte", "");
        assert!(screens_without_variants(&[view(), home(), scan(), file("ui/src/screens/index.ts", "")]).is_empty());
        assert_eq!(screens_without_variants(&[view(), home()]).len(), 1);
        assert_eq!(
            screens_without_variants(&[view(), home(), scan(), file("ui/src/screens/old/Old.svelte", "")]).len(),
            1
        );
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
    fn another_tls() {
        let lock = |name: &str| file("Cargo.lock", &format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n"));
        tells_apart(banned_packages, lock("openssl-sys"), lock("ring"));
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
    }

    #[test]
    fn a_file_nobody_reads_to_its_end() {
        let long = |lines| "\n".repeat(lines);
        tells_apart(too_long, file("portal/src/a.rs", &long(801)), file("portal/src/a.rs", &long(800)));
    }
}
