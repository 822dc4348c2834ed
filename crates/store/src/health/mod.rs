//! Health as stored: the facts it is computed from, the current score on the client, its history.

pub mod beliefs;
pub mod champions;
pub mod family;
pub mod history;
pub mod late;
mod on_day;
pub mod profiles;
pub mod seats;

pub use on_day::{close, closed, of_slice, reopen};

use crate::clients::{Filter, SCOPE, Walk};
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, vals};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use essor_domain::health::UsageFacts;
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many days of rollups a score looks at; before them only "when last" matters.
const WINDOW: u64 = 89;

#[derive(FromQueryResult)]
struct UsageRow {
    client_id: Uuid,
    today: i64,
    last7: i64,
    last28: i64,
    on_day7: i64,
    on_day28: i64,
    prior62: i64,
    active_days28: i64,
    active_days_prior62: i64,
    events28: i64,
    events90: i64,
    active_days30: i64,
    events30: i64,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Usage of some clients as of a day, from their rollups. Clients that never used the product are absent.
pub async fn usage_facts(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, UsageFacts>> {
    let mut out = HashMap::new();
    let sum = |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN count ELSE 0 END) AS BIGINT)");
    let distinct = |column: &str, condition: &str| format!("COUNT(DISTINCT CASE WHEN {condition} THEN {column} END)");
    let select = format!(
        "SELECT client_id, {} AS today, {} AS last7, {} AS last28, {} AS on_day7, {} AS on_day28, {} AS prior62, \
         {} AS active_days28, {} AS active_days_prior62, {} AS events28, COUNT(DISTINCT event) AS events90, \
         {} AS active_days30, {} AS events30, \
         MIN(day) AS first_day, MAX(day) AS last_day FROM usage_rollups",
        sum("day = $2"),
        sum("day >= $3"),
        sum("day >= $4"),
        sum("day = $5"),
        sum("day = $6"),
        sum("day < $4"),
        distinct("day", "day >= $4"),
        distinct("day", "day < $4"),
        distinct("event", "day >= $4"),
        distinct("day", "day >= $8"),
        distinct("event", "day >= $8"),
    );
    let back = |days: u64| day - Days::new(days);
    for chunk in clients.chunks(500) {
        let ids = list(9, chunk.len());
        let mut values = vals![workspace.0, day, back(6), back(27), back(7), back(28), back(WINDOW), back(29)];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "{select} WHERE workspace_id = $1 AND client_id IN ({ids}) AND day >= $7 AND day <= $2 GROUP BY client_id"
        );
        for row in all_as::<UsageRow>(conn, &sql, values).await? {
            out.insert(
                row.client_id,
                UsageFacts {
                    today: row.today,
                    last7: row.last7,
                    last28: row.last28,
                    on_day7: row.on_day7,
                    on_day28: row.on_day28,
                    prior62: row.prior62,
                    active_days28: row.active_days28 as i32,
                    active_days_prior62: row.active_days_prior62 as i32,
                    events28: row.events28 as i32,
                    events90: row.events90 as i32,
                    active_days30: row.active_days30 as i32,
                    events30: row.events30 as i32,
                    first_day: Some(row.first_day),
                    last_day: Some(row.last_day),
                },
            );
        }
        // Before the window only the first and last day matter: one seek each, and only for those without recent use or
        // whose recent use may not be their first.
        let unsure: Vec<Uuid> = chunk
            .iter()
            .filter(|id| out.get(*id).is_none_or(|u| u.first_day <= Some(back(WINDOW) + Days::new(7))))
            .copied()
            .collect();
        if unsure.is_empty() {
            continue;
        }
        let mut values = vals![workspace.0, back(WINDOW)];
        values.extend(unsure.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id AS client_id, \
             (SELECT MIN(r.day) FROM usage_rollups r WHERE r.workspace_id = $1 AND r.client_id = c.id AND r.day < $2) AS first_day, \
             (SELECT MAX(r.day) FROM usage_rollups r WHERE r.workspace_id = $1 AND r.client_id = c.id AND r.day < $2) AS last_day \
             FROM clients c WHERE {SCOPE} AND c.id IN ({})",
            list(3, unsure.len())
        );
        for row in all(conn, &sql, values).await? {
            let Some(first) = row.try_get::<Option<NaiveDate>>("", "first_day")? else { continue };
            let entry = out.entry(row.try_get("", "client_id")?).or_default();
            entry.first_day = Some(first);
            if entry.last_day.is_none() {
                entry.last_day = row.try_get("", "last_day")?;
            }
        }
    }
    Ok(out)
}

