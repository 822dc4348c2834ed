//! Growth: amounts to the cent, on every day and as of every day.

use essor_domain::identity::Role;
use essor_testkit::{Essor, client, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};

async fn mrr(essor: &Essor, day: &str) -> (i64, i64) {
    let summary = essor.get(&format!("/growth/summary?asOf={day}")).await;
    (summary["mrrCents"].as_i64().unwrap(), summary["activeClients"].as_i64().unwrap())
}

/// Opening + movements = closing, and each bar is the sum of the clients behind it.
async fn reconciles(essor: &Essor, from: &str, to: &str) {
    let range = format!("from={from}&to={to}");
    let fall = essor.get(&format!("/growth/movements?{range}")).await;
    let mut sum = fall["openingCents"].as_i64().unwrap();
    for kind in fall["kinds"].as_array().unwrap() {
        sum += kind["cents"].as_i64().unwrap();
        let name = kind["kind"].as_str().unwrap();
        let behind = essor.get(&format!("/growth/movements/clients?{range}&kind={name}&limit=200")).await;
        let items = behind["items"].as_array().unwrap();
        assert_eq!(behind["total"], kind["count"], "{name}");
        assert_eq!(items.len() as i64, kind["count"].as_i64().unwrap(), "{name}");
        let cents: i64 = items.iter().map(|item| item["deltaCents"].as_i64().unwrap()).sum();
        assert_eq!(cents, kind["cents"].as_i64().unwrap(), "{name} from {from} to {to}");
    }
    assert_eq!(sum, fall["closingCents"].as_i64().unwrap(), "{from} to {to}");
}

