//! The figures of a list's clients, and how many each tab holds.

use super::asked::{Language, Narrow, TABS};
use crate::error::Result;
use crate::{Actor, App};
use chrono::Days;
use essor_domain::expressions::Rule;
use essor_domain::identity::Action;
use essor_store::clients::Filter;
use essor_store::clients_list::{self, Figures};

/// How far ahead renewals are counted, in days.
const RENEWALS: u64 = 90;

/// The figures of what a filter matches.
pub async fn figures(app: &App, actor: &Actor, filter: Filter, narrow: &Narrow) -> Result<Figures> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let filter = language.narrowed(app, actor, filter, narrow).await?;
    let today = language.moment.today;
    Ok(clients_list::figures(&app.db, workspace, &filter, today, today + Days::new(RENEWALS)).await?)
}

/// How many clients of a filter each tab holds, in the order of [`TABS`].
pub async fn tabs(app: &App, actor: &Actor, filter: Filter, narrow: &Narrow) -> Result<Vec<(&'static str, i64)>> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let narrow = Narrow { tab: None, ..narrow.clone() };
    let filter = Filter { status: Some("all".into()), ..filter };
    let filter = language.narrowed(app, actor, filter, &narrow).await?;
    let rules: Vec<Rule> = TABS.iter().map(|(_, text)| language.rule(text, "tab")).collect::<Result<_>>()?;
    let rules: Vec<&Rule> = rules.iter().collect();
    let counts = clients_list::counts(&app.db, workspace, &filter, language.moment, &rules).await?;
    Ok(TABS.iter().map(|(name, _)| *name).zip(counts).collect())
}
