//! From ticket to upload: one winner.

use super::{SqliteStore, devices, events, millis, tickets, uploads};
use crate::store::{
    Result,
    model::{Activity, Citizen},
    uploads::{EventKind, LinkedProof, Redemption, TicketName, Upload, Won},
};
use jiff::Timestamp;
use protocol::{Code, api::Context, limits};
use serde_json::json;
use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};
use std::result::Result as Either;

/// Above so many wrong codes in the portal within the window, typed codes pause; QR codes go on.
const PORTAL_FAILURES: i64 = 1_000;

const TICKET: &str = "SELECT t.id, t.state, t.expires, t.typed_expires, t.procedure, t.action, t.document_type, t.name,
    c.name, e.name, p.title, p.status = 'active' AND coalesce(m.may_edit, 0), u.id, u.jkt, u.state, t.citizen, t.device
    FROM tickets t JOIN citizens c ON c.id = t.citizen JOIN procedures p ON p.id = t.procedure
    JOIN espaces e ON e.id = p.espace LEFT JOIN memberships m ON m.espace = p.espace AND m.citizen = t.citizen
    LEFT JOIN uploads u ON u.ticket = t.id";

impl SqliteStore {
    pub(super) async fn redeem_ticket(&self, redemption: &Redemption) -> Result<Either<Won, Code>> {
        let mut tx = self.begin().await?;
        let outcome = redeem(&mut tx, redemption).await?;
        if let (Err(Code::TicketUnknown), TicketName::Typed { address, .. }) = (&outcome, &redemption.name) {
            sqlx::query("INSERT INTO typed_failures (address, at) VALUES (?, ?)")
                .bind(address)
                .bind(millis(redemption.now))
                .execute(&mut *tx)
                .await?;
        }
        // A refusal is kept too: the proof was used and the failure counts.
        tx.commit().await?;
        Ok(outcome)
    }
}

