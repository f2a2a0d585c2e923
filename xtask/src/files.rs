//! The repository's files as git knows them: tracked, and untracked ones that it does not ignore.

use anyhow::Result;
use std::{fs, path::Path, process::Command};

use crate::command;

/// A file of text.
pub struct File {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

/// Every file that is text, in the order of the paths.
pub fn tracked(root: &Path) -> Result<Vec<File>> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let names = command::output(Command::new("git").args(list).current_dir(root))?;
    let mut names: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    // What is deleted but not committed yet cannot be read, and pictures are no text.
    let read = |name: &str| Some(File { path: name.to_owned(), text: fs::read_to_string(root.join(name)).ok()? });
    Ok(names.into_iter().filter_map(read).collect())
}
