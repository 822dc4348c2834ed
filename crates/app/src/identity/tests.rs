//! The rules of access told over a database: who gets in, once, and who keeps the keys.

use super::*;
use crate::{Actor, ActorKind, App, FixedClock};
use chrono::{DateTime, Duration, Utc};
use essor_domain::Code;
use essor_store::Db;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use uuid::Uuid;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const GOOD: &str = "vert tigre lampe";

struct Temp {
    app: App,
    clock: Arc<FixedClock>,
    _directory: tempfile::TempDir,
}

async fn essor() -> Temp {
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite://{}", directory.path().join("essor.db").display());
    let db = Db::open(&url, None, 4).await.expect("opens");
    essor_store::migrate(&db).await.expect("migrates");
    let clock = Arc::new(FixedClock::new(noon()));
    Temp { app: App::new(db, clock.clone(), "http://essor.test/"), clock, _directory: directory }
}

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().expect("an instant")
}

fn code<T>(result: Result<T>) -> Option<Code> {
    result.err().map(|error| error.code())
}

fn token_of(url: &str) -> &str {
    url.strip_prefix("http://essor.test/link/").expect("a link")
}

fn setup_answer() -> SetupAnswer {
    SetupAnswer {
        email: "Ada@Example.org".into(),
        name: "Ada".into(),
        password: GOOD.into(),
        workspace_name: "Essor SA".into(),
        currency: "CHF".into(),
        timezone: "Europe/Zurich".into(),
        locale: Some("fr".into()),
    }
}

async fn set_up(app: &App) -> Actor {
    let url = setup_link(app).await.expect("runs").expect("nobody is here");
    let session = accept_setup(app, token_of(&url), setup_answer()).await.expect("sets up");
    session_actor(app, &session).await.expect("signed in")
}

/// Another member, as their own session sees them.
async fn join(app: &App, owner: &Actor, email: &str, role: Role) -> Actor {
    let url = invite(app, owner, email, role).await.expect("invites").link;
    let answer = InviteAnswer { name: Some("Somebody".into()), password: Some(GOOD.into()) };
    let session = accept_invite(app, &Limits::default(), HERE, token_of(&url), answer, None).await.expect("joins");
    session_actor(app, &session).await.expect("signed in")
}

#[tokio::test]
async fn identity_the_first_person_sets_up_once() {
    let temp = essor().await;
    let app = &temp.app;
    let old = setup_link(app).await.expect("runs").expect("nobody is here");
    let url = setup_link(app).await.expect("runs").expect("nobody is here");
    assert_eq!(
        code(show_link(app, token_of(&old), None).await),
        Some(Code::IdentityLinkInvalid),
        "a new link replaces it"
    );
    assert_eq!(show_link(app, token_of(&url), None).await.expect("shows").purpose, Purpose::Setup);

    let weak = SetupAnswer { password: "password123".into(), ..setup_answer() };
    assert_eq!(code(accept_setup(app, token_of(&url), weak).await), Some(Code::IdentityPasswordCommon));
    let session = accept_setup(app, token_of(&url), setup_answer()).await.expect("a refusal did not cost the link");
    assert_eq!(code(accept_setup(app, token_of(&url), setup_answer()).await), Some(Code::IdentityLinkInvalid));
    assert_eq!(setup_link(app).await.expect("runs"), None);

    let actor = session_actor(app, &session).await.expect("signed in");
    let info = session_info(app, &actor).await.expect("reads");
    assert_eq!((info.user.email.as_str(), info.user.locale.as_deref()), ("ada@example.org", Some("fr")));
    assert_eq!(
        (info.workspace.name.as_str(), info.workspace.currency.as_str(), info.role),
        ("Essor SA", "CHF", Role::Owner)
    );
}

#[tokio::test]
async fn identity_the_first_person_takes_over_what_the_command_line_made() {
    let temp = essor().await;
    let app = &temp.app;
    let made = ensure_workspace(app, None).await.expect("made on first use");
    assert_eq!(ensure_workspace(app, None).await.expect("the only one"), made);
    assert_eq!(code(ensure_workspace(app, Some("other")).await), Some(Code::IdentityWorkspaceUnknown));
    let url = setup_link(app).await.expect("runs").expect("nobody is here");
    let shown = show_link(app, token_of(&url), None).await.expect("shows");
    assert_eq!(shown.workspace_name.as_deref(), Some("default"));
    let session = accept_setup(app, token_of(&url), setup_answer()).await.expect("sets up");
    let actor = session_actor(app, &session).await.expect("signed in");
    assert_eq!(actor.workspace, made);
    let row = workspace_row(&app.db, made).await.expect("reads");
    assert_eq!((row.name.as_str(), row.timezone.as_str()), ("Essor SA", "Europe/Zurich"));
    create_workspace(app, WorkspaceNew::named("second")).await.expect("makes");
    assert_eq!(code(ensure_workspace(app, None).await), Some(Code::IdentityWorkspaceAmbiguous));
    assert_eq!(code(create_workspace(app, WorkspaceNew::named("second")).await), Some(Code::IdentityWorkspaceExists));
}

