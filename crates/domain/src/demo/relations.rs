//! What passes between vendor and client besides tickets: messages, meetings, invoices, value delivered, quotas, opinions.

use super::draw::{Draw, Stream};
use super::life::{Life, Mood, Segment};
use super::signals::{during, signal};
use super::subscriptions::Story;
use super::{CURRENCY, names};
use crate::clients::{ContactInput, SignalInput};
use crate::growth::money::{Period, monthly_cents};
use crate::time::{month_start, months_before};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::json;

/// Days to pay an invoice.
const TERM_DAYS: u64 = 30;
/// For so many days back the quotas of the present are told.
const QUOTA_DAYS: u64 = 45;
/// In a large portfolio only so many days back are told.
const LIGHT_DAYS: u64 = 120;

/// Everything of this kind up to the last day.
pub(super) fn signals(life: &Life, story: &Story, contacts: &[ContactInput], light: bool) -> Vec<SignalInput> {
    let since = if light { life.until - Days::new(LIGHT_DAYS) } else { months_before(life.until, 24) };
    let since = since.max(life.start);
    let mut all = exchanges(life, contacts, since);
    all.extend(invoices(life, story, since));
    all.extend(outcomes(life, story, since));
    if !light {
        all.extend(quota(life));
    }
    all.extend(pulse(life));
    all
}

fn exchanges(life: &Life, contacts: &[ContactInput], since: NaiveDate) -> Vec<SignalInput> {
    let a_month = match life.segment {
        Segment::Tpe => 0.5,
        Segment::Pme => 1.0,
        Segment::Eti => 2.0,
        Segment::Large => 3.5,
    };
    let mut list = Vec::new();
    let mut day = since;
    while day <= life.until {
        let mood = life.mood(day);
        // Who is about to leave stops talking.
        let talks = match mood {
            Mood::Bad => 0.25,
            Mood::Doubtful => 0.6,
            _ => 1.0,
        };
        let mut draw = Draw::on(life.seed, Stream::Message, life.index, day, 0);
        if life.present(day) && day.weekday().number_from_monday() < 6 && draw.chance(a_month / 21.0 * talks) {
            list.push(exchange(life, contacts, day, mood, &mut draw));
        }
        day = day + Days::new(1);
    }
    list
}

fn exchange(life: &Life, contacts: &[ContactInput], day: NaiveDate, mood: Mood, draw: &mut Draw) -> SignalInput {
    let at = during(day, draw);
    let id = format!("{}-m{}", life.external_id(), day.format("%y%m%d"));
    let meets = matches!(life.segment, Segment::Eti | Segment::Large) && draw.chance(0.18);
    let mut signal = if meets {
        let mut meeting = signal(life, "meeting", id, at, json!({"subject": draw.pick(&MEETINGS)}));
        meeting.ended_at = Some(at + chrono::Duration::minutes(i64::from(draw.between(3, 9)) * 10));
        meeting
    } else {
        let inbound = draw.chance(0.5);
        let channel = draw.weighted(&[("email", 70), ("call", 22), ("chat", 8)]);
        let (subject, text) = match (inbound, mood) {
            (true, Mood::Bad) => draw.pick(&COMPLAINING),
            (true, Mood::Doubtful) => draw.pick(&DOUBTING),
            (true, Mood::Delighted) => draw.pick(&PRAISING),
            (true, _) => draw.pick(&ASKING),
            (false, _) => draw.pick(&WRITTEN),
        };
        let direction = if inbound { "in" } else { "out" };
        let data = json!({"channel": channel, "direction": direction, "subject": subject, "text": text});
        signal(life, "message", id, at, data)
    };
    let near = contacts.len().min(3);
    if near > 0 {
        signal.contact_external_id = Some(contacts[draw.between(0, near as u32 - 1) as usize].external_id.clone());
    }
    signal
}

/// What the client owes a month on a day, in cents: every line in force, trials left out.
fn monthly(story: &Story, day: NaiveDate) -> i64 {
    let worth = |states: &Vec<crate::clients::SubscriptionInput>| {
        let state = states.iter().rev().find(|s| s.effective_date.unwrap_or(s.start_date) <= day)?;
        let runs = state.start_date <= day && state.end_date.is_none_or(|end| day < end) && !state.is_trial;
        let period = Period::parse(state.period.as_deref().unwrap_or("month")).ok()?;
        let quantity = state.quantity.unwrap_or(1);
        runs.then(|| monthly_cents(state.amount_cents, quantity, period, state.discount_cents.unwrap_or(0)))
    };
    story.states.iter().filter_map(worth).sum()
}

