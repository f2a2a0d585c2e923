//! The session's cookie, and forms that carry its token.

use crate::{App, config::Config, error::Error, keys, store::model::*};
use axum::{
    extract::{FromRequest, Request},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use protocol::Secret;
use serde::de::DeserializeOwned;

/// With `__Host-` the browser itself refuses it over http, for other hosts and paths.
fn cookie_name(config: &Config) -> &'static str {
    if config.https() { "__Host-session" } else { "session" }
}

/// Value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The signed-in citizen of these headers.
pub async fn current(app: &App, headers: &HeaderMap) -> Result<Option<(Session, Citizen)>, Error> {
    let Some(token) = cookie(headers, cookie_name(&app.config)) else { return Ok(None) };
    let limits = app.config.session;
    Ok(app.store.session(&keys::hash(token), app.clock.now(), limits.idle, limits.absolute).await?)
}

/// What a login gives: the only way to a session, with or without a browser.
pub struct SignedIn {
    pub token: Secret<String>,
    pub session: Session,
}

impl App {
    /// Opens a session for a citizen who has proven who they are. With exactly one eSpace, it is chosen.
    pub async fn sign_in(&self, citizen: &str, acr: &str, amr: &str, auth_time: Timestamp) -> Result<SignedIn, Error> {
        let token = self.rng.token();
        let (now, espaces) = (self.clock.now(), self.store.espaces(citizen).await?);
        let session = Session {
            id: keys::hash(token.expose()),
            citizen: citizen.to_owned(),
            espace: if let [only] = &espaces[..] { Some(only.id.clone()) } else { None },
            csrf: self.rng.token().expose().clone(),
            created: now,
            auth_time,
            acr: acr.to_owned(),
            amr: amr.to_owned(),
        };
        let over =
            now.saturating_sub(SignedDuration::from_secs(self.config.session.absolute)).unwrap_or(Timestamp::MIN);
        self.store.open_session(&session, over).await?;
        self.store.note(citizen, now, Activity::LoggedIn, serde_json::json!({ "acr": acr, "amr": amr })).await?;
        Ok(SignedIn { token, session })
    }
}

/// Sends the browser on with its new session.
pub fn set_cookie(config: &Config, token: &Secret<String>, to: &str) -> Response {
    with_cookie(config, to, &format!("{}; Max-Age={}", token.expose(), config.session.absolute))
}

/// Sends the browser on without one.
pub fn clear_cookie(config: &Config, to: &str) -> Response {
    with_cookie(config, to, "; Max-Age=0")
}

fn with_cookie(config: &Config, to: &str, value: &str) -> Response {
    let secure = if config.https() { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(config));
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A form of a signed-in page; refused without the session's token in its field `csrf`.
pub struct Form<T>(pub T);

#[derive(serde::Deserialize)]
struct WithToken<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (session, _) = current(app, request.headers()).await?.ok_or(Error::SignedOut)?;
        let form = axum::Form::<WithToken<T>>::from_request(request, app).await;
        let axum::Form(form) = form.map_err(|_| protocol::Code::BadRequest)?;
        check_token(&session, &form.csrf)?;
        Ok(Self(form.fields))
    }
}

/// Compares in constant time.
pub fn check_token(session: &Session, token: &str) -> Result<(), Error> {
    let same = session.csrf.len() == token.len()
        && session.csrf.bytes().zip(token.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0;
    if same { Ok(()) } else { Err(Error::Csrf) }
}
