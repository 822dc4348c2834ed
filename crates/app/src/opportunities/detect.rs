//! Looks for opportunities at the clients touched and brings what stands to what is found. Reading takes long and
//! happens outside the write lock; what stands is read again inside it.

use super::facts::{Seen, gather, is_new};
use super::market;
use super::matrix::product_of;
use crate::App;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::notifications::{Notice, To, notify};
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::notifications::Kind;
use essor_domain::opportunities::{
    Change, Detector, Found, Gap, List, Market, Odds, Row, State, detect, expected_cents, gaps, kept, loss, reconcile,
    success,
};
use essor_domain::time::{day_in, parse_zone};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::opportunities::gaps as gap_store;
use essor_store::opportunities::invoices::{self, Late};
use essor_store::opportunities::{self as store, Fresh, New};
use essor_store::{Tx, Workspace};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// How many clients are read and written together when everybody is looked at.
const CHUNK: usize = 2_000;
/// People are told of at most this many finds of one look, the best first; the page has all.
const TOLD: usize = 10;
/// Only invoices that became late within this many days are news.
const NEWS_DAYS: u64 = 7;
/// An invoice late by more days than this raises the probability of loss.
const LONG_LATE: i64 = 30;

/// What was found at some clients.
pub struct Look {
    day: NaiveDate,
    clients: Vec<Looked>,
}

struct Looked {
    seen: Seen,
    found: Vec<Found>,
    /// Every product that goes with what it has.
    gaps: Vec<Gap>,
    /// How likely its MRR is lost within 90 days.
    loss: f64,
}

/// Looks at some clients as of now, without writing anything but the day's market.
pub async fn look(app: &App, row: &WorkspaceRow, clients: &[Uuid], now: DateTime<Utc>) -> Result<Look> {
    let day = day_in(parse_zone(&row.timezone)?, now);
    let market = market::of_day(app, Workspace(row.id), day).await?;
    look_with(app, row, clients, day, &market).await
}

async fn look_with(app: &App, row: &WorkspaceRow, clients: &[Uuid], day: NaiveDate, market: &Market) -> Result<Look> {
    let seen = gather(&app.db.primary(), row, clients, day).await?;
    let clients = seen
        .into_iter()
        .map(|seen| Looked {
            found: detect(&seen.facts, market),
            gaps: gaps(&seen.facts, market),
            loss: loss(market, &seen.subject.health_class, seen.facts.days_late() > LONG_LATE),
            seen,
        })
        .collect();
    Ok(Look { day, clients })
}

/// Looks at every client of a workspace, with the portfolio's figures of now: after an import.
pub async fn detect_all(app: &App, row: &WorkspaceRow) -> Result<()> {
    let workspace = Workspace(row.id);
    let now = app.clock.now();
    let day = day_in(parse_zone(&row.timezone)?, now);
    let market = std::sync::Arc::new(market::compute(app, workspace, day).await?);
    let ids = essor_store::clients::all_ids(&app.db.primary(), workspace).await?;
    let mut reading = tokio::task::JoinSet::new();
    let mut chunks = ids.chunks(CHUNK).map(<[Uuid]>::to_vec);
    loop {
        // Two at once: one for each core of a small machine.
        while reading.len() < 2
            && let Some(chunk) = chunks.next()
        {
            let (app, row, market) = (app.clone(), row.clone(), market.clone());
            reading.spawn(async move { look_with(&app, &row, &chunk, day, &market).await });
        }
        let Some(done) = reading.join_next().await else { return Ok(()) };
        let look = done.map_err(|error| Error::Internal(error.to_string()))??;
        let tx = app.db.begin().await?;
        save(&tx, row, &look, now).await?;
        tx.commit().await?;
    }
}

/// How likely an opportunity is, by what there is to learn from.
fn probability(looked: &Looked, detector: Detector, odds: &HashMap<(String, String), Odds>, segment: &str) -> f64 {
    let key = (detector.as_str().to_owned(), segment.to_owned());
    let odds = odds.get(&key).copied().unwrap_or_default();
    if detector.list() == List::Retention { kept(looked.loss, odds) } else { success(detector, odds) }
}

