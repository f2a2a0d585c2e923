//! The code for phones whose camera cannot see the screen: 8 characters of Crockford's base32.
//!
//! Source of the alphabet and of what is forgiven: Douglas Crockford, "Base 32".

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Eight characters of the alphabet, upper case: 40 bits. Silent when printed, like a [`Secret`](crate::Secret).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TypedCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has eight letters and digits")]
pub struct NotACode;

impl TypedCode {
    /// Forgives case, spaces, hyphens, O for 0, I and L for 1.
    pub fn read(typed: &str) -> Result<Self, NotACode> {
        let mut code = String::with_capacity(8);
        for c in typed.chars() {
            match c.to_ascii_uppercase() {
                ' ' | '-' | '\u{a0}' => {}
                'O' => code.push('0'),
                'I' | 'L' => code.push('1'),
                c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => code.push(c),
                _ => return Err(NotACode),
            }
            if code.len() > 8 {
                return Err(NotACode);
            }
        }
        if code.len() == 8 { Ok(Self(code)) } else { Err(NotACode) }
    }

    /// Draws 40 bits from five random bytes.
    pub fn from_bytes(bytes: [u8; 5]) -> Self {
        let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        Self((0..8).rev().map(|i| ALPHABET[(bits >> (5 * i) & 31) as usize] as char).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `ABCD-EFGH`, as a person reads it.
    pub fn shown(&self) -> String {
        format!("{}-{}", &self.0[..4], &self.0[4..])
    }
}

impl std::fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

impl TryFrom<String> for TypedCode {
    type Error = NotACode;
    fn try_from(typed: String) -> Result<Self, NotACode> {
        Self::read(&typed)
    }
}

impl From<TypedCode> for String {
    fn from(code: TypedCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgives_what_people_type() {
        assert_eq!(TypedCode::read(" abcd-ef0o "), TypedCode::read("ABCDEF00"));
        assert_eq!(TypedCode::read("1Il L2345"), TypedCode::read("11112345"));
    }

    #[test]
    fn refuses_what_is_no_code() {
        for typed in ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFGU", "ABCD€FGH"] {
            assert_eq!(TypedCode::read(typed), Err(NotACode), "{typed}");
        }
    }

    #[test]
    fn a_code_does_not_print() {
        let code = TypedCode::read("ABCDEFGH").expect("reads");
        assert_eq!(format!("{code:?}"), "TypedCode(…)");
    }

    #[test]
    fn every_draw_reads_back() {
        for bytes in [[0; 5], [255; 5], [1, 2, 3, 4, 5]] {
            let code = TypedCode::from_bytes(bytes);
            assert_eq!(TypedCode::read(&code.shown()), Ok(code));
        }
    }
}
