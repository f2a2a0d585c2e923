//! What a fresh Debian machine lacks beyond Rust and Node: Debian's packages, and the packages of `package-lock.json` files.
//!
//! Adds Debian packages only as root or when told to; otherwise it prints the command and stops. Quick when all is there.

use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};

use crate::command;

/// Debian's packages, each with what needs it.
const PACKAGES: &[&str] = &[
    // tidy asks git which files there are
    "git",
    // the app's window
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    // the walk: a display, a driver for each window, letters to draw
    "xvfb",
    "webkit2gtk-driver",
    "chromium",
    "chromium-driver",
    "fonts-dejavu-core",
    // a Secret Service, for the contract of the secret stores
    "dbus",
    "gnome-keyring",
    // what the portal asks of the system before it acknowledges bytes
    "strace",
    // the emulator's package, in a Debian with nothing else in it
    "mmdebstrap",
    // the received PDF under a second opinion
    "qpdf",
    // whether a cleaned page can be read
    "tesseract-ocr",
    "tesseract-ocr-eng",
    // check-mobile: ring's C, and headers that an Android build can read
    "clang-14",
    "libc6-dev-arm64-cross",
    // check-mobile: what the Kotlin compiler runs on, and what fetches Android's classes
    "openjdk-17-jdk-headless",
    "maven",
    // the webcam's bindings: what reads the kernel's header, and the header
    "libclang1-14",
    "libclang-common-14-dev",
    "linux-libc-dev",
    // fuzz: libFuzzer is C++
    "g++",
    // the net as a phone's processor computes it
    "gcc-aarch64-linux-gnu",
    "qemu-user",
];

/// Folders with a `package-lock.json`.
const NODE_FOLDERS: &[&str] = &["ui", "tests/oidc", "tests/browser", "xtask/kotlin"];

/// Installs what is missing.
pub fn everything(root: &Path, allowed: bool) -> Result<()> {
    debian(allowed)?;
    for folder in NODE_FOLDERS {
        node(&root.join(folder))?;
    }
    Ok(())
}

fn debian(allowed: bool) -> Result<()> {
    if !Path::new("/etc/debian_version").exists() {
        println!("Not a Debian machine: install the counterparts of {} yourself.", PACKAGES.join(", "));
        return Ok(());
    }
    let missing = missing()?;
    if missing.is_empty() {
        return Ok(());
    }
    let root = command::output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut install: Vec<&str> = vec!["apt-get", "install", "-y", "--no-install-recommends"];
    install.extend(&missing);
    if !root {
        install.insert(0, "sudo");
    }
    if !root && !allowed {
        bail!(
            "these packages are missing; run this, or the same command again with --install:\n\n    {}\n",
            install.join(" ")
        );
    }
    println!("installing {}", missing.join(" "));
    let update: &[&str] = if root { &["apt-get", "update"] } else { &["sudo", "apt-get", "update"] };
    for words in [update, &install] {
        let mut program = Command::new(words[0]);
        command::run(program.args(&words[1..]).arg("-q").env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

fn missing() -> Result<Vec<&'static str>> {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(PACKAGES)
        .output()
        .context("dpkg-query")?;
    // It fails when one of the packages is unknown, and names the others all the same.
    Ok(not_installed(PACKAGES, &String::from_utf8_lossy(&output.stdout)))
}

fn not_installed<'a>(wanted: &[&'a str], listed: &str) -> Vec<&'a str> {
    let installed: Vec<_> = listed.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    wanted.iter().copied().filter(|package| !installed.contains(package)).collect()
}

/// `npm ci` where what lies there is older than the lock.
pub fn node(folder: &Path) -> Result<()> {
    let modified = |path: &str| fs::metadata(folder.join(path)).and_then(|data| data.modified());
    let lock = modified("package-lock.json").with_context(|| format!("{}", folder.display()))?;
    // npm writes this file last.
    if modified("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    println!("installing the packages of {}", folder.display());
    command::run(command::npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_package_whose_settings_remain_is_missing() {
        let listed = "qpdf installed\nxvfb config-files\n";
        assert_eq!(not_installed(&["qpdf", "xvfb", "chromium"], listed), ["xvfb", "chromium"]);
    }
}
