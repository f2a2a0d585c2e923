//! `cargo xtask check-mobile`: the app's Rust, type-checked for Android and iOS on a machine without their SDKs.
//!
//! Debian's `rustc-web` brings the standard library's source, from which cargo checks it for any target. What C there
//! is (`ring`) is compiled against Debian's headers for Android and not at all for iOS: nothing is ever linked, so all
//! this says is that the Rust is right for the phone, which is the part that is written here.

use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command;

/// Of one source, so of one version. What `rustc-web` depends on besides is on every machine that compiles.
const COMPILER: &[&str] = &["rustc-web", "rust-web-src", "libstd-rust-web-dev"];
const ANDROID: &str = "aarch64-linux-android";
const IOS: &str = "aarch64-apple-ios";
/// The app's package, whose library is what a phone loads.
const APP: &str = "folio";

/// Checks the app for both, after making sure that an error on a phone is seen.
pub fn check(root: &Path) -> Result<()> {
    let tools = Tools::prepared()?;
    for target in [ANDROID, IOS] {
        println!("check-mobile: {target}");
        see_an_error(root, &tools, target)?;
        let mut check = tools.check(root, target)?;
        command::run(check.args(["--lib", "--locked", "-p", APP]))?;
    }
    Ok(())
}

/// The negative control.
fn see_an_error(root: &Path, tools: &Tools, target: &str) -> Result<()> {
    let output = tools.check(&root.join("xtask/fixtures/wrong-on-phones"), target)?.output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "the check for {target} passes a file that is wrong there: it checks nothing");
    ensure!(errors.contains("error[E0308]"), "the check for {target} fails for another reason:\n{errors}");
    Ok(())
}

/// A compiler with the standard library's source, and stand-ins for what an SDK would bring.
struct Tools {
    rustc: PathBuf,
    /// iOS: takes the place of Apple's clang.
    compiler: PathBuf,
    /// iOS: takes the place of Apple's SDK; empty.
    sdk: PathBuf,
}

impl Tools {
    /// Unpacks the compiler below the user's cache, once for each version.
    fn prepared() -> Result<Self> {
        let home = std::env::home_dir().context("no home folder")?;
        let version = candidate()?;
        let place = home.join(".cache/folio/mobile").join(version.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        if !place.join("unpacked").exists() {
            unpack(&place, &version)?;
        }
        let tools = Self { rustc: place.join("rustc"), compiler: place.join("cc"), sdk: place.join("sdk") };
        fs::create_dir_all(&tools.sdk)?;
        script(
            &tools.rustc,
            "here=$(dirname \"$0\")/root/usr\n\
             LD_LIBRARY_PATH=\"$here/lib/x86_64-linux-gnu:$here/lib/aarch64-linux-gnu\" exec \"$here/bin/rustc\" \"$@\"\n",
        )?;
        script(&tools.compiler, STAND_IN)?;
        Ok(tools)
    }

    fn check(&self, folder: &Path, target: &str) -> Result<Command> {
        let mut check = command::cargo(folder);
        check
            .args(["check", "--quiet", "-Zbuild-std=std,panic_abort", "--target", target])
            // Only build scripts and macros run here, once: optimising them costs more than it gives.
            .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
            // Apart from the other one: the same folder used by two compilers is built anew at every turn.
            .env("CARGO_TARGET_DIR", command::target_folder()?.join("mobile"))
            .env("RUSTC", &self.rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env("CC_aarch64_linux_android", "clang-14")
            .env(
                "CFLAGS_aarch64_linux_android",
                "--target=aarch64-linux-android26 -isystem /usr/aarch64-linux-gnu/include",
            )
            .env("AR_aarch64_linux_android", "ar")
            .env("CC_aarch64_apple_ios", &self.compiler)
            .env("AR_aarch64_apple_ios", "ar")
            .env("SDKROOT", &self.sdk);
        Ok(check)
    }
}

/// Answers what build scripts ask a compiler, and makes an empty object of whatever they compile.
const STAND_IN: &str = r#"out=
previous=
for word in "$@"; do
  case "$word" in -E | '-?' | --version) exec clang-14 "$@" ;; esac
  [ "$previous" = -o ] && out=$word
  previous=$word
done
[ -z "$out" ] && exec clang-14 "$@"
exec clang-14 --target=arm64-apple-ios -c -x c /dev/null -o "$out"
"#;

fn script(path: &Path, body: &str) -> Result<()> {
    let text = format!("#!/bin/sh\n{body}");
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}

/// The version of `rustc-web` that apt would install.
fn candidate() -> Result<String> {
    let policy = command::output(Command::new("apt-cache").args(["policy", COMPILER[0]]))?;
    match field(&policy, "Candidate:") {
        Some(version) if version != "(none)" => Ok(version.to_owned()),
        _ => bail!("apt knows no {}: run `apt-get update`", COMPILER[0]),
    }
}

fn unpack(place: &Path, version: &str) -> Result<()> {
    println!("unpacking rustc-web {version} and the standard library's source");
    let packed = place.join("packed");
    fs::create_dir_all(&packed)?;
    let mut wanted: Vec<String> = COMPILER.iter().map(|name| format!("{name}={version}")).collect();
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
