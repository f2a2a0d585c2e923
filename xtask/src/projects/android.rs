//! What Android's manifest and Gradle files must say: what leaves the phone, what comes in from outside, what a release is made of.

use anyhow::{Context, Result};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

use super::{Control, Files, Rule, between, identity};

pub const MANIFEST: &str = "src-tauri/gen/android/app/src/main/AndroidManifest.xml";
const RESOURCES: &str = "src-tauri/gen/android/app/src/main/res/";
const EXTRACTION: &str = "src-tauri/gen/android/app/src/main/res/xml/data_extraction_rules.xml";
const BACKUP: &str = "src-tauri/gen/android/app/src/main/res/xml/full_backup_content.xml";
const NETWORK: &str = "src-tauri/gen/android/app/src/main/res/xml/network_security_config.xml";
const ICON: &str = "src-tauri/gen/android/app/src/main/res/mipmap-anydpi-v26/ic_launcher.xml";
const NAMESPACE: &str = "http://schemas.android.com/apk/res/android";

/// What an app's files are divided into: <https://developer.android.com/identity/data/autobackup#XMLSyntax>.
const DOMAINS: [&str; 5] = ["database", "external", "file", "root", "sharedpref"];
const BEFORE_UNLOCK: [&str; 4] = ["device_database", "device_file", "device_root", "device_sharedpref"];

pub const RULES: &[Rule] = &[
    Rule {
        name: "nothing is backed up",
        find: backed_up,
        controls: &[
            Control { path: MANIFEST, right: "allowBackup=\"false\"", wrong: "allowBackup=\"true\"" },
            Control { path: MANIFEST, right: "android:dataExtractionRules=\"@xml/data_extraction_rules\"", wrong: "" },
            Control { path: EXTRACTION, right: "<exclude domain=\"file\" />", wrong: "" },
            Control {
                path: EXTRACTION,
                right: "<device-transfer>
        <exclude domain=\"root\" />",
                wrong: "<device-transfer>",
            },
            Control {
                path: BACKUP,
                right: "<exclude domain=\"database\" path=\".\" />",
                wrong: "<include domain=\"database\" path=\".\" />",
            },
        ],
    },
    Rule {
        name: "nothing goes in clear",
        find: in_clear,
        controls: &[
            Control { path: MANIFEST, right: "usesCleartextTraffic=\"false\"", wrong: "usesCleartextTraffic=\"true\"" },
            Control {
                path: MANIFEST,
                right: "android:networkSecurityConfig=\"@xml/network_security_config\"",
                wrong: "",
            },
            Control {
                path: NETWORK,
                right: "cleartextTrafficPermitted=\"false\"",
                wrong: "cleartextTrafficPermitted=\"true\"",
            },
            Control { path: NETWORK, right: "src=\"system\"", wrong: "src=\"user\"" },
            Control { path: NETWORK, right: "</base-config>", wrong: "</base-config><domain-config />" },
        ],
    },
    Rule {
        name: "what comes in from outside (Android)",
        find: doors,
        controls: &[
            Control { path: MANIFEST, right: "android:path=\"/t\"", wrong: "android:path=\"/l\"" },
            Control { path: MANIFEST, right: "android:path=\"/t\"", wrong: "android:pathPrefix=\"/\"" },
            Control { path: MANIFEST, right: "link.folio.example", wrong: "portal.folio.example" },
            Control { path: identity::PORTALS, right: "link.folio.example", wrong: "codes.folio.example" },
            Control { path: identity::CONFIG, right: "\"path\": [\"/t\"]", wrong: "\"path\": [\"/l\"]" },
            Control { path: MANIFEST, right: "autoVerify=\"true\"", wrong: "autoVerify=\"false\"" },
            Control { path: MANIFEST, right: "scheme=\"https\"", wrong: "scheme=\"folio\"" },
            Control { path: MANIFEST, right: "mimeType=\"application/pdf\"", wrong: "mimeType=\"*/*\"" },
            Control { path: MANIFEST, right: "singleTask", wrong: "standard" },
            Control {
                path: MANIFEST,
                right: "</application>",
                wrong: "<service android:name=\".S\" android:exported=\"true\" /></application>",
            },
        ],
    },
    Rule {
        name: "what the manifest names is there",
        find: named,
        controls: &[
            Control { path: MANIFEST, right: "@mipmap/ic_launcher", wrong: "@mipmap/launcher" },
            Control { path: ICON, right: "@drawable/ic_launcher_monochrome", wrong: "@drawable/monochrome" },
            Control { path: ICON, right: "<monochrome", wrong: "<foreground" },
        ],
    },
    Rule {
        name: "R8 runs in a release",
        find: unshrunk,
        controls: &[
            Control { path: identity::GRADLE, right: "enable = true", wrong: "enable = false" },
            Control { path: identity::GRADLE, right: "include(\"**/*.pro\")", wrong: "" },
        ],
    },
];

