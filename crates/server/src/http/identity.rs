//! Session, links, members, tokens and the workspace's settings, under `/api/v1`.

use super::auth::{Caller, ClientAddress, SentSession, SessionToken, no_session_cookie, session_cookie};
use super::error::{Answer, Failure};
use super::json::{Id, Json as Body};
use super::{Shared, State};
use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::identity::{self as app, Purpose};
use essor_domain::identity::Role;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(session, sign_in, sign_out, patch_session))
        .routes(routes!(put_password))
        .routes(routes!(put_session_workspace))
        .routes(routes!(show_link, accept_link))
        .routes(routes!(list_members, invite_member))
        .routes(routes!(patch_member, delete_member))
        .routes(routes!(delete_invitation))
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(delete_token))
        .routes(routes!(workspace, patch_workspace))
        .routes(routes!(put_rates))
}

// Session -------------------------------------------------------------------------------------------------------------

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    user: SessionUser,
    workspace: SessionWorkspace,
    workspaces: Vec<SessionChoice>,
    /// The version of this Essor.
    version: &'static str,
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionUser {
    id: Uuid,
    email: String,
    name: String,
    /// `fr`, `en`, or null for the browser's.
    locale: Option<String>,
    /// `light`, `dark` or `system`.
    theme: String,
    has_password: bool,
}

/// The workspace that the session is in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionWorkspace {
    id: Uuid,
    name: String,
    currency: String,
    timezone: String,
    /// `monday` or `sunday`.
    week_start: String,
    is_demo: bool,
    /// `owner`, `admin`, `manager`, `member` or `viewer`.
    role: String,
}

/// A workspace that the person may switch to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionChoice {
    id: Uuid,
    name: String,
    role: String,
    is_demo: bool,
}

impl From<app::SessionInfo> for Session {
    fn from(info: app::SessionInfo) -> Self {
        let app::SessionInfo { user, workspace, role, workspaces } = info;
        Session {
            user: SessionUser {
                id: user.id,
                has_password: user.password_hash.is_some(),
                email: user.email,
                name: user.name,
                locale: user.locale,
                theme: user.theme,
            },
            workspace: SessionWorkspace {
                id: workspace.id,
                name: workspace.name,
                currency: workspace.currency,
                timezone: workspace.timezone,
                week_start: workspace.week_start,
                is_demo: workspace.is_demo,
                role: role.as_str().to_owned(),
            },
            workspaces: workspaces
                .into_iter()
                .map(|w| SessionChoice { id: w.id, name: w.name, role: w.role, is_demo: w.is_demo })
                .collect(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// E-mail and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInForm {
    email: String,
    #[schema(format = "password")]
    password: String,
}

/// The caller's own preferences; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileForm {
    /// `fr`, `en`, or null for the browser's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    /// `light`, `dark` or `system`.
    theme: Option<String>,
    name: Option<String>,
}

/// The current password, if there is one, and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordForm {
    #[schema(format = "password")]
    current_password: Option<String>,
    #[schema(format = "password")]
    new_password: String,
}

/// The workspace to switch to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SwitchForm {
    workspace_id: Uuid,
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "identity", responses(
    (status = 200, body = Session),
    (status = 401, description = "identity_not_signed_in"),
))]
async fn session(Extract(state): Shared, Caller(actor): Caller, SentSession(token): SentSession) -> Answer<Response> {
    let session: Session = app::session_info(&state.app, &actor).await?.into();
    // Using a session prolongs it; the cookie has to last as long.
    let cookie = token.map(|token| (SET_COOKIE, session_cookie(&token, state.secure_cookies)));
    Ok((AppendHeaders(cookie), Json(session)).into_response())
}

/// Sign in with e-mail and password.
#[utoipa::path(post, path = "/session", tag = "identity", request_body = SignInForm, responses(
    (status = 204, description = "Signed in; the session is in the cookie"),
    (status = 401, description = "identity_bad_credentials"),
    (status = 429, description = "identity_too_many_attempts, with retryAfterSeconds"),
))]
async fn sign_in(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Body(form): Body<SignInForm>,
) -> Answer<Response> {
    let token = app::sign_in(&state.app, &state.limits, address, &form.email, form.password).await?;
    Ok(signed_in(&state, &token))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "identity", responses((status = 204, description = "Signed out")))]
async fn sign_out(Extract(state): Shared, SentSession(token): SentSession) -> Answer<Response> {
    if let Some(token) = token {
        app::sign_out(&state.app, &token).await?;
    }
    let cookie = [(SET_COOKIE, no_session_cookie(state.secure_cookies))];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookie)).into_response())
}

