//! Secrets as files beside the data, mode 0600: for a desktop without Secret Service.
//!
//! Weaker than every platform store: whoever copies the user's folder has the key with what it seals, and nothing ties
//! it to the device. It keeps sealed files from being readable one by one, no more.

use super::{Secret, SecretError, SecretStore, check_name};
use crate::durable::{self, NoFaults};
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

/// Marks a folder that secrets were put into, and stays when they are deleted.
const USED: &str = "used";

#[derive(Debug)]
pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    /// Keeps secrets in `folder`, which is created for this user only.
    pub fn new(folder: &Path) -> Result<Self, SecretError> {
        durable::create_private_folder(folder).map_err(|error| SecretError::Unavailable(error.to_string()))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Whether secrets were put into this folder before.
    pub(crate) fn is_used(folder: &Path) -> bool {
        folder.join(USED).exists()
    }

    fn path(&self, name: &str) -> Result<PathBuf, SecretError> {
        check_name(name)?;
        Ok(self.folder.join(format!("{name}.key")))
    }
}

impl SecretStore for FileStore {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        match fs::read(self.path(name)?) {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SecretError::Failed(error.to_string())),
        }
    }

    fn set(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        let path = self.path(name)?;
        fs::File::create(self.folder.join(USED)).map_err(|error| SecretError::Failed(error.to_string()))?;
        let write = |out: &mut dyn Write| out.write_all(secret.expose());
        durable::replace(&path, &path.with_extension(durable::UNFINISHED), &NoFaults, write)
            .map_err(|error| SecretError::Failed(error.to_string()))
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        durable::remove(&self.path(name)?, &NoFaults).map_err(|error| SecretError::Failed(error.to_string()))
    }

    fn rules(&self) -> crate::Rules {
        crate::Rules::File
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_this_user_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("keys");
        let store = FileStore::new(&folder).unwrap();
        store.set("work_key", &Secret::new(vec![7; 32])).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("work_key.key")), 0o600);
    }
}
