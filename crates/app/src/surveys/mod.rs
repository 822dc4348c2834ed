//! Surveys: written and sent by managers, answered by people outside through a link of their own, counted.
//!
//! An answer becomes a signal in the transaction that notes it, under a key of its link, so that health, the timeline
//! and the portfolio read it like any other, and answering twice counts once.

mod answer;
mod deliver;
mod letter;
mod read;
mod send;
mod throttle;
mod write;

pub use answer::{Opened, Standing, answer, open, stop};
pub(crate) use deliver::deliver;
pub use essor_store::surveys::{Link, Row, RowFilter};
pub use letter::ends;
pub use read::{Detail, Part, Shown, behind, detail, list, one};
pub use send::{AskedOne, MOST, Preview, Sending, Sent, ask, links, preview, send};
pub use throttle::Throttle;
pub use write::{Draft, change, create};

use crate::App;

use uuid::Uuid;

/// The address of a link's page.
fn address(app: &App, recipient: Uuid) -> String {
    format!("{}/s/{}", app.public_url, app.secret.token(recipient))
}

/// The question of a link in a language.
pub fn question(link: &Link, locale: essor_domain::surveys::Locale) -> &str {
    locale.pick(&link.question_fr, &link.question_en)
}

/// What is asked beside it; none when nothing is.
pub fn follow_up(link: &Link, locale: essor_domain::surveys::Locale) -> Option<&str> {
    locale.pick(link.follow_fr.as_deref(), link.follow_en.as_deref())
}

/// Whether letters can be sent.
pub fn mail_is_on(app: &App) -> bool {
    app.mailer.is_some()
}
