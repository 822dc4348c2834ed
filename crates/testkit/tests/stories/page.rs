//! The client's page: edited by two people at once, notes that tell members, people, and one stream of it all.

use essor_domain::identity::Role;
use essor_testkit::{Answer, Essor, Who, client, contact, identify, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Sends a change of a client that was read as `version`.
async fn edit(essor: &Essor, who: &Who, id: &str, version: &str, body: Value) -> Answer {
    let request = essor.request(who, Method::PATCH, &format!("/clients/{id}")).header("if-match", version);
    Answer::to(request.json(&body)).await.unwrap()
}

async fn user_id(essor: &Essor, who: &Who) -> String {
    text(&essor.ask(who, Method::GET, "/session", None).await.good()["user"]["id"]).to_owned()
}

/// Every entry of a client's stream, page by page.
async fn stream(essor: &Essor, id: &str, kinds: &str, limit: usize) -> Vec<Value> {
    let (mut out, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/clients/{id}/timeline?limit={limit}&kinds={kinds}&cursor={cursor}");
        let mut page = essor.get(&path).await;
        out.append(page["items"].as_array_mut().unwrap());
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return out,
        }
    }
}

story!(two_people_edit_one_client, |essor| async {
    essor.post("/clients", client("acme").with("segment", "SMB").with("seats", 5)).await;
    let id = essor.client_id("acme").await;
    let bob = essor.person(essor.home().workspace, "bob@acme.example", Role::Member).await;
    let path = format!("/clients/{id}");
    let read = essor.ask(&essor.home().owner, Method::GET, &path, None).await;
    let tag = read.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", text(&read.json["version"])));
    assert_eq!((&read.json["editable"]["segment"], &read.json["editable"]["seats"]), (&json!("SMB"), &json!(5)));

    // Nobody changes what they have not read.
    essor.ask(&bob, Method::PATCH, &path, Some(&json!({"name": "X"}))).await.refused(428, "precondition_required");
    let first =
        edit(essor, &bob, &id, &tag, json!({"segment": "Enterprise", "domain": "Acme.Example", "seats": null})).await;
    let after = first.headers["etag"].to_str().unwrap().to_owned();
    let body = first.good();
    assert_eq!(
        (&body["editable"]["segment"], &body["editable"]["domain"]),
        (&json!("Enterprise"), &json!("acme.example"))
    );
    assert_eq!(body["editable"]["seats"], Value::Null);

    // The second one is told what stands now, and nothing of theirs is half saved.
    let late = edit(essor, &essor.home().owner, &id, &tag, json!({"segment": "Mid", "owner": "Léa"})).await;
    let params = late.refused(412, "precondition_failed");
    assert_eq!(params["current"], body["editable"]);
    assert_eq!(format!("\"{}\"", text(&params["version"])), after);
    let now = essor.get(&path).await;
    assert_eq!((&now["owner"], &now["segment"]), (&Value::Null, &json!("Enterprise")));
    // With the state that they were shown they go on.
    edit(essor, &essor.home().owner, &id, &after, json!({"owner": "Léa"})).await.good();

    // MRR, score and usage move nothing of what people change: no conflict.
    let before = essor.get(&path).await["version"].clone();
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 1_000)).await;
    essor.usage([track("m1", "ada", "Read").of("acme")]).await;
    essor.settle().await;
    assert_eq!(essor.get(&path).await["version"], before);
    // A source's change does.
    essor.post("/clients", client("acme").with("country", "FR")).await;
    let refused = edit(essor, &bob, &id, text(&before), json!({"plan": "Pro"})).await;
    assert_eq!(refused.refused(412, "precondition_failed")["current"]["country"], "FR");

    // Values that cannot be stored name their field; what is not a field is refused.
    let any = async |body: Value| edit(essor, &bob, &id, "*", body).await;
    assert_eq!(any(json!({"name": " "})).await.refused(422, "field_required")["field"], "name");
    assert_eq!(any(json!({"seats": -1})).await.refused(422, "field_range")["field"], "seats");
    any(json!({"mrrCents": 1})).await.refused(400, "bad_request");

    // Slices, status and lists follow.
    any(json!({"archived": true, "paused": true})).await.good();
    assert_eq!(essor.get(&path).await["status"], "paused", "it pays: it counts, though set aside");
    any(json!({"archived": false, "paused": false, "name": "Été"})).await.good();
    assert_eq!(essor.get("/clients?q=ete").await["total"], 1);
    let facets = essor.get("/clients/facets").await;
    assert_eq!(facets["segments"][0], json!({"value": "Enterprise", "count": 1}));

    // What changed of it stands in the stream, by whom, without from where.
    let told = stream(essor, &id, "change", 50).await;
    let update = told
        .iter()
        .find(|e| e["data"]["operation"] == "clients.update" && e["data"]["after"]["segment"] == "Enterprise");
    let update = update.unwrap();
    assert_eq!(
        (&update["data"]["by"], &update["data"]["before"]["segment"]),
        (&json!("bob@acme.example"), &json!("SMB"))
    );
    assert!(!update.to_string().contains("127.0.0.1"), "{update}");
});

