//! Migrations: numbered SQL files, forward only, never edited once landed.
//!
//! One text serves both engines: its type words (`UUID`, `INSTANT`, `DAY`, …) are put into each engine's own by
//! [`Engine::ddl`]. A migration states the oldest binary that can still work beside it (`min_compatible`), so that a
//! rolling upgrade can expand, move and contract.

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::{one, vals};

struct Migration {
    version: i64,
    name: &'static str,
    /// The schema version that a binary must know to work with the database after this migration.
    min_compatible: i64,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "house", min_compatible: 1, sql: include_str!("0001_house.sql") },
    Migration { version: 2, name: "health", min_compatible: 2, sql: include_str!("0002_health.sql") },
    Migration { version: 3, name: "people", min_compatible: 1, sql: include_str!("0003_people.sql") },
    Migration { version: 4, name: "work", min_compatible: 1, sql: include_str!("0004_work.sql") },
    Migration { version: 5, name: "growth", min_compatible: 1, sql: include_str!("0005_growth.sql") },
    Migration { version: 6, name: "scale", min_compatible: 6, sql: include_str!("0006_scale.sql") },
    Migration { version: 7, name: "cockpit", min_compatible: 1, sql: include_str!("0007_cockpit.sql") },
    Migration { version: 8, name: "expressions", min_compatible: 8, sql: include_str!("0008_expressions.sql") },
    Migration { version: 9, name: "page", min_compatible: 1, sql: include_str!("0009_page.sql") },
    Migration { version: 10, name: "live", min_compatible: 1, sql: include_str!("0010_live.sql") },
    Migration { version: 11, name: "reckoning", min_compatible: 11, sql: include_str!("0011_reckoning.sql") },
    Migration { version: 12, name: "surveys", min_compatible: 1, sql: include_str!("0012_surveys.sql") },
    Migration { version: 13, name: "transfer", min_compatible: 1, sql: include_str!("0013_transfer.sql") },
    Migration { version: 14, name: "keeping", min_compatible: 14, sql: include_str!("0014_keeping.sql") },
    // A binary that does not know the words of contacts would leave people behind that no search finds.
    Migration { version: 15, name: "book", min_compatible: 15, sql: include_str!("0015_book.sql") },
    Migration { version: 16, name: "journey", min_compatible: 1, sql: include_str!("0016_journey.sql") },
    // A binary that does not know renewals would leave ledgers behind whose next one is wrong.
    Migration { version: 17, name: "renewal", min_compatible: 17, sql: include_str!("0017_renewal.sql") },
    Migration { version: 18, name: "funnel", min_compatible: 1, sql: include_str!("0018_funnel.sql") },
    Migration { version: 19, name: "titles", min_compatible: 1, sql: include_str!("0019_titles.sql") },
    // A binary that does not know beliefs would change what a past day is seen as.
    Migration { version: 20, name: "beliefs", min_compatible: 20, sql: include_str!("0020_beliefs.sql") },
    Migration { version: 21, name: "covering", min_compatible: 1, sql: include_str!("0021_covering.sql") },
    // A binary that does not know metrics would leave some behind that no fact finds.
    Migration { version: 22, name: "metrics", min_compatible: 22, sql: include_str!("0022_metrics.sql") },
    Migration { version: 23, name: "standings", min_compatible: 1, sql: include_str!("0023_standings.sql") },
];

/// The newest schema version that this binary knows.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// Brings the database to this binary's schema; refuses one that is too new. Returns how many migrations ran.
pub async fn migrate(db: &Db) -> Result<usize> {
    let tx = db.begin().await?;
    tx.migration_lock().await?;
    tx.script(
        "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY, name TEXT NOT NULL, min_compatible BIGINT NOT NULL)",
    )
    .await?;
    let row = one(
        &tx,
        "SELECT COALESCE(MAX(version), 0) AS version, COALESCE(MAX(min_compatible), 0) AS needs FROM schema_versions",
        vals![],
    )
    .await?;
    let (current, needs): (i64, i64) = match row {
        Some(row) => (row.try_get("", "version")?, row.try_get("", "needs")?),
        None => (0, 0),
    };
    if needs > SCHEMA_VERSION {
        return Err(Error::SchemaTooNew { needs, known: SCHEMA_VERSION });
    }
    let pending: Vec<&Migration> = MIGRATIONS.iter().filter(|m| m.version > current).collect();
    for migration in &pending {
        apply(&tx, migration).await?;
        if migration.name == "expressions" {
            // Folding is Rust's: no SQL knows it.
            crate::clients_fields::refold_all(&tx).await?;
        }
        if migration.name == "reckoning" {
            // Months are named differently by the two databases.
            crate::growth::cohorts::count(&tx, None).await?;
        }
        if migration.name == "book" {
            crate::clients::words::write_all(&tx).await?;
        }
        if migration.name == "metrics" {
            // Keys are folded, which no SQL knows.
            crate::signals::metrics::adopt_all(&tx).await?;
        }
    }
    tx.commit().await?;
    Ok(pending.len())
}

async fn apply(tx: &Tx, migration: &Migration) -> Result<()> {
    tx.script(&tx.engine().ddl(migration.sql)).await?;
    tx.run(
        "INSERT INTO schema_versions (version, name, min_compatible) VALUES ($1, $2, $3)",
        vals![migration.version, migration.name, migration.min_compatible],
    )
    .await?;
    Ok(())
}

/// Whether the database has every migration that this binary knows.
pub async fn is_current(db: &Db) -> Result<bool> {
    let row = one(db, "SELECT MAX(version) AS version FROM schema_versions", vals![]).await?;
    Ok(row.and_then(|r| r.try_get::<Option<i64>>("", "version").ok().flatten()) >= Some(SCHEMA_VERSION))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn every_type_word_is_translated() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            for migration in MIGRATIONS {
                let sql = engine.ddl(migration.sql);
                for word in [" INSTANT", " DAY", "BLOB32", "KEYTEXT", "WITHOUT_ROWID", " SERIAL", "MONTHLY(", " XID"] {
                    assert!(!sql.contains(word), "{} on {engine:?} still has {word}", migration.name);
                }
            }
        }
    }
}