/// Change the caller's own preferences.
#[utoipa::path(patch, path = "/session", tag = "identity", request_body = ProfileForm, responses(
    (status = 204, description = "Changed"),
))]
async fn patch_session(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<ProfileForm>,
) -> Answer<StatusCode> {
    let patch = app::ProfilePatch { name: form.name, theme: form.theme, locale: form.locale };
    app::patch_profile(&state.app, &actor, patch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the caller's own password; their other sessions end.
#[utoipa::path(put, path = "/session/password", tag = "identity", request_body = PasswordForm, responses(
    (status = 204, description = "Changed"),
    (status = 401, description = "identity_bad_credentials"),
    (status = 422, description = "identity_password_too_short, identity_password_common"),
))]
async fn put_password(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
    Body(form): Body<PasswordForm>,
) -> Answer<StatusCode> {
    let PasswordForm { current_password, new_password } = form;
    app::change_password(&state.app, &state.limits, address, &actor, &token, current_password, new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch to another of the caller's workspaces.
#[utoipa::path(put, path = "/session/workspace", tag = "identity", request_body = SwitchForm, responses(
    (status = 204, description = "Switched"),
    (status = 404, description = "not_found: the caller is no member there"),
))]
async fn put_session_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    SessionToken(token): SessionToken,
    Body(form): Body<SwitchForm>,
) -> Answer<StatusCode> {
    app::switch_workspace(&state.app, &actor, &token, form.workspace_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

// Links ---------------------------------------------------------------------------------------------------------------

/// What a one-time link is for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// `setup`, `sign_in` or `invite`.
    purpose: &'static str,
    email: Option<String>,
    workspace_name: Option<String>,
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
async fn show_link(Extract(state): Shared, Path(token): Path<String>) -> Answer<Json<Link>> {
    let link = app::show_link(&state.app, &token).await?;
    Ok(Json(Link { purpose: link.purpose.as_str(), email: link.email, workspace_name: link.workspace_name }))
}

/// Use a link, once: set Essor up, join a workspace or sign in.
#[utoipa::path(post, path = "/links/{token}", tag = "identity", params(("token" = String, Path)),
    request_body = LinkForm, responses(
    (status = 204, description = "Done and signed in; the session is in the cookie"),
    (status = 404, description = "identity_link_invalid: unknown, used or over"),
))]
async fn accept_link(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    SentSession(session): SentSession,
    Path(token): Path<String>,
    Body(form): Body<LinkForm>,
) -> Answer<Response> {
    let new_session = match app::show_link(&state.app, &token).await?.purpose {
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
            app::accept_setup(&state.app, &token, answer).await?
        }
        Purpose::Invite => {
            let current = match &session {
                Some(session) => app::session_actor(&state.app, session).await.ok().and_then(|actor| actor.user_id()),
                None => None,
            };
            let answer = app::InviteAnswer { name: form.name, password: form.password };
            app::accept_invite(&state.app, &state.limits, address, &token, answer, current).await?
        }
        Purpose::SignIn => app::accept_sign_in(&state.app, &token).await?,
    };
    // The browser forgets the session it had; nobody else may go on using it.
    if let Some(old) = session {
        app::sign_out(&state.app, &old).await?;
    }
    Ok(signed_in(&state, &new_session))
}

// Members -------------------------------------------------------------------------------------------------------------

/// The members and, for who may invite, the invitations that wait.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberList {
    items: Vec<Member>,
    invitations: Vec<MemberInvitation>,
}

/// A member of the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    user_id: Uuid,
    email: String,
    name: String,
    /// `owner`, `admin`, `manager`, `member` or `viewer`.
    role: String,
    last_seen_at: Option<DateTime<Utc>>,
}

/// An invitation that waits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberInvitation {
    id: Uuid,
    email: String,
    role: String,
    expires_at: DateTime<Utc>,
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InviteForm {
    email: String,
    /// `owner`, `admin`, `manager`, `member` or `viewer`; not above the caller's own.
    role: String,
}

/// A link to hand over, shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InviteLink {
    link: String,
}

/// The new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleForm {
    role: String,
}

/// The members of the workspace.
#[utoipa::path(get, path = "/members", tag = "identity", responses((status = 200, body = MemberList)))]
async fn list_members(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<MemberList>> {
    let list = app::members(&state.app, &actor).await?;
    let items = list.members.into_iter().map(|m| Member {
        user_id: m.user_id,
        email: m.email,
        name: m.name,
        role: m.role,
        last_seen_at: m.last_seen_at,
    });
    let invitations = list.invitations.into_iter().map(|i| MemberInvitation {
        id: i.id,
        email: i.email,
        role: i.role,
        expires_at: i.expires_at,
    });
    Ok(Json(MemberList { items: items.collect(), invitations: invitations.collect() }))
}

/// Invite somebody (administrators).
#[utoipa::path(post, path = "/members", tag = "identity", request_body = InviteForm, responses(
    (status = 200, body = InviteLink),
    (status = 409, description = "identity_member_exists"),
))]
async fn invite_member(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<InviteForm>,
) -> Answer<Json<InviteLink>> {
    let link = app::invite(&state.app, &actor, &form.email, Role::parse(&form.role)?).await?;
    Ok(Json(InviteLink { link }))
}

