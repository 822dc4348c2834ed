//! The list of clients and one client's page.

use super::asked::{Language, Narrow};
use super::sorted;
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::Code;
use essor_domain::clients::fold;
use essor_domain::identity::Action;
use essor_domain::time::{check_day, months_before};
use essor_store::clients::words::{self, Matched};
use essor_store::clients::{self as store, Client, Contact, Facets, Filter, Sort};
use essor_store::opportunities::OfClient;
use essor_store::signals::Signal;
use essor_store::{Workspace, growth, health, opportunities, signals as signal_store};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Which clients.
    pub filter: Filter,
    /// The key of a fact, with `-` before it for descending.
    pub sort: Option<String>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// How many, 1–200.
    pub limit: i64,
    /// MRR as of this day instead of now.
    pub as_of: Option<NaiveDate>,
    /// What narrows the filter: an expression, a tab, a view.
    pub narrow: Narrow,
    /// Keys of the facts to add to each client.
    pub columns: Vec<String>,
}

/// Where a page ended: the value of its last row's sort key, the row, and what the first page counted: clients, and what
/// they pay a month. Whoever turns pages sees one count, and the list is walked through once.
pub type Cursor = (String, Uuid, (i64, i64));

/// A client with what a list shows beside it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The client.
    pub client: Client,
    /// MRR three months ago, in cents.
    pub mrr_before_cents: i64,
    /// MRR as of the day asked for, in cents.
    pub mrr_as_of_cents: Option<i64>,
    /// Scores of the last 90 days, oldest first.
    pub scores: Vec<(NaiveDate, Option<i32>)>,
    /// The facts of the columns asked for; none when none were.
    pub facts: Option<BTreeMap<String, Json>>,
    /// What could be made of it: opportunities that are open or accepted.
    pub opportunities: OfClient,
    /// The person or the tag by which a search found it; none where its name or domain says so, or nothing was searched.
    pub matched: Option<Matched>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The clients.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many match.
    pub total: i64,
    /// What those pay a month, in cents.
    pub sum_mrr_cents: i64,
    /// The day they are shown for.
    pub today: NaiveDate,
}

/// A page of clients.
pub async fn list(app: &App, actor: &Actor, query: &ListQuery) -> Result<Page> {
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let today = language.moment.today;
    if let Some(day) = query.as_of {
        check_day(day, "asOf")?;
    }
    let filter = language.narrowed(app, actor, query.filter.clone(), &query.narrow).await?;
    let count = async || match &query.after {
        Some((_, _, counted)) => Ok(*counted),
        None => Ok::<_, Error>(store::count(&app.db, workspace, &filter).await?),
    };
    let order = query.sort.as_deref().unwrap_or("name");
    let (limit, after) = (query.limit, query.after.as_ref());
    let asked = |counted| sorted::Asked { filter: &filter, sort: order, after, limit, counted };
    let ((total, sum_mrr_cents), (clients, next)) = if parse_sort(order).is_some() {
        // The page need not wait for the count, which its cursor takes along.
        let (counted, (clients, next)) = tokio::try_join!(count(), page_of(app, workspace, &language, asked((0, 0))))?;
        (counted, (clients, next.map(|(key, id, _)| (key, id, counted))))
    } else {
        let counted = count().await?;
        (counted, page_of(app, workspace, &language, asked(counted)).await?)
    };
    let ids: Vec<Uuid> = clients.iter().map(|client| client.id).collect();
    let columns = async || match query.columns.is_empty() {
        true => Ok(None),
        false => sorted::columns(app, workspace, &language, &query.columns, &ids).await.map(Some),
    };
    let product = query.filter.product.as_deref();
    let (mut facts, mut items) = tokio::try_join!(columns(), beside(app, workspace, clients, product, today))?;
    for item in &mut items {
        item.facts = facts.as_mut().and_then(|facts| facts.remove(&item.client.id));
    }
    if let Some(q) = &query.filter.q {
        why(app, workspace, q, &mut items).await?;
    }
    if let Some(day) = query.as_of {
        let slice = growth::Slice { product: query.filter.product.clone(), ..Default::default() };
        let mrr: HashMap<Uuid, i64> = growth::clients_as_of_in(&app.db, workspace, &slice, day).await?;
        for item in &mut items {
            item.mrr_as_of_cents = Some(mrr.get(&item.client.id).copied().unwrap_or(0));
        }
    }
    Ok(Page { items, next, total, sum_mrr_cents, today })
}

/// Says why a search found clients whose name and domain do not.
async fn why(app: &App, workspace: Workspace, q: &str, items: &mut [Listed]) -> Result<()> {
    let folded = fold(q);
    let by_itself = |client: &Client| {
        fold(&client.name).contains(&folded) || client.domain.as_ref().is_some_and(|domain| domain.contains(&folded))
    };
    let others: Vec<Uuid> = items.iter().filter(|item| !by_itself(&item.client)).map(|item| item.client.id).collect();
    let mut matched = words::why(&app.db, workspace, q, &others).await?;
    for item in items {
        item.matched = matched.remove(&item.client.id);
    }
    Ok(())
}

