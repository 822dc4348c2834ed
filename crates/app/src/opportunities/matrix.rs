//! The matrix of clients and products: what each owns, and what could be sold to it because clients like it own it.

use crate::clients::{Filter, Language, Narrow};
use crate::error::Result;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::identity::Action;
use essor_domain::opportunities::{Detector, Odds, State, expected_cents, success};
use essor_store::opportunities::gaps as store;
use essor_store::{Workspace, clients, clients_bulk, opportunities};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Products that are told, those with the most owners.
const PRODUCTS: usize = 60;

/// What a page of the matrix asks for.
#[derive(Debug, Clone, Default)]
pub struct MatrixQuery {
    /// Which clients; only those that pay are in it.
    pub filter: Filter,
    /// What narrows the filter.
    pub narrow: Narrow,
    /// Only clients to whom this product could be sold.
    pub product: Option<String>,
    /// Where the page before ended.
    pub after: Option<(i64, Uuid)>,
    /// How many, 1–200.
    pub limit: i64,
}

/// A product over all clients of the matrix.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub product: String,
    /// Clients that pay for it.
    pub owners: i64,
    /// What they pay for it a month, in cents.
    pub mrr_cents: i64,
    /// Owners among the clients that pay for anything; none without any.
    pub penetration: Option<f64>,
    /// Clients to whom it could be sold.
    pub clients: i64,
    /// What it would bring there, in cents of MRR.
    pub amount_cents: i64,
    /// The same, each times its probability.
    pub expected_cents: i64,
}

/// A client and a product.
#[derive(Debug, Clone)]
pub enum Cell {
    /// It pays for it.
    Owned {
        /// A month, in cents.
        mrr_cents: i64,
    },
    /// It could be sold to it.
    Suggested {
        /// What it would bring, in cents of MRR.
        amount_cents: i64,
        /// How likely.
        probability: f64,
        /// Amount × probability.
        expected_cents: i64,
        /// What it rests on.
        evidence: Json,
        /// The opportunity that stands for it, and its state.
        opportunity: Option<(Uuid, State)>,
    },
}

/// A client of the matrix.
#[derive(Debug, Clone)]
pub struct MatrixRow {
    /// Which.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Commercial segment.
    pub segment: Option<String>,
    /// Person in charge.
    pub owner: Option<String>,
    /// What it pays a month, in cents.
    pub mrr_cents: i64,
    /// What all that could be sold to it would bring, in cents of MRR.
    pub amount_cents: i64,
    /// The same, each times its probability.
    pub expected_cents: i64,
    /// By product; where there is neither, nothing.
    pub cells: BTreeMap<String, Cell>,
}

/// A page of the matrix.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The products, those with the most owners first.
    pub products: Vec<Column>,
    /// Products that are not told.
    pub more_products: i64,
    /// The clients, those to whom most could be sold first.
    pub rows: Vec<MatrixRow>,
    /// Where the next page begins.
    pub next: Option<(i64, Uuid)>,
    /// Clients that pay.
    pub total: i64,
    /// The day it is shown for.
    pub today: NaiveDate,
}

/// How likely a cross-sell is won, by segment.
struct Chances(HashMap<(String, String), Odds>);

impl Chances {
    fn of(&self, segment: &str) -> f64 {
        let key = (Detector::CrossSell.as_str().to_owned(), segment.to_owned());
        success(Detector::CrossSell, self.0.get(&key).copied().unwrap_or_default())
    }
}

/// Which clients a query is about, and today. Only those that pay are in the matrix.
async fn asked(app: &App, actor: &Actor, query: &MatrixQuery) -> Result<(Filter, NaiveDate)> {
    let language = Language::of(app, actor.workspace).await?;
    let mut filter = language.narrowed(app, actor, query.filter.clone(), &query.narrow).await?;
    filter.status = Some("active".into());
    Ok((filter, language.moment.today))
}

/// The rows of a page alone, with where the next one begins: for the file.
pub async fn matrix_rows(
    app: &App,
    actor: &Actor,
    query: &MatrixQuery,
) -> Result<(Vec<MatrixRow>, Option<(i64, Uuid)>)> {
    let workspace = actor.require(Action::Read)?;
    let (filter, _) = asked(app, actor, query).await?;
    let chances = Chances(opportunities::odds(&app.db, workspace).await?);
    rows_of(app, workspace, &filter, query, &chances).await
}

async fn rows_of(
    app: &App,
    workspace: Workspace,
    filter: &Filter,
    query: &MatrixQuery,
    chances: &Chances,
) -> Result<(Vec<MatrixRow>, Option<(i64, Uuid)>)> {
    let product = query.product.as_deref();
    let mut ids = store::page(&app.db, workspace, filter, product, query.after, query.limit + 1).await?;
    let more = ids.len() as i64 > query.limit;
    ids.truncate(query.limit as usize);
    let next = ids.last().filter(|_| more).map(|(id, amount)| (*amount, *id));
    Ok((rows(app, workspace, &ids, chances).await?, next))
}

