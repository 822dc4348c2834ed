//! Retention: sessions and links that are over, and idempotency keys of yesterday.

use crate::App;
use crate::error::Result;
use essor_store::identity::{idempotency, links, sessions};

/// Deletes what is over, in all workspaces; returns how many rows. Run it every hour or so.
pub async fn purge(app: &App) -> Result<u64> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let gone = sessions::purge(&tx, now).await? + links::purge(&tx, now).await? + idempotency::purge(&tx, now).await?;
    tx.commit().await?;
    Ok(gone)
}
