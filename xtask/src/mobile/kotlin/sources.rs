//! The Gradle modules that are written here: every plugin's and the app's, with the Rust that each of them meets.
//!
//! Finds files by where they lie; refuses to know what is in them.

use anyhow::{Result, ensure};
use std::{collections::BTreeMap, path::PathBuf};

use crate::files::File;

/// Where the modules are: folder of the Android part, and of the Rust part.
fn places(files: &[File]) -> BTreeMap<String, String> {
    let plugins = files.iter().filter_map(|file| {
        let plugin = file.path.strip_prefix("mobile/")?.split_once("/android/src/")?.0;
        Some((format!("mobile/{plugin}/android"), format!("mobile/{plugin}/src")))
    });
    plugins.chain([("src-tauri/gen/android/app".to_owned(), "src-tauri/src".to_owned())]).collect()
}

pub struct Sources<'a> {
    /// `mobile/device/android`
    pub folder: String,
    pub main: Vec<&'a str>,
    pub test: Vec<&'a str>,
    pub rust: Vec<&'a File>,
    /// What R8 is told, all files together.
    pub rules: String,
}

impl<'a> Sources<'a> {
    /// Those that have Kotlin.
    pub fn of(files: &'a [File]) -> Result<Vec<Self>> {
        let all = places(files).into_iter().map(|(folder, rust)| Self::of_one(files, folder, &rust));
        let all = all.collect::<Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|module| !module.main.is_empty()).collect())
    }

    fn of_one(files: &'a [File], folder: String, rust: &str) -> Result<Self> {
        let below = |folder: String| move |file: &&File| file.path.starts_with(&format!("{folder}/"));
        let kotlin = |set: &str| -> Result<Vec<&str>> {
            let found: Vec<_> = files.iter().filter(below(format!("{folder}/src/{set}/java"))).collect();
            for file in &found {
                ensure!(file.is("kt"), "{}: only Kotlin is compiled here", file.path);
            }
            Ok(found.iter().map(|file| file.path.as_str()).collect())
        };
        let (main, test) = (kotlin("main")?, kotlin("test")?);
        let rust = files.iter().filter(below(rust.to_owned())).filter(|file| file.is("rs")).collect();
        let rules = files.iter().filter(below(folder.clone())).filter(|file| file.is("pro"));
        let rules = rules.map(|file| file.text.as_str()).collect();
        Ok(Self { folder, main, test, rust, rules })
    }
}

/// As the compiler takes them.
pub fn paths(files: &[&str]) -> Vec<PathBuf> {
    files.iter().map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File { path: path.to_owned(), text: format!("{path}\n") }
    }

    #[test]
    fn a_module_has_its_kotlin_its_tests_its_rust_and_its_rules() -> Result<()> {
        let files = [
            file("mobile/a/android/src/main/java/A.kt"),
            file("mobile/a/android/src/main/AndroidManifest.xml"),
            file("mobile/a/android/src/test/java/ATest.kt"),
            file("mobile/a/android/consumer-rules.pro"),
            file("mobile/a/src/jvm.rs"),
            file("mobile/a/examples/b.rs"),
            file("mobile/ab/android/src/main/java/B.kt"),
            file("mobile/c/src/lib.rs"),
        ];
        let modules = Sources::of(&files)?;
        assert_eq!(
            modules.iter().map(|module| module.folder.as_str()).collect::<Vec<_>>(),
            ["mobile/a/android", "mobile/ab/android"]
        );
        let a = &modules[0];
        assert_eq!(
            (&a.main[..], &a.test[..]),
            (&["mobile/a/android/src/main/java/A.kt"][..], &["mobile/a/android/src/test/java/ATest.kt"][..])
        );
        assert_eq!(a.rust.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["mobile/a/src/jvm.rs"]);
        assert_eq!(a.rules, "mobile/a/android/consumer-rules.pro\n");
        Ok(())
    }

    #[test]
    fn java_would_be_left_out_and_is_refused() {
        assert!(Sources::of(&[file("mobile/a/android/src/main/java/A.java")]).is_err());
    }
}
