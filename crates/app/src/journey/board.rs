//! The portfolio by stage: the board, the lists behind it, the funnel, how long stages take, the pipeline.

use super::templates::{Templates, Version};
use crate::clients::{Language, Narrow};
use crate::error::Result;
use crate::growth::of_view;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::forecast::split::share_out;
use essor_domain::identity::Action;
use essor_domain::journey::{AlertKind, COMPLETED, Label};
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::clients::{Client, Filter, Sort};
use essor_store::growth::Slice;
use essor_store::journey::alerts as alert_rows;
use essor_store::journey::board::{self as store, After, Asked, By, Card, Column, State};
use essor_store::journey::visits::{self, Stays, Whose};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A stage of the portfolio.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct BoardColumn {
    pub key: String,
    pub label: Label,
    pub planned_days: i64,
    pub clients: i64,
    pub mrr_cents: i64,
    pub late: i64,
    pub at_risk: i64,
    /// The mean progress in the stage, 0–100; none without clients.
    pub mean_progress: Option<f64>,
}

/// The portfolio by stage.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Board {
    pub stages: Vec<BoardColumn>,
    pub total: i64,
    pub without: i64,
    pub without_mrr_cents: i64,
    pub completed: i64,
    pub completed_mrr_cents: i64,
    pub today: NaiveDate,
}

/// The stages of all templates: those that a segment follows first (without one, those that everybody does), then others'
/// that have other keys.
fn stages(templates: &Templates, segment: Option<&str>) -> Vec<(String, Label, i64)> {
    let followed = templates.of_segment(segment);
    let others = templates.current().into_iter().filter(|v| v.id != followed.id);
    let mut out: Vec<(String, Label, i64)> = Vec::new();
    for stage in std::iter::once(followed).chain(others).flat_map(|version| &version.template.stages) {
        if !out.iter().any(|(key, ..)| *key == stage.key) {
            out.push((stage.key.clone(), stage.label.clone(), stage.planned_days));
        }
    }
    out
}

/// A stage that only older versions know.
fn older(templates: &Templates, key: &str) -> (String, Label, i64) {
    let found = templates.all().iter().rev().find_map(|v: &Version| v.template.stage(key));
    found.map_or_else(
        || (key.to_owned(), Label::new(key, key), 0),
        |(_, stage)| (key.to_owned(), stage.label.clone(), stage.planned_days),
    )
}

/// The portfolio of a filter by stage.
pub async fn board(app: &App, actor: &Actor, filter: Filter, narrow: &Narrow) -> Result<Board> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let filter = language.narrowed(app, actor, filter, narrow).await?;
    let templates = Templates::load(&app.db, workspace).await?;
    board_of(app, workspace, &templates, &filter, language.moment.today).await
}

async fn board_of(
    app: &App,
    workspace: Workspace,
    templates: &Templates,
    filter: &Filter,
    today: NaiveDate,
) -> Result<Board> {
    let columns = store::columns(&app.db, workspace, filter, today).await?;
    let mut by_key: BTreeMap<String, Column> = BTreeMap::new();
    let mut out = Board {
        stages: Vec::new(),
        total: columns.iter().map(|column| column.clients).sum(),
        without: 0,
        without_mrr_cents: 0,
        completed: 0,
        completed_mrr_cents: 0,
        today,
    };
    for column in columns {
        match column.stage.clone() {
            None => (out.without, out.without_mrr_cents) = (column.clients, column.mrr_cents),
            Some(key) if key == COMPLETED => {
                (out.completed, out.completed_mrr_cents) = (column.clients, column.mrr_cents);
            }
            Some(key) => {
                by_key.insert(key, column);
            }
        }
    }
    let mut known = stages(templates, filter.segment.as_deref());
    let rest: Vec<String> = by_key.keys().filter(|key| !known.iter().any(|(k, ..)| k == *key)).cloned().collect();
    known.extend(rest.iter().map(|key| older(templates, key)));
    out.stages = known
        .into_iter()
        .map(|(key, label, planned_days)| {
            let column = by_key.remove(&key);
            let of = |read: fn(&Column) -> i64| column.as_ref().map_or(0, read);
            BoardColumn {
                clients: of(|c| c.clients),
                mrr_cents: of(|c| c.mrr_cents),
                late: of(|c| c.late),
                at_risk: of(|c| c.at_risk),
                mean_progress: column.as_ref().map(|c| c.progress_sum / c.clients as f64),
                key,
                label,
                planned_days,
            }
        })
        .collect();
    Ok(out)
}

