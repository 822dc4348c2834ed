//! Weights fitted to the workspace's own departures. Nothing is saved: a person looks at them first.

use super::departures::Departures;
use super::facts::feeds;
use super::profiles::Profiles;
use crate::error::{Error, Result};
use crate::{Actor, App};
use essor_domain::health::{Case, Component, Fit, LEAST_LEFT, Profile, fit, open, score};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Weights that would have told better who left, or what is missing to say so.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// None where too few left.
    pub fit: Option<Fit>,
    /// Clients that left within the horizon of one of the days looked at.
    pub left: usize,
    /// How many have to have left.
    pub needed: usize,
    /// Clients looked at that stayed.
    pub stayed: usize,
}

/// Fits the weights of a draft to who left among the clients that it would score. Its curves, vetoes and the weights of
/// components that nothing feeds stay as they are.
pub async fn suggest(app: &App, actor: &Actor, segment: &str, draft: &Profile) -> Result<Suggestion> {
    let workspace = actor.require(Action::ManageModels)?;
    draft.check()?;
    // Nothing is changed: there is nothing to tell.
    actor.trail.settle();
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let today = day_in(zone, app.clock.now());
    let scope = Profiles::load(&app.db, workspace).await?.scope(&app.db, workspace, segment).await?;
    let looking = open(draft);
    let mut numbers: HashMap<Uuid, usize> = HashMap::new();
    let mut left: HashSet<Uuid> = HashSet::new();
    let mut cases = Vec::new();
    Departures::find(app, workspace, &scope, today)
        .await?
        .each_case(app, workspace, |client, detail, churned| {
            let fresh = numbers.len();
            let who = *numbers.entry(client).or_insert(fresh);
            cases.push(Case::of(who, &score(&detail.facts, &looking, detail.feeds), churned));
            left.extend(churned.then_some(client));
        })
        .await?;
    let (left, stayed) = (left.len(), numbers.len() - left.len());
    let mut out = Suggestion { fit: None, left, needed: LEAST_LEFT, stayed };
    if left >= LEAST_LEFT && stayed > 0 {
        let fed = feeds(&app.db, workspace, zone, today).await?;
        let may: Vec<Component> = Component::ALL.into_iter().filter(|component| fed.of(*component)).collect();
        let (weights, min_coverage) = (draft.weights, draft.min_coverage);
        // Seconds of arithmetic have no place among requests.
        let fitted = tokio::task::spawn_blocking(move || fit(&cases, &weights, min_coverage, &may)).await;
        out.fit = Some(fitted.map_err(|error| Error::Internal(error.to_string()))?);
    }
    Ok(out)
}
