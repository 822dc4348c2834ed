//! The job of an import: a batch of rows a transaction, which also says how far the file is done, so that what a crash
//! interrupts goes on where the last commit left it.

use super::found::Found;
use super::judge::{Judged, Outcome, judge, write};
use super::plan::{Mode, Plan};
use super::read::{RowRead, rows_of};
use super::uploads::file;
use super::{Mapping, Record};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::jobs::CONNECTORS_IMPORT;
use crate::{Actor, App, identity};
use chrono_tz::Tz;
use essor_domain::time::parse_zone;
use essor_domain::{Code, Invalid};
use essor_store::clients_fields::{self, Field};
use essor_store::connectors::{self as store, Import, Row};
use essor_store::jobs::{self, Job};
use essor_store::{Workspace, usage};
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How many rows one transaction takes.
const BATCH: usize = 1_000;
/// Batches that wait between the reader, which has a thread of its own, and the database.
const WAITING: usize = 2;
/// How long one claim works; then other jobs have their turn, and the lease is far from its end.
const TURN: Duration = Duration::from_secs(15);

/// Works on imports until they are done or the turn is over.
pub(crate) async fn work(app: &App, worker: Uuid, workspace: Workspace, batch: &[Job]) -> Result<()> {
    for job in batch {
        let more = match job.key.parse() {
            Ok(id) => turn(app, workspace, id).await?,
            Err(_) => false,
        };
        let tx = app.db.begin().await?;
        if more {
            // A new reason: the job is given back instead of ended.
            jobs::enqueue(&tx, workspace, CONNECTORS_IMPORT, [job.key.clone()], app.clock.now()).await?;
        }
        if jobs::finish(&tx, worker, std::slice::from_ref(job)).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}

/// One turn of an import; whether there is more to do.
async fn turn(app: &App, workspace: Workspace, id: Uuid) -> Result<bool> {
    let Some(import) = store::get(&app.db.primary(), workspace, id).await? else { return Ok(false) };
    let only_try = match import.state.as_str() {
        "checking" => true,
        "running" => false,
        _ => return Ok(false),
    };
    match pass(app, workspace, &import, only_try).await {
        Ok(Passed::Some) => Ok(true),
        Ok(Passed::All) => end(app, workspace, id, None).await.map(|()| false),
        Ok(Passed::NotOurs) => Ok(false),
        // What the file or the plan is at fault for ends it; what the database is at fault for is tried again.
        Err(Error::Invalid(refused)) => end(app, workspace, id, Some(refused.code)).await.map(|()| false),
        Err(other) => Err(other),
    }
}

/// Ends an import that nobody has stopped meanwhile.
async fn end(app: &App, workspace: Workspace, id: Uuid, failure: Option<Code>) -> Result<()> {
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let Some(mut import) = store::hold(&tx, workspace, id).await? else { return Ok(()) };
    let done = match (import.state.as_str(), failure) {
        ("checking", None) => "checked",
        ("running", None) => "done",
        ("checking" | "running", Some(_)) => "failed",
        _ => return Ok(()),
    };
    let over = done != "checked";
    if over {
        without_samples(&mut import)?;
    }
    import.state = done.into();
    import.failure = failure.map(|code| code.as_str().to_owned());
    import.finished_at = over.then_some(now);
    store::save(&tx, workspace, &import).await?;
    if over {
        let actor = Actor { name: import.by_name.clone(), ..Actor::system(workspace) };
        let after = json!({
            "state": done, "rows": import.place, "created": import.created_rows, "changed": import.changed_rows,
            "unchanged": import.unchanged_rows, "refused": import.refused_rows,
        });
        let entry = Entry::of("imports.end").on("import", id).named(&import.file_name).with(after);
        record(&tx, &actor, now, entry).await?;
    }
    tx.commit().await?;
    if over {
        // What is known of its rows is in the database.
        let _ = tokio::fs::remove_file(file(app, workspace, id)).await;
    }
    Ok(())
}

/// What was shown of the cells, so that somebody could say what the columns mean, is of no use once an import is over.
pub(super) fn without_samples(import: &mut Import) -> Result<()> {
    let mut found: Found =
        serde_json::from_value(import.found.clone()).map_err(|error| Error::Internal(error.to_string()))?;
    for column in &mut found.columns {
        column.samples.clear();
        column.day_examples.clear();
        column.number_examples.clear();
    }
    import.found = super::uploads::written(&found)?;
    Ok(())
}

/// How a turn went.
enum Passed {
    /// It was over before the file was.
    Some,
    /// The file is done.
    All,
    /// Somebody has stopped the import, or another worker has it.
    NotOurs,
}

/// A row on its way: its record, or why there is none.
pub(super) struct Taken {
    pub line: u64,
    pub raw: String,
    pub record: std::result::Result<Record, Invalid>,
}

/// What an import works with.
pub(super) struct Work<'a> {
    pub app: &'a App,
    pub workspace: Workspace,
    pub id: Uuid,
    pub plan: Plan,
    pub own: Vec<Field>,
    pub only_try: bool,
    /// What separates the cells of the file.
    pub separator: char,
    /// What rows above are about, by a digest, and their lines: told apart in memory that does not grow with names.
    pub seen: HashMap<u128, u64>,
}