/// A page of clients by stage.
#[derive(Debug, Clone)]
pub struct Cards {
    /// Those on a journey, each with the planned days of its stage.
    pub items: Vec<(Card, i64)>,
    /// Those without one, when they were asked for.
    pub without: Vec<Client>,
    /// Where the next page begins.
    pub next: Option<After>,
    /// How many match.
    pub total: i64,
    /// The day that they are shown for.
    pub today: NaiveDate,
}

/// A page of clients on a journey: of a stage, late, at risk, waiting for an answer or stalled. `stage=none` lists those
/// without one, by what they pay.
#[allow(clippy::too_many_arguments, reason = "a list's question")]
pub async fn cards(
    app: &App,
    actor: &Actor,
    filter: Filter,
    narrow: &Narrow,
    (stage, state, sort): (Option<&str>, Option<&str>, Option<&str>),
    after: Option<After>,
    limit: i64,
) -> Result<Cards> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let today = language.moment.today;
    let mut filter = language.narrowed(app, actor, filter, narrow).await?;
    if stage == Some("none") {
        filter.rules.push(language.rule("stage is empty", "stage")?);
        let from = match after {
            Some(After::Cents(cents, id)) => Some((essor_store::clients::Key::Number(cents), id)),
            Some(After::Day(..)) => return Err(Code::CursorInvalid.into()),
            None => None,
        };
        let mut without =
            essor_store::clients::page(&app.db, workspace, &filter, Sort::Mrr, true, from, limit + 1).await?;
        let more = without.len() as i64 > limit;
        without.truncate(limit as usize);
        let next = without.last().filter(|_| more).map(|client| After::Cents(client.mrr_cents, client.id));
        let (total, _) = essor_store::clients::count(&app.db, workspace, &filter).await?;
        return Ok(Cards { items: Vec::new(), without, next, total, today });
    }
    let unknown = |field: &str, value: &str| Invalid::field(Code::JourneyStateUnknown, field).with("value", value);
    let state = match state {
        None | Some("") => State::Any,
        Some("late") => State::Late,
        Some("at_risk") => State::AtRisk,
        Some("ask") => State::Ask,
        Some("stalled") => State::Stalled,
        Some(other) => {
            return Err(unknown("state", other).with("expected", "late, at_risk, ask, stalled").into());
        }
    };
    let by = match sort {
        None | Some("" | "late") => By::Late,
        Some("entered") => By::Entered,
        Some("mrr") => By::Mrr,
        Some(other) => return Err(unknown("sort", other).with("expected", "late, entered, mrr").into()),
    };
    let fits = match after {
        Some(After::Cents(..)) => by == By::Mrr,
        Some(After::Day(..)) => by != By::Mrr,
        None => true,
    };
    if !fits {
        return Err(Code::CursorInvalid.into());
    }
    let asked = Asked { stage: stage.filter(|stage| !stage.is_empty()), state, by, today };
    let mut items = store::page(&app.db, workspace, &filter, &asked, after, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|card| match by {
        By::Late => After::Day(card.expected_on.unwrap_or(NEVER), card.client_id),
        By::Entered => After::Day(card.entered_on, card.client_id),
        By::Mrr => After::Cents(card.mrr_cents, card.client_id),
    });
    let templates = Templates::load(&app.db, workspace).await?;
    let planned = |card: &Card| {
        let version = templates.version(card.template_id, card.version);
        version.and_then(|v| v.template.stage(&card.stage)).map_or(0, |(_, stage)| stage.planned_days)
    };
    let total = store::count(&app.db, workspace, &filter, &asked).await?;
    let items = items.into_iter().map(|card| (planned(&card), card)).map(|(days, card)| (card, days)).collect();
    Ok(Cards { items, without: Vec::new(), next, total, today })
}

