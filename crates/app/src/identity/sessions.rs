//! Signing in and out, and what a session opens.

use super::limits::Limits;
use super::{password, secret, stored_role, text};
use crate::audit::{Entry, Trail, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::health::Profiles;
use crate::{Actor, ActorKind, App};
use chrono::{DateTime, Duration, Utc};
use essor_domain::health::Profile;
use essor_domain::identity::Role;
use essor_domain::{Code, Invalid};
use essor_store::identity::users::{self, UserRow};
use essor_store::identity::workspaces::{self, Membership, WorkspaceRow};
use essor_store::identity::{Hash, sessions};
use essor_store::{Tx, Workspace};
use serde_json::json;
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
    /// The health profile of all clients whose segment has none of its own.
    pub profile: Profile,
}

/// Signs a person in with their password; returns the session's token, to be kept in a cookie. The answer to an unknown
/// address is the same as to a wrong password and takes as long.
pub async fn sign_in(app: &App, limits: &Limits, address: IpAddr, email: &str, password: String) -> Result<String> {
    // What cannot be an address is treated like one that nobody has.
    let email = text::email(email).unwrap_or_default();
    let user = right_password(app, limits, address, &email, password).await?;
    let tx = app.db.begin().await?;
    let started = start(app, &tx, &user, None).await?;
    signed_in(app, &tx, &started, "password").await?;
    tx.commit().await?;
    Ok(started.token)
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

/// A session that has begun.
pub(super) struct Started {
    /// Its token, to be kept in a cookie.
    pub(super) token: String,
    /// The person, in the workspace where they are now.
    pub(super) actor: Actor,
}

/// Begins a session in the workspace asked for, or else in the person's first one.
pub(super) async fn start(app: &App, tx: &Tx, user: &UserRow, into: Option<Uuid>) -> Result<Started> {
    let user_id = user.id;
    let places = workspaces::of_user(tx, user_id).await?;
    let place = places.iter().find(|place| Some(place.id) == into).or(places.first());
    let place = place.ok_or_else(|| Invalid::new(Code::Forbidden).with("needs", "a workspace"))?;
    let (token, now) = (secret::opaque()?, app.clock.now());
    let expires_at = now + Duration::days(SESSION_DAYS);
    sessions::insert(tx, &secret::hash(&token), user_id, Workspace(place.id), now, expires_at, &mark(&app.trail))
        .await?;
    let actor = Actor {
        workspace: Workspace(place.id),
        kind: ActorKind::Member { user_id, role: stored_role(&place.role)? },
        name: user.name.clone(),
        trail: app.trail.clone(),
    };
    Ok(Started { token, actor })
}

/// Records that somebody signed in, and how.
pub(super) async fn signed_in(app: &App, tx: &Tx, started: &Started, method: &str) -> Result<()> {
    let (actor, now) = (&started.actor, app.clock.now());
    emit(tx, actor.workspace, now, &[DomainEvent::SessionsChanged]).await?;
    record(tx, actor, now, Entry::of("sessions.sign_in").about("session").with(json!({"method": method}))).await
}

/// What a session is recognised by.
fn mark(trail: &Trail) -> sessions::Mark {
    let address = trail.address.map(|address| address.to_canonical().to_string());
    sessions::Mark { user_agent: trail.agent.clone(), address }
}

/// Ends the session of a token; one that is unknown is over already.
pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let (hash, now) = (secret::hash(token), app.clock.now());
    let tx = app.db.begin().await?;
    if let Some(session) = sessions::find(&tx, &hash, now).await? {
        let actor = as_actor(app, &session)?;
        sessions::delete(&tx, &hash).await?;
        emit(&tx, actor.workspace, now, &[DomainEvent::SessionsChanged]).await?;
        record(&tx, &actor, now, Entry::of("sessions.sign_out").about("session")).await?;
    } else {
        sessions::delete(&tx, &hash).await?;
    }
    Ok(tx.commit().await?)
}

/// Who calls with a session's token. Using a session prolongs it.
pub async fn session_actor(app: &App, token: &str) -> Result<Actor> {
    let (hash, now) = (secret::hash(token), app.clock.now());
    let session = sessions::find(&app.db.primary(), &hash, now).await?.ok_or(Code::IdentityNotSignedIn)?;
    if session.last_seen_at < now - NOTED_EVERY {
        note_use(app, hash, now);
    }
    as_actor(app, &session)
}

fn as_actor(app: &App, session: &sessions::SessionRow) -> Result<Actor> {
    Ok(Actor {
        workspace: Workspace(session.workspace_id),
        kind: ActorKind::Member { user_id: session.user_id, role: stored_role(&session.role)? },
        name: session.name.clone(),
        trail: app.trail.clone(),
    })
}

/// Prolongs a session beside the request: reading a page must not wait for the writer.
fn note_use(app: &App, hash: Hash, now: DateTime<Utc>) {
    let app = app.clone();
    tokio::spawn(async move {
        let noted = async {
            let tx = app.db.begin().await?;
            let expires_at = now + Duration::days(SESSION_DAYS);
            sessions::touch(&tx, &hash, now, now - NOTED_EVERY, expires_at, &mark(&app.trail)).await?;
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
    let profile = Profiles::load(&app.db, actor.workspace).await?.of(None).profile.clone();
    Ok(SessionInfo { user, workspace, role, workspaces, profile })
}

/// Takes a session to another workspace of its person.
pub async fn switch_workspace(app: &App, actor: &Actor, token: &str, workspace_id: Uuid) -> Result<()> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if !sessions::switch(&tx, &secret::hash(token), user_id, workspace_id).await? {
        return Err(Error::not_found());
    }
    // Recorded where they arrive: who is here is that workspace's business.
    let there = Actor { workspace: Workspace(workspace_id), ..actor.clone() };
    for place in [actor.workspace, there.workspace] {
        emit(&tx, place, now, &[DomainEvent::SessionsChanged]).await?;
    }
    record(&tx, &there, now, Entry::of("sessions.switch").about("session")).await?;
    Ok(tx.commit().await?)
}
