//! Networks that misbehave: they stand between the real client and the real portal.

use axum::{Router, body::Body};
use bytes::Bytes;
use client::{Https, Net, NetError, Sending};
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use http_body_util::BodyExt;
use std::sync::Mutex;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tower::ServiceExt;

pub fn https() -> Https {
    Https::with_loopback().expect("client")
}

/// No network at all: a portal in this process answers.
#[derive(Clone)]
pub struct InProcess(pub Router);

impl Net for InProcess {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        let router = self.0.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let host = parts.uri.authority().expect("an address").as_str();
            parts.headers.insert(header::HOST, HeaderValue::from_str(host).expect("a host"));
            let request = Request::from_parts(parts, Body::from(body));
            let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            let (parts, body) = answer.into_parts();
            Ok(Response::from_parts(parts, body.collect().await.expect("reads").to_bytes()))
        })
    }
}

/// Keeps what went out.
pub struct Recording<N = Https> {
    inner: N,
    pub sent: Mutex<Vec<Request<Bytes>>>,
}

impl Recording {
    pub fn new() -> Self {
        Self::over(https())
    }
}

impl<N: Net> Recording<N> {
    pub fn over(inner: N) -> Self {
        Self { inner, sent: Mutex::default() }
    }

    pub fn last(&self) -> Request<Bytes> {
        copy(self.sent.lock().expect("lock").last().expect("a request"))
    }

    /// Sends a request as it is.
    pub async fn again(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.inner.send(request).await.expect("answers")
    }
}

impl<N: Net> Net for Recording<N> {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        self.sent.lock().expect("lock").push(copy(&request));
        self.inner.send(request)
    }
}

/// Changes requests on their way.
pub struct Meddling<F, N = Https>(pub N, pub F);

impl<N: Net, F: Fn(&mut Request<Bytes>) + Send + Sync> Net for Meddling<F, N> {
    fn send(&self, mut request: Request<Bytes>) -> Sending<'_> {
        (self.1)(&mut request);
        self.0.send(request)
    }
}

/// Breaks the connection in the middle of a PATCH's body.
pub struct Cutting {
    inner: Https,
    /// Bytes that still go out.
    pub after: usize,
}

impl Cutting {
    pub fn after(after: usize) -> Self {
        Self { inner: https(), after }
    }

    async fn cut(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        let authority = request.uri().authority().expect("authority").clone();
        let mut head = format!("PATCH {} HTTP/1.1\r\nhost: {authority}\r\n", request.uri().path());
        for (name, value) in request.headers() {
            head += &format!("{name}: {}\r\n", value.to_str().expect("text"));
        }
        head += &format!("content-length: {}\r\n\r\n", request.body().len());
        let mut socket = TcpStream::connect(authority.as_str()).await.expect("connects");
        socket.write_all(head.as_bytes()).await.expect("writes");
        socket.write_all(&request.body()[..self.after]).await.expect("writes");
        socket.shutdown().await.expect("closes");
        Err(NetError::Unreachable)
    }
}

impl Net for Cutting {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        if request.method() == Method::PATCH {
            return Box::pin(self.cut(request));
        }
        self.inner.send(request)
    }
}

pub fn copy(request: &Request<Bytes>) -> Request<Bytes> {
    let mut copy = Request::new(request.body().clone());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = HeaderMap::clone(request.headers());
    copy
}
