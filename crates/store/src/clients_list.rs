//! The list sorted by any fact, and the figures of what it shows.

use crate::clients::{COLUMNS, Client, Filter, Walk};
use crate::clients_facts::held;
use crate::expressions::{Sql, typed, value_column};
use crate::{Conn, Result, Workspace, all, vals};
use chrono::NaiveDate;
use essor_domain::expressions::{Held, Kind, Moment, Rule, Source};
use sea_orm::{FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where a page ended: the value of its last row, none once it is among those without one, and the row.
pub type After = (Option<Held>, Uuid);

/// What a list is sorted by; clients without a value come last either way.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// The fact.
    pub source: Source,
    /// Its kind.
    pub kind: Kind,
    /// The largest first.
    pub descending: bool,
    /// Few clients match: they are found first and sorted then, instead of walking through all in the fact's order.
    pub few: bool,
}

/// A page of the list with the value that it is sorted by, from after a cursor.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    moment: Moment,
    by: By,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<(Client, Option<Held>)>> {
    let (known, absent) = match after {
        None => (Some(None), None),
        Some((Some(held), id)) => (Some(Some((held, id))), None),
        Some((None, id)) => (None, Some(id)),
    };
    let mut out = Vec::new();
    if let Some(after) = known {
        out = with_value(conn, workspace, filter, moment, by, after, limit).await?;
    }
    let left = limit - out.len() as i64;
    if left > 0 {
        out.extend(without(conn, workspace, filter, moment, by, absent, left).await?);
    }
    Ok(out)
}

impl By {
    const fn direction(self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }

    /// How a value that comes after another compares with it.
    const fn beyond(self) -> &'static str {
        if self.descending { "<" } else { ">" }
    }
}

fn bound(held: Held) -> Value {
    match held {
        Held::Text(text) => text.into(),
        Held::Texts(texts) => texts.join(" ").into(),
        Held::Number(number) => number.into(),
        Held::Cents(cents) => cents.into(),
        Held::Day(day) => day.into(),
        Held::Instant(at) => at.into(),
        Held::Flag(flag) => flag.into(),
    }
}

/// The clients of a page whose ids and values a query finds: it can be answered from an index, and the rows are read for
/// the page alone.
async fn read(
    conn: &impl Conn,
    filter: &Filter,
    by: By,
    ids: &str,
    values: Vec<Value>,
) -> Result<Vec<(Client, Option<Held>)>> {
    let mrr = filter.mrr(Walk::Clients);
    let columns = COLUMNS.replace("mrr_cents", &format!("{mrr} AS mrr_cents"));
    let direction = by.direction();
    // CROSS JOIN tells SQLite, which has no statistics, what to walk through; PostgreSQL judges by itself.
    let sql = format!(
        "SELECT {columns}, p.sort_value FROM ({ids}) p CROSS JOIN clients WHERE clients.id = p.page_client \
         ORDER BY p.sort_value {direction}, p.page_client {direction}"
    );
    let rows = all(conn, &sql, values).await?;
    rows.iter().map(|row| Ok((Client::from_query_result(row, "")?, held(row, by.kind, "sort_value")?))).collect()
}

async fn with_value(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    moment: Moment,
    by: By,
    after: Option<(Held, Uuid)>,
    limit: i64,
) -> Result<Vec<(Client, Option<Held>)>> {
    let (mut sql, mut values) = filter.sql(workspace);
    let (op, direction) = (by.beyond(), by.direction());
    let mut text = Sql { values: &mut values, moment };
    let (from, key, id) = match by.source {
        Source::Known(_) | Source::Metric(_) => {
            let fact = of_client(&mut text, by.source);
            let fact = typed(by.kind, &fact);
            // COALESCE: not in the fact's order by its index, which would walk through all for a few.
            let fact = if by.few { format!("COALESCE({fact}, {fact})") } else { fact };
            sql.push_str(&format!(" AND {fact} IS NOT NULL"));
            ("clients".to_owned(), fact, "clients.id")
        }
        Source::Field(field) => {
            let field = text.put(field);
            let column = value_column(by.kind);
            let own = format!(
                "(SELECT v.client_id AS key_client, v.{column} AS key_value FROM clients_field_values v \
                 WHERE v.workspace_id = $1 AND v.field_id = {field} AND v.position = 0 AND v.{column} IS NOT NULL) k"
            );
            sql.push_str(" AND clients.id = k.key_client");
            let from = if by.few { format!("clients CROSS JOIN {own}") } else { format!("{own} CROSS JOIN clients") };
            (from, "k.key_value".to_owned(), "k.key_client")
        }
    };
    if let Some((value, last)) = after {
        let value = text.put(bound(value));
        let last = text.put(last);
        sql.push_str(&format!(" AND ({key}, {id}) {op} ({value}, {last})"));
    }
    let limit = text.put(limit);
    let ids = format!(
        "SELECT {id} AS page_client, {key} AS sort_value FROM {from} WHERE {sql} \
         ORDER BY {key} {direction}, {id} {direction} LIMIT {limit}"
    );
    read(conn, filter, by, &ids, values).await
}

