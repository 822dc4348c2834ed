//! The past: seen as it was known then, whatever is learned since; why a score moved; profiles and what they would change.

use essor_domain::identity::Role;
use essor_testkit::{Essor, client, contact, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

/// A client with usage, tickets, answers, invoices, exchanges and value, told up to noon of 17 June 2026.
pub async fn told(essor: &Essor) {
    essor.set_clock("2026-06-17T12:00:00Z");
    essor.post("/clients", client("acme").with("seats", 4).with("since", "2026-01-01")).await;
    essor.post("/contacts", contact("ada", "acme").with("role", "champion")).await;
    let line = subscription("s1", "acme", "2026-01-01", 50_000).with("knownAt", "2026-01-01T09:00:00Z");
    essor.post("/subscriptions", line).await;
    for month in 4..=6 {
        for day in 1..=if month == 6 { 16 } else { 28 } {
            let at = format!("2026-{month:02}-{day:02}T09:00:00Z");
            essor.set_clock(&at.replace("T09", "T10"));
            let uses =
                ["ada", "bob"].map(|user| track(&format!("{month}-{day}-{user}"), user, "Read").of("acme").at(&at));
            essor.usage(uses).await;
        }
    }
    essor.set_clock("2026-06-17T12:00:00Z");
    for (kind, id, at, ended, data) in [
        ("ticket", "t1", "2026-06-01T10:00:00Z", Some("2026-06-03T10:00:00Z"), json!({"priority": "high"})),
        ("survey", "n1", "2026-05-20T10:00:00Z", None, json!({"survey": "nps", "score": 9})),
        ("payment", "i1", "2026-05-01T10:00:00Z", None, json!({"amountCents": 50_000, "dueDate": "2026-05-31"})),
        ("message", "e1", "2026-06-10T10:00:00Z", None, json!({"channel": "email", "direction": "in"})),
        ("outcome", "o1", "2026-05-10T10:00:00Z", None, json!({"amountCents": 400_000})),
    ] {
        let mut signal = signal(kind, id, "acme", at, data).with("knownAt", at);
        if let Some(ended) = ended {
            signal = signal.with("endedAt", ended);
        }
        essor.post("/signals", signal).await;
    }
    essor.settle().await;
}

async fn seen(essor: &Essor, day: &str) -> Value {
    let mut seen = essor.of_client("acme", &format!("/health/at?day={day}")).await;
    // What was recorded is compared by its own story; here it is what is computed again.
    seen.as_object_mut().expect("an object").remove("recorded");
    seen
}

story!(a_later_fact_never_changes_a_past_score, |essor| async {
    told(essor).await;
    let days = ["2026-05-15", "2026-06-07", "2026-06-16", "2026-06-17"];
    let mut before = Vec::new();
    for day in days {
        let seen = seen(essor, day).await;
        assert!(seen["score"].is_i64(), "{seen}");
        before.push(seen);
    }
    assert_ne!(before[0]["factors"], before[2]["factors"], "the days differ");

    // Everything that can be learned a week later about those days.
    essor.set_clock("2026-06-24T09:00:00Z");
    let late = (1..=17).flat_map(|day| {
        ["ada", "cleo", "dora"].map(|user| {
            let at = format!("2026-06-{day:02}T08:00:00Z");
            track(&format!("late {day} {user}"), user, if day % 2 == 0 { "Read" } else { "Wrote" }).of("acme").at(&at)
        })
    });
    let answer = essor.usage(late).await;
    assert_eq!(answer["accepted"], 51);
    for (kind, id, at, data) in [
        ("ticket", "t2", "2026-06-05T10:00:00Z", json!({"priority": "urgent"})),
        ("survey", "n2", "2026-06-02T10:00:00Z", json!({"survey": "nps", "score": 0})),
        ("payment", "i2", "2026-04-01T10:00:00Z", json!({"amountCents": 10_000, "dueDate": "2026-04-10"})),
        ("message", "e2", "2026-06-16T10:00:00Z", json!({"channel": "call", "direction": "in"})),
        ("outcome", "o2", "2026-06-01T10:00:00Z", json!({"amountCents": 900_000})),
        ("pulse", "p2", "2026-06-03T10:00:00Z", json!({"value": 1})),
        ("meeting", "v2", "2026-06-06T10:00:00Z", json!({})),
    ] {
        essor.post("/signals", signal(kind, id, "acme", at, data)).await;
    }
    // The invoice was paid in the end, and the champion left.
    let paid = json!({"amountCents": 50_000, "dueDate": "2026-05-31"});
    let paid = signal("payment", "i1", "acme", "2026-05-01T10:00:00Z", paid).with("endedAt", "2026-06-20T10:00:00Z");
    essor.post("/signals", paid).await;
    essor.post("/contacts", contact("ada", "acme").with("leftOn", "2026-06-23")).await;
    essor.settle().await;
    for (day, before) in days.iter().zip(&before) {
        assert_eq!(&seen(essor, day).await, before, "{day}");
    }
    // Today it all counts.
    let now = essor.of_client("acme", "/health").await;
    let risks: Vec<&str> = now["risks"].as_array().unwrap().iter().filter_map(|r| r["key"].as_str()).collect();
    for risk in ["tickets_severe", "nps_detractor", "champion_left", "invoice_late"] {
        assert!(risks.contains(&risk), "{risk} of {risks:?}");
    }
    assert_eq!(now["caps"].as_array().unwrap().len(), 2, "{now}");
    assert!(now["score"].as_i64().unwrap() <= 50);
});

/// A sequence of numbers that looks like chance and is always the same.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// A day of the two and a half months that are told.
    pub fn day(&mut self) -> String {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 4, 5).unwrap() + chrono::Days::new(self.below(75));
        day.to_string()
    }
}