story!(a_note_tells_whom_it_names, |essor| async {
    essor.post("/clients", client("acme")).await;
    let id = essor.client_id("acme").await;
    let workspace = essor.home().workspace;
    let (lea, bob) = (
        essor.person(workspace, "lea@acme.example", Role::Member).await,
        essor.person(workspace, "bob@acme.example", Role::Member).await,
    );
    let (lea_id, bob_id) = (user_id(essor, &lea).await, user_id(essor, &bob).await);
    let unread = async |who: &Who| essor.ask(who, Method::GET, "/notifications", None).await.good();
    let notes = format!("/clients/{id}/notes");
    let body = format!("**Renewal** at risk, ask @[Bob]({bob_id}) and @[Léa]({lea_id}) <script>alert(1)</script>");
    let note = essor.ask(&lea, Method::POST, &notes, Some(&json!({"body": body}))).await.good();
    assert_eq!((&note["body"], &note["authorName"]), (&json!(body), &json!("lea@acme.example")), "kept as written");
    let inbox = unread(&bob).await;
    assert_eq!((&inbox["unread"], &inbox["items"][0]["kind"]), (&json!(1), &json!("mentioned")));
    assert_eq!(inbox["items"][0]["params"]["who"], "lea@acme.example");
    assert!(text(&inbox["items"][0]["params"]["text"]).starts_with("**Renewal** at risk, ask Bob and Léa"));
    assert_eq!(unread(&lea).await["unread"], 0, "nobody tells themselves");

    // Changed by who wrote it alone; who was named already is not told again; a stranger's id tells nobody.
    let one = format!("{notes}/{}", text(&note["id"]));
    let again = json!({"body": format!("@[Bob]({bob_id}) once more, @[Nobody]({})", uuid::Uuid::now_v7())});
    essor.ask(&bob, Method::PATCH, &one, Some(&again)).await.refused(403, "clients_note_not_yours");
    essor.ask(&bob, Method::DELETE, &one, None).await.refused(403, "clients_note_not_yours");
    essor.ask(&lea, Method::PATCH, &one, Some(&again)).await.good();
    assert_eq!(unread(&bob).await["unread"], 1);
    for (wrong, code) in [(" ", "field_required"), (&"x".repeat(20_001) as &str, "field_too_long")] {
        essor.ask(&lea, Method::PATCH, &one, Some(&json!({"body": wrong}))).await.refused(422, code);
    }

    // Taken away and had back; gone for good after thirty days.
    let shown = async || stream(essor, &id, "note", 50).await.len();
    assert_eq!(shown().await, 1);
    assert_eq!(essor.ask(&lea, Method::DELETE, &one, None).await.status, 204);
    assert_eq!(shown().await, 0);
    essor.ask(&lea, Method::DELETE, &one, None).await.refused(404, "not_found");
    assert_eq!(essor.ask(&lea, Method::POST, &format!("{one}/restore"), None).await.status, 204);
    assert_eq!(shown().await, 1);
});

