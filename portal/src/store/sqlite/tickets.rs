//! Tickets as the computer sees them. Every write is guarded by the state it expects.

use super::{SqliteStore, millis, time};
use crate::store::{Result, StoreError, Tickets, model::*};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::api::Action;
use sqlx::{Row, Sqlite, Transaction};

#[async_trait]
impl Tickets for SqliteStore {
    async fn make_ticket(&self, ticket: &NewTicket) -> Result<()> {
        let mut tx = self.begin().await?;
        insert(&mut tx, ticket).await?;
        Ok(tx.commit().await?)
    }

    async fn ticket(&self, id: &str, citizen: &str) -> Result<Option<Ticket>> {
        let row = sqlx::query(
            "SELECT t.procedure, t.action, t.document_type, t.slot, t.slot_version, t.name, t.state, t.sealed, t.expires,
                    coalesce(t.session_ends, t.expires), t.extensions, u.model, u.digits, u.state, u.cause, u.page_count,
                    u.offset, u.length, u.created, d.name
             FROM tickets t LEFT JOIN uploads u ON u.ticket = t.id LEFT JOIN devices d ON d.id = u.device WHERE t.id = ? AND t.citizen = ?",
        )
        .bind(id)
        .bind(citizen)
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let slot: Option<String> = row.try_get(3)?;
        let upload = match row.try_get::<Option<String>, _>(11)? {
            None => None,
            Some(model) => Some(UploadSeen {
                model,
                digits: row.try_get(12)?,
                device: row.try_get(19)?,
                state: row.try_get(13)?,
                cause: row.try_get(14)?,
                page_count: row.try_get(15)?,
                offset: row.try_get::<i64, _>(16)? as u64,
                length: row.try_get::<Option<i64>, _>(17)?.map(|length| length as u64),
                since: time(row.try_get(18)?)?,
            }),
        };
        Ok(Some(Ticket {
            id: id.to_owned(),
            place: Place {
                procedure: row.try_get(0)?,
                action: action(row.try_get(1)?)?,
                document_type: row.try_get(2)?,
                slot: slot.map(|slot| Ok::<_, StoreError>((slot, row.try_get(4)?))).transpose()?,
                name: row.try_get(5)?,
            },
            state: match row.try_get(6)? {
                "new" => TicketState::New,
                "redeemed" => TicketState::Redeemed,
                "cancelled" => TicketState::Cancelled,
                "expired" => TicketState::Expired,
                _ => return Err(StoreError::Row("ticket state")),
            },
            sealed: row.try_get(7)?,
            expires: time(row.try_get(8)?)?,
            session_ends: time(row.try_get(9)?)?,
            extensions: row.try_get(10)?,
            upload,
        }))
    }

    async fn extend_ticket(&self, id: &str, now: Timestamp, until: Timestamp, limit: u32) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE tickets SET expires = min(?1, session_ends), extensions = extensions + 1
             WHERE id = ?2 AND state = 'new' AND expires > ?3 AND extensions < ?4 AND session IS NOT NULL",
        )
        .bind(millis(until))
        .bind(id)
        .bind(millis(now))
        .bind(limit)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn renew_ticket(&self, id: &str, renewal: &Renewal) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE tickets SET state = 'new', secret = ?1, sealed = ?2, session = ?3, session_ends = ?4, device = NULL,
                    expires = ?5, extensions = 0, typed = NULL, typed_expires = NULL
             WHERE id = ?6 AND state <> 'redeemed'",
        )
        .bind(&renewal.secret)
        .bind(&renewal.sealed)
        .bind(&renewal.session)
        .bind(millis(renewal.session_ends))
        .bind(millis(renewal.expires))
        .bind(id)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn type_ticket(&self, id: &str, now: Timestamp, typed: &[u8], until: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE tickets SET typed = ?1, typed_expires = min(?2, expires) WHERE id = ?3 AND state = 'new' AND expires > ?4",
        )
        .bind(typed)
        .bind(millis(until))
        .bind(id)
        .bind(millis(now))
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn cancel_ticket(&self, id: &str) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE tickets SET state = 'cancelled', sealed = NULL, typed = NULL WHERE id = ? AND state = 'new'",
        )
        .bind(id)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn disconnect(&self, id: &str) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE uploads SET state = 'ended', cause = 'disconnected'
             WHERE ticket = ? AND state IN ('open', 'checking', 'slot_changed')",
        )
        .bind(id)
        .execute(&self.write)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn action_key(action: Action) -> &'static str {
    match action {
        Action::Add => "add",
        Action::Attach => "attach",
        Action::Replace => "replace",
    }
}

pub(super) fn action(key: &str) -> Result<Action> {
    match key {
        "add" => Ok(Action::Add),
        "attach" => Ok(Action::Attach),
        "replace" => Ok(Action::Replace),
        _ => Err(StoreError::Row("action")),
    }
}

/// Makes the ticket and cancels its maker's other new ones for the same procedure.
pub(super) async fn insert(tx: &mut Transaction<'_, Sqlite>, ticket: &NewTicket) -> Result<()> {
    let (session, ends, device) = match &ticket.maker {
        Maker::Session { id, ends } => (Some(id), Some(millis(*ends)), None),
        Maker::Device(device) => (None, None, Some(&device.0)),
    };
    sqlx::query(
        "UPDATE tickets SET state = 'cancelled', sealed = NULL, typed = NULL
         WHERE (session = ? OR device = ?) AND procedure = ? AND state = 'new'",
    )
    .bind(session)
    .bind(device)
    .bind(&ticket.place.procedure)
    .execute(&mut **tx)
    .await?;
    let place = &ticket.place;
    sqlx::query(
        "INSERT INTO tickets (id, secret, sealed, citizen, session, session_ends, device, procedure, slot, slot_version,
                              action, document_type, name, state, created, expires)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new', ?, ?)",
    )
    .bind(&ticket.id)
    .bind(&ticket.secret)
    .bind(&ticket.sealed)
    .bind(&ticket.citizen)
    .bind(session)
    .bind(ends)
    .bind(device)
    .bind(&place.procedure)
    .bind(place.slot.as_ref().map(|(slot, _)| slot))
    .bind(place.slot.as_ref().map(|(_, version)| version))
    .bind(action_key(place.action))
    .bind(&place.document_type)
    .bind(&place.name)
    .bind(millis(ticket.created))
    .bind(millis(ticket.expires))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
