//! The demo's opportunities, tasks and notifications: what its people did before today, from the portfolio's own story.

use crate::App;
use crate::error::Result;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::demo::work::{Past, before_departure, behind_expansion, todo};
use essor_domain::growth::ledger::MovementKind;
use essor_domain::health::Profile;
use essor_domain::notifications::Kind;
use essor_domain::opportunities::{Detector, List, Odds, State, expected_cents, success};
use essor_domain::tasks::Origin;
use essor_domain::time::{day_in, end_of_day, parse_zone};
use essor_store::growth::{MovementRow, Slice};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::opportunities::facts::subjects;
use essor_store::opportunities::{self as store, Decided, Decision, Filter, Listed, New};
use essor_store::tasks::{self, Saved};
use essor_store::{Workspace, growth, health, notifications};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Movements looked back on, the newest first.
const MOVEMENTS: i64 = 3_000;
/// Opportunities that have a task, and tasks that were done.
const TASKS: usize = 10;
const DONE: usize = 6;
/// What a new person finds in their sheet, of each kind.
const TOLD: usize = 3;

/// Tells the past of a portfolio that has just been made, then looks at everybody again: what was won and lost moves the
/// probabilities.
pub(super) async fn fill(app: &App, row: &WorkspaceRow, seed: u64) -> Result<()> {
    let workspace = Workspace(row.id);
    let zone = parse_zone(&row.timezone)?;
    let today = day_in(zone, app.clock.now());
    let decided = past(app, workspace, zone, today, seed).await?;
    let tx = app.db.begin().await?;
    store::insert_decided(&tx, workspace, &decided).await?;
    tx.commit().await?;
    crate::opportunities::detect_all(app, row).await?;
    day(app, workspace, today, &decided).await
}

/// An instant of the working day.
fn at(zone: Tz, day: NaiveDate, hour: i64) -> DateTime<Utc> {
    end_of_day(zone, day) - Duration::hours(24 - hour)
}

async fn past(app: &App, workspace: Workspace, zone: Tz, today: NaiveDate, seed: u64) -> Result<Vec<Decided>> {
    let range = (today - Days::new(365), today - Days::new(1));
    let read =
        async |kind| growth::movements(&app.db, workspace, &Slice::default(), range, Some(kind), None, MOVEMENTS).await;
    let (gains, departures) = (read(MovementKind::Expansion).await?, read(MovementKind::Churn).await?);
    let ids: Vec<Uuid> =
        gains.iter().chain(&departures).map(|m| m.client_id).collect::<HashSet<_>>().into_iter().collect();
    let segments: HashMap<Uuid, String> = subjects(&app.db, workspace, &ids)
        .await?
        .into_iter()
        .map(|subject| (subject.id, subject.segment.unwrap_or_default()))
        .collect();
    let mut out = Vec::new();
    for row in &gains {
        out.extend(behind_expansion(seed, &row.name, row.day).into_iter().map(|past| (row, past)));
    }
    for row in &departures {
        out.extend(before_departure(seed, &row.name, row.day).map(|past| (row, past)));
    }
    // Newest first, so that the tasks done are those of last weeks.
    out.sort_by(|a, b| (b.1.decided, &a.0.name, a.1.detector).cmp(&(a.1.decided, &b.0.name, b.1.detector)));
    Ok(out.into_iter().map(|(row, past)| decided(row, &past, &segments, zone)).collect())
}

fn decided(row: &MovementRow, past: &Past, segments: &HashMap<Uuid, String>, zone: Tz) -> Decided {
    let cents = row.delta_cents.abs();
    // What was believed before the first result.
    let probability = success(past.detector, Odds::default());
    Decided {
        new: New {
            id: Uuid::now_v7(),
            client_id: row.client_id,
            detector: past.detector,
            segment: segments.get(&row.client_id).cloned().unwrap_or_default(),
            evidence: Vec::new(),
            amount_cents: Some(cents),
            probability,
            expected_cents: expected_cents(Some(cents), probability),
            since: past.since,
        },
        state: past.state,
        reason: past.reason.map(str::to_owned),
        won_cents: (past.state == State::Won).then_some(cents),
        found_at: at(zone, past.since, 7),
        decided_at: at(zone, past.decided, 15),
    }
}

/// The best opportunities that live, in an order that does not depend on how they are stored.
async fn best(app: &App, workspace: Workspace, list: List, most: usize) -> Result<Vec<Listed>> {
    let filter = Filter { list: Some(list.as_str()), states: vec![State::Open.as_str()], ..Filter::default() };
    let mut found = store::page(&app.db.primary(), workspace, &filter, None, 200).await?;
    found.sort_by(|a, b| {
        (b.expected_cents, &a.client_external_id, &a.detector).cmp(&(
            a.expected_cents,
            &b.client_external_id,
            &b.detector,
        ))
    });
    found.truncate(most);
    Ok(found)
}

