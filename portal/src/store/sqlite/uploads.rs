//! Uploads and their pieces, until all bytes are there.

use super::{SqliteStore, events, hex, millis, time};
use crate::store::{
    Result, StoreError,
    model::{Activity, Place},
    uploads::{Check, EventKind, NewDocument, NewPiece, NotFiled, Redemption, Status, Upload, Uploads, Won},
};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::{
    Code, Reason,
    api::{Receipt, SlotChoice, UploadId},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Executor, Row, Sqlite, Transaction, sqlite::SqliteRow};
use std::{collections::HashSet, result::Result as Either};

const UPLOAD: &str = "SELECT u.id, u.ticket, t.procedure, t.citizen, u.jkt, u.credential, u.digits, u.state, u.cause,
    u.length, u.offset, u.created, u.last_byte, d.receipt, d.received_at, d.pages, d.bytes, d.sha256
    FROM uploads u JOIN tickets t ON t.id = u.ticket LEFT JOIN documents d ON d.id = u.document WHERE u.id = ?";

#[async_trait]
impl Uploads for SqliteStore {
    async fn redeem(&self, redemption: &Redemption) -> Result<Either<Won, Code>> {
        self.redeem_ticket(redemption).await
    }

    async fn upload(&self, id: &UploadId) -> Result<Option<Upload>> {
        load(&self.read, &id.0).await
    }