story!(whatever_is_learned_later_no_past_score_moves, |essor| async {
    told(essor).await;
    // A client that says nothing of itself: its seats and its beginning are those of its subscriptions.
    essor.post("/clients", client("bare")).await;
    let line = subscription("b1", "bare", "2026-02-01", 20_000).with("seats", 5);
    essor.post("/subscriptions", line.with("knownAt", "2026-02-01T09:00:00Z")).await;
    essor
        .usage((1..17).map(|day| {
            track(&format!("bare {day}"), "eve", "Read").of("bare").at(&format!("2026-06-{day:02}T09:30:00Z"))
        }))
        .await;
    essor.settle().await;
    let days = ["2026-05-01", "2026-05-20", "2026-06-10", "2026-06-17"];
    let look = async || {
        let mut out = Vec::new();
        for id in ["acme", "bare"] {
            for day in days {
                let mut seen = essor.of_client(id, &format!("/health/at?day={day}")).await;
                seen.as_object_mut().unwrap().remove("recorded");
                out.push(seen);
            }
        }
        out
    };
    let before = look().await;
    for seed in 1..=6 {
        let mut chance = Chance(seed);
        essor.set_clock(&format!("2026-06-{}T09:00:00Z", 18 + seed));
        for n in 0..25 {
            let id = ["acme", "bare"][chance.below(2) as usize];
            let (key, day) = (format!("{seed}-{n}"), chance.day());
            let at = format!("{day}T{:02}:00:00Z", chance.below(24));
            let small = chance.below(5) + 1;
            let data = match chance.below(9) {
                0 => {
                    let priority = ["low", "urgent"][chance.below(2) as usize];
                    ("ticket", json!({"priority": priority}))
                }
                1 => ("survey", json!({"survey": "nps", "score": chance.below(11)})),
                2 => ("payment", json!({"amountCents": 1_000 * small, "dueDate": day})),
                3 => ("message", json!({"channel": "email", "direction": "in"})),
                4 => ("outcome", json!({"amountCents": 100_000 * small})),
                5 => ("pulse", json!({"value": small})),
                6 => ("metric", json!({"name": "storage", "value": small, "limit": 6})),
                7 => {
                    let line = subscription(&key, id, &day, 5_000 * small as i64).with("seats", small);
                    essor.post("/subscriptions", line).await;
                    continue;
                }
                _ => {
                    essor.usage([track(&key, &format!("user {small}"), "Wrote").of(id).at(&at)]).await;
                    continue;
                }
            };
            essor.post("/signals", signal(data.0, &key, id, &at, data.1)).await;
        }
        essor.settle().await;
        let after = look().await;
        for (after, before) in after.iter().zip(&before) {
            assert_eq!(after, before, "seed {seed}");
        }
    }
    // The past could move: the same days are other days of the same client.
    assert_ne!(before[1]["factors"], before[2]["factors"]);
    assert_ne!(before[4]["factors"], before[7]["factors"]);
});

