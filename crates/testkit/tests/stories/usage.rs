//! Usage: each message counts once, whatever happens on the way.

use essor_testkit::{Answer, Build, Engine, Essor, Who, batch, client, group, identify, story, track};
use reqwest::Method;
use serde_json::{Value, json};

/// Sends a batch and returns accepted, duplicates, quarantined.
async fn send(essor: &Essor, messages: impl IntoIterator<Item = Build>) -> [i64; 3] {
    let answer = essor.usage(messages).await;
    ["accepted", "duplicates", "quarantined"].map(|key| answer[key].as_i64().unwrap())
}

async fn uses(essor: &Essor, client: &str) -> i64 {
    let usage = essor.of_client(client, "/usage?days=400").await;
    usage["days"].as_array().unwrap().iter().map(|day| day["count"].as_i64().unwrap()).sum()
}

#[test]
fn a_message_counts_once_through_restarts() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        essor_testkit::run(
            engine,
            async |database| {
                let mut essor = Essor::on(database).await;
                let messages = |range: std::ops::Range<i32>| {
                    range.map(|n| track(&format!("m{n}"), "ada", "Signed In").of("acme").at("2026-06-17T10:00:00Z"))
                };
                assert_eq!(send(&essor, messages(0..50)).await, [50, 0, 0]);
                assert_eq!(send(&essor, messages(25..75)).await, [25, 25, 0], "over batches");
                assert_eq!(
                    send(&essor, messages(10..20).chain(messages(10..20))).await,
                    [0, 20, 0],
                    "twice in one batch"
                );
                essor.restart().await;
                assert_eq!(send(&essor, messages(0..80)).await, [5, 75, 0], "after a restart");
                // The same ids of another workspace are other messages.
                let other = essor.place("Other").await;
                let body = batch(messages(0..10));
                let answer = essor.ask(&other.key, Method::POST, "/v1/batch", Some(&body)).await.good();
                assert_eq!(answer["accepted"], 10);
                let page = essor.get("/ingestion").await;
                assert_eq!(page["totals"], json!({"events": 80, "quarantined": 0, "parked": 0}));
                // Ids are remembered for 400 days.
                essor.set_clock("2027-07-01T10:00:00Z");
                assert_eq!(send(&essor, [track("m0", "ada", "Signed In").of("acme")]).await, [0, 1, 0]);
                essor
            },
            async |essor| assert_eq!(essor.reconcile(essor.home().workspace).await, (80, 80)),
        );
    }
}

story!(ten_thousand_events_of_one_client_at_once, |essor| async {
    // 40 requests of 250 at the same time, from two processes, each sent twice.
    let (other, service) = essor.another().await;
    let second = format!("http://{}", service.address);
    let Who::Key(key) = &essor.home().key else { unreachable!() };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let requests: Vec<_> = (0..80)
        .map(|n| {
            let part = n % 40;
            let messages = (0..250).map(|i| {
                track(&format!("m{part}-{i}"), &format!("u{}", i % 20), ["Read", "Wrote", "Shared"][i % 3])
                    .of("acme")
                    .at(&format!("2026-06-{:02}T10:00:00Z", 1 + i % 17))
            });
            let base = if n % 3 == 0 { second.as_str() } else { essor.base() };
            let request = http.post(format!("{base}/v1/batch")).basic_auth(key, Some("")).json(&batch(messages));
            tokio::spawn(Answer::to(request))
        })
        .collect();
    let (mut accepted, mut duplicates) = (0, 0);
    for request in requests {
        let answer = request.await.unwrap().unwrap().good();
        accepted += answer["accepted"].as_i64().unwrap();
        duplicates += answer["duplicates"].as_i64().unwrap();
    }
    assert_eq!((accepted, duplicates), (10_000, 10_000));
    assert_eq!(essor.reconcile(essor.home().workspace).await, (10_000, 10_000));
    assert_eq!(uses(essor, "acme").await, 10_000);
    let usage = essor.of_client("acme", "/usage?days=90").await;
    assert!(usage["days"].as_array().unwrap().iter().all(|day| day["users"].as_i64().unwrap() <= 20));
    assert_eq!(usage["events"].as_array().unwrap().iter().map(|e| e["users"].as_i64().unwrap()).max(), Some(20));
    let contacts = essor.of_client("acme", "/contacts").await;
    assert_eq!(contacts["items"].as_array().unwrap().len(), 20);
    drop(other);
    service.stop().await;
    essor.settle().await;
    assert!(essor.of_client("acme", "").await["health"].is_i64());
});

