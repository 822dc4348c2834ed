//! What was known when: ends, corrections, departures, seats, stages and parents that are learned later leave every past
//! score as it was; and how long the history of scores remembers.

use crate::past::{Chance, profile, told};
use essor_store::health::beliefs::{About, Beliefs};
use essor_testkit::{Essor, client, contact, signal, story, subscription};
use serde_json::{Value, json};

const DAYS: [&str; 5] = ["2026-05-20", "2026-06-02", "2026-06-07", "2026-06-16", "2026-06-17"];

/// A client of which everything is told that a score is made from, under a parent and on a journey, as on 17 June 2026.
async fn everything(essor: &Essor) -> String {
    told(essor).await;
    essor.post("/clients", client("group")).await;
    essor.post("/clients", client("acme").with("parentExternalId", "group")).await;
    essor.post("/clients", client("bare")).await;
    let line = subscription("b1", "bare", "2026-02-01", 20_000).with("seats", 5);
    essor.post("/subscriptions", line.with("knownAt", "2026-02-01T09:00:00Z")).await;
    let acme = essor.client_id("acme").await;
    essor.post(&format!("/clients/{acme}/journey"), json!({"stage": "onboarding"})).await;
    let pulse = essor.post(&format!("/clients/{acme}/pulse"), json!({"value": 4})).await;
    essor.settle().await;
    pulse["id"].as_str().unwrap().to_owned()
}

async fn look(essor: &Essor) -> Vec<Value> {
    let mut out = Vec::new();
    for id in ["acme", "bare", "group"] {
        for day in DAYS {
            let mut seen = essor.of_client(id, &format!("/health/at?day={day}")).await;
            seen.as_object_mut().unwrap().remove("recorded");
            out.push(seen);
        }
    }
    out
}

fn invoice(cents: i64, due: &str) -> essor_testkit::Build {
    let data = json!({"amountCents": cents, "dueDate": due});
    signal("payment", "i1", "acme", "2026-05-01T10:00:00Z", data)
}

fn ticket(priority: &str) -> essor_testkit::Build {
    signal("ticket", "t1", "acme", "2026-06-01T10:00:00Z", json!({"priority": priority}))
}

// Each of what can be learned on 24 June: past scores stay, and today's may move.
story!(each_thing_learned_later_leaves_the_past_alone, |essor| async {
    let pulse = everything(essor).await;
    let before = look(essor).await;
    assert!(before.iter().any(|seen| seen["score"].is_i64()));
    let acme = essor.client_id("acme").await;
    let people = essor.get(&format!("/clients/{acme}/contacts")).await;
    let ada = people["items"][0]["id"].as_str().unwrap().to_owned();
    essor.set_clock("2026-06-24T09:00:00Z");
    let steps: [(&str, usize); 15] = [
        ("paid on 1 June", 0),
        ("not paid after all", 1),
        ("another amount and due date", 2),
        ("another priority", 3),
        ("another answer", 4),
        ("another value", 5),
        ("it was said at another client", 6),
        ("the champion left on 1 June", 7),
        ("the champion is none", 8),
        ("the champion is at another client", 9),
        ("the champion is taken away", 10),
        ("other seats", 11),
        ("another stage", 12),
        ("another parent", 13),
        ("the opinion is taken back", 14),
    ];
    for (what, step) in steps {
        let at = "2026-06-10T10:00:00Z";
        match step {
            0 => essor.post("/signals", invoice(50_000, "2026-05-31").with("endedAt", "2026-06-01T10:00:00Z")).await,
            1 => essor.post("/signals", invoice(50_000, "2026-05-31")).await,
            2 => essor.post("/signals", invoice(90_000, "2026-05-05")).await,
            3 => essor.post("/signals", ticket("urgent").with("endedAt", "2026-06-20T10:00:00Z")).await,
            4 => {
                let data = json!({"survey": "nps", "score": 0});
                essor.post("/signals", signal("survey", "n1", "acme", "2026-05-20T10:00:00Z", data)).await
            }
            5 => {
                let data = json!({"amountCents": 9_000_000});
                essor.post("/signals", signal("outcome", "o1", "acme", "2026-05-10T10:00:00Z", data)).await
            }
            6 => {
                let data = json!({"channel": "call", "direction": "in"});
                essor.post("/signals", signal("message", "e1", "bare", at, data)).await
            }
            7 => essor.post("/contacts", contact("ada", "acme").with("leftOn", "2026-06-01")).await,
            8 => essor.post("/contacts", contact("ada", "acme").with("role", "user")).await,
            9 => essor.post("/contacts", contact("ada", "bare").with("role", "champion")).await,
            10 => {
                let bare = essor.client_id("bare").await;
                assert_eq!(essor.delete(&format!("/clients/{bare}/contacts/{ada}")).await.status, 204);
                Value::Null
            }
            11 => {
                essor.post("/clients", client("acme").with("seats", 40).with("since", "2026-06-01")).await;
                let line = subscription("b1", "bare", "2026-02-01", 20_000).with("seats", 50);
                essor.post("/subscriptions", line).await
            }
            12 => {
                let moved = json!({"to": "adoption", "reason": "ok"});
                essor.post(&format!("/clients/{acme}/journey/move"), moved).await
            }
            13 => essor.post("/clients", client("acme").with("parentExternalId", "bare")).await,
            _ => {
                let gone = essor.delete(&format!("/clients/{acme}/pulse/{pulse}")).await;
                assert_eq!(gone.status, 204);
                Value::Null
            }
        };
        essor.settle().await;
        for (after, before) in look(essor).await.iter().zip(&before) {
            assert_eq!(after, before, "{what}");
        }
    }
    // Seen as of today everything counts.
    let now = essor.of_client("acme", "/health/at?day=2026-06-24").await;
    let known = |seen: &Value, component: &str| {
        let factors = seen["factors"].as_array().unwrap();
        factors.iter().find(|factor| factor["component"] == component).map(|factor| factor["score"].clone())
    };
    for component in ["payments", "satisfaction", "licence"] {
        assert_ne!(known(&now, component), known(&before[4], component), "{component}");
    }
});

