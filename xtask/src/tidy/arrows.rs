//! Who may know whom.

use serde_json::Value;

/// The packages of the house and what each may know of the others; a package that is not here may know none.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("scan", &[]),
    ("scan-training", &["scan"]),
    ("pdf", &[]),
    ("protocol", &[]),
    ("vault", &[]),
    ("client", &["protocol"]),
    ("journey", &["protocol", "scan"]),
    ("driver", &["journey", "scan", "pdf", "vault", "client", "protocol"]),
    ("portal", &["protocol", "pdf"]),
    ("tauri-plugin-camera", &["scan"]),
    ("tauri-plugin-device", &[]),
    ("folio", &["driver", "tauri-plugin-camera", "tauri-plugin-device"]),
    ("tests", &["driver", "portal", "client", "journey", "protocol", "scan", "pdf", "vault"]),
    ("xtask", &[]),
];

/// These do no I/O, however far down one looks.
pub const PURE: [&str; 4] = ["scan", "pdf", "protocol", "journey"];
const DOES_IO: &[&str] = &["tokio", "reqwest", "hyper", "sqlx", "object_store", "axum", "tauri"];
const SHELL: &[&str] = &["folio", "tauri-plugin-camera", "tauri-plugin-device"];

/// A package of the workspace.
pub struct Package {
    name: String,
    /// What it names in its manifest, on any platform and with any feature.
    normal: Vec<String>,
    all: Vec<String>,
}

/// `None` when `cargo metadata` has another shape than it should.
pub fn packages(metadata: &Value) -> Option<Vec<Package>> {
    let package = |package: &Value| {
        let dependencies = package["dependencies"].as_array()?;
        let name = |dependency: &Value| Some(dependency["name"].as_str()?.to_owned());
        let normal = dependencies.iter().filter(|dependency| dependency["kind"].is_null()).map(name);
        Some(Package {
            name: package["name"].as_str()?.to_owned(),
            normal: normal.collect::<Option<_>>()?,
            all: dependencies.iter().map(name).collect::<Option<_>>()?,
        })
    };
    metadata["packages"].as_array()?.iter().map(package).collect()
}

/// Arrows between packages of the house that the table does not have. Tests beside the code may know more.
pub fn forbidden(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
            broken.push(format!("{} stands in no row of who may know whom (xtask/src/tidy/arrows.rs)", package.name));
            continue;
        };
        let ours = |name: &&String| packages.iter().any(|other| other.name == **name);
        for known in package.normal.iter().filter(ours).filter(|name| !allowed.contains(&name.as_str())) {
            broken.push(format!("{} may not know {known}", package.name));
        }
    }
    broken
}

/// `tauri` and its plugins belong to the shell, in tests and build scripts too.
pub fn tauri_outside_the_shell(packages: &[Package]) -> Vec<String> {
    let outside = packages.iter().filter(|package| !SHELL.contains(&package.name.as_str()));
    outside
        .flat_map(|package| package.all.iter().map(move |name| (package, name)))
        .filter(|(_, name)| name.starts_with("tauri"))
        .map(|(package, name)| {
            format!("{} may not know {name}: tauri appears only in src-tauri and mobile", package.name)
        })
        .collect()
}

/// What `cargo tree --prefix none` shows below a package that does no I/O.
pub fn impure(package: &str, tree: &str) -> Vec<String> {
    let mut found: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|name| DOES_IO.contains(name));
    found.iter().map(|name| format!("{package} does no I/O and may not lead to {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn house(name: &str, dependencies: &[(&str, Option<&str>)]) -> Vec<Package> {
        let dependencies: Vec<Value> =
            dependencies.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
        let others = MAY_KNOW.iter().filter(|(other, _)| *other != name);
        let mut all: Vec<Value> = others.map(|(name, _)| json!({ "name": name, "dependencies": [] })).collect();
        all.push(json!({ "name": name, "dependencies": dependencies }));
        packages(&json!({ "packages": all })).unwrap()
    }

    #[test]
    fn the_portal_may_not_know_the_scanner() {
        assert!(forbidden(&house("portal", &[("pdf", None), ("axum", None)])).is_empty());
        assert_eq!(forbidden(&house("portal", &[("scan", None)])), ["portal may not know scan"]);
    }

    #[test]
    fn tests_beside_the_code_may_know_more() {
        assert!(forbidden(&house("portal", &[("client", Some("dev"))])).is_empty());
    }

    #[test]
    fn a_new_package_needs_its_row() {
        assert_eq!(forbidden(&house("helpers", &[])).len(), 1);
    }

    #[test]
    fn tauri_stays_in_the_shell() {
        assert!(tauri_outside_the_shell(&house("folio", &[("tauri", None)])).is_empty());
        assert_eq!(tauri_outside_the_shell(&house("driver", &[("tauri-plugin-fs", Some("dev"))])).len(), 1);
    }

    #[test]
    fn a_pure_package_leads_to_no_runtime_however_far_down() {
        let tree = "journey v0.1.0 (/repository)\nprotocol v0.1.0\nhttp v1.0.0\ntokio v1.0.0\ntokio v1.0.0 (*)\n";
        assert_eq!(impure("journey", tree), ["journey does no I/O and may not lead to tokio"]);
        assert!(impure("journey", "journey v0.1.0\nhttp v1.0.0\n").is_empty());
    }
}