/// A page of the matrix; the products' figures are of all that match.
pub async fn matrix(app: &App, actor: &Actor, query: &MatrixQuery) -> Result<Matrix> {
    let workspace = actor.require(Action::Read)?;
    let (filter, today) = asked(app, actor, query).await?;
    // Where nothing is asked, no client has to be looked up for the products' figures.
    let everybody = filter.takes_all_that_pay();
    let (total, _) = clients::count(&app.db, workspace, &filter).await?;
    let chances = Chances(opportunities::odds(&app.db, workspace).await?);
    let within = (!everybody).then_some(&filter);
    let (products, more_products) = columns(app, workspace, within, total, &chances).await?;
    let (rows, next) = rows_of(app, workspace, &filter, query, &chances).await?;
    Ok(Matrix { products, more_products, rows, next, total, today })
}

async fn columns(
    app: &App,
    workspace: Workspace,
    within: Option<&Filter>,
    total: i64,
    chances: &Chances,
) -> Result<(Vec<Column>, i64)> {
    let owned = store::owned(&app.db, workspace, within).await?;
    let mut out: Vec<Column> = owned
        .into_iter()
        .map(|owned| Column {
            product: owned.product,
            owners: owned.owners,
            mrr_cents: owned.mrr_cents,
            penetration: (total > 0).then(|| owned.owners as f64 / total as f64),
            clients: 0,
            amount_cents: 0,
            expected_cents: 0,
        })
        .collect();
    let mut at: HashMap<String, usize> = out.iter().enumerate().map(|(i, c)| (c.product.clone(), i)).collect();
    for alike in store::sums(&app.db, workspace, within).await? {
        // A part of the portfolio may lack a product that is sold elsewhere.
        let i = *at.entry(alike.product.clone()).or_insert_with(|| {
            out.push(Column {
                product: alike.product.clone(),
                owners: 0,
                mrr_cents: 0,
                penetration: (total > 0).then_some(0.0),
                clients: 0,
                amount_cents: 0,
                expected_cents: 0,
            });
            out.len() - 1
        });
        let column = &mut out[i];
        column.clients += alike.n;
        column.amount_cents += alike.n * alike.amount_cents;
        column.expected_cents += alike.n * expected_cents(Some(alike.amount_cents), chances.of(&alike.segment));
    }
    let more = out.len().saturating_sub(PRODUCTS) as i64;
    out.truncate(PRODUCTS);
    Ok((out, more))
}

async fn rows(app: &App, workspace: Workspace, ids: &[(Uuid, i64)], chances: &Chances) -> Result<Vec<MatrixRow>> {
    let clients: Vec<Uuid> = ids.iter().map(|(id, _)| *id).collect();
    let mut known: HashMap<Uuid, clients_bulk::Now> =
        clients_bulk::now(&app.db, workspace, &clients).await?.into_iter().map(|now| (now.id, now)).collect();
    let mut paid = store::paid(&app.db, workspace, &clients).await?;
    let mut gaps = store::of_clients(&app.db, workspace, &clients).await?;
    let standing = opportunities::standing(&app.db, workspace, &clients).await?;
    let row = |(id, amount_cents): &(Uuid, i64)| {
        let now = known.remove(id)?;
        let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
        let mut expected = 0;
        for gap in gaps.remove(id).unwrap_or_default() {
            let probability = chances.of(&gap.segment);
            let expected_cents = expected_cents(Some(gap.amount_cents), probability);
            expected += expected_cents;
            let stands = standing.get(id).into_iter().flatten().find(|(row, ..)| {
                row.detector == Detector::CrossSell && row.state.lives() && product_of(row) == Some(&gap.product)
            });
            let opportunity = stands.map(|(row, ..)| (row.id, row.state));
            let (amount_cents, evidence) = (gap.amount_cents, gap.evidence);
            cells.insert(
                gap.product,
                Cell::Suggested { amount_cents, probability, expected_cents, evidence, opportunity },
            );
        }
        for (product, mrr_cents) in paid.remove(id).unwrap_or_default() {
            cells.insert(product, Cell::Owned { mrr_cents });
        }
        Some(MatrixRow {
            id: *id,
            name: now.name,
            segment: now.segment,
            owner: now.owner,
            mrr_cents: now.mrr_cents,
            amount_cents: *amount_cents,
            expected_cents: expected,
            cells,
        })
    };
    Ok(ids.iter().filter_map(row).collect())
}

/// The product that a cross-sell is about.
pub(super) fn product_of(row: &essor_domain::opportunities::Row) -> Option<&str> {
    row.evidence.first()?.params.get("product")?.as_str()
}