/// An invoice at the beginning of each month, or once a year for those who pay by the year.
fn invoices(life: &Life, story: &Story, since: NaiveDate) -> Vec<SignalInput> {
    let mut list = Vec::new();
    let (mut issued, step) =
        if life.annual { (life.paid_from(), 12) } else { (month_start(life.paid_from()) + Months::new(1), 1) };
    while issued <= life.until {
        let cents = monthly(story, issued) * i64::from(step);
        if issued >= since && life.present(issued) && cents > 0 {
            list.push(invoice(life, issued, cents));
        }
        issued = issued + Months::new(step);
    }
    list
}

fn invoice(life: &Life, issued: NaiveDate, cents: i64) -> SignalInput {
    let due = issued + Days::new(TERM_DAYS);
    let mut draw = Draw::on(life.seed, Stream::Payment, life.index, issued, 0);
    let late = match life.mood(due.min(life.until)) {
        Mood::Bad => draw.between(25, 110),
        Mood::Doubtful => draw.between(0, 48),
        Mood::Fair => draw.between(0, 16),
        _ => draw.between(0, 4),
    };
    // Most pay a few days before the term.
    let early = draw.between(0, 8);
    let paid = due + Days::new(u64::from(late)) - Days::new(u64::from(early));
    let number = format!("F-{}-{:04}", issued.format("%y%m"), life.index + 1);
    let data = json!({
        "number": number, "amountCents": cents, "currency": CURRENCY, "dueDate": due.to_string(),
    });
    let at = during(issued, &mut draw);
    let mut invoice = signal(life, "payment", format!("{}-{number}", life.external_id()), at, data);
    invoice.ended_at = (paid <= life.until).then(|| during(paid.max(issued + Days::new(1)), &mut draw));
    invoice
}

/// Value that the client says, or lets measure, at each quarter's end; not every client does.
fn outcomes(life: &Life, story: &Story, since: NaiveDate) -> Vec<SignalInput> {
    let mut list = Vec::new();
    if !life.draw(Stream::Outcome, 0).chance(if life.segment == Segment::Tpe { 0.2 } else { 0.6 }) {
        return list;
    }
    let mut quarter = month_start(life.paid_from()) + Months::new(4);
    while quarter <= life.until {
        let mut draw = Draw::on(life.seed, Stream::Outcome, life.index, quarter, 0);
        let times = match life.mood(quarter) {
            Mood::Bad => draw.real(0.2, 0.6),
            Mood::Doubtful => draw.real(0.4, 0.9),
            Mood::Fair => draw.real(0.8, 1.4),
            Mood::Good => draw.real(1.2, 2.1),
            Mood::Delighted => draw.real(2.1, 3.2),
        };
        let cents = (monthly(story, quarter) as f64 * 3.0 * times / 10_000.0).round() as i64 * 10_000;
        if quarter >= since && life.present(quarter) && cents > 0 {
            let id = format!("{}-o{}", life.external_id(), quarter.format("%y%m"));
            let data = json!({"amountCents": cents, "currency": CURRENCY, "label": draw.pick(&VALUES)});
            let at = during(quarter, &mut draw);
            list.push(signal(life, "outcome", id, at, data));
        }
        quarter = quarter + Months::new(3);
    }
    list
}

/// Active tasks against what the plan allows, for clients who grow out of it and some who do not.
fn quota(life: &Life) -> Vec<SignalInput> {
    let mut first = life.draw(Stream::Quota, 0);
    if !first.chance(0.5) || !life.present(life.until) {
        return Vec::new();
    }
    let limit = match life.segment {
        Segment::Tpe => 200,
        Segment::Pme => 1_000,
        Segment::Eti => 5_000,
        Segment::Large => 20_000,
    };
    let share = match life.mood(life.until) {
        Mood::Delighted => first.real(0.80, 0.97),
        Mood::Good => first.real(0.55, 0.93),
        Mood::Fair => first.real(0.40, 0.70),
        _ => first.real(0.15, 0.45),
    };
    (0..QUOTA_DAYS)
        .rev()
        .map(|ago| life.until - Days::new(ago))
        .filter(|day| life.present(*day))
        .map(|day| {
            let mut draw = Draw::on(life.seed, Stream::Quota, life.index, day, 0);
            let grown = share * (1.0 - 0.0008 * (life.until - day).num_days() as f64) * draw.real(0.985, 1.015);
            let value = (f64::from(limit) * grown.min(1.0)).round() as i64;
            let id = format!("{}-q{}", life.external_id(), day.format("%y%m%d"));
            let data = json!({"name": "Tâches actives", "value": value, "limit": limit});
            signal(life, "metric", id, day.and_hms_opt(6, 0, 0).unwrap_or_default().and_utc(), data)
        })
        .collect()
}

