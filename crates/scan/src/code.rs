//! Reads the QR code in a picture, seen as people hold phones: askew, far away, off centre.
//!
//! Knows pixels; refuses to know what a code means.

use crate::{Yuv, decode};
use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader,
    common::{GlobalHistogramBinarizer, HybridBinarizer},
    qrcode::QRCodeReader,
};

/// Sizes (longer side, pixels) at which a code is looked for: large codes first, then small ones far away.
const SIZES: [usize; 3] = [640, 1100, 1800];

/// The text of the QR code in a tightly packed luma picture of `width` × `height`, if one can be read.
pub fn read(luma: &[u8], width: usize, height: usize) -> Option<String> {
    if width < 16 || height < 16 || width.checked_mul(height)? != luma.len() {
        return None;
    }
    let frame = LumaFrame { bytes: luma, width, height };
    let larger = width.max(height);
    let mut tried = 0;
    for size in SIZES {
        let size = size.min(larger);
        if size == tried {
            break;
        }
        tried = size;
        let (bytes, w, h) = frame.reduced(size);
        if let Some(text) = read_at(bytes, w, h) {
            return Some(text);
        }
    }
    None
}

/// The text of the QR code in an encoded picture (JPEG, PNG, WebP).
pub fn read_picture(bytes: &[u8]) -> Option<String> {
    let picture = decode(bytes, Some(SIZES[SIZES.len() - 1] as u32)).ok()?;
    let luma: Vec<u8> = image::imageops::grayscale(&picture).into_raw();
    read(&luma, picture.width() as usize, picture.height() as usize)
}

/// The text of the QR code in a camera's frame.
pub fn read_yuv(frame: &Yuv) -> Option<String> {
    let luma = frame.luma(SIZES[1]);
    let bytes: Vec<u8> = luma.data.iter().map(|v| (v + 0.5) as u8).collect();
    read(&bytes, luma.width, luma.height)
}

struct LumaFrame<'a> {
    bytes: &'a [u8],
    width: usize,
    height: usize,
}

impl LumaFrame<'_> {
    /// Averaged down so that the longer side has `longest` pixels.
    fn reduced(&self, longest: usize) -> (Vec<u8>, usize, usize) {
        let larger = self.width.max(self.height);
        if longest >= larger {
            return (self.bytes.to_vec(), self.width, self.height);
        }
        let (w, h) = ((self.width * longest / larger).max(1), (self.height * longest / larger).max(1));
        let mut out = Vec::with_capacity(w * h);
        for y in 0..h {
            let (top, bottom) = (y * self.height / h, ((y + 1) * self.height / h).max(y * self.height / h + 1));
            for x in 0..w {
                let (left, right) = (x * self.width / w, ((x + 1) * self.width / w).max(x * self.width / w + 1));
                let sum: u32 = (top..bottom)
                    .flat_map(|row| &self.bytes[row * self.width + left..row * self.width + right])
                    .map(|&v| u32::from(v))
                    .sum();
                out.push((sum / ((right - left) * (bottom - top)) as u32) as u8);
            }
        }
        (out, w, h)
    }
}

fn read_at(bytes: Vec<u8>, width: usize, height: usize) -> Option<String> {
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let source = || Luma8LuminanceSource::new(bytes.clone(), width as u32, height as u32).ok();
    let local = QRCodeReader::new().decode_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source()?)), &hints);
    let found = match local {
        Ok(found) => found,
        // One threshold for all: codes on bright screens, whose blocks the local one breaks.
        Err(_) => QRCodeReader::new()
            .decode_with_hints(&mut BinaryBitmap::new(GlobalHistogramBinarizer::new(source()?)), &hints)
            .ok()?,
    };
    Some(found.getText().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::homography::Homography;
    use proptest::prelude::*;
    use rxing::{BarcodeFormat, Writer, qrcode::QRCodeWriter};

    const TEXT: &str = "https://portal.example/t#1.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";

    /// The code drawn into a grey room through a homography, noisy.
    fn scene(corners: [[f64; 2]; 4]) -> Vec<u8> {
        let matrix = QRCodeWriter {}.encode(TEXT, &BarcodeFormat::QR_CODE, 0, 0).unwrap();
        let modules = f64::from(matrix.getWidth());
        let map = Homography::between(corners, [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]).unwrap();
        (0..800 * 600usize)
            .map(|i| {
                let noise = ((i * 7919) % 23) as u8;
                let mut light = 0u32;
                for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                    let [u, v] = map.apply((i % 800) as f64 + dx, (i / 800) as f64 + dy);
                    let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
                    let dark = inside && matrix.get((u * modules) as u32, (v * modules) as u32);
                    light += if dark {
                        40
                    } else if inside {
                        210
                    } else {
                        120
                    };
                }
                (light / 4) as u8 + noise
            })
            .collect()
    }

    #[test]
    fn reads_a_code_straight_and_in_perspective() {
        let straight = scene([[200.0, 100.0], [560.0, 100.0], [560.0, 460.0], [200.0, 460.0]]);
        assert_eq!(read(&straight, 800, 600).as_deref(), Some(TEXT));
        let askew = scene([[245.0, 105.0], [575.0, 75.0], [605.0, 460.0], [215.0, 425.0]]);
        assert_eq!(read(&askew, 800, 600).as_deref(), Some(TEXT));
        let small = scene([[300.0, 200.0], [450.0, 210.0], [440.0, 360.0], [290.0, 350.0]]);
        assert_eq!(read(&small, 800, 600).as_deref(), Some(TEXT));
    }

    #[test]
    fn an_empty_room_has_no_code() {
        let empty: Vec<u8> = (0..800 * 600usize).map(|i| 90 + ((i * 7919) % 97) as u8).collect();
        assert_eq!(read(&empty, 800, 600), None);
        assert_eq!(read(&empty, 800, 601), None, "a size that is not the buffer's");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn random_pixels_never_panic(bytes in proptest::collection::vec(any::<u8>(), 64 * 48)) {
            let _ = read(&bytes, 64, 48);
            let _ = read_picture(&bytes);
        }
    }
}
