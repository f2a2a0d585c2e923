//! Who calls: a handler's first argument. Without it a handler does not know whom it serves.

use crate::{
    App,
    auth::session::{self, cookie},
    config::Site,
    error::Error,
    pages::LOGIN_COOKIE,
    store::{devices::Device, model::*},
    texts::Language,
};
use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};

/// Anybody, with or without a session.
pub struct Anyone {
    pub language: Language,
    pub path: String,
    pub site: Site,
    pub session: Option<Session>,
    /// State of the login this browser has under way.
    pub pending_login: Option<String>,
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let session = session::current(app, &parts.headers).await?.map(|(session, _)| session);
        let pending_login = cookie(&parts.headers, LOGIN_COOKIE).map(str::to_owned);
        let path = parts.uri.path().to_owned();
        Ok(Self { language: language(&parts.headers), path, site: app.config.site(), session, pending_login })
    }
}

/// A citizen who has logged in but may not have chosen an eSpace.
pub struct SignedIn {
    pub language: Language,
    pub path: String,
    pub site: Site,
    pub session: Session,
    pub citizen: Citizen,
    /// Phones that were linked before this login and that the citizen has not read about.
    pub news: Vec<Device>,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let (session, citizen) = session::current(app, &parts.headers).await?.ok_or(Error::SignedOut)?;
        let news = app.store.unannounced(&citizen.id, session.created).await?;
        let path = parts.uri.path().to_owned();
        Ok(Self { language: language(&parts.headers), path, site: app.config.site(), session, citizen, news })
    }
}

/// A citizen in one of their eSpaces, membership read from the store just now.
pub struct Member {
    pub who: SignedIn,
    pub espace: Espace,
    /// Whether there is another eSpace to choose.
    pub several: bool,
}

impl FromRequestParts<App> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let who = SignedIn::from_request_parts(parts, app).await?;
        let (chosen, several) = chosen(app, &who).await?;
        Ok(Self { espace: chosen.ok_or(Error::NoEspace)?, several, who })
    }
}

/// The eSpace the citizen has chosen, if it still is theirs, and whether there is another.
pub async fn chosen(app: &App, who: &SignedIn) -> Result<(Option<Espace>, bool), Error> {
    let espaces = app.store.espaces(&who.citizen.id).await?;
    let several = espaces.len() > 1;
    Ok((espaces.into_iter().find(|espace| Some(&espace.id) == who.session.espace.as_ref()), several))
}

/// The citizen's choice, else the browser's list.
pub fn language(headers: &HeaderMap) -> Language {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().map(Language::negotiate);
    cookie(headers, "language").and_then(Language::from_tag).or_else(accepted).unwrap_or(Language::En)
}