pub fn parse<'a>(files: &'a Files, path: &'a str) -> Result<Document<'a>> {
    Document::parse(files.text(path)?).with_context(|| path.to_owned())
}

pub fn attribute<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    node.attribute((NAMESPACE, name)).unwrap_or_default()
}

fn tagged<'a, 'b>(parent: Node<'a, 'b>, tag: &'a str) -> impl Iterator<Item = Node<'a, 'b>> {
    parent.descendants().filter(move |node| node.has_tag_name(tag))
}

fn one<'a, 'b>(parent: Node<'a, 'b>, tag: &'a str) -> Result<Node<'a, 'b>> {
    tagged(parent, tag).next().with_context(|| format!("there is no <{tag}>"))
}

/// Attributes of a node that are not as they must be.
fn other_than<'a>(node: Node, expected: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let wrong = expected.into_iter().filter(|(name, value)| attribute(node, name) != *value);
    wrong.map(|(name, value)| format!("{name} is '{}' instead of '{value}'", attribute(node, name))).collect()
}

fn backed_up(files: &Files) -> Result<Vec<String>> {
    let manifest = parse(files, MANIFEST)?;
    let mut wrong = other_than(
        one(manifest.root(), "application")?,
        [
            ("allowBackup", "false"),
            ("dataExtractionRules", "@xml/data_extraction_rules"),
            ("fullBackupContent", "@xml/full_backup_content"),
        ],
    );
    let all: BTreeSet<&str> = DOMAINS.into_iter().chain(BEFORE_UNLOCK).collect();
    for (path, tag, domains) in [
        (EXTRACTION, "cloud-backup", &all),
        (EXTRACTION, "device-transfer", &all),
        (BACKUP, "full-backup-content", &DOMAINS.into()),
    ] {
        let rules = parse(files, path)?;
        let section = one(rules.root(), tag)?;
        if tagged(section, "include").next().is_some() {
            wrong.push(format!("{path}: <{tag}> includes something"));
        }
        let excluded: BTreeSet<&str> = tagged(section, "exclude").filter_map(|rule| rule.attribute("domain")).collect();
        if excluded != *domains {
            wrong.push(format!("{path}: <{tag}> excludes {excluded:?} instead of {domains:?}"));
        }
    }
    Ok(wrong)
}

fn in_clear(files: &Files) -> Result<Vec<String>> {
    let manifest = parse(files, MANIFEST)?;
    let mut wrong = other_than(
        one(manifest.root(), "application")?,
        [("usesCleartextTraffic", "false"), ("networkSecurityConfig", "@xml/network_security_config")],
    );
    let network = parse(files, NETWORK)?;
    if one(network.root(), "base-config")?.attribute("cleartextTrafficPermitted") != Some("false") {
        wrong.push(format!("{NETWORK} permits clear text"));
    }
    for tag in ["domain-config", "debug-overrides"] {
        if tagged(network.root(), tag).next().is_some() {
            wrong.push(format!("{NETWORK} has <{tag}>: exceptions are for debug builds, in their own folder"));
        }
    }
    if tagged(network.root(), "certificates").any(|trusted| trusted.attribute("src") != Some("system")) {
        wrong.push(format!("{NETWORK} trusts more than the system does"));
    }
    Ok(wrong)
}