story!(what_is_sent_again_is_no_correction, |essor| async {
    everything(essor).await;
    for day in ["2026-06-18", "2026-06-19"] {
        essor.set_clock(&format!("{day}T09:00:00Z"));
        essor.post("/signals", invoice(50_000, "2026-05-31")).await;
        essor.post("/signals", ticket("high").with("endedAt", "2026-06-03T10:00:00Z")).await;
        essor.post("/clients", client("acme").with("seats", 4).with("since", "2026-01-01")).await;
        essor.post("/contacts", contact("ada", "acme").with("role", "champion")).await;
        let line = subscription("b1", "bare", "2026-02-01", 20_000).with("seats", 5);
        essor.post("/subscriptions", line).await;
        essor.settle().await;
    }
    let workspace = essor.home().workspace;
    let before = "2026-06-17T18:00:00Z".parse().unwrap();
    let acme = essor.client_id("acme").await.parse().unwrap();
    let bare = essor.client_id("bare").await.parse().unwrap();
    let beliefs = Beliefs::at(&essor.app.db, workspace, &[acme, bare], before).await.unwrap();
    assert!(essor_store::signals::believed(&beliefs, &[acme, bare]).is_empty());
    for client in [acme, bare] {
        for about in [About::Contact, About::Client, About::Subscription] {
            assert!(beliefs.of::<Value>(client, about).is_empty(), "{about:?}");
        }
    }
});

