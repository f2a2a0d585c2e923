//! The Kotlin that Tauri brings, as a Gradle build would find it: its library, and what its build writes into the app.
//!
//! Compiled together with the stubs of androidx, from which all own modules take them.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

use super::compiler::{Module, Tools};
use crate::command;

/// What the templates call the app's library; no name here depends on it.
const LIBRARY: &str = "folio_lib";

/// Compiles it all; gives the folder of the classes.
pub fn compiled(root: &Path, tools: &Tools, build: &Path) -> Result<PathBuf> {
    let (written, out) = (build.join("tauri-sources"), build.join("tauri"));
    let metadata = command::output(command::cargo(root).args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let (tauri, wry) = (folder(&metadata, "tauri")?, folder(&metadata, "wry")?);
    let app = package(root)?;
    let environment = environment(root)?;
    for templates in [tauri.join("mobile/android-codegen"), wry.join("src/android/kotlin")] {
        for template in fs::read_dir(&templates).with_context(|| templates.display().to_string())? {
            let template = template?;
            let class = template.path().file_stem().unwrap_or_default().to_string_lossy().to_uppercase();
            let extension = environment
                .get(&format!("WRY_{class}_CLASS_EXTENSION"))
                .and_then(toml::Value::as_str)
                .unwrap_or_default();
            write(
                &written.join(template.file_name()),
                &filled(&fs::read_to_string(template.path())?, &app, extension),
            )?;
        }
    }
    // Gradle's Android plugin writes such a class for every module.
    for package in ["app.tauri", &app] {
        let text = format!(
            "package {package};\npublic final class BuildConfig {{ public static final boolean DEBUG = false; }}\n"
        );
        write(&written.join(package.replace('.', "/")).join("BuildConfig.java"), &text)?;
    }
    let sources = [
        written,
        tauri.join("mobile/android/src/main/java"),
        root.join("xtask/kotlin/stubs"),
        // What the web view's client calls; it stands on the framework alone.
        root.join("mobile/device/android/src/main/java/Renderer.kt"),
    ];
    tools.compile_library(&Module { name: "tauri", sources: &sources, on: &[], friends: &[], out: &out })?;
    Ok(out)
}

/// What cargo's own configuration says to the build scripts that write Kotlin.
fn environment(root: &Path) -> Result<toml::Table> {
    let configuration: toml::Table = fs::read_to_string(root.join(".cargo/config.toml"))?.parse()?;
    Ok(configuration.get("env").and_then(toml::Value::as_table).cloned().unwrap_or_default())
}

fn filled(template: &str, app: &str, extension: &str) -> String {
    let values = [
        ("package", app),
        ("package-unescaped", app),
        ("library", LIBRARY),
        ("class-extension", extension),
        ("class-init", ""),
    ];
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(fs::write(path, text)?)
}

/// The app's package: its identifier.
fn package(root: &Path) -> Result<String> {
    let configuration: Value = serde_json::from_str(&fs::read_to_string(root.join("src-tauri/tauri.conf.json"))?)?;
    let identifier = configuration["identifier"].as_str().context("tauri.conf.json has no identifier")?;
    Ok(identifier.replace('-', "_"))
}

/// Where cargo keeps the package's source.
fn folder(metadata: &Value, name: &str) -> Result<PathBuf> {
    let packages = metadata["packages"].as_array().context("cargo metadata")?;
    let found =
        packages.iter().find(|package| package["name"] == name).with_context(|| format!("no package {name}"))?;
    let manifest = Path::new(found["manifest_path"].as_str().context("cargo metadata")?);
    Ok(manifest.parent().context("a manifest's folder")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_whole() {
        let template = "package {{package}}\nSystem.loadLibrary(\"{{library}}\")\n{{class-init}}{{class-extension}}";
        let filled = filled(template, "lu.folio.app", "fun more() {}");
        assert_eq!(filled, "package lu.folio.app\nSystem.loadLibrary(\"folio_lib\")\nfun more() {}");
    }
}
