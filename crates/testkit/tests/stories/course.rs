//! What becomes of a journey's course: moved by hand, under a new version, after its client left; and what all of that
//! leaves behind in tasks, milestones and alerts.

use crate::journey::{journey, kinds, on, put, stage, used};
use essor_testkit::{Essor, client, signal, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};

/// A stage of thirty days with one criterion, two key actions and a critical milestone.
fn part(key: &str, criterion: &Value) -> Value {
    let action = |what: &str, days: i64| {
        let label = json!({"en": format!("{what} {key}")});
        let key = format!("{key}_{}", what.to_lowercase());
        json!({"key": key, "label": label, "owner": "in_charge", "dueDays": days, "priority": "normal"})
    };
    let milestone = json!({
        "key": "reached", "title": {"en": format!("Reached {key}")}, "day": 20, "impact": "high", "critical": true
    });
    json!({
        "key": key, "label": {"en": key}, "plannedDays": 30, "criteria": [criterion],
        "actions": [action("Call", 5), action("Plan", 9)], "milestones": [milestone],
    })
}

fn ticked() -> Value {
    json!({"key": "ok", "label": {"en": "OK"}, "required": true})
}

fn measured(expression: &str) -> Value {
    json!({"key": "ok", "label": {"en": "OK"}, "required": true, "expression": expression})
}

/// Everybody follows these stages from now on; the path of the template.
async fn follow(essor: &Essor, stages: Value) -> String {
    let built_in = essor.get("/journey/templates").await["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/journey/templates/{built_in}");
    let template = json!({
        "name": {"en": "Short"}, "advance": "auto", "stalledAfterDays": 21,
        "weights": {"criteria": 70, "actions": 30}, "stages": stages,
    });
    essor.put(&path, json!({"template": template})).await;
    path
}

/// A client that has just come, on its journey; the path of that.
async fn begun(essor: &Essor, id: &str) -> String {
    let today = essor.app.clock.now().date_naive().to_string();
    essor.post("/clients", client(id).with("since", today.as_str())).await;
    essor.post("/subscriptions", subscription(&format!("s-{id}"), id, &today, 50_000)).await;
    essor.settle().await;
    format!("/clients/{}/journey", essor.client_id(id).await)
}

