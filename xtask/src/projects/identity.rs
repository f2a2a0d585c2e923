//! Who the app is, how old a phone may be, and which hosts are the portals': the same in every file that says it.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Control, Files, Rule, between, differ};

pub const CONFIG: &str = "src-tauri/tauri.conf.json";
pub const PORTALS: &str = "src-tauri/portals.toml";
pub const GRADLE: &str = "src-tauri/gen/android/app/build.gradle.kts";
const ACTIVITY: &str = "src-tauri/gen/android/app/src/main/java/lu/folio/app/MainActivity.kt";
const KEEP: &str = "src-tauri/gen/android/app/proguard-rules.pro";
const PROJECT: &str = "src-tauri/gen/apple/project.yml";
const INFO: &str = "src-tauri/gen/apple/folio_iOS/Info.plist";
const ENTITLEMENTS: &str = "src-tauri/gen/apple/folio_iOS/folio_iOS.entitlements";
const GUIDE: &str = "docs/build-phones.md";
const EXAMPLE: &str = "portal/example.toml";

pub const RULES: &[Rule] = &[
    Rule {
        name: "one identifier",
        find: identifier,
        controls: &[
            Control { path: CONFIG, right: "lu.folio.app", wrong: "lu.folio.other" },
            Control { path: GRADLE, right: "applicationId = \"lu.folio.app\"", wrong: "applicationId = \"lu.folio\"" },
            Control { path: GRADLE, right: "namespace = \"lu.folio.app\"", wrong: "namespace = \"lu.folio\"" },
            Control { path: ACTIVITY, right: "package lu.folio.app", wrong: "package lu.folio" },
            Control { path: KEEP, right: "lu.folio.app.MainActivity", wrong: "lu.folio.MainActivity" },
            Control {
                path: PROJECT,
                right: "PRODUCT_BUNDLE_IDENTIFIER: lu.folio.app",
                wrong: "PRODUCT_BUNDLE_IDENTIFIER: lu.folio",
            },
            Control { path: ENTITLEMENTS, right: ")lu.folio.app<", wrong: ")lu.folio<" },
            Control { path: EXAMPLE, right: "package = \"lu.folio.app\"", wrong: "package = \"lu.folio\"" },
            Control { path: EXAMPLE, right: "bundle = \"lu.folio.app\"", wrong: "bundle = \"lu.folio\"" },
            Control { path: GUIDE, right: "`lu.folio.app`", wrong: "`lu.folio`" },
        ],
    },
    Rule {
        name: "one version",
        find: version,
        controls: &[
            Control { path: "Cargo.toml", right: "version = \"0.1.0\"", wrong: "version = \"0.2.0\"" },
            Control { path: CONFIG, right: "\"version\": \"0.1.0\"", wrong: "\"version\": \"0.1.1\"" },
            Control {
                path: INFO,
                right: "<key>CFBundleVersion</key>\n\t<string>0.1.0",
                wrong: "<key>CFBundleVersion</key>\n\t<string>0.1",
            },
        ],
    },
    Rule {
        name: "one oldest phone",
        find: oldest,
        controls: &[
            Control { path: CONFIG, right: "\"minSdkVersion\": 26", wrong: "\"minSdkVersion\": 24" },
            Control { path: GRADLE, right: "minSdk = 26", wrong: "minSdk = 28" },
            Control { path: GRADLE, right: "targetSdk = 37", wrong: "targetSdk = 38" },
            Control { path: "mobile/device/android/build.gradle.kts", right: "minSdk = 24", wrong: "minSdk = 30" },
            Control { path: PROJECT, right: "iOS: 15.0", wrong: "iOS: 14.0" },
        ],
    },
];

