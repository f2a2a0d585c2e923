//! Chance is an argument: secrets come from the operating system through here and nowhere else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::Secret;

/// `N` random bytes from the operating system.
#[expect(clippy::disallowed_methods, reason = "the one place where the portal draws random bytes")]
#[expect(clippy::expect_used, reason = "without random bytes no secret can be made and nothing may go on")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Name of a row: 128 bits, base64url.
pub fn id() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>())
}

/// A token nobody can guess: 256 bits, 43 characters of base64url.
pub fn token() -> Secret<String> {
    Secret::new(URL_SAFE_NO_PAD.encode(bytes::<32>()))
}
