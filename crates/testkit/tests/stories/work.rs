//! Opportunities, tasks, notifications and the best next moves: from a fact to what somebody does about it.

use essor_domain::identity::Role;
use essor_testkit::{Essor, Who, client, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

async fn patch(essor: &Essor, who: &Who, path: &str, body: Value) -> essor_testkit::Answer {
    essor.ask(who, Method::PATCH, path, Some(&body)).await
}

fn cents(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no amount: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Use of the product on each day of a range, back from the story's noon, by two people.
async fn used(essor: &Essor, client: &str, days: std::ops::Range<i64>) {
    let noon = essor.app.clock.now();
    let mut messages = Vec::new();
    for back in days {
        let at = (noon - chrono::Duration::days(back) - chrono::Duration::hours(1)).to_rfc3339();
        for (who, event) in [("ada", "Signed In"), ("ada", "Report Exported"), ("bob", "Signed In")] {
            messages.push(track(&format!("{client}-{at}-{who}-{event}"), who, event).of(client).at(&at));
        }
    }
    for chunk in messages.chunks(100) {
        essor.usage(chunk.to_vec()).await;
    }
}

/// All opportunities of a client, whatever their state.
async fn opportunities(essor: &Essor, external_id: &str) -> Vec<Value> {
    let id = essor.client_id(external_id).await;
    let page = essor.get(&format!("/opportunities?state=all&client={id}")).await;
    page["items"].as_array().unwrap().clone()
}

/// Measured days of a quota; sent again for a day, it corrects it.
async fn quota(essor: &Essor, client: &str, value: f64, days: i64) {
    let noon = essor.app.clock.now();
    let measures: Vec<Value> = (0..days)
        .map(|back| {
            let at = noon - chrono::Duration::days(back);
            let data = json!({"name": "storage", "value": value, "limit": 100});
            let id = format!("{client}-{}", at.date_naive());
            signal("metric", &id, client, &format!("{}T10:00:00Z", at.date_naive()), data).into()
        })
        .collect();
    essor.post("/signals", Value::Array(measures)).await;
}

story!(use_collapses_and_somebody_brings_it_back, |essor| async {
    essor.post("/clients", client("acme").with("since", "2025-01-01").with("owner", "Inès Morel")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2025-01-01", 50_000)).await;
    used(essor, "acme", 0..100).await;
    essor.settle().await;
    let healthy = essor.of_client("acme", "").await["health"].as_i64().unwrap();
    assert!(healthy >= 65, "{healthy}");
    assert!(opportunities(essor, "acme").await.is_empty());
    let workspace = essor.home().workspace;
    let ines = essor.person(workspace, "ines@acme.example", Role::Member).await;
    let me = essor.ask(&ines, Method::GET, "/session", None).await.good();
    essor.ask(&ines, Method::PATCH, "/session", Some(&json!({"name": "Inès Morel"}))).await.good();
    let mut page = essor.listen(&ines, None).await;
    assert_eq!(page.next().await.unwrap().event, "hello");

    // Three weeks of silence.
    essor.set_clock("2026-07-09T12:00:00Z");
    essor_app::jobs::drain(&essor.app).await.unwrap();
    essor.post("/clients", client("acme").with("industry", "Fashion")).await;
    essor.settle().await;
    let fallen = essor.of_client("acme", "").await["health"].as_i64().unwrap();
    assert!(fallen < 60, "{fallen}");
    page.until("notifications").await;

    // Who is in charge is told, and nobody else.
    let inbox = essor.ask(&ines, Method::GET, "/notifications", None).await.good();
    let kinds: Vec<&str> = inbox["items"].as_array().unwrap().iter().map(|n| text(&n["kind"])).collect();
    assert!(kinds.contains(&"health_fell") && kinds.contains(&"opportunity_found"), "{inbox}");
    assert_eq!(inbox["unread"], 2);
    let fell = inbox["items"].as_array().unwrap().iter().find(|n| n["kind"] == "health_fell").unwrap();
    assert_eq!(fell["params"], json!({"from": healthy, "to": fallen}));
    assert_eq!((&fell["asks"], &fell["clientName"]), (&json!(true), &json!("Client acme")));
    assert_eq!(essor.get("/notifications").await["unread"], 0, "the owner of the workspace is not in charge");

    // Scored again and again, nobody is told twice.
    for hour in 13..16 {
        essor.set_clock(&format!("2026-07-09T{hour}:00:00Z"));
        essor.post("/clients", client("acme").with("industry", format!("Fashion {hour}"))).await;
        essor.settle().await;
    }
    assert_eq!(essor.ask(&ines, Method::GET, "/notifications", None).await.good()["unread"], 2);

    // The best next move is to save the client, and one call does it: the task is there, the opportunity accepted.
    let moves = essor.ask(&ines, Method::GET, "/growth/actions", None).await.good();
    let best = &moves["items"][0];
    assert_eq!(best["opportunity"]["detector"], "retention");
    assert_eq!((&best["opportunity"]["amountCents"], &best["ownerName"]), (&json!(50_000), &json!("Inès Morel")));
    // Before there is a history: one critical client in four leaves, and one of three that would is kept.
    assert_eq!((&best["expectedCents"], &moves["expectedCents"]), (&json!(4_167), &json!(4_167)));
    assert_eq!(best["due"], "2026-07-10");
    let new = json!({
        "title": "Appeler Client acme", "origin": "action", "due": best["due"], "ownerId": best["ownerId"],
        "priority": best["priority"], "opportunityId": best["opportunity"]["id"],
    });
    let task = essor.ask(&ines, Method::POST, "/tasks", Some(&new)).await.good();
    assert_eq!((&task["clientName"], &task["ownerId"]), (&json!("Client acme"), &me["user"]["id"]));
    assert_eq!(opportunities(essor, "acme").await[0]["state"], "accepted");
    let after = essor.ask(&ines, Method::GET, "/growth/actions", None).await.good();
    assert_eq!(after["items"], json!([]), "it is under way");
    let tasks = essor.ask(&ines, Method::GET, "/tasks", None).await.good();
    assert_eq!(tasks["counts"], json!({"overdue": 0, "today": 0, "later": 1, "done": 0}));

    // Undone: the task goes, the opportunity is open again.
    let path = format!("/tasks/{}", text(&task["id"]));
    let opportunity = format!("/opportunities/{}", text(&best["opportunity"]["id"]));
    assert_eq!(essor.ask(&ines, Method::DELETE, &path, None).await.status, 204);
    patch(essor, &ines, &opportunity, json!({"state": "open"})).await.good();
    assert_eq!(essor.ask(&ines, Method::GET, "/growth/actions", None).await.good()["items"][0]["key"], best["key"]);
    // And done after all.
    assert_eq!(essor.ask(&ines, Method::POST, &format!("{path}/restore"), None).await.status, 204);
    patch(essor, &ines, &opportunity, json!({"state": "accepted"})).await.good();
    let done = patch(essor, &ines, &path, json!({"done": true})).await.good();
    assert_eq!(done["doneByName"], "Inès Morel");
    assert!(done["doneAt"].is_string());

    // They come back: the score rises, the alarm is set again and the opportunity can be won.
    essor.set_clock("2026-07-30T12:00:00Z");
    used(essor, "acme", 0..20).await;
    essor.settle().await;
    let back = essor.of_client("acme", "").await["health"].as_i64().unwrap();
    assert!(back >= 65, "{back}");
    assert_eq!(opportunities(essor, "acme").await[0]["state"], "accepted", "what somebody works on stays theirs");
    let won = patch(essor, &ines, &opportunity, json!({"state": "won", "amountCents": 50_000})).await.good();
    assert_eq!((&won["state"], &won["wonCents"], &won["recorded"]), (&json!("won"), &json!(50_000), &json!(false)));
    // A second fall is another event.
    essor.set_clock("2026-08-25T12:00:00Z");
    essor.post("/clients", client("acme").with("industry", "Fashion")).await;
    essor.settle().await;
    let inbox = essor.ask(&ines, Method::GET, "/notifications", None).await.good();
    let falls = inbox["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "health_fell").count();
    assert_eq!(falls, 2, "{inbox}");
});

story!(a_quota_at_92_percent_becomes_an_expansion, |essor| async {
    essor.post("/clients", client("acme").with("segment", "PME")).await;
    essor.post("/clients", client("calm").with("segment", "PME")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    essor.post("/subscriptions", subscription("t", "calm", "2026-01-01", 50_000)).await;
    quota(essor, "acme", 92.0, 30).await;
    quota(essor, "calm", 79.0, 30).await;
    essor.settle().await;
    assert!(opportunities(essor, "calm").await.is_empty());
    let found = opportunities(essor, "acme").await;
    assert_eq!(found.len(), 1, "{found:?}");
    let one = &found[0];
    assert_eq!((&one["detector"], &one["list"], &one["state"]), (&json!("quota"), &json!("expansion"), &json!("open")));
    // 92 is 80 % of 115: fifteen of a hundred more, at the price of today.
    assert_eq!((&one["amountCents"], &one["probability"]), (&json!(7_500), &json!(0.5)));
    assert_eq!((&one["expectedCents"], &one["since"]), (&json!(3_750), &json!("2026-06-17")));
    let params = &one["evidence"][0]["params"];
    assert_eq!(params, &json!({"name": "storage", "pct": 92, "value": 92, "limit": 100, "needed": 115, "days": 30}));
    // Looked at again without anything new, it is the same.
    essor.post("/clients", client("acme").with("industry", "Fashion")).await;
    essor.settle().await;
    assert_eq!(&opportunities(essor, "acme").await, &found);

    // Dismissed it is not found again while its evidence stands…
    let path = format!("/opportunities/{}", text(&one["id"]));
    essor
        .ask(&essor.home().owner, Method::PATCH, &path, Some(&json!({"state": "dismissed"})))
        .await
        .refused(422, "field_required");
    let odd = json!({"state": "dismissed", "reason": "weather"});
    patch(essor, &essor.home().owner, &path, odd).await.refused(422, "opportunities_reason_unknown");
    essor.patch(&path, json!({"state": "dismissed", "reason": "bad_timing", "note": "After summer"})).await;
    essor.set_clock("2026-06-18T12:00:00Z");
    quota(essor, "acme", 93.0, 1).await;
    essor.settle().await;
    let states: Vec<Value> = opportunities(essor, "acme").await.iter().map(|o| o["state"].clone()).collect();
    assert_eq!(states, [json!("dismissed")]);
    // …and is found anew once it was gone and came back.
    quota(essor, "acme", 40.0, 1).await;
    essor.settle().await;
    quota(essor, "acme", 94.0, 1).await;
    essor.settle().await;
    let mut states: Vec<String> =
        opportunities(essor, "acme").await.iter().map(|o| text(&o["state"]).to_owned()).collect();
    states.sort();
    assert_eq!(states, ["dismissed", "open"]);

    // One whose evidence goes by itself expires, and stays to be read.
    quota(essor, "acme", 41.0, 1).await;
    essor.settle().await;
    let page = essor.get("/opportunities?state=expired").await;
    assert_eq!(page["total"], 1);
    let expired = format!("/opportunities/{}", text(&page["items"][0]["id"]));
    patch(essor, &essor.home().owner, &expired, json!({"state": "open"})).await.refused(409, "opportunities_step");
    let life = essor.get(&expired).await;
    let steps: Vec<&str> = life["steps"].as_array().unwrap().iter().map(|s| text(&s["state"])).collect();
    assert_eq!(steps, ["open", "expired"]);
});

story!(a_win_moves_the_probability_and_the_ledger_when_asked, |essor| async {
    for (id, cents) in [("one", 40_000), ("two", 60_000)] {
        essor.post("/clients", client(id).with("segment", "PME")).await;
        let line = subscription(&format!("s-{id}"), id, "2026-01-01", cents / 10).with("quantity", 10);
        essor.post("/subscriptions", line).await;
        quota(essor, id, 92.0, 30).await;
    }
    essor.settle().await;
    let page = essor.get("/opportunities?list=expansion").await;
    assert_eq!(page["total"], 2);
    // The figures of the list are the sums of its rows.
    let sum = |field: &str| page["items"].as_array().unwrap().iter().map(|o| o[field].as_i64().unwrap()).sum::<i64>();
    let totals = &page["totals"]["expansion"];
    assert_eq!(
        (&totals["amountCents"], &totals["expectedCents"]),
        (&json!(sum("amountCents")), &json!(sum("expectedCents")))
    );
    assert_eq!((&totals["count"], &totals["clients"]), (&json!(2), &json!(2)));
    // The best first, page by page.
    let first = essor.get("/opportunities?limit=1").await;
    assert_eq!(first["items"][0]["clientName"], "Client two");
    let next = essor.get(&format!("/opportunities?limit=1&cursor={}", text(&first["nextCursor"]))).await;
    assert_eq!((&next["items"][0]["clientName"], &next["nextCursor"]), (&json!("Client one"), &Value::Null));

    let path_of = async |id: &str| format!("/opportunities/{}", text(&opportunities(essor, id).await[0]["id"]));
    let (one, two) = (path_of("one").await, path_of("two").await);
    let mrr = async || essor.get("/growth/summary").await["mrrCents"].as_i64().unwrap();
    let probability = async || opportunities(essor, "two").await[0]["probability"].as_f64().unwrap();
    assert_eq!(mrr().await, 100_000);
    // Won without a word about the subscription: the ledger stays, what is alike becomes likelier.
    let owner = &essor.home().owner;
    patch(essor, owner, &one, json!({"state": "won"})).await.refused(422, "field_required");
    patch(essor, owner, &one, json!({"state": "won", "amountCents": -1})).await.refused(422, "growth_amount_negative");
    essor.patch(&one, json!({"state": "won", "amountCents": 6_000})).await;
    assert_eq!(mrr().await, 100_000);
    assert!((probability().await - 4.0 / 7.0).abs() < 1e-12);
    let two_now = &opportunities(essor, "two").await[0];
    assert_eq!(two_now["expectedCents"], json!((9_000.0_f64 * 4.0 / 7.0).round() as i64));
    assert_eq!(essor.get(&two).await["won"], 1);
    // Taken back, and won with its subscription: both move, in one step.
    essor.patch(&one, json!({"state": "open"})).await;
    assert!((probability().await - 0.5).abs() < 1e-12);
    let unknown = json!({"state": "won", "amountCents": 1, "subscription": {"externalId": "s-two", "amountCents": 1}});
    patch(essor, owner, &one, unknown).await.refused(422, "opportunities_subscription_unknown");
    let negative =
        json!({"state": "won", "amountCents": 1, "subscription": {"externalId": "s-one", "amountCents": -1}});
    let params = patch(essor, owner, &one, negative).await.refused(422, "growth_amount_negative");
    assert_eq!(params["field"], "subscription.amountCents");
    assert_eq!(essor.get(&one).await["state"], "open", "nothing is half done");
    let record = json!({"externalId": "s-one", "amountCents": 4_600});
    let won = essor.patch(&one, json!({"state": "won", "amountCents": 6_000, "subscription": record})).await;
    assert_eq!(won["recorded"], true);
    assert_eq!(mrr().await, 106_000);
    let moved = essor.of_client("one", "/movements").await;
    let last = moved["items"].as_array().unwrap().iter().find(|m| m["kind"] == "expansion").unwrap();
    assert_eq!((&last["deltaCents"], &last["day"]), (&json!(6_000), &json!("2026-06-17")));
    // Taken back, the subscription is what it was.
    essor.patch(&one, json!({"state": "open"})).await;
    assert_eq!(mrr().await, 100_000);
    assert_eq!(essor.of_client("one", "/subscriptions").await["items"][0]["amountCents"], 4_000);

    // Put off, it comes back on its day.
    let snooze = |until: &str| json!({"state": "snoozed", "until": until});
    patch(essor, owner, &two, snooze("2026-06-17")).await.refused(422, "opportunities_snooze_past");
    essor.patch(&two, snooze("2026-06-19")).await;
    assert_eq!(essor.get("/opportunities").await["total"], 1);
    essor.set_clock("2026-06-18T12:00:00Z");
    quota(essor, "two", 92.0, 1).await;
    essor.settle().await;
    assert_eq!(opportunities(essor, "two").await[0]["state"], "snoozed");
    essor.set_clock("2026-06-19T12:00:00Z");
    quota(essor, "two", 92.0, 1).await;
    essor.settle().await;
    assert_eq!(opportunities(essor, "two").await[0]["state"], "open");
    essor.patch(&two, json!({"state": "lost", "reason": "price"})).await;
    let totals = essor.get("/opportunities?state=all").await;
    assert_eq!(totals["states"], json!({"open": 1, "lost": 1}));
});

/// An invoice that was due so many days before the story's noon and is not paid.
async fn overdue(essor: &Essor, client: &str, days: i64) {
    let due = (essor.app.clock.now() - chrono::Duration::days(days)).date_naive();
    let data = json!({"amountCents": 10_000, "dueDate": due, "number": format!("F-{client}")});
    essor.post("/signals", signal("payment", &format!("f-{client}"), client, &format!("{due}T10:00:00Z"), data)).await;
}

story!(retention_learns_from_what_was_kept_and_what_was_lost, |essor| async {
    for (id, segment) in [("one", "PME"), ("two", "PME"), ("far", "ETI")] {
        essor.post("/clients", client(id).with("segment", segment)).await;
        essor.post("/subscriptions", subscription(&format!("s-{id}"), id, "2026-01-01", 60_000)).await;
        overdue(essor, id, 40).await;
    }
    essor.settle().await;
    let of = async |id: &str| opportunities(essor, id).await[0].clone();
    let expected = async |id: &str| cents(&of(id).await["expectedCents"]);
    let one = format!("/opportunities/{}", text(&of("one").await["id"]));
    let two = format!("/opportunities/{}", text(&of("two").await["id"]));
    assert_eq!(of("one").await["detector"], "retention");
    // A quarter leaves, by Beta(4, 12); of those a third is kept, by Beta(2, 4): 600.00 / 12.
    assert_eq!((expected("two").await, expected("far").await), (5_000, 5_000));
    let detail = essor.get(&two).await;
    assert_eq!(detail["lossProbability"], json!(0.25));
    assert_eq!(detail["savedProbability"], json!(2.0 / 6.0));

    // Kept: three in seven. Only of its own segment.
    essor.patch(&one, json!({"state": "won", "amountCents": 60_000})).await;
    assert_eq!((expected("two").await, expected("far").await), (6_429, 5_000));
    // Lost instead: two in seven.
    essor.patch(&one, json!({"state": "open"})).await;
    assert_eq!(expected("two").await, 5_000);
    essor.patch(&one, json!({"state": "lost", "reason": "price"})).await;
    assert_eq!(expected("two").await, 4_286);
    // What is found again agrees, and so does the move.
    essor.post("/clients", client("two").with("industry", "Fashion")).await;
    essor.settle().await;
    assert_eq!(expected("two").await, 4_286);
    let id = essor.client_id("two").await;
    assert_eq!(essor.get(&format!("/growth/actions?client={id}")).await["items"][0]["expectedCents"], 4_286);
});

story!(the_filters_of_the_page_are_those_of_its_opportunities, |essor| async {
    // Each client: segment, owner, products, and what is found at it.
    type Told<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a [&'a str], &'a str);
    let told: [Told; 5] = [
        ("a", Some("PME"), Some("Ada"), &["Suite"], "quota"),
        ("b", Some("PME"), None, &["Suite", "API"], "invoice"),
        ("c", None, Some("Ada"), &["API"], "quota"),
        ("d", Some("ETI"), Some("Bob"), &["Suite"], "renewal"),
        ("e", None, None, &["API"], "invoice"),
    ];
    for (id, segment, owner, products, what) in told {
        essor.post("/clients", client(id).with("segment", segment).with("owner", owner)).await;
        for product in products {
            let line = subscription(&format!("{id}-{product}"), id, "2026-01-01", 30_000).with("product", *product);
            let line = if what == "renewal" { line.with("endDate", "2026-08-01") } else { line };
            essor.post("/subscriptions", line).await;
        }
        match what {
            "quota" => quota(essor, id, 92.0, 30).await,
            "invoice" => overdue(essor, id, 40).await,
            _ => used(essor, id, 0..60).await,
        }
    }
    // Gave the API up: it is found at, yet pays for the Suite alone.
    essor.post("/subscriptions", subscription("a-API", "a", "2026-01-01", 9_000).with("product", "API")).await;
    let ended = subscription("a-API", "a", "2026-01-01", 9_000).with("product", "API").with("endDate", "2026-05-01");
    essor.post("/subscriptions", ended).await;
    essor.settle().await;
    let view = json!({"name": "Ours", "where": "segment = \"PME\""});
    let view = essor.post("/clients/views", view).await["id"].clone();
    let all = essor.get("/opportunities?limit=200").await["items"].as_array().unwrap().clone();
    let lists: std::collections::HashSet<&str> = all.iter().map(|o| text(&o["list"])).collect();
    assert_eq!(lists.len(), 3, "{all:?}");

    let slices: [(String, &[&str]); 8] = [
        ("segment=PME".into(), &["a", "b"]),
        ("segment=-".into(), &["c", "e"]),
        ("owner=Ada".into(), &["a", "c"]),
        ("owner=-".into(), &["b", "e"]),
        ("product=API".into(), &["b", "c", "e"]),
        ("product=Suite&segment=PME".into(), &["a", "b"]),
        (format!("view={}", text(&view)), &["a", "b"]),
        ("segment=Nobody".into(), &[]),
    ];
    for (slice, takes) in slices {
        let names: Vec<String> = takes.iter().map(|id| format!("Client {id}")).collect();
        let inside = |o: &&Value| names.iter().any(|name| o["clientName"] == name.as_str());
        let rows: Vec<&Value> = all.iter().filter(inside).collect();
        let page = essor.get(&format!("/opportunities?{slice}&limit=200")).await;
        let ids = |rows: &mut dyn Iterator<Item = &Value>| rows.map(|o| text(&o["id"]).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            ids(&mut page["items"].as_array().unwrap().iter()),
            ids(&mut rows.iter().copied()),
            "rows of {slice}"
        );
        assert_eq!(page["total"], rows.len(), "{slice}");
        for list in ["expansion", "retention", "conversation"] {
            let of: Vec<&&Value> = rows.iter().filter(|o| o["list"] == list).collect();
            let expected: i64 = of.iter().map(|o| cents(&o["expectedCents"])).sum();
            let totals = &page["totals"][list];
            assert_eq!((&totals["count"], &totals["expectedCents"]), (&json!(of.len()), &json!(expected)), "{slice}");
        }
        // The best of them, one a client, and none of anybody else.
        let moves = essor.get(&format!("/growth/actions?{slice}&limit=10")).await;
        let mut of: Vec<&str> = moves["items"].as_array().unwrap().iter().map(|m| text(&m["clientName"])).collect();
        of.sort_unstable();
        assert_eq!(of, names, "moves of {slice}");
    }

    // Nothing is left out for the list that it is in, and all of it is news.
    let moves = essor.get("/growth/actions?limit=10").await;
    let found = moves["items"].as_array().unwrap().iter().any(|m| m["opportunity"]["list"] == "conversation");
    assert!(found, "{moves}");
});

story!(tasks_are_written_done_taken_away_and_had_back, |essor| async {
    essor.post("/clients", client("acme")).await;
    let id = essor.client_id("acme").await;
    let workspace = essor.home().workspace;
    let member = essor.person(workspace, "bob@acme.example", Role::Member).await;
    let bob = essor.ask(&member, Method::GET, "/session", None).await.good()["user"]["id"].clone();
    for (bad, code) in [
        (json!({"title": "  "}), "field_required"),
        (json!({"title": "x".repeat(201)}), "field_too_long"),
        (json!({"title": "a", "priority": "asap"}), "tasks_priority_unknown"),
        (json!({"title": "a", "origin": "sky"}), "tasks_origin_unknown"),
        (json!({"title": "a", "ownerId": uuid::Uuid::now_v7()}), "tasks_owner_unknown"),
    ] {
        essor.try_post("/tasks", bad).await.refused(422, code);
    }
    essor.try_post("/tasks", json!({"title": "a", "clientId": uuid::Uuid::now_v7()})).await.refused(404, "not_found");
    essor.try_post("/tasks", json!({"title": "a", "due": "soon"})).await.refused(400, "bad_request");

    for (title, due, priority) in [
        ("Later", Some("2026-06-20"), "normal"),
        ("Whenever", None, "urgent"),
        ("Today, low", Some("2026-06-17"), "low"),
        ("Today, high", Some("2026-06-17"), "high"),
        ("Overdue", Some("2026-06-01"), "low"),
    ] {
        let mut task = json!({"title": title, "priority": priority, "clientId": id});
        due.into_iter().for_each(|day| task["due"] = day.into());
        essor.post("/tasks", task).await;
    }
    let titles = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|t| text(&t["title"]).to_owned()).collect()
    };
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = essor.get(&format!("/tasks?limit=2&cursor={cursor}")).await;
        assert_eq!(page["counts"], json!({"overdue": 1, "today": 2, "later": 2, "done": 0}));
        all.extend(titles(&page));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(all, ["Overdue", "Today, high", "Today, low", "Later", "Whenever"]);
    for (when, expected) in [("overdue", 1), ("today", 2), ("later", 2), ("done", 0)] {
        assert_eq!(titles(&essor.get(&format!("/tasks?when={when}&client={id}")).await).len(), expected, "{when}");
    }
    essor.ask(&essor.home().owner, Method::GET, "/tasks?when=never", None).await.refused(422, "tasks_when_unknown");
    assert_eq!(essor.ask(&member, Method::GET, "/tasks", None).await.good()["items"], json!([]), "they are not Bob's");

    // Given to Bob: he is told, once, and finds it in his day.
    let first = essor.get("/tasks?when=overdue").await["items"][0].clone();
    let path = format!("/tasks/{}", text(&first["id"]));
    essor.patch(&path, json!({"ownerId": bob, "note": "Before noon"})).await;
    essor.patch(&path, json!({"ownerId": bob, "due": null})).await;
    let inbox = essor.ask(&member, Method::GET, "/notifications", None).await.good();
    assert_eq!((&inbox["unread"], &inbox["items"][0]["kind"]), (&json!(1), &json!("task_assigned")));
    let his = essor.ask(&member, Method::GET, "/tasks", None).await.good();
    assert_eq!((&his["items"][0]["note"], &his["items"][0]["due"]), (&json!("Before noon"), &Value::Null));

    // Read, unread, all read; and Bob may not want to know.
    let read = json!({"ids": [inbox["items"][0]["id"]]});
    let mark = async |body: &Value| essor.ask(&member, Method::POST, "/notifications/read", Some(body)).await.good();
    assert_eq!(mark(&read).await["unread"], 0);
    assert_eq!(mark(&json!({"ids": [inbox["items"][0]["id"]], "read": false})).await["unread"], 1);
    assert_eq!(essor.post("/notifications/read", json!({"ids": [inbox["items"][0]["id"]]})).await["unread"], 0);
    let still = essor.ask(&member, Method::GET, "/notifications", None).await.good();
    assert_eq!(still["unread"], 1, "others cannot read for him");
    assert_eq!(mark(&json!({})).await["unread"], 0);
    let wishes = json!({"kinds": [{"kind": "task_assigned", "inApp": false}]});
    essor.ask(&member, Method::PUT, "/notifications/preferences", Some(&wishes)).await.good();
    essor.post("/tasks", json!({"title": "Another", "ownerId": bob})).await;
    assert_eq!(essor.ask(&member, Method::GET, "/notifications", None).await.good()["unread"], 0);
    let odd = json!({"kinds": [{"kind": "rain", "inApp": true}]});
    essor
        .ask(&member, Method::PUT, "/notifications/preferences", Some(&odd))
        .await
        .refused(422, "notifications_kind_unknown");

    // Done and taken back, away and had back.
    essor.patch(&path, json!({"done": true})).await;
    assert_eq!(essor.get("/tasks?owner=all&when=done").await["items"][0]["id"], first["id"]);
    assert_eq!(essor.patch(&path, json!({"done": false})).await["doneAt"], Value::Null);
    assert_eq!(essor.delete(&path).await.status, 204);
    essor.delete(&path).await.refused(404, "not_found");
    assert_eq!(essor.try_post(&format!("{path}/restore"), json!({})).await.status, 204);
    assert_eq!(essor.get("/tasks?owner=all").await["counts"]["later"], 4);
});

story!(a_late_invoice_is_told_once_and_becomes_a_move, |essor| async {
    essor.post("/clients", client("acme")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    let invoice = |paid: Option<&str>| {
        let data = json!({"amountCents": 60_000, "dueDate": "2026-06-20", "number": "F-7"});
        let invoice = signal("payment", "f7", "acme", "2026-05-20T10:00:00Z", data);
        paid.map_or_else(|| invoice.clone(), |at| invoice.clone().with("endedAt", at))
    };
    essor.post("/signals", invoice(None)).await;
    essor.settle().await;
    assert_eq!(essor.get("/growth/actions").await["items"], json!([]));
    essor.set_clock("2026-06-22T12:00:00Z");
    for _ in 0..2 {
        essor.post("/signals", invoice(None)).await;
        essor.settle().await;
    }
    let inbox = essor.get("/notifications").await;
    assert_eq!((&inbox["unread"], &inbox["items"][0]["kind"]), (&json!(1), &json!("invoice_late")), "{inbox}");
    let best = essor.get("/growth/actions").await["items"][0].clone();
    assert_eq!((&best["invoice"]["number"], &best["invoice"]["daysLate"]), (&json!("F-7"), &json!(2)));
    // 500.00 at stake, a client in good health but for two days: one in fifty leaves, and a third of those are kept.
    assert_eq!(best["expectedCents"], 333);
    let task = json!({"title": "Relancer F-7", "origin": "action", "clientId": best["clientId"], "due": "2026-06-10"});
    essor.post("/tasks", task).await;
    // What waits too long is itself the move.
    let best = essor.get("/growth/actions").await["items"][0].clone();
    assert_eq!(best["task"]["title"], "Relancer F-7");
    // Over thirty days late its MRR is at stake; paid, it no longer is.
    for day in ["2026-07-10", "2026-07-25"] {
        essor.set_clock(&format!("{day}T12:00:00Z"));
        essor.post("/clients", client("acme").with("industry", day)).await;
        essor.settle().await;
    }
    let found = opportunities(essor, "acme").await;
    let told = found[0]["evidence"].as_array().unwrap().iter().any(|e| e["key"] == "invoice_late");
    assert!(found[0]["list"] == "retention" && told, "{found:?}");
    essor.post("/signals", invoice(Some("2026-07-25T11:00:00Z"))).await;
    essor.settle().await;
    assert_eq!(opportunities(essor, "acme").await[0]["state"], "expired");
});

story!(the_words_for_a_limit_are_the_workspaces_own, |essor| async {
    essor.post("/clients", client("acme")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 40_000)).await;
    for day in ["01", "05", "09"] {
        let at = format!("2026-06-{day}T10:00:00Z");
        essor.usage([track(&format!("m{day}"), "ada", "Plafond atteint").of("acme").at(&at)]).await;
    }
    essor.settle().await;
    assert_eq!(essor.get("/opportunities?list=expansion").await["total"], 0);
    assert_eq!(essor.get("/opportunities/settings").await["limitEvents"], json!(["limit_reached", "Limit Reached"]));
    essor.put("/opportunities/settings", json!({"limitEvents": ["Plafond atteint"]})).await;
    essor.settle().await;
    let found = essor.get("/opportunities?list=expansion").await["items"].clone();
    assert_eq!((&found[0]["detector"], &found[0]["amountCents"]), (&json!("limit_hits"), &json!(10_000)));
    assert_eq!(found[0]["evidence"][0]["params"], json!({"days": 3, "lastDay": "2026-06-09"}));
});
