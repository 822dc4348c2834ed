//! The import: records from files, stored through the same operations as the API's, then derived work finished.

use super::{Mapping, Record, Refused, UsageRecord, read};
use crate::audit::{Entry, record};
use crate::clients::{MAX_ITEMS, Origin, upsert_clients, upsert_contacts, upsert_signals, upsert_subscriptions};
use crate::error::{Error, Result};
use crate::usage::{ImportedUse, import_usage};
use crate::{Actor, App, identity};
use chrono::{Days, NaiveDate};
use essor_domain::clients::{ClientInput, ContactInput, SignalInput, SubscriptionInput};
use essor_domain::identity::Action;
use essor_domain::time::{day_in, month_end, month_start, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::{Workspace, clients, growth, subscriptions};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use tokio::sync::mpsc;
use uuid::Uuid;

/// What an import did.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Records stored, by kind; for usage those that were new.
    pub stored: BTreeMap<&'static str, u64>,
    /// Rows left out, with their reasons.
    #[serde(skip)]
    pub refused: Vec<Refused>,
    /// How many rows were left out.
    pub refused_rows: u64,
}

/// How far an import has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Rows stored so far.
    Rows(u64),
    /// Scores computed, of how many.
    Scores(u64, u64),
}

/// Rows waiting between the reader, which has a thread of its own, and the database.
const WAITING: usize = 4_096;

/// Imports files, idempotently: the same files twice change nothing. Returns when derived work is finished too.
pub async fn import(
    app: &App,
    actor: &Actor,
    mapping: Mapping,
    path: PathBuf,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Report> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let row = prepare(app, actor, workspace, &mapping).await?;
    let zone = parse_zone(&row.timezone)?;
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    told(app, actor, "imports.start", &file, json!({})).await?;
    // Batches are steps of the import, which is recorded where it begins and where it ends.
    let part = actor.part();
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let reader = tokio::task::spawn_blocking(move || {
        read(&mapping, &path, zone, &mut |_, record| {
            // A closed channel means that the import failed: reading on does no harm and ends soon.
            let _ = sender.blocking_send(record);
        })
    });
    let mut run = Run { app, actor: &part, workspace, pending: Pending::default(), report: Report::default() };
    while let Some(record) = receiver.recv().await {
        run.report.rows += 1;
        match record {
            Ok(record) => run.take(record).await?,
            Err(refused) => run.refuse(refused),
        }
        if run.report.rows.is_multiple_of(1_000) {
            progress(Progress::Rows(run.report.rows));
        }
    }
    reader.await.map_err(|error| Error::Internal(error.to_string()))??;
    run.flush().await?;
    progress(Progress::Rows(run.report.rows));
    let Report { rows, stored, refused_rows, .. } = &run.report;
    told(app, actor, "imports.end", &file, json!({"rows": rows, "stored": stored, "refused": refused_rows})).await?;
    finish(app, workspace, &|done, total| progress(Progress::Scores(done, total))).await?;
    Ok(run.report)
}

async fn told(app: &App, actor: &Actor, operation: &str, file: &str, after: serde_json::Value) -> Result<()> {
    let tx = app.db.begin().await?;
    record(&tx, actor, app.clock.now(), Entry::of(operation).about("import").named(file).with(after)).await?;
    Ok(tx.commit().await?)
}

/// An empty workspace takes the currency that the mapping states; one with amounts of another needs exchange rates.
async fn prepare(app: &App, actor: &Actor, workspace: Workspace, mapping: &Mapping) -> Result<identity::WorkspaceRow> {
    let row = identity::workspace_row(&app.db, workspace).await?;
    if row.is_demo {
        return Err(Code::IdentityDemoReadOnly.into());
    }
    if let Some(currency) = mapping.currency().filter(|c| *c != row.currency)
        && !subscriptions::any(&app.db, workspace).await?
    {
        let patch = identity::WorkspacePatch { currency: Some(currency.to_owned()), ..Default::default() };
        // Whoever imports need not be an owner for it: there is no amount yet that it would touch.
        let system = Actor { trail: actor.trail.clone(), ..Actor::system(workspace) };
        identity::patch_workspace(app, &system, patch).await?;
        return identity::workspace_row(&app.db, workspace).await;
    }
    Ok(row)
}

