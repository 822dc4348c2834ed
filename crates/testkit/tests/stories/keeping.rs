//! Duplicates become one client and lose nothing; what is thrown away comes back; what is erased does not.

use essor_domain::identity::Role;
use essor_testkit::{
    Answer, Essor, Who, client, contact, group, identify, keep_log, kept_log, signal, story, subscription, track,
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

async fn post(essor: &Essor, path: &str, body: Value) -> Answer {
    essor.ask(&essor.home().owner, Method::POST, path, Some(&body)).await
}

async fn upload(essor: &Essor, id: &str, name: &str, content: &'static [u8]) -> Answer {
    let request = essor.request(&essor.home().owner, Method::POST, &format!("/clients/{id}/files"));
    Answer::to(request.query(&[("name", name)]).body(content)).await.unwrap()
}

/// What nobody may lose in a merge: totals of money by month, and how many facts there are.
async fn facts(essor: &Essor) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    let history = essor.get("/growth/history?months=24").await;
    let mrr: Vec<&Value> = history["points"].as_array().unwrap().iter().map(|point| &point["mrrCents"]).collect();
    assert_eq!(mrr.len(), 25, "{history}");
    out.insert("mrr by month".into(), json!(mrr));
    let (raw, counted) = essor.reconcile(essor.home().workspace).await;
    assert_eq!(raw, counted, "raw events and counts agree");
    out.insert("uses".into(), json!(raw));
    let (mut rows, mut now) = (BTreeMap::<&str, usize>::new(), 0);
    for client in essor.all_clients(&essor.home().owner, "sort=name").await {
        now += client["mrrCents"].as_i64().unwrap();
        let path = format!("/clients/{}", text(&client["id"]));
        for part in ["subscriptions", "contacts", "files"] {
            let found = essor.get(&format!("{path}/{part}")).await;
            *rows.entry(part).or_default() += found["items"].as_array().unwrap().len();
        }
        let stream = essor.get(&format!("{path}/timeline?limit=200&kinds=ticket,survey,note,task,file")).await;
        *rows.entry("entries").or_default() += stream["items"].as_array().unwrap().len();
    }
    out.insert("mrr today".into(), json!(now));
    out.insert("rows".into(), json!(rows));
    out
}

/// Two clients that are one, with something in every place.
async fn twins(essor: &Essor) -> (String, String) {
    essor.post("/clients/fields", json!({"key": "contract", "label": "Contract", "kind": "text"})).await;
    essor.post("/clients/fields", json!({"key": "floor", "label": "Floor", "kind": "number"})).await;
    for (id, name, segment, seats) in [("a", "Acme SAS", Some("SMB"), None), ("b", "ACME", None, Some(7))] {
        let new = client(id).with("name", name).with("traits", json!({"from": id, id: 1}));
        let new = segment.map_or(new.clone(), |segment| new.clone().with("segment", segment));
        let new = seats.map_or(new.clone(), |seats| new.with("seats", seats));
        essor.post("/clients", new).await;
    }
    essor.post("/clients", client("a").with("name", "Acme SAS").with("fields", json!({"contract": "A-1"}))).await;
    essor
        .post("/clients", client("b").with("name", "ACME").with("fields", json!({"contract": "B-1", "floor": 3})))
        .await;
    essor.post("/subscriptions", subscription("s1", "a", "2026-01-01", 10_000)).await;
    essor.post("/subscriptions", subscription("s2", "b", "2026-03-15", 2_345).with("product", "Extra")).await;
    essor.post("/subscriptions", subscription("s3", "b", "2025-11-01", 700).with("endDate", "2026-02-01")).await;
    let (a, b) = (essor.client_id("a").await, essor.client_id("b").await);
    for (id, of) in [("a", &a), ("b", &b)] {
        essor.post("/contacts", contact(&format!("p-{id}"), id).with("name", format!("Person {id}"))).await;
        let ticket = signal("ticket", &format!("t-{id}"), id, "2026-06-01T10:00:00Z", json!({"subject": "Help"}));
        essor.post("/signals", ticket.with("contactExternalId", format!("p-{id}"))).await;
        essor.post(&format!("/clients/{of}/notes"), json!({"body": format!("About {id}")})).await;
        essor.post("/tasks", json!({"title": format!("Call {id}"), "clientId": of})).await;
        upload(essor, of, &format!("{id}.txt"), b"content").await.good();
    }
    essor
        .usage([
            track("m1", "ada", "Read").of("a").at("2026-06-16T09:00:00Z"),
            track("m2", "ada", "Read").of("b").at("2026-06-16T10:00:00Z"),
            track("m3", "bob", "Read").of("b").at("2026-06-16T10:00:00Z"),
            track("m4", "ada", "Read").of("b").at("2026-06-17T10:00:00Z"),
        ])
        .await;
    essor.settle().await;
    (a, b)
}