#[tokio::test]
async fn identity_signing_in_is_limited_and_sessions_end() {
    let temp = essor().await;
    let (app, limits) = (&temp.app, Limits::default());
    set_up(app).await;
    let try_with = async |email: &str, password: &str| sign_in(app, &limits, HERE, email, password.into()).await;
    assert_eq!(code(try_with("nobody@example.org", GOOD).await), Some(Code::IdentityBadCredentials));
    assert_eq!(code(try_with("not an address", GOOD).await), Some(Code::IdentityBadCredentials));
    for _ in 0..10 {
        assert_eq!(code(try_with("ada@example.org", "wrong").await), Some(Code::IdentityBadCredentials));
    }
    assert_eq!(code(try_with("ADA@example.org", GOOD).await), Some(Code::IdentityTooManyAttempts));
    temp.clock.set(noon() + Duration::minutes(15));
    let session = try_with(" ADA@example.org ", GOOD).await.expect("signs in");
    temp.clock.set(noon() + Duration::days(30));
    assert!(session_actor(app, &session).await.is_ok());
    temp.clock.set(noon() + Duration::days(90));
    assert_eq!(code(session_actor(app, &session).await), Some(Code::IdentityNotSignedIn));
    assert!(purge(app).await.expect("runs") > 0);

    let session = try_with("ada@example.org", GOOD).await.expect("signs in");
    sign_out(app, &session).await.expect("signs out");
    assert_eq!(code(session_actor(app, &session).await), Some(Code::IdentityNotSignedIn));
}

#[tokio::test]
async fn identity_a_workspace_keeps_an_owner_and_nobody_rises_above_the_giver() {
    let temp = essor().await;
    let app = &temp.app;
    let owner = set_up(app).await;
    let owner_id = owner.user_id().expect("a person");
    let admin = join(app, &owner, "bob@example.org", Role::Admin).await;
    let admin_id = admin.user_id().expect("a person");

    assert_eq!(code(change_role(app, &owner, owner_id, Role::Viewer).await), Some(Code::IdentityLastOwner));
    assert_eq!(code(remove_member(app, &owner, owner_id).await), Some(Code::IdentityLastOwner));
    assert_eq!(code(change_role(app, &admin, admin_id, Role::Owner).await), Some(Code::Forbidden));
    assert_eq!(code(change_role(app, &admin, owner_id, Role::Viewer).await), Some(Code::Forbidden));
    assert_eq!(code(remove_member(app, &admin, owner_id).await), Some(Code::Forbidden));
    assert_eq!(code(invite(app, &admin, "eve@example.org", Role::Owner).await), Some(Code::Forbidden));
    assert_eq!(code(invite(app, &admin, "ada@example.org", Role::Viewer).await), Some(Code::IdentityMemberExists));
    assert_eq!(code(change_role(app, &owner, Uuid::now_v7(), Role::Viewer).await), Some(Code::NotFound));

    change_role(app, &owner, admin_id, Role::Owner).await.expect("a second owner");
    let bob = Actor { kind: ActorKind::Member { user_id: admin_id, role: Role::Owner }, ..admin.clone() };
    let (a, b) =
        tokio::join!(change_role(app, &owner, admin_id, Role::Member), change_role(app, &bob, owner_id, Role::Member));
    assert_eq!([code(a), code(b)].iter().filter(|c| **c == Some(Code::IdentityLastOwner)).count(), 1);
    let left = members(app, &Actor::system(owner.workspace)).await.expect("reads").members;
    assert_eq!(left.iter().filter(|m| m.role == "owner").count(), 1);
}

