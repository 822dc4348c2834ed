//! The client journey: from the first day to the last stage, by facts and by hand, late and on time.

use essor_domain::identity::Role;
use essor_testkit::{Essor, Who, client, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) async fn journey(essor: &Essor, external_id: &str) -> Value {
    essor.of_client(external_id, "/journey").await
}

pub(crate) fn stage<'a>(journey: &'a Value, key: &str) -> &'a Value {
    journey["stages"].as_array().unwrap().iter().find(|stage| stage["key"] == key).unwrap_or_else(|| panic!("{key}"))
}

pub(crate) fn kinds(journey: &Value) -> Vec<&str> {
    journey["alerts"].as_array().unwrap().iter().map(|alert| alert["kind"].as_str().unwrap()).collect()
}

pub(crate) async fn put(essor: &Essor, who: &Who, path: &str, body: Value) -> essor_testkit::Answer {
    essor.ask(who, Method::PUT, path, Some(&body)).await
}

/// Use of the product by two people with two events on each of some days back from the story's noon.
pub(crate) async fn used(essor: &Essor, client: &str, days: std::ops::Range<i64>) {
    let noon = essor.app.clock.now();
    let mut messages = Vec::new();
    for back in days {
        let at = (noon - chrono::Duration::days(back) - chrono::Duration::hours(1)).to_rfc3339();
        for (who, event) in [("ada", "Signed In"), ("ada", "Report Exported"), ("bob", "Signed In")] {
            messages.push(track(&format!("{client}-{at}-{who}-{event}"), who, event).of(client).at(&at));
        }
    }
    essor.usage(messages).await;
    essor.settle().await;
}

/// The day goes by: everybody is looked at again.
pub(crate) async fn on(essor: &Essor, at: &str) {
    essor.set_clock(at);
    essor.post("/clients", client("acme").with("industry", at)).await;
    essor.settle().await;
}

