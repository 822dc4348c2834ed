//! The effect of a profile before it is saved: the distribution before and after, the clients that change class, and how
//! well each version would have foretold who left.
//!
//! Everything is scored from the facts that were recorded with the scores, so that nothing is gathered again.

use super::departures::Departures;
use super::profiles::Profiles;
use super::score::Detail;
use crate::error::Result;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::health::{Foresight, HealthClass, Past, Profile, foresight, score, warned_days};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::health as store;
use essor_store::health::profiles;
use essor_store::{Workspace, clients};
use std::collections::HashMap;
use uuid::Uuid;

/// At most so many clients are scored again; beyond, an even sample stands for all, and the answer says so.
const MOST: usize = 20_000;
/// At most so many versions are compared.
const VERSIONS: i64 = 8;

/// A client that changes class.
#[derive(Debug, Clone)]
pub struct ClassMove {
    /// The client.
    pub client: Uuid,
    /// Its name.
    pub name: String,
    /// What it pays a month.
    pub mrr_cents: i64,
    /// Score and class now.
    pub before: (Option<u8>, HealthClass),
    /// Score and class by the draft.
    pub after: (Option<u8>, HealthClass),
}

/// What a draft would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Paying clients that the profile scores.
    pub clients: usize,
    /// How many of them were looked at.
    pub looked_at: usize,
    /// Clients by class, in the order of [`HealthClass::ALL`], now.
    pub before: [usize; 5],
    /// The same by the draft.
    pub after: [usize; 5],
    /// Clients by ten points, now.
    pub bins_before: [usize; 10],
    /// The same by the draft.
    pub bins_after: [usize; 10],
    /// Those that change class, by what they pay, at most a hundred.
    pub moves: Vec<ClassMove>,
    /// How many change class.
    pub changed: usize,
    /// How well the draft would have foretold the last twelve months.
    pub draft: Foresight,
    /// The same of the versions, newest first; everybody's ends with the built-in one.
    pub versions: Vec<(i32, Foresight)>,
}

/// Tries a draft on the clients that it would score.
pub async fn preview(app: &App, actor: &Actor, segment: &str, draft: &Profile) -> Result<Preview> {
    let workspace = actor.require(Action::ManageModels)?;
    draft.check()?;
    // Nothing is changed: there is nothing to tell.
    actor.trail.settle();
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let in_force = Profiles::load(&app.db, workspace).await?;
    // A segment of its own is about to leave everybody's profile.
    let scope = in_force.scope(&app.db, workspace, segment).await?;
    let now = distribution(app, workspace, &scope, today, in_force.of(Some(segment)).profile.clone(), draft).await?;
    let mut versions: Vec<(i32, Profile)> = Vec::new();
    for stored in profiles::versions(&app.db, workspace, segment, VERSIONS).await? {
        let body = stored.body.and_then(|body| serde_json::from_value(body).ok());
        versions.extend(body.map(|profile| (stored.version, profile)));
    }
    versions.push((0, Profile::default()));
    let mut tried: Vec<&Profile> = vec![draft];
    tried.extend(versions.iter().map(|(_, profile)| profile));
    let mut told = foretold(app, workspace, &scope, today, &tried).await?.into_iter();
    let empty = foresight(&[], &[]);
    Ok(Preview {
        draft: told.next().unwrap_or(empty),
        versions: versions.iter().map(|(version, _)| *version).zip(told).collect(),
        ..now
    })
}

/// Every n-th, so that at most `most` are left.
pub(super) fn even(ids: &[Uuid], most: usize) -> Vec<Uuid> {
    ids.iter().step_by(ids.len().div_ceil(most).max(1)).copied().collect()
}

async fn distribution(
    app: &App,
    workspace: Workspace,
    scope: &[Uuid],
    today: NaiveDate,
    current: Profile,
    draft: &Profile,
) -> Result<Preview> {
    let empty = foresight(&[], &[]);
    let mut out = Preview {
        clients: 0,
        looked_at: 0,
        before: [0; 5],
        after: [0; 5],
        bins_before: [0; 10],
        bins_after: [0; 10],
        moves: Vec::new(),
        changed: 0,
        draft: empty,
        versions: Vec::new(),
    };
    let paying = clients::paying(&app.db, workspace, scope).await?;
    out.clients = paying.len();
    let mrr: HashMap<Uuid, (String, i64)> =
        paying.iter().map(|client| (client.0, (client.1.clone(), client.2))).collect();
    let ids: Vec<Uuid> = paying.iter().map(|client| client.0).collect();
    let place = |class| HealthClass::ALL.iter().position(|c| *c == class).unwrap_or(4);
    for chunk in even(&ids, MOST).chunks(1_000) {
        for (client, recorded) in store::latest(&app.db, workspace, chunk, today).await? {
            let Some(detail) = Detail::of(&recorded) else { continue };
            let stands = |profile: &Profile| {
                let health = score(&detail.facts, profile, detail.feeds);
                (health.score, health.class)
            };
            // By the profile in force, not by what was recorded: it may not have been scored since.
            let (before, after) = (stands(&current), stands(draft));
            out.looked_at += 1;
            out.before[place(before.1)] += 1;
            out.after[place(after.1)] += 1;
            let bin = |score: u8| usize::from(score / 10).min(9);
            before.0.into_iter().for_each(|score| out.bins_before[bin(score)] += 1);
            after.0.into_iter().for_each(|score| out.bins_after[bin(score)] += 1);
            if before.1 != after.1 {
                let (name, mrr_cents) = mrr.get(&client).cloned().unwrap_or_default();
                out.moves.push(ClassMove { client, name, mrr_cents, before, after });
            }
        }
    }
    out.changed = out.moves.len();
    out.moves.sort_by(|a, b| b.mrr_cents.cmp(&a.mrr_cents).then_with(|| a.name.cmp(&b.name)));
    out.moves.truncate(100);
    Ok(out)
}

/// Each profile on the same past.
async fn foretold(
    app: &App,
    workspace: Workspace,
    scope: &[Uuid],
    today: NaiveDate,
    profiles: &[&Profile],
) -> Result<Vec<Foresight>> {
    let departures = Departures::find(app, workspace, scope, today).await?;
    let mut cases: Vec<Vec<Past>> = vec![Vec::new(); profiles.len()];
    departures
        .each_case(app, workspace, |_, detail, churned| {
            for (profile, cases) in profiles.iter().zip(&mut cases) {
                let score = score(&detail.facts, profile, detail.feeds).score;
                cases.extend(score.map(|score| Past { score, churned }));
            }
        })
        .await?;
    let mut leads: Vec<Vec<Option<i64>>> = vec![Vec::new(); profiles.len()];
    for (left_on, details) in departures.last_year(app, workspace).await? {
        for (profile, leads) in profiles.iter().zip(&mut leads) {
            let scores: Vec<(NaiveDate, Option<u8>)> =
                details.iter().map(|(day, detail)| (*day, score(&detail.facts, profile, detail.feeds).score)).collect();
            leads.push(warned_days(&scores, left_on, profile.alert));
        }
    }
    Ok(cases.iter().zip(&leads).map(|(cases, leads)| foresight(cases, leads)).collect())
}
