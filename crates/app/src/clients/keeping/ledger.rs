//! The record of erasures beside the database: a file that only grows, a line for each. A backup that is restored brings
//! back whom it held; the next start reads the file and forgets them again. It holds digests, nothing of whom.

use super::empty_log;
use super::erase::{Done, forget_client, forget_person, hex, random, told};
use super::files::unlink;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Named, tombstone};
use essor_store::clients::erasures::{self, Bytes32, Candidate, Erasure};
use essor_store::clients::{forget, gone};
use essor_store::identity::workspaces;
use essor_store::{Tx, Workspace, usage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

const FILE: &str = "erasures.jsonl";

/// A line: an erasure as it stands from then on. The last line of an erasure counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: Uuid,
    workspace: Uuid,
    kind: String,
    at: DateTime<Utc>,
    salt: String,
    digests: Vec<String>,
    certificate: Value,
    #[serde(default)]
    allowed_at: Option<DateTime<Utc>>,
}

/// The salt of a workspace, drawn at its first erasure.
pub(super) async fn salt_of(tx: &Tx, workspace: Workspace) -> Result<Bytes32> {
    match erasures::salts(tx, workspace).await?.into_iter().next() {
        Some(salt) => Ok(salt),
        None => random(),
    }
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("{} cannot be used: {error}", path.display()))
}

/// The lines of the file; a last line that a power cut broke off is left out.
fn read(path: &Path) -> Result<BTreeMap<Uuid, Line>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let mut out = BTreeMap::new();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        match serde_json::from_str::<Line>(line) {
            Ok(line) => {
                out.insert(line.id, line);
            }
            Err(_) if lines.peek().is_none() && !text.ends_with('\n') => {}
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    Ok(out)
}

fn append(path: &Path, lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut open = std::fs::OpenOptions::new();
    open.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let write = || -> std::io::Result<()> {
        let broken = std::fs::read(path).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let mut file = open.open(path)?;
        // What a power cut broke off is a line of its own, and of no use.
        let mut text = String::new();
        if broken {
            let whole = std::fs::read_to_string(path)?;
            let kept = whole.rfind('\n').map_or(0, |end| end + 1);
            file.set_len(kept as u64)?;
        }
        for line in lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| unreadable(path, &error))
}

/// Keeps the file in step after an erasure. A failure is told in the log: the housekeeping tries again.
pub(super) async fn keep(app: &App) {
    if app.keeping.folder.is_some()
        && let Err(error) = apply_erasures(app).await
    {
        tracing::error!(feature = "clients", %error, "an erasure is not in the file beside the database yet; it is tried again");
    }
}

/// Brings the file and the database to the same erasures: what only the file knows was undone by a restore and is done
/// again; what only the database knows is written to the file. Returns how many were done again.
pub async fn apply_erasures(app: &App) -> Result<usize> {
    let path = app.folder()?.join(FILE);
    let kept = read(&path)?;
    let stored: BTreeMap<Uuid, Erasure> =
        erasures::all_of_all(&app.db.primary()).await?.into_iter().map(|erasure| (erasure.id, erasure)).collect();
    let mut again = 0;
    for line in kept.values().filter(|line| !stored.contains_key(&line.id)) {
        again += usize::from(forget_again(app, line_of(line)?).await?);
    }
    let mut lines = Vec::new();
    for erasure in stored.values() {
        let known = kept.get(&erasure.id);
        if known.is_none_or(|line| line.allowed_at.is_none() && erasure.allowed_at.is_some()) {
            let workspace = Workspace(erasure.workspace_id);
            let db = app.db.primary();
            let salt = erasures::salts(&db, workspace).await?.into_iter().next().unwrap_or_default();
            let digests = erasures::digests(&db, workspace, erasure.id).await?;
            lines.push(Line {
                id: erasure.id,
                workspace: erasure.workspace_id,
                kind: erasure.kind.clone(),
                at: erasure.at,
                salt: known.map_or_else(|| hex(&salt), |line| line.salt.clone()),
                digests: known.map_or_else(|| digests.iter().map(|d| hex(d)).collect(), |line| line.digests.clone()),
                certificate: erasure.certificate.clone(),
                allowed_at: erasure.allowed_at,
            });
        }
    }
    append(&path, &lines)?;
    Ok(again)
}

