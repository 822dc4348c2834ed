//! Clients and contacts: upserts by external id, the list with its filters, one client.

pub mod duplicates;
pub mod edit;
pub mod erasures;
pub mod files;
pub mod forget;
pub mod gone;
pub mod held;
pub mod notes;
pub mod people;
pub mod seen;
pub mod stream;
pub mod words;

use crate::clients_fields::key;
use crate::expressions::Sql;
use crate::growth::Slice;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{ClientInput, ContactInput, fold};
use essor_domain::expressions::{Moment, Rule};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A client as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name; units are in the name")]
pub struct Client {
    pub id: Uuid,
    pub external_id: String,
    pub name: String,
    pub domain: Option<String>,
    pub segment: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub plan: Option<String>,
    pub seats: Option<i32>,
    pub since: Option<NaiveDate>,
    pub traits: Json,
    pub archived: bool,
    pub paused: bool,
    pub status: String,
    pub mrr_cents: i64,
    pub trial: bool,
    pub first_paid_on: Option<NaiveDate>,
    pub churned_on: Option<NaiveDate>,
    pub health: Option<i32>,
    pub health_class: String,
    pub health_coverage: Option<f64>,
    pub health_at: Option<DateTime<Utc>>,
    pub top_risk: Option<Json>,
    pub at_risk: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub stage: Option<String>,
}

pub(crate) const COLUMNS: &str = "id, external_id, name, domain, segment, industry, country, owner, plan, seats, since, traits, \
    archived, paused, status, mrr_cents, trial, first_paid_on, churned_on, health, health_class, health_coverage, \
    health_at, top_risk, at_risk, last_seen_at, created_at, stage";

/// The scope of clients `c` that are found by their ids or their parents': no index answers an expression, so that
/// SQLite, which without statistics takes `workspace_id` for as narrow as an id, does not walk through all clients.
pub(crate) const SCOPE: &str = "COALESCE(c.workspace_id, c.id) = $1";

/// The same for rows that are found by the clients they belong to: without statistics SQLite would rather walk through all
/// rows of the workspace, by kind or by day, for every chunk of clients.
pub(crate) const OF_CLIENTS: &str = "COALESCE(workspace_id, client_id) = $1";

/// The status of a client from what is derived of its subscriptions and what was set by hand. `none` is a client that
/// never had a subscription; `deleted` one in the trash or merged into another, which no list and no total knows.
pub const STATUS_SQL: &str = "CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN archived AND mrr_cents = 0 THEN 'archived' WHEN paused THEN 'paused' \
    WHEN mrr_cents > 0 THEN 'active' WHEN trial THEN 'trial' WHEN first_paid_on IS NOT NULL THEN 'churned' ELSE 'none' END";

/// What an upsert did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// The row's id.
    pub id: Uuid,
    /// The source's id.
    pub external_id: String,
    /// Whether it is new.
    pub created: bool,
}

#[derive(FromQueryResult)]
struct Returned {
    id: Uuid,
    external_id: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Returned> for Upserted {
    fn from(row: Returned) -> Self {
        Upserted { id: row.id, created: row.created_at == row.updated_at, external_id: row.external_id }
    }
}

/// Creates or updates clients by external id, in order; an external id that comes twice is applied twice. Fields left
/// out keep what is stored; traits are merged key by key. The external id of a merged client reaches its survivor, and
/// says there what nobody has said yet.
pub async fn upsert(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ClientInput],
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let names: Vec<&str> = inputs.iter().map(|input| input.external_id.as_str()).collect();
    let aliases = gone::aliases(tx, workspace, &names).await?;
    if aliases.is_empty() {
        return write(tx, workspace, inputs, now).await;
    }
    let mut led = inputs.to_vec();
    for input in &mut led {
        if let Some((id, survivor)) = aliases.get(&input.external_id)
            && let Some(client) = get(tx, workspace, *id).await?
        {
            *input = beside(input, &client, survivor);
        }
    }
    let done = write(tx, workspace, &led, now).await?;
    // The caller knows each by the name that it gave.
    let named = done.into_iter().zip(inputs);
    Ok(named.map(|(row, input)| Upserted { external_id: input.external_id.clone(), ..row }).collect())
}