story!(merged_clients_keep_every_fact, |essor| async {
    let (a, b) = twins(essor).await;
    let likely = essor.get(&format!("/clients/{a}/duplicates")).await;
    assert_eq!((&likely["items"][0]["id"], &likely["items"][0]["like"]), (&json!(b), &json!("name")));
    let before = facts(essor).await;
    let compared = essor.get(&format!("/clients/{a}/merge/{b}")).await;
    assert_eq!(compared["obstacle"], Value::Null);
    assert_eq!(compared["other"]["counts"]["clients_subscriptions"], 2);
    assert_eq!(compared["other"]["fields"], json!({"contract": "B-1", "floor": 3}));

    // Who may not, and what cannot be: nothing of it is half done.
    let member = essor.person(essor.home().workspace, "m@acme.example", Role::Member).await;
    let form = json!({"with": b, "take": ["seats"]});
    let path = format!("/clients/{a}/merge");
    essor.ask(&member, Method::POST, &path, Some(&form)).await.refused(403, "forbidden");
    post(essor, &path, json!({"with": a})).await.refused(409, "clients_merge_self");
    let params = post(essor, &path, json!({"with": b, "take": ["colour"]})).await.refused(422, "field_type");
    assert_eq!((&params["field"], &params["value"]), (&json!("take"), &json!("colour")));
    post(essor, &path, json!({"with": uuid::Uuid::nil()})).await.refused(404, "not_found");
    let other = essor.place("Other").await;
    let theirs = essor.ask(&other.owner, Method::POST, "/clients", Some(&client("x").into())).await.good();
    post(essor, &path, json!({"with": theirs["items"][0]["id"]})).await.refused(404, "not_found");
    essor.post("/clients", client("b").with("name", "ACME").with("parentExternalId", "a")).await;
    post(essor, &path, form.clone()).await.refused(409, "clients_merge_family");
    let down = json!({"with": a});
    post(essor, &format!("/clients/{b}/merge"), down).await.refused(409, "clients_merge_family");
    essor.post("/clients", client("b").with("name", "ACME").with("parentExternalId", "")).await;
    essor.post("/clients", client("child").with("parentExternalId", "b")).await;
    essor.post("/clients", client("old").with("archived", true)).await;
    let old = essor.client_id("old").await;
    post(essor, &path, json!({"with": old})).await.refused(409, "clients_merge_gone");
    assert_eq!(facts(essor).await, before);

    assert_eq!(post(essor, &path, json!({"with": b, "take": ["field.contract"]})).await.status, 204);
    essor.settle().await;
    assert_eq!(facts(essor).await, before);
    let now = essor.get(&format!("/clients/{a}")).await;
    assert_eq!((&now["editable"]["name"], &now["editable"]["seats"]), (&json!("Acme SAS"), &json!(7)));
    assert_eq!((&now["editable"]["segment"], &now["mrrCents"]), (&json!("SMB"), &json!(12_345)));
    assert_eq!(now["traits"], json!({"from": "a", "a": 1, "b": 1}));
    assert_eq!(now["children"][0]["name"], "Client child");
    // Ada was seen at both on one day: she is one person, and it is one day.
    let usage = essor.get(&format!("/clients/{a}/usage?days=30")).await;
    let day = usage["days"].as_array().unwrap().iter().find(|day| day["day"] == "2026-06-16").unwrap();
    assert_eq!((&day["users"], &day["count"]), (&json!(2), &json!(3)), "{usage}");
    let own = essor.get(&format!("/clients/{a}/merge/{b}")).await;
    assert_eq!(own["keep"]["fields"], json!({"contract": "B-1", "floor": 3}));
    assert_eq!(own["obstacle"], "clients_merge_gone");

    // The other is in no list; its page says where it went, and its id leads to the survivor.
    let gone = essor.get(&format!("/clients/{b}")).await;
    assert_eq!((&gone["status"], &gone["mergedInto"], &gone["mrrCents"]), (&json!("deleted"), &json!(a), &json!(0)));
    assert!(essor.all_clients(&essor.home().owner, "sort=name").await.iter().all(|c| c["id"] != json!(b)));
    post(essor, &format!("/clients/{b}/restore"), json!({})).await.refused(409, "clients_gone");
    essor.post("/clients", client("b").with("name", "Another").with("segment", "Mid").with("country", "FR")).await;
    essor.post("/contacts", contact("p-c", "b")).await;
    essor.post("/subscriptions", subscription("s2", "b", "2026-03-15", 2_345).with("product", "Extra")).await;
    essor.usage([track("m5", "carl", "Read").of("b"), track("m6", "ada", "Read")]).await;
    essor.settle().await;
    let now = essor.get(&format!("/clients/{a}")).await;
    assert_eq!((&now["editable"]["name"], &now["editable"]["country"]), (&json!("Acme SAS"), &json!("FR")));
    assert_eq!((&now["editable"]["segment"], &now["mrrCents"]), (&json!("SMB"), &json!(12_345)));
    let people = essor.get(&format!("/clients/{a}/contacts")).await;
    let ids: Vec<String> = people["items"].as_array().unwrap().iter().map(|p| text(&p["externalId"])).collect();
    for id in ["p-a", "p-b", "p-c", "ada", "bob", "carl"] {
        assert!(ids.contains(&id.to_owned()), "{id} is not in {ids:?}");
    }
    let log = essor.get("/audit?operation=clients.merge").await;
    let entry = &log["items"][0];
    assert_eq!(entry["before"]["merged"]["externalId"], "b");
    assert_eq!(entry["before"]["mrrCents"], json!([10_000, 2_345]));
});

