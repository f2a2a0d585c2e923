//! eSpaces, procedures, slots and documents.

use super::{SqliteStore, hex, millis, time, times};
use crate::store::{Procedures, Result, StoreError, model::*};
use async_trait::async_trait;
use protocol::api::Receipt;
use sqlx::{Row, sqlite::SqliteRow};

const DOCUMENT: &str =
    "d.id, d.slot, d.procedure, s.document_type, d.name, d.object, d.source, d.receipt, d.received_at,
    d.pages, d.bytes, d.sha256";

#[async_trait]
impl Procedures for SqliteStore {
    async fn espaces(&self, citizen: &str) -> Result<Vec<Espace>> {
        let rows = sqlx::query(
            "SELECT e.id, e.name, e.kind FROM memberships m JOIN espaces e ON e.id = m.espace
             WHERE m.citizen = ? ORDER BY e.kind, e.name",
        )
        .bind(citizen)
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                let professional = row.try_get::<&str, _>(2)? == "professional";
                let kind = if professional { EspaceKind::Professional } else { EspaceKind::Private };
                Ok(Espace { id: row.try_get(0)?, name: row.try_get(1)?, kind })
            })
            .collect()
    }

    async fn procedures(&self, espace: &str) -> Result<Vec<Procedure>> {
        let rows = sqlx::query(
            "SELECT p.id, p.title, p.status, p.deadline,
                    coalesce(sum(s.required AND s.document IS NULL), 0), coalesce(sum(s.required), 0)
             FROM procedures p LEFT JOIN slots s ON s.procedure = p.id
             WHERE p.espace = ? GROUP BY p.id ORDER BY p.status, p.position",
        )
        .bind(espace)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(procedure).collect()
    }

    async fn procedure(&self, id: &str, espace: Option<&str>, citizen: &str) -> Result<Option<(Procedure, Right)>> {
        let row = sqlx::query(
            "SELECT p.id, p.title, p.status, p.deadline,
                    coalesce(sum(s.required AND s.document IS NULL), 0), coalesce(sum(s.required), 0), m.may_edit
             FROM procedures p JOIN memberships m ON m.espace = p.espace LEFT JOIN slots s ON s.procedure = p.id
             WHERE p.id = ? AND p.espace = coalesce(?, p.espace) AND m.citizen = ? GROUP BY p.id",
        )
        .bind(id)
        .bind(espace)
        .bind(citizen)
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| {
            let right = if row.try_get::<bool, _>(6)? { Right::Edit } else { Right::Read };
            Ok((procedure(&row)?, right))
        })
        .transpose()
    }

    async fn slots(&self, procedure: &str) -> Result<Vec<Slot>> {
        let rows = sqlx::query(
            "SELECT id, document_type, required, version, document FROM slots WHERE procedure = ? ORDER BY position",
        )
        .bind(procedure)
        .fetch_all(&self.read)
        .await?;
        let query =
            format!("SELECT {DOCUMENT} FROM slots s JOIN documents d ON d.id = s.document WHERE s.procedure = ?");
        let mut documents = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(procedure)
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(document)
            .collect::<Result<Vec<_>>>()?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get(0)?;
                let filled = documents.iter().position(|document| document.slot == id);
                Ok(Slot {
                    document: filled.map(|at| documents.swap_remove(at)),
                    id,
                    document_type: row.try_get(1)?,
                    required: row.try_get(2)?,
                    version: row.try_get(3)?,
                })
            })
            .collect()
    }

    async fn document_types(&self, procedure: &str) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT title FROM document_types WHERE procedure = ? ORDER BY position")
            .bind(procedure)
            .fetch_all(&self.read)
            .await?)
    }

    async fn document(&self, id: &str, espace: &str, citizen: &str) -> Result<Option<Document>> {
        let query = format!(
            "SELECT {DOCUMENT} FROM documents d JOIN slots s ON s.id = d.slot JOIN procedures p ON p.id = d.procedure
             JOIN memberships m ON m.espace = p.espace WHERE d.id = ? AND p.espace = ? AND m.citizen = ?"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(id)
            .bind(espace)
            .bind(citizen)
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(document).transpose()
    }

    async fn history(&self, slot: &str) -> Result<Vec<Document>> {
        let query = format!(
            "SELECT {DOCUMENT} FROM documents d JOIN slots s ON s.id = d.slot WHERE d.slot = ? ORDER BY d.received_at DESC"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).bind(slot).fetch_all(&self.read).await?;
        rows.iter().map(document).collect()
    }

    async fn seed(&self, seed: &Seed) -> Result<()> {
        let mut tx = self.begin().await?;
        for citizen in &seed.citizens {
            sqlx::query("INSERT INTO citizens (id, iss, sub, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(&citizen.id)
                .bind(&citizen.iss)
                .bind(&citizen.sub)
                .bind(&citizen.name)
                .execute(&mut *tx)
                .await?;
        }
        for espace in &seed.espaces {
            let kind = if espace.kind == EspaceKind::Private { "private" } else { "professional" };
            sqlx::query("INSERT INTO espaces (id, name, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(&espace.id)
                .bind(&espace.name)
                .bind(kind)
                .execute(&mut *tx)
                .await?;
            let members = espace.editors.iter().map(|id| (id, true)).chain(espace.readers.iter().map(|id| (id, false)));
            for (citizen, may_edit) in members {
                sqlx::query(
                    "INSERT INTO memberships (citizen, espace, may_edit) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                )
                .bind(citizen)
                .bind(&espace.id)
                .bind(may_edit)
                .execute(&mut *tx)
                .await?;
            }
            for (position, procedure) in espace.procedures.iter().enumerate() {
                seed_procedure(&mut tx, &espace.id, position, procedure).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    async fn close_procedure(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE procedures SET status = 'closed' WHERE id = ?").bind(id).execute(&mut *tx).await?;
        sqlx::query(
            "UPDATE tickets SET state = 'cancelled', sealed = NULL, typed = NULL
             WHERE procedure = ? AND state = 'new'",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}

async fn seed_procedure(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    espace: &str,
    position: usize,
    procedure: &SeedProcedure,
) -> Result<()> {
    let made = sqlx::query(
        "INSERT INTO procedures (id, espace, title, status, deadline, position) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(&procedure.id)
    .bind(espace)
    .bind(&procedure.title)
    .bind(if procedure.active { "active" } else { "closed" })
    .bind(procedure.deadline.map(millis))
    .bind(position as i64)
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() == 0 {
        // What citizens did since is theirs.
        return Ok(());
    }
    for (position, title) in procedure.document_types.iter().enumerate() {
        sqlx::query("INSERT INTO document_types (procedure, position, title) VALUES (?, ?, ?)")
            .bind(&procedure.id)
            .bind(position as i64)
            .bind(title)
            .execute(&mut **tx)
            .await?;
    }
    for (position, slot) in procedure.slots.iter().enumerate() {
        sqlx::query("INSERT INTO slots (id, procedure, position, document_type, required) VALUES (?, ?, ?, ?, ?)")
            .bind(&slot.id)
            .bind(&procedure.id)
            .bind(position as i64)
            .bind(&slot.document_type)
            .bind(slot.required)
            .execute(&mut **tx)
            .await?;
        let Some(there) = &slot.document else { continue };
        sqlx::query(
            "INSERT INTO documents (id, procedure, slot, receipt, received_at, pages, bytes, sha256, object, source, citizen)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'computer', ?)",
        )
        .bind(&there.id)
        .bind(&procedure.id)
        .bind(&slot.id)
        .bind(&there.receipt)
        .bind(millis(there.received_at))
        .bind(there.pages)
        .bind(there.bytes as i64)
        .bind(unhex(&there.sha256)?)
        .bind(format!("documents/{}", there.id))
        .bind(&there.citizen)
        .execute(&mut **tx)
        .await?;
        sqlx::query("UPDATE slots SET document = ?, version = 1 WHERE id = ?")
            .bind(&there.id)
            .bind(&slot.id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

fn procedure(row: &SqliteRow) -> Result<Procedure> {
    Ok(Procedure {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        active: row.try_get::<&str, _>(2)? == "active",
        deadline: times(row.try_get(3)?)?,
        missing: row.try_get(4)?,
        required: row.try_get(5)?,
    })
}

fn document(row: &SqliteRow) -> Result<Document> {
    Ok(Document {
        id: row.try_get(0)?,
        slot: row.try_get(1)?,
        procedure: row.try_get(2)?,
        document_type: row.try_get(3)?,
        name: row.try_get(4)?,
        object: row.try_get(5)?,
        source: if row.try_get::<&str, _>(6)? == "phone" { Source::Phone } else { Source::Computer },
        receipt: Receipt {
            number: row.try_get(7)?,
            received_at: time(row.try_get(8)?)?,
            pages: row.try_get(9)?,
            bytes: row.try_get::<i64, _>(10)? as u64,
            sha256: hex(row.try_get(11)?),
        },
    })
}

pub(super) fn unhex(text: &str) -> Result<Vec<u8>> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(|at| digit(at).ok_or(StoreError::Row("sha256"))).collect()
}
