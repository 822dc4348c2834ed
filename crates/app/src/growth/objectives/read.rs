//! Objectives as pages show them, and the figure "reached of those due".

use crate::error::Result;
use crate::growth::figures::Figures;
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::growth::objectives::{self as rules, Aim, Direction, ObjectiveMetric, State};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_store::growth::objectives::{self as store, ObjectiveRow};
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::{Conn, Workspace};

/// The most points of a curve.
const POINTS: usize = 60;

/// An objective and where it stands.
#[derive(Debug, Clone)]
pub struct Objective {
    /// As set.
    pub row: ObjectiveRow,
    /// Its metric.
    pub metric: ObjectiveMetric,
    /// The metric's value now; that of the due day once it is over.
    pub value: Option<f64>,
    /// How far it has come, 0–100; none where there is no value.
    pub progress_pct: Option<f64>,
    /// How far linear time asks it to be, 0–100.
    pub pace_pct: f64,
    /// Where it stands.
    pub state: State,
    /// The probability of being at the target on the due day, by the forecast of MRR.
    pub chance: Option<f64>,
    /// Its stored days, thinned out.
    pub points: Vec<(NaiveDate, f64)>,
}

/// How the quarter's objectives stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Reached, of those due in the quarter.
    pub reached: i64,
    /// Due in the quarter.
    pub due: i64,
    /// Mean progress of those due whose progress is known, 0–100.
    pub mean_progress_pct: Option<f64>,
    /// On track or better, of those due and not reached.
    pub on_track: i64,
    /// Behind or missed.
    pub late: i64,
    /// First day of the quarter.
    pub from: NaiveDate,
    /// Last day of the quarter.
    pub to: NaiveDate,
}

impl Standing {
    /// Reached / due in per cent; none where none is due.
    pub fn reached_pct(&self) -> Option<f64> {
        (self.due > 0).then(|| 100.0 * self.reached as f64 / self.due as f64)
    }
}

/// All objectives with the quarter's standing.
#[derive(Debug, Clone)]
pub struct Objectives {
    /// Today in the workspace's zone.
    pub today: NaiveDate,
    /// Reporting currency.
    pub currency: String,
    /// The objectives, the next one due first.
    pub items: Vec<Objective>,
    /// The quarter's standing.
    pub standing: Standing,
    /// When this was read.
    pub computed_at: DateTime<Utc>,
}

pub(super) fn aim(row: &ObjectiveRow, start: f64) -> Option<Aim> {
    let direction = Direction::parse(&row.direction).ok()?;
    Some(Aim { direction, start, target: row.target, start_day: row.start_day, due_day: row.due_day })
}

/// All objectives, each with its progress now.
pub async fn objectives(app: &App, actor: &Actor) -> Result<Objectives> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let rows = store::list(&app.db, workspace).await?;
    let mut days = store::days(&app.db, workspace, today).await?;
    let first = rows.iter().map(|o| o.start_day).min().unwrap_or(today);
    let figures = Figures::read(&app.db, workspace, first.min(today), today).await?;
    let chances = crate::forecast::chances(app, workspace, today, &rows).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (row, chance) in rows.into_iter().zip(chances) {
        let Ok(metric) = ObjectiveMetric::parse(&row.metric) else { continue };
        let points = days.remove(&row.id).unwrap_or_default();
        let value = if today < row.start_day {
            None
        } else if today > row.due_day {
            points.last().map(|(_, value)| *value)
        } else {
            figures.on(&app.db, metric, row.start_day, today).await?
        };
        items.push(shown(row, metric, value, today, chance, thinned(points)));
    }
    let standing = standing(&app.db, workspace, &row, today).await?;
    Ok(Objectives { today, currency: row.currency, items, standing, computed_at: app.clock.now() })
}

fn shown(
    row: ObjectiveRow,
    metric: ObjectiveMetric,
    value: Option<f64>,
    today: NaiveDate,
    chance: Option<f64>,
    points: Vec<(NaiveDate, f64)>,
) -> Objective {
    let reached = row.reached_on.is_some();
    let aim = aim(&row, row.start_value.unwrap_or(0.0));
    let progress = |value: f64| aim.map(|a| rules::progress_pct(a.direction, a.start, a.target, value));
    Objective {
        metric,
        progress_pct: if reached { Some(100.0) } else { value.and_then(progress) },
        pace_pct: rules::pace_pct(row.start_day, row.due_day, today),
        state: aim.map_or(State::Unknown, |aim| rules::state(&aim, value, reached, today)),
        chance: chance.filter(|_| !reached),
        value,
        points,
        row,
    }
}

/// At most [`POINTS`] of the days, the last one among them.
fn thinned(days: Vec<(NaiveDate, f64)>) -> Vec<(NaiveDate, f64)> {
    let step = days.len().div_ceil(POINTS).max(1);
    let last = days.len().saturating_sub(1);
    days.into_iter().enumerate().filter(|(i, _)| (last - i).is_multiple_of(step)).map(|(_, day)| day).collect()
}

/// How the objectives due in the quarter of a day stood at its end: those that were set by then, with what was recorded
/// of them by then.
pub(crate) async fn standing(
    conn: &impl Conn,
    workspace: Workspace,
    row: &WorkspaceRow,
    day: NaiveDate,
) -> Result<Standing> {
    let zone = parse_zone(&row.timezone)?;
    let (from, to) = rules::quarter(day);
    let due: Vec<ObjectiveRow> = store::due(conn, workspace, from, to)
        .await?
        .into_iter()
        .filter(|o| day_in(zone, o.created_at) <= day)
        .collect();
    let values = if due.is_empty() { Default::default() } else { store::last_values(conn, workspace, day).await? };
    let mut out = Standing { reached: 0, due: 0, mean_progress_pct: None, on_track: 0, late: 0, from, to };
    let (mut sum, mut known) = (0.0, 0);
    for row in due {
        let reached = row.reached_on.is_some_and(|on| on <= day);
        out.due += 1;
        out.reached += i64::from(reached);
        let value = values.get(&row.id).copied();
        let Some(aim) = aim(&row, row.start_value.unwrap_or(0.0)) else { continue };
        match rules::state(&aim, value, reached, day) {
            State::OnTrack => out.on_track += 1,
            State::Behind | State::Missed => out.late += 1,
            _ => {}
        }
        let progress = value.map(|value| rules::progress_pct(aim.direction, aim.start, aim.target, value));
        if let Some(progress) = if reached { Some(100.0) } else { progress } {
            sum += progress;
            known += 1;
        }
    }
    out.mean_progress_pct = (known > 0).then(|| sum / f64::from(known));
    Ok(out)
}