/// So many days up to a day as the months that hold them with one bit a day each, the first of the month the lowest.
/// Thirty days can touch three months, of which one is a February; a month that is not touched has no bit.
fn masks(day: NaiveDate, days: u64) -> [(NaiveDate, i32); 3] {
    let from = day - Days::new(days - 1);
    let mut month = essor_domain::time::month_start(day);
    let mut out = [(month, 0); 3];
    for slot in &mut out {
        let end = essor_domain::time::month_end(month);
        let upto = if day < end { ((1_u64 << day.day()) - 1) as i32 } else { -1 };
        let since = if from > month { !(((1_u64 << from.day0()) - 1) as i32) } else { -1 };
        *slot = (month, if end >= from { upto & since } else { 0 });
        month = essor_domain::time::month_start(month - Days::new(1));
    }
    out
}

/// Usage and distinct users of a client as they were known at the end of a past day, what came later left out.
pub async fn usage_known(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
    day: NaiveDate,
) -> Result<(Option<UsageFacts>, Option<Users>)> {
    let counts = late::counts_known(conn, workspace, client, day).await?;
    let presence = late::presence_known(conn, workspace, client, day).await?;
    let users = |days: u64| {
        let window = masks(day, days);
        let seen = |(month, user): &(NaiveDate, String), bits: &i32| {
            window.iter().any(|(m, mask)| m == month && bits & mask != 0).then(|| user.clone())
        };
        presence.iter().filter_map(|(key, bits)| seen(key, bits)).collect::<HashSet<String>>().len() as i32
    };
    let any = presence.values().any(|bits| *bits != 0);
    Ok((UsageFacts::of_counts(&counts, day), any.then(|| Users { last28: users(28), last30: users(30) })))
}

/// Distinct users of a client up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Users {
    /// Of 28 days.
    pub last28: i32,
    /// Of 30 days.
    pub last30: i32,
}

