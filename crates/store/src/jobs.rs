//! Durable jobs: enqueued in the transaction that makes them necessary, claimed with a lease, done exactly once per
//! version. Claiming crosses workspaces; the job then runs in its own.

use crate::{Db, Result, Tx, Workspace, all_as, one, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A claimed job.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Job {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub workspace_id: Uuid,
    /// What it works on: a client's id, or "" for the whole workspace.
    pub key: String,
    /// Raised by each new reason; a job whose version moved while it ran stays due.
    pub version: i64,
    /// How often it was claimed.
    pub attempts: i32,
}

impl Job {
    /// The scope in which it runs.
    pub fn workspace(&self) -> Workspace {
        Workspace(self.workspace_id)
    }
}

/// Whose turn a job is among the due ones of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Before the others: few, and somebody waits for them.
    First,
    /// The longest due first.
    Usual,
}

impl Turn {
    fn stored(self) -> i32 {
        match self {
            Turn::First => 0,
            Turn::Usual => 1,
        }
    }
}

/// Makes a job due for each key, once: a job that waits already takes the new reason with it.
pub async fn enqueue(
    tx: &Tx,
    workspace: Workspace,
    kind: &str,
    keys: impl IntoIterator<Item = String>,
    run_at: DateTime<Utc>,
) -> Result<()> {
    enqueue_at(tx, workspace, kind, keys, run_at, Turn::Usual).await
}

/// The same at a given turn; a job that waits already keeps the earlier one.
pub async fn enqueue_at(
    tx: &Tx,
    workspace: Workspace,
    kind: &str,
    keys: impl IntoIterator<Item = String>,
    run_at: DateTime<Utc>,
    turn: Turn,
) -> Result<()> {
    let row = |key| vals![Uuid::now_v7(), workspace.0, kind, key, run_at, 1_i64, 0_i32, turn.stored()];
    tx.insert_many(
        "INSERT INTO jobs (id, workspace_id, kind, key, run_at, version, attempts, turn)",
        " ON CONFLICT (workspace_id, kind, key) DO UPDATE SET version = jobs.version + 1, attempts = 0, \
         run_at = CASE WHEN jobs.run_at < excluded.run_at THEN jobs.run_at ELSE excluded.run_at END, \
         turn = CASE WHEN jobs.turn < excluded.turn THEN jobs.turn ELSE excluded.turn END",
        keys.into_iter().map(row).collect(),
    )
    .await?;
    Ok(())
}

/// The next due job of a kind: its turn, and since when it is due. Read without a lock before claiming.
pub async fn due(db: &Db, kind: &str, now: DateTime<Utc>) -> Result<Option<(Turn, DateTime<Utc>)>> {
    let sql = "SELECT turn, run_at FROM jobs WHERE kind = $1 AND run_at <= $2 \
               AND (leased_until IS NULL OR leased_until < $2) ORDER BY turn, run_at LIMIT 1";
    let Some(row) = one(db, sql, vals![kind, now]).await? else { return Ok(None) };
    let turn = if row.try_get::<i32>("", "turn")? == Turn::First.stored() { Turn::First } else { Turn::Usual };
    Ok(Some((turn, row.try_get("", "run_at")?)))
}

/// Claims up to `limit` due jobs of a kind, of a turn or those before it, until `lease`; a worker that dies leaves them
/// due again.
pub async fn claim(
    tx: &Tx,
    (kind, turn): (&str, Turn),
    worker: Uuid,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Job>> {
    let sql = format!(
        "UPDATE jobs SET leased_by = $1, leased_until = $2, attempts = attempts + 1 WHERE id IN (\
         SELECT id FROM jobs WHERE kind = $3 AND run_at <= $4 AND (leased_until IS NULL OR leased_until < $4) \
         AND turn <= $6 ORDER BY turn, run_at LIMIT $5 {}) RETURNING id, workspace_id, key, version, attempts",
        tx.engine().skip_locked()
    );
    all_as(tx, &sql, vals![worker, lease, kind, now, limit, turn.stored()]).await
}

/// Ends jobs in the transaction of their result. One that got a new reason meanwhile is given back instead.
/// Returns false when the lease was lost: the transaction must then be dropped.
pub async fn finish(tx: &Tx, worker: Uuid, jobs: &[Job]) -> Result<bool> {
    for chunk in jobs.chunks(400) {
        let ids = crate::list(2, chunk.len());
        let mut values = vals![worker];
        values.extend(chunk.iter().map(|job| job.id.into()));
        // Held until the commit: a new reason written meanwhile would else be deleted with its job.
        let held: Vec<Job> = all_as(
            tx,
            &format!(
                "SELECT id, workspace_id, key, version, attempts FROM jobs WHERE leased_by = $1 AND id IN ({ids}) {}",
                tx.engine().for_update()
            ),
            values,
        )
        .await?;
        if held.len() != chunk.len() {
            return Ok(false);
        }
        let versions: std::collections::HashMap<Uuid, i64> = held.iter().map(|job| (job.id, job.version)).collect();
        let (done, again): (Vec<&Job>, Vec<&Job>) =
            chunk.iter().partition(|job| versions.get(&job.id) == Some(&job.version));
        if !done.is_empty() {
            let values = done.iter().map(|job| job.id.into()).collect();
            tx.run(&format!("DELETE FROM jobs WHERE id IN ({})", crate::list(1, done.len())), values).await?;
        }
        if !again.is_empty() {
            let values = again.iter().map(|job| job.id.into()).collect();
            let ids = crate::list(1, again.len());
            tx.run(&format!("UPDATE jobs SET leased_by = NULL, leased_until = NULL WHERE id IN ({ids})"), values)
                .await?;
        }
    }
    Ok(true)
}

/// Gives a failed job back, to be tried again at `run_at`, with its error for who looks.
pub async fn fail(tx: &Tx, worker: Uuid, job: &Job, run_at: DateTime<Utc>, error: &str) -> Result<()> {
    tx.run(
        "UPDATE jobs SET leased_by = NULL, leased_until = NULL, run_at = $1, last_error = $2 WHERE id = $3 AND leased_by = $4",
        vals![run_at, error, job.id, worker],
    )
    .await?;
    Ok(())
}

/// The age of the oldest job that is due and not claimed: the queue's delay, for `/readyz` and metrics.
pub async fn oldest_due(db: &Db, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let sql = "SELECT MIN(run_at) AS at FROM jobs WHERE run_at <= $1 AND leased_until IS NULL";
    let row = one(db, sql, vals![now]).await?;
    Ok(row.and_then(|row| row.try_get::<Option<DateTime<Utc>>>("", "at").ok().flatten()))
}

/// How many jobs of any kind wait or run in a workspace: `essor import` waits for none.
pub async fn pending(db: &Db, workspace: Workspace, now: DateTime<Utc>) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM jobs WHERE workspace_id = $1 AND run_at <= $2";
    Ok(one(db, sql, vals![workspace.0, now]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}
