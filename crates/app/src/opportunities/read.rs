//! The ranked list with its totals, and one opportunity with all that is known of it.

use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::identity::Action;
use essor_domain::opportunities::{Detector, List, Odds, State, success};
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::growth::Slice;
use essor_store::identity::users;
use essor_store::opportunities::{self as store, After, Filter, Listed, Totals};
use std::collections::HashMap;
use uuid::Uuid;

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// One list.
    pub list: Option<String>,
    /// States; none means those that live and are not snoozed.
    pub states: Vec<String>,
    /// One detector.
    pub detector: Option<String>,
    /// At which part of the portfolio.
    pub slice: Slice,
    /// One client.
    pub client: Option<Uuid>,
    /// Where the page before ended.
    pub after: Option<After>,
    /// How many, 1–200.
    pub limit: i64,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The opportunities, the highest expected value first.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<After>,
    /// How many match.
    pub total: i64,
    /// Sums by list, of what matches in any list.
    pub totals: [(List, Totals); 3],
    /// How many there are by state, whatever states were asked for.
    pub states: HashMap<String, i64>,
    /// The day that they are shown for.
    pub today: NaiveDate,
}

/// A page of opportunities.
pub async fn list(app: &App, actor: &Actor, query: &ListQuery) -> Result<Page> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let filter = filter(query)?;
    // The sums are of any list, and how many there are by state of any state.
    let any = Filter { list: None, ..filter.clone() };
    let of_any_state = Filter { states: Vec::new(), ..any.clone() };
    let (mut items, sums, clients) = tokio::try_join!(
        store::page(&app.db, workspace, &filter, query.after, query.limit + 1),
        store::sums(&app.db, workspace, &of_any_state),
        store::clients(&app.db, workspace, &any),
    )?;
    let more = items.len() as i64 > query.limit;
    items.truncate(query.limit as usize);
    let next = items.last().filter(|_| more).map(|item| (item.expected_cents, item.id));
    let clients: HashMap<String, i64> = clients.into_iter().collect();
    let asked = |list: &str| filter.list.is_none_or(|one| one == list);
    let totals = List::ALL.map(|list| {
        let of = sums.iter().filter(|sum| sum.list == list.as_str() && filter.states.contains(&sum.state.as_str()));
        let mut totals = Totals { clients: clients.get(list.as_str()).copied().unwrap_or(0), ..Totals::default() };
        for sum in of {
            totals.count += sum.count;
            totals.amount_cents += sum.amount_cents;
            totals.expected_cents += sum.expected_cents;
            totals.won_cents += sum.won_cents;
        }
        (list, totals)
    });
    let total = totals.iter().filter(|(list, _)| asked(list.as_str())).map(|(_, totals)| totals.count).sum();
    let mut states: HashMap<String, i64> = HashMap::new();
    for sum in sums.iter().filter(|sum| asked(&sum.list)) {
        *states.entry(sum.state.clone()).or_default() += sum.count;
    }
    Ok(Page { items, next, total, totals, states, today })
}

fn filter(query: &ListQuery) -> Result<Filter> {
    let list = query.list.as_deref().map(List::parse).transpose()?.map(List::as_str);
    let detector = query
        .detector
        .as_deref()
        .map(|text| {
            let unknown = || Invalid::field(Code::FieldType, "detector").with("expected", "a detector");
            Detector::parse(text).map(Detector::as_str).ok_or_else(unknown)
        })
        .transpose()?;
    let mut states = Vec::new();
    for state in &query.states {
        match state.as_str() {
            "all" => states.extend(State::ALL.map(State::as_str)),
            state => states.push(State::parse(state)?.as_str()),
        }
    }
    if states.is_empty() {
        states = vec![State::Open.as_str(), State::Accepted.as_str()];
    }
    Ok(Filter { list, detector, states, slice: query.slice.clone(), client: query.client })
}

/// A step with who took it.
#[derive(Debug, Clone)]
pub struct StepShown {
    /// When.
    pub at: DateTime<Utc>,
    /// To which state.
    pub state: String,
    /// Who; none for the detector.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// What was won, in cents.
    pub amount_cents: Option<i64>,
}

/// One opportunity in full.
#[derive(Debug, Clone)]
pub struct Detail {
    /// As listed.
    pub listed: Listed,
    /// Its life, oldest first.
    pub steps: Vec<StepShown>,
    /// Results of its detector in its segment: what the probability rests on.
    pub odds: Odds,
    /// Of a living one of retention: how likely its client is kept by working on it, if it would leave otherwise.
    pub saved: Option<f64>,
    /// The day that it is shown for.
    pub today: NaiveDate,
}

/// One opportunity.
pub async fn one(app: &App, actor: &Actor, id: Uuid) -> Result<Detail> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let listed = store::by_id(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    let steps = store::steps_of(&app.db, workspace, id).await?;
    let people: Vec<Uuid> = steps.iter().filter_map(|step| step.user_id).collect();
    let names: HashMap<Uuid, String> = users::names(&app.db, &people).await?.into_iter().collect();
    let odds = store::odds(&app.db, workspace).await?;
    let steps = steps
        .into_iter()
        .map(|step| StepShown {
            at: step.at,
            by: step.user_id.and_then(|id| names.get(&id).cloned()),
            state: step.state,
            reason: step.reason,
            note: step.note,
            amount_cents: step.amount_cents,
        })
        .collect();
    let odds = odds.get(&(listed.detector.clone(), listed.segment.clone())).copied().unwrap_or_default();
    let living = State::parse(&listed.state)?.lives();
    let retention = Detector::parse(&listed.detector).filter(|d| living && *d == Detector::Retention);
    Ok(Detail {
        odds,
        saved: retention.map(|detector| success(detector, odds)),
        today: day_in(parse_zone(&row.timezone)?, app.clock.now()),
        listed,
        steps,
    })
}
