//! One call: prove possession, send, read the answer or the problem.
//!
//! The portal hands out the nonce a proof must carry. The last one seen is kept; a proof made with a stale one is
//! made anew once, with the nonce of the refusal.

use crate::{Access, ClientError, Net, Pass, Stamp};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use protocol::{Code, Portal, Problem, Secret, Signer, dpop};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Exchange {
    pub portal: Portal,
    pub net: Arc<dyn Net>,
    pub stamp: Arc<dyn Stamp>,
    /// `Folio/0.1.0`: the portal compares it with the oldest app it serves.
    pub agent: HeaderValue,
    pub nonce: Mutex<Option<String>>,
}

/// Who is asking.
#[derive(Clone, Copy)]
pub(crate) enum As<'a> {
    Anyone,
    Key(&'a dyn Signer),
    Holder(&'a Pass),
    Linked(&'a Access),
}

/// A body that is made anew for each try, with the nonce it may have to carry.
pub(crate) type Body<'a> = &'a (dyn Fn(&str) -> Result<Bytes, ClientError> + Sync);

impl<'a> As<'a> {
    fn key(self) -> Option<&'a dyn Signer> {
        match self {
            Self::Anyone => None,
            Self::Key(key) => Some(key),
            Self::Holder(pass) => Some(&pass.key),
            Self::Linked(access) => Some(&*access.key),
        }
    }

    fn credential(self) -> Option<&'a Secret<String>> {
        match self {
            Self::Holder(pass) => Some(&pass.credential),
            Self::Linked(access) => Some(&access.token),
            Self::Anyone | Self::Key(_) => None,
        }
    }
}

impl Exchange {
    /// A reply of success, or why there is none.
    pub async fn call(
        &self,
        who: As<'_>,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Bytes>, ClientError> {
        self.call_with(who, method, path, headers, &|_| Ok(body.clone())).await
    }

    /// The same with a body that carries the nonce too.
    pub async fn call_with(
        &self,
        who: As<'_>,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Body<'_>,
    ) -> Result<Response<Bytes>, ClientError> {
        let request = || self.request(who, &method, path, &headers, body);
        let mut reply = self.net.send(request()?).await?;
        self.remember_nonce(&reply);
        if who.key().is_some() && asks_for_nonce(&reply) {
            reply = self.net.send(request()?).await?;
            self.remember_nonce(&reply);
        }
        match reply.status() {
            status if status.is_success() => Ok(reply),
            status if status.is_redirection() => Err(ClientError::Redirected),
            status => Err(problem(status, &method, reply.body())),
        }
    }

    fn request(
        &self,
        who: As<'_>,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: Body<'_>,
    ) -> Result<Request<Bytes>, ClientError> {
        let address = self.address(path)?;
        let nonce = self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut request = Request::new(body(nonce.as_deref().unwrap_or_default())?);
        *request.method_mut() = method.clone();
        *request.uri_mut() = address.as_str().parse().map_err(|_| ClientError::Insecure)?;
        *request.headers_mut() = headers.clone();
        request.headers_mut().insert(header::USER_AGENT, self.agent.clone());
        if let Some(key) = who.key() {
            let credential = who.credential().map(|credential| credential.expose().as_str());
            let target = dpop::Target { htm: method.as_str(), htu: address.as_str(), credential };
            let proof = dpop::sign(key, target, &self.jti(), nonce.as_deref(), self.stamp.iat())?;
            request.headers_mut().insert("dpop", sensitive(&proof)?);
            if let Some(credential) = credential {
                request.headers_mut().insert(header::AUTHORIZATION, sensitive(&format!("DPoP {credential}"))?);
            }
        }
        Ok(request)
    }

    pub fn address(&self, path: &str) -> Result<url::Url, ClientError> {
        self.portal.origin.join(path).map_err(|_| ClientError::Insecure)
    }

    pub fn jti(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.stamp.jti())
    }

    fn remember_nonce(&self, reply: &Response<Bytes>) {
        if let Some(nonce) = reply.headers().get("dpop-nonce").and_then(|nonce| nonce.to_str().ok()) {
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
    }
}

pub(crate) fn read<T: DeserializeOwned>(reply: &Response<Bytes>) -> Result<T, ClientError> {
    serde_json::from_slice(reply.body()).map_err(|_| ClientError::Garbage)
}

/// RFC 9449, section 9: the refusal stands in a header, so that an answer to HEAD can carry it too.
fn asks_for_nonce(reply: &Response<Bytes>) -> bool {
    let asked = reply.headers().get_all(header::WWW_AUTHENTICATE).iter();
    reply.status() == StatusCode::UNAUTHORIZED
        && asked.filter_map(|value| value.to_str().ok()).any(|value| value.contains("use_dpop_nonce"))
}

/// What a refusal says. One without our body comes from something in between, or answers HEAD.
fn problem(status: StatusCode, method: &Method, body: &Bytes) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => ClientError::Refused { code: problem.code, reference: Some(problem.reference) },
        Err(_) if method == Method::HEAD && status == StatusCode::NOT_FOUND => ClientError::refused(Code::NotFound),
        Err(_) if method == Method::HEAD && status == StatusCode::UNAUTHORIZED => {
            ClientError::refused(Code::CredentialInvalid)
        }
        Err(_) if status.is_server_error() => ClientError::refused(Code::Unavailable),
        Err(_) => ClientError::Garbage,
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| ClientError::Garbage)?;
    value.set_sensitive(true);
    Ok(value)
}
