//! Usage: message ids seen, raw events, rollups by day, presence of users, parked and quarantined messages.

use crate::{Conn, Engine, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::FromQueryResult;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A usage event whose client is known.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct NewEvent {
    pub client_id: Uuid,
    pub occurred_at: DateTime<Utc>,
    pub message_key: Uuid,
    pub user_key: Option<String>,
    pub event: String,
    pub count: i64,
    pub properties: String,
}

/// Serialises the writers of one workspace's clients, ledgers and usage over all processes until the transaction ends:
/// they touch the same rows in orders of their own, and on PostgreSQL would otherwise end in deadlocks.
pub async fn lock(tx: &Tx, workspace: Workspace) -> Result<()> {
    let (high, low) = workspace.0.as_u64_pair();
    tx.lock((high ^ low) as i64).await
}

/// Claims message ids; returns those that were never seen before. The caller holds [`lock`], so nobody else claims
/// between the look and the insert. Looking first is cheaper than `RETURNING`: repeated ids are rare, and only they
/// come back as rows.
pub async fn claim(tx: &Tx, keys: &[(Uuid, NaiveDate)]) -> Result<HashSet<Uuid>> {
    let mut fresh: HashSet<Uuid> = keys.iter().map(|(key, _)| *key).collect();
    let mut rest = keys;
    while !rest.is_empty() {
        // Few sizes, so that the prepared statements are reused.
        let size = [2048, 512, 64, 8, 1].into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
        let (chunk, after) = rest.split_at(size);
        rest = after;
        let sql = format!(
            "SELECT message_key FROM usage_message_ids WHERE message_key IN {}",
            tx.engine().placeholders(1, size)
        );
        for row in all(tx, &sql, chunk.iter().map(|(key, _)| (*key).into()).collect()).await? {
            fresh.remove(&row.try_get_by_index(0)?);
        }
    }
    let rows = keys.iter().filter(|(key, _)| fresh.contains(key)).map(|(key, day)| vals![*key, *day]).collect();
    tx.insert_many("INSERT INTO usage_message_ids (message_key, received_on)", "", rows).await?;
    Ok(fresh)
}

/// Gives message ids back: a quarantined message may come again, mended.
pub async fn unclaim(tx: &Tx, keys: &[Uuid]) -> Result<()> {
    for chunk in keys.chunks(400) {
        let values = chunk.iter().map(|key| (*key).into()).collect();
        tx.run(&format!("DELETE FROM usage_message_ids WHERE message_key IN ({})", list(1, chunk.len())), values)
            .await?;
    }
    Ok(())
}

/// Forgets message ids older than the deduplication window.
pub async fn purge_message_ids(tx: &Tx, before: NaiveDate) -> Result<u64> {
    tx.run("DELETE FROM usage_message_ids WHERE received_on < $1", vals![before]).await
}

/// Makes sure that the month's partition of raw events exists; SQLite has one table.
pub async fn ensure_month(tx: &Tx, month: NaiveDate) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        let next = essor_domain::time::month_end(month).succ_opt().unwrap_or(month);
        tx.script(&format!(
            "CREATE TABLE IF NOT EXISTS usage_events_{:04}_{:02} PARTITION OF usage_events FOR VALUES FROM ('{month} 00:00:00+00') TO ('{next} 00:00:00+00')",
            month.year(),
            month.month()
        ))
        .await?;
    }
    Ok(())
}

