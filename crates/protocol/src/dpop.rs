//! DPoP proofs of possession (RFC 9449), ES256 only. Pure: nonces, ids and keys are arguments.
//!
//! Freshness comes from the portal's nonce, never from a clock, so a phone whose clock is years off works.

use crate::signer::{PublicKey, Signer, SignerError};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::VerifyingKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest proof that is looked at, in bytes.
const MAX_PROOF: usize = 2048;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("not a DPoP proof: {0}")]
    Malformed(&'static str),
    #[error("the proof's signature is wrong")]
    Signature,
    #[error("the proof is for another {0}")]
    Mismatch(&'static str),
    #[error("the proof carries no nonce")]
    NonceMissing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Jwk {
    crv: String,
    kty: String,
    x: String,
    y: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    /// Required by RFC 9449; never trusted here.
    iat: i64,
}

/// A proof whose signature and target have been checked. The caller still checks `nonce` and, where it matters, `jti`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub key: PublicKey,
    /// RFC 7638 thumbprint of the key, base64url.
    pub jkt: String,
    pub jti: String,
    pub nonce: String,
}

/// What a proof is about.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Method, upper case.
    pub htm: &'a str,
    /// Address without query and fragment, built from the portal's public origin.
    pub htu: &'a str,
    /// The credential sent beside the proof, if any.
    pub credential: Option<&'a str>,
}

/// Signs a proof. `jti`: unique, 96 bits or more; `iat`: seconds since the epoch as the phone believes.
pub fn sign(
    key: &dyn Signer,
    target: Target<'_>,
    jti: &str,
    nonce: Option<&str>,
    iat: i64,
) -> Result<String, SignerError> {
    let header = Header { typ: "dpop+jwt".into(), alg: "ES256".into(), jwk: jwk(&key.public_key().0) };
    let claims = Claims {
        jti: jti.into(),
        htm: target.htm.into(),
        htu: target.htu.into(),
        ath: target.credential.map(hash),
        nonce: nonce.map(Into::into),
        iat,
    };
    let part = |json: serde_json::Result<Vec<u8>>| URL_SAFE_NO_PAD.encode(json.unwrap_or_default());
    let signed = format!("{}.{}", part(serde_json::to_vec(&header)), part(serde_json::to_vec(&claims)));
    let signature = key.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Checks form, signature and target.
pub fn verify(proof: &str, target: Target<'_>) -> Result<Proof, ProofError> {
    use ProofError::{Malformed, Mismatch};
    if proof.len() > MAX_PROOF {
        return Err(Malformed("too long"));
    }
    let (signed, signature) = proof.rsplit_once('.').ok_or(Malformed("parts"))?;
    let (header, claims) = signed.split_once('.').ok_or(Malformed("parts"))?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed("base64url"));
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Malformed("header"))?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).map_err(|_| Malformed("claims"))?;
    if header.typ != "dpop+jwt" || header.alg != "ES256" {
        return Err(Malformed("type"));
    }
    let key = verifying_key(&header.jwk).ok_or(Malformed("key"))?;
    let key = PublicKey(key);
    if !key.verifies(signed.as_bytes(), &decode(signature)?) {
        return Err(ProofError::Signature);
    }
    if claims.htm != target.htm {
        return Err(Mismatch("method"));
    }
    if claims.htu != target.htu {
        return Err(Mismatch("address"));
    }
    if claims.ath != target.credential.map(hash) {
        return Err(Mismatch("credential"));
    }
    let nonce = claims.nonce.ok_or(ProofError::NonceMissing)?;
    Ok(Proof { key, jkt: thumbprint(&header.jwk), jti: claims.jti, nonce })
}

/// Thumbprint (RFC 7638) of a public key, base64url.
pub fn jkt(key: &PublicKey) -> String {
    thumbprint(&jwk(&key.0))
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

fn thumbprint(jwk: &Jwk) -> String {
    // Members in the order RFC 7638 asks for: crv, kty, x, y.
    hash(&format!(r#"{{"crv":"{}","kty":"{}","x":"{}","y":"{}"}}"#, jwk.crv, jwk.kty, jwk.x, jwk.y))
}

fn jwk(key: &VerifyingKey) -> Jwk {
    let point = key.to_sec1_point(false);
    let coordinate = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
    Jwk {
        crv: "P-256".into(),
        kty: "EC".into(),
        x: coordinate(point.x().map(AsRef::as_ref)),
        y: coordinate(point.y().map(AsRef::as_ref)),
    }
}

fn verifying_key(jwk: &Jwk) -> Option<VerifyingKey> {
    if jwk.crv != "P-256" || jwk.kty != "EC" {
        return None;
    }
    let mut sec1 = vec![4u8];
    for coordinate in [&jwk.x, &jwk.y] {
        let bytes = URL_SAFE_NO_PAD.decode(coordinate).ok().filter(|bytes| bytes.len() == 32)?;
        sec1.extend(bytes);
    }
    VerifyingKey::from_sec1_bytes(&sec1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;

    fn sign(key: &SigningKey, target: Target<'_>, jti: &str, nonce: Option<&str>, iat: i64) -> String {
        super::sign(key, target, jti, nonce, iat).expect("signs")
    }

    fn key(byte: u8) -> SigningKey {
        SigningKey::from_slice(&[byte; 32]).expect("key")
    }

    const TARGET: Target<'static> =
        Target { htm: "POST", htu: "https://portal.example/api/v1/tickets/redeem", credential: Some("credential") };

    #[test]
    fn a_proof_verifies_and_names_its_key() {
        let proof = verify(&sign(&key(7), TARGET, "id", Some("nonce"), 0), TARGET).expect("verifies");
        let public = key(7).public_key();
        assert_eq!(proof, Proof { jkt: jkt(&public), key: public, jti: "id".into(), nonce: "nonce".into() });
    }

    #[test]
    fn a_proof_for_something_else_is_refused() {
        let proof = sign(&key(7), TARGET, "id", Some("nonce"), 0);
        let other = |target| verify(&proof, target).expect_err("refused");
        assert_eq!(other(Target { htm: "GET", ..TARGET }), ProofError::Mismatch("method"));
        assert_eq!(other(Target { htu: "https://evil.example/", ..TARGET }), ProofError::Mismatch("address"));
        assert_eq!(other(Target { credential: Some("stolen"), ..TARGET }), ProofError::Mismatch("credential"));
        assert_eq!(other(Target { credential: None, ..TARGET }), ProofError::Mismatch("credential"));
        assert_eq!(verify(&sign(&key(7), TARGET, "id", None, 0), TARGET), Err(ProofError::NonceMissing));
    }

    #[test]
    fn a_proof_with_another_key_pasted_in_is_refused() {
        let mine = sign(&key(7), TARGET, "id", Some("nonce"), 0);
        let theirs = sign(&key(9), TARGET, "id", Some("nonce"), 0);
        let mut parts: Vec<&str> = mine.split('.').collect();
        parts[0] = theirs.split('.').next().expect("header");
        assert_eq!(verify(&parts.join("."), TARGET), Err(ProofError::Signature));
    }

    #[test]
    fn garbage_is_malformed() {
        for garbage in ["", ".", "..", "a.b.c", &"x".repeat(5000)] {
            assert!(matches!(verify(garbage, TARGET), Err(ProofError::Malformed(_))), "{garbage:.20}");
        }
    }
}