/// Distinct users up to a day, for clients whose events name users.
pub async fn active_users(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, Users>> {
    let ([a, b, _], wide) = (masks(day, 28), masks(day, 30));
    let mut out = HashMap::new();
    for chunk in clients.chunks(500) {
        let mut values = vals![workspace.0, a.0, b.0, wide[2].0, a.1, b.1, wide[0].1, wide[1].1, wide[2].1];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        // A client with presence but none in the window has 0 users, not an unknown number: hence the CASE.
        let sql = format!(
            "SELECT client_id, COUNT(DISTINCT CASE WHEN (month = $2 AND (days & $5) <> 0) OR (month = $3 AND (days & $6) <> 0) \
             THEN user_key END) AS users, COUNT(DISTINCT CASE WHEN (month = $2 AND (days & $7) <> 0) \
             OR (month = $3 AND (days & $8) <> 0) OR (month = $4 AND (days & $9) <> 0) THEN user_key END) AS users30 \
             FROM usage_presence \
             WHERE workspace_id = $1 AND event = '' AND client_id IN ({}) AND month <= $2 GROUP BY client_id",
            list(10, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let last28 = row.try_get::<i64>("", "users")? as i32;
            let users = Users { last28, last30: row.try_get::<i64>("", "users30")? as i32 };
            out.insert(row.try_get("", "client_id")?, users);
        }
    }
    Ok(out)
}

/// What scoring needs of a client besides usage and signals.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Subject {
    pub id: Uuid,
    pub external_id: String,
    pub since: Option<NaiveDate>,
    pub first_paid_on: Option<NaiveDate>,
    pub churned_on: Option<NaiveDate>,
    pub status: String,
    pub mrr_cents: i64,
    pub seats: Option<i32>,
    pub subscription_seats: Option<i64>,
    pub health: Option<i32>,
    pub segment: Option<String>,
    pub health_class: String,
    pub health_coverage: Option<f64>,
    pub top_risk: Option<Json>,
    pub top_risk_key: Option<String>,
    pub at_risk: bool,
}

/// The clients to score, by what was known at the end of a day of their subscriptions: seats are the client's own, else
/// the sum of those of its running subscriptions; `first_paid_on` is left out where the client says since when it is one.
/// COALESCE keeps SQLite from looking for the first day among all clients' days in their order.
pub async fn subjects(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<Subject>> {
    let mut out = Vec::with_capacity(clients.len());
    for chunk in clients.chunks(500) {
        let mut values = vals![workspace.0, day];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id, c.external_id, c.since, c.churned_on, c.status, c.mrr_cents, c.seats, c.health, c.segment, \
             c.health_class, c.health_coverage, c.top_risk, c.top_risk_key, c.at_risk, CASE WHEN c.since IS NULL THEN \
             (SELECT MIN(COALESCE(g.from_day, g.known_on)) FROM growth_stretches g WHERE g.workspace_id = c.workspace_id AND g.client_id = c.id \
             AND g.mrr_cents > 0 AND COALESCE(g.from_day, g.known_on) <= $2 AND g.known_on <= $2) END AS first_paid_on, \
             (SELECT CAST(SUM(s.seats) AS BIGINT) FROM clients_subscriptions s WHERE s.client_id = c.id \
             AND s.start_date <= $2 AND (s.end_date IS NULL OR s.end_date > $2 OR s.end_known_on > $2) \
             AND EXISTS (SELECT 1 FROM clients_subscription_phases p WHERE p.subscription_id = s.id AND p.from_day <= $2 \
             AND p.known_on <= $2)) AS subscription_seats FROM clients c WHERE {SCOPE} AND c.id IN ({}) ORDER BY c.id",
            list(3, chunk.len())
        );
        out.extend(all_as::<Subject>(conn, &sql, values).await?);
    }
    Ok(out)
}

/// A component counts as fed when its source was seen in this many days.
const FED: u64 = 180;

/// The components that this workspace feeds as of a day, by what was known at its end.
pub async fn fed(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<HashSet<String>> {
    let sql = "SELECT DISTINCT component FROM health_fed_days WHERE workspace_id = $1 AND day >= $2 AND day <= $3 AND known_on <= $3";
    all(conn, sql, vals![workspace.0, day - Days::new(FED), day])
        .await?
        .iter()
        .map(|row| Ok(row.try_get("", "component")?))
        .collect()
}

/// The first day of which a component was fed, by what was known at the end of a day.
pub async fn fed_from(
    conn: &impl Conn,
    workspace: Workspace,
    component: &str,
    day: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let sql =
        "SELECT MIN(day) AS day FROM health_fed_days WHERE workspace_id = $1 AND component = $2 AND known_on <= $3";
    let row = one(conn, sql, vals![workspace.0, component, day]).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get("", "day"))?)
}

/// Notes that components were fed on days, and since when that is known; the first to know counts.
pub async fn feed(tx: &Tx, workspace: Workspace, fed: &[(&str, NaiveDate, NaiveDate)]) -> Result<()> {
    let rows = fed.iter().map(|(component, day, known_on)| vals![workspace.0, *component, *day, *known_on]).collect();
    tx.insert_many(
        "INSERT INTO health_fed_days (workspace_id, component, day, known_on)",
        " ON CONFLICT (workspace_id, component, day) DO UPDATE SET known_on = excluded.known_on \
         WHERE excluded.known_on < health_fed_days.known_on",
        rows,
    )
    .await?;
    Ok(())
}

/// A score to be recorded.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Recorded {
    pub client_id: Uuid,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub score: Option<i32>,
    pub coverage: f64,
    pub detail: Json,
    pub recomputed: bool,
    pub class: Option<String>,
    pub at_risk: Option<bool>,
}

/// A recorded score. Its detail is read as text, so that whoever knows its type reads it once.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Stood {
    pub client_id: Uuid,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub score: Option<i32>,
    pub coverage: f64,
    pub detail: String,
    pub recomputed: bool,
    pub at_risk: Option<bool>,
}

