//! The workspaces of a person: another one, and the end of one.

use super::workspace::{WorkspaceNew, insert};
use super::{lookup, workspace_row};
use crate::audit::{Entry, record};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::identity::workspaces::{self, Membership};
use essor_store::identity::{members, tokens};
use serde_json::json;

/// The caller's workspaces with their role in each, real ones first.
pub async fn own_workspaces(app: &App, actor: &Actor) -> Result<Vec<Membership>> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    Ok(workspaces::of_user(&app.db, user_id).await?)
}

/// Makes another workspace, which the caller then owns. Who administers the workspace that they are in may: a guest of
/// one company does not found others on its Essor.
pub async fn found_workspace(app: &App, actor: &Actor, new: WorkspaceNew) -> Result<Workspace> {
    actor.require(Action::ManageWorkspace)?;
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let now = app.clock.now();
    let after = json!({"name": new.name.clone(), "currency": new.currency.clone(), "timezone": new.timezone.clone()});
    let tx = app.db.begin().await?;
    let workspace = insert(app, &tx, WorkspaceNew { is_demo: false, ..new }).await?;
    members::insert(&tx, workspace, user_id, Role::Owner.as_str(), now).await?;
    // The menu of workspaces on the caller's open pages.
    emit(&tx, actor.workspace, now, &[DomainEvent::WorkspaceChanged]).await?;
    let name = workspace_row(&tx, workspace).await?.name;
    let there = Actor { workspace, ..actor.clone() };
    let entry = Entry::of("workspaces.create").on("workspace", workspace.0).named(name);
    record(&tx, &there, now, entry.with(after)).await?;
    tx.commit().await?;
    Ok(workspace)
}

/// Deletes the workspace that the caller is in, for good, with all that it holds, its audit log included. Its name has
/// to be repeated. Their last real workspace is refused: it would leave them nowhere to be, and Essor, perhaps, with
/// nobody to administer it.
pub async fn delete_workspace(app: &App, actor: &Actor, name: &str) -> Result<()> {
    let workspace = actor.require(Action::DeleteWorkspace)?;
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let tx = app.db.begin().await?;
    // Whoever writes into it finishes first.
    essor_store::usage::lock(&tx, workspace).await?;
    let row = workspace_row(&tx, workspace).await?;
    if name.trim() != row.name {
        return Err(Invalid::field(Code::IdentityWorkspaceNameMismatch, "name").into());
    }
    let others = workspaces::of_user(&tx, user_id).await?;
    if !others.iter().any(|place| place.id != row.id && !place.is_demo) {
        return Err(Code::IdentityLastWorkspace.into());
    }
    let secrets = tokens::hashes(&tx, workspace).await?;
    workspaces::delete(&tx, workspace).await?;
    tx.commit().await?;
    secrets.iter().for_each(|hash| lookup::forget(hash));
    // Its own log is gone with it.
    actor.trail.settle();
    tracing::info!(feature = "identity", workspace = %workspace.0, by = %user_id, request_id = actor.trail.request_id, "a workspace was deleted");
    Ok(())
}
