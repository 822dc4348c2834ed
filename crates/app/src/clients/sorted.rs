//! The list by any fact: its sort, its cursor and its columns.

use super::asked::{Language, shown};
use super::read::Cursor;
use crate::App;
use crate::error::{Error, Result};
use chrono::DateTime;
use essor_domain::expressions::{Fact, Held, Kind, Source};
use essor_domain::{Code, Invalid};
use essor_store::clients::{Client, Filter};
use essor_store::clients_list::{self, After, By};
use essor_store::{Workspace, clients_facts};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The most clients that are found first and sorted then.
const FEW: i64 = 2_000;

/// The fact that a sort names, and whether the largest come first.
pub(super) fn sort_of<'a>(language: &'a Language, text: &str) -> Result<(&'a Fact, bool)> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let fact = language.catalogue.get(name).filter(|fact| fact.sortable());
    let fact = fact.ok_or_else(|| Invalid::field(Code::ClientsSortUnknown, "sort").with("value", text))?;
    Ok((fact, descending))
}

/// What a page of the list is.
pub(super) struct Asked<'a> {
    pub filter: &'a Filter,
    pub sort: &'a str,
    pub after: Option<&'a Cursor>,
    pub limit: i64,
    /// How many clients match, and what they pay a month.
    pub counted: (i64, i64),
}

/// A page by any fact, with where the next one begins.
pub(super) async fn page(
    app: &App,
    workspace: Workspace,
    language: &Language,
    asked: Asked<'_>,
) -> Result<(Vec<Client>, Option<Cursor>)> {
    let (fact, descending) = sort_of(language, asked.sort)?;
    let by = By { source: fact.source, kind: fact.kind, descending, few: asked.counted.0 <= FEW };
    let after = asked.after.map(read_cursor).transpose()?;
    let limit = asked.limit + 1;
    let mut rows = clients_list::page(&app.db, workspace, asked.filter, language.moment, by, after, limit).await?;
    let more = rows.len() as i64 > asked.limit;
    rows.truncate(asked.limit as usize);
    let next = rows.last().filter(|_| more).map(|(client, held)| (cursor(held.as_ref()), client.id, asked.counted));
    Ok((rows.into_iter().map(|(client, _)| client).collect(), next))
}

/// A letter for the kind, then the value as it is read back to the bit.
fn cursor(held: Option<&Held>) -> String {
    match held {
        None => "x".to_owned(),
        Some(Held::Text(text)) => format!("t{text}"),
        Some(Held::Texts(texts)) => format!("t{}", texts.join(" ")),
        Some(Held::Number(number)) => format!("n{}", number.to_bits()),
        Some(Held::Cents(cents)) => format!("c{cents}"),
        Some(Held::Day(day)) => format!("d{day}"),
        Some(Held::Instant(at)) => format!("i{}", at.timestamp_micros()),
        Some(Held::Flag(flag)) => format!("b{}", u8::from(*flag)),
    }
}

fn read_cursor((text, id, _): &Cursor) -> Result<After> {
    let rest = text.get(1..).unwrap_or_default();
    let held = match text.chars().next() {
        Some('x') => return Ok((None, *id)),
        Some('t') => Some(Held::Text(rest.to_owned())),
        Some('n') => rest.parse().ok().map(|bits| Held::Number(f64::from_bits(bits))),
        Some('c') => rest.parse().ok().map(Held::Cents),
        Some('d') => rest.parse().ok().map(Held::Day),
        Some('i') => rest.parse().ok().and_then(DateTime::from_timestamp_micros).map(Held::Instant),
        Some('b') => Some(Held::Flag(rest == "1")),
        _ => None,
    };
    Ok((Some(held.ok_or_else(|| Error::from(Code::CursorInvalid))?), *id))
}

/// The facts of a list's columns by client, as the API writes them; absent ones are null.
pub(super) async fn columns(
    app: &App,
    workspace: Workspace,
    language: &Language,
    keys: &[String],
    ids: &[Uuid],
) -> Result<HashMap<Uuid, BTreeMap<String, Json>>> {
    let facts: Vec<&Fact> = keys.iter().map(|key| language.fact(key, "columns")).collect::<Result<_>>()?;
    let wanted: Vec<(Source, Kind)> = facts.iter().map(|fact| (fact.source, fact.kind)).collect();
    let held = clients_facts::of_clients(&app.db, workspace, language.moment, &wanted, ids).await?;
    let row = |of: &HashMap<Source, Held>| {
        facts.iter().map(|fact| (fact.key.clone(), of.get(&fact.source).map_or(Json::Null, shown))).collect()
    };
    Ok(held.iter().map(|(id, of)| (*id, row(of))).collect())
}
