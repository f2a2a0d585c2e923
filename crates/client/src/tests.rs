//! The client against a server in this process that misbehaves on purpose.

use crate::{Client, ClientError, Https, Net, NetError, Pass, ProofKey, Stamp};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, head},
};
use bytes::Bytes;
use protocol::{
    Code, Portal, Secret,
    api::{RedeemBy, UploadId},
    dpop,
};
use rand_core::TryRng;
use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};
use url::Url;

const APP_VERSION: &str = "0.1.0";

#[derive(Default)]
struct Counted(AtomicU64);

impl Stamp for Counted {
    fn iat(&self) -> i64 {
        0
    }
    fn jti(&self) -> [u8; 16] {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)).to_be_bytes()
    }
}

/// Chance with a script: counts up.
struct Steps(u8);

impl TryRng for Steps {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Self::Error> {
        for byte in dest {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}
impl rand_core::TryCryptoRng for Steps {}

/// A body of so many chunks of one megabyte.
struct Megabytes {
    left: usize,
    sent: Arc<AtomicUsize>,
}

impl axum::body::HttpBody for Megabytes {
    type Data = Bytes;
    type Error = std::convert::Infallible;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.sent.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from(vec![b' '; 1 << 20])))))
    }
}

fn key() -> ProofKey {
    ProofKey::draw(&mut Steps(0))
}

fn pass() -> Pass {
    Pass { upload: UploadId("abc".into()), credential: Secret::new("credential".into()), key: key() }
}

async fn serve(router: Router) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    client(&format!("http://{address}"))
}

fn client(origin: &str) -> Client {
    let origin = Url::parse(origin).expect("url");
    let portal = Portal { name: "Test".into(), origin: origin.clone(), link_origin: origin };
    let net = Https::with_loopback().expect("client");
    Client::new(portal, Arc::new(net), Arc::new(Counted::default()), APP_VERSION)
}

fn refusal(code: &str) -> Response {
    let status = if code == "use_dpop_nonce" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let body = format!(r#"{{"title":"No","status":{},"code":"{code}","reference":"R1"}}"#, status.as_u16());
    (status, [("content-type", "application/problem+json")], body).into_response()
}

#[tokio::test]
async fn a_redirect_is_refused_and_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let seen = followed.clone();
    let elsewhere = get(move || async move { seen.fetch_add(1, Ordering::SeqCst).to_string() });
    let router = Router::new()
        .route("/api/v1/portal", get(|| async { Redirect::temporary("/elsewhere") }))
        .route("/elsewhere", elsewhere);
    assert_eq!(serve(router).await.portal_info().await, Err(ClientError::Redirected));
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_that_is_not_of_the_protocol_is_garbage() {
    for body in ["", "<html>Welcome to our hotel</html>", "{}", r#"{"name":1}"#] {
        let router = Router::new().route("/api/v1/portal", get(move || async move { body }));
        assert_eq!(serve(router).await.portal_info().await, Err(ClientError::Garbage), "{body}");
    }
}

#[tokio::test]
async fn a_reply_of_sixty_megabytes_is_cut() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    // Chunked, so no length gives it away beforehand.
    let endless = move || {
        let counter = counter.clone();
        async move { Body::new(Megabytes { left: 60, sent: counter }) }
    };
    let client = serve(Router::new().route("/api/v1/portal", get(endless))).await;
    assert_eq!(client.portal_info().await, Err(ClientError::TooLarge));
    assert!(sent.load(Ordering::SeqCst) < 60, "the client read all of it");
    let declared = Router::new().route("/api/v1/portal", get(|| async { vec![b' '; 1 << 20] }));
    assert_eq!(serve(declared).await.portal_info().await, Err(ClientError::TooLarge));
}

