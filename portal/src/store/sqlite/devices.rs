//! Devices, their tokens and tickets, and their end.

use super::{SqliteStore, events, millis, sessions, tickets, time, uploads};
use crate::store::{
    Result, StoreError,
    devices::{Device, Devices, Holder, NewToken, Unlinker},
    model::{Activity, Citizen, Maker, NewTicket},
    uploads::EventKind,
};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::{
    Code, PublicKey,
    api::{DeviceId, Espace},
    limits,
};
use serde_json::json;
use sqlx::{Executor, Row, Sqlite, SqliteConnection, Transaction, sqlite::SqliteRow};
use std::{collections::BTreeSet, result::Result as Either};

const DEVICE: &str =
    "SELECT id, citizen, name, model, key, jkt, unlock_key, linked_at, last_used, revoked_at FROM devices";

#[async_trait]
impl Devices for SqliteStore {
    async fn device(&self, id: &DeviceId) -> Result<Option<Device>> {
        load(&self.read, id).await
    }

    async fn devices(&self, citizen: &str) -> Result<Vec<Device>> {
        let query = format!("{DEVICE} WHERE citizen = ? AND revoked_at IS NULL ORDER BY linked_at DESC, rowid DESC");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).bind(citizen).fetch_all(&self.read).await?;
        rows.iter().map(device).collect()
    }

    async fn unannounced(&self, citizen: &str, login: Timestamp) -> Result<Vec<Device>> {
        let query = format!(
            "{DEVICE} WHERE citizen = ? AND linked_at < ? AND NOT announced AND revoked_at IS NULL ORDER BY linked_at"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(citizen).bind(millis(login));
        query.fetch_all(&self.read).await?.iter().map(device).collect()
    }

    async fn announced(&self, id: &DeviceId, citizen: &str) -> Result<()> {
        sqlx::query("UPDATE devices SET announced = 1 WHERE id = ? AND citizen = ?")
            .bind(&id.0)
            .bind(citizen)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    async fn issue_token(&self, token: &NewToken) -> Result<Either<(), Code>> {
        let mut tx = self.begin().await?;
        let mut fresh = true;
        for jti in &token.jtis {
            fresh &= uploads::remember_proof(&mut tx, &token.jkt, jti, token.now).await?;
        }
        let outcome = if !fresh {
            Err(Code::ProofInvalid)
        } else {
            let issued = sqlx::query(
                "INSERT INTO tokens (hash, device, jkt, expires)
                 SELECT ?, id, jkt, ? FROM devices WHERE id = ? AND jkt = ? AND revoked_at IS NULL",
            )
            .bind(&token.hash)
            .bind(millis(token.expires))
            .bind(&token.device.0)
            .bind(&token.jkt)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE devices SET last_used = max(last_used, ?) WHERE id = ?")
                .bind(millis(token.now))
                .bind(&token.device.0)
                .execute(&mut *tx)
                .await?;
            if issued.rows_affected() == 1 { Ok(()) } else { Err(Code::DeviceRevoked) }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn holder(&self, token: &[u8], jkt: &str, now: Timestamp) -> Result<Either<Holder, Code>> {
        let mut read = self.read.acquire().await?;
        let (holder, last_used) = match holder(&mut read, token, jkt, now).await? {
            Ok(found) => found,
            Err(code) => return Ok(Err(code)),
        };
        // A minute's grain keeps the writer free: asking for the overview is no write.
        if last_used < millis(now) - 60_000 {
            sqlx::query("UPDATE devices SET last_used = max(last_used, ?) WHERE id = ?")
                .bind(millis(now))
                .bind(&holder.device.0)
                .execute(&self.write)
                .await?;
        }
        Ok(Ok(holder))
    }

    async fn overview(&self, citizen: &str, most: u32) -> Result<Vec<Espace>> {
        self.overview_of(citizen, most).await
    }

    async fn make_linked_ticket(&self, ticket: &NewTicket, jkt: &str, jti: &str) -> Result<Either<(), Code>> {
        let Maker::Device(id) = &ticket.maker else { return Err(StoreError::Row("maker")) };
        let mut tx = self.begin().await?;
        let outcome = if !uploads::remember_proof(&mut tx, jkt, jti, ticket.created).await? {
            Err(Code::ProofInvalid)
        } else if load(&mut *tx, id).await?.is_none_or(|device| device.revoked) {
            Err(Code::DeviceRevoked)
        } else {
            tickets::insert(&mut tx, ticket).await?;
            Ok(())
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn unlink(&self, id: &DeviceId, by: Unlinker<'_>, now: Timestamp) -> Result<Either<Vec<String>, Code>> {
        let mut tx = self.begin().await?;
        let outcome = match (load(&mut *tx, id).await?, by) {
            (Some(device), Unlinker::Citizen(citizen)) if device.citizen == citizen => {
                Ok(if device.revoked { Vec::new() } else { revoke(&mut tx, id, Activity::DeviceUnlinked, now).await? })
            }
            (_, Unlinker::Citizen(_)) => Err(Code::NotFound),
            (Some(device), Unlinker::Phone(jkt)) if device.jkt != jkt => Err(Code::CredentialInvalid),
            (Some(device), Unlinker::Phone(_)) if !device.revoked => {
                Ok(revoke(&mut tx, id, Activity::DeviceUnlinked, now).await?)
            }
            (_, Unlinker::Phone(_)) => Err(Code::DeviceRevoked),
        };
        tx.commit().await?;
        Ok(outcome)
    }
}

/// Whose token this is, and when its device was last used.
pub(super) async fn holder(
    source: &mut SqliteConnection,
    token: &[u8],
    jkt: &str,
    now: Timestamp,
) -> Result<Either<(Holder, i64), Code>> {
    let row = sqlx::query(
        "SELECT d.id, d.last_used, c.id, c.name FROM tokens t JOIN devices d ON d.id = t.device
         JOIN citizens c ON c.id = d.citizen
         WHERE t.hash = ? AND t.jkt = ? AND t.expires > ? AND d.revoked_at IS NULL",
    )
    .bind(token)
    .bind(jkt)
    .bind(millis(now))
    .fetch_optional(&mut *source)
    .await?;
    let Some(row) = row else {
        // A device's tokens go with it; its key still says who is asking.
        let linked = sqlx::query_scalar("SELECT max(revoked_at IS NULL) FROM devices WHERE jkt = ?");
        let linked: Option<bool> = linked.bind(jkt).fetch_one(source).await?;
        return Ok(Err(if linked == Some(false) { Code::DeviceRevoked } else { Code::CredentialInvalid }));
    };
    let citizen = Citizen { id: row.try_get(2)?, name: row.try_get(3)? };
    Ok(Ok((Holder { device: DeviceId(row.try_get(0)?), citizen }, row.try_get(1)?)))
}

/// Ends every device that never came after it was linked. Nothing is under way that it could have begun.
pub(super) async fn expire(tx: &mut Transaction<'_, Sqlite>, now: Timestamp) -> Result<()> {
    let unused = "SELECT id FROM devices WHERE revoked_at IS NULL AND last_used = linked_at AND linked_at <= ?";
    let since = millis(now) - limits::LINK_UNUSED_SECONDS * 1000;
    let unused: Vec<String> = sqlx::query_scalar(unused).bind(since).fetch_all(&mut **tx).await?;
    for id in unused {
        revoke(tx, &DeviceId(id), Activity::DeviceUnused, now).await?;
    }
    Ok(())
}

/// Ends a device with all it has under way. Answers the procedures that changed.
pub(super) async fn revoke(
    tx: &mut Transaction<'_, Sqlite>,
    id: &DeviceId,
    why: Activity,
    now: Timestamp,
) -> Result<Vec<String>> {
    sqlx::query("DELETE FROM tokens WHERE device = ?").bind(&id.0).execute(&mut **tx).await?;
    let mut ended = sqlx::query(
        "UPDATE tickets SET state = 'cancelled', sealed = NULL, typed = NULL WHERE device = ? AND state = 'new'
         RETURNING procedure, id, 'ticket'",
    )
    .bind(&id.0)
    .fetch_all(&mut **tx)
    .await?;
    // Its own tickets' uploads, and those it took from a computer as a known phone.
    ended.extend(
        sqlx::query(
            "UPDATE uploads SET state = 'ended', cause = 'device_revoked', object = NULL
             WHERE state IN ('open', 'checking', 'slot_changed')
               AND (device = ?1 OR ticket IN (SELECT id FROM tickets WHERE device = ?1))
             RETURNING (SELECT procedure FROM tickets t WHERE t.id = ticket), ticket, 'upload'",
        )
        .bind(&id.0)
        .fetch_all(&mut **tx)
        .await?,
    );
    let mut procedures = BTreeSet::new();
    for row in ended {
        let procedure: String = row.try_get(0)?;
        let data = json!({ "what": row.try_get::<&str, _>(2)? });
        events::append(tx, &procedure, EventKind::Expired, row.try_get(1)?, now, data).await?;
        procedures.insert(procedure);
    }
    let row = sqlx::query("UPDATE devices SET revoked_at = ? WHERE id = ? RETURNING citizen, name, model")
        .bind(millis(now))
        .bind(&id.0)
        .fetch_one(&mut **tx)
        .await?;
    let data = json!({ "device": row.try_get::<&str, _>(1)?, "model": row.try_get::<&str, _>(2)? });
    sessions::note(&mut **tx, row.try_get(0)?, now, why, data).await?;
    Ok(procedures.into_iter().collect())
}

async fn load<'e>(source: impl Executor<'e, Database = Sqlite>, id: &DeviceId) -> Result<Option<Device>> {
    let query = format!("{DEVICE} WHERE id = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(&id.0).fetch_optional(source).await?;
    row.as_ref().map(device).transpose()
}

fn device(row: &SqliteRow) -> Result<Device> {
    let key = |column: usize| PublicKey::from_text(row.try_get(column)?).ok_or(StoreError::Row("key"));
    Ok(Device {
        id: DeviceId(row.try_get(0)?),
        citizen: row.try_get(1)?,
        name: row.try_get(2)?,
        model: row.try_get(3)?,
        key: key(4)?,
        jkt: row.try_get(5)?,
        unlock_key: key(6)?,
        linked_at: time(row.try_get(7)?)?,
        last_used: time(row.try_get(8)?)?,
        revoked: row.try_get::<Option<i64>, _>(9)?.is_some(),
    })
}