/// App links to the portals' tickets, shared documents, the launcher; nothing else is exported.
fn doors(files: &Files) -> Result<Vec<String>> {
    let manifest = parse(files, MANIFEST)?;
    let activity = one(manifest.root(), "activity")?;
    let mut wrong = other_than(activity, [("launchMode", "singleTask"), ("exported", "true")]);
    let exported = manifest.descendants().filter(|node| attribute(*node, "exported") == "true").count();
    if exported != 1 {
        wrong.push(format!("{exported} parts are exported instead of the one activity"));
    }
    let mut links = Vec::new();
    for filter in tagged(manifest.root(), "intent-filter") {
        let data: Vec<_> = tagged(filter, "data").collect();
        let types: BTreeSet<&str> = data.iter().map(|data| attribute(*data, "mimeType")).collect();
        for action in tagged(filter, "action").map(|action| attribute(action, "name")) {
            match action.rsplit('.').next().unwrap_or_default() {
                "MAIN" => {}
                "SEND" if types == ["application/pdf", "image/*"].into() => {}
                "SEND_MULTIPLE" if types == ["image/*"].into() => {}
                "VIEW" => {
                    wrong.extend(other_than(filter, [("autoVerify", "true")]));
                    for data in &data {
                        wrong.extend(other_than(*data, [("scheme", "https"), ("path", "/t")]));
                        // A ticket's path and nothing else: a link code is only ever scanned inside the app.
                        if data.attributes().len() != 3 {
                            wrong.push("an app link has a scheme, a host and the path /t, nothing else".to_owned());
                        }
                        links.push(attribute(*data, "host").to_owned());
                    }
                }
                other => wrong.push(format!("{other} comes in with {types:?}")),
            }
        }
    }
    links.sort();
    let hosts = identity::link_hosts(files)?;
    if links != hosts {
        wrong.push(format!("app links for {links:?}, but portals.toml has {hosts:?}"));
    }
    // What the deep-link plugin lets through, and writes into the manifest by itself.
    let config: serde_json::Value = serde_json::from_str(files.text(identity::CONFIG)?)?;
    let domains = config["plugins"]["deep-link"]["mobile"].as_array().cloned().unwrap_or_default();
    let wanted = hosts
        .iter()
        .map(|host| serde_json::json!({ "scheme": ["https"], "host": host, "path": ["/t"], "appLink": true }));
    if domains != wanted.collect::<Vec<_>>() {
        wrong.push(format!("the deep-link plugin's hosts are not exactly {hosts:?} with /t"));
    }
    Ok(wrong)
}

/// Resources that the manifest, the icon and the rules ask for.
fn named(files: &Files) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for path in [MANIFEST, ICON] {
        let document = parse(files, path)?;
        let names = document.descendants().flat_map(|node| node.attributes().collect::<Vec<_>>());
        for name in names.filter_map(|attribute| attribute.value().strip_prefix('@')) {
            let (kind, name) = name.split_once('/').with_context(|| name.to_owned())?;
            let there = match kind {
                "string" | "color" | "style" => files.below(RESOURCES, ".xml").any(|(path, text)| {
                    path.starts_with(&format!("{RESOURCES}values/"))
                        && text.contains(&format!("<{kind} name=\"{name}\""))
                }),
                _ => files
                    .below(RESOURCES, &format!("/{name}.xml"))
                    .any(|(path, _)| path[RESOURCES.len()..].starts_with(kind)),
            };
            if !there {
                wrong.push(format!("{path} asks for @{kind}/{name}, which is not there"));
            }
        }
    }
    let icon = parse(files, ICON)?;
    for layer in ["background", "foreground", "monochrome"] {
        if tagged(icon.root(), layer).next().is_none() {
            wrong.push(format!("{ICON} has no {layer}"));
        }
    }
    Ok(wrong)
}

fn unshrunk(files: &Files) -> Result<Vec<String>> {
    let release = files.text(identity::GRADLE)?.split_once("getByName(\"release\")").context("no release build")?.1;
    let mut wrong = Vec::new();
    if between(release, "optimization {", "}") != Some("enable = true") {
        wrong.push("a release is not optimized".to_owned());
    }
    if !release.contains("include(\"**/*.pro\")") {
        wrong.push("a release does not take the rules that keep what is called by name".to_owned());
    }
    Ok(wrong)
}