/// What a source that knows a client by a former id adds to it: only what is blank.
fn beside(input: &ClientInput, client: &Client, survivor: &str) -> ClientInput {
    let blank = |said: &Option<String>, stands: &Option<String>| said.clone().filter(|_| stands.is_none());
    let traits = input.traits.iter().filter(|(key, _)| client.traits.get(key.as_str()).is_none());
    ClientInput {
        external_id: survivor.to_owned(),
        name: None,
        domain: blank(&input.domain, &client.domain),
        segment: blank(&input.segment, &client.segment),
        industry: blank(&input.industry, &client.industry),
        country: blank(&input.country, &client.country),
        owner: blank(&input.owner, &client.owner),
        plan: blank(&input.plan, &client.plan),
        seats: input.seats.filter(|_| client.seats.is_none()),
        since: input.since.filter(|_| client.since.is_none()),
        traits: traits.map(|(key, value)| (key.clone(), value.clone())).collect(),
        archived: None,
        paused: None,
        ..input.clone()
    }
}

async fn write(tx: &Tx, workspace: Workspace, inputs: &[ClientInput], now: DateTime<Utc>) -> Result<Vec<Upserted>> {
    let merge = tx.engine().json_merge("clients.traits", "excluded.traits");
    let tail = format!(
        " ON CONFLICT (workspace_id, external_id) DO UPDATE SET \
         name = CASE WHEN excluded.name = excluded.external_id THEN clients.name ELSE excluded.name END, \
         name_key = CASE WHEN excluded.name = excluded.external_id THEN clients.name_key ELSE excluded.name_key END, \
         domain = COALESCE(excluded.domain, clients.domain), segment = COALESCE(excluded.segment, clients.segment), \
         industry = COALESCE(excluded.industry, clients.industry), country = COALESCE(excluded.country, clients.country), \
         owner = COALESCE(excluded.owner, clients.owner), plan = COALESCE(excluded.plan, clients.plan), \
         seats = COALESCE(excluded.seats, clients.seats), since = COALESCE(excluded.since, clients.since), \
         {}, traits = {merge}, updated_at = excluded.updated_at RETURNING id, external_id, created_at, updated_at",
        ["segment", "industry", "country", "owner", "plan"]
            .map(|word| {
                format!(
                    "{word}_key = CASE WHEN excluded.{word} IS NULL THEN clients.{word}_key ELSE excluded.{word}_key END"
                )
            })
            .join(", ")
    );
    let mut out = Vec::with_capacity(inputs.len());
    for chunk in distinct_runs(inputs, |input| input.external_id.as_str()) {
        let rows = chunk
            .iter()
            .map(|c| {
                let name = c.name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or(&c.external_id);
                vals![
                    Uuid::now_v7(),
                    workspace.0,
                    c.external_id.as_str(),
                    name,
                    fold(name),
                    c.domain.as_ref().map(|domain| domain.to_lowercase()),
                    c.segment.clone(),
                    c.industry.clone(),
                    c.country.clone(),
                    c.owner.clone(),
                    c.plan.clone(),
                    c.seats,
                    c.since,
                    clean(Json::Object(c.traits.clone())),
                    false,
                    false,
                    "none",
                    0_i64,
                    false,
                    "unknown",
                    false,
                    now,
                    now,
                    key(c.segment.as_deref()),
                    key(c.industry.as_deref()),
                    key(c.country.as_deref()),
                    key(c.owner.as_deref()),
                    key(c.plan.as_deref()),
                ]
            })
            .collect();
        let head = "INSERT INTO clients (id, workspace_id, external_id, name, name_key, domain, segment, industry, \
            country, owner, plan, seats, since, traits, archived, paused, status, mrr_cents, trial, health_class, at_risk, \
            created_at, updated_at, segment_key, industry_key, country_key, owner_key, plan_key)";
        let mut by_id: HashMap<String, Upserted> = HashMap::new();
        for row in tx.insert_many(head, &tail, rows).await? {
            let row: Upserted = Returned::from_query_result(&row, "")?.into();
            by_id.insert(row.external_id.clone(), row);
        }
        let fresh = out.len();
        out.extend(chunk.iter().filter_map(|input| by_id.remove(&input.external_id)));
        if chunk.iter().any(|input| input.segment.is_some() || input.owner.is_some()) {
            let ids: Vec<Uuid> = out[fresh..].iter().map(|row| row.id).collect();
            crate::growth::slices::follow(tx, workspace, &ids).await?;
        }
        for input in chunk.iter().filter(|c| c.archived.is_some() || c.paused.is_some()) {
            tx.run(
                "UPDATE clients SET archived = COALESCE($1, archived), paused = COALESCE($2, paused) \
                 WHERE workspace_id = $3 AND external_id = $4",
                vals![input.archived, input.paused, workspace.0, input.external_id.as_str()],
            )
            .await?;
            tx.run(
                &format!("UPDATE clients SET status = {STATUS_SQL} WHERE workspace_id = $1 AND external_id = $2"),
                vals![workspace.0, input.external_id.as_str()],
            )
            .await?;
        }
    }
    Ok(out)
}

