//! The HTML of the public pages: the interface's own colours, no script, no request to another host.

use essor_app::mail::escape;
use essor_app::surveys::{Link, ends, follow_up, question};
use essor_domain::surveys::{Locale, MAX_COMMENT, kind, scale};

/// What each page has.
pub(super) struct Page<'a> {
    pub(super) locale: Locale,
    pub(super) token: &'a str,
    /// What follows the token in the page's address.
    pub(super) path: &'a str,
    /// Who asks; empty where that is not known.
    pub(super) company: &'a str,
}

const STYLE: &str = "\
:root{color-scheme:light dark;--canvas:light-dark(oklch(.979 .003 265),oklch(.178 .012 268));\
--surface:light-dark(oklch(1 0 0),oklch(.215 .014 268));--border:light-dark(oklch(.915 .006 265),oklch(.295 .016 268));\
--strong:light-dark(oklch(.63 .018 265),oklch(.52 .02 268));--ink:light-dark(oklch(.235 .022 265),oklch(.955 .005 265));\
--ink-2:light-dark(oklch(.43 .02 265),oklch(.775 .014 265));--accent:light-dark(oklch(.47 .19 266),oklch(.7 .145 268));\
--on-accent:light-dark(oklch(1 0 0),oklch(.16 .03 268));--bad:light-dark(oklch(.48 .17 28),oklch(.76 .13 27))}\
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
.bar{display:flex;justify-content:space-between;gap:16px;align-items:center;max-width:640px;margin:0 auto;padding:16px}\
.bar b{overflow-wrap:anywhere}main{max-width:640px;margin:0 auto 32px;padding:0 16px}\
.card{background:var(--surface);border:1px solid var(--border);border-radius:12px;padding:24px 20px}\
h1{font-size:1.25rem;line-height:1.35;margin:0 0 20px;overflow-wrap:anywhere}p{margin:0 0 12px;overflow-wrap:anywhere}\
fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0;float:left;width:100%}\
.scale{clear:both;display:grid;gap:6px;grid-template-columns:repeat(var(--n),minmax(0,1fr))}\
.scale label{position:relative;display:block}.scale input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}\
.scale span{display:flex;min-height:48px;align-items:center;justify-content:center;border:1px solid var(--strong);border-radius:8px;font-weight:600;font-variant-numeric:tabular-nums}\
.scale input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}\
.scale input:focus-visible+span,button:focus-visible,a:focus-visible,textarea:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
.scale input:hover+span{border-color:var(--accent)}.ends{display:flex;justify-content:space-between;gap:16px;margin:8px 0 24px;color:var(--ink-2);font-size:.875rem}\
.ends span:last-child{text-align:right}label.more{display:block;font-weight:600;margin-bottom:6px}\
textarea{width:100%;min-height:112px;padding:10px 12px;font:inherit;color:inherit;background:var(--canvas);border:1px solid var(--strong);border-radius:8px;resize:vertical}\
button{margin-top:20px;min-height:48px;padding:0 24px;font:inherit;font-weight:600;border:0;border-radius:8px;background:var(--accent);color:var(--on-accent);cursor:pointer}\
.note{color:var(--ink-2);font-size:.875rem;margin:12px 0 0}.bad{color:var(--bad);font-weight:600}a{color:var(--accent)}\
@media(max-width:520px){.scale.long{grid-template-columns:repeat(6,minmax(0,1fr))}button{width:100%}}";

impl Page<'_> {
    fn whole(&self, title: &str, body: &str) -> String {
        let other = self.locale.pick(Locale::En, Locale::Fr);
        let switch = if self.token.is_empty() {
            String::new()
        } else {
            format!(
                "<a href=\"?lang={}\" lang=\"{0}\" hreflang=\"{0}\">{}</a>",
                other.as_str(),
                other.pick("Français", "English")
            )
        };
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
             <meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
             <title>{}</title><style>{STYLE}</style></head><body><header class=\"bar\"><b>{}</b>{switch}</header>\
             <main><div class=\"card\">{body}</div></main></body></html>",
            self.locale.as_str(),
            escape(title),
            escape(self.company),
        )
    }

    fn action(&self) -> String {
        format!("/s/{}{}", escape(self.token), self.path)
    }
}

