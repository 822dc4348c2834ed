//! The portfolio's figures, computed once a day and whenever everybody is looked at.

use crate::App;
use crate::error::Result;
use crate::health::Profiles;
use chrono::{Days, NaiveDate};
use essor_domain::health::HealthClass;
use essor_domain::opportunities::{Basket, Market, PlanFigures, ProductFigures, Sample, affinities, median};
use essor_domain::time::{month_end, months_before};
use essor_store::opportunities::facts::uses;
use essor_store::opportunities::market::{self as store, Left, Line};
use essor_store::{Workspace, health};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Clients of a plan whose use is read for its median: the first by the sources' ids.
const SAMPLE: usize = 200;
/// Month-ends looked back on, and within how many days a client counts as left.
const MONTHS: u32 = 12;
const LEFT_DAYS: u64 = 90;
/// Expansions that their median must rest on.
const EXPANSIONS: usize = 10;

/// The figures of a day, kept or computed now.
pub(super) async fn of_day(app: &App, workspace: Workspace, day: NaiveDate) -> Result<Market> {
    if let Some((kept, figures)) = store::get(&app.db.primary(), workspace).await?
        && kept == day
        && let Ok(market) = serde_json::from_value(figures)
    {
        return Ok(market);
    }
    compute(app, workspace, day).await
}

/// Computes the figures of a day and keeps them.
pub(super) async fn compute(app: &App, workspace: Workspace, day: NaiveDate) -> Result<Market> {
    let db = app.db.primary();
    let lines = store::lines(&db, workspace, day).await?;
    let expansions = store::expansions(&db, workspace, day - Days::new(365), day).await?;
    let (affinities, segments) = affinities(&baskets(&lines));
    let market = Market {
        products: products(&lines),
        affinities,
        segments,
        plans: plans(app, workspace, &lines, day).await?,
        expansion: usual(&expansions),
        left: left(app, workspace, day).await?,
    };
    let tx = app.db.begin().await?;
    store::set(&tx, workspace, day, serde_json::to_value(&market).unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(market)
}

fn products(lines: &[Line]) -> Vec<ProductFigures> {
    // Product and segment → who has it, and what its lines are worth.
    type Lines = (BTreeSet<Uuid>, Vec<i64>);
    let mut of: BTreeMap<(&str, Option<&str>), Lines> = BTreeMap::new();
    for line in lines {
        let mut segments = vec![None];
        segments.extend(line.segment.as_deref().map(Some));
        for segment in segments {
            let entry = of.entry((&line.product, segment)).or_default();
            entry.0.insert(line.client_id);
            entry.1.push(line.mrr_cents);
        }
    }
    of.into_iter()
        .map(|((product, segment), (clients, values))| ProductFigures {
            product: product.to_owned(),
            segment: segment.map(str::to_owned),
            clients: clients.len() as i64,
            mrr_cents: median(values).unwrap_or(0),
        })
        .collect()
}

/// What each client that pays has: its lines, which come one client after another, by product.
fn baskets(lines: &[Line]) -> Vec<Basket<'_>> {
    let mut of: BTreeMap<Uuid, Basket<'_>> = BTreeMap::new();
    for line in lines {
        let basket = of.entry(line.client_id).or_default();
        basket.segment = line.segment.as_deref().filter(|segment| !segment.is_empty());
        *basket.products.entry(&line.product).or_default() += line.mrr_cents;
    }
    of.into_values().collect()
}

/// Plans of products that have at least two: only those can be compared.
async fn plans(app: &App, workspace: Workspace, lines: &[Line], day: NaiveDate) -> Result<Vec<PlanFigures>> {
    let mut of: BTreeMap<(&str, &str), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        if let Some(plan) = line.plan.as_deref() {
            of.entry((&line.product, plan)).or_default().push(line);
        }
    }
    let mut plans_of: HashMap<&str, usize> = HashMap::new();
    of.keys().for_each(|(product, _)| *plans_of.entry(product).or_default() += 1);
    of.retain(|(product, _), _| plans_of.get(product).is_some_and(|plans| *plans > 1));

    let db = app.db.primary();
    let mut out = Vec::with_capacity(of.len());
    for ((product, plan), lines) in of {
        let clients: BTreeSet<Uuid> = lines.iter().map(|line| line.client_id).collect();
        let mut sample: Vec<Uuid> = Vec::new();
        for line in &lines {
            if sample.len() < SAMPLE && sample.last() != Some(&line.client_id) {
                sample.push(line.client_id);
            }
        }
        let used = uses(&db, workspace, &sample, day - Days::new(27), day).await?;
        let users = health::active_users(&db, workspace, &sample, day).await?;
        out.push(PlanFigures {
            product: product.to_owned(),
            plan: plan.to_owned(),
            clients: clients.len() as i64,
            unit_cents: median(lines.iter().map(|l| l.mrr_cents / l.quantity.max(1)).collect()).unwrap_or(0),
            uses28: median(sample.iter().map(|id| used.get(id).copied().unwrap_or(0)).collect()).unwrap_or(0),
            users28: median(sample.iter().filter_map(|id| users.get(id).map(|n| i64::from(n.last28))).collect()),
        });
    }
    Ok(out)
}

fn usual(expansions: &[(i64, i64)]) -> Option<f64> {
    let mut shares: Vec<f64> = expansions
        .iter()
        .filter(|(_, before)| *before > 0)
        .map(|(gain, before)| *gain as f64 / *before as f64)
        .collect();
    shares.sort_unstable_by(f64::total_cmp);
    (shares.len() >= EXPANSIONS).then(|| shares[(shares.len() - 1) / 2])
}

/// By health class: clients that paid at past month-ends, and how many of them left within 90 days. Only month-ends of
/// which 90 days have passed count. The class is the one that was recorded then, by the profile of then: a client is
/// looked up by its own, which a profile of the workspace says too.
async fn left(app: &App, workspace: Workspace, day: NaiveDate) -> Result<BTreeMap<String, Sample>> {
    let mut out: BTreeMap<String, Sample> = BTreeMap::new();
    let last = day - Days::new(LEFT_DAYS);
    let profiles = Profiles::load(&app.db.primary(), workspace).await?;
    for back in 1..=MONTHS {
        let end = month_end(months_before(last, back));
        for left in store::left_within(&app.db.primary(), workspace, end, LEFT_DAYS).await? {
            let sample = out.entry(class_of(&left, &profiles)).or_default();
            sample.seen += left.seen;
            sample.hits += left.hits;
        }
    }
    Ok(out)
}

fn class_of(left: &Left, profiles: &Profiles) -> String {
    let profile = &profiles.of(left.segment.as_deref()).profile;
    let by_score = || HealthClass::of(left.health.and_then(|score| u8::try_from(score).ok()), profile).as_str();
    left.class.clone().unwrap_or_else(|| by_score().to_owned())
}