/// Splits a list into the longest runs in which no key comes twice: `ON CONFLICT` may touch a row once a statement.
pub(crate) fn distinct_runs<'a, T>(items: &'a [T], key: impl Fn(&'a T) -> &'a str) -> Vec<&'a [T]> {
    let mut out = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut start = 0;
    for (i, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            out.push(&items[start..i]);
            start = i;
            seen.clear();
            seen.insert(key(item));
        }
    }
    if start < items.len() {
        out.push(&items[start..]);
    }
    out
}

/// JSON without NUL characters, which PostgreSQL's `jsonb` cannot hold.
pub(crate) fn clean(value: Json) -> Json {
    match value {
        Json::String(text) if text.contains('\0') => Json::String(text.replace('\0', "")),
        Json::Array(items) => Json::Array(items.into_iter().map(clean).collect()),
        Json::Object(map) => Json::Object(map.into_iter().map(|(k, v)| (k.replace('\0', ""), clean(v))).collect()),
        other => other,
    }
}

/// The ids of clients by external id, that of a merged client leading to its survivor; unknown ones are absent.
pub async fn ids(conn: &impl Conn, workspace: Workspace, external_ids: &[&str]) -> Result<HashMap<String, Uuid>> {
    let mut out = ids_in(conn, "clients", workspace, external_ids).await?;
    let aliases = gone::aliases(conn, workspace, external_ids).await?;
    out.extend(aliases.into_iter().map(|(alias, (id, _))| (alias, id)));
    Ok(out)
}

/// The ids of contacts by external id; unknown ones are absent.
pub async fn contact_ids(
    conn: &impl Conn,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, Uuid>> {
    ids_in(conn, "clients_contacts", workspace, external_ids).await
}

async fn ids_in(
    conn: &impl Conn,
    table: &str,
    workspace: Workspace,
    external_ids: &[&str],
) -> Result<HashMap<String, Uuid>> {
    let mut out = HashMap::new();
    for chunk in external_ids.chunks(400) {
        let sql = format!(
            "SELECT external_id, id FROM {table} WHERE workspace_id = $1 AND external_id IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, row.try_get("", "id")?);
        }
    }
    Ok(out)
}

/// One client.
pub async fn get(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Client>> {
    let sql = format!("SELECT {COLUMNS} FROM clients WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By folded name.
    Name,
    /// By MRR.
    Mrr,
    /// By health; clients without a score come last either way.
    Health,
}

/// The value of a sort key at which a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A folded name.
    Text(String),
    /// An amount or a score.
    Number(i64),
}

/// Which clients a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name or domain, or the beginning of a person there or of a tag.
    pub q: Option<String>,
    /// A status; `active` means MRR above zero; none means all but archived.
    pub status: Option<String>,
    /// Health classes.
    pub classes: Vec<String>,
    /// Only those at risk.
    pub risk: bool,
    /// The key of the risk that costs most points.
    pub cause: Option<String>,
    /// A segment.
    pub segment: Option<String>,
    /// A person in charge.
    pub owner: Option<String>,
    /// A product: clients that pay for it or did, `active` ones those that do; amounts are then what they pay for it.
    pub product: Option<String>,
    /// Expressions that all have to hold.
    pub rules: Vec<Rule>,
    /// The day that the expressions are about; without one they are not asked.
    pub moment: Option<Moment>,
}

/// From where a query with a product walks: from the product to its clients, which suits sums and what is paid for it, or
/// through the clients in an order of theirs until a page is full. Without a product it is all one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    Product,
    Clients,
}

