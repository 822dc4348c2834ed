//! The course of one client: who they are commercially, when they come and go, and how much they use the product on
//! a given day. Everything else of the demo is read off this.

use super::DemoSpec;
use super::draw::{Draw, Stream, exp, normal, spread};
use crate::time::{month_start, months_before};
use chrono::{Days, Months, NaiveDate};

/// How long before the window the oldest clients began.
const BEFORE_MONTHS: u32 = 48;

/// How big a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Tpe,
    Pme,
    Eti,
    Large,
}

impl Segment {
    pub const fn name(self) -> &'static str {
        match self {
            Segment::Tpe => "TPE",
            Segment::Pme => "PME",
            Segment::Eti => "ETI",
            Segment::Large => "Grand compte",
        }
    }

    pub const fn plan(self) -> &'static str {
        match self {
            Segment::Tpe => "Essentiel",
            Segment::Pme => "Équipe",
            Segment::Eti => "Entreprise",
            Segment::Large => "Sur mesure",
        }
    }

    /// What the first contract is worth in euros a month: least, median, most.
    pub const fn range(self) -> (f64, f64, f64) {
        match self {
            Segment::Tpe => (80.0, 155.0, 300.0),
            Segment::Pme => (280.0, 640.0, 1_500.0),
            Segment::Eti => (1_000.0, 1_900.0, 4_000.0),
            Segment::Large => (3_000.0, 4_300.0, 12_000.0),
        }
    }

    /// Prices of a seat, in euros a month.
    pub const fn seat_prices(self) -> [u32; 3] {
        match self {
            Segment::Tpe => [29, 35, 39],
            Segment::Pme => [59, 69, 79],
            Segment::Eti => [119, 129, 149],
            Segment::Large => [189, 199, 229],
        }
    }

    /// The share of its clients that leave in a month.
    const fn churn(self) -> f64 {
        match self {
            Segment::Tpe => 0.015,
            Segment::Pme => 0.011,
            Segment::Eti => 0.007,
            Segment::Large => 0.003,
        }
    }
}

/// How a client that has not left is doing on the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Archetype {
    Champion,
    Growing,
    Steady,
    Tepid,
    Declining,
    Collapsing,
    Ghost,
}

/// How a client feels on a day: what tickets and answers are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mood {
    Bad,
    Doubtful,
    Fair,
    Good,
    Delighted,
}

/// A trial before the contract.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    /// First day after it.
    pub end: NaiveDate,
    /// Whether a contract follows.
    pub converts: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Life {
    pub seed: u64,
    pub index: u32,
    pub until: NaiveDate,
    pub segment: Segment,
    pub archetype: Archetype,
    /// First day of the trial or contract.
    pub start: NaiveDate,
    pub trial: Option<Trial>,
    /// Billed by the year.
    pub annual: bool,
    /// First day without contract. It may lie after `until`: then nobody knows yet, but use already falls.
    pub end: Option<NaiveDate>,
    /// First day of a second contract after the end.
    pub back: Option<NaiveDate>,
    /// For how many weeks use falls before the end, or has fallen on the last day of a collapsing client.
    decay_weeks: u32,
    /// What the first contract is worth in euros a month.
    pub euros: f64,
    /// The share of the seats that is used when all is well.
    pub adoption: f64,
}

