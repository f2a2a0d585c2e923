//! Errors as the caller sees them: a problem document for the API, a page with the next step for people.
//!
//! A handler's error becomes its answer in [`tell`], where the caller's language is known. The true cause goes to the
//! log under a reference; an answer about our own fault carries nothing but that reference.

use crate::{App, caller, pages};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use protocol::{Code, Problem};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Said to the caller as it is.
    #[error("{0:?}")]
    Said(Code),
    /// Nobody is signed in: the page leads to the login.
    #[error("nobody is signed in")]
    SignedOut,
    /// Signed in, but no eSpace of theirs is chosen.
    #[error("no eSpace is chosen")]
    NoEspace,
    /// A form without this session's token.
    #[error("the form carries no token of this session")]
    Csrf,
    #[error("store: {0}")]
    Store(#[from] crate::store::StoreError),
    #[error("files: {0}")]
    Files(#[from] crate::files::FilesError),
    #[error("intake: {0}")]
    Gate(#[from] crate::gate::GateError),
    #[error("page: {0}")]
    Page(#[from] askama::Error),
    #[error("login: {0}")]
    Login(#[from] crate::auth::LoginError),
    #[error("{0}")]
    Internal(&'static str),
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Error::Said(code)
    }
}

impl Error {
    pub fn code(&self) -> Code {
        match self {
            Error::Said(code) => *code,
            Error::SignedOut | Error::NoEspace => Code::CredentialInvalid,
            Error::Csrf => Code::BadRequest,
            Error::Login(error) => error.code(),
            Error::Store(_) | Error::Files(_) | Error::Gate(_) | Error::Page(_) | Error::Internal(_) => Code::Internal,
        }
    }
}

/// An [`Error`] on a route of the API (RFC 9457).
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        untold(Trouble { code: self.0.code(), cause: self.0.to_string(), page: None })
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::SignedOut => (StatusCode::SEE_OTHER, [(header::LOCATION, "/login")]).into_response(),
            Error::NoEspace => (StatusCode::SEE_OTHER, [(header::LOCATION, "/espaces")]).into_response(),
            error => untold(Trouble { code: error.code(), cause: error.to_string(), page: Some(page(&error)) }),
        }
    }
}

/// What went wrong, on its way to [`tell`].
#[derive(Clone)]
struct Trouble {
    code: Code,
    cause: String,
    /// The page's texts are `portal.trouble.<page>.*`; absent on the API.
    page: Option<&'static str>,
}

fn untold(trouble: Trouble) -> Response {
    let mut response = trouble.code.status().into_response();
    response.extensions_mut().insert(trouble);
    response
}

/// Only what a person can act on differently has a page of its own.
fn page(error: &Error) -> &'static str {
    match (error, error.code()) {
        (_, Code::Unavailable) => "unavailable",
        (Error::Login(_), _) => "login",
        (_, Code::NotFound) => "not_found",
        (_, Code::RightLost) => "right_lost",
        (_, Code::SlotChanged) => "slot_changed",
        (_, Code::TooLarge) => "too_large",
        (_, Code::RateLimited) => "rate_limited",
        (_, code) if code.status().is_server_error() => "internal",
        _ => "bad_request",
    }
}

/// Around everything: gives a refusal its words, and its cause a line in the log.
pub async fn tell(State(app): State<App>, request: Request, next: Next) -> Response {
    let language = caller::language(request.headers());
    let mut response = next.run(request).await;
    let Some(Trouble { code, cause, page }) = response.extensions_mut().remove::<Trouble>() else { return response };
    let (status, reference) = (code.status(), app.rng.id());
    if status.is_server_error() {
        tracing::error!(%reference, cause, "request failed");
    } else {
        tracing::info!(%reference, cause, "request refused");
    }
    let (kind, body) = match page {
        Some(page) => {
            let reference = status.is_server_error().then_some(reference);
            ("text/html; charset=utf-8", pages::trouble(&app.config.site(), language, page, reference))
        }
        None => {
            let title = status.canonical_reason().unwrap_or("Error").to_owned();
            let kind = "about:blank".to_owned();
            let problem = Problem { kind, title, status: status.as_u16(), code, detail: None, reference };
            (Problem::CONTENT_TYPE, serde_json::to_string(&problem).unwrap_or_default())
        }
    };
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    *response.body_mut() = Body::from(body);
    response
}
