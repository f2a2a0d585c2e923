//! What Apple's property lists and project.yml must say.

use anyhow::{Context, Result};
use plist::{Dictionary, Value};
use std::collections::BTreeSet;
use yaml_rust2::{Yaml, YamlLoader};

use super::{Control, Files, Rule, identity};

pub const INFO: &str = "src-tauri/gen/apple/folio_iOS/Info.plist";
pub const PRIVACY: &str = "src-tauri/gen/apple/PrivacyInfo.xcprivacy";
const ENTITLEMENTS: &str = "src-tauri/gen/apple/folio_iOS/folio_iOS.entitlements";
const PROJECT: &str = "src-tauri/gen/apple/project.yml";
const FOLDER: &str = "src-tauri/gen/apple/";

/// Crates that stand for a framework. A static library does not say what it must be linked with: project.yml does.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("objc2-av-foundation", "AVFoundation"),
    ("objc2-background-tasks", "BackgroundTasks"),
    ("objc2-core-graphics", "CoreGraphics"),
    ("objc2-core-image", "CoreImage"),
    ("objc2-core-media", "CoreMedia"),
    ("objc2-core-video", "CoreVideo"),
    ("objc2-image-io", "ImageIO"),
    ("objc2-local-authentication", "LocalAuthentication"),
    ("objc2-photos-ui", "PhotosUI"),
    ("objc2-quartz-core", "QuartzCore"),
    ("objc2-ui-kit", "UIKit"),
    ("objc2-user-notifications", "UserNotifications"),
    ("security-framework", "Security"),
];

pub const RULES: &[Rule] = &[
    Rule {
        name: "what comes in from outside (iOS)",
        find: doors,
        controls: &[
            Control {
                path: ENTITLEMENTS,
                right: "applinks:link.folio.example",
                wrong: "applinks:portal.folio.example",
            },
            Control { path: ENTITLEMENTS, right: "applinks:", wrong: "webcredentials:" },
            Control { path: identity::PORTALS, right: "link.folio.example", wrong: "codes.folio.example" },
            Control { path: INFO, right: "com.adobe.pdf", wrong: "public.data" },
            Control {
                path: INFO,
                right: "<key>LSRequiresIPhoneOS</key>",
                wrong: "<key>CFBundleURLTypes</key>\n\t<array/>\n\t<key>LSRequiresIPhoneOS</key>",
            },
        ],
    },
    Rule {
        name: "Info.plist",
        find: info,
        controls: &[
            Control {
                path: INFO,
                right: "<key>LSRequiresIPhoneOS</key>",
                wrong: "<key>NSAppTransportSecurity</key>\n\t<dict/>\n\t<key>LSRequiresIPhoneOS</key>",
            },
            Control { path: INFO, right: "UILaunchScreen", wrong: "UILaunchStoryboardName" },
            Control { path: INFO, right: "<key>ITSAppUsesNonExemptEncryption</key>\n\t<true/>", wrong: "" },
            Control { path: INFO, right: "\t\t<string>UIInterfaceOrientationLandscapeLeft</string>\n", wrong: "" },
            Control { path: INFO, right: "UIApplicationSceneManifest", wrong: "UIApplicationScenes" },
        ],
    },
    Rule {
        name: "project.yml",
        find: project,
        controls: &[
            Control {
                path: PROJECT,
                right: "INFOPLIST_FILE: folio_iOS/Info.plist",
                wrong: "INFOPLIST_FILE: Info.plist",
            },
            Control {
                path: PROJECT,
                right: "CODE_SIGN_ENTITLEMENTS: folio_iOS",
                wrong: "CODE_SIGN_ENTITLEMENTS: folio",
            },
            Control { path: PROJECT, right: "- path: PrivacyInfo.xcprivacy", wrong: "- path: Privacy.xcprivacy" },
            Control {
                path: PROJECT,
                right: "- sdk: LocalAuthentication.framework",
                wrong: "- sdk: LocalAuth.framework",
            },
            Control {
                path: "src-tauri/gen/apple/Assets.xcassets/AppIcon.appiconset/Contents.json",
                right: "tinted",
                wrong: "mono",
            },
        ],
    },
];

pub fn dictionary(files: &Files, path: &str) -> Result<Dictionary> {
    let value = Value::from_reader_xml(files.text(path)?.as_bytes()).with_context(|| path.to_owned())?;
    value.into_dictionary().with_context(|| format!("{path} is not a dictionary"))
}

