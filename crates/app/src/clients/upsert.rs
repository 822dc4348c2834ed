//! Clients, contacts and signals as sources say them.

use super::rates::Rates;
use super::{Named, at, check_all, refuse_erased, told, write_refused};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::clients::{ClientInput, ContactInput, SignalInput, SignalKind};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::clients::{self, Upserted};
use essor_store::{Tx, Workspace, clients_fields, health, signals, usage};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Creates or updates clients by external id.
pub async fn upsert_clients(app: &App, actor: &Actor, inputs: &[ClientInput]) -> Result<Vec<Upserted>> {
    let workspace = actor.require(Action::WriteClients)?;
    check_all(inputs, ClientInput::check)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let before = match inputs {
        [one] => {
            let known = clients::ids(&tx, workspace, &[&one.external_id]).await?;
            Some(told::client(&tx, workspace, known.get(&one.external_id).copied()).await?)
        }
        _ => None,
    };
    let done = match apply_clients(&tx, workspace, inputs, now).await {
        Ok(done) => done,
        Err(error) => return Err(write_refused(app, tx, workspace, &names_of_clients(inputs), error).await),
    };
    let one = match (before, done.as_slice()) {
        (Some(before), [row]) => Some((before, told::client(&tx, workspace, Some(row.id)).await?)),
        _ => None,
    };
    told::upserted(&tx, actor, now, ("clients.upsert", "client"), &done, one).await?;
    tx.commit().await?;
    Ok(done)
}

/// A name by which a write would bring back the erased, and the field that says it.
type Name<'a> = (Named, &'a str, String);

fn names_of_clients(inputs: &[ClientInput]) -> Vec<Name<'_>> {
    let names = inputs.iter().enumerate().flat_map(|(i, c)| {
        let own = (Named::Client, c.external_id.as_str(), field(i, inputs.len(), "externalId"));
        let domain = c.domain.as_deref().map(|domain| (Named::Domain, domain, field(i, inputs.len(), "domain")));
        std::iter::once(own).chain(domain)
    });
    names.collect()
}

fn names_of_contacts(inputs: &[ContactInput]) -> Vec<Name<'_>> {
    let names = inputs.iter().enumerate().flat_map(|(i, c)| {
        let own = (Named::Contact, c.external_id.as_str(), field(i, inputs.len(), "externalId"));
        let email = c.email.as_deref().map(|email| (Named::Email, email, field(i, inputs.len(), "email")));
        std::iter::once(own).chain(email)
    });
    names.collect()
}

/// The same within a transaction that holds the workspace's lock, for what tells of it itself; the inputs are checked.
pub(crate) async fn apply_clients(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ClientInput],
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    refuse_erased(tx, workspace, &names_of_clients(inputs)).await?;
    let done = clients::upsert(tx, workspace, inputs, now).await?;
    let mut ids: Vec<Uuid> = done.iter().map(|row| row.id).collect();
    ids.extend(super::family::set_parents(tx, workspace, inputs, &done, now).await?);
    super::fields::of_inputs(tx, workspace, inputs, &done).await?;
    let tagged = inputs.iter().zip(&done).filter_map(|(input, row)| Some((row.id, input.tags.clone()?)));
    // Of a client that comes twice the last word counts.
    let tagged: BTreeMap<Uuid, Vec<String>> = tagged.collect();
    if !tagged.is_empty() {
        clients_fields::set_tags_of(tx, workspace, &tagged.into_iter().collect::<Vec<_>>()).await?;
    }
    emit(tx, workspace, now, &[DomainEvent::ClientsChanged(ids)]).await?;
    Ok(done)
}

/// Creates or updates contacts by external id; a client that they name must exist.
pub async fn upsert_contacts(app: &App, actor: &Actor, inputs: &[ContactInput]) -> Result<Vec<Upserted>> {
    let workspace = actor.require(Action::WriteClients)?;
    check_all(inputs, ContactInput::check)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    usage::lock(&tx, workspace).await?;
    let before = match inputs {
        [one] => {
            let ids = clients::contact_ids(&tx, workspace, &[&one.external_id]).await?;
            Some(told::contact(&tx, workspace, ids.get(&one.external_id).copied()).await?)
        }
        _ => None,
    };
    let done = match apply_contacts(app, &tx, workspace, inputs, now).await {
        Ok(done) => done,
        Err(error) => return Err(write_refused(app, tx, workspace, &names_of_contacts(inputs), error).await),
    };
    let one = match (before, done.as_slice()) {
        (Some(before), [row]) => Some((before, told::contact(&tx, workspace, Some(row.id)).await?)),
        _ => None,
    };
    told::upserted(&tx, actor, now, ("contacts.upsert", "contact"), &done, one).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same within a transaction that holds the workspace's lock, for what tells of it itself; the inputs are checked.
pub(crate) async fn apply_contacts(
    app: &App,
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ContactInput],
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    let names: Vec<Option<&str>> = inputs.iter().map(|c| c.client_external_id.as_deref()).collect();
    let known = known_clients(tx, workspace, &names).await?;
    refuse_erased(tx, workspace, &names_of_contacts(inputs)).await?;
    let done = clients::upsert_contacts(tx, workspace, inputs, &known, now).await?;
    let people =
        inputs.iter().filter_map(|c| Some((c.external_id.clone(), *known.get(c.client_external_id.as_deref()?)?)));
    crate::usage::release(app, tx, workspace, people.collect()).await?;
    let touched: HashSet<Uuid> = known.into_values().collect();
    emit(tx, workspace, now, &[DomainEvent::ClientsChanged(touched.into_iter().collect())]).await?;
    Ok(done)
}