story!(any_merges_leave_the_sums_as_they_are, |essor| async {
    // A generator of its own: the same on every run.
    let mut seed: u64 = 7;
    let mut draw = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    for i in 0..8 {
        essor.post("/clients", client(&format!("c{i}"))).await;
        essor.post("/contacts", contact(&format!("p{i}"), &format!("c{i}"))).await;
    }
    for i in 0..24 {
        let start = format!("2025-{:02}-{:02}", draw(12) + 1, draw(28) + 1);
        let mut new = subscription(&format!("s{i}"), &format!("c{}", draw(8)), &start, draw(90_000) as i64 + 1);
        new = new.with("product", ["Suite", "Extra"][draw(2) as usize]);
        if draw(3) == 0 {
            new = new.with("endDate", format!("2026-{:02}-{:02}", draw(6) + 1, draw(28) + 1));
        }
        essor.post("/subscriptions", new).await;
        let of = format!("c{}", draw(8));
        let at = format!("2026-{:02}-{:02}T10:00:00Z", draw(5) + 1, draw(28) + 1);
        essor.post("/signals", signal("ticket", &format!("t{i}"), &of, &at, json!({}))).await;
        let (user, day) = (draw(5), draw(17) + 1);
        let used = track(&format!("m{i}"), &format!("u{user}"), ["Read", "Wrote"][draw(2) as usize]).of(&of);
        essor.usage([used.at(&format!("2026-06-{day:02}T08:00:00Z"))]).await;
    }
    essor.settle().await;
    let before = facts(essor).await;
    let mut left: Vec<u64> = (0..8).collect();
    for _ in 0..6 {
        let from = left.remove(draw(left.len() as u64) as usize);
        let into = left[draw(left.len() as u64) as usize];
        let (into, from) = (essor.client_id(&format!("c{into}")).await, essor.client_id(&format!("c{from}")).await);
        assert_eq!(post(essor, &format!("/clients/{into}/merge"), json!({"with": from})).await.status, 204);
        assert_eq!(facts(essor).await, before);
    }
    // An alias of an alias leads to the last survivor.
    for i in 0..8 {
        let id = essor.client_id(&format!("c{i}")).await;
        assert_eq!(essor.get(&format!("/clients/{id}")).await["mergedInto"], Value::Null, "c{i}");
    }
});

story!(the_trash_gives_everything_back, |essor| async {
    let (a, b) = twins(essor).await;
    essor.post("/clients", client("archived").with("archived", true)).await;
    let figures = async || (facts(essor).await, essor.get("/growth/summary").await, essor.get("/clients/facets").await);
    let before = figures().await;
    assert_eq!(essor.delete(&format!("/clients/{b}")).await.status, 204);
    essor.delete(&format!("/clients/{b}")).await.refused(409, "clients_gone");
    essor.settle().await;
    let during = figures().await;
    assert_eq!(during.0["mrr today"], 10_000);
    for query in ["", "?status=all", "?status=archived", "?status=deleted", "?tab=archived", "?tab=all", "?q=ACME"] {
        let listed = essor.get(&format!("/clients{query}")).await;
        assert!(listed["items"].as_array().unwrap().iter().all(|c| c["id"] != json!(b)), "{query}");
    }
    let trash = essor.get("/clients/trash").await;
    assert_eq!((&trash["items"][0]["id"], &trash["items"][1]), (&json!(b), &Value::Null));
    assert!(text(&trash["items"][0]["until"]).starts_with("2026-07-17"));
    let tasks = essor.get("/tasks?owner=all").await;
    assert!(!tasks.to_string().contains("Call b"), "{tasks}");
    // What a source says meanwhile waits with it.
    essor.post("/subscriptions", subscription("s9", "b", "2026-06-01", 55)).await;
    assert_eq!(facts(essor).await["mrr today"], 10_000);
    essor.post("/subscriptions", subscription("s9", "b", "2026-06-01", 55).with("endDate", "2026-06-01")).await;
    upload(essor, &b, "x.txt", b"x").await.refused(409, "clients_gone");
    post(essor, &format!("/clients/{a}/merge"), json!({"with": b})).await.refused(409, "clients_merge_gone");

    assert_eq!(post(essor, &format!("/clients/{b}/restore"), json!({})).await.status, 204);
    post(essor, &format!("/clients/{b}/restore"), json!({})).await.refused(409, "clients_not_in_trash");
    essor.settle().await;
    let mut after = figures().await;
    // The subscription that came meanwhile, which is worth nothing.
    let rows = after.0.get_mut("rows").unwrap();
    rows["subscriptions"] = (rows["subscriptions"].as_i64().unwrap() - 1).into();
    assert_eq!(after.0, before.0);
    assert_eq!(after.2, before.2);
    assert_eq!(after.1["mrrCents"], before.1["mrrCents"]);

    // After thirty days it is forgotten, and nothing of it is left.
    assert_eq!(essor.delete(&format!("/clients/{b}")).await.status, 204);
    essor.set_clock("2026-07-18T12:00:10Z");
    essor_app::jobs::drain(&essor.app).await.unwrap();
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    // Sessions have run out meanwhile.
    let late = essor.person(essor.home().workspace, "late@nordlys.example", Role::Owner).await;
    essor.ask(&late, Method::GET, &format!("/clients/{b}"), None).await.refused(404, "not_found");
    assert_eq!(essor.ask(&late, Method::GET, "/clients/trash", None).await.good()["items"], json!([]));
    let (raw, counted) = essor.reconcile(essor.home().workspace).await;
    assert_eq!((raw, counted), (1, 1));
});

