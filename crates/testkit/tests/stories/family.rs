//! Who stands under whom, by hand: seen on both pages, counted in the parent's health, refused where it turns in a circle.

use essor_testkit::{Answer, Essor, Who, client, story, subscription};
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

    // Nobody stands under itself, nor under who stands below it, nor under somebody unknown or of another workspace.
    put_under(essor, &team, "*", json!(north)).await.good();
    let elsewhere = essor.place("Elsewhere").await;
    let theirs: Value = client("theirs").into();
    let theirs = essor.ask(&elsewhere.owner, Method::POST, "/clients", Some(&theirs)).await.good();
    for (parent, code) in [
        (json!(group), "clients_parent_cycle"),
        (json!(team), "clients_parent_cycle"),
        (json!(uuid::Uuid::nil()), "clients_unknown"),
        (theirs["items"][0]["id"].clone(), "clients_unknown"),
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
