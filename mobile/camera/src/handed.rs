//! A photo that another app was asked to write into a file of ours: read once, and the file is gone, whatever happens.
//!
//! Knows files; refuses to know which app that was.

use crate::Error;
use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
};

/// More than any phone's camera writes; what is larger is no photo.
const LARGEST: u64 = 64 << 20;

/// The JPEG in the file. It is deleted first or last, in any case before this returns.
pub(crate) fn take(path: &Path) -> Result<Vec<u8>, Error> {
    let read = read(path);
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            // The next start deletes it.
            tracing::error!(%error, "a photo of the system's camera app is still there");
        }
        _ => {}
    }
    read
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let lost = |error: std::io::Error| {
        tracing::warn!(%error, "the photo of the system's camera app");
        Error::NoPicture
    };
    let mut file = File::open(path).map_err(lost)?;
    let length = file.metadata().map_err(lost)?.len();
    if length > LARGEST {
        return Err(Error::NoPicture);
    }
    let mut jpeg = Vec::with_capacity(length as usize + 1);
    file.by_ref().take(LARGEST).read_to_end(&mut jpeg).map_err(lost)?;
    // Some camera apps say that they took a photo and wrote none, or wrote another format.
    if jpeg.starts_with(&[0xff, 0xd8, 0xff]) { Ok(jpeg) } else { Err(Error::NoPicture) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_read_and_its_file_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        let jpeg = [&[0xff, 0xd8, 0xff][..], &[7; 5000]].concat();
        std::fs::write(&path, &jpeg).unwrap();
        assert_eq!(take(&path), Ok(jpeg));
        assert!(!path.exists());
    }

    #[test]
    fn what_is_no_photo_is_refused_and_its_file_is_gone_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        for (what, bytes) in [("nothing", &b""[..]), ("HEIC", b"\0\0\0\x18ftypheic"), ("half a mark", b"\xff\xd8")] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(take(&path), Err(Error::NoPicture), "{what}");
            assert!(!path.exists(), "{what}");
        }
        File::create(&path).unwrap().set_len(LARGEST + 1).unwrap();
        assert_eq!(take(&path), Err(Error::NoPicture), "too large");
        assert!(!path.exists());
        assert_eq!(take(&path), Err(Error::NoPicture), "no file");
    }
}
