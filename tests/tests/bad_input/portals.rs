//! Nobody answers, or somebody else does.

use crate::{ENROLMENT, NEVER_DRAWN, gate, refuses, stands};
use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use driver::{
    journey::{Intent, Trouble, View, view::Stage},
    protocol::Portal,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tests::{
    Phone,
    steps::{arrived, done, generates, marie, opens_scanner, photographs, reads, scans},
};
use tokio::{net::TcpListener, task::JoinSet};
use url::Url;

/// What may stand at a portal's address instead of it.
#[derive(Debug, Clone, Copy)]
enum Instead {
    Redirect,
    Html,
    CutJson,
    Huge,
    Picture,
    Forbidden,
    BadGateway,
}

impl Instead {
    fn answer(self) -> Response {
        match self {
            Self::Redirect => Redirect::to("/elsewhere").into_response(),
            Self::Html => Html("<h1>Welcome to our hotel</h1>").into_response(),
            Self::CutJson => ([(header::CONTENT_TYPE, "application/json")], r#"{"upload":"abc","cred"#).into_response(),
            Self::Huge => ([(header::CONTENT_TYPE, "application/json")], vec![b' '; 8 << 20]).into_response(),
            Self::Picture => ([(header::CONTENT_TYPE, "image/png")], &b"\x89PNG\r\n\x1a\n"[..]).into_response(),
            Self::Forbidden => (StatusCode::FORBIDDEN, Html("<h1>Accept our terms first</h1>")).into_response(),
            Self::BadGateway => (StatusCode::BAD_GATEWAY, Html("<h1>502</h1>")).into_response(),
        }
    }

    fn trouble(self) -> Trouble {
        match self {
            // The portal's own house is there, only the portal is down.
            Self::BadGateway => Trouble::Unreachable,
            _ => Trouble::NotAPortal,
        }
    }
}

/// Listens on loopback, answers every call in this way and counts who followed it elsewhere.
async fn serve(instead: Instead) -> Result<(Portal, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let followed = Arc::new(AtomicUsize::new(0));
    let counter = followed.clone();
    let elsewhere = move || async move { counter.fetch_add(1, Ordering::SeqCst).to_string() };
    let router = Router::new()
        .route("/elsewhere", axum::routing::any(elsewhere))
        .fallback(move || async move { instead.answer() });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((portal_at(port)?, followed))
}

fn portal_at(port: u16) -> Result<Portal> {
    let (origin, link_origin) = (format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}"));
    Ok(Portal { name: "Another".into(), origin: Url::parse(&origin)?, link_origin: Url::parse(&link_origin)? })
}

/// A phone that trusts two portals and scans a code of the one that is not itself.
async fn is_told(sick: Portal, trouble: Trouble, well: Portal) -> Result<Phone> {
    let code = format!("{}t#{NEVER_DRAWN}", sick.link_origin);
    let phone = Phone::start(vec![sick, well]).await?;
    opens_scanner(&phone).await?;
    refuses(&phone, &code, trouble).await?;
    Ok(phone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_a_portal_is_called_so_and_gets_nothing() -> Result<()> {
    let (computer, _) = marie(gate()).await?;
    let well = computer.app.config.as_portal();
    let all = [
        Instead::Redirect,
        Instead::Html,
        Instead::CutJson,
        Instead::Huge,
        Instead::Picture,
        Instead::Forbidden,
        Instead::BadGateway,
    ];
    // Each waits for its portal to become better, so they wait together.
    let mut stories = JoinSet::new();
    for instead in all {
        let (sick, followed) = serve(instead).await?;
        let well = well.clone();
        stories.spawn(async move {
            let phone = is_told(sick, instead.trouble(), well).await.with_context(|| format!("{instead:?}"))?;
            ensure!(followed.load(Ordering::SeqCst) == 0, "{instead:?}: the phone went elsewhere");
            Ok(phone)
        });
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    stories.spawn(is_told(portal_at(nobody)?, Trouble::Unreachable, well));
    // The other portal is none the worse for it.
    for phone in stories.join_all().await {
        let (_, text) = computer.generate(ENROLMENT).await?;
        reads(&phone?, text).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_was_away_takes_the_same_code_and_the_document_by_itself() -> Result<()> {
    let (mut computer, phone) = marie(gate()).await?;
    let (window, text) = computer.generate(ENROLMENT).await?;
    opens_scanner(&phone).await?;
    computer.goes_away().await?;
    refuses(&phone, &text, Trouble::Unreachable).await?;
    computer.comes_back().await?;
    phone.does(Intent::GoHome);
    phone.sees("home", |view| matches!(view, View::Home { .. }).then_some(())).await?;
    scans(&computer, &phone, &window, text).await?;
    photographs(&phone, 1).await?;
    generates(&phone, 1).await?;
    computer.goes_away().await?;
    phone.does(Intent::Confirm);
    stands(&phone, Stage::WaitingForNetwork).await?;
    computer.comes_back().await?;
    let receipt = done(&phone).await?;
    arrived(&computer, ENROLMENT.procedure, &receipt).await?;
    Ok(())
}