impl Filter {
    /// Whether it takes every client that pays, and asks nothing else.
    pub fn takes_all_that_pay(&self) -> bool {
        let asked = [&self.q, &self.cause, &self.segment, &self.owner, &self.product];
        self.status.as_deref() == Some("active")
            && asked.into_iter().all(Option::is_none)
            && self.classes.is_empty()
            && !self.risk
            && self.rules.is_empty()
    }

    /// What a client pays a month for what the list is about, as an expression. The product is always `$2`.
    pub(crate) fn mrr(&self, walk: Walk) -> &'static str {
        match (&self.product, walk) {
            (None, _) => "mrr_cents",
            (Some(_), Walk::Product) => "paid.cents",
            (Some(_), Walk::Clients) => {
                "COALESCE((SELECT p.mrr_cents FROM growth_client_products p WHERE p.workspace_id = clients.workspace_id \
                 AND p.client_id = clients.id AND p.product = $2), 0)"
            }
        }
    }

    /// What stands between FROM and further conditions, and its values; the workspace is `$1`.
    pub(crate) fn from(&self, workspace: Workspace, walk: Walk) -> (String, Vec<Value>) {
        self.in_order(workspace, walk, Sort::Name)
    }

    fn in_order(&self, workspace: Workspace, walk: Walk, by: Sort) -> (String, Vec<Value>) {
        let (sql, values) = self.sql_by(workspace, walk, by);
        let tables = match (&self.product, walk) {
            // CROSS JOIN tells SQLite, which has no statistics, what to walk through.
            (Some(_), Walk::Product) => format!(
                "(SELECT p.client_id AS client, p.mrr_cents AS cents FROM {}) paid CROSS JOIN clients",
                self.of_product()
            ),
            _ => String::from("clients"),
        };
        (format!("{tables} WHERE {sql}"), values)
    }

    /// The clients of the product.
    fn of_product(&self) -> String {
        let paying = if self.status.as_deref() == Some("active") { " AND p.mrr_cents > 0" } else { "" };
        format!("growth_client_products p WHERE p.workspace_id = $1 AND p.product = $2{paying}")
    }

    /// The conditions on `clients` alone.
    pub(crate) fn sql(&self, workspace: Workspace) -> (String, Vec<Value>) {
        self.sql_by(workspace, Walk::Clients, Sort::Name)
    }

    /// The same for a page in an order. The index of names covers the search; in another order it gives the ids first,
    /// so that the table is read only for what was found.
    fn sql_by(&self, workspace: Workspace, walk: Walk, by: Sort) -> (String, Vec<Value>) {
        let mut sql = String::from("clients.workspace_id = $1");
        let mut values = vals![workspace.0];
        if let Some(product) = &self.product {
            values.push(product.as_str().into());
            sql.push_str(&match walk {
                Walk::Product => " AND clients.id = paid.client".to_owned(),
                Walk::Clients => {
                    format!(" AND EXISTS (SELECT 1 FROM {} AND p.client_id = clients.id)", self.of_product())
                }
            });
        }
        let slice = Slice { segment: self.segment.clone(), owner: self.owner.clone(), ..Slice::default() };
        sql.push_str(&slice.of_clients("clients", &mut values));
        fn push_to(sql: &mut String, values: &mut Vec<Value>, text: &str, value: Value) {
            values.push(value);
            sql.push_str(&text.replace('?', &format!("${}", values.len())));
        }
        match self.status.as_deref() {
            Some("all") => push_to(&mut sql, &mut values, " AND status <> ?", "deleted".into()),
            // The plus leaves the choice of the index to what the list is sorted or counted by: most clients pay.
            Some("active") => push_to(&mut sql, &mut values, " AND +mrr_cents > ?", 0_i64.into()),
            // The trash is a list of its own.
            Some("deleted") => push_to(&mut sql, &mut values, " AND status = ?", "".into()),
            Some(status) => push_to(&mut sql, &mut values, " AND status = ?", status.into()),
            None => push_to(&mut sql, &mut values, " AND status NOT IN ('archived', ?)", "deleted".into()),
        }
        if let Some(q) = &self.q {
            let folded = fold(q);
            let escaped = folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            values.push(format!("%{escaped}%").into());
            let like = values.len();
            let own = format!("name_key LIKE ${like} ESCAPE '\\' OR domain LIKE ${like} ESCAPE '\\'");
            let beside = words::beside(&folded, &mut values);
            sql.push_str(&match (by, beside) {
                (Sort::Name, Some(beside)) => format!(" AND ({own} OR id IN ({beside}))"),
                (Sort::Name, None) => format!(" AND ({own})"),
                (_, beside) => format!(
                    " AND id IN (SELECT m.id FROM clients m WHERE m.workspace_id = $1 AND ({own}){})",
                    beside.map(|beside| format!(" UNION {beside}")).unwrap_or_default()
                ),
            });
        }
        if self.risk {
            push_to(&mut sql, &mut values, " AND at_risk = ?", true.into());
        }
        if let Some(cause) = &self.cause {
            push_to(&mut sql, &mut values, " AND top_risk_key = ?", cause.as_str().into());
        }
        if !self.classes.is_empty() {
            let from = values.len() + 1;
            values.extend(self.classes.iter().map(|c| Value::from(c.as_str())));
            sql.push_str(&format!(" AND health_class IN ({})", list(from, self.classes.len())));
        }
        if let Some(moment) = self.moment {
            let mut rules = Sql { values: &mut values, moment };
            for rule in &self.rules {
                sql.push_str(" AND ");
                sql.push_str(&rules.rule(rule));
            }
        }
        (sql, values)
    }
}