/// The strings of an array; none where it is something else.
pub fn strings<'a>(dictionary: &'a Dictionary, key: &str) -> BTreeSet<&'a str> {
    let array = dictionary.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    array.iter().filter_map(Value::as_string).collect()
}

fn doors(files: &Files) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let entitlements = dictionary(files, ENTITLEMENTS)?;
    let domains = strings(&entitlements, "com.apple.developer.associated-domains");
    let hosts: Vec<String> = identity::link_hosts(files)?.iter().map(|host| format!("applinks:{host}")).collect();
    if !domains.iter().eq(hosts.iter()) {
        wrong.push(format!("associated domains {domains:?}, but portals.toml has {hosts:?}"));
    }
    let info = dictionary(files, INFO)?;
    let types = info.get("CFBundleDocumentTypes").and_then(Value::as_array).context("no document types")?;
    let types: BTreeSet<&str> =
        types.iter().filter_map(Value::as_dictionary).flat_map(|kind| strings(kind, "LSItemContentTypes")).collect();
    if types != ["com.adobe.pdf", "public.image"].into() {
        wrong.push(format!("documents of {types:?} come in"));
    }
    // A scheme of our own could be claimed by any other app.
    if info.contains_key("CFBundleURLTypes") {
        wrong.push("there is a URL scheme beside the app links".to_owned());
    }
    Ok(wrong)
}

fn info(files: &Files) -> Result<Vec<String>> {
    let info = dictionary(files, INFO)?;
    let mut wrong = Vec::new();
    let wanted = [
        "UILaunchScreen",
        "ITSAppUsesNonExemptEncryption",
        "LSRequiresIPhoneOS",
        // Without it an app that was built with the SDK of iOS 27 does not start.
        "UIApplicationSceneManifest",
    ];
    wrong.extend(wanted.iter().filter(|key| !info.contains_key(key)).map(|key| format!("{key} is missing")));
    if info.contains_key("NSAppTransportSecurity") {
        wrong.push("NSAppTransportSecurity: the system's rules hold without exceptions".to_owned());
    }
    let turned = strings(&info, "UISupportedInterfaceOrientations").len();
    if turned != 4 {
        wrong.push(format!("the app turns in {turned} of 4 ways"));
    }
    Ok(wrong)
}

fn project(files: &Files) -> Result<Vec<String>> {
    let documents = YamlLoader::load_from_str(files.text(PROJECT)?).context(PROJECT)?;
    let target = &documents.first().context("project.yml is empty")?["targets"]["folio_iOS"];
    let mut wrong = Vec::new();
    for setting in ["INFOPLIST_FILE", "CODE_SIGN_ENTITLEMENTS"] {
        let path = target["settings"]["base"][setting].as_str().unwrap_or_default();
        if files.text(&format!("{FOLDER}{path}")).is_err() {
            wrong.push(format!("{setting} names '{path}', which is not there"));
        }
    }
    let list = |key: &str| target[key].as_vec().map(Vec::as_slice).unwrap_or_default();
    let sources: BTreeSet<&str> = list("sources").iter().filter_map(|source| source["path"].as_str()).collect();
    // The other two are made by Tauri and xcodegen.
    let expected = ["Assets.xcassets", "PrivacyInfo.xcprivacy", "Sources", "folio_iOS", "Externals", "assets"];
    if sources != expected.into() {
        wrong.push(format!("sources are {sources:?} instead of {expected:?}"));
    }
    let linked: BTreeSet<&str> = list("dependencies").iter().filter_map(framework).collect();
    for (path, manifest) in files.below("mobile/", "/Cargo.toml") {
        let used = |name: &str| {
            manifest.lines().any(|line| line.starts_with(name) && line[name.len()..].starts_with(['.', ' ']))
        };
        let missing = FRAMEWORKS.iter().filter(|(name, framework)| used(name) && !linked.contains(framework));
        wrong.extend(missing.map(|(name, framework)| format!("{path} uses {name}, but {framework} is not linked")));
    }
    let icons: serde_json::Value =
        serde_json::from_str(files.text(&format!("{FOLDER}Assets.xcassets/AppIcon.appiconset/Contents.json"))?)?;
    let looks: BTreeSet<&str> = icons["images"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|image| image["appearances"][0]["value"].as_str().unwrap_or("light"))
        .collect();
    if looks != ["dark", "light", "tinted"].into() {
        wrong.push(format!("the icon is there in {looks:?}"));
    }
    Ok(wrong)
}

fn framework(dependency: &Yaml) -> Option<&str> {
    dependency["sdk"].as_str()?.strip_suffix(".framework")
}
