//! Links on their way from a code to a device. Every write is guarded by the state it expects; a link whose time is over
//! is ended by whatever looks at it first.

use super::{SqliteStore, devices, millis, sessions, time, uploads};
use crate::store::{
    Result, StoreError,
    links::{Link, LinkAsked, LinkEnd, LinkRedemption, Links, NewDevice, NewLink, Numbers, Stage},
    model::{Activity, Citizen},
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use protocol::{
    Code,
    api::{DeviceId, LinkId},
    limits,
};
use serde_json::json;
use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};
use std::result::Result as Either;

type Tx<'t> = Transaction<'t, Sqlite>;

const LINK: &str = "SELECT l.id, l.state, l.cause, l.expires, l.sealed, l.model, l.number, l.numbers, l.device, d.name,
    l.citizen, l.session, l.jkt, d.unlock_key, d.revoked_at
    FROM links l LEFT JOIN devices d ON d.id = l.device";

/// A link's row.
struct Known {
    link: Link,
    number: String,
    device: Option<DeviceId>,
    unlock_key: Option<String>,
    revoked: bool,
    citizen: String,
    session: Vec<u8>,
    jkt: Option<String>,
}

#[async_trait]
impl Links for SqliteStore {
    async fn make_link(&self, new: &NewLink) -> Result<()> {
        let mut tx = self.begin().await?;
        cancel_all(&mut tx, &new.session, new.created).await?;
        sqlx::query(
            "INSERT INTO links (id, code, sealed, citizen, session, state, created, expires)
             VALUES (?, ?, ?, ?, ?, 'new', ?, ?)",
        )
        .bind(&new.id.0)
        .bind(&new.code)
        .bind(&new.sealed)
        .bind(&new.citizen)
        .bind(&new.session)
        .bind(millis(new.created))
        .bind(millis(new.expires))
        .execute(&mut *tx)
        .await?;
        sessions::note(&mut *tx, &new.citizen, new.created, Activity::LinkCodeMade, json!({})).await?;
        Ok(tx.commit().await?)
    }

