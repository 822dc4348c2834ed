//! Tasks as stored, and the list of a person's day.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::tasks::Step;
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// A task with the names beside it.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Task {
    pub id: Uuid,
    pub title: String,
    pub note: Option<String>,
    pub owner_id: Option<Uuid>,
    pub owner_name: Option<String>,
    pub priority: i32,
    pub due: Option<NaiveDate>,
    pub client_id: Option<Uuid>,
    pub client_name: Option<String>,
    pub origin: String,
    pub opportunity_id: Option<Uuid>,
    /// What the opportunity behind it is expected to bring, in cents.
    pub expected_cents: Option<i64>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Uuid>,
    pub done_by_name: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub checklist: Option<Json>,
}

impl Task {
    /// The steps, in their order.
    pub fn steps(&self) -> Vec<Step> {
        self.checklist.clone().and_then(|steps| serde_json::from_value(steps).ok()).unwrap_or_default()
    }
}

const SELECT: &str = "SELECT t.id, t.title, t.note, t.owner_id, u.name AS owner_name, t.priority, t.due, t.client_id, \
    c.name AS client_name, t.origin, t.opportunity_id, o.expected_cents, t.done_at, t.done_by, d.name AS done_by_name, \
    t.created_by, t.created_at, t.updated_at, t.checklist FROM tasks t LEFT JOIN identity_users u ON u.id = t.owner_id \
    LEFT JOIN identity_users d ON d.id = t.done_by LEFT JOIN clients c ON c.id = t.client_id \
    LEFT JOIN opportunities o ON o.id = t.opportunity_id";

/// What is stored of a task.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Saved {
    pub id: Uuid,
    pub title: String,
    pub note: Option<String>,
    pub owner_id: Option<Uuid>,
    pub priority: i32,
    pub due: Option<NaiveDate>,
    pub client_id: Option<Uuid>,
    pub origin: String,
    pub opportunity_id: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub checklist: Vec<Step>,
}

/// A checklist as stored; none without steps.
fn steps_of(task: &Saved) -> Option<Json> {
    if task.checklist.is_empty() { None } else { serde_json::to_value(&task.checklist).ok() }
}

/// Stores new tasks.
pub async fn insert(tx: &Tx, workspace: Workspace, items: &[Saved], at: DateTime<Utc>) -> Result<()> {
    let rows = items
        .iter()
        .map(|t| {
            vals![
                t.id,
                workspace.0,
                t.title.as_str(),
                t.note.clone(),
                t.owner_id,
                t.priority,
                t.due,
                t.client_id,
                t.origin.as_str(),
                t.opportunity_id,
                t.done_at,
                t.done_by,
                t.created_by,
                t.created_at,
                at,
                steps_of(t),
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO tasks (id, workspace_id, title, note, owner_id, priority, due, client_id, origin, opportunity_id, \
         done_at, done_by, created_by, created_at, updated_at, checklist)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// Changes what can be changed of a task.
pub async fn update(tx: &Tx, workspace: Workspace, t: &Saved, at: DateTime<Utc>) -> Result<()> {
    tx.run(
        "UPDATE tasks SET title = $1, note = $2, owner_id = $3, priority = $4, due = $5, client_id = $6, done_at = $7, \
         done_by = $8, updated_at = $9, checklist = $12 WHERE workspace_id = $10 AND id = $11",
        vals![
            t.title.as_str(),
            t.note.clone(),
            t.owner_id,
            t.priority,
            t.due,
            t.client_id,
            t.done_at,
            t.done_by,
            at,
            workspace.0,
            t.id,
            steps_of(t)
        ],
    )
    .await?;
    Ok(())
}

/// Takes a task away, or gives it back. False when there is none, or it already is so.
pub async fn set_deleted(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    deleted_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
) -> Result<bool> {
    let there = if deleted_at.is_some() { "deleted_at IS NULL" } else { "deleted_at IS NOT NULL" };
    let sql =
        format!("UPDATE tasks SET deleted_at = $1, updated_at = $2 WHERE workspace_id = $3 AND id = $4 AND {there}");
    Ok(tx.run(&sql, vals![deleted_at, at, workspace.0, id]).await? > 0)
}

/// Forgets tasks that were taken away before an instant. Crosses workspaces: it is retention.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM tasks WHERE deleted_at < $1", vals![before]).await
}

/// One task that is there.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Task>> {
    let sql = format!("{SELECT} WHERE t.workspace_id = $1 AND t.id = $2 AND t.deleted_at IS NULL");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Which tasks by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Not done.
    Open,
    /// Not done and due before the day.
    Overdue,
    /// Not done and due on the day.
    Today,
    /// Not done and due later, or whenever.
    Later,
    /// Done.
    Done,
}

/// Which tasks a list shows, as of a day.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whose; none means everybody's.
    pub owner: Option<Uuid>,
    /// For which client.
    pub client: Option<Uuid>,
    /// By time.
    pub when: When,
    /// Today.
    pub day: NaiveDate,
}

/// Later than every day that a task can be due on: where those without a due day stand.
pub const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A task of a client in the trash is there with its client: few clients are, and an index names them.
fn there(tasks: &str) -> String {
    format!(
        "({tasks}.client_id IS NULL OR {tasks}.client_id NOT IN (SELECT g.id FROM clients g \
         WHERE g.workspace_id = $1 AND g.deleted_at IS NOT NULL))"
    )
}

impl Filter {
    /// The WHERE clause; `$1` is the workspace and `$2` [`NEVER`].
    fn sql(&self, workspace: Workspace) -> (String, Vec<Value>) {
        let mut sql = format!("t.workspace_id = $1 AND t.deleted_at IS NULL AND {}", there("t"));
        let mut values = vals![workspace.0, NEVER];
        let mut push = |text: &str, value: Value| {
            values.push(value);
            sql.push_str(&text.replace('?', &format!("${}", values.len())));
        };
        if let Some(owner) = self.owner {
            push(" AND t.owner_id = ?", owner.into());
        }
        if let Some(client) = self.client {
            push(" AND t.client_id = ?", client.into());
        }
        match self.when {
            When::Done | When::Open => {}
            When::Overdue => push(" AND t.due < ?", self.day.into()),
            When::Today => push(" AND t.due = ?", self.day.into()),
            When::Later => push(" AND COALESCE(t.due, $2) > ?", self.day.into()),
        }
        sql.push_str(if self.when == When::Done { " AND t.done_at IS NOT NULL" } else { " AND t.done_at IS NULL" });
        (sql, values)
    }
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// Due day, priority and id of the last open task.
    Due(NaiveDate, i32, Uuid),
    /// When the last one was done, and its id.
    Done(DateTime<Utc>, Uuid),
}

/// A page: open ones by due day and priority, done ones the newest first.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Task>> {
    let (mut sql, mut values) = filter.sql(workspace);
    match after {
        Some(After::Due(day, priority, id)) => {
            values.extend(vals![day, priority, id]);
            let n = values.len();
            sql.push_str(&format!(" AND (COALESCE(t.due, $2), t.priority, t.id) > (${}, ${}, ${n})", n - 2, n - 1));
        }
        Some(After::Done(at, id)) => {
            values.extend(vals![at, id]);
            sql.push_str(&format!(" AND (t.done_at, t.id) < (${}, ${})", values.len() - 1, values.len()));
        }
        None => {}
    }
    let order = match filter.when {
        When::Done => "t.done_at DESC, t.id DESC",
        _ => "COALESCE(t.due, $2), t.priority, t.id",
    };
    values.push(limit.into());
    // Every statement names `$2`, so that both engines know its type.
    let sql = format!("{SELECT} WHERE {sql} AND COALESCE(t.due, $2) <= $2 ORDER BY {order} LIMIT ${}", values.len());
    all_as(conn, &sql, values).await
}

