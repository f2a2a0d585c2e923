//! The stored documents, photos, patterns and things that scenes are made of: one file, read whole.
//!
//! Refuses to know where they came from ([`crate::prepare`]) and what becomes of them.

use crate::{chance::Chance, picture::Picture};
use std::io::{self, Read, Write};

const MAGIC: &[u8; 8] = b"FOLIOAS1";

/// What a stored picture is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A page of a document, upright.
    Page = 0,
    /// A photo or painted background.
    Photo = 1,
    /// A surface that may be repeated.
    Pattern = 2,
    /// A thing on transparent ground.
    Thing = 3,
}

/// A picture as it lies in the file.
pub struct Stored {
    pub sort: Sort,
    pub width: u16,
    pub height: u16,
    /// 3 channels, [`Sort::Thing`] 4.
    pub bytes: Vec<u8>,
}

/// All pictures, by sort; any may be empty.
#[derive(Default)]
pub struct Assets {
    pub pages: Vec<Picture>,
    pub photos: Vec<Picture>,
    pub patterns: Vec<Picture>,
    pub things: Vec<Picture>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("this is no file of assets, or it is cut short")]
    Damaged,
}

pub fn write(to: &mut impl Write, stored: &[Stored]) -> io::Result<()> {
    to.write_all(MAGIC)?;
    for picture in stored {
        to.write_all(&[picture.sort as u8])?;
        to.write_all(&picture.width.to_le_bytes())?;
        to.write_all(&picture.height.to_le_bytes())?;
        to.write_all(&picture.bytes)?;
    }
    Ok(())
}

impl Assets {
    pub fn read(from: &mut impl Read) -> Result<Self, AssetsError> {
        let mut magic = [0; 8];
        from.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(AssetsError::Damaged);
        }
        let mut assets = Assets::default();
        let mut head = [0; 5];
        loop {
            match from.read_exact(&mut head) {
                Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(assets),
                other => other?,
            }
            let width = usize::from(u16::from_le_bytes([head[1], head[2]]));
            let height = usize::from(u16::from_le_bytes([head[3], head[4]]));
            let (list, channels) = match head[0] {
                0 => (&mut assets.pages, 3),
                1 => (&mut assets.photos, 3),
                2 => (&mut assets.patterns, 3),
                3 => (&mut assets.things, 4),
                _ => return Err(AssetsError::Damaged),
            };
            let mut bytes = vec![0; width * height * channels];
            from.read_exact(&mut bytes)?;
            list.push(Picture::new(width, height, channels, bytes).ok_or(AssetsError::Damaged)?);
        }
    }
}

/// Any one of them; `None` of none.
pub fn any<'a>(of: &'a [Picture], chance: &mut Chance) -> Option<&'a Picture> {
    if of.is_empty() { None } else { of.get(chance.whole(0, of.len() - 1)) }
}