/// Where clients without a planned end stand in a list by it.
const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(2199, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Journeys that began in the same month.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// `YYYY-MM`.
    pub month: String,
    /// How many came as far as each stage: the first figure is how many there are.
    pub reached: Vec<i64>,
    /// How many of them were inferred.
    pub inferred: i64,
}

/// From each stage to the next, 0–100; none where nobody was.
pub fn conversions(reached: &[i64]) -> Vec<Option<f64>> {
    reached.windows(2).map(|pair| percent(pair[1], pair[0])).collect()
}

/// From stage to stage.
#[derive(Debug, Clone)]
pub struct Funnel {
    /// The stages of the template that is shown.
    pub stages: Vec<(String, Label)>,
    /// The newest month last.
    pub cohorts: Vec<Cohort>,
    /// All of them together.
    pub all: Vec<i64>,
}

/// How far clients went through the stages of a template, by the month in which their journeys began: the last `months`
/// of them. Whoever entered a later stage came past those before it, skipped ones too.
async fn funnel_of(
    app: &App,
    workspace: Workspace,
    (filter, version): (&Filter, &Version),
    months: usize,
) -> Result<Funnel> {
    let stages: Vec<(String, Label)> =
        version.template.stages.iter().map(|stage| (stage.key.clone(), stage.label.clone())).collect();
    let keys: Vec<&str> = stages.iter().map(|(key, _)| key.as_str()).collect();
    let mut by_month: BTreeMap<String, Cohort> = BTreeMap::new();
    for row in visits::reached(&app.db, workspace, Whose::Clients(filter), version.id, &keys).await? {
        let new = Cohort { month: row.month.clone(), reached: vec![0; stages.len()], inferred: 0 };
        let cohort = by_month.entry(row.month).or_insert(new);
        cohort.inferred += row.inferred;
        for reached in cohort.reached.iter_mut().take(usize::try_from(row.furthest).unwrap_or(0) + 1) {
            *reached += row.n;
        }
    }
    let skip = by_month.len().saturating_sub(months);
    let cohorts: Vec<Cohort> = by_month.into_values().skip(skip).collect();
    let mut all = vec![0; stages.len()];
    for cohort in &cohorts {
        all.iter_mut().zip(&cohort.reached).for_each(|(sum, n)| *sum += n);
    }
    Ok(Funnel { stages, cohorts, all })
}

/// The funnel of the clients of a filter, archived ones too unless a status is asked for, in the template that their
/// segment follows.
pub async fn funnel(app: &App, actor: &Actor, filter: Filter, narrow: &Narrow, months: usize) -> Result<Funnel> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let status = filter.status.clone().or(Some("all".into()));
    let filter = language.narrowed(app, actor, Filter { status, ..filter }, narrow).await?;
    let templates = Templates::load(&app.db, workspace).await?;
    let followed = templates.of_segment(filter.segment.as_deref());
    funnel_of(app, workspace, (&filter, followed), months).await
}

/// How long a stage really takes, learned from the stays that were seen from entry to exit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations {
    /// How many stays that rests on.
    pub sample: i64,
    /// Inferred stays, which are left out: nobody saw them begin.
    pub inferred: i64,
    /// The median of their days; none without a stay.
    pub median: Option<i32>,
    /// The days within which four of five ended.
    pub p80: Option<i32>,
}

impl Durations {
    /// Of stays, the shortest first.
    pub fn of<'a>(stays: impl Iterator<Item = &'a Stays> + Clone) -> Durations {
        let lived = stays.clone().filter(|stay| !stay.inferred);
        let sample: i64 = lived.clone().map(|stay| stay.n).sum();
        let within = |share: f64| {
            let wanted = ((sample as f64 * share).ceil() as i64).max(1);
            let mut seen = 0;
            lived.clone().find(|stay| {
                seen += stay.n;
                seen >= wanted
            })
        };
        Durations {
            sample,
            inferred: stays.filter(|stay| stay.inferred).map(|stay| stay.n).sum(),
            median: within(0.5).map(|stay| stay.days),
            p80: within(0.8).map(|stay| stay.days),
        }
    }
}