story!(people_are_written_by_hand, |essor| async {
    essor.post("/clients", client("acme")).await;
    essor.post("/contacts", contact("ada", "acme").with("name", "Ada").with("role", "champion")).await;
    let answer = json!({"survey": "nps", "score": 9});
    essor
        .post(
            "/signals",
            signal("survey", "n1", "acme", "2026-05-01T10:00:00Z", json!({"survey": "nps", "score": 3}))
                .with("contactExternalId", "ada"),
        )
        .await;
    essor
        .post(
            "/signals",
            signal("survey", "n2", "acme", "2026-06-01T10:00:00Z", answer).with("contactExternalId", "ada"),
        )
        .await;
    essor
        .post(
            "/signals",
            signal("survey", "c", "acme", "2026-06-02T10:00:00Z", json!({"survey": "csat", "score": 1}))
                .with("contactExternalId", "ada"),
        )
        .await;
    let id = essor.client_id("acme").await;
    let list = format!("/clients/{id}/contacts");
    let ada = essor.get(&list).await["items"][0].clone();
    assert_eq!((&ada["nps"], &ada["npsAt"]), (&json!(9.0), &json!("2026-06-01T10:00:00Z")));

    let new = json!({"name": " Grace Hopper ", "email": "grace@acme.example", "role": "decision_maker", "title": "CTO", "consent": "given"});
    let grace = essor.post(&list, new).await;
    assert_eq!(
        (&grace["name"], &grace["consent"], &grace["consentOn"]),
        (&json!("Grace Hopper"), &json!("given"), &json!("2026-06-17"))
    );
    let one = format!("{list}/{}", text(&grace["id"]));
    let refused = essor
        .patch(&one, json!({"consent": "refused", "consentOn": "2026-06-10", "leftOn": "2026-06-12", "title": null}))
        .await;
    assert_eq!(
        (&refused["consent"], &refused["consentOn"], &refused["title"]),
        (&json!("refused"), &json!("2026-06-10"), &Value::Null)
    );
    assert_eq!(essor.patch(&one, json!({"consent": "unknown"})).await["consentOn"], Value::Null);
    for (body, field) in [
        (json!({"name": "  "}), "name"),
        (json!({"email": "nowhere"}), "email"),
        (json!({"name": "x", "consent": "perhaps"}), "consent"),
        (json!({"name": "x", "leftOn": "1066-10-14"}), "leftOn"),
    ] {
        let answer = essor.try_post(&list, body).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json["error"]["params"]["field"], field);
    }

    // Taken away a champion counts no more; had back, or named by a source again, they do.
    let gone = format!("{list}/{}", text(&ada["id"]));
    let names = async || {
        let page = essor.get(&list).await;
        let mut names: Vec<String> =
            page["items"].as_array().unwrap().iter().map(|c| text(&c["name"]).to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(essor.delete(&gone).await.status, 204);
    assert_eq!(names().await, ["Grace Hopper"]);
    essor.ask(&essor.home().owner, Method::PATCH, &gone, Some(&json!({"name": "A"}))).await.refused(404, "not_found");
    assert_eq!(essor.try_post(&format!("{gone}/restore"), json!({})).await.status, 204);
    assert_eq!(names().await, ["Ada", "Grace Hopper"]);
    assert_eq!(essor.delete(&gone).await.status, 204);
    essor.usage([identify("i", "ada", json!({"plan": "x"})).of("acme")]).await;
    assert_eq!(names().await, ["Ada", "Grace Hopper"]);
    // Another client's page does not reach them.
    essor.post("/clients", client("other")).await;
    let other = essor.client_id("other").await;
    let wrong = format!("/clients/{other}/contacts/{}", text(&ada["id"]));
    essor.delete(&wrong).await.refused(404, "not_found");
});

story!(one_stream_without_gaps, |essor| async {
    essor.post("/clients", client("acme")).await;
    let id = essor.client_id("acme").await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 1_000)).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 3_000)).await;
    // Many at one instant, of several sources: a page ends in their midst.
    let at = "2026-06-10T22:00:00Z";
    for n in 0..12 {
        essor.post("/signals", signal("ticket", &format!("t{n}"), "acme", at, json!({"subject": n.to_string()}))).await;
    }
    essor.set_clock(at);
    for n in 0..7 {
        essor.post(&format!("/clients/{id}/notes"), json!({"body": format!("note {n}")})).await;
        essor.post("/tasks", json!({"title": format!("task {n}"), "clientId": id, "checklist": [{"text": "a"}]})).await;
    }
    essor.set_clock("2026-06-17T12:00:00Z");
    let late = json!({"amountCents": 1_000, "dueDate": "2026-04-01"});
    essor.post("/signals", signal("payment", "i", "acme", "2026-03-01T10:00:00Z", late)).await;
    essor.settle().await;
    let whole = stream(essor, &id, "", 200).await;
    let ids = |items: &[Value]| items.iter().map(|e| text(&e["id"]).to_owned()).collect::<Vec<_>>();
    let kinds: std::collections::BTreeSet<&str> = whole.iter().map(|e| text(&e["kind"])).collect();
    for kind in ["ticket", "payment", "note", "task", "opportunity", "mrr", "change"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    let instants: Vec<&str> = whole.iter().map(|e| text(&e["at"])).collect();
    assert!(instants.is_sorted_by(|a, b| a >= b), "newest first: {instants:?}");
    for limit in [1, 2, 3, 5, 8] {
        assert_eq!(ids(&stream(essor, &id, "", limit).await), ids(&whole), "pages of {limit}");
    }
    let mut unique = ids(&whole);
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), whole.len(), "each once");
    // A filter shows those of its kinds, in the same order.
    let some: Vec<Value> = whole.iter().filter(|e| ["note", "mrr"].contains(&text(&e["kind"]))).cloned().collect();
    assert_eq!(ids(&stream(essor, &id, "note,mrr", 4).await), ids(&some));
    let answer =
        essor.ask(&essor.home().owner, Method::GET, &format!("/clients/{id}/timeline?cursor=nonsense"), None).await;
    answer.refused(400, "cursor_invalid");
});