async fn without(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    moment: Moment,
    by: By,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Client, Option<Held>)>> {
    let (mut sql, mut values) = filter.sql(workspace);
    let (op, direction) = (by.beyond(), by.direction());
    let mut text = Sql { values: &mut values, moment };
    let none = match by.source {
        Source::Known(_) | Source::Metric(_) => format!("{} IS NULL", of_client(&mut text, by.source)),
        Source::Field(field) => format!(
            "NOT EXISTS (SELECT 1 FROM clients_field_values v WHERE v.workspace_id = $1 AND v.field_id = {} \
             AND v.client_id = clients.id)",
            text.put(field)
        ),
    };
    sql.push_str(&format!(" AND {none}"));
    if let Some(last) = after {
        let last = text.put(last);
        sql.push_str(&format!(" AND clients.id {op} {last}"));
    }
    let limit = text.put(limit);
    let ids = format!(
        "SELECT clients.id AS page_client, {} AS sort_value FROM clients WHERE {sql} ORDER BY clients.id {direction} LIMIT {limit}",
        null(by.kind)
    );
    read(conn, filter, by, &ids, values).await
}

/// What is sorted by, as an expression over `clients`; fields are read from the table of their values.
fn of_client(text: &mut Sql<'_>, source: Source) -> String {
    match source {
        Source::Known(known) => text.fact(known, false),
        Source::Metric(id) => text.metric(id),
        Source::Field(_) => "NULL".to_owned(),
    }
}

/// NULL of a kind's type: PostgreSQL has to be told.
const fn null(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "CAST(NULL AS DOUBLE PRECISION)",
        Kind::Money => "CAST(NULL AS BIGINT)",
        Kind::Day => "CAST(NULL AS DATE)",
        Kind::Instant => "CAST(NULL AS TIMESTAMP WITH TIME ZONE)",
        Kind::Boolean => "CAST(NULL AS BOOLEAN)",
        Kind::Text | Kind::Choice | Kind::Choices | Kind::Person | Kind::Url => "CAST(NULL AS TEXT)",
    }
}

/// How many clients of a filter each of several rules holds for, in one walk.
pub async fn counts(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    moment: Moment,
    rules: &[&Rule],
) -> Result<Vec<i64>> {
    let (from, bound) = filter.from(workspace, Walk::Product);
    let mut out = Vec::with_capacity(rules.len());
    // A statement of hundreds of conditions would pass the databases' limits.
    for some in rules.chunks(20) {
        let mut values = bound.clone();
        let mut text = Sql { values: &mut values, moment };
        let columns: Vec<String> = some
            .iter()
            .enumerate()
            .map(|(i, rule)| format!("COUNT(CASE WHEN {} THEN 1 END) AS n{i}", text.rule(rule)))
            .collect();
        let statement = format!("SELECT {} FROM {from}", columns.join(", "));
        let rows = all(conn, &statement, values).await?;
        for i in 0..some.len() {
            out.push(rows.first().map_or(Ok(0), |row| row.try_get("", &format!("n{i}")))?);
        }
    }
    Ok(out)
}

/// The figures of what a list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Clients.
    pub count: i64,
    /// What they pay a month, in cents.
    pub mrr_cents: i64,
    /// The unweighted mean health of those that pay and have a score.
    pub mean_health: Option<f64>,
    /// Those at risk.
    pub at_risk: i64,
    /// What those at risk pay a month, in cents.
    pub risk_mrr_cents: i64,
    /// How many by status.
    pub by_status: BTreeMap<String, i64>,
    /// How many by health class.
    pub by_class: BTreeMap<String, i64>,
    /// Those with a subscription that renews within ninety days.
    pub renewals: i64,
}

#[derive(FromQueryResult)]
struct Group {
    status: String,
    health_class: String,
    at_risk: bool,
    n: i64,
    mrr: i64,
    scored: i64,
    points: i64,
    renewals: i64,
}

/// The figures of what a filter matches; renewals from after `today` to `until`.
pub async fn figures(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    today: NaiveDate,
    until: NaiveDate,
) -> Result<Figures> {
    let (from, mut values) = filter.from(workspace, Walk::Product);
    let mrr = filter.mrr(Walk::Product);
    values.extend(vals![today, until]);
    let n = values.len();
    let statement = format!(
        "SELECT status, health_class, at_risk, COUNT(*) AS n, CAST(COALESCE(SUM({mrr}), 0) AS BIGINT) AS mrr, \
         COUNT(CASE WHEN mrr_cents > 0 THEN health END) AS scored, \
         CAST(COALESCE(SUM(CASE WHEN mrr_cents > 0 THEN health END), 0) AS BIGINT) AS points, \
         COUNT(CASE WHEN renews_on > ${} AND renews_on <= ${n} THEN 1 END) AS renewals \
         FROM {from} GROUP BY status, health_class, at_risk",
        n - 1
    );
    let mut out = Figures::default();
    let (mut scored, mut points) = (0, 0);
    for row in all(conn, &statement, values).await? {
        let group = Group::from_query_result(&row, "")?;
        out.count += group.n;
        out.mrr_cents += group.mrr;
        scored += group.scored;
        points += group.points;
        out.renewals += group.renewals;
        if group.at_risk {
            out.at_risk += group.n;
            out.risk_mrr_cents += group.mrr;
        }
        *out.by_status.entry(group.status).or_default() += group.n;
        *out.by_class.entry(group.health_class).or_default() += group.n;
    }
    out.mean_health = (scored > 0).then(|| points as f64 / scored as f64);
    Ok(out)
}