/// Stores raw events.
pub async fn insert(tx: &Tx, workspace: Workspace, events: Vec<NewEvent>) -> Result<()> {
    let rows = events
        .into_iter()
        .map(|e| {
            vals![workspace.0, e.client_id, e.occurred_at, e.message_key, e.user_key, e.event, e.count, e.properties]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO usage_events (workspace_id, client_id, occurred_at, message_key, user_key, event, count, properties)",
        " ON CONFLICT DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// Adds counts to the rollups: client, day, event, count; each key once.
pub async fn add_rollups(tx: &Tx, workspace: Workspace, counts: Vec<(Uuid, NaiveDate, String, i64)>) -> Result<()> {
    let rows = counts.into_iter().map(|(c, day, event, n)| vals![workspace.0, c, day, event, n]).collect();
    tx.insert_many(
        "INSERT INTO usage_rollups (workspace_id, client_id, day, event, count)",
        " ON CONFLICT (workspace_id, client_id, day, event) DO UPDATE SET count = usage_rollups.count + excluded.count",
        rows,
    )
    .await?;
    Ok(())
}

/// Marks users as seen: client, first day of the month, event ("" for any), user, one bit a day; each key once.
pub async fn add_presence(
    tx: &Tx,
    workspace: Workspace,
    marks: Vec<(Uuid, NaiveDate, String, String, i32)>,
) -> Result<()> {
    let rows = marks
        .into_iter()
        .map(|(c, month, event, user, days)| vals![workspace.0, event, c, month, user, days])
        .collect();
    tx.insert_many(
        "INSERT INTO usage_presence (workspace_id, event, client_id, month, user_key, days)",
        " ON CONFLICT (workspace_id, event, client_id, month, user_key) DO UPDATE SET days = usage_presence.days | excluded.days \
         WHERE usage_presence.days | excluded.days <> usage_presence.days",
        rows,
    )
    .await?;
    Ok(())
}

/// Parks events of users whose client is not known.
pub async fn park(tx: &Tx, workspace: Workspace, events: Vec<(String, NewEvent)>) -> Result<()> {
    let rows = events
        .into_iter()
        .map(|(user, e)| vals![workspace.0, user, e.message_key, e.occurred_at, e.event, e.properties])
        .collect();
    tx.insert_many(
        "INSERT INTO usage_parked (workspace_id, user_key, message_key, occurred_at, event, properties)",
        " ON CONFLICT DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ParkedRow {
    user_key: String,
    message_key: Uuid,
    occurred_at: DateTime<Utc>,
    event: String,
    properties: String,
}

/// Takes the parked events of some users out, as events of `client_of` their user.
pub async fn unpark(tx: &Tx, workspace: Workspace, users: &HashMap<String, Uuid>) -> Result<Vec<NewEvent>> {
    let mut out = Vec::new();
    let keys: Vec<&String> = users.keys().collect();
    for chunk in keys.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|user| user.as_str().into()));
        let rows: Vec<ParkedRow> = all_as(
            tx,
            &format!(
                "DELETE FROM usage_parked WHERE workspace_id = $1 AND user_key IN ({}) \
                 RETURNING user_key, message_key, occurred_at, event, properties",
                list(2, chunk.len())
            ),
            values,
        )
        .await?;
        for row in rows {
            let Some(client_id) = users.get(&row.user_key) else { continue };
            out.push(NewEvent {
                client_id: *client_id,
                occurred_at: row.occurred_at,
                message_key: row.message_key,
                user_key: Some(row.user_key),
                event: row.event,
                count: 1,
                properties: row.properties,
            });
        }
    }
    Ok(out)
}

/// Gives the parked events of one user to another (`alias`).
pub async fn rename_parked(tx: &Tx, workspace: Workspace, from: &str, to: &str) -> Result<()> {
    tx.run(
        "UPDATE usage_parked SET user_key = $1 WHERE workspace_id = $2 AND user_key = $3",
        vals![to, workspace.0, from],
    )
    .await?;
    Ok(())
}

/// A quarantined message.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Quarantined {
    pub id: Uuid,
    pub received_at: DateTime<Utc>,
    pub source: String,
    pub default_type: Option<String>,
    pub code: String,
    pub params: Json,
    pub raw: String,
    pub tries: i32,
}

const QUARANTINED: &str = "id, received_at, source, default_type, code, params, raw, tries";

