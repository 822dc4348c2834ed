//! Every endpoint of the OpenAPI description: who may change what, and that another workspace's ids name nothing.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use essor_app::identity;
use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Place, Who, client, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Who may send a request.
#[derive(Clone, Copy, PartialEq)]
enum Least {
    /// Anybody: it is how one becomes somebody, or stops being.
    Anybody,
    /// Any signed-in person, whatever their role: their own affairs.
    Person,
    /// A member with at least this role; a token with the scope `write` as far as a manager goes.
    Role(Role),
}

/// Every endpoint that changes something: method, path, who may.
#[rustfmt::skip]
const MUTATING: &[(&str, &str, Least)] = &[
    ("post", "/session", Least::Anybody),
    ("delete", "/session", Least::Anybody),
    ("post", "/links/{token}", Least::Anybody),
    ("patch", "/session", Least::Person),
    ("put", "/session/password", Least::Person),
    ("put", "/session/workspace", Least::Person),
    ("post", "/demo", Least::Person),
    ("delete", "/demo", Least::Role(Role::Manager)),
    ("post", "/members", Least::Role(Role::Admin)),
    ("patch", "/members/{userId}", Least::Role(Role::Admin)),
    ("delete", "/members/{userId}", Least::Role(Role::Admin)),
    ("delete", "/invitations/{id}", Least::Role(Role::Admin)),
    ("post", "/tokens", Least::Role(Role::Admin)),
    ("delete", "/tokens/{id}", Least::Role(Role::Admin)),
    ("patch", "/workspace", Least::Role(Role::Admin)),
    ("put", "/workspace/rates", Least::Role(Role::Admin)),
    ("post", "/clients", Least::Role(Role::Member)),
    ("post", "/contacts", Least::Role(Role::Member)),
    ("post", "/subscriptions", Least::Role(Role::Member)),
    ("post", "/signals", Least::Role(Role::Member)),
    ("post", "/clients/{id}/pulse", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/pulse/{pulseId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/signals", Least::Role(Role::Member)),
    ("put", "/clients/{id}/signals/{signalId}", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/signals/{signalId}", Least::Role(Role::Member)),
    ("post", "/health/profiles", Least::Role(Role::Manager)),
    ("post", "/health/profiles/preview", Least::Role(Role::Manager)),
    ("post", "/health/profiles/suggest", Least::Role(Role::Manager)),
    ("delete", "/sessions", Least::Person),
    ("delete", "/sessions/{id}", Least::Person),
    ("delete", "/members/{userId}/sessions", Least::Role(Role::Admin)),
    ("post", "/invitations/{id}/renew", Least::Role(Role::Admin)),
    ("post", "/workspaces", Least::Role(Role::Admin)),
    ("delete", "/workspace", Least::Role(Role::Owner)),
    ("post", "/quarantine/replay", Least::Role(Role::Manager)),
    ("post", "/quarantine/{id}/replay", Least::Role(Role::Manager)),
    ("delete", "/quarantine/{id}", Least::Role(Role::Manager)),
    ("post", "/growth/objectives", Least::Role(Role::Manager)),
    ("put", "/growth/objectives/{id}", Least::Role(Role::Manager)),
    ("delete", "/growth/objectives/{id}", Least::Role(Role::Manager)),
    ("post", "/growth/objectives/{id}/restore", Least::Role(Role::Manager)),
    ("put", "/growth/spend", Least::Role(Role::Manager)),
    ("patch", "/opportunities/{id}", Least::Role(Role::Member)),
    ("put", "/opportunities/settings", Least::Role(Role::Admin)),
    ("post", "/tasks", Least::Role(Role::Member)),
    ("patch", "/tasks/{id}", Least::Role(Role::Member)),
    ("delete", "/tasks/{id}", Least::Role(Role::Member)),
    ("post", "/tasks/{id}/restore", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey/move", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey/advance", Least::Role(Role::Member)),
    ("put", "/clients/{id}/journey/criteria/{key}", Least::Role(Role::Member)),
    ("put", "/clients/{id}/journey/actions/{key}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey/milestones", Least::Role(Role::Member)),
    ("patch", "/clients/{id}/journey/milestones/{milestoneId}", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/journey/milestones/{milestoneId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey/notes", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/journey/notes/{noteId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/journey/shares", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/journey/shares/{shareId}", Least::Role(Role::Member)),
    ("put", "/shared/journey/{token}/actions/{key}", Least::Anybody),
    ("post", "/journey/templates", Least::Role(Role::Manager)),
    ("post", "/journey/templates/check", Least::Role(Role::Viewer)),
    ("put", "/journey/templates/{id}", Least::Role(Role::Manager)),
    ("delete", "/journey/templates/{id}", Least::Role(Role::Manager)),
    ("post", "/journey/templates/{id}/preview", Least::Role(Role::Manager)),
    ("post", "/journey/templates/{id}/migrate", Least::Role(Role::Manager)),
    ("put", "/journey/settings", Least::Role(Role::Manager)),
    ("post", "/journey/infer", Least::Role(Role::Manager)),
    ("put", "/workspace/holidays", Least::Role(Role::Admin)),
    ("post", "/notifications/read", Least::Person),
    ("put", "/notifications/preferences", Least::Person),
    ("post", "/clients/expressions", Least::Role(Role::Viewer)),
    ("post", "/clients/fields", Least::Role(Role::Manager)),
    ("patch", "/clients/fields/{id}", Least::Role(Role::Manager)),
    ("delete", "/clients/fields/{id}", Least::Role(Role::Manager)),
    ("post", "/clients/views", Least::Role(Role::Member)),
    ("patch", "/clients/views/{id}", Least::Role(Role::Member)),
    ("delete", "/clients/views/{id}", Least::Role(Role::Member)),
    ("post", "/clients/bulk/preview", Least::Role(Role::Member)),
    ("post", "/clients/bulk", Least::Role(Role::Member)),
    ("post", "/clients/bulk/{id}/undo", Least::Role(Role::Member)),
    ("post", "/clients/reassignments/preview", Least::Role(Role::Member)),
    ("post", "/clients/reassignments", Least::Role(Role::Member)),
    ("post", "/clients/export", Least::Role(Role::Member)),
    ("post", "/imports", Least::Role(Role::Manager)),
    ("delete", "/imports/{id}", Least::Role(Role::Manager)),
    ("post", "/imports/{id}/preview", Least::Role(Role::Manager)),
    ("post", "/imports/{id}/check", Least::Role(Role::Manager)),
    ("post", "/imports/{id}/run", Least::Role(Role::Manager)),
    ("post", "/surveys", Least::Role(Role::Manager)),
    ("patch", "/surveys/{id}", Least::Role(Role::Manager)),
    ("post", "/surveys/{id}/preview", Least::Role(Role::Manager)),
    ("post", "/surveys/{id}/send", Least::Role(Role::Manager)),
    ("post", "/surveys/{id}/ask", Least::Role(Role::Member)),
    ("post", "/surveys/{id}/links", Least::Role(Role::Manager)),
    ("patch", "/clients/{id}", Least::Role(Role::Member)),
    ("delete", "/clients/{id}", Least::Role(Role::Manager)),
    ("post", "/clients/{id}/restore", Least::Role(Role::Manager)),
    ("post", "/clients/{id}/merge", Least::Role(Role::Manager)),
    ("post", "/clients/{id}/erase", Least::Role(Role::Owner)),
    ("post", "/clients/{id}/contacts/{contactId}/erase", Least::Role(Role::Owner)),
    ("post", "/erasures/{id}/allow", Least::Role(Role::Admin)),
    ("post", "/clients/{id}/files", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/files/{fileId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/files/{fileId}/restore", Least::Role(Role::Member)),
    ("post", "/clients/{id}/notes", Least::Role(Role::Member)),
    ("patch", "/clients/{id}/notes/{noteId}", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/notes/{noteId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/notes/{noteId}/restore", Least::Role(Role::Member)),
    ("post", "/clients/{id}/contacts", Least::Role(Role::Member)),
    ("patch", "/clients/{id}/contacts/{contactId}", Least::Role(Role::Member)),
    ("delete", "/clients/{id}/contacts/{contactId}", Least::Role(Role::Member)),
    ("post", "/clients/{id}/contacts/{contactId}/restore", Least::Role(Role::Member)),
];

/// Sent to be looked at: what they are asked changes nothing.
const DRAFTS: [&str; 10] = [
    "/health/profiles/preview",
    "/health/profiles/suggest",
    "/clients/expressions",
    "/clients/bulk/preview",
    "/clients/reassignments/preview",
    "/imports/{id}/preview",
    "/imports/{id}/check",
    "/surveys/{id}/preview",
    "/journey/templates/check",
    "/journey/templates/{id}/preview",
];

/// A body that the endpoint takes, so that a refusal is not for its form.
fn body(path: &str) -> Value {
    match path {
        "/session" => json!({"email": "nobody@example.org", "password": "wrong", "theme": "dark"}),
        "/session/password" => json!({"newPassword": "a long passphrase of mine"}),
        "/session/workspace" => json!({"workspaceId": uuid::Uuid::nil()}),
        "/members" => json!({"email": "new@example.org", "role": "viewer"}),
        "/members/{userId}" => json!({"role": "viewer"}),
        "/tokens" => json!({"kind": "api", "name": "n", "scopes": ["read"]}),
        "/workspace" => json!({"weekStart": "monday", "name": "Acme"}),
        "/workspace/rates" => json!({"rates": []}),
        "/workspaces" => json!({"name": "Another", "currency": "EUR", "timezone": "Europe/Paris"}),
        "/clients" => client("c").into(),
        "/contacts" => json!({"externalId": "p"}),
        "/subscriptions" | "/signals" => json!([]),
        "/clients/{id}/pulse" => json!({"value": 4}),
        "/clients/{id}/signals" | "/clients/{id}/signals/{signalId}" => {
            json!({"kind": "meeting", "occurredAt": "2026-06-01T10:00:00Z", "data": {"subject": "Review"}})
        }
        "/health/profiles" | "/health/profiles/preview" | "/health/profiles/suggest" => json!({"profile": profile()}),
        "/growth/objectives" | "/growth/objectives/{id}" => {
            json!({"name": "o", "metric": "activeClients", "target": 1_000, "dueDate": "2026-12-31"})
        }
        "/opportunities/{id}" => json!({"state": "accepted"}),
        "/opportunities/settings" => json!({"limitEvents": ["Quota Hit"]}),
        "/tasks" => json!({"title": "Call them"}),
        "/notifications/preferences" => json!({"kinds": []}),
        "/clients/expressions" => json!({"text": "mrr > 0"}),
        "/clients/fields" => json!({"key": "contract", "label": "Contract", "kind": "text"}),
        "/clients/fields/{id}" => json!({"label": "Another"}),
        "/clients/views" => json!({"name": "Mine", "where": "mrr > 0"}),
        "/clients/views/{id}" => json!({"name": "Ours"}),
        "/clients/bulk" | "/clients/bulk/preview" => {
            json!({"selection": {"where": ""}, "action": {"kind": "tag", "tag": "vip"}})
        }
        "/clients/reassignments" | "/clients/reassignments/preview" => {
            json!({"from": "Somebody", "receivers": [uuid::Uuid::nil()]})
        }
        "/clients/export" => json!({"selection": {"where": ""}, "columns": [{"key": "name"}]}),
        // A file of a header alone.
        "/imports" => json!("id"),
        "/imports/{id}/preview" | "/imports/{id}/check" | "/imports/{id}/run" => {
            json!({"plan": {"entity": "client", "columns": [{"at": 0, "to": "externalId"}]}})
        }
        "/surveys" => json!({"name": "Survey", "kind": "nps"}),
        "/surveys/{id}" => json!({"name": "Another name"}),
        "/surveys/{id}/send" => json!({"silent": true}),
        "/surveys/{id}/ask" => json!({"contactId": uuid::Uuid::nil()}),
        "/clients/{id}" => json!({"name": "Another name"}),
        "/clients/{id}/merge" => json!({"with": uuid::Uuid::nil()}),
        "/clients/{id}/erase" => json!({"name": "Client theirs"}),
        "/clients/{id}/contacts/{contactId}/erase" => json!({"name": "Bob"}),
        "/clients/{id}/notes" | "/clients/{id}/notes/{noteId}" => json!({"body": "They are happy"}),
        "/clients/{id}/contacts" | "/clients/{id}/contacts/{contactId}" => json!({"name": "Ada"}),
        "/clients/{id}/journey/move" => json!({"to": "adoption", "reason": "They asked for it"}),
        "/clients/{id}/journey/criteria/{key}" => json!({"met": true}),
        "/clients/{id}/journey/actions/{key}" | "/shared/journey/{token}/actions/{key}" => json!({"done": true}),
        "/clients/{id}/journey/milestones" => json!({"title": {"fr": "Recette"}, "due": "2026-07-01"}),
        "/clients/{id}/journey/milestones/{milestoneId}" => json!({"completed": true}),
        "/clients/{id}/journey/notes" => json!({"kind": "risk", "text": "The sponsor leaves"}),
        "/clients/{id}/journey/shares" => json!({"stages": ["onboarding"]}),
        "/journey/templates" | "/journey/templates/check" | "/journey/templates/{id}" => {
            json!({"template": template()})
        }
        "/journey/settings" => json!({"autoStart": false}),
        "/workspace/holidays" => json!({"days": [{"day": "2026-07-14", "name": "Fête nationale"}]}),
        _ => json!({}),
    }
}

/// A journey of one stage, which a person says is done.
fn template() -> Value {
    json!({
        "name": {"en": "Short"}, "segment": null, "advance": "ask", "stalledAfterDays": 14,
        "weights": {"criteria": 70, "actions": 30},
        "stages": [{
            "key": "onboarding", "label": {"fr": "Mise en place", "en": "Set-up"}, "plannedDays": 10,
            "criteria": [{"key": "signed_off", "label": {"en": "Signed off"}, "required": true}],
            "actions": [{"key": "kickoff", "label": {"en": "Kick-off"}, "owner": "client", "dueDays": 3, "business": true}],
        }],
    })
}

/// The built-in health profile.
fn profile() -> Value {
    json!({
        "weights": {
            "usage": 30, "licence": 10, "engagement": 10, "journey": 10, "support": 10, "satisfaction": 10,
            "sentiment": 5, "payments": 10, "outcomes": 5, "pulse": 0,
        },
        "minCoverage": 0.4, "excellent": 80, "good": 70, "watch": 60, "alert": 60, "rearm": 65,
        "vetoes": {"invoiceDays": 60, "invoiceCap": 50, "championCap": 65},
    })
}

fn described() -> Vec<(String, String, Value)> {
    let text = essor_server::http::openapi().to_json().unwrap();
    let description: Value = serde_json::from_str(&text).unwrap();
    let mut out = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or_else(|| panic!("{path} is outside the API"));
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "put", "post", "delete", "patch"].contains(&method.as_str()) {
                out.push((method.clone(), path.to_owned(), operation.clone()));
            }
        }
    }
    assert!(out.len() > 40, "the description is there: {}", out.len());
    out
}

#[test]
fn the_table_has_every_mutating_endpoint() {
    let described: BTreeSet<(String, String)> = described()
        .into_iter()
        .filter(|(method, ..)| method != "get")
        .map(|(method, path, _)| (method, path))
        .collect();
    let listed: BTreeSet<(String, String)> =
        MUTATING.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(listed, described);
    assert_eq!(listed.len(), MUTATING.len(), "each once");
}

fn method(name: &str) -> Method {
    name.to_uppercase().parse().unwrap()
}

fn filled(path: &str, id: &str) -> String {
    [
        "{id}",
        "{userId}",
        "{token}",
        "{pulseId}",
        "{signalId}",
        "{noteId}",
        "{contactId}",
        "{fileId}",
        "{otherId}",
        "{milestoneId}",
        "{shareId}",
    ]
    .iter()
    .fold(path.replace("{key}", "kickoff"), |path, name| path.replace(name, id))
}

story!(each_mutating_endpoint_asks_who_calls, |essor| async {
    let workspace = essor.home().workspace;
    let mut people = Vec::new();
    for role in Role::ALL {
        let email = format!("{}@acme.example", role.as_str());
        let email = if role == Role::Owner { "second-owner@acme.example".into() } else { email };
        people.push((role, essor.person(workspace, &email, role).await));
    }
    let reader = essor.token(workspace, &["read"]).await;
    let writer = essor.token(workspace, &["read", "write"]).await;
    let id = uuid::Uuid::now_v7().to_string();
    for (name, path, least) in MUTATING {
        let send = async |who: &Who| {
            let request = essor.request(who, method(name), &filled(path, &id)).json(&body(path));
            Answer::to(request).await.unwrap()
        };
        let label = format!("{name} {path}");
        // A browser that another site makes act, with the cookie of somebody who may.
        let Who::Session(token) = &essor.home().owner else { unreachable!() };
        for (header, value) in
            [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
        {
            let request = essor
                .request(&Who::Nobody, method(name), &filled(path, &id))
                .header("cookie", format!("essor_session={token}"))
                .header(header, value)
                .json(&body(path));
            let answer = Answer::to(request).await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "cross_site"), "{label} with {header}: {value}");
        }
        if *least == Least::Anybody {
            continue;
        }
        let nobody = send(&Who::Nobody).await;
        assert_eq!((nobody.status.as_u16(), nobody.code()), (401, "identity_not_signed_in"), "{label}");
        for who in [Who::Session("over".into()), Who::Token("essor_api_unknown".into()), essor.home().key.clone()] {
            assert_eq!(send(&who).await.status, 401, "{label} as {who:?}");
        }
        let Least::Role(least) = least else {
            // Their own affairs: no token has any.
            assert_eq!(send(&writer).await.status, 401, "{label} with a token");
            continue;
        };
        let refused = send(&reader).await;
        if *least == Role::Viewer {
            assert_eq!(refused.status, 200, "{label} only reads: {}", refused.text);
        } else {
            assert_eq!((refused.status.as_u16(), refused.code()), (403, "identity_scope_missing"), "{label}");
        }
        for (role, who) in people.iter().filter(|(role, _)| role < least) {
            let refused = send(who).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (403, "forbidden"), "{label} as {role:?}");
            assert_eq!(refused.json["error"]["params"]["needs"], least.as_str(), "{label}");
        }
        if *least > Role::Manager {
            assert_eq!(send(&writer).await.code(), "forbidden", "{label}: a token acts as a manager at most");
        }
        // The weakest who may is let in: what is then refused is another matter. The demo is refused where it is none.
        if *path != "/demo" {
            let (_, who) = people.iter().find(|(role, _)| role == least).unwrap();
            let answer = send(who).await;
            assert!(![401, 403].contains(&answer.status.as_u16()), "{label} as {least:?}: {}", answer.text);
            assert_ne!(answer.status.as_u16() / 100, 5, "{label}: {}", answer.text);
        }
    }
});

story!(each_reading_endpoint_asks_who_calls, |essor| async {
    let writer = essor.token(essor.home().workspace, &["write"]).await;
    let viewer = essor.person(essor.home().workspace, "viewer@acme.example", Role::Viewer).await;
    essor.post("/clients", client("c")).await;
    essor.post("/subscriptions", subscription("s", "c", "2026-01-01", 1_000)).await;
    let late = json!({"amountCents": 1_000, "dueDate": "2026-04-01"});
    essor.post("/signals", signal("payment", "i", "c", "2026-03-01T10:00:00Z", late)).await;
    essor.settle().await;
    let id = essor.client_id("c").await;
    let opportunity = essor.get("/opportunities").await["items"][0]["id"].as_str().unwrap().to_owned();
    let run = essor.post("/clients/bulk", body("/clients/bulk")).await["id"].as_str().unwrap().to_owned();
    let person = essor.post(&format!("/clients/{id}/contacts"), json!({"name": "Bob"})).await;
    let file = essor.post(&format!("/clients/{id}/files?name=f.txt"), json!({})).await;
    let gone = essor.post(&format!("/clients/{id}/contacts"), json!({"name": "Eve"})).await;
    let erase = format!("/clients/{id}/contacts/{}/erase", gone["id"].as_str().unwrap());
    let erasure = essor.post(&erase, json!({"name": "Eve"})).await["certificate"]["id"].as_str().unwrap().to_owned();
    let import = essor.post("/imports", body("/imports")).await["id"].as_str().unwrap().to_owned();
    let survey = essor.post("/surveys", body("/surveys")).await["id"].as_str().unwrap().to_owned();
    let template = essor.get("/journey/templates").await["items"][0]["id"].as_str().unwrap().to_owned();
    for (name, path, _) in described() {
        // A link is its own credential; an administrator's list is no viewer's; the stream does not end.
        if name != "get" || path.contains("{token}") {
            continue;
        }
        let asked = query(&path);
        let thing = match path.as_str() {
            path if path.starts_with("/opportunities/") => &opportunity,
            path if path.starts_with("/clients/bulk/") => &run,
            path if path.starts_with("/erasures/") => &erasure,
            path if path.starts_with("/imports/") => &import,
            path if path.starts_with("/surveys/") => &survey,
            path if path.starts_with("/journey/templates/") => &template,
            _ => &id,
        };
        let path = path.replace("{fileId}", file["id"].as_str().unwrap());
        let path = filled(&path.replace("{contactId}", person["id"].as_str().unwrap()), thing);
        let ask = async |who: &Who| {
            let response = essor.request(who, Method::GET, &format!("{path}{asked}")).send().await.unwrap();
            response.status().as_u16()
        };
        assert_eq!(ask(&Who::Nobody).await, 401, "{path}");
        assert_eq!(ask(&essor.home().key).await, 401, "{path} with a write key");
        let session_only = ["/session", "/sessions", "/workspaces"].contains(&path.as_str());
        let administered = path == "/tokens" || path.starts_with("/audit") || path.starts_with("/members/");
        let hands_out_people = path.starts_with("/clients/") && path.ends_with("/export");
        let administered = administered || path.starts_with("/erasures") || hands_out_people;
        assert_eq!(ask(&writer).await, if session_only { 401 } else { 403 }, "{path} with a token that may only write");
        assert_eq!(ask(&viewer).await, if administered { 403 } else { 200 }, "{path} as a viewer");
    }
});

/// What a reading endpoint cannot do without.
fn query(path: &str) -> &'static str {
    match path {
        "/clients/{id}/health/at" => "?day=2026-06-01",
        "/clients/{id}/health/moves" => "?from=2026-05-01&to=2026-06-01",
        _ => "",
    }
}

/// The real things of a workspace, by the path that names one.
async fn things(essor: &Essor, place: &Place) -> Vec<(&'static str, String)> {
    let post = async |path: &str, body: Value| essor.ask(&place.owner, Method::POST, path, Some(&body)).await.good();
    let get = async |path: &str| essor.ask(&place.owner, Method::GET, path, None).await.good();
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let client = post("/clients", client("theirs").into()).await;
    post("/subscriptions", subscription("s", "theirs", "2026-01-01", 1_000).into()).await;
    post("/signals", signal("ticket", "t", "theirs", "2026-06-01T10:00:00Z", json!({})).into()).await;
    let usage = essor_testkit::batch([
        track("m1", "ada", "Read").of("theirs"),
        track("m2", "ada", "Read").of("theirs").at("never"),
    ]);
    let late = json!({"amountCents": 1_000, "dueDate": "2026-04-01"});
    post("/signals", signal("payment", "i", "theirs", "2026-03-01T10:00:00Z", late).into()).await;
    let task = post("/tasks", json!({"title": "Call them"})).await;
    essor.ask(&place.key, Method::POST, "/v1/batch", Some(&usage)).await.good();
    post("/members", json!({"email": "guest@other.example", "role": "viewer"})).await;
    let token = post("/tokens", json!({"kind": "api", "name": "theirs", "scopes": ["read"]})).await;
    let objective = post("/growth/objectives", body("/growth/objectives")).await;
    let members = get("/members").await;
    let field = post("/clients/fields", json!({"key": "theirs", "label": "Theirs", "kind": "text"})).await;
    let view = post("/clients/views", body("/clients/views")).await;
    let run = post("/clients/bulk", json!({"selection": {"where": ""}, "action": {"kind": "tag", "tag": "old"}})).await;
    let import = post("/imports", body("/imports")).await;
    let survey = post("/surveys", body("/surveys")).await;
    essor.settle().await;
    let here = id(&client["items"][0]["id"]);
    let gone = post(&format!("/clients/{here}/contacts"), json!({"name": "Eve"})).await;
    let erase = format!("/clients/{here}/contacts/{}/erase", id(&gone["id"]));
    let erased = post(&erase, json!({"name": "Eve"})).await;
    let opportunities = get("/opportunities").await;
    let quarantine = get("/quarantine").await;
    let sessions = get("/sessions").await;
    let template = post("/journey/templates", body("/journey/templates")).await;
    vec![
        ("/clients/{id}", id(&client["items"][0]["id"])),
        ("/opportunities/{id}", id(&opportunities["items"][0]["id"])),
        ("/tasks/{id}", id(&task["id"])),
        ("/quarantine/{id}", id(&quarantine["items"][0]["id"])),
        ("/invitations/{id}", id(&members["invitations"][0]["id"])),
        ("/members/{userId}", id(&members["items"][0]["userId"])),
        ("/tokens/{id}", id(&token["id"])),
        ("/growth/objectives/{id}", id(&objective["id"])),
        ("/sessions/{id}", id(&sessions["items"][0]["id"])),
        ("/clients/fields/{id}", id(&field["id"])),
        ("/clients/views/{id}", id(&view["id"])),
        ("/clients/bulk/{id}", id(&run["id"])),
        ("/erasures/{id}", id(&erased["certificate"]["id"])),
        ("/imports/{id}", id(&import["id"])),
        ("/surveys/{id}", id(&survey["id"])),
        ("/journey/templates/{id}", id(&template["id"])),
    ]
}

story!(another_workspaces_ids_name_nothing, |essor| async {
    let other = essor.place("Other").await;
    let theirs = things(essor, &other).await;
    let ours = things(essor, essor.home()).await;
    let writer = essor.token(essor.home().workspace, &["read", "write"]).await;
    let before = essor.figures(&other.owner).await;
    let mut tried = 0;
    for (name, path, operation) in described() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path =
            parameters.iter().filter(|p| p["in"] == "path" && p["name"] != "token" && p["name"] != "key").count();
        assert_eq!(in_path > 0, path.contains("{id}") || path.contains("{userId}"), "{path} describes its parameters");
        if in_path == 0 {
            continue;
        }
        let kind = |list: &[(&str, String)]| {
            let found = list.iter().find(|(prefix, _)| path.starts_with(prefix));
            found
                .map(|(_, id)| id.clone())
                .unwrap_or_else(|| panic!("{path} names a kind of thing that this test does not make"))
        };
        let ask = async |who: &Who, id: &str| {
            let path_and_query = format!("{}{}", filled(&path, id), query(&path));
            Answer::to(essor.request(who, method(&name), &path_and_query).json(&body(&path))).await.unwrap()
        };
        for who in [&essor.home().owner, &writer] {
            let answer = ask(who, &kind(&theirs)).await;
            // A token may not touch people, tokens and sessions at all, which says as little.
            let expected: &[u16] = if matches!(who, Who::Token(_)) { &[404, 403, 401] } else { &[404] };
            assert!(expected.contains(&answer.status.as_u16()), "{name} {path}: {} {}", answer.status, answer.text);
            let codes = ["not_found", "forbidden", "identity_not_signed_in"];
            assert!(codes.contains(&answer.code()), "{name} {path}: {}", answer.text);
        }
        for nonsense in ["nonsense", "00000000-0000-0000-0000-000000000000", "%00"] {
            assert_eq!(ask(&essor.home().owner, nonsense).await.status, 404, "{name} {path} of {nonsense}");
        }
        // The same request about one's own thing is answered: the 404 is for whose it is.
        if name == "get" && in_path == 1 {
            assert_eq!(ask(&essor.home().owner, &kind(&ours)).await.status, 200, "{name} {path}");
        }
        tried += 1;
    }
    assert!(tried >= 14, "{tried}");
    assert_eq!(essor.figures(&other.owner).await, before, "nothing of theirs has changed");
    let members = essor.ask(&other.owner, Method::GET, "/members", None).await.good();
    assert_eq!(members["invitations"].as_array().unwrap().len(), 1);
    let quarantine = essor.ask(&other.owner, Method::GET, "/quarantine", None).await.good();
    assert_eq!(quarantine["total"], 1);
    let tokens = essor.ask(&other.owner, Method::GET, "/tokens", None).await.good();
    assert!(tokens["items"].as_array().unwrap().iter().all(|token| token["revokedAt"].is_null()));
});

story!(names_of_another_workspace_are_free_in_this_one, |essor| async {
    let other = essor.place("Other").await;
    things(essor, &other).await;
    // External ids belong to a workspace: writing them here touches nothing there.
    let before = essor.figures(&other.owner).await;
    essor.post("/clients", client("theirs").with("name", "Ours")).await;
    essor.post("/subscriptions", subscription("s", "theirs", "2026-02-01", 9_999)).await;
    essor.usage([track("m1", "ada", "Wrote").of("theirs")]).await;
    assert_eq!(essor.figures(&other.owner).await, before);
    // And a session moves only where its person is a member.
    let there = json!({"workspaceId": other.workspace.0});
    essor.ask(&essor.home().owner, Method::PUT, "/session/workspace", Some(&there)).await.refused(404, "not_found");
    let link = identity::sign_in_link_to(&essor.app, "owner@acme.example", other.workspace).await.unwrap();
    let token = link.rsplit('/').next().unwrap();
    let session = Who::Session(identity::accept_sign_in(&essor.app, token).await.unwrap());
    let session = essor.ask(&session, Method::GET, "/session", None).await.good();
    assert_eq!(session["workspace"]["name"], "Acme", "a link leads nowhere else");
});

/// A request to a mutating endpoint that succeeds, in a place of its own: who asks, where and what. What the tables above
/// know serves most; the others are made here.
async fn good(essor: &Essor, place: &Place, name: &str, path: &str) -> (Who, String, Value) {
    let owner = &place.owner;
    let known = things(essor, place).await;
    let id = known.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, id)| id.clone()).unwrap_or_default();
    let session = essor.ask(owner, Method::GET, "/session", None).await.good();
    let email = session["user"]["email"].as_str().unwrap().to_owned();
    let named = session["workspace"]["name"].as_str().unwrap().to_owned();
    let colleague = async || {
        let who = essor.person(place.workspace, &format!("colleague.{email}"), Role::Viewer).await;
        let shown = essor.ask(&who, Method::GET, "/session", None).await.good();
        shown["user"]["id"].as_str().unwrap().to_owned()
    };
    let link = async || {
        let link = identity::sign_in_link_to(&essor.app, &email, place.workspace).await.unwrap();
        link.rsplit('/').next().unwrap().to_owned()
    };
    let elsewhere = async || {
        let new = json!({"name": format!("{named} two"), "currency": "EUR", "timezone": "Europe/Paris"});
        essor.ask(owner, Method::POST, "/workspaces", Some(&new)).await.good()["id"].clone()
    };
    let mut path_of = filled(path, &id);
    let mut body = body(path);
    let mut who = owner.clone();
    match (name, path) {
        ("post", "/session") => {
            let password = "a long passphrase of mine";
            let new = json!({"newPassword": password});
            assert_eq!(essor.ask(owner, Method::PUT, "/session/password", Some(&new)).await.status, 204);
            (who, body) = (Who::Nobody, json!({"email": email, "password": password}));
        }
        ("post", "/links/{token}") => {
            (who, path_of) = (Who::Nobody, format!("/links/{}", link().await));
        }
        ("put", "/session/workspace") => body = json!({"workspaceId": elsewhere().await}),
        ("post" | "delete", "/demo") => {
            essor_app::demo::workspace(&essor.app, None).await.unwrap();
            if name == "delete" {
                assert!(essor.ask(owner, Method::POST, "/demo", None).await.status.is_success());
            }
        }
        ("patch" | "delete", "/members/{userId}") | ("delete", "/members/{userId}/sessions") => {
            (path_of, body) = (filled(path, &colleague().await), json!({"role": "member"}));
        }
        ("delete", "/sessions" | "/sessions/{id}") => {
            identity::accept_sign_in(&essor.app, &link().await).await.unwrap();
            let sessions = essor.ask(owner, Method::GET, "/sessions", None).await.good();
            let other = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap();
            path_of = filled(path, other["id"].as_str().unwrap());
        }
        ("post", "/clients/reassignments" | "/clients/reassignments/preview") => {
            let given: Value = client("theirs").with("owner", "Somebody").into();
            essor.ask(owner, Method::POST, "/clients", Some(&given)).await.good();
            body = json!({"from": "Somebody", "receivers": [colleague().await]});
        }
        ("delete", "/clients/{id}/pulse/{pulseId}") => {
            let given = json!({"value": 3});
            let given = essor.ask(owner, Method::POST, &format!("/clients/{id}/pulse"), Some(&given)).await.good();
            path_of = format!("/clients/{id}/pulse/{}", given["id"].as_str().unwrap());
        }
        (_, "/clients/{id}/signals/{signalId}") => {
            let list = format!("/clients/{id}/signals");
            let made = essor.ask(owner, Method::POST, &list, Some(&body)).await.good();
            path_of = format!("{list}/{}", made["id"].as_str().unwrap());
            body["data"]["subject"] = "Steering committee".into();
        }
        ("post", "/clients/{id}/restore") => {
            assert_eq!(essor.ask(owner, Method::DELETE, &format!("/clients/{id}"), None).await.status, 204);
        }
        ("post", "/clients/{id}/merge") => {
            let other = essor.ask(owner, Method::POST, "/clients", Some(&client("twin").into())).await.good();
            body = json!({"with": other["items"][0]["id"]});
        }
        (_, "/clients/{id}/contacts/{contactId}/erase") => {
            let list = format!("/clients/{id}/contacts");
            let made = essor.ask(owner, Method::POST, &list, Some(&json!({"name": "Bob"}))).await.good();
            path_of = format!("{list}/{}/erase", made["id"].as_str().unwrap());
        }
        (_, "/clients/{id}/files") => path_of += "?name=f.txt",
        (_, "/clients/{id}/files/{fileId}" | "/clients/{id}/files/{fileId}/restore") => {
            let list = format!("/clients/{id}/files");
            let made = essor.ask(owner, Method::POST, &format!("{list}?name=f.txt"), Some(&json!({}))).await.good();
            path_of = format!("{list}/{}", made["id"].as_str().unwrap());
            if path.ends_with("restore") {
                assert_eq!(essor.ask(owner, Method::DELETE, &path_of, None).await.status, 204);
                path_of += "/restore";
            }
        }
        (_, "/clients/{id}/notes/{noteId}" | "/clients/{id}/notes/{noteId}/restore")
        | (_, "/clients/{id}/contacts/{contactId}" | "/clients/{id}/contacts/{contactId}/restore") => {
            let list = path_of.split('/').take(4).collect::<Vec<_>>().join("/");
            let new = if list.ends_with("notes") { json!({"body": "n"}) } else { json!({"name": "Bob"}) };
            let made = essor.ask(owner, Method::POST, &list, Some(&new)).await.good();
            path_of = format!("{list}/{}", made["id"].as_str().unwrap());
            if path.ends_with("restore") {
                assert_eq!(essor.ask(owner, Method::DELETE, &path_of, None).await.status, 204);
                path_of += "/restore";
            }
        }
        ("post", "/surveys/{id}/send" | "/surveys/{id}/ask") => {
            let list = format!("/clients/{}/contacts", known[0].1);
            let made = essor.ask(owner, Method::POST, &list, Some(&json!({"name": "Ada"}))).await.good();
            if path.ends_with("ask") {
                body = json!({"contactId": made["id"]});
            }
        }
        (_, path) if path.starts_with("/clients/{id}/journey") || path.starts_with("/shared/") => {
            path_of = on_a_journey(essor, owner, path, &known).await;
            if path.starts_with("/shared/") {
                who = Who::Nobody;
            }
        }
        ("post", "/growth/objectives/{id}/restore" | "/tasks/{id}/restore") => {
            let deleted = path_of.trim_end_matches("/restore");
            assert_eq!(essor.ask(owner, Method::DELETE, deleted, None).await.status, 204);
        }
        ("patch", "/workspace") => body = json!({"weekStart": "sunday"}),
        ("delete", "/workspace") => {
            elsewhere().await;
            body = json!({"name": named});
        }
        ("put", "/workspace/rates") => {
            body = json!({"rates": [{"currency": "USD", "from": "2026-01-01", "rate": 0.9}]});
        }
        ("post", "/workspaces") => body["name"] = format!("{named} three").into(),
        ("patch", "/tasks/{id}") => body = json!({"done": true}),
        ("put", "/journey/templates/{id}") => body["template"]["stalledAfterDays"] = 20.into(),
        ("put", "/growth/objectives/{id}") => body["target"] = 1_200.into(),
        ("put", "/growth/spend") => body = json!({"months": [{"month": "2026-05", "amountCents": 1_000}]}),
        ("put", "/notifications/preferences") => body = json!({"kinds": [{"kind": "health_fell", "inApp": false}]}),
        ("post", "/subscriptions") => body = subscription("s2", "theirs", "2026-01-01", 2_000).into(),
        ("post", "/signals") => body = signal("ticket", "t2", "theirs", "2026-06-01T10:00:00Z", json!({})).into(),
        _ => {}
    }
    (who, path_of, body)
}