/// Writes what was found: only what differs from what stands.
pub async fn save(tx: &Tx, row: &WorkspaceRow, look: &Look, now: DateTime<Utc>) -> Result<()> {
    let workspace = Workspace(row.id);
    store::lock(tx, workspace).await?;
    let ids: Vec<Uuid> = look.clients.iter().map(|looked| looked.seen.subject.id).collect();
    let mut standing = store::standing(tx, workspace, &ids).await?;
    let odds = store::odds(tx, workspace).await?;
    let declined: HashMap<Uuid, String> =
        standing.iter().filter_map(|(id, rows)| Some((*id, declined(rows)?))).collect();
    let mut out = Written::default();
    for looked in &look.clients {
        let rows = standing.remove(&looked.seen.subject.id).unwrap_or_default();
        out.add(looked, rows, &odds, look.day);
    }
    store::insert(tx, workspace, &out.new, now).await?;
    store::refresh(tx, workspace, &out.fresh, now).await?;
    store::turn(tx, workspace, &out.awake, State::Open, now).await?;
    store::turn(tx, workspace, &out.expired, State::Expired, now).await?;
    store::mark_gone(tx, workspace, &out.gone).await?;
    let late: Vec<Late> = look.clients.iter().flat_map(late_of).collect();
    invoices::replace(tx, workspace, &ids, &late).await?;
    let gaps: Vec<_> = look
        .clients
        .iter()
        .map(|looked| {
            let id = looked.seen.subject.id;
            (id, gaps_of(looked, declined.get(&id).map(String::as_str)))
        })
        .collect();
    gap_store::replace(tx, workspace, &gaps).await?;
    if !out.touched.is_empty() {
        emit(tx, workspace, now, &[DomainEvent::OpportunitiesChanged(out.touched.clone())]).await?;
    }
    tell(tx, workspace, look, &out.new, now).await
}

/// What a save writes, gathered over all clients.
#[derive(Default)]
struct Written {
    new: Vec<New>,
    fresh: Vec<Fresh>,
    awake: Vec<Uuid>,
    expired: Vec<Uuid>,
    gone: Vec<Uuid>,
    touched: Vec<Uuid>,
}

impl Written {
    fn add(
        &mut self,
        looked: &Looked,
        rows: Vec<(Row, String, f64)>,
        odds: &HashMap<(String, String), Odds>,
        day: NaiveDate,
    ) {
        let client_id = looked.seen.subject.id;
        let segment = looked.seen.facts.segment.clone().unwrap_or_default();
        let standing: Vec<Row> = rows.iter().map(|(row, ..)| row.clone()).collect();
        let before = (self.new.len(), self.fresh.len(), self.awake.len(), self.expired.len());
        for change in reconcile(&looked.found, &standing, day) {
            match change {
                Change::Add(found) => {
                    let probability = probability(looked, found.detector, odds, &segment);
                    self.new.push(New {
                        id: Uuid::now_v7(),
                        client_id,
                        detector: found.detector,
                        segment: segment.clone(),
                        expected_cents: expected_cents(found.amount_cents, probability),
                        amount_cents: found.amount_cents,
                        evidence: found.evidence,
                        probability,
                        since: day,
                    });
                }
                // Below, with the probability.
                Change::Refresh(..) => {}
                Change::Wake(id) => self.awake.push(id),
                Change::Expire(id) => self.expired.push(id),
                Change::Gone(id) => self.gone.push(id),
            }
        }
        for (row, old_segment, old_probability) in rows.iter().filter(|(row, ..)| row.state.lives()) {
            let Some(found) = looked.found.iter().find(|found| found.detector == row.detector) else { continue };
            let probability = probability(looked, row.detector, odds, &segment);
            let same = row.evidence == found.evidence
                && row.amount_cents == found.amount_cents
                && *old_segment == segment
                && (*old_probability - probability).abs() < 1e-12;
            if !same {
                self.fresh.push(Fresh {
                    id: row.id,
                    segment: segment.clone(),
                    evidence: found.evidence.clone(),
                    amount_cents: found.amount_cents,
                    probability,
                    expected_cents: expected_cents(found.amount_cents, probability),
                });
            }
        }
        if before != (self.new.len(), self.fresh.len(), self.awake.len(), self.expired.len()) {
            self.touched.push(client_id);
        }
    }
}