/// The conditions that `h` is the newest record of client `c` not after day $2. Day and instant are looked up one by one,
/// by key: PostgreSQL would hold every record of the client against a pair of them.
const NEWEST: &str = "h.workspace_id = c.workspace_id AND h.client_id = c.id \
    AND h.day = (SELECT l.day FROM health_history l WHERE l.workspace_id = c.workspace_id AND l.client_id = c.id \
    AND l.day <= $2 ORDER BY l.day DESC LIMIT 1) \
    AND h.at = (SELECT l.at FROM health_history l WHERE l.workspace_id = c.workspace_id AND l.client_id = c.id \
    AND l.day <= $2 ORDER BY l.day DESC, l.at DESC LIMIT 1)";

const STOOD: &str =
    "h.client_id, h.day, h.at, h.score, h.coverage, CAST(h.detail AS TEXT) AS detail, h.recomputed, h.at_risk";

/// Appends scores to the history; what stands is never rewritten.
pub async fn record(tx: &Tx, workspace: Workspace, items: &[Recorded]) -> Result<()> {
    let rows = items
        .iter()
        .map(|r| {
            let detail = r.detail.clone();
            let class = r.class.clone();
            vals![workspace.0, r.client_id, r.day, r.at, r.score, r.coverage, detail, r.recomputed, class, r.at_risk]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO health_history (workspace_id, client_id, day, at, score, coverage, detail, recomputed, class, at_risk)",
        " ON CONFLICT (workspace_id, client_id, day, at) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// A client's current score, as its list and page show it.
#[derive(Debug, Clone)]
pub struct Current {
    /// Whose.
    pub client_id: Uuid,
    /// 0–100, none when too little is known.
    pub score: Option<i32>,
    /// The class.
    pub class: &'static str,
    /// Known share of the weight, 0–1.
    pub coverage: f64,
    /// The risk that costs most points.
    pub top_risk: Option<Json>,
    /// Below the alert threshold while paying.
    pub at_risk: bool,
}

impl Current {
    /// Which risk that is.
    pub fn top_risk_key(&self) -> Option<&str> {
        self.top_risk.as_ref()?.get("key")?.as_str()
    }
}

/// Sets the current score of clients.
pub async fn set_current(tx: &Tx, workspace: Workspace, items: &[Current], at: DateTime<Utc>) -> Result<()> {
    const TYPES: [&str; 7] = ["uuid", "integer", "text", "double precision", "jsonb", "text", "boolean"];
    for chunk in items.chunks(300) {
        let mut values = Vec::with_capacity(chunk.len() * TYPES.len() + 2);
        for item in chunk {
            values.extend(vals![
                item.client_id,
                item.score,
                item.class,
                item.coverage,
                item.top_risk.clone(),
                item.top_risk_key(),
                item.at_risk
            ]);
        }
        let rows = tx.engine().typed_rows(chunk.len(), &TYPES);
        values.extend(vals![at, workspace.0]);
        let n = values.len();
        let sql = format!(
            "WITH fresh (id, health, class, coverage, risk, risk_key, at_risk) AS (VALUES {rows}) \
             UPDATE clients SET health = fresh.health, health_class = fresh.class, health_coverage = fresh.coverage, \
             health_at = ${}, top_risk = fresh.risk, top_risk_key = fresh.risk_key, at_risk = fresh.at_risk FROM fresh \
             WHERE clients.id = fresh.id AND COALESCE(clients.workspace_id, clients.id) = ${n}",
            n - 1
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// The newest recorded score of each client, not after a day.
pub async fn latest(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    until: NaiveDate,
) -> Result<HashMap<Uuid, Stood>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, until];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT {STOOD} FROM clients c \
             JOIN health_history h ON {NEWEST} WHERE {SCOPE} AND c.id IN ({})",
            list(3, chunk.len())
        );
        out.extend(all_as::<Stood>(conn, &sql, values).await?.into_iter().map(|r| (r.client_id, r)));
    }
    Ok(out)
}

/// The scores of some clients since a day, oldest first: client, day, score.
pub async fn scores_since(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    since: NaiveDate,
) -> Result<HashMap<Uuid, Vec<(NaiveDate, Option<i32>)>>> {
    let mut out: HashMap<Uuid, Vec<(NaiveDate, Option<i32>)>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, since];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, day, score FROM health_history WHERE workspace_id = $1 AND day >= $2 AND client_id IN ({}) \
             ORDER BY client_id, day, at",
            list(3, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let points = out.entry(row.try_get("", "client_id")?).or_default();
            let (day, score) = (row.try_get("", "day")?, row.try_get("", "score")?);
            match points.last_mut() {
                Some(last) if last.0 == day => last.1 = score,
                _ => points.push((day, score)),
            }
        }
    }
    Ok(out)
}

