//! The form a linked phone exchanges for a token: a JWT bearer assertion (RFC 7523) signed by the phone's key, and over
//! its text a second signature by the unlock key, which only the open vault has.
//!
//! As in a DPoP proof, freshness is the portal's nonce: `iat` and `exp` are written because the RFC asks for them, and
//! never compared with a clock, so a phone whose clock is years off works.

use crate::{
    api::DeviceId,
    signer::{PublicKey, Signer, SignerError},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// `grant_type` of the form.
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// `exp` stands so many seconds behind `iat`.
const SECONDS: i64 = 60;
/// Longest assertion that is looked at, in bytes.
const MAX_ASSERTION: usize = 2048;

/// The form's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub grant_type: String,
    pub assertion: String,
    /// ES256 by the unlock key over the assertion's text, base64url.
    pub unlock: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    #[error("not an assertion: {0}")]
    Malformed(&'static str),
    #[error("the {0} key's signature is wrong")]
    Signature(&'static str),
    #[error("the assertion is for another {0}")]
    Mismatch(&'static str),
}

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    nonce: String,
    iat: i64,
    exp: i64,
}

/// What an assertion says.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    pub device: &'a DeviceId,
    /// Address of the token endpoint, built from the portal's public origin.
    pub audience: &'a str,
    /// The portal's `DPoP-Nonce`.
    pub nonce: &'a str,
    /// Unique, 96 bits or more.
    pub jti: &'a str,
    /// Seconds since the epoch as the phone believes.
    pub iat: i64,
}

/// Signs with both keys.
pub fn sign(key: &dyn Signer, unlock: &dyn Signer, assertion: Assertion<'_>) -> Result<Form, SignerError> {
    let Assertion { device, audience, nonce, jti, iat } = assertion;
    let header = Header { typ: "JWT".into(), alg: "ES256".into() };
    let claims = Claims {
        iss: device.0.clone(),
        sub: device.0.clone(),
        aud: audience.into(),
        jti: jti.into(),
        nonce: nonce.into(),
        iat,
        exp: iat.saturating_add(SECONDS),
    };
    let part = |json: serde_json::Result<Vec<u8>>| URL_SAFE_NO_PAD.encode(json.unwrap_or_default());
    let signed = format!("{}.{}", part(serde_json::to_vec(&header)), part(serde_json::to_vec(&claims)));
    let signature = key.sign(signed.as_bytes())?;
    let assertion = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    let unlock = URL_SAFE_NO_PAD.encode(unlock.sign(assertion.as_bytes())?);
    Ok(Form { grant_type: GRANT.into(), assertion, unlock })
}

/// An assertion whose form and audience hold; its signatures are checked with the keys of the device it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified<'a> {
    pub device: DeviceId,
    pub nonce: String,
    pub jti: String,
    form: &'a Form,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Reads an assertion for this audience. The caller checks the nonce, finds the device, and then [`Unverified::verify`].
pub fn read<'a>(form: &'a Form, audience: &str) -> Result<Unverified<'a>, AssertionError> {
    use AssertionError::{Malformed, Mismatch};
    if form.grant_type != GRANT {
        return Err(Malformed("grant"));
    }
    if form.assertion.len() > MAX_ASSERTION {
        return Err(Malformed("too long"));
    }
    let (signed, signature) = form.assertion.rsplit_once('.').ok_or(Malformed("parts"))?;
    let (header, claims) = signed.split_once('.').ok_or(Malformed("parts"))?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed("base64url"));
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Malformed("header"))?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).map_err(|_| Malformed("claims"))?;
    if header.alg != "ES256" {
        return Err(Malformed("algorithm"));
    }
    if claims.aud != audience {
        return Err(Mismatch("audience"));
    }
    if claims.iss != claims.sub {
        return Err(Mismatch("subject"));
    }
    let signature = decode(signature)?;
    Ok(Unverified { device: DeviceId(claims.sub), nonce: claims.nonce, jti: claims.jti, form, signed, signature })
}

impl Unverified<'_> {
    /// Both signatures, by the keys the device was linked with.
    pub fn verify(&self, key: &PublicKey, unlock: &PublicKey) -> Result<(), AssertionError> {
        use AssertionError::{Malformed, Signature};
        if !key.verifies(self.signed.as_bytes(), &self.signature) {
            return Err(Signature("phone's"));
        }
        let second = URL_SAFE_NO_PAD.decode(&self.form.unlock).map_err(|_| Malformed("base64url"))?;
        if unlock.verifies(self.form.assertion.as_bytes(), &second) { Ok(()) } else { Err(Signature("unlock")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_slice(&[byte; 32]).expect("key")
    }

    fn form() -> Form {
        let device = DeviceId("device".into());
        let said =
            Assertion { device: &device, audience: "https://portal.example/token", nonce: "n", jti: "j", iat: 0 };
        sign(&key(7), &key(8), said).expect("signs")
    }

    #[test]
    fn both_keys_are_needed() {
        let form = form();
        let read = read(&form, "https://portal.example/token").expect("reads");
        assert_eq!((&*read.device.0, &*read.nonce, &*read.jti), ("device", "n", "j"));
        let public = |byte| key(byte).public_key();
        assert_eq!(read.verify(&public(7), &public(8)), Ok(()));
        assert_eq!(read.verify(&public(9), &public(8)), Err(AssertionError::Signature("phone's")));
        assert_eq!(read.verify(&public(7), &public(7)), Err(AssertionError::Signature("unlock")));
    }

    #[test]
    fn the_unlock_signature_of_another_assertion_is_refused() {
        let device = DeviceId("device".into());
        let said =
            Assertion { device: &device, audience: "https://portal.example/token", nonce: "n", jti: "k", iat: 0 };
        let other = sign(&key(7), &key(8), said).expect("signs");
        let spliced = Form { unlock: other.unlock, ..form() };
        let read = read(&spliced, "https://portal.example/token").expect("reads");
        let verified = read.verify(&key(7).public_key(), &key(8).public_key());
        assert_eq!(verified, Err(AssertionError::Signature("unlock")));
    }

    #[test]
    fn what_is_for_another_portal_or_malformed_is_refused() {
        assert_eq!(read(&form(), "https://evil.example/token"), Err(AssertionError::Mismatch("audience")));
        for assertion in ["", ".", "a.b.c", "!!.!!.!!", &"x".repeat(4000)] {
            let form = Form { assertion: assertion.into(), ..form() };
            assert!(matches!(read(&form, "x"), Err(AssertionError::Malformed(_))), "{assertion}");
        }
        let form = Form { grant_type: "password".into(), ..form() };
        assert_eq!(read(&form, "x"), Err(AssertionError::Malformed("grant")));
    }
}
