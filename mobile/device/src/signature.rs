//! Signatures as the platforms give them, in the form that the wire has.

/// r‖s of an ECDSA signature over P-256 in DER: `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3). `None` when it is
/// anything else, or not as DER demands.
pub(crate) fn fixed(der: &[u8]) -> Option<[u8; 64]> {
    let (body, rest) = element(der, 0x30)?;
    let (r, body) = element(body, 0x02)?;
    let (s, body) = element(body, 0x02)?;
    if !rest.is_empty() || !body.is_empty() {
        return None;
    }
    let mut signature = [0; 64];
    put(r, &mut signature[..32])?;
    put(s, &mut signature[32..])?;
    Some(signature)
}

/// The content of the element with this tag, and what follows it. No signature over P-256 needs a long length.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    if found != tag || length >= 0x80 { None } else { rest.split_at_checked(length.into()) }
}

/// Writes a positive integer right-aligned.
fn put(integer: &[u8], field: &mut [u8]) -> Option<()> {
    let magnitude = match integer {
        [0, second, ..] if *second < 0x80 => return None,
        [0, magnitude @ ..] if !magnitude.is_empty() => magnitude,
        [first, ..] if (1..0x80).contains(first) => integer,
        _ => return None,
    };
    let start = field.len().checked_sub(magnitude.len())?;
    field[start..].copy_from_slice(magnitude);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let integer = |bytes: &[u8]| [&[0x02, bytes.len() as u8], bytes].concat();
        let body = [integer(r), integer(s)].concat();
        [&[0x30, body.len() as u8], &body[..]].concat()
    }

    #[test]
    fn short_long_and_high_integers_are_aligned() {
        let high = [&[0][..], &[0xff; 32]].concat();
        let signature = fixed(&der(&[1], &high)).unwrap();
        assert_eq!(signature[..32], [&[0; 31][..], &[1]].concat());
        assert_eq!(signature[32..], [0xff; 32]);
        let signature = fixed(&der(&[0x7f; 32], &[0, 0x80])).unwrap();
        assert_eq!(signature[..32], [0x7f; 32]);
        assert_eq!(signature[32..], [&[0; 31][..], &[0x80]].concat());
    }

    #[test]
    fn what_is_not_der_is_no_signature() {
        let whole = der(&[1; 32], &[2; 32]);
        assert!(fixed(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(fixed(&whole[..end]), None, "cut after {end} bytes");
        }
        assert_eq!(fixed(&[&whole[..], &[0]].concat()), None, "something follows");
        for (what, integer) in
            [("zero", &[0][..]), ("empty", &[]), ("negative", &[0x80]), ("padded", &[0, 1]), ("too long", &[1; 33])]
        {
            assert_eq!(fixed(&der(integer, &[1])), None, "{what}");
            assert_eq!(fixed(&der(&[1], integer)), None, "{what}");
        }
        assert_eq!(fixed(&[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]), None, "a length in the long form");
        assert_eq!(fixed(&[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1]), None, "three integers");
    }
}
