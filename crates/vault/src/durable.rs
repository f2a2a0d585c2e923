//! Files that are whole or not there: written beside, synced, renamed, and the folder synced.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// A point at which a write can be cut or fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Write,
    Sync,
    Rename,
    SyncFolder,
    /// A file is removed.
    Remove,
}

/// Asked before each step of a write or a removal, so that a test can fill the disk or end the process there.
pub trait Faults: Send + Sync {
    fn before(&self, step: Step) -> io::Result<()>;
}

/// Lets everything pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn before(&self, _: Step) -> io::Result<()> {
        Ok(())
    }
}

/// Suffix of files that are not finished; leftovers are removed when a vault is opened.
pub(crate) const UNFINISHED: &str = "tmp";

/// Replaces `path` by what `write` writes, readable by this user only. `beside` is in the same folder. When this fails
/// before the rename, the old file stays.
pub(crate) fn replace(
    path: &Path,
    beside: &Path,
    faults: &dyn Faults,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let written = finish(path, beside, faults, write);
    if written.is_err() {
        // The error that matters is the first; a leftover is removed when the vault is opened again.
        let _ = fs::remove_file(beside);
    }
    written
}

fn finish(
    path: &Path,
    beside: &Path,
    faults: &dyn Faults,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = create_private(beside)?;
    faults.before(Step::Write)?;
    write(&mut file)?;
    faults.before(Step::Sync)?;
    file.sync_all()?;
    drop(file);
    faults.before(Step::Rename)?;
    fs::rename(beside, path)?;
    faults.before(Step::SyncFolder)?;
    sync_folder_of(path)
}

/// Removes a file for good; one that is not there is gone already.
pub(crate) fn remove(path: &Path, faults: &dyn Faults) -> io::Result<()> {
    faults.before(Step::Remove)?;
    match fs::remove_file(path) {
        Ok(()) => sync_folder_of(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Leaves an empty file, so that what was begun is gone on with after a restart. A full disk must keep nobody from deleting
/// what fills it, so there the mark is left out.
pub(crate) fn mark(path: &Path, faults: &dyn Faults) -> io::Result<()> {
    let written = faults.before(Step::Write).and_then(|()| create_private(path)?.sync_all());
    match written.and_then(|()| sync_folder_of(path)) {
        Err(error) if is_full(&error) => Ok(()),
        other => other,
    }
}

pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a rename survive a power cut. Windows has no such call and keeps a journal of its own.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        return File::open(folder)?.sync_all();
    }
    let _ = path;
    Ok(())
}