story!(parked_events_come_in_with_their_group, |essor| async {
    let parked = [
        track("p1", "ada", "Read").at("2026-06-10T10:00:00Z"),
        track("p2", "ada", "Read").at("2026-06-11T10:00:00Z"),
        track("p3", "visitor-7", "Read")
            .at("2026-06-12T10:00:00Z")
            .with("userId", Value::Null)
            .with("anonymousId", "visitor-7"),
    ];
    assert_eq!(send(essor, parked).await, [3, 0, 0]);
    let page = essor.get("/ingestion").await;
    assert_eq!(page["totals"]["parked"], 3);
    assert_eq!(essor.reconcile(essor.home().workspace).await, (0, 0), "of nobody yet");

    assert_eq!(send(essor, [group("g1", "ada", "acme").with("traits", json!({"name": "Acme SA"}))]).await, [1, 0, 0]);
    assert_eq!(uses(essor, "acme").await, 2, "on their own days");
    let days = essor.of_client("acme", "/usage?days=30").await["days"].clone();
    assert_eq!(days[0], json!({"day": "2026-06-10", "count": 1, "users": 1}));
    assert_eq!(essor.of_client("acme", "").await["name"], "Acme SA");
    // From now on the contact's latest group holds without being named.
    assert_eq!(send(essor, [track("p4", "ada", "Read")]).await, [1, 0, 0]);
    assert_eq!(uses(essor, "acme").await, 3);

    // The visitor turns out to be ada: what waited is hers.
    let alias = identify("a1", "ada", json!({})).with("type", "alias").with("previousId", "visitor-7");
    assert_eq!(send(essor, [alias]).await, [1, 0, 0]);
    assert_eq!(uses(essor, "acme").await, 4);
    assert_eq!(essor.get("/ingestion").await["totals"]["parked"], 0);

    // Ada moves to another client: what she did before stays where it was.
    assert_eq!(send(essor, [group("g2", "ada", "globex"), track("p5", "ada", "Read")]).await, [2, 0, 0]);
    assert_eq!((uses(essor, "acme").await, uses(essor, "globex").await), (4, 1));
    // A parked message that comes again is no second event.
    assert_eq!(send(essor, [track("p1", "ada", "Read").at("2026-06-10T10:00:00Z")]).await, [0, 1, 0]);
});

story!(a_contact_made_by_the_api_brings_its_parked_events, |essor| async {
    assert_eq!(send(essor, [track("p1", "ada", "Read").at("2026-06-10T10:00:00Z")]).await, [1, 0, 0]);
    essor.post("/clients", client("acme")).await;
    essor.post("/contacts", essor_testkit::contact("ada", "acme")).await;
    assert_eq!(uses(essor, "acme").await, 1, "without another message");
    assert_eq!(essor.get("/ingestion").await["totals"]["parked"], 0);
    assert_eq!(send(essor, [track("p2", "ada", "Read")]).await, [1, 0, 0]);
    assert_eq!(uses(essor, "acme").await, 2);
});

story!(a_contact_that_moves_by_the_api_is_believed_in_time, |essor| async {
    essor.post("/clients", json!([Value::from(client("acme")), Value::from(client("globex"))])).await;
    essor.post("/contacts", essor_testkit::contact("ada", "acme")).await;
    assert_eq!(send(essor, [track("m1", "ada", "Read")]).await, [1, 0, 0]);
    essor.post("/contacts", essor_testkit::contact("ada", "globex")).await;
    // What the ingestor remembers of people is half a minute old at most.
    essor.set_clock("2026-06-17T12:01:00Z");
    assert_eq!(send(essor, [track("m2", "ada", "Read")]).await, [1, 0, 0]);
    assert_eq!((uses(essor, "acme").await, uses(essor, "globex").await), (1, 1));
});