/// The score that stood for each client at the end of a day: its day and value.
pub async fn scores_at(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    day: NaiveDate,
) -> Result<HashMap<Uuid, (NaiveDate, Option<i32>)>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, day];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT c.id, h.day, h.score FROM clients c JOIN health_history h ON {NEWEST} \
             WHERE {SCOPE} AND c.id IN ({})",
            list(3, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, (row.try_get("", "day")?, row.try_get("", "score")?));
        }
    }
    Ok(out)
}

/// One client's history since a day, oldest first.
pub async fn history(conn: &impl Conn, workspace: Workspace, client: Uuid, since: NaiveDate) -> Result<Vec<Stood>> {
    let sql = format!(
        "SELECT {STOOD} FROM health_history h WHERE h.workspace_id = $1 AND h.client_id = $2 AND h.day >= $3 \
         ORDER BY h.day, h.at"
    );
    all_as(conn, &sql, vals![workspace.0, client, since]).await
}

/// What stood for a client at a day's end.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Standing {
    pub client_id: Uuid,
    pub score: i32,
    pub class: Option<String>,
    pub at_risk: Option<bool>,
}

/// The newest score of every client that has one on or before a day: for figures of a past day.
pub async fn standings(conn: &impl Conn, workspace: Workspace, day: NaiveDate) -> Result<HashMap<Uuid, Standing>> {
    let sql = "SELECT client_id, score, class, at_risk FROM health_history h WHERE workspace_id = $1 AND day <= $2 \
        AND score IS NOT NULL AND NOT EXISTS (SELECT 1 FROM health_history n WHERE n.workspace_id = $1 \
        AND n.client_id = h.client_id AND n.day <= $2 AND (n.day, n.at) > (h.day, h.at))";
    let rows: Vec<Standing> = all_as(conn, sql, vals![workspace.0, day]).await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row)).collect())
}

/// The portfolio's mean health on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct HealthDay {
    pub scored: i64,
    pub score_sum: i64,
    pub at_risk: i64,
}

/// Writes the portfolio's figures of a day.
pub async fn set_day(tx: &Tx, workspace: Workspace, day: NaiveDate, figures: HealthDay) -> Result<()> {
    tx.run(
        "INSERT INTO health_days (workspace_id, day, scored, score_sum, at_risk) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace_id, day) DO UPDATE SET scored = excluded.scored, score_sum = excluded.score_sum, at_risk = excluded.at_risk",
        vals![workspace.0, day, figures.scored, figures.score_sum, figures.at_risk],
    )
    .await?;
    Ok(())
}

/// The same for a day of the past, unless its figures stand already.
pub async fn fill_day(tx: &Tx, workspace: Workspace, day: NaiveDate, figures: HealthDay) -> Result<()> {
    tx.run(
        "INSERT INTO health_days (workspace_id, day, scored, score_sum, at_risk) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace_id, day) DO NOTHING",
        vals![workspace.0, day, figures.scored, figures.score_sum, figures.at_risk],
    )
    .await?;
    Ok(())
}

/// The portfolio's figures on the last day recorded at most `within` days before `day`.
pub async fn day_before(
    conn: &impl Conn,
    workspace: Workspace,
    day: NaiveDate,
    within: u64,
) -> Result<Option<HealthDay>> {
    let sql = "SELECT scored, score_sum, at_risk FROM health_days WHERE workspace_id = $1 AND day <= $2 AND day >= $3 \
        ORDER BY day DESC LIMIT 1";
    crate::one_as(conn, sql, vals![workspace.0, day, day - Days::new(within)]).await
}

/// The last day of the portfolio's figures.
pub async fn last_day(conn: &impl Conn, workspace: Workspace) -> Result<Option<NaiveDate>> {
    end_day(conn, workspace, "MAX").await
}

/// The first one.
pub async fn first_day(conn: &impl Conn, workspace: Workspace) -> Result<Option<NaiveDate>> {
    end_day(conn, workspace, "MIN").await
}