story!(whatever_is_corrected_later_no_past_score_moves, |essor| async {
    everything(essor).await;
    let before = look(essor).await;
    let acme = essor.client_id("acme").await;
    for seed in 1..=6 {
        let mut chance = Chance(seed * 7);
        essor.set_clock(&format!("2026-06-{}T09:00:00Z", 18 + seed));
        for n in 0..14 {
            let small = chance.below(9) as i64 + 1;
            let day = chance.day();
            let whose = ["acme", "bare"][chance.below(2) as usize];
            match chance.below(10) {
                0 => drop(
                    essor
                        .post(
                            "/signals",
                            invoice(50_000, "2026-05-31").with("endedAt", format!("2026-06-0{small}T10:00:00Z")),
                        )
                        .await,
                ),
                1 => drop(essor.post("/signals", invoice(1_000 * small, &day)).await),
                2 => drop(essor.post("/signals", ticket(["low", "urgent"][chance.below(2) as usize])).await),
                3 => {
                    let data = json!({"survey": "nps", "score": small});
                    essor.post("/signals", signal("survey", "n1", whose, &format!("{day}T10:00:00Z"), data)).await;
                }
                4 => {
                    let data = json!({"amountCents": 100_000 * small});
                    essor.post("/signals", signal("outcome", "o1", whose, &format!("{day}T10:00:00Z"), data)).await;
                }
                5 => {
                    let role = ["champion", "user"][chance.below(2) as usize];
                    essor.post("/contacts", contact("ada", whose).with("role", role).with("leftOn", day)).await;
                }
                6 => drop(essor.post("/clients", client(whose).with("seats", small)).await),
                7 => {
                    let line = subscription("b1", "bare", "2026-02-01", 20_000).with("seats", small);
                    essor.post("/subscriptions", line).await;
                }
                8 => {
                    let to = ["onboarding", "adoption"][(n % 2) as usize];
                    let body = json!({"to": to, "reason": "ok"});
                    // A client may stand there already.
                    essor.try_post(&format!("/clients/{acme}/journey/move"), body).await;
                }
                _ => {
                    let parent = ["group", ""][chance.below(2) as usize];
                    essor.post("/clients", client("acme").with("parentExternalId", parent)).await;
                }
            }
        }
        essor.settle().await;
        for (after, before) in look(essor).await.iter().zip(&before) {
            assert_eq!(after, before, "seed {seed}");
        }
    }
    // And a rebuild finds the same.
    let days: Vec<chrono::NaiveDate> = DAYS.map(|day| day.parse().unwrap()).to_vec();
    let row = essor_app::identity::workspace_row(&essor.app.db, essor.home().workspace).await.unwrap();
    essor.meddle("DELETE FROM health_history").await;
    essor_app::health::rebuild(&essor.app, &row, &days, &|_, _| {}).await.unwrap();
    let history = essor.of_client("acme", "/health?days=400").await["history"].clone();
    for (day, computed) in DAYS.iter().zip(&before) {
        let point = history.as_array().unwrap().iter().find(|point| point["day"] == *day).unwrap();
        assert_eq!((&point["score"], &point["coverage"]), (&computed["score"], &computed["coverage"]), "{day}");
    }
});

story!(a_client_that_left_is_seen_as_on_its_last_day, |essor| async {
    told(essor).await;
    let last = essor.of_client("acme", "/health/at?day=2026-06-09").await;
    essor.set_clock("2026-06-17T13:00:00Z");
    let line = subscription("s1", "acme", "2026-01-01", 50_000).with("endDate", "2026-06-10");
    essor.post("/subscriptions", line.with("knownAt", "2026-06-08T09:00:00Z")).await;
    essor.settle().await;
    essor.set_clock("2026-06-25T09:00:00Z");
    let paid =
        invoice(50_000, "2026-05-31").with("endedAt", "2026-06-20T10:00:00Z").with("knownAt", "2026-06-20T10:00:00Z");
    essor.post("/signals", paid).await;
    let glad = json!({"survey": "nps", "score": 10});
    essor.post("/signals", signal("survey", "n9", "acme", "2026-06-22T10:00:00Z", glad)).await;
    essor.settle().await;
    for day in ["2026-06-10", "2026-06-17", "2026-06-24", "2026-06-25"] {
        let seen = essor.of_client("acme", &format!("/health/at?day={day}")).await;
        for part in ["score", "class", "factors", "risks", "caps"] {
            assert_eq!(seen[part], last[part], "{part} on {day}");
        }
    }
});

story!(a_departure_learned_late_was_not_known_before, |essor| async {
    told(essor).await;
    let days = ["2026-06-09", "2026-06-12", "2026-06-16"];
    let mut before = Vec::new();
    for day in days {
        before.push(essor.of_client("acme", &format!("/health/at?day={day}")).await["factors"].clone());
    }
    essor.set_clock("2026-06-24T09:00:00Z");
    let line = subscription("s1", "acme", "2026-01-01", 50_000).with("endDate", "2026-06-10");
    essor.post("/subscriptions", line).await;
    essor.settle().await;
    for (day, before) in days.iter().zip(&before) {
        assert_eq!(&essor.of_client("acme", &format!("/health/at?day={day}")).await["factors"], before, "{day}");
    }
    let after = essor.of_client("acme", "/health/at?day=2026-06-24").await;
    assert_eq!(after["factors"], before[0], "as on the last day on which it paid");
});

