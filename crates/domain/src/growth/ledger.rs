//! The ledger: from a client's subscriptions to its monthly recurring revenue (MRR) on any day, and to the dated
//! movements between days. It keeps two times apart: when something holds (`from`, `to`) and when it was known.

use super::money::{self, Line, Period, RateE9};
use crate::{Code, Invalid};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a subscription costs and whether it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Amount per period and unit, in minor units of `currency`.
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// How often it is charged.
    pub period: Period,
    /// Units.
    pub quantity: i64,
    /// Discount on the whole line per period, in minor units of `currency`.
    pub discount_cents: i64,
    /// First day on which the discount no longer holds; none when it lasts.
    pub discount_until: Option<NaiveDate>,
    /// A trial is worth nothing yet.
    pub is_trial: bool,
    /// Paused is worth nothing meanwhile.
    pub paused: bool,
    /// The exchange rate of the day on which the amount took effect.
    pub rate: RateE9,
}

impl Terms {
    /// Monthly value in minor units of the reporting currency.
    fn monthly(&self, discounted: bool, rate: RateE9, reporting: &str) -> i64 {
        if self.is_trial || self.paused {
            return 0;
        }
        let discount_cents = if discounted { self.discount_cents } else { 0 };
        money::monthly_cents_converted(&Line { discount_cents, rate, ..self.line() }, reporting)
    }

    /// The charge with its discount, for [`money::check_line`].
    pub fn line(&self) -> Line<'_> {
        Line {
            amount_cents: self.amount_cents,
            quantity: self.quantity,
            period: self.period,
            discount_cents: self.discount_cents,
            currency: &self.currency,
            rate: self.rate,
        }
    }
}

/// Terms in force from a day until the next phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// First day of these terms. Of two phases of one day the one known later holds.
    pub from: NaiveDate,
    /// When this was known.
    pub known_on: NaiveDate,
    /// The terms.
    pub terms: Terms,
}

/// A recurring contract line with its whole history. It counts on day *d* when `start ≤ d < end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// First day that counts.
    pub start: NaiveDate,
    /// First day that no longer counts; `end == start` is accepted and worth nothing.
    pub end: Option<NaiveDate>,
    /// When the end was known; the end itself when left out.
    pub end_known_on: Option<NaiveDate>,
    /// Its terms over time, in any order.
    pub phases: Vec<Phase>,
}

/// A run of days on which one subscription has one value.
///
/// A stretch may be empty (`to == from`): terms that were believed for some days and then corrected backwards. They
/// are worth nothing by today's knowledge, and still count [as of](mrr_as_of) the days on which they were believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// First day that counts.
    pub from: NaiveDate,
    /// First day that no longer counts; none while it runs.
    pub to: Option<NaiveDate>,
    /// Monthly value, in minor units of the reporting currency; 0 while on trial or paused.
    pub mrr_cents: i64,
    /// A trial.
    pub is_trial: bool,
    /// When this value was known.
    pub known_on: NaiveDate,
    /// When `to` was known. Where the first change to be known was not the one that sets `to`, this is the first day on
    /// which some change was both known and in force: the day on which believing in this stretch ended.
    pub to_known_on: Option<NaiveDate>,
}

/// A stretch before it is known what ends it.
struct Piece {
    from: NaiveDate,
    known_on: NaiveDate,
    mrr_cents: i64,
    is_trial: bool,
}

/// What ends a piece: the pieces after it, or the end of the subscription, whichever comes first.
#[derive(Clone, Copy)]
struct Closing {
    /// The first day that no longer counts, and when that was known.
    to: NaiveDate,
    known_on: NaiveDate,
    /// The first day on which something that ends the piece is both known and in force.
    seen_on: NaiveDate,
}

impl Closing {
    fn new(to: NaiveDate, known_on: NaiveDate) -> Self {
        Closing { to, known_on, seen_on: to.max(known_on) }
    }

    fn or(self, other: Option<Closing>) -> Self {
        let Some(other) = other else { return self };
        let (to, known_on) = (self.to, self.known_on).min((other.to, other.known_on));
        Closing { to, known_on, seen_on: self.seen_on.min(other.seen_on) }
    }
}

/// The value of a subscription over time in the reporting currency, by `from`. Stretches worth nothing (trials, pauses)
/// are kept, since they say in which state the client is; days outside the subscription have none.
pub fn stretches(sub: &Subscription, reporting: &str) -> Vec<Stretch> {
    let mut closing =
        sub.end.map(|end| end.max(sub.start)).map(|end| Closing::new(end, sub.end_known_on.unwrap_or(end)));
    let mut out = Vec::new();
    // Backwards, so that whatever ends a piece is already seen.
    for piece in pieces(sub, reporting).into_iter().rev() {
        out.extend(close(&piece, closing));
        closing = Some(Closing::new(piece.from, piece.known_on).or(closing));
    }
    out.reverse();
    out.sort_by_key(|stretch: &Stretch| stretch.from);
    out
}

