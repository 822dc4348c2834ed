//! Health: from a usage event to the page, frozen scores, and histories that are never rewritten.

use essor_testkit::{client, eventually, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

story!(an_event_reaches_the_page, |essor| async {
    essor.post("/clients", client("acme").with("seats", 5)).await;
    essor.post("/subscriptions", subscription("s1", "acme", "2026-01-01", 50_000)).await;
    essor.settle().await;
    let id = essor.client_id("acme").await;
    let mut page = essor.listen(&essor.home().owner, None).await;
    assert_eq!(page.next().await.unwrap().event, "hello");

    let answer = essor
        .usage([
            track("m1", "ada", "Report Exported").of("acme").at("2026-06-17T09:00:00Z"),
            track("m2", "bob", "Report Exported").of("acme").at("2026-06-17T09:30:00Z"),
            track("m3", "ada", "Signed In").of("acme").at("2026-06-16T22:30:00Z"),
        ])
        .await;
    assert_eq!((&answer["accepted"], &answer["success"]), (&json!(3), &json!(true)));
    let usage = page.until("usage").await;
    assert_eq!(usage.data["clients"], json!([id]));

    // Rollups are by the workspace's day: half past ten in the evening in London is the next day in Paris.
    let shown = essor.of_client("acme", "/usage?days=30").await;
    assert_eq!(shown["days"], json!([{"day": "2026-06-17", "count": 3, "users": 2}]));
    assert_eq!(
        shown["events"][0],
        json!({"event": "Report Exported", "count": 2, "users": 2, "lastDay": "2026-06-17"})
    );
    assert_eq!(shown["seats"], 5);

    assert!(essor.settle().await > 0, "a score was due");
    let change = page.until("health").await;
    assert_eq!(change.data["clients"], json!([id]));
    assert!(change.id.is_some());
    let health = essor.of_client("acme", "/health").await;
    let score = health["score"].as_i64().unwrap_or_else(|| panic!("no score: {health}"));
    let detail = essor.of_client("acme", "").await;
    assert_eq!((&detail["health"], &detail["healthClass"]), (&json!(score), &health["class"]));
    let licence = health["factors"].as_array().unwrap().iter().find(|f| f["component"] == "licence").unwrap();
    assert_eq!(licence["evidence"][0], json!({"key": "licence_use", "params": {"pct": 40, "users": 2, "seats": 5}}));
    // The score can be computed again from its factors.
    let mean: f64 = health["factors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| Some(f["score"].as_f64()? * f["weight"].as_f64()?))
        .sum();
    assert!((mean - score as f64).abs() <= 0.51, "{mean} is not {score}");
    assert_eq!(essor.get("/growth/summary").await["scoredClients"], 1);
    assert_eq!(essor.settle().await, 0, "nothing is left to do");
});

story!(
    the_worker_scores_by_itself,
    working
        | essor
        | async {
            essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
            essor.post("/subscriptions", subscription("s1", "acme", "2026-01-01", 50_000)).await;
            eventually("the worker looked at it", async || {
                essor.of_client("acme", "").await["healthAt"].is_string().then_some(())
            })
            .await;
            // A history has one row for an instant: the clock goes on before the next one.
            essor.set_clock("2026-06-17T12:00:10Z");
            let mut page = essor.listen(&essor.home().owner, None).await;
            essor.usage([track("m1", "ada", "Signed In").of("acme").at("2026-06-17T09:00:00Z")]).await;
            let scored = async || essor.of_client("acme", "/health").await["score"].is_i64().then_some(());
            eventually("the worker scores it", scored).await;
            // The page is told of that, after what it may still hear of the first look.
            let told = async || essor.of_client("acme", "").await["health"].is_i64();
            while !(page.until("health").await.tells("health") && told().await) {}
        }
);

story!(a_churned_client_stays_as_it_was, |essor| async {
    essor.set_clock("2026-06-01T10:00:00Z");
    essor.post("/clients", client("acme").with("seats", 2).with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s1", "acme", "2026-01-01", 50_000)).await;
    // A client that hardly uses the product.
    essor.usage([track("m0", "ada", "Signed In").of("acme").at("2026-02-01T10:00:00Z")]).await;
    essor.settle().await;
    let before = essor.of_client("acme", "/health").await;
    let low = before["score"].as_i64().expect("a score");
    assert!(low < 70, "a neglected client is not green: {low}");

    essor.set_clock("2026-06-10T10:00:00Z");
    essor.post("/subscriptions", subscription("s1", "acme", "2026-01-01", 50_000).with("endDate", "2026-06-10")).await;
    essor.settle().await;
    let last = essor.of_client("acme", "").await;
    assert_eq!((&last["status"], &last["frozen"]), (&json!("churned"), &json!(true)));
    let history = history(essor).await;

    // What happens afterwards would lift the score of a client that pays.
    essor.set_clock("2026-06-20T10:00:00Z");
    let uses = (11..=20).flat_map(|day| {
        ["ada", "bob"].map(|user| {
            track(&format!("late {day} {user}"), user, "Report Exported")
                .of("acme")
                .at(&format!("2026-06-{day}T08:00:00Z"))
        })
    });
    essor.usage(uses).await;
    let praise = json!({"survey": "nps", "score": 10});
    essor.post("/signals", signal("survey", "n1", "acme", "2026-06-19T10:00:00Z", praise)).await;
    assert!(essor.settle().await > 0);
    let after = essor.of_client("acme", "").await;
    assert_eq!(after["health"], last["health"], "frozen");
    assert_eq!(after["healthClass"], last["healthClass"]);
    assert_eq!(history, self::history(essor).await, "no row was added");
    // Nor does a kinder profile, nor a score of everybody.
    let mut kind = essor.get("/health/profiles").await["items"][0]["profile"].clone();
    kind["curves"] = json!({"usage_level": [[0, 100], [1, 100]]});
    (kind["excellent"], kind["good"], kind["watch"]) = (json!(3), json!(2), json!(1));
    (kind["alert"], kind["rearm"]) = (json!(1), json!(1));
    essor.post("/health/profiles", json!({"profile": kind})).await;
    essor.settle().await;
    let row = essor_app::identity::workspace_row(&essor.app.db, essor.home().workspace).await.unwrap();
    essor_app::health::score_all(&essor.app, &row).await.unwrap();
    let after = essor.of_client("acme", "").await;
    assert_eq!((&after["health"], &after["healthClass"]), (&last["health"], &last["healthClass"]));
    assert_eq!(history, self::history(essor).await);

    // Who comes back is scored again.
    essor.post("/subscriptions", subscription("s2", "acme", "2026-06-20", 50_000)).await;
    essor.settle().await;
    let back = essor.of_client("acme", "").await;
    assert_eq!((&back["status"], &back["frozen"]), (&json!("active"), &json!(false)));
    assert!(back["health"].as_i64() > last["health"].as_i64(), "{back}");
});

async fn history(essor: &essor_testkit::Essor) -> Value {
    essor.of_client("acme", "/health?days=400").await["history"].clone()
}

story!(recorded_scores_are_never_rewritten, |essor| async {
    essor.set_clock("2026-05-04T10:00:00Z");
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s1", "acme", "2026-01-01", 50_000)).await;
    essor.usage([track("m1", "ada", "Signed In").of("acme").at("2026-05-04T09:00:00Z")]).await;
    essor.settle().await;
    essor.set_clock("2026-05-20T10:00:00Z");
    let trouble = json!({"subject": "Down", "priority": "urgent"});
    essor.post("/signals", signal("ticket", "t1", "acme", "2026-05-19T10:00:00Z", trouble)).await;
    essor.settle().await;
    let recorded = history(essor).await;
    assert!(recorded.as_array().unwrap().len() >= 2, "{recorded}");
    let summary = essor.get("/growth/summary?asOf=2026-05-10").await;

    // Facts about those days that arrive later: usage, a ticket that had been open then.
    essor.set_clock("2026-06-17T12:00:00Z");
    let uses = (1..=28).map(|day| {
        track(&format!("late {day}"), "ada", "Report Exported").of("acme").at(&format!("2026-04-{day:02}T08:00:00Z"))
    });
    essor.usage(uses).await;
    essor.post("/signals", signal("ticket", "t0", "acme", "2026-05-02T10:00:00Z", json!({"priority": "urgent"}))).await;
    essor.settle().await;
    let now = history(essor).await;
    let (old, new) = (recorded.as_array().unwrap(), now.as_array().unwrap());
    assert!(new.len() > old.len(), "the present is recorded");
    assert_eq!(&new[..old.len()], &old[..], "the past stands");
    let again = essor.get("/growth/summary?asOf=2026-05-10").await;
    assert_eq!((&again["meanHealth"], &again["atRiskClients"]), (&summary["meanHealth"], &summary["atRiskClients"]));
});

story!(a_live_page_resumes_where_it_was, |essor| async {
    let owner = &essor.home().owner;
    essor.post("/clients", client("a")).await;
    let mut page = essor.listen(owner, None).await;
    essor.post("/clients", client("b")).await;
    let seen = page.until("clients").await;
    let last = seen.id.expect("an id to resume after");
    drop(page);

    // What happens while this page is away: more of another workspace than one look at the log holds, then its own.
    let mut witness = essor.listen(owner, None).await;
    let other = essor.place("Other").await;
    let tx = essor.app.db.begin().await.unwrap();
    let theirs = (0..1_500).map(|_| ("mrr", None, json!({}))).collect();
    essor_store::events::append(&tx, other.workspace, essor.app.clock.now(), theirs).await.unwrap();
    tx.commit().await.unwrap();
    essor.usage([track("m1", "ada", "Signed In").of("b")]).await;
    witness.until("usage").await;

    let id = essor.client_id("b").await;
    let mut again = essor.listen(owner, Some(&last)).await;
    assert_eq!(again.next().await.unwrap().event, "hello");
    let missed = again.next().await.unwrap();
    assert!(missed.tells("usage") && !missed.tells("mrr"), "{missed:?}");
    assert_eq!(missed.data["clients"], json!([id]));
    // Who missed nothing hears nothing but what is new.
    let mut third = essor.listen(owner, missed.id.as_deref()).await;
    assert_eq!(third.next().await.unwrap().event, "hello");
    essor.post("/clients", client("c")).await;
    let next = third.next().await.unwrap();
    assert!(next.tells("clients") && !next.tells("usage"), "{next:?}");
});

story!(a_late_commit_is_not_passed_over, |essor| async {
    use essor_store::events;
    let (db, workspace, now) = (&essor.app.db, essor.home().workspace, essor.app.clock.now());
    // Transactions of other databases of the cluster hold back what may be read, for as long as they last.
    let kinds = async |from, expected: &[&str]| {
        let read = async || {
            let read = events::after(db, from, 100).await.unwrap();
            // What made this office may have been held back too.
            let ours = read.iter().map(|event| event.kind.as_str()).filter(|kind| kind.len() == 1);
            let kinds: Vec<&str> = ours.collect();
            (kinds == expected).then(|| read.last().map(events::Event::place).unwrap_or_default())
        };
        eventually(&format!("{expected:?} are read"), read).await
    };
    let start = events::newest(db).await.unwrap();
    let first = db.begin().await.unwrap();
    events::append(&first, workspace, now, vec![("a", None, json!({}))]).await.unwrap();
    let late = if db.engine() == essor_store::Engine::Postgres {
        // It takes an id between those of the first, and commits after a reader has passed both.
        let late = db.begin().await.unwrap();
        events::append(&late, workspace, now, vec![("b", None, json!({}))]).await.unwrap();
        Some(late)
    } else {
        None
    };
    events::append(&first, workspace, now, vec![("c", None, json!({}))]).await.unwrap();
    first.commit().await.unwrap();
    let place = kinds(start, &["a", "c"]).await;
    let late = match late {
        Some(late) => late,
        // SQLite has one writer: what is late there begins late too.
        None => {
            let late = db.begin().await.unwrap();
            events::append(&late, workspace, now, vec![("b", None, json!({}))]).await.unwrap();
            late
        }
    };
    late.commit().await.unwrap();
    let place = kinds(place, &["b"]).await;
    assert_eq!(events::newest(db).await.unwrap(), place);
    assert_eq!(place.to_string().parse(), Ok(place));
});

story!(a_live_page_hears_only_its_workspace, |essor| async {
    let other = essor.place("Other").await;
    let mut page = essor.listen(&other.owner, None).await;
    assert_eq!(page.next().await.unwrap().event, "hello");
    essor.post("/clients", client("a")).await;
    let body = client("theirs").into();
    essor.ask(&other.owner, Method::POST, "/clients", Some(&body)).await.good();
    // What their own beginning changed may still be told after the page has begun to listen.
    let ids = loop {
        let told = page.next().await.unwrap();
        let ids = told.data["clients"].as_array().unwrap().clone();
        if !ids.is_empty() {
            break ids;
        }
    };
    assert_eq!(ids.len(), 1);
    let path = format!("/clients/{}", ids[0].as_str().unwrap());
    assert_eq!(essor.ask(&other.owner, Method::GET, &path, None).await.good()["externalId"], "theirs");
    essor.stop().await;
    assert_eq!(page.next().await, None, "an orderly end closes the stream");
});
