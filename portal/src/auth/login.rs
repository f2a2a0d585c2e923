//! The buttons 'LuxTrust' and 'eID', the way back from the provider, and logging out.

use super::{LoginError, session};
use crate::{
    App,
    caller::{Anyone, SignedIn},
    error::Error,
    pages,
    store::model::{Back, Means, PendingLogin},
};
use axum::{
    Form,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

pub async fn page(anyone: Anyone) -> Result<Response, Error> {
    pages::login(&anyone)
}

/// What a button of the login says; the ones of the login page say nothing.
#[derive(Default, Deserialize)]
pub struct Departing {
    #[serde(default)]
    back: Option<Back>,
}

type Leaving = Result<Form<Departing>, FormRejection>;

pub async fn by_luxtrust(anyone: Anyone, State(app): State<App>, leaving: Leaving) -> Result<Response, Error> {
    depart(anyone, app, Means::LuxTrust, leaving).await
}

pub async fn by_eid(anyone: Anyone, State(app): State<App>, leaving: Leaving) -> Result<Response, Error> {
    depart(anyone, app, Means::Eid, leaving).await
}

async fn depart(_: Anyone, app: App, means: Means, leaving: Leaving) -> Result<Response, Error> {
    // A form that does not read goes to the beginning: nothing but the two of us knows other places.
    let back = leaving.ok().and_then(|Form(departing)| departing.back);
    let departure = app.provider.depart(means, &*app.rng).await?;
    let login = PendingLogin {
        state: departure.state,
        nonce: departure.nonce,
        verifier: departure.verifier,
        means,
        back,
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
        app.store.close_session(&old.id, app.clock.now()).await?;
    }
    let signed_in = app.sign_in(&citizen.id, &identity.acr, &identity.amr, identity.auth_time).await?;
    let to = match (login.back, &signed_in.session.espace) {
        (Some(back), _) => {
            // Who only proves again who they are stays in their eSpace.
            let before = anyone.session.filter(|old| old.citizen == citizen.id).and_then(|old| old.espace);
            if let (None, Some(espace)) = (&signed_in.session.espace, before) {
                app.store.choose_espace(&signed_in.session.id, &espace).await?;
            }
            back.address()
        }
        (None, Some(_)) => "/procedures",
        (None, None) => "/espaces",
    };
    Ok(pages::unbound(&app.config, session::set_cookie(&app.config, &signed_in.token, to)))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn logout(
    caller: SignedIn,
    State(app): State<App>,
    session::Form(Nothing {}): session::Form<Nothing>,
) -> Result<Response, Error> {
    app.store.close_session(&caller.session.id, app.clock.now()).await?;
    Ok(session::clear_cookie(&app.config, "/login"))
}