/// A stage's planned days beside the real ones, of all and by segment.
pub type StageTimes = ((String, Label, i64), Durations, Vec<(String, Durations)>);

/// How long stages really take beside what was planned.
pub async fn times(app: &App, actor: &Actor, segment: Option<&str>) -> Result<Vec<StageTimes>> {
    let workspace = actor.require(Action::Read)?;
    let templates = Templates::load(&app.db, workspace).await?;
    times_of(app, workspace, stages(&templates, segment), segment.map_or(Whose::All, Whose::Segment)).await
}

async fn times_of(
    app: &App,
    workspace: Workspace,
    stages: Vec<(String, Label, i64)>,
    whose: Whose<'_>,
) -> Result<Vec<StageTimes>> {
    let stays = visits::completed(&app.db, workspace, whose).await?;
    let mut by_stage: HashMap<&str, Vec<&Stays>> = HashMap::new();
    for stay in &stays {
        by_stage.entry(&stay.stage).or_default().push(stay);
    }
    Ok(stages
        .into_iter()
        .map(|stage| {
            let of = by_stage.remove(stage.0.as_str()).unwrap_or_default();
            let mut segments: BTreeMap<&str, Vec<&Stays>> = BTreeMap::new();
            for stay in &of {
                segments.entry(stay.segment.as_deref().unwrap_or("")).or_default().push(stay);
            }
            let by = segments.into_iter().map(|(name, of)| (name.to_owned(), Durations::of(of.into_iter()))).collect();
            (stage, Durations::of(of.into_iter()), by)
        })
        .collect())
}

/// A stage of the growth pipeline.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct PipelineStage {
    pub key: String,
    pub label: Label,
    pub planned_days: i64,
    pub clients: i64,
    pub mrr_cents: i64,
    /// Share of the MRR of all stages, 0–100.
    pub share_pct: Option<f64>,
    /// The stage after it in the template that is shown; none after the last, or in another template.
    pub next: Option<String>,
    /// Of those that reached this stage, how many reached the next one, 0–100.
    pub conversion_pct: Option<f64>,
    pub durations: Durations,
    /// Its part of what the forecast expects.
    pub forecast_cents: Option<i64>,
}

/// Growth by stage.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each field is named by what it states")]
pub struct Pipeline {
    pub stages: Vec<PipelineStage>,
    pub board: Board,
    /// The month-end that the forecast is about.
    pub forecast_day: Option<NaiveDate>,
}

