//! The computer's side without a network: the demo's portal in this process, and a browser that calls its router.

use super::{Phone, Seeded, nets::InProcess};
use axum::{Router, body::Body, http};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use portal::{App, Config, SignedIn, clock::ManualClock, router};
use rand_core::TryRng;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tower::ServiceExt;
use url::Url;

/// Same chance in every run.
struct Chance(Mutex<Seeded>);

impl portal::rng::Rng for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut seeded = self.0.lock().expect("lock");
        seeded.try_fill_bytes(bytes).unwrap_or_else(|never| match never {});
    }
}

pub struct Desk {
    pub app: App,
    pub clock: Arc<ManualClock>,
    router: Router,
    _kept: tempfile::TempDir,
}

impl Desk {
    pub async fn open() -> Self {
        Self::with(|config| config).await
    }

    pub async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let kept = tempfile::tempdir().expect("folder");
        let config = change(demo(kept.path().join("data")));
        let clock = Arc::new(ManualClock::at(Timestamp::from_second(super::START).expect("time")));
        let rng = Arc::new(Chance(Mutex::new(Seeded(7))));
        let app = App::open(config, clock.clone(), rng).await.expect("opens");
        portal::demo::seed(&app).await.expect("seeds");
        Self { router: router::router(app.clone()), app, clock, _kept: kept }
    }

    pub fn later(&self, minutes: i64, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(minutes * 60 + seconds));
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = answer.into_parts();
        // A stream of events never ends; its beginning says enough.
        let stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if stream { Vec::new() } else { body.collect().await.expect("reads").to_bytes().to_vec() };
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// The way from a phone to this portal.
    pub fn net(&self) -> InProcess {
        InProcess(self.router.clone())
    }

    pub fn phone(&self, seed: u64) -> Phone {
        Phone::with_net(&self.app.config.public_origin, seed, Arc::new(self.net()))
    }

    /// A browser in which nobody has logged in.
    pub fn browser(&self) -> Browser<'_> {
        let host = self.app.config.public_origin.authority().to_owned();
        Browser { desk: self, host, session: None, cookies: Vec::new(), language: "en" }
    }

    /// A browser in which a citizen has logged in and, where named, chosen an eSpace.
    pub async fn browser_of(&self, citizen: &str, espace: Option<&str>) -> Browser<'_> {
        let now = self.app.clock.now();
        let session = self.app.sign_in(citizen, "urn:folio:acr:eid", "sc", now).await.expect("signs in");
        if let Some(espace) = espace {
            self.app.store.choose_espace(&session.session.id, espace).await.expect("chooses");
        }
        let name = if self.app.config.https() { "__Host-session" } else { "session" };
        let cookies = vec![format!("{name}={}", session.token.expose())];
        Browser { session: Some(session), cookies, ..self.browser() }
    }

    /// Marie, in her private eSpace.
    pub async fn marie(&self) -> Browser<'_> {
        self.browser_of("marie", Some("marie-private")).await
    }
}

fn demo(data: PathBuf) -> Config {
    let issuer = Url::parse("http://127.0.0.1:1").expect("url");
    let config = portal::demo::config(data, 7000, issuer).expect("config");
    Config { gate_program: Some(env!("CARGO_BIN_EXE_portal").into()), ..config }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().expect("text")).collect()
    }

    /// What stands between two marks, once.
    pub fn between(&self, before: &str, after: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(before)?;
        Some(rest.split_once(after)?.0.to_owned())
    }
}

pub struct Browser<'d> {
    desk: &'d Desk,
    pub host: String,
    pub session: Option<SignedIn>,
    pub cookies: Vec<String>,
    pub language: &'static str,
}

impl Browser<'_> {
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |session| &session.session.csrf)
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        let request = request.header(header::ACCEPT_LANGUAGE, self.language);
        self.cookies.iter().fold(request, |request, cookie| request.header(header::COOKIE, cookie))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.desk.ask(self.request(Method::GET, path).body(Body::empty()).expect("request")).await
    }

    /// Sends a form as it is.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.desk.ask(request.body(form.into()).expect("request")).await
    }

    /// Sends a form of a page of this session: with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(path, &[&[("csrf", self.csrf())], fields].concat()).await
    }

    /// 'My computer': fields, then the file.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.desk.ask(request.body(body.into()).expect("request")).await
    }

    /// 'Generate' for a slot of the study grant; answers the address of the code's window.
    pub async fn generate(&self, slot: &str) -> String {
        let answer = self.post("/procedures/study-grant/tickets", &[("slot", slot), ("name", "Autumn")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        answer.location().trim_end_matches("#window").to_owned()
    }
}
