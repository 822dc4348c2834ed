//! Sessions that one sees and ends, workspaces that come and go, invitations to the end.

use chrono::Duration;
use essor_app::identity;
use essor_domain::identity::Role;
use essor_store::identity::workspaces;
use essor_testkit::{Answer, Essor, Who, client, contact, group, identify, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

async fn sign_in(essor: &Essor, email: &str, agent: &str) -> Who {
    let link = identity::sign_in_link(&essor.app, email).await.unwrap();
    let path = format!("/links/{}", link.rsplit('/').next().unwrap());
    let request = essor.request(&Who::Nobody, Method::POST, &path).header("user-agent", agent).json(&json!({}));
    Answer::to(request).await.unwrap().session()
}

async fn sessions(essor: &Essor, who: &Who) -> Vec<Value> {
    essor.ask(who, Method::GET, "/sessions", None).await.good()["items"].as_array().unwrap().clone()
}

async fn id_of(essor: &Essor, who: &Who) -> String {
    let session = essor.ask(who, Method::GET, "/session", None).await.good();
    session["user"]["id"].as_str().unwrap().to_owned()
}

story!(sessions_are_seen_and_ended, |essor| async {
    let email = "owner@acme.example";
    let desk = sign_in(essor, email, FIREFOX).await;
    essor.clock.set(essor.app.clock.now() + Duration::minutes(5));
    let phone = sign_in(essor, email, PHONE).await;
    let list = sessions(essor, &phone).await;
    assert_eq!(list.len(), 3, "the first one too");
    let named = |browser: &str| list.iter().find(|s| s["browser"] == browser).unwrap();
    let (on_phone, on_desk) = (named("Safari"), named("Firefox"));
    assert_eq!(
        (&on_phone["system"], &on_phone["device"], &on_phone["current"]),
        (&json!("iOS"), &json!("phone"), &json!(true))
    );
    assert_eq!((&on_desk["system"], &on_desk["current"]), (&json!("Windows"), &json!(false)));
    assert_eq!((&on_desk["address"], &on_desk["workspaceName"]), (&json!("127.0.0.1"), &json!("Acme")));
    assert_eq!(list[0]["id"], on_phone["id"], "the last used first");
    let Who::Session(token) = &desk else { unreachable!() };
    assert!(!json!(list).to_string().contains(token.as_str()), "no token is shown");

    // One's own, by id; somebody else's names nothing.
    let path = format!("/sessions/{}", on_desk["id"].as_str().unwrap());
    let stranger = essor.place("Other").await.owner;
    essor.ask(&stranger, Method::DELETE, &path, None).await.refused(404, "not_found");
    let member = essor.person(essor.home().workspace, "member@acme.example", Role::Member).await;
    essor.ask(&member, Method::DELETE, &path, None).await.refused(404, "not_found");
    assert_eq!(essor.ask(&phone, Method::DELETE, &path, None).await.status, 204);
    essor.ask(&desk, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");
    essor.ask(&phone, Method::DELETE, &path, None).await.refused(404, "not_found");
    // All the others at once; the one that asks stays.
    assert_eq!(essor.ask(&phone, Method::DELETE, "/sessions", None).await.good()["ended"], 1);
    assert_eq!(sessions(essor, &phone).await.len(), 1);
    essor.ask(&essor.home().owner, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");

    // An administrator sees and ends those of members in this workspace, not of who stands above.
    let admin = essor.person(essor.home().workspace, "admin@acme.example", Role::Admin).await;
    let of = |id: &str| format!("/members/{id}/sessions");
    let (theirs, above) = (id_of(essor, &member).await, id_of(essor, &phone).await);
    let seen = essor.ask(&admin, Method::GET, &of(&theirs), None).await.good();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    essor.ask(&member, Method::GET, &of(&theirs), None).await.refused(403, "forbidden");
    let of_owner = sessions(essor, &phone).await[0]["id"].as_str().unwrap().to_owned();
    essor.ask(&admin, Method::DELETE, &format!("/sessions/{of_owner}"), None).await.refused(403, "forbidden");
    essor.ask(&admin, Method::DELETE, &of(&above), None).await.refused(403, "forbidden");
    let one = seen["items"][0]["id"].as_str().unwrap();
    assert_eq!(essor.ask(&admin, Method::DELETE, &format!("/sessions/{one}"), None).await.status, 204);
    essor.ask(&member, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");
    // In another workspace they are that one's business.
    let elsewhere = essor.place("Third").await;
    let both = essor.person(essor.home().workspace, "both@acme.example", Role::Viewer).await;
    let there = essor.person(elsewhere.workspace, "both@acme.example", Role::Viewer).await;
    let person = id_of(essor, &both).await;
    let seen = essor.ask(&admin, Method::GET, &of(&person), None).await.good();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(essor.ask(&admin, Method::DELETE, &of(&person), None).await.good()["ended"], 1);
    essor.ask(&there, Method::GET, "/session", None).await.good();
});

story!(a_workspace_comes_and_goes_without_a_trace, |essor| async {
    let home = essor.home();
    let admin = essor.person(home.workspace, "admin@acme.example", Role::Admin).await;
    let member = essor.person(home.workspace, "member@acme.example", Role::Member).await;
    let new = |name: &str| json!({"name": name, "currency": "CHF", "timezone": "Europe/Zurich"});
    essor.ask(&member, Method::POST, "/workspaces", Some(&new("Guest's"))).await.refused(403, "forbidden");
    essor.ask(&admin, Method::POST, "/workspaces", Some(&new(" "))).await.refused(422, "field_required");
    essor.ask(&admin, Method::POST, "/workspaces", Some(&new("Acme"))).await.refused(409, "identity_workspace_exists");
    let bad = json!({"name": "X", "currency": "EURO", "timezone": "Europe/Zurich"});
    essor.ask(&admin, Method::POST, "/workspaces", Some(&bad)).await.refused(422, "growth_currency_unknown");
    let id = essor.ask(&admin, Method::POST, "/workspaces", Some(&new("Labs"))).await.good()["id"].clone();
    let list = essor.ask(&admin, Method::GET, "/workspaces", None).await.good();
    let told: Vec<(&str, &str, i64, bool)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| {
            (
                w["name"].as_str().unwrap(),
                w["role"].as_str().unwrap(),
                w["members"].as_i64().unwrap(),
                w["current"] == true,
            )
        })
        .collect();
    assert_eq!(told, [("Acme", "admin", 3, true), ("Labs", "owner", 1, false)]);
    let labs = essor_store::Workspace(id.as_str().unwrap().parse().unwrap());

    essor.post("/clients", client("ours")).await;
    essor.post("/subscriptions", subscription("ours", "ours", "2026-01-01", 7_000)).await;
    // Something in every corner of it.
    let switch = json!({"workspaceId": id});
    assert_eq!(essor.ask(&admin, Method::PUT, "/session/workspace", Some(&switch)).await.status, 204);
    let post = async |path: &str, body: Value| essor.ask(&admin, Method::POST, path, Some(&body)).await.good();
    post("/clients", client("c").into()).await;
    post("/contacts", contact("p", "c").into()).await;
    post("/subscriptions", subscription("s", "c", "2026-01-01", 1_000).into()).await;
    post("/signals", signal("ticket", "t", "c", "2026-06-01T10:00:00Z", json!({})).into()).await;
    post("/members", json!({"email": "guest@labs.example", "role": "viewer"})).await;
    let rates = json!({"rates": [{"currency": "USD", "from": "2026-01-01", "rate": 0.9}]});
    assert_eq!(essor.ask(&admin, Method::PUT, "/workspace/rates", Some(&rates)).await.status, 204);
    let key = Who::Key(post("/tokens", json!({"kind": "write", "name": "k"})).await["secret"].as_str().unwrap().into());
    let usage = essor_testkit::batch([
        track("m1", "p", "Read").of("c"),
        track("m2", "stray", "Read"),
        track("m3", "p", "Read").of("c").at("never"),
        identify("m4", "p", json!({})),
        group("m5", "p", "c"),
    ]);
    essor.ask(&key, Method::POST, "/v1/batch", Some(&usage)).await.good();
    let request = essor.request(&admin, Method::POST, "/clients").header("idempotency-key", "k");
    assert_eq!(Answer::to(request.json(&Value::from(client("d")))).await.unwrap().status, 200);
    essor.settle().await;
    let before = workspaces::remains(&essor.app.db, labs).await.unwrap();
    assert!(before.len() >= 20, "the story fills the tables: {before:?}");
    let figures = essor.figures(&home.owner).await;

    // Owners alone, by its name, and never the last one that somebody has.
    essor.person(labs, "second@labs.example", Role::Admin).await;
    let second = sign_in(essor, "second@labs.example", FIREFOX).await;
    let delete =
        async |who: &Who, name: &str| essor.ask(who, Method::DELETE, "/workspace", Some(&json!({"name": name}))).await;
    assert_eq!(delete(&second, "Labs").await.refused(403, "forbidden")["needs"], "owner");
    let refused = delete(&admin, "labs").await.refused(422, "identity_workspace_name_mismatch");
    assert_eq!(refused["field"], "name");
    delete(&home.owner, "Acme").await.refused(409, "identity_last_workspace");
    assert_eq!(delete(&admin, "Labs").await.status, 204);
    assert_eq!(workspaces::remains(&essor.app.db, labs).await.unwrap(), []);
    // Who has another place is there now; who has none is out; the key is refused at once.
    let session = essor.ask(&admin, Method::GET, "/session", None).await.good();
    assert_eq!(session["workspace"]["name"], "Acme");
    essor.ask(&second, Method::GET, "/session", None).await.refused(401, "identity_not_signed_in");
    essor.ask(&key, Method::POST, "/v1/batch", Some(&usage)).await.refused(401, "usage_key_invalid");
    assert_eq!(essor.figures(&home.owner).await, figures, "nothing else is touched");
    essor.settle().await;
    assert_eq!(workspaces::remains(&essor.app.db, labs).await.unwrap(), [], "and nothing comes back");
});

story!(an_invitation_is_renewed_runs_out_and_is_accepted, |essor| async {
    let invite = async |email: &str, role: &str| essor.post("/members", json!({"email": email, "role": role})).await;
    let token = |made: &Value| made["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let show = async |token: &str, who: &Who| essor.ask(who, Method::GET, &format!("/links/{token}"), None).await;
    let listed = async |email: &str| {
        let list = essor.get("/members").await;
        list["invitations"].as_array().unwrap().iter().find(|i| i["email"] == email).cloned().unwrap_or_default()
    };
    let first = invite("bob@acme.example", "member").await;
    let shown = show(&token(&first), &Who::Nobody).await.good();
    assert_eq!((&shown["role"], &shown["account"]), (&json!("member"), &json!("new")));
    assert_eq!(shown["expiresAt"], first["expiresAt"]);
    let row = listed("bob@acme.example").await;
    assert_eq!((&row["state"], &row["createdBy"]), (&json!("waiting"), &json!("owner@acme.example")));

    // It runs out, and stays in the list; renewed, only the new link works.
    essor.clock.set(essor.app.clock.now() + Duration::days(8));
    show(&token(&first), &Who::Nobody).await.refused(404, "identity_link_invalid");
    identity::purge(&essor.app).await.unwrap();
    assert_eq!(listed("bob@acme.example").await["state"], "expired");
    let renew = format!("/invitations/{}/renew", first["id"].as_str().unwrap());
    let second = essor.post(&renew, json!({})).await;
    let third = essor.post(&renew, json!({})).await;
    assert_eq!(third["id"], first["id"]);
    show(&token(&second), &Who::Nobody).await.refused(404, "identity_link_invalid");
    show(&token(&third), &Who::Nobody).await.good();
    assert_eq!(listed("bob@acme.example").await["state"], "waiting");
    let admin = essor.person(essor.home().workspace, "admin@acme.example", Role::Admin).await;
    let above = invite("top@acme.example", "owner").await;
    let path = format!("/invitations/{}/renew", above["id"].as_str().unwrap());
    essor.ask(&admin, Method::POST, &path, None).await.refused(403, "forbidden");

    // Accepted, it can neither be renewed nor withdrawn, and leaves the list after a month.
    let answer = json!({"name": "Bob", "password": "an orange bicycle by the sea"});
    let path = format!("/links/{}", token(&third));
    let bob = essor.ask(&Who::Nobody, Method::POST, &path, Some(&answer)).await.session();
    assert_eq!(listed("bob@acme.example").await["state"], "accepted");
    essor.try_post(&renew, json!({})).await.refused(409, "identity_invitation_accepted");
    let withdraw = format!("/invitations/{}", first["id"].as_str().unwrap());
    essor.delete(&withdraw).await.refused(409, "identity_invitation_accepted");

    // Somebody who is here already: with their password, signed in with none, without one by a link first.
    let other = essor.place("Other").await;
    let there = async |email: &str| {
        let form = json!({"email": email, "role": "viewer"});
        essor.ask(&other.owner, Method::POST, "/members", Some(&form)).await.good()
    };
    let made = there("bob@acme.example").await;
    assert_eq!(show(&token(&made), &Who::Nobody).await.good()["account"], "password");
    assert_eq!(show(&token(&made), &bob).await.good()["account"], "signed_in");
    assert_eq!(show(&token(&made), &admin).await.good()["account"], "password", "somebody else is signed in");
    assert_eq!(show(&token(&there("admin@acme.example").await), &Who::Nobody).await.good()["account"], "link");
    let joined = essor.ask(&bob, Method::POST, &format!("/links/{}", token(&made)), Some(&json!({}))).await.session();
    let session = essor.ask(&joined, Method::GET, "/session", None).await.good();
    assert_eq!((&session["workspace"]["name"], &session["user"]["name"]), (&json!("Other"), &json!("Bob")));
    essor.clock.set(essor.app.clock.now() + Duration::days(29));
    identity::purge(&essor.app).await.unwrap();
    let owner = sign_in(essor, "owner@acme.example", FIREFOX).await;
    let list = essor.ask(&owner, Method::GET, "/members", None).await.good();
    assert!(list["invitations"].to_string().contains("bob@"), "shown for a month");
    essor.clock.set(essor.app.clock.now() + Duration::days(2));
    let list = essor.ask(&owner, Method::GET, "/members", None).await.good();
    assert!(!list["invitations"].to_string().contains("bob@"));
});

story!(the_table_of_roles_is_the_one_in_force, |essor| async {
    let table = essor.get("/roles").await;
    assert_eq!(table["roles"], json!(["viewer", "member", "manager", "admin", "owner"]));
    let actions = table["actions"].as_array().unwrap();
    assert_eq!(actions.len(), essor_domain::identity::Action::ALL.len());
    let of = |name: &str| actions.iter().find(|a| a["action"] == name).unwrap();
    assert_eq!(of("write_clients")["leastRole"], "member");
    assert_eq!(of("delete_workspace")["roles"], json!(["owner"]));
    assert_eq!((&of("read_audit")["reads"], &of("read_audit")["tokens"]), (&json!(true), &json!(false)));
});
