//! Surveys with their figures, and the people behind each.

use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::Action;
use essor_domain::surveys::{self as rules, Side, SurveyKind};
use essor_store::surveys::{self as store, Cell, Row, RowFilter, Survey};
use essor_store::{Db, Workspace};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A survey with its figures.
#[derive(Debug, Clone)]
pub struct Shown {
    /// As stored.
    pub survey: Survey,
    /// What kind it is.
    pub kind: SurveyKind,
    /// How many people were asked; those whose letter failed were not.
    pub asked: i64,
    /// How many of them answered.
    pub answered: i64,
    /// NPS, CSAT or CES; none while nobody has answered.
    pub figure: Option<f64>,
    /// Links by their state: link, queued, sent, failed.
    pub states: BTreeMap<String, i64>,
    /// How many gave each score of the scale, from the lowest.
    pub distribution: Vec<(i32, i64)>,
}

impl Shown {
    /// One that nobody was asked by.
    pub(super) fn blank(survey: Survey) -> Shown {
        Shown::of(survey, &[])
    }

    fn of(survey: Survey, cells: &[Cell]) -> Shown {
        // What is stored was checked; an unknown kind of a newer version is shown as what it is nearest to.
        let kind = SurveyKind::parse(&survey.kind).unwrap_or(SurveyKind::Nps);
        let (min, max) = rules::scale(kind);
        let mut distribution: BTreeMap<i32, i64> = (min..=max).map(|score| (score, 0)).collect();
        let mut shown =
            Shown { survey, kind, asked: 0, answered: 0, figure: None, states: BTreeMap::new(), distribution: vec![] };
        for cell in cells {
            *shown.states.entry(cell.state.clone()).or_default() += cell.n;
            if cell.state != "failed" || cell.score.is_some() {
                shown.asked += cell.n;
            }
            if let Some(score) = cell.score {
                shown.answered += cell.n;
                *distribution.entry(score).or_default() += cell.n;
            }
        }
        shown.distribution = distribution.into_iter().collect();
        shown.figure = rules::figure(kind, shown.distribution.iter().copied());
        shown
    }

    /// The share of those asked who answered.
    pub fn rate(&self) -> Option<f64> {
        rules::response_rate(self.asked, self.answered)
    }

    /// How many answers are on a side of the scale.
    pub fn on(&self, side: Side) -> i64 {
        self.distribution.iter().filter(|(score, _)| rules::side(self.kind, *score) == side).map(|(_, n)| n).sum()
    }
}

/// Answers that have something in common.
#[derive(Debug, Clone)]
pub struct Part {
    /// The month (`YYYY-MM`) or the segment.
    pub key: String,
    /// How many.
    pub answers: i64,
    /// What they say together.
    pub figure: Option<f64>,
}

/// A survey in full.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The survey.
    pub shown: Shown,
    /// By month of the answer, in order.
    pub months: Vec<Part>,
    /// By the segment in which each client is now.
    pub segments: Vec<Part>,
}

/// The surveys of the workspace, the newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Shown>> {
    let workspace = actor.require(Action::Read)?;
    let mut cells: BTreeMap<Uuid, Vec<Cell>> = BTreeMap::new();
    for cell in store::cells(&app.db, workspace, None).await? {
        cells.entry(cell.survey_id).or_default().push(cell);
    }
    let surveys = store::list(&app.db, workspace).await?;
    Ok(surveys
        .into_iter()
        .map(|survey| {
            let theirs = cells.remove(&survey.id).unwrap_or_default();
            Shown::of(survey, &theirs)
        })
        .collect())
}

/// One survey.
pub async fn one(db: &Db, workspace: Workspace, id: Uuid) -> Result<Shown> {
    let survey = store::get(db, workspace, id).await?.ok_or_else(Error::not_found)?;
    Ok(Shown::of(survey, &store::cells(db, workspace, Some(id)).await?))
}

/// One survey with what its answers say by month and by segment.
pub async fn detail(app: &App, actor: &Actor, id: Uuid) -> Result<Detail> {
    let workspace = actor.require(Action::Read)?;
    let shown = one(&app.db, workspace, id).await?;
    let months = parts(shown.kind, store::by_month(&app.db, workspace, id).await?);
    let segments = parts(shown.kind, store::by_segment(&app.db, workspace, id).await?);
    Ok(Detail { shown, months, segments })
}

fn parts(kind: SurveyKind, rows: Vec<(String, i32, i64)>) -> Vec<Part> {
    let mut by_key: BTreeMap<String, Vec<(i32, i64)>> = BTreeMap::new();
    for (key, score, n) in rows {
        by_key.entry(key).or_default().push((score, n));
    }
    let part = |(key, counts): (String, Vec<(i32, i64)>)| Part {
        key,
        answers: counts.iter().map(|(_, n)| n).sum(),
        figure: rules::figure(kind, counts),
    };
    by_key.into_iter().map(part).collect()
}

/// The people behind a figure, the latest first.
pub async fn behind(
    app: &App,
    actor: &Actor,
    id: Uuid,
    filter: &RowFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let workspace = actor.require(Action::Read)?;
    store::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    Ok(store::page(&app.db, workspace, id, filter, after, limit).await?)
}