story!(a_rebuild_gives_the_scores_of_each_day_again, |essor| async {
    told(essor).await;
    let days: Vec<chrono::NaiveDate> =
        ["2026-04-30", "2026-05-31", "2026-06-07", "2026-06-16"].map(|day| day.parse().unwrap()).to_vec();
    let mut computed = Vec::new();
    for day in &days {
        computed.push(seen(essor, &day.to_string()).await);
    }
    let workspace = essor.home().workspace;
    let row = essor_app::identity::workspace_row(&essor.app.db, workspace).await.unwrap();
    let mut told_before: Option<Value> = None;
    for _ in 0..2 {
        essor.meddle("DELETE FROM health_history").await;
        essor_app::health::rebuild(&essor.app, &row, &days, &|_, _| {}).await.unwrap();
        let history = essor.of_client("acme", "/health?days=400").await["history"].clone();
        let points = history.as_array().unwrap();
        for (day, computed) in days.iter().zip(&computed) {
            let point = points.iter().find(|point| point["day"] == day.to_string()).unwrap();
            assert_eq!((&point["score"], &point["coverage"]), (&computed["score"], &computed["coverage"]), "{day}");
            assert_eq!(point["recomputed"], true);
        }
        assert_eq!(told_before.get_or_insert_with(|| history.clone()), &history, "rebuilt twice");
        // What stands is not written again.
        essor_app::health::rebuild(&essor.app, &row, &days, &|_, _| {}).await.unwrap();
        assert_eq!(essor.of_client("acme", "/health?days=400").await["history"], history);
    }
});

story!(what_is_computed_again_is_what_was_recorded, |essor| async {
    told(essor).await;
    let recorded = essor.of_client("acme", "/health").await;
    let again = essor.of_client("acme", "/health/at?day=2026-06-17").await;
    for part in ["score", "class", "coverage", "caps"] {
        assert_eq!(again[part], recorded[part], "{part}");
    }
    assert_eq!(again["recorded"]["score"], recorded["score"]);
    // Another profile sees the same facts otherwise, and saves nothing.
    let mut strict = profile();
    strict["curves"] = json!({"payments_late": [[0, 100], [5, 0]]});
    let version =
        essor.post("/health/profiles", json!({"profile": strict, "note": "Plus strict"})).await["version"].clone();
    assert_eq!(version, 1);
    let by_first = essor.of_client("acme", "/health/at?day=2026-06-17&version=0").await;
    let by_second = essor.of_client("acme", "/health/at?day=2026-06-17&version=1").await;
    assert_eq!(by_first["score"], recorded["score"]);
    assert!(by_second["score"].as_i64() < by_first["score"].as_i64(), "{by_second}");
    let unknown = essor.client_id("acme").await;
    let path = format!("/clients/{unknown}/health/at?day=2026-06-17&version=9");
    essor.ask(&essor.home().owner, Method::GET, &path, None).await.refused(422, "health_profile_unknown");
    let path = format!("/clients/{unknown}/health/at?day=2026-06-18");
    essor.ask(&essor.home().owner, Method::GET, &path, None).await.refused(422, "growth_day_invalid");
});

story!(why_a_score_moved_adds_up, |essor| async {
    told(essor).await;
    let before = essor.of_client("acme", "/health").await["score"].as_i64().unwrap();
    essor.set_clock("2026-06-24T09:00:00Z");
    let bad = json!({"survey": "nps", "score": 0});
    essor.post("/signals", signal("survey", "n2", "acme", "2026-06-23T10:00:00Z", bad)).await;
    essor.settle().await;
    let after = essor.of_client("acme", "/health").await["score"].as_i64().unwrap();
    let moved = essor.of_client("acme", "/health/moves?from=2026-06-17&to=2026-06-24").await;
    assert_eq!((moved["from"]["score"].as_i64(), moved["to"]["score"].as_i64()), (Some(before), Some(after)));
    let parts = moved["moves"].as_array().unwrap();
    let sum: f64 = parts.iter().filter_map(|part| part["points"].as_f64()).sum();
    assert!((sum - (after - before) as f64).abs() < 1e-6, "{moved}");
    let satisfaction = parts.iter().find(|part| part["component"] == "satisfaction").unwrap();
    assert!(satisfaction["points"].as_f64().unwrap() < 0.0, "{moved}");
});

