//! People and access: links, sessions, limits, roles, tokens, and requests that are sent twice.

use chrono::Duration;
use essor_app::identity;
use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Who, client, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "an orange bicycle by the sea";

fn token_of(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

async fn post(essor: &Essor, who: &Who, path: &str, body: Value) -> Answer {
    essor.ask(who, Method::POST, path, Some(&body)).await
}

fn setup(email: &str, password: &str) -> Value {
    json!({
        "email": email, "name": "Ada", "password": password, "workspaceName": "Acme", "currency": "CHF",
        "timezone": "Europe/Zurich", "locale": "fr",
    })
}

story!(
    the_first_person_sets_essor_up_once,
    empty
        | essor
        | async {
            let old = token_of(&identity::setup_link(&essor.app).await.unwrap().unwrap());
            let token = token_of(&identity::setup_link(&essor.app).await.unwrap().unwrap());
            let path = format!("/links/{token}");
            essor
                .ask(&Who::Nobody, Method::GET, &format!("/links/{old}"), None)
                .await
                .refused(404, "identity_link_invalid");
            for _ in 0..2 {
                let shown = essor.ask(&Who::Nobody, Method::GET, &path, None).await.good();
                assert_eq!(shown["purpose"], "setup", "looking does not use it");
            }
            // A mistake in the form does not cost the link.
            post(essor, &Who::Nobody, &path, setup("ada@acme.example", "short"))
                .await
                .refused(422, "identity_password_too_short");
            post(essor, &Who::Nobody, &path, setup("no address", PASSWORD))
                .await
                .refused(422, "identity_email_invalid");
            // Of two people with one link exactly one gets in.
            let (one, two) = tokio::join!(
                post(essor, &Who::Nobody, &path, setup("ada@acme.example", PASSWORD)),
                post(essor, &Who::Nobody, &path, setup("eve@acme.example", PASSWORD)),
            );
            let statuses = [one.status.as_u16(), two.status.as_u16()];
            assert!(statuses == [204, 404] || statuses == [404, 204], "{statuses:?}");
            let (winner, email) =
                if statuses[0] == 204 { (one, "ada@acme.example") } else { (two, "eve@acme.example") };
            let cookie = winner.headers["set-cookie"].to_str().unwrap().to_owned();
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
                "{cookie}"
            );
            let session = winner.session();
            let shown = essor.ask(&session, Method::GET, "/session", None).await.good();
            assert_eq!((&shown["user"]["email"], &shown["workspace"]["role"]), (&json!(email), &json!("owner")));
            assert_eq!(
                (&shown["workspace"]["currency"], &shown["workspace"]["timezone"]),
                (&json!("CHF"), &json!("Europe/Zurich"))
            );
            post(essor, &Who::Nobody, &path, setup("eve@acme.example", PASSWORD))
                .await
                .refused(404, "identity_link_invalid");
            assert_eq!(identity::setup_link(&essor.app).await.unwrap(), None, "nobody else can set it up");

            // Signing in, out, and a session that ends by itself.
            let wrong = json!({"email": email, "password": "not this one, surely"});
            post(essor, &Who::Nobody, "/session", wrong.clone()).await.refused(401, "identity_bad_credentials");
            let unknown = json!({"email": "nobody@acme.example", "password": PASSWORD});
            post(essor, &Who::Nobody, "/session", unknown).await.refused(401, "identity_bad_credentials");
            let right = json!({"email": email.to_uppercase(), "password": PASSWORD});
            let second = post(essor, &Who::Nobody, "/session", right.clone()).await.session();
            assert_eq!(essor.ask(&second, Method::DELETE, "/session", None).await.status, 204);
            essor.ask(&second, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");
            let third = post(essor, &Who::Nobody, "/session", right.clone()).await.session();
            let now = essor.app.clock.now();
            essor.clock.set(now + Duration::days(29));
            essor.ask(&third, Method::GET, "/session", None).await.good();
            essor.clock.set(now + Duration::days(70));
            essor.ask(&third, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");

            // Ten failures in a quarter of an hour; then the right password has to wait too.
            let mut last = None;
            for _ in 0..11 {
                last = Some(post(essor, &Who::Nobody, "/session", wrong.clone()).await);
            }
            let refused = last.unwrap();
            let retry = refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
            let params = refused.refused(429, "identity_too_many_attempts");
            assert_eq!(params["retryAfterSeconds"], retry);
            post(essor, &Who::Nobody, "/session", right.clone()).await.refused(429, "identity_too_many_attempts");
            essor.clock.set(now + Duration::days(70) + Duration::minutes(15));
            let fresh = post(essor, &Who::Nobody, "/session", right).await.session();

            // Another password ends the other sessions.
            let change = json!({"currentPassword": PASSWORD, "newPassword": "a violet lighthouse at noon"});
            let path = "/session/password";
            let bad = json!({"currentPassword": "not it at all", "newPassword": "a violet lighthouse at noon"});
            essor.ask(&fresh, Method::PUT, path, Some(&bad)).await.refused(401, "identity_bad_credentials");
            assert_eq!(essor.ask(&fresh, Method::PUT, path, Some(&change)).await.status, 204);
            essor.ask(&fresh, Method::GET, "/session", None).await.good();
        }
);

story!(people_are_invited_change_roles_and_leave, |essor| async {
    let owner = &essor.home().owner;
    let admin = essor.person(essor.home().workspace, "admin@acme.example", Role::Admin).await;
    // Nobody gives a role above their own.
    let above = json!({"email": "bob@acme.example", "role": "owner"});
    post(essor, &admin, "/members", above).await.refused(403, "forbidden");
    post(essor, &admin, "/members", json!({"email": "bob@acme.example", "role": "king"}))
        .await
        .refused(422, "identity_role_unknown");
    let invite = json!({"email": "bob@acme.example", "role": "member"});
    let first = post(essor, &admin, "/members", invite.clone()).await.good()["link"].as_str().unwrap().to_owned();
    let second = post(essor, &admin, "/members", invite).await.good()["link"].as_str().unwrap().to_owned();
    assert!(second.starts_with("http://essor.test/link/"));
    let link = |text: &str| format!("/links/{}", token_of(text));
    essor.ask(&Who::Nobody, Method::GET, &link(&first), None).await.refused(404, "identity_link_invalid");
    let shown = essor.ask(&Who::Nobody, Method::GET, &link(&second), None).await.good();
    assert_eq!((&shown["purpose"], &shown["email"]), (&json!("invite"), &json!("bob@acme.example")));
    assert_eq!((&shown["workspaceName"], &shown["role"]), (&json!("Acme"), &json!("member")));
    post(essor, &Who::Nobody, &link(&second), json!({"name": "Bob"})).await.refused(422, "field_required");
    let answer = post(essor, &Who::Nobody, &link(&second), json!({"name": "Bob", "password": PASSWORD})).await;
    let bob = answer.session();
    post(essor, &Who::Nobody, &link(&second), json!({"name": "Eve", "password": PASSWORD}))
        .await
        .refused(404, "identity_link_invalid");
    let taken = json!({"email": "bob@acme.example", "role": "viewer"});
    post(essor, owner, "/members", taken).await.refused(409, "identity_member_exists");

    let members = essor.get("/members").await;
    let id = |email: &str| {
        let found = members["items"].as_array().unwrap().iter().find(|m| m["email"] == email).unwrap();
        format!("/members/{}", found["userId"].as_str().unwrap())
    };
    // An administrator cannot touch an owner; the last owner stays one.
    let viewer = json!({"role": "viewer"});
    let (top, middle, low) = (id("owner@acme.example"), id("admin@acme.example"), id("bob@acme.example"));
    essor.ask(&admin, Method::PATCH, &top, Some(&viewer)).await.refused(403, "forbidden");
    essor.ask(&admin, Method::DELETE, &top, None).await.refused(403, "forbidden");
    essor.ask(owner, Method::PATCH, &top, Some(&viewer)).await.refused(409, "identity_last_owner");
    essor.ask(owner, Method::DELETE, &top, None).await.refused(409, "identity_last_owner");
    // A role holds from the next request on.
    post(essor, &bob, "/clients", client("c").into()).await.good();
    assert_eq!(essor.ask(&admin, Method::PATCH, &low, Some(&viewer)).await.status, 204);
    post(essor, &bob, "/clients", client("c").into()).await.refused(403, "forbidden");
    // Two owners: one may go, and whoever is removed is out at once.
    assert_eq!(essor.ask(owner, Method::PATCH, &middle, Some(&json!({"role": "owner"}))).await.status, 204);
    assert_eq!(essor.ask(&admin, Method::DELETE, &top, None).await.status, 204);
    essor.ask(owner, Method::GET, "/growth/summary", None).await.refused(401, "identity_not_signed_in");
    // Anybody may leave.
    assert_eq!(essor.ask(&bob, Method::DELETE, &low, None).await.status, 204);
    essor.ask(&bob, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");
    assert_eq!(essor.ask(&admin, Method::GET, "/members", None).await.good()["items"].as_array().unwrap().len(), 1);
});

story!(owners_who_leave_at_once_leave_one_behind, |essor| async {
    let second = essor.person(essor.home().workspace, "second@acme.example", Role::Owner).await;
    let members = essor.get("/members").await;
    let path = |email: &str| {
        let found = members["items"].as_array().unwrap().iter().find(|m| m["email"] == email).unwrap();
        format!("/members/{}", found["userId"].as_str().unwrap())
    };
    let (one, two) = (path("owner@acme.example"), path("second@acme.example"));
    let (a, b) = tokio::join!(
        essor.ask(&essor.home().owner, Method::DELETE, &one, None),
        essor.ask(&second, Method::DELETE, &two, None),
    );
    let statuses = [a.status.as_u16(), b.status.as_u16()];
    assert!(statuses == [204, 409] || statuses == [409, 204], "{statuses:?}");
});

story!(tokens_open_what_their_scopes_say, |essor| async {
    let made = essor.post("/tokens", json!({"kind": "api", "name": "sync", "scopes": ["read"]})).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("essor_api_"));
    let token = Who::Token(secret.to_owned());
    essor.ask(&token, Method::GET, "/clients", None).await.good();
    post(essor, &token, "/clients", client("c").into()).await.refused(403, "identity_scope_missing");
    let listed = essor.get("/tokens").await;
    assert!(!listed.to_string().contains(secret), "a secret is shown once");
    let body = json!({"kind": "api", "name": "n", "scopes": ["admin"]});
    essor.try_post("/tokens", body).await.refused(422, "identity_scope_unknown");
    // A write key sends usage and opens nothing else; an API token sends no usage.
    let key = essor.post("/tokens", json!({"kind": "write", "name": "site"})).await;
    let key = Who::Key(key["secret"].as_str().unwrap().to_owned());
    let usage = essor_testkit::batch([essor_testkit::track("m", "ada", "Read").of("c")]);
    post(essor, &key, "/v1/batch", usage.clone()).await.good();
    let answer = post(essor, &token, "/v1/batch", usage.clone()).await;
    assert!(answer.headers.contains_key("www-authenticate"));
    answer.refused(401, "usage_key_invalid");
    // Revoked, at once.
    assert_eq!(essor.delete(&format!("/tokens/{}", made["id"].as_str().unwrap())).await.status, 204);
    essor.ask(&token, Method::GET, "/clients", None).await.refused(401, "identity_token_invalid");
    let listed = essor.get("/tokens").await;
    let id = listed["items"].as_array().unwrap().iter().find(|t| t["name"] == "site").unwrap()["id"].clone();
    assert_eq!(essor.delete(&format!("/tokens/{}", id.as_str().unwrap())).await.status, 204);
    post(essor, &key, "/v1/batch", usage).await.refused(401, "usage_key_invalid");
});

async fn with_key(essor: &Essor, key: &str, path: &str, body: &Value) -> Answer {
    let request = essor.request(&essor.home().owner, Method::POST, path).header("idempotency-key", key).json(body);
    Answer::to(request).await.unwrap()
}

story!(a_request_sent_twice_is_done_once, |essor| async {
    let body: Value = client("acme").into();
    let first = with_key(essor, "k1", "/clients", &body).await;
    assert_eq!(first.json["items"][0]["created"], true);
    let again = with_key(essor, "k1", "/clients", &body).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "the first answer, created and all");
    essor.settle().await;
    assert_eq!(with_key(essor, "k2", "/clients", &body).await.good()["items"][0]["created"], false);
    with_key(essor, "k1", "/clients", &client("other").into()).await.refused(409, "idempotency_mismatch");
    with_key(essor, "k1", "/contacts", &body).await.refused(409, "idempotency_mismatch");
    assert_eq!(essor.get("/clients").await["total"], 1);

    // A refusal is not kept: the mended request may use its key.
    let bad = subscription("s", "acme", "2026-01-01", -1).into();
    with_key(essor, "k3", "/subscriptions", &bad).await.refused(422, "growth_amount_negative");
    let good = subscription("s", "acme", "2026-01-01", 1_000).into();
    with_key(essor, "k3", "/subscriptions", &good).await.good();
    with_key(essor, "a key with spaces", "/clients", &body).await.refused(400, "bad_request");

    // At the same time: one does it, the others are told that it is under way or get its answer.
    let many: Value = json!((0..200).map(|n| Value::from(client(&format!("c{n}")))).collect::<Vec<_>>());
    let (a, b, c) = tokio::join!(
        with_key(essor, "k4", "/clients", &many),
        with_key(essor, "k4", "/clients", &many),
        with_key(essor, "k4", "/clients", &many),
    );
    let done: Vec<&Answer> = [&a, &b, &c].into_iter().filter(|answer| answer.status == 200).collect();
    assert!(!done.is_empty());
    assert!(done.iter().all(|answer| answer.text == done[0].text));
    assert!([&a, &b, &c].iter().all(|answer| answer.status == 200 || answer.code() == "idempotency_in_progress"));
    // Keys are kept for a day, and are a workspace's own.
    let other = essor.place("Other").await;
    let request = essor.request(&other.owner, Method::POST, "/clients").header("idempotency-key", "k1").json(&body);
    assert_eq!(Answer::to(request).await.unwrap().good()["items"][0]["created"], true);
    let now = essor.app.clock.now();
    essor.clock.set(now + Duration::hours(25));
    assert_eq!(with_key(essor, "k1", "/clients", &client("other").into()).await.good()["items"][0]["created"], true);
});