/// A page of the list, from after a cursor.
pub async fn page(
    conn: &impl Conn,
    workspace: Workspace,
    filter: &Filter,
    sort: Sort,
    descending: bool,
    after: Option<(Key, Uuid)>,
    limit: i64,
) -> Result<Vec<Client>> {
    let walk = if sort == Sort::Mrr { Walk::Product } else { Walk::Clients };
    let (mut from, mut values) = filter.in_order(workspace, walk, sort);
    // Clients without a score sort below 0 downwards and above 100 upwards: last either way, and one comparison.
    let mrr = filter.mrr(walk);
    let key = match (sort, descending) {
        (Sort::Name, _) => "name_key",
        (Sort::Mrr, _) => mrr,
        (Sort::Health, true) => "COALESCE(health, -1)",
        (Sort::Health, false) => "COALESCE(health, 101)",
    };
    // By what is paid for a product it is that table's index that has the order.
    let row = if mrr == "paid.cents" { "paid.client" } else { "id" };
    let (op, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some((value, id)) = after {
        let value = match value {
            Key::Text(text) => text.into(),
            Key::Number(number) => number.into(),
        };
        values.extend([value, id.into()]);
        let n = values.len();
        from.push_str(&format!(" AND ({key}, {row}) {op} (${}, ${n})", n - 1));
    }
    values.push(limit.into());
    let columns = COLUMNS.replace("mrr_cents", &format!("{mrr} AS mrr_cents"));
    let sql =
        format!("SELECT {columns} FROM {from} ORDER BY {key} {direction}, {row} {direction} LIMIT ${}", values.len());
    all_as(conn, &sql, values).await
}

/// How many clients a filter matches, and what they pay a month.
pub async fn count(conn: &impl Conn, workspace: Workspace, filter: &Filter) -> Result<(i64, i64)> {
    let (from, values) = filter.from(workspace, Walk::Product);
    let sql = format!(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM({}), 0) AS BIGINT) AS mrr FROM {from}",
        filter.mrr(Walk::Product)
    );
    match one(conn, &sql, values).await? {
        Some(row) => Ok((row.try_get("", "n")?, row.try_get("", "mrr")?)),
        None => Ok((0, 0)),
    }
}

/// How many clients there are by value, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By commercial segment.
    pub segments: Vec<(String, i64)>,
    /// By person in charge.
    pub owners: Vec<(String, i64)>,
    /// By status as the list filters it: `active` is whoever pays, a client paused by hand too.
    pub statuses: Vec<(String, i64)>,
    /// By health class.
    pub classes: Vec<(String, i64)>,
}

#[derive(FromQueryResult)]
struct FacetRow {
    segment: Option<String>,
    owner: Option<String>,
    status: String,
    health_class: String,
    n: i64,
    paying: i64,
}

/// At most this many values of a facet are told.
const VALUES: usize = 200;