async fn end_day(conn: &impl Conn, workspace: Workspace, which: &str) -> Result<Option<NaiveDate>> {
    let sql = format!("SELECT {which}(day) AS day FROM health_days WHERE workspace_id = $1");
    let row = one(conn, &sql, vals![workspace.0]).await?;
    Ok(row.and_then(|row| row.try_get::<Option<NaiveDate>>("", "day").ok().flatten()))
}

/// A client's whole history without its details: when, score, recomputed; oldest first.
pub async fn points(
    conn: &impl Conn,
    workspace: Workspace,
    client: Uuid,
) -> Result<Vec<(DateTime<Utc>, Option<i32>, bool)>> {
    let sql =
        "SELECT at, score, recomputed FROM health_history WHERE workspace_id = $1 AND client_id = $2 ORDER BY day, at";
    all(conn, sql, vals![workspace.0, client])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "at")?, row.try_get("", "score")?, row.try_get("", "recomputed")?)))
        .collect()
}

/// How the scores of some clients are spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// Clients by ten points: 0–9, 10–19, … 90–100.
    pub bins: [i64; 10],
    /// Clients without a score.
    pub unknown: i64,
    /// The sum of the scores.
    pub score_sum: i64,
    /// Clients at risk, those without a score among them.
    pub at_risk: i64,
    /// What those pay a month, in cents.
    pub at_risk_cents: i64,
}

/// The clients of a filter by ten points of score.
pub async fn spread(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Spread> {
    let mrr = filter.mrr(Walk::Product);
    let (from, values) = filter.from(workspace, Walk::Product);
    let sql = format!(
        "SELECT CASE WHEN health >= 100 THEN 9 ELSE health / 10 END AS bin, COUNT(*) AS n, \
         CAST(COALESCE(SUM(health), 0) AS BIGINT) AS scores, CAST(SUM(CASE WHEN at_risk THEN 1 ELSE 0 END) AS BIGINT) AS risky, \
         CAST(SUM(CASE WHEN at_risk THEN {mrr} ELSE 0 END) AS BIGINT) AS stake \
         FROM {from} GROUP BY CASE WHEN health >= 100 THEN 9 ELSE health / 10 END"
    );
    let mut out = Spread::default();
    for row in all(conn, &sql, values).await? {
        let n: i64 = row.try_get("", "n")?;
        match row.try_get::<Option<i32>>("", "bin")?.and_then(|bin| usize::try_from(bin).ok()) {
            Some(bin) => out.bins[bin.min(9)] += n,
            None => out.unknown += n,
        }
        out.score_sum += row.try_get::<i64>("", "scores")?;
        out.at_risk += row.try_get::<i64>("", "risky")?;
        out.at_risk_cents += row.try_get::<i64>("", "stake")?;
    }
    Ok(out)
}

/// How many clients a risk worries most.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct RiskCount {
    pub key: String,
    pub clients: i64,
    pub mrr_cents: i64,
}

/// The clients of a filter by the risk that costs them most points, the dearest risk first. COALESCE keeps SQLite from
/// the index of risks, which would send it to the table for the rest, and leaves it to the one that covers all of it.
pub async fn risks(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<Vec<RiskCount>> {
    let mrr = filter.mrr(Walk::Product);
    let (from, values) = filter.from(workspace, Walk::Product);
    let sql = format!(
        "SELECT top_risk_key AS key, COUNT(*) AS clients, CAST(SUM({mrr}) AS BIGINT) AS mrr_cents FROM {from} \
         AND COALESCE(top_risk_key, '') <> '' GROUP BY top_risk_key ORDER BY SUM({mrr}) DESC, top_risk_key"
    );
    all_as(conn, &sql, values).await
}

/// The portfolio's figures by day since a day, oldest first.
pub async fn days(conn: &impl Conn, workspace: Workspace, since: NaiveDate) -> Result<Vec<(NaiveDate, HealthDay)>> {
    let sql =
        "SELECT day, scored, score_sum, at_risk FROM health_days WHERE workspace_id = $1 AND day >= $2 ORDER BY day";
    all(conn, sql, vals![workspace.0, since])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, HealthDay::from_query_result(row, "")?)))
        .collect()
}
