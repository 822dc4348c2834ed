//! What a client sees of its plan, under a link that ends and can be revoked, and the actions that it ticks there.

use super::criteria::tick;
use super::read::{Shown, read_as};
use super::start::Opened;
use crate::audit::Trail;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::identity::secret;
use crate::{Actor, App};
use chrono::{DateTime, Duration, Utc};
use essor_domain::identity::Action;
use essor_domain::journey::OwnerRole;
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::journey::shares::{self as store, ShareRow};
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// How long a link lasts unless somebody says otherwise, and at most, in days.
const DAYS: i64 = 30;
const MOST_DAYS: i64 = 365;

/// What a client sees.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The link.
    pub share: ShareRow,
    /// Whose client it is.
    pub workspace_name: String,
    /// The keys of the stages that are shown.
    pub stages: Vec<String>,
    /// The journey.
    pub shown: Shown,
}

/// Makes a link to some stages of a client's journey: the link, and its address, which is shown this once.
pub async fn share(
    app: &App,
    actor: &Actor,
    client: Uuid,
    stages: &[String],
    days: Option<i64>,
) -> Result<(ShareRow, String)> {
    let workspace = actor.require(Action::WriteClients)?;
    let days = days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Invalid::field(Code::FieldRange, "days").with("min", 1).with("max", MOST_DAYS).into());
    }
    if stages.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "stages").into());
    }
    let opened = Opened::known(app, workspace, client).await?;
    let Some(plan) = opened.case.plan(&opened.ground) else { return Err(Code::JourneyNone.into()) };
    for (i, stage) in stages.iter().enumerate() {
        if plan.template.stage(stage).is_none() {
            let refused = Invalid::field(Code::JourneyStageUnknown, format!("stages[{i}]"));
            return Err(refused.with("value", stage.as_str()).into());
        }
    }
    let (token, now) = (secret::opaque()?, opened.ground.now);
    let row = ShareRow {
        id: Uuid::now_v7(),
        workspace_id: workspace.0,
        client_id: client,
        stages: json!(stages),
        user_name: actor.user_id().map(|_| actor.name.clone()),
        created_at: now,
        expires_at: now + Duration::days(days),
        seen_at: None,
        revoked_at: None,
    };
    store::insert(&opened.tx, &secret::hash(&token), &row, actor.user_id()).await?;
    emit(&opened.tx, workspace, now, &[DomainEvent::JourneyChanged(vec![client])]).await?;
    let entry = opened.entry("journey.share").with(json!({"stages": stages, "days": days}));
    opened.close(actor, entry).await?;
    Ok((row, format!("{}/shared/journey/{token}", app.public_url)))
}

/// Revokes a link: it says so from now on, and shows nothing.
pub async fn unshare(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let opened = Opened::known(app, workspace, client).await?;
    let now = opened.ground.now;
    if !store::revoke(&opened.tx, workspace, client, id, now).await? {
        return Err(Error::not_found());
    }
    emit(&opened.tx, workspace, now, &[DomainEvent::JourneyChanged(vec![client])]).await?;
    let entry = opened.entry("journey.share_revoke");
    opened.close(actor, entry).await
}

/// The link of a token, while it can be used.
async fn usable(app: &App, token: &str) -> Result<ShareRow> {
    let row = store::find(&app.db.primary(), &secret::hash(token)).await?;
    let row = row.ok_or_else(|| Error::from(Code::JourneyShareUnknown))?;
    let why = match row.revoked_at {
        Some(_) => Some("revoked"),
        None if row.expires_at <= app.clock.now() => Some("expired"),
        None => None,
    };
    match why {
        Some(why) => Err(Invalid::new(Code::JourneyShareOver).with("why", why).into()),
        None => Ok(row),
    }
}

/// What a client sees under a link.
pub async fn shared(app: &App, token: &str) -> Result<Shared> {
    let share = usable(app, token).await?;
    let workspace = Workspace(share.workspace_id);
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let shown = read_as(app, workspace, share.client_id).await?;
    let now = app.clock.now();
    // Once an hour says as much as each time.
    if share.seen_at.is_none_or(|at| now - at > Duration::hours(1)) {
        let tx = app.db.begin().await?;
        store::seen(&tx, workspace, share.id, now).await?;
        tx.commit().await?;
    }
    let stages = serde_json::from_value(share.stages.clone()).unwrap_or_default();
    Ok(Shared { share, workspace_name: row.name, stages, shown })
}

/// The client ticks one of its own actions of the current stage, where that stage is shared with it.
pub async fn tick_shared(app: &App, trail: Trail, token: &str, key: &str, done: bool) -> Result<Shared> {
    let share = usable(app, token).await?;
    let workspace = Workspace(share.workspace_id);
    let mut opened = Opened::known(app, workspace, share.client_id).await?;
    let stages: Vec<String> = serde_json::from_value(share.stages).unwrap_or_default();
    let stage = opened.case.plan(&opened.ground).and_then(|plan| {
        let place = opened.case.course.as_ref()?.state.place;
        plan.template.stages.get(place)
    });
    let yours = stage
        .filter(|stage| stages.contains(&stage.key))
        .and_then(|stage| stage.actions.iter().find(|action| action.key == key && action.owner == OwnerRole::Client));
    if yours.is_none() {
        return Err(Code::JourneyActionNotYours.into());
    }
    let (label, was) = tick(&mut opened, None, key, done).await?;
    let actor = Actor { name: opened.case.subject.name.clone(), trail, ..Actor::system(workspace) };
    let told = |done: bool| json!({"action": label, "done": done});
    let entry = opened.entry("journey.share_tick").change(told(was), told(done));
    opened.close(&actor, entry).await?;
    shared(app, token).await
}

/// How often a shared page is asked for from one address: a link that is guessed at is guessed at slowly.
#[derive(Debug, Default)]
pub struct Limit(Mutex<HashMap<IpAddr, VecDeque<DateTime<Utc>>>>);

impl Limit {
    const WINDOW: Duration = Duration::minutes(1);
    const MOST: usize = 60;
    /// From how many addresses on those that are quiet are swept out.
    const SWEEP: usize = 10_000;

    /// Counts a call, or refuses it and says when to come back.
    pub fn call(&self, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= Self::SWEEP {
            seen.retain(|_, times| times.back().is_some_and(|at| *at > now - Self::WINDOW));
        }
        let times = seen.entry(address).or_default();
        times.retain(|at| *at > now - Self::WINDOW);
        if times.len() >= Self::MOST {
            let wait = times.front().map_or(Self::WINDOW, |at| *at + Self::WINDOW - now);
            return Err(Invalid::new(Code::RateLimited).with("retryAfterSeconds", wait.num_seconds().max(1)).into());
        }
        times.push_back(now);
        Ok(())
    }
}
