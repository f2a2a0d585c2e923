//! Who may do what: the router's own table × everybody who is not the one meant.

mod common;

use common::{
    desk::{Answer, Browser, Desk},
    linking::{LinkedPhone, code},
};
use http::{Method, StatusCode};
use portal::router::{Caller, Route, table};
use std::collections::BTreeSet;

const UPLOAD: &str = "/procedures/{id}/documents";

fn on_api(route: &Route) -> bool {
    route.path.starts_with("/api/")
}

/// A page or form for people who are logged in.
fn guarded() -> impl Iterator<Item = Route> {
    table().into_iter().filter(|route| matches!(route.caller, Caller::SignedIn | Caller::Member))
}

/// What is Marie's besides the demo's procedures: the names of a ticket, a link under way, and a linked phone.
struct Hers {
    ticket: String,
    link: String,
    device: String,
}

impl Hers {
    fn none() -> Self {
        Self { ticket: "none".into(), link: "none".into(), device: "none".into() }
    }

    /// `n`: her how manieth phone.
    async fn make(desk: &Desk, marie: &Browser<'_>, n: usize) -> Self {
        let device = LinkedPhone::of(desk, marie, n as u64, "Marie's phone").await.device.0;
        let last = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
        let link = last(&code(marie).await.window);
        Self { ticket: last(&marie.generate("grant-enrolment").await), link, device }
    }
}

/// The route's address for what is Marie's, in her private eSpace.
fn address(route: &Route, hers: &Hers) -> String {
    let id = match route.path {
        path if path.starts_with("/documents/") => "doc-birth",
        path if path.starts_with("/devices/links/") => &hers.link,
        path if path.starts_with("/devices/") => &hers.device,
        _ => "study-grant",
    };
    let path = route.path.replace("{id}", id).replace("{ticket}", &hers.ticket);
    path.replace("{slot}", "grant-birth").replace("{by}", "app").replace("{file}", "none")
}

fn names_something(route: &Route) -> bool {
    route.path.contains('{')
}

/// Everything that any form asks for; each takes what it knows.
const FIELDS: [(&str, &str); 4] =
    [("slot", "grant-birth"), ("name", ""), ("espace", "marie-private"), ("number", "none")];

async fn call(browser: &Browser<'_>, route: &Route, path: &str, csrf: &str) -> Answer {
    let fields = [&[("csrf", csrf)], &FIELDS[..]].concat();
    match (&route.method, route.path) {
        (&Method::GET, _) => browser.get(path).await,
        (_, UPLOAD) => browser.upload(path, &fields, &common::pdf(1, "")).await,
        _ => browser.send(path, &fields).await,
    }
}

#[test]
fn the_routers_table_is_the_protocols() {
    let known = |path: &str| protocol::routes::TABLE.iter().any(|route| route.path == path);
    for route in protocol::routes::TABLE {
        let caller = match route.caller {
            protocol::routes::Caller::Anyone => Caller::Anyone,
            protocol::routes::Caller::Proof => Caller::Proof,
            protocol::routes::Caller::Upload => Caller::Upload,
            protocol::routes::Caller::Linked => Caller::Linked,
        };
        let ours = table().into_iter().find(|ours| ours.path == route.path && ours.method == route.method);
        let ours = ours.unwrap_or_else(|| panic!("{} {} is not routed", route.method, route.path));
        assert_eq!(ours.caller, caller, "{} {}", route.method, route.path);
    }
    for route in table().iter().filter(|route| on_api(route)) {
        // tus asks with OPTIONS what the server can do; that is the upload library's, not the protocol's.
        assert!(known(route.path), "{} is not in the protocol", route.path);
    }
}

