//! The real network: https only, no redirects, TLS 1.2 or newer, Mozilla's roots, replies of bounded size.
//!
//! The provider (ring) and the roots are built in rather than taken from the platform: the platform's verifier needs
//! an initialisation on Android that nothing here makes.

use crate::net::{Net, NetError, Sending};
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use protocol::limits::REPLY_BYTES;
use std::{sync::Arc, time::Duration};

const CONNECT: Duration = Duration::from_secs(10);
/// How long a call may take that carries no document …
const ANSWER: Duration = Duration::from_secs(30);
/// … and the slowest connection a document is still sent over, in bytes a second.
const SLOWEST: u64 = 16 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum HttpsError {
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

/// One of these serves the whole app.
#[derive(Debug, Clone)]
pub struct Https {
    http: reqwest::Client,
    /// Whether plain http to a loopback address is let through.
    loopback: bool,
}

impl Https {
    pub fn new() -> Result<Self, HttpsError> {
        Ok(Self { http: builder()?.https_only(true).build()?, loopback: false })
    }

    /// Also lets plain http to a loopback address through.
    #[cfg(any(test, feature = "demo"))]
    pub fn with_loopback() -> Result<Self, HttpsError> {
        Ok(Self { http: builder()?.no_proxy().build()?, loopback: true })
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        if !(request.uri().scheme_str() == Some("https") || self.loopback && is_loopback(request.uri())) {
            return Err(NetError::Insecure);
        }
        let patience = ANSWER + Duration::from_secs(request.body().len() as u64 / SLOWEST);
        let mut request = reqwest::Request::try_from(request).map_err(|_| NetError::Insecure)?;
        *request.timeout_mut() = Some(patience);
        let mut reply = self.http.execute(request).await.map_err(net_error)?;
        if reply.content_length().is_some_and(|length| length > REPLY_BYTES as u64) {
            return Err(NetError::TooLarge);
        }
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = reply.status();
        *answer.headers_mut() = std::mem::take(reply.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = reply.chunk().await.map_err(net_error)? {
            if body.len() + chunk.len() > REPLY_BYTES {
                return Err(NetError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        *answer.body_mut() = body.freeze();
        Ok(answer)
    }
}

impl Net for Https {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.exchange(request))
    }
}

fn builder() -> Result<reqwest::ClientBuilder, HttpsError> {
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_root_certificates(rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
        .with_no_client_auth();
    // reqwest leaves a preconfigured TLS as it is, so the offer of HTTP/2 is made here.
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT))
}

fn is_loopback(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    here && uri.scheme_str() == Some("http")
}

fn net_error(error: reqwest::Error) -> NetError {
    let error = error.without_url();
    tracing::debug!(%error, "a call did not come back");
    if error.is_timeout() { NetError::TimedOut } else { NetError::Unreachable }
}
