//! What a document says about itself, and how PDF and XMP spell it.
//!
//! Refuses to know: where title and language come from.

/// Said in the information dictionary and, word for word the same, in the XMP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// Any script; characters that XML cannot hold (controls) are left out.
    pub title: &'a str,
    /// BCP 47, such as `fr` or `de-LU`; `und` where nobody knows.
    pub language: &'a str,
    pub author: Option<&'a str>,
    /// Seconds since 1970-01-01T00:00:00Z; years 1 to 9999.
    pub created: i64,
}

/// A checked [`Metadata`], ready to be spelt.
#[derive(Debug)]
pub(crate) struct Spelt {
    pub title: String,
    pub language: String,
    pub author: Option<String>,
    created: jiff::civil::DateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    #[error("the language is not a BCP 47 tag")]
    Language,
    #[error("the time of creation is not within the years 1 to 9999")]
    Created,
}

impl Spelt {
    pub fn new(metadata: &Metadata<'_>) -> Result<Self, MetadataError> {
        let parts_are_well_formed = metadata
            .language
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !parts_are_well_formed {
            return Err(MetadataError::Language);
        }
        let created = jiff::Timestamp::from_second(metadata.created).map_err(|_| MetadataError::Created)?;
        let created = jiff::tz::Offset::UTC.to_datetime(created);
        if created.year() < 1 {
            return Err(MetadataError::Created);
        }
        Ok(Self {
            title: printable(metadata.title),
            language: metadata.language.to_owned(),
            author: metadata.author.map(printable),
            created,
        })
    }

    /// `D:20261124101500+00'00'` (ISO 32000-1, 7.9.4).
    pub fn pdf_date(&self) -> String {
        let at = self.created;
        format!(
            "D:{:04}{:02}{:02}{:02}{:02}{:02}+00'00'",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    /// `2026-11-24T10:15:00+00:00` (XMP, ISO 8601).
    pub fn xmp_date(&self) -> String {
        let at = self.created;
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }
}

/// Without the characters that XML 1.0 has no way to write: the two spellings must agree.
fn printable(text: &str) -> String {
    text.chars().filter(|&char| !char.is_control() && !matches!(char, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// A PDF text string: UTF-16 with a byte order mark, which every reader understands in any script.
pub(crate) fn text_string(text: &str) -> Vec<u8> {
    [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

/// The reverse of [`text_string`], for whatever a stranger wrote there: UTF-16 or UTF-8 with their marks; else Latin-1,
/// which PDFDocEncoding is for all letters of Western Europe.
pub(crate) fn read_text_string(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        latin => latin.iter().map(|&byte| char::from(byte)).collect::<String>(),
    };
    printable(&text)
}

/// Text as XML content or attribute value.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn metadata(language: &str, created: i64) -> Metadata<'_> {
        Metadata { title: "Facture", language, author: None, created }
    }

    #[test]
    fn dates_are_spelt_for_both_readers() {
        let spelt = Spelt::new(&metadata("de-LU", 1_795_515_300)).expect("a day in 2026");
        assert_eq!(spelt.pdf_date(), "D:20261124101500+00'00'");
        assert_eq!(spelt.xmp_date(), "2026-11-24T10:15:00+00:00");
    }

    #[test]
    fn what_cannot_be_spelt_is_refused() {
        for language in ["", "fr_LU", "français", "de--LU", "waytoolongtag"] {
            assert_eq!(Spelt::new(&metadata(language, 0)).err(), Some(MetadataError::Language), "{language}");
        }
        for created in [i64::MIN, -90_000_000_000, i64::MAX] {
            assert_eq!(Spelt::new(&metadata("fr", created)).err(), Some(MetadataError::Created), "{created}");
        }
    }

    proptest! {
        #[test]
        fn a_title_in_any_script_survives(text in "\\PC{0,60}") {
            let text = printable(&text);
            prop_assert_eq!(read_text_string(&text_string(&text)), text);
        }

        #[test]
        fn any_bytes_read_as_some_text(bytes: Vec<u8>) {
            let _ = read_text_string(&bytes);
        }
    }
}