/// Counts the clients by all facets in one pass over one index.
pub async fn facets(conn: &impl Conn, workspace: Workspace) -> Result<Facets> {
    let sql = "SELECT segment, owner, status, health_class, COUNT(*) AS n, \
        SUM(CASE WHEN mrr_cents > 0 THEN 1 ELSE 0 END) AS paying FROM clients WHERE workspace_id = $1 \
        AND status <> 'deleted' GROUP BY segment, owner, status, health_class";
    let (mut segments, mut owners, mut statuses, mut classes) = <(Counts, Counts, Counts, Counts)>::default();
    let mut active = 0;
    for row in all_as::<FacetRow>(conn, sql, vals![workspace.0]).await? {
        for (counts, value) in [
            (&mut segments, row.segment),
            (&mut owners, row.owner),
            (&mut statuses, Some(row.status)),
            (&mut classes, Some(row.health_class)),
        ] {
            if let Some(value) = value {
                *counts.entry(value).or_default() += row.n;
            }
        }
        active += row.paying;
    }
    statuses.remove("active");
    let mut statuses = largest(statuses);
    if active > 0 {
        statuses.insert(0, ("active".into(), active));
    }
    Ok(Facets { segments: largest(segments), owners: largest(owners), statuses, classes: largest(classes) })
}

type Counts = BTreeMap<String, i64>;

fn largest(counts: Counts) -> Vec<(String, i64)> {
    let mut out: Vec<_> = counts.into_iter().collect();
    // Stable: equals stay in the order of their names.
    out.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    out.truncate(VALUES);
    out
}

/// What one column of clients says, for choosing among it.
#[derive(Debug, Clone, Copy)]
pub enum Facet {
    /// Commercial segment.
    Segment,
    /// Industry.
    Industry,
    /// Country.
    Country,
    /// Person in charge.
    Owner,
    /// Plan or offer.
    Plan,
    /// The risk that costs most points.
    TopRisk,
}

/// How many clients there are by a column's value, the largest first.
pub async fn facet(conn: &impl Conn, workspace: Workspace, facet: Facet) -> Result<Vec<(String, i64)>> {
    let column = match facet {
        Facet::Segment => "segment",
        Facet::Industry => "industry",
        Facet::Country => "country",
        Facet::Owner => "owner",
        Facet::Plan => "plan",
        Facet::TopRisk => "top_risk_key",
    };
    let sql = format!(
        "SELECT {column} AS value, COUNT(*) AS n FROM clients WHERE workspace_id = $1 AND {column} IS NOT NULL \
         AND status <> 'deleted' \
         GROUP BY {column} ORDER BY COUNT(*) DESC, {column} LIMIT {VALUES}"
    );
    all(conn, &sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "value")?, row.try_get("", "n")?)))
        .collect()
}

/// All client ids of a workspace, in order.
pub async fn all_ids(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Uuid>> {
    all(conn, "SELECT id FROM clients WHERE workspace_id = $1 ORDER BY id", vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok(row.try_get("", "id")?))
        .collect()
}

/// All clients with their segments, in order.
pub async fn segments(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(Uuid, Option<String>)>> {
    all(conn, "SELECT id, segment FROM clients WHERE workspace_id = $1 ORDER BY id", vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "segment")?)))
        .collect()
}

/// The segments of some clients.
pub async fn segments_of(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
) -> Result<HashMap<Uuid, Option<String>>> {
    let mut out = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!("SELECT id, segment FROM clients c WHERE {SCOPE} AND id IN ({})", list(2, chunk.len()));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, row.try_get("", "segment")?);
        }
    }
    Ok(out)
}

/// Those of some clients that pay: id, name, cents a month.
pub async fn paying(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<(Uuid, String, i64)>> {
    let mut out = Vec::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, name, mrr_cents FROM clients c WHERE {SCOPE} AND mrr_cents > 0 AND id IN ({}) ORDER BY id",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.push((row.try_get("", "id")?, row.try_get("", "name")?, row.try_get("", "mrr_cents")?));
        }
    }
    Ok(out)
}

/// The clients that left since a day and have not come back, with the day.
pub async fn left_since(conn: &impl Conn, workspace: Workspace, since: NaiveDate) -> Result<Vec<(Uuid, NaiveDate)>> {
    let sql = "SELECT id, churned_on FROM clients WHERE workspace_id = $1 AND churned_on >= $2 ORDER BY id";
    all(conn, sql, vals![workspace.0, since])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "churned_on")?)))
        .collect()
}