#[tokio::test]
async fn identity_an_invitation_opens_nobody_elses_account() {
    let temp = essor().await;
    let (app, limits) = (&temp.app, Limits::default());
    let ada = set_up(app).await;
    let other = Actor::system(create_workspace(app, WorkspaceNew::named("other")).await.expect("makes"));
    let first = invite(app, &other, "ada@example.org", Role::Admin).await.expect("invites").link;
    let url = invite(app, &other, "ada@example.org", Role::Admin).await.expect("invites again").link;
    assert_eq!(code(show_link(app, token_of(&first), None).await), Some(Code::IdentityLinkInvalid));
    let answer = |password: &str| InviteAnswer { name: Some("Eve".into()), password: Some(password.into()) };
    let wrong = accept_invite(app, &limits, HERE, token_of(&url), answer("another password"), None).await;
    assert_eq!(code(wrong), Some(Code::IdentityBadCredentials));
    let session = accept_invite(app, &limits, HERE, token_of(&url), InviteAnswer::default(), ada.user_id()).await;
    let session = session.expect("signed in as the one invited");
    let there = session_actor(app, &session).await.expect("signed in");
    assert_eq!(there.workspace, other.workspace);
    switch_workspace(app, &there, &session, ada.workspace.0).await.expect("back");
    assert_eq!(session_actor(app, &session).await.expect("signed in").workspace, ada.workspace);
    assert_eq!(code(switch_workspace(app, &there, &session, Uuid::now_v7()).await), Some(Code::NotFound));
}

#[tokio::test]
async fn identity_sign_in_links_and_passwords() {
    let temp = essor().await;
    let (app, limits) = (&temp.app, Limits::default());
    let workspace = ensure_workspace(app, None).await.expect("made on first use");
    let system = Actor::system(workspace);
    let new = NewUser { email: "bob@example.org".into(), name: None, role: Role::Owner, password: None };
    create_user(app, &system, new.clone()).await.expect("makes");
    assert_eq!(code(create_user(app, &system, new).await), Some(Code::IdentityMemberExists));
    assert_eq!(code(sign_in_link(app, "nobody@example.org").await), Some(Code::NotFound));

    let url = sign_in_link(app, "bob@example.org").await.expect("makes");
    let late = sign_in_link(app, "bob@example.org").await.expect("makes");
    let session = accept_sign_in(app, token_of(&url)).await.expect("signs in");
    assert_eq!(code(accept_sign_in(app, token_of(&url)).await), Some(Code::IdentityLinkInvalid), "once");
    temp.clock.set(noon() + Duration::minutes(15));
    assert_eq!(code(accept_sign_in(app, token_of(&late)).await), Some(Code::IdentityLinkInvalid), "in time");

    let bob = session_actor(app, &session).await.expect("signed in");
    change_password(app, &limits, HERE, &bob, &session, None, GOOD.into()).await.expect("the first password");
    let elsewhere = sign_in(app, &limits, HERE, "bob@example.org", GOOD.into()).await.expect("signs in");
    let change = async |current: Option<&str>, new: &str| {
        change_password(app, &limits, HERE, &bob, &session, current.map(str::to_owned), new.into()).await
    };
    assert_eq!(code(change(None, "bleu cheval porte").await), Some(Code::FieldRequired));
    assert_eq!(code(change(Some("wrong"), "bleu cheval porte").await), Some(Code::IdentityBadCredentials));
    assert_eq!(code(change(Some(GOOD), "short").await), Some(Code::IdentityPasswordTooShort));
    change(Some(GOOD), "bleu cheval porte").await.expect("changes");
    assert_eq!(code(session_actor(app, &elsewhere).await), Some(Code::IdentityNotSignedIn), "other sessions end");
    assert!(session_actor(app, &session).await.is_ok(), "this one stays");
}

