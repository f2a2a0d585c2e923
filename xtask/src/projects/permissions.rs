//! Permissions on both phones: what the code uses is declared, what is declared is used, and the guide says why.
//!
//! Looks for words in the code, so it knows the names of a few calls; it cannot know what a library does behind them.

use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};

use super::{Control, Files, Rule, android, apple};

const GUIDE: &str = "docs/build-phones.md";
const DEVICE: &str = "mobile/device/android/src/main/AndroidManifest.xml";

/// Something that a platform wants declared, and the words by which the code's use of it is known.
struct Use {
    name: &'static str,
    folders: &'static [&'static str],
    words: &'static [&'static str],
}

const KOTLIN: &[&str] = &["mobile/", "src-tauri/gen/android/app/src/main/java/"];
const RUST: &[&str] = &["mobile/", "crates/", "src-tauri/src/"];

#[rustfmt::skip]
const ANDROID: &[Use] = &[
    Use { name: "ACCESS_NETWORK_STATE", folders: KOTLIN, words: &["ConnectivityManager", "setRequiredNetwork"] },
    Use { name: "CAMERA", folders: &["mobile/", "src-tauri/Cargo.toml"], words: &["Manifest.permission.CAMERA", "tauri-plugin-barcode-scanner"] },
    Use { name: "FOREGROUND_SERVICE", folders: KOTLIN, words: &["startForeground("] },
    Use { name: "FOREGROUND_SERVICE_DATA_SYNC", folders: KOTLIN, words: &["FOREGROUND_SERVICE_TYPE_DATA_SYNC"] },
    Use { name: "INTERNET", folders: &["crates/client/Cargo.toml"], words: &["reqwest"] },
    Use { name: "POST_NOTIFICATIONS", folders: KOTLIN, words: &["NotificationChannel("] },
    Use { name: "RECEIVE_BOOT_COMPLETED", folders: KOTLIN, words: &["setPersisted(true)"] },
    Use { name: "RUN_USER_INITIATED_JOBS", folders: KOTLIN, words: &["setUserInitiated(true)"] },
    Use { name: "USE_BIOMETRIC", folders: KOTLIN, words: &["BiometricManager", "BiometricPrompt"] },
    Use { name: "USE_FINGERPRINT", folders: KOTLIN, words: &["FingerprintManager"] },
    Use { name: "VIBRATE", folders: &["ui/src/", "mobile/"], words: &["navigator.vibrate", "VibrationEffect"] },
];

#[rustfmt::skip]
const IOS: &[Use] = &[
    Use { name: "NSCameraUsageDescription", folders: &["mobile/", "src-tauri/Cargo.toml"], words: &["AVCaptureDevice", "tauri-plugin-barcode-scanner"] },
    Use { name: "NSFaceIDUsageDescription", folders: RUST, words: &["LAContext", "BIOMETRY_CURRENT_SET"] },
    Use { name: "NSLocationWhenInUseUsageDescription", folders: RUST, words: &["CLLocationManager"] },
    Use { name: "NSMicrophoneUsageDescription", folders: RUST, words: &["AVMediaTypeAudio"] },
    Use { name: "NSPhotoLibraryAddUsageDescription", folders: RUST, words: &["UIImageWriteToSavedPhotosAlbum"] },
    Use { name: "NSPhotoLibraryUsageDescription", folders: RUST, words: &["PHAsset"] },
];

/// Apple's list of calls that need a reason, as far as our own Rust could make them:
/// <https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api>.
#[rustfmt::skip]
const REASONS: &[Use] = &[
    Use { name: "ActiveKeyboards", folders: RUST, words: &["activeInputModes"] },
    Use { name: "DiskSpace", folders: RUST, words: &["statvfs(", "statfs(", "NSFileSystemFreeSize", "volumeAvailableCapacity"] },
    Use { name: "FileTimestamp", folders: RUST, words: &[".metadata()", "fs::metadata("] },
    Use { name: "SystemBootTime", folders: RUST, words: &["systemUptime", "mach_absolute_time"] },
    Use { name: "UserDefaults", folders: RUST, words: &["NSUserDefaults"] },
];