/// The phases in the order in which they replace each other, cut where a discount ends.
fn pieces(sub: &Subscription, reporting: &str) -> Vec<Piece> {
    let mut phases: Vec<&Phase> = sub.phases.iter().collect();
    phases.sort_by_key(|phase| (phase.from, phase.known_on));
    let mut out = Vec::with_capacity(phases.len());
    let mut before: Option<(&Phase, RateE9)> = None;
    for phase in phases {
        let terms = &phase.terms;
        // Same price as before: its rate was frozen when that price took effect, so that a pause, a trial's end or
        // another seat at another day's rate never shows the exchange market as a movement.
        let rate = match before {
            Some((last, rate))
                if last.from < phase.from
                    && last.terms.amount_cents == terms.amount_cents
                    && last.terms.currency == terms.currency =>
            {
                rate
            }
            _ => terms.rate,
        };
        before = Some((phase, rate));
        let from = phase.from.max(sub.start);
        let (with, without) = (terms.monthly(true, rate, reporting), terms.monthly(false, rate, reporting));
        let discounted = terms.discount_until.is_none_or(|until| until > from);
        let mut push = |from, mrr_cents| {
            out.push(Piece { from, known_on: phase.known_on, mrr_cents, is_trial: terms.is_trial });
        };
        push(from, if discounted { with } else { without });
        if let Some(until) = terms.discount_until.filter(|until| *until > from && with != without) {
            push(until, without);
        }
    }
    out
}

/// The piece as a stretch, unless it counts on no day, neither by today's knowledge nor as of any day.
fn close(piece: &Piece, closing: Option<Closing>) -> Option<Stretch> {
    let stretch = |to, to_known_on| Stretch {
        from: piece.from,
        to,
        mrr_cents: piece.mrr_cents,
        is_trial: piece.is_trial,
        known_on: piece.known_on,
        to_known_on,
    };
    let Some(closing) = closing else { return Some(stretch(None, None)) };
    let to = closing.to.max(piece.from);
    let to_known_on = if closing.seen_on > to { closing.seen_on } else { closing.known_on.min(to) };
    let believed = piece.from.max(piece.known_on) < to.max(to_known_on);
    (piece.from < to || believed).then(|| stretch(Some(to), Some(to_known_on)))
}

/// MRR on a day by today's knowledge, in minor units.
pub fn mrr_on(stretches: &[Stretch], day: NaiveDate) -> i64 {
    stretches.iter().filter(|s| s.from <= day && s.to.is_none_or(|to| day < to)).map(|s| s.mrr_cents).sum()
}

/// MRR as of a day: what was in force on that day, restricted to what was known by then, in minor units.
///
/// A stretch counts if `from ≤ d`, `known_on ≤ d`, and `to` is none, or `d < to`, or `to_known_on > d`. [`stretches`]
/// sets `to_known_on` such that a corrected value and the one that replaces it never both count.
pub fn mrr_as_of(stretches: &[Stretch], day: NaiveDate) -> i64 {
    stretches
        .iter()
        .filter(|s| s.from <= day && s.known_on <= day)
        .filter(|s| s.to.is_none_or(|to| day < to) || s.to_known_on.is_some_and(|known| known > day))
        .map(|s| s.mrr_cents)
        .sum()
}

/// How a client's MRR changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// From nothing, for the first time.
    New,
    /// From something to more.
    Expansion,
    /// From something to less.
    Contraction,
    /// From something to nothing.
    Churn,
    /// From nothing, after a churn, however long ago.
    Reactivation,
}

impl MovementKind {
    /// All kinds, in the order of the waterfall.
    pub const ALL: [MovementKind; 5] = [
        MovementKind::New,
        MovementKind::Expansion,
        MovementKind::Contraction,
        MovementKind::Churn,
        MovementKind::Reactivation,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            MovementKind::New => "new",
            MovementKind::Expansion => "expansion",
            MovementKind::Contraction => "contraction",
            MovementKind::Churn => "churn",
            MovementKind::Reactivation => "reactivation",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        MovementKind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            Invalid::field(Code::FieldType, "kind")
                .with("expected", "new, expansion, contraction, churn or reactivation")
                .with("value", text)
        })
    }
}

/// A dated change of a client's MRR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// The first day of the new value.
    pub day: NaiveDate,
    /// What it is called.
    pub kind: MovementKind,
    /// The change, in minor units; never 0.
    pub delta_cents: i64,
    /// MRR from that day on, in minor units.
    pub after_cents: i64,
}

/// The movements of **one** client, from the stretches of all its subscriptions, by day; those of days to come too.
/// Changes of one civil day are netted first, then classified: moving from one plan to another, or cancelling and
/// coming back on one day, is one movement or none.
pub fn movements(stretches: &[Stretch]) -> Vec<Movement> {
    let mut deltas: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for stretch in stretches.iter().filter(|s| s.to.is_none_or(|to| s.from < to)) {
        *deltas.entry(stretch.from).or_default() += stretch.mrr_cents;
        if let Some(to) = stretch.to {
            *deltas.entry(to).or_default() -= stretch.mrr_cents;
        }
    }
    let (mut mrr, mut has_paid) = (0, false);
    let mut out = Vec::new();
    for (day, delta_cents) in deltas.into_iter().filter(|(_, delta)| *delta != 0) {
        let kind = match (mrr, mrr + delta_cents) {
            (0, _) if has_paid => MovementKind::Reactivation,
            (0, _) => MovementKind::New,
            (_, 0) => MovementKind::Churn,
            _ if delta_cents > 0 => MovementKind::Expansion,
            _ => MovementKind::Contraction,
        };
        mrr += delta_cents;
        has_paid = true;
        out.push(Movement { day, kind, delta_cents, after_cents: mrr });
    }
    out
}

#[cfg(test)]
mod tests;
