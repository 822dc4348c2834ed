//! Imports by the interface and the API: a file is taken, looked at, tried, and imported by a durable job.

use super::found::{Found, scan};
use super::plan::{Plan, guess};
use super::read::{RowRead, rows_of};
use super::rows::cut;
use super::sheet::unpack;
use super::write::{defused, line};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::jobs::CONNECTORS_IMPORT;
use crate::{Actor, App, identity};
use chrono::{DateTime, Utc};
use essor_domain::identity::Action;
use essor_domain::time::parse_zone;
use essor_domain::{Code, Invalid};
use essor_store::connectors::{self as store, Import, Row};
use essor_store::{Workspace, clients_fields, jobs};
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use uuid::Uuid;

/// The largest file of separated cells, in bytes.
pub const MAX_FILE: u64 = 512 << 20;
/// The largest workbook: it is an archive.
pub const MAX_WORKBOOK: u64 = 32 << 20;
/// Rows that a preview shows.
const SHOWN: usize = 20;
/// The longest file name that is kept, in characters.
const MAX_NAME: usize = 200;

/// A row of a preview: its cells, and all that is wrong with it.
#[derive(Debug, Clone)]
pub struct PreviewRow {
    /// The line on which it begins.
    pub line: u64,
    /// Its cells; none when it cannot be cut into as many as the header has.
    pub cells: Option<Vec<String>>,
    /// What is wrong.
    pub wrong: Vec<Invalid>,
}

fn folder(app: &App, workspace: Workspace) -> PathBuf {
    app.data_dir.join("imports").join(workspace.0.to_string())
}

/// Where the rows of an import lie until it is over.
pub(super) fn file(app: &App, workspace: Workspace, id: Uuid) -> PathBuf {
    folder(app, workspace).join(format!("{id}.csv"))
}

/// A file that is being sent; what was written of it goes when it is not taken.
#[derive(Debug)]
pub struct Upload {
    id: Uuid,
    /// Where it is to be written.
    pub path: PathBuf,
}

