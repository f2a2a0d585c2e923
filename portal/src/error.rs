//! Errors as the caller sees them: a problem document for the API, a page with the next step for people.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use protocol::{Code, Problem};

/// What went wrong behind a handler. The true cause goes to the log under a reference; the reply carries the reference.
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

    /// Logs the cause and names it.
    fn reference(&self) -> String {
        let reference = crate::rng::id();
        if self.code().status().is_server_error() {
            tracing::error!(%reference, cause = %self, "request failed");
        } else {
            tracing::info!(%reference, cause = %self, "request refused");
        }
        reference
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
        let (code, reference) = (self.0.code(), self.0.reference());
        let status = code.status();
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        let problem =
            Problem { kind: "about:blank".into(), title, status: status.as_u16(), code, detail: None, reference };
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::CONTENT_TYPE));
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::SignedOut => (StatusCode::SEE_OTHER, [(header::LOCATION, "/login")]).into_response(),
            Error::NoEspace => (StatusCode::SEE_OTHER, [(header::LOCATION, "/espaces")]).into_response(),
            error => crate::pages::trouble(error.code(), error.reference()),
        }
    }
}
