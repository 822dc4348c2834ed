//! The value of a metric on any day, for objectives: read once, asked many times.

use super::metrics::{economics, months_of_spend};
use super::summary::{active_at, kinds_between, mrr_at};
use crate::error::Result;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use essor_domain::growth::ledger::MovementKind;
use essor_domain::growth::metrics;
use essor_domain::growth::objectives::{ANSWER_DAYS, ObjectiveMetric};
use essor_domain::surveys::{SurveyKind, figure};
use essor_domain::time::{end_of_day, months_before, parse_zone};
use essor_store::growth::spend::{self, SpendRow};
use essor_store::growth::{self, DayTotal, Retention, Slice, objectives as store};
use essor_store::{Conn, Workspace, surveys};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::Mutex;

/// The period of what is told over twelve months.
const MONTHS: u32 = 12;

/// The ledger's totals and the portfolio's health, up to a day.
pub(crate) struct Figures {
    workspace: Workspace,
    days: Vec<DayTotal>,
    /// Scored clients, sum of scores, clients at risk.
    health: HashMap<NaiveDate, (i64, i64, i64)>,
    retention: Mutex<HashMap<NaiveDate, Retention>>,
    margin_bp: Option<i32>,
    spent: Vec<SpendRow>,
    zone: Tz,
    answers: Mutex<BTreeMap<NaiveDate, Vec<Answers>>>,
}

/// How many answered a survey of a kind with a score.
type Answers = (SurveyKind, i32, i64);

impl Figures {
    /// Reads what is known from `from` to `today`.
    pub async fn read(conn: &impl Conn, workspace: Workspace, from: NaiveDate, today: NaiveDate) -> Result<Figures> {
        let days = growth::day_totals(conn, workspace, today).await?;
        let recorded = store::health_days(conn, workspace, from, today).await?;
        let mut health: HashMap<_, _> =
            recorded.into_iter().map(|(day, scored, sum, risk)| (day, (scored, sum, risk))).collect();
        let now = growth::totals(conn, workspace).await?;
        health.insert(today, (now.scored, now.health_sum, now.at_risk));
        let margin_bp = spend::margin(conn, workspace).await?;
        let spent = spend::list(conn, workspace, months_of_spend(from, MONTHS).0, today).await?;
        let zone = parse_zone(&crate::identity::workspace_row(conn, workspace).await?.timezone)?;
        let (retention, answers) = (Mutex::default(), Mutex::default());
        Ok(Figures { workspace, days, health, retention, margin_bp, spent, zone, answers })
    }

    /// The metric's value at the end of a day; flows count from the close of `start`. None where it does not exist.
    pub async fn on(
        &self,
        conn: &impl Conn,
        metric: ObjectiveMetric,
        start: NaiveDate,
        day: NaiveDate,
    ) -> Result<Option<f64>> {
        let mrr = || mrr_at(&self.days, day);
        let moved = |kind: MovementKind| {
            kinds_between(&self.days, start, day).iter().find(|(k, _)| *k == kind).map_or(0, |(_, cents)| *cents)
        };
        Ok(match metric {
            ObjectiveMetric::Mrr => Some(mrr() as f64),
            ObjectiveMetric::Arr => Some(metrics::arr(mrr()) as f64),
            ObjectiveMetric::ActiveClients => Some(active_at(&self.days, day) as f64),
            ObjectiveMetric::Arpa => metrics::arpa(mrr(), active_at(&self.days, day)).map(|cents| cents as f64),
            ObjectiveMetric::NewMrr => Some(moved(MovementKind::New) as f64),
            ObjectiveMetric::ExpansionMrr => Some(moved(MovementKind::Expansion) as f64),
            ObjectiveMetric::NetNewMrr => Some((mrr() - mrr_at(&self.days, start)) as f64),
            ObjectiveMetric::NewClients => Some(self.won(start, day) as f64),
            ObjectiveMetric::MeanHealth => {
                self.health.get(&day).filter(|h| h.0 > 0).map(|(scored, sum, _)| *sum as f64 / *scored as f64)
            }
            ObjectiveMetric::AtRiskClients => self.health.get(&day).filter(|h| h.0 > 0).map(|h| h.2 as f64),
            ObjectiveMetric::Nrr
            | ObjectiveMetric::Grr
            | ObjectiveMetric::LogoChurn
            | ObjectiveMetric::RevenueChurn => {
                let from = months_before(day, MONTHS);
                let kept = self.kept(conn, from, day).await?;
                match metric {
                    ObjectiveMetric::Nrr => metrics::nrr(kept.opening, kept.closing_of_opening),
                    ObjectiveMetric::Grr => metrics::grr(kept.opening, kept.sum_of_min),
                    ObjectiveMetric::LogoChurn => metrics::logo_churn(kept.churned_clients, kept.opening_clients),
                    _ => metrics::revenue_churn(kept.churned_opening, kept.opening),
                }
            }
            ObjectiveMetric::QuickRatio => {
                let kinds = kinds_between(&self.days, months_before(day, MONTHS), day);
                let [new, expansion, contraction, churn, reactivation] = kinds.map(|(_, cents)| cents);
                metrics::quick_ratio(new, expansion, reactivation, contraction, churn)
            }
            ObjectiveMetric::MonthlyChurn
            | ObjectiveMetric::Ltv
            | ObjectiveMetric::Cac
            | ObjectiveMetric::Payback
            | ObjectiveMetric::LtvCac => self.economics(metric, day),
            ObjectiveMetric::Nps => self.answered(conn, SurveyKind::Nps, day).await?,
            ObjectiveMetric::Csat => self.answered(conn, SurveyKind::Csat, day).await?.map(|share| share / 100.0),
            ObjectiveMetric::Ces => self.answered(conn, SurveyKind::Ces, day).await?,
        })
    }