/// Clients, value, share, conversion and durations by stage, all of the filter's clients, with the forecast's median in
/// `horizon` months shared out by what each stage pays today: nobody has forecast stages apart.
pub async fn pipeline(app: &App, actor: &Actor, filter: Filter, narrow: &Narrow, horizon: u32) -> Result<Pipeline> {
    let workspace = actor.require(Action::Read)?;
    let slice = Slice {
        segment: filter.segment.clone(),
        owner: filter.owner.clone(),
        product: filter.product.clone(),
        ..Slice::default()
    };
    let slice = of_view(app, actor, slice, narrow.view).await?;
    // A list that is narrowed otherwise than the forecast can be has no part of it.
    let apart = [&filter.q, &filter.status, &filter.cause, &narrow.condition, &narrow.tab];
    let whole = apart.iter().all(|by| by.is_none()) && filter.classes.is_empty() && !filter.risk;
    let language = Language::of(app, workspace).await?;
    let filter = language.narrowed(app, actor, filter, narrow).await?;
    let templates = Templates::load(&app.db, workspace).await?;
    let followed = templates.of_segment(filter.segment.as_deref());
    let known = stages(&templates, filter.segment.as_deref());
    let (funnel, stays, board, forecast) = tokio::try_join!(
        funnel_of(app, workspace, (&filter, followed), usize::MAX),
        times_of(app, workspace, known, Whose::Clients(&filter)),
        board_of(app, workspace, &templates, &filter, language.moment.today),
        crate::forecast::forecast(app, actor, &slice, None, horizon, None),
    )?;
    let conversions = conversions(&funnel.all);
    let last = forecast.months.last();
    let weights: Vec<i64> = board
        .stages
        .iter()
        .map(|stage| stage.mrr_cents)
        .chain([board.completed_mrr_cents, board.without_mrr_cents])
        .map(|cents| cents.max(0))
        .collect();
    let expected =
        last.filter(|_| whole && weights.iter().any(|w| *w > 0)).map(|month| share_out(month.amounts[5], &weights));
    let sum: i64 = board.stages.iter().map(|stage| stage.mrr_cents).sum();
    let stages = board
        .stages
        .iter()
        .enumerate()
        .map(|(i, stage)| {
            let place = funnel.stages.iter().position(|(key, _)| *key == stage.key);
            let of = stays.iter().find(|((key, ..), ..)| *key == stage.key);
            PipelineStage {
                key: stage.key.clone(),
                label: stage.label.clone(),
                planned_days: stage.planned_days,
                clients: stage.clients,
                mrr_cents: stage.mrr_cents,
                share_pct: percent(stage.mrr_cents, sum),
                next: place.and_then(|place| funnel.stages.get(place + 1)).map(|(key, _)| key.clone()),
                conversion_pct: place.and_then(|place| conversions.get(place).copied().flatten()),
                durations: of.map(|(_, durations, _)| durations.clone()).unwrap_or_default(),
                forecast_cents: expected.as_ref().and_then(|parts| parts.get(i)).copied(),
            }
        })
        .collect();
    Ok(Pipeline { stages, forecast_day: last.filter(|_| whole).map(|month| month.day), board })
}

/// A share in per cent to one digit; none of nothing.
pub(super) fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 * 1_000.0 / whole as f64).round() / 10.0)
}

/// A page of alerts with how many last, by kind.
pub type Alerts = (Vec<alert_rows::AlertRow>, Option<(NaiveDate, Uuid)>, HashMap<String, i64>, NaiveDate);

/// A page of alerts, the newest first.
pub async fn alerts(
    app: &App,
    actor: &Actor,
    (kind, client, open): (Option<&str>, Option<Uuid>, bool),
    after: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<Alerts> {
    let workspace: Workspace = actor.require(Action::Read)?;
    if let Some(kind) = kind
        && AlertKind::parse(kind).is_none()
    {
        let kinds: Vec<&str> = AlertKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let refused = Invalid::field(Code::JourneyStateUnknown, "kind").with("value", kind);
        return Err(refused.with("expected", kinds.join(", ")).into());
    }
    let filter = alert_rows::Filter { kind, client, open };
    let mut items = alert_rows::page(&app.db, workspace, filter, after, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|row| (row.raised_on, row.id));
    let language = Language::of(app, workspace).await?;
    Ok((items, next, alert_rows::counts(&app.db, workspace).await?, language.moment.today))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_learned_from_stays_that_were_seen() {
        let stays = |of: &[(i32, i64, bool)]| -> Vec<Stays> {
            let one = |&(days, n, inferred): &(i32, i64, bool)| Stays {
                stage: "onboarding".into(),
                segment: None,
                days,
                inferred,
                n,
            };
            of.iter().map(one).collect()
        };
        for (of, sample, inferred, median, p80) in [
            (&[][..], 0, 0, None, None),
            (&[(31, 40, true), (531, 70, true)], 0, 110, None, None),
            (&[(10, 1, false), (31, 40, true)], 1, 40, Some(10), Some(10)),
            (&[(10, 2, false), (20, 2, false), (25, 9, true), (40, 1, false)], 5, 9, Some(20), Some(20)),
            (&[(1, 9, true), (10, 1, false), (20, 1, false)], 2, 9, Some(10), Some(20)),
        ] {
            let learned = Durations::of(stays(of).iter());
            assert_eq!(learned, Durations { sample, inferred, median, p80 }, "{of:?}");
        }
    }
}
