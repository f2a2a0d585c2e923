//! Files that are whole or not there, and readable by this app only.
//!
//! Refuses to know whether what it is given is sealed.

use crate::Error;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
};
use zeroize::Zeroizing;

/// Made when something is first written.
pub(crate) struct Folder<'a>(pub &'a Path);

impl Folder<'_> {
    pub fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::failed("reading its files", &error)),
        }
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.replace(name, bytes).map_err(|error| Error::failed("writing its files", &error))
    }

    pub fn remove(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::failed("writing its files", &error)),
            _ => Ok(()),
        }
    }

    /// Written beside, synced, renamed. An unfinished file is overwritten the next time.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(self.0)?;
        let beside = self.0.join(name).with_extension("tmp");
        let mut file = private(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, self.0.join(name))
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