/// The tasks of the day: some of the best opportunities are worked on, the last wins are done.
async fn day(app: &App, workspace: Workspace, today: NaiveDate, decided: &[Decided]) -> Result<()> {
    let now = app.clock.now();
    let mut chosen = Vec::new();
    // The very best stay open: they are the next moves.
    for (list, skip, most) in [(List::Retention, 2, 4), (List::Expansion, 2, 4), (List::Conversation, 0, 2)] {
        chosen.extend(best(app, workspace, list, skip + most).await?.into_iter().skip(skip));
    }
    chosen.truncate(TASKS);
    let mut items: Vec<Saved> = Vec::new();
    let tx = app.db.begin().await?;
    for (place, listed) in chosen.iter().enumerate() {
        let Some(detector) = Detector::parse(&listed.detector) else { continue };
        let decision = Decision {
            id: listed.id,
            state: State::Accepted,
            snoozed_until: None,
            reason: None,
            note: None,
            won_cents: None,
            ledger: None,
            user_id: None,
            at: now,
        };
        store::decide(&tx, workspace, &decision).await?;
        let todo = todo(detector, &listed.client_name, place);
        let due = Some(today + Duration::days(todo.due));
        let made = now - Duration::days(3 + place as i64);
        items.push(task(todo.title, Some(listed.client_id), Some(listed.id), todo.priority.rank(), due, made));
    }
    let names = notifications::in_charge(
        &tx,
        workspace,
        &decided.iter().take(DONE * 4).map(|d| d.new.client_id).collect::<Vec<_>>(),
    )
    .await?;
    for won in decided.iter().filter(|d| d.state == State::Won).take(DONE) {
        let Some((name, _)) = names.get(&won.new.client_id) else { continue };
        let todo = todo(won.new.detector, name, 0);
        let due = Some(won.decided_at.date_naive());
        let done = task(todo.title, Some(won.new.client_id), Some(won.new.id), todo.priority.rank(), due, won.found_at);
        items.push(Saved { done_at: Some(won.decided_at), ..done });
    }
    tasks::insert(&tx, workspace, &items, now).await?;
    tx.commit().await?;
    Ok(())
}

fn task(
    title: String,
    client_id: Option<Uuid>,
    opportunity_id: Option<Uuid>,
    priority: i32,
    due: Option<NaiveDate>,
    created_at: DateTime<Utc>,
) -> Saved {
    Saved {
        id: Uuid::now_v7(),
        title,
        note: None,
        owner_id: None,
        priority,
        due,
        client_id,
        origin: Origin::Opportunity.as_str().to_owned(),
        opportunity_id,
        done_at: None,
        done_by: None,
        created_by: None,
        created_at,
        checklist: Vec::new(),
    }
}

/// Who enters the demo first is given its tasks, and everybody finds what happened lately in their notifications.
pub(super) async fn welcome(app: &App, workspace: Workspace, user_id: Uuid) -> Result<()> {
    let row = crate::identity::workspace_row(&app.db.primary(), workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let now = app.clock.now();
    let today = day_in(zone, now);
    let mut told: Vec<(DateTime<Utc>, notifications::New)> = Vec::new();
    let new = |kind: Kind, client_id, subject_id, key: String, params| notifications::New {
        user_id,
        kind: kind.as_str(),
        client_id,
        subject_id,
        key,
        params,
    };
    let at_stake = best(app, workspace, List::Retention, 40).await?;
    let clients: Vec<Uuid> = at_stake.iter().map(|listed| listed.client_id).collect();
    let scores = health::scores_since(&app.db.primary(), workspace, &clients, today - Days::new(60)).await?;
    let alert = i32::from(Profile::default().alert);
    for listed in &at_stake {
        let Some(line) = scores.get(&listed.client_id) else { continue };
        let fell = line.windows(2).rev().find_map(|pair| match (pair[0].1, pair[1].1) {
            (Some(from), Some(to)) if from >= alert && to < alert => Some((pair[1].0, from, to)),
            _ => None,
        });
        if let Some((day, from, to)) = fell
            && told.len() < TOLD
        {
            let key = format!("health:{}:{day}", listed.client_id);
            let params = json!({"from": from, "to": to});
            told.push((at(zone, day, 8).min(now), new(Kind::HealthFell, Some(listed.client_id), None, key, params)));
        }
    }
    for (place, listed) in best(app, workspace, List::Expansion, TOLD).await?.into_iter().enumerate() {
        let params = json!({"detector": listed.detector, "expectedCents": listed.expected_cents});
        let key = format!("opportunity:{}", listed.id);
        let when = now - Duration::hours(2 + 5 * place as i64);
        told.push((when, new(Kind::OpportunityFound, Some(listed.client_id), Some(listed.id), key, params)));
    }
    let tx = app.db.begin().await?;
    let given = tasks::take_unowned(&tx, workspace, user_id).await?;
    if given > 0 {
        let filter = tasks::Filter { owner: Some(user_id), client: None, when: tasks::When::Today, day: today };
        for task in tasks::page(&tx, workspace, &filter, None, 1).await? {
            let key = format!("task:{}:{user_id}", task.id);
            let params = json!({"title": task.title, "dueDay": task.due});
            let notice = new(Kind::TaskAssigned, task.client_id, Some(task.id), key, params);
            told.push((now - Duration::hours(1), notice));
        }
    }
    for (when, item) in told {
        notifications::insert(&tx, workspace, &[item], when).await?;
    }
    tx.commit().await?;
    Ok(())
}
