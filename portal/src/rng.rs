//! Chance is an argument: secrets come from the operating system through [`SystemRng`] and nowhere else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::Secret;

pub trait Rng: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's.
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(clippy::disallowed_methods, reason = "the one place where the portal draws random bytes")]
    #[expect(clippy::expect_used, reason = "without random bytes no secret can be made and nothing may go on")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl dyn Rng + '_ {
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Name of a row: 128 bits, base64url.
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<16>())
    }

    /// A token nobody can guess: 256 bits, 43 characters of base64url.
    pub fn token(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode(self.bytes::<32>()))
    }
}
