//! Who changed what: what an entry says, that it cannot be changed unseen, and that it can be forgotten.

use essor_app::{Actor, audit};
use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Who, client, contact, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

async fn member_id(essor: &Essor, email: &str) -> String {
    let members = essor.get("/members").await;
    let found = members["items"].as_array().unwrap().iter().find(|m| m["email"] == email).unwrap();
    found["userId"].as_str().unwrap().to_owned()
}

async fn newest(essor: &Essor) -> Value {
    essor.get("/audit?limit=1").await["items"][0].clone()
}

story!(an_entry_says_who_what_from_where_and_what_changed, |essor| async {
    essor.person(essor.home().workspace, "bob@acme.example", Role::Member).await;
    let bob = member_id(essor, "bob@acme.example").await;
    let request = essor
        .request(&essor.home().owner, Method::PATCH, &format!("/members/{bob}"))
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .json(&json!({"role": "manager"}));
    let answer = Answer::to(request).await.unwrap();
    assert_eq!(answer.status, 204);
    let entry = newest(essor).await;
    assert_eq!(entry["operation"], "members.role");
    assert_eq!((&entry["actorKind"], &entry["actorName"]), (&json!("person"), &json!("owner@acme.example")));
    assert_eq!((&entry["objectKind"], &entry["objectId"]), (&json!("member"), &json!(bob)));
    assert_eq!(entry["objectName"], "bob@acme.example");
    assert_eq!((&entry["before"], &entry["after"]), (&json!({"role": "member"}), &json!({"role": "manager"})));
    assert_eq!((&entry["address"], &entry["origin"]), (&json!("127.0.0.1"), &json!("api")));
    assert!(entry["userAgent"].as_str().unwrap().contains("Firefox"));
    assert_eq!(entry["requestId"], answer.headers["x-request-id"].to_str().unwrap());
    assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
    // The same role again changes nothing, and is nothing.
    let seq = entry["seq"].clone();
    essor.patch(&format!("/members/{bob}"), json!({"role": "manager"})).await;
    assert_eq!(newest(essor).await["seq"], seq);

    // Of one client what changed; of many how many and the first ids; of a token its name; never a secret.
    essor.post("/clients", client("acme").with("segment", "SMB")).await;
    essor.post("/clients", client("acme").with("segment", "Enterprise")).await;
    let entry = newest(essor).await;
    assert_eq!((&entry["operation"], &entry["objectName"]), (&json!("clients.upsert"), &json!("Client acme")));
    assert_eq!((&entry["before"], &entry["after"]), (&json!({"segment": "SMB"}), &json!({"segment": "Enterprise"})));
    let many: Value = (0..50).map(|n| Value::from(client(&format!("c{n}")))).collect();
    essor.post("/clients", many).await;
    let entry = newest(essor).await;
    assert_eq!((&entry["after"]["created"], &entry["after"]["updated"]), (&json!(50), &json!(0)));
    assert_eq!(entry["after"]["ids"].as_array().unwrap().len(), 20);
    assert_eq!(entry["objectId"], Value::Null);
    essor.post("/contacts", contact("ada", "acme").with("email", "ada@client.example")).await;
    assert_eq!(newest(essor).await["after"]["email"], "ada@client.example");
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 1_000)).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 3_000)).await;
    let entry = newest(essor).await;
    assert_eq!((&entry["before"], &entry["after"]), (&json!({"amountCents": 1_000}), &json!({"amountCents": 3_000})));
    let token = essor.post("/tokens", json!({"kind": "api", "name": "sync", "scopes": ["read", "write"]})).await;
    let secret = token["secret"].as_str().unwrap().to_owned();
    let sync = Who::Token(secret.clone());
    essor.ask(&sync, Method::POST, "/clients", Some(&client("by token").into())).await.good();
    let entry = newest(essor).await;
    assert_eq!((&entry["actorKind"], &entry["actorName"]), (&json!("token"), &json!("sync")));
    essor.put("/session/password", json!({"newPassword": "an orange bicycle by the sea"})).await;
    let all = essor.get("/audit?limit=200").await.to_string();
    assert!(!all.contains(&secret) && !all.contains("orange bicycle"), "no secret is kept");

    // Usage is counted elsewhere, and a request done once is told once.
    let before = essor.audited(essor.home().workspace).await;
    essor.usage([track("m1", "ada", "Read").of("acme")]).await;
    for _ in 0..2 {
        let request = essor.request(&essor.home().owner, Method::POST, "/clients").header("idempotency-key", "k");
        assert_eq!(Answer::to(request.json(&Value::from(client("once")))).await.unwrap().status, 200);
    }
    assert_eq!(essor.audited(essor.home().workspace).await, before + 1);
});

