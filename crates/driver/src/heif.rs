//! Pictures in Apple's format, which only the phones' systems decode: recognised here, handed to the device.

use crate::{ports::Undecoded, works::Works};

/// ISO/IEC 14496-12, 4.3: what a file is comes first. Brands of ISO/IEC 23008-12, annex B: pictures coded in HEVC.
const BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"];
/// In another coding, which may say `mif1` too.
const OTHERS: [&[u8]; 2] = [b"avif", b"avis"];

fn is_heif(bytes: &[u8]) -> bool {
    let Some(([a, b, c, d], rest)) = bytes.split_first_chunk() else { return false };
    let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
    let Some(brands) = rest.strip_prefix(b"ftyp").and_then(|rest| rest.get(..length.checked_sub(8)?)) else {
        return false;
    };
    // The first of them, a version, and those that it is compatible with.
    let mut all = brands.chunks_exact(4).enumerate().filter(|(place, _)| *place != 1).map(|(_, brand)| brand);
    let is_other = all.clone().any(|brand| OTHERS.contains(&brand));
    !is_other && all.any(|brand| BRANDS.contains(&brand))
}

impl Works {
    /// The same picture in a format that this app reads itself, where the system can say it so.
    pub async fn legible(&self, picture: Vec<u8>) -> Result<Vec<u8>, Undecoded> {
        if !is_heif(&picture) {
            return Ok(picture);
        }
        let device = self.ports.device.clone();
        self.decoding(move || device.decode_picture(&picture)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(brands: &[&str]) -> Vec<u8> {
        let brands = brands.concat().into_bytes();
        let length = u32::try_from(brands.len() + 8).unwrap();
        [&length.to_be_bytes()[..], b"ftyp", &brands, b"what follows"].concat()
    }

    #[test]
    fn pictures_of_iphones_are_known_by_their_brands() {
        assert!(is_heif(&file(&["heic", "\0\0\0\0", "mif1", "heic"])));
        assert!(is_heif(&file(&["mif1", "\0\0\0\0", "heic"])));
        assert!(is_heif(&file(&["heix", "\0\0\0\0"])));
        assert!(!is_heif(&file(&["isom", "heic", "mp42"])), "a version is no brand");
        assert!(!is_heif(&file(&["avif", "\0\0\0\0", "mif1"])) && !is_heif(&file(&["isom", "\0\0\0\0", "mp42"])));
        let whole = file(&["heic", "\0\0\0\0", "mif1"]);
        for length in 0..20 {
            assert!(!is_heif(&whole[..length]), "{length}");
        }
        assert!(
            !is_heif(b"\0\0\0\x04ftypheic") && !is_heif(b"\xff\xff\xff\xffftypheic") && !is_heif(b"\xff\xd8\xff\xe0")
        );
    }
}
