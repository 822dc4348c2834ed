//! What a person decides about themselves: name, language, look, password.

use super::limits::Limits;
use super::sessions::right_password;
use super::{password, secret, text};
use crate::audit::{Entry, record};
use crate::error::Result;
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::{Code, Invalid};
use essor_store::identity::{sessions, users};
use serde_json::json;
use std::net::IpAddr;

/// What to change; `None` leaves a preference as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfilePatch {
    /// The name.
    pub name: Option<String>,
    /// `light`, `dark` or `system`.
    pub theme: Option<String>,
    /// `fr` or `en`; `Some(None)` leaves it to the browser.
    pub locale: Option<Option<String>>,
}

/// Changes the caller's own preferences.
pub async fn patch_profile(app: &App, actor: &Actor, patch: ProfilePatch) -> Result<()> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let name = patch.name.map(|name| text::name(&name, "name")).transpose()?;
    let theme = patch.theme.map(|word| text::one_of(&word, "theme", &["light", "dark", "system"])).transpose()?;
    let locale = patch
        .locale
        .map(|locale| locale.map(|word| text::one_of(&word, "locale", &["fr", "en"])).transpose())
        .transpose()?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = users::get(&tx, user_id).await?.ok_or(Code::IdentityNotSignedIn)?;
    users::patch(&tx, user_id, name, theme).await?;
    if let Some(locale) = locale {
        users::set_locale(&tx, user_id, locale).await?;
    }
    let after = users::get(&tx, user_id).await?.ok_or(Code::IdentityNotSignedIn)?;
    if after.name != before.name {
        emit(&tx, actor.workspace, now, &[DomainEvent::MembersChanged]).await?;
    }
    let shown = |row: &users::UserRow| json!({"name": row.name, "theme": row.theme, "locale": row.locale});
    let entry = Entry::of("profile.update").on("person", user_id).named(&after.name);
    record(&tx, actor, now, entry.change(shown(&before), shown(&after))).await?;
    Ok(tx.commit().await?)
}

/// Changes the caller's password and ends their other sessions: whoever knew the old one is out. Who has none yet (they
/// came by a link) gives no current one. `session` is the token of the session to keep.
pub async fn change_password(
    app: &App,
    limits: &Limits,
    address: IpAddr,
    actor: &Actor,
    session: &str,
    current: Option<String>,
    new: String,
) -> Result<()> {
    let user_id = actor.user_id().ok_or(Code::IdentityNotSignedIn)?;
    let user = users::get(&app.db, user_id).await?.ok_or(Code::IdentityNotSignedIn)?;
    if user.password_hash.is_some() {
        let current = current.ok_or_else(|| Invalid::field(Code::FieldRequired, "currentPassword"))?;
        right_password(app, limits, address, &user.email, current).await?;
    }
    password::check(&new, "newPassword", &user.email, &user.name)?;
    let hash = password::hash(app, new).await?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    users::set_password(&tx, user_id, &hash).await?;
    let ended = sessions::delete_of_user(&tx, user_id, Some(&secret::hash(session))).await?;
    emit(&tx, actor.workspace, now, &[DomainEvent::SessionsChanged]).await?;
    let entry = Entry::of("profile.password").on("person", user_id).named(&user.name);
    record(&tx, actor, now, entry.with(json!({"sessionsEnded": ended}))).await?;
    Ok(tx.commit().await?)
}
