//! Logging in, against a provider in this process that can also lie. The certified one is met in the browser's story.

mod common;

use axum::{
    Form, Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use common::{
    START,
    desk::{Answer, Browser, Desk},
};
use http::StatusCode;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use url::Url;

const LUXTRUST: &str = "urn:folio:acr:luxtrust";

/// A provider that asserts whatever the test wants, signed.
#[derive(Clone)]
struct Provider {
    issuer: String,
    key: Arc<SigningKey>,
    claims: Arc<Mutex<Value>>,
    challenge: Arc<Mutex<String>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let provider = Self {
            issuer: format!("http://{}", listener.local_addr().expect("address")),
            key: Arc::new(SigningKey::from_slice(&[7; 32]).expect("key")),
            claims: Arc::default(),
            challenge: Arc::default(),
        };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    fn sign(&self, claims: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": "ES256", "kid": "1" })), part(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let at = |path| format!("{}{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn jwks(State(provider): State<Provider>) -> Json<Value> {
    let point = provider.key.verifying_key().to_sec1_point(false);
    let part = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.expect("a coordinate"));
    let (x, y) = (part(point.x().map(AsRef::as_ref)), part(point.y().map(AsRef::as_ref)));
    Json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "x": x, "y": y }] }))
}

async fn token(
    State(provider): State<Provider>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let proven = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if form["code"] != "the-code" || proven != *provider.challenge.lock().expect("lock") {
        return Err(StatusCode::BAD_REQUEST);
    }
    let claims = provider.claims.lock().expect("lock").clone();
    Ok(Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": provider.sign(&claims) })))
}

/// Where the browser was sent, and what it carries until it is back.
struct Away {
    query: HashMap<String, String>,
    cookie: String,
}

impl Away {
    fn state(&self) -> &str {
        &self.query["state"]
    }

    /// What an honest provider asserts for this departure.
    fn claims(&self, provider: &Provider) -> Value {
        json!({
            "iss": provider.issuer, "aud": "folio-portal", "sub": "marie-weber", "name": "Marie Weber",
            "nonce": self.query["nonce"], "acr": self.query["acr_values"], "amr": ["otp"],
            "iat": START, "exp": START + 300, "auth_time": START,
        })
    }
}

async fn desk(provider: &Provider) -> Desk {
    let issuer: Url = provider.issuer.parse().expect("url");
    Desk::with(|mut config| {
        config.login.issuer = issuer;
        config
    })
    .await
}

async fn depart(browser: &Browser<'_>, provider: &Provider, by: &str) -> Away {
    depart_with(browser, provider, by, &[]).await
}

async fn depart_with(browser: &Browser<'_>, provider: &Provider, by: &str, fields: &[(&str, &str)]) -> Away {
    let answer = browser.send(by, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address: Url = answer.location().parse().expect("an address");
    assert_eq!(address.origin().ascii_serialization(), provider.issuer);
    let query: HashMap<String, String> = address.query_pairs().into_owned().collect();
    *provider.challenge.lock().expect("lock") = query["code_challenge"].clone();
    let cookie = answer.cookies()[0];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    Away { query, cookie: cookie.split(';').next().expect("a cookie").to_owned() }
}

async fn back(browser: &mut Browser<'_>, away: &Away, state: &str) -> Answer {
    browser.cookies = vec![away.cookie.clone()];
    browser.get(&format!("/login/callback?code=the-code&state={state}")).await
}

#[tokio::test]
async fn a_citizen_logs_in_and_gets_a_session_of_their_own() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    let mut browser = desk.browser();
    for (by, acr) in [("/login/luxtrust", LUXTRUST), ("/login/eid", "urn:folio:acr:eid")] {
        let away = depart(&browser, &provider, by).await;
        assert_eq!(away.query["acr_values"], acr);
        assert_eq!(away.query["redirect_uri"], "http://127.0.0.1:7000/login/callback");
        assert_eq!((&*away.query["code_challenge_method"], &*away.query["max_age"]), ("S256", "0"));
        *provider.claims.lock().expect("lock") = away.claims(&provider);
        let answer = back(&mut browser, &away, away.state()).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/espaces"), "{}", answer.text());
        let cookies = answer.cookies();
        let session = cookies.iter().find(|cookie| cookie.starts_with("session=")).expect("a session");
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Path=/"));
        browser.cookies = vec![session.split(';').next().expect("a cookie").to_owned()];
        assert!(browser.get("/espaces").await.text().contains("Weber Bakery"), "found by issuer and subject");
        // The same answer a second time opens nothing.
        assert_eq!(back(&mut desk.browser(), &away, away.state()).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_new_login_ends_the_session_before() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    let mut browser = desk.browser_of("marie", Some("marie-private")).await;
    let before = browser.cookies.clone();
    let away = depart(&browser, &provider, "/login/eid").await;
    *provider.claims.lock().expect("lock") = away.claims(&provider);
    browser.cookies.push(away.cookie.clone());
    let answer = browser.get(&format!("/login/callback?code=the-code&state={}", away.state())).await;
    assert_eq!(answer.location(), "/espaces");
    browser.cookies = before;
    assert_eq!(browser.get("/procedures").await.location(), "/login");
}

#[tokio::test]
async fn who_logs_in_again_to_link_a_phone_comes_back_to_it() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    for (fields, espace, to) in [
        (&[("back", "devices")][..], Some("marie-private"), "/devices"),
        (&[("back", "devices")], None, "/devices"),
        (&[("back", "https://evil.example")], Some("marie-private"), "/espaces"),
        (&[("back", "")], None, "/espaces"),
        (&[], Some("marie-private"), "/espaces"),
    ] {
        let mut browser = desk.browser_of("marie", espace).await;
        let before = browser.cookies.clone();
        let away = depart_with(&browser, &provider, "/login/eid", fields).await;
        *provider.claims.lock().expect("lock") = away.claims(&provider);
        browser.cookies.push(away.cookie.clone());
        let answer = browser.get(&format!("/login/callback?code=the-code&state={}", away.state())).await;
        assert_eq!(answer.location(), to, "{fields:?}");
        let session = answer.cookies().into_iter().find(|cookie| cookie.starts_with("session=")).expect("a session");
        browser.cookies = vec![session.split(';').next().expect("a cookie").to_owned()];
        let kept = to == "/devices" && espace.is_some();
        assert_eq!(browser.get("/procedures").await.location() != "/espaces", kept, "{fields:?}: stays in the eSpace");
        browser.cookies = before;
        assert_eq!(browser.get("/devices").await.location(), "/login", "the old session has ended");
    }

    // Another citizen who logs in there does not inherit the eSpace.
    let shared = json!({ "id": "shared", "name": "Shared", "kind": "professional", "editors": ["marie", "lea"], "procedures": [] });
    let seed = serde_json::from_value(json!({ "citizens": [], "espaces": [shared] })).expect("seed");
    desk.app.store.seed(&seed).await.expect("seeds");
    let mut browser = desk.browser_of("marie", Some("shared")).await;
    let away = depart_with(&browser, &provider, "/login/eid", &[("back", "devices")]).await;
    let mut claims = away.claims(&provider);
    claims["sub"] = "lea-hoffmann".into();
    *provider.claims.lock().expect("lock") = claims;
    browser.cookies.push(away.cookie.clone());
    let answer = browser.get(&format!("/login/callback?code=the-code&state={}", away.state())).await;
    let session = answer.cookies().into_iter().find(|cookie| cookie.starts_with("session=")).expect("a session");
    browser.cookies = vec![session.split(';').next().expect("a cookie").to_owned()];
    assert_eq!(browser.get("/procedures").await.location(), "/espaces", "a member there too, but asked");
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host() {
    let provider = Provider::start().await;
    let desk = Desk::with(|mut config| {
        config.public_origin = "https://portal.example".parse().expect("url");
        config.link_origin = "https://link.example".parse().expect("url");
        config
    })
    .await;
    let marie = desk.marie().await;
    let out = marie.post("/logout", &[]).await;
    let cookie = out.cookies()[0];
    assert!(cookie.starts_with("__Host-session=;") && cookie.contains("; Secure"), "{cookie}");
    drop(provider);
}

#[tokio::test]
async fn an_answer_that_does_not_hold_opens_nothing() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    let mut browser = desk.browser();
    let lies: [(&str, Value); 9] = [
        ("acr", "urn:folio:acr:eid".into()),
        ("acr", Value::Null),
        ("nonce", "another".into()),
        ("aud", "another-client".into()),
        ("iss", "https://elsewhere.example".into()),
        ("exp", (START - 1).into()),
        ("auth_time", (START - 601).into()),
        ("auth_time", (START + 61).into()),
        ("auth_time", Value::Null),
    ];
    for (claim, lie) in lies {
        let away = depart(&browser, &provider, "/login/luxtrust").await;
        let mut claims = away.claims(&provider);
        claims[claim] = lie.clone();
        *provider.claims.lock().expect("lock") = claims;
        let answer = back(&mut browser, &away, away.state()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{claim}: {lie}");
        assert!(answer.text().contains("You are not logged in"), "{claim}: {lie}");
        assert!(!answer.cookies().iter().any(|cookie| cookie.starts_with("session=")), "{claim}: {lie}");
    }
}

#[tokio::test]
async fn another_key_or_another_verifier_opens_nothing() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    let mut browser = desk.browser();
    let away = depart(&browser, &provider, "/login/luxtrust").await;
    *provider.claims.lock().expect("lock") = away.claims(&provider);
    *provider.challenge.lock().expect("lock") = "of another browser".into();
    assert_eq!(back(&mut browser, &away, away.state()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_login_comes_back_to_the_browser_that_left() {
    let provider = Provider::start().await;
    let desk = desk(&provider).await;
    let mut victim = desk.browser();
    let away = depart(&victim, &provider, "/login/luxtrust").await;
    *provider.claims.lock().expect("lock") = away.claims(&provider);
    // Somebody lures a citizen to the end of their own login.
    let lured = victim.get(&format!("/login/callback?code=the-code&state={}", away.state())).await;
    assert_eq!(lured.status, StatusCode::BAD_REQUEST);
    assert_eq!(back(&mut victim, &away, "another").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(victim.get("/login/callback").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(back(&mut victim, &away, away.state()).await.location(), "/espaces", "the true one still does");
}

#[tokio::test]
async fn who_cancels_or_finds_the_provider_away_is_told_what_to_do() {
    let provider = Provider::start().await;
    let open = desk(&provider).await;
    let mut browser = open.browser();
    let away = depart(&browser, &provider, "/login/luxtrust").await;
    browser.cookies = vec![away.cookie.clone()];
    let answer = browser.get(&format!("/login/callback?error=access_denied&state={}", away.state())).await;
    assert!(answer.text().contains("The login was cancelled") && answer.text().contains("href=\"/login\""));

    let alone = Desk::open().await;
    let answer = alone.browser().send("/login/luxtrust", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("Not available right now") && !answer.text().contains("127.0.0.1:1"));
}