const EMAIL: &str = "Ada.Lovelace@acme.example";
const NAME: &str = "Ada Lovelace";
const USER: &str = "user-ada-4711";

/// Puts a person into every place that may name one.
async fn ada_everywhere(essor: &Essor) -> (String, String) {
    essor.post("/clients", client("acme").with("traits", json!({"admin": EMAIL, "by": USER}))).await;
    essor.post("/clients/fields", json!({"key": "buyer", "label": "Buyer", "kind": "text"})).await;
    essor.post("/clients", client("acme").with("fields", json!({"buyer": NAME}))).await;
    essor
        .post("/contacts", contact(USER, "acme").with("name", NAME).with("email", EMAIL).with("role", "champion"))
        .await;
    let survey = essor.post("/surveys", json!({"name": "Spring", "kind": "csat"})).await;
    let asked = json!({"contactId": essor.of_client("acme", "/contacts").await["items"][0]["id"]});
    essor.post(&format!("/surveys/{}/ask", text(&survey["id"])), asked).await;
    essor.post("/contacts", contact("bob", "acme").with("traits", json!({"manager": EMAIL}))).await;
    let nps =
        signal("survey", "n-1", "acme", "2026-06-01T10:00:00Z", json!({"survey": "nps", "score": 9, "comment": NAME}));
    essor.post("/signals", nps.with("contactExternalId", USER)).await;
    let mail = json!({"channel": "email", "direction": "in", "text": format!("{NAME} <{EMAIL}> asks")});
    essor.post("/signals", signal("message", &format!("mail-{EMAIL}"), "acme", "2026-06-02T10:00:00Z", mail)).await;
    let id = essor.client_id("acme").await;
    essor.post(&format!("/clients/{id}/notes"), json!({"body": format!("{NAME} ({EMAIL}) is happy.")})).await;
    essor.post(&format!("/clients/{id}/notes"), json!({"body": "LOVELACE Ada, or Lovelace, Ada: the same."})).await;
    // One who works alone is a client under her own name; others are marked with it.
    essor.post("/clients", client("alone").with("name", format!("Cabinet {NAME}")).with("tags", json!(["vip"]))).await;
    essor.post("/clients", client("marked").with("tags", json!([format!("of {NAME}"), "vip"]))).await;
    let rows = format!("id,client_id,name,email\n{USER},acme,{NAME},{EMAIL}\nx,nowhere,{NAME},{EMAIL}\n");
    assert_eq!(imported(essor, rows).await["refused"], 1);
    let checklist = json!([{"text": format!("Ask {NAME}"), "done": false}]);
    essor
        .post("/tasks", json!({"title": format!("Call {NAME}"), "note": EMAIL, "clientId": id, "checklist": checklist}))
        .await;
    essor.post("/clients/views", json!({"name": format!("Of {NAME}"), "where": "mrr > 0"})).await;
    upload(essor, &id, &format!("{NAME}.txt"), b"content").await.good();
    let messages = [
        identify("i-1", USER, json!({"email": EMAIL, "name": NAME})),
        track("m-1", USER, "Read").of("acme").with("properties", json!({"who": EMAIL})).at("2026-06-16T09:00:00Z"),
        track("m-2", "bob", "Shared").of("acme").with("properties", json!({"with": EMAIL})).at("2026-06-16T09:00:00Z"),
        track("m-3", USER, "Read").of("acme").at("never"),
    ];
    essor.usage(messages).await;
    let keyed = essor.request(&essor.home().owner, Method::POST, "/contacts").header("idempotency-key", "k-1");
    Answer::to(keyed.json(&Value::from(contact(USER, "acme").with("name", NAME)))).await.unwrap().good();
    essor.settle().await;
    let people = essor.get(&format!("/clients/{id}/contacts")).await;
    let ada = people["items"].as_array().unwrap().iter().find(|p| p["externalId"] == USER).unwrap();
    (id, text(&ada["id"]))
}

/// Imports people from a file.
async fn imported(essor: &Essor, rows: String) -> Value {
    let request = essor.request(&essor.home().owner, Method::POST, "/imports?name=people.csv").body(rows);
    let import = Answer::to(request).await.unwrap().good();
    let path = format!("/imports/{}", text(&import["id"]));
    essor.post(&format!("{path}/run"), json!({"plan": import["plan"]})).await;
    essor.settle().await;
    let import = essor.get(&path).await;
    assert_eq!(import["state"], "done", "{import}");
    import
}

const WORDS: [&str; 5] = [EMAIL, NAME, USER, "Lovelace Ada", "Lovelace, Ada"];

