//! The portfolio by stage: counts, and the lists behind them.

use crate::clients::{Filter, Walk};
use crate::{Conn, Result, Workspace, all, all_as};
use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// A stage of the board.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Column {
    pub stage: Option<String>,
    pub clients: i64,
    pub mrr_cents: i64,
    #[sea_orm(skip)]
    pub late: i64,
    #[sea_orm(skip)]
    pub at_risk: i64,
    #[sea_orm(skip)]
    pub progress_sum: f64,
}

/// The statuses of the clients whose journeys are suspended.
const SUSPENDED: &str = "'churned', 'paused'";

/// Leaves out journeys that are suspended, whose clients left or are paused, unless it is them that are asked for. Those
/// without a journey are counted as the list of clients counts them.
fn followed(filter: &Filter) -> String {
    match filter.status {
        Some(_) => String::new(),
        None => format!(" AND (clients.stage IS NULL OR clients.status NOT IN ({SUSPENDED}))"),
    }
}

/// The clients of a filter by stage; none are those without a journey. Two walks, each through an index that has all it
/// asks for, take a third of the time of one in which each client's journey is looked up.
pub async fn columns(conn: &impl Conn, workspace: Workspace, filter: &Filter, today: NaiveDate) -> Result<Vec<Column>> {
    let mrr = filter.mrr(Walk::Product);
    let (from, values) = filter.from(workspace, Walk::Product);
    let followed = followed(filter);
    let clients = format!(
        "SELECT clients.stage, COUNT(*) AS clients, CAST(COALESCE(SUM({mrr}), 0) AS BIGINT) AS mrr_cents \
         FROM {from}{followed} GROUP BY clients.stage"
    );
    let (of, mut journey_values) = filter.of_column(workspace, "j.client_id", &format!(", {SUSPENDED}"));
    journey_values.push(today.into());
    let journeys = format!(
        "SELECT j.stage, COUNT(CASE WHEN j.expected_on < ${} AND j.status <> 'completed' THEN 1 END) AS late, \
         COUNT(CASE WHEN j.status = 'at_risk' THEN 1 END) AS at_risk, \
         CAST(COALESCE(SUM(j.stage_progress), 0) AS DOUBLE PRECISION) AS progress_sum FROM journeys j \
         WHERE j.workspace_id = $1{of} GROUP BY j.stage",
        journey_values.len()
    );
    let (mut columns, standing) = tokio::try_join!(
        all_as::<Column>(conn, &clients, values),
        all_as::<Standing>(conn, &journeys, journey_values)
    )?;
    for of in standing {
        if let Some(column) = columns.iter_mut().find(|column| column.stage.as_ref() == Some(&of.stage)) {
            (column.late, column.at_risk, column.progress_sum) = (of.late, of.at_risk, of.progress_sum);
        }
    }
    Ok(columns)
}

/// How the journeys of a stage stand.
#[derive(FromQueryResult)]
struct Standing {
    stage: String,
    late: i64,
    at_risk: i64,
    progress_sum: f64,
}

/// Which clients a list shows beside its filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All.
    Any,
    /// Past the stage's planned end.
    Late,
    /// At risk.
    AtRisk,
    /// Somebody is asked whether they go on.
    Ask,
    /// Without progress for too long.
    Stalled,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Those whose planned end lies furthest behind.
    Late,
    /// Those that have been in their stage for longest.
    Entered,
    /// Those that pay most.
    Mrr,
}

/// A client on the board.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Card {
    pub client_id: Uuid,
    pub client_name: String,
    pub segment: Option<String>,
    pub owner: Option<String>,
    pub mrr_cents: i64,
    pub health: Option<i32>,
    pub health_class: String,
    pub stage: String,
    pub place: i32,
    pub template_id: Uuid,
    pub version: i32,
    pub status: String,
    pub progress: f64,
    pub stage_progress: f64,
    pub entered_on: NaiveDate,
    pub expected_on: Option<NaiveDate>,
    pub projected_on: Option<NaiveDate>,
    pub proposed_on: Option<NaiveDate>,
    pub completed_on: Option<NaiveDate>,
    pub inferred: bool,
    pub alerts: i32,
}

