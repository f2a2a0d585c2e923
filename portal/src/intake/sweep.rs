//! Ends what has lived too long and removes objects that no row names: losers of a race, pieces of ended uploads,
//! what a killed process left behind.

use super::IntakeError;
use crate::App;
use jiff::SignedDuration;
use std::time::Duration;

/// How often time is looked at; a ticket shows as expired at most this late.
const EVERY: Duration = Duration::from_secs(15);
/// How many of those looks go by between two listings of the object store.
const LISTING: u32 = 40;
/// An object younger than this may belong to a request that has not committed yet.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

pub(super) async fn run(app: &App) {
    let mut looks = 0u32;
    loop {
        let listing = looks.is_multiple_of(LISTING);
        let swept = if listing { sweep(app).await.map(drop) } else { expire(app).await };
        if let Err(error) = swept {
            tracing::error!(%error, "sweeping failed");
        }
        looks = looks.wrapping_add(1);
        tokio::time::sleep(EVERY).await;
    }
}

async fn expire(app: &App) -> Result<(), IntakeError> {
    for procedure in app.store.expire(app.clock.now()).await? {
        app.live.poke(&procedure);
    }
    Ok(())
}

/// Expires rows, then deletes objects nobody needs. Answers how many.
pub async fn sweep(app: &App) -> Result<usize, IntakeError> {
    expire(app).await?;
    let old = app.clock.now().saturating_sub(YOUNG).unwrap_or_default();
    // Listed before asked for, so that an object committed in between is in use.
    let mut listed = app.files.list("uploads").await?;
    listed.extend(app.files.list("documents").await?);
    let used = app.store.objects_in_use().await?;
    let mut swept = app.files.sweep_half_written(old).await?;
    for object in listed {
        if object.modified < old && !used.contains(&object.name) {
            app.files.delete(&object.name).await?;
            swept += 1;
        }
    }
    Ok(swept)
}