/// The question with its scale. `wrong` is the field that has to be mended.
pub(super) fn form(
    page: &Page<'_>,
    link: &Link,
    score: Option<i32>,
    comment: Option<&str>,
    wrong: Option<&str>,
) -> String {
    let locale = page.locale;
    let Ok(kind) = kind(&link.kind) else { return message(page, "failed") };
    let (min, max) = scale(kind);
    let (low, high) = ends(kind, locale);
    let asked = escape(question(link, locale));
    let choices: String = (min..=max)
        .map(|value| {
            let chosen = if score == Some(value) { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"score\" value=\"{value}\" required{chosen}><span>{value}</span></label>"
            )
        })
        .collect();
    let more = follow_up(link, locale)
        .unwrap_or(locale.pick("Souhaitez-vous ajouter un commentaire ?", "Would you like to add a comment?"));
    let mend = match wrong {
        Some("comment") => Some(match locale {
            Locale::Fr => format!("Votre commentaire est trop long : {MAX_COMMENT} caractères au plus."),
            Locale::En => format!("Your comment is too long: {MAX_COMMENT} characters at most."),
        }),
        Some(_) => Some(match locale {
            Locale::Fr => format!("Choisissez une note de {min} à {max}."),
            Locale::En => format!("Choose a score from {min} to {max}."),
        }),
        None => None,
    };
    let mend = mend.map_or(String::new(), |text| format!("<p class=\"bad\" role=\"alert\">{text}</p>"));
    let before = if link.score.is_some() {
        format!(
            "<p class=\"note\">{}</p>",
            locale.pick(
                "Vous avez déjà répondu. Une nouvelle réponse remplace la précédente.",
                "You have already answered. A new answer replaces the one before.",
            )
        )
    } else {
        String::new()
    };
    let colon = locale.pick(" : ", ": ");
    let long = if max - min > 7 { " long" } else { "" };
    let body = format!(
        "{mend}<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"lang\" value=\"{}\"><fieldset>\
         <legend><h1>{asked}</h1></legend><div class=\"scale{long}\" style=\"--n:{}\">{choices}</div></fieldset>\
         <div class=\"ends\"><span>{min}{colon}{low}</span><span>{max}{colon}{high}</span></div>\
         <label class=\"more\" for=\"comment\">{}</label><textarea id=\"comment\" name=\"comment\" maxlength=\"{MAX_COMMENT}\">{}</textarea>\
         <button type=\"submit\">{}</button></form>{before}<p class=\"note\">{}</p>",
        page.action(),
        locale.as_str(),
        max - min + 1,
        escape(more),
        // A textarea drops a first line break.
        escape(comment.unwrap_or_default()).replacen(
            '\n',
            "\n\n",
            usize::from(comment.is_some_and(|c| c.starts_with('\n')))
        ),
        locale.pick("Envoyer ma réponse", "Send my answer"),
        match locale {
            Locale::Fr => format!("Votre réponse est transmise à {} avec votre nom.", escape(page.company)),
            Locale::En => format!("Your answer goes to {} with your name.", escape(page.company)),
        },
    );
    page.whole(question(link, locale), &body)
}

/// The question whether somebody wants no more letters.
pub(super) fn stop_form(page: &Page<'_>, already: bool) -> String {
    if already {
        return message(page, "stopped");
    }
    let title = page.locale.pick("Ne plus recevoir de questions", "Stop receiving questions");
    let body = format!(
        "<h1>{title}</h1><p>{}</p><form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"lang\" value=\"{}\">\
         <button type=\"submit\">{}</button></form>",
        match page.locale {
            Locale::Fr => format!("{} ne vous enverra plus d’enquête.", escape(page.company)),
            Locale::En => format!("{} will send you no more surveys.", escape(page.company)),
        },
        page.action(),
        page.locale.as_str(),
        page.locale.pick("Confirmer", "Confirm"),
    );
    page.whole(title, &body)
}

/// A page that only says something.
pub(super) fn message(page: &Page<'_>, what: &str) -> String {
    let (title, text) = match what {
        "thanks" => page.locale.pick(
            ("Merci pour votre réponse", "Elle a été enregistrée. Vous pouvez la modifier avec le même lien."),
            ("Thank you for your answer", "It has been recorded. You can change it with the same link."),
        ),
        "changed" => page.locale.pick(
            ("Votre réponse a été modifiée", "La nouvelle réponse remplace la précédente."),
            ("Your answer has been changed", "The new answer replaces the one before."),
        ),
        "stopped" => page.locale.pick(
            ("C’est noté", "Vous ne recevrez plus d’enquête de notre part."),
            ("This has been noted", "You will receive no more surveys from us."),
        ),
        "closed" => page.locale.pick(
            ("Cette enquête est terminée", "Elle ne prend plus de réponse. Merci de votre intérêt."),
            ("This survey is closed", "It takes no more answers. Thank you for your interest."),
        ),
        "expired" => page.locale.pick(
            ("Ce lien n’est plus valable", "Le délai pour répondre est passé."),
            ("This link has expired", "The time to answer is over."),
        ),
        "removed" => page.locale.pick(
            ("Ce lien a été retiré", "Il ne permet plus de répondre."),
            ("This link has been withdrawn", "It can no longer be answered."),
        ),
        "busy" => page.locale.pick(
            ("Un instant", "Trop de demandes viennent de votre réseau. Réessayez dans une minute."),
            ("One moment", "Too many requests come from your network. Try again in a minute."),
        ),
        "failed" => page.locale.pick(
            ("Votre demande n’a pas abouti", "Rien n’a été enregistré. Réessayez dans quelques minutes."),
            ("Your request did not go through", "Nothing was recorded. Try again in a few minutes."),
        ),
        _ => page.locale.pick(
            ("Ce lien n’existe pas", "Vérifiez qu’il est complet, tel que vous l’avez reçu."),
            ("This link does not exist", "Check that it is complete, as you received it."),
        ),
    };
    page.whole(title, &format!("<h1>{title}</h1><p>{text}</p>"))
}
