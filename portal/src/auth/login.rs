//! The buttons 'LuxTrust' and 'eID', the way back from the provider, and logging out.

use super::{LoginError, session};
use crate::{
    App,
    caller::{Anyone, SignedIn},
    error::Error,
    pages,
    store::model::{Means, PendingLogin},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

pub async fn page(anyone: Anyone) -> Result<Response, Error> {
    pages::login(&anyone)
}

pub async fn by_luxtrust(anyone: Anyone, State(app): State<App>) -> Result<Response, Error> {
    depart(anyone, app, Means::LuxTrust).await
}

pub async fn by_eid(anyone: Anyone, State(app): State<App>) -> Result<Response, Error> {
    depart(anyone, app, Means::Eid).await
}

async fn depart(_: Anyone, app: App, means: Means) -> Result<Response, Error> {
    let departure = app.provider.depart(means, &*app.rng).await?;
    let login = PendingLogin {
        state: departure.state,
        nonce: departure.nonce,
        verifier: departure.verifier,
        means,
        created: app.clock.now(),
    };
    app.store.begin_login(&login).await?;
    Ok(pages::bound_to_browser(&app.config, &login.state, Redirect::to(&departure.address).into_response()))
}

#[derive(Deserialize)]
pub struct Arrival {
    state: String,
    code: Option<String>,
    error: Option<String>,
}

pub async fn callback(
    anyone: Anyone,
    State(app): State<App>,
    arrival: Result<Query<Arrival>, QueryRejection>,
) -> Result<Response, Error> {
    let Query(arrival) = arrival.map_err(|_| LoginError::NotUnderWay)?;
    // The login must come back to the browser that left for it, or somebody could log a citizen in as another.
    if anyone.pending_login.as_deref() != Some(&*arrival.state) {
        return Err(LoginError::NotUnderWay.into());
    }
    let login = app.store.take_login(&arrival.state).await?.ok_or(LoginError::NotUnderWay)?;
    if let Some(error) = arrival.error {
        return Err(LoginError::Cancelled(error).into());
    }
    let code = arrival.code.ok_or(LoginError::NotUnderWay)?;
    let identity = app.provider.arrive(code, login.nonce, &login.verifier, login.means, app.clock.now()).await?;
    let citizen = app.store.citizen_of(&identity.iss, &identity.sub, &identity.name, &app.rng.id()).await?;
    // A new session for every login: an older one in this browser ends.
    if let Some(old) = &anyone.session {
        app.store.close_session(&old.id).await?;
    }
    let signed_in = app.sign_in(&citizen.id, &identity.acr, &identity.amr, identity.auth_time).await?;
    let to = if signed_in.session.espace.is_some() { "/procedures" } else { "/espaces" };
    Ok(pages::unbound(&app.config, session::set_cookie(&app.config, &signed_in.token, to)))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn logout(
    caller: SignedIn,
    State(app): State<App>,
    session::Form(Nothing {}): session::Form<Nothing>,
) -> Result<Response, Error> {
    app.store.close_session(&caller.session.id).await?;
    Ok(session::clear_cookie(&app.config, "/login"))
}
