//! A body becomes a piece: written as an object of its own, made durable, then counted in by one guarded write.
//!
//! Knows offsets, not headers (but for the checksum), so another wire format can stand in front. No locks and no
//! appends: two requests for the same offset both write, one is counted, the other's object goes.

use super::{Refused, SILENCE, tus::Checksum};
use crate::{
    App,
    store::uploads::{NewPiece, Status, Upload},
};
use axum::body::Body;
use futures_util::StreamExt;
use http::HeaderMap;
use protocol::Code;

/// Answers the upload once what arrived is durable and counted. A body that is cut off counts as far as it came: the
/// digest of the whole document, compared at the end, covers what the checksum of the lost piece would have.
pub async fn receive(
    app: &App,
    upload: Upload,
    offset: u64,
    headers: &HeaderMap,
    body: Body,
) -> Result<Upload, Refused> {
    let checksum = Checksum::read(headers).map_err(Refused::not_tus)?;
    let app = app.clone();
    // A task of its own: the server drops a handler whose connection broke, and that is when the rest is needed.
    let task = tokio::spawn(async move { take(&app, upload, offset, checksum, body).await });
    task.await.unwrap_or_else(|_| Err(Code::Internal.into()))
}

async fn take(app: &App, upload: Upload, offset: u64, mut checksum: Checksum, body: Body) -> Result<Upload, Refused> {
    match upload.status {
        Status::Open => {}
        Status::Ended(code) => return Err(code.into()),
        _ => return Err(Code::UploadEnded.into()),
    }
    let length = upload.length.ok_or(Code::NotFound)?;
    if offset != upload.offset {
        return Err(Code::OffsetMismatch.into());
    }
    let object = format!("uploads/{}/{offset}-{}", upload.id.0, app.rng.id());
    let mut piece = app.files.piece(&object);
    let mut arriving = body.into_data_stream();
    let cut_off = loop {
        match tokio::time::timeout(SILENCE, arriving.next()).await {
            Ok(Some(Ok(bytes))) if piece.bytes() + bytes.len() as u64 > length - offset => {
                piece.abandon().await?;
                return Err(Code::TooLarge.into());
            }
            Ok(Some(Ok(bytes))) => {
                checksum.update(&bytes);
                piece.write(bytes).await?;
            }
            Ok(None) => break false,
            Ok(Some(Err(_))) | Err(_) => break true,
        }
    };
    if !cut_off && !checksum.agrees() {
        piece.abandon().await?;
        return Err(Refused::checksum());
    }
    let arrived = piece.bytes();
    if arrived == 0 {
        piece.abandon().await?;
        return Ok(upload);
    }
    piece.finish().await?;
    let piece = NewPiece { offset, length: arrived, object };
    match app.store.commit_piece(&upload.id, &piece, app.clock.now()).await? {
        Ok(upload) => {
            app.live.poke(&upload.procedure);
            Ok(upload)
        }
        Err(code) => {
            app.files.delete(&piece.object).await?;
            Err(code.into())
        }
    }
}