story!(unknown_groups_are_made_or_set_aside, |essor| async {
    assert_eq!(send(essor, [track("m1", "ada", "Read").of("new one")]).await, [1, 0, 0]);
    assert_eq!(essor.of_client("new one", "").await["name"], "new one");
    essor.patch("/workspace", json!({"unknownGroups": "park"})).await;
    let later = [
        track("m2", "bob", "Read").of("not yet").at("2026-06-15T10:00:00Z"),
        group("m3", "bob", "not yet"),
        track("m4", "ada", "Read").of("new one"),
    ];
    assert_eq!(send(essor, later.clone()).await, [1, 0, 2]);
    let page = essor.get("/quarantine").await;
    assert_eq!((&page["total"], &page["items"][0]["code"]), (&json!(2), &json!("usage_group_unknown")));
    assert_eq!(page["items"][0]["params"]["value"], "not yet");
    assert_eq!(essor.post("/quarantine/replay", json!({})).await, json!({"accepted": 0, "stillQuarantined": 2}));
    essor.post("/clients", client("not yet")).await;
    assert_eq!(essor.post("/quarantine/replay", json!({})).await, json!({"accepted": 2, "stillQuarantined": 0}));
    assert_eq!(uses(essor, "not yet").await, 1);
    let day = essor.of_client("not yet", "/usage?days=30").await["days"][0]["day"].clone();
    assert_eq!(day, "2026-06-15", "on the day on which it happened");
    assert_eq!(send(essor, later).await, [0, 3, 0], "all have been counted");
});

/// Each refusal, with the text that causes it and the parameter that says what is wrong.
fn faults() -> Vec<(&'static str, Value)> {
    let base = || track("q", "ada", "Read").of("acme");
    vec![
        ("usage_not_an_object", json!(42)),
        ("usage_message_id_missing", base().with("messageId", "").into()),
        ("usage_type_unknown", base().with("type", "beam").into()),
        ("usage_user_missing", base().with("userId", Value::Null).into()),
        ("usage_event_missing", base().with("event", Value::Null).into()),
        ("usage_group_missing", base().with("type", "group").into()),
        ("usage_previous_missing", base().with("type", "alias").into()),
        ("usage_timestamp_invalid", base().with("timestamp", "yesterday").into()),
        ("usage_in_future", base().at("2026-06-17T14:00:00Z").into()),
        ("usage_too_old", base().at("2025-05-01T10:00:00Z").into()),
        ("usage_too_large", base().with("properties", json!({"text": "x".repeat(40_000)})).into()),
        ("usage_field_type", base().with("event", json!({})).into()),
        ("field_too_long", base().with("event", "x".repeat(600)).into()),
    ]
}

story!(each_fault_is_set_aside_and_can_be_mended, |essor| async {
    let faults = faults();
    let messages: Vec<Value> = faults.iter().map(|(_, message)| message.clone()).collect();
    let mut batch = messages.clone();
    batch.insert(3, track("good", "ada", "Read").of("acme").into());
    let answer = essor.ask(&essor.home().key, Method::POST, "/v1/batch", Some(&json!({"batch": batch}))).await.good();
    assert_eq!((&answer["accepted"], &answer["quarantined"]), (&json!(1), &json!(faults.len())));

    let page = essor.get("/quarantine?limit=200").await;
    let items = page["items"].as_array().unwrap();
    let mut codes: Vec<&str> = items.iter().map(|item| item["code"].as_str().unwrap()).collect();
    codes.reverse();
    assert_eq!(codes, faults.iter().map(|(code, _)| *code).collect::<Vec<_>>(), "newest first");
    assert_eq!(items[0]["source"], "test", "the key's name");
    // Two pages hold what one does.
    let first = essor.get("/quarantine?limit=8").await;
    let rest = essor.get(&format!("/quarantine?limit=8&cursor={}", first["nextCursor"].as_str().unwrap())).await;
    assert_eq!(first["items"].as_array().unwrap().len() + rest["items"].as_array().unwrap().len(), faults.len());
    assert_eq!(rest["nextCursor"], Value::Null);

    // As it is it stays, with one try more.
    let replay = |item: &Value| format!("/quarantine/{}/replay", item["id"].as_str().unwrap());
    let bad = items.iter().find(|item| item["code"] == "usage_event_missing").unwrap();
    assert_eq!(essor.post(&replay(bad), json!({})).await["code"], "usage_event_missing");
    // Mended it counts, on the day on which it was received.
    let mended: Value = track("mended", "ada", "Read").of("acme").into();
    let still = essor.post(&replay(bad), json!({"raw": "{"})).await;
    assert_eq!((&still["accepted"], &still["code"]), (&json!(false), &json!("usage_invalid_json")));
    let now = essor.get("/quarantine?limit=200").await;
    let kept = now["items"].as_array().unwrap().iter().find(|item| item["id"] == bad["id"]).unwrap().clone();
    assert_eq!((&kept["tries"], &kept["raw"]), (&json!(2), &json!("{")));
    assert_eq!(essor.post(&replay(bad), json!({"raw": mended.to_string()})).await["accepted"], true);
    assert_eq!(uses(essor, "acme").await, 2);
    essor.ask(&essor.home().owner, Method::POST, &replay(bad), Some(&json!({}))).await.refused(404, "not_found");

    // An event of the future is good once its time has come.
    let future = items.iter().find(|item| item["code"] == "usage_in_future").unwrap();
    assert_eq!(essor.post(&replay(future), json!({})).await["accepted"], false);
    essor.set_clock("2026-06-19T13:30:00Z");
    assert_eq!(essor.post(&replay(future), json!({})).await["accepted"], true);
    assert_eq!(uses(essor, "acme").await, 3);

    let gone = items.iter().find(|item| item["code"] == "usage_not_an_object").unwrap();
    let path = format!("/quarantine/{}", gone["id"].as_str().unwrap());
    assert_eq!(essor.delete(&path).await.status, 204);
    essor.delete(&path).await.refused(404, "not_found");
    let left = essor.post("/quarantine/replay", json!({})).await;
    assert_eq!(left, json!({"accepted": 0, "stillQuarantined": faults.len() - 3}));
    let totals = essor.get("/ingestion").await["totals"].clone();
    assert_eq!(totals["quarantined"], faults.len() - 3);
});

