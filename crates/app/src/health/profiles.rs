//! Health profiles: which one scores a client, the versions, and saving a new one.

use super::facts::feeds;
use super::score::ProfileRef;
use crate::audit::{self, Entry};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::jobs::HEALTH_SCORE;
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::health::{Component, Feeds, Profile};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::health::profiles::{self as store, ProfileRow};
use essor_store::{Conn, Workspace, clients, jobs};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// A version of a profile.
#[derive(Debug, Clone)]
pub struct ProfileVersion {
    /// The segment; empty for everybody else's.
    pub segment: String,
    /// 0 is the built-in profile.
    pub version: i32,
    /// None gives the segment back to the workspace's own profile.
    pub profile: Option<Profile>,
    /// Why it was changed.
    pub note: Option<String>,
    /// Who changed it, by name.
    pub by: Option<String>,
    /// When; none for the built-in profile.
    pub at: Option<DateTime<Utc>>,
}

impl ProfileVersion {
    /// What everybody starts from.
    pub(super) fn built_in() -> Self {
        ProfileVersion {
            segment: String::new(),
            version: 0,
            profile: Some(Profile::default()),
            note: None,
            by: None,
            at: None,
        }
    }
}

impl From<ProfileRow> for ProfileVersion {
    fn from(row: ProfileRow) -> Self {
        ProfileVersion {
            segment: row.segment,
            version: row.version,
            profile: row.body.and_then(|body| serde_json::from_value(body).ok()),
            note: row.note,
            by: row.created_by_name,
            at: Some(row.created_at),
        }
    }
}

/// The profile that scores a client.
#[derive(Debug, Clone)]
pub struct Used {
    /// The profile.
    pub profile: Profile,
    reference: ProfileRef,
}

impl Used {
    /// Which version of which profile.
    pub fn reference(&self) -> ProfileRef {
        self.reference.clone()
    }
}

/// The profiles in force, by segment.
#[derive(Debug, Clone)]
pub struct Profiles {
    general: Used,
    by_segment: HashMap<String, Used>,
}

impl Profiles {
    /// Reads them.
    pub async fn load(conn: &impl Conn, workspace: Workspace) -> Result<Self> {
        let built_in = ProfileRef { segment: String::new(), version: 0 };
        let mut out =
            Profiles { general: Used { profile: Profile::default(), reference: built_in }, by_segment: HashMap::new() };
        for row in store::current(conn, workspace).await? {
            let version = ProfileVersion::from(row);
            let Some(profile) = version.profile else { continue };
            let reference = ProfileRef { segment: version.segment.clone(), version: version.version };
            let used = Used { profile, reference };
            if version.segment.is_empty() {
                out.general = used;
            } else {
                out.by_segment.insert(version.segment, used);
            }
        }
        Ok(out)
    }

    /// The profile of a segment, else everybody's.
    pub fn of(&self, segment: Option<&str>) -> &Used {
        segment.and_then(|segment| self.by_segment.get(segment)).unwrap_or(&self.general)
    }

    /// Whether a client of a segment is scored by the profile kept under `scope` (empty for everybody else's).
    pub(super) fn covers(&self, scope: &str, segment: Option<&str>) -> bool {
        if scope.is_empty() {
            segment.is_none_or(|segment| !self.by_segment.contains_key(segment))
        } else {
            segment == Some(scope)
        }
    }

    /// The clients that are scored by the profile kept under `scope`, in order.
    pub(super) async fn scope(&self, conn: &impl Conn, workspace: Workspace, scope: &str) -> Result<Vec<Uuid>> {
        let all = clients::segments(conn, workspace).await?;
        Ok(all.into_iter().filter(|(_, of)| self.covers(scope, of.as_deref())).map(|(id, _)| id).collect())
    }
}

/// The profiles in force, and what an editor has to know.
#[derive(Debug, Clone)]
pub struct ProfilesPage {
    /// Everybody's first, then those of segments.
    pub items: Vec<ProfileVersion>,
    /// The components that are fed.
    pub feeds: Feeds,
    /// The workspace's segments with how many clients each has.
    pub segments: Vec<(String, i64)>,
}

/// The profiles in force.
pub async fn list(app: &App, actor: &Actor) -> Result<ProfilesPage> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let today = day_in(zone, app.clock.now());
    let stored = store::current(&app.db, workspace).await?;
    let mut items: Vec<ProfileVersion> = stored.into_iter().map(ProfileVersion::from).collect();
    items.retain(|item| item.profile.is_some());
    if !items.iter().any(|item| item.segment.is_empty()) {
        items.insert(0, ProfileVersion::built_in());
    }
    Ok(ProfilesPage {
        items,
        feeds: feeds(&app.db, workspace, zone, today).await?,
        segments: clients::facets(&app.db, workspace).await?.segments,
    })
}