story!(history_keeps_thirteen_months_and_then_the_months_ends, |essor| async {
    essor.set_clock("2025-03-01T09:00:00Z");
    essor.post("/clients", client("acme").with("since", "2025-01-01")).await;
    let line = subscription("s", "acme", "2025-01-01", 50_000).with("knownAt", "2025-01-01T09:00:00Z");
    essor.post("/subscriptions", line).await;
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    let score = async |day: &str, nps: i64| {
        essor.set_clock(&format!("{day}T09:00:00Z"));
        let data = json!({"survey": "nps", "score": nps});
        essor.post("/signals", signal("survey", day, "acme", &format!("{day}T08:00:00Z"), data)).await;
        essor.settle().await;
    };
    let days = async || {
        let history = essor.of_client("acme", "/health?days=900").await["history"].clone();
        let days = history.as_array().unwrap().iter().map(|point| point["day"].as_str().unwrap().to_owned());
        days.filter(|day| day.as_str() >= "2025-03-05").collect::<Vec<String>>()
    };
    for (day, nps) in [("2025-03-10", 9), ("2025-03-20", 2), ("2025-04-05", 9), ("2025-05-03", 1)] {
        score(day, nps).await;
    }
    essor.set_clock("2025-06-01T09:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    assert_eq!(days().await, ["2025-03-10", "2025-03-20", "2025-04-05", "2025-05-03", "2025-05-31"]);
    let stood = essor.of_client("acme", "/health/at?day=2025-05-31").await["recorded"].clone();
    assert_eq!(stood["day"], "2025-05-31", "{stood}");
    // Once is enough.
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    assert_eq!(days().await.len(), 5);
    essor.set_clock("2026-06-01T09:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    let left = days().await;
    assert_eq!(left[..3], ["2025-03-20", "2025-04-05", "2025-05-03"], "{left:?}");
    essor.set_clock("2026-07-01T09:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    let left = days().await;
    assert_eq!(left[..3], ["2025-03-20", "2025-04-05", "2025-05-31"], "{left:?}");
    assert_eq!(left.last().map(String::as_str), Some("2026-06-30"));
});

story!(a_fall_across_days_of_which_too_little_is_known_is_told, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    essor.post("/clients", client("acme").with("since", "2026-01-01").with("owner", "owner@acme.example")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    let of = |coverage: f64| {
        let mut profile = profile();
        profile["weights"]["usage"] = json!(0);
        profile["weights"]["satisfaction"] = json!(40);
        profile["minCoverage"] = json!(coverage);
        json!({"profile": profile})
    };
    essor.post("/health/profiles", of(0.0)).await;
    let answer =
        |id: &str, score: i64, at: &str| signal("survey", id, "acme", at, json!({"survey": "nps", "score": score}));
    essor.post("/signals", answer("n1", 10, "2026-06-17T08:00:00Z")).await;
    essor.settle().await;
    let score = async || essor.of_client("acme", "").await["health"].as_i64();
    assert!(score().await >= Some(60), "{:?}", score().await);
    // For a while too little is known: others are fed what is not known of this one.
    essor.set_clock("2026-06-18T12:00:00Z");
    essor.post("/clients", client("other")).await;
    let value = json!({"amountCents": 100_000});
    essor.post("/signals", signal("outcome", "o", "other", "2026-06-18T08:00:00Z", value)).await;
    essor.post("/health/profiles", of(1.0)).await;
    essor.settle().await;
    assert_eq!(score().await, None);
    essor.set_clock("2026-06-19T12:00:00Z");
    essor.post("/health/profiles", of(0.0)).await;
    for (id, at) in [("n2", "2026-06-19T08:00:00Z"), ("n3", "2026-06-19T09:00:00Z"), ("n4", "2026-06-19T10:00:00Z")] {
        essor.post("/signals", answer(id, 0, at)).await;
    }
    essor.settle().await;
    assert!(score().await < Some(60), "{:?}", score().await);
    let told = essor.get("/notifications").await;
    let fell = told["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "health_fell").count();
    assert_eq!(fell, 1, "{told}");
});
