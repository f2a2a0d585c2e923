//! `cargo xtask emulator`: the desktop build as a Debian package for testers, and the test that it installs and starts where
//! nothing else is.
//!
//! Tauri's own bundler makes the package; `src-tauri/emulator` says what is in it. A debug build with the tester's panel: a
//! release build with it does not compile.

mod clean;

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{command, demo};

const PROGRAM: &str = "folio";
/// As in `src-tauri/emulator/emulator.conf.json`.
const PACKAGE: &str = "folio-emulator";

/// Builds the app and the package, and says where it is.
pub fn run(root: &Path) -> Result<()> {
    demo::build(root, false)?;
    let package = package(root)?;
    println!("{}\n\n    sudo apt install {}", size(&package)?, package.display());
    Ok(())
}

/// Packages what was built last, installs it in a clean root, starts it there and takes it away again. Gives the number of promises.
pub fn test(root: &Path) -> Result<usize> {
    let package = package(root)?;
    println!("{}", size(&package)?);
    clean::walk(&package)
}

/// A package of the program that was built last.
fn package(root: &Path) -> Result<PathBuf> {
    let place = command::target_folder()?.join("emulator");
    let bundles = place.join("debug/bundle");
    fs::create_dir_all(place.join("debug"))?;
    if bundles.exists() {
        fs::remove_dir_all(&bundles)?;
    }
    // A copy: the bundler writes into the program, and lines of the source are most of its size.
    let (built, copy) = (command::target_folder()?.join("debug").join(PROGRAM), place.join("debug").join(PROGRAM));
    command::run(Command::new("strip").arg("--strip-debug").arg("-o").arg(&copy).arg(&built))?;
    let folder = root.join("src-tauri");
    let mut bundle = Command::new("node");
    bundle.current_dir(&folder).arg("../ui/node_modules/@tauri-apps/cli/tauri.js");
    bundle.args(["bundle", "--ci", "--debug", "--bundles", "deb", "--config", "emulator/emulator.conf.json"]);
    command::output(bundle.env("CARGO_TARGET_DIR", &place))?;
    let made: Vec<PathBuf> = fs::read_dir(bundles.join("deb"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .collect();
    ensure!(made.len() == 1, "the bundler made {made:?} instead of one package");
    // Its name has a space in it.
    let name = field(&made[0], "Package")?;
    ensure!(name == PACKAGE, "the package is called '{name}'");
    let (version, architecture) = (field(&made[0], "Version")?, field(&made[0], "Architecture")?);
    let named = place.join(format!("{PACKAGE}_{version}_{architecture}.deb"));
    fs::rename(&made[0], &named)?;
    Ok(named)
}

fn field(package: &Path, name: &str) -> Result<String> {
    let said = command::output(Command::new("dpkg-deb").arg("--field").arg(package).arg(name))?;
    Ok(said.trim().to_owned())
}

fn size(package: &Path) -> Result<String> {
    let bytes = fs::metadata(package).with_context(|| format!("{}", package.display()))?.len();
    Ok(format!("{}: {:.1} MiB", package.display(), bytes as f64 / f64::from(1 << 20)))
}