async fn tasks(essor: &Essor) -> Vec<String> {
    let page = essor.get("/tasks?owner=all&limit=200").await;
    let mut titles: Vec<String> =
        page["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

async fn tick(essor: &Essor, at: &str, met: bool) -> Value {
    put(essor, &essor.home().owner, &format!("{at}/criteria/ok"), json!({"met": met})).await.good()
}

async fn migrated(essor: &Essor, template: &str) {
    let started = essor.ask(&essor.home().owner, Method::POST, &format!("{template}/migrate"), None).await;
    assert_eq!(started.status, 202, "{}", started.text);
    essor.settle().await;
}

/// The stays in a stage, the newest first: how each ended, and after how many days.
fn stays(journey: &Value, stage: &str) -> Vec<(Value, Value)> {
    let stays = journey["history"].as_array().unwrap().iter().filter(|stay| stay["stage"] == stage);
    stays.map(|stay| (stay["outcome"].clone(), stay["days"].clone())).collect()
}

story!(a_client_that_was_taken_back_stays_until_a_person_says_so, |essor| async {
    follow(
        essor,
        json!([part("one", &measured("usage.active_days_30d >= 1")), part("two", &ticked()), part("three", &ticked())]),
    )
    .await;
    let at = begun(essor, "acme").await;
    used(essor, "acme", 0..2).await;
    assert_eq!(journey(essor, "acme").await["journey"]["stage"], "two", "by facts alone");

    essor.set_clock("2026-06-20T12:00:00Z");
    let back = essor.post(&format!("{at}/move"), json!({"to": "one", "reason": "Not trained"})).await;
    let held = |of: &Value| {
        let journey = &of["journey"];
        (journey["stage"].clone(), journey["advanceHeld"].clone(), journey["advanceProposedOn"].clone())
    };
    let waits = (json!("one"), json!(true), json!("2026-06-20"));
    assert_eq!(held(&back), waits);
    // Days and facts pass, and it stays.
    on(essor, "2026-06-21T12:00:00Z").await;
    used(essor, "acme", 0..1).await;
    let still = journey(essor, "acme").await;
    assert_eq!(held(&still), waits);
    assert_eq!(stays(&still, "one"), [(Value::Null, json!(1)), (json!("completed"), json!(0))]);
    assert_eq!(stays(&still, "two"), [(json!("moved"), json!(3))]);
    assert_eq!(essor.get("/journey/clients?state=ask").await["total"], 1, "it is among those that wait for an answer");
    let told = essor.get("/notifications").await;
    assert!(!told.to_string().contains("journey_ask"), "who moved it knows: {told}");
    // Confirmed, it goes on.
    let on_again = essor.post(&format!("{at}/advance"), json!({})).await;
    assert_eq!(held(&on_again), (json!("two"), json!(false), Value::Null));
    assert_eq!(essor.get("/journey/times").await["stages"][0]["sample"], 2);

    // Taken back once more: a criterion that reopens is to be met again, and then it goes on by itself.
    essor.post(&format!("{at}/move"), json!({"to": "one", "reason": "Again"})).await;
    for at in ["2026-07-16T12:00:00Z", "2026-08-10T12:00:00Z"] {
        on(essor, at).await;
    }
    assert_eq!(held(&journey(essor, "acme").await), (json!("one"), json!(false), Value::Null));
    used(essor, "acme", 0..1).await;
    assert_eq!(journey(essor, "acme").await["journey"]["stage"], "two");
});

story!(going_on_by_hand_completes_nothing_that_is_not_done, |essor| async {
    follow(essor, json!([part("one", &ticked()), part("two", &ticked()), part("three", &ticked())])).await;
    let at = begun(essor, "acme").await;
    assert_eq!(tasks(essor).await, ["Call one", "Plan one"]);
    put(essor, &essor.home().owner, &format!("{at}/actions/one_call"), json!({"done": true})).await.good();
    on(essor, "2026-06-22T12:00:00Z").await;
    let moved = essor.post(&format!("{at}/move"), json!({"to": "two", "reason": "In a hurry"})).await;
    let one = stage(&moved, "one");
    assert_eq!((&one["status"], &one["progressPct"]), (&json!("skipped"), &json!(15.0)), "half of 30 %: {one}");
    assert_eq!(one["reason"], "In a hurry");
    assert_eq!(stays(&moved, "one"), [(json!("skipped"), json!(5))]);
    let milestones = moved["milestones"].as_array().unwrap();
    assert!(milestones.iter().all(|milestone| milestone["stage"] == "two"), "nobody reached it: {milestones:?}");
    assert_eq!(essor.get("/journey/times").await["stages"][0]["sample"], 0, "no stay to learn from");
    // What nobody is to do any more is in nobody's list.
    assert_eq!(tasks(essor).await, ["Call two", "Plan two"]);

    // Back: what was done is done, the rest is to be done again.
    let back = essor.post(&format!("{at}/move"), json!({"to": "one", "reason": "Too early"})).await;
    assert_eq!((&back["journey"]["stage"], &back["journey"]["advanceHeld"]), (&json!("one"), &json!(false)));
    assert_eq!(tasks(essor).await, ["Plan one"]);
    assert_eq!(back["milestones"][0]["due"], "2026-07-12", "twenty days from now");
    // Done, the stage is left as done, and its open tasks stay to be done.
    let done = tick(essor, &at, true).await;
    assert_eq!((&done["journey"]["stage"], &stage(&done, "one")["status"]), (&json!("two"), &json!("completed")));
    assert_eq!(tasks(essor).await, ["Call two", "Plan one", "Plan two"]);
    assert_eq!(essor.get("/journey/times").await["stages"][0]["sample"], 1);
    // The client's own timeline tells it, the newest first.
    let stream = essor.of_client("acme", "/timeline?kinds=journey").await;
    let told: Vec<(&Value, &Value)> =
        stream["items"].as_array().unwrap().iter().map(|e| (&e["data"]["stage"], &e["data"]["outcome"])).collect();
    let (one, two) = (json!("one"), json!("two"));
    let outcomes = [Value::Null, json!("moved"), json!("completed"), json!("skipped")];
    assert_eq!(told.len(), 4, "{stream}");
    for entry in [(&two, &outcomes[0]), (&two, &outcomes[1]), (&one, &outcomes[2])] {
        assert!(told[..3].contains(&entry), "{entry:?} of {told:?}");
    }
    assert_eq!(told[3], (&one, &outcomes[3]));
    let first = &stream["items"][3];
    assert_eq!((&first["at"], &first["endedAt"]), (&json!("2026-06-16T22:00:00Z"), &json!("2026-06-21T22:00:00Z")));
    assert_eq!((&first["data"]["reason"], &first["data"]["label"]["en"]), (&json!("In a hurry"), &one));
    // To the end: what lies between was left out.
    let ended = essor.post(&format!("{at}/move"), json!({"to": null, "reason": "Merged"})).await;
    let statuses: Vec<&Value> = ended["stages"].as_array().unwrap().iter().map(|stage| &stage["status"]).collect();
    assert_eq!(statuses, ["completed", "skipped", "skipped"]);
    assert_eq!(tasks(essor).await, ["Plan one"]);
    // A task that was done before the look is done, and counts.
    let again = essor.post(&at, json!({"stage": "two"})).await;
    let call = stage(&again, "two")["actions"][0]["taskId"].as_str().unwrap().to_owned();
    essor.patch(&format!("/tasks/{call}"), json!({"done": true})).await;
    let moved = essor.post(&format!("{at}/move"), json!({"to": "three", "reason": "Known", "skip": true})).await;
    assert_eq!(stage(&moved, "two")["progressPct"], 15.0);
    assert_eq!(stage(&moved, "two")["actions"][0]["done"], true);
});

story!(a_new_version_keeps_what_people_made_of_a_stage, |essor| async {
    let mut one = part("one", &ticked());
    let named = |key: &str| json!({"key": key, "title": {"en": key}, "day": 20, "impact": "high", "critical": true});
    one["milestones"] = json!([named("moved"), named("met"), named("gone")]);
    let path = follow(essor, json!([one.clone(), part("two", &ticked())])).await;
    let at = begun(essor, "acme").await;
    let begins = journey(essor, "acme").await;
    let id = |key: &str| {
        let milestones = begins["milestones"].as_array().unwrap();
        milestones.iter().find(|m| m["title"]["en"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let change = json!({"due": "2026-07-15", "impact": "low", "critical": false});
    essor.patch(&format!("{at}/milestones/{}", id("moved")), change).await;
    essor.patch(&format!("{at}/milestones/{}", id("met")), json!({"completed": true})).await;
    assert_eq!(essor.delete(&format!("{at}/milestones/{}", id("gone"))).await.status, 204);
    let call = stage(&begins, "one")["actions"][0]["taskId"].as_str().unwrap();
    assert_eq!(essor.delete(&format!("/tasks/{call}")).await.status, 204);
    essor.settle().await;
    let before = journey(essor, "acme").await;

    let more = part("more", &ticked());
    one["plannedDays"] = 40.into();
    one["milestones"].as_array_mut().unwrap().push(named("new"));
    one["actions"].as_array_mut().unwrap().push(more["actions"][0].clone());
    follow(essor, json!([one, part("two", &ticked())])).await;
    migrated(essor, &path).await;
    let after = journey(essor, "acme").await;
    assert_eq!((&after["journey"]["version"], &after["journey"]["expectedEnd"]), (&json!(2), &json!("2026-07-27")));
    let kept = |of: &Value, new: bool| -> Vec<Value> {
        let milestones = of["milestones"].as_array().unwrap().iter();
        milestones.filter(|m| (m["title"]["en"] == "new") == new).cloned().collect()
    };
    assert_eq!(kept(&after, false), kept(&before, false));
    assert_eq!(kept(&after, true)[0]["due"], "2026-07-07");
    assert_eq!(tasks(essor).await, ["Call more", "Plan one"], "what somebody took away stays away");
    assert_eq!(after["history"].as_array().unwrap().len(), 1, "the stay goes on");
});

story!(a_stage_that_is_gone_is_left_with_what_was_open_of_it, |essor| async {
    let path = follow(
        essor,
        json!([
            part("one", &ticked()),
            part("two", &ticked()),
            part("three", &measured("usage.active_days_30d >= 1")),
            part("four", &ticked())
        ]),
    )
    .await;
    for id in ["first", "gone", "through", "last"] {
        let at = begun(essor, id).await;
        let to = match id {
            "gone" | "through" => "two",
            "last" => "four",
            _ => continue,
        };
        essor.post(&format!("{at}/move"), json!({"to": to, "reason": "Known"})).await;
    }
    used(essor, "through", 0..2).await;
    // Its critical milestone is missed.
    for id in ["first", "gone", "through", "last"] {
        essor.set_clock("2026-07-10T12:00:00Z");
        essor.post("/clients", client(id).with("industry", "later")).await;
    }
    essor.settle().await;
    let late = journey(essor, "gone").await;
    assert!(kinds(&late).contains(&"milestone_overdue"), "{late}");

    follow(
        essor,
        json!([
            part("one", &ticked()),
            part("three", &measured("usage.active_days_30d >= 1")),
            part("four", &ticked())
        ]),
    )
    .await;
    let preview = essor.post(&format!("{path}/preview"), json!({})).await;
    assert_eq!(preview["clients"], 4);
    migrated(essor, &path).await;
    // What was shown is what came of it, for each.
    for (id, place) in [("first", "one"), ("gone", "three"), ("through", "four"), ("last", "four")] {
        let now = journey(essor, id).await;
        let shown = preview["changes"].as_array().unwrap().iter().find(|c| c["clientName"] == format!("Client {id}"));
        let shown = shown.unwrap();
        let came = [&now["journey"]["stage"], &now["journey"]["progressPct"], &now["journey"]["status"]];
        assert_eq!([&shown["toStage"], &shown["progressTo"], &shown["statusTo"]], came, "{id}");
        assert_eq!(came[0], place, "{id}");
        let open = now["history"].as_array().unwrap().iter().filter(|stay| stay["outcome"].is_null());
        let open: Vec<&Value> = open.map(|stay| &stay["stage"]).collect();
        assert_eq!(open, [place], "{id} is where its only open stay says");
    }
    let now = journey(essor, "gone").await;
    let left = now["history"].as_array().unwrap().iter().find(|stay| stay["stage"] == "two").unwrap();
    assert_eq!((&left["outcome"], &left["days"]), (&json!("moved"), &json!(23)));
    assert!(left["reason"].as_str().unwrap().starts_with("Version 2 "), "{left}");
    assert_eq!((&now["journey"]["expectedEnd"], &now["journey"]["status"]), (&json!("2026-08-09"), &json!("active")));
    assert!(kinds(&now).is_empty(), "nothing of the old stage is late any more: {now}");
    assert!(!now["milestones"].to_string().contains("Reached two"), "{now}");
    assert!(!tasks(essor).await.iter().any(|title| title.ends_with(" two")));
});

story!(who_left_or_is_paused_is_late_for_nothing, |essor| async {
    follow(essor, json!([part("one", &ticked()), part("two", &ticked())])).await;
    let all = ["stays", "left", "paused", "archived", "trashed", "none"];
    for id in &all[..5] {
        begun(essor, id).await;
    }
    essor.post("/clients", client("none")).await;
    let none = essor.client_id("none").await;
    essor.post(&format!("/clients/{none}/journey"), json!({"stage": "one"})).await;
    on(essor, "2026-07-05T12:00:00Z").await;
    essor.set_clock("2026-07-20T12:00:00Z");
    let look = async |at: &str| {
        for id in all.iter().filter(|id| **id != "trashed") {
            essor.post("/clients", client(id).with("industry", at)).await;
        }
        essor.settle().await;
    };
    essor.post("/clients", client("trashed").with("industry", "late")).await;
    look("late").await;
    let late = async || essor.get("/journey/clients?state=late").await["total"].clone();
    let alerts = async || {
        let page = essor.get("/journey/alerts?limit=200").await;
        let mut of: Vec<String> =
            page["items"].as_array().unwrap().iter().map(|a| a["clientName"].as_str().unwrap().to_owned()).collect();
        of.sort();
        of.dedup();
        of
    };
    assert_eq!((late().await, alerts().await.len()), (json!(6), 6));
    assert!(kinds(&journey(essor, "left").await).contains(&"stage_late"));

    for (id, end) in [("left", "2026-07-19"), ("archived", "2026-07-19")] {
        let over = subscription(&format!("s-{id}"), id, "2026-06-17", 50_000).with("endDate", end);
        essor.post("/subscriptions", over).await;
    }
    essor.post("/clients", client("paused").with("paused", true)).await;
    essor.post("/clients", client("archived").with("archived", true)).await;
    let trashed = essor.client_id("trashed").await;
    assert_eq!(essor.delete(&format!("/clients/{trashed}")).await.status, 204);
    essor.settle().await;
    let follows = ["Client none", "Client stays"];
    assert_eq!((late().await, alerts().await), (json!(2), follows.map(str::to_owned).to_vec()));
    let board = essor.get("/journey/board").await;
    assert_eq!((&board["stages"][0]["clients"], &board["stages"][0]["late"]), (&json!(2), &json!(2)), "{board}");
    assert_eq!(essor.get("/journey/clients?state=stalled").await["total"], 2);
    for id in ["left", "paused", "archived"] {
        let now = journey(essor, id).await;
        assert_eq!((&now["journey"]["suspended"], &now["journey"]["daysLate"]), (&json!(true), &json!(0)), "{id}");
        assert!(kinds(&now).is_empty(), "{id}");
    }
    // Time goes by, and nothing of theirs is raised again; nor do they go on by themselves.
    let at = format!("/clients/{}/journey", essor.client_id("paused").await);
    assert_eq!(tick(essor, &at, true).await["journey"]["stage"], "one");
    essor.set_clock("2026-08-02T12:00:00Z");
    look("later").await;
    assert_eq!((late().await, alerts().await), (json!(2), follows.map(str::to_owned).to_vec()));
    assert_eq!(essor.get("/journey/clients?status=paused").await["total"], 1, "whoever asks for them sees them");

    // Who comes back is followed again.
    essor.post("/clients", client("paused").with("paused", false)).await;
    assert_eq!(essor.try_post(&format!("/clients/{trashed}/restore"), json!({})).await.status, 204);
    essor.settle().await;
    assert_eq!(journey(essor, "paused").await["journey"]["stage"], "two");
    assert!(alerts().await.contains(&"Client trashed".to_owned()));
});

story!(a_milestone_is_not_due_before_its_stage, |essor| async {
    follow(essor, json!([part("one", &ticked()), part("two", &ticked()), part("three", &ticked())])).await;
    let at = begun(essor, "acme").await;
    essor.set_clock("2026-06-27T12:00:00Z");
    tick(essor, &at, true).await;
    essor.set_clock("2026-07-05T12:00:00Z");
    let new = |stage: Option<&str>, due: &str| json!({"title": {"en": "Committee"}, "due": due, "stage": stage});
    let path = format!("{at}/milestones");
    for (stage, early, earliest) in [
        ("one", "2026-06-16", "2026-06-17"),
        ("two", "2026-06-26", "2026-06-27"),
        // Not begun: today at the earliest.
        ("three", "2026-07-04", "2026-07-05"),
    ] {
        let refused = essor.try_post(&path, new(Some(stage), early)).await.refused(422, "journey_milestone_early");
        assert_eq!((&refused["field"], &refused["min"]), (&json!("due"), &json!(earliest)), "{stage}");
        let made = essor.post(&path, new(Some(stage), earliest)).await;
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        let moved = essor.ask(&essor.home().owner, Method::PATCH, &one, Some(&json!({"due": early}))).await;
        assert_eq!(moved.refused(422, "journey_milestone_early")["min"], earliest);
        essor.patch(&one, json!({"due": earliest, "impact": "low"})).await;
    }
    essor.try_post(&path, new(Some("four"), "2026-07-05")).await.refused(422, "journey_stage_unknown");
    essor.post(&path, new(None, "2026-01-01")).await;
    assert_eq!(journey(essor, "acme").await["milestones"].as_array().unwrap().len(), 6);
});

story!(next_actions_stand_in_the_order_of_what_they_are_worth, |essor| async {
    follow(essor, json!([part("one", &ticked()), part("two", &ticked())])).await;
    essor.post("/clients", client("acme").with("since", "2025-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2025-01-01", 50_000)).await;
    let quota: Vec<Value> = (0..30)
        .map(|back| {
            let day = (essor.app.clock.now() - chrono::Duration::days(back)).date_naive();
            let data = json!({"name": "storage", "value": 92, "limit": 100});
            signal("metric", &format!("q{day}"), "acme", &format!("{day}T10:00:00Z"), data).into()
        })
        .collect();
    essor.post("/signals", Value::Array(quota)).await;
    let data = json!({"amountCents": 60_000, "dueDate": "2026-06-12", "number": "F-7"});
    essor.post("/signals", signal("payment", "f7", "acme", "2026-05-20T10:00:00Z", data)).await;
    essor.settle().await;
    let at = format!("/clients/{}/journey", essor.client_id("acme").await);
    essor.post(&at, json!({"stage": "one"})).await;
    let next = journey(essor, "acme").await["nextActions"].as_array().unwrap().clone();
    let said: Vec<(&str, &str)> = next
        .iter()
        .map(|step| {
            let of = if step["title"].is_null() { &step["detector"] } else { &step["title"] };
            (step["kind"].as_str().unwrap(), of.as_str().unwrap())
        })
        .collect();
    // The tasks keep what the best opportunity would bring, and of equals the one that is due first comes first.
    let opportunity = ("opportunity", "quota");
    assert_eq!(said, [opportunity, ("task", "Call one"), ("task", "Plan one"), ("invoice", "F-7")], "{next:?}");
    let worth: Vec<i64> = next.iter().map(|step| step["expectedCents"].as_i64().unwrap()).collect();
    assert!(worth[0] == worth[1] && worth[1] == worth[2] && worth[2] > worth[3] && worth[3] > 0, "{worth:?}");
    assert!(next.iter().all(|step| step["priority"].is_string()));
});

story!(a_criterion_is_measured_by_a_metric, |essor| async {
    let send = async |id: &str, of: &str, value: i64| {
        let at = essor.app.clock.now().to_rfc3339();
        essor.post("/signals", signal("metric", id, of, &at, json!({"name": "Projects", "value": value}))).await;
        essor.settle().await;
    };
    essor.post("/clients", client("before")).await;
    send("m0", "before", 1).await;
    follow(essor, json!([part("one", &measured("metric.projects >= 3")), part("two", &ticked())])).await;
    begun(essor, "acme").await;
    let seen = async || {
        let now = journey(essor, "acme").await;
        let evidence = stage(&now, "one")["criteria"][0]["evidence"][0].clone();
        (now["journey"]["stage"].clone(), evidence["fact"].clone(), evidence["value"].clone())
    };
    assert_eq!(seen().await, (json!("one"), json!("metric.projects"), Value::Null), "nothing is known yet");
    send("m1", "acme", 2).await;
    assert_eq!(seen().await, (json!("one"), json!("metric.projects"), json!(2)));
    send("m2", "acme", 3).await;
    assert_eq!(seen().await.0, "two", "the criterion holds, and the client goes on");
});

story!(a_criterion_waits_for_an_action_that_there_is, |essor| async {
    let path =
        follow(essor, json!([part("one", &ticked()), part("two", &measured("journey.done has \"two_plan\""))])).await;
    let template = essor.get(&path).await["template"].clone();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut out = template.clone();
        change(&mut out);
        json!({"template": out})
    };
    let waits = "template.stages[1].criteria[0].expression";
    for (draft, code, field) in [
        (
            with(&|t| t["stages"][1]["criteria"][0]["expression"] = "journey.done has \"typo\"".into()),
            "journey_action_unknown",
            waits,
        ),
        (
            with(&|t| t["stages"][1]["criteria"][0]["expression"] = "not journey.done has \"typo\" and mrr > 1".into()),
            "journey_action_unknown",
            waits,
        ),
        // Two of one name: done in the first stage, it would be done in the second.
        (
            with(&|t| t["stages"][0]["actions"][1]["key"] = "two_plan".into()),
            "journey_key_duplicate",
            "template.stages[1].actions[1].key",
        ),
        (
            with(&|t| t["stages"][1]["criteria"][0]["expression"] = "open_opportunities > 100".into()),
            "journey_fact_circular",
            waits,
        ),
    ] {
        let refused = essor.ask(&essor.home().owner, Method::PUT, &path, Some(&draft)).await.refused(422, code);
        assert_eq!(refused["field"], field, "{code}");
        essor.try_post("/journey/templates/check", draft).await.refused(422, code);
    }
    let known = with(&|t| t["stages"][1]["criteria"][0]["expression"] = "journey.done has \"typo\"".into());
    let refused = essor.try_post("/journey/templates/check", known).await.refused(422, "journey_action_unknown");
    assert_eq!(refused["expected"], "one_call, one_plan, two_call, two_plan");
    // The catalogue says what may be asked for.
    let facts = essor.get("/clients/facts").await;
    let may =
        |key: &str| facts["items"].as_array().unwrap().iter().find(|f| f["key"] == key).unwrap()["criterion"].clone();
    assert_eq!((may("mrr"), may("journey.done")), (json!(true), json!(true)));
    for key in ["stage", "journey.status", "journey.progress", "health", "at_risk", "open_opportunities"] {
        assert_eq!(may(key), false, "{key}");
    }
});

story!(journeys_of_clients_that_were_there_are_read_off, |essor| async {
    for (id, since) in [("old", "2025-01-01"), ("young", "2026-03-20")] {
        essor.post("/clients", client(id).with("since", since)).await;
        essor.post("/subscriptions", subscription(id, id, since, 50_000)).await;
    }
    essor.settle().await;
    assert_eq!(essor.get("/journey/settings").await["withoutJourney"], 2);
    let infer = async || {
        let asked = essor.ask(&essor.home().owner, Method::POST, "/journey/infer", None).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        essor.settle().await;
        (journey(essor, "old").await, journey(essor, "young").await)
    };
    let (old, young) = infer().await;
    // 532 days are past 30, 90, 180 and 300 of them; 89 days past the first thirty.
    for (of, stage) in [(&old, "advocacy"), (&young, "adoption")] {
        let head = &of["journey"];
        assert_eq!((&head["stage"], &head["inferred"]), (&json!(stage), &json!(true)));
        assert_eq!(head["status"], "active", "nobody is late on a plan that nobody had");
        assert!(kinds(of).is_empty());
    }
    assert_eq!(young["journey"]["expectedEnd"], "2026-08-16", "sixty days from today");
    assert!(old["history"].as_array().unwrap().iter().all(|stay| stay["inferred"] == true));
    assert_eq!(tasks(essor).await, [""; 0], "an inferred stage makes no tasks");
    assert_eq!(essor.get("/notifications").await["items"], json!([]), "and nobody is told");
    assert_eq!(essor.get("/journey/settings").await["withoutJourney"], 0);
    let again = infer().await;
    assert_eq!(again, (old, young), "a second time changes nothing");
});
