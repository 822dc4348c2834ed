//! One workspace is one company's data; everything else refers to it.

use crate::{Conn, Result, Tx, Workspace, all, all_as, one, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A workspace as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct WorkspaceRow {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique on this Essor.
    pub name: String,
    /// The reporting currency.
    pub currency: String,
    /// The IANA zone in which its days begin.
    pub timezone: String,
    /// `monday` or `sunday`.
    pub week_start: String,
    /// Whether it holds the demo portfolio.
    pub is_demo: bool,
    /// `create` or `park`: what happens to usage of an unknown group.
    pub unknown_groups: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A workspace that somebody is a member of.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct Membership {
    /// The workspace.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether it holds the demo portfolio.
    pub is_demo: bool,
    /// The member's role in it.
    pub role: String,
    /// How many members it has.
    pub members: i64,
}

/// What to change; `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// The name.
    pub name: Option<String>,
    /// The reporting currency.
    pub currency: Option<String>,
    /// `monday` or `sunday`.
    pub week_start: Option<String>,
    /// `create` or `park`.
    pub unknown_groups: Option<String>,
}

/// The workspace that a command means when it names none.
#[derive(Debug)]
pub enum Only {
    /// There is none yet.
    None,
    /// There is one.
    One(Box<WorkspaceRow>),
    /// There are several: the command has to name one.
    Several,
}

const COLUMNS: &str = "id, name, currency, timezone, week_start, is_demo, unknown_groups, created_at";

/// Stores a new workspace; `Conflict` when its name is taken.
pub async fn insert(tx: &Tx, row: &WorkspaceRow) -> Result<()> {
    tx.run(
        "INSERT INTO identity_workspaces (id, name, currency, timezone, week_start, is_demo, unknown_groups, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            row.id,
            row.name.as_str(),
            row.currency.as_str(),
            row.timezone.as_str(),
            row.week_start.as_str(),
            row.is_demo,
            row.unknown_groups.as_str(),
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// The workspace's own row.
pub async fn get(conn: &impl Conn, workspace: Workspace) -> Result<Option<WorkspaceRow>> {
    one_as(conn, &format!("SELECT {COLUMNS} FROM identity_workspaces WHERE id = $1"), vals![workspace.0]).await
}

/// The workspace of a name. Crosses workspaces: the command line names one so.
pub async fn by_name(conn: &impl Conn, name: &str) -> Result<Option<WorkspaceRow>> {
    one_as(conn, &format!("SELECT {COLUMNS} FROM identity_workspaces WHERE name = $1"), vals![name]).await
}

/// All workspaces, oldest first. Crosses workspaces: for the command line and jobs of the machine.
pub async fn list(conn: &impl Conn) -> Result<Vec<WorkspaceRow>> {
    all_as(conn, &format!("SELECT {COLUMNS} FROM identity_workspaces ORDER BY created_at, id"), vals![]).await
}

/// The only workspace. The demo stands back behind a real one, so that trying the demo does not make every command
/// ask for a name. Crosses workspaces: for the command line.
pub async fn only(conn: &impl Conn) -> Result<Only> {
    let (mut demo, mut real): (Vec<_>, Vec<_>) = list(conn).await?.into_iter().partition(|w| w.is_demo);
    let candidates = if real.is_empty() { &mut demo } else { &mut real };
    Ok(match (candidates.pop(), candidates.len()) {
        (None, _) => Only::None,
        (Some(row), 0) => Only::One(Box::new(row)),
        (Some(_), _) => Only::Several,
    })
}

/// The real workspaces that nobody is a member of. Crosses workspaces: the first person takes over what the command
/// line made before there was anybody.
pub async fn without_members(conn: &impl Conn) -> Result<Vec<WorkspaceRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM identity_workspaces w WHERE NOT w.is_demo
         AND NOT EXISTS (SELECT 1 FROM identity_members m WHERE m.workspace_id = w.id) ORDER BY created_at, id"
    );
    all_as(conn, &sql, vals![]).await
}

/// The demo workspace. Crosses workspaces: any signed-in person may enter it.
pub async fn demo(conn: &impl Conn) -> Result<Option<WorkspaceRow>> {
    let sql = format!("SELECT {COLUMNS} FROM identity_workspaces WHERE is_demo ORDER BY created_at, id LIMIT 1");
    one_as(conn, &sql, vals![]).await
}

/// The workspaces of a person, the real ones first, the oldest membership first: the first one is where a sign-in
/// lands. Crosses workspaces: a person may belong to several.
pub async fn of_user(conn: &impl Conn, user_id: Uuid) -> Result<Vec<Membership>> {
    all_as(
        conn,
        "SELECT w.id, w.name, w.is_demo, m.role,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM identity_members o WHERE o.workspace_id = w.id) AS members
         FROM identity_members m
         JOIN identity_workspaces w ON w.id = m.workspace_id
         WHERE m.user_id = $1 ORDER BY w.is_demo, m.created_at, w.id",
        vals![user_id],
    )
    .await
}

/// Changes what the patch names; `Conflict` when the name is taken.
pub async fn patch(tx: &Tx, workspace: Workspace, patch: &Patch) -> Result<()> {
    tx.run(
        "UPDATE identity_workspaces SET name = COALESCE($2, name), currency = COALESCE($3, currency),
         week_start = COALESCE($4, week_start), unknown_groups = COALESCE($5, unknown_groups) WHERE id = $1",
        vals![
            workspace.0,
            patch.name.clone(),
            patch.currency.clone(),
            patch.week_start.clone(),
            patch.unknown_groups.clone()
        ],
    )
    .await?;
    Ok(())
}

/// Changes the zone; returns whether it was another one.
pub async fn set_timezone(tx: &Tx, workspace: Workspace, timezone: &str) -> Result<bool> {
    let changed = tx
        .run(
            "UPDATE identity_workspaces SET timezone = $2 WHERE id = $1 AND timezone <> $2",
            vals![workspace.0, timezone],
        )
        .await?;
    Ok(changed > 0)
}

/// Whether the workspace has amounts of its own (subscriptions, spend, objectives): from then on its currency is fixed.
pub async fn has_amounts(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    for table in ["clients_subscriptions", "growth_spend", "growth_objectives"] {
        let sql = format!("SELECT 1 AS found FROM {table} WHERE workspace_id = $1 LIMIT 1");
        if one(conn, &sql, vals![workspace.0]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the workspace has a client: from then on a change of its zone has something to rebuild.
pub async fn has_clients(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    let sql = "SELECT 1 AS found FROM clients WHERE workspace_id = $1 LIMIT 1";
    Ok(one(conn, sql, vals![workspace.0]).await?.is_some())
}

/// Deletes a workspace with all that refers to it: every table that names workspaces is emptied of it, so that a table
/// added later is not forgotten. Sessions in it move to another workspace of their person first, a real one if there is
/// one, so that nobody who still has a place is signed out.
pub async fn delete(tx: &Tx, workspace: Workspace) -> Result<bool> {
    let another = "SELECT m.workspace_id FROM identity_members m JOIN identity_workspaces w ON w.id = m.workspace_id
         WHERE m.user_id = identity_sessions.user_id AND w.id <> $1
         ORDER BY w.is_demo, m.created_at, m.workspace_id LIMIT 1";
    tx.run(
        &format!(
            "UPDATE identity_sessions SET workspace_id = ({another}) WHERE workspace_id = $1 AND EXISTS ({another})"
        ),
        vals![workspace.0],
    )
    .await?;
    for row in all(tx, tx.engine().workspace_tables(), vals![]).await? {
        let table: String = row.try_get("", "name")?;
        tx.run(&format!("DELETE FROM {table} WHERE workspace_id = $1"), vals![workspace.0]).await?;
    }
    Ok(tx.run("DELETE FROM identity_workspaces WHERE id = $1", vals![workspace.0]).await? > 0)
}

/// The same for the demo workspace; a real one is left alone.
pub async fn delete_demo(tx: &Tx, workspace: Workspace) -> Result<bool> {
    match get(tx, workspace).await? {
        Some(row) if row.is_demo => delete(tx, workspace).await,
        _ => Ok(false),
    }
}

/// How many rows each table has of a workspace, the tables that have none left out: what a deletion has to bring to
/// nothing.
pub async fn remains(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(String, i64)>> {
    let mut out = Vec::new();
    for row in all(conn, conn.engine_of().workspace_tables(), vals![]).await? {
        let table: String = row.try_get("", "name")?;
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM {table} WHERE workspace_id = $1");
        let n = one(conn, &sql, vals![workspace.0]).await?.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
        if n > 0 {
            out.push((table, n));
        }
    }
    Ok(out)
}