/// A contact as stored.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Contact {
    pub id: Uuid,
    pub client_id: Option<Uuid>,
    pub external_id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub title: Option<String>,
    pub left_on: Option<NaiveDate>,
    pub consent: Option<String>,
    pub consent_on: Option<NaiveDate>,
    pub last_seen_at: Option<DateTime<Utc>>,
}

pub(crate) const CONTACT: &str =
    "id, client_id, external_id, name, email, role, title, left_on, consent, consent_on, last_seen_at";

/// Creates or updates contacts by external id; `clients` holds the ids of the clients that the inputs name.
pub async fn upsert_contacts(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ContactInput],
    clients: &HashMap<String, Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let merge = tx.engine().json_merge("clients_contacts.traits", "excluded.traits");
    let tail = format!(
        " ON CONFLICT (workspace_id, external_id) DO UPDATE SET \
         client_id = COALESCE(excluded.client_id, clients_contacts.client_id), \
         name = COALESCE(excluded.name, clients_contacts.name), email = COALESCE(excluded.email, clients_contacts.email), \
         role = COALESCE(excluded.role, clients_contacts.role), \
         left_on = COALESCE(excluded.left_on, clients_contacts.left_on), traits = {merge}, updated_at = excluded.updated_at, \
         deleted_at = NULL RETURNING id, external_id, created_at, updated_at"
    );
    let mut out = Vec::with_capacity(inputs.len());
    for chunk in distinct_runs(inputs, |input| input.external_id.as_str()) {
        let rows = chunk
            .iter()
            .map(|c| {
                let client = c.client_external_id.as_ref().and_then(|id| clients.get(id)).copied();
                vals![
                    Uuid::now_v7(),
                    workspace.0,
                    client,
                    c.external_id.as_str(),
                    c.name.clone(),
                    c.email.clone(),
                    c.role.clone(),
                    c.left_on,
                    clean(Json::Object(c.traits.clone())),
                    now,
                    now,
                ]
            })
            .collect();
        let head = "INSERT INTO clients_contacts (id, workspace_id, client_id, external_id, name, email, role, left_on, traits, created_at, updated_at)";
        let mut by_id: HashMap<String, Upserted> = HashMap::new();
        for row in tx.insert_many(head, &tail, rows).await? {
            let row: Upserted = Returned::from_query_result(&row, "")?.into();
            by_id.insert(row.external_id.clone(), row);
        }
        let named = chunk.iter().filter(|input| input.name.is_some() || input.email.is_some());
        let named: Vec<Uuid> = named.filter_map(|input| by_id.get(&input.external_id)).map(|row| row.id).collect();
        words::write(tx, workspace, &named).await?;
        out.extend(chunk.iter().filter_map(|input| by_id.remove(&input.external_id)));
    }
    Ok(out)
}

/// One contact.
pub async fn contact(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Contact>> {
    let sql =
        format!("SELECT {CONTACT} FROM clients_contacts WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// The people at a client, the last seen first.
pub async fn contacts(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<Contact>> {
    let sql = format!(
        "SELECT {CONTACT} FROM clients_contacts WHERE workspace_id = $1 AND client_id = $2 \
         AND deleted_at IS NULL ORDER BY CASE WHEN last_seen_at IS NULL THEN 1 ELSE 0 END, last_seen_at DESC, external_id LIMIT 500"
    );
    all_as(conn, &sql, vals![workspace.0, client]).await
}

/// The clients of contacts by external id: where a user's events go.
pub async fn clients_of_contacts(
    conn: &impl Conn,
    workspace: Workspace,
    users: &[&str],
) -> Result<HashMap<String, Option<Uuid>>> {
    let mut out = HashMap::new();
    for chunk in users.chunks(400) {
        let sql = format!(
            "SELECT external_id, client_id FROM clients_contacts WHERE workspace_id = $1 AND external_id IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|user| Value::from(*user)));
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "external_id")?, row.try_get("", "client_id")?);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_no_key_twice() {
        let items = ["a", "b", "a", "c", "c"];
        let runs = distinct_runs(&items, |item| item);
        assert_eq!(runs, vec![&items[0..2], &items[2..4], &items[4..5]]);
        assert!(distinct_runs(&[] as &[&str], |item| item).is_empty());
    }
}
