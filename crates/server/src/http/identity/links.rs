//! One-time links: set-up, sign-in, invitations.

use super::super::auth::{ClientAddress, SentSession, Visited};
use super::super::error::{Answer, Failure};
use super::super::json::Json as Body;
use super::super::{Shared, State};
use super::signed_in;
use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use chrono::{DateTime, Utc};
use essor_app::App;
use essor_app::identity::{self as app, Purpose};
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(show_link, accept_link))
}

/// What a one-time link is for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// `setup`, `sign_in` or `invite`.
    purpose: &'static str,
    email: Option<String>,
    workspace_name: Option<String>,
    /// The role that an invitation gives.
    role: Option<String>,
    /// Until when it can be used.
    expires_at: DateTime<Utc>,
    /// Of an invitation: `new` (name and password are asked for), `password` (theirs is), `link` (they have none and sign
    /// in by a link first) or `signed_in` (nothing is).
    account: Option<&'static str>,
}

/// The answer to a link: set-up takes all but the locale, an invitation name and password, sign-in nothing.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkForm {
    email: Option<String>,
    name: Option<String>,
    #[schema(format = "password")]
    password: Option<String>,
    workspace_name: Option<String>,
    currency: Option<String>,
    timezone: Option<String>,
    locale: Option<String>,
}

/// What a link is for. Reading it does not use it.
#[utoipa::path(get, path = "/links/{token}", tag = "identity", params(("token" = String, Path)), responses(
    (status = 200, body = Link),
    (status = 404, description = "identity_link_invalid: unknown, used or over"),
))]
async fn show_link(
    Extract(state): Shared,
    SentSession(session): SentSession,
    Path(token): Path<String>,
) -> Answer<Json<Link>> {
    let current = signed_in_as(&state.app, session.as_deref()).await;
    let link = app::show_link(&state.app, &token, current).await?;
    Ok(Json(Link {
        purpose: link.purpose.as_str(),
        email: link.email,
        workspace_name: link.workspace_name,
        role: link.role,
        expires_at: link.expires_at,
        account: link.account.map(app::Account::as_str),
    }))
}

/// The person of a session that may be over.
async fn signed_in_as(app: &App, session: Option<&str>) -> Option<Uuid> {
    app::session_actor(app, session?).await.ok().and_then(|actor| actor.user_id())
}

/// Use a link, once: set Essor up, join a workspace or sign in.
#[utoipa::path(post, path = "/links/{token}", tag = "identity", params(("token" = String, Path)),
    request_body = LinkForm, responses(
    (status = 204, description = "Done and signed in; the session is in the cookie"),
    (status = 404, description = "identity_link_invalid: unknown, used or over"),
))]
async fn accept_link(
    Extract(state): Shared,
    Visited(visited): Visited,
    ClientAddress(address): ClientAddress,
    SentSession(session): SentSession,
    Path(token): Path<String>,
    Body(form): Body<LinkForm>,
) -> Answer<Response> {
    let new_session = match app::show_link(&state.app, &token, None).await?.purpose {
        Purpose::Setup => {
            let answer = app::SetupAnswer {
                email: required(form.email, "email")?,
                name: required(form.name, "name")?,
                password: required(form.password, "password")?,
                workspace_name: required(form.workspace_name, "workspaceName")?,
                currency: required(form.currency, "currency")?,
                timezone: required(form.timezone, "timezone")?,
                locale: form.locale,
            };
            app::accept_setup(&visited, &token, answer).await?
        }
        Purpose::Invite => {
            let current = signed_in_as(&state.app, session.as_deref()).await;
            let answer = app::InviteAnswer { name: form.name, password: form.password };
            app::accept_invite(&visited, &state.limits, address, &token, answer, current).await?
        }
        Purpose::SignIn => app::accept_sign_in(&visited, &token).await?,
    };
    // The browser forgets the session it had; nobody else may go on using it.
    if let Some(old) = session {
        app::sign_out(&visited.on(visited.trail.part()), &old).await?;
    }
    Ok(signed_in(&state, &new_session))
}

fn required(value: Option<String>, field: &str) -> Result<String, Failure> {
    value.ok_or_else(|| Invalid::field(Code::FieldRequired, field).into())
}
