//! What a client pays for: a contract by the seat, products added or given up, the departure and sometimes the return.

use super::CURRENCY;
use super::draw::{Draw, Stream};
use super::life::{Archetype, Life, Segment};
use crate::clients::SubscriptionInput;
use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};

/// The product that everyone has.
pub(super) const BASE: &str = "Pilotage";

/// A product sold on top: its price as a share of the base contract, by plan name.
struct AddOn {
    product: &'static str,
    plan: &'static str,
    share: f64,
}

const ADD_ONS: [AddOn; 4] = [
    AddOn { product: "Rapports", plan: "Avancé", share: 0.16 },
    AddOn { product: "Connecteurs", plan: "Standard", share: 0.20 },
    AddOn { product: "API", plan: "Illimitée", share: 0.24 },
    AddOn { product: "Assistance premium", plan: "7 j/7", share: 0.14 },
];

/// Days before the end of a contract during which nothing is bought any more.
const QUIET_DAYS: u64 = 75;

/// The commercial story of a client.
pub(super) struct Story {
    /// The successive states of each subscription.
    pub states: Vec<Vec<SubscriptionInput>>,
    /// Seats of the base contract, on the last day or when it ended.
    pub seats: i32,
    /// People who ever use the product.
    pub users: u16,
    /// Seats from a day on, in order.
    steps: Vec<(NaiveDate, u32)>,
    /// Products owned: name, from, until.
    owned: Vec<(&'static str, NaiveDate, Option<NaiveDate>)>,
}

impl Story {
    /// Seats of the base contract on a day.
    pub fn seats_on(&self, day: NaiveDate) -> u32 {
        self.steps.iter().rev().find(|(from, _)| *from <= day).or(self.steps.first()).map_or(0, |(_, seats)| *seats)
    }

    /// Whether a product is owned on a day.
    pub fn owns(&self, product: &str, day: NaiveDate) -> bool {
        self.owned.iter().any(|(name, from, until)| *name == product && *from <= day && until.is_none_or(|u| day < u))
    }
}

/// Tells the whole story up to the last day; nothing that lies beyond it is told.
pub(super) fn story(life: &Life) -> Story {
    let mut teller = Teller {
        life,
        story: Story { states: Vec::new(), seats: 0, users: 0, steps: Vec::new(), owned: Vec::new() },
        opened: 0,
    };
    teller.first_contract();
    teller.second_contract();
    teller.finish()
}

struct Teller<'a> {
    life: &'a Life,
    story: Story,
    opened: u32,
}

/// One subscription line under way: what is repeated in each of its states.
struct Line {
    states: Vec<SubscriptionInput>,
}

impl Line {
    fn now(&self) -> SubscriptionInput {
        self.states.last().cloned().unwrap_or_default()
    }

    fn change(&mut self, life: &Life, day: NaiveDate, edit: impl FnOnce(&mut SubscriptionInput)) {
        let mut next = self.now();
        edit(&mut next);
        next.effective_date = Some(day);
        next.known_at = Some(office_hour(life, day));
        self.states.push(next);
    }

    fn end(&mut self, life: &Life, day: NaiveDate) {
        if day <= life.until {
            self.change(life, day, |line| line.end_date = Some(day));
        }
    }
}

/// An instant in office hours: the same civil day in Paris as in UTC, all year.
fn office_hour(life: &Life, day: NaiveDate) -> DateTime<Utc> {
    let minute = Draw::on(life.seed, Stream::Contract, life.index, day, 1).between(8 * 60, 16 * 60);
    day.and_time(NaiveTime::MIN).and_utc() + chrono::Duration::minutes(i64::from(minute))
}

