//! The app's Rust, type-checked for Android and iOS.
//!
//! What C there is (`ring`) is compiled against Debian's headers for Android and not at all for iOS: nothing is ever
//! linked, so all this says is that the Rust is right for the phone, which is the part that is written here.

use anyhow::{Result, ensure};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::compiler::Compiler;

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
        let output = check.args(["--lib", "-p", APP]).stdout(Stdio::inherit()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the app does not compile for {target}:\n{said}");
        ensure!(!warns(&said), "the compiler warns of the app for {target}:\n{said}");
    }
    Ok(())
}

/// Clippy sees the desktop's half only. Cargo says again what it has said of a package of this workspace.
fn warns(said: &str) -> bool {
    said.lines().any(|line| line.starts_with("warning"))
}

/// The negative control.
fn see_an_error(root: &Path, tools: &Tools, target: &str) -> Result<()> {
    let output = tools.check(&root.join("xtask/fixtures/wrong-on-phones"), target)?.output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "the check for {target} passes a file that is wrong there: it checks nothing");
    ensure!(errors.contains("error[E0308]"), "the check for {target} fails for another reason:\n{errors}");
    Ok(())
}

/// The compiler, and stand-ins for what an SDK would bring.
struct Tools {
    rust: Compiler,
    /// iOS: takes the place of Apple's clang.
    clang: PathBuf,
    /// iOS: takes the place of Apple's SDK; empty.
    sdk: PathBuf,
}

impl Tools {
    fn prepared() -> Result<Self> {
        let rust = Compiler::prepared()?;
        let (clang, sdk) = (rust.script("cc", STAND_IN)?, rust.folder("sdk")?);
        Ok(Self { rust, clang, sdk })
    }

    fn check(&self, folder: &Path, target: &str) -> Result<Command> {
        let mut check = self.rust.cargo(folder, "check", target, "std,panic_abort")?;
        check
            // Only build scripts and macros run here, once: optimising them costs more than it gives.
            .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
            .env("CC_aarch64_linux_android", "clang-14")
            .env(
                "CFLAGS_aarch64_linux_android",
                "--target=aarch64-linux-android26 -isystem /usr/aarch64-linux-gnu/include",
            )
            .env("AR_aarch64_linux_android", "ar")
            .env("CC_aarch64_apple_ios", &self.clang)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_no_success() {
        assert!(warns("warning: unused import: `scan::Quad`\n  --> mobile/camera/src/ios/frames.rs:18:5\n"));
        assert!(!warns("") && !warns("    Checking folio v0.1.0\n  = note: a warning of somebody else\n"));
    }
}
