//! What the benchmark needs beyond the project's own tools: packages of npm, PyPI and Debian, each kept for the next run.
//!
//! Knows where they go; nothing is installed into the system, and only the ordinary clients are used.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::Bench;
use crate::{command, install};

/// Folder of the programs that answer in place of others.
fn programs(bench: &Bench) -> PathBuf {
    bench.root.join("crates/scan/bench")
}

/// Installs the packages of npm; gives the folder of the scripts that use them.
pub fn node(bench: &Bench) -> Result<PathBuf> {
    let folder = programs(bench);
    install::node(&folder)?;
    Ok(folder)
}

/// A Python that has the packages of `requirements.txt`, about to run one of the programs there.
pub fn python(bench: &Bench, program: &str) -> Result<Command> {
    let (folder, environment) = (programs(bench), bench.work.join("venv"));
    let (wanted, installed) = (folder.join("requirements.txt"), environment.join("requirements.txt"));
    let wanted_text = fs::read_to_string(&wanted)?;
    let python = environment.join("bin/python");
    if fs::read_to_string(&installed).ok().as_deref() != Some(&wanted_text) {
        println!("installing the packages of {}", wanted.display());
        command::run(Command::new("python3").args(["-m", "venv"]).arg(&environment)).context("Debian: python3-venv")?;
        command::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&wanted))?;
        fs::write(installed, wanted_text)?;
    }
    let mut command = Command::new(python);
    command.arg(folder.join(program));
    Ok(command)
}

/// Downloads Debian packages and unpacks them into a folder of their own, which it gives.
pub fn debian(bench: &Bench, packages: &[&str]) -> Result<PathBuf> {
    let (archives, unpacked) = (bench.work.join("debs"), bench.work.join("unseen"));
    fs::create_dir_all(&archives)?;
    for package in packages {
        let copyright = unpacked.join("usr/share/doc").join(package).join("copyright");
        if copyright.exists() {
            continue;
        }
        let whole = || archive(&archives, package);
        if whole().is_none() {
            command::run(Command::new("apt-get").args(["download", "-q", package]).current_dir(&archives))?;
        }
        let archive = whole().with_context(|| format!("{package}: not downloaded"))?;
        command::run(Command::new("dpkg-deb").arg("-x").arg(archive).arg(&unpacked))?;
        ensure!(copyright.exists(), "{package} does not say what its licence is");
    }
    Ok(unpacked)
}

fn archive(folder: &Path, package: &str) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten();
    let start = format!("{package}_");
    entries.find(|entry| entry.file_name().to_string_lossy().starts_with(&start)).map(|entry| entry.path())
}
