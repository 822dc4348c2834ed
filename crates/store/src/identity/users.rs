//! People. A person belongs to this Essor, not to a workspace: `members` says which workspaces they may enter, so these
//! functions cross workspaces by nature and are for sign-in, links and a person's own preferences.

use crate::{Conn, Result, Tx, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// A person as stored.
#[derive(Clone, PartialEq, FromQueryResult)]
pub struct UserRow {
    /// Their id.
    pub id: Uuid,
    /// Their address, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The argon2id hash, if they have a password.
    pub password_hash: Option<String>,
    /// `fr`, `en`, or the browser's.
    pub locale: Option<String>,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// When they came.
    pub created_at: DateTime<Utc>,
}

/// Leaves out the hash and the address, which do not belong in a log.
impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

const COLUMNS: &str = "id, email, name, password_hash, locale, theme, created_at";

/// Serialises what may happen once only, before there is anybody.
pub async fn lock_first(tx: &Tx) -> Result<()> {
    tx.lock(0x6964_656e_7469_7479).await
}

/// Stores a new person; `Conflict` when the address is taken.
pub async fn insert(tx: &Tx, row: &UserRow) -> Result<()> {
    tx.run(
        "INSERT INTO identity_users (id, email, name, password_hash, locale, theme, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            row.id,
            row.email.as_str(),
            row.name.as_str(),
            row.password_hash.clone(),
            row.locale.clone(),
            row.theme.as_str(),
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// A person by id.
pub async fn get(conn: &impl Conn, id: Uuid) -> Result<Option<UserRow>> {
    one_as(conn, &format!("SELECT {COLUMNS} FROM identity_users WHERE id = $1"), vals![id]).await
}

/// A person by address (in lower case).
pub async fn by_email(conn: &impl Conn, email: &str) -> Result<Option<UserRow>> {
    one_as(conn, &format!("SELECT {COLUMNS} FROM identity_users WHERE email = $1"), vals![email]).await
}

/// Whether anybody belongs to a real workspace: the demo's own person does not keep the set-up link from being offered.
/// Crosses workspaces: it decides whether this Essor has been set up.
pub async fn any(conn: &impl Conn) -> Result<bool> {
    let sql = "SELECT 1 AS found FROM identity_members m JOIN identity_workspaces w ON w.id = m.workspace_id \
        WHERE NOT w.is_demo LIMIT 1";
    Ok(one(conn, sql, vals![]).await?.is_some())
}

/// The names of some people, for "made by".
pub async fn names(conn: &impl Conn, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id, name FROM identity_users WHERE id IN ({})", list(1, ids.len()));
    let values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    Ok(all_as::<Named>(conn, &sql, values).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Puts a new password in place of the old one.
pub async fn set_password(tx: &Tx, id: Uuid, hash: &str) -> Result<()> {
    tx.run("UPDATE identity_users SET password_hash = $2 WHERE id = $1", vals![id, hash]).await?;
    Ok(())
}

/// Changes name and theme where given.
pub async fn patch(tx: &Tx, id: Uuid, name: Option<String>, theme: Option<String>) -> Result<()> {
    tx.run(
        "UPDATE identity_users SET name = COALESCE($2, name), theme = COALESCE($3, theme) WHERE id = $1",
        vals![id, name, theme],
    )
    .await?;
    Ok(())
}

/// Sets the language, or leaves it to the browser.
pub async fn set_locale(tx: &Tx, id: Uuid, locale: Option<String>) -> Result<()> {
    tx.run("UPDATE identity_users SET locale = $2 WHERE id = $1", vals![id, locale]).await?;
    Ok(())
}

/// The languages of some people; absent where they left it to the browser.
pub async fn locales(conn: &impl Conn, people: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let mut out = HashMap::new();
    for chunk in people.chunks(400) {
        let values = chunk.iter().map(|id| Value::from(*id)).collect();
        let sql = format!(
            "SELECT id, locale FROM identity_users WHERE locale IS NOT NULL AND id IN ({})",
            crate::list(1, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.insert(row.try_get("", "id")?, row.try_get("", "locale")?);
        }
    }
    Ok(out)
}