async fn redeem(tx: &mut Transaction<'_, Sqlite>, redemption: &Redemption) -> Result<Either<Won, Code>> {
    if !uploads::remember_proof(tx, &redemption.jkt, &redemption.jti, redemption.now).await? {
        return Ok(Err(Code::ProofInvalid));
    }
    let holder = match &redemption.linked {
        None => None,
        Some(LinkedProof { token, jkt, jti }) => {
            if !uploads::remember_proof(tx, jkt, jti, redemption.now).await? {
                return Ok(Err(Code::ProofInvalid));
            }
            match devices::holder(tx, token, jkt, redemption.now).await? {
                Ok((holder, _)) => Some(holder),
                Err(code) => return Ok(Err(code)),
            }
        }
    };
    let now = millis(redemption.now);
    let (condition, name) = match &redemption.name {
        TicketName::Secret(hash) => ("t.secret", hash),
        TicketName::Typed { digest, address } => {
            if too_many_failures(tx, address, redemption.now).await? {
                return Ok(Err(Code::RateLimited));
            }
            ("t.typed", digest)
        }
    };
    let query = format!("{TICKET} WHERE {condition} = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(name).fetch_optional(&mut **tx).await?;
    let Some(row) = row else { return Ok(Err(Code::TicketUnknown)) };
    let ticket: String = row.try_get(0)?;
    let upload: Option<String> = row.try_get(12)?;
    let owner: &str = row.try_get(15)?;
    let other_account = holder.as_ref().is_some_and(|holder| holder.citizen.id != owner);
    match (row.try_get(1)?, upload) {
        ("redeemed", Some(upload)) => {
            let ours = row.try_get::<&str, _>(13)? == redemption.jkt;
            if row.try_get::<&str, _>(14)? == "ended" {
                let upload = uploads::load_in(tx, &upload).await?;
                let cause = upload.map_or(Code::UploadEnded, |upload| ended(&upload));
                return Ok(Err(if ours { cause } else { dead(cause) }));
            }
            if !ours {
                return Ok(Err(Code::TicketUsed));
            }
            sqlx::query("UPDATE uploads SET credential = ? WHERE id = ?")
                .bind(&redemption.credential_hash)
                .bind(&upload)
                .execute(&mut **tx)
                .await?;
            return answer(tx, &upload, other_account, &row).await;
        }
        ("cancelled", _) => return Ok(Err(Code::TicketCancelled)),
        ("new", _) => {}
        _ => return Ok(Err(Code::TicketExpired)),
    }
    let expires: i64 = row.try_get(2)?;
    let typed_expires: Option<i64> = row.try_get(3)?;
    let typed = matches!(redemption.name, TicketName::Typed { .. });
    if expires <= now || typed && typed_expires.is_none_or(|expires| expires <= now) {
        return Ok(Err(Code::TicketExpired));
    }
    if !row.try_get::<bool, _>(11)? {
        return Ok(Err(Code::RightLost));
    }
    // Guarded by the state, so that it stays right on a database where transactions overlap.
    let won = sqlx::query("UPDATE tickets SET state = 'redeemed', sealed = NULL WHERE id = ? AND state = 'new'")
        .bind(&ticket)
        .execute(&mut **tx)
        .await?;
    if won.rows_affected() == 0 {
        return Ok(Err(Code::TicketUsed));
    }
    // The owner's phone is known by its token, or by the ticket it made itself. Nobody needs to compare anything then.
    let made_by: Option<String> = row.try_get(16)?;
    let own = holder.filter(|_| !other_account).map(|holder| holder.device.0);
    let device = own.or(made_by.filter(|_| !other_account));
    let digits = device.is_none().then_some(&redemption.digits);
    sqlx::query(
        "INSERT INTO uploads (id, ticket, jkt, credential, model, digits, device, state, created, last_byte)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?8, 'open', ?7, ?7)",
    )
    .bind(&redemption.upload.0)
    .bind(&ticket)
    .bind(&redemption.jkt)
    .bind(&redemption.credential_hash)
    .bind(&redemption.model)
    .bind(digits)
    .bind(now)
    .bind(&device)
    .execute(&mut **tx)
    .await?;
    let data = json!({ "model": redemption.model, "digits": digits });
    let procedure: &str = row.try_get(4)?;
    events::append(tx, procedure, EventKind::Redeemed, &ticket, redemption.now, data).await?;
    let answer = answer(tx, &redemption.upload.0, other_account, &row).await?;
    if let Ok(won) = &answer {
        uploads::note(tx, &won.upload, redemption.now, Activity::PhoneConnected).await?;
    }
    Ok(answer)
}

async fn answer(
    tx: &mut Transaction<'_, Sqlite>,
    upload: &str,
    other_account: bool,
    row: &SqliteRow,
) -> Result<Either<Won, Code>> {
    let Some(upload) = uploads::load_in(tx, upload).await? else { return Ok(Err(Code::UploadEnded)) };
    let owner = Citizen { id: upload.citizen.clone(), name: row.try_get(8)? };
    let context = Context {
        owner: owner.masked(),
        espace: row.try_get(9)?,
        procedure: row.try_get(10)?,
        action: tickets::action(row.try_get(5)?)?,
        document: row.try_get(6)?,
        name: row.try_get(7)?,
    };
    Ok(Ok(Won { upload, context, other_account }))
}

fn ended(upload: &Upload) -> Code {
    match upload.status {
        crate::store::uploads::Status::Ended(code) => code,
        _ => Code::UploadEnded,
    }
}

/// A code whose phone is gone is dead and nobody's: no other phone is warned of a stranger, and the one that said 'not
/// mine' has forgotten its key.
fn dead(cause: Code) -> Code {
    match cause {
        Code::Disconnected | Code::DeviceRevoked | Code::TicketCancelled => Code::TicketCancelled,
        Code::RightLost => Code::RightLost,
        _ => Code::TicketExpired,
    }
}

async fn too_many_failures(tx: &mut Transaction<'_, Sqlite>, address: &str, now: Timestamp) -> Result<bool> {
    let since = millis(now) - limits::TYPED_CODE_SECONDS * 1000;
    let row = sqlx::query("SELECT coalesce(sum(address = ?), 0), count(*) FROM typed_failures WHERE at > ?")
        .bind(address)
        .bind(since)
        .fetch_one(&mut **tx)
        .await?;
    let (here, everywhere): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    if everywhere >= PORTAL_FAILURES {
        tracing::warn!(everywhere, "typed codes pause: too many wrong ones in the whole portal");
    }
    Ok(here >= i64::from(limits::TYPED_CODE_FAILURES) || everywhere >= PORTAL_FAILURES)
}
