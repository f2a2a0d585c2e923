//! The words that the phones' systems show: the same keys in every language, and every language declared.

use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

use super::{Control, Files, Rule, android, apple, between, identity};
use crate::phone_texts;

const RESOURCES: &str = "src-tauri/gen/android/app/src/main/res/";
const BUNDLE: &str = "src-tauri/gen/apple/folio_iOS/";

pub const RULES: &[Rule] = &[
    Rule {
        name: "the same words in every language",
        find: keys,
        controls: &[
            Control {
                path: "src-tauri/gen/android/app/src/main/res/values-lb/strings.xml",
                right: "app_name",
                wrong: "name",
            },
            Control {
                path: "src-tauri/gen/apple/folio_iOS/pt.lproj/InfoPlist.strings",
                right: "NSFaceIDUsageDescription",
                wrong: "NSFaceID",
            },
        ],
    },
    Rule {
        name: "every language is declared",
        find: languages,
        controls: &[
            Control { path: apple::INFO, right: "<string>lb</string>", wrong: "<string>nl</string>" },
            Control { path: identity::GRADLE, right: "\"lb\"", wrong: "\"nl\"" },
            Control { path: apple::INFO, right: "<string>Folio takes pictures", wrong: "<string>Folio uses" },
        ],
    },
];

/// File by file, the keys in it.
fn keys(files: &Files) -> Result<Vec<String>> {
    let mut android = BTreeMap::new();
    for (path, _) in files.below(RESOURCES, "/strings.xml") {
        let document = android::parse(files, path)?;
        let strings = document.descendants().filter(|node| node.has_tag_name("string"));
        let names: BTreeSet<String> = strings.filter_map(|node| Some(node.attribute("name")?.to_owned())).collect();
        android.insert(path, names);
    }
    let ios = files.below(BUNDLE, "/InfoPlist.strings").map(|(path, text)| {
        let keys = text.lines().filter_map(|line| Some(line.split_once(" = \"")?.0.to_owned())).collect();
        (path, keys)
    });
    Ok(apart(&android).into_iter().chain(apart(&ios.collect())).collect())
}

/// Files that have other keys than the first, or too few files.
fn apart(files: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    if files.len() != phone_texts::LANGUAGES.len() {
        wrong.push(format!("{} files for {} languages", files.len(), phone_texts::LANGUAGES.len()));
    }
    let Some((first, expected)) = files.first_key_value() else { return wrong };
    let others = files.iter().filter(|(_, keys)| *keys != expected);
    wrong.extend(others.map(|(path, keys)| format!("{path} has {keys:?}, {first} has {expected:?}")));
    wrong
}

fn languages(files: &Files) -> Result<Vec<String>> {
    let expected: BTreeSet<&str> = phone_texts::LANGUAGES.into();
    let info = apple::dictionary(files, apple::INFO)?;
    let mut wrong = Vec::new();
    let said = apple::strings(&info, "CFBundleLocalizations");
    if said != expected {
        wrong.push(format!("CFBundleLocalizations are {said:?}"));
    }
    let filters = between(files.text(identity::GRADLE)?, "localeFilters += listOf(", ")").unwrap_or_default();
    let filters: BTreeSet<&str> = filters.split(", ").map(|name| name.trim_matches('"')).collect();
    if filters != expected {
        wrong.push(format!("localeFilters are {filters:?}"));
    }
    // Info.plist has the words of the first language, for phones that speak none of these.
    let texts = phone_texts::read(files.text("texts/phones.json")?)?;
    for (key, text) in phone_texts::ios(&texts, phone_texts::LANGUAGES[0]) {
        let said = info.get(key).and_then(plist::Value::as_string).unwrap_or_default();
        if said != text {
            wrong.push(format!("{key} in Info.plist is not the text of texts/phones.json"));
        }
    }
    Ok(wrong)
}
