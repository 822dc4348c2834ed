//! What a client's people do in the product, day by day.

use super::calendar::{activity, weekend};
use super::draw::{Draw, Stream};
use super::life::{Archetype, Life, Segment};
use super::subscriptions::Story;
use super::{DemoSpec, DemoUsageDay};
use chrono::{Datelike, Days, NaiveDate};

/// One thing that can be done in the product.
pub(super) struct Event {
    pub name: &'static str,
    /// How often against the others.
    weight: u32,
    /// How often a day by one person, at most.
    most: u32,
    /// The product it needs.
    product: Option<&'static str>,
}

const fn event(name: &'static str, weight: u32, most: u32, product: Option<&'static str>) -> Event {
    Event { name, weight, most, product }
}

/// In the order in which clients discover them: breadth of use is a prefix of this list.
pub(super) const EVENTS: [Event; 9] = [
    event("Connexion", 30, 4, None),
    event("Tableau consulté", 30, 12, None),
    event("Tâche créée", 16, 6, None),
    event("Rapport exporté", 12, 4, None),
    event("Commentaire ajouté", 12, 8, None),
    event("Alerte configurée", 5, 2, None),
    event("Rapport partagé", 9, 3, Some("Rapports")),
    event("Source synchronisée", 8, 6, Some("Connecteurs")),
    event("API appelée", 12, 40, Some("API")),
];

/// How many days the thinned-out use of a large portfolio covers.
const LIGHT_DAYS: u64 = 120;

/// All use up to the last day.
pub(super) fn days(spec: &DemoSpec, life: &Life, story: &Story) -> Vec<DemoUsageDay> {
    let window = crate::time::month_start(crate::time::months_before(spec.until, spec.months));
    let from = if spec.light() { spec.until - Days::new(LIGHT_DAYS - 1) } else { window };
    let people: Vec<f64> =
        (0..story.users).map(|user| life.draw(Stream::User, u64::from(user)).real(0.6, 1.4)).collect();
    let mut rows = Vec::new();
    let mut day = from.max(life.start);
    while day <= spec.until {
        let level = life.level(day);
        if level > 0.0 && !(spec.light() && weekend(day)) {
            of_day(spec, life, story, &people, day, level, &mut rows);
        }
        day = day + Days::new(1);
    }
    rows
}

/// What is done on one day.
fn of_day(
    spec: &DemoSpec,
    life: &Life,
    story: &Story,
    people: &[f64],
    day: NaiveDate,
    level: f64,
    rows: &mut Vec<DemoUsageDay>,
) {
    let known = known_events(life, story, day);
    // Weeks differ: a quarter's closing, a trade fair.
    let week = u64::from(day.iso_week().year().unsigned_abs()) * 53 + u64::from(day.iso_week().week());
    let intensity = level * activity(day) * life.draw(Stream::Level, week).real(0.9, 1.1);
    let users = enabled(life, story, day, level).min(people.len());
    let (chance, most_users, most_events) = if spec.light() { light(life.segment, users) } else { full(life.segment) };

    let mut active = 0;
    // In a large portfolio only a few people a day are kept, so everyone must get their turn.
    let first = if spec.light() { Draw::on(life.seed, Stream::Usage, life.index, day, 0).bits() as usize } else { 0 };
    let mut of_day: Vec<DemoUsageDay> = Vec::new();
    for user in (0..users).map(|user| (first % users + user) % users) {
        let mut draw = Draw::on(life.seed, Stream::Usage, life.index, day, user as u32 + 1);
        if !draw.chance((chance * people[user] * intensity).min(0.97)) {
            continue;
        }
        let things = 1 + usize::from(draw.chance(0.55)) + usize::from(draw.chance(0.2));
        let mut done: Vec<usize> = Vec::new();
        for _ in 0..things.min(most_events) {
            let which = draw.weighted(&known);
            if !done.contains(&which) {
                done.push(which);
            }
        }
        done.sort_unstable();
        for which in done {
            let most = f64::from(EVENTS[which].most) * intensity.clamp(0.2, 1.2);
            let count = 1 + (draw.unit() * draw.unit() * most) as u32;
            of_day.push(DemoUsageDay { day, event: EVENTS[which].name.to_owned(), user: user as u16, count });
        }
        active += 1;
        if active == most_users {
            break;
        }
    }
    // The turn that people take must not show in the order of the rows.
    of_day.sort_by_key(|row| row.user);
    rows.extend(of_day);
}

/// The probability that a person shows up, the most people and the most events of each, at full volume: from about
/// 70 rows a month for a small firm to 250 for a large one.
const fn full(segment: Segment) -> (f64, usize, usize) {
    let chance = match segment {
        Segment::Tpe => 0.74,
        Segment::Pme => 0.5,
        Segment::Eti => 0.4,
        Segment::Large => 0.28,
    };
    (chance, usize::MAX, 3)
}

/// The same for a portfolio of many thousands: about one row a day.
fn light(segment: Segment, users: usize) -> (f64, usize, usize) {
    let (wanted, most_users, most_events) = match segment {
        Segment::Tpe => (0.9, 1, 1),
        Segment::Pme => (1.3, 2, 1),
        Segment::Eti => (1.7, 3, 2),
        Segment::Large => (2.4, 3, 2),
    };
    (wanted / users.max(1) as f64, most_users, most_events)
}

/// People who use their seat at all: all of the usual share when things go well, fewer and fewer as use falls.
fn enabled(life: &Life, story: &Story, day: NaiveDate, level: f64) -> usize {
    let seats = f64::from(story.seats_on(day));
    let share = life.adoption * (0.25 + 0.75 * level.min(1.0));
    (seats * share).round().max(1.0) as usize
}

/// What the client's people know how to do, with weights: more and more in the first weeks, more for good clients.
fn known_events(life: &Life, story: &Story, day: NaiveDate) -> Vec<(usize, u32)> {
    let breadth = match life.phase(day) {
        Archetype::Champion | Archetype::Growing => 6,
        Archetype::Steady | Archetype::Tepid => 5,
        Archetype::Declining => 4,
        Archetype::Collapsing | Archetype::Ghost => 2,
    };
    let learnt = 2 + ((day - life.start).num_days() / 14).clamp(0, 7) as usize;
    EVENTS
        .iter()
        .enumerate()
        .filter(|(at, event)| match event.product {
            None => *at < breadth.min(learnt),
            Some(product) => story.owns(product, day),
        })
        .map(|(at, event)| (at, event.weight))
        .collect()
}
