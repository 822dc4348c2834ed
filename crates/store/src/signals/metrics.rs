//! The metrics that a workspace's sources send: what each is called, and the id by which signals and rules know it.

use crate::{Conn, Result, Tx, Workspace, all, all_as, vals};
use essor_domain::clients::metric_key;
use sea_orm::FromQueryResult;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The most metrics of a workspace that can be asked for: signals of others are kept, and have no fact.
pub const MOST: usize = 500;

/// A metric as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Metric {
    /// By which signals know it.
    pub id: Uuid,
    /// As expressions write it, after `metric.`.
    pub key: String,
    /// As the source that sent it first wrote it.
    pub name: String,
}

/// The metrics of a workspace, by their keys.
pub async fn list(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Metric>> {
    let sql = "SELECT id, key, name FROM clients_metrics WHERE workspace_id = $1 ORDER BY key";
    all_as(conn, sql, vals![workspace.0]).await
}

/// The ids of the metrics that names mean, by their keys; new ones are made while there is room.
pub(super) async fn ids<'a>(
    tx: &Tx,
    workspace: Workspace,
    names: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Uuid>> {
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        named.entry(metric_key(name)).or_insert(name.trim());
    }
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let known = async || -> Result<HashMap<String, Uuid>> {
        Ok(list(tx, workspace).await?.into_iter().map(|metric| (metric.key, metric.id)).collect())
    };
    let before = known().await?;
    let room = MOST.saturating_sub(before.len());
    let fresh = named.iter().filter(|(key, _)| !before.contains_key(*key)).take(room);
    let rows: Vec<_> = fresh.map(|(key, name)| vals![Uuid::now_v7(), workspace.0, key.as_str(), *name]).collect();
    if rows.is_empty() {
        return Ok(before);
    }
    let head = "INSERT INTO clients_metrics (id, workspace_id, key, name)";
    tx.insert_many(head, " ON CONFLICT (workspace_id, key) DO NOTHING", rows).await?;
    known().await
}

/// Gives the signals that were there before metrics were known theirs: the migration that made the table. Crosses
/// workspaces.
pub(crate) async fn adopt_all(tx: &Tx) -> Result<()> {
    let sql = "SELECT DISTINCT workspace_id, data ->> 'name' AS name FROM clients_signals WHERE kind = 'metric'";
    let mut named: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in all(tx, sql, vals![]).await? {
        if let Some(name) = row.try_get::<Option<String>>("", "name")? {
            named.entry(row.try_get("", "workspace_id")?).or_default().push(name);
        }
    }
    for (workspace, names) in named {
        let ids = ids(tx, Workspace(workspace), names.iter().map(String::as_str)).await?;
        for name in &names {
            let sql = "UPDATE clients_signals SET metric_id = $1, score = CAST(data ->> 'value' AS DOUBLE PRECISION) \
                WHERE workspace_id = $2 AND kind = 'metric' AND data ->> 'name' = $3";
            tx.run(sql, vals![ids.get(&metric_key(name)).copied(), workspace, name.as_str()]).await?;
        }
    }
    Ok(())
}