/// What a record is about, told apart from all else.
pub(super) fn digest(external_id: &str) -> u128 {
    let bytes = blake3::hash(external_id.as_bytes());
    bytes.as_bytes().first_chunk::<16>().map_or(0, |half| u128::from_le_bytes(*half))
}

pub(super) fn key_of(record: &Record) -> &str {
    match record {
        Record::Client(client) => &client.external_id,
        Record::Contact(contact) => &contact.external_id,
        Record::Subscription(line) => &line.external_id,
        Record::Signal(signal) => &signal.message_id,
        Record::Usage(usage) => &usage.message_id,
    }
}

/// Goes through the file from where the last commit left it.
async fn pass(app: &App, workspace: Workspace, import: &Import, only_try: bool) -> Result<Passed> {
    let found: Found = serde_json::from_value(import.found.clone()).map_err(|e| Error::Internal(e.to_string()))?;
    let plan: Plan =
        serde_json::from_value(import.plan.clone().unwrap_or_default()).map_err(|e| Error::Internal(e.to_string()))?;
    let row = identity::workspace_row(&app.db.primary(), workspace).await?;
    let own = clients_fields::fields(&app.db.primary(), workspace).await?;
    let mapping = plan.mapping(&found, &own, &row.currency)?;
    let zone = parse_zone(&row.timezone)?;
    let mut rows = reader(mapping, file(app, workspace, import.id), zone);
    let seen = HashMap::new();
    let (id, separator) = (import.id, found.separator);
    let mut work = Work { app, workspace, id, plan, own, only_try, separator, seen };
    let (began, mut place, mut at) = (Instant::now(), import.place as usize, 0_usize);
    while let Some(batch) = rows.recv().await {
        let batch = batch?;
        let mut taken = Vec::with_capacity(batch.len());
        for row in batch {
            at += 1;
            let row = work.told_apart(row);
            // Rows of an earlier turn are read again only for what they are about.
            if at > place {
                taken.push(row);
            }
        }
        if taken.is_empty() {
            continue;
        }
        if !work.take(&mut place, taken).await? {
            return Ok(Passed::NotOurs);
        }
        if began.elapsed() > TURN {
            return Ok(Passed::Some);
        }
    }
    Ok(Passed::All)
}

/// The rows of a file in batches, read by a thread that waits for whoever takes them.
fn reader(mapping: Mapping, path: PathBuf, zone: Tz) -> mpsc::Receiver<Result<Vec<RowRead>>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut batch = Vec::with_capacity(BATCH);
        let done = rows_of(&mapping, &path, zone, &mut |row| {
            batch.push(row);
            // A closed channel means that nobody wants more.
            batch.len() < BATCH || sender.blocking_send(Ok(std::mem::take(&mut batch))).is_ok()
        });
        let last = match done {
            Ok(()) if batch.is_empty() => return,
            Ok(()) => Ok(batch),
            Err(error) => Err(error),
        };
        let _ = sender.blocking_send(last);
    });
    receiver
}

