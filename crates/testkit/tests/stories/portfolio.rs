//! The portfolio's health and what hangs on it: every figure is that of the clients it opens, whatever the filter.

use essor_domain::identity::Role;
use essor_testkit::{Build, Essor, client, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

fn cents(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no amount: {value}"))
}

fn product(id: &str, client: &str, product: &str, amount: i64) -> Build {
    subscription(id, client, "2026-01-01", amount).with("product", product)
}

/// Clients that do well, that owe, that are silent, of which nothing is known, and one that left.
async fn told(essor: &Essor) {
    essor.set_clock("2026-06-17T12:00:00Z");
    for (id, segment, owner) in [
        ("well", Some("PME"), Some("Ada")),
        ("owes", Some("PME"), Some("Bob")),
        ("owes more", Some("ETI"), Some("Ada")),
        ("silent", Some("ETI"), None),
        ("unknown", None, Some("Bob")),
        ("left", Some("PME"), Some("Ada")),
    ] {
        // Of a new client that has not begun nothing is known yet.
        let mut client = client(id).with("since", if id == "unknown" { "2026-06-12" } else { "2025-01-01" });
        if let Some(segment) = segment {
            client = client.with("segment", segment);
        }
        if let Some(owner) = owner {
            client = client.with("owner", owner);
        }
        essor.post("/clients", client).await;
    }
    for line in [
        product("w1", "well", "Suite", 10_001),
        product("w2", "well", "API", 3_003),
        product("o1", "owes", "Suite", 20_002),
        product("m1", "owes more", "API", 70_007),
        product("m2", "owes more", "Suite", 5_005).with("endDate", "2026-05-01"),
        product("s1", "silent", "Suite", 9_009),
        product("u1", "unknown", "API", 1_001),
        product("l1", "left", "Suite", 50_005).with("endDate", "2026-06-01"),
    ] {
        essor.post("/subscriptions", line).await;
    }
    let mut uses = Vec::new();
    for back in 0..60 {
        let at = (essor.app.clock.now() - chrono::Duration::days(back)).to_rfc3339();
        for id in ["well", "owes", "owes more"] {
            uses.push(track(&format!("{id}-{back}"), "ada", "Read").of(id).at(&at));
        }
        // It used the product until a month ago.
        if back > 30 {
            uses.push(track(&format!("silent-{back}"), "ada", "Read").of("silent").at(&at));
        }
    }
    for chunk in uses.chunks(100) {
        essor.usage(chunk.to_vec()).await;
    }
    for (id, due) in [("owes", "2026-05-01"), ("owes more", "2026-03-01")] {
        let late = json!({"amountCents": 20_000, "dueDate": due});
        essor.post("/signals", signal("payment", id, id, "2026-02-01T10:00:00Z", late)).await;
    }
    essor.settle().await;
}

const FILTERS: [&str; 9] = [
    "",
    "segment=PME",
    "segment=ETI",
    "segment=-",
    "owner=Ada",
    "owner=-",
    "product=Suite",
    "product=API",
    "segment=ETI&product=API",
];

story!(every_figure_of_health_is_that_of_the_clients_it_opens, |essor| async {
    told(essor).await;
    let opened = async |query: &str| essor.get(&format!("/clients?status=active&limit=200&{query}")).await;
    let mut causes = 0;
    for filter in FILTERS {
        let portfolio = essor.get(&format!("/health/portfolio?{filter}")).await;
        let all = opened(filter).await;
        let clients = all["items"].as_array().unwrap();
        let scores: Vec<i64> = clients.iter().filter_map(|c| c["health"].as_i64()).collect();
        assert_eq!(portfolio["scored"], scores.len(), "{filter}");
        assert_eq!(portfolio["unknown"], clients.len() - scores.len(), "{filter}");
        let mean = (!scores.is_empty()).then(|| scores.iter().sum::<i64>() as f64 / scores.len() as f64);
        assert_eq!(portfolio["mean"].as_f64(), mean, "{filter}");
        for (bin, count) in portfolio["bins"].as_array().unwrap().iter().enumerate() {
            let within = scores.iter().filter(|score| (**score / 10).min(9) == bin as i64).count();
            assert_eq!(count, within, "{bin} of {filter}");
        }
        let risky = opened(&format!("risk=true&{filter}")).await;
        assert_eq!(portfolio["atRisk"], risky["total"], "{filter}");
        assert_eq!(portfolio["atRiskMrrCents"], risky["sumMrrCents"], "{filter}");
        let summary = essor.get(&format!("/growth/summary?{filter}")).await;
        assert_eq!((&summary["atRiskClients"], &summary["atRiskMrrCents"]), (&risky["total"], &risky["sumMrrCents"]));
        assert_eq!(summary["scoredClients"], scores.len(), "{filter}");
        for risk in portfolio["risks"].as_array().unwrap() {
            let key = risk["key"].as_str().unwrap();
            let behind = opened(&format!("cause={key}&sort=-mrr&{filter}")).await;
            assert_eq!(
                (&behind["total"], &behind["sumMrrCents"]),
                (&risk["clients"], &risk["mrrCents"]),
                "{key} {filter}"
            );
            let items = behind["items"].as_array().unwrap();
            assert!(items.iter().all(|c| c["topRisk"]["key"] == key), "{key} {filter}");
            assert!(items.windows(2).all(|two| cents(&two[0]["mrrCents"]) >= cents(&two[1]["mrrCents"])));
            causes += 1;
        }
        let worried = clients.iter().filter(|c| !c["topRisk"].is_null()).count();
        let counted: i64 = portfolio["risks"].as_array().unwrap().iter().map(|risk| cents(&risk["clients"])).sum();
        assert_eq!(counted, worried as i64, "{filter}");
    }
    assert!(causes >= 8, "{causes}");
    let portfolio = essor.get("/health/portfolio").await;
    assert_eq!((&portfolio["unknown"], &portfolio["scored"]), (&json!(1), &json!(4)), "{portfolio}");
    assert!(cents(&portfolio["atRisk"]) >= 2, "{portfolio}");
    // Page by page, each once; a risk that nobody has opens nobody.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/clients?status=active&cause=invoice_late&sort=-mrr&limit=1&cursor={cursor}");
        let page = essor.get(&path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen, ["Client owes more", "Client owes"]);
    assert_eq!(opened("cause=moon_phase").await["total"], 0);
    let other = essor.place("Other").await;
    let theirs = essor.ask(&other.owner, Method::GET, "/clients?cause=invoice_late", None).await.good();
    assert_eq!(theirs["total"], 0);
});

story!(a_client_in_a_list_says_what_could_be_made_of_it, |essor| async {
    told(essor).await;
    let list = async || essor.get("/clients?status=all&limit=200").await["items"].as_array().unwrap().clone();
    let mut found = 0;
    for client in list().await {
        let id = client["id"].as_str().unwrap();
        // Open and accepted: what the list of opportunities shows unless it is asked for more.
        let behind = essor.get(&format!("/opportunities?client={id}&limit=200")).await;
        let worth: i64 = behind["items"].as_array().unwrap().iter().map(|o| cents(&o["expectedCents"])).sum();
        assert_eq!(
            (&client["opportunities"], &client["opportunitiesExpectedCents"]),
            (&behind["total"], &json!(worth)),
            "{client}"
        );
        found += cents(&client["opportunities"]);
    }
    assert!(found >= 2, "{found}");
    let owes = essor.client_id("owes").await;
    let behind = essor.get(&format!("/opportunities?client={owes}")).await;
    let one = format!("/opportunities/{}", behind["items"][0]["id"].as_str().unwrap());
    let before = essor.of_client("owes", "").await["opportunities"].clone();
    essor.patch(&one, json!({"state": "accepted"})).await;
    assert_eq!(essor.of_client("owes", "").await["opportunities"], before, "somebody works on it");
    essor.patch(&one, json!({"state": "snoozed", "until": "2026-07-17"})).await;
    assert_eq!(cents(&essor.of_client("owes", "").await["opportunities"]), cents(&before) - 1);
});

story!(a_veto_is_told_among_the_reasons_of_a_move, |essor| async {
    told(essor).await;
    // Due on 1 May: on 30 June it is sixty days late, and caps.
    essor.set_clock("2026-07-02T12:00:00Z");
    let uses = (0..15).map(|back| {
        let at = (essor.app.clock.now() - chrono::Duration::days(back)).to_rfc3339();
        track(&format!("again-{back}"), "ada", "Read").of("owes").at(&at)
    });
    essor.usage(uses).await;
    essor.settle().await;
    let moved = essor.of_client("owes", "/health/moves?from=2026-06-17&to=2026-07-02").await;
    assert_eq!(moved["from"]["caps"], json!([]));
    let cap = &moved["to"]["caps"][0];
    assert_eq!((&cap["key"], &cap["cap"]), (&json!("invoice_late"), &json!(50)), "{moved}");
    let risks = moved["to"]["risks"].as_array().unwrap();
    let reason = risks.iter().find(|risk| risk["key"] == "invoice_late").unwrap();
    assert_eq!(reason["params"]["days"], 62, "{reason}");
    let veto = moved["moves"].as_array().unwrap().iter().find(|part| part["component"].is_null()).unwrap();
    assert_eq!((&veto["before"], &veto["after"]), (&Value::Null, &json!(50)), "{moved}");
    let sum: f64 = moved["moves"].as_array().unwrap().iter().filter_map(|part| part["points"].as_f64()).sum();
    let change = cents(&moved["to"]["score"]) - cents(&moved["from"]["score"]);
    assert!((sum - change as f64).abs() < 1e-6, "{moved}");
});

/// The built-in profile.
async fn profile(essor: &Essor) -> Value {
    essor.get("/health/profiles").await["items"][0]["profile"].clone()
}

story!(weights_are_fitted_to_who_left, |essor| async {
    essor.set_clock("2025-08-20T09:00:00Z");
    // Forty clients; of those who left, each owed, and each used the product when those who stayed were away.
    let leaves = |n: usize| n < 22;
    let id = |n: usize| format!("c{n}");
    for n in 0..40 {
        essor.post("/clients", client(&id(n)).with("since", "2025-01-01")).await;
        essor.post("/subscriptions", subscription(&id(n), &id(n), "2025-06-01", 10_000)).await;
        let due = if leaves(n) { "2025-07-10" } else { "2025-08-15" };
        let invoice = json!({"amountCents": 10_000, "dueDate": due});
        let mut invoice = signal("payment", &id(n), &id(n), "2025-08-10T10:00:00Z", invoice);
        if !leaves(n) {
            invoice = invoice.with("endedAt", "2025-08-12T10:00:00Z");
        }
        essor.post("/signals", invoice).await;
        let away = 20 + n as i64 % 7;
        let days = if leaves(n) { 0..30 } else { away..70 };
        let uses = days.map(|back| {
            let at = (essor.app.clock.now() - chrono::Duration::days(back)).to_rfc3339();
            track(&format!("{n}-{back}"), "u", "Read").of(&id(n)).at(&at)
        });
        essor.usage(uses).await;
    }
    essor.settle().await;
    let draft = json!({"profile": profile(essor).await});
    let suggest = async || essor.post("/health/profiles/suggest", draft.clone()).await;

    // Nobody has left: nothing is invented.
    let early = suggest().await;
    assert_eq!((&early["weights"], &early["left"], &early["needed"]), (&Value::Null, &json!(0), &json!(10)), "{early}");
    assert_eq!(early["aucAfter"], Value::Null, "{early}");

    essor.set_clock("2025-10-20T09:00:00Z");
    for n in (0..40).filter(|n| leaves(*n)) {
        let line = subscription(&id(n), &id(n), "2025-06-01", 10_000).with("endDate", "2025-10-15");
        essor.post("/subscriptions", line).await;
    }
    essor.settle().await;
    essor.set_clock("2026-01-20T09:00:00Z");
    let found = suggest().await;
    assert_eq!((&found["left"], &found["stayed"]), (&json!(22), &json!(18)), "{found}");
    let (before, after) = (found["aucBefore"].as_f64().unwrap(), found["aucAfter"].as_f64().unwrap());
    assert!(after > before && after > 0.95, "{found}");
    assert!(found["aucUnseen"].as_f64().unwrap() > 0.9, "{found}");
    let weights = found["weights"].as_object().unwrap();
    assert_eq!(weights.values().map(cents).sum::<i64>(), 100);
    assert!(cents(&weights["payments"]) > 10 && cents(&weights["usage"]) < 30, "{found}");
    assert_eq!(weights["journey"], 10, "nothing feeds it: it stays");
    assert_eq!(suggest().await, found, "the same past, the same answer");

    // The effect of the suggestion says the same, and nothing is saved.
    let mut better = draft["profile"].clone();
    better["weights"] = found["weights"].clone();
    let preview = essor.post("/health/profiles/preview", json!({"profile": better})).await;
    assert_eq!(preview["draft"]["auc"], found["aucAfter"], "{preview}");
    assert_eq!(preview["versions"][0]["auc"], found["aucBefore"], "{preview}");
    assert_eq!(essor.get("/health/profiles").await["items"][0]["version"], 0);
    let member = essor.person(essor.home().workspace, "member@acme.example", Role::Member).await;
    let refused = essor.ask(&member, Method::POST, "/health/profiles/suggest", Some(&draft)).await;
    refused.refused(403, "forbidden");
    let mut bad = draft.clone();
    bad["profile"]["weights"]["usage"] = 31.into();
    essor.try_post("/health/profiles/suggest", bad).await.refused(422, "health_profile_weights_sum");
});