#[test]
fn no_address_stands_twice() {
    let mut seen = BTreeSet::new();
    for route in table() {
        assert!(seen.insert((route.method.to_string(), route.path)), "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn the_citizen_meant_gets_in_everywhere() {
    let desk = Desk::open().await;
    for (n, route) in guarded().enumerate() {
        let marie = desk.marie().await;
        let path = address(&route, &Hers::make(&desk, &marie, n).await);
        let answer = call(&marie, &route, &path, marie.csrf()).await;
        let well = answer.status == StatusCode::OK || answer.status == StatusCode::SEE_OTHER;
        assert!(well, "{} {path}: {} {}", route.method, answer.status, answer.text());
        let away = answer.location() == "/login" && route.path != "/logout";
        assert!(!away, "{} {path} leads to the login", route.method);
    }
}

#[tokio::test]
async fn nobody_and_yesterdays_session_are_sent_to_the_login() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let hers = Hers::make(&desk, &marie, 0).await;
    desk.later(desk.app.config.session.absolute / 60, 1);
    for route in guarded() {
        let path = address(&route, &hers);
        for browser in [&desk.browser(), &marie] {
            let answer = call(browser, &route, &path, marie.csrf()).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/login"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_form_without_this_sessions_token_changes_nothing() {
    let desk = Desk::open().await;
    let (marie, other_tab) = (desk.marie().await, desk.marie().await);
    let hers = Hers::make(&desk, &marie, 0).await;
    let shown = [
        format!("/procedures/study-grant/tickets/{}", hers.ticket),
        format!("/devices/links/{}", hers.link),
        "/devices".into(),
    ];
    let mut before = Vec::new();
    for page in &shown {
        before.push(marie.get(page).await.text());
    }
    let forms: Vec<Route> = guarded().filter(|route| route.method == Method::POST).collect();
    assert!(forms.len() >= 14, "the walk found its forms");
    for route in &forms {
        let path = address(route, &hers);
        for forged in ["", "x", other_tab.csrf()] {
            let answer = call(&marie, route, &path, forged).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} with {forged:?}");
        }
    }
    for (page, before) in shown.iter().zip(before) {
        assert_eq!(marie.get(page).await.text(), before, "codes, phones and all documents are as they were");
    }
}

#[tokio::test]
async fn what_is_anothers_is_not_there() {
    let desk = Desk::open().await;
    let marie = desk.marie().await;
    let hers = Hers::make(&desk, &marie, 0).await;
    let paul = desk.browser_of("paul", None).await;
    let bakery = desk.browser_of("marie", Some("weber-bakery")).await;
    for route in guarded() {
        let path = address(&route, &hers);
        for (who, browser) in [("another citizen", &paul), ("another eSpace", &bakery)] {
            // These are about oneself: leaving, and going over to another eSpace of one's own.
            // A phone is the citizen's, whichever eSpace they are in; a link under way is one session's alone.
            let own = route.path == "/espaces" || route.path.starts_with("/devices/{id}");
            if route.path == "/logout" || (own && who == "another eSpace") {
                continue;
            }
            let answer = call(browser, &route, &path, browser.csrf()).await;
            if names_something(&route) {
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who}: {} {path}", route.method);
            }
            assert!(!answer.text().contains("study grant"), "{who}: {} {path}", route.method);
            assert!(!answer.text().contains("Birth certificate"), "{who}: {} {path}", route.method);
            let phone = answer.text().contains("Marie&#39;s phone");
            assert!(!phone || who == "another eSpace", "{who}: {} {path}", route.method);
        }
    }
    // Choosing an eSpace that is not theirs was refused, so Paul still is where he was.
    assert!(paul.get("/procedures").await.text().contains("Parental leave"));
}

#[tokio::test]
async fn who_may_only_read_gets_no_way_to_add() {
    let desk = Desk::open().await;
    let lea = desk.browser_of("lea", None).await;
    let page = lea.get("/procedures/business-permit").await;
    assert_eq!(page.status, StatusCode::OK);
    for label in ["Attach", "Replace", "Add a supporting document"] {
        assert!(!page.text().contains(label), "{label}");
    }
    for path in ["add", "add/by/app", "slots/permit-diploma", "slots/permit-diploma/by/computer"] {
        let answer = lea.get(&format!("/procedures/business-permit/{path}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let fields = [("csrf", lea.csrf()), ("slot", "permit-diploma")];
    let made = lea.send("/procedures/business-permit/tickets", &fields).await;
    assert_eq!(made.status, StatusCode::FORBIDDEN);
    let sent = lea.upload("/procedures/business-permit/documents", &fields, &common::pdf(1, "")).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn before_an_espace_is_chosen_there_is_nothing_to_see() {
    let desk = Desk::open().await;
    let marie = desk.browser_of("marie", None).await;
    for route in guarded().filter(|route| route.caller == Caller::Member) {
        let answer = call(&marie, &route, &address(&route, &Hers::none()), marie.csrf()).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/espaces"), "{}", route.path);
    }
}

#[tokio::test]
async fn a_phone_without_a_proof_is_told_so_in_a_problem_document() {
    let desk = Desk::open().await;
    let browser = desk.browser();
    for route in table().iter().filter(|route| matches!(route.caller, Caller::Proof | Caller::Upload | Caller::Linked))
    {
        let path = route.path.replace("{id}", "AAAAAAAAAAAAAAAAAAAAAA");
        let request = http::Request::builder().method(route.method.clone()).uri(&path).header("host", &browser.host);
        let answer = desk.ask(request.body(axum::body::Body::empty()).expect("request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}", route.method);
        if route.method != Method::HEAD {
            assert_eq!(answer.header("content-type"), protocol::Problem::CONTENT_TYPE, "{path}");
            let problem: protocol::Problem = serde_json::from_slice(&answer.bytes).expect("a problem");
            assert!(!problem.reference.is_empty());
        }
        assert!(answer.header("www-authenticate").starts_with("DPoP "), "{path}");
        assert!(!answer.header("dpop-nonce").is_empty(), "{path}");
    }
    let nothing = browser.get("/api/v1/nothing").await;
    assert_eq!((nothing.status, nothing.header("content-type")), (StatusCode::NOT_FOUND, "application/problem+json"));
}

#[tokio::test]
async fn other_hosts_get_nothing_and_the_link_host_only_its_page() {
    let desk = Desk::open().await;
    let mut browser = desk.marie().await;
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:7001", "127.0.0.1:7000.", ""] {
        browser.host = host.to_owned();
        let answer = browser.get("/procedures").await;
        assert_eq!((answer.status, answer.bytes.len()), (StatusCode::MISDIRECTED_REQUEST, 0), "{host}");
    }
    browser.host = "localhost:7000".into();
    for path in ["/", "/login", "/procedures", "/procedures/study-grant", "/api/v1/portal"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let ticket = browser.get("/t").await;
    assert!(ticket.text().contains("Open the app") && ticket.cookies().is_empty());
    let link = browser.get("/l").await;
    assert!(link.text().contains("Nobody will ever ask you") && !link.text().contains("folio://"));
}

const APPS: [&str; 2] = ["/.well-known/assetlinks.json", "/.well-known/apple-app-site-association"];

#[tokio::test]
async fn phones_learn_which_apps_may_open_a_ticket_on_the_link_host_alone() {
    let desk = Desk::with(|mut config| {
        let certificates = vec![["0a"; 32].join(":"), ["1B"; 32].join(":")];
        config.apps.android = Some(portal::apps::Android { package: "lu.folio.app".into(), certificates });
        config.apps.ios = Some(portal::apps::Ios { team: "ABCDE12345".into(), bundle: "lu.folio.app".into() });
        config
    })
    .await;
    let mut browser = desk.browser();
    for path in APPS {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path} is the link host's");
    }
    browser.host = "localhost:7000".into();
    // Neither system follows a redirect or takes another type.
    for path in APPS {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"), "{path}");
        assert!(answer.cookies().is_empty() && !answer.text().contains("/l"), "{path}");
    }
    let android: serde_json::Value = serde_json::from_str(&browser.get(APPS[0]).await.text()).expect("JSON");
    assert_eq!(android[0]["relation"][0], "delegate_permission/common.handle_all_urls");
    assert_eq!(android[0]["target"]["package_name"], "lu.folio.app");
    assert_eq!(android[0]["target"]["sha256_cert_fingerprints"][0], ["0A"; 32].join(":"));
    let ios: serde_json::Value = serde_json::from_str(&browser.get(APPS[1]).await.text()).expect("JSON");
    let expected = serde_json::json!([{ "appIDs": ["ABCDE12345.lu.folio.app"], "components": [{ "/": "/t" }] }]);
    assert_eq!(ios["applinks"]["details"], expected);
}

#[tokio::test]
async fn a_portal_without_an_app_of_its_own_has_no_such_files() {
    let desk = Desk::open().await;
    let mut browser = desk.browser();
    browser.host = "localhost:7000".into();
    for path in APPS {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for https in [false, true] {
        let desk = Desk::with(|config| secured(config, https)).await;
        let marie = desk.marie().await;
        let hers = if https { Hers::none() } else { Hers::make(&desk, &marie, 0).await };
        let mut paths: Vec<String> = guarded().map(|route| address(&route, &hers)).collect();
        paths.extend(["/", "/login", "/nothing", "/api/v1/portal"].map(String::from));
        for path in paths {
            let answer = marie.get(&path).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'") || policy.starts_with("sandbox"), "{path}: {policy}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.header(name), value, "{path}: {name}");
            }
            let strict = answer.header("strict-transport-security").starts_with("max-age=");
            assert_eq!(strict, https, "{path}");
            let page = answer.text();
            assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="), "{path}");
        }
    }
}

fn secured(mut config: portal::Config, https: bool) -> portal::Config {
    if https {
        config.public_origin = "https://portal.example".parse().expect("url");
        config.link_origin = "https://link.example".parse().expect("url");
        config.loopback_http = false;
    }
    config
}

#[tokio::test]
async fn assets_may_be_kept_and_nothing_else() {
    let desk = Desk::open().await;
    let page = desk.browser().get("/login").await;
    let style = page.between("<link rel=\"stylesheet\" href=\"", "\"").expect("a style sheet");
    let style = desk.browser().get(&style).await;
    assert_eq!((style.status, style.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(desk.browser().get("/assets/portal-000000000000.css").await.status, StatusCode::NOT_FOUND);
}