story!(a_new_client_goes_through_onboarding_by_facts_alone, |essor| async {
    essor.post("/clients", client("acme").with("owner", "Inès Morel")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-06-17", 50_000)).await;
    let ines = essor.person(essor.home().workspace, "ines@acme.example", Role::Member).await;
    essor.ask(&ines, Method::PATCH, "/session", Some(&json!({"name": "Inès Morel", "locale": "en"}))).await.good();
    let mut page = essor.listen(&ines, None).await;
    assert_eq!(page.next().await.unwrap().event, "hello");
    essor.settle().await;
    page.until("journey").await;
    let begun = journey(essor, "acme").await;
    assert_eq!((&begun["journey"]["stage"], &begun["journey"]["status"]), (&json!("onboarding"), &json!("active")));
    assert_eq!((&begun["journey"]["inferred"], &begun["journey"]["startedOn"]), (&json!(false), &json!("2026-06-17")));
    assert_eq!(begun["journey"]["expectedEnd"], "2026-07-17");
    let planned: Vec<i64> =
        begun["stages"].as_array().unwrap().iter().map(|stage| stage["plannedDays"].as_i64().unwrap()).collect();
    assert_eq!(planned, [30, 60, 90, 120, 60]);
    let statuses: Vec<&str> =
        begun["stages"].as_array().unwrap().iter().map(|stage| stage["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["active", "pending", "pending", "pending", "pending"]);
    // Its key actions are tasks of whoever is in charge, in their language; three business days after a Wednesday.
    let tasks = essor.ask(&ines, Method::GET, "/tasks", None).await.good();
    let titles: Vec<&str> = tasks["items"].as_array().unwrap().iter().map(|t| t["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Kick-off meeting", "User training", "Technical set-up"]);
    assert_eq!((&tasks["items"][0]["due"], &tasks["items"][0]["origin"]), (&json!("2026-06-22"), &json!("journey")));
    assert_eq!(begun["milestones"][0]["due"], "2026-07-17");
    let listed = &essor.get("/clients?where=stage%20%3D%20%22onboarding%22&columns=stage,journey.progress").await;
    assert_eq!((&listed["total"], &listed["items"][0]["stage"]), (&json!(1), &json!("onboarding")));
    assert_eq!(listed["items"][0]["facts"], json!({"stage": "onboarding", "journey.progress": 0}));

    // Weeks without use: the stage looks late, and one alert says so; it is raised once, and somebody is told once.
    on(essor, "2026-06-20T12:00:00Z").await;
    assert!(kinds(&journey(essor, "acme").await).is_empty(), "a tenth of the time says nothing");
    for at in ["2026-06-23T12:00:00Z", "2026-06-23T13:00:00Z", "2026-06-24T12:00:00Z"] {
        on(essor, at).await;
    }
    let late = journey(essor, "acme").await;
    assert!(kinds(&late).contains(&"stage_projected_late") && kinds(&late).contains(&"action_overdue"), "{late}");
    assert_eq!((&late["journey"]["status"], &late["journey"]["projectedEnd"]), (&json!("at_risk"), &Value::Null));
    let told = essor.ask(&ines, Method::GET, "/notifications", None).await.good();
    let told: Vec<&Value> = told["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "journey_alert").collect();
    assert_eq!(told.len(), 2, "each once: {told:?}");
    let health = essor.of_client("acme", "/health").await;
    let factor = health["factors"].as_array().unwrap().iter().find(|f| f["component"] == "journey").unwrap();
    assert_eq!(factor["score"], 60, "{factor}");

    // It recovers: use arrives and the kick-off is held.
    used(essor, "acme", 0..6).await;
    let task = &tasks["items"][0];
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    essor.ask(&ines, Method::PATCH, &path, Some(&json!({"done": true}))).await.good();
    essor.settle().await;
    let better = journey(essor, "acme").await;
    assert_eq!((&better["journey"]["status"], &better["alerts"]), (&json!("active"), &json!([])), "{better}");
    let criteria = stage(&better, "onboarding")["criteria"].as_array().unwrap().clone();
    assert_eq!((&criteria[1]["met"], &criteria[1]["metOn"]), (&json!(true), &json!("2026-06-24")));
    let evidence = &criteria[2]["evidence"];
    assert_eq!(
        (&evidence[1]["fact"], &evidence[1]["value"], &evidence[1]["threshold"]),
        (&json!("usage.active_days_30d"), &json!(6), &json!(8))
    );
    let resolved = essor.get("/journey/alerts?open=false").await;
    assert!(resolved["items"].as_array().unwrap().iter().all(|alert| !alert["resolvedOn"].is_null()), "{resolved}");
    assert_eq!(resolved["items"].as_array().unwrap().len(), 2, "raised once each");

    // Two more days of use, and the training: all required criteria hold, and the client goes on.
    essor.set_clock("2026-06-27T12:00:00Z");
    used(essor, "acme", 0..3).await;
    let training = tasks["items"].as_array().unwrap().iter().find(|t| t["title"] == "User training").unwrap();
    let path = format!("/tasks/{}", training["id"].as_str().unwrap());
    essor.ask(&ines, Method::PATCH, &path, Some(&json!({"done": true}))).await.good();
    essor.settle().await;
    let next = journey(essor, "acme").await;
    assert_eq!(
        (&next["journey"]["stage"], &stage(&next, "onboarding")["status"]),
        (&json!("adoption"), &json!("completed"))
    );
    assert_eq!(
        (&stage(&next, "onboarding")["days"], &stage(&next, "adoption")["status"]),
        (&json!(10), &json!("active"))
    );
    assert_eq!(next["history"].as_array().unwrap().len(), 2);
    let go_live = next["milestones"].as_array().unwrap().iter().find(|m| m["stage"] == "onboarding").unwrap();
    assert_eq!((&go_live["status"], &go_live["daysLate"]), (&json!("completed"), &json!(0)));
    let times = essor.get("/journey/times").await;
    assert_eq!((&times["stages"][0]["medianDays"], &times["stages"][0]["sample"]), (&json!(10), &json!(1)));
    let board = essor.get("/journey/board").await;
    let clients: Vec<i64> =
        board["stages"].as_array().unwrap().iter().map(|s| s["clients"].as_i64().unwrap()).collect();
    assert_eq!(clients, [0, 1, 0, 0, 0]);
    let funnel = essor.get("/journey/funnel").await;
    assert_eq!(funnel["all"]["reached"], json!([1, 1, 0, 0, 0]));
    assert_eq!(funnel["all"]["conversionPct"][0], 100.0);
});

story!(people_move_a_client_and_say_why, |essor| async {
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    essor.settle().await;
    let owner = &essor.home().owner;
    let id = essor.client_id("acme").await;
    let at = format!("/clients/{id}/journey");
    let none = journey(essor, "acme").await;
    assert_eq!(
        (&none["journey"], &none["stages"]),
        (&Value::Null, &json!([])),
        "an old client begins nothing by itself"
    );
    essor.try_post(&format!("{at}/move"), json!({"to": "growth", "reason": "x"})).await.refused(404, "journey_none");
    assert_eq!(essor.get("/journey/clients?stage=none").await["total"], 1);

    // Started without a word, it is where its tenure puts it: 167 days.
    let begun = essor.ask(owner, Method::POST, &at, Some(&json!({}))).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    assert_eq!((&begun.json["journey"]["stage"], &begun.json["journey"]["inferred"]), (&json!("growth"), &json!(true)));
    assert_eq!(begun.json["journey"]["expectedEnd"], "2026-09-15", "its plan counts from today");
    assert_eq!(stage(&begun.json, "adoption")["status"], "completed");
    // Nobody saw how long those stages took.
    let none = json!({"medianDays": null, "p80Days": null, "sample": 0, "inferred": 1});
    assert_eq!(stage(&begun.json, "onboarding")["real"], none);
    let times = essor.get("/journey/times").await;
    let learned = |key: &str| times["stages"][0][key].clone();
    assert_eq!((learned("medianDays"), learned("sample"), learned("inferred")), (Value::Null, json!(0), json!(1)));
    essor.try_post(&at, json!({})).await.refused(409, "journey_exists");

    // Back, with a reason; without one nothing happens.
    essor
        .try_post(&format!("{at}/move"), json!({"to": "adoption", "reason": "  "}))
        .await
        .refused(422, "field_required");
    let unknown = essor.try_post(&format!("{at}/move"), json!({"to": "heaven", "reason": "x"})).await;
    unknown.refused(422, "journey_stage_unknown");
    let back = essor.post(&format!("{at}/move"), json!({"to": "adoption", "reason": "New team"})).await;
    assert_eq!((&back["journey"]["stage"], &back["journey"]["inferred"]), (&json!("adoption"), &json!(false)));
    assert_eq!(stage(&back, "growth")["status"], "pending");
    let moved = back["history"].as_array().unwrap().iter().find(|v| v["outcome"] == "moved").unwrap();
    assert_eq!((&moved["stage"], &moved["reason"]), (&json!("growth"), &json!("New team")));
    let skipped = essor.post(&format!("{at}/move"), json!({"to": "growth", "reason": "Known", "skip": true})).await;
    assert_eq!(stage(&skipped, "adoption")["status"], "skipped");

    // Measured criteria are not ticked; actions are, and their tasks with them.
    put(essor, owner, &format!("{at}/criteria/extended_use"), json!({"met": true}))
        .await
        .refused(422, "journey_criterion_measured");
    put(essor, owner, &format!("{at}/criteria/nothing"), json!({"met": true})).await.refused(404, "not_found");
    let ticked = put(essor, owner, &format!("{at}/actions/performance_review"), json!({"done": true})).await.good();
    let action = &stage(&ticked, "growth")["actions"][0];
    assert_eq!((&action["done"], &action["doneOn"]), (&json!(true), &json!("2026-06-17")));
    let done = essor.get(&format!("/tasks?owner=all&client={id}&when=done")).await;
    assert_eq!(done["items"][0]["id"], action["taskId"]);
    // Milestones by hand; a critical one that was missed puts the journey at risk, and reaching it mends that.
    let new = json!({"title": {"en": "Steering committee"}, "due": "2026-06-10", "critical": true});
    let milestone = essor.post(&format!("{at}/milestones"), new).await;
    assert_eq!((&milestone["status"], &milestone["daysLate"]), (&json!("overdue"), &json!(7)));
    assert_eq!(journey(essor, "acme").await["journey"]["status"], "at_risk");
    let path = format!("{at}/milestones/{}", milestone["id"].as_str().unwrap());
    let reached = essor.patch(&path, json!({"completed": true})).await;
    assert_eq!((&reached["status"], &reached["daysLate"]), (&json!("completed"), &json!(7)));
    assert_eq!(journey(essor, "acme").await["journey"]["status"], "active");
    // What is not ready does not go on; the end does with a word.
    let early = essor.try_post(&format!("{at}/advance"), json!({})).await;
    early.refused(409, "journey_not_ready");
    let ended = essor.post(&format!("{at}/move"), json!({"to": null, "reason": "Merged"})).await;
    assert_eq!((&ended["journey"]["status"], &ended["journey"]["stage"]), (&json!("completed"), &Value::Null));
    assert_eq!(essor.get("/journey/board").await["completed"], 1);
    essor.post(&at, json!({"stage": "onboarding"})).await;
});

story!(templates_have_versions_and_running_journeys_keep_theirs, |essor| async {
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    essor.settle().await;
    let id = essor.client_id("acme").await;
    essor.post(&format!("/clients/{id}/journey"), json!({"stage": "growth"})).await;
    let templates = essor.get("/journey/templates").await;
    let built_in = &templates["items"][0];
    assert_eq!(
        (&built_in["builtIn"], &built_in["version"], &built_in["clients"]),
        (&json!(true), &json!(0), &json!(1))
    );
    let path = format!("/journey/templates/{}", built_in["id"].as_str().unwrap());
    let mut template = essor.get(&path).await["template"].clone();
    // Bad ones are refused whole.
    for (change, code, field) in [
        (json!([]), "journey_no_stage", "template.stages"),
        (
            json!([{"key": "a", "label": {"fr": "A"}, "plannedDays": -3}]),
            "journey_duration",
            "template.stages[0].plannedDays",
        ),
        (
            json!([{"key": "a", "label": {"fr": "A"}, "plannedDays": 3, "criteria": [
                {"key": "c", "label": {"fr": "C"}, "expression": "usge.active_days_30d >= 2"}
            ]}]),
            "expressions_fact_unknown",
            "template.stages[0].criteria[0].expression",
        ),
    ] {
        let mut bad = template.clone();
        bad["stages"] = change;
        let refused = essor.ask(&essor.home().owner, Method::PUT, &path, Some(&json!({"template": bad}))).await;
        assert_eq!(refused.refused(422, code)["field"], field);
        let checked = essor.try_post("/journey/templates/check", json!({"template": bad})).await;
        checked.refused(422, code);
    }
    assert_eq!(essor.get(&path).await["version"], 0, "nothing was kept");

    // A stage fewer and a longer one: the journey keeps its version until somebody moves it, having seen what changes.
    template["stages"].as_array_mut().unwrap().remove(1);
    template["stages"][1]["plannedDays"] = 100.into();
    let saved = essor.put(&path, json!({"template": template})).await;
    assert_eq!(saved["version"], 1);
    let same = essor.put(&path, json!({"template": template})).await;
    assert_eq!(same["version"], 1, "what says the same is no new version");
    let running = journey(essor, "acme").await;
    assert_eq!((&running["journey"]["version"], &running["journey"]["latestVersion"]), (&json!(0), &json!(1)));
    let preview = essor.post(&format!("{path}/preview"), json!({})).await;
    assert_eq!((&preview["clients"], &preview["changes"][0]["toStage"]), (&json!(1), &json!("growth")));
    assert_eq!(preview["stages"], json!([{"from": "growth", "to": "growth", "clients": 1}]));
    assert_eq!(journey(essor, "acme").await, running, "a preview changes nothing");
    let started = essor.ask(&essor.home().owner, Method::POST, &format!("{path}/migrate"), None).await;
    assert_eq!((started.status.as_u16(), &started.json["clients"]), (202, &json!(1)));
    essor.settle().await;
    let moved = journey(essor, "acme").await;
    assert_eq!((&moved["journey"]["version"], &moved["journey"]["stage"]), (&json!(1), &json!("growth")));
    assert_eq!(stage(&moved, "growth")["plannedDays"], 100);
    assert_eq!(moved["history"].as_array().unwrap().len(), running["history"].as_array().unwrap().len());

    // Asked instead of moved, somebody says yes.
    let mut asks = template.clone();
    asks["advance"] = "ask".into();
    asks["segment"] = "Enterprise".into();
    asks["stages"][0]["criteria"] = json!([{"key": "ok", "label": {"en": "OK"}, "required": true}]);
    let own = essor.post("/journey/templates", json!({"template": asks})).await;
    essor.try_post("/journey/templates", json!({"template": asks})).await.refused(409, "journey_segment_taken");
    essor.post("/clients", client("big").with("segment", "Enterprise").with("since", "2026-06-10")).await;
    essor.post("/subscriptions", subscription("t", "big", "2026-06-10", 90_000)).await;
    essor.settle().await;
    let big = journey(essor, "big").await;
    assert_eq!((&big["journey"]["templateId"], &big["journey"]["stage"]), (&own["id"], &json!("onboarding")));
    let at = format!("/clients/{}/journey", essor.client_id("big").await);
    let ready = put(essor, &essor.home().owner, &format!("{at}/criteria/ok"), json!({"met": true})).await.good();
    assert_eq!(ready["journey"]["advanceProposedOn"], "2026-06-17");
    let inbox = essor.get("/notifications").await;
    assert_eq!(inbox["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "journey_ask").count(), 1);
    assert_eq!(essor.get("/journey/clients?state=ask").await["total"], 1);
    assert_eq!(essor.post(&format!("{at}/advance"), json!({})).await["journey"]["stage"], "growth");
    let own = format!("/journey/templates/{}", own["id"].as_str().unwrap());
    assert_eq!(essor.delete(&own).await.status, 204);
    essor.delete(&path).await.refused(409, "journey_template_built_in");
    assert_eq!(journey(essor, "big").await["journey"]["stage"], "growth", "a running journey keeps what is deleted");
});

story!(a_client_sees_its_plan_and_ticks_its_own_actions, |essor| async {
    essor.post("/clients", client("acme").with("since", "2026-06-17")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-06-17", 50_000)).await;
    essor.settle().await;
    let at = format!("/clients/{}/journey", essor.client_id("acme").await);
    essor.try_post(&format!("{at}/shares"), json!({"stages": []})).await.refused(422, "field_required");
    essor.try_post(&format!("{at}/shares"), json!({"stages": ["x"]})).await.refused(422, "journey_stage_unknown");
    let made = essor.post(&format!("{at}/shares"), json!({"stages": ["onboarding"], "days": 10})).await;
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let path = format!("/shared/journey/{token}");
    let shown = essor.ask(&Who::Nobody, Method::GET, &path, None).await.good();
    assert_eq!((&shown["clientName"], shown["stages"].as_array().unwrap().len()), (&json!("Client acme"), 1));
    let yours: Vec<&str> = shown["stages"][0]["actions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|action| action["yours"] == true)
        .map(|action| action["key"].as_str().unwrap())
        .collect();
    assert_eq!(yours, ["technical_setup"]);
    let text = shown.to_string();
    assert!(!text.contains("health") && !text.contains("mrr") && !text.contains("adoption"), "{text}");
    let tick =
        async |key: &str| put(essor, &Who::Nobody, &format!("{path}/actions/{key}"), json!({"done": true})).await;
    tick("kickoff").await.refused(403, "journey_action_not_yours");
    let ticked = tick("technical_setup").await.good();
    assert_eq!(ticked["stages"][0]["actions"][2]["done"], true);
    essor.settle().await;
    assert_eq!(stage(&journey(essor, "acme").await, "onboarding")["actions"][2]["done"], true);
    let share = made["share"]["id"].as_str().unwrap();
    assert_eq!(essor.delete(&format!("{at}/shares/{share}")).await.status, 204);
    for (token, status, code) in [(token.as_str(), 410, "journey_share_over"), ("guess", 404, "journey_share_unknown")]
    {
        let path = format!("/shared/journey/{token}");
        essor.ask(&Who::Nobody, Method::GET, &path, None).await.refused(status, code);
        put(essor, &Who::Nobody, &format!("{path}/actions/technical_setup"), json!({"done": false}))
            .await
            .refused(status, code);
    }
    // One that runs out says so too.
    let made = essor.post(&format!("{at}/shares"), json!({"stages": ["onboarding"], "days": 1})).await;
    let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    essor.set_clock("2026-06-20T12:00:00Z");
    let over = essor.ask(&Who::Nobody, Method::GET, &format!("/shared/journey/{token}"), None).await;
    assert_eq!(over.refused(410, "journey_share_over")["why"], "expired");
    // Guessing is slow.
    let mut last = 0;
    for _ in 0..70 {
        last = essor.ask(&Who::Nobody, Method::GET, "/shared/journey/guess", None).await.status.as_u16();
    }
    assert_eq!(last, 429);
});

story!(holidays_are_no_business_days, |essor| async {
    essor.put("/workspace/holidays", json!({"days": [{"day": "2026-06-19", "name": "Pont"}]})).await;
    let task = essor.post("/tasks", json!({"title": "Call", "dueInBusinessDays": 2})).await;
    assert_eq!(task["due"], "2026-06-22", "Thursday, then Monday: Friday is off");
    let bad = json!({"days": [{"day": "2026-06-19", "name": " "}]});
    put(essor, &essor.home().owner, "/workspace/holidays", bad).await.refused(422, "field_required");
    assert_eq!(essor.get("/workspace/holidays").await["days"][0]["name"], "Pont");
});

story!(facts_of_the_journey_are_asked_for_alike, |essor| async {
    for (id, since) in [("old", "2026-01-01"), ("new", "2026-06-17")] {
        essor.post("/clients", client(id).with("since", since)).await;
        essor.post("/subscriptions", subscription(&format!("s{id}"), id, since, 10_000)).await;
        for (n, score) in [5.0, 4.0].iter().enumerate() {
            let data = json!({"survey": "csat", "score": score});
            essor.post("/signals", signal("survey", &format!("{id}{n}"), id, "2026-06-10T10:00:00Z", data)).await;
        }
        let data = json!({"amountCents": 120_000});
        essor.post("/signals", signal("outcome", &format!("o{id}"), id, "2026-06-10T10:00:00Z", data)).await;
        used(essor, id, 0..4).await;
    }
    essor.settle().await;
    let keys = "usage.active_days_30d,usage.active_users_30d,usage.features_30d,survey.csat_mean_90d,client.roi,journey.status,journey.done,stage";
    let page = essor.get(&format!("/clients?sort=name&columns={keys}")).await;
    let facts = |i: usize| page["items"][i]["facts"].clone();
    assert_eq!((&facts(0)["stage"], &facts(1)["stage"]), (&json!("onboarding"), &Value::Null));
    for i in 0..2 {
        let shown = facts(i);
        assert_eq!((&shown["usage.active_days_30d"], &shown["usage.active_users_30d"]), (&json!(4), &json!(2)));
        assert_eq!((&shown["usage.features_30d"], &shown["survey.csat_mean_90d"]), (&json!(2), &json!(87.5)));
    }
    assert!(facts(1)["client.roi"].as_f64().unwrap() > 0.0);
    for (text, count) in [
        ("usage.active_days_30d >= 4", 2),
        ("usage.active_days_30d > 4", 0),
        ("survey.csat_mean_90d >= 80 and usage.features_30d = 2", 2),
        ("stage = \"onboarding\"", 1),
        ("stage is empty", 1),
        ("journey.status = \"active\"", 1),
        ("journey.done has \"kickoff\"", 0),
        ("journey.done is empty", 2),
    ] {
        let asked = essor.post("/clients/expressions", json!({"text": text})).await;
        assert_eq!(asked["count"], count, "{text}");
    }
    let at = format!("/clients/{}/journey/actions/kickoff", essor.client_id("new").await);
    put(essor, &essor.home().owner, &at, json!({"done": true})).await.good();
    let asked = essor.post("/clients/expressions", json!({"text": "journey.done has \"kickoff\""})).await;
    assert_eq!(asked["count"], 1);
});
