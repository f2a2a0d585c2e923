//! Is this document one to take? The same answer for a phone's upload and for 'My computer'.
//!
//! Cheap looks come first, in the order a citizen would name them; only then a child process reads the PDF.

use crate::gate::{Gate, GateError, Verdict};
use bytes::Bytes;
use protocol::{Reason, limits};
use sha2::{Digest, Sha256};

/// What may stand behind the last `%%EOF`.
const TAIL: usize = 1024;

/// What the sender said about the document beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    pub bytes: Option<u64>,
    /// Lower-case hex.
    pub sha256: Option<String>,
}

/// What stands on the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub pages: u32,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// `Ok(Err(reason))` refuses the document; `Err` means that nothing could be found out.
pub(super) async fn check(
    gate: &Gate,
    document: &Bytes,
    declared: &Declared,
) -> Result<Result<Facts, Reason>, GateError> {
    let sha256 = match glance(document, declared) {
        Ok(sha256) => sha256,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(match gate.look(document.clone()).await? {
        Verdict::Pages(0) => Err(Reason::NoPages),
        Verdict::Pages(pages) if pages > limits::DOCUMENT_PAGES => Err(Reason::TooManyPages),
        Verdict::Pages(pages) => Ok(Facts { pages, bytes: document.len() as u64, sha256 }),
        Verdict::Refused(reason) => Err(reason),
    })
}

/// Size, digest and the two ends of the file; answers the digest.
fn glance(document: &[u8], declared: &Declared) -> Result<String, Reason> {
    let bytes = document.len() as u64;
    if bytes == 0 {
        return Err(Reason::Empty);
    }
    if bytes > limits::DOCUMENT_BYTES {
        return Err(Reason::TooLarge);
    }
    let sha256 = hex(&Sha256::digest(document));
    let as_declared = declared.bytes.is_none_or(|declared| declared == bytes)
        && declared.sha256.as_ref().is_none_or(|declared| *declared == sha256);
    if !as_declared {
        return Err(Reason::DigestMismatch);
    }
    if !document.starts_with(b"%PDF-") {
        return Err(Reason::NotPdf);
    }
    if !ends_well(document) { Err(Reason::Damaged) } else { Ok(sha256) }
}

fn ends_well(document: &[u8]) -> bool {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let tail = document.iter().rev().take(TAIL + 1).take_while(|byte| blank(byte)).count();
    tail <= TAIL && document[..document.len() - tail].ends_with(b"%%EOF")
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &[u8] = b"%PDF-1.7\n...\n%%EOF\r\n";

    #[test]
    fn the_two_ends_of_a_pdf_are_looked_at() {
        let anything = Declared::default();
        assert!(glance(FINE, &anything).is_ok());
        assert_eq!(glance(b"", &anything), Err(Reason::Empty));
        assert_eq!(glance(b"\n%PDF-1.7 %%EOF", &anything), Err(Reason::NotPdf));
        assert_eq!(glance(b"\x89PNG %%EOF", &anything), Err(Reason::NotPdf));
        assert_eq!(glance(&FINE[..FINE.len() - 3], &anything), Err(Reason::Damaged));
        assert_eq!(glance(b"%PDF-1.7 %%EOF <script>", &anything), Err(Reason::Damaged));
    }

    #[test]
    fn blanks_behind_the_end_are_counted() {
        let with = |blanks: usize| [&b"%PDF-1.7 %%EOF"[..], &vec![0; blanks]].concat();
        assert!(glance(&with(TAIL), &Declared::default()).is_ok());
        assert_eq!(glance(&with(TAIL + 1), &Declared::default()), Err(Reason::Damaged));
    }

    #[test]
    fn a_document_is_what_was_declared() {
        let sha256 = hex(&Sha256::digest(FINE));
        let declared = Declared { bytes: Some(FINE.len() as u64), sha256: Some(sha256.clone()) };
        assert_eq!(glance(FINE, &declared), Ok(sha256));
        let other = Declared { sha256: Some("00".into()), ..declared.clone() };
        assert_eq!(glance(FINE, &other), Err(Reason::DigestMismatch));
        assert_eq!(glance(FINE, &Declared { bytes: Some(1), ..declared }), Err(Reason::DigestMismatch));
    }

    #[test]
    fn sixty_megabytes_are_too_many() {
        assert_eq!(glance(&vec![b' '; 60 << 20], &Declared::default()), Err(Reason::TooLarge));
    }
}
