//! The best next moves: what is worth most among opportunities, late invoices and overdue tasks, one a client.

use crate::error::Result;
use crate::notifications::member_of;
use crate::{Actor, App};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use essor_domain::identity::Action;
use essor_domain::opportunities::{Detector, List, Odds, State, expected_cents, success};
use essor_domain::tasks::Priority;
use essor_domain::time::{day_in, parse_zone};
use essor_store::growth::Slice;
use essor_store::identity::members;
use essor_store::opportunities::invoices::{self, Ranked};
use essor_store::opportunities::{self as store, Filter, Listed};
use essor_store::tasks::{self, Task, When};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many opportunities, and how many of each other kind, are looked at before the best are taken: several may be of
/// one client, or of clients for which a move is under way.
const OPPORTUNITIES: i64 = 60;
const LOOKED_AT: i64 = 20;

/// What a move is about.
#[derive(Debug, Clone)]
pub enum ActionOf {
    /// An opportunity that nobody works on.
    Opportunity(Box<Listed>),
    /// An invoice to ask for.
    Invoice(Ranked),
    /// A task that waits too long.
    Task(Box<Task>),
}

/// One of the best next moves.
#[derive(Debug, Clone)]
pub struct NextAction {
    /// What it is about.
    pub of: ActionOf,
    /// What it is expected to bring or keep, in cents of MRR.
    pub expected_cents: i64,
    /// When it should be done: a working day.
    pub due: NaiveDate,
    /// How urgent.
    pub priority: Priority,
    /// Who: the member in charge of the client, else the caller.
    pub owner: Option<(Uuid, String)>,
}

/// The best next moves.
#[derive(Debug, Clone)]
pub struct Actions {
    /// The best first.
    pub items: Vec<NextAction>,
    /// The day that they are for.
    pub today: NaiveDate,
}

/// The `limit` best next moves, of all clients or of one: one a client.
pub async fn next_actions(app: &App, actor: &Actor, client: Option<Uuid>, limit: usize) -> Result<Actions> {
    next_actions_in(app, actor, &Slice::default(), client, limit).await
}

/// The same of a part of the portfolio.
pub async fn next_actions_in(
    app: &App,
    actor: &Actor,
    slice: &Slice,
    client: Option<Uuid>,
    limit: usize,
) -> Result<Actions> {
    let (found, today) = moves(app, actor, slice, client).await?;
    let mut taken = HashSet::new();
    let items = found
        .into_iter()
        .filter(|(client, _)| client.is_none_or(|client| taken.insert(client)))
        .map(|(_, action)| action)
        .take(limit)
        .collect();
    Ok(Actions { items, today })
}

/// All that is recommended for one client beside its tasks.
pub(crate) async fn moves_of(app: &App, actor: &Actor, client: Uuid) -> Result<Vec<NextAction>> {
    let (found, _) = moves(app, actor, &Slice::default(), Some(client)).await?;
    let recommended = |action: &NextAction| !matches!(action.of, ActionOf::Task(_));
    Ok(found.into_iter().map(|(_, action)| action).filter(recommended).collect())
}

/// Moves by client, the best first, and the day that they are for.
type Moves = (Vec<(Option<Uuid>, NextAction)>, NaiveDate);

async fn moves(app: &App, actor: &Actor, slice: &Slice, client: Option<Uuid>) -> Result<Moves> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let members = members::list(&app.db, workspace).await?;
    let me = members.iter().find(|m| Some(m.user_id) == actor.user_id());
    let owner_of =
        |owner: Option<&str>| member_of(&members, owner).or(me).map(|member| (member.user_id, member.name.clone()));
    let mut found: Vec<(Option<Uuid>, NextAction)> = Vec::new();

    let open = Filter { states: vec![State::Open.as_str()], slice: slice.clone(), client, ..Filter::default() };
    for listed in store::page(&app.db, workspace, &open, None, OPPORTUNITIES).await? {
        let loss = listed.list == List::Retention.as_str();
        let (days, priority) = if loss { (1, Priority::High) } else { (3, Priority::Normal) };
        let action = NextAction {
            expected_cents: listed.expected_cents,
            due: working_day(today, days),
            priority,
            owner: owner_of(listed.client_owner.as_deref()),
            of: ActionOf::Opportunity(Box::new(listed.clone())),
        };
        found.push((Some(listed.client_id), action));
    }
    let odds = store::odds(&app.db, workspace).await?;
    for invoice in invoices::ranked(&app.db, workspace, slice, client, LOOKED_AT).await? {
        let action = NextAction {
            expected_cents: expected_cents(Some(invoice.expected_cents), kept_of(&odds, &invoice)),
            due: working_day(today, 1),
            priority: Priority::High,
            owner: owner_of(invoice.client_owner.as_deref()),
            of: ActionOf::Invoice(invoice.clone()),
        };
        found.push((Some(invoice.client_id), action));
    }
    let overdue = tasks::Filter { owner: actor.user_id(), client, when: When::Overdue, day: today };
    let overdue = tasks::page_in(&app.db, workspace, &overdue, slice, None, LOOKED_AT).await?;
    let clients: Vec<Uuid> = overdue.iter().filter_map(|task| task.client_id).collect();
    let best = store::best_of(&app.db, workspace, &clients).await?;
    for task in overdue {
        let of_client = task.client_id.and_then(|id| best.get(&id).copied());
        let action = NextAction {
            expected_cents: task.expected_cents.or(of_client).unwrap_or(0),
            due: today,
            priority: Priority::of_rank(task.priority),
            owner: task.owner_id.zip(task.owner_name.clone()),
            of: ActionOf::Task(Box::new(task.clone())),
        };
        found.push((task.client_id, action));
    }

    // A client for which a move is under way needs no second one; its overdue task itself is the move.
    let clients: Vec<Uuid> = found.iter().filter_map(|(client, _)| *client).collect();
    let busy: HashSet<Uuid> = tasks::clients_with_actions(&app.db, workspace, &clients).await?.into_iter().collect();
    found.retain(|(client, action)| {
        matches!(action.of, ActionOf::Task(_)) || client.is_none_or(|client| !busy.contains(&client))
    });
    found.sort_by_key(|(_, action)| (std::cmp::Reverse(action.expected_cents), action.key()));
    Ok((found, today))
}

/// How likely chasing an invoice keeps its client, once it would leave: as for other retention in its segment.
fn kept_of(odds: &HashMap<(String, String), Odds>, invoice: &Ranked) -> f64 {
    let key = (Detector::Retention.as_str().to_owned(), invoice.client_segment.clone().unwrap_or_default());
    success(Detector::Retention, odds.get(&key).copied().unwrap_or_default())
}

impl NextAction {
    /// Names the move: what it is about, and which.
    pub fn key(&self) -> String {
        match &self.of {
            ActionOf::Task(task) => format!("task:{}", task.id),
            ActionOf::Opportunity(listed) => format!("opportunity:{}", listed.id),
            ActionOf::Invoice(invoice) => format!("invoice:{}", invoice.signal_id),
        }
    }
}

/// The day some days later, on Monday where that is a weekend.
fn working_day(day: NaiveDate, days: u64) -> NaiveDate {
    let day = day + Days::new(days);
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn nothing_is_due_on_a_weekend() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (from, days, due) in [
            ("2026-06-17", 1, "2026-06-18"),
            ("2026-06-19", 1, "2026-06-22"),
            ("2026-06-18", 3, "2026-06-22"),
            ("2026-06-20", 1, "2026-06-22"),
        ] {
            assert_eq!(working_day(day(from), days), day(due), "{from} + {days}");
        }
    }
}