pub const RULES: &[Rule] = &[
    Rule {
        name: "Android's permissions",
        find: permissions,
        controls: &[
            Control { path: android::MANIFEST, right: "permission.CAMERA", wrong: "permission.RECORD_AUDIO" },
            Control { path: android::MANIFEST, right: "permission.INTERNET", wrong: "permission.VIBRATE" },
            Control {
                path: android::MANIFEST,
                right: "permission.USE_BIOMETRIC",
                wrong: "permission.RECEIVE_BOOT_COMPLETED",
            },
            Control { path: DEVICE, right: "permission.RUN_USER_INITIATED_JOBS", wrong: "permission.INTERNET" },
            Control { path: DEVICE, right: "permission.USE_FINGERPRINT", wrong: "permission.USE_BIOMETRIC" },
            Control { path: GUIDE, right: "| `CAMERA` |", wrong: "| `CAMERAS` |" },
        ],
    },
    Rule {
        name: "Apple's usage descriptions",
        find: descriptions,
        controls: &[
            Control { path: apple::INFO, right: "NSFaceIDUsageDescription", wrong: "NSContactsUsageDescription" },
            Control { path: apple::INFO, right: "NSCameraUsageDescription", wrong: "NSMicrophoneUsageDescription" },
            Control { path: GUIDE, right: "| `NSCameraUsageDescription` |", wrong: "| `NSCamera` |" },
        ],
    },
    Rule {
        name: "Apple's privacy manifest",
        find: reasons,
        controls: &[
            Control { path: apple::PRIVACY, right: "CategoryFileTimestamp", wrong: "CategoryDiskSpace" },
            Control {
                path: apple::PRIVACY,
                right: "<string>C617.1</string>\n\t\t\t\t<string>3B52.1</string>",
                wrong: "",
            },
            Control {
                path: apple::PRIVACY,
                right: "<key>NSPrivacyTracking</key>\n\t<false/>",
                wrong: "<key>NSPrivacyTracking</key>\n\t<true/>",
            },
        ],
    },
];

/// The names whose words stand in the code.
fn used(files: &Files, table: &[Use]) -> BTreeSet<String> {
    let code = [".kt", ".rs", ".swift", ".ts", "Cargo.toml"];
    let found = table.iter().filter(|entry| {
        let texts = entry.folders.iter().flat_map(|folder| code.iter().flat_map(|end| files.below(folder, end)));
        texts.into_iter().any(|(_, text)| entry.words.iter().any(|word| text.contains(word)))
    });
    found.map(|entry| entry.name.to_owned()).collect()
}

/// The guide's tables: what stands first in a row, in code letters, and what stands in the row's last cell.
fn explained(files: &Files) -> Result<BTreeMap<String, String>> {
    let rows = files.text(GUIDE)?.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix('|'));
    let rows = rows.filter_map(|row| {
        let (name, rest) = row.split_once("` |")?;
        Some((name.to_owned(), rest.rsplit('|').next()?.trim().to_owned()))
    });
    Ok(rows.collect())
}

/// Declared, used and explained are the same names.
fn compare(declared: &BTreeSet<String>, used: &BTreeSet<String>, explained: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong: Vec<String> =
        declared.difference(used).map(|name| format!("{name} is declared, but nothing uses it")).collect();
    wrong.extend(used.difference(declared).map(|name| format!("{name} is used, but not declared")));
    let silent = |name: &&String| explained.get(*name).is_none_or(String::is_empty);
    wrong.extend(declared.iter().filter(silent).map(|name| format!("{GUIDE} does not say why {name}")));
    wrong
}

fn permissions(files: &Files) -> Result<Vec<String>> {
    let ours = files.below("mobile/", "android/src/main/AndroidManifest.xml").map(|(path, _)| path);
    let mut declared = BTreeSet::new();
    for path in ours.chain([android::MANIFEST]) {
        let manifest = android::parse(files, path)?;
        let permissions = manifest.descendants().filter(|node| node.has_tag_name("uses-permission"));
        for name in permissions.map(|permission| android::attribute(permission, "name")) {
            let name = name.strip_prefix("android.permission.").with_context(|| format!("{name} is not Android's"))?;
            declared.insert(name.to_owned());
        }
    }
    Ok(compare(&declared, &used(files, ANDROID), &explained(files)?))
}

fn descriptions(files: &Files) -> Result<Vec<String>> {
    let info = apple::dictionary(files, apple::INFO)?;
    let declared = info.keys().filter(|key| key.ends_with("UsageDescription")).cloned().collect();
    Ok(compare(&declared, &used(files, IOS), &explained(files)?))
}

fn reasons(files: &Files) -> Result<Vec<String>> {
    let privacy = apple::dictionary(files, apple::PRIVACY)?;
    let mut wrong = Vec::new();
    if privacy.get("NSPrivacyTracking").and_then(plist::Value::as_boolean) != Some(false) {
        wrong.push("the app is said to track".to_owned());
    }
    let entries = privacy.get("NSPrivacyAccessedAPITypes").and_then(plist::Value::as_array).context("no API types")?;
    let mut declared = BTreeSet::new();
    for entry in entries.iter().filter_map(plist::Value::as_dictionary) {
        let name = entry.get("NSPrivacyAccessedAPIType").and_then(plist::Value::as_string).unwrap_or_default();
        let reasons = entry.get("NSPrivacyAccessedAPITypeReasons").and_then(plist::Value::as_array);
        if reasons.is_none_or(Vec::is_empty) {
            wrong.push(format!("{name} has no reason"));
        }
        declared.insert(name.trim_start_matches("NSPrivacyAccessedAPICategory").to_owned());
    }
    let used = used(files, REASONS);
    if declared != used {
        wrong.push(format!("calls that need a reason: {declared:?} declared, {used:?} used"));
    }
    Ok(wrong)
}
