//! What a PDF must know about a JPEG before it carries it: its size and its colours, read from the frame header.
//!
//! Refuses to decode: the pixels are the reader's business.

/// The frame header of a JPEG (ISO/IEC 10918-1, B.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    /// In pixels; never 0.
    pub width: u16,
    pub height: u16,
    pub colours: Colours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    Grey,
    Rgb,
}

/// Why these bytes cannot go into a PDF as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JpegError {
    #[error("it is not a JPEG")]
    NotJpeg,
    #[error("the JPEG ends too early")]
    Truncated,
    #[error("the JPEG is lossless, hierarchical or arithmetic-coded, or has more than 8 bits a channel")]
    Coding,
    #[error("the JPEG has neither one nor three channels")]
    Channels,
    #[error("the JPEG has no size")]
    NoSize,
}

const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];

/// Reads the frame header. A file without its end marker is refused: it is the rest of a picture.
pub(crate) fn frame(jpeg: &[u8]) -> Result<Frame, JpegError> {
    let mut rest = jpeg.strip_prefix(&START).ok_or(JpegError::NotJpeg)?;
    if !jpeg.windows(2).rev().take(1024).any(|pair| pair == END) {
        return Err(JpegError::Truncated);
    }
    loop {
        let (&fill, after) = rest.split_first().ok_or(JpegError::Truncated)?;
        if fill != 0xFF {
            return Err(JpegError::NotJpeg);
        }
        let (&marker, after) = after.split_first().ok_or(JpegError::Truncated)?;
        match marker {
            // Any number of fill bytes may stand before a marker.
            0xFF => rest = &rest[1..],
            // Baseline, extended sequential and progressive, Huffman-coded: what DCTDecode reads.
            0xC0..=0xC2 => return read_frame(segment(after)?.0),
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(JpegError::Coding),
            // Parameterless markers.
            0x01 | 0xD0..=0xD7 => rest = after,
            // A scan or the end before any frame.
            0x00 | 0xD8 | 0xD9 | 0xDA => return Err(JpegError::NotJpeg),
            _ => rest = segment(after)?.1,
        }
    }
}

/// A segment's content and what follows it; its length counts its own two bytes.
fn segment(bytes: &[u8]) -> Result<(&[u8], &[u8]), JpegError> {
    let (length, rest) = bytes.split_first_chunk::<2>().ok_or(JpegError::Truncated)?;
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2).ok_or(JpegError::NotJpeg)?;
    rest.split_at_checked(length).ok_or(JpegError::Truncated)
}

fn read_frame(content: &[u8]) -> Result<Frame, JpegError> {
    let &[bits, height_high, height_low, width_high, width_low, channels, ..] = content else {
        return Err(JpegError::Truncated);
    };
    if bits != 8 {
        return Err(JpegError::Coding);
    }
    let colours = match channels {
        1 => Colours::Grey,
        3 => Colours::Rgb,
        _ => return Err(JpegError::Channels),
    };
    let (width, height) = (u16::from_be_bytes([width_high, width_low]), u16::from_be_bytes([height_high, height_low]));
    if width == 0 || height == 0 { Err(JpegError::NoSize) } else { Ok(Frame { width, height, colours }) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A JPEG of one colour; three channels, or one where `grey`.
    pub(crate) fn plain(width: u32, height: u32, colour: [u8; 3], grey: bool) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let picture = image::DynamicImage::from(image::RgbImage::from_pixel(width, height, image::Rgb(colour)));
        let picture = if grey { image::DynamicImage::from(picture.to_luma8()) } else { picture };
        picture
            .write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90))
            .expect("a plain picture can be encoded");
        jpeg
    }

    #[test]
    fn size_and_colours_are_read() {
        let rgb = Frame { width: 31, height: 17, colours: Colours::Rgb };
        assert_eq!(frame(&plain(31, 17, [200, 30, 30], false)), Ok(rgb));
        assert_eq!(frame(&plain(31, 17, [9, 9, 9], true)), Ok(Frame { colours: Colours::Grey, ..rgb }));
    }

    #[test]
    fn what_a_pdf_cannot_carry_is_named() {
        let jpeg = plain(8, 8, [1, 2, 3], false);
        assert_eq!(frame(b"\x89PNG\r\n\x1a\n"), Err(JpegError::NotJpeg));
        assert_eq!(frame(&jpeg[..jpeg.len() - 10]), Err(JpegError::Truncated));
        let start = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline frame");
        let with = |offset: usize, byte: u8| {
            let mut changed = jpeg.clone();
            changed[start + offset] = byte;
            frame(&changed)
        };
        assert_eq!(with(1, 0xC9), Err(JpegError::Coding));
        assert_eq!(with(4, 12), Err(JpegError::Coding));
        assert_eq!(with(9, 4), Err(JpegError::Channels));
        assert_eq!(with(6, 0), Err(JpegError::NoSize));
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes: Vec<u8>, cut in 0usize..700) {
            let _ = frame(&[&START, &bytes[..], &END].concat());
            let jpeg = plain(9, 9, [7, 8, 9], false);
            let _ = frame(&jpeg[..cut.min(jpeg.len())]);
        }
    }
}