/// Stores signals; sent twice they count once, sent with other content they correct.
pub async fn upsert_signals(app: &App, actor: &Actor, inputs: &[SignalInput]) -> Result<Vec<Upserted>> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let done = write_signals(&tx, workspace, inputs, now).await?;
    // A signal is a fact of its own: sent again it is the same fact, corrected.
    let one = match inputs {
        [one] => serde_json::to_value(one).ok().map(|sent| (json!({}), sent)),
        _ => None,
    };
    told::upserted(&tx, actor, now, ("signals.upsert", "signal"), &done, one).await?;
    tx.commit().await?;
    Ok(done)
}

/// A field of item `i` of `count`, as the caller wrote it.
fn field(i: usize, count: usize, name: &str) -> String {
    if count == 1 { name.to_owned() } else { format!("items[{i}].{name}") }
}

/// Writes signals in the caller's transaction, which records them.
pub(crate) async fn write_signals(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[SignalInput],
    now: DateTime<Utc>,
) -> Result<Vec<Upserted>> {
    check_all(inputs, |input| input.check().map(|_| ()))?;
    usage::lock(tx, workspace).await?;
    let names: Vec<Option<&str>> = inputs.iter().map(|s| Some(s.client_external_id.as_str())).collect();
    let known = known_clients(tx, workspace, &names).await?;
    let people: Vec<&str> = inputs.iter().filter_map(|s| s.contact_external_id.as_deref()).collect();
    let contacts = clients::contact_ids(tx, workspace, &people).await?;
    let row = crate::identity::workspace_row(tx, workspace).await?;
    let zone = parse_zone(&row.timezone)?;
    let money = money(&Rates::load(tx, workspace, row.currency).await?, zone, inputs)?;
    let done = signals::upsert(tx, workspace, inputs, &money, &known, &contacts, now).await?;
    feed(tx, workspace, zone, now, inputs).await?;
    let touched: HashSet<Uuid> = known.into_values().collect();
    emit(tx, workspace, now, &[DomainEvent::SignalsReceived(touched.into_iter().collect())]).await?;
    Ok(done)
}

/// The amounts of invoices and outcomes in the reporting currency, at the rate of their day, and when they are due.
fn money(rates: &Rates, zone: Tz, inputs: &[SignalInput]) -> Result<Vec<signals::Money>> {
    let one = |input: &SignalInput| {
        let day = day_in(zone, input.occurred_at);
        let cents = match SignalKind::parse(&input.kind)? {
            SignalKind::Payment | SignalKind::Outcome => input.amount_cents(),
            _ => None,
        };
        let currency = input.currency().unwrap_or(&rates.currency);
        let cents = cents.map(|cents| rates.convert(cents, currency, day, "data.currency")).transpose()?;
        Ok((cents, input.due_date()?))
    };
    let each = inputs.iter().enumerate();
    each.map(|(i, input)| one(input).map_err(|refused| at(i, inputs.len(), refused).into())).collect()
}

/// Notes which components of health the signals feed.
async fn feed(tx: &Tx, workspace: Workspace, zone: Tz, now: DateTime<Utc>, inputs: &[SignalInput]) -> Result<()> {
    let mut fed: BTreeMap<(&str, NaiveDate), NaiveDate> = BTreeMap::new();
    for input in inputs {
        let day = day_in(zone, input.occurred_at);
        let known_on = day_in(zone, input.known_at.unwrap_or(now)).max(day);
        let rated = || input.data.get("satisfaction").is_some_and(Value::is_number);
        let components: &[&str] = match SignalKind::parse(&input.kind)? {
            SignalKind::Ticket if rated() => &["support", "satisfaction"],
            SignalKind::Ticket => &["support"],
            SignalKind::Survey => &["satisfaction"],
            SignalKind::Message | SignalKind::Meeting => &["engagement"],
            SignalKind::Payment => &["payments"],
            SignalKind::Outcome => &["outcomes"],
            SignalKind::Pulse => &["pulse"],
            SignalKind::Metric | SignalKind::ChurnReason => &[],
        };
        for component in components {
            fed.entry((component, day)).and_modify(|known| *known = known_on.min(*known)).or_insert(known_on);
        }
    }
    let fed: Vec<_> = fed.into_iter().map(|((component, day), known_on)| (component, day, known_on)).collect();
    health::feed(tx, workspace, &fed).await?;
    Ok(())
}

/// The ids of the clients that items name; the first unknown one refuses the whole call.
pub(super) async fn known_clients(
    tx: &Tx,
    workspace: Workspace,
    names: &[Option<&str>],
) -> Result<HashMap<String, Uuid>> {
    let wanted: HashSet<&str> = names.iter().flatten().copied().collect();
    let wanted: Vec<&str> = wanted.into_iter().collect();
    let known = clients::ids(tx, workspace, &wanted).await?;
    for (i, name) in names.iter().enumerate() {
        if let Some(name) = name.filter(|name| !known.contains_key(*name)) {
            let refused = Invalid::field(Code::ClientsUnknown, "clientExternalId").with("value", name);
            return Err(at(i, names.len(), refused).into());
        }
    }
    Ok(known)
}