    async fn link(&self, id: &LinkId, session: &[u8], now: Timestamp) -> Result<Option<Link>> {
        let query = format!("{LINK} WHERE l.id = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(&id.0).fetch_optional(&self.read).await?;
        let known = row.as_ref().map(known).transpose()?.filter(|known| known.session == session);
        // Looking writes nothing; who sweeps or calls next will.
        Ok(known.map(|known| Link { stage: stage_at(&known.link, now), ..known.link }))
    }

    async fn pick_number(&self, id: &LinkId, session: &[u8], picked: Option<&str>, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin().await?;
        let found = settled(&mut tx, id, now).await?.filter(|known| known.session == session);
        let choice = |known: &Known| picked.is_none_or(|picked| known.link.numbers.iter().any(|shown| shown == picked));
        let picking = found.filter(|known| known.link.stage == Stage::Picking && choice(known));
        if let Some(known) = &picking {
            match picked {
                Some(number) if number == known.number => {
                    let until = after(now, limits::LINK_FINISH_SECONDS);
                    go(&mut tx, known, Stage::Matched, until).await?;
                }
                Some(_) => end(&mut tx, known, LinkEnd::WrongNumber, now).await?,
                None => end(&mut tx, known, LinkEnd::NoneOfThese, now).await?,
            }
        }
        tx.commit().await?;
        Ok(picking.is_some())
    }

    async fn cancel_link(&self, id: &LinkId, session: &[u8], now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        let found = settled(&mut tx, id, now).await?.filter(|known| known.session == session);
        if let Some(known) = found {
            end(&mut tx, &known, LinkEnd::Cancelled, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn redeem_link(&self, redemption: &LinkRedemption) -> Result<Either<LinkAsked, Code>> {
        let mut tx = self.begin().await?;
        let outcome = redeem(&mut tx, redemption).await?;
        // A refusal is kept too: the proof was used.
        tx.commit().await?;
        Ok(outcome)
    }

    async fn confirm_link(
        &self,
        id: &LinkId,
        jkt: &str,
        numbers: &Numbers,
        now: Timestamp,
    ) -> Result<Either<(String, Timestamp), Code>> {
        let mut tx = self.begin().await?;
        let outcome = match of_phone(&mut tx, id, jkt, now).await? {
            None => Err(Code::LinkUnknown),
            Some(Known { link: Link { stage: Stage::Ended(end), .. }, .. }) => Err(end.code()),
            Some(known) if known.link.stage == Stage::Asked => {
                let until = after(now, limits::LINK_PICK_SECONDS);
                sqlx::query("UPDATE links SET number = ?, numbers = ? WHERE id = ?")
                    .bind(&numbers.right)
                    .bind(numbers.shown.join(" "))
                    .bind(&id.0)
                    .execute(&mut *tx)
                    .await?;
                go(&mut tx, &known, Stage::Picking, until).await?;
                Ok((numbers.right.clone(), until))
            }
            Some(known) => Ok((known.number, known.link.expires)),
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn link_stage(&self, id: &LinkId, jkt: &str, now: Timestamp) -> Result<Option<Stage>> {
        let query = format!("{LINK} WHERE l.id = ? AND l.jkt = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(&id.0).bind(jkt).fetch_optional(&self.read).await?;
        Ok(row.as_ref().map(known).transpose()?.map(|known| stage_at(&known.link, now)))
    }

    async fn decline_link(&self, id: &LinkId, jkt: &str, now: Timestamp) -> Result<Either<(), Code>> {
        let mut tx = self.begin().await?;
        let outcome = match of_phone(&mut tx, id, jkt, now).await? {
            None => Err(Code::LinkUnknown),
            Some(known) => {
                if let Some(device) = known.device.as_ref().filter(|_| !known.revoked) {
                    devices::revoke(&mut tx, device, Activity::DeviceUnlinked, now).await?;
                }
                end(&mut tx, &known, LinkEnd::Declined, now).await?;
                Ok(())
            }
        };
        tx.commit().await?;
        Ok(outcome)
    }

    async fn finish_link(&self, new: &NewDevice) -> Result<Either<DeviceId, Code>> {
        let mut tx = self.begin().await?;
        let outcome = finish(&mut tx, new).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}

async fn redeem(tx: &mut Tx<'_>, redemption: &LinkRedemption) -> Result<Either<LinkAsked, Code>> {
    let LinkRedemption { code, key, jkt, jti, model, now } = redemption;
    if !uploads::remember_proof(tx, jkt, jti, *now).await? {
        return Ok(Err(Code::ProofInvalid));
    }
    let id = sqlx::query_scalar("SELECT id FROM links WHERE code = ?").bind(code).fetch_optional(&mut **tx).await?;
    let Some(known) = (match id.map(LinkId) {
        Some(id) => settled(tx, &id, *now).await?,
        None => None,
    }) else {
        return Ok(Err(Code::LinkUnknown));
    };
    match known.link.stage {
        Stage::Ended(end) => return Ok(Err(end.code())),
        Stage::New => {
            // The question is open as long as the code is, and for whoever scans it late as long as the numbers are.
            let until = known.link.expires.max(after(*now, limits::LINK_PICK_SECONDS));
            // Guarded by the state, so that it stays right on a database where transactions overlap.
            let won = sqlx::query(
                "UPDATE links SET state = 'asked', sealed = NULL, jkt = ?, key = ?, model = ?, expires = ?
                 WHERE id = ? AND state = 'new'",
            )
            .bind(jkt)
            .bind(key.to_text())
            .bind(model)
            .bind(millis(until))
            .bind(&known.link.id.0)
            .execute(&mut **tx)
            .await?;
            if won.rows_affected() == 0 {
                return Ok(Err(Code::LinkUsed));
            }
        }
        _ if known.jkt.as_ref() != Some(jkt) => return Ok(Err(Code::LinkUsed)),
        _ => {}
    }
    let row =
        sqlx::query("SELECT name, (SELECT count(*) FROM memberships WHERE citizen = id) FROM citizens WHERE id = ?")
            .bind(&known.citizen)
            .fetch_one(&mut **tx)
            .await?;
    let citizen = Citizen { id: known.citizen, name: row.try_get(0)? };
    Ok(Ok(LinkAsked { link: known.link.id, citizen, espaces: row.try_get(1)? }))
}

async fn finish(tx: &mut Tx<'_>, new: &NewDevice) -> Result<Either<DeviceId, Code>> {
    let Some(known) = of_phone(tx, &new.link, &new.jkt, new.now).await? else { return Ok(Err(Code::LinkUnknown)) };
    match (known.link.stage, &known.device) {
        (Stage::Ended(end), _) => return Ok(Err(end.code())),
        (Stage::Finished, Some(device)) if known.unlock_key == Some(new.unlock_key.to_text()) && !known.revoked => {
            return Ok(Ok(device.clone()));
        }
        (Stage::Finished, _) => return Ok(Err(Code::LinkEnded)),
        (Stage::Matched, _) => {}
        // The number has not been picked: a phone that comes here has left out a step.
        _ => return Ok(Err(Code::BadRequest)),
    }
    let name = new.name.as_ref().unwrap_or(&known.link.model);
    sqlx::query(
        "INSERT INTO devices (id, citizen, name, model, key, jkt, unlock_key, linked_at, last_used)
         SELECT ?1, citizen, ?2, model, key, jkt, ?3, ?4, ?4 FROM links WHERE id = ?5",
    )
    .bind(&new.device.0)
    .bind(name)
    .bind(new.unlock_key.to_text())
    .bind(millis(new.now))
    .bind(&known.link.id.0)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE links SET device = ? WHERE id = ?")
        .bind(&new.device.0)
        .bind(&known.link.id.0)
        .execute(&mut **tx)
        .await?;
    go(tx, &known, Stage::Finished, new.now).await?;
    let data = json!({ "device": name, "model": known.link.model });
    sessions::note(&mut **tx, &known.citizen, new.now, Activity::DeviceLinked, data).await?;
    Ok(Ok(new.device.clone()))
}

/// Ends every link whose time is over.
pub(super) async fn expire(tx: &mut Tx<'_>, now: Timestamp) -> Result<()> {
    let over = "SELECT id FROM links WHERE state NOT IN ('finished', 'ended') AND expires <= ?";
    let over: Vec<String> = sqlx::query_scalar(over).bind(millis(now)).fetch_all(&mut **tx).await?;
    for id in over {
        settled(tx, &LinkId(id), now).await?;
    }
    Ok(())
}

/// Cancels what this session has not finished.
pub(super) async fn cancel_all(tx: &mut Tx<'_>, session: &[u8], now: Timestamp) -> Result<()> {
    let open = "SELECT id FROM links WHERE session = ? AND state NOT IN ('finished', 'ended')";
    let open: Vec<String> = sqlx::query_scalar(open).bind(session).fetch_all(&mut **tx).await?;
    for id in open {
        if let Some(known) = settled(tx, &LinkId(id), now).await? {
            end(tx, &known, LinkEnd::Cancelled, now).await?;
        }
    }
    Ok(())
}

/// A link as it stands now, its time having run out or not.
async fn settled(tx: &mut Tx<'_>, id: &LinkId, now: Timestamp) -> Result<Option<Known>> {
    let query = format!("{LINK} WHERE l.id = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(&id.0).fetch_optional(&mut **tx).await?;
    let Some(mut known) = row.as_ref().map(known).transpose()? else { return Ok(None) };
    let stage = stage_at(&known.link, now);
    if stage != known.link.stage {
        end(tx, &known, LinkEnd::Expired, now).await?;
        known.link.stage = stage;
    }
    Ok(Some(known))
}

/// The same for the phone that redeemed it.
async fn of_phone(tx: &mut Tx<'_>, id: &LinkId, jkt: &str, now: Timestamp) -> Result<Option<Known>> {
    Ok(settled(tx, id, now).await?.filter(|known| known.jkt.as_deref() == Some(jkt)))
}

fn stage_at(link: &Link, now: Timestamp) -> Stage {
    if link.stage.unfinished() && link.expires <= now { Stage::Ended(LinkEnd::Expired) } else { link.stage }
}

async fn go(tx: &mut Tx<'_>, known: &Known, stage: Stage, until: Timestamp) -> Result<()> {
    sqlx::query("UPDATE links SET state = ?, expires = ? WHERE id = ? AND state = ?")
        .bind(stage.key())
        .bind(millis(until))
        .bind(&known.link.id.0)
        .bind(known.link.stage.key())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// For good. Once a phone had the code, the citizen finds it under 'Activity'. What is over already stays what it is.
async fn end(tx: &mut Tx<'_>, known: &Known, why: LinkEnd, now: Timestamp) -> Result<()> {
    let ended = sqlx::query(
        "UPDATE links SET state = 'ended', cause = ?, sealed = NULL WHERE id = ? AND state NOT IN ('finished', 'ended')",
    )
    .bind(why.key())
    .bind(&known.link.id.0)
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == 1 && known.jkt.is_some() {
        let data = json!({ "model": known.link.model, "why": why.key() });
        sessions::note(&mut **tx, &known.citizen, now, Activity::LinkRefused, data).await?;
    }
    Ok(())
}

fn known(row: &SqliteRow) -> Result<Known> {
    let cause: Option<&str> = row.try_get(2)?;
    let stage = match row.try_get(1)? {
        "new" => Stage::New,
        "asked" => Stage::Asked,
        "picking" => Stage::Picking,
        "matched" => Stage::Matched,
        "finished" => Stage::Finished,
        _ => {
            let end = LinkEnd::ALL.into_iter().find(|end| Some(end.key()) == cause);
            Stage::Ended(end.ok_or(StoreError::Row("link"))?)
        }
    };
    let text = |column| row.try_get::<Option<String>, _>(column).map(Option::unwrap_or_default);
    Ok(Known {
        link: Link {
            id: LinkId(row.try_get(0)?),
            stage,
            expires: time(row.try_get(3)?)?,
            sealed: row.try_get(4)?,
            model: text(5)?,
            numbers: text(7)?.split_whitespace().map(str::to_owned).collect(),
            device: row.try_get(9)?,
        },
        number: text(6)?,
        device: row.try_get::<Option<String>, _>(8)?.map(DeviceId),
        citizen: row.try_get(10)?,
        session: row.try_get(11)?,
        jkt: row.try_get(12)?,
        unlock_key: row.try_get(13)?,
        revoked: row.try_get::<Option<i64>, _>(14)?.is_some(),
    })
}

fn after(from: Timestamp, seconds: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
