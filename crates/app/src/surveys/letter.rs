//! The letter that asks somebody, in their language: text and HTML, with a link for each score. A link only chooses the
//! score on the page; sending it is another step.

use super::{follow_up, question};
use crate::mail::{Letter, escape, plain};
use essor_domain::surveys::{Locale, SurveyKind, kind, scale};
use essor_store::surveys::Link;

/// What stands under the two ends of a scale.
pub fn ends(kind: SurveyKind, locale: Locale) -> (&'static str, &'static str) {
    match kind {
        SurveyKind::Nps => locale.pick(("Pas du tout probable", "Très probable"), ("Not at all likely", "Very likely")),
        SurveyKind::Csat => {
            locale.pick(("Pas du tout satisfait", "Très satisfait"), ("Not at all satisfied", "Very satisfied"))
        }
        SurveyKind::Ces => locale.pick(("Très difficile", "Très facile"), ("Very difficult", "Very easy")),
    }
}

/// The letter to the person of a link that stands at `url`; none when the survey's kind is not known here.
pub(super) fn letter(link: &Link, url: &str) -> Option<Letter> {
    let kind = kind(&link.kind).ok()?;
    let locale = link.locale.as_deref().and_then(Locale::parse).unwrap_or(Locale::En);
    let company = plain(&link.workspace_name);
    let name = link.contact_name.as_deref().map(plain).filter(|name| !name.is_empty());
    let hello = match (&name, locale) {
        (Some(name), Locale::Fr) => format!("Bonjour {name},"),
        (Some(name), Locale::En) => format!("Hello {name},"),
        (None, Locale::Fr) => "Bonjour,".to_owned(),
        (None, Locale::En) => "Hello,".to_owned(),
    };
    let question = question(link, locale);
    let (min, max) = scale(kind);
    let (low, high) = ends(kind, locale);
    let day = link.expires_at.format(locale.pick("%d/%m/%Y", "%Y-%m-%d"));
    let intro = locale.pick("Une question, une minute :", "One question, one minute:");
    let until = match locale {
        Locale::Fr => format!("Ce lien vous est personnel et reste valable jusqu’au {day}."),
        Locale::En => format!("This link is yours alone and can be used until {day}."),
    };
    let stop = format!("{url}/stop");
    let stop_words = locale.pick("Ne plus recevoir de questions", "Stop receiving questions");
    let scores = format!("{min} = {}, {max} = {}", low.to_lowercase(), high.to_lowercase());
    let text = format!(
        "{hello}\n\n{intro}\n{question} ({scores})\n\n{}\n{url}\n\n{until}\n\n{company}\n\n{stop_words}{} {stop}\n",
        locale.pick("Répondre :", "Answer:"),
        locale.pick(" :", ":"),
    );
    let cells: String = (min..=max)
        .map(|score| {
            format!(
                "<td style=\"padding:2px\"><a href=\"{url}?score={score}\" style=\"display:block;min-width:28px;padding:9px 0;\
                 text-align:center;border:1px solid #c9c6bd;border-radius:6px;color:#1d1c1a;text-decoration:none\">{score}</a></td>"
            )
        })
        .collect();
    let aside = follow_up(link, locale).map_or(String::new(), |_| {
        let words = locale.pick("Vous pourrez ajouter un mot.", "You can add a word of your own.");
        format!("<p style=\"color:#5d5a53\">{words}</p>")
    });
    let colon = locale.pick(" : ", ": ");
    let html = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d1c1a;background:#fff\">\
         <div style=\"max-width:560px;margin:0 auto\"><p>{}</p><p>{intro}</p><p style=\"font-size:18px;font-weight:600\">{}</p>\
         <table role=\"presentation\" cellspacing=\"0\" cellpadding=\"0\"><tr>{cells}</tr></table>\
         <p style=\"color:#5d5a53;font-size:14px\">{min}{colon}{low} · {max}{colon}{high}</p>{aside}\
         <p><a href=\"{url}\" style=\"color:#1d1c1a\">{}</a></p><p style=\"color:#5d5a53;font-size:14px\">{until}</p><p>{}</p>\
         <p style=\"font-size:13px\"><a href=\"{stop}\" style=\"color:#5d5a53\">{stop_words}</a></p></div></body></html>",
        locale.as_str(),
        escape(&hello),
        escape(question),
        locale.pick("Répondre sur une page", "Answer on a page"),
        escape(&company),
    );
    Some(Letter {
        subject: match locale {
            Locale::Fr => format!("{company} : votre avis en une question"),
            Locale::En => format!("{company}: your opinion in one question"),
        },
        from_name: company,
        to_name: name,
        to: link.contact_email.clone().unwrap_or_default(),
        text,
        html,
        id: link.id.to_string(),
        stop,
    })
}
