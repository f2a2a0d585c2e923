//! From checked bytes to a document in its place, and the end of what has lived too long.

use super::{SqliteStore, devices, events, hex, links, millis, procedures::unhex, uploads};
use crate::store::{
    Result, StoreError,
    model::{Activity, Place, Source},
    uploads::{Check, EventKind, NewDocument, NotFiled, Status, Upload},
};
use jiff::Timestamp;
use protocol::{
    Code, Reason,
    api::{Action, Receipt, SlotChoice, UploadId},
    limits,
};
use serde_json::json;
use sqlx::{Row, Sqlite, Transaction};
use std::{collections::BTreeSet, result::Result as Either};

/// Milliseconds a proof's id must be remembered: its nonce holds no longer, clocks of instances differing included.
const PROOF_MILLIS: i64 = 2 * limits::NONCE_SECONDS * 1000;
/// How long a page that lost its connection can catch up.
const EVENT_MILLIS: i64 = 7 * 24 * 3600 * 1000;
/// How long a phone that asks about a link that is over still hears how it ended.
const LINK_MILLIS: i64 = 24 * 3600 * 1000;
/// How long a checked file waits for the citizen's answer.
const SLOT_MILLIS: i64 = 24 * 3600 * 1000;

/// Where a ticket's document goes.
struct Goal {
    action: Action,
    document_type: String,
    slot: Option<(String, i64)>,
    name: Option<String>,
}

