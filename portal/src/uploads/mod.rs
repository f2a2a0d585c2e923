//! The phone's calls about its upload: how it stands, its pages, its bytes, the end of it.

pub mod pieces;
pub mod tus;

use crate::{
    App,
    body::Json,
    error::ApiError,
    intake,
    possession::UploadBy,
    store::uploads::{Status, Upload},
};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use protocol::{
    Code,
    api::{Complete, Pages, SlotAnswer, UploadState},
    limits, routes,
};
use std::time::Duration;

/// A tus call is answered with tus's own headers, refused or not.
type Tus = Result<Response, Refused>;

pub async fn state(by: UploadBy) -> axum::Json<UploadState> {
    axum::Json(by.upload.state())
}

pub async fn decline(by: UploadBy, State(app): State<App>) -> Result<StatusCode, ApiError> {
    app.store.decline(&by.upload.id, app.clock.now()).await??;
    app.live.poke(&by.upload.procedure);
    Ok(StatusCode::NO_CONTENT)
}

pub async fn pages(
    by: UploadBy,
    State(app): State<App>,
    Json(Pages { count }): Json<Pages>,
) -> Result<StatusCode, ApiError> {
    // More than a document may have is no news for the computer.
    let count = count.min(limits::DOCUMENT_PAGES);
    app.store.count_pages(&by.upload.id, count, app.clock.now()).await??;
    app.live.poke(&by.upload.procedure);
    Ok(StatusCode::NO_CONTENT)
}

/// What this portal speaks of tus; asked by anybody.
pub async fn options() -> Response {
    (StatusCode::NO_CONTENT, tus::options(limits::DOCUMENT_BYTES)).into_response()
}

pub async fn create(by: UploadBy, State(app): State<App>, headers: HeaderMap, body: Body) -> Tus {
    let creation = tus::creation(&headers).map_err(Refused::not_tus)?;
    if creation.length > limits::DOCUMENT_BYTES {
        return Err(Code::TooLarge.into());
    }
    let mut upload = app.store.create_file(&by.upload.id, creation.length, app.clock.now()).await??;
    if creation.with_upload {
        upload = pieces::receive(&app, upload, 0, &headers, body).await?;
    }
    let mut answer = about(&upload);
    let location = app.config.address(&routes::path(routes::FILE, &upload.id));
    if let Ok(location) = HeaderValue::from_str(&location) {
        answer.insert(header::LOCATION, location);
    }
    Ok((StatusCode::CREATED, answer).into_response())
}

pub async fn head(by: UploadBy, headers: HeaderMap) -> Tus {
    tus::version(&headers).map_err(Refused::not_tus)?;
    match by.upload {
        Upload { status: Status::Ended(code), .. } => Err(code.into()),
        Upload { length: None, .. } => Err(Code::NotFound.into()),
        upload => Ok((StatusCode::OK, about(&upload)).into_response()),
    }
}

pub async fn patch(by: UploadBy, State(app): State<App>, headers: HeaderMap, body: Body) -> Tus {
    let offset = tus::patch(&headers).map_err(Refused::not_tus)?;
    let upload = pieces::receive(&app, by.upload, offset, &headers, body).await?;
    Ok((StatusCode::NO_CONTENT, about(&upload)).into_response())
}

/// Terminates the file, not the upload: another one may be created.
pub async fn discard(by: UploadBy, State(app): State<App>, headers: HeaderMap) -> Tus {
    tus::version(&headers).map_err(Refused::not_tus)?;
    let objects = app.store.discard_file(&by.upload.id, app.clock.now()).await??;
    for object in objects {
        // No row names it any more; what stays behind is swept.
        if let Err(error) = app.files.delete(&object).await {
            tracing::warn!(%error, object, "a piece stays behind");
        }
    }
    app.live.poke(&by.upload.procedure);
    Ok((StatusCode::NO_CONTENT, tus::resumable()).into_response())
}

pub async fn complete(
    by: UploadBy,
    State(app): State<App>,
    Json(Complete { sha256, pages }): Json<Complete>,
) -> Result<Response, ApiError> {
    let sha256 = digest(&sha256).ok_or(Code::BadRequest)?;
    let now = app.clock.now();
    let upload = app.store.complete(&by.upload.id, &sha256, pages, &by.proof.jti, now).await??;
    app.live.poke(&upload.procedure);
    app.intake.wake();
    Ok(stands(&upload))
}

pub async fn slot(
    by: UploadBy,
    State(app): State<App>,
    Json(SlotAnswer { choice }): Json<SlotAnswer>,
) -> Result<Response, ApiError> {
    let (document, receipt, now) = (app.rng.id(), intake::receipt_number(&*app.rng), app.clock.now());
    let upload = app.store.answer_slot(&by.upload.id, choice, &document, &receipt, now).await??;
    app.live.poke(&upload.procedure);
    Ok(stands(&upload))
}

/// 202 while the answer is still being found.
fn stands(upload: &Upload) -> Response {
    let status = if upload.status == Status::Checking { StatusCode::ACCEPTED } else { StatusCode::OK };
    (status, axum::Json(upload.state())).into_response()
}

fn about(upload: &Upload) -> HeaderMap {
    tus::answer(upload.offset, upload.length, upload.expires())
}

/// 32 bytes of lower-case hex.
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// A refused tus call: our problem document under the status tus asks for.
pub struct Refused {
    error: ApiError,
    status: Option<StatusCode>,
}

impl<E: Into<ApiError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self { error: error.into(), status: None }
    }
}

impl Refused {
    fn not_tus(tus::NotTus { status, .. }: tus::NotTus) -> Self {
        Self { error: Code::BadRequest.into(), status: Some(status) }
    }

    fn checksum() -> Self {
        Self { error: Code::DigestMismatch.into(), status: StatusCode::from_u16(tus::CHECKSUM_MISMATCH).ok() }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.error.into_response();
        if let Some(status) = self.status {
            *response.status_mut() = status;
        }
        response.headers_mut().extend(tus::resumable());
        response
    }
}

/// Longest silence within a body before it counts as cut off.
const SILENCE: Duration = Duration::from_secs(60);
