//! A compiler that comes with the standard library's source, so that cargo can build that for any target.
//!
//! Debian's `rustc-web`, unpacked below the user's cache once for each version; nothing is installed.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command;

/// Of one source, so of one version. What `rustc-web` depends on besides is on every machine that compiles.
const PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "libstd-rust-web-dev"];

/// The compiler's place; what belongs to it may be put there too.
pub struct Compiler(PathBuf);

impl Compiler {
    /// Unpacks it where it is not there yet.
    pub fn prepared() -> Result<Self> {
        let home = std::env::home_dir().context("no home folder")?;
        let version = candidate()?;
        let place = home.join(".cache/folio/mobile").join(version.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        if !place.join("unpacked").exists() {
            unpack(&place, &version)?;
        }
        let compiler = Self(place);
        compiler.script(
            "rustc",
            "here=$(dirname \"$0\")/root/usr\n\
             LD_LIBRARY_PATH=\"$here/lib/x86_64-linux-gnu:$here/lib/aarch64-linux-gnu\" exec \"$here/bin/rustc\" \"$@\"\n",
        )?;
        Ok(compiler)
    }

    /// Cargo's `subcommand` in `folder` for `target`, the standard library (its parts in `library`) included.
    pub fn cargo(&self, folder: &Path, subcommand: &str, target: &str, library: &str) -> Result<Command> {
        let mut cargo = command::cargo(folder);
        cargo
            .args([subcommand, "--quiet", "--locked", &format!("-Zbuild-std={library}"), "--target", target])
            // Apart from the other one: the same folder used by two compilers is built anew at every turn.
            .env("CARGO_TARGET_DIR", command::target_folder()?.join("mobile"))
            .env("RUSTC", self.0.join("rustc"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTUP_TOOLCHAIN");
        Ok(cargo)
    }

    /// A shell script beside the compiler.
    pub fn script(&self, name: &str, body: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        let text = format!("#!/bin/sh\n{body}");
        if !fs::read_to_string(&path).is_ok_and(|there| there == text) {
            fs::write(&path, text)?;
            #[cfg(unix)]
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        }
        Ok(path)
    }

    /// An empty folder beside the compiler.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::create_dir_all(&path)?;
        Ok(path)
    }
}

/// The version of `rustc-web` that apt would install.
fn candidate() -> Result<String> {
    let policy = command::output(Command::new("apt-cache").args(["policy", PACKAGES[0]]))?;
    match field(&policy, "Candidate:") {
        Some(version) if version != "(none)" => Ok(version.to_owned()),
        _ => bail!("apt knows no {}: run `apt-get update`", PACKAGES[0]),
    }
}

fn unpack(place: &Path, version: &str) -> Result<()> {
    println!("unpacking rustc-web {version} and the standard library's source");
    let packed = place.join("packed");
    fs::create_dir_all(&packed)?;
    let mut wanted: Vec<String> = PACKAGES.iter().map(|name| format!("{name}={version}")).collect();
    // The library package is named after the version, and it names the LLVM that it was built with.
    let library = dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    wanted.push(dependency(&library, "libllvm")?);
    wanted.push(format!("{library}={version}"));
    command::run(
        Command::new("apt-get")
            .args(["-o", "APT::Sandbox::User=root", "download", "-qq"])
            .args(&wanted)
            .current_dir(&packed),
    )?;
    for package in fs::read_dir(&packed)? {
        command::run(Command::new("dpkg").arg("-x").arg(package?.path()).arg(place.join("root")))?;
    }
    fs::remove_dir_all(&packed)?;
    fs::write(place.join("unpacked"), version)?;
    Ok(())
}

fn dependency(package: &str, prefix: &str) -> Result<String> {
    let depends = command::output(Command::new("apt-cache").args(["depends", "--important", package]))?;
    depends
        .lines()
        .filter_map(|line| field(line, "Depends:"))
        .find(|name| name.starts_with(prefix))
        .map(str::to_owned)
        .with_context(|| format!("{package} depends on no {prefix}…"))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_apt_would_install_is_read_from_its_policy() {
        let policy = "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n  Version table:\n";
        assert_eq!(field(policy, "Candidate:"), Some("1.96.0+dfsg1-1~deb12u2"));
    }
}
