//! Logins, citizens, sessions and activity.

use super::{SqliteStore, links, millis, time};
use crate::store::{Result, Sessions, StoreError, model::*};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::Secret;
use sqlx::{Executor, Row, Sqlite};

/// A login that has not come back after this long is forgotten, in milliseconds.
const LOGIN_MILLIS: i64 = 15 * 60 * 1000;

#[async_trait]
impl Sessions for SqliteStore {
    async fn begin_login(&self, login: &PendingLogin) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM logins WHERE created < ?")
            .bind(millis(login.created) - LOGIN_MILLIS)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO logins (state, nonce, verifier, means, back, created) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&login.state)
            .bind(&login.nonce)
            .bind(login.verifier.expose())
            .bind(login.means.key())
            .bind(login.back.map(Back::key))
            .bind(millis(login.created))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn take_login(&self, state: &str) -> Result<Option<PendingLogin>> {
        let row = sqlx::query("DELETE FROM logins WHERE state = ? RETURNING nonce, verifier, means, created, back")
            .bind(state)
            .fetch_optional(&self.write)
            .await?;
        row.map(|row| {
            Ok(PendingLogin {
                state: state.to_owned(),
                nonce: row.try_get(0)?,
                verifier: Secret::new(row.try_get(1)?),
                means: if row.try_get::<&str, _>(2)? == "eid" { Means::Eid } else { Means::LuxTrust },
                created: time(row.try_get(3)?)?,
                back: row.try_get::<Option<String>, _>(4)?.map(|_| Back::Devices),
            })
        })
        .transpose()
    }

    async fn citizen_of(&self, iss: &str, sub: &str, name: &str, new: &str) -> Result<Citizen> {
        let row = sqlx::query(
            "INSERT INTO citizens (id, iss, sub, name) VALUES (?, ?, ?, ?)
             ON CONFLICT (iss, sub) DO UPDATE SET name = excluded.name RETURNING id, name",
        )
        .bind(new)
        .bind(iss)
        .bind(sub)
        .bind(name)
        .fetch_one(&self.write)
        .await?;
        Ok(Citizen { id: row.try_get(0)?, name: row.try_get(1)? })
    }

    async fn open_session(&self, session: &Session, over: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE created < ?").bind(millis(over)).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO sessions (id, citizen, espace, csrf, created, last_seen, auth_time, acr, amr)
             VALUES (?, ?, ?, ?, ?5, ?5, ?6, ?7, ?8)",
        )
        .bind(&session.id)
        .bind(&session.citizen)
        .bind(&session.espace)
        .bind(&session.csrf)
        .bind(millis(session.created))
        .bind(millis(session.auth_time))
        .bind(&session.acr)
        .bind(&session.amr)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    async fn session(&self, id: &[u8], now: Timestamp, idle: i64, absolute: i64) -> Result<Option<(Session, Citizen)>> {
        let now = millis(now);
        let row = sqlx::query(
            "SELECT s.citizen, s.espace, s.csrf, s.created, s.auth_time, s.acr, s.amr, s.last_seen, c.name
             FROM sessions s JOIN citizens c ON c.id = s.citizen
             WHERE s.id = ?1 AND s.last_seen > ?2 - ?3 * 1000 AND s.created > ?2 - ?4 * 1000",
        )
        .bind(id)
        .bind(now)
        .bind(idle)
        .bind(absolute)
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        // A minute's grain keeps the writer free: reading a page is no write.
        if row.try_get::<i64, _>(7)? < now - 60_000 {
            sqlx::query("UPDATE sessions SET last_seen = max(last_seen, ?) WHERE id = ?")
                .bind(now)
                .bind(id)
                .execute(&self.write)
                .await?;
        }
        let citizen: String = row.try_get(0)?;
        let session = Session {
            id: id.to_vec(),
            citizen: citizen.clone(),
            espace: row.try_get(1)?,
            csrf: row.try_get(2)?,
            created: time(row.try_get(3)?)?,
            auth_time: time(row.try_get(4)?)?,
            acr: row.try_get(5)?,
            amr: row.try_get(6)?,
        };
        Ok(Some((session, Citizen { id: citizen, name: row.try_get(8)? })))
    }

    async fn choose_espace(&self, session: &[u8], espace: &str) -> Result<()> {
        sqlx::query("UPDATE sessions SET espace = ? WHERE id = ?")
            .bind(espace)
            .bind(session)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    async fn close_session(&self, id: &[u8], now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        links::cancel_all(&mut tx, id, now).await?;
        sqlx::query(
            "UPDATE tickets SET state = 'cancelled', sealed = NULL, typed = NULL
             WHERE session = ? AND state = 'new'",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM sessions WHERE id = ?").bind(id).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    async fn note(&self, citizen: &str, at: Timestamp, kind: Activity, data: serde_json::Value) -> Result<()> {
        note(&self.write, citizen, at, kind, data).await
    }

    async fn activity(&self, citizen: &str, limit: u32) -> Result<Vec<ActivityEntry>> {
        let rows =
            sqlx::query("SELECT at, kind, data FROM activity WHERE citizen = ? ORDER BY at DESC, id DESC LIMIT ?")
                .bind(citizen)
                .bind(limit)
                .fetch_all(&self.read)
                .await?;
        rows.iter()
            .map(|row| {
                let kind: &str = row.try_get(1)?;
                Ok(ActivityEntry {
                    at: time(row.try_get(0)?)?,
                    kind: Activity::ALL.into_iter().find(|k| k.key() == kind).ok_or(StoreError::Row("activity"))?,
                    data: serde_json::from_str(row.try_get(2)?).map_err(|_| StoreError::Row("activity"))?,
                })
            })
            .collect()
    }
}

/// Writes the citizen's activity, inside a transaction where something else is written too.
pub(super) async fn note<'e>(
    target: impl Executor<'e, Database = Sqlite>,
    citizen: &str,
    at: Timestamp,
    kind: Activity,
    data: serde_json::Value,
) -> Result<()> {
    sqlx::query("INSERT INTO activity (citizen, at, kind, data) VALUES (?, ?, ?, ?)")
        .bind(citizen)
        .bind(millis(at))
        .bind(kind.key())
        .bind(data.to_string())
        .execute(target)
        .await?;
    Ok(())
}
