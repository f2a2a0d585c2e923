//! 'Linked devices' on the computer: who is linked, a code that links one more, the number that is picked, unlinking.

use crate::{
    App,
    auth::session::Form,
    caller::SignedIn,
    error::Error,
    keys, pages, router,
    store::{
        devices::{Device, Unlinker},
        links::{Link, NewLink, Stage},
        model::{Means, Session},
    },
    tickets::after,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use protocol::{
    Code, Secret,
    api::{DeviceId, LinkId},
    limits,
};
use serde::Deserialize;

pub async fn list(who: SignedIn, State(app): State<App>) -> Result<Response, Error> {
    let devices = app.store.devices(&who.citizen.id).await?;
    pages::devices::list(&app, &who, devices, login_first(&app, &who.session)).await
}

/// How the citizen may log in again before a phone is linked; nothing where the login is fresh.
fn login_first(app: &App, session: &Session) -> Vec<Means> {
    let age = app.clock.now().as_second() - session.auth_time.as_second();
    match app.config.login.means(&session.acr) {
        Some(_) if age <= limits::LINK_LOGIN_SECONDS => Vec::new(),
        Some(means) => vec![means],
        None => vec![Means::LuxTrust, Means::Eid],
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

/// 'Link your device': a code, after a fresh login only.
pub async fn make(who: SignedIn, State(app): State<App>, Form(Nothing {}): Form<Nothing>) -> Result<Response, Error> {
    if !login_first(&app, &who.session).is_empty() {
        // The page says why, and offers the login.
        return Ok(Redirect::to("/devices#link-device").into_response());
    }
    let (id, code, now) = (LinkId(app.rng.id()), app.rng.token(), app.clock.now());
    let link = NewLink {
        code: keys::hash(code.expose()),
        sealed: app.keys.seal(&id.0, &code, app.rng.bytes()),
        citizen: who.citizen.id,
        session: who.session.id,
        created: now,
        expires: after(now, limits::LINK_CODE_SECONDS),
        id,
    };
    app.store.make_link(&link).await?;
    Ok(back(&link.id))
}

/// The window with the code, and what becomes of it.
pub async fn show(who: SignedIn, State(app): State<App>, Path(id): Path<LinkId>) -> Result<Response, Error> {
    let link = own(&app, &who, &id).await?;
    pages::devices::link(&app, &who, link).await
}

#[derive(Deserialize)]
pub struct Picked {
    /// One of the three, or 'none'.
    number: String,
}

pub async fn pick(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    Form(Picked { number }): Form<Picked>,
) -> Result<Response, Error> {
    own(&app, &who, &id).await?;
    let picked = Some(&*number).filter(|number| *number != "none");
    // Too late or none of the three: the page shows how it stands.
    app.store.pick_number(&id, &who.session.id, picked, app.clock.now()).await?;
    Ok(back(&id))
}

pub async fn cancel(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    own(&app, &who, &id).await?;
    app.store.cancel_link(&id, &who.session.id, app.clock.now()).await?;
    Ok(Redirect::to("/devices").into_response())
}

/// 'Unlink' asks first.
pub async fn ask_unlink(who: SignedIn, State(app): State<App>, Path(id): Path<DeviceId>) -> Result<Response, Error> {
    let device = linked(&app, &who, &id).await?;
    pages::devices::unlink(&app, &who, device).await
}

pub async fn unlink(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<DeviceId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    for procedure in app.store.unlink(&id, Unlinker::Citizen(&who.citizen.id), app.clock.now()).await?? {
        app.live.poke(&procedure);
    }
    Ok(Redirect::to("/devices").into_response())
}

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// 'That was me': the announcement goes away, here and in every browser.
pub async fn seen(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<DeviceId>,
    Form(Back { back }): Form<Back>,
) -> Result<Response, Error> {
    linked(&app, &who, &id).await?;
    app.store.announced(&id, &who.citizen.id).await?;
    Ok(Redirect::to(router::ours(&back)).into_response())
}

/// Text of the link's QR code, as long as it can be redeemed.
pub fn qr_text(app: &App, link: &Link) -> Option<Secret<String>> {
    let sealed = link.sealed.as_deref().filter(|_| link.stage == Stage::New)?;
    let code = app.keys.open_sealed(&link.id.0, sealed)?;
    Some(Secret::new(protocol::qr::link_text(&app.config.link_origin, &code)))
}

async fn own(app: &App, who: &SignedIn, id: &LinkId) -> Result<Link, Error> {
    Ok(app.store.link(id, &who.session.id, app.clock.now()).await?.ok_or(Code::NotFound)?)
}

async fn linked(app: &App, who: &SignedIn, id: &DeviceId) -> Result<Device, Error> {
    let device = app.store.device(id).await?;
    Ok(device.filter(|device| device.citizen == who.citizen.id && !device.revoked).ok_or(Code::NotFound)?)
}

fn back(id: &LinkId) -> Response {
    Redirect::to(&format!("/devices/links/{}", id.0)).into_response()
}