    /// What the answers of the days up to one come to, as surveys count them; a score between two counts as the nearer
    /// one. Each day's answers are read once.
    async fn answered(&self, conn: &impl Conn, kind: SurveyKind, day: NaiveDate) -> Result<Option<f64>> {
        let mut known = self.answers.lock().await;
        let first = day - Days::new(ANSWER_DAYS - 1);
        let all = first.iter_days().take_while(|of| *of <= day);
        let missing: Vec<surveys::DayOf> = all
            .filter(|of| !known.contains_key(of))
            .map(|of| (of, end_of_day(self.zone, of - Days::new(1)), end_of_day(self.zone, of)))
            .collect();
        for (of, ..) in &missing {
            known.insert(*of, Vec::new());
        }
        for (of, kind, score, n) in surveys::by_day(conn, self.workspace, &missing).await? {
            if let (Some(kind), Some(answers)) = (SurveyKind::parse(&kind), known.get_mut(&of)) {
                answers.push((kind, score.round() as i32, n));
            }
        }
        let answers = known.range(first..=day).flat_map(|(_, answers)| answers);
        Ok(figure(kind, answers.filter(|(of, ..)| *of == kind).map(|(_, score, n)| (*score, *n))))
    }

    /// What a client brings and costs, over the months up to a day.
    fn economics(&self, metric: ObjectiveMetric, day: NaiveDate) -> Option<f64> {
        let of = economics(&self.days, self.margin_bp, &self.spent, (day, MONTHS));
        let cents = |value: Option<i64>| value.map(|cents| cents as f64);
        match metric {
            ObjectiveMetric::MonthlyChurn => metrics::monthly_revenue_churn(of.churned_cents, of.openings_cents),
            ObjectiveMetric::Ltv => cents(metrics::ltv(&of)),
            ObjectiveMetric::Cac => cents(metrics::cac(&of)),
            ObjectiveMetric::Payback => metrics::payback_months(&of),
            _ => metrics::ltv_per_cac(metrics::ltv(&of), metrics::cac(&of)),
        }
    }

    /// Retention up to a day, read once for all metrics that ask for it.
    async fn kept(&self, conn: &impl Conn, from: NaiveDate, day: NaiveDate) -> Result<Retention> {
        let mut known = self.retention.lock().await;
        if let Some(kept) = known.get(&day) {
            return Ok(kept.clone());
        }
        let opening = (mrr_at(&self.days, from), active_at(&self.days, from));
        let kept = growth::retention(conn, self.workspace, &Slice::default(), (from, day), opening).await?;
        known.insert(day, kept.clone());
        Ok(kept)
    }

    fn won(&self, start: NaiveDate, day: NaiveDate) -> i64 {
        let new = MovementKind::New.as_str();
        let within = |d: &&DayTotal| d.day > start && d.day <= day && d.kind == new;
        self.days.iter().filter(within).map(|d| d.movements).sum()
    }
}