fn metric(metrics: &Value, key: &str) -> f64 {
    let item = metrics["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap();
    item["value"].as_f64().unwrap_or_else(|| panic!("{key} has no value: {item}"))
}

story!(a_year_of_subscriptions, |essor| async {
    essor.set_clock("2026-01-15T12:00:00Z");
    essor
        .put(
            "/workspace/rates",
            json!({"rates": [
                {"currency": "USD", "from": "2025-01-01", "rate": 0.9},
                {"currency": "USD", "from": "2026-03-01", "rate": 0.8},
            ]}),
        )
        .await;
    for id in ["a", "b", "c", "d"] {
        essor.post("/clients", client(id)).await;
    }
    // Known on the days on which they began; a yearly amount counts a twelfth a month, half-even to the cent.
    essor
        .post(
            "/subscriptions",
            json!([
                Value::from(subscription("a1", "a", "2025-07-01", 100_000).with("knownAt", "2025-07-01T08:00:00Z")),
                Value::from(
                    subscription("b1", "b", "2025-08-15", 100_000)
                        .with("period", "year")
                        .with("knownAt", "2025-08-15T08:00:00Z")
                ),
                Value::from(
                    subscription("c1", "c", "2025-09-01", 30_000)
                        .with("currency", "USD")
                        .with("quantity", 2)
                        .with("knownAt", "2025-09-01T08:00:00Z")
                ),
                Value::from(
                    subscription("t1", "d", "2025-10-01", 99_900)
                        .with("isTrial", true)
                        .with("knownAt", "2025-10-01T08:00:00Z")
                ),
            ]),
        )
        .await;
    assert_eq!(mrr(essor, "2025-06-30").await, (0, 0));
    assert_eq!(mrr(essor, "2025-07-01").await, (100_000, 1));
    assert_eq!(mrr(essor, "2025-08-15").await, (108_333, 2));
    assert_eq!(mrr(essor, "2025-12-31").await, (108_333 + 54_000, 3), "2 × 300 dollars at 0.90; a trial is nothing");

    // A plan change today; an end known today, in the future; a new rate moves nothing that stands.
    essor.post("/subscriptions", subscription("a1", "a", "2025-07-01", 150_000)).await;
    essor
        .post(
            "/subscriptions",
            json!([Value::from(
                subscription("c1", "c", "2025-09-01", 30_000)
                    .with("currency", "USD")
                    .with("quantity", 2)
                    .with("endDate", "2026-02-01")
            ),]),
        )
        .await;
    assert_eq!(mrr(essor, "2026-01-14").await, (162_333, 3));
    assert_eq!(mrr(essor, "2026-01-15").await, (212_333, 3));
    reconciles(essor, "2025-12-31", "2026-01-15").await;

    essor.set_clock("2026-03-10T12:00:00Z");
    assert_eq!(mrr(essor, "2026-01-31").await, (212_333, 3));
    assert_eq!(mrr(essor, "2026-02-01").await, (158_333, 2), "the end day no longer counts");
    // Reactivation at the rate of its own day; one of two subscriptions cancelled is a contraction and no churn.
    essor.post("/subscriptions", subscription("c2", "c", "2026-03-10", 30_000).with("currency", "USD")).await;
    essor.post("/subscriptions", subscription("a2", "a", "2026-03-10", 20_000)).await;
    assert_eq!(mrr(essor, "2026-03-10").await, (158_333 + 24_000 + 20_000, 3));
    essor.set_clock("2026-04-20T12:00:00Z");
    essor.post("/subscriptions", subscription("a2", "a", "2026-03-10", 20_000).with("endDate", "2026-04-20")).await;
    assert_eq!(mrr(essor, "2026-04-20").await, (182_333, 3));

    let kinds: Vec<Value> = essor.of_client("c", "/movements").await["items"].as_array().unwrap().clone();
    let told: Vec<(&str, i64)> =
        kinds.iter().map(|m| (m["kind"].as_str().unwrap(), m["deltaCents"].as_i64().unwrap())).collect();
    assert_eq!(told, [("new", 54_000), ("churn", -54_000), ("reactivation", 24_000)]);
    let kinds: Vec<Value> = essor.of_client("a", "/movements").await["items"].as_array().unwrap().clone();
    let told: Vec<&str> = kinds.iter().map(|m| m["kind"].as_str().unwrap()).collect();
    assert_eq!(told, ["new", "expansion", "expansion", "contraction"]);
    for (from, to) in [("2025-06-30", "2026-04-20"), ("2025-12-31", "2026-03-31"), ("2026-01-31", "2026-02-01")] {
        reconciles(essor, from, to).await;
    }

    // Ratios over the year, by hand: opening 0 a year ago, so over four months instead.
    let metrics = essor.get("/growth/metrics?months=4").await;
    assert_eq!(metrics["from"], "2025-12-20");
    let opening = 162_333.0;
    assert_eq!(metric(&metrics, "mrr"), 182_333.0);
    assert_eq!(metric(&metrics, "arr"), 182_333.0 * 12.0);
    assert!((metric(&metrics, "nrr") - (150_000.0 + 8_333.0 + 24_000.0) / opening).abs() < 1e-9);
    assert!((metric(&metrics, "grr") - (100_000.0 + 8_333.0 + 24_000.0) / opening).abs() < 1e-9);
    assert_eq!(metric(&metrics, "logoChurn"), 0.0, "the one who left came back");
    assert!((metric(&metrics, "arpa") - 60_778.0).abs() <= 1.0);
    let quick = (70_000.0 + 24_000.0) / (20_000.0 + 54_000.0);
    assert!((metric(&metrics, "quickRatio") - quick).abs() < 1e-9);

    // The history's last point is the summary; each month's movements join its close to the one before.
    let history = essor.get("/growth/history?months=12").await;
    let points = history["points"].as_array().unwrap();
    assert_eq!(points.len(), 13);
    assert_eq!(points[12]["mrrCents"], 182_333);
    for pair in points.windows(2) {
        let moved: i64 = ["new", "expansion", "contraction", "churn", "reactivation"]
            .iter()
            .map(|k| pair[1][*k].as_i64().unwrap())
            .sum();
        assert_eq!(pair[0]["mrrCents"].as_i64().unwrap() + moved, pair[1]["mrrCents"].as_i64().unwrap(), "{pair:?}");
    }
    // The list as of a day adds up to the summary of that day.
    for day in ["2025-08-31", "2026-02-15", "2026-04-20"] {
        let list = essor.all_clients(&essor.home().owner, &format!("asOf={day}")).await;
        let sum: i64 = list.iter().map(|c| c["mrrCents"].as_i64().unwrap()).sum();
        assert_eq!(sum, mrr(essor, day).await.0, "{day}");
    }
});

story!(what_was_not_known_then_is_not_in_the_figure, |essor| async {
    essor.post("/clients", client("a")).await;
    essor
        .post("/subscriptions", subscription("a1", "a", "2026-01-01", 10_000).with("knownAt", "2026-01-01T08:00:00Z"))
        .await;
    // An amount that is told today for March on, and an end that was told in May for April.
    let raised = subscription("a1", "a", "2026-01-01", 30_000).with("effectiveDate", "2026-03-01");
    essor.post("/subscriptions", raised).await;
    assert_eq!(mrr(essor, "2026-03-15").await.0, 10_000, "nobody knew it in March");
    assert_eq!(essor.get("/growth/summary").await["mrrCents"], 30_000);
    essor.post("/clients", client("b")).await;
    essor
        .post("/subscriptions", subscription("b1", "b", "2026-01-01", 5_000).with("knownAt", "2026-01-01T08:00:00Z"))
        .await;
    let ended = subscription("b1", "b", "2026-01-01", 5_000)
        .with("endDate", "2026-04-01")
        .with("knownAt", "2026-05-10T08:00:00Z");
    essor.post("/subscriptions", ended).await;
    assert_eq!(mrr(essor, "2026-04-15").await, (15_000, 2), "in April it was thought to run");
    assert_eq!(mrr(essor, "2026-05-10").await, (10_000, 1));
    let refused = essor.ask(&essor.home().owner, Method::GET, "/growth/summary?asOf=2026-06-18", None).await;
    refused.refused(422, "growth_day_invalid");
});

story!(refused_amounts_save_nothing, |essor| async {
    essor.post("/clients", client("a")).await;
    let good = || subscription("s1", "a", "2026-01-01", 10_000);
    for (bad, code, field) in [
        (good().with("amountCents", -1), "growth_amount_negative", "amountCents"),
        (good().with("endDate", "2025-12-31"), "growth_subscription_ends_before_start", "endDate"),
        (good().with("currency", "CHF"), "growth_rate_missing", "currency"),
        (good().with("currency", "EURO"), "growth_currency_unknown", "currency"),
        (good().with("period", "fortnight"), "growth_period_unknown", "period"),
        (good().with("clientExternalId", "nobody"), "clients_unknown", "clientExternalId"),
        (good().with("effectiveDate", "2025-01-01"), "growth_change_before_start", "effectiveDate"),
    ] {
        let params = essor.try_post("/subscriptions", bad.clone()).await.refused(422, code);
        assert_eq!(params["field"], field, "{code}");
        // In a list the item is named, and the good ones before it are not saved either.
        let list = json!([Value::from(good().with("externalId", "s0")), Value::from(bad)]);
        let params = essor.try_post("/subscriptions", list).await.refused(422, code);
        assert_eq!(params["field"], format!("items[1].{field}"), "{code}");
    }
    assert_eq!(essor.of_client("a", "/subscriptions").await["items"], json!([]));
    let twice = subscription("s1", "a", "2026-01-01", 10_000).with("endDate", "2026-01-01");
    essor.post("/subscriptions", twice).await;
    assert_eq!(mrr(essor, "2026-01-01").await, (0, 0), "an end on the start's day is worth nothing");
});

story!(writers_at_once_keep_the_books_right, |essor| async {
    let ids: Vec<String> = (0..12).map(|n| format!("c{n}")).collect();
    let many: Vec<Value> = ids.iter().map(|id| client(id).into()).collect();
    essor.post("/clients", json!(many)).await;
    // Ten writers, each adding one subscription to every client in its own order; and another process beside them.
    let (other, service) = essor.another().await;
    let writers = (0..10).map(|w| {
        let mut items: Vec<Value> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| {
                let start = format!("2026-0{}-0{}", 1 + (n + w) % 5, 1 + w % 9);
                subscription(&format!("s{w}-{n}"), id, &start, 1_000 + w as i64).into()
            })
            .collect();
        items.rotate_left(w);
        let path = if w % 2 == 0 { essor.base().to_owned() } else { format!("http://{}", service.address) };
        let request =
            reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{path}/api/v1/subscriptions"));
        let essor_testkit::Who::Session(token) = &essor.home().owner else { unreachable!() };
        let request =
            request.header("cookie", format!("essor_session={token}")).header("sec-fetch-site", "same-origin");
        tokio::spawn(essor_testkit::Answer::to(request.json(&items)))
    });
    for answer in writers.collect::<Vec<_>>() {
        answer.await.unwrap().unwrap().good();
    }
    drop(other);
    service.stop().await;
    let each: i64 = (0..10).map(|w| 1_000 + w).sum();
    let summary = essor.get("/growth/summary").await;
    assert_eq!(summary["mrrCents"], each * 12, "the totals by day");
    let list = essor.all_clients(&essor.home().owner, "").await;
    assert!(list.iter().all(|c| c["mrrCents"] == each), "each client's own");
    reconciles(essor, "2025-12-31", "2026-06-17").await;
});

