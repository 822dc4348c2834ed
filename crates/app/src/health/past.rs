//! The time machine: a client's health recomputed as of any past day with any profile, and why a score moved.

use super::facts::{feeds, gather};
use super::profiles::{ProfileVersion, Profiles};
use super::score::{Detail, ProfileRef};
use crate::error::{Error, Result};
use crate::growth::as_of_day;
use crate::{Actor, App};
use chrono::{Days, NaiveDate};
use essor_domain::health::{Health, Move, Profile, moves, score};
use essor_domain::time::parse_zone;
use essor_domain::{Code, Invalid};
use essor_store::growth;
use essor_store::health::{self as store, profiles};
use uuid::Uuid;

/// A client's health as of a day.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The day.
    pub day: NaiveDate,
    /// Computed now from what was known at the end of that day, or of the last day on which a client paid that had left.
    pub health: Health,
    /// With which profile.
    pub profile: ProfileRef,
    /// What was recorded then: its day, its score, and whether an import back-filled it.
    pub recorded: Option<(NaiveDate, Option<i32>, bool)>,
}

/// A client's health recomputed as of a past day, by the profile in force now or by another version.
pub async fn seen(app: &App, actor: &Actor, client: Uuid, day: NaiveDate, with: Option<(String, i32)>) -> Result<Seen> {
    let found = crate::clients::client(app, actor, client).await?;
    let workspace = actor.workspace;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let (day, _) = as_of_day(app, &row, Some(day))?;
    let (profile, reference) = match with {
        None => {
            let used = Profiles::load(&app.db, workspace).await?.of(found.segment.as_deref()).clone();
            (used.profile.clone(), used.reference())
        }
        Some((segment, version)) => {
            let profile = version_of(app, workspace, &segment, version).await?;
            (profile, ProfileRef { segment, version })
        }
    };
    // A client that had left, as far as anybody knew, is seen as on the last day on which it paid.
    let left = growth::known::left(&app.db, workspace, &[client], day).await?.remove(&client);
    let last = left.map_or(day, |left| left - Days::new(1));
    let fed = feeds(&app.db, workspace, zone, last).await?;
    let gathered = gather(&app.db, workspace, zone, &[client], last).await?;
    let (_, facts) = gathered.into_iter().next().ok_or_else(Error::not_found)?;
    let recorded = store::latest(&app.db, workspace, &[client], day).await?.remove(&client);
    Ok(Seen {
        day,
        health: score(&facts, &profile, fed),
        profile: reference,
        recorded: recorded.map(|r| (r.day, r.score, r.recomputed)),
    })
}

async fn version_of(app: &App, workspace: essor_store::Workspace, segment: &str, version: i32) -> Result<Profile> {
    if version == 0 {
        return Ok(Profile::default());
    }
    let rows = profiles::versions(&app.db, workspace, segment, i64::MAX).await?;
    let row = rows.into_iter().find(|row| row.version == version).map(ProfileVersion::from);
    row.and_then(|row| row.profile).ok_or_else(|| {
        Invalid::field(Code::HealthProfileUnknown, "version").with("value", version).with("segment", segment).into()
    })
}

/// A score that was recorded, as one end of a change.
#[derive(Debug, Clone)]
pub struct End {
    /// The day that was asked for.
    pub day: NaiveDate,
    /// The day on which what stood then was recorded.
    pub recorded: Option<NaiveDate>,
    /// What stood.
    pub health: Option<Health>,
    /// With which profile.
    pub profile: Option<ProfileRef>,
}

/// Why a score moved between two days.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The earlier day.
    pub from: End,
    /// The later day.
    pub to: End,
    /// What each component brought; adds up to the change.
    pub moves: Vec<Move>,
}

/// Why a client's recorded score moved between two days.
pub async fn moved(app: &App, actor: &Actor, client: Uuid, from: NaiveDate, to: NaiveDate) -> Result<Moved> {
    crate::clients::client(app, actor, client).await?;
    let row = crate::identity::workspace_row(&app.db, actor.workspace).await?;
    let (from, to) = crate::growth::range(app, &row, Some(from), Some(to))?;
    let end = async |day| -> Result<End> {
        let stood = store::latest(&app.db, actor.workspace, &[client], day).await?.remove(&client);
        let detail = stood.as_ref().and_then(Detail::of);
        let (health, profile) = detail.map_or((None, None), |d| (Some(d.health), d.profile));
        Ok(End { day, recorded: stood.map(|r| r.day), health, profile })
    };
    let (from, to) = (end(from).await?, end(to).await?);
    let moves = match (&from.health, &to.health) {
        (Some(before), Some(after)) => moves(before, after),
        _ => Vec::new(),
    };
    Ok(Moved { from, to, moves })
}
