//! Signals that people record on a client's page: they count as a source's do, are corrected and taken back, and leave
//! the past as it was believed to be. What a source sent is the source's.

use essor_testkit::{Essor, client, contact, signal, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};

fn said(kind: &str, at: &str, data: Value) -> Value {
    json!({"kind": kind, "occurredAt": at, "data": data})
}

/// A client's signals in its stream, newest first.
async fn shown(essor: &Essor, id: &str) -> Vec<Value> {
    let kinds = "ticket,survey,message,payment,meeting,outcome,metric,pulse,churn_reason";
    let page = essor.get(&format!("/clients/{id}/timeline?kinds={kinds}")).await;
    page["items"].as_array().unwrap().clone()
}

async fn risk(essor: &Essor, name: &str) -> Vec<String> {
    let page = essor.of_client(name, "/health").await;
    let risks = page["risks"].as_array().unwrap();
    risks.iter().map(|risk| risk["key"].as_str().unwrap().to_owned()).collect()
}

story!(a_fact_by_hand_counts_is_corrected_and_taken_back, |essor| async {
    essor.set_clock("2026-06-17T09:00:00Z");
    essor.post("/clients", client("acme")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 50_000)).await;
    essor.post("/contacts", contact("ada", "acme").with("name", "Ada")).await;
    let id = essor.client_id("acme").await;
    let ada = essor.get(&format!("/clients/{id}/contacts")).await["items"][0]["id"].clone();
    let list = format!("/clients/{id}/signals");
    let mut meeting = said("meeting", "2026-06-15T10:00:00Z", json!({"subject": "Review", "author": "Somebody else"}));
    meeting["contactId"] = ada.clone();
    let made = essor.post(&list, meeting.clone()).await;
    let seen = shown(essor, &id).await;
    assert_eq!(seen.len(), 1);
    assert_eq!((&seen[0]["id"], &seen[0]["byHand"], &seen[0]["contactId"]), (&made["id"], &json!(true), &ada));
    assert_eq!((&seen[0]["data"]["subject"], &seen[0]["at"]), (&json!("Review"), &json!("2026-06-15T10:00:00Z")));
    let author = seen[0]["data"]["author"].clone();
    assert!(author.is_string() && author != "Somebody else", "who records it is who is signed in: {author}");

    // An invoice long due puts the client at risk; paid, it does not; and it was at risk all the same.
    let mut invoice = said("payment", "2026-03-01T10:00:00Z", json!({"amountCents": 50_000, "dueDate": "2026-04-01"}));
    let made = essor.post(&list, invoice.clone()).await;
    essor.settle().await;
    assert!(risk(essor, "acme").await.iter().any(|key| key.contains("invoice") || key.contains("payment")));
    let unpaid = essor.of_client("acme", "/health").await["score"].clone();
    essor.set_clock("2026-06-20T09:00:00Z");
    invoice["endedAt"] = json!("2026-06-19T10:00:00Z");
    let one = format!("{list}/{}", made["id"].as_str().unwrap());
    essor.put(&one, invoice.clone()).await;
    essor.settle().await;
    assert!(!risk(essor, "acme").await.iter().any(|key| key.contains("invoice") || key.contains("payment")));
    let before = essor.of_client("acme", "/health/at?day=2026-06-17").await;
    assert_eq!(before["score"], unpaid, "what was believed then");
    assert_eq!(shown(essor, &id).await.len(), 2, "corrected, not doubled");

    // Taken back it is gone, and the past stays.
    assert_eq!(essor.delete(&one).await.status, 204);
    assert_eq!(essor.delete(&one).await.status, 404);
    essor.settle().await;
    assert_eq!(shown(essor, &id).await.len(), 1);
    let again = essor.of_client("acme", "/health/at?day=2026-06-17").await;
    assert_eq!(again["score"], unpaid);

    // A number by hand is a fact that lists are filtered by.
    essor
        .post(&list, said("metric", "2026-06-19T10:00:00Z", json!({"name": "Storage", "value": 46, "limit": 50})))
        .await;
    let listed = essor.get("/clients?where=metric.storage%20%3E%2045").await;
    assert_eq!(listed["total"], 1);
    let log = essor.get("/audit?operation=signals.").await;
    let told: Vec<&str> = log["items"].as_array().unwrap().iter().map(|e| e["operation"].as_str().unwrap()).collect();
    let expected = ["signals.record", "signals.remove", "signals.correct", "signals.record", "signals.record"];
    assert_eq!(told, expected);
});

story!(what_no_hand_may_say_or_change, |essor| async {
    essor.set_clock("2026-06-17T09:00:00Z");
    essor.post("/clients", client("acme")).await;
    essor.post("/clients", client("other")).await;
    essor.post("/contacts", contact("eve", "other")).await;
    essor.post("/signals", signal("ticket", "t", "acme", "2026-06-01T10:00:00Z", json!({"subject": "A"}))).await;
    let (acme, other) = (essor.client_id("acme").await, essor.client_id("other").await);
    let eve = essor.get(&format!("/clients/{other}/contacts")).await["items"][0]["id"].clone();
    let list = format!("/clients/{acme}/signals");
    let at = "2026-06-16T10:00:00Z";
    let of = |kind: &str, data: Value| said(kind, at, data);
    let mut with_eve = of("meeting", json!({"subject": "A"}));
    with_eve["contactId"] = eve;
    for (said, code, field) in [
        (of("lunch", json!({})), "clients_signal_kind_unknown", "kind"),
        (of("pulse", json!({"value": 3})), "clients_signal_kind_unknown", "kind"),
        (said("meeting", "2026-06-18T10:00:00Z", json!({"subject": "A"})), "clients_signal_in_future", "occurredAt"),
        (of("meeting", json!({})), "field_required", "data.subject"),
        (of("metric", json!({"name": "Go"})), "field_required", "data.value"),
        (
            of("outcome", json!({"label": "L", "amountCents": 5, "currency": "ZZZ"})),
            "growth_currency_unknown",
            "data.currency",
        ),
        (of("payment", json!({"amountCents": 5})), "field_required", "data.dueDate"),
        (with_eve, "clients_contact_unknown", "contactId"),
    ] {
        let refused = essor.try_post(&list, said.clone()).await.refused(422, code);
        assert_eq!(refused["field"], field, "{said}");
    }
    // What a source sent is not corrected by hand, nor what stands at another client, nor is a kind changed.
    let sent = shown(essor, &acme).await;
    assert_eq!((sent.len(), &sent[0]["byHand"]), (1, &json!(false)), "nothing was half saved");
    let owner = &essor.home().owner;
    let good = of("ticket", json!({"subject": "B"}));
    let of_source = format!("{list}/{}", sent[0]["id"].as_str().unwrap());
    essor.ask(owner, Method::PUT, &of_source, Some(&good)).await.refused(404, "not_found");
    essor.ask(owner, Method::DELETE, &of_source, None).await.refused(404, "not_found");
    let made = essor.post(&list, good.clone()).await;
    let own = made["id"].as_str().unwrap();
    let elsewhere = format!("/clients/{other}/signals/{own}");
    essor.ask(owner, Method::PUT, &elsewhere, Some(&good)).await.refused(404, "not_found");
    essor.ask(owner, Method::DELETE, &elsewhere, None).await.refused(404, "not_found");
    let changed = of("meeting", json!({"subject": "B"}));
    let changed = essor.ask(owner, Method::PUT, &format!("{list}/{own}"), Some(&changed)).await;
    changed.refused(422, "clients_signal_kind_unknown");
    assert_eq!(shown(essor, &acme).await.len(), 2);
});