/// Sets messages aside with the reason.
pub async fn quarantine(tx: &Tx, workspace: Workspace, items: Vec<Quarantined>) -> Result<()> {
    let rows = items
        .into_iter()
        .map(|q| vals![q.id, workspace.0, q.received_at, q.source, q.default_type, q.code, q.params, q.raw, q.tries])
        .collect();
    tx.insert_many(
        "INSERT INTO usage_quarantine (id, workspace_id, received_at, source, default_type, code, params, raw, tries)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// Quarantined messages, newest first, before a cursor.
pub async fn quarantined(
    conn: &impl Conn,
    workspace: Workspace,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Quarantined>> {
    let mut values = vals![workspace.0, limit];
    let mut sql = format!("SELECT {QUARANTINED} FROM usage_quarantine WHERE workspace_id = $1");
    if let Some(id) = before {
        values.push(id.into());
        sql.push_str(" AND id < $3");
    }
    sql.push_str(" ORDER BY id DESC LIMIT $2");
    all_as(conn, &sql, values).await
}

/// One quarantined message.
pub async fn quarantined_one(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Quarantined>> {
    let sql = format!("SELECT {QUARANTINED} FROM usage_quarantine WHERE workspace_id = $1 AND id = $2");
    crate::one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Drops a quarantined message; false when there is none of this id.
pub async fn drop_quarantined(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM usage_quarantine WHERE workspace_id = $1 AND id = $2";
    Ok(tx.run(sql, vals![workspace.0, id]).await? > 0)
}

/// Keeps a message in quarantine with its newest reason and text.
pub async fn requarantine(tx: &Tx, workspace: Workspace, id: Uuid, raw: &str, code: &str, params: &Json) -> Result<()> {
    tx.run(
        "UPDATE usage_quarantine SET raw = $1, code = $2, params = $3, tries = tries + 1 WHERE workspace_id = $4 AND id = $5",
        vals![raw, code, params.clone(), workspace.0, id],
    )
    .await?;
    Ok(())
}

/// What a source sent in an hour.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct SourceHour {
    pub token_id: Uuid,
    pub hour: DateTime<Utc>,
    pub accepted: i64,
    pub duplicates: i64,
    pub quarantined: i64,
}

/// Adds to the hourly counts of a source.
pub async fn count_source(tx: &Tx, workspace: Workspace, hours: Vec<SourceHour>) -> Result<()> {
    let rows = hours
        .into_iter()
        .map(|h| vals![workspace.0, h.token_id, h.hour, h.accepted, h.duplicates, h.quarantined])
        .collect();
    tx.insert_many(
        "INSERT INTO usage_source_hours (workspace_id, token_id, hour, accepted, duplicates, quarantined)",
        " ON CONFLICT (workspace_id, token_id, hour) DO UPDATE SET \
         accepted = usage_source_hours.accepted + excluded.accepted, \
         duplicates = usage_source_hours.duplicates + excluded.duplicates, \
         quarantined = usage_source_hours.quarantined + excluded.quarantined",
        rows,
    )
    .await?;
    Ok(())
}

/// What the sources sent since an hour, oldest first.
pub async fn source_hours(conn: &impl Conn, workspace: Workspace, since: DateTime<Utc>) -> Result<Vec<SourceHour>> {
    let sql = "SELECT token_id, hour, accepted, duplicates, quarantined FROM usage_source_hours \
        WHERE workspace_id = $1 AND hour >= $2 ORDER BY hour";
    all_as(conn, sql, vals![workspace.0, since]).await
}

/// How many events sources sent in all, and how many messages wait parked or in quarantine.
pub async fn totals(conn: &impl Conn, workspace: Workspace) -> Result<(i64, i64, i64)> {
    let mut out = [0_i64; 3];
    for (n, sql) in out.iter_mut().zip([
        "SELECT CAST(COALESCE(SUM(accepted), 0) AS BIGINT) AS n FROM usage_source_hours WHERE workspace_id = $1",
        "SELECT COUNT(*) AS n FROM usage_quarantine WHERE workspace_id = $1",
        "SELECT COUNT(*) AS n FROM usage_parked WHERE workspace_id = $1",
    ]) {
        *n = one(conn, sql, vals![workspace.0]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?;
    }
    Ok((out[0], out[1], out[2]))
}

/// A client's daily use over a range of days: day and count.
pub async fn days(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>> {
    let sql = "SELECT day, CAST(SUM(count) AS BIGINT) AS n FROM usage_rollups \
        WHERE workspace_id = $1 AND client_id = $2 AND day >= $3 AND day <= $4 GROUP BY day ORDER BY day";
    all(conn, sql, vals![workspace.0, client, from, to])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "n")?)))
        .collect()
}

/// A client's use by event over a range of days: event, count, last day; most used first.
pub async fn by_event(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(String, i64, NaiveDate)>> {
    let sql = "SELECT event, CAST(SUM(count) AS BIGINT) AS n, MAX(day) AS last_day FROM usage_rollups \
        WHERE workspace_id = $1 AND client_id = $2 AND day >= $3 AND day <= $4 \
        GROUP BY event ORDER BY SUM(count) DESC, event LIMIT 100";
    all(conn, sql, vals![workspace.0, client, from, to])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "event")?, row.try_get("", "n")?, row.try_get("", "last_day")?)))
        .collect()
}