pub fn profile() -> Value {
    json!({
        "weights": {
            "usage": 30, "licence": 10, "engagement": 10, "journey": 10, "support": 10, "satisfaction": 10,
            "sentiment": 5, "payments": 10, "outcomes": 5, "pulse": 0,
        },
        "minCoverage": 0.4, "excellent": 80, "good": 70, "watch": 60, "alert": 60, "rearm": 65,
        "vetoes": {"invoiceDays": 60, "invoiceCap": 50, "championCap": 65},
    })
}

story!(a_bad_profile_is_refused_on_its_field_and_saves_nothing, |essor| async {
    let with = |pointer: &str, value: Value| {
        let mut profile = profile();
        match profile.pointer_mut(pointer) {
            Some(slot) => *slot = value,
            None => profile["curves"] = value,
        }
        profile
    };
    for (profile, code, field) in [
        (with("/weights/usage", json!(31)), "health_profile_weights_sum", "weights"),
        (with("/weights/usage", json!(-5)), "field_range", "weights.usage"),
        (with("/alert", json!(101)), "field_range", "alert"),
        (with("/alert", json!(900)), "field_range", "alert"),
        (with("/watch", json!(75)), "health_thresholds_order", "good"),
        (with("/good", json!(80)), "health_thresholds_order", "excellent"),
        (with("/rearm", json!(59)), "health_rearm_order", "rearm"),
        (with("/minCoverage", json!(1.1)), "field_range", "minCoverage"),
        (with("/curves", json!({"outcomes_roi": [[0, 50], [100, 20]]})), "health_curve_turns", "curves.outcomes_roi"),
        (with("/curves", json!({"support_open": [[0, 50], [9, 60]]})), "health_curve_turns", "curves.support_open"),
        (with("/curves", json!({"support_recent": [[0, 9], [9, 0]]})), "health_curve_turns", "curves.support_recent"),
        (with("/curves", json!({"journey_late": [[0, 50], [9, 60]]})), "health_curve_turns", "curves.journey_late"),
        (with("/curves", json!({"journey_missed": [[0, 0], [9, 160]]})), "field_range", "curves.journey_missed"),
        (with("/curves", json!({"outcomes_roi": [[0, 50]]})), "health_curve_points", "curves.outcomes_roi"),
        (with("/curves", json!({"moon": [[0, 0], [1, 1]]})), "bad_request", "curves.moon"),
        (with("/vetoes/invoiceCap", json!(120)), "field_range", "vetoes.invoiceCap"),
        (with("/vetoes/invoiceDays", json!(0)), "field_range", "vetoes.invoiceDays"),
    ] {
        for path in ["/health/profiles", "/health/profiles/preview", "/health/profiles/suggest"] {
            let answer = essor.try_post(path, json!({"profile": profile})).await;
            assert_eq!(answer.code(), code, "{path} {profile}: {}", answer.text);
            assert_eq!(answer.json["error"]["params"]["field"], field, "{path} {}", answer.text);
        }
    }
    let versions = essor.get("/health/profiles/versions").await;
    assert_eq!(versions["items"].as_array().unwrap().len(), 1, "only the built-in one: {versions}");
});

