//! The list of clients: its filters, its orders, its pages, its totals and the values to choose among.

use super::{COLUMNS, Client, words};
use crate::expressions::Sql;
use crate::growth::Slice;
use crate::{Conn, Result, Workspace, all, all_as, list, one, vals};
use essor_domain::clients::fold;
use essor_domain::expressions::{Moment, Rule};
use sea_orm::{FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

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
        self.status.as_deref() == Some("active") && self.product.is_none() && self.takes_all_of_product()
    }

    /// Whether it asks for nothing but a status and a product.
    fn takes_all_of_product(&self) -> bool {
        let asked = [&self.q, &self.cause, &self.segment, &self.owner];
        asked.into_iter().all(Option::is_none) && self.classes.is_empty() && !self.risk && self.rules.is_empty()
    }

    /// The condition that a column of client ids names clients of the filter, with AND before it, and its values. Without
    /// a status asked for, clients of those in `left_out` do not count either. Where all are taken but those of a few
    /// statuses, these few are looked for in less time than all the others.
    pub(crate) fn of_column(&self, workspace: Workspace, column: &str, left_out: &str) -> (String, Vec<Value>) {
        let hidden = match self.status.as_deref() {
            None => format!("'archived', 'deleted'{left_out}"),
            Some("all") => "'deleted'".to_owned(),
            Some(_) => String::new(),
        };
        if hidden.is_empty() || !self.takes_all_of_product() {
            let (from, values) = self.from(workspace, Walk::Product);
            let apart = match self.status {
                None if !left_out.is_empty() => format!(" AND clients.status NOT IN ({hidden})"),
                _ => String::new(),
            };
            return (format!(" AND {column} IN (SELECT clients.id FROM {from}{apart})"), values);
        }
        let mut values = vals![workspace.0];
        let mut sql = String::new();
        if let Some(product) = &self.product {
            values.push(product.as_str().into());
            sql = format!(" AND {column} IN (SELECT p.client_id FROM {})", self.of_product());
        }
        sql.push_str(&format!(
            " AND {column} NOT IN (SELECT clients.id FROM clients WHERE clients.workspace_id = $1 \
             AND clients.status IN ({hidden}))"
        ));
        (sql, values)
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
