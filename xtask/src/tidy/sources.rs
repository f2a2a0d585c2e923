//! What stands in the sources, where no compiler looks.

use std::collections::BTreeSet;

use super::Rule;
use crate::files::File;

pub const RULES: &[Rule] = &[
    tauri_script_outside_backend,
    wire_paths_outside_protocol,
    pixels_in_messages,
    unsafe_outside_its_places,
    secrets_that_show,
    silenced,
    screens_without_variants,
];

/// One seam to Tauri's JavaScript.
fn tauri_script_outside_backend(files: &[File]) -> Vec<String> {
    let package = concat!("@tauri", "-apps/");
    let outside = |file: &&File| file.path.starts_with("ui/src/") && !file.path.starts_with("ui/src/backend/");
    let imports = files.iter().filter(outside).filter(|file| file.text.contains(package));
    imports.map(|file| format!("{}: only ui/src/backend knows {package}*", file.path)).collect()
}

/// The paths of the phone's calls stand once; tests write them out on purpose.
fn wire_paths_outside_protocol(files: &[File]) -> Vec<String> {
    let path = concat!("\"/api", "/v");
    let test = |file: &File| file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
    let outside = files.iter().filter(|file| file.is("rs") && !file.path.starts_with("crates/protocol/"));
    outside
        .filter(|file| !test(file) && file.text.contains(path))
        .map(|file| format!("{}: the wire's paths stand in protocol::routes", file.path))
        .collect()
}

/// What crosses between screens and camera has no room for a picture.
fn pixels_in_messages(files: &[File]) -> Vec<String> {
    let holds_bytes = |item: &str| ["Vec<u8>", "[u8", "Bytes"].iter().any(|name| item.contains(name));
    let messages = files.iter().filter(|file| file.path == "mobile/camera/src/models.rs");
    messages
        .flat_map(|file| file.text.split("#[derive(").skip(1).map(move |item| (file, item)))
        .filter(|(_, item)| item.split(")]").next().is_some_and(|derived| derived.contains("Serialize")))
        .filter(|(_, item)| item.split("\n}\n").next().is_some_and(holds_bytes))
        .map(|(file, _)| format!("{}: a message of the camera holds bytes", file.path))
        .collect()
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
        let shows = |line: &str| ["Serialize", "Debug"].iter().any(|name| line.contains(name));
        attributes.lines().any(|line| line.starts_with("#[derive") && shows(line))
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

/// What is shown while the lock is closed; no variant of the view, which is the citizen's.
const LOCKED: &str = "unlock";

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
        .chain([LOCKED.to_owned()])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::{file, tells_apart};

    #[test]
    fn a_screen_that_imports_tauri() {
        let import = concat!("import { invoke } from '@tauri", "-apps/api/core';");
        let right = file("ui/src/backend/tauri.ts", import);
        tells_apart(tauri_script_outside_backend, file("ui/src/screens/home/Home.svelte", import), right);
    }

    #[test]
    fn a_path_of_the_wire_written_out_in_the_driver() {
        let path = concat!("let path = \"/api", "/v1/portal\";\n");
        let right = file("crates/driver/src/a/tests.rs", path);
        tells_apart(wire_paths_outside_protocol, file("crates/driver/src/a.rs", path), right);
    }

    #[test]
    fn a_picture_in_a_message_of_the_camera() {
        let models = |what: &str| {
            let event = format!("#[derive(Debug, Serialize)]\npub enum Event {{\n    Captured {{ {what} }},\n}}\n\n");
            let still = "/// Stays on this side.\npub struct Still {\n    jpeg: Vec<u8>,\n}\n";
            file("mobile/camera/src/models.rs", &(event + still))
        };
        tells_apart(pixels_in_messages, models("jpeg: Vec<u8>"), models("photo: String"));
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
    fn a_secret_that_can_be_written_out() {
        let path = "crates/protocol/src/secret.rs";
        let right = "use serde::Serialize;\n\n\
                     #[derive(Clone)]\npub struct Secret<T>(T);\nimpl<T> Debug for Secret<T> {}\n";
        let derived = right.replace("(Clone", "(Clone, Serialize");
        tells_apart(secrets_that_show, file(path, &derived), file(path, right));
        let derived = right.replace("(Clone", "(Debug, Clone");
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
    fn views_folders_and_flows_are_the_same() {
        let view =
            || file("ui/src/bindings/View.ts", r#"{ "screen": "home" } | { "screen": "scan_qr", busy: boolean }"#);
        let home = || file("ui/src/screens/home/Home.svelte", "");
        let scan = || file("ui/src/screens/scan-qr/ScanQr.svelte", "");
        let lock = || file("ui/src/screens/unlock/Unlock.svelte", "");
        let index = || file("ui/src/screens/index.ts", "");
        let row =
            |view: &&str| format!("| | from | event | to |\n|---|---|---|---|\n| 1.1 | `{view}` | back | `home` |\n");
        let flows = |views: &[&str]| file("docs/flows/README.md", &views.iter().map(row).collect::<String>());
        let all = || flows(&["home", "scan_qr", "unlock"]);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), lock(), index(), all()]), Vec::<String>::new());
        let old = file("ui/src/screens/old/Old.svelte", "");
        assert_eq!(screens_without_variants(&[view(), home(), lock(), all()]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), all()]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), lock(), old, all()]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), lock(), flows(&["home", "unlock"])]).len(), 1);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), lock(), flows(&["home", "scan_qr"])]).len(), 1);
        let more = flows(&["home", "scan_qr", "unlock", "old"]);
        assert_eq!(screens_without_variants(&[view(), home(), scan(), lock(), more]).len(), 1);
    }
}