story!(support_and_journey_have_curves_of_the_profile, |essor| async {
    essor.set_clock("2026-04-20T12:00:00Z");
    essor.post("/clients", client("acme").with("since", "2026-04-20")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-04-20", 50_000)).await;
    let acme = essor.client_id("acme").await;
    essor.post(&format!("/clients/{acme}/journey"), json!({"stage": "onboarding"})).await;
    essor.settle().await;
    // The plan is over, and an urgent ticket has been open for a week.
    essor.set_clock("2026-06-17T12:00:00Z");
    let urgent = json!({"priority": "urgent"});
    essor.post("/signals", signal("ticket", "t", "acme", "2026-06-10T10:00:00Z", urgent)).await;
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    essor.settle().await;
    let factor = |health: &Value, component: &str| {
        let found = health["factors"].as_array().unwrap().iter().find(|factor| factor["component"] == component);
        found.unwrap_or_else(|| panic!("no {component}: {health}")).clone()
    };
    let told = |journey: &Value, key: &str, param: &str| {
        let found = journey["evidence"].as_array().unwrap().iter().find(|evidence| evidence["key"] == key);
        found.map_or(0, |evidence| evidence["params"][param].as_i64().unwrap())
    };
    let built_in = essor.of_client("acme", "/health").await;
    let journey = factor(&built_in, "journey");
    let late = told(&journey, "journey_stage", "daysLate");
    let (overdue, critical) =
        (told(&journey, "journey_milestones", "overdue"), told(&journey, "journey_milestones", "critical"));
    assert!(late > 0, "{journey}");
    let lost = 10 * (overdue - critical) + 25 * critical;
    assert_eq!(journey["score"], (60 - late.min(40) - lost).max(0));
    // 90 − 25 × 1.5.
    assert_eq!(factor(&built_in, "support")["score"], 53);
    let page = essor.get("/health/profiles").await;
    let curve = |name: &str| page["curves"].as_array().unwrap().iter().find(|c| c["curve"] == name).unwrap().clone();
    assert_eq!(curve("support_open")["default"], json!([[0.0, 90.0], [90.0, 0.0]]));
    assert_eq!((&curve("support_open")["costs"], &curve("journey_missed")["costs"]), (&json!(false), &json!(true)));
    // Said as curves of its own, what is built in moves nobody.
    let mut draft = profile();
    for name in ["support_open", "support_recent", "support_reopened", "journey_late", "journey_missed"] {
        draft["curves"][name] = curve(name)["default"].clone();
    }
    let same = essor.post("/health/profiles/preview", json!({"profile": draft})).await;
    assert_eq!((&same["lookedAt"], &same["binsBefore"]), (&json!(1), &same["binsAfter"]), "{same}");
    draft["curves"] = json!({
        "support_open": [[0, 100], [50, 0]], "support_recent": [[0, 0], [1, 5]],
        "journey_late": [[0, 80], [400, 80]], "journey_missed": [[0, 0], [10, 0]],
    });
    let other = essor.post("/health/profiles/preview", json!({"profile": draft})).await;
    assert_ne!(other["binsBefore"], other["binsAfter"], "the effect is shown: {other}");
    essor.post("/health/profiles", json!({"profile": draft})).await;
    essor.settle().await;
    let own = essor.of_client("acme", "/health").await;
    // 100 − 2 × 37.5 − 5 for the one ticket of 28 days; a late stage is worth 80 whatever was missed.
    assert_eq!((&factor(&own, "support")["score"], &factor(&own, "journey")["score"]), (&json!(20), &json!(80)));
    // The past keeps the profile of its day.
    let before = essor.of_client("acme", "/health/at?day=2026-06-17&version=0").await;
    assert_eq!(before["score"], built_in["score"]);
});

story!(a_profile_of_a_segment_scores_that_segment, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    for (id, segment) in [("big", "Large"), ("small", "Small")] {
        essor.post("/clients", client(id).with("segment", segment).with("since", "2026-01-01")).await;
        essor.post("/subscriptions", subscription(id, id, "2026-01-01", 50_000)).await;
        essor
            .usage(
                (1..=16).map(|day| {
                    track(&format!("{id}{day}"), id, "Read").of(id).at(&format!("2026-06-{day:02}T09:00:00Z"))
                }),
            )
            .await;
        let late = json!({"amountCents": 50_000, "dueDate": "2026-05-08"});
        essor.post("/signals", signal("payment", &format!("i{id}"), id, "2026-04-08T10:00:00Z", late)).await;
    }
    essor.settle().await;
    let score = async |id: &str| essor.of_client(id, "").await["health"].as_i64();
    let same = score("big").await;
    assert!(same.is_some() && same == score("small").await);
    let mut lenient = profile();
    lenient["weights"]["usage"] = json!(40);
    lenient["weights"]["payments"] = json!(0);
    let preview = essor.post("/health/profiles/preview", json!({"segment": "Large", "profile": lenient})).await;
    assert_eq!((&preview["clients"], &preview["lookedAt"]), (&json!(1), &json!(1)), "{preview}");
    assert_eq!(preview["draft"]["auc"], Value::Null, "nobody left: not yet verifiable");
    essor.post("/health/profiles", json!({"segment": "Large", "profile": lenient})).await;
    essor.settle().await;
    assert!(score("big").await > same && score("small").await == same);
    let used = essor.of_client("big", "/health").await["profile"].clone();
    assert_eq!(used, json!({"segment": "Large", "version": 1}));
    // A client that changes segment is scored by the other profile.
    essor.post("/clients", client("small").with("segment", "Large")).await;
    essor.settle().await;
    assert_eq!(score("small").await, score("big").await);
    // And the segment can be given back.
    essor.post("/health/profiles", json!({"segment": "Large", "profile": null})).await;
    essor.settle().await;
    assert_eq!(score("big").await, same);
    let listed = essor.get("/health/profiles").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    let viewer = essor.person(essor.home().workspace, "viewer@acme.example", Role::Viewer).await;
    essor.ask(&viewer, Method::GET, "/health/profiles", None).await.good();
});

