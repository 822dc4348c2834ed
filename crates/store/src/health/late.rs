//! Uses that came after their day: noted when they come, so that a past day can be seen as it was seen then.

use crate::{Conn, Result, Tx, Workspace, all, list, vals};
use chrono::NaiveDate;
use sea_orm::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Notes late uses: client, day, event, count; each key once.
pub async fn add(
    tx: &Tx,
    workspace: Workspace,
    known_on: NaiveDate,
    counts: &[(Uuid, NaiveDate, String, i64)],
) -> Result<()> {
    let rows = counts.iter().map(|(c, day, event, n)| vals![workspace.0, *c, known_on, *day, event.as_str(), *n]);
    tx.insert_many(
        "INSERT INTO usage_late (workspace_id, client_id, known_on, day, event, count)",
        " ON CONFLICT (workspace_id, client_id, known_on, day, event) DO UPDATE SET count = usage_late.count + excluded.count",
        rows.collect(),
    )
    .await?;
    Ok(())
}

/// Notes the days on which people were seen only by late uses: client, month, user, bits. Bits that stand already are
/// left out, so that this must run before they are added.
pub async fn add_presence(
    tx: &Tx,
    workspace: Workspace,
    known_on: NaiveDate,
    marks: &[(Uuid, NaiveDate, String, i32)],
) -> Result<()> {
    let mut rows = Vec::new();
    for (client, month, user, bits) in marks {
        let sql = "SELECT days FROM usage_presence WHERE workspace_id = $1 AND event = '' AND client_id = $2 \
            AND month = $3 AND user_key = $4";
        let stood = crate::one(tx, sql, vals![workspace.0, *client, *month, user.as_str()]).await?;
        let stood: i32 = stood.map_or(Ok(0), |row| row.try_get("", "days"))?;
        if bits & !stood != 0 {
            rows.push(vals![workspace.0, *client, known_on, *month, user.as_str(), bits & !stood]);
        }
    }
    tx.insert_many(
        "INSERT INTO usage_late_presence (workspace_id, client_id, known_on, month, user_key, days)",
        " ON CONFLICT (workspace_id, client_id, known_on, month, user_key) DO UPDATE SET days = usage_late_presence.days | excluded.days",
        rows,
    )
    .await?;
    Ok(())
}

/// Of some clients, those of which uses up to a day became known only after it.
pub async fn clients_after(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashSet<Uuid>> {
    let mut values = vals![workspace.0, day];
    values.extend(clients.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT DISTINCT client_id FROM usage_late WHERE workspace_id = $1 AND client_id IN ({}) AND known_on > $2 AND day <= $2",
        list(3, clients.len())
    );
    all(conn, &sql, values).await?.iter().map(|row| Ok(row.try_get("", "client_id")?)).collect()
}

/// A client's daily counts up to a day as they were known at its end: day, event, count.
pub async fn counts_known(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    day: NaiveDate,
) -> Result<Vec<(NaiveDate, String, i64)>> {
    let sql = "SELECT r.day, r.event, r.count - COALESCE((SELECT CAST(SUM(l.count) AS BIGINT) FROM usage_late l \
        WHERE l.workspace_id = $1 AND l.client_id = $2 AND l.known_on > $3 AND l.day = r.day AND l.event = r.event), 0) AS n \
        FROM usage_rollups r WHERE r.workspace_id = $1 AND r.client_id = $2 AND r.day <= $3";
    all(conn, sql, vals![workspace.0, client, day])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "event")?, row.try_get("", "n")?)))
        .collect()
}

/// The days on which a client's people were seen, as known at the end of a day: month and user to bits.
pub async fn presence_known(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    day: NaiveDate,
) -> Result<HashMap<(NaiveDate, String), i32>> {
    let read = async |sql: &str| -> Result<Vec<(NaiveDate, String, i32)>> {
        all(conn, sql, vals![workspace.0, client, day])
            .await?
            .iter()
            .map(|row| Ok((row.try_get("", "month")?, row.try_get("", "user_key")?, row.try_get("", "days")?)))
            .collect()
    };
    let stands = "SELECT month, user_key, days FROM usage_presence WHERE workspace_id = $1 AND event = '' \
        AND client_id = $2 AND month <= $3";
    let late = "SELECT month, user_key, days FROM usage_late_presence WHERE workspace_id = $1 AND client_id = $2 \
        AND known_on > $3";
    let mut out: HashMap<_, i32> = read(stands).await?.into_iter().map(|(m, user, bits)| ((m, user), bits)).collect();
    for (month, user, bits) in read(late).await? {
        out.entry((month, user)).and_modify(|stood| *stood &= !bits);
    }
    Ok(out)
}

/// Forgets what was late at a client, when its days are counted anew in another zone.
pub async fn clear(tx: &Tx, workspace: Workspace, client: Uuid) -> Result<()> {
    for table in ["usage_late", "usage_late_presence"] {
        let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id = $2");
        tx.run(&sql, vals![workspace.0, client]).await?;
    }
    Ok(())
}
