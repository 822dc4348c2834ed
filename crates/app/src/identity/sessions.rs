//! Signing in and out, and what a session opens.

use super::limits::Limits;
use super::{password, secret, stored_role, text};
use crate::error::{Error, Result};
use crate::{Actor, ActorKind, App};
use chrono::{DateTime, Duration, Utc};
use essor_domain::identity::Role;
use essor_domain::{Code, Invalid};
use essor_store::identity::users::{self, UserRow};
use essor_store::identity::workspaces::{self, Membership, WorkspaceRow};
use essor_store::identity::{Hash, sessions};
use essor_store::{Tx, Workspace};
use std::net::IpAddr;
use uuid::Uuid;

/// How many days a session lasts after it was last used.
pub const SESSION_DAYS: i64 = 30;

/// Uses of a session or token are noted at most so often: a note is a write.
pub(super) const NOTED_EVERY: Duration = Duration::minutes(1);

/// Who is signed in, where, and where else they may go.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// The person.
    pub user: UserRow,
    /// The workspace they are in.
    pub workspace: WorkspaceRow,
    /// Their role in it.
    pub role: Role,
    /// All their workspaces.
    pub workspaces: Vec<Membership>,
}

/// Signs a person in with their password; returns the session's token, to be kept in a cookie. The answer to an unknown
/// address is the same as to a wrong password and takes as long.
pub async fn sign_in(app: &App, limits: &Limits, address: IpAddr, email: &str, password: String) -> Result<String> {
    // What cannot be an address is treated like one that nobody has.
    let email = text::email(email).unwrap_or_default();
    let user = right_password(app, limits, address, &email, password).await?;
    let tx = app.db.begin().await?;
    let token = start(app, &tx, user.id, None).await?;
    tx.commit().await?;
    Ok(token)
}

/// The person of an address whose password this is, within the login limits. Whoever asks for a password again
/// (changing it, accepting an invitation) comes through here too.
pub(super) async fn right_password(
    app: &App,
    limits: &Limits,
    address: IpAddr,
    email: &str,
    password: String,
) -> Result<UserRow> {
    let attempt = limits.attempt(email, address, app.clock.now())?;
    let checked = async {
        let user = users::by_email(&app.db, email).await?;
        let right = password::verify(app, password, user.as_ref().and_then(|u| u.password_hash.clone())).await?;
        Ok::<_, Error>(user.filter(|_| right))
    };
    match checked.await {
        Ok(Some(user)) => {
            limits.succeeded(&attempt);
            Ok(user)
        }
        Ok(None) => Err(Code::IdentityBadCredentials.into()),
        Err(error) => {
            limits.take_back(&attempt);
            Err(error)
        }
    }
}

/// Begins a session in the workspace asked for, or else in the person's first one.
pub(super) async fn start(app: &App, tx: &Tx, user_id: Uuid, into: Option<Uuid>) -> Result<String> {
    let places = workspaces::of_user(tx, user_id).await?;
    let place = places.iter().find(|place| Some(place.id) == into).or(places.first());
    let place = place.ok_or_else(|| Invalid::new(Code::Forbidden).with("needs", "a workspace"))?;
    let (token, now) = (secret::opaque()?, app.clock.now());
    let expires_at = now + Duration::days(SESSION_DAYS);
    sessions::insert(tx, &secret::hash(&token), user_id, Workspace(place.id), now, expires_at).await?;
    Ok(token)
}

/// Ends the session of a token; one that is unknown is over already.
pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let tx = app.db.begin().await?;
    sessions::delete(&tx, &secret::hash(token)).await?;
    Ok(tx.commit().await?)
}

/// Who calls with a session's token. Using a session prolongs it.
pub async fn session_actor(app: &App, token: &str) -> Result<Actor> {
    let (hash, now) = (secret::hash(token), app.clock.now());
    let session = sessions::find(&app.db.primary(), &hash, now).await?.ok_or(Code::IdentityNotSignedIn)?;
    if session.last_seen_at < now - NOTED_EVERY {
        note_use(app, hash, now);
    }
    Ok(Actor {
        workspace: Workspace(session.workspace_id),
        kind: ActorKind::Member { user_id: session.user_id, role: stored_role(&session.role)? },
    })
}

/// Prolongs a session beside the request: reading a page must not wait for the writer.
fn note_use(app: &App, hash: Hash, now: DateTime<Utc>) {
    let app = app.clone();
    tokio::spawn(async move {
        let noted = async {
            let tx = app.db.begin().await?;
            sessions::touch(&tx, &hash, now, now - NOTED_EVERY, now + Duration::days(SESSION_DAYS)).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(feature = "identity", %error, "the use of a session was not noted");
        }
    });
}

/// What the interface needs to know of who is signed in.
pub async fn session_info(app: &App, actor: &Actor) -> Result<SessionInfo> {
    let ActorKind::Member { user_id, role } = actor.kind else { return Err(Code::IdentityNotSignedIn.into()) };
    let user = users::get(&app.db, user_id).await?.ok_or(Code::IdentityNotSignedIn)?;
    let workspace = super::workspace_row(&app.db, actor.workspace).await?;
    let workspaces = workspaces::of_user(&app.db, user_id).await?;
    Ok(SessionInfo { user, workspace, role, workspaces })
}

/// Takes a session to another workspace of its person.
pub async fn switch_workspace(app: &App, actor: &Actor, token: &str, workspace_id: Uuid) -> Result<()> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let tx = app.db.begin().await?;
    if !sessions::switch(&tx, &secret::hash(token), user_id, workspace_id).await? {
        return Err(Error::not_found());
    }
    Ok(tx.commit().await?)
}
