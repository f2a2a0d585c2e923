//! Intake: received → checking → accepted or refused, whoever sent the document.
//!
//! A phone's document waits in its row until an instance takes it under a lease; whatever dies on the way, the row is
//! still `checking` and the next lease begins anew, so every step may be repeated. A computer's own upload is checked
//! while its form waits. Refuses to know how bytes arrive.

mod check;
mod sweep;

pub use check::{Declared, Facts, hex};
pub use sweep::sweep;

use crate::{
    App,
    error::Error,
    files::FilesError,
    gate::{Gate, GateError},
    rng::Rng,
    store::{
        StoreError,
        model::Place,
        uploads::{Check, NewDocument, NotFiled},
    },
};
use bytes::{Bytes, BytesMut};
use jiff::{SignedDuration, Timestamp};
use protocol::{
    Code, Reason,
    api::{Receipt, UploadId},
    typed_code::TypedCode,
};
use std::{
    path::{Path, PathBuf},
    pin::pin,
    time::Duration,
};
use tokio::sync::Notify;

/// Another instance, or this one after a restart, may take a check over after this long without a renewal. Should the
/// first one still come to a result, that is no harm, only waste.
const LEASE: SignedDuration = SignedDuration::from_secs(10);
/// A check under way renews its lease this often.
const RENEWAL: Duration = Duration::from_secs(3);
/// A wake that got lost (another instance's, or one before a restart) costs at most this.
const LOOK: Duration = Duration::from_secs(5);

/// Starts checks and knows when there is something to check.
pub struct Intake {
    gate: Gate,
    wake: Notify,
}

impl Intake {
    /// `program` is run as `program gate`; it is this very program.
    pub fn new(program: impl AsRef<Path>) -> Self {
        Self { gate: Gate::new(program), wake: Notify::new() }
    }

    /// Something waits to be checked.
    pub fn wake(&self) {
        self.wake.notify_one();
    }
}

impl Default for Intake {
    fn default() -> Self {
        // Where even that is unknown no child starts, and documents wait instead of being taken unseen.
        Self::new(std::env::current_exe().unwrap_or_else(|_| PathBuf::from("portal")))
    }
}

/// Why a check came to nothing; the document stays `checking` and is looked at again.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks and sweeps for as long as the portal runs.
pub async fn run(app: App) {
    tokio::join!(check_all(&app), sweep::run(&app));
}

async fn check_all(app: &App) {
    loop {
        match next(app).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "a document could not be checked and waits"),
        }
        // Running out of time and being woken lead to the same look.
        let _ = tokio::time::timeout(LOOK, app.intake.wake.notified()).await;
    }
}

/// Checks one waiting document. `false`: none waits.
pub async fn next(app: &App) -> Result<bool, IntakeError> {
    let now = app.clock.now();
    let Some(check) = app.store.lease_check(now, lease_from(now)).await? else { return Ok(false) };
    let mut work = pin!(check_and_file(app, &check));
    loop {
        match tokio::time::timeout(RENEWAL, &mut work).await {
            Ok(done) => return done.map(|()| true),
            Err(_) => app.store.renew_lease(&check.upload, lease_from(app.clock.now())).await?,
        }
    }
}

fn lease_from(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(now)
}

async fn check_and_file(app: &App, check: &Check) -> Result<(), IntakeError> {
    let document = assemble(app, check).await?;
    let declared = Declared { bytes: Some(check.length), sha256: Some(check.sha256.clone()) };
    match check::check(&app.intake.gate, &document, &declared).await? {
        Ok(facts) => {
            let object = object_of(&check.upload);
            app.files.put(&object, document).await?;
            let document = new_document(app, object, facts);
            app.store.accept(&check.upload, &document, app.clock.now()).await?;
        }
        Err(reason) => {
            app.store.refuse(&check.upload, reason, app.clock.now()).await?;
        }
    }
    app.live.poke(&check.procedure);
    for piece in &check.pieces {
        // What stays behind is swept later.
        if let Err(error) = app.files.delete(piece).await {
            tracing::warn!(%error, piece, "a piece stays behind");
        }
    }
    Ok(())
}

/// Checks and files what a citizen sends from the computer.
pub async fn receive_from_computer(
    app: &App,
    citizen: &str,
    place: Place,
    document: Bytes,
) -> Result<Result<Receipt, Reason>, Error> {
    let facts = match check::check(&app.intake.gate, &document, &Declared::default()).await? {
        Ok(facts) => facts,
        Err(reason) => return Ok(Err(reason)),
    };
    let object = object_of(&UploadId(app.rng.id()));
    app.files.put(&object, document).await?;
    let document = new_document(app, object, facts);
    let filed = app.store.file_from_computer(citizen, &place, &document, app.clock.now()).await?;
    match filed {
        Ok(_slot) => {
            app.live.poke(&place.procedure);
            Ok(Ok(document.receipt))
        }
        Err(not_filed) => {
            app.files.delete(&document.object).await?;
            Err(match not_filed {
                NotFiled::RightLost => Code::RightLost,
                NotFiled::SlotChanged => Code::SlotChanged,
            }
            .into())
        }
    }
}

/// Where an upload's whole document lies: one name, so that a repeated check writes over its own.
pub fn object_of(upload: &UploadId) -> String {
    format!("documents/{}", upload.0)
}

/// A receipt's number: "K7M2-94QD".
pub fn receipt_number(rng: &dyn Rng) -> String {
    TypedCode::from_bytes(rng.bytes()).shown()
}

fn new_document(app: &App, object: String, facts: Facts) -> NewDocument {
    let Facts { pages, bytes, sha256 } = facts;
    let receipt = Receipt { number: receipt_number(&*app.rng), received_at: app.clock.now(), pages, bytes, sha256 };
    NewDocument { id: app.rng.id(), object, receipt }
}

async fn assemble(app: &App, check: &Check) -> Result<Bytes, FilesError> {
    let mut document = BytesMut::new();
    for piece in &check.pieces {
        document.extend_from_slice(&app.files.get(piece).await?);
    }
    Ok(document.freeze())
}
