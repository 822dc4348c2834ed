//! Tickets, survey answers and farewells, in the mood that the client is in when they are written.

use super::calendar::activity;
use super::draw::{Draw, Stream};
use super::life::{Life, Mood, Segment};
use crate::clients::{ContactInput, SignalInput};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value, json};

/// Days between two surveys of one client.
const SURVEY_DAYS: u64 = 182;

/// All of these up to the last day.
pub(super) fn signals(life: &Life, contacts: &[ContactInput]) -> Vec<SignalInput> {
    let mut signals = tickets(life, contacts);
    signals.extend(surveys(life, contacts));
    signals.extend(farewell(life));
    signals
}

pub(super) fn signal(life: &Life, kind: &str, id: String, at: DateTime<Utc>, data: Value) -> SignalInput {
    SignalInput {
        kind: kind.to_owned(),
        message_id: id,
        client_external_id: life.external_id(),
        contact_external_id: None,
        occurred_at: at,
        ended_at: None,
        known_at: Some(at),
        data: match data {
            Value::Object(map) => map,
            _ => Map::new(),
        },
    }
}

/// An instant of the day between nine and six in Paris, whatever the season.
pub(super) fn during(day: NaiveDate, draw: &mut Draw) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::seconds(i64::from(draw.between(8 * 3600, 16 * 3600)))
}

fn tickets(life: &Life, contacts: &[ContactInput]) -> Vec<SignalInput> {
    let a_month = match life.segment {
        Segment::Tpe => 0.28,
        Segment::Pme => 0.55,
        Segment::Eti => 1.0,
        Segment::Large => 1.9,
    };
    // The end of what can be known: nothing is told from beyond the last day.
    let now = (life.until + Days::new(1)).and_time(NaiveTime::MIN).and_utc() - Duration::hours(3);
    let mut list = Vec::new();
    let mut day = life.start;
    while day <= life.until {
        let mood = life.mood(day);
        let stressed = match mood {
            Mood::Bad => 2.6,
            Mood::Doubtful => 1.5,
            _ => 1.0,
        };
        let mut draw = Draw::on(life.seed, Stream::Ticket, life.index, day, 0);
        if life.present(day) && draw.chance(a_month / 21.0 * stressed * activity(day)) {
            list.push(ticket(life, contacts, day, mood, now, &mut draw));
        }
        day = day + Days::new(1);
    }
    list
}

fn ticket(
    life: &Life,
    contacts: &[ContactInput],
    day: NaiveDate,
    mood: Mood,
    now: DateTime<Utc>,
    draw: &mut Draw,
) -> SignalInput {
    let worse = mood <= Mood::Doubtful;
    let priority = draw.weighted(if mood == Mood::Bad {
        &[("low", 8), ("normal", 34), ("high", 38), ("urgent", 20)]
    } else if worse {
        &[("low", 16), ("normal", 48), ("high", 27), ("urgent", 9)]
    } else {
        &[("low", 30), ("normal", 52), ("high", 15), ("urgent", 3)]
    });
    let usual_hours = match priority {
        "urgent" => 7.0,
        "high" => 16.0,
        "normal" => 30.0,
        _ => 60.0,
    };
    let slower = match mood {
        Mood::Bad => 4.5,
        Mood::Doubtful => 2.0,
        _ => 1.0,
    };
    // The product of two draws: mostly quick, sometimes long.
    let hours = usual_hours * slower * (0.3 + 3.2 * draw.unit() * draw.unit());
    let opened = during(day, draw);
    let closed = opened + Duration::minutes((hours * 60.0) as i64);
    let subject = draw.pick(if worse { &COMPLAINTS } else { &QUESTIONS });
    let answered = draw.chance(0.62);
    let satisfaction = draw.weighted(match mood {
        Mood::Bad => &[(1, 40), (2, 36), (3, 20), (4, 4)],
        Mood::Doubtful => &[(1, 8), (2, 26), (3, 40), (4, 26)],
        Mood::Fair => &[(2, 10), (3, 34), (4, 40), (5, 16)],
        Mood::Good => &[(2, 4), (3, 16), (4, 45), (5, 35)],
        Mood::Delighted => &[(3, 5), (4, 30), (5, 65), (2, 1)],
    });
    let id = format!("{}-t{}", life.external_id(), day.format("%y%m%d"));
    let mut ticket = signal(life, "ticket", id, opened, json!({"subject": subject, "priority": priority}));
    if closed <= now {
        ticket.ended_at = Some(closed);
        if answered {
            ticket.data.insert("satisfaction".to_owned(), satisfaction.into());
        }
    }
    ticket.contact_external_id = asker(contacts, draw);
    ticket
}

/// Most questions come from the few who use the product most.
fn asker(contacts: &[ContactInput], draw: &mut Draw) -> Option<String> {
    let near = contacts.len().min(6);
    (near > 0).then(|| contacts[draw.between(0, near as u32 - 1) as usize].external_id.clone())
}