/// What the account manager thinks, now and then.
fn pulse(life: &Life) -> Option<SignalInput> {
    let mut draw = life.draw(Stream::Pulse, 0);
    let day = life.until - Days::new(u64::from(draw.between(3, 110)));
    if !draw.chance(0.35) || !life.present(day) || day < life.start {
        return None;
    }
    let (value, note) = match life.mood(day) {
        Mood::Bad => (1, "Ne répond plus, plus de sponsor identifié."),
        Mood::Doubtful => (2, "L’usage baisse, la direction pose la question du prix."),
        Mood::Fair => (3, "Usage correct, peu d’appétit pour la suite."),
        Mood::Good => (4, "Bonne relation, équipe autonome."),
        Mood::Delighted => (5, "Prêt à témoigner, veut étendre à d’autres équipes."),
    };
    let at = during(day, &mut draw);
    let author = names::identity(life.seed, life.index, life.segment).owner;
    let data = json!({"value": value, "note": note, "author": author});
    Some(signal(life, "pulse", format!("{}-p1", life.external_id()), at, data))
}

/// Who carries the product at the client, and when they left, for some of those who then fell silent.
pub(super) fn champion(life: &Life, contacts: &mut [ContactInput]) {
    let mut draw = life.draw(Stream::Champion, 0);
    let Some(sponsor) = contacts.first_mut().filter(|_| draw.chance(0.6)) else { return };
    sponsor.role = Some("champion".to_owned());
    let falling = life.mood(life.until) == Mood::Bad;
    sponsor.left_on = (falling && draw.chance(0.5))
        .then(|| (life.until - Days::new(u64::from(draw.between(15, 70)))).max(life.start));
}

/// The large account under which a mid-sized one stands, for one in six of them: the nearest one before it.
pub(super) fn parent(life: &Life, before: impl Fn(u32) -> Life) -> Option<String> {
    if life.segment != Segment::Eti || !life.draw(Stream::Champion, 1).chance(1.0 / 6.0) {
        return None;
    }
    let nearest = (life.index.saturating_sub(30)..life.index).rev().map(before);
    nearest.into_iter().find(|other| other.segment == Segment::Large).map(|other| other.external_id())
}

const MEETINGS: [&str; 5] = [
    "Point trimestriel",
    "Revue d’usage",
    "Atelier nouveaux besoins",
    "Comité de suivi",
    "Préparation du renouvellement",
];

const VALUES: [&str; 4] =
    ["Heures de saisie économisées", "Délais de facturation réduits", "Erreurs évitées", "Réunions remplacées"];

const PRAISING: [(&str, &str); 3] = [
    ("Merci", "Merci pour la mise en place, les équipes gagnent une demi-journée par semaine."),
    ("Nouveau service", "Un autre service aimerait s’y mettre, pouvez-vous nous dire comment procéder ?"),
    ("Témoignage", "Nous sommes très satisfaits et prêts à en parler autour de nous."),
];

const ASKING: [(&str, &str); 4] = [
    ("Question sur les rapports", "Est-il possible d’envoyer le rapport mensuel à toute l’équipe ?"),
    ("Droits d’accès", "Deux personnes nous rejoignent lundi, que faut-il prévoir ?"),
    ("Facture", "Pouvez-vous nous renvoyer la facture du mois dernier ?"),
    ("Point d’étape", "Tout va bien de notre côté, nous avançons sur les tableaux."),
];

const DOUBTING: [(&str, &str); 3] = [
    ("Utilité des modules", "Nous nous demandons si tous les modules nous sont encore utiles."),
    ("Lenteurs", "Les lenteurs reviennent, les équipes commencent à s’en plaindre."),
    ("Budget", "Le budget de l’an prochain sera serré, il faudra regarder le prix."),
];

const COMPLAINING: [(&str, &str); 3] = [
    ("Toujours pas de solution", "Le problème signalé n’est toujours pas résolu, c’est décevant."),
    ("Résiliation", "Merci de nous préciser les conditions de résiliation."),
    ("Déçus", "Nous n’utilisons presque plus l’outil, l’équipe est passée à autre chose."),
];

const WRITTEN: [(&str, &str); 4] = [
    ("Nouveautés du mois", "Voici les nouveautés qui concernent vos tableaux."),
    ("Point d’usage", "Je vous propose un point de trente minutes sur votre usage."),
    ("Votre demande", "Votre demande est prise en compte, retour avant vendredi."),
    ("Renouvellement", "Votre contrat arrive à son terme dans quelques semaines, parlons-en."),
];
