//! A Debian with nothing in it but what the package says it needs, and what a tester does there.
//!
//! The root is made once for each list of dependencies, below the user's cache, and needs Debian's mirror then; a run needs none.
//! Every run installs the package with apt, which refuses it where something is missing, and removes it again.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{PACKAGE, PROGRAM, field};
use crate::{command, demo::Desk};

/// Inside the root.
const DROPPED: &str = "/tmp/folio-emulator.deb";
const HOME: &str = "/tmp/tester";
/// Where the machine's own apt finds Debian.
const SOURCES: [&str; 2] = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];

/// Gives the number of promises that held; the first that does not is an error.
pub fn walk(package: &Path) -> Result<usize> {
    let clean = Clean::prepared(&field(package, "Depends")?)?;
    clean.purge()?;
    ensure!(!clean.has(PROGRAM), "the root is not clean: {PROGRAM} is there");
    fs::copy(package, clean.inside(DROPPED))?;
    let mut install = clean.command(&["apt-get", "install", "--yes", "--quiet", DROPPED])?;
    command::output(install.env("DEBIAN_FRONTEND", "noninteractive")).context("the package does not install")?;
    for (promise, holds) in PROMISES {
        holds(&clean).context(*promise)?;
        println!("  {promise}");
    }
    Ok(PROMISES.len())
}

type Promise = (&'static str, fn(&Clean) -> Result<()>);

/// In this order, after the installation.
const PROMISES: &[Promise] = &[
    ("every library that the program needs is there", Clean::libraries),
    ("the app starts, shows its first screen and the tester's panel", Clean::start),
    ("a phone is as new after --reset", Clean::reset),
    ("a name that is a path is refused", Clean::refuse),
    ("nothing is left when the package is removed", Clean::purge),
];

struct Clean(PathBuf);

impl Clean {
    /// Makes the root where it is not there yet.
    fn prepared(depends: &str) -> Result<Self> {
        let packages: Vec<&str> = depends.split(',').filter_map(|name| name.split_whitespace().next()).collect();
        let suite = suite(&fs::read_to_string("/etc/os-release")?).context("which Debian is this?")?.to_owned();
        let key: String =
            Sha256::digest(format!("{suite} {depends}")).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let place = std::env::home_dir().context("no home folder")?.join(".cache/folio/emulator").join(key);
        if place.exists() {
            return Ok(Self(place));
        }
        println!("making a clean {suite} with {} (once)", packages.join(", "));
        let unfinished = place.with_extension("unfinished");
        let mut bootstrap =
            as_root(&["mmdebstrap", "--quiet", "--variant=apt", "--aptopt=APT::Install-Recommends \"false\""])?;
        bootstrap.arg(format!("--include={}", packages.join(","))).arg(&suite);
        if unfinished.exists() {
            command::run(as_root(&["rm", "-rf"])?.arg(&unfinished))?;
        }
        fs::create_dir_all(place.parent().context("the cache")?)?;
        bootstrap.arg(&unfinished).args(SOURCES.iter().find(|file| Path::new(file).exists()));
        command::run(&mut bootstrap)?;
        command::run(as_root(&["mv"])?.arg(&unfinished).arg(&place))?;
        Ok(Self(place))
    }

    fn inside(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches('/'))
    }

    fn has(&self, program: &str) -> bool {
        self.inside(&format!("/usr/bin/{program}")).exists()
    }

    /// With devices and processes, in a mount namespace that ends with it.
    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = as_root(&["unshare", "--mount", "sh", "-c", ENTER])?;
        command.arg(&self.0).args(words).env("HOME", HOME);
        Ok(command)
    }

    fn libraries(&self) -> Result<()> {
        let said = command::output(&mut self.command(&["ldd", &format!("/usr/bin/{PROGRAM}")])?)?;
        let missing: Vec<&str> = said.lines().filter(|line| line.contains("not found")).collect();
        ensure!(missing.is_empty(), "{}", missing.join("\n"));
        Ok(())
    }

    fn start(&self) -> Result<()> {
        let data = tempfile::Builder::new().prefix("folio-emulator-").tempdir()?;
        fs::create_dir_all(data.path().join("logs"))?;
        let desk = Desk::start(data.path())?;
        let window = desk.open_window(data.path(), &self.command(&[PACKAGE])?)?;
        window.control("Add a document")?;
        window.click("Test")?;
        window.control("Kill the app")?;
        Ok(())
    }

    fn reset(&self) -> Result<()> {
        let phone = self.inside(&format!("{HOME}/.local/share/folio-emulator/phone"));
        ensure!(fs::read_dir(&phone).is_ok_and(|mut files| files.next().is_some()), "the phone kept nothing");
        command::output(&mut self.command(&[PACKAGE, "--reset"])?)?;
        ensure!(!phone.exists(), "{} is still there", phone.display());
        Ok(())
    }

    fn refuse(&self) -> Result<()> {
        let status = self.command(&[PACKAGE, "--reset", "../.."])?.output()?.status;
        ensure!(status.code() == Some(2), "it ended with {status}");
        Ok(())
    }

    fn purge(&self) -> Result<()> {
        if self.has(PROGRAM) {
            command::output(&mut self.command(&["dpkg", "--purge", PACKAGE])?)?;
        }
        let home = self.inside(HOME);
        command::run(as_root(&["rm", "-rf"])?.arg(home))?;
        let left =
            [format!("/usr/bin/{PACKAGE}"), format!("/usr/share/{PACKAGE}"), format!("/usr/share/doc/{PACKAGE}")];
        let left: Vec<&String> = left.iter().filter(|path| self.inside(path).exists()).collect();
        ensure!(left.is_empty(), "{left:?} are left");
        Ok(())
    }
}

/// `sh -c ENTER ROOT WORD…`
const ENTER: &str = r#"mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@""#;

/// Only the system's administrator may change roots.
fn as_root(words: &[&str]) -> Result<Command> {
    let mut all = words.to_vec();
    if command::output(Command::new("id").arg("-u"))?.trim() != "0" {
        all.splice(0..0, ["sudo", "--preserve-env"]);
    }
    let mut command = Command::new(all[0]);
    command.args(&all[1..]);
    Ok(command)
}

/// `VERSION_CODENAME=bookworm`
fn suite(release: &str) -> Option<&str> {
    release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).map(|name| name.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_is_read() {
        assert_eq!(suite("NAME=\"Debian\"\nVERSION_CODENAME=bookworm\n"), Some("bookworm"));
        assert_eq!(suite("NAME=\"Debian\"\n"), None);
    }
}
