//! Events of a procedure. The counter is taken in the transaction that writes the event, so no number appears late.

use super::{SqliteStore, millis};
use crate::store::{
    Result, StoreError,
    uploads::{Event, EventKind, Events, Progress},
};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, Sqlite, Transaction};

/// A page that missed more than this loads anew.
const MOST: i64 = 200;

pub(super) async fn append(
    tx: &mut Transaction<'_, Sqlite>,
    procedure: &str,
    kind: EventKind,
    ticket: &str,
    at: Timestamp,
    data: serde_json::Value,
) -> Result<()> {
    let number: i64 = sqlx::query_scalar("UPDATE procedures SET events = events + 1 WHERE id = ? RETURNING events")
        .bind(procedure)
        .fetch_one(&mut **tx)
        .await?;
    sqlx::query("INSERT INTO events (procedure, number, kind, ticket, at, data) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(procedure)
        .bind(number)
        .bind(kind.key())
        .bind(ticket)
        .bind(millis(at))
        .bind(data.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[async_trait]
impl Events for SqliteStore {
    async fn last_event(&self, procedure: &str) -> Result<i64> {
        let last = sqlx::query_scalar("SELECT events FROM procedures WHERE id = ?");
        Ok(last.bind(procedure).fetch_optional(&self.read).await?.unwrap_or(0))
    }

    async fn events_after(&self, procedure: &str, number: i64) -> Result<Vec<Event>> {
        let rows = sqlx::query(
            "SELECT number, kind, ticket, data FROM events WHERE procedure = ? AND number > ? ORDER BY number LIMIT ?",
        )
        .bind(procedure)
        .bind(number)
        .bind(MOST)
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                let kind: &str = row.try_get(1)?;
                Ok(Event {
                    number: row.try_get(0)?,
                    kind: EventKind::ALL.into_iter().find(|k| k.key() == kind).ok_or(StoreError::Row("event"))?,
                    ticket: row.try_get(2)?,
                    data: serde_json::from_str(row.try_get(3)?).map_err(|_| StoreError::Row("event"))?,
                })
            })
            .collect()
    }

    async fn may_watch(
        &self,
        session: &[u8],
        espace: &str,
        procedure: &str,
        now: Timestamp,
        idle: i64,
        absolute: i64,
    ) -> Result<bool> {
        let may = sqlx::query_scalar::<_, i64>(
            "SELECT 1 FROM sessions s JOIN memberships m ON m.citizen = s.citizen AND m.espace = s.espace
             JOIN procedures p ON p.espace = s.espace
             WHERE s.id = ?1 AND s.espace = ?2 AND p.id = ?3 AND s.last_seen > ?4 - ?5 * 1000 AND s.created > ?4 - ?6 * 1000",
        );
        let may = may.bind(session).bind(espace).bind(procedure).bind(millis(now)).bind(idle).bind(absolute);
        Ok(may.fetch_optional(&self.read).await?.is_some())
    }

    async fn progress(&self, procedure: &str) -> Result<Vec<Progress>> {
        let rows = sqlx::query(
            "SELECT t.id, u.page_count, u.offset, u.length FROM tickets t JOIN uploads u ON u.ticket = t.id
             WHERE t.procedure = ? AND u.state = 'open'",
        )
        .bind(procedure)
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Progress {
                    ticket: row.try_get(0)?,
                    pages: row.try_get(1)?,
                    offset: row.try_get::<i64, _>(2)?.cast_unsigned(),
                    length: row.try_get::<Option<i64>, _>(3)?.map(i64::cast_unsigned),
                })
            })
            .collect()
    }
}
