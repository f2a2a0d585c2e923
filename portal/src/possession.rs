//! Who is calling: the key a phone proves (RFC 9449), the upload whose credential that key holds, and the linked phone
//! whose token it holds.
//!
//! Freshness comes from a nonce the portal hands out and can check without remembering it, so any instance accepts
//! what another gave. The phone's clock is never asked. Refuses to know what the caller may do.

use crate::{
    App,
    error::{ApiError, Error},
    keys::{self, Keys},
    store::{devices::Holder, uploads::Upload},
};
use axum::{
    extract::{FromRequestParts, OriginalUri, Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue, header, request::Parts};
use jiff::Timestamp;
use protocol::{Code, PublicKey, api::UploadId, dpop, limits};

const DPOP: HeaderName = HeaderName::from_static("dpop");
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// How far the clocks of two instances may differ, in seconds.
const CLOCKS: i64 = 30;

/// A nonce made now: the time, and a digest of it that only the portal can make.
pub fn nonce(keys: &Keys, now: Timestamp) -> String {
    let time = now.as_second().to_be_bytes();
    let mut bytes = time.to_vec();
    bytes.extend(&keys.digest("dpop nonce", &time)[..16]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether any instance made this nonce within the last two minutes.
pub fn nonce_holds(keys: &Keys, nonce: &str, now: Timestamp) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
    let Some((time, _)) = bytes.split_first_chunk::<8>() else { return false };
    let made = i64::from_be_bytes(*time);
    let age = now.as_second().saturating_sub(made);
    let ours = Timestamp::from_second(made).is_ok_and(|made| self::nonce(keys, made) == nonce);
    ours && (-CLOCKS..=limits::NONCE_SECONDS).contains(&age)
}

/// A caller that proved a key, known or not.
#[derive(Debug, Clone)]
pub struct ProofBy {
    pub key: PublicKey,
    pub jkt: String,
    /// Remembered where repeating a call would matter.
    pub jti: String,
}

/// The phone of one upload: the credential is the upload's, and the proof is by the key it is bound to.
#[derive(Debug, Clone)]
pub struct UploadBy {
    pub upload: Upload,
    pub proof: ProofBy,
}

/// A linked phone: the token is bound to the key of the proof, and the account still knows the phone.
#[derive(Debug, Clone)]
pub struct LinkedBy {
    pub holder: Holder,
    pub proof: ProofBy,
}

/// A call without a proof that counts.
#[derive(Debug)]
pub struct Unproven(Error);

impl<E: Into<Error>> From<E> for Unproven {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Unproven {
    fn into_response(self) -> Response {
        let challenge = match self.0.code() {
            Code::UseDpopNonce => Some(r#"DPoP error="use_dpop_nonce", algs="ES256""#),
            Code::ProofInvalid => Some(r#"DPoP error="invalid_dpop_proof", algs="ES256""#),
            Code::CredentialInvalid => Some(r#"DPoP error="invalid_token", algs="ES256""#),
            _ => None,
        };
        let mut response = ApiError(self.0).into_response();
        if let Some(challenge) = challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl FromRequestParts<App> for ProofBy {
    type Rejection = Unproven;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Unproven> {
        prove(parts, app, None).await
    }
}

impl FromRequestParts<App> for UploadBy {
    type Rejection = Unproven;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Unproven> {
        let id = Path::<UploadId>::from_request_parts(parts, app).await;
        let Path(id) = id.map_err(|_| Code::NotFound)?;
        let credential = credential(parts).ok_or(Code::CredentialInvalid)?.to_owned();
        let proof = prove(parts, app, Some(&credential)).await?;
        let upload = app.store.upload(&id).await?.ok_or(Code::CredentialInvalid)?;
        if upload.jkt != proof.jkt || upload.credential_hash != keys::hash(&credential) {
            return Err(Code::CredentialInvalid.into());
        }
        Ok(Self { upload, proof })
    }
}

impl FromRequestParts<App> for LinkedBy {
    type Rejection = Unproven;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Unproven> {
        let token = credential(parts).ok_or(Code::CredentialInvalid)?.to_owned();
        let proof = prove(parts, app, Some(&token)).await?;
        let holder = app.store.holder(&keys::hash(&token), &proof.jkt, app.clock.now()).await??;
        Ok(Self { holder, proof })
    }
}

async fn prove(parts: &mut Parts, app: &App, credential: Option<&str>) -> Result<ProofBy, Unproven> {
    let OriginalUri(uri) = OriginalUri::from_request_parts(parts, app)
        .await
        .unwrap_or_else(|never: std::convert::Infallible| match never {});
    let mut proofs = parts.headers.get_all(DPOP).iter();
    // Exactly one, RFC 9449 section 4.3.
    let (Some(proof), None) = (proofs.next(), proofs.next()) else { return Err(Code::ProofInvalid.into()) };
    let proof = proof.to_str().map_err(|_| Code::ProofInvalid)?;
    let htu = app.config.address(uri.path());
    let target = dpop::Target { htm: parts.method.as_str(), htu: &htu, credential };
    Ok(check(app, proof, target)?)
}

/// Checks one proof: its form, signature, target, and that its nonce holds.
pub fn check(app: &App, proof: &str, target: dpop::Target<'_>) -> Result<ProofBy, Code> {
    let dpop::Proof { key, jkt, jti, nonce } = dpop::verify(proof, target).map_err(|error| match error {
        dpop::ProofError::NonceMissing => Code::UseDpopNonce,
        _ => Code::ProofInvalid,
    })?;
    if nonce_holds(&app.keys, &nonce, app.clock.now()) {
        Ok(ProofBy { key, jkt, jti })
    } else {
        Err(Code::UseDpopNonce)
    }
}

/// The token of `Authorization: DPoP TOKEN`.
fn credential(parts: &Parts) -> Option<&str> {
    let (scheme, token) = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("DPoP").then_some(token)
}

/// Around every call of a phone: the answer brings the next nonce.
pub async fn hand_out_nonce(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(nonce) = HeaderValue::from_str(&nonce(&app.keys, app.clock.now())) {
        response.headers_mut().insert(DPOP_NONCE, nonce);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("time")
    }

    #[test]
    fn a_nonce_holds_two_minutes_on_every_instance() {
        let here = Keys::from_bytes([7; 32]);
        let there = Keys::from_bytes([7; 32]);
        let nonce = nonce(&here, at(1_000));
        for (now, holds) in [(969, false), (970, true), (1_000, true), (1_120, true), (1_121, false)] {
            assert_eq!(nonce_holds(&there, &nonce, at(now)), holds, "{now}");
        }
    }

    #[test]
    fn nobody_else_can_make_one() {
        let keys = Keys::from_bytes([7; 32]);
        let foreign = nonce(&Keys::from_bytes([8; 32]), at(1_000));
        let mut moved = URL_SAFE_NO_PAD.decode(nonce(&keys, at(1_000))).expect("base64");
        moved[7] ^= 1;
        let moved = URL_SAFE_NO_PAD.encode(moved);
        for forged in [foreign.as_str(), &moved, "", "AAAA", "!"] {
            assert!(!nonce_holds(&keys, forged, at(1_000)), "{forged}");
        }
    }
}
