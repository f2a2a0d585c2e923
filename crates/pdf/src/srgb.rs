//! The sRGB colour space as a small ICC profile, so that an archive knows what the pictures' numbers mean.
//!
//! A matrix and curve display profile after ICC.1:2001-04 with the primaries and the transfer function of
//! IEC 61966-2-1, adapted to D50. Refuses to know: PDF.

/// Entries of the tone curve.
const CURVE: u16 = 1024;
const DESCRIPTION: &[u8] = b"sRGB IEC61966-2.1\0";
const COPYRIGHT: &[u8] = b"Public domain\0";

type Xyz = [f64; 3];
const D50: Xyz = [0.964_203, 1.0, 0.824_905];
/// Red, green and blue of sRGB, adapted from D65 to D50 by the Bradford transform.
const RED: Xyz = [0.436_042, 0.222_485, 0.013_920];
const GREEN: Xyz = [0.385_114, 0.716_905, 0.097_068];
const BLUE: Xyz = [0.143_047, 0.060_611, 0.713_918];

/// The profile's bytes, about 2.6 kB.
pub(crate) fn profile() -> Vec<u8> {
    let curve = curve();
    let data: [(&[[u8; 4]], Vec<u8>); 7] = [
        (&[*b"desc"], description()),
        (&[*b"cprt"], [b"text\0\0\0\0", COPYRIGHT].concat()),
        (&[*b"wtpt"], xyz(D50)),
        (&[*b"rXYZ"], xyz(RED)),
        (&[*b"gXYZ"], xyz(GREEN)),
        (&[*b"bXYZ"], xyz(BLUE)),
        // One curve serves all three channels.
        (&[*b"rTRC", *b"gTRC", *b"bTRC"], curve),
    ];
    let tags = data.iter().map(|(names, _)| names.len()).sum::<usize>();
    let mut table = (tags as u32).to_be_bytes().to_vec();
    let mut content = Vec::new();
    let start = 128 + 4 + 12 * tags;
    for (names, bytes) in &data {
        for name in *names {
            table.extend(name);
            table.extend(((start + content.len()) as u32).to_be_bytes());
            table.extend((bytes.len() as u32).to_be_bytes());
        }
        content.extend(bytes);
        content.resize(content.len().next_multiple_of(4), 0);
    }
    [header(start + content.len()), table, content].concat()
}

fn header(size: usize) -> Vec<u8> {
    let mut header = Vec::with_capacity(128);
    header.extend((size as u32).to_be_bytes());
    header.extend([0; 4]); // no preferred colour management module
    header.extend([2, 0x10, 0, 0]); // version 2.1
    header.extend(b"mntrRGB XYZ ");
    for part in [2026u16, 1, 1, 0, 0, 0] {
        header.extend(part.to_be_bytes());
    }
    header.extend(b"acsp");
    header.extend([0; 28]); // platform, flags, maker, model, attributes; intent: perceptual
    header.extend(D50.into_iter().flat_map(fixed));
    header.resize(128, 0);
    header
}

fn description() -> Vec<u8> {
    let mut text = b"desc\0\0\0\0".to_vec();
    text.extend((DESCRIPTION.len() as u32).to_be_bytes());
    text.extend(DESCRIPTION);
    text.extend([0; 4 + 4 + 2 + 1 + 67]); // neither a Unicode nor a Macintosh description
    text
}

fn xyz(colour: Xyz) -> Vec<u8> {
    b"XYZ \0\0\0\0".iter().copied().chain(colour.into_iter().flat_map(fixed)).collect()
}

/// s15Fixed16Number.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn curve() -> Vec<u8> {
    let mut curve = b"curv\0\0\0\0".to_vec();
    curve.extend(u32::from(CURVE).to_be_bytes());
    for step in 0..CURVE {
        let value = f64::from(step) / f64::from(CURVE - 1);
        let linear = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        curve.extend(((linear * 65535.0).round() as u16).to_be_bytes());
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_lies_inside_the_profile_and_starts_on_a_word() {
        let profile = profile();
        let word = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().expect("four bytes")) as usize;
        assert_eq!(word(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(word(128), 9);
        for tag in 0..9 {
            let (offset, size) = (word(132 + 12 * tag + 4), word(132 + 12 * tag + 8));
            assert!(offset % 4 == 0 && offset + size <= profile.len());
        }
    }

    #[test]
    fn the_primaries_add_up_to_white() {
        for axis in 0..3 {
            assert!((RED[axis] + GREEN[axis] + BLUE[axis] - D50[axis]).abs() < 1e-4);
        }
    }

    #[test]
    fn the_curve_is_srgb() {
        let curve = curve();
        let entry = |at: usize| u16::from_be_bytes([curve[12 + 2 * at], curve[13 + 2 * at]]);
        assert_eq!((entry(0), entry(1023)), (0, 65535));
        // sRGB 0.5 is 21.4 % of the light.
        assert!((f64::from(entry(512)) / 65535.0 - 0.2145).abs() < 0.001);
    }
}