/// Recomputes what follows from imported facts: month-end scores and snapshots of the past, labelled recomputed, the
/// scores of the last weeks, and everybody's as of now.
pub async fn finish(app: &App, workspace: Workspace, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<()> {
    let row = identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    crate::jobs::drain_scores(app).await?;
    let totals = growth::day_totals(&app.db, workspace, today).await?;
    let days = totals.first().map(|first| history_days(first.day, today)).unwrap_or_default();
    crate::health::rebuild(app, &row, &days, progress).await?;
    crate::opportunities::detect_all(app, &row).await?;
    if crate::journey::start_known(app, workspace).await? > 0 {
        // Journeys are a component of everybody's health from here on, of those without one too.
        crate::health::score_all(app, &row).await?;
    }
    crate::jobs::drain(app).await?;
    Ok(())
}

/// The days on which a back-filled history has scores: month-ends since the beginning (60 at most), weekly for the last
/// 13 weeks.
fn history_days(first: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> =
        (1..=13).map(|week| today - Days::new(7 * week)).filter(|day| *day >= first).collect();
    let mut end = month_start(today) - Days::new(1);
    for _ in 0..60 {
        if end < first {
            break;
        }
        days.push(month_end(end));
        end = month_start(end) - Days::new(1);
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// A record with the row that it came from is not kept: what the store refuses is reported by its key.
#[derive(Default)]
struct Pending {
    clients: Vec<ClientInput>,
    contacts: Vec<ContactInput>,
    subscriptions: Vec<SubscriptionInput>,
    signals: Vec<SignalInput>,
    usage: Vec<UsageRecord>,
}

struct Run<'a> {
    app: &'a App,
    actor: &'a Actor,
    workspace: Workspace,
    pending: Pending,
    report: Report,
}

impl Run<'_> {
    fn refuse(&mut self, refused: Refused) {
        self.report.refused_rows += 1;
        // The report names enough rows to act on without holding a broken file in memory.
        if self.report.refused.len() < 10_000 {
            self.report.refused.push(refused);
        }
    }

    async fn take(&mut self, record: Record) -> Result<()> {
        // Files come in the order of dependence: a full list of one kind means that the kinds before it are complete.
        let full = match record {
            Record::Client(item) => push(&mut self.pending.clients, item, MAX_ITEMS),
            Record::Contact(item) => push(&mut self.pending.contacts, item, MAX_ITEMS),
            Record::Subscription(item) => push(&mut self.pending.subscriptions, item, MAX_ITEMS),
            Record::Signal(item) => push(&mut self.pending.signals, item, MAX_ITEMS),
            Record::Usage(item) => push(&mut self.pending.usage, item, 4_000),
        };
        if full { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        let (app, actor) = (self.app, self.actor);
        if !pending.clients.is_empty() {
            let done = upsert_clients(app, actor, &pending.clients).await?;
            self.count("clients", done.len());
        }
        if !pending.contacts.is_empty() {
            let known = self.known(pending.contacts.iter().filter_map(|c| c.client_external_id.as_deref())).await?;
            let (good, lost): (Vec<_>, Vec<_>) = pending
                .contacts
                .into_iter()
                .partition(|c| c.client_external_id.as_ref().is_none_or(|id| known.contains_key(id)));
            lost.into_iter().for_each(|c| self.unknown("contacts", &c.external_id, c.client_external_id));
            let done = upsert_contacts(app, actor, &good).await?;
            self.count("contacts", done.len());
        }
        if !pending.subscriptions.is_empty() {
            let known = self.known(pending.subscriptions.iter().map(|s| s.client_external_id.as_str())).await?;
            let (good, lost): (Vec<_>, Vec<_>) =
                pending.subscriptions.into_iter().partition(|s| known.contains_key(&s.client_external_id));
            lost.into_iter().for_each(|s| self.unknown("subscriptions", &s.external_id, Some(s.client_external_id)));
            let done = upsert_subscriptions(app, actor, &good, Origin::Import).await?;
            self.count("subscriptions", done.len());
        }
        if !pending.signals.is_empty() {
            let known = self.known(pending.signals.iter().map(|s| s.client_external_id.as_str())).await?;
            let (good, lost): (Vec<_>, Vec<_>) =
                pending.signals.into_iter().partition(|s| known.contains_key(&s.client_external_id));
            lost.into_iter().for_each(|s| self.unknown("signals", &s.message_id, Some(s.client_external_id)));
            let done = upsert_signals(app, actor, &good).await?;
            self.count("signals", done.len());
        }
        if !pending.usage.is_empty() {
            self.usage(pending.usage).await?;
        }
        Ok(())
    }

    async fn usage(&mut self, records: Vec<UsageRecord>) -> Result<()> {
        let known = self.known(records.iter().filter_map(|u| u.client_external_id.as_deref())).await?;
        let names: Vec<&str> = records.iter().filter_map(|u| u.subscription_external_id.as_deref()).collect();
        let by_subscription = subscriptions::clients_of(&self.app.db, self.workspace, &names).await?;
        let mut uses = Vec::with_capacity(records.len());
        for record in records {
            let client = record
                .client_external_id
                .as_ref()
                .and_then(|id| known.get(id))
                .or_else(|| record.subscription_external_id.as_ref().and_then(|id| by_subscription.get(id)));
            match client {
                Some(client_id) => uses.push(ImportedUse {
                    client_id: *client_id,
                    message_id: record.message_id,
                    occurred_at: record.occurred_at,
                    user: record.user,
                    event: record.event,
                    count: record.count,
                    properties: serde_json::to_string(&record.properties).unwrap_or_default(),
                }),
                None => {
                    let named = record.client_external_id.or(record.subscription_external_id);
                    self.unknown("usage", &record.message_id, named);
                }
            }
        }
        let new = import_usage(self.app, self.workspace, uses).await?;
        self.count("usage", new);
        Ok(())
    }

    async fn known<'n>(&self, names: impl Iterator<Item = &'n str>) -> Result<HashMap<String, Uuid>> {
        let names: std::collections::BTreeSet<&str> = names.collect();
        let names: Vec<&str> = names.into_iter().collect();
        Ok(clients::ids(&self.app.db, self.workspace, &names).await?)
    }

    fn count(&mut self, kind: &'static str, n: usize) {
        *self.report.stored.entry(kind).or_default() += n as u64;
    }

    fn unknown(&mut self, file: &str, key: &str, client: Option<String>) {
        let error = Invalid::field(Code::ClientsUnknown, "clientExternalId").with("value", client.unwrap_or_default());
        self.refuse(Refused { file: file.to_owned(), line: 0, error, row: key.to_owned() });
    }
}

fn push<T>(list: &mut Vec<T>, item: T, most: usize) -> bool {
    list.push(item);
    list.len() >= most
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_history_has_its_month_ends_and_recent_weeks() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = history_days(day("2026-01-10"), day("2026-05-20"));
        assert!(days.is_sorted());
        for end in ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"] {
            assert!(days.contains(&day(end)), "{end}");
        }
        assert!(days.contains(&day("2026-05-13")));
        assert!(!days.contains(&day("2026-05-20")), "today is scored as of now, not recomputed");
        assert!(history_days(day("2026-05-20"), day("2026-05-20")).is_empty());
    }
}