/// How many tasks there are by time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
#[allow(missing_docs, reason = "each field counts the tasks of its name")]
pub struct Counts {
    pub overdue: i64,
    pub today: i64,
    pub later: i64,
    pub done: i64,
}

/// The counts under a filter's owner and client.
pub async fn counts(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Counts> {
    let mut sql = format!("workspace_id = $1 AND deleted_at IS NULL AND {}", there("tasks"));
    let mut values = vals![workspace.0, filter.day];
    for (column, id) in [("owner_id", filter.owner), ("client_id", filter.client)] {
        if let Some(id) = id {
            values.push(id.into());
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let count = |what: &str| format!("COUNT(CASE WHEN {what} THEN 1 END)");
    let sql = format!(
        "SELECT {} AS overdue, {} AS today, {} AS later, {} AS done FROM tasks WHERE {sql}",
        count("done_at IS NULL AND due < $2"),
        count("done_at IS NULL AND due = $2"),
        count("done_at IS NULL AND (due IS NULL OR due > $2)"),
        count("done_at IS NOT NULL"),
    );
    Ok(one_as(conn, &sql, values).await?.unwrap_or_default())
}

/// Notes that a task was done, when and by whom, or that it was not; one that is as it should be stays.
pub async fn set_done(
    tx: &Tx,
    workspace: Workspace,
    id: Uuid,
    done: Option<(DateTime<Utc>, Option<Uuid>)>,
    at: DateTime<Utc>,
) -> Result<()> {
    let state = if done.is_some() { "done_at IS NULL" } else { "done_at IS NOT NULL" };
    let sql = format!(
        "UPDATE tasks SET done_at = $1, done_by = $2, updated_at = $3 WHERE workspace_id = $4 AND id = $5 AND {state}"
    );
    tx.run(&sql, vals![done.map(|(at, _)| at), done.and_then(|(_, by)| by), at, workspace.0, id]).await?;
    Ok(())
}

/// Takes open tasks away that nobody is to do any more.
pub async fn withdraw(tx: &Tx, workspace: Workspace, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for chunk in ids.chunks(400) {
        let mut values = vals![at, workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE tasks SET deleted_at = $1, updated_at = $1 WHERE workspace_id = $2 AND done_at IS NULL \
             AND deleted_at IS NULL AND id IN ({})",
            list(3, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Of some clients, those for which a quick action's task waits.
pub async fn clients_with_actions(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT DISTINCT client_id FROM tasks WHERE workspace_id = $1 AND done_at IS NULL AND deleted_at IS NULL \
             AND origin = 'action' AND client_id IN ({})",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.push(row.try_get("", "client_id")?);
        }
    }
    Ok(out)
}

/// Gives a person the tasks that nobody owns; returns how many.
pub async fn take_unowned(tx: &Tx, workspace: Workspace, owner: Uuid) -> Result<u64> {
    tx.run(
        "UPDATE tasks SET owner_id = $1 WHERE workspace_id = $2 AND owner_id IS NULL AND deleted_at IS NULL",
        vals![owner, workspace.0],
    )
    .await
}

/// Whether the workspace has any task.
pub async fn any(conn: &impl Conn, workspace: Workspace) -> Result<bool> {
    Ok(one(conn, "SELECT id FROM tasks WHERE workspace_id = $1 LIMIT 1", vals![workspace.0]).await?.is_some())
}
