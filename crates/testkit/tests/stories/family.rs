//! Who stands under whom, by hand: seen on both pages, counted in the parent's health, refused where it turns in a circle.

use essor_testkit::{Answer, Essor, Who, client, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

async fn put_under(essor: &Essor, id: &str, version: &str, parent: Value) -> Answer {
    let request = essor.request(&essor.home().owner, Method::PATCH, &format!("/clients/{id}"));
    Answer::to(request.header("if-match", version).json(&json!({"parentId": parent}))).await.unwrap()
}

async fn page(essor: &Essor, id: &str) -> Value {
    essor.get(&format!("/clients/{id}")).await
}

story!(a_client_is_put_under_another_by_hand, |essor| async {
    for name in ["group", "north", "team"] {
        essor.post("/clients", client(name).with("name", name.to_uppercase())).await;
        essor.post("/subscriptions", subscription(name, name, "2026-01-01", 10_000)).await;
    }
    essor.settle().await;
    let [group, north, team] =
        [essor.client_id("group").await, essor.client_id("north").await, essor.client_id("team").await];
    let read = page(essor, &north).await["version"].as_str().unwrap().to_owned();
    let done = put_under(essor, &north, &format!("\"{read}\""), json!(group)).await.good();
    assert_eq!((&done["editable"]["parentId"], &done["editable"]["parentName"]), (&json!(group), &json!("GROUP")));
    let seen = page(essor, &north).await;
    assert_eq!((&seen["parent"]["id"], &seen["parent"]["name"]), (&json!(group), &json!("GROUP")));
    assert_eq!(page(essor, &group).await["children"][0]["id"], json!(north));
    let entry = essor.get("/audit?limit=1").await["items"][0].clone();
    assert_eq!((&entry["operation"], &entry["before"]), (&json!("clients.update"), &json!({"parent": null})));
    assert_eq!(entry["after"], json!({"parent": "GROUP"}));

    // Who read it before is told where it stands now.
    let late = put_under(essor, &north, &format!("\"{read}\""), Value::Null).await;
    let now = late.refused(412, "precondition_failed");
    assert_eq!((&now["current"]["parentId"], &now["current"]["parentName"]), (&json!(group), &json!("GROUP")));
    // A parent that is called otherwise is no change of the child.
    let version = done["version"].clone();
    essor.post("/clients", client("group").with("name", "Holding")).await;
    assert_eq!(page(essor, &north).await["version"], version);

    // Nobody stands under itself, nor under who stands below it, nor under somebody unknown, of another workspace
    // or in the trash.
    put_under(essor, &team, "*", json!(north)).await.good();
    let elsewhere = essor.place("Elsewhere").await;
    let theirs: Value = client("theirs").into();
    let theirs = essor.ask(&elsewhere.owner, Method::POST, "/clients", Some(&theirs)).await.good();
    essor.post("/clients", client("thrown-away")).await;
    let thrown_away = essor.client_id("thrown-away").await;
    assert_eq!(essor.delete(&format!("/clients/{thrown_away}")).await.status, 204);
    for (parent, code) in [
        (json!(group), "clients_parent_cycle"),
        (json!(team), "clients_parent_cycle"),
        (json!(uuid::Uuid::nil()), "clients_unknown"),
        (theirs["items"][0]["id"].clone(), "clients_unknown"),
        (json!(thrown_away), "clients_unknown"),
    ] {
        let refused = put_under(essor, &group, "*", parent.clone()).await.refused(422, code);
        assert_eq!((&refused["field"], &refused["value"]), (&json!("parentId"), &parent));
    }
    assert_eq!(page(essor, &group).await["parent"], Value::Null, "nothing was half saved");

    // And taken away again.
    put_under(essor, &north, "*", Value::Null).await.good();
    assert_eq!(page(essor, &north).await["parent"], Value::Null);
    assert_eq!(page(essor, &group).await["children"], json!([]));
    let viewer: Who =
        essor.person(essor.home().workspace, "v@acme.example", essor_domain::identity::Role::Viewer).await;
    let request = essor.request(&viewer, Method::PATCH, &format!("/clients/{north}")).header("if-match", "*");
    Answer::to(request.json(&json!({"parentId": group}))).await.unwrap().refused(403, "forbidden");
});

/// A client's health as of a day, as it was known then.
async fn stood(essor: &Essor, external_id: &str, day: &str) -> Value {
    let seen = essor.of_client(external_id, &format!("/health/at?day={day}")).await;
    json!([seen["score"], seen["factors"]])
}

story!(the_health_of_both_parents_follows_and_no_past_day_moves, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    for new in [client("group"), client("holding"), client("north").with("since", "2026-01-01")] {
        essor.post("/clients", new).await;
    }
    essor.post("/subscriptions", subscription("s", "north", "2026-01-01", 90_000)).await;
    let read =
        |day: u32| track(&format!("m{day}"), "ada", "Read").of("north").at(&format!("2026-06-{day:02}T09:00:00Z"));
    essor.usage((1..=16).map(read)).await;
    essor.settle().await;
    let [group, holding, north] =
        [essor.client_id("group").await, essor.client_id("holding").await, essor.client_id("north").await];
    let health = async |id: &str| page(essor, id).await["health"].clone();
    assert!(health(&north).await.as_i64().unwrap() > 80);
    assert_eq!(health(&group).await, Value::Null);

    // Without facts of its own a parent is as well as its only client.
    put_under(essor, &north, "*", json!(group)).await.good();
    essor.settle().await;
    assert_eq!(health(&group).await, health(&north).await);
    let days = ["2026-06-10", "2026-06-17"];
    let past = async || {
        let mut out = Vec::new();
        for (id, day) in ["group", "holding"].into_iter().flat_map(|id| days.map(|day| (id, day))) {
            out.push(stood(essor, id, day).await);
        }
        out
    };
    let before = past().await;
    assert_eq!(before[1][0], health(&group).await, "on the day it was put there");

    essor.set_clock("2026-06-24T12:00:00Z");
    put_under(essor, &north, "*", json!(holding)).await.good();
    essor.settle().await;
    let now = health(&holding).await;
    assert!(now.is_i64());
    assert_eq!((&now, health(&group).await), (&health(&north).await, Value::Null));
    assert_eq!(past().await, before);
    put_under(essor, &north, "*", Value::Null).await.good();
    essor.settle().await;
    assert_eq!(health(&holding).await, Value::Null);
    assert_eq!(past().await, before);
});

story!(two_at_once_do_not_put_each_under_the_other, |essor| async {
    for round in 0..5 {
        let [a, b] = [format!("a{round}"), format!("b{round}")];
        essor.post("/clients", client(&a)).await;
        essor.post("/clients", client(&b)).await;
        let (a, b) = (essor.client_id(&a).await, essor.client_id(&b).await);
        let (one, two) = tokio::join!(put_under(essor, &a, "*", json!(b)), put_under(essor, &b, "*", json!(a)));
        let (done, refused) = if one.status.is_success() { (one, two) } else { (two, one) };
        done.good();
        assert_eq!(refused.refused(422, "clients_parent_cycle")["field"], "parentId");
    }
});
