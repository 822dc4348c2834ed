//! Health profiles: the versions, the effect of a draft, saving one.

use super::auth::Caller;
use super::error::{Answer, Failure};
use super::json::{Json, Query};
use super::{Shared, State};
use axum::extract::State as Extract;
use chrono::{DateTime, Utc};
use essor_app::health::{self as app, ProfileVersion};
use essor_domain::health::{Component, CurveName, Foresight, HealthClass, Profile};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, save))
        .routes(routes!(versions))
        .routes(routes!(preview))
        .routes(routes!(suggest))
}

/// How facts become a score. Weights sum to 100; scores are 0–100.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProfileBody {
    /// By component: usage, licence, engagement, journey, support, satisfaction, sentiment, payments, outcomes, pulse.
    weights: BTreeMap<String, i64>,
    /// Least share (0–1) of the fed weight that must be known for a number.
    min_coverage: f64,
    /// Excellent from this score on.
    excellent: i64,
    good: i64,
    /// Watch from this score on; critical below.
    watch: i64,
    /// An alert is raised below this.
    alert: i64,
    /// And may be raised again once the score has been at least this.
    rearm: i64,
    /// Points of the curves that differ from their default: `[[x, points], …]` from left to right.
    #[serde(default)]
    curves: BTreeMap<String, Vec<(f64, f64)>>,
    vetoes: VetoesBody,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VetoesBody {
    /// Days after which an unpaid invoice caps the score.
    invoice_days: i64,
    /// The cap of a late invoice; null for none.
    invoice_cap: Option<i64>,
    /// The cap while every champion has left; null for none.
    champion_cap: Option<i64>,
}

impl From<&Profile> for ProfileBody {
    fn from(profile: &Profile) -> Self {
        let own = Component::ALL.into_iter().filter(|component| *component != Component::Children);
        ProfileBody {
            weights: own.map(|c| (c.as_str().to_owned(), profile.weights.of(c).into())).collect(),
            min_coverage: profile.min_coverage,
            excellent: profile.excellent.into(),
            good: profile.good.into(),
            watch: profile.watch.into(),
            alert: profile.alert.into(),
            rearm: profile.rearm.into(),
            curves: profile.curves.iter().map(|(name, points)| (name.as_str().to_owned(), points.clone())).collect(),
            vetoes: VetoesBody {
                invoice_days: profile.vetoes.invoice_days.into(),
                invoice_cap: profile.vetoes.invoice_cap.map(Into::into),
                champion_cap: profile.vetoes.champion_cap.map(Into::into),
            },
        }
    }
}

/// A whole number of 0 to 100.
fn level(value: i64, field: &str) -> Result<u8, Invalid> {
    let level = u8::try_from(value).ok().filter(|level| *level <= 100);
    level.ok_or_else(|| Invalid::field(Code::FieldRange, field).with("min", 0).with("max", 100))
}

impl TryFrom<ProfileBody> for Profile {
    type Error = Failure;

    fn try_from(body: ProfileBody) -> Result<Self, Failure> {
        let mut profile = Profile::default();
        for (name, value) in &body.weights {
            let field = format!("weights.{name}");
            let slot = Component::parse(name).and_then(|component| profile.weights.of_mut(component));
            let slot =
                slot.ok_or_else(|| Invalid::field(Code::BadRequest, &field).with("detail", "unknown component"))?;
            *slot = level(*value, &field)?.into();
        }
        profile.min_coverage = body.min_coverage;
        profile.excellent = level(body.excellent, "excellent")?;
        profile.good = level(body.good, "good")?;
        profile.watch = level(body.watch, "watch")?;
        profile.alert = level(body.alert, "alert")?;
        profile.rearm = level(body.rearm, "rearm")?;
        for (name, points) in body.curves {
            let known = CurveName::ALL.into_iter().find(|curve| curve.as_str() == name);
            let curve = known.ok_or_else(|| {
                Invalid::field(Code::BadRequest, format!("curves.{name}")).with("detail", "unknown curve")
            })?;
            profile.curves.insert(curve, points);
        }
        let days = body.vetoes.invoice_days;
        profile.vetoes.invoice_days = u32::try_from(days)
            .map_err(|_| Invalid::field(Code::FieldRange, "vetoes.invoiceDays").with("min", 1).with("max", 365))?;
        let cap = |value: Option<i64>, field| value.map(|value| level(value, field)).transpose();
        profile.vetoes.invoice_cap = cap(body.vetoes.invoice_cap, "vetoes.invoiceCap")?;
        profile.vetoes.champion_cap = cap(body.vetoes.champion_cap, "vetoes.championCap")?;
        Ok(profile)
    }
}