    async fn create_file(&self, id: &UploadId, length: u64, now: Timestamp) -> Result<Either<Upload, Code>> {
        let mut tx = self.begin().await?;
        let outcome = match open(&mut tx, id, now).await? {
            Ok(upload) if upload.length.is_none_or(|known| known == length) => {
                sqlx::query("UPDATE uploads SET length = ? WHERE id = ?")
                    .bind(length.cast_signed())
                    .bind(&id.0)
                    .execute(&mut *tx)
                    .await?;
                Ok(Upload { length: Some(length), ..upload })
            }
            Ok(_) => Err(Code::OffsetMismatch),
            Err(code) => Err(code),
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn commit_piece(&self, id: &UploadId, piece: &NewPiece, now: Timestamp) -> Result<Either<Upload, Code>> {
        let mut tx = self.begin().await?;
        let outcome = match open(&mut tx, id, now).await? {
            Ok(upload) => commit_piece(&mut tx, upload, piece, now).await?,
            Err(code) => Err(code),
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn discard_file(&self, id: &UploadId, now: Timestamp) -> Result<Either<Vec<String>, Code>> {
        let mut tx = self.begin().await?;
        let outcome = match open(&mut tx, id, now).await? {
            Ok(_) => {
                sqlx::query("UPDATE uploads SET length = NULL, offset = 0 WHERE id = ?")
                    .bind(&id.0)
                    .execute(&mut *tx)
                    .await?;
                let forgotten = sqlx::query_scalar("DELETE FROM pieces WHERE upload = ? RETURNING object");
                Ok(forgotten.bind(&id.0).fetch_all(&mut *tx).await?)
            }
            Err(code) => Err(code),
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn count_pages(&self, id: &UploadId, count: u32, now: Timestamp) -> Result<Either<(), Code>> {
        let mut tx = self.begin().await?;
        // A count may come late. A document that is handed in has not ended, and the phone must not hear that it has.
        let outcome = match load_in(&mut tx, &id.0).await? {
            Some(Upload { status: Status::Open | Status::Ended(_), .. }) | None => {
                open(&mut tx, id, now).await?.map(drop)
            }
            Some(_) => Ok(()),
        };
        if outcome.is_ok() {
            sqlx::query("UPDATE uploads SET page_count = ? WHERE id = ?")
                .bind(count)
                .bind(&id.0)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(outcome)
    }

    async fn decline(&self, id: &UploadId, now: Timestamp) -> Result<Either<(), Code>> {
        let mut tx = self.begin().await?;
        let outcome = match load_in(&mut tx, &id.0).await? {
            Some(upload) if matches!(upload.status, Status::Open | Status::SlotChanged) => {
                end(&mut tx, &upload, "declined").await?;
                events::append(&mut tx, &upload.procedure, EventKind::Declined, &upload.ticket, now, json!({})).await?;
                note(&mut tx, &upload, now, Activity::Declined).await?;
                Ok(())
            }
            Some(Upload { status: Status::Ended(code), .. }) => Err(code),
            _ => Err(Code::UploadEnded),
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn complete(
        &self,
        id: &UploadId,
        sha256: &[u8],
        pages: u32,
        jti: &str,
        now: Timestamp,
    ) -> Result<Either<Upload, Code>> {
        let mut tx = self.begin().await?;
        let outcome = complete(&mut tx, id, sha256, pages, jti, now).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    async fn lease_check(&self, now: Timestamp, until: Timestamp) -> Result<Option<Check>> {
        self.lease(now, until).await
    }

    async fn renew_lease(&self, id: &UploadId, until: Timestamp) -> Result<()> {
        self.renew(id, until).await
    }

    async fn accept(&self, id: &UploadId, document: &NewDocument, now: Timestamp) -> Result<Upload> {
        self.accept_document(id, document, now).await
    }

    async fn refuse(&self, id: &UploadId, reason: Reason, now: Timestamp) -> Result<Upload> {
        self.refuse_document(id, reason, now).await
    }

    async fn answer_slot(
        &self,
        id: &UploadId,
        choice: SlotChoice,
        document: &str,
        receipt: &str,
        now: Timestamp,
    ) -> Result<Either<Upload, Code>> {
        self.answer_slot_changed(id, choice, document, receipt, now).await
    }

    async fn file_from_computer(
        &self,
        citizen: &str,
        place: &Place,
        document: &NewDocument,
        now: Timestamp,
    ) -> Result<Either<String, NotFiled>> {
        self.file_own(citizen, place, document, now).await
    }

    async fn expire(&self, now: Timestamp) -> Result<Vec<String>> {
        self.expire_all(now).await
    }

    async fn objects_in_use(&self) -> Result<HashSet<String>> {
        let objects: Vec<String> = sqlx::query_scalar(
            "SELECT object FROM pieces UNION ALL SELECT object FROM documents
             UNION ALL SELECT object FROM uploads WHERE object IS NOT NULL",
        )
        .fetch_all(&self.read)
        .await?;
        let checking: Vec<String> =
            sqlx::query_scalar("SELECT id FROM uploads WHERE state = 'checking'").fetch_all(&self.read).await?;
        let checking = checking.into_iter().map(|id| crate::intake::object_of(&UploadId(id)));
        Ok(objects.into_iter().chain(checking).collect())
    }
}

async fn commit_piece(
    tx: &mut Transaction<'_, Sqlite>,
    upload: Upload,
    piece: &NewPiece,
    now: Timestamp,
) -> Result<Either<Upload, Code>> {
    let Some(length) = upload.length else { return Ok(Err(Code::NotFound)) };
    let offset = piece.offset.saturating_add(piece.length);
    if offset > length {
        return Ok(Err(Code::TooLarge));
    }
    // The guard, not the read before it, decides who wins.
    let won =
        sqlx::query("UPDATE uploads SET offset = ?, last_byte = ? WHERE id = ? AND offset = ? AND state = 'open'")
            .bind(offset.cast_signed())
            .bind(millis(now))
            .bind(&upload.id.0)
            .bind(piece.offset.cast_signed())
            .execute(&mut **tx)
            .await?;
    if won.rows_affected() == 0 {
        return Ok(Err(Code::OffsetMismatch));
    }
    sqlx::query("INSERT INTO pieces (upload, offset, length, object) VALUES (?, ?, ?, ?)")
        .bind(&upload.id.0)
        .bind(piece.offset.cast_signed())
        .bind(piece.length.cast_signed())
        .bind(&piece.object)
        .execute(&mut **tx)
        .await?;
    Ok(Ok(Upload { offset, last_byte: now, ..upload }))
}

async fn complete(
    tx: &mut Transaction<'_, Sqlite>,
    id: &UploadId,
    sha256: &[u8],
    pages: u32,
    jti: &str,
    now: Timestamp,
) -> Result<Either<Upload, Code>> {
    let Some(known) = load_in(tx, &id.0).await? else { return Ok(Err(Code::UploadEnded)) };
    if !remember_proof(tx, &known.jkt, jti, now).await? {
        return Ok(Err(Code::ProofInvalid));
    }
    match known.status {
        Status::Open => {}
        Status::Ended(code) => return Ok(Err(code)),
        _ => return Ok(Ok(known)),
    }
    let upload = match open(tx, id, now).await? {
        Ok(upload) => upload,
        Err(code) => return Ok(Err(code)),
    };
    if upload.length != Some(upload.offset) {
        return Ok(Err(Code::Incomplete));
    }
    sqlx::query(
        "UPDATE uploads SET state = 'checking', sha256 = ?, pages = ?, page_count = ?, lease_until = 0 WHERE id = ?",
    )
    .bind(sha256)
    .bind(pages)
    .bind(pages)
    .bind(&id.0)
    .execute(&mut **tx)
    .await?;
    events::append(tx, &upload.procedure, EventKind::Checking, &upload.ticket, now, json!({})).await?;
    Ok(Ok(Upload { status: Status::Checking, ..upload }))
}

/// The upload if bytes may still be sent: open, unexpired, and its issuer still may edit. A lost right ends it.
async fn open(tx: &mut Transaction<'_, Sqlite>, id: &UploadId, now: Timestamp) -> Result<Either<Upload, Code>> {
    let Some(upload) = load_in(tx, &id.0).await? else { return Ok(Err(Code::UploadEnded)) };
    match upload.status {
        Status::Open => {}
        Status::Ended(code) => return Ok(Err(code)),
        _ => return Ok(Err(Code::UploadEnded)),
    }
    if upload.expires() <= now {
        return Ok(Err(Code::UploadEnded));
    }
    if !may_edit(tx, &upload.citizen, &upload.procedure).await? {
        end(tx, &upload, "right_lost").await?;
        return Ok(Err(Code::RightLost));
    }
    Ok(Ok(upload))
}

/// Whether the citizen may edit the procedure now, and it is active.
pub(super) async fn may_edit(tx: &mut Transaction<'_, Sqlite>, citizen: &str, procedure: &str) -> Result<bool> {
    let right = sqlx::query_scalar::<_, i64>(
        "SELECT 1 FROM procedures p JOIN memberships m ON m.espace = p.espace
         WHERE p.id = ? AND m.citizen = ? AND p.status = 'active' AND m.may_edit",
    );
    Ok(right.bind(procedure).bind(citizen).fetch_optional(&mut **tx).await?.is_some())
}

pub(super) async fn end(tx: &mut Transaction<'_, Sqlite>, upload: &Upload, cause: &str) -> Result<()> {
    sqlx::query("UPDATE uploads SET state = 'ended', cause = ?, object = NULL WHERE id = ?")
        .bind(cause)
        .bind(&upload.id.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes the citizen's activity: what for, never what is in it.
pub(super) async fn note(
    tx: &mut Transaction<'_, Sqlite>,
    upload: &Upload,
    at: Timestamp,
    kind: Activity,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO activity (citizen, at, kind, data)
         SELECT t.citizen, ?, ?, json_object('procedure', t.procedure, 'document', t.document_type,
                                        'model', coalesce((SELECT name FROM devices d WHERE d.id = u.device), u.model))
         FROM uploads u JOIN tickets t ON t.id = u.ticket WHERE u.id = ?",
    )
    .bind(millis(at))
    .bind(kind.key())
    .bind(&upload.id.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `false`: this proof has been seen.
pub(super) async fn remember_proof(
    tx: &mut Transaction<'_, Sqlite>,
    jkt: &str,
    jti: &str,
    now: Timestamp,
) -> Result<bool> {
    // A stranger chooses the id: hashed, its length is ours, and it cannot collide with another key's.
    let seen = hex(&Sha256::digest(format!("{jkt} {jti}")));
    let fresh = sqlx::query("INSERT INTO proofs (jti, seen) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(seen)
        .bind(millis(now))
        .execute(&mut **tx)
        .await?;
    Ok(fresh.rows_affected() == 1)
}

pub(super) async fn load_in(tx: &mut Transaction<'_, Sqlite>, id: &str) -> Result<Option<Upload>> {
    load(&mut **tx, id).await
}

async fn load<'e>(source: impl Executor<'e, Database = Sqlite>, id: &str) -> Result<Option<Upload>> {
    let row = sqlx::query(UPLOAD).bind(id).fetch_optional(source).await?;
    row.as_ref().map(upload).transpose()
}

fn upload(row: &SqliteRow) -> Result<Upload> {
    let cause: Option<&str> = row.try_get(8)?;
    let status = match row.try_get(7)? {
        "open" => Status::Open,
        "checking" => Status::Checking,
        "accepted" => Status::Accepted(Receipt {
            number: row.try_get(13)?,
            received_at: time(row.try_get(14)?)?,
            pages: row.try_get(15)?,
            bytes: row.try_get::<i64, _>(16)?.cast_unsigned(),
            sha256: hex(row.try_get(17)?),
        }),
        "refused" => Status::Refused(cause.and_then(named).ok_or(StoreError::Row("reason"))?),
        "slot_changed" => Status::SlotChanged,
        // 'declined' and 'discarded' are the citizen's own doing and mean no more to the phone than an end.
        "ended" => Status::Ended(match cause.and_then(named) {
            Some(Code::Internal) | None => Code::UploadEnded,
            Some(code) => code,
        }),
        _ => return Err(StoreError::Row("upload state")),
    };
    Ok(Upload {
        id: UploadId(row.try_get(0)?),
        ticket: row.try_get(1)?,
        procedure: row.try_get(2)?,
        citizen: row.try_get(3)?,
        jkt: row.try_get(4)?,
        credential_hash: row.try_get(5)?,
        digits: row.try_get(6)?,
        status,
        length: row.try_get::<Option<i64>, _>(9)?.map(i64::cast_unsigned),
        offset: row.try_get::<i64, _>(10)?.cast_unsigned(),
        created: time(row.try_get(11)?)?,
        last_byte: time(row.try_get(12)?)?,
    })
}

/// A [`Code`] or [`Reason`] by its name on the wire.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

/// The name on the wire of a [`Code`] or [`Reason`].
pub(super) fn name(value: impl Serialize) -> Result<String> {
    let value = serde_json::to_value(value).ok();
    value.as_ref().and_then(|name| name.as_str()).map(str::to_owned).ok_or(StoreError::Row("name"))
}