/// How many versions a page shows.
const VERSIONS: i64 = 50;

/// The versions of a segment's profile, newest first; everybody's ends with the built-in one.
pub async fn versions(app: &App, actor: &Actor, segment: &str) -> Result<Vec<ProfileVersion>> {
    let workspace = actor.require(Action::Read)?;
    let rows = store::versions(&app.db, workspace, segment, VERSIONS).await?;
    let mut out: Vec<ProfileVersion> = rows.into_iter().map(ProfileVersion::from).collect();
    if segment.is_empty() {
        out.push(ProfileVersion::built_in());
    }
    Ok(out)
}

/// Saves a new version of a segment's profile, and scores anew whoever it concerns. Without a profile the segment goes
/// back to everybody's. Returns the version.
pub async fn save(
    app: &App,
    actor: &Actor,
    segment: &str,
    profile: Option<&Profile>,
    note: Option<&str>,
) -> Result<i32> {
    let workspace = actor.require(Action::ManageModels)?;
    if let Some(profile) = profile {
        profile.check()?;
    }
    let most = essor_domain::clients::MAX_TEXT;
    for (field, text) in [("segment", Some(segment)), ("note", note)] {
        if text.is_some_and(|text| text.chars().count() > most) {
            return Err(Invalid::field(Code::FieldTooLong, field).with("max", most).into());
        }
    }
    if profile.is_none() && segment.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "profile").into());
    }
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    essor_store::usage::lock(&tx, workspace).await?;
    let body = profile.map(serde_json::to_value).transpose().map_err(|e| crate::Error::Internal(e.to_string()))?;
    let before = Profiles::load(&tx, workspace).await?;
    let version = store::insert(&tx, workspace, segment, body, note, actor.user_id(), now).await?;
    let after = Profiles::load(&tx, workspace).await?;
    let touched: Vec<Uuid> = clients::segments(&tx, workspace)
        .await?
        .into_iter()
        .filter(|(_, of)| before.of(of.as_deref()).reference != after.of(of.as_deref()).reference)
        .map(|(id, _)| id)
        .collect();
    jobs::enqueue(&tx, workspace, HEALTH_SCORE, touched.iter().map(Uuid::to_string), now).await?;
    emit(&tx, workspace, now, &[DomainEvent::WorkspaceChanged]).await?;
    let of = Some(segment).filter(|segment| !segment.is_empty());
    let (old, mut new) = (told(before.of(of)), told(after.of(of)));
    new.insert("version".into(), version.into());
    new.insert("note".into(), note.into());
    let operation = if profile.is_some() { "health_profiles.save" } else { "health_profiles.drop" };
    let entry = Entry::of(operation).about("health_profile").change(old.into(), new.into());
    let entry = if segment.is_empty() { entry } else { entry.named(segment) };
    audit::record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(version)
}

/// What the audit log keeps of a profile: each figure by its own name, so that what differs is what is shown.
fn told(used: &Used) -> Map<String, Value> {
    let Profile { weights, min_coverage, excellent, good, watch, alert, rearm, curves, vetoes } = &used.profile;
    let mut out = Map::new();
    let mut keep = |name: &str, value: Value| out.insert(name.to_owned(), value);
    for component in Component::ALL.into_iter().filter(|component| *component != Component::Children) {
        keep(&format!("weights.{}", component.as_str()), weights.of(component).into());
    }
    for (name, level) in
        [("excellent", excellent), ("good", good), ("watch", watch), ("alert", alert), ("rearm", rearm)]
    {
        keep(name, (*level).into());
    }
    keep("minCoverage", (*min_coverage).into());
    keep("vetoes.invoiceDays", vetoes.invoice_days.into());
    keep("vetoes.invoiceCap", vetoes.invoice_cap.into());
    keep("vetoes.championCap", vetoes.champion_cap.into());
    for (name, points) in curves {
        let written = points.iter().map(|(x, y)| format!("{x} → {y}")).collect::<Vec<_>>().join(", ");
        keep(&format!("curves.{}", name.as_str()), written.into());
    }
    keep("segment", Some(used.reference.segment.as_str()).filter(|segment| !segment.is_empty()).into());
    keep("version", used.reference.version.into());
    out
}
