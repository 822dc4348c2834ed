//! Files of a client: their content lies in the data directory under an id of ours, never under a name of theirs.

use super::super::read::client;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::clients::{check_file, file_name};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::clients::edit;
use essor_store::clients::files::{self as store, FileRow};
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Content without a row is left alone this long: its row may be about to be written.
const FRESH: Duration = Duration::from_secs(3_600);

fn folder(app: &App, workspace: Workspace) -> Result<PathBuf> {
    Ok(app.folder()?.join("files").join(workspace.0.to_string()))
}

/// A disk that is full or away is the storage's failure: nothing was saved.
fn failed(error: std::io::Error) -> Error {
    essor_store::Error::Unavailable(format!("files: {error}")).into()
}

/// A client's files, the newest first.
pub async fn files(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<FileRow>> {
    client(app, actor, id).await?;
    Ok(store::of_client(&app.db, actor.workspace, id).await?)
}

/// Attaches a file to a client.
pub async fn attach(app: &App, actor: &Actor, id: Uuid, name: &str, content: &[u8]) -> Result<FileRow> {
    let workspace = actor.require(Action::WriteClients)?;
    let found = client(app, actor, id).await?;
    if found.status == "deleted" {
        return Err(Code::ClientsGone.into());
    }
    let name = file_name(name)?;
    check_file(content.len(), store::size_of(&app.db.primary(), workspace, id).await?)?;
    let now = app.clock.now();
    let file = FileRow {
        id: Uuid::now_v7(),
        client_id: id,
        name,
        size: content.len() as i64,
        digest: blake3::hash(content).as_bytes().to_vec(),
        uploaded_by: actor.user_id(),
        uploaded_by_name: actor.user_id().map(|_| actor.name.clone()),
        created_at: now,
    };
    // The content is whole on the disk before anything says that it is there.
    let path = put(app, workspace, file.id, content).await?;
    match insert(app, actor, &found.name, &file).await {
        Ok(()) => Ok(file),
        Err(error) => {
            let _ = tokio::fs::remove_file(path).await;
            Err(error)
        }
    }
}

async fn put(app: &App, workspace: Workspace, id: Uuid, content: &[u8]) -> Result<PathBuf> {
    let folder = folder(app, workspace)?;
    tokio::fs::create_dir_all(&folder).await.map_err(failed)?;
    let path = folder.join(id.to_string());
    let mut file = tokio::fs::File::create_new(&path).await.map_err(failed)?;
    let written = async {
        file.write_all(content).await?;
        file.sync_all().await
    };
    if let Err(error) = written.await {
        let _ = tokio::fs::remove_file(&path).await;
        return Err(failed(error));
    }
    Ok(path)
}

async fn insert(app: &App, actor: &Actor, client_name: &str, file: &FileRow) -> Result<()> {
    let workspace = actor.workspace;
    let tx = app.db.begin().await?;
    // Two at once each count the other.
    if !edit::hold(&tx, workspace, file.client_id).await? {
        return Err(Error::not_found());
    }
    check_file(file.size as usize, store::size_of(&tx, workspace, file.client_id).await?)?;
    store::insert(&tx, workspace, file).await?;
    emit(&tx, workspace, file.created_at, &[DomainEvent::NotesChanged(vec![file.client_id])]).await?;
    let entry = Entry::of("files.create").on("file", file.id).named(client_name);
    let entry = entry.with(json!({"name": file.name, "size": file.size}));
    record(&tx, actor, file.created_at, entry).await?;
    Ok(tx.commit().await?)
}

/// A file with its content, as it was brought.
pub async fn download(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<(FileRow, Vec<u8>)> {
    let workspace = actor.require(Action::Read)?;
    let file = store::get(&app.db, workspace, client, id).await?.ok_or_else(Error::not_found)?;
    let path = folder(app, workspace)?.join(file.id.to_string());
    let content = match tokio::fs::read(path).await {
        Ok(content) => content,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Code::ClientsFileMissing.into()),
        Err(error) => return Err(failed(error)),
    };
    if blake3::hash(&content).as_bytes()[..] != file.digest[..] {
        return Err(Invalid::new(Code::ClientsFileMissing).with("detail", "changed").into());
    }
    Ok((file, content))
}

/// Takes a file away; it can be had back for thirty days.
pub async fn detach(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, true).await
}

/// Gives a file back that was taken away.
pub async fn give_back(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    set_deleted(app, actor, client, id, false).await
}

async fn set_deleted(app: &App, actor: &Actor, client: Uuid, id: Uuid, deleted: bool) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let file = store::any(&tx, workspace, client, id).await?.ok_or_else(Error::not_found)?;
    if !store::set_deleted(&tx, workspace, id, deleted.then_some(now)).await? {
        return Err(Error::not_found());
    }
    emit(&tx, workspace, now, &[DomainEvent::NotesChanged(vec![client])]).await?;
    let operation = if deleted { "files.delete" } else { "files.restore" };
    record(&tx, actor, now, Entry::of(operation).on("file", id).named(file.name)).await?;
    Ok(tx.commit().await?)
}

/// Removes content that no row names: of files that were purged or erased, and of uploads that ended half-way.
pub(super) async fn sweep(app: &App) -> Result<()> {
    let root = app.folder()?.join("files");
    let Ok(mut workspaces) = tokio::fs::read_dir(&root).await else { return Ok(()) };
    while let Some(entry) = workspaces.next_entry().await.map_err(failed)? {
        let Some(workspace) = entry.file_name().to_str().and_then(|name| name.parse().ok()).map(Workspace) else {
            continue;
        };
        let mut old = Vec::new();
        let mut files = tokio::fs::read_dir(entry.path()).await.map_err(failed)?;
        while let Some(file) = files.next_entry().await.map_err(failed)? {
            let made = file.metadata().await.and_then(|meta| meta.modified());
            let aged = made.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > FRESH));
            if let Some(id) = file.file_name().to_str().and_then(|name| name.parse::<Uuid>().ok()).filter(|_| aged) {
                old.push(id);
            }
        }
        let known = store::known(&app.db.primary(), workspace, &old).await?;
        for id in old.iter().filter(|id| !known.contains(id)) {
            tokio::fs::remove_file(entry.path().join(id.to_string())).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Removes the content of files whose rows are gone.
pub(super) async fn unlink(app: &App, workspace: Workspace, ids: &[Uuid]) {
    let Ok(folder) = folder(app, workspace) else { return };
    for id in ids {
        if let Err(error) = tokio::fs::remove_file(folder.join(id.to_string())).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(feature = "clients", file = %id, %error, "a file's content could not be removed; it is tried again");
        }
    }
}
