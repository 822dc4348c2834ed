//! The whole book of somebody: what could still be sold in it, how people and tags are found in it, how it goes to
//! colleagues and comes back.

use chrono::NaiveDate;
use essor_app::clients::bulk::come_back;
use essor_domain::identity::Role;
use essor_testkit::{Essor, Who, client, contact, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Clients `{prefix}0`, `{prefix}1`, … of a segment, each with some products.
async fn owners(essor: &Essor, prefix: &str, segment: &str, n: usize, products: &[(&str, i64)]) {
    let clients: Vec<Value> = (0..n).map(|i| client(&format!("{prefix}{i}")).with("segment", segment).into()).collect();
    essor.post("/clients", Value::Array(clients)).await;
    for (product, cents) in products {
        let lines: Vec<Value> = (0..n)
            .map(|i| {
                subscription(&format!("{prefix}{i} {product}"), &format!("{prefix}{i}"), "2026-01-01", *cents)
                    .with("product", *product)
                    .into()
            })
            .collect();
        essor.post("/subscriptions", Value::Array(lines)).await;
    }
}

/// 52 clients with CRM, 38 of them with Analytics; 48 with Desk alone, 4 of them with Analytics.
async fn enterprise(essor: &Essor) {
    owners(essor, "both", "Enterprise", 38, &[("CRM", 50_000), ("Analytics", 20_000)]).await;
    owners(essor, "crm", "Enterprise", 14, &[("CRM", 50_000)]).await;
    owners(essor, "desk", "Enterprise", 44, &[("Desk", 9_000)]).await;
    owners(essor, "odd", "Enterprise", 4, &[("Desk", 9_000), ("Analytics", 90_000)]).await;
    let row = essor_store::identity::workspaces::get(&essor.app.db, essor.home().workspace).await.unwrap().unwrap();
    essor.settle().await;
    essor_app::opportunities::detect_all(&essor.app, &row).await.unwrap();
}

async fn patch(essor: &Essor, path: &str, body: Value) -> Value {
    essor.ask(&essor.home().owner, Method::PATCH, path, Some(&body)).await.good()
}

story!(what_similar_clients_own_is_offered_with_its_evidence, |essor| async {
    enterprise(essor).await;
    let page = essor.get("/opportunities?detector=cross_sell").await;
    // Fourteen who have CRM lack Analytics. Of the 42 who have Analytics 38 have CRM, where 52 of 100 do: four lack it.
    assert_eq!((&page["total"], &page["totals"]["conversation"]["count"]), (&json!(18), &json!(18)));
    let of = |product: &str| {
        let all = page["items"].as_array().unwrap();
        all.iter().filter(|o| o["evidence"][0]["params"]["product"] == product).cloned().collect::<Vec<_>>()
    };
    assert_eq!((of("Analytics").len(), of("CRM").len()), (14, 4));
    let one = &of("Analytics")[0];
    assert_eq!((text(&one["list"]), &one["amountCents"]), ("conversation", &json!(20_000)));
    // A quarter is believed before the first result.
    assert_eq!(one["expectedCents"], 5_000);
    let params = &one["evidence"][0]["params"];
    for (name, value) in [("both", 38), ("owners", 52), ("base", 42), ("clients", 100)] {
        assert_eq!(params[name], value, "{name}");
    }
    assert_eq!((&params["product"], &params["lift"]), (&json!("Analytics"), &json!(1.7)));

    let matrix = essor.get("/opportunities/matrix?limit=2").await;
    assert_eq!(matrix["total"], 100);
    let product = |name: &str| {
        let all = matrix["products"].as_array().unwrap();
        all.iter().find(|p| p["product"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    let analytics = product("Analytics");
    assert_eq!(
        (&analytics["owners"], &analytics["suggested"], &analytics["amountCents"], &analytics["expectedCents"]),
        (&json!(42), &json!(14), &json!(280_000), &json!(70_000))
    );
    assert!((analytics["penetration"].as_f64().unwrap() - 0.42).abs() < 1e-12);
    // Those to whom most could be sold come first, a page at a time, each once.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = essor.get(&format!("/opportunities/matrix?limit=30{cursor}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 100);
    assert!(seen.is_sorted_by(|a, b| a["amountCents"].as_i64() >= b["amountCents"].as_i64()));
    assert_eq!((&seen[0]["amountCents"], &seen[3]["amountCents"]), (&json!(50_000), &json!(50_000)));
    let fifth = &seen[4]["cells"];
    assert_eq!(
        (&fifth["Analytics"]["expectedCents"], text(&fifth["Analytics"]["opportunityState"])),
        (&json!(5_000), "open")
    );
    assert_eq!(fifth["CRM"]["mrrCents"], 50_000);
    assert_eq!(essor.get("/opportunities/matrix?suggested=Analytics").await["items"].as_array().unwrap().len(), 14);
    let desk = essor.get("/opportunities/matrix?where=name%20contains%20%22desk%22").await;
    assert_eq!((&desk["total"], desk["products"].as_array().unwrap().len()), (&json!(44), 1));
    let file = essor.request(&essor.home().owner, Method::GET, "/opportunities/matrix/export").send().await.unwrap();
    let file = file.text().await.unwrap();
    assert_eq!(file.lines().count(), 101);
    assert!(file.lines().nth(1).unwrap().contains(",990.00,500.00,125.00,"), "{file}");

    // What was dismissed leaves the matrix, and comes back with the decision.
    let path = format!("/opportunities/{}", text(&one["id"]));
    patch(essor, &path, json!({"state": "dismissed", "reason": "not_relevant"})).await;
    essor.settle().await;
    let suggested = async || {
        let matrix = essor.get("/opportunities/matrix").await;
        let all = matrix["products"].as_array().unwrap().clone();
        all.iter().find(|p| p["product"] == "Analytics").unwrap()["suggested"].clone()
    };
    assert_eq!(suggested().await, 13);
    patch(essor, &path, json!({"state": "open"})).await;
    essor.settle().await;
    assert_eq!(suggested().await, 14);
    // A result moves what is alike, in the matrix too.
    patch(essor, &path, json!({"state": "won", "amountCents": 20_000})).await;
    essor.settle().await;
    let after = essor.get("/opportunities/matrix").await;
    let cell = after["items"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|row| row["cells"].get("Analytics").filter(|cell| cell["opportunityState"] == "open").cloned());
    // (2 + 1) / (8 + 1) of 200.00.
    assert_eq!(cell.unwrap()["expectedCents"], 6_667);
});

story!(a_client_is_found_by_a_person_or_a_tag, |essor| async {
    let clients: Vec<Value> = vec![
        client("acme").with("name", "Acme").into(),
        client("dupont").with("name", "Dupont et fils").into(),
        client("other").with("name", "Other").into(),
    ];
    essor.post("/clients", Value::Array(clients)).await;
    let person = contact("p1", "acme").with("name", "Marie-Hélène Dupont").with("email", "mh.dupont@acme.example");
    essor.post("/contacts", person).await;
    let selection = json!({"ids": [essor.client_id("other").await]});
    essor
        .post("/clients/bulk", json!({"selection": selection, "action": {"kind": "tag", "tag": "Grand Compte"}}))
        .await;
    essor.settle().await;
    let found = async |q: &str| {
        let page = essor.get(&format!("/clients?q={q}")).await;
        let items = page["items"].as_array().unwrap().clone();
        assert_eq!(page["total"], items.len(), "{q}");
        items
    };
    let names = |items: &[Value]| items.iter().map(|c| text(&c["name"]).to_owned()).collect::<Vec<_>>();
    let by_name = found("dupont").await;
    assert_eq!(names(&by_name), ["Acme", "Dupont et fils"]);
    assert_eq!(
        by_name[0]["matched"],
        json!({"by": "contact", "text": "Marie-Hélène Dupont", "email": "mh.dupont@acme.example"})
    );
    assert_eq!(by_name[1]["matched"], Value::Null, "its own name says so");
    for q in ["MARIE-HEL", "helene%20du", "mh.dup", "dupont@ac"] {
        assert_eq!(names(&found(q).await), ["Acme"], "{q}");
    }
    // Sorted otherwise, and in another statement, the same.
    for sort in ["mrr", "-health", "owner"] {
        assert_eq!(found(&format!("helene&sort={sort}")).await.len(), 1, "{sort}");
    }
    let tagged = found("grand").await;
    assert_eq!(tagged[0]["matched"], json!({"by": "tag", "text": "Grand Compte"}));
    for (q, why) in
        [("compte", "a tag is found from its beginning"), ("ma", "two letters find names alone"), ("upont@", "within")]
    {
        assert_eq!(found(q).await.len(), 0, "{why}");
    }
    // Another name, then none: what stood before finds nobody.
    essor.post("/contacts", contact("p1", "acme").with("name", "Zoé Petit").with("email", "zoe@acme.example")).await;
    assert_eq!((found("helene").await.len(), found("petit").await.len()), (0, 1));
    let id = essor.client_id("acme").await;
    let people = essor.get(&format!("/clients/{id}/contacts")).await;
    let path = format!("/clients/{id}/contacts/{}", text(&people["items"][0]["id"]));
    assert!(essor.delete(&path).await.status.is_success());
    assert_eq!(found("petit").await.len(), 0, "taken away");
    assert!(essor.try_post(&format!("{path}/restore"), json!({})).await.status.is_success());
    assert_eq!(found("petit").await.len(), 1, "had back");
    // Nobody finds another workspace's people.
    let other = essor.place("Other").await;
    let theirs = essor.ask(&other.owner, Method::GET, "/clients?q=petit", None).await.good();
    assert_eq!(theirs["total"], 0);
});

/// A member's id.
async fn member(essor: &Essor, email: &str) -> (Who, String) {
    let who = essor.person(essor.home().workspace, email, Role::Member).await;
    let id = essor.ask(&who, Method::GET, "/session", None).await.good()["user"]["id"].clone();
    (who, text(&id).to_owned())
}

/// Six clients of Marie, written by name or address, two of them SMEs, with 600.00 to 100.00; one of somebody else.
async fn marie(essor: &Essor) -> (Who, String) {
    let marie = member(essor, "marie@acme.example").await;
    for i in 0..6 {
        let owner = if i == 5 { "MARIE@ACME.EXAMPLE" } else { "marie@acme.example" };
        let segment = if i < 2 { "PME" } else { "ETI" };
        essor.post("/clients", client(&format!("m{i}")).with("owner", owner).with("segment", segment)).await;
        let cents = 10_000 * (6 - i);
        essor.post("/subscriptions", subscription(&format!("s{i}"), &format!("m{i}"), "2026-01-01", cents)).await;
    }
    essor.post("/clients", client("free").with("owner", "Somebody Else")).await;
    for (title, of) in [("Of m0", Some("m0")), ("Of nobody", None), ("Of free", Some("free"))] {
        let mut task = json!({"title": title, "ownerId": marie.1});
        if let Some(of) = of {
            task["clientId"] = json!(essor.client_id(of).await);
        }
        essor.post("/tasks", task).await;
    }
    essor.settle().await;
    marie
}

async fn owner_of(essor: &Essor, id: &str) -> String {
    let id = essor.client_id(id).await;
    let client = essor.get(&format!("/clients/{id}")).await;
    client["owner"].as_str().or(client["client"]["owner"].as_str()).unwrap_or_default().to_owned()
}

async fn tasks_of(essor: &Essor, user: &str) -> Vec<String> {
    let all = essor.get("/tasks?owner=all").await;
    let of = all["items"].as_array().unwrap().iter().filter(|task| task["ownerId"] == user);
    let mut titles: Vec<String> = of.map(|task| text(&task["title"]).to_owned()).collect();
    titles.sort();
    titles
}

story!(a_book_is_dealt_out_and_comes_back, |essor| async {
    let (_, marie) = marie(essor).await;
    let (ann, ann_id) = member(essor, "ann@acme.example").await;
    let (_, bob_id) = member(essor, "bob@acme.example").await;
    let ask = |extra: Value| {
        let mut body = json!({"from": "Marie@acme.example", "receivers": [ann_id, bob_id]});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let preview = essor.post("/clients/reassignments/preview", ask(json!({"deal": "mrr"}))).await;
    assert_eq!((&preview["clients"], &preview["mrrCents"], &preview["tasks"]), (&json!(6), &json!(210_000), &json!(3)));
    let shares: Vec<(i64, i64)> = preview["receivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["clients"].as_i64().unwrap(), r["mrrCents"].as_i64().unwrap()))
        .collect();
    // 600 + 300 + 200 against 500 + 400 + 100.
    assert_eq!(shares, [(3, 110_000), (3, 100_000)]);
    let by_segment = ask(json!({"segments": [{"segment": "PME", "receiver": bob_id}], "receivers": [ann_id]}));
    let by_segment = essor.post("/clients/reassignments/preview", by_segment).await;
    let counts: Vec<&Value> = by_segment["receivers"].as_array().unwrap().iter().map(|r| &r["clients"]).collect();
    assert_eq!(counts, [&json!(4), &json!(2)]);
    assert_eq!(owner_of(essor, "m0").await, "marie@acme.example", "a preview changes nothing");

    for (extra, code, field) in [
        (json!({"receivers": []}), "field_required", "receivers"),
        (json!({"receivers": [marie]}), "clients_receiver_unknown", "receivers"),
        (json!({"receivers": [Uuid::now_v7()]}), "clients_receiver_unknown", "receivers"),
        (json!({"segments": [{"segment": "PME", "receiver": Uuid::now_v7()}]}), "clients_receiver_unknown", "segments"),
        (json!({"from": " "}), "field_required", "from"),
        (json!({"from": "Nobody here"}), "clients_selection_empty", "from"),
        (json!({"deal": "lots"}), "field_type", "deal"),
        (json!({"returnsOn": "2026-06-01"}), "clients_return_past", "returnsOn"),
    ] {
        for path in ["/clients/reassignments", "/clients/reassignments/preview"] {
            let params = essor.try_post(path, ask(extra.clone())).await.refused(422, code);
            assert_eq!(params["field"], field, "{extra}");
        }
    }

    let before = essor.audited(essor.home().workspace).await;
    let body = ask(json!({"deal": "count", "returnsOn": "2026-07-01"}));
    let id = essor.post("/clients/reassignments", body).await["id"].as_str().unwrap().to_owned();
    assert_eq!(essor.audited(essor.home().workspace).await, before + 1);
    // Before its turn comes, somebody takes one of them.
    essor.post("/clients", client("m3").with("owner", "Somebody Else")).await;
    essor.settle().await;
    let run = essor.get(&format!("/clients/bulk/{id}")).await;
    assert_eq!((&run["state"], &run["changed"], &run["unchanged"]), (&json!("done"), &json!(5), &json!(1)));
    assert_eq!(owner_of(essor, "m3").await, "Somebody Else");
    let at_ann = essor.get("/clients?owner=ann@acme.example").await["total"].as_i64().unwrap();
    let at_bob = essor.get("/clients?owner=bob@acme.example").await["total"].as_i64().unwrap();
    assert_eq!((at_ann + at_bob, (at_ann - at_bob).abs()), (5, 1));
    assert_eq!(tasks_of(essor, &marie).await, Vec::<String>::new());
    let moved = [tasks_of(essor, &ann_id).await, tasks_of(essor, &bob_id).await].concat();
    assert_eq!(moved.len(), 3);
    let told = essor.ask(&ann, Method::GET, "/notifications", None).await.good();
    let told = &told["items"][0];
    assert_eq!((text(&told["kind"]), &told["params"]["clients"]), ("clients_received", &json!(at_ann)));
    let list = essor.get("/clients/reassignments").await;
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["action"]["returnsOn"]), (&json!(id), &json!("2026-07-01")));

    // One client goes on to somebody else meanwhile: it stays there. The others come back on the day, and only then.
    let kept = essor.get("/clients?owner=ann@acme.example").await["items"][0]["externalId"].clone();
    essor.post("/clients", client(text(&kept)).with("owner", "Somebody Else")).await;
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    come_back(&essor.app, essor.home().workspace, day("2026-06-30")).await.unwrap();
    essor.settle().await;
    assert_eq!(essor.get(&format!("/clients/bulk/{id}")).await["state"], "done");
    essor.set_clock("2026-07-01T10:00:00Z");
    come_back(&essor.app, essor.home().workspace, day("2026-07-01")).await.unwrap();
    essor.settle().await;
    let run = essor.get(&format!("/clients/bulk/{id}")).await;
    assert_eq!((&run["state"], &run["undone"], &run["kept"]), (&json!("undone"), &json!(4), &json!(1)));
    let back = essor.get("/clients?where=owner%20%3D%20%22marie@acme.example%22").await;
    assert_eq!(back["total"], 4);
    assert_eq!(tasks_of(essor, &marie).await, ["Of free", "Of m0", "Of nobody"]);
    // It does not come back twice.
    come_back(&essor.app, essor.home().workspace, day("2026-07-02")).await.unwrap();
    assert_eq!(essor.get(&format!("/clients/bulk/{id}")).await["state"], "undone");
});

story!(who_has_left_still_has_a_book, |essor| async {
    let (_, marie) = marie(essor).await;
    let (_, ann) = member(essor, "ann@acme.example").await;
    assert!(essor.delete(&format!("/members/{marie}")).await.status.is_success());
    let body = json!({"from": "marie@acme.example", "receivers": [ann]});
    let preview = essor.post("/clients/reassignments/preview", body.clone()).await;
    assert_eq!((&preview["fromUserId"], &preview["clients"], &preview["tasks"]), (&Value::Null, &json!(6), &json!(3)));
    let id = essor.post("/clients/reassignments", body).await["id"].as_str().unwrap().to_owned();
    essor.settle().await;
    assert_eq!(essor.get("/clients?owner=ann@acme.example").await["total"], 6);
    assert_eq!(tasks_of(essor, &ann).await.len(), 3);
    essor.post(&format!("/clients/bulk/{id}/undo"), json!({})).await;
    essor.settle().await;
    assert_eq!(essor.get("/clients?owner=ann@acme.example").await["total"], 0);
    assert_eq!(owner_of(essor, "m5").await, "MARIE@ACME.EXAMPLE", "as it was written");
});

story!(a_saved_view_filters_the_growth_page, |essor| async {
    for (id, segment, cents) in [("a", "PME", 10_000), ("b", "PME", 20_000), ("c", "ETI", 40_000)] {
        essor.post("/clients", client(id).with("segment", segment).with("country", "FR")).await;
        let line = subscription(&format!("s-{id}"), id, "2026-01-10", cents).with("product", format!("P-{segment}"));
        essor.post("/subscriptions", line).await;
    }
    // One of them has left: its history is the view's too.
    essor.post("/clients", client("gone").with("segment", "PME")).await;
    let gone =
        subscription("s-gone", "gone", "2026-02-01", 5_000).with("endDate", "2026-06-01").with("product", "P-PME");
    essor.post("/subscriptions", gone).await;
    essor.settle().await;
    let view = async |name: &str, where_: &str| {
        let made = essor.post("/clients/views", json!({"name": name, "where": where_})).await;
        text(&made["id"]).to_owned()
    };
    let sme = view("SME", "segment = \"PME\"").await;
    let rich = view("Rich", "mrr >= 200").await;
    // The view that says the same as the filter by segment has the same figures, everywhere.
    for path in [
        "/growth/summary?",
        "/growth/history?months=6&",
        "/growth/movements?from=2025-12-31&",
        "/growth/movements/clients?from=2025-12-31&",
        "/growth/metrics?months=12&",
        "/growth/cohorts?",
        "/forecast?horizon=3&split=product&",
        "/forecast?horizon=3&split=segment&",
        "/health/portfolio?",
        "/opportunities?state=all&",
        "/opportunities/matrix?",
    ] {
        let by_view = essor.get(&format!("{path}view={sme}")).await;
        let by_segment = essor.get(&format!("{path}segment=PME")).await;
        assert_eq!(by_view, by_segment, "{path}");
    }
    let summary = essor.get(&format!("/growth/summary?view={rich}")).await;
    assert_eq!((&summary["mrrCents"], &summary["activeClients"]), (&json!(60_000), &json!(2)));
    // Both filters hold; what was is that of the clients of today.
    let both = essor.get(&format!("/growth/summary?view={rich}&segment=PME")).await;
    assert_eq!((&both["mrrCents"], &both["previousMrrCents"]), (&json!(20_000), &json!(20_000)));
    let product = essor.get(&format!("/growth/summary?view={sme}&product=P-ETI")).await;
    assert_eq!((&product["mrrCents"], &product["clientsTotal"]), (&json!(0), &json!(0)));
    let as_of = essor.get(&format!("/growth/summary?view={sme}&asOf=2026-05-31")).await;
    assert_eq!(as_of["mrrCents"], essor.get("/growth/summary?segment=PME&asOf=2026-05-31").await["mrrCents"]);
    // A view that one does not see is none.
    let other = essor.place("Other").await;
    for path in
        ["/growth/summary", "/growth/metrics", "/forecast", "/growth/cohorts", "/health/portfolio", "/opportunities"]
    {
        essor.ask(&other.owner, Method::GET, &format!("{path}?view={sme}"), None).await.refused(404, "not_found");
    }
});