impl Drop for Upload {
    fn drop(&mut self) {
        // It may have been taken, or never begun.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Makes room for a file.
pub async fn receive(app: &App, actor: &Actor) -> Result<Upload> {
    let workspace = actor.require(Action::ManageIngestion)?;
    if identity::workspace_row(&app.db, workspace).await?.is_demo {
        return Err(Code::IdentityDemoReadOnly.into());
    }
    let folder = folder(app, workspace);
    tokio::fs::create_dir_all(&folder).await.map_err(|error| unwritable(&error))?;
    let id = Uuid::now_v7();
    Ok(Upload { id, path: folder.join(format!("{id}.part")) })
}

/// The data directory cannot be written to.
pub fn unwritable(error: &std::io::Error) -> Error {
    Error::Internal(format!("an upload cannot be written: {error}"))
}

/// Looks at a file that was sent: what it is, and what its columns seem to mean.
pub async fn take(app: &App, actor: &Actor, upload: Upload, name: &str) -> Result<Import> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let name = if name.is_empty() { "import.csv".to_owned() } else { name };
    let (path, to, shown) = (upload.path.clone(), file(app, workspace, upload.id), name.clone());
    let target = to.clone();
    let looked = tokio::task::spawn_blocking(move || look(&path, &target, &shown)).await;
    let (mut found, bytes) = match looked {
        Ok(Ok(found)) => found,
        failed => {
            let _ = tokio::fs::remove_file(&to).await;
            return Err(match failed {
                Ok(Err(error)) => error,
                // A workbook that its reader stumbles over is none.
                _ => Invalid::new(Code::ConnectorsFileKind).with("file", name.as_str()).into(),
            });
        }
    };
    let own = clients_fields::fields(&app.db, workspace).await?;
    let (known, guessed) = guess(&found.header(), &own)?;
    let kept = store::remembered(&app.db, workspace, &found.header_key()).await?;
    let kept: Option<Plan> = kept.and_then(|plan| serde_json::from_value(plan).ok());
    (found.known, found.remembered) = (known, kept.is_some());
    let plan = kept.map_or(guessed, |plan| plan.fitting(&found, &own));
    let now = app.clock.now();
    let import = Import {
        id: upload.id,
        state: "new".into(),
        file_name: name.clone(),
        bytes,
        found: written(&found)?,
        plan: Some(written(&plan)?),
        place: 0,
        created_rows: 0,
        changed_rows: 0,
        unchanged_rows: 0,
        refused_rows: 0,
        failure: None,
        user_id: actor.user_id(),
        by_name: actor.name.clone(),
        uploaded_at: now,
        started_at: None,
        finished_at: None,
    };
    let tx = app.db.begin().await?;
    store::save(&tx, workspace, &import).await?;
    let entry = Entry::of("imports.upload").on("import", import.id).named(name).with(json!({"rows": found.rows}));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(import)
}

pub(super) fn written<T: serde::Serialize>(value: &T) -> Result<Json> {
    serde_json::to_value(value).map_err(|error| Error::Internal(error.to_string()))
}

/// What an upload is, with its rows at `to`.
fn look(path: &Path, to: &Path, shown: &str) -> Result<(Found, i64)> {
    use std::io::Read;
    let read = |error: std::io::Error| Error::Internal(format!("an upload cannot be read: {error}"));
    let bytes = path.metadata().map_err(read)?.len();
    let mut head = Vec::new();
    std::fs::File::open(path).map_err(read)?.take(4_096).read_to_end(&mut head).map_err(read)?;
    let workbook = head.starts_with(b"PK\x03\x04");
    if workbook && bytes > MAX_WORKBOOK {
        return Err(Invalid::new(Code::TooLarge).with("max", MAX_WORKBOOK).into());
    }
    // A NUL is no text, but for UTF-16, which says so first.
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    if !workbook && !wide && head.contains(&0) {
        return Err(Invalid::new(Code::ConnectorsFileKind).with("file", shown).into());
    }
    let mut sheet = None;
    if workbook {
        sheet = Some(unpack(path, to).map_err(|error| named(error, shown))?);
    } else {
        std::fs::rename(path, to).map_err(read)?;
    }
    let found = scan(to, shown, workbook)?;
    Ok((Found { sheet, ..found }, bytes as i64))
}

/// A refusal that names the file as it was called when it was sent.
fn named(error: Error, shown: &str) -> Error {
    match error {
        Error::Invalid(refused) if refused.params.contains_key("file") => refused.with("file", shown).into(),
        other => other,
    }
}

/// An import.
pub async fn import_of(app: &App, actor: &Actor, id: Uuid) -> Result<Import> {
    let workspace = actor.require(Action::Read)?;
    store::get(&app.db.primary(), workspace, id).await?.ok_or_else(Error::not_found)
}

/// Imports, the newest first.
pub async fn history(
    app: &App,
    actor: &Actor,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Import>> {
    let workspace = actor.require(Action::Read)?;
    Ok(store::recent(&app.db, workspace, before, limit).await?)
}

/// What became of rows of an import, in the order of its file, from after a line.
pub async fn rows(app: &App, actor: &Actor, id: Uuid, outcome: &str, after: i64, limit: i64) -> Result<Vec<Row>> {
    import_of(app, actor, id).await?;
    Ok(store::rows(&app.db, actor.workspace, id, outcome, after, limit).await?)
}

fn ready(import: &Import) -> Result<Found> {
    if !["new", "checked"].contains(&import.state.as_str()) {
        return Err(Invalid::new(Code::ConnectorsImportState).with("state", import.state.as_str()).into());
    }
    serde_json::from_value(import.found.clone()).map_err(|error| Error::Internal(error.to_string()))
}

/// The first rows of a file as a plan understands them. It changes nothing.
pub async fn preview(app: &App, actor: &Actor, id: Uuid, plan: &Plan) -> Result<Vec<PreviewRow>> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let import = import_of(app, actor, id).await?;
    let found = ready(&import)?;
    let row = identity::workspace_row(&app.db, workspace).await?;
    let own = clients_fields::fields(&app.db, workspace).await?;
    let mapping = plan.mapping(&found, &own, &row.currency)?;
    let (zone, path) = (parse_zone(&row.timezone)?, file(app, workspace, id));
    actor.trail.settle();
    let read = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        let each = &mut |row: RowRead| {
            out.push(PreviewRow { line: row.line, cells: row.cells, wrong: row.record.err().unwrap_or_default() });
            out.len() < SHOWN
        };
        rows_of(&mapping, &path, zone, each).map(|()| out)
    });
    read.await.map_err(|error| Error::Internal(error.to_string()))?
}

/// Begins an import, or, to be tried, all of it but the writing; a job does it.
pub async fn start(app: &App, actor: &Actor, id: Uuid, plan: &Plan, only_try: bool) -> Result<()> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let now = app.clock.now();
    let row = identity::workspace_row(&app.db, workspace).await?;
    let own = clients_fields::fields(&app.db, workspace).await?;
    let tx = app.db.begin().await?;
    let mut import = store::hold(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let found = ready(&import)?;
    plan.mapping(&found, &own, &row.currency)?;
    store::forget_rows(&tx, workspace, id).await?;
    import.plan = Some(written(plan)?);
    import.state = if only_try { "checking" } else { "running" }.into();
    import.place = 0;
    (import.created_rows, import.changed_rows, import.unchanged_rows, import.refused_rows) = (0, 0, 0, 0);
    (import.user_id, import.by_name) = (actor.user_id(), actor.name.clone());
    import.started_at = Some(now);
    store::save(&tx, workspace, &import).await?;
    jobs::enqueue(&tx, workspace, CONNECTORS_IMPORT, [id.to_string()], now).await?;
    if only_try {
        actor.trail.settle();
    } else {
        store::remember(&tx, workspace, &found.header_key(), &written(plan)?, now).await?;
        let said = json!({"rows": found.rows, "entity": plan.entity});
        let entry = Entry::of("imports.start").on("import", id).named(&import.file_name).with(said);
        record(&tx, actor, now, entry).await?;
    }
    Ok(tx.commit().await?)
}

