//! One's own notifications: the sheet, marking, and what one wants to be told.

use crate::audit::{self, Entry};
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::Action;
use essor_domain::notifications::Kind;
use essor_domain::{Code, Invalid};
use essor_store::notifications::{self as store, Shown};
use essor_store::{Conn, Tx, Workspace, events};
use serde_json::{Value, json};
use uuid::Uuid;

/// A page of one's notifications.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Newest first.
    pub items: Vec<Shown>,
    /// Where the next page begins.
    pub next: Option<(DateTime<Utc>, Uuid)>,
    /// How many are unread, of all.
    pub unread: i64,
}

/// The person who calls; a token has no notifications.
fn person(actor: &Actor) -> Result<(Workspace, Uuid)> {
    let workspace = actor.require(Action::Read)?;
    let user = actor.user_id().ok_or_else(|| Invalid::new(Code::Forbidden).with("needs", "a signed-in person"))?;
    Ok((workspace, user))
}

/// A page of one's notifications.
pub async fn page(app: &App, actor: &Actor, before: Option<(DateTime<Utc>, Uuid)>, limit: i64) -> Result<Inbox> {
    let (workspace, user) = person(actor)?;
    let mut items = store::page(&app.db, workspace, user, before, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|item| (item.created_at, item.id));
    Ok(Inbox { items, next, unread: store::unread(&app.db, workspace, user).await? })
}

/// Marks some, or all without ids, as read or unread. Ids of others' notifications name nothing.
pub async fn mark(app: &App, actor: &Actor, ids: &[Uuid], read: bool) -> Result<i64> {
    const MOST: usize = 200;
    let (workspace, user) = person(actor)?;
    if ids.len() > MOST {
        return Err(Invalid::field(Code::ListTooLong, "ids").with("max", MOST).into());
    }
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if store::mark(&tx, workspace, user, ids, read.then_some(now)).await? > 0 {
        changed(&tx, workspace, now).await?;
    }
    let unread = store::unread(&tx, workspace, user).await?;
    tx.commit().await?;
    Ok(unread)
}

/// One's other pages are told.
async fn changed(tx: &Tx, workspace: Workspace, now: DateTime<Utc>) -> Result<()> {
    Ok(events::append(tx, workspace, now, vec![("notifications", None, json!({"clients": []}))]).await?)
}

/// Which kinds one is told of.
pub async fn preferences(app: &App, actor: &Actor) -> Result<Vec<(Kind, bool)>> {
    let (workspace, user) = person(actor)?;
    wanted(&app.db, workspace, user).await
}

async fn wanted(conn: &impl Conn, workspace: Workspace, user: Uuid) -> Result<Vec<(Kind, bool)>> {
    let stored = store::preferences(conn, workspace).await?;
    let wanted = |kind: Kind| *stored.get(&(user, kind.as_str().to_owned())).unwrap_or(&true);
    Ok(Kind::ALL.into_iter().map(|kind| (kind, wanted(kind))).collect())
}

/// Turns kinds on or off, all or none of them.
pub async fn prefer(app: &App, actor: &Actor, wishes: &[(String, bool)]) -> Result<Vec<(Kind, bool)>> {
    let (workspace, user) = person(actor)?;
    let wishes: Vec<(Kind, bool)> =
        wishes.iter().map(|(kind, on)| Ok((Kind::parse(kind)?, *on))).collect::<std::result::Result<_, Invalid>>()?;
    let told = |kinds: &[(Kind, bool)]| -> Value {
        kinds.iter().map(|(kind, on)| (kind.as_str().to_owned(), Value::from(*on))).collect()
    };
    let tx = app.db.begin().await?;
    let before = wanted(&tx, workspace, user).await?;
    for (kind, on) in wishes {
        store::prefer(&tx, workspace, user, kind.as_str(), on).await?;
    }
    let after = wanted(&tx, workspace, user).await?;
    let entry = Entry::of("notifications.preferences").about("notification").change(told(&before), told(&after));
    audit::record(&tx, actor, app.clock.now(), entry).await?;
    tx.commit().await?;
    Ok(after)
}
