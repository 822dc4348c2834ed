//! API tokens and write keys.

use super::super::auth::Caller;
use super::super::error::Answer;
use super::super::json::{Id, Json as Body};
use super::super::{Shared, State};
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use essor_app::identity as app;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

/// All tokens and write keys, the revoked ones too.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenList {
    items: Vec<Token>,
}

/// An API token or write key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    id: Uuid,
    /// `api` or `write`.
    kind: String,
    name: String,
    /// The beginning of its text, to be recognised by.
    prefix: String,
    /// `read`, `write`.
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    /// The name of who made it; null when the command line did.
    created_by: Option<String>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenForm {
    /// `api` or `write` (a write key for a source of usage).
    kind: String,
    /// What it is for.
    name: String,
    /// For an API token: `read`, `write`; `read` when left out.
    scopes: Option<Vec<String>>,
}

/// A new token, shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenSecret {
    id: Uuid,
    secret: String,
}

/// The tokens of the workspace (administrators).
#[utoipa::path(get, path = "/tokens", tag = "identity", responses((status = 200, body = TokenList)))]
async fn list_tokens(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<TokenList>> {
    let items = app::list_tokens(&state.app, &actor).await?.into_iter().map(|t| Token {
        id: t.id,
        kind: t.kind,
        name: t.name,
        prefix: t.prefix,
        scopes: t.scopes,
        created_at: t.created_at,
        created_by: t.created_by,
        last_used_at: t.last_used_at,
        revoked_at: t.revoked_at,
    });
    Ok(Json(TokenList { items: items.collect() }))
}

/// Make an API token or a write key (administrators).
#[utoipa::path(post, path = "/tokens", tag = "identity", request_body = TokenForm, responses(
    (status = 200, body = TokenSecret),
    (status = 403, description = "identity_demo_read_only: the demo takes no write keys"),
))]
async fn create_token(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<TokenForm>,
) -> Answer<Json<TokenSecret>> {
    let made = match app::TokenKind::parse(&form.kind)? {
        app::TokenKind::Api => {
            let scopes = form.scopes.unwrap_or_else(|| vec!["read".to_owned()]);
            app::create_token(&state.app, &actor, &form.name, &scopes).await?
        }
        app::TokenKind::Write => app::create_key(&state.app, &actor, &form.name).await?,
    };
    Ok(Json(TokenSecret { id: made.id, secret: made.secret }))
}

/// Revoke a token or write key for good (administrators).
#[utoipa::path(delete, path = "/tokens/{id}", tag = "identity", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Revoked"),
))]
async fn delete_token(Extract(state): Shared, Caller(actor): Caller, Id(token): Id) -> Answer<StatusCode> {
    app::revoke_token(&state.app, &actor, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
