//! API tokens and write keys: named, scoped, shown once, revocable.

use super::{lookup, secret, text};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::identity::tokens::{self as store, TokenRow};
use essor_store::identity::users;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Calls the API.
    Api,
    /// Sends usage and nothing else: it may stand in a page or an app.
    Write,
}

impl TokenKind {
    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenKind::Api => "api",
            TokenKind::Write => "write",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> std::result::Result<TokenKind, Invalid> {
        [TokenKind::Api, TokenKind::Write]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::FieldType, "kind").with("expected", "api, write"))
    }

    /// What the secret begins with, so that a leaked one is recognised.
    const fn prefix(self) -> &'static str {
        match self {
            TokenKind::Api => "essor_api_",
            TokenKind::Write => "essor_key_",
        }
    }
}

/// A new token: the only time that its secret is known.
#[derive(Clone)]
pub struct NewToken {
    /// Its id.
    pub id: Uuid,
    /// Its secret.
    pub secret: String,
}

/// Leaves out the secret.
impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A token as listed.
#[derive(Debug, Clone)]
pub struct TokenShown {
    /// Its id.
    pub id: Uuid,
    /// `api` or `write`.
    pub kind: String,
    /// What it is for.
    pub name: String,
    /// The beginning of its text.
    pub prefix: String,
    /// `read`, `write`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The name of who made it; none when the command line did.
    pub created_by: Option<String>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it is refused.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// All tokens and keys, the revoked ones too.
pub async fn list_tokens(app: &App, actor: &Actor) -> Result<Vec<TokenShown>> {
    let workspace = actor.require(Action::ManageTokens)?;
    shown(app, workspace).await
}

/// The write keys alone, for whoever may read what the sources sent.
pub async fn list_write_keys(app: &App, actor: &Actor) -> Result<Vec<TokenShown>> {
    let workspace = actor.require(Action::Read)?;
    Ok(shown(app, workspace).await?.into_iter().filter(|token| token.kind == TokenKind::Write.as_str()).collect())
}

async fn shown(app: &App, workspace: Workspace) -> Result<Vec<TokenShown>> {
    let rows = store::list(&app.db, workspace).await?;
    let maker = |row: &TokenRow| row.created_by.as_deref().and_then(|id| id.parse::<Uuid>().ok());
    let mut makers: Vec<Uuid> = rows.iter().filter_map(maker).collect();
    makers.sort_unstable();
    makers.dedup();
    let names: HashMap<Uuid, String> = users::names(&app.db, &makers).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| TokenShown {
            created_by: maker(&row).and_then(|id| names.get(&id).cloned()),
            id: row.id,
            kind: row.kind,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes.split(',').map(str::to_owned).collect(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
        .collect())
}

/// Makes an API token with some of the scopes `read` and `write`.
pub async fn create_token(app: &App, actor: &Actor, name: &str, scopes: &[String]) -> Result<NewToken> {
    let workspace = actor.require(Action::ManageTokens)?;
    if let Some(unknown) = scopes.iter().find(|s| !["read", "write"].contains(&s.as_str())) {
        return Err(Invalid::field(Code::IdentityScopeUnknown, "scopes").with("scope", unknown.as_str()).into());
    }
    // One order, each once.
    let scopes: Vec<&str> = ["read", "write"].into_iter().filter(|known| scopes.iter().any(|s| s == known)).collect();
    if scopes.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "scopes").into());
    }
    create(app, actor, workspace, TokenKind::Api, name, &scopes.join(",")).await
}

/// Makes a write key for a source of usage. The demo workspace takes none: real events do not belong in it.
pub async fn create_key(app: &App, actor: &Actor, name: &str) -> Result<NewToken> {
    let workspace = actor.require(Action::ManageTokens)?;
    if super::workspace_row(&app.db, workspace).await?.is_demo {
        return Err(Code::IdentityDemoReadOnly.into());
    }
    create(app, actor, workspace, TokenKind::Write, name, "write").await
}

async fn create(
    app: &App,
    actor: &Actor,
    workspace: Workspace,
    kind: TokenKind,
    name: &str,
    scopes: &str,
) -> Result<NewToken> {
    let secret = format!("{}{}", kind.prefix(), secret::short()?);
    let row = TokenRow {
        id: Uuid::now_v7(),
        kind: kind.as_str().to_owned(),
        name: text::name(name, "name")?,
        // Four characters of the secret part are enough to tell two apart and far too few to guess the rest.
        prefix: secret.chars().take(kind.prefix().len() + 4).collect(),
        scopes: scopes.to_owned(),
        created_by: actor.user_id().map(|id| id.to_string()),
        created_at: app.clock.now(),
        last_used_at: None,
        revoked_at: None,
    };
    let tx = app.db.begin().await?;
    store::insert(&tx, workspace, &secret::hash(&secret), &row).await?;
    emit(&tx, workspace, row.created_at, &[DomainEvent::TokensChanged]).await?;
    let entry = Entry::of("tokens.create").on("token", row.id).named(&row.name);
    let after = json!({"kind": row.kind, "scopes": row.scopes, "prefix": row.prefix});
    record(&tx, actor, row.created_at, entry.with(after)).await?;
    tx.commit().await?;
    Ok(NewToken { id: row.id, secret })
}

/// Revokes a token or key for good: at once here, within ten seconds in other processes.
pub async fn revoke_token(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageTokens)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let revoked = store::revoke(&tx, workspace, id, now).await?.ok_or_else(Error::not_found)?;
    if revoked.revoked_at == now {
        emit(&tx, workspace, now, &[DomainEvent::TokensChanged]).await?;
        let entry = Entry::of("tokens.revoke").on("token", id).named(revoked.name);
        record(&tx, actor, now, entry.was(json!({"kind": revoked.kind}))).await?;
    } else {
        actor.trail.settle();
    }
    tx.commit().await?;
    lookup::forget(&revoked.token_hash);
    Ok(())
}
