//! What a linked phone sees: in a few questions for all procedures, not a few for each.

use super::{SqliteStore, times};
use crate::store::Result;
use protocol::api::{Espace, Procedure, Slot};
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};
use std::collections::HashMap;

impl SqliteStore {
    pub(super) async fn overview_of(&self, citizen: &str, most: u32) -> Result<Vec<Espace>> {
        let mut tx = self.read.begin().await?;
        let espaces = sqlx::query(
            "SELECT e.id, e.name, e.kind = 'professional', m.may_edit FROM memberships m JOIN espaces e ON e.id = m.espace
             WHERE m.citizen = ? ORDER BY e.kind, e.name",
        );
        let espaces = espaces.bind(citizen).fetch_all(&mut *tx).await?;
        // The newest, whichever eSpace they are in; then in the order of the pages.
        let newest = "(SELECT p.id FROM procedures p JOIN memberships m ON m.espace = p.espace
            WHERE m.citizen = ?1 AND p.status = 'active' ORDER BY p.rowid DESC LIMIT ?2)";
        let of = |columns: &str| AssertSqlSafe(columns.replace("NEWEST", newest));
        let slots = of("SELECT procedure, id, document_type, required, document IS NOT NULL FROM slots
            WHERE procedure IN NEWEST ORDER BY procedure, position");
        let slots = sqlx::query(slots).bind(citizen).bind(most).fetch_all(&mut *tx).await?;
        let types =
            of("SELECT procedure, title FROM document_types WHERE procedure IN NEWEST ORDER BY procedure, position");
        let types = sqlx::query(types).bind(citizen).bind(most).fetch_all(&mut *tx).await?;
        let procedures = of("SELECT id, espace, title, deadline FROM procedures WHERE id IN NEWEST ORDER BY position");
        let procedures = sqlx::query(procedures).bind(citizen).bind(most).fetch_all(&mut *tx).await?;
        let (slots, types) = (by_first(&slots)?, by_first(&types)?);
        let mut overview = Vec::new();
        for espace in &espaces {
            let id: String = espace.try_get(0)?;
            let mut seen = Vec::new();
            for procedure in &procedures {
                if procedure.try_get::<&str, _>(1)? == id {
                    seen.push(procedure_seen(procedure, espace.try_get(3)?, &slots, &types)?);
                }
            }
            let (name, professional) = (espace.try_get(1)?, espace.try_get(2)?);
            overview.push(Espace { id, name, professional, procedures: seen });
        }
        Ok(overview)
    }
}

/// Rows by the procedure they begin with.
type ByProcedure<'r> = HashMap<&'r str, Vec<&'r SqliteRow>>;

fn by_first(rows: &[SqliteRow]) -> Result<ByProcedure<'_>> {
    let mut grouped = ByProcedure::new();
    for row in rows {
        grouped.entry(row.try_get(0)?).or_default().push(row);
    }
    Ok(grouped)
}

fn procedure_seen(
    row: &SqliteRow,
    editable: bool,
    slots: &ByProcedure<'_>,
    types: &ByProcedure<'_>,
) -> Result<Procedure> {
    let id: String = row.try_get(0)?;
    let slot = |row: &&SqliteRow| {
        Ok(Slot {
            id: row.try_get(1)?,
            document_type: row.try_get(2)?,
            required: row.try_get(3)?,
            filled: row.try_get(4)?,
        })
    };
    Ok(Procedure {
        title: row.try_get(2)?,
        deadline: times(row.try_get(3)?)?,
        editable,
        slots: slots.get(&*id).into_iter().flatten().map(slot).collect::<Result<_>>()?,
        document_types: types.get(&*id).into_iter().flatten().map(|row| Ok(row.try_get(1)?)).collect::<Result<_>>()?,
        id,
    })
}
