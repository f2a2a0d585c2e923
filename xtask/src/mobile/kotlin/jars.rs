//! The jars of `xtask/kotlin/pom.xml`: fetched by Maven once, and exactly those of `SHA256SUMS`.
//!
//! They lie below the user's cache in Maven's own order; nothing that is built here ever does.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command;

pub struct Jars(Vec<PathBuf>);

impl Jars {
    pub fn fetched(root: &Path) -> Result<Self> {
        let home = std::env::home_dir().context("no home folder")?;
        let place = home.join(".cache/folio/kotlin/maven");
        let sums = fs::read_to_string(root.join("xtask/kotlin/SHA256SUMS"))?;
        let wanted = sums.lines().map(sum).collect::<Result<Vec<_>>>()?;
        if wanted.iter().any(|(_, path)| !place.join(path).exists()) {
            fetch(root, &place)?;
        }
        for (sum, path) in &wanted {
            let found = digest(&place.join(path))?;
            ensure!(
                found == *sum,
                "{} is not the one that was chosen: its SHA-256 is {found}",
                place.join(path).display()
            );
        }
        Ok(Self(wanted.iter().map(|(_, path)| place.join(path)).collect()))
    }

    /// Those whose names begin so; all must be there.
    pub fn named(&self, names: &[&str]) -> Result<Vec<PathBuf>> {
        let named = |name: &&str| {
            let is = |jar: &&PathBuf| jar.file_name().is_some_and(|file| file.to_string_lossy().starts_with(*name));
            self.0.iter().find(is).cloned().with_context(|| format!("SHA256SUMS has no {name}"))
        };
        names.iter().map(named).collect()
    }
}

fn fetch(root: &Path, place: &Path) -> Result<()> {
    println!("fetching Android's classes");
    let mut repository = OsString::from("-Dmaven.repo.local=");
    repository.push(place);
    // Its terminal library prints escapes even where it says nothing.
    command::output(
        Command::new("mvn")
            .args(["--quiet", "--batch-mode", "--file"])
            .arg(root.join("xtask/kotlin/pom.xml"))
            .arg(repository)
            .arg("dependency:resolve"),
    )
    .map(drop)
}

/// A line of `sha256sum`.
fn sum(line: &str) -> Result<(&str, &str)> {
    let parts = line.split_once("  ").filter(|(sum, path)| sum.len() == 64 && path.ends_with(".jar"));
    parts.with_context(|| format!("SHA256SUMS: '{line}' is no sum and jar"))
}

fn digest(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path).with_context(|| format!("pom.xml does not bring {}", path.display()))?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => digest.update(&piece[..read]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_sum_and_a_jar() -> Result<()> {
        let line = format!("{}  junit/junit/4.13.2/junit-4.13.2.jar", "0".repeat(64));
        assert_eq!(sum(&line)?.1, "junit/junit/4.13.2/junit-4.13.2.jar");
        assert!(sum("0  junit.jar").is_err() && sum(&line.replace(".jar", ".pom")).is_err());
        Ok(())
    }

    #[test]
    fn a_jar_that_was_changed_has_another_sum() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let jar = folder.path().join("a.jar");
        fs::write(&jar, "abc")?;
        // FIPS 180-2, appendix B.1.
        assert_eq!(digest(&jar)?, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        fs::write(&jar, "abd")?;
        assert_ne!(digest(&jar)?, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Ok(())
    }
}