impl SqliteStore {
    pub(super) async fn lease(&self, now: Timestamp, until: Timestamp) -> Result<Option<Check>> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "UPDATE uploads SET lease_until = ?1 WHERE id =
                 (SELECT id FROM uploads WHERE state = 'checking' AND lease_until <= ?2 ORDER BY last_byte LIMIT 1)
             RETURNING id, (SELECT procedure FROM tickets t WHERE t.id = ticket), length, sha256",
        )
        .bind(millis(until))
        .bind(millis(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let upload: String = row.try_get(0)?;
        let pieces = sqlx::query_scalar("SELECT object FROM pieces WHERE upload = ? ORDER BY offset");
        let pieces = pieces.bind(&upload).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(Check {
            upload: UploadId(upload),
            procedure: row.try_get(1)?,
            length: row.try_get::<i64, _>(2)?.cast_unsigned(),
            sha256: hex(row.try_get(3)?),
            pieces,
        }))
    }

    pub(super) async fn renew(&self, id: &UploadId, until: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE uploads SET lease_until = ? WHERE id = ? AND state = 'checking'")
            .bind(millis(until))
            .bind(&id.0)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn accept_document(
        &self,
        id: &UploadId,
        document: &NewDocument,
        now: Timestamp,
    ) -> Result<Upload> {
        let mut tx = self.begin().await?;
        let upload = known(&mut tx, id).await?;
        if upload.status == Status::Checking {
            accept(&mut tx, &upload, document, now).await?;
        }
        let upload = known(&mut tx, id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    pub(super) async fn refuse_document(&self, id: &UploadId, reason: Reason, now: Timestamp) -> Result<Upload> {
        let mut tx = self.begin().await?;
        let upload = known(&mut tx, id).await?;
        if upload.status == Status::Checking {
            sqlx::query("UPDATE uploads SET state = 'refused', cause = ? WHERE id = ?")
                .bind(uploads::name(reason)?)
                .bind(&id.0)
                .execute(&mut *tx)
                .await?;
            let data = json!({ "reason": reason });
            events::append(&mut tx, &upload.procedure, EventKind::Refused, &upload.ticket, now, data).await?;
            uploads::note(&mut tx, &upload, now, Activity::DocumentRefused).await?;
        }
        let upload = known(&mut tx, id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    pub(super) async fn answer_slot_changed(
        &self,
        id: &UploadId,
        choice: SlotChoice,
        document: &str,
        receipt: &str,
        now: Timestamp,
    ) -> Result<Either<Upload, Code>> {
        let mut tx = self.begin().await?;
        let upload = known(&mut tx, id).await?;
        match upload.status {
            Status::SlotChanged => {}
            Status::Accepted(_) => return Ok(Ok(upload)),
            Status::Ended(code) => return Ok(Err(code)),
            Status::Open | Status::Checking | Status::Refused(_) => return Ok(Err(Code::BadRequest)),
        }
        let mut outcome = Ok(());
        match choice {
            SlotChoice::Discard => uploads::end(&mut tx, &upload, "discarded").await?,
            SlotChoice::Replace if !uploads::may_edit(&mut tx, &upload.citizen, &upload.procedure).await? => {
                uploads::end(&mut tx, &upload, "right_lost").await?;
                outcome = Err(Code::RightLost);
            }
            SlotChoice::Replace => {
                let row = sqlx::query("SELECT object, pages, length, sha256 FROM uploads WHERE id = ?")
                    .bind(&id.0)
                    .fetch_one(&mut *tx)
                    .await?;
                let document = NewDocument {
                    id: document.to_owned(),
                    object: row.try_get(0)?,
                    receipt: Receipt {
                        number: receipt.to_owned(),
                        received_at: now,
                        pages: row.try_get(1)?,
                        bytes: row.try_get::<i64, _>(2)?.cast_unsigned(),
                        sha256: hex(row.try_get(3)?),
                    },
                };
                let goal = goal(&mut tx, &upload).await?;
                file_upload(&mut tx, &upload, &goal, &document, now).await?;
            }
        }
        let upload = known(&mut tx, id).await?;
        tx.commit().await?;
        Ok(outcome.map(|()| upload))
    }

    pub(super) async fn file_own(
        &self,
        citizen: &str,
        place: &Place,
        document: &NewDocument,
        now: Timestamp,
    ) -> Result<Either<String, NotFiled>> {
        let mut tx = self.begin().await?;
        if !uploads::may_edit(&mut tx, citizen, &place.procedure).await? {
            return Ok(Err(NotFiled::RightLost));
        }
        let goal = Goal {
            action: place.action,
            document_type: place.document_type.clone(),
            slot: place.slot.clone(),
            name: place.name.clone(),
        };
        if !slot_unchanged(&mut tx, &place.procedure, &goal).await? {
            return Ok(Err(NotFiled::SlotChanged));
        }
        let slot = file(&mut tx, &place.procedure, citizen, Source::Computer, &goal, document).await?;
        let data = json!({ "document": document.id, "receipt": document.receipt });
        events::append(&mut tx, &place.procedure, EventKind::Accepted, "", now, data).await?;
        tx.commit().await?;
        Ok(Ok(slot))
    }

    pub(super) async fn expire_all(&self, now: Timestamp) -> Result<Vec<String>> {
        let at = millis(now);
        let mut tx = self.begin().await?;
        let mut ended = sqlx::query(
            "UPDATE tickets SET state = 'expired', sealed = NULL, typed = NULL
             WHERE state = 'new' AND expires <= ? RETURNING procedure, id, 'ticket'",
        )
        .bind(at)
        .fetch_all(&mut *tx)
        .await?;
        ended.extend(
            sqlx::query(
                "UPDATE uploads SET state = 'ended', cause = 'upload_ended', object = NULL
                 WHERE (state = 'open' AND (last_byte <= ?1 - ?2 * 1000 OR created <= ?1 - ?3 * 1000))
                    OR (state = 'slot_changed' AND last_byte <= ?1 - ?4)
                 RETURNING (SELECT procedure FROM tickets t WHERE t.id = ticket), ticket, 'upload'",
            )
            .bind(at)
            .bind(limits::UPLOAD_IDLE_SECONDS)
            .bind(limits::UPLOAD_SECONDS)
            .bind(SLOT_MILLIS)
            .fetch_all(&mut *tx)
            .await?,
        );
        let mut procedures = BTreeSet::new();
        for row in ended {
            let procedure: String = row.try_get(0)?;
            let data = json!({ "what": row.try_get::<&str, _>(2)? });
            events::append(&mut tx, &procedure, EventKind::Expired, row.try_get(1)?, now, data).await?;
            procedures.insert(procedure);
        }
        // Their objects are nobody's from here on, and are swept.
        sqlx::query(
            "DELETE FROM pieces WHERE upload IN (SELECT id FROM uploads WHERE state NOT IN ('open', 'checking'))",
        )
        .execute(&mut *tx)
        .await?;
        links::expire(&mut tx, now).await?;
        devices::expire(&mut tx, now).await?;
        for (old, keep) in [
            ("DELETE FROM proofs WHERE seen < ?", PROOF_MILLIS),
            ("DELETE FROM typed_failures WHERE at < ?", limits::TYPED_CODE_SECONDS * 1000),
            ("DELETE FROM events WHERE at < ?", EVENT_MILLIS),
            ("DELETE FROM tokens WHERE expires < ?", 0),
            ("DELETE FROM links WHERE state IN ('finished', 'ended') AND created < ?", LINK_MILLIS),
        ] {
            sqlx::query(old).bind(at - keep).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(procedures.into_iter().collect())
    }
}

/// Rights and the slot's version are read here, inside the transaction that accepts.
async fn accept(
    tx: &mut Transaction<'_, Sqlite>,
    upload: &Upload,
    document: &NewDocument,
    now: Timestamp,
) -> Result<()> {
    if !uploads::may_edit(tx, &upload.citizen, &upload.procedure).await? {
        return uploads::end(tx, upload, "right_lost").await;
    }
    let goal = goal(tx, upload).await?;
    if slot_unchanged(tx, &upload.procedure, &goal).await? {
        return file_upload(tx, upload, &goal, document, now).await;
    }
    sqlx::query("UPDATE uploads SET state = 'slot_changed', object = ?, pages = ?, last_byte = ? WHERE id = ?")
        .bind(&document.object)
        .bind(document.receipt.pages)
        .bind(millis(now))
        .bind(&upload.id.0)
        .execute(&mut **tx)
        .await?;
    events::append(tx, &upload.procedure, EventKind::SlotChanged, &upload.ticket, now, json!({})).await
}

async fn file_upload(
    tx: &mut Transaction<'_, Sqlite>,
    upload: &Upload,
    goal: &Goal,
    document: &NewDocument,
    now: Timestamp,
) -> Result<()> {
    file(tx, &upload.procedure, &upload.citizen, Source::Phone, goal, document).await?;
    sqlx::query("UPDATE uploads SET state = 'accepted', document = ?, object = NULL WHERE id = ?")
        .bind(&document.id)
        .bind(&upload.id.0)
        .execute(&mut **tx)
        .await?;
    let data = json!({ "document": document.id, "receipt": document.receipt });
    events::append(tx, &upload.procedure, EventKind::Accepted, &upload.ticket, now, data).await?;
    uploads::note(tx, upload, now, Activity::DocumentReceived).await
}

/// Puts the document into its slot, which is made for 'add'; the one before stays in the history.
async fn file(
    tx: &mut Transaction<'_, Sqlite>,
    procedure: &str,
    citizen: &str,
    source: Source,
    goal: &Goal,
    document: &NewDocument,
) -> Result<String> {
    let slot = match &goal.slot {
        Some((slot, _)) => slot.clone(),
        None => {
            // A place opened by a document bears the document's name.
            let slot = document.id.clone();
            sqlx::query(
                "INSERT INTO slots (id, procedure, position, document_type, required)
                 SELECT ?1, ?2, coalesce(max(position), -1) + 1, ?3, 0 FROM slots WHERE procedure = ?2",
            )
            .bind(&slot)
            .bind(procedure)
            .bind(&goal.document_type)
            .execute(&mut **tx)
            .await?;
            slot
        }
    };
    let receipt = &document.receipt;
    sqlx::query(
        "INSERT INTO documents (id, procedure, slot, name, receipt, received_at, pages, bytes, sha256, object, source, citizen)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&document.id)
    .bind(procedure)
    .bind(&slot)
    .bind(&goal.name)
    .bind(&receipt.number)
    .bind(millis(receipt.received_at))
    .bind(receipt.pages)
    .bind(receipt.bytes.cast_signed())
    .bind(unhex(&receipt.sha256)?)
    .bind(&document.object)
    .bind(source.key())
    .bind(citizen)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE slots SET document = ?, version = version + 1 WHERE id = ?")
        .bind(&document.id)
        .bind(&slot)
        .execute(&mut **tx)
        .await?;
    Ok(slot)
}

/// Whether the place is as it was when the citizen chose it. A new place always is.
async fn slot_unchanged(tx: &mut Transaction<'_, Sqlite>, procedure: &str, goal: &Goal) -> Result<bool> {
    let Some((slot, version)) = &goal.slot else { return Ok(goal.action == Action::Add) };
    let now = sqlx::query_scalar::<_, i64>("SELECT version FROM slots WHERE id = ? AND procedure = ?");
    Ok(now.bind(slot).bind(procedure).fetch_optional(&mut **tx).await? == Some(*version))
}

async fn goal(tx: &mut Transaction<'_, Sqlite>, upload: &Upload) -> Result<Goal> {
    let row = sqlx::query("SELECT action, document_type, slot, slot_version, name FROM tickets WHERE id = ?")
        .bind(&upload.ticket)
        .fetch_one(&mut **tx)
        .await?;
    let slot: Option<String> = row.try_get(2)?;
    Ok(Goal {
        action: super::tickets::action(row.try_get(0)?)?,
        document_type: row.try_get(1)?,
        slot: slot.map(|slot| Ok::<_, StoreError>((slot, row.try_get(3)?))).transpose()?,
        name: row.try_get(4)?,
    })
}

async fn known(tx: &mut Transaction<'_, Sqlite>, id: &UploadId) -> Result<Upload> {
    uploads::load_in(tx, &id.0).await?.ok_or(StoreError::Row("upload"))
}
