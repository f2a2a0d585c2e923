//! Bytes at rest: pieces of uploads and whole documents, in a folder or a bucket.
//!
//! One promise: what [`Piece::finish`] or [`Files::put`] has returned for survives a power cut, its directory entry
//! included. A bucket promises that itself; for a folder it is `fsync` on file and directories, switched on here.
//! Objects are written whole under a name of their own and never changed. Refuses to know what they mean.

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt, buffered::BufWriter, local::LocalFileSystem};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::io::AsyncWriteExt;

/// Pieces up to this size are written in one go; S3 wants parts of at least 5 MiB.
const PART: usize = 8 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the object store failed: {0}")]
    Store(#[from] object_store::Error),
    #[error("the folder failed: {0}")]
    Folder(#[from] std::io::Error),
}

type Result<T> = std::result::Result<T, FilesError>;

#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub modified: Timestamp,
}

impl Files {
    /// Makes the folder where it is missing.
    pub fn folder(folder: &Path) -> Result<Self> {
        if !folder.exists() {
            std::fs::create_dir_all(folder)?;
            if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                std::fs::File::open(parent)?.sync_all()?;
            }
        }
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.to_owned()) })
    }

    /// Any other store whose writes are durable once acknowledged.
    pub fn store(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, folder: None }
    }

    /// Begins an object that is written as it arrives. Nobody sees it before [`Piece::finish`].
    pub fn piece(&self, name: &str) -> Piece {
        Piece { writer: BufWriter::with_capacity(self.store.clone(), name.into(), PART), bytes: 0 }
    }

    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        self.store.put(&name.into(), bytes.into()).await?;
        Ok(())
    }

    pub async fn get(&self, name: &str) -> Result<Bytes> {
        Ok(self.store.get(&name.into()).await?.bytes().await?)
    }

    /// Deleting what is not there is no error.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&name.into()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        let listed = self.store.list(Some(&folder.into())).map(|object| {
            let object = object?;
            // A date nobody can represent counts as old.
            let modified = Timestamp::from_second(object.last_modified.timestamp()).unwrap_or(Timestamp::MIN);
            Ok(Listed { name: object.location.to_string(), modified })
        });
        listed.try_collect().await
    }

    /// Removes what a killed process left half written. A bucket has its own rule for that (abort incomplete uploads).
    pub async fn sweep_half_written(&self, older_than: Timestamp) -> Result<usize> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        tokio::task::spawn_blocking(move || sweep_staged(&folder, older_than)).await.map_err(std::io::Error::other)?
    }
}

/// An object in the making. Dropped before [`Piece::finish`], it has never been.
pub struct Piece {
    writer: BufWriter,
    bytes: u64,
}

impl Piece {
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.bytes += bytes.len() as u64;
        Ok(self.writer.put(bytes).await?)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns once the object is durable.
    pub async fn finish(mut self) -> Result<()> {
        Ok(self.writer.shutdown().await?)
    }

    pub async fn abandon(mut self) -> Result<()> {
        Ok(self.writer.abort().await?)
    }
}

/// The folder store stages a file as `NAME#NUMBER` beside its place and never lists such names.
fn sweep_staged(folder: &Path, older_than: Timestamp) -> Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            swept += sweep_staged(&entry.path(), older_than)?;
            continue;
        }
        let name = entry.file_name();
        let staged = name.to_string_lossy().rsplit_once('#').is_some_and(|(_, number)| number.parse::<u64>().is_ok());
        let old = || Timestamp::try_from(entry.metadata()?.modified()?).map_err(std::io::Error::other);
        if staged && old()? < older_than {
            std::fs::remove_file(entry.path())?;
            swept += 1;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn objects_come_back_and_go() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::folder(&folder.path().join("files")).expect("files");
        let mut piece = files.piece("uploads/a/0-x");
        piece.write(Bytes::from_static(b"he")).await.expect("writes");
        piece.write(Bytes::from_static(b"llo")).await.expect("writes");
        assert_eq!(piece.bytes(), 5);
        assert!(files.list("uploads").await.expect("lists").is_empty(), "seen before it was whole");
        piece.finish().await.expect("finishes");
        assert_eq!(files.get("uploads/a/0-x").await.expect("reads"), "hello");
        assert_eq!(files.list("uploads").await.expect("lists")[0].name, "uploads/a/0-x");
        files.delete("uploads/a/0-x").await.expect("deletes");
        files.delete("uploads/a/0-x").await.expect("deletes again");
        assert!(files.list("uploads").await.expect("lists").is_empty());
    }

    #[test]
    fn a_folder_syncs_what_it_writes() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::folder(folder.path()).expect("files");
        // What the system is then asked is traced in `tests/killed.rs`.
        assert!(format!("{files:?}").contains("fsync: true"), "{files:?}");
    }

    #[tokio::test]
    async fn a_piece_larger_than_a_part_is_whole_or_absent() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::folder(folder.path()).expect("files");
        let chunk = Bytes::from(vec![7; PART - 1]);
        for finished in [true, false] {
            let mut piece = files.piece("uploads/a/0-x");
            piece.write(chunk.clone()).await.expect("writes");
            piece.write(chunk.clone()).await.expect("writes");
            if finished {
                piece.finish().await.expect("finishes");
                assert_eq!(files.get("uploads/a/0-x").await.expect("reads").len(), 2 * chunk.len());
                files.delete("uploads/a/0-x").await.expect("deletes");
            } else {
                piece.abandon().await.expect("abandons");
                assert!(files.list("uploads").await.expect("lists").is_empty());
            }
        }
    }

    #[tokio::test]
    async fn half_written_files_are_swept_once_old() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::folder(folder.path()).expect("files");
        files.put("uploads/a/0-x", Bytes::from_static(b"whole")).await.expect("writes");
        std::fs::write(folder.path().join("uploads/a/5-y#1"), b"half").expect("writes");
        assert_eq!(files.sweep_half_written(Timestamp::MIN).await.expect("sweeps"), 0);
        assert_eq!(files.sweep_half_written(Timestamp::MAX).await.expect("sweeps"), 1);
        assert_eq!(files.list("uploads").await.expect("lists").len(), 1);
    }
}