story!(a_task_has_steps_and_business_days, |essor| async {
    // A Wednesday: three business days later is Monday.
    let task = essor
        .post(
            "/tasks",
            json!({"title": "Prepare", "dueInBusinessDays": 3, "checklist": [{"text": " One "}, {"text": "Two"}]}),
        )
        .await;
    assert_eq!(
        (&task["due"], &task["checklist"]),
        (&json!("2026-06-22"), &json!([{"text": "One", "done": false}, {"text": "Two", "done": false}]))
    );
    let path = format!("/tasks/{}", text(&task["id"]));
    let ticked = essor.patch(&path, json!({"checklist": [{"text": "One", "done": true}, {"text": "Two"}]})).await;
    assert_eq!(ticked["checklist"][0]["done"], true);
    assert_eq!(essor.patch(&path, json!({"done": true})).await["checklist"], ticked["checklist"], "left out it stays");
    assert_eq!(essor.patch(&path, json!({"dueInBusinessDays": 0, "checklist": []})).await["due"], "2026-06-17");
    let listed = essor.get("/tasks?when=done").await;
    assert_eq!(listed["items"][0]["checklist"], json!([]));
    let steps: Vec<Value> = (0..51).map(|_| json!({"text": "x"})).collect();
    for (body, code) in [
        (json!({"checklist": [{"text": " "}]}), "field_required"),
        (json!({"checklist": steps}), "list_too_long"),
        (json!({"dueInBusinessDays": 401}), "field_range"),
    ] {
        essor.ask(&essor.home().owner, Method::PATCH, &path, Some(&body)).await.refused(422, code);
    }
});
