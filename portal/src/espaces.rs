//! Choosing the eSpace one acts in.

use crate::{App, auth::session::Form, caller::SignedIn, error::Error, pages};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use protocol::Code;
use serde::Deserialize;

pub async fn page(who: SignedIn, State(app): State<App>) -> Result<Response, Error> {
    let espaces = app.store.espaces(&who.citizen.id).await?;
    pages::espaces(&app, &who, espaces)
}

#[derive(Deserialize)]
pub struct Choice {
    espace: String,
}

pub async fn choose(who: SignedIn, State(app): State<App>, Form(choice): Form<Choice>) -> Result<Response, Error> {
    let espaces = app.store.espaces(&who.citizen.id).await?;
    if !espaces.iter().any(|espace| espace.id == choice.espace) {
        return Err(Code::NotFound.into());
    }
    app.store.choose_espace(&who.session.id, &choice.espace).await?;
    Ok(Redirect::to("/procedures").into_response())
}