/// Where a page ended: the value that it is sorted by, and the client.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// A day.
    Day(NaiveDate, Uuid),
    /// An amount.
    Cents(i64, Uuid),
}

/// What a page of the board asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// One stage's key, or completed.
    pub stage: Option<&'a str>,
    /// Which of them.
    pub state: State,
    /// In which order.
    pub by: By,
    /// The day.
    pub today: NaiveDate,
}

impl Asked<'_> {
    fn sql(&self, values: &mut Vec<Value>) -> String {
        let mut sql = String::new();
        let mut push = |text: &str, value: Value| {
            values.push(value);
            sql.push_str(&text.replace('?', &format!("${}", values.len())));
        };
        if let Some(stage) = self.stage {
            push(" AND j.stage = ?", stage.into());
        }
        match self.state {
            State::Any => {}
            State::Late => push(" AND j.expected_on < ? AND j.status <> 'completed'", self.today.into()),
            State::AtRisk => sql.push_str(" AND j.status = 'at_risk'"),
            State::Ask => sql.push_str(" AND j.proposed_on IS NOT NULL"),
            State::Stalled => push(" AND j.stalled = ?", true.into()),
        }
        sql
    }
}

/// A day after all others: what has no planned end comes last.
const NEVER: &str = "'2199-12-31'";

/// A page of the clients of a filter that are on a journey.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    asked: &Asked<'_>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Card>> {
    let mrr = filter.mrr(Walk::Clients);
    let (clients, mut values) = filter.sql(workspace);
    let followed = followed(filter);
    let mut sql = asked.sql(&mut values);
    let expected = format!("COALESCE(j.expected_on, CAST({NEVER} AS DATE))");
    // SQLite's days are texts, which a cast would make numbers of.
    let expected = if matches!(conn.engine_of(), crate::Engine::Sqlite) {
        format!("COALESCE(j.expected_on, {NEVER})")
    } else {
        expected
    };
    let (key, direction, op) = match asked.by {
        By::Late => (expected.as_str(), "ASC", ">"),
        By::Entered => ("j.entered_on", "ASC", ">"),
        By::Mrr => ("f.mrr", "DESC", "<"),
    };
    if let Some(after) = after {
        let (value, id): (Value, Uuid) = match after {
            After::Day(day, id) => (day.into(), id),
            After::Cents(cents, id) => (cents.into(), id),
        };
        values.extend([value, id.into()]);
        sql.push_str(&format!(" AND ({key}, j.client_id) {op} (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    let n = values.len();
    let sql = format!(
        "SELECT j.client_id, f.name AS client_name, f.segment, f.owner, f.mrr AS mrr_cents, f.health, f.health_class, \
         j.stage, j.place, j.template_id, j.version, j.status, j.progress, j.stage_progress, j.entered_on, j.expected_on, \
         j.projected_on, j.proposed_on, j.completed_on, j.inferred, j.alerts \
         FROM journeys j JOIN (SELECT clients.id, clients.name, clients.segment, clients.owner, {mrr} AS mrr, \
         clients.health, clients.health_class FROM clients WHERE {clients}{followed}) f ON f.id = j.client_id \
         WHERE j.workspace_id = $1{sql} ORDER BY {key} {direction}, j.client_id {direction} LIMIT ${n}"
    );
    all_as(conn, &sql, values).await
}

/// How many such clients there are.
pub async fn count(conn: &impl Conn, workspace: Workspace, filter: &Filter, asked: &Asked<'_>) -> Result<i64> {
    let (clients, mut values) = filter.sql(workspace);
    let followed = followed(filter);
    let sql = asked.sql(&mut values);
    let sql = format!(
        "SELECT COUNT(*) AS n FROM journeys j JOIN (SELECT clients.id FROM clients WHERE {clients}{followed}) f \
         ON f.id = j.client_id WHERE j.workspace_id = $1{sql}"
    );
    Ok(all(conn, &sql, values).await?.first().map_or(Ok(0), |row| row.try_get("", "n"))?)
}