story!(an_old_event_corrects_the_past, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    assert_eq!(send(essor, [track("m1", "ada", "Read").of("acme").at("2025-06-01T10:00:00Z")]).await, [1, 0, 0]);
    let days = essor.of_client("acme", "/usage?days=400").await["days"].clone();
    assert_eq!(days[0], json!({"day": "2025-06-01", "count": 1, "users": 1}));
    // A sender whose clock is years ahead is put right by the time at which it says that it sends.
    let body = json!({
        "sentAt": "2031-01-01T00:00:10Z",
        "batch": [Value::from(track("m2", "ada", "Read").of("acme").at("2031-01-01T00:00:00Z"))],
    });
    essor.ask(&essor.home().key, Method::POST, "/v1/batch", Some(&body)).await.good();
    let days = essor.of_client("acme", "/usage?days=30").await["days"].clone();
    assert_eq!(days[0]["day"], "2026-06-17");
});

story!(single_calls_count_like_a_batch, |essor| async {
    let key = &essor.home().key;
    for (path, body) in [
        ("/v1/group", json!({"messageId": "1", "userId": "ada", "groupId": "acme", "traits": {"name": "Acme"}})),
        ("/v1/identify", json!({"messageId": "2", "userId": "ada", "traits": {"email": "ada@acme.example"}})),
        ("/v1/track", json!({"messageId": "3", "userId": "ada", "event": "Read"})),
        ("/v1/page", json!({"messageId": "4", "userId": "ada", "name": "Pricing"})),
        ("/v1/screen", json!({"messageId": "5", "userId": "ada"})),
        ("/v1/import", batch([track("6", "ada", "Read")])),
        ("/v1/track", json!({"messageId": "3", "userId": "ada", "event": "Read"})),
    ] {
        assert_eq!(essor.ask(key, Method::POST, path, Some(&body)).await.good()["success"], true, "{path}");
    }
    let usage = essor.of_client("acme", "/usage").await;
    let events: Vec<(&str, i64)> = usage["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["event"].as_str().unwrap(), e["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(events, [("Read", 2), ("Viewed Pricing", 1), ("Viewed a screen", 1)]);
    assert_eq!(essor.of_client("acme", "/contacts").await["items"][0]["email"], "ada@acme.example");
    let hours = essor.get("/ingestion").await;
    assert_eq!(hours["hours"].as_array().unwrap().len(), 48);
    assert_eq!((&hours["keys"][0]["accepted24h"], &hours["keys"][0]["duplicates24h"]), (&json!(6), &json!(1)));
});
