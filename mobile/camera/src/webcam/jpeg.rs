//! What webcams send for a JPEG, made one: cut where the picture ends, with the Huffman tables that Motion-JPEG leaves out.
//!
//! Knows markers (ITU-T T.81, annex B); refuses to decode. What is wrong inside is for the decoder to find.

use crate::nv21::encode;
use std::sync::LazyLock;

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];
const HUFFMAN_TABLES: u8 = 0xc4;
const SCAN: u8 = 0xda;

/// The tables of T.81, annex K.3, which Motion-JPEG means where it has none. Every encoder that does not optimise writes them.
static TABLES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let jpeg = encode(&[0; 8 * 8 * 3], 8, 8, 50).unwrap_or_default();
    let segments = Segments { jpeg: &jpeg, at: START.len() };
    let tables = segments.filter(|(marker, _)| *marker == HUFFMAN_TABLES).flat_map(|(_, segment)| segment.to_vec());
    tables.collect()
});

/// The picture from its first to its last byte; `None` where it has no end.
pub(super) fn whole(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut segments = Segments { jpeg: bytes.strip_prefix(&START).map(|_| bytes)?, at: START.len() };
    let mut has_tables = false;
    let scan = loop {
        let before = segments.at;
        match segments.next()? {
            (SCAN, _) => break before,
            (marker, _) => has_tables |= marker == HUFFMAN_TABLES,
        }
    };
    // Within a scan every 0xff is a marker's or is followed by a zero.
    let length = bytes[segments.at..].windows(2).position(|pair| pair == END)?;
    let (head, rest) = bytes[..segments.at + length + END.len()].split_at(scan);
    let tables: &[u8] = if has_tables { &[] } else { &TABLES };
    Some([head, tables, rest].concat())
}

/// The segments of a JPEG's head, each with its marker's second byte.
struct Segments<'a> {
    jpeg: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let &[0xff, marker, high, low, ..] = self.jpeg.get(self.at..)? else { return None };
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        let segment = self.jpeg.get(self.at..self.at + length)?;
        self.at += length;
        Some((marker, segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn picture() -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 48, |x, y| Rgb([4 * x as u8, 5 * y as u8, (x * y) as u8]));
        encode(picture.as_raw(), 64, 48, 90).unwrap()
    }

    /// As Motion-JPEG has it.
    fn without_tables(jpeg: &[u8]) -> Vec<u8> {
        let mut out = START.to_vec();
        let mut segments = Segments { jpeg, at: START.len() };
        for (marker, segment) in &mut segments {
            if marker != HUFFMAN_TABLES {
                out.extend(segment);
            }
            if marker == SCAN {
                break;
            }
        }
        out.extend(&jpeg[segments.at..]);
        out
    }

    #[test]
    fn a_whole_jpeg_stays_as_it_is() {
        assert_eq!(whole(&picture()), Some(picture()));
    }

    #[test]
    fn the_tables_that_are_left_out_are_put_in() {
        let bare = without_tables(&picture());
        assert!(bare.len() + 400 < picture().len());
        let whole = whole(&bare).unwrap();
        assert_eq!(scan::decode(&whole, None), scan::decode(&picture(), None));
    }

    #[test]
    fn an_end_within_the_head_is_none() {
        // A comment that holds what looks like the end.
        let comment = [0xff, 0xfe, 0, 6, 0xff, 0xd9, 0xff, 0xd9];
        let jpeg = [&START[..], &comment, &picture()[2..]].concat();
        assert_eq!(whole(&[&jpeg[..], &[1, 2, 3]].concat()), Some(jpeg));
    }

    #[test]
    fn what_has_no_end_or_is_none_is_refused() {
        let jpeg = picture();
        assert!((0..jpeg.len()).all(|length| whole(&jpeg[..length]).is_none()));
        assert_eq!(whole(b"\x89PNG\r\n"), None);
        // A segment that ends beyond the picture.
        assert_eq!(whole(&[0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0]), None);
    }
}