story!(the_log_is_filtered_paged_and_exported, |essor| async {
    for n in 0..5 {
        essor.post("/clients", client(&format!("c{n}"))).await;
    }
    essor.set_clock("2026-06-18T12:00:00Z");
    essor.post("/tokens", json!({"kind": "api", "name": "=cmd(\"x\")", "scopes": ["read"]})).await;
    let list = async |query: &str| essor.get(&format!("/audit?{query}")).await["items"].as_array().unwrap().clone();
    let clients = list("operation=clients.").await;
    assert_eq!(clients.len(), 5);
    assert!(clients.iter().all(|entry| entry["operation"] == "clients.upsert"));
    assert_eq!(list("operation=client").await.len(), 5, "a prefix");
    assert_eq!(list("operation=lients").await.len(), 0);
    let one = clients[2]["objectId"].as_str().unwrap();
    assert_eq!(list(&format!("object={one}")).await.len(), 1);
    let owner = clients[0]["actorId"].as_str().unwrap();
    assert!(list(&format!("person={owner}&limit=200")).await.iter().all(|entry| entry["actorId"] == owner));
    assert_eq!(list("from=2026-06-18").await.len(), 1);
    assert_eq!(list("to=2026-06-17&operation=tokens.create").await.len(), 1, "the key of the place");
    assert_eq!(list("from=2026-06-19").await.len(), 0);
    let refused = essor.ask(&essor.home().owner, Method::GET, "/audit?from=2026-06-19&to=2026-06-18", None).await;
    assert_eq!(refused.refused(422, "growth_range_invalid")["field"], "to");

    // Pages meet without a gap, while entries are added.
    let total = essor.get("/audit").await["entries"].as_i64().unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = essor.get(&format!("/audit?limit=3&cursor={cursor}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()));
        essor.post("/clients", client(&format!("late{}", seen.len()))).await;
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen, (1..=total).rev().collect::<Vec<_>>());

    let file = essor.ask(&essor.home().owner, Method::GET, "/audit/export?operation=tokens.", None).await;
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let lines: Vec<&str> = file.text.trim_end().split("\r\n").collect();
    assert!(lines[0].starts_with("seq,at,actor_kind,actor,"));
    assert_eq!(lines.len(), 3, "{}", file.text);
    assert!(lines[1].contains("\"'=cmd(\"\"x\"\")\""), "a formula is defused: {}", lines[1]);

    // Another workspace has a log of its own; a manager reads none.
    let other = essor.place("Other").await;
    let theirs = essor.ask(&other.owner, Method::GET, "/audit?limit=200", None).await.good();
    assert!(!theirs.to_string().contains("clients.upsert"));
    let one = essor.ask(&other.owner, Method::GET, &format!("/audit?object={one}"), None).await.good();
    assert_eq!(one["items"], json!([]));
    let manager = essor.person(essor.home().workspace, "manager@acme.example", Role::Manager).await;
    for path in ["/audit", "/audit/verify", "/audit/export"] {
        let params = essor.ask(&manager, Method::GET, path, None).await.refused(403, "forbidden");
        assert_eq!(params["needs"], "admin");
    }
});

story!(a_change_of_the_log_is_found, |essor| async {
    for n in 0..4 {
        essor.post("/clients", client(&format!("c{n}"))).await;
    }
    let count = essor.audited(essor.home().workspace).await;
    let broken = async || {
        let verdict = essor.get("/audit/verify?full=true").await;
        (verdict["brokenSeq"].as_i64(), verdict["brokenReason"].as_str().unwrap_or_default().to_owned())
    };
    let verdict = essor.get("/audit/verify").await;
    assert_eq!(verdict["verifiedSeq"], count);
    assert_eq!(verdict["verifiedUntil"], newest(essor).await["at"]);
    let whole = (None, String::new());
    assert_eq!(broken().await, whole);
    let last = count - 1;
    // Each row is changed and put back as it was.
    let (entry, payload) = ("UPDATE audit_entries SET", "UPDATE audit_payloads SET");
    let at = format!("WHERE seq = {last}");
    for (there, back, reason) in [
        (
            format!("{entry} operation = 'clients.delete' {at}"),
            format!("{entry} operation = 'clients.upsert' {at}"),
            "hash",
        ),
        (format!("{entry} actor_kind = 'token' {at}"), format!("{entry} actor_kind = 'person' {at}"), "hash"),
        (
            format!("{payload} body = replace(body, 'Client', 'Klient') {at}"),
            format!("{payload} body = replace(body, 'Klient', 'Client') {at}"),
            "payload",
        ),
    ] {
        essor.meddle(&there).await;
        assert_eq!(broken().await, (Some(last), reason.to_owned()), "{there}");
        essor.meddle(&back).await;
        assert_eq!(broken().await, whole, "{back}");
    }
    // A tail that is cut off, with what was written after it.
    essor
        .meddle(&format!(
            "DELETE FROM audit_payloads WHERE seq = {count}; DELETE FROM audit_entries WHERE seq = {count}"
        ))
        .await;
    assert_eq!(broken().await, (Some(count), "missing".to_owned()));
    essor.meddle(&format!("UPDATE audit_heads SET seq = {last}")).await;
    assert_eq!(broken().await, (Some(last), "end".to_owned()), "its hash is not the head's");
    // The same at the command line.
    let verdict = audit::verify(&essor.app, &Actor::cli(essor.home().workspace), true).await.unwrap();
    assert_eq!(verdict.broken_seq, Some(last));
});

story!(a_person_is_erased_and_the_chain_stays_whole, |essor| async {
    let bob = essor.person(essor.home().workspace, "bob@acme.example", Role::Member).await;
    essor.ask(&bob, Method::POST, "/clients", Some(&client("by bob").into())).await.good();
    let about = member_id(essor, "bob@acme.example").await;
    essor.patch(&format!("/members/{about}"), json!({"role": "manager"})).await;
    essor.post("/clients", client("by the owner")).await;
    essor.get("/audit/verify").await;
    let machine = Actor::cli(essor.home().workspace);
    let erased = audit::erase(&essor.app, &machine, "Bob@acme.example").await.unwrap();
    assert!(erased >= 4, "made, signed in, wrote, was changed: {erased}");
    assert_eq!(
        audit::erase(&essor.app, &machine, "nobody@acme.example").await.unwrap_err().code().as_str(),
        "not_found"
    );
    let log = essor.get("/audit?limit=200").await;
    assert!(!log.to_string().contains("bob@"), "{log}");
    assert!(log.to_string().contains("by the owner"), "what is not about him stays");
    let his: Vec<&Value> = log["items"].as_array().unwrap().iter().filter(|e| !e["erasedAt"].is_null()).collect();
    assert_eq!(his.len() as u64, erased);
    assert!(his.iter().any(|e| e["operation"] == "members.role" && e["objectId"] == about.as_str()));
    let verdict = essor.get("/audit/verify?full=true").await;
    assert_eq!((&verdict["brokenSeq"], &verdict["erased"]), (&Value::Null, &json!(erased)));
    assert_eq!(newest(essor).await["operation"], "audit.erase");
    assert_eq!(newest(essor).await["origin"], "cli");
    // A person does not erase from the log; a machine's administrator does.
    let owner =
        Actor { kind: essor_app::ActorKind::Member { user_id: about.parse().unwrap(), role: Role::Owner }, ..machine };
    assert_eq!(audit::erase(&essor.app, &owner, "bob@acme.example").await.unwrap_err().code().as_str(), "forbidden");
});

story!(entries_written_at_once_stand_in_one_chain, |essor| async {
    let write = |n: usize| essor.post("/clients", client(&format!("c{n}")));
    let before = essor.audited(essor.home().workspace).await;
    tokio::join!(write(1), write(2), write(3), write(4), write(5), write(6), write(7), write(8));
    let roles = ["manager", "viewer", "admin", "member"];
    essor.person(essor.home().workspace, "bob@acme.example", Role::Owner).await;
    let bob = member_id(essor, "bob@acme.example").await;
    let path = format!("/members/{bob}");
    let [a, b, c, d] = roles.map(|role| essor.patch(&path, json!({"role": role})));
    tokio::join!(a, b, c, d);
    assert!(essor.audited(essor.home().workspace).await >= before + 8 + 4);
    assert_eq!(essor.get("/audit/verify").await["brokenSeq"], Value::Null);
});

story!(open_pages_are_told_of_members_and_of_the_log, |essor| async {
    let mut page = essor.listen(&essor.home().owner, None).await;
    essor.post("/members", json!({"email": "guest@acme.example", "role": "viewer"})).await;
    page.until("members").await;
    essor.post("/tokens", json!({"kind": "api", "name": "n", "scopes": ["read"]})).await;
    page.until("tokens").await;
    essor.post("/clients", client("c")).await;
    page.until("audit").await;
});

/// The operation, the sides and the name of the newest entry.
async fn told(essor: &Essor) -> (String, Value, Value, Value) {
    let entry = newest(essor).await;
    let operation = entry["operation"].as_str().unwrap().to_owned();
    (operation, entry["before"].clone(), entry["after"].clone(), entry["objectName"].clone())
}

story!(each_feature_says_what_was_before_and_what_is_now, |essor| async {
    // Tasks.
    let task = essor.post("/tasks", json!({"title": "Call them", "due": "2026-06-18"})).await;
    let (operation, before, after, name) = told(essor).await;
    assert_eq!((operation.as_str(), before, name), ("tasks.create", Value::Null, json!("Call them")));
    assert_eq!(
        (&after["due"], &after["priority"], &after["done"]),
        (&json!("2026-06-18"), &json!("normal"), &json!(false))
    );
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    essor.patch(&path, json!({"due": "2026-06-20", "priority": "high"})).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!(operation, "tasks.update");
    let sides = (json!({"due": "2026-06-18", "priority": "normal"}), json!({"due": "2026-06-20", "priority": "high"}));
    assert_eq!((before, after), sides);
    essor.patch(&path, json!({"done": true})).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!((operation.as_str(), before, after), ("tasks.done", json!({"done": false}), json!({"done": true})));
    let seq = newest(essor).await["seq"].clone();
    essor.patch(&path, json!({"done": true})).await;
    assert_eq!(newest(essor).await["seq"], seq, "what changes nothing is nothing");
    essor.delete(&path).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!((operation.as_str(), &before["title"], after), ("tasks.delete", &json!("Call them"), Value::Null));
    essor.try_post(&format!("{path}/restore"), json!({})).await;
    assert_eq!(told(essor).await.0, "tasks.restore");

    // Opportunities: a late invoice makes one.
    essor.post("/clients", client("acme")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 10_000)).await;
    let late = json!({"amountCents": 10_000, "dueDate": "2026-03-01"});
    essor.post("/signals", signal("payment", "i", "acme", "2026-02-01T10:00:00Z", late)).await;
    essor.settle().await;
    let found = essor.get("/opportunities").await["items"][0].clone();
    let path = format!("/opportunities/{}", found["id"].as_str().unwrap());
    let side = |fields: Value| {
        let mut out = json!({"detector": found["detector"]});
        out.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        out
    };
    let state = |state: &str| json!({"state": state});
    for (body, operation, was, is) in [
        (state("accepted"), "accept", state("open"), state("accepted")),
        (
            json!({"state": "snoozed", "until": "2026-07-01"}),
            "snooze",
            json!({"state": "accepted", "until": null}),
            json!({"state": "snoozed", "until": "2026-07-01"}),
        ),
        (
            json!({"state": "dismissed", "reason": "wrong_data", "note": "Paid in cash"}),
            "dismiss",
            json!({"state": "snoozed", "until": "2026-07-01", "reason": null, "note": null}),
            json!({"state": "dismissed", "until": null, "reason": "wrong_data", "note": "Paid in cash"}),
        ),
        (
            state("open"),
            "reopen",
            json!({"state": "dismissed", "reason": "wrong_data", "note": "Paid in cash"}),
            json!({"state": "open", "reason": null, "note": null}),
        ),
        (
            json!({"state": "won", "amountCents": 12_000, "subscription": {"externalId": "s", "amountCents": 12_000}}),
            "win",
            json!({
                "state": "open", "wonCents": null, "subscription": null, "amountCents": 10_000, "currency": null,
            }),
            json!({
                "state": "won", "wonCents": 12_000, "subscription": "s", "amountCents": 12_000, "currency": "EUR",
            }),
        ),
    ] {
        essor.patch(&path, body).await;
        let (told, before, after, name) = told(essor).await;
        assert_eq!((told, name), (format!("opportunities.{operation}"), json!("Client acme")));
        assert_eq!((before, after), (side(was), side(is)), "{operation}");
    }
    essor.put("/opportunities/settings", json!({"limitEvents": ["Quota Hit"]})).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!(operation, "opportunities.settings");
    let usual = json!({"limitEvents": ["limit_reached", "Limit Reached"]});
    assert_eq!((before, after), (usual, json!({"limitEvents": ["Quota Hit"]})));

    // Objectives: the target in its unit.
    let mut objective = json!({"name": "MRR", "metric": "mrr", "target": 2_000_000, "dueDate": "2026-12-31"});
    let id = essor.post("/growth/objectives", objective.clone()).await["id"].as_str().unwrap().to_owned();
    let (operation, _, after, name) = told(essor).await;
    assert_eq!(
        (operation.as_str(), &after["targetCents"], name),
        ("objectives.create", &json!(2_000_000), json!("MRR"))
    );
    let path = format!("/growth/objectives/{id}");
    objective["target"] = 3_000_000.into();
    essor.put(&path, objective.clone()).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!(operation, "objectives.update");
    assert_eq!((before, after), (json!({"targetCents": 2_000_000}), json!({"targetCents": 3_000_000})));
    objective["name"] = "MRR of the year".into();
    essor.put(&path, objective).await;
    let (_, before, after, _) = told(essor).await;
    assert_eq!((before, after), (json!({"name": "MRR"}), json!({"name": "MRR of the year"})));
    essor.delete(&path).await;
    let (operation, before, _, _) = told(essor).await;
    assert_eq!((operation.as_str(), &before["name"]), ("objectives.delete", &json!("MRR of the year")));
    essor.try_post(&format!("{path}/restore"), json!({})).await;
    assert_eq!(told(essor).await.0, "objectives.restore");

    // Spend, month by month, and the margin.
    let months = |cents: Value| json!({"months": [{"month": "2026-05", "amountCents": cents}]});
    essor.put("/growth/spend", months(json!(90_000))).await;
    let mut next = months(json!(80_000));
    next["grossMarginPct"] = 75.into();
    essor.put("/growth/spend", next).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!(operation, "spend.set");
    assert_eq!(before, json!({"2026-05": 90_000, "grossMarginPct": null}));
    assert_eq!(after, json!({"2026-05": 80_000, "grossMarginPct": 75.0}));
    essor.put("/growth/spend", months(Value::Null)).await;
    let (_, before, after, _) = told(essor).await;
    assert_eq!((before, after), (json!({"2026-05": 80_000}), json!({"2026-05": null})));

    // A health profile, figure by figure; of a segment under its name.
    let mut profile = essor.get("/health/profiles").await["items"][0]["profile"].clone();
    profile["weights"]["usage"] = 25.into();
    profile["weights"]["pulse"] = 5.into();
    profile["curves"] = json!({"payments_late": [[0, 100], [5, 0]]});
    essor.post("/health/profiles", json!({"profile": profile, "note": "Ask people"})).await;
    let (operation, before, after, name) = told(essor).await;
    assert_eq!((operation.as_str(), name), ("health_profiles.save", Value::Null));
    let was =
        json!({"weights.usage": 30, "weights.pulse": 0, "version": 0, "note": null, "curves.payments_late": null});
    assert_eq!(before, was);
    let curve = "0 → 100, 5 → 0";
    let is = json!({
        "weights.usage": 25, "weights.pulse": 5, "version": 1, "note": "Ask people", "curves.payments_late": curve,
    });
    assert_eq!(after, is);
    essor.post("/health/profiles", json!({"segment": "PME", "profile": profile})).await;
    assert_eq!(told(essor).await.3, "PME");
    essor.post("/health/profiles", json!({"segment": "PME", "profile": null})).await;
    assert_eq!(told(essor).await.0, "health_profiles.drop");

    // What one wants to be told.
    let wish = json!({"kinds": [{"kind": "invoice_late", "inApp": false}, {"kind": "task_assigned", "inApp": true}]});
    essor.put("/notifications/preferences", wish).await;
    let (operation, before, after, _) = told(essor).await;
    assert_eq!(operation, "notifications.preferences");
    assert_eq!((before, after), (json!({"invoice_late": true}), json!({"invoice_late": false})));
    assert_eq!(essor.get("/audit/verify?full=true").await["brokenSeq"], Value::Null);
});