async fn traces(essor: &Essor) -> Vec<String> {
    let mut out = Vec::new();
    for word in WORDS {
        out.extend(essor.search(word).await);
        // Where rows were, not only where they are: free pages and the log of the database.
        for file in ["essor.db", "essor.db-wal"] {
            let bytes = std::fs::read(essor.folder().join(file)).unwrap_or_default().to_ascii_lowercase();
            let found = bytes.windows(word.len()).any(|bytes| bytes == word.to_lowercase().as_bytes());
            out.extend(found.then(|| format!("{file}: {word}")));
        }
    }
    let files = std::fs::read_to_string(essor.folder().join("erasures.jsonl")).unwrap_or_default().to_lowercase();
    out.extend([EMAIL, NAME, USER].iter().filter(|w| files.contains(&w.to_lowercase())).map(|w| format!("file: {w}")));
    out
}

/// What is handed out in files: the list, the client, a client as it is held, the rows of imports.
async fn exported(essor: &Essor, id: &str) -> String {
    let mut out = String::new();
    let columns = json!([{"key": "name"}, {"key": "tags"}, {"key": "field.buyer"}]);
    for format in ["csv", "csvFrench"] {
        let body = json!({"selection": {"where": ""}, "columns": columns, "format": format});
        let request = essor.request(&essor.home().owner, Method::POST, "/clients/export").json(&body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{text}");
        out.push_str(&text);
    }
    let mut paths = vec![format!("/clients/{id}/export"), format!("/clients/{id}/contacts")];
    for import in essor.get("/imports").await["items"].as_array().unwrap() {
        paths.push(format!("/imports/{}", text(&import["id"])));
        paths.push(format!("/imports/{}/rows?outcome=refused", text(&import["id"])));
        paths.push(format!("/imports/{}/refused", text(&import["id"])));
    }
    for survey in essor.get("/surveys").await["items"].as_array().unwrap() {
        let path = format!("/surveys/{}", text(&survey["id"]));
        out.push_str(&essor.post(&format!("{path}/links"), json!({})).await.to_string());
        paths.extend([format!("{path}/recipients"), path]);
    }
    for path in paths {
        let response = essor.request(&essor.home().owner, Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        out.push_str(&response.text().await.unwrap());
    }
    out.to_lowercase()
}

story!(an_erased_person_leaves_no_trace_and_stays_erased, |essor| async {
    keep_log();
    let (id, ada) = ada_everywhere(essor).await;
    let path = format!("/clients/{id}/contacts/{ada}");
    assert!(traces(essor).await.len() > 15, "{:?}", traces(essor).await);
    let uses = essor.reconcile(essor.home().workspace).await;

    // All that is held is handed out before, to an administrator.
    let admin = essor.person(essor.home().workspace, "admin@acme.example", Role::Admin).await;
    let held = essor.ask(&admin, Method::GET, &format!("{path}/export"), None).await.good();
    for table in [
        "clients_contacts",
        "clients_signals",
        "clients_notes",
        "tasks",
        "usage_events",
        "usage_presence",
        "usage_quarantine",
        "audit_payloads",
        "clients_files",
        "clients_field_values",
        "clients_views",
    ] {
        assert!(held["tables"][table].as_array().is_some_and(|rows| !rows.is_empty()), "{table} is not in {held}");
    }
    assert_eq!(held["tables"]["clients_contacts"][0]["id"], json!(ada));

    let form = json!({"name": NAME});
    essor.ask(&admin, Method::POST, &format!("{path}/erase"), Some(&form)).await.refused(403, "forbidden");
    post(essor, &format!("{path}/erase"), json!({"name": "Ada"})).await.refused(422, "clients_name_mismatch");
    let backup = essor.folder().join("backup.db");
    if essor.engine == essor_store::Engine::Sqlite {
        essor_store::backup(&essor.app.db, &backup).await.unwrap();
    }
    let proof = post(essor, &format!("{path}/erase"), form).await.good()["certificate"].clone();
    essor.settle().await;
    assert_eq!(traces(essor).await, Vec::<String>::new());
    assert_eq!(proof["rows"]["clients_contacts"], 1);
    assert_eq!(proof["proof"]["digests"].as_array().unwrap().len(), 2);
    // Figures stand as they stood: uses are counted, the answer counts.
    assert_eq!(essor.reconcile(essor.home().workspace).await, uses);
    assert_eq!(essor.get("/audit/verify").await["brokenSeq"], Value::Null);
    let stream = essor.get(&format!("/clients/{id}/timeline?kinds=note,survey")).await.to_string();
    assert!(stream.contains("[…] ([…]) is happy.") && stream.contains("\"score\":9"), "{stream}");

    // They come back by no way until it is allowed.
    let again = contact(USER, "acme").with("name", NAME);
    let params = post(essor, "/contacts", again.clone().into()).await.refused(409, "clients_erased");
    assert_eq!(params["field"], "externalId");
    let mail = json!([Value::from(contact("new", "acme")), Value::from(contact("x", "acme").with("email", EMAIL))]);
    let params = post(essor, "/contacts", mail).await.refused(409, "clients_erased");
    assert_eq!(params["field"], "items[1].email");
    let by_hand = json!({"name": "A", "email": EMAIL.to_lowercase()});
    post(essor, &format!("/clients/{id}/contacts"), by_hand).await.refused(409, "clients_erased");
    let sent = [
        identify("i-2", USER, json!({"email": EMAIL})),
        track("m-9", USER, "Read").of("acme"),
        identify("i-3", "another", json!({"email": EMAIL})),
        track("m-8", "bob", "Read").of("acme"),
    ];
    let counts = essor.usage(sent).await;
    assert_eq!((&counts["accepted"], &counts["quarantined"]), (&json!(1), &json!(3)), "{counts}");
    essor.settle().await;
    // Nor by a file: not as a row of its own, not as one that repeats another or names no client.
    let rows = format!(
        "id,client_id,name,email\n{USER},acme,{NAME},\nnew,acme,{NAME},{EMAIL}\n{USER},acme,{NAME},{EMAIL}\n\
         other,nowhere,{NAME},{EMAIL}\ncyd,marked,Cyd,cyd@acme.example\n"
    );
    let import = imported(essor, rows).await;
    assert_eq!((&import["created"], &import["refused"]), (&json!(1), &json!(4)), "{import}");
    let path = format!("/imports/{}", text(&import["id"]));
    let rows = essor.get(&format!("{path}/rows?outcome=refused")).await;
    for row in rows["items"].as_array().unwrap() {
        assert_eq!((&row["refusal"]["code"], &row["key"]), (&json!("clients_erased"), &Value::Null), "{row}");
    }
    essor.app.db.empty_log().await.unwrap();
    assert_eq!(traces(essor).await, Vec::<String>::new());
    let (files, log) = (exported(essor, &id).await, kept_log().to_lowercase());
    assert!(log.contains("clients"), "the log is listened to: {log}");
    for word in WORDS.map(str::to_lowercase) {
        assert!(!files.contains(&word), "{word} is handed out");
        assert!(!log.contains(&word), "{word} is in the log");
    }
    // Three uses, two calls, four rows: what sources tried is told with the erasure.
    let list = essor.ask(&admin, Method::GET, "/erasures", None).await.good();
    assert_eq!((&list["items"][0]["certificate"], &list["items"][0]["refused"]), (&proof, &json!(9)));

    // A database from before brings them back, and the next start forgets them again.
    restored(essor, &backup).await;
});

/// The database as it was before the erasure, by a restore or as one would leave it; then a start.
async fn restored(essor: &Essor, backup: &std::path::Path) {
    if essor.engine == essor_store::Engine::Sqlite {
        let database = format!("sqlite://{}", essor.folder().join("essor.db").display());
        // Nothing is moved under a running service.
        let refused = essor_store::restore(&database, backup).await.unwrap_err().to_string();
        assert!(refused.contains("in use"), "{refused}");
        essor.stop().await;
        essor_store::restore(&database, backup).await.unwrap();
        assert!(traces(essor).await.len() > 15, "the backup held them");
    } else {
        for table in ["clients_tombstones", "clients_erasures"] {
            essor.meddle(&format!("DELETE FROM {table}")).await;
        }
        essor.post("/contacts", contact(USER, "acme").with("name", NAME).with("email", EMAIL)).await;
        essor.usage([track("m-10", USER, "Read").of("acme")]).await;
        assert!(!traces(essor).await.is_empty());
    }
    let (app, service) = essor.another().await;
    assert_eq!(traces(essor).await, Vec::<String>::new());
    let system = essor_app::Actor::system(essor.home().workspace);
    let back = [serde_json::from_value(contact(USER, "acme").into()).unwrap()];
    let refused = essor_app::clients::upsert_contacts(&app, &system, &back).await.unwrap_err();
    assert_eq!(refused.code().as_str(), "clients_erased");
    // Once an administrator allows it, they may.
    let erasure = essor_app::clients::erasures(&app, &system, None, 10).await.unwrap().remove(0);
    essor_app::clients::allow_erased(&app, &system, erasure.id).await.unwrap();
    essor_app::clients::upsert_contacts(&app, &system, &back).await.unwrap();
    assert_eq!(essor_app::clients::apply_erasures(&app).await.unwrap(), 0, "what is allowed is not erased again");
    assert_eq!(essor_app::clients::people(&app, &system, essor_client(&app, essor).await).await.unwrap().len(), 2);
    service.stop().await;
}

async fn essor_client(app: &essor_app::App, essor: &Essor) -> uuid::Uuid {
    essor_store::clients::ids(&app.db, essor.home().workspace, &["acme"]).await.unwrap()["acme"]
}

story!(an_erased_client_takes_everything_along, |essor| async {
    let (a, b) = twins(essor).await;
    essor.post("/clients", client("stays").with("name", "Stays")).await;
    essor.post("/subscriptions", subscription("s9", "stays", "2026-01-01", 5_000)).await;
    assert_eq!(post(essor, &format!("/clients/{a}/merge"), json!({"with": b})).await.status, 204);
    let files = essor.folder().join("files").join(essor.home().workspace.0.to_string());
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 2);
    let held = essor.get(&format!("/clients/{a}/export")).await;
    assert_eq!(held["tables"]["clients_subscriptions"].as_array().unwrap().len(), 3);
    assert_eq!(held["tables"]["clients_subscription_phases"].as_array().unwrap().len(), 3);
    let erase = format!("/clients/{a}/erase");
    post(essor, &erase, json!({"name": "acme sas"})).await.refused(422, "clients_name_mismatch");
    let proof = post(essor, &erase, json!({"name": "Acme SAS"})).await.good()["certificate"].clone();
    essor.settle().await;
    assert_eq!((&proof["rows"]["clients"], &proof["rows"]["clients_subscriptions"]), (&json!(2), &json!(3)));
    for word in ["Acme SAS", "Person a", "p-a", "p-b"] {
        assert_eq!(essor.search(word).await, Vec::<String>::new(), "{word}");
    }
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
    assert_eq!(essor.get("/growth/summary").await["mrrCents"], 5_000);
    assert_eq!(essor.reconcile(essor.home().workspace).await, (0, 0));
    assert_eq!(essor.get("/audit/verify").await["brokenSeq"], Value::Null);
    // Both ids are refused, as a client and as where somebody is seen.
    post(essor, "/clients", client("b").into()).await.refused(409, "clients_erased");
    let counts = essor.usage([track("m9", "zoe", "Read").of("a")]).await;
    assert_eq!((&counts["accepted"], &counts["quarantined"]), (&json!(0), &json!(1)));
    let id = text(&proof["id"]);
    assert_eq!(post(essor, &format!("/erasures/{id}/allow"), json!({})).await.status, 204);
    essor.post("/clients", client("b")).await;
    assert_eq!(essor.usage([track("m9", "zoe", "Read").of("a")]).await["accepted"], 1);
});

story!(an_erased_client_does_not_come_back_under_its_domain, |essor| async {
    let add = async |id: &str, domain: &str| {
        essor.post("/clients", client(id).with("name", format!("Of {id}")).with("domain", domain)).await;
    };
    add("a", "acme.example").await;
    add("b", "shared.example").await;
    add("c", "shared.example").await;
    add("d", "delta.example").await;
    for id in ["a", "b"] {
        let path = format!("/clients/{}/erase", essor.client_id(id).await);
        post(essor, &path, json!({"name": format!("Of {id}")})).await.good();
    }
    let new = |domain: &str| client("new").with("domain", domain);
    let params = post(essor, "/clients", new("ACME.example").into()).await.refused(409, "clients_erased");
    assert_eq!(params["field"], "domain");
    let by_hand = format!("/clients/{}", essor.client_id("d").await);
    let request = essor.request(&essor.home().owner, Method::PATCH, &by_hand).header("if-match", "*");
    let answer = Answer::to(request.json(&json!({"domain": "acme.example"}))).await.unwrap();
    assert_eq!(answer.refused(409, "clients_erased")["field"], "domain");
    let sent = [group("g", "u", "new").with("traits", json!({"website": "https://www.acme.example/fr"}))];
    assert_eq!(essor.usage(sent).await["quarantined"], 1);
    let file = "id,domaine\nx,https://acme.example\ny,other.example\n".to_owned();
    let import = imported(essor, file).await;
    assert_eq!((&import["created"], &import["refused"]), (&json!(1), &json!(1)));
    // Another that stays had the same one.
    essor.post("/clients", new("shared.example")).await;

    let erased = essor.get("/erasures").await;
    let of = |n: usize| &erased["items"][n];
    let digests = |n: usize| of(n)["certificate"]["proof"]["digests"].as_array().unwrap().len();
    assert_eq!((digests(0), digests(1)), (1, 2), "{erased}");
    // A call, a use and a row.
    assert_eq!((&of(0)["refused"], &of(1)["refused"]), (&json!(0), &json!(3)));
    assert_eq!(post(essor, &format!("/erasures/{}/allow", text(&of(1)["id"])), json!({})).await.status, 204);
    essor.post("/clients", new("acme.example")).await;
});

story!(what_became_of_the_rows_of_imports_is_forgotten_after_a_while, |essor| async {
    essor.post("/clients", client("acme")).await;
    let import = imported(essor, "id,client_id,name\na,acme,Ada\nb,nowhere,Bob\n".into()).await;
    assert!(!import["found"].to_string().contains("Ada"), "{import}");
    let path = format!("/imports/{}", text(&import["id"]));
    let rows = async |who: &Who| {
        let page = essor.ask(who, Method::GET, &format!("{path}/rows?outcome=refused"), None).await.good();
        page["items"].as_array().unwrap().len()
    };
    essor.set_clock("2026-09-14T12:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    // Sessions have run out meanwhile.
    let late = essor.person(essor.home().workspace, "late@nordlys.example", Role::Owner).await;
    assert_eq!(rows(&late).await, 1);
    essor.set_clock("2026-09-16T12:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    assert_eq!(rows(&late).await, 0);
    let kept = essor.ask(&late, Method::GET, &path, None).await.good();
    assert_eq!((&kept["created"], &kept["refused"]), (&json!(1), &json!(1)));
});

story!(of_two_journeys_one_goes_on_and_the_other_is_history, |essor| async {
    for id in ["a", "b"] {
        essor.post("/clients", client(id)).await;
        essor.post("/subscriptions", subscription(&format!("s-{id}"), id, "2026-06-17", 10_000)).await;
    }
    essor.settle().await;
    let journey = async |id: &str| essor.of_client(id, "/journey").await;
    let history = |page: &Value| page["history"].as_array().unwrap().len();
    let onboarding = |page: &Value| page["stages"][0].clone();
    let (a, b) = (essor.client_id("a").await, essor.client_id("b").await);
    let action = text(&onboarding(&journey("b").await)["actions"][0]["key"]);
    essor.put(&format!("/clients/{b}/journey/actions/{action}"), json!({"done": true})).await;
    let milestone = json!({"title": {"fr": "Bilan", "en": "Review"}, "due": "2026-07-01"});
    essor.post(&format!("/clients/{b}/journey/milestones"), milestone).await;
    let (mine, theirs) = (journey("a").await, journey("b").await);
    let done = |page: &Value| {
        let stage = onboarding(page);
        let one = stage["actions"].as_array().unwrap().iter().find(|one| one["key"] == json!(action)).cloned();
        one.unwrap()["doneOn"].clone()
    };
    assert_eq!((done(&mine), done(&theirs)), (Value::Null, json!("2026-06-17")));

    let compared = essor.get(&format!("/clients/{a}/merge/{b}")).await;
    assert_eq!(compared["other"]["counts"]["journey_visits"], json!(history(&theirs)));
    assert_eq!(post(essor, &format!("/clients/{a}/merge"), json!({"with": b})).await.status, 204);
    essor.settle().await;
    let after = journey("a").await;
    assert_eq!(history(&after), history(&mine) + history(&theirs));
    let over = after["history"].as_array().unwrap().iter().filter(|visit| visit["outcome"] == "moved").count();
    assert_eq!(over, 1, "{after}");
    assert_eq!(
        (&after["journey"]["stage"], &after["journey"]["startedOn"]),
        (&mine["journey"]["stage"], &mine["journey"]["startedOn"])
    );
    assert_eq!(done(&after), json!("2026-06-17"));
    let milestones = |page: &Value| page["milestones"].as_array().unwrap().len();
    assert_eq!(milestones(&after), milestones(&mine) + 1);
});

story!(files_are_kept_and_never_shown, |essor| async {
    essor.post("/clients", client("acme")).await;
    let id = essor.client_id("acme").await;
    let list = format!("/clients/{id}/files");
    let made = upload(essor, &id, "../../Évil \"x\".html", b"<script>alert(1)</script>").await;
    assert_eq!(made.status, 201);
    let file = made.good();
    assert_eq!((&file["name"], &file["size"]), (&json!("Évil _x_.html"), &json!(25)));
    let one = format!("{list}/{}", text(&file["id"]));
    let got = essor.request(&essor.home().owner, Method::GET, &one).send().await.unwrap();
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(
        header("content-disposition").starts_with("attachment; filename=\"_vil _x_.html\"; filename*=UTF-8''%C3%89vil")
    );
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(got.bytes().await.unwrap(), &b"<script>alert(1)</script>"[..]);
    let stream = essor.get(&format!("/clients/{id}/timeline?kinds=file")).await;
    assert_eq!(stream["items"][0]["data"]["name"], "Évil _x_.html");

    upload(essor, &id, "", b"x").await.refused(422, "field_required");
    upload(essor, &id, "empty.txt", b"").await.refused(422, "field_required");
    let large = essor.request(&essor.home().owner, Method::POST, &list).query(&[("name", "large")]);
    let large = Answer::to(large.body(vec![0_u8; 10 * 1024 * 1024 + 1])).await.unwrap();
    assert_eq!(large.refused(413, "too_large")["max"], 10 * 1024 * 1024);
    let whole = essor.request(&essor.home().owner, Method::POST, &list).query(&[("name", "whole")]);
    let whole = Answer::to(whole.body(vec![7_u8; 10 * 1024 * 1024])).await.unwrap().good();
    assert_eq!(whole["size"], 10 * 1024 * 1024);

    assert_eq!(essor.delete(&one).await.status, 204);
    essor.ask(&essor.home().owner, Method::GET, &one, None).await.refused(404, "not_found");
    assert_eq!(post(essor, &format!("{one}/restore"), json!({})).await.status, 204);
    assert_eq!(essor.get(&list).await["items"].as_array().unwrap().len(), 2);
    let viewer = essor.person(essor.home().workspace, "v@acme.example", Role::Viewer).await;
    assert_eq!(essor.request(&viewer, Method::GET, &one).send().await.unwrap().status(), 200);
    essor.ask(&Who::Nobody, Method::GET, &one, None).await.refused(401, "identity_not_signed_in");

    // Content that nobody owns is swept once it is old; what somebody owns stays; what is missing is said.
    let folder = essor.folder().join("files").join(essor.home().workspace.0.to_string());
    let orphan = folder.join(uuid::Uuid::now_v7().to_string());
    std::fs::write(&orphan, "x").unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = std::fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(old).unwrap();
    }
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    assert!(!orphan.exists());
    assert_eq!(essor.request(&essor.home().owner, Method::GET, &one).send().await.unwrap().status(), 200);
    std::fs::remove_file(folder.join(text(&file["id"]))).unwrap();
    essor.ask(&essor.home().owner, Method::GET, &one, None).await.refused(404, "clients_file_missing");
});

story!(every_table_says_how_it_forgets, |essor| async {
    let unlisted = essor_store::clients::held::unlisted(&essor.app.db).await.unwrap();
    assert_eq!(unlisted, Vec::<String>::new(), "add the table to TABLES in crates/store/src/clients/held.rs");
});