impl Life {
    pub fn of(spec: &DemoSpec, index: u32) -> Life {
        let [arrival, size, mood, leaving, amount] = spread(spec.seed, index);
        let mut draw = Draw::new(spec.seed, Stream::Life, index, 0);
        let until = spec.until;
        let window = month_start(months_before(until, spec.months));

        let segment = match size {
            s if s < 0.38 => Segment::Tpe,
            s if s < 0.74 => Segment::Pme,
            s if s < 0.955 => Segment::Eti,
            _ => Segment::Large,
        };
        let (least, median, most) = segment.range();
        let euros = (median * exp(normal(amount) * 0.4)).clamp(least, most);

        // New clients come at about 2.9 % of the opening portfolio a month; the others were there before.
        let coming = 0.029 * f64::from(spec.months);
        let newcomer = arrival < coming / (1.0 + coming);
        let start = if newcomer {
            let days = (until - window).num_days().max(1) as f64;
            window + Days::new((arrival / (coming / (1.0 + coming)) * days) as u64)
        } else {
            let place = (arrival - coming / (1.0 + coming)) * (1.0 + coming);
            // At least two months before the window, so that nobody's ramp-up is taken for the portfolio's growth.
            let days = 60.0 + place * f64::from(BEFORE_MONTHS) * 30.0;
            window - Days::new(days as u64)
        };

        let annual = draw.chance(match segment {
            Segment::Tpe => 0.2,
            Segment::Pme => 0.45,
            _ => 0.75,
        });
        let trial = (newcomer && segment != Segment::Large && draw.chance(0.38)).then(|| {
            let days = if draw.chance(0.5) { 30 } else { 14 };
            Trial { end: start + Days::new(days), converts: draw.chance(0.8) }
        });
        let archetype = match mood {
            m if m < 0.11 => Archetype::Champion,
            m if m < 0.24 => Archetype::Growing,
            m if m < 0.335 => Archetype::Steady,
            m if m < 0.755 => Archetype::Tepid,
            m if m < 0.91 => Archetype::Declining,
            m if m < 0.975 => Archetype::Collapsing,
            _ => Archetype::Ghost,
        };
        let adoption = match archetype {
            Archetype::Champion => draw.real(0.88, 0.98),
            Archetype::Growing => draw.real(0.82, 0.96),
            Archetype::Steady => draw.real(0.66, 0.88),
            Archetype::Tepid => draw.real(0.46, 0.62),
            _ => draw.real(0.55, 0.75),
        };
        let decay_weeks = draw.between(4, 10);

        let mut life = Life {
            seed: spec.seed,
            index,
            until,
            segment,
            archetype,
            start,
            trial,
            annual,
            end: None,
            back: None,
            decay_weeks,
            euros,
            adoption,
        };
        life.settle(window, leaving, &mut draw);
        life
    }

    /// Decides when the client leaves and whether it returns.
    fn settle(&mut self, window: NaiveDate, leaving: f64, draw: &mut Draw) {
        let came_back = draw.chance(0.28);
        let pause = u64::from(draw.between(50, 160));
        if let Some(trial) = self.trial.filter(|trial| !trial.converts) {
            self.end = Some(trial.end);
            return;
        }
        // A contract runs four months before anyone gives it up.
        let from = (self.paid_from() + Days::new(120)).max(window);
        // Density: an even share of those at risk leaves each month.
        let days = (leaving / self.segment.churn() * 30.44).min(30_000.0);
        let wanted = from + Days::new(days as u64);
        let end = self.next_term(wanted);
        // Those who leave soon are not decided yet, but it shows.
        if end <= self.until + Days::new(50) {
            self.end = Some(end);
            let back = end + Days::new(pause);
            self.back = (came_back && back <= self.until).then_some(back);
        }
    }

    /// First day of the paid contract.
    pub fn paid_from(&self) -> NaiveDate {
        self.trial.map_or(self.start, |trial| trial.end)
    }

    /// The end of the billing period nearest to the day: contracts end at their term.
    fn next_term(&self, day: NaiveDate) -> NaiveDate {
        let from = self.paid_from();
        let step = if self.annual { 12 } else { 1 };
        let mut term = from + Months::new(if self.annual { 12 } else { 4 });
        // Half a period of slack, else annual contracts would all outlive the wish by six months.
        let slack = Days::new(if self.annual { 182 } else { 15 });
        let mut months = if self.annual { 12 } else { 4 };
        while term + slack < day {
            months += step;
            term = from + Months::new(months);
        }
        term
    }

    pub fn external_id(&self) -> String {
        format!("demo-{:06}", self.index + 1)
    }

    pub fn draw(&self, stream: Stream, position: u64) -> Draw {
        Draw::new(self.seed, stream, self.index, position)
    }

    /// Whether the client has a contract or trial on the day.
    pub fn present(&self, day: NaiveDate) -> bool {
        day >= self.start && (self.end.is_none_or(|end| day < end) || self.back.is_some_and(|back| day >= back))
    }