/// The product that a client was offered in vain, or that it was decided not to offer.
fn declined(rows: &[(Row, String, f64)]) -> Option<String> {
    let decided =
        |row: &&Row| row.detector == Detector::CrossSell && matches!(row.state, State::Dismissed | State::Lost);
    rows.iter().map(|(row, ..)| row).filter(decided).find_map(|row| product_of(row).map(str::to_owned))
}

/// What is kept of the products that could be sold to a client; none for who pays nothing.
fn gaps_of(looked: &Looked, declined: Option<&str>) -> Option<Vec<gap_store::Gap>> {
    let (facts, client_id) = (&looked.seen.facts, looked.seen.subject.id);
    let gap = |gap: &Gap| gap_store::Gap {
        client_id,
        product: gap.product.clone(),
        segment: facts.segment.clone().unwrap_or_default(),
        amount_cents: gap.amount_cents,
        evidence: json!([gap.evidence]),
    };
    // In the order in which they are stored.
    let mut out: Vec<_> = looked.gaps.iter().filter(|gap| Some(gap.product.as_str()) != declined).map(gap).collect();
    out.sort_by(|a, b| a.product.cmp(&b.product));
    (looked.seen.subject.mrr_cents > 0).then_some(out)
}

fn late_of(looked: &Looked) -> impl Iterator<Item = Late> {
    let mrr = looked.seen.facts.mrr_cents;
    looked.seen.invoices.iter().map(move |(signal_id, invoice)| Late {
        client_id: looked.seen.subject.id,
        signal_id: *signal_id,
        number: invoice.number.clone(),
        due: invoice.due,
        amount_cents: invoice.amount_cents,
        expected_cents: expected_cents(Some(mrr), looked.loss),
    })
}

/// Tells people of what is news: the best new opportunities, and invoices that have just become late. What comes with a
/// client's own history, on its first day here, is none.
async fn tell(tx: &Tx, workspace: Workspace, look: &Look, new: &[New], now: DateTime<Utc>) -> Result<()> {
    let known: HashMap<Uuid, &Looked> =
        look.clients.iter().filter(|l| !is_new(&l.seen.subject, now)).map(|l| (l.seen.subject.id, l)).collect();
    let mut best: Vec<&New> = new.iter().filter(|n| known.contains_key(&n.client_id)).collect();
    best.sort_by_key(|n| (std::cmp::Reverse(n.expected_cents), n.id));
    let mut notices: Vec<Notice> = best
        .into_iter()
        .take(TOLD)
        .map(|n| Notice {
            kind: Kind::OpportunityFound,
            client: Some(n.client_id),
            subject: Some(n.id),
            key: format!("opportunity:{}", n.id),
            params: json!({"detector": n.detector.as_str(), "expectedCents": n.expected_cents}),
            to: To::InCharge,
        })
        .collect();
    for (client, looked) in &known {
        let recent = looked.seen.invoices.iter().filter(|(_, i)| i.due + Days::new(NEWS_DAYS) >= look.day);
        notices.extend(recent.map(|(signal_id, invoice)| Notice {
            kind: Kind::InvoiceLate,
            client: Some(*client),
            subject: Some(*signal_id),
            key: format!("invoice:{signal_id}"),
            params: json!({"number": invoice.number, "dueDay": invoice.due, "amountCents": invoice.amount_cents}),
            to: To::InCharge,
        }));
    }
    notify(tx, workspace, now, notices).await?;
    Ok(())
}