impl Work<'_> {
    /// A row that is about the same as one above is refused: which of the two is meant cannot be told.
    fn told_apart(&mut self, row: RowRead) -> Taken {
        let RowRead { line, raw, record, .. } = row;
        let record =
            record.map_err(|wrong| wrong.into_iter().next().unwrap_or_else(|| Invalid::new(Code::ConnectorsRowBroken)));
        let record = record.and_then(|record| {
            let before = *self.seen.entry(digest(key_of(&record))).or_insert(line);
            if before == line {
                return Ok(record);
            }
            let refused = Invalid::new(Code::ConnectorsRowRepeated);
            Err(refused.with("line", before).with("value", key_of(&record)))
        });
        Taken { line, raw, record }
    }

    /// Takes rows together; those that are refused only once they are written are found by halves. False when the import
    /// is no longer to be worked on.
    async fn take(&self, place: &mut usize, rows: Vec<Taken>) -> Result<bool> {
        let mut parts = vec![rows];
        while let Some(mut rows) = parts.pop() {
            match self.attempt(*place, &rows).await {
                Ok(true) => *place += rows.len(),
                Ok(false) => return Ok(false),
                Err(Error::Invalid(refused)) if rows.len() == 1 => {
                    rows[0].record = Err(refused);
                    parts.push(rows);
                }
                Err(Error::Invalid(_)) => {
                    let second = rows.split_off(rows.len() / 2);
                    parts.push(second);
                    parts.push(rows);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(true)
    }

    /// One transaction.
    async fn attempt(&self, place: usize, rows: &[Taken]) -> Result<bool> {
        let now = self.app.clock.now();
        let tx = self.app.db.begin().await?;
        // Whoever lost the lease and whoever has it now take turns, and how far it is is read under the lock.
        usage::lock(&tx, self.workspace).await?;
        let wanted = if self.only_try { "checking" } else { "running" };
        let import = store::hold(&tx, self.workspace, self.id).await?;
        let Some(mut import) = import.filter(|import| import.state == wanted && import.place as usize == place) else {
            return Ok(false);
        };
        let judged = judge(self, &tx, rows, now).await?;
        if !self.only_try {
            write(self, &tx, &judged, now).await?;
        }
        let mut notes = Vec::with_capacity(rows.len());
        for (row, judged) in rows.iter().zip(&judged) {
            let outcome = judged.outcome();
            *match outcome {
                Outcome::Created => &mut import.created_rows,
                Outcome::Changed => &mut import.changed_rows,
                Outcome::Unchanged => &mut import.unchanged_rows,
                Outcome::Refused => &mut import.refused_rows,
            } += 1;
            notes.push(note(row, judged));
        }
        store::note(&tx, self.workspace, self.id, notes).await?;
        import.place += rows.len() as i64;
        store::save(&tx, self.workspace, &import).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether the plan has rows of this kind refused.
    pub(super) fn unwanted(&self, key: &str, outcome: Outcome) -> Option<Invalid> {
        let code = match (self.plan.mode, outcome) {
            (Mode::Create, Outcome::Changed | Outcome::Unchanged) => Code::ConnectorsRowExists,
            (Mode::Update, Outcome::Created) => Code::ConnectorsRowUnknown,
            _ => return None,
        };
        Some(Invalid::new(code).with("value", key))
    }
}

fn note(row: &Taken, judged: &Judged) -> Row {
    let refusal = judged.result.as_ref().err();
    // What names the erased would bring back what was erased.
    let erased = refusal.is_some_and(|refused| refused.code == Code::ClientsErased);
    Row {
        line: row.line as i64,
        outcome: judged.outcome().as_str().to_owned(),
        row_key: judged.key.clone().filter(|_| !erased),
        refusal: refusal.map(|refused| json!({"code": refused.code.as_str(), "params": refused.params})),
        // PostgreSQL's texts hold no NUL.
        raw: refusal.filter(|_| !erased).map(|_| row.raw.replace('\0', "")),
    }
}