/// Give a member another role (administrators).
#[utoipa::path(patch, path = "/members/{userId}", tag = "identity", params(("userId" = Uuid, Path)),
    request_body = RoleForm, responses(
    (status = 204, description = "Changed"),
    (status = 409, description = "identity_last_owner"),
))]
async fn patch_member(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(user_id): Id,
    Body(form): Body<RoleForm>,
) -> Answer<StatusCode> {
    app::change_role(&state.app, &actor, user_id, Role::parse(&form.role)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member (administrators), or leave.
#[utoipa::path(delete, path = "/members/{userId}", tag = "identity", params(("userId" = Uuid, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 409, description = "identity_last_owner"),
))]
async fn delete_member(Extract(state): Shared, Caller(actor): Caller, Id(user_id): Id) -> Answer<StatusCode> {
    app::remove_member(&state.app, &actor, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw an invitation (administrators).
#[utoipa::path(delete, path = "/invitations/{id}", tag = "identity", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Withdrawn"),
))]
async fn delete_invitation(Extract(state): Shared, Caller(actor): Caller, Id(invitation): Id) -> Answer<StatusCode> {
    app::withdraw_invitation(&state.app, &actor, invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

// Tokens --------------------------------------------------------------------------------------------------------------

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

// Workspace -----------------------------------------------------------------------------------------------------------

/// The workspace and its settings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceSettings {
    id: Uuid,
    name: String,
    currency: String,
    timezone: String,
    /// `monday` or `sunday`.
    week_start: String,
    is_demo: bool,
    /// `create` or `park`: what happens to usage of an unknown group.
    unknown_groups: String,
    rates: Vec<ExchangeRate>,
    /// Whether the caller may change the currency now: an owner, while there is no subscription.
    can_change_currency: bool,
}

/// A dated exchange rate.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRate {
    currency: String,
    /// The first day on which it is in force.
    from: NaiveDate,
    /// Units of the reporting currency for one unit.
    rate: f64,
}

/// Settings to change; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceForm {
    name: Option<String>,
    currency: Option<String>,
    timezone: Option<String>,
    week_start: Option<String>,
    unknown_groups: Option<String>,
}

/// All exchange rates, in place of the ones before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatesForm {
    rates: Vec<RateForm>,
}

/// A dated exchange rate to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateForm {
    currency: String,
    /// The first day on which it is in force.
    #[schema(format = "date")]
    from: String,
    /// Units of the reporting currency for one unit.
    rate: f64,
}

/// The workspace and its settings.
#[utoipa::path(get, path = "/workspace", tag = "identity", responses((status = 200, body = WorkspaceSettings)))]
async fn workspace(Extract(state): Shared, Caller(actor): Caller) -> Answer<Json<WorkspaceSettings>> {
    let app::WorkspaceShown { row, rates, can_change_currency } = app::get_workspace(&state.app, &actor).await?;
    Ok(Json(WorkspaceSettings {
        id: row.id,
        name: row.name,
        currency: row.currency,
        timezone: row.timezone,
        week_start: row.week_start,
        is_demo: row.is_demo,
        unknown_groups: row.unknown_groups,
        rates: rates.into_iter().map(|r| ExchangeRate { currency: r.currency, from: r.from, rate: r.rate }).collect(),
        can_change_currency,
    }))
}

/// Change settings of the workspace (administrators; the currency: owners, while there is no subscription).
#[utoipa::path(patch, path = "/workspace", tag = "identity", request_body = WorkspaceForm, responses(
    (status = 204, description = "Changed"),
    (status = 409, description = "growth_currency_fixed, identity_workspace_exists"),
))]
async fn patch_workspace(
    Extract(state): Shared,
    Caller(actor): Caller,
    Body(form): Body<WorkspaceForm>,
) -> Answer<StatusCode> {
    let patch = app::WorkspacePatch {
        name: form.name,
        currency: form.currency,
        timezone: form.timezone,
        week_start: form.week_start,
        unknown_groups: form.unknown_groups,
    };
    app::patch_workspace(&state.app, &actor, patch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the exchange rates (administrators). Amounts that are stored keep the rate they were converted at.
#[utoipa::path(put, path = "/workspace/rates", tag = "identity", request_body = RatesForm, responses(
    (status = 204, description = "Replaced"),
    (status = 422, description = "growth_rate_invalid, growth_currency_unknown, growth_day_invalid"),
))]
async fn put_rates(Extract(state): Shared, Caller(actor): Caller, Body(form): Body<RatesForm>) -> Answer<StatusCode> {
    let inputs: Vec<app::RateInput> =
        form.rates.into_iter().map(|r| app::RateInput { currency: r.currency, from: r.from, rate: r.rate }).collect();
    app::put_rates(&state.app, &actor, &inputs).await?;
    Ok(StatusCode::NO_CONTENT)
}

// Shared --------------------------------------------------------------------------------------------------------------

fn signed_in(state: &State, token: &str) -> Response {
    let cookie = [(SET_COOKIE, session_cookie(token, state.secure_cookies))];
    (StatusCode::NO_CONTENT, AppendHeaders(cookie)).into_response()
}

fn required(value: Option<String>, field: &str) -> Result<String, Failure> {
    value.ok_or_else(|| Invalid::field(Code::FieldRequired, field).into())
}

/// Tells null from absent: null is `Some(None)`.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}
