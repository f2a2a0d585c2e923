//! The phone's calls, one method each. Paths and bodies are `protocol`'s; headers are those of tus 1.0.0.

use crate::{
    Access, ClientError, Net, Pass, ProofKey, Stamp,
    exchange::{As, Exchange, read},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, header};
use protocol::{
    Code, Portal,
    api::{Complete, Device, Pages, PortalInfo, Redeem, RedeemBy, Redeemed, SlotAnswer, SlotChoice, UploadState},
    routes,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

/// Talks to one portal.
pub struct Client(pub(crate) Exchange);

impl Client {
    /// `app_version` is the app's own, for example `0.1.0`.
    pub fn new(portal: Portal, net: Arc<dyn Net>, stamp: Arc<dyn Stamp>, app_version: &str) -> Self {
        let agent = HeaderValue::from_str(&format!("Folio/{app_version}"));
        let agent = agent.unwrap_or(HeaderValue::from_static("Folio"));
        Self(Exchange { portal, net, stamp, agent, nonce: Mutex::new(None) })
    }

    pub fn portal(&self) -> &Portal {
        &self.0.portal
    }

    pub async fn portal_info(&self) -> Result<PortalInfo, ClientError> {
        read(&self.0.call(As::Anyone, Method::GET, routes::PORTAL, HeaderMap::new(), Bytes::new()).await?)
    }

    /// Redeems a ticket for `key`. Repeating it with the same key gives a new credential for the same upload.
    /// `linked`: what a linked phone says besides, so that the portal knows whose phone it is.
    pub async fn redeem(
        &self,
        by: RedeemBy,
        model: &str,
        key: &ProofKey,
        linked: Option<&Access>,
    ) -> Result<Redeemed, ClientError> {
        let redeem = |nonce: &str| {
            let linked = linked.map(|access| self.linked_by(access, nonce)).transpose()?;
            body(&Redeem { by: by.clone(), device: Device { model: model.to_owned(), linked } })
        };
        read(&self.0.call_with(As::Key(key), Method::POST, routes::REDEEM, json(), &redeem).await?)
    }

    pub async fn state(&self, pass: &Pass) -> Result<UploadState, ClientError> {
        read(&self.holder(pass, Method::GET, routes::UPLOAD, HeaderMap::new(), Bytes::new()).await?)
    }

    /// 'No, this is not mine.'
    pub async fn decline(&self, pass: &Pass) -> Result<(), ClientError> {
        self.holder(pass, Method::POST, routes::DECLINE, HeaderMap::new(), Bytes::new()).await.map(drop)
    }

    /// Tells the computer how many pages there are so far.
    pub async fn pages(&self, pass: &Pass, count: u32) -> Result<(), ClientError> {
        self.holder(pass, Method::POST, routes::PAGES, json(), body(&Pages { count })?).await.map(drop)
    }

    /// Announces a document of `length` bytes.
    pub async fn create_file(&self, pass: &Pass, length: u64) -> Result<(), ClientError> {
        let mut headers = tus();
        headers.insert("upload-length", HeaderValue::from(length));
        self.holder(pass, Method::POST, routes::FILE, headers, Bytes::new()).await.map(drop)
    }

    /// How many bytes the portal holds safely. `not_found` before [`Client::create_file`].
    pub async fn offset(&self, pass: &Pass) -> Result<u64, ClientError> {
        match self.holder(pass, Method::HEAD, routes::FILE, tus(), Bytes::new()).await {
            Ok(reply) => upload_offset(&reply),
            // The answer to HEAD has no body, so why an upload ended is asked for.
            Err(ClientError::Garbage) => match self.state(pass).await? {
                UploadState::Ended { code } => Err(ClientError::refused(code)),
                _ => Err(ClientError::refused(Code::UploadEnded)),
            },
            Err(other) => Err(other),
        }
    }

    /// Creates the file where that has not happened, and says where to go on.
    pub async fn begin(&self, pass: &Pass, length: u64) -> Result<u64, ClientError> {
        match self.offset(pass).await {
            Err(ClientError::Refused { code: Code::NotFound, .. }) => {
                self.create_file(pass, length).await?;
                Ok(0)
            }
            known => known,
        }
    }

    /// Sends the bytes that stand at `offset`, with their SHA-256. Answers the new offset once they are durable.
    pub async fn patch(&self, pass: &Pass, offset: u64, bytes: Bytes) -> Result<u64, ClientError> {
        let mut headers = tus();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/offset+octet-stream"));
        headers.insert("upload-offset", HeaderValue::from(offset));
        let checksum = format!("sha256 {}", STANDARD.encode(Sha256::digest(&bytes)));
        headers.insert("upload-checksum", HeaderValue::from_str(&checksum).map_err(|_| ClientError::Garbage)?);
        upload_offset(&self.holder(pass, Method::PATCH, routes::FILE, headers, bytes).await?)
    }

    /// Throws the bytes sent so far away; the upload itself lives on.
    pub async fn discard_file(&self, pass: &Pass) -> Result<(), ClientError> {
        self.holder(pass, Method::DELETE, routes::FILE, tus(), Bytes::new()).await.map(drop)
    }

    /// Hands the document in. Completing twice gives the same answer.
    pub async fn complete(&self, pass: &Pass, complete: &Complete) -> Result<UploadState, ClientError> {
        read(&self.holder(pass, Method::POST, routes::COMPLETE, json(), body(complete)?).await?)
    }

    /// What becomes of the document when somebody else has filled its place.
    pub async fn slot(&self, pass: &Pass, choice: SlotChoice) -> Result<UploadState, ClientError> {
        read(&self.holder(pass, Method::POST, routes::SLOT, json(), body(&SlotAnswer { choice })?).await?)
    }

    async fn holder(
        &self,
        pass: &Pass,
        method: Method,
        template: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Bytes>, ClientError> {
        self.0.call(As::Holder(pass), method, &path(template, &pass.upload.0)?, headers, body).await
    }
}

/// An id comes from the portal, but it must not be able to name another route.
pub(crate) fn path(template: &str, id: &str) -> Result<String, ClientError> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(ClientError::Garbage);
    }
    Ok(routes::path(template, id))
}

pub(crate) fn json() -> HeaderMap {
    HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

fn tus() -> HeaderMap {
    let name = header::HeaderName::from_static("tus-resumable");
    HeaderMap::from_iter([(name, HeaderValue::from_static("1.0.0"))])
}

pub(crate) fn body(value: &impl Serialize) -> Result<Bytes, ClientError> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|_| ClientError::Garbage)
}

fn upload_offset(reply: &Response<Bytes>) -> Result<u64, ClientError> {
    let offset = reply.headers().get("upload-offset").and_then(|offset| offset.to_str().ok());
    offset.and_then(|offset| offset.parse().ok()).ok_or(ClientError::Garbage)
}