/// A version of a profile.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VersionBody {
    /// Empty for everybody who has no profile of their own.
    segment: String,
    /// 0 is the built-in profile.
    version: i32,
    /// Null where the segment went back to everybody's profile.
    profile: Option<ProfileBody>,
    note: Option<String>,
    by: Option<String>,
    at: Option<DateTime<Utc>>,
}

impl From<&ProfileVersion> for VersionBody {
    fn from(version: &ProfileVersion) -> Self {
        VersionBody {
            segment: version.segment.clone(),
            version: version.version,
            profile: version.profile.as_ref().map(ProfileBody::from),
            note: version.note.clone(),
            by: version.by.clone(),
            at: version.at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProfilesBody {
    /// The profiles in force: everybody's, then those of segments.
    items: Vec<VersionBody>,
    components: Vec<ComponentBody>,
    curves: Vec<CurveBody>,
    segments: Vec<SegmentBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ComponentBody {
    component: &'static str,
    /// A source was seen in the last 180 days; else its weight is shared.
    fed: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct CurveBody {
    curve: &'static str,
    /// The points may never fall, else never rise.
    rises: bool,
    /// Its points are lost, and not those of the component.
    costs: bool,
    default: Vec<(f64, f64)>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SegmentBody {
    segment: String,
    clients: i64,
}

/// The health profiles in force, with what an editor has to know.
#[utoipa::path(get, path = "/health/profiles", operation_id = "health_profiles", tag = "health", responses((status = 200, body = ProfilesBody)))]
async fn list(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<ProfilesBody>> {
    let page = app::profiles(&state.app, &actor).await?;
    let own = Component::ALL.into_iter().filter(|component| *component != Component::Children);
    Ok(Json(ProfilesBody {
        items: page.items.iter().map(VersionBody::from).collect(),
        components: own.map(|c| ComponentBody { component: c.as_str(), fed: page.feeds.of(c) }).collect(),
        curves: CurveName::ALL
            .into_iter()
            .map(|c| CurveBody {
                curve: c.as_str(),
                rises: c.rises(),
                costs: c.costs(),
                default: c.default_points().to_vec(),
            })
            .collect(),
        segments: page.segments.into_iter().map(|(segment, clients)| SegmentBody { segment, clients }).collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
struct SegmentQuery {
    /// A segment; left out for everybody's profile.
    segment: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VersionsBody {
    items: Vec<VersionBody>,
}

/// The versions of a profile, newest first.
#[utoipa::path(get, path = "/health/profiles/versions", operation_id = "health_profile_versions", tag = "health", params(SegmentQuery), responses((status = 200, body = VersionsBody)))]
async fn versions(
    Extract(state): Shared,
    Caller(actor): Caller,
    Query(query): Query<SegmentQuery>,
) -> Answer<Json<VersionsBody>> {
    let versions = app::versions(&state.app, &actor, query.segment.as_deref().unwrap_or_default()).await?;
    Ok(Json(VersionsBody { items: versions.iter().map(VersionBody::from).collect() }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SaveBody {
    /// A segment; left out for everybody's profile.
    #[serde(default)]
    segment: Option<String>,
    /// Null gives the segment back to everybody's profile.
    profile: Option<ProfileBody>,
    /// Why.
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SavedBody {
    version: i32,
}

/// Saves a new version of a profile (managers); whoever it concerns is scored anew.
#[utoipa::path(post, path = "/health/profiles", operation_id = "save_health_profile", tag = "health", request_body = SaveBody, responses((status = 200, body = SavedBody), (status = 422, body = super::error::Problem)))]
async fn save(Extract(state): Shared, Caller(actor): Caller, Json(body): Json<SaveBody>) -> Answer<Json<SavedBody>> {
    actor.require(essor_domain::identity::Action::ManageModels)?;
    let profile = body.profile.map(Profile::try_from).transpose()?;
    let note = body.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let segment = body.segment.as_deref().unwrap_or_default();
    let version = app::save_profile(&state.app, &actor, segment, profile.as_ref(), note).await?;
    Ok(Json(SavedBody { version }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    /// A segment; left out for everybody's profile.
    #[serde(default)]
    segment: Option<String>,
    profile: ProfileBody,
}

/// What a draft would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PreviewBody {
    /// Paying clients that the profile scores.
    clients: usize,
    /// How many of them were looked at: all, or an even sample of a large portfolio.
    looked_at: usize,
    classes_before: BTreeMap<&'static str, usize>,
    classes_after: BTreeMap<&'static str, usize>,
    /// Clients by ten points.
    bins_before: Vec<usize>,
    bins_after: Vec<usize>,
    changed: usize,
    /// Those that change class, by what they pay, at most a hundred.
    moves: Vec<ClassMoveBody>,
    draft: ForesightBody,
    versions: Vec<VersionForesightBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClassMoveBody {
    id: Uuid,
    name: String,
    mrr_cents: i64,
    score_before: Option<u8>,
    class_before: &'static str,
    score_after: Option<u8>,
    class_after: &'static str,
}

/// How well scores told those who left from those who stayed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ForesightBody {
    /// Area under the ROC curve, 0–1: 0.5 is a coin; null when nobody left or nobody stayed.
    auc: Option<f64>,
    /// Cases (a client at a month's end) followed by a departure within 90 days.
    churned: usize,
    /// Cases without one.
    stayed: usize,
    /// Median days between the alert and the departure.
    lead_days: Option<i64>,
    /// Clients that stood below the alert when they left.
    warned: usize,
    /// Clients that left in the last twelve months.
    left: usize,
}

#[derive(Debug, Serialize, ToSchema)]
struct VersionForesightBody {
    version: i32,
    #[serde(flatten)]
    foresight: ForesightBody,
}

impl From<&Foresight> for ForesightBody {
    fn from(f: &Foresight) -> Self {
        ForesightBody {
            auc: f.auc,
            churned: f.churned,
            stayed: f.stayed,
            lead_days: f.lead_days,
            warned: f.warned,
            left: f.left,
        }
    }
}

/// Tries a draft (managers): who would change class, and how well it would have foretold who left. Nothing is saved.
#[utoipa::path(post, path = "/health/profiles/preview", operation_id = "preview_health_profile", tag = "health", request_body = DraftBody, responses((status = 200, body = PreviewBody), (status = 422, body = super::error::Problem)))]
async fn preview(
    Extract(state): Shared,
    Caller(actor): Caller,
    Json(body): Json<DraftBody>,
) -> Answer<Json<PreviewBody>> {
    actor.require(essor_domain::identity::Action::ManageModels)?;
    let profile = Profile::try_from(body.profile)?;
    let found = app::preview(&state.app, &actor, body.segment.as_deref().unwrap_or_default(), &profile).await?;
    let classes = |counts: [usize; 5]| HealthClass::ALL.into_iter().map(HealthClass::as_str).zip(counts).collect();
    Ok(Json(PreviewBody {
        clients: found.clients,
        looked_at: found.looked_at,
        classes_before: classes(found.before),
        classes_after: classes(found.after),
        bins_before: found.bins_before.to_vec(),
        bins_after: found.bins_after.to_vec(),
        changed: found.changed,
        moves: found
            .moves
            .into_iter()
            .map(|m| ClassMoveBody {
                id: m.client,
                name: m.name,
                mrr_cents: m.mrr_cents,
                score_before: m.before.0,
                class_before: m.before.1.as_str(),
                score_after: m.after.0,
                class_after: m.after.1.as_str(),
            })
            .collect(),
        draft: ForesightBody::from(&found.draft),
        versions: found
            .versions
            .iter()
            .map(|(version, f)| VersionForesightBody { version: *version, foresight: ForesightBody::from(f) })
            .collect(),
    }))
}

/// Weights that would have told better who left, or what is missing to say so.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SuggestionBody {
    /// By component, 100 in all; null where too few clients left.
    weights: Option<BTreeMap<&'static str, u32>>,
    /// Area under the ROC curve (0–1) by the weights of the draft, on the past that the effect is shown on.
    auc_before: Option<f64>,
    /// The same by the suggested weights: never less.
    auc_after: Option<f64>,
    /// The area on clients that the weights were not fitted to, in five parts.
    auc_unseen: Option<f64>,
    /// Clients that left within 90 days of a month's end of the last year.
    left: usize,
    /// How many have to have left.
    needed: usize,
    /// Clients looked at that stayed.
    stayed: usize,
}

/// Suggests weights (managers): those that would have told best who left in the last year. Nothing is saved.
#[utoipa::path(post, path = "/health/profiles/suggest", operation_id = "suggest_health_weights", tag = "health", request_body = DraftBody, responses((status = 200, body = SuggestionBody), (status = 422, body = super::error::Problem)))]
async fn suggest(
    Extract(state): Shared,
    Caller(actor): Caller,
    Json(body): Json<DraftBody>,
) -> Answer<Json<SuggestionBody>> {
    actor.require(essor_domain::identity::Action::ManageModels)?;
    let profile = Profile::try_from(body.profile)?;
    let found = app::suggest(&state.app, &actor, body.segment.as_deref().unwrap_or_default(), &profile).await?;
    let own = Component::ALL.into_iter().filter(|component| *component != Component::Children);
    Ok(Json(SuggestionBody {
        weights: found.fit.map(|fit| own.map(|c| (c.as_str(), fit.weights.of(c))).collect()),
        auc_before: found.fit.and_then(|fit| fit.before),
        auc_after: found.fit.and_then(|fit| fit.after),
        auc_unseen: found.fit.and_then(|fit| fit.unseen),
        left: found.left,
        needed: found.needed,
        stayed: found.stayed,
    }))
}
