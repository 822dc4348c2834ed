//! What the demo's company spends on winning clients, and what it has set out to reach.

use super::DemoSpec;
use super::draw::{Draw, Stream};
use crate::growth::objectives::{Direction, ObjectiveMetric, Unit, pace_pct, quarter};
use crate::time::{month_start, months_before};
use chrono::{Days, NaiveDate};

/// The gross margin, in hundredths of a per cent: software with people behind it.
pub const MARGIN_BP: i32 = 7_800;

/// How an objective of the demo has fared: a demonstration without a failure would teach nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Met some time ago.
    Reached,
    /// A little ahead of linear time.
    OnTrack,
    /// Well behind it.
    Behind,
    /// Over, and not met.
    Missed,
}

/// An objective of the demo.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoObjective {
    /// Its name, in the demo's language.
    pub name: &'static str,
    /// The metric.
    pub metric: ObjectiveMetric,
    /// The day of its start value.
    pub start: NaiveDate,
    /// The last day in time.
    pub due: NaiveDate,
    /// How it has fared.
    pub outcome: Outcome,
}

impl DemoObjective {
    /// The target that makes it fare so, from the values since its start, oldest first; none without values.
    pub fn target(&self, values: &[(NaiveDate, f64)]) -> Option<f64> {
        let direction = self.metric.better();
        let sign = match direction {
            Direction::Up => 1.0,
            Direction::Down => -1.0,
        };
        let start = values.first()?.1;
        let (last_day, latest) = *values.last()?;
        let gain = |value: f64| (value - start) * sign;
        let best = values.iter().map(|(_, value)| gain(*value)).fold(0.0, f64::max);
        let pace = (pace_pct(self.start, self.due, last_day) / 100.0).max(0.05);
        let way = match self.outcome {
            Outcome::Reached => best * 0.7,
            Outcome::OnTrack => gain(latest) / (pace * 1.1),
            Outcome::Behind => gain(latest) / (pace * 0.6),
            Outcome::Missed => best * 1.35,
        };
        // A metric that went the other way: something modest, which it has not met.
        let way = if way > 0.0 { way } else { (start.abs() * 0.05).max(best + self.step()) };
        let steps = (way / self.step()).round().max(1.0);
        let target = ((start + sign * steps * self.step()) / self.step()).round() * self.step();
        // Too small a metric leaves nothing to aim at.
        (target > 0.0 || (target == 0.0 && direction == Direction::Down && way > best)).then_some(target)
    }

    /// What targets are rounded to: a hundred euros, a client, half a point, half a per cent; a tenth of the rest.
    fn step(&self) -> f64 {
        match self.metric.unit() {
            Unit::Cents => 10_000.0,
            Unit::Number => 1.0,
            Unit::Score | Unit::Nps => 0.5,
            Unit::Times | Unit::Months | Unit::Ces => 0.1,
            Unit::Ratio => 0.005,
        }
    }
}

/// The acquisition spend of the months that are over, oldest first, in cents: a tenth of a yearly growth budget, more
/// in spring and autumn when the fairs are, to the next ten euros.
pub fn spend(spec: &DemoSpec) -> Vec<(NaiveDate, i64)> {
    let months = spec.months.clamp(1, 24);
    (1..=months)
        .rev()
        .map(|back| {
            let month = month_start(months_before(month_start(spec.until), back));
            let mut draw = Draw::on(spec.seed, Stream::Portfolio, 0, month, 7);
            let season = match chrono::Datelike::month(&month) {
                3 | 4 | 9 | 10 => 1.35,
                7 | 8 | 12 => 0.7,
                _ => 1.0,
            };
            let size = f64::from(spec.clients) * 38.0 * season * draw.real(0.85, 1.15);
            (month, (size / 10.0).round() as i64 * 1_000)
        })
        .collect()
}

/// Objectives of every kind of outcome, told back from the last day.
pub fn objectives(spec: &DemoSpec) -> Vec<DemoObjective> {
    use ObjectiveMetric as M;
    let today = spec.until;
    let (first, last) = quarter(today);
    let before = first - Days::new(1);
    // A quarter's last days leave no pace to be ahead of or behind: those objectives then run into the next one.
    let last = if last <= today { quarter(last + Days::new(1)).1 } else { last };
    let over = today - Days::new(4);
    let objective = |name, metric, start, due, outcome| DemoObjective { name, metric, start, due, outcome };
    vec![
        objective("Cap de MRR à six mois", M::Mrr, months_before(today, 3), today + Days::new(190), Outcome::OnTrack),
        objective("MRR de fin de trimestre", M::Mrr, months_before(today, 5), last, Outcome::Reached),
        objective("Nouveaux clients", M::NewClients, months_before(today, 4), last, Outcome::OnTrack),
        objective("MRR d’expansion", M::ExpansionMrr, months_before(today, 4), last, Outcome::Reached),
        objective("Santé moyenne du portefeuille", M::MeanHealth, months_before(today, 2), last, Outcome::OnTrack),
        objective("Moins de clients à risque", M::AtRiskClients, months_before(today, 2), last, Outcome::Behind),
        objective("Rétention nette", M::Nrr, months_before(today, 6), last, Outcome::Behind),
        objective("Clients actifs", M::ActiveClients, months_before(today, 6), last, Outcome::Reached),
        objective("Revenu par client", M::Arpa, months_before(today, 6), over.max(first), Outcome::Missed),
        objective("MRR du trimestre dernier", M::Mrr, months_before(before, 3), before, Outcome::Reached),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_same_seed_spends_the_same() {
        let spec = DemoSpec { clients: 120, months: 24, seed: 1, until: "2026-11-22".parse().unwrap() };
        let one = spend(&spec);
        assert_eq!(one.len(), 24);
        assert_eq!(one, spend(&spec));
        assert_eq!(one[23].0, "2026-10-01".parse().unwrap(), "the current month is not over");
        assert!(one.iter().all(|(_, cents)| *cents > 0));
        let values = [("2026-08-22", 100_000.0), ("2026-10-01", 180_000.0), ("2026-11-22", 150_000.0)];
        let values = values.map(|(day, value)| (day.parse().unwrap(), value));
        for outcome in [Outcome::Reached, Outcome::OnTrack, Outcome::Behind, Outcome::Missed] {
            let objective = DemoObjective { outcome, ..objectives(&spec)[0].clone() };
            let target = objective.target(&values).unwrap();
            assert_eq!(target <= 180_000.0, outcome == Outcome::Reached, "{outcome:?}: {target}");
        }
        let due: Vec<NaiveDate> = objectives(&spec).iter().map(|o| o.due).collect();
        assert!(due.iter().any(|day| *day < spec.until) && due.iter().any(|day| *day > spec.until));
    }
}