#[tokio::test]
async fn a_stale_nonce_is_replaced_once_and_remembered() {
    let proofs = Arc::new(Mutex::new(Vec::new()));
    let seen = proofs.clone();
    let handler = move |headers: HeaderMap| {
        let proof = headers["dpop"].to_str().expect("text").to_owned();
        seen.lock().expect("lock").push(proof);
        async move {
            let count = seen.lock().expect("lock").len();
            if count == 1 {
                let asked = [("www-authenticate", r#"DPoP error="use_dpop_nonce""#), ("dpop-nonce", "fresh")];
                return (asked, refusal("use_dpop_nonce")).into_response();
            }
            (StatusCode::NO_CONTENT, [("upload-offset", "7")]).into_response()
        }
    };
    let client = serve(Router::new().route("/api/v1/uploads/abc/file", head(handler))).await;
    assert_eq!(client.offset(&pass()).await, Ok(7));
    assert_eq!(client.offset(&pass()).await, Ok(7));
    let htu = client.portal().origin.join("/api/v1/uploads/abc/file").expect("url");
    let target = dpop::Target { htm: "HEAD", htu: htu.as_str(), credential: Some("credential") };
    let proofs = proofs.lock().expect("lock");
    let read: Vec<_> = proofs.iter().map(|proof| dpop::verify(proof, target)).collect();
    assert_eq!(read[0], Err(dpop::ProofError::NonceMissing));
    let later: Vec<_> = read[1..].iter().map(|proof| proof.clone().expect("verifies")).collect();
    assert_eq!(later.iter().map(|proof| proof.nonce.as_str()).collect::<Vec<_>>(), ["fresh", "fresh"]);
    assert_ne!(later[0].jti, later[1].jti);
    assert_eq!(later[0].jkt, pass().key.jkt());
}

#[tokio::test]
async fn a_portal_that_always_asks_for_a_nonce_is_asked_twice_only() {
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = calls.clone();
    let handler = move || {
        seen.fetch_add(1, Ordering::SeqCst);
        async { ([("www-authenticate", r#"DPoP error="use_dpop_nonce""#)], refusal("use_dpop_nonce")) }
    };
    let client = serve(Router::new().route("/api/v1/tickets/redeem", any(handler))).await;
    let redeemed = client.redeem(RedeemBy::Ticket(Secret::new("x".into())), "Pixel 8", &key(), None).await;
    assert_eq!(redeemed.expect_err("refused").code(), Some(Code::UseDpopNonce));
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn refusals_carry_code_and_reference() {
    for (code, read) in [("ticket_used", Code::TicketUsed), ("invented_tomorrow", Code::Internal)] {
        let router = Router::new().route("/api/v1/portal", get(move || async move { refusal(code) }));
        let expected = ClientError::Refused { code: read, reference: Some("R1".into()) };
        assert_eq!(serve(router).await.portal_info().await, Err(expected));
    }
    let proxy = (StatusCode::BAD_GATEWAY, "<h1>502</h1>");
    let router = Router::new().route("/api/v1/portal", get(move || async move { proxy }));
    assert_eq!(serve(router).await.portal_info().await, Err(ClientError::refused(Code::Unavailable)));
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("address");
    drop(listener);
    assert_eq!(client(&format!("http://{address}")).portal_info().await, Err(ClientError::Unreachable));
}

#[tokio::test]
async fn plain_http_goes_to_loopback_only() {
    let request = |address: &str| http::Request::get(address).body(Bytes::new()).expect("request");
    let demo = Https::with_loopback().expect("client");
    for address in ["http://192.0.2.1/", "http://localhost.example/", "ftp://127.0.0.1/"] {
        assert_eq!(demo.send(request(address)).await.expect_err("refused"), NetError::Insecure, "{address}");
    }
    let strict = Https::new().expect("client");
    assert_eq!(strict.send(request("http://127.0.0.1:1/")).await.expect_err("refused"), NetError::Insecure);
}

#[tokio::test]
async fn an_upload_id_cannot_name_another_route() {
    let client = serve(Router::new()).await;
    for id in ["", "..", "a/b", "a?b", "%2e"] {
        let stray = Pass { upload: UploadId(id.into()), ..pass() };
        assert_eq!(client.decline(&stray).await, Err(ClientError::Garbage), "{id}");
    }
}

#[test]
fn keys_keep_their_identity_and_their_secret() {
    let key = key();
    assert_eq!(ProofKey::from_bytes(&key.to_bytes()).expect("a key").jkt(), key.jkt());
    assert!(ProofKey::from_bytes(&Secret::new(vec![0; 32])).is_none());
    let bytes = format!("{:?}", key.to_bytes().expose());
    assert!(!format!("{:?}", pass()).contains(bytes.trim_matches(['[', ']'])));
}