story!(a_draft_shows_how_well_it_would_have_foretold, |essor| async {
    // Ten clients; the five that stop using the product leave three months later.
    for n in 0..10 {
        let id = format!("c{n}");
        essor.set_clock("2025-06-01T08:00:00Z");
        essor.post("/clients", client(&id).with("since", "2025-01-01")).await;
        let line = subscription(&id, &id, "2025-06-01", 10_000 + n);
        essor.post("/subscriptions", line).await;
    }
    for month in 6..=12 {
        for day in [3, 10, 17, 24] {
            let at = format!("2025-{month:02}-{day:02}T09:00:00Z");
            essor.set_clock(&at);
            let there = (0..10).filter(|n| *n >= 5 || month < 9);
            essor
                .usage(there.map(|n| track(&format!("{month}-{day}-{n}"), "u", "Read").of(&format!("c{n}")).at(&at)))
                .await;
            let ids: Vec<String> = (0..10).map(|n| format!("c{n}")).collect();
            for id in ids {
                essor.post("/clients", client(&id)).await;
            }
            essor.settle().await;
        }
    }
    essor.set_clock("2025-12-28T09:00:00Z");
    for n in 0..5 {
        let id = format!("c{n}");
        let line = subscription(&id, &id, "2025-06-01", 10_000 + n).with("endDate", "2025-12-20");
        essor.post("/subscriptions", line).await;
    }
    essor.settle().await;
    essor.set_clock("2026-04-15T09:00:00Z");
    essor.settle().await;
    let preview = essor.post("/health/profiles/preview", json!({"profile": profile()})).await;
    let draft = &preview["draft"];
    assert_eq!(draft["left"], 5, "{preview}");
    assert_eq!(draft["warned"], 5, "{preview}");
    assert!(draft["auc"].as_f64().unwrap() > 0.95, "{preview}");
    assert!((45..=110).contains(&draft["leadDays"].as_i64().unwrap()), "{preview}");
    assert_eq!(preview["versions"][0]["auc"], draft["auc"], "the draft is the built-in profile");
    let sum = |counts: &Value| counts.as_object().unwrap().values().filter_map(Value::as_i64).sum::<i64>();
    assert_eq!(sum(&preview["classesBefore"]), 5, "{preview}");
    assert_eq!(sum(&preview["classesAfter"]), 5);
    assert_eq!(preview["changed"], 0);
});

story!(a_parent_follows_its_children, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    essor.post("/clients", client("group")).await;
    for (id, cents) in [("north", 90_000), ("south", 10_000)] {
        let of = client(id).with("parentExternalId", "group").with("since", "2026-01-01");
        essor.post("/clients", of).await;
        essor.post("/subscriptions", subscription(id, id, "2026-01-01", cents)).await;
    }
    essor
        .usage(
            (1..=16).map(|day| {
                track(&format!("n{day}"), "ada", "Read").of("north").at(&format!("2026-06-{day:02}T09:00:00Z"))
            }),
        )
        .await;
    essor.settle().await;
    let health = async |id: &str| essor.of_client(id, "").await["health"].as_i64();
    let (north, south) = (health("north").await.unwrap(), health("south").await.unwrap());
    assert!(north > 80 && south < 20, "{north} {south}");
    let mean = (north * 9 + south) as f64 / 10.0;
    let group = essor.of_client("group", "/health").await;
    assert!((group["score"].as_f64().unwrap() - mean).abs() <= 0.6, "{group}");
    let children = group["factors"].as_array().unwrap().iter().find(|f| f["component"] == "children").unwrap();
    assert_eq!(children["evidence"][0]["params"]["scored"], 2);
    assert_eq!(group["risks"][0]["key"], "child_low");
    let shown = essor.of_client("group", "").await;
    assert_eq!(shown["children"].as_array().unwrap().len(), 2);
    assert_eq!(essor.of_client("north", "").await["parent"]["name"], "Client group");

    for (id, parent, code) in [
        ("group", "north", "clients_parent_cycle"),
        ("north", "north", "clients_parent_cycle"),
        ("north", "x", "clients_unknown"),
    ] {
        let answer = essor.try_post("/clients", client(id).with("parentExternalId", parent)).await;
        assert_eq!(answer.code(), code, "{id} under {parent}: {}", answer.text);
        assert_eq!(answer.json["error"]["params"]["field"], "parentExternalId");
    }
    essor.post("/clients", client("south").with("parentExternalId", "")).await;
    essor.settle().await;
    assert_eq!(health("group").await, Some(north));
});