story!(
    the_days_end_turns_what_starts_and_ends,
    working
        | essor
        | async {
            essor.set_clock("2026-06-29T21:00:00Z");
            for id in ["a", "b", "c"] {
                essor.post("/clients", client(id)).await;
            }
            essor
                .post(
                    "/subscriptions",
                    json!([
                        Value::from(
                            subscription("a1", "a", "2025-06-01", 10_000).with("knownAt", "2025-06-01T08:00:00Z")
                        ),
                        Value::from(
                            subscription("b1", "b", "2025-06-01", 20_000)
                                .with("endDate", "2026-07-01")
                                .with("knownAt", "2025-06-01T08:00:00Z")
                        ),
                        Value::from(subscription("c1", "c", "2026-07-03", 40_000)),
                    ]),
                )
                .await;
            // The worker closes days by itself; the story waits for what it does.
            let status = async |id: &str| essor.of_client(id, "").await["status"].as_str().unwrap().to_owned();
            let turned = async |want: [&str; 3]| {
                essor_testkit::eventually(&format!("clients turn {want:?}"), async || {
                    let now = [status("a").await, status("b").await, status("c").await];
                    (now == want).then_some(())
                })
                .await;
            };
            let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
            let closed = async |text: &str| {
                essor_testkit::eventually(&format!("{text} is closed"), async || {
                    let last = essor_store::health::last_day(&essor.app.db, essor.home().workspace).await.unwrap();
                    (last == Some(day(text))).then_some(())
                })
                .await;
            };
            closed("2026-06-29").await;
            turned(["active", "active", "none"]).await;
            assert_eq!(essor.get("/growth/summary").await["mrrCents"], 30_000);

            // Half past eleven in London on the last of June is July in Paris.
            essor.set_clock("2026-06-30T22:30:00Z");
            closed("2026-07-01").await;
            turned(["active", "churned", "none"]).await;
            let summary = essor.get("/growth/summary").await;
            assert_eq!(
                (&summary["asOf"], &summary["mrrCents"], &summary["previousMrrCents"]),
                (&json!("2026-07-01"), &json!(10_000), &json!(30_000))
            );
            assert_eq!(summary["monthMovements"]["churn"], -20_000);
            let snapshot =
                async || essor_store::growth::last_snapshot(&essor.app.db, essor.home().workspace).await.unwrap();
            essor_testkit::eventually("June is kept", async || {
                (snapshot().await == Some(day("2026-06-30"))).then_some(())
            })
            .await;

            essor.set_clock("2026-07-03T09:00:00Z");
            closed("2026-07-03").await;
            turned(["active", "churned", "active"]).await;
            assert_eq!(essor.get("/growth/summary").await["mrrCents"], 50_000);

            // A month in which nobody looked: the worker was away.
            essor.set_clock("2026-09-02T09:00:00Z");
            closed("2026-09-02").await;
            essor_testkit::eventually("August is kept", async || {
                (snapshot().await == Some(day("2026-08-31"))).then_some(())
            })
            .await;
        }
);

story!(the_currency_is_fixed_by_the_first_amount, |essor| async {
    let admin = essor.person(essor.home().workspace, "admin@acme.example", Role::Admin).await;
    let change = json!({"currency": "USD"});
    essor.ask(&admin, Method::PATCH, "/workspace", Some(&change)).await.refused(403, "forbidden");
    essor.patch("/workspace", change).await;
    essor.post("/clients", client("a")).await;
    essor.post("/subscriptions", subscription("s", "a", "2026-01-01", 100)).await;
    assert_eq!(essor.get("/growth/summary").await["currency"], "USD");
    let owner = &essor.home().owner;
    essor
        .ask(owner, Method::PATCH, "/workspace", Some(&json!({"currency": "EUR"})))
        .await
        .refused(409, "growth_currency_fixed");
    assert_eq!(essor.get("/workspace").await["canChangeCurrency"], false);
});