/// The path of a request about a client's journey that succeeds: the journey is under way on a short template, and what
/// the path names is there.
async fn on_a_journey(essor: &Essor, owner: &Who, path: &str, known: &[(&str, String)]) -> String {
    let of = |prefix: &str| known.iter().find(|(name, _)| *name == prefix).map(|(_, id)| id.clone()).unwrap();
    let client = of("/clients/{id}");
    let at = format!("/clients/{client}/journey");
    let post = async |path: &str, body: Value| essor.ask(owner, Method::POST, path, Some(&body)).await.good();
    if path == "/clients/{id}/journey" {
        return at;
    }
    let long = path.ends_with("/move");
    let template = if long { Value::Null } else { json!(of("/journey/templates/{id}")) };
    post(&at, json!({"templateId": template, "stage": "onboarding"})).await;
    let made = async |list: &str| {
        let new = body(&format!("/clients/{{id}}/journey/{list}"));
        let made = post(&format!("{at}/{list}"), new).await;
        made["id"].as_str().or(made["share"]["id"].as_str()).unwrap().to_owned()
    };
    match path {
        "/clients/{id}/journey/advance" => {
            let tick = json!({"met": true});
            essor.ask(owner, Method::PUT, &format!("{at}/criteria/signed_off"), Some(&tick)).await.good();
        }
        "/clients/{id}/journey/criteria/{key}" => return format!("{at}/criteria/signed_off"),
        "/clients/{id}/journey/milestones/{milestoneId}" => {
            return format!("{at}/milestones/{}", made("milestones").await);
        }
        "/clients/{id}/journey/notes/{noteId}" => return format!("{at}/notes/{}", made("notes").await),
        "/clients/{id}/journey/shares/{shareId}" => return format!("{at}/shares/{}", made("shares").await),
        "/shared/journey/{token}/actions/{key}" => {
            let made = post(&format!("{at}/shares"), json!({"stages": ["onboarding"]})).await;
            let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            return format!("/shared/journey/{token}/actions/kickoff");
        }
        _ => {}
    }
    filled(path, &client)
}