/// An erasure that a restore undid.
struct Undone {
    erasure: Erasure,
    salt: Bytes32,
    digests: Vec<Bytes32>,
}

fn line_of(line: &Line) -> Result<Undone> {
    let broken = || Error::Internal("the record of erasures is not as it was written".into());
    Ok(Undone {
        erasure: Erasure {
            id: line.id,
            workspace_id: line.workspace,
            kind: line.kind.clone(),
            at: line.at,
            certificate: line.certificate.clone(),
            refused: 0,
            refused_at: None,
            allowed_at: line.allowed_at,
        },
        salt: bytes(&line.salt).ok_or_else(broken)?,
        digests: line.digests.iter().map(|digest| bytes(digest).ok_or_else(broken)).collect::<Result<_>>()?,
    })
}

fn bytes(text: &str) -> Option<Bytes32> {
    let mut out = [0; 32];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    (text.len() == 64).then_some(out)
}

/// Forgets again whom a restored backup brought back. False when its workspace is not here, or another process did it.
async fn forget_again(app: &App, undone: Undone) -> Result<bool> {
    let Undone { erasure, salt, digests } = undone;
    let workspace = Workspace(erasure.workspace_id);
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if workspaces::get(&tx, workspace).await?.is_none() {
        return Ok(false);
    }
    usage::lock(&tx, workspace).await?;
    if erasures::get(&tx, workspace, erasure.id).await?.is_some() {
        return Ok(false);
    }
    let known: HashSet<Bytes32> = digests.iter().copied().collect();
    let is = |named, text: &str| known.contains(&tombstone(&salt, named, text));
    let clients = matching(&tx, workspace, true, |c| is(Named::Client, &c.external_id)).await?;
    let mut done = Vec::new();
    for id in clients {
        // It may have gone with another into which it was merged.
        if gone::gone(&tx, workspace, id).await?.is_some() {
            done.push(forget_client(&tx, workspace, id, now).await?);
        }
    }
    let people = matching(&tx, workspace, false, |c| {
        is(Named::Contact, &c.external_id) || c.email.as_deref().is_some_and(|email| is(Named::Email, email))
    })
    .await?;
    for id in people {
        if let Some(contact) = forget::person(&tx, workspace, id).await? {
            done.push(forget_person(&tx, workspace, contact, now).await?);
        }
    }
    erasures::insert(&tx, workspace, &erasure, &salt, &digests).await?;
    gone::raise_epoch(&tx, workspace).await?;
    let files: Vec<Uuid> = done.iter().flat_map(|done| done.files.iter().copied()).collect();
    let rows: i64 = done.iter().flat_map(|Done { touched, .. }| touched.values()).sum();
    told(&tx, workspace, done.into_iter().flat_map(|done| done.clients).collect(), now).await?;
    let entry = Entry::of("erasures.apply").on("erasure", erasure.id).with(json!({"rows": rows}));
    record(&tx, &Actor::system(workspace), now, entry).await?;
    tx.commit().await?;
    unlink(app, workspace, &files).await;
    empty_log(app).await;
    tracing::info!(feature = "clients", erasure = %erasure.id, rows, "an erasure that a restore had undone was done again");
    Ok(true)
}

async fn matching(tx: &Tx, workspace: Workspace, clients: bool, is: impl Fn(&Candidate) -> bool) -> Result<Vec<Uuid>> {
    let (mut out, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let page = erasures::candidates(tx, workspace, clients, after).await?;
        let Some(last) = page.last() else { return Ok(out) };
        after = last.id;
        out.extend(page.iter().filter(|candidate| is(candidate)).map(|candidate| candidate.id));
    }
}