impl Teller<'_> {
    /// Opens a line. `price` is in euros a month and unit; paid by the year it is a tenth less.
    fn open(&mut self, product: &str, plan: &str, price: f64, seats: Option<u32>, day: NaiveDate) -> Line {
        self.opened += 1;
        let (period, cents) = if self.life.annual { ("year", price * 12.0 * 90.0) } else { ("month", price * 100.0) };
        Line {
            states: vec![SubscriptionInput {
                external_id: format!("{}-s{}", self.life.external_id(), self.opened),
                client_external_id: self.life.external_id(),
                product: product.to_owned(),
                plan: Some(plan.to_owned()),
                start_date: day,
                amount_cents: cents.round() as i64,
                currency: Some(CURRENCY.to_owned()),
                period: Some(period.to_owned()),
                quantity: Some(i64::from(seats.unwrap_or(1))),
                seats: seats.map(|s| s as i32),
                effective_date: Some(day),
                known_at: Some(office_hour(self.life, day)),
                ..SubscriptionInput::default()
            }],
        }
    }

    fn first_contract(&mut self) {
        let life = self.life;
        let price = f64::from(life.draw(Stream::Contract, 0).pick(&life.segment.seat_prices()));
        // The range is of what is really paid, so the yearly rebate is made up for in seats.
        let paid = if life.annual { price * 0.9 } else { price };
        let (least, _, most) = life.segment.range();
        let seats = (life.euros / paid).round().clamp((least / paid).ceil(), (most / paid).floor()) as u32;

        let mut base = self.open(BASE, life.segment.plan(), price, Some(seats), life.start);
        if let Some(trial) = life.trial {
            base.states[0].is_trial = true;
            if trial.converts && trial.end <= life.until {
                base.change(life, trial.end, |line| line.is_trial = false);
            }
        }
        self.story.steps.push((life.start, seats));
        self.story.owned.push((BASE, life.start, life.end));
        if life.trial.is_none_or(|trial| trial.converts) {
            self.live(&mut base, seats, price);
        } else if let Some(end) = life.end {
            base.end(life, end);
            self.story.states.push(base.states);
        }
    }

    /// Walks through the months of a contract: seats come and go, products are added and given up.
    fn live(&mut self, base: &mut Line, first: u32, price: f64) {
        let life = self.life;
        let last = life.end.map_or(life.until, |end| end.min(life.until));
        let mut seats = first;
        let mut lines: Vec<(usize, Line)> = Vec::new();
        for month in 1..2_400 {
            let mut draw = life.draw(Stream::Change, u64::from(month));
            let day = life.paid_from() + Months::new(month) + Days::new(u64::from(draw.between(0, 27)));
            if day >= last {
                break;
            }
            let quiet = life.end.is_some_and(|end| day + Days::new(QUIET_DAYS) > end);
            let rates = Rates::of(life.phase(day), life.segment);
            if draw.chance(rates.more) && !quiet && seats < first * 3 {
                let added = (f64::from(seats) * draw.real(0.08, 0.28)).round().max(1.0) as u32;
                seats += added;
                self.reseat(base, day, seats);
            } else if draw.chance(rates.less) && seats > 2 {
                let given = (f64::from(seats) * draw.real(0.08, 0.25)).round().max(1.0) as u32;
                seats -= given.min(seats / 2);
                self.reseat(base, day, seats);
            }
            if draw.chance(rates.product) && !quiet {
                let which = draw.between(0, ADD_ONS.len() as u32 - 1) as usize;
                if lines.iter().all(|(had, _)| *had != which) {
                    let add_on = &ADD_ONS[which];
                    let whole = price * f64::from(seats) * add_on.share * draw.real(0.85, 1.15);
                    // A list price: to the next 5 €.
                    let line = self.open(add_on.product, add_on.plan, (whole / 5.0).ceil().max(3.0) * 5.0, None, day);
                    self.story.owned.push((add_on.product, day, life.end));
                    lines.push((which, line));
                }
            }
            if draw.chance(rates.give_up)
                && let Some((which, line)) = lines.iter_mut().find(|(_, line)| line.now().end_date.is_none())
                && line.now().start_date + Days::new(90) < day
            {
                line.end(life, day);
                let product = ADD_ONS[*which].product;
                if let Some(owned) = self.story.owned.iter_mut().find(|(name, ..)| *name == product) {
                    owned.2 = Some(day);
                }
            }
        }
        if let Some(end) = life.end {
            base.end(life, end);
            for (_, line) in lines.iter_mut().filter(|(_, line)| line.now().end_date.is_none()) {
                line.end(life, end);
            }
        }
        self.story.states.push(std::mem::take(&mut base.states));
        self.story.states.extend(lines.into_iter().map(|(_, line)| line.states));
    }

    fn reseat(&mut self, base: &mut Line, day: NaiveDate, seats: u32) {
        base.change(self.life, day, |line| {
            line.quantity = Some(i64::from(seats));
            line.seats = Some(seats as i32);
        });
        self.story.steps.push((day, seats));
    }

    /// A client that returns starts again smaller, on a subscription of its own.
    fn second_contract(&mut self) {
        let life = self.life;
        let Some(back) = life.back else { return };
        let mut draw = life.draw(Stream::Contract, 1);
        let price = f64::from(draw.pick(&life.segment.seat_prices()));
        let before = f64::from(self.story.seats_on(back));
        let seats = (before * draw.real(0.6, 0.95)).round().max(2.0) as u32;
        let line = self.open(BASE, life.segment.plan(), price, Some(seats), back);
        self.story.steps.push((back, seats));
        self.story.owned.push((BASE, back, None));
        self.story.states.push(line.states);
    }

    fn finish(mut self) -> Story {
        let seats = self.story.seats_on(self.life.until);
        let most = self.story.steps.iter().map(|(_, seats)| *seats).max().unwrap_or(0);
        self.story.seats = seats as i32;
        self.story.users = ((f64::from(most) * self.life.adoption).round() as u16).max(2);
        self.story
    }
}

/// Monthly probabilities of commercial events.
struct Rates {
    more: f64,
    less: f64,
    product: f64,
    give_up: f64,
}

impl Rates {
    fn of(phase: Archetype, segment: Segment) -> Rates {
        let (more, less, product, give_up) = match phase {
            Archetype::Champion => (0.100, 0.004, 0.034, 0.002),
            Archetype::Growing => (0.092, 0.004, 0.030, 0.002),
            Archetype::Steady => (0.074, 0.011, 0.018, 0.006),
            Archetype::Tepid => (0.062, 0.013, 0.014, 0.006),
            Archetype::Declining => (0.008, 0.050, 0.003, 0.020),
            Archetype::Collapsing => (0.0, 0.060, 0.0, 0.020),
            Archetype::Ghost => (0.0, 0.010, 0.0, 0.0),
        };
        // Small firms buy fewer extras.
        let product = if segment == Segment::Tpe { product * 0.5 } else { product };
        Rates { more, less, product, give_up }
    }
}