/// The portals' second hosts, which the codes point to and app links are for.
pub fn link_hosts(files: &Files) -> Result<Vec<String>> {
    let portals: toml::Table = toml::from_str(files.text(PORTALS)?).context(PORTALS)?;
    let list = portals.get("portal").and_then(toml::Value::as_array).context("portals.toml names no portal")?;
    let mut hosts = Vec::new();
    for portal in list {
        let origin = portal.get("link_origin").and_then(toml::Value::as_str).context("a portal without link_origin")?;
        let host = origin.strip_prefix("https://").with_context(|| format!("{origin} is not https"))?;
        anyhow::ensure!(!host.contains([':', '/']), "{origin}: an app link has no port and no path");
        hosts.push(host.to_owned());
    }
    hosts.sort();
    Ok(hosts)
}

pub fn config(files: &Files) -> Result<Value> {
    serde_json::from_str(files.text(CONFIG)?).context(CONFIG)
}

fn identifier(files: &Files) -> Result<Vec<String>> {
    let config = config(files)?;
    let identifier = config["identifier"].as_str().context("no identifier")?;
    let mut wrong = Vec::new();
    for (path, start, end) in [
        (GRADLE, "applicationId = \"", "\""),
        (GRADLE, "namespace = \"", "\""),
        (ACTIVITY, "package ", "\n"),
        (KEEP, "-keep class ", ".MainActivity"),
        (PROJECT, "PRODUCT_BUNDLE_IDENTIFIER: ", "\n"),
        (PROJECT, "bundleIdPrefix: ", "\n"),
        (ENTITLEMENTS, "$(AppIdentifierPrefix)", "<"),
        (EXAMPLE, "package = \"", "\""),
        (EXAMPLE, "bundle = \"", "\""),
    ] {
        let said = between(files.text(path)?, start, end).unwrap_or_default();
        wrong.extend(differ(start.trim(), path, said, CONFIG, identifier));
    }
    if !files.text(GUIDE)?.contains(&format!("`{identifier}`")) {
        wrong.push(format!("{GUIDE} does not name {identifier}"));
    }
    Ok(wrong)
}

fn version(files: &Files) -> Result<Vec<String>> {
    let manifest: toml::Table = toml::from_str(files.text("Cargo.toml")?)?;
    let version = manifest["workspace"]["package"]["version"].as_str().context("the workspace's version")?;
    let config = config(files)?;
    let mut wrong: Vec<_> =
        differ("version", CONFIG, config["version"].as_str().unwrap_or_default(), "Cargo.toml", version)
            .into_iter()
            .collect();
    for key in ["CFBundleShortVersionString", "CFBundleVersion"] {
        let said = between(files.text(INFO)?, &format!("<key>{key}</key>\n\t<string>"), "<").unwrap_or_default();
        wrong.extend(differ(key, INFO, said, "Cargo.toml", version));
    }
    Ok(wrong)
}

fn oldest(files: &Files) -> Result<Vec<String>> {
    let config = config(files)?;
    let gradle = files.text(GRADLE)?;
    let (compile, min, target) =
        (level(gradle, "compileSdk = ")?, level(gradle, "minSdk = ")?, level(gradle, "targetSdk = ")?);
    let mut wrong = Vec::new();
    let said = config["bundle"]["android"]["minSdkVersion"].to_string();
    wrong.extend(differ("minSdkVersion", CONFIG, &said, GRADLE, &min.to_string()));
    if target > compile {
        wrong.push(format!("targetSdk {target} is newer than compileSdk {compile}"));
    }
    for (path, text) in files.below("mobile/", "/android/build.gradle.kts") {
        if level(text, "minSdk = ")? > min {
            wrong.push(format!("{path} wants newer phones than the app's {min}"));
        }
        if level(text, "compileSdk = ")? > compile {
            wrong.push(format!("{path} is compiled against a newer Android than the app's {compile}"));
        }
    }
    let said = config["bundle"]["iOS"]["minimumSystemVersion"].as_str().unwrap_or_default().to_owned();
    let project = between(files.text(PROJECT)?, "deploymentTarget:\n    iOS: ", "\n").unwrap_or_default();
    wrong.extend(differ("minimumSystemVersion", CONFIG, &said, PROJECT, project));
    Ok(wrong)
}

fn level(gradle: &str, name: &str) -> Result<u32> {
    between(gradle, name, "\n").and_then(|level| level.parse().ok()).with_context(|| format!("no {name}"))
}