#[tokio::test]
async fn identity_tokens_open_their_scope_until_revoked() {
    let temp = essor().await;
    let app = &temp.app;
    let owner = set_up(app).await;
    assert_eq!(code(create_token(app, &owner, "x", &["admin".into()]).await), Some(Code::IdentityScopeUnknown));
    let api = create_token(app, &owner, "CI", &["write".into(), "read".into()]).await.expect("makes");
    let key = create_key(app, &owner, "site").await.expect("makes");
    assert_eq!((api.secret.len(), &api.secret[..10]), (42, "essor_api_"));

    let actor = token_actor(app, &api.secret).await.expect("opens");
    assert!(matches!(actor.kind, ActorKind::Token { read: true, write: true, .. }));
    assert_eq!(write_key(app, &key.secret).await.expect("opens").workspace, owner.workspace);
    assert_eq!(code(token_actor(app, &key.secret).await), Some(Code::IdentityTokenInvalid), "a key is no token");
    assert_eq!(code(write_key(app, &api.secret).await), Some(Code::UsageKeyInvalid), "a token is no key");
    assert_eq!(code(list_tokens(app, &actor).await), Some(Code::Forbidden), "tokens are a person's business");

    let keys = list_write_keys(app, &actor).await.expect("reads");
    assert_eq!(keys.iter().map(|k| k.id).collect::<Vec<_>>(), [key.id]);
    let shown = list_tokens(app, &owner).await.expect("reads");
    let of_api = shown.iter().find(|t| t.id == api.id).expect("listed");
    assert_eq!((of_api.scopes.join(","), of_api.created_by.as_deref()), ("read,write".into(), Some("Ada")));
    assert!(api.secret.starts_with(&of_api.prefix) && of_api.prefix.len() == 14);

    revoke_token(app, &owner, api.id).await.expect("revokes");
    revoke_token(app, &owner, api.id).await.expect("again does no harm");
    assert_eq!(code(token_actor(app, &api.secret).await), Some(Code::IdentityTokenInvalid), "at once");
    assert_eq!(code(revoke_token(app, &owner, Uuid::now_v7()).await), Some(Code::NotFound));

    let demo = WorkspaceNew { is_demo: true, ..WorkspaceNew::named("demo") };
    let demo = Actor::system(create_workspace(app, demo).await.expect("makes"));
    assert_eq!(code(create_key(app, &demo, "site").await), Some(Code::IdentityDemoReadOnly));
}

#[tokio::test]
async fn identity_settings_of_the_workspace() {
    let temp = essor().await;
    let app = &temp.app;
    let owner = set_up(app).await;
    let admin = join(app, &owner, "bob@example.org", Role::Admin).await;
    let usd = [RateInput { currency: "USD".into(), from: "2026-01-01".into(), rate: 0.9 }];
    put_rates(app, &admin, &usd).await.expect("puts");
    let patch = |currency: &str| WorkspacePatch { currency: Some(currency.into()), ..WorkspacePatch::default() };
    patch_workspace(app, &admin, patch("CHF")).await.expect("as it is");
    assert_eq!(code(patch_workspace(app, &admin, patch("EUR")).await), Some(Code::Forbidden));
    assert_eq!(rates(app, &admin).await.expect("reads").len(), 1);
    patch_workspace(app, &owner, patch("EUR")).await.expect("no subscription yet");
    let shown = get_workspace(app, &owner).await.expect("reads");
    assert!(shown.rates.is_empty() && shown.can_change_currency);
    let other = WorkspacePatch {
        name: Some("Autre".into()),
        timezone: Some("America/New_York".into()),
        week_start: Some("sunday".into()),
        unknown_groups: Some("park".into()),
        currency: None,
    };
    patch_workspace(app, &admin, other).await.expect("patches");
    let row = get_workspace(app, &admin).await.expect("reads").row;
    assert_eq!(
        (row.name.as_str(), row.timezone.as_str(), row.week_start.as_str()),
        ("Autre", "America/New_York", "sunday")
    );
    let wrong = WorkspacePatch { timezone: Some("Europe/Nowhere".into()), ..WorkspacePatch::default() };
    assert_eq!(code(patch_workspace(app, &admin, wrong).await), Some(Code::IdentityTimezoneUnknown));

    let profile = ProfilePatch { locale: Some(None), theme: Some("dark".into()), name: Some("Ada L.".into()) };
    patch_profile(app, &owner, profile).await.expect("patches");
    let user = session_info(app, &owner).await.expect("reads").user;
    assert_eq!((user.name.as_str(), user.theme.as_str(), user.locale), ("Ada L.", "dark", None));
}

#[tokio::test]
async fn identity_a_request_is_done_once() {
    let temp = essor().await;
    let (app, actor) = (&temp.app, Actor::system(Workspace(Uuid::now_v7())));
    let (one, other) = (request_hash("POST", "/a", b"{}"), request_hash("POST", "/a{", b"}"));
    assert_ne!(one, other);
    assert_eq!(code(begin_request(app, &actor, "", &one).await), Some(Code::BadRequest));
    assert_eq!(begin_request(app, &actor, "k", &one).await.expect("runs"), Begin::Fresh);
    assert_eq!(code(begin_request(app, &actor, "k", &one).await), Some(Code::IdempotencyInProgress));
    assert_eq!(code(begin_request(app, &actor, "k", &other).await), Some(Code::IdempotencyMismatch));
    finish_request(app, &actor, "k", &one, 200, "[]").await.expect("runs");
    let replay = begin_request(app, &actor, "k", &one).await.expect("runs");
    assert_eq!(replay, Begin::Replay { status: 200, body: "[]".into() });
}
