//! Is this PDF safe to take? Reads a stranger's bytes and says what they hold, or why they are refused.
//!
//! Panics on no input. Memory: lopdf copies the objects (about the file's size again) and what it unpacks is limited by
//! [`Limits`]; a caller that lets strangers in still runs this in a process with limits of its own. Refuses to know:
//! the words a citizen reads, the antivirus, and what the pages show.

use crate::{active, metadata::read_text_string};
use lopdf::{DecompressError, Document, Error, LoadOptions, Object, xref::XrefEntry};

/// How much is taken at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes.
    pub bytes: usize,
    pub pages: u32,
    /// What one object or cross-reference stream may unpack to, in bytes.
    pub inflated: usize,
    /// Objects of one revision.
    pub objects: usize,
    /// Earlier revisions that are searched; a file with more is refused as damaged.
    pub revisions: usize,
}

impl Default for Limits {
    /// What the protocol allows (50 MiB, 100 pages), and far more of the rest than an honest document has.
    fn default() -> Self {
        Self { bytes: 50 * 1024 * 1024, pages: 100, inflated: 16 * 1024 * 1024, objects: 200_000, revisions: 32 }
    }
}

/// What an acceptable PDF is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// 1 to [`Limits::pages`].
    pub pages: u32,
    /// Size of the file.
    pub bytes: usize,
    /// As the header says, such as `1.7`.
    pub version: String,
    /// From the information dictionary, if it says one.
    pub title: Option<String>,
}

/// Why a file is not taken; the first reason found, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the file is empty")]
    Empty,
    #[error("the file is too large")]
    TooLarge,
    /// `%PDF-` does not stand at byte 0.
    #[error("the file is not a PDF")]
    NotPdf,
    /// Cut off, does not parse, or unpacks to more than [`Limits`] allow.
    #[error("the PDF is damaged")]
    Damaged,
    /// Also where an empty password would open it.
    #[error("the PDF is encrypted")]
    Encrypted,
    #[error("the PDF has no pages")]
    NoPages,
    #[error("the PDF has too many pages")]
    TooManyPages,
    /// PDF's own word for what was found, such as `JavaScript`.
    #[error("the PDF holds active content: {0}")]
    ActiveContent(&'static str),
}

/// White space and NUL that may follow `%%EOF`, in bytes.
const TRAILING: usize = 1024;

/// Looks at `bytes` as the portal's gate does; the app does the same before it sends.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Facts, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > limits.bytes {
        return Err(Refusal::TooLarge);
    }
    if !bytes.starts_with(b"%PDF-") {
        return Err(Refusal::NotPdf);
    }
    if !ends_properly(bytes) {
        return Err(Refusal::Damaged);
    }
    let document = load(bytes, limits, false)?.ok_or(Refusal::Damaged)?;
    let facts = facts(&document, bytes.len(), limits)?;
    refuse_active(&document)?;
    drop(document);
    search_elsewhere(bytes, limits)?;
    Ok(facts)
}

fn ends_properly(bytes: &[u8]) -> bool {
    let end = bytes.len() - bytes.iter().rev().take_while(|&&byte| is_white(byte)).count();
    bytes[..end].ends_with(b"%%EOF") && bytes.len() - end <= TRAILING
}

fn is_white(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Parses the file, by its cross-reference table or, where `scanned`, by looking for objects. `None`: it does not parse.
fn load(bytes: &[u8], limits: &Limits, scanned: bool) -> Result<Option<Document>, Refusal> {
    let options = LoadOptions {
        max_decompressed_size: Some(limits.inflated),
        force_reconstruct: scanned,
        ..LoadOptions::default()
    };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(Error::Decryption(_) | Error::InvalidPassword | Error::AlreadyEncrypted) => return Err(Refusal::Encrypted),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => return Err(Refusal::Damaged),
        Err(_) => return Ok(None),
    };
    if document.is_encrypted() || document.was_encrypted() {
        return Err(Refusal::Encrypted);
    }
    if document.objects.len() > limits.objects {
        return Err(Refusal::Damaged);
    }
    Ok(Some(document))
}

fn facts(document: &Document, bytes: usize, limits: &Limits) -> Result<Facts, Refusal> {
    let catalog = document.catalog().map_err(|_| Refusal::Damaged)?;
    catalog.get_deref(b"Pages", document).and_then(Object::as_dict).map_err(|_| Refusal::Damaged)?;
    let mut pages = 0u32;
    for page in document.page_iter() {
        pages += 1;
        if pages > limits.pages {
            return Err(Refusal::TooManyPages);
        }
        let page = document.get_dictionary(page).map_err(|_| Refusal::Damaged)?;
        if page.get(b"Contents").is_ok_and(|contents| is_broken(document, contents)) {
            return Err(Refusal::Damaged);
        }
    }
    if pages == 0 {
        return Err(Refusal::NoPages);
    }
    let info = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict);
    let title = info.and_then(|info| info.get_deref(b"Title", document)).and_then(Object::as_str);
    let title = title.ok().map(read_text_string).filter(|title| !title.trim().is_empty());
    Ok(Facts { pages, bytes, version: document.version.clone(), title })
}

/// Whether the table lists what a page shows, yet it could not be read: lopdf passes over objects that do not parse.
/// A reference to nothing at all is an empty page (ISO 32000-1, 7.3.10) and no damage.
fn is_broken(document: &Document, contents: &Object) -> bool {
    let is_missing = |object: &Object| {
        object.as_reference().is_ok_and(|id| {
            !document.has_object(id)
                && matches!(
                    document.reference_table.get(id.0),
                    Some(XrefEntry::Normal { .. } | XrefEntry::Compressed { .. })
                )
        })
    };
    is_missing(contents)
        || document
            .dereference(contents)
            .is_ok_and(|(_, contents)| contents.as_array().is_ok_and(|parts| parts.iter().any(is_missing)))
}

fn refuse_active(document: &Document) -> Result<(), Refusal> {
    active::find(document).map_or(Ok(()), |what| Err(Refusal::ActiveContent(what)))
}

/// Looks where another reader may look: in the objects found without the table, and in every earlier revision, to
/// which a reader can go back. What does not parse there harms nobody, the document itself has been read; what breaks a
/// limit there could hide something behind it.
fn search_elsewhere(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    if let Some(scanned) = load(bytes, limits, true)? {
        refuse_active(&scanned)?;
    }
    let ends = earlier_ends(bytes);
    if ends.len() > limits.revisions {
        return Err(Refusal::Damaged);
    }
    for end in ends {
        if let Some(revision) = load(&bytes[..end], limits, false)? {
            refuse_active(&revision)?;
        }
    }
    Ok(())
}

/// Where earlier revisions end: behind each `startxref`, offset, `%%EOF` but the last.
fn earlier_ends(bytes: &[u8]) -> Vec<usize> {
    const MARK: &[u8] = b"%%EOF";
    let mut ends: Vec<usize> = bytes
        .windows(MARK.len())
        .enumerate()
        .filter(|&(at, window)| {
            window == MARK && bytes[at.saturating_sub(40)..at].windows(9).any(|before| before == b"startxref")
        })
        .map(|(at, _)| at + MARK.len())
        .collect();
    ends.pop();
    ends
}