/// Drops a file that was not imported, or stops an import: what it has written stays.
pub async fn stop(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageIngestion)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let mut import = store::hold(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    match import.state.as_str() {
        "running" => {
            import.state = "stopped".into();
            import.finished_at = Some(now);
            super::run::without_samples(&mut import)?;
            store::save(&tx, workspace, &import).await?;
        }
        "new" | "checked" | "checking" => store::delete(&tx, workspace, id).await?,
        other => return Err(Invalid::new(Code::ConnectorsImportState).with("state", other).into()),
    }
    let entry = Entry::of("imports.stop").on("import", id).named(&import.file_name);
    record(&tx, actor, now, entry.was(json!({"state": import.state, "rows": import.place}))).await?;
    tx.commit().await?;
    // A job that still reads it has it open.
    let _ = tokio::fs::remove_file(file(app, workspace, id)).await;
    Ok(())
}

/// The refused rows of an import as a file that can be mended and imported again: their lines and the reasons in words
/// under two headings of their own, and their cells; made piece by piece.
pub async fn refused_file(
    app: &App,
    actor: &Actor,
    id: Uuid,
    headings: [&'static str; 2],
    say: impl Fn(&str, &Map<String, Json>) -> String + Send + 'static,
) -> Result<mpsc::Receiver<Result<String>>> {
    let import = import_of(app, actor, id).await?;
    let found: Found = serde_json::from_value(import.found).map_err(|error| Error::Internal(error.to_string()))?;
    let (app, workspace, separator) = (app.clone(), actor.workspace, found.separator);
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let mut out = "\u{feff}".to_owned();
        let header = found.columns.iter().map(|column| column.name.as_str());
        line(&mut out, headings.into_iter().chain(header), separator);
        let mut after = -1;
        loop {
            let page = store::rows(&app.db, workspace, id, "refused", after, 500).await;
            let (piece, last) = match page {
                Ok(rows) => {
                    for row in &rows {
                        refused_row(&mut out, row, separator, &say);
                    }
                    (Ok(std::mem::take(&mut out)), rows.last().map(|row| row.line))
                }
                Err(error) => (Err(error.into()), None),
            };
            if sender.send(piece).await.is_err() {
                return;
            }
            match last {
                Some(line) => after = line,
                None => return,
            }
        }
    });
    Ok(receiver)
}

fn refused_row(out: &mut String, row: &Row, separator: char, say: &impl Fn(&str, &Map<String, Json>) -> String) {
    let refusal = row.refusal.clone().unwrap_or_default();
    let none = Map::new();
    let params = refusal["params"].as_object().unwrap_or(&none);
    let mut reason = say(refusal["code"].as_str().unwrap_or_default(), params);
    if let Some(column) = params.get("column").and_then(Json::as_str).filter(|column| !reason.contains(*column)) {
        reason = format!("{column} : {reason}");
    }
    let raw = row.raw.clone().unwrap_or_default();
    let cells = cut(&raw, separator).unwrap_or_else(|_| vec![raw.clone()]);
    let cells: Vec<String> = cells.iter().map(|cell| defused(cell).into_owned()).collect();
    let number = row.line.to_string();
    line(out, [number.as_str(), reason.as_str()].into_iter().chain(cells.iter().map(String::as_str)), separator);
}

/// How long what became of each row of an import is kept, in days; the counts stay.
const ROWS_KEPT_DAYS: i64 = 90;

/// Forgets files that nobody has worked on for a week, and rows of imports that have long been over.
pub(crate) async fn purge(app: &App) -> Result<()> {
    let long_ago = app.clock.now() - chrono::Duration::days(ROWS_KEPT_DAYS);
    for (workspace, id) in store::long_over(&app.db.primary(), long_ago).await? {
        let tx = app.db.begin().await?;
        store::forget_rows(&tx, workspace, id).await?;
        tx.commit().await?;
    }
    let before = app.clock.now() - chrono::Duration::days(7);
    for (workspace, id) in store::abandoned(&app.db.primary(), before).await? {
        let tx = app.db.begin().await?;
        store::delete(&tx, workspace, id).await?;
        tx.commit().await?;
        let _ = tokio::fs::remove_file(file(app, workspace, id)).await;
    }
    let folders = [app.data_dir.join("imports"), app.data_dir.join("exports")];
    let _ = tokio::task::spawn_blocking(move || folders.iter().for_each(|folder| sweep(folder))).await;
    Ok(())
}

/// Removes what a process that was killed has left: files that nothing has touched for a week.
fn sweep(folder: &Path) {
    let week = std::time::Duration::from_secs(7 * 24 * 3_600);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let age = entry.metadata().ok().and_then(|of| of.modified().ok()?.elapsed().ok());
        if path.is_dir() {
            sweep(&path);
        } else if age.is_some_and(|age| age > week) {
            let _ = std::fs::remove_file(path);
        }
    }
}