story!(an_opinion_counts_and_can_be_taken_back, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    let mut with_pulse = profile();
    with_pulse["weights"]["usage"] = json!(0);
    with_pulse["weights"]["pulse"] = json!(30);
    essor.post("/health/profiles", json!({"profile": with_pulse})).await;
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    let id = essor.client_id("acme").await;
    let path = format!("/clients/{id}/pulse");
    for value in [json!(0), json!(6), json!(-1)] {
        essor.try_post(&path, json!({"value": value})).await.refused(422, "field_range");
    }
    let given = essor.post(&path, json!({"value": 2, "note": "Ne répond plus"})).await;
    essor.settle().await;
    assert_eq!(essor.of_client("acme", "").await["health"], 30);
    let stream = essor.of_client("acme", "/timeline").await;
    let opinion = stream["items"].as_array().unwrap().iter().find(|item| item["kind"] == "pulse").unwrap();
    assert_eq!(opinion["data"]["note"], "Ne répond plus", "{stream}");
    assert_eq!(opinion["data"]["author"], "owner@acme.example", "{stream}");
    let gone = essor.delete(&format!("{path}/{}", given["id"].as_str().unwrap())).await;
    assert_eq!(gone.status, 204);
    essor.set_clock("2026-06-17T12:10:00Z");
    essor.settle().await;
    assert_eq!(essor.of_client("acme", "").await["health"], Value::Null);
});

story!(amounts_of_signals_are_converted_once, |essor| async {
    essor.put("/workspace/rates", json!({"rates": [{"currency": "USD", "from": "2026-01-01", "rate": 0.9}]})).await;
    essor.post("/clients", client("acme").with("since", "2025-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    let value = json!({"amountCents": 100_000, "currency": "USD"});
    essor.post("/signals", signal("outcome", "o", "acme", "2026-06-01T10:00:00Z", value)).await;
    let paid = json!({"amountCents": 30_000, "dueDate": "2026-06-30"});
    let paid = signal("payment", "i", "acme", "2026-06-01T10:00:00Z", paid).with("endedAt", "2026-06-02T10:00:00Z");
    essor.post("/signals", paid).await;
    essor.settle().await;
    let health = essor.of_client("acme", "/health").await;
    let roi = health["factors"].as_array().unwrap().iter().find(|f| f["component"] == "outcomes").unwrap();
    assert_eq!(roi["evidence"][0]["params"], json!({"pct": 300, "valueCents": 90_000, "feesCents": 30_000}));
    // The opportunity that it makes says the same.
    let id = essor.client_id("acme").await;
    let found = essor.get(&format!("/opportunities?client={id}")).await;
    let roi = found["items"].as_array().unwrap().iter().find(|item| item["detector"] == "roi").unwrap();
    let evidence = &roi["evidence"][0]["params"];
    assert_eq!((&evidence["outcomesCents"], &evidence["feesCents"]), (&json!(90_000), &json!(30_000)), "{roi}");
    let unknown = json!({"amountCents": 1, "currency": "CHF"});
    let answer = essor.try_post("/signals", signal("outcome", "o2", "acme", "2026-06-01T10:00:00Z", unknown)).await;
    assert_eq!(
        (answer.code(), &answer.json["error"]["params"]["field"]),
        ("growth_rate_missing", &json!("data.currency"))
    );
});