fn surveys(life: &Life, contacts: &[ContactInput]) -> Vec<SignalInput> {
    let asked = match life.segment {
        Segment::Tpe => 1,
        Segment::Pme => 2,
        Segment::Eti => 3,
        Segment::Large => 4,
    };
    let mut list = Vec::new();
    let first = life.paid_from() + Days::new(60 + u64::from(life.draw(Stream::Survey, 0).between(0, 120)));
    for wave in 0..400 {
        let day = first + Days::new(SURVEY_DAYS * wave);
        if day > life.until {
            break;
        }
        if !life.present(day) {
            continue;
        }
        for (who, contact) in contacts.iter().take(asked).enumerate() {
            let mut draw = Draw::on(life.seed, Stream::Survey, life.index, day, who as u32 + 1);
            let answer = day + Days::new(u64::from(draw.between(0, 6)));
            let mood = life.mood(answer);
            // Those who are about to leave rarely answer.
            let replies = if mood == Mood::Bad { 0.45 } else { 0.68 };
            if !draw.chance(replies) || answer > life.until || !life.present(answer) {
                continue;
            }
            let score = draw.weighted(match mood {
                Mood::Bad => &[(1, 10), (2, 15), (3, 20), (4, 20), (5, 20), (6, 15)],
                Mood::Doubtful => &[(4, 8), (5, 18), (6, 28), (7, 30), (8, 16)],
                Mood::Fair => &[(5, 5), (6, 18), (7, 40), (8, 30), (9, 7)],
                Mood::Good => &[(6, 5), (7, 20), (8, 35), (9, 28), (10, 12)],
                Mood::Delighted => &[(8, 12), (9, 43), (10, 45)],
            });
            let mut data = json!({"survey": "nps", "score": score});
            if draw.chance(0.55) {
                let words: &[&str] = match score {
                    9.. => &PRAISE,
                    7..=8 => &CONTENT,
                    _ => &CRITICISM,
                };
                data["comment"] = (draw.pick(words)).into();
            }
            let id = format!("{}-n{}-{}", life.external_id(), wave + 1, who + 1);
            let at = during(answer, &mut draw);
            let mut survey = signal(life, "survey", id, at, data);
            survey.contact_external_id = Some(contact.external_id.clone());
            list.push(survey);
        }
    }
    list
}

fn farewell(life: &Life) -> Option<SignalInput> {
    let end = life.left()?;
    let mut draw = life.draw(Stream::Churn, 0);
    let trial_only = life.trial.is_some_and(|trial| !trial.converts);
    let (reason, comment) = if trial_only { draw.pick(&TRIAL_FAREWELLS) } else { draw.pick(&FAREWELLS) };
    let at = during(end, &mut draw);
    let id = format!("{}-c1", life.external_id());
    Some(signal(life, "churn_reason", id, at, json!({"reason": reason, "comment": comment})))
}

const QUESTIONS: [&str; 10] = [
    "Comment partager un tableau avec un collègue ?",
    "Ajouter un utilisateur",
    "Exporter un rapport au format tableur",
    "Modifier l’adresse de facturation",
    "Changer le logo du rapport",
    "Question sur les droits d’accès",
    "Planifier l’envoi d’un rapport",
    "Où trouver l’historique des tâches ?",
    "Importer une liste de contacts",
    "Demande de formation pour une nouvelle équipe",
];

const COMPLAINTS: [&str; 10] = [
    "Les chiffres du tableau ne sont pas à jour",
    "Export bloqué depuis ce matin",
    "Lenteurs répétées à l’ouverture",
    "Synchronisation en échec",
    "Erreur à la connexion",
    "Toujours pas de réponse à notre demande",
    "Rapport faux sur le mois dernier",
    "Impossible d’inviter un utilisateur",
    "Facture incorrecte",
    "Données manquantes après la mise à jour",
];

const PRAISE: [&str; 8] = [
    "Outil simple, toute l’équipe l’a adopté.",
    "On gagne une demi-journée par semaine.",
    "Support très réactif, merci.",
    "Indispensable pour nos réunions de pilotage.",
    "Les rapports ont changé notre suivi.",
    "Je le recommande déjà autour de moi.",
    "Mise en place rapide et bien accompagnée.",
    "Clair, fiable, rien à redire.",
];

const CONTENT: [&str; 6] = [
    "Bon produit, il manque quelques filtres.",
    "Satisfaits, mais l’export pourrait être plus rapide.",
    "Bien dans l’ensemble.",
    "Utile, une application mobile serait un plus.",
    "Prise en main un peu longue, puis tout va bien.",
    "Correct pour le prix.",
];

const CRITICISM: [&str; 8] = [
    "Trop cher pour ce que nous en utilisons.",
    "Trop de lenteurs ces dernières semaines.",
    "Le support met trop de temps à répondre.",
    "Interface compliquée pour nos équipes.",
    "Les données ne sont pas fiables.",
    "Nous attendons toujours la fonction promise.",
    "L’équipe ne s’en sert presque plus.",
    "Difficile de justifier le renouvellement.",
];

const FAREWELLS: [(&str, &str); 7] = [
    ("budget", "Budget réduit cette année."),
    ("price", "Le prix a trop augmenté pour notre usage."),
    ("competitor", "Nous passons chez un concurrent imposé par le groupe."),
    ("usage", "L’équipe ne l’utilisait plus."),
    ("support", "Trop de tickets restés sans réponse."),
    ("features", "Il manque des fonctions dont nous avons besoin."),
    ("closure", "Fermeture de l’activité."),
];

const TRIAL_FAREWELLS: [(&str, &str); 3] = [
    ("timing", "Pas le bon moment, projet repoussé."),
    ("features", "L’essai n’a pas couvert notre besoin."),
    ("price", "Au-dessus de notre budget."),
];
