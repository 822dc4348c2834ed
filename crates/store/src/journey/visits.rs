//! Stays in stages: who was where, how long, and how it ended.

use crate::clients::Filter;
use crate::{Conn, Result, Tx, Workspace, all_as, vals};
use chrono::NaiveDate;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// A stay.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct VisitRow {
    pub id: Uuid,
    pub journey_id: Uuid,
    pub client_id: Uuid,
    pub stage: String,
    pub place: i32,
    pub planned_days: i32,
    pub entered_on: NaiveDate,
    pub left_on: Option<NaiveDate>,
    pub days: Option<i32>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub user_id: Option<Uuid>,
    pub user_name: Option<String>,
    pub inferred: bool,
    pub segment: Option<String>,
}

/// Stores stays.
pub async fn insert(tx: &Tx, workspace: Workspace, items: &[VisitRow]) -> Result<()> {
    let rows = items
        .iter()
        .map(|v| {
            vals![
                v.id,
                workspace.0,
                v.journey_id,
                v.client_id,
                v.stage.as_str(),
                v.place,
                v.planned_days,
                v.entered_on,
                v.left_on,
                v.days,
                v.outcome.clone(),
                v.reason.clone(),
                v.user_id,
                v.inferred,
                v.segment.clone(),
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO journey_visits (id, workspace_id, journey_id, client_id, stage, place, planned_days, entered_on, \
         left_on, days, outcome, reason, user_id, inferred, segment)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// How a client's stay ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Whose.
    pub client: Uuid,
    /// On which day.
    pub on: NaiveDate,
    /// After how many days.
    pub days: i32,
    /// completed, skipped or moved.
    pub outcome: &'static str,
    /// Why, when a person said so.
    pub reason: Option<String>,
    /// Who.
    pub by: Option<Uuid>,
}

/// Ends the stay in which a client is.
pub async fn end(tx: &Tx, workspace: Workspace, ended: &Ended) -> Result<()> {
    tx.run(
        "UPDATE journey_visits SET left_on = $3, outcome = $4, reason = $5, user_id = $6, days = $7 \
         WHERE workspace_id = $1 AND client_id = $2 AND outcome IS NULL",
        vals![workspace.0, ended.client, ended.on, ended.outcome, ended.reason.clone(), ended.by, ended.days],
    )
    .await?;
    Ok(())
}

/// A client's stays, the newest first.
pub async fn of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<VisitRow>> {
    let sql = "SELECT v.id, v.journey_id, v.client_id, v.stage, v.place, v.planned_days, v.entered_on, v.left_on, v.days, v.outcome, \
        v.reason, v.user_id, u.name AS user_name, v.inferred, v.segment FROM journey_visits v \
        LEFT JOIN identity_users u ON u.id = v.user_id WHERE v.workspace_id = $1 AND v.client_id = $2 \
        ORDER BY v.entered_on DESC, v.place DESC, v.id DESC LIMIT 200";
    all_as(conn, sql, vals![workspace.0, client]).await
}

/// How many stays in a stage took so many days.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Stays {
    pub stage: String,
    pub segment: Option<String>,
    pub days: i32,
    pub inferred: bool,
    pub n: i64,
}

/// Whose stays are looked at.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Everybody's.
    All,
    /// Those that were begun in a segment, whatever segment the client has today.
    Segment(&'a str),
    /// Those of the clients that a list shows today.
    Clients(&'a Filter),
}

impl Whose<'_> {
    /// The condition on stays named `v`, and its values.
    fn sql(self, workspace: Workspace) -> (String, Vec<Value>) {
        match self {
            Whose::All => (String::new(), vals![workspace.0]),
            Whose::Segment(segment) => (" AND v.segment = $2".to_owned(), vals![workspace.0, segment]),
            Whose::Clients(filter) => filter.of_column(workspace, "v.client_id", ""),
        }
    }
}

/// The stays that were completed by their days, shortest first.
pub async fn completed(conn: &impl Conn, workspace: Workspace, whose: Whose<'_>) -> Result<Vec<Stays>> {
    let (of, values) = whose.sql(workspace);
    let sql = format!(
        "SELECT v.stage, v.segment, v.days, v.inferred, COUNT(*) AS n FROM journey_visits v WHERE v.workspace_id = $1 \
         AND v.outcome = 'completed' AND v.days IS NOT NULL{of} \
         GROUP BY v.stage, v.segment, v.days, v.inferred ORDER BY v.days"
    );
    all_as(conn, &sql, values).await
}

/// How many journeys that began in a month went how far.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Reached {
    /// `YYYY-MM`.
    pub month: String,
    /// The furthest of the stages that were asked about.
    pub furthest: i32,
    pub n: i64,
    pub inferred: i64,
}

/// The journeys through a template's stages, by the month of their first one and the furthest that they entered. A stage
/// that was passed over was not entered. Of a client's running journey the template is known; one that follows another
/// template is left out. Of those before it only the stages are: they count where they share some.
pub async fn reached(
    conn: &impl Conn,
    workspace: Workspace,
    whose: Whose<'_>,
    template: Uuid,
    stages: &[&str],
) -> Result<Vec<Reached>> {
    let (of, mut values) = whose.sql(workspace);
    let mut furthest = String::from("CASE v.stage");
    for (place, stage) in stages.iter().enumerate() {
        values.push((*stage).into());
        furthest.push_str(&format!(" WHEN ${} THEN {place}", values.len()));
    }
    furthest.push_str(" ELSE -1 END");
    values.push(template.into());
    let template = values.len();
    let month = conn.engine_of().month_of("f.entered_on");
    let sql = format!(
        "SELECT {month} AS month, f.furthest, COUNT(*) AS n, CAST(SUM(f.inferred) AS BIGINT) AS inferred FROM \
         (SELECT v.journey_id, MIN(v.entered_on) AS entered_on, MAX({furthest}) AS furthest, \
         MAX(CASE WHEN v.inferred THEN 1 ELSE 0 END) AS inferred FROM journey_visits v WHERE v.workspace_id = $1 \
         AND NOT (COALESCE(v.outcome, '') = 'skipped' AND v.days IS NULL){of} GROUP BY v.journey_id) f \
         WHERE f.furthest >= 0 AND f.journey_id NOT IN \
         (SELECT j.id FROM journeys j WHERE j.workspace_id = $1 \
         AND (j.template_id < ${template} OR j.template_id > ${template})) \
         GROUP BY {month}, f.furthest ORDER BY {month}, f.furthest"
    );
    all_as(conn, &sql, values).await
}
