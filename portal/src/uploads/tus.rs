//! The wire format of tus 1.0.0: headers in, headers out. Knows no store; what an offset means is decided in `pieces`.
//!
//! Source: <https://tus.io/protocols/resumable-upload>, core with creation, creation-with-upload, termination,
//! expiration and checksum.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub const VERSION: &str = "1.0.0";
pub const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const CONTENT: &str = "application/offset+octet-stream";

/// Checksum Mismatch, a status of tus's own.
pub const CHECKSUM_MISMATCH: u16 = 460;

/// A request that is not tus 1.0.0, with the status the specification asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a request of tus 1.0.0: {what}")]
pub struct NotTus {
    pub status: StatusCode,
    pub what: &'static str,
}

fn not_tus(status: StatusCode, what: &'static str) -> NotTus {
    NotTus { status, what }
}

/// Headers of a POST that creates a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Creation {
    pub length: u64,
    /// Whether the first bytes come with it.
    pub with_upload: bool,
}

/// Every request but OPTIONS names the version.
pub fn version(headers: &HeaderMap) -> Result<(), NotTus> {
    match text(headers, &RESUMABLE) {
        Some(VERSION) => Ok(()),
        _ => Err(not_tus(StatusCode::PRECONDITION_FAILED, "Tus-Resumable")),
    }
}

pub fn creation(headers: &HeaderMap) -> Result<Creation, NotTus> {
    version(headers)?;
    let length = number(headers, &LENGTH).ok_or(not_tus(StatusCode::BAD_REQUEST, "Upload-Length"))?;
    Ok(Creation { length, with_upload: is_piece(headers) })
}

/// Offset of a PATCH.
pub fn patch(headers: &HeaderMap) -> Result<u64, NotTus> {
    version(headers)?;
    if !is_piece(headers) {
        return Err(not_tus(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type"));
    }
    number(headers, &OFFSET).ok_or(not_tus(StatusCode::BAD_REQUEST, "Upload-Offset"))
}

/// Sum of a piece as it arrives, against what the sender said.
pub enum Checksum {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
    None,
}

impl Checksum {
    pub fn read(headers: &HeaderMap) -> Result<Self, NotTus> {
        let bad = not_tus(StatusCode::BAD_REQUEST, "Upload-Checksum");
        if !headers.contains_key(CHECKSUM) {
            return Ok(Self::None);
        }
        let (algorithm, sum) = text(headers, &CHECKSUM).and_then(|text| text.split_once(' ')).ok_or(bad)?;
        let sum = STANDARD.decode(sum).map_err(|_| bad)?;
        match algorithm {
            "sha1" => Ok(Self::Sha1(Sha1::new(), sum)),
            "sha256" => Ok(Self::Sha256(Sha256::new(), sum)),
            _ => Err(bad),
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
            Self::None => {}
        }
    }

    pub fn agrees(self) -> bool {
        match self {
            Self::Sha1(hash, sum) => hash.finalize()[..] == sum[..],
            Self::Sha256(hash, sum) => hash.finalize()[..] == sum[..],
            Self::None => true,
        }
    }
}

/// The header every answer but that to OPTIONS must have.
pub fn resumable() -> HeaderMap {
    HeaderMap::from_iter([(RESUMABLE, HeaderValue::from_static(VERSION))])
}

/// Headers of every answer about a file.
pub fn answer(offset: u64, length: Option<u64>, expires: Timestamp) -> HeaderMap {
    let mut headers = resumable();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(OFFSET, offset.into());
    if let Some(length) = length {
        headers.insert(LENGTH, length.into());
    }
    let expires = DateTimePrinter::new().timestamp_to_rfc9110_string(&expires).ok();
    if let Some(expires) = expires.and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(EXPIRES, expires);
    }
    headers
}

/// Headers of the answer to OPTIONS.
pub fn options(max: u64) -> HeaderMap {
    let fixed = [
        (RESUMABLE, VERSION),
        (HeaderName::from_static("tus-version"), VERSION),
        (HeaderName::from_static("tus-extension"), "creation,creation-with-upload,termination,expiration,checksum"),
        (HeaderName::from_static("tus-checksum-algorithm"), "sha1,sha256"),
    ];
    let mut headers = HeaderMap::from_iter(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.insert(HeaderName::from_static("tus-max-size"), max.into());
    headers
}

fn is_piece(headers: &HeaderMap) -> bool {
    text(headers, &header::CONTENT_TYPE) == Some(CONTENT)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Digits only: `u64::from_str` alone would take a plus sign.
fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        lines.iter().map(line).collect()
    }

    const RESUMES: (&str, &str) = ("tus-resumable", "1.0.0");
    const PIECE: (&str, &str) = ("content-type", CONTENT);

    #[test]
    fn a_request_names_version_type_and_offset() {
        assert_eq!(patch(&headers(&[RESUMES, PIECE, ("upload-offset", "7")])), Ok(7));
        let status = |lines: &[_]| patch(&headers(lines)).expect_err("refused").status.as_u16();
        assert_eq!(status(&[PIECE, ("upload-offset", "7")]), 412);
        assert_eq!(status(&[("tus-resumable", "0.2.2"), PIECE, ("upload-offset", "7")]), 412);
        assert_eq!(status(&[RESUMES, ("upload-offset", "7")]), 415);
        for offset in ["", "-1", "+7", "7.0", "99999999999999999999"] {
            assert_eq!(status(&[RESUMES, PIECE, ("upload-offset", offset)]), 400, "{offset}");
        }
    }

    #[test]
    fn a_creation_may_bring_bytes() {
        let bare = creation(&headers(&[RESUMES, ("upload-length", "9")]));
        assert_eq!(bare, Ok(Creation { length: 9, with_upload: false }));
        let laden = creation(&headers(&[RESUMES, PIECE, ("upload-length", "9")]));
        assert_eq!(laden, Ok(Creation { length: 9, with_upload: true }));
        assert!(creation(&headers(&[RESUMES, ("upload-defer-length", "1")])).is_err());
    }

    #[test]
    fn both_checksums_are_checked() {
        for line in ["sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", "sha256 LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="] {
            let read = || Checksum::read(&headers(&[("upload-checksum", line)])).expect("reads");
            let mut right = read();
            right.update(b"hel");
            right.update(b"lo");
            assert!(right.agrees(), "{line}");
            let mut wrong = read();
            wrong.update(b"help");
            assert!(!wrong.agrees(), "{line}");
        }
        for line in ["md5 XUFAKrxLKna5cZ2REBfFkg==", "sha1", "sha1 !"] {
            assert!(Checksum::read(&headers(&[("upload-checksum", line)])).is_err(), "{line}");
        }
    }

    #[test]
    fn answers_carry_the_date_as_http_wants_it() {
        let answer = answer(3, Some(9), Timestamp::from_second(784111777).expect("time"));
        assert_eq!(answer[EXPIRES], "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!((&answer[OFFSET], &answer[LENGTH]), (&HeaderValue::from(3), &HeaderValue::from(9)));
    }
}