story!(each_mutation_leaves_one_entry_in_the_audit_log, |essor| async {
    let home = essor.home().workspace;
    let untouched = essor.audited(home).await;
    for (i, (name, path, least)) in MUTATING.iter().enumerate() {
        let label = format!("{name} {path}");
        let place = essor.place(&format!("Place{i}")).await;
        let (who, path_of, body) = good(essor, &place, name, path).await;
        let viewer = essor.person(place.workspace, &format!("viewer{i}@place.example"), Role::Viewer).await;
        let ask = async |who: &Who| {
            let request = essor.request(who, method(name), &path_of).header("if-match", "*");
            Answer::to(request.json(&body)).await.unwrap()
        };
        let before = essor.audited_all().await;
        // Refused, it leaves none.
        let refused = match least {
            // What a viewer may do is refused to nobody who is signed in.
            Least::Role(Role::Viewer) => ask(&Who::Nobody).await.status.as_u16(),
            Least::Role(_) => ask(&viewer).await.status.as_u16(),
            Least::Person => ask(&Who::Nobody).await.status.as_u16(),
            Least::Anybody => 401,
        };
        assert!([401, 403].contains(&refused), "{label}: {refused}");
        assert_eq!(essor.audited_all().await, before, "{label} was refused");
        let answer = ask(&who).await;
        assert!(
            answer.status.is_success(),
            "{label} has to succeed once: make it a request in `good`: {} {}",
            answer.status,
            answer.text
        );
        let left = essor.audited_all().await - before;
        // With the workspace its log is gone.
        let gone = ["/workspace", "/demo"].contains(path) && *name == "delete";
        let expected = i64::from(!DRAFTS.contains(path));
        assert!(if gone { left <= 0 } else { left == expected }, "{label} left {left} entries");
        assert_eq!(essor.audited(home).await, untouched, "{label} is another workspace's business");
    }
    let verdict = essor.get("/audit/verify").await;
    assert_eq!((&verdict["brokenSeq"], &verdict["entries"]), (&Value::Null, &json!(untouched)));
});