    /// Whether the departure, if any, is known on the last day.
    pub fn left(&self) -> Option<NaiveDate> {
        self.end.filter(|end| *end <= self.until)
    }

    /// The seven months during which a slow decline shows, and the ten during which growth does.
    fn months_left(&self, day: NaiveDate) -> f64 {
        (self.until - day).num_days().max(0) as f64 / 30.44
    }

    /// How the client is doing on a day. Today's archetype holds at the end of the story only: a client that
    /// collapses now was a steady one last year.
    pub fn phase(&self, day: NaiveDate) -> Archetype {
        if let Some(end) = self.end {
            let second = self.back.is_some_and(|back| day >= back);
            if !second {
                let decay = i64::from(self.decay_weeks) * 7;
                return match (end - day).num_days() {
                    d if d <= decay => Archetype::Collapsing,
                    d if d <= decay + 90 => Archetype::Declining,
                    _ => Archetype::Steady,
                };
            }
            return Archetype::Steady;
        }
        let left = self.months_left(day);
        match self.archetype {
            Archetype::Champion => Archetype::Champion,
            Archetype::Growing if left < 14.0 => Archetype::Growing,
            Archetype::Tepid => Archetype::Tepid,
            Archetype::Declining if left < 7.0 => Archetype::Declining,
            Archetype::Collapsing if left < f64::from(self.decay_weeks) / 4.35 => Archetype::Collapsing,
            // Only a recent client can be a ghost; an older one was set up long ago and just uses little.
            Archetype::Ghost if self.is_ghost() => Archetype::Ghost,
            Archetype::Ghost if left < 7.0 => Archetype::Declining,
            _ => Archetype::Steady,
        }
    }

    fn is_ghost(&self) -> bool {
        (self.until - self.start).num_days() < 200
    }

    /// How much the product is used, 1 being the client's good cruising level; without season and noise.
    pub fn level(&self, day: NaiveDate) -> f64 {
        if !self.present(day) {
            // Somebody still fetches an export in the first days after the end.
            let residual = self.end.is_some_and(|end| day >= end && day < end + Days::new(5));
            return if residual && self.trial.is_none_or(|t| t.converts) { 0.02 } else { 0.0 };
        }
        let begun = self.back.filter(|back| day >= *back).unwrap_or(self.start);
        let since = (day - begun).num_days() as f64;
        let ramp = (0.4 + 0.6 * since / 42.0).min(1.0);
        if let Some(trial) = self.trial.filter(|trial| !trial.converts) {
            let share = (trial.end - day).num_days() as f64 / (trial.end - self.start).num_days() as f64;
            return 0.1 + 0.4 * share;
        }
        let left = self.months_left(day);
        let trend = match self.phase(day) {
            Archetype::Champion => 1.15 - 0.01 * left.min(15.0),
            Archetype::Growing => 1.12 - 0.04 * left.min(14.0),
            Archetype::Steady => 0.92,
            Archetype::Tepid => 0.74 + 0.16 * (left / 4.5).min(1.0),
            Archetype::Declining if self.end.is_some() => 0.85,
            Archetype::Declining => 0.56 + 0.36 * (left / 7.0).min(1.0),
            Archetype::Collapsing => {
                let span = f64::from(self.decay_weeks) * 7.0;
                let ahead = match self.end {
                    Some(end) => (end - day).num_days() as f64,
                    None => (self.until - day).num_days() as f64,
                };
                0.08 + 0.77 * (ahead / span).clamp(0.0, 1.0)
            }
            Archetype::Ghost => return if since < 12.0 { 0.3 } else { 0.03 },
        };
        ramp * trend
    }

    pub fn mood(&self, day: NaiveDate) -> Mood {
        match self.phase(day) {
            Archetype::Champion => Mood::Delighted,
            Archetype::Growing | Archetype::Steady => Mood::Good,
            Archetype::Tepid => Mood::Fair,
            Archetype::Declining | Archetype::Ghost => Mood::Doubtful,
            Archetype::Collapsing => Mood::Bad,
        }
    }
}