/// Who was present at a client: event, month, user, days. For the events given ("" for any), months from `from`.
pub async fn presence(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    events: &[&str],
    from: NaiveDate,
) -> Result<Vec<(String, NaiveDate, String, i32)>> {
    let mut values = vals![workspace.0, client, essor_domain::time::month_start(from)];
    values.extend(events.iter().map(|event| (*event).into()));
    let sql = format!(
        "SELECT event, month, user_key, days FROM usage_presence \
         WHERE workspace_id = $1 AND client_id = $2 AND month >= $3 AND event IN ({})",
        list(4, events.len())
    );
    all(conn, &sql, values)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.try_get("", "event")?,
                row.try_get("", "month")?,
                row.try_get("", "user_key")?,
                row.try_get("", "days")?,
            ))
        })
        .collect()
}

/// A client's rollup rows, for checks: day, event, count.
pub async fn rollups(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<(NaiveDate, String, i64)>> {
    let sql =
        "SELECT day, event, count FROM usage_rollups WHERE workspace_id = $1 AND client_id = $2 ORDER BY day, event";
    all(conn, sql, vals![workspace.0, client])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "event")?, row.try_get("", "count")?)))
        .collect()
}

/// The uses in a workspace's raw events, and the sum of its rollups: equal, always.
pub async fn reconcile(conn: &impl Conn, workspace: Workspace) -> Result<(i64, i64)> {
    let mut out = [0_i64; 2];
    for (n, table) in out.iter_mut().zip(["usage_events", "usage_rollups"]) {
        let sql = format!("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) AS n FROM {table} WHERE workspace_id = $1");
        *n = one(conn, &sql, vals![workspace.0]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?;
    }
    Ok((out[0], out[1]))
}

#[derive(FromQueryResult)]
struct RawRow {
    occurred_at: DateTime<Utc>,
    message_key: Uuid,
    user_key: Option<String>,
    event: String,
    count: i64,
}

/// A client's raw events in the order of time, a page at a time after the last one; their properties are left out.
pub async fn raw_page(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<NewEvent>> {
    let mut values = vals![workspace.0, client, limit];
    let mut sql = String::from(
        "SELECT occurred_at, message_key, user_key, event, count FROM usage_events WHERE workspace_id = $1 AND client_id = $2",
    );
    if let Some((at, key)) = after {
        values.extend(vals![at, key]);
        sql.push_str(" AND (occurred_at, message_key) > ($4, $5)");
    }
    sql.push_str(" ORDER BY occurred_at, message_key LIMIT $3");
    let rows: Vec<RawRow> = all_as(conn, &sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| NewEvent {
            client_id: client,
            occurred_at: row.occurred_at,
            message_key: row.message_key,
            user_key: row.user_key,
            event: row.event,
            count: row.count,
            properties: String::new(),
        })
        .collect())
}

/// Forgets a client's rollups and presence, to count them anew.
pub async fn clear_counts(tx: &Tx, workspace: Workspace, client: Uuid) -> Result<()> {
    for table in ["usage_rollups", "usage_presence"] {
        let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id = $2");
        tx.run(&sql, vals![workspace.0, client]).await?;
    }
    Ok(())
}