/// The clients of a page, with where the next one begins.
pub(super) async fn page_of(
    app: &App,
    workspace: Workspace,
    language: &Language,
    asked: sorted::Asked<'_>,
) -> Result<(Vec<Client>, Option<Cursor>)> {
    let Some((sort, descending)) = parse_sort(asked.sort) else {
        return sorted::page(app, workspace, language, asked).await;
    };
    let after = asked.after.map(|(key, id, _)| cursor_value(sort, key).map(|value| (value, *id))).transpose()?;
    let limit = asked.limit + 1;
    let mut clients = store::page(&app.db, workspace, asked.filter, sort, descending, after, limit).await?;
    let more = clients.len() as i64 > asked.limit;
    clients.truncate(asked.limit as usize);
    let next = clients.last().filter(|_| more).map(|c| (cursor_key(sort, descending, c), c.id, asked.counted));
    Ok((clients, next))
}

/// The clients with what is shown beside them: MRR three months ago, scores of 90 days, opportunities.
pub(super) async fn beside(
    app: &App,
    workspace: Workspace,
    clients: Vec<Client>,
    product: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<Listed>> {
    let ids: Vec<Uuid> = clients.iter().map(|c| c.id).collect();
    let begins = today - Days::new(90);
    // A score that has stood for longer than the range holds at its beginning.
    let (mrr_before, mut scores, could, stood) = tokio::try_join!(
        growth::mrr_on(&app.db, workspace, &ids, product, months_before(today, 3)),
        health::scores_since(&app.db, workspace, &ids, begins),
        opportunities::of_clients(&app.db, workspace, &ids),
        health::scores_at(&app.db, workspace, &ids, begins),
    )?;
    Ok(clients
        .into_iter()
        .map(|client| {
            let mut line: Vec<_> = stood.get(&client.id).map(|(_, score)| (begins, *score)).into_iter().collect();
            line.extend(scores.remove(&client.id).unwrap_or_default());
            Listed {
                mrr_before_cents: mrr_before.get(&client.id).copied().unwrap_or(0),
                mrr_as_of_cents: None,
                scores: line,
                facts: None,
                matched: None,
                opportunities: could.get(&client.id).copied().unwrap_or_default(),
                client,
            }
        })
        .collect())
}

/// The sorts that have an index; none for every other fact.
fn parse_sort(text: &str) -> Option<(Sort, bool)> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let sort = match name {
        "name" => Sort::Name,
        "mrr" => Sort::Mrr,
        "health" => Sort::Health,
        _ => return None,
    };
    Some((sort, descending))
}

fn cursor_key(sort: Sort, descending: bool, client: &Client) -> String {
    match sort {
        Sort::Name => essor_domain::clients::fold(&client.name),
        Sort::Mrr => client.mrr_cents.to_string(),
        Sort::Health => client.health.unwrap_or(if descending { -1 } else { 101 }).to_string(),
    }
}

fn cursor_value(sort: Sort, key: &str) -> Result<store::Key> {
    let number = || key.parse::<i64>().map_err(|_| Error::from(Code::CursorInvalid));
    Ok(match sort {
        Sort::Name => store::Key::Text(key.to_owned()),
        Sort::Mrr | Sort::Health => store::Key::Number(number()?),
    })
}

/// One client of the workspace.
pub async fn client(app: &App, actor: &Actor, id: Uuid) -> Result<Client> {
    let workspace = actor.require(Action::Read)?;
    store::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)
}

/// The people at a client.
pub async fn contacts(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<Contact>> {
    client(app, actor, id).await?;
    Ok(store::contacts(&app.db, actor.workspace, id).await?)
}

/// A client's signals, newest first.
pub async fn signals(
    app: &App,
    actor: &Actor,
    id: Uuid,
    kinds: &[String],
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Signal>> {
    client(app, actor, id).await?;
    Ok(signal_store::of_client(&app.db, actor.workspace, id, kinds, before, limit).await?)
}

/// How many clients there are by segment, owner, status and class, and by product that they pay for.
pub async fn facets(app: &App, actor: &Actor) -> Result<(Facets, Vec<(String, i64)>)> {
    let workspace = actor.require(Action::Read)?;
    let facets = store::facets(&app.db, workspace).await?;
    Ok((facets, growth::slices::products(&app.db, workspace).await?))
}

/// Spreads a step history over at most `points` days, the last known score on each: what a sparkline draws.
pub fn ascending_days(
    scores: &[(NaiveDate, Option<i32>)],
    today: NaiveDate,
    days: u64,
    points: u64,
) -> Vec<Option<i32>> {
    (0..points)
        .map(|i| {
            let day = today - Days::new(days * (points - 1 - i) / (points - 1).max(1));
            scores.iter().rev().find(|(on, _)| *on <= day).and_then(|(_, score)| *score)
        })
        .collect()
}
