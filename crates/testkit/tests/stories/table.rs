//! The table of clients: expressions, fields of one's own, views, sorts and changes of many at once.

use chrono::Duration;
use essor_app::jobs::CLIENTS_BULK;
use essor_domain::expressions::{Catalogue, Fact, Facts, Kind, Moment, Op, Read, Source};
use essor_domain::identity::Role;
use essor_store::clients::Filter;
use essor_store::signals::metrics;
use essor_store::{clients, clients_bulk, clients_facts, clients_fields, jobs};
use essor_testkit::{Build, Essor, Who, client, contact, signal, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Draws that are the same on each run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const WORDS: [&str; 7] = ["Léa", "LEA", "Grand compte", "50% off_", "Œuvre", "back\\slash", "vip"];

fn list<const N: usize>(items: [Build; N]) -> Value {
    Value::Array(items.into_iter().map(Into::into).collect())
}

async fn field(essor: &Essor, key: &str, kind: &str, choices: &[&str]) -> String {
    let body = json!({"key": key, "label": key, "kind": kind, "choices": choices});
    essor.post("/clients/fields", body).await["id"].as_str().unwrap().to_owned()
}

async fn bulk(essor: &Essor, selection: Value, action: Value) -> Value {
    let body = json!({"selection": selection, "action": action});
    let id = essor.post("/clients/bulk", body).await["id"].as_str().unwrap().to_owned();
    essor.settle().await;
    essor.get(&format!("/clients/bulk/{id}")).await
}

/// Clients of all sorts: most facts known at some, absent at others.
async fn portfolio(essor: &Essor, draw: &mut Draw) {
    for (key, kind) in [("note", "text"), ("score", "number"), ("fee", "money"), ("signed", "day"), ("big", "boolean")]
    {
        field(essor, key, kind, &[]).await;
    }
    field(essor, "contract", "choice", &["Léa", "vip", "monthly"]).await;
    field(essor, "areas", "choices", &["Léa", "vip", "north"]).await;
    let mut all = Vec::new();
    for i in 0..40 {
        let mut one: Value = client(&format!("Ext-{i}")).into();
        one["name"] = format!("{} {i}", draw.of(&WORDS)).into();
        for key in ["segment", "industry", "country", "owner", "plan", "domain"] {
            if draw.below(3) > 0 {
                one[key] = (*draw.of(&WORDS)).into();
            }
        }
        if draw.below(2) == 0 {
            one["seats"] = (draw.below(4) as i64).into();
            one["since"] = format!("2026-05-{:02}", 1 + draw.below(28)).into();
        }
        if i > 5 && draw.below(3) == 0 {
            one["parentExternalId"] = format!("Ext-{}", draw.below(5)).into();
        }
        let mut fields = json!({});
        if draw.below(2) == 0 {
            fields["note"] = (*draw.of(&WORDS)).into();
            fields["score"] = (draw.below(3) as f64 / 2.0).into();
            fields["areas"] = [json!(["Léa"]), json!(["vip", "north"]), json!([])][draw.below(3)].clone();
        }
        if draw.below(2) == 0 {
            fields["fee"] = (draw.below(3) as i64 * 50).into();
            fields["signed"] = format!("2026-06-{:02}", 1 + draw.below(28)).into();
            fields["big"] = (draw.below(2) == 0).into();
            fields["contract"] = (*draw.of(&["Léa", "vip"])).into();
        }
        one["fields"] = fields;
        all.push(one);
    }
    let late = all.split_off(30);
    essor.post("/clients", Value::Array(all)).await;
    essor.set_clock("2026-06-20T09:00:00Z");
    essor.post("/clients", Value::Array(late)).await;
    for i in 0..25 {
        let mut line: Value =
            subscription(&format!("s{i}"), &format!("Ext-{i}"), &format!("2026-0{}-11", 1 + draw.below(6)), 100 * i)
                .into();
        line["product"] = (*draw.of(&WORDS)).into();
        if draw.below(3) == 0 {
            line["period"] = "year".into();
        }
        if draw.below(2) == 0 {
            line["endDate"] = format!("2026-0{}-20", 6 + draw.below(4)).into();
        }
        if i % 7 == 3 {
            line["endDate"] = "2026-06-12".into();
        }
        essor.post("/subscriptions", line).await;
    }
    for i in 0..15 {
        let of = format!("Ext-{}", draw.below(20));
        let at = format!("2026-06-{:02}T10:00:00Z", 1 + draw.below(15));
        essor.post("/signals", signal("ticket", &format!("t{i}"), &of, &at, json!({}))).await;
        let data = json!({"survey": "nps", "score": draw.below(11)});
        essor.post("/signals", signal("survey", &format!("n{i}"), &of, &at, data)).await;
        essor.post("/tasks", json!({"title": "Call", "clientId": essor.client_id(&of).await})).await;
    }
    lives(essor, draw).await;
    measured(essor).await;
    bulk(essor, json!({"where": "segment is not empty"}), json!({"kind": "tag", "tag": "VIP"})).await;
    bulk(essor, json!({"where": "owner = \"lea\""}), json!({"kind": "tag", "tag": "Léa"})).await;
}

/// What happens at the clients over more than a month, so that health has a past.
async fn lives(essor: &Essor, draw: &mut Draw) {
    for (month, day) in [("06", 20), ("06", 29), ("07", 21)] {
        essor.set_clock(&format!("2026-{month}-{:02}T10:00:00Z", day + 1));
        let (mut signals, mut contacts, mut used) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..30 {
            let of = format!("Ext-{}", draw.below(20));
            let id = |kind: &str| format!("{kind}-{month}-{day}-{i}");
            let at = format!("2026-{month}-{:02}T10:00:00Z", 1 + draw.below(day));
            let (kind, data) = match draw.below(6) {
                0 => ("message", json!({"direction": "in"})),
                1 => ("meeting", json!({})),
                2 => ("payment", json!({"amountCents": 5_000, "dueDate": format!("2026-{month}-02")})),
                3 => ("outcome", json!({"amountCents": 100 * draw.below(900)})),
                4 => ("survey", json!({"survey": "csat", "score": 1 + draw.below(5)})),
                _ => ("pulse", json!({"value": 1 + draw.below(5)})),
            };
            signals.push(signal(kind, &id("s"), &of, &at, data));
            let role = *draw.of(&["champion", "decision_maker", "user"]);
            let person = contact(&id("p"), &of).with("role", role);
            contacts.push(if draw.below(3) == 0 { person.with("leftOn", format!("2026-{month}-03")) } else { person });
            let event = *draw.of(&["export", "report", "login"]);
            used.push(track(&id("u"), &format!("user-{}", draw.below(9)), event).of(&of).at(&at));
        }
        essor.post("/signals", Value::Array(signals.into_iter().map(Into::into).collect())).await;
        essor.post("/contacts", Value::Array(contacts.into_iter().map(Into::into).collect())).await;
        essor.usage(used).await;
        essor.settle().await;
        let started = essor.get("/clients?where=stage%20%3D%20%22onboarding%22&limit=2").await;
        for client in started["items"].as_array().unwrap() {
            let kickoff = format!("/clients/{}/journey/actions/kickoff", client["id"].as_str().unwrap());
            essor.put(&kickoff, json!({"done": true})).await;
        }
    }
}

/// Two metrics, of which one is written in two ways: some clients have none, some have several days of one.
async fn measured(essor: &Essor) {
    let mut draw = Draw(3);
    let mut signals: Vec<Value> = Vec::new();
    for i in 0..40 {
        let data = json!({
            "name": *draw.of(&["Storage (GB)", "storage  gb", "Crédits"]),
            "value": *draw.of(&[-1.0, 0.0, 0.2, 0.5, 1.0, 9.0, 60.0]),
        });
        let at = format!("2026-07-{:02}T10:00:00Z", 1 + draw.below(22));
        signals.push(signal("metric", &format!("m{i}"), &format!("Ext-{}", draw.below(25)), &at, data).into());
    }
    essor.post("/signals", Value::Array(signals)).await;
}

/// A condition on a fact, as text.
fn condition(draw: &mut Draw, fact: &Fact) -> String {
    let op = *draw.of(fact.kind.ops());
    let word = |draw: &mut Draw| {
        let word = match fact.choices.as_deref().filter(|_| fact.closed) {
            Some(choices) => draw.of(choices).clone(),
            None => (*draw.of(&WORDS)).to_owned(),
        };
        format!("\"{}\"", word.replace('\\', "\\\\"))
    };
    let value = match (op, fact.kind) {
        (Op::IsEmpty | Op::IsNotEmpty, _) => String::new(),
        (Op::In | Op::NotIn, _) => format!("({}, {})", word(draw), word(draw)),
        (Op::Contains | Op::StartsWith, _) => {
            (*draw.of(&["\"l\"", "\"é\"", "\"\"", "\"%\"", "\"_\"", "\"Ext-1\"", "\"ext\""])).to_owned()
        }
        (_, Kind::Number) => (*draw.of(&["0", "0.2", "0.5", "1", "9", "60"])).to_owned(),
        (_, Kind::Money) => (*draw.of(&["0", "0.5", "1", "12"])).to_owned(),
        (_, Kind::Day | Kind::Instant) => {
            (*draw.of(&["today", "10 days ago", "in 30 days", "2026-06-18", "2026-06-20", "2026-05-14"])).to_owned()
        }
        (_, Kind::Boolean) => (*draw.of(&["true", "false"])).to_owned(),
        _ if fact.key == "journey.done" => "\"kickoff\"".to_owned(),
        _ => word(draw),
    };
    format!("{} {} {value}", fact.key, op.text())
}

fn expression(draw: &mut Draw, facts: &[Fact], depth: usize) -> String {
    match if depth == 0 { 0 } else { draw.below(5) } {
        1 => format!("({} and {})", expression(draw, facts, depth - 1), expression(draw, facts, depth - 1)),
        2 => format!("({} or {})", expression(draw, facts, depth - 1), expression(draw, facts, depth - 1)),
        3 => format!("not {}", expression(draw, facts, depth - 1)),
        _ => {
            let fact = draw.of(facts).clone();
            condition(draw, &fact)
        }
    }
}

story!(sql_and_evaluation_give_the_same_clients, |essor| async {
    let mut draw = Draw(7);
    portfolio(essor, &mut draw).await;
    let (db, workspace) = (&essor.app.db, essor.home().workspace);
    let fields = clients_fields::fields(db, workspace).await.unwrap();
    let metrics = metrics::list(db, workspace).await.unwrap();
    let keys: Vec<&str> = metrics.iter().map(|metric| metric.key.as_str()).collect();
    assert_eq!(keys, ["credits", "storage_gb"]);
    let catalogue =
        Catalogue::with(fields.iter().map(|f| (f.id, f.key.clone(), f.label.clone(), f.kind(), f.choices())))
            .and_metrics(metrics.into_iter().map(|m| (m.id, m.key, m.name)));
    let zone = essor_domain::time::parse_zone("Europe/Paris").unwrap();
    let moment = Moment { today: essor_domain::time::day_in(zone, essor.app.clock.now()), zone };
    let everything: Vec<(Source, Kind)> = catalogue.facts().iter().map(|fact| (fact.source, fact.kind)).collect();
    let ids = clients::all_ids(db, workspace).await.unwrap();
    let known = clients_facts::of_clients(db, workspace, moment, &everything, &ids).await.unwrap();
    let facts: Vec<(Uuid, Facts)> = known
        .into_iter()
        .map(|(id, held)| {
            let mut facts = Facts::default();
            held.into_iter().for_each(|(source, held)| facts.put(source, held));
            (id, facts)
        })
        .collect();
    // Each fact alone first, then all mixed.
    let mut texts: Vec<String> = catalogue
        .facts()
        .iter()
        .flat_map(|fact| (0..12).map(|_| condition(&mut draw, fact)).collect::<Vec<_>>())
        .collect();
    texts.extend((0..300).map(|_| expression(&mut draw, catalogue.facts(), 3)));
    let alone = texts.len() - 300;
    let mut told = BTreeSet::new();
    for (n, text) in texts.iter().enumerate() {
        let rule = Read::text(text).unwrap().compile(&catalogue, &moment).unwrap_or_else(|e| panic!("{text}: {e}"));
        let expected: BTreeSet<Uuid> = facts.iter().filter(|(_, facts)| rule.holds(facts)).map(|(id, _)| *id).collect();
        let filter =
            Filter { status: Some("all".into()), rules: vec![rule], moment: Some(moment), ..Filter::default() };
        let found = clients_bulk::matching(db, workspace, &filter).await.unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{text}");
        if !expected.is_empty() && expected.len() < facts.len() {
            told.insert(n);
        }
    }
    assert!(told.len() > 300, "most tell clients apart: {}", told.len());
    let silent = |i: &usize| !(12 * i..12 * (i + 1)).any(|n| told.contains(&n));
    let silent: Vec<&str> = (0..alone / 12).filter(silent).map(|i| catalogue.facts()[i].key.as_str()).collect();
    assert_eq!(silent, [""; 0], "facts that are alike at all clients prove nothing");
});

story!(a_list_sorts_by_any_fact_with_the_absent_last, |essor| async {
    let mut draw = Draw(11);
    portfolio(essor, &mut draw).await;
    let owner = &essor.home().owner;
    let facts = essor.get("/clients/facts").await;
    for fact in facts["items"].as_array().unwrap() {
        let key = fact["key"].as_str().unwrap();
        if fact["sortable"] == false {
            essor
                .ask(owner, Method::GET, &format!("/clients?sort={key}"), None)
                .await
                .refused(422, "clients_sort_unknown");
            continue;
        }
        let shown = async |sign: &str| {
            let items = essor.all_clients(owner, &format!("sort={sign}{key}&columns={key}")).await;
            let ids: BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
            assert_eq!((items.len(), ids.len()), (40, 40), "{sign}{key}");
            items.iter().map(|item| item["facts"][key].clone()).collect::<Vec<_>>()
        };
        let (mut up, mut down) = (shown("").await, shown("-").await);
        for values in [&mut up, &mut down] {
            let known = values.iter().take_while(|value| !value.is_null()).count();
            assert!(values[known..].iter().all(Value::is_null), "{key}: {values:?}");
            values.truncate(known);
        }
        let number = |values: &[Value]| values.iter().filter_map(Value::as_f64).collect::<Vec<_>>();
        assert!(number(&up).is_sorted() && number(&down).is_sorted_by(|a, b| a >= b), "{key}: {up:?} {down:?}");
        assert_eq!(up.len(), down.len(), "{key}");
    }
    let unknown = essor.ask(owner, Method::GET, "/clients?columns=nope", None).await;
    unknown.refused(422, "expressions_fact_unknown");
});

/// What the list shows of a fact, by client, in the order of a sort.
async fn shown_by(essor: &Essor, sort: &str, fact: &str) -> Vec<(String, Value)> {
    let listed = essor.get(&format!("/clients?sort={sort}&columns={fact}")).await;
    let one = |item: &Value| (item["externalId"].as_str().unwrap().to_owned(), item["facts"][fact].clone());
    listed["items"].as_array().unwrap().iter().map(one).collect()
}

story!(a_metric_is_a_fact_by_its_latest_value, |essor| async {
    essor.post("/clients", list([client("a"), client("b"), client("c")])).await;
    let owner = &essor.home().owner;
    let unknown = async || essor.ask(owner, Method::GET, "/clients?where=metric.storage%20%3E%201", None).await;
    unknown().await.refused(422, "expressions_fact_unknown");
    let told = |id: &str, of: &str, day: &str, name: &str, value: f64| {
        signal("metric", id, of, &format!("{day}T10:00:00Z"), json!({"name": name, "value": value}))
    };
    let sent = list([
        told("1", "a", "2026-06-01", "Storage", 10.0),
        told("2", "a", "2026-06-10", "storage", 40.5),
        told("3", "b", "2026-05-01", " STORAGE ", 5.0),
        // Of a day to come: not yet.
        told("4", "b", "2026-07-05", "Storage", 500.0),
        told("5", "b", "2026-06-02", "Sièges / équipe", 7.0),
    ]);
    essor.post("/signals", sent).await;
    // What comes late of an earlier day does not count.
    essor.post("/signals", told("6", "a", "2026-06-05", "Storage", 99.0)).await;
    let facts = essor.get("/clients/facts").await;
    let own: Vec<Value> = facts["items"].as_array().unwrap().iter().rev().take(2).cloned().collect();
    let named: Vec<_> = own.iter().map(|fact| (&fact["key"], &fact["label"], &fact["kind"])).collect();
    let (key, label) = (json!("metric.storage"), json!("Storage"));
    let (other, words, number) = (json!("metric.sieges_equipe"), json!("Sièges / équipe"), json!("number"));
    assert_eq!(named, [(&key, &label, &number), (&other, &words, &number)]);
    assert_eq!(own[0]["criterion"], true);
    let pairs = |of: [(&str, Value); 3]| of.map(|(id, value)| (id.to_owned(), value)).to_vec();
    let known = [("a", json!(40.5)), ("b", json!(5)), ("c", Value::Null)];
    assert_eq!(shown_by(essor, "-metric.storage", "metric.storage").await, pairs(known.clone()));
    let up = [known[1].clone(), known[0].clone(), known[2].clone()];
    assert_eq!(shown_by(essor, "metric.storage", "metric.storage").await, pairs(up));
    let holds = async |condition: &str| {
        let answer = essor.post("/clients/expressions", json!({"text": condition})).await;
        answer["count"].as_i64().unwrap()
    };
    for (condition, count) in [
        ("metric.storage >= 40.5", 1),
        ("metric.storage < 40.5", 1),
        ("metric.storage is empty", 1),
        ("not metric.storage > 10", 2),
        ("metric.storage = 5 and metric.sieges_equipe > 6", 1),
        ("metric.storage = 500", 0),
    ] {
        assert_eq!(holds(condition).await, count, "{condition}");
    }
    // The day comes, and a correction of what was sent.
    essor.set_clock("2026-07-05T12:00:00Z");
    assert_eq!(holds("metric.storage = 500").await, 1);
    essor.post("/signals", told("2", "a", "2026-06-10", "Storage", 3.0)).await;
    assert_eq!((holds("metric.storage = 40.5").await, holds("metric.storage = 3").await), (0, 1));
    // Sent anew under another name, it is a value of that one alone.
    essor.post("/signals", told("2", "a", "2026-06-10", "Credits", 3.0)).await;
    assert_eq!((holds("metric.storage = 99").await, holds("metric.credits = 3").await), (1, 1));
    let near = essor.try_post("/clients/expressions", json!({"text": "metric.storge > 1"})).await;
    let params = near.refused(422, "expressions_fact_unknown");
    assert_eq!((&params["nearest"], &params["at"]), (&json!("metric.storage"), &json!(0)));
    let place = essor.place("Other").await;
    let theirs = essor.ask(&place.owner, Method::GET, "/clients/facts", None).await.good();
    assert!(!theirs.to_string().contains("metric."), "metrics are those of a workspace");
});

story!(metrics_that_were_there_before_have_their_facts, |essor| async {
    essor.post("/clients", list([client("a"), client("b")])).await;
    for (id, of, name, value) in [("1", "a", "Storage", 4.5), ("2", "b", "storage", 6.0), ("3", "b", "Seats", 2.0)] {
        let data = json!({"name": name, "value": value});
        essor.post("/signals", signal("metric", id, of, "2026-06-01T10:00:00Z", data)).await;
    }
    let before = shown_by(essor, "metric.storage", "metric.storage").await;
    // As an older binary left it.
    essor
        .meddle(
            "DROP INDEX clients_signals_metric; ALTER TABLE clients_signals DROP COLUMN metric_id; \
             DROP TABLE clients_metrics; UPDATE clients_signals SET score = NULL WHERE kind = 'metric'; \
             DROP TABLE health_standings; DROP INDEX clients_set_aside; DROP INDEX clients_subscriptions_product; \
             DELETE FROM schema_versions WHERE version >= 22",
        )
        .await;
    assert_eq!(essor_store::migrate(&essor.app.db).await.unwrap(), 2);
    assert_eq!(shown_by(essor, "metric.storage", "metric.storage").await, before);
    assert_eq!(before, [("a".to_owned(), json!(4.5)), ("b".to_owned(), json!(6))]);
    let keys: Vec<String> =
        metrics::list(&essor.app.db, essor.home().workspace).await.unwrap().into_iter().map(|m| m.key).collect();
    assert_eq!(keys, ["seats", "storage"]);
});

story!(an_expression_is_answered_both_ways_and_refused_with_its_place, |essor| async {
    essor.post("/clients", list([client("a").with("segment", "PME"), client("b")])).await;
    let answer = essor.post("/clients/expressions", json!({"text": "segment = 'pme'  AND mrr<1000.50"})).await;
    assert_eq!(answer["text"], "segment = \"pme\" and mrr < 1000.5");
    assert_eq!(answer["count"], 1);
    let again = essor.post("/clients/expressions", json!({"tree": answer["tree"]})).await;
    assert_eq!(again, answer);
    let refused = essor.try_post("/clients/expressions", json!({"text": "segmnt = \"pme\""})).await;
    let error = &refused.json["error"];
    assert_eq!((error["code"].as_str(), &error["params"]["at"]), (Some("expressions_fact_unknown"), &json!(0)));
    assert_eq!((&error["params"]["nearest"], &error["params"]["field"]), (&json!("segment"), &json!("text")));
    let listed = essor.get("/clients?where=not%20segment%20%3D%20%22pme%22").await;
    assert_eq!((&listed["total"], &listed["items"][0]["externalId"]), (&json!(1), &json!("b")));
    let bomb = "(".repeat(1_500);
    let bomb = essor.ask(&essor.home().owner, Method::GET, &format!("/clients?where={bomb}"), None).await;
    bomb.refused(422, "expressions_too_deep");
});

story!(views_are_private_until_a_manager_shares_them, |essor| async {
    essor.post("/clients", list([client("a").with("segment", "PME"), client("b")])).await;
    let workspace = essor.home().workspace;
    let member = essor.person(workspace, "member@acme.example", Role::Member).await;
    let other = essor.person(workspace, "other@acme.example", Role::Member).await;
    let body = json!({"name": "Small ones", "where": "segment = \"pme\"", "columns": [{"key": "mrr", "width": 120}]});
    let view = essor.ask(&member, Method::POST, "/clients/views", Some(&body)).await.good();
    assert_eq!((&view["count"], &view["mine"], &view["shared"]), (&json!(1), &json!(true), &json!(false)));
    let path = format!("/clients/views/{}", view["id"].as_str().unwrap());
    let seen = async |who: &Who| {
        let views = essor.ask(who, Method::GET, "/clients/views", None).await.good();
        views["items"].as_array().unwrap().len()
    };
    assert_eq!((seen(&member).await, seen(&other).await), (1, 0));
    let id = view["id"].as_str().unwrap();
    essor.ask(&other, Method::GET, &format!("/clients?view={id}"), None).await.refused(404, "not_found");
    let share = json!({"shared": true});
    essor.ask(&member, Method::PATCH, &path, Some(&share)).await.refused(403, "forbidden");
    essor.ask(&other, Method::DELETE, &path, None).await.refused(404, "not_found");
    let bad = json!({"where": "nope = 1"});
    essor.ask(&member, Method::PATCH, &path, Some(&bad)).await.refused(422, "expressions_fact_unknown");
    let listed = essor.ask(&member, Method::GET, &format!("/clients?view={id}"), None).await.good();
    assert_eq!(listed["total"], 1);
    let shared = json!({"name": "All", "shared": true, "where": ""});
    essor.post("/clients/views", shared).await;
    assert_eq!(seen(&other).await, 1);
    let tabs = essor.ask(&member, Method::GET, &format!("/clients/tabs?view={id}"), None).await.good();
    assert_eq!((&tabs["all"], &tabs["active"]), (&json!(1), &json!(0)));
    assert_eq!(essor.ask(&member, Method::DELETE, &path, None).await.status, 204);
});

story!(figures_are_those_of_the_selection, |essor| async {
    essor.post("/clients", list([client("a").with("segment", "PME"), client("b"), client("c")])).await;
    let mut ending: Value = subscription("s", "a", "2026-05-01", 10_000).into();
    ending["endDate"] = "2026-08-01".into();
    essor.post("/subscriptions", ending).await;
    essor.post("/subscriptions", subscription("t", "b", "2025-01-01", 5_000)).await;
    essor.settle().await;
    let figures = essor.get("/clients/figures").await;
    let shown = |figures: &Value| {
        ["count", "mrrCents", "arrCents", "renewalsIn90Days"].map(|key| figures[key].as_i64().unwrap())
    };
    assert_eq!(shown(&figures), [3, 15_000, 180_000, 1]);
    assert_eq!(figures["byStatus"], json!({"active": 2, "none": 1}));
    assert_eq!(shown(&essor.get("/clients/figures?where=segment%20is%20not%20empty").await), [1, 10_000, 120_000, 1]);
    let tabs = essor.get("/clients/tabs").await;
    assert_eq!((&tabs["all"], &tabs["active"], &tabs["onboarding"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(essor.get("/clients?tab=onboarding").await["items"][0]["externalId"], "a");
});

story!(a_renewal_is_the_same_day_for_lists_figures_and_opportunities, |essor| async {
    let names = ["ends", "yearly", "both", "monthly", "trial", "later"];
    essor.post("/clients", Value::Array(names.iter().map(|name| client(name).into()).collect())).await;
    let send = async |id: &str, of: &str, start: &str, edit: Value| {
        let mut line: Value = subscription(id, of, start, 12_000).into();
        edit.as_object().unwrap().iter().for_each(|(key, value)| line[key] = value.clone());
        essor.post("/subscriptions", line).await;
    };
    send("1", "ends", "2026-01-10", json!({"endDate": "2026-06-20"})).await;
    send("2", "yearly", "2024-07-01", json!({"period": "year"})).await;
    send("3", "both", "2024-08-01", json!({"period": "year"})).await;
    send("4", "both", "2026-01-10", json!({"endDate": "2026-07-20"})).await;
    send("5", "monthly", "2024-07-01", json!({})).await;
    send("6", "trial", "2026-06-01", json!({"endDate": "2026-07-01", "isTrial": true})).await;
    send("7", "later", "2026-06-20", json!({"endDate": "2026-12-31"})).await;
    essor.settle().await;
    let renewals = async || {
        let listed = essor.get("/clients?sort=renewal&columns=renewal").await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let day = |item: &Value| (text(&item["externalId"]), text(&item["facts"]["renewal"]));
        let items = listed["items"].as_array().unwrap().iter();
        items.map(day).filter(|(_, day)| !day.is_empty()).collect::<Vec<_>>()
    };
    let pairs = |of: &[(&str, &str)]| of.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let known = [("ends", "2026-06-20"), ("yearly", "2026-07-01"), ("both", "2026-07-20")];
    assert_eq!(renewals().await, pairs(&known));
    let counted = async || essor.get("/clients/figures").await["renewalsIn90Days"].as_i64().unwrap();
    let asked = "/clients?where=renewal%20%3E%20today%20and%20renewal%20%3C%3D%20in%2090%20days";
    assert_eq!((counted().await, essor.get(asked).await["total"].as_i64()), (3, Some(3)));
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    // Days pass: what has ended is over, what has renewed looks ahead again, what has begun counts.
    essor.set_clock("2026-07-10T09:00:00Z");
    essor_app::jobs::housekeeping(&essor.app).await.unwrap();
    essor.settle().await;
    let known = [("both", "2026-07-20"), ("later", "2026-12-31"), ("yearly", "2027-07-01")];
    assert_eq!(renewals().await, pairs(&known));
    assert_eq!((counted().await, essor.get(asked).await["total"].as_i64()), (1, Some(1)));
    // What stood before renewals were kept has them once its ledger is computed anew.
    essor.meddle("UPDATE clients SET renews_on = NULL").await;
    assert_eq!(renewals().await, []);
    essor_app::growth::rebuild_ledgers(&essor.app, essor.home().workspace).await.unwrap();
    assert_eq!(renewals().await, pairs(&known));
    // Who is in the trash renews nothing.
    assert_eq!(essor.delete(&format!("/clients/{}", essor.client_id("both").await)).await.status, 204);
    assert_eq!((renewals().await.len(), counted().await), (2, 0));
});

story!(fields_hold_what_their_kind_allows, |essor| async {
    let contract = field(essor, "contract", "choice", &["annual", "monthly"]).await;
    field(essor, "fee", "money", &[]).await;
    let with = |fields: Value| {
        let mut one: Value = client("a").into();
        one["fields"] = fields;
        one
    };
    essor.post("/clients", with(json!({"contract": "ANNUAL", "fee": 1_050}))).await;
    for (fields, code) in [
        (json!({"contract": "weekly"}), "clients_field_choice"),
        (json!({"fee": "1 050"}), "field_type"),
        (json!({"nope": 1}), "clients_field_unknown"),
    ] {
        essor.try_post("/clients", with(fields)).await.refused(422, code);
    }
    let listed = essor
        .get("/clients?where=field.contract%3D%22annual%22%20and%20field.fee%3D10.5&columns=field.contract,field.fee")
        .await;
    assert_eq!(listed["items"][0]["facts"], json!({"field.contract": "annual", "field.fee": 1_050}));
    essor.post("/clients", with(json!({"fee": null}))).await;
    assert_eq!(essor.get("/clients?where=field.fee%20is%20empty").await["total"], 1);
    essor
        .try_post("/clients/fields", json!({"key": "contract", "label": "x", "kind": "text"}))
        .await
        .refused(409, "clients_field_exists");
    essor
        .try_post("/clients/fields", json!({"key": "Bad key", "label": "x", "kind": "text"}))
        .await
        .refused(422, "clients_field_key");
    assert_eq!(essor.delete(&format!("/clients/fields/{contract}")).await.status, 204);
    let gone = essor.ask(&essor.home().owner, Method::GET, "/clients?where=field.contract%3D%22annual%22", None).await;
    gone.refused(422, "expressions_fact_unknown");
});

story!(many_change_at_once_and_undo_leaves_what_was_changed_since, |essor| async {
    let all: Vec<Value> = (0..900).map(|i| client(&format!("c{i}")).with("segment", "PME").into()).collect();
    essor.post("/clients", Value::Array(all)).await;
    essor.post("/subscriptions", subscription("s", "c0", "2026-01-01", 1_000)).await;
    essor.settle().await;
    let set = json!({"kind": "set", "fact": "segment", "value": "ETI"});
    let selection = json!({"where": "segment = \"pme\"", "except": [essor.client_id("c1").await]});
    let preview = essor.post("/clients/bulk/preview", json!({"selection": selection, "action": set})).await;
    assert_eq!((&preview["total"], &preview["changes"]), (&json!(899), &json!(899)));
    assert_eq!((&preview["sample"][0]["before"], &preview["sample"][0]["after"]), (&json!("PME"), &json!("ETI")));
    let run = bulk(essor, selection, set).await;
    assert_eq!((&run["state"], &run["changed"], &run["done"]), (&json!("done"), &json!(899), &json!(899)));
    assert_eq!(essor.get("/clients?where=segment%3D%22eti%22").await["total"], 899);
    // Somebody moves one on.
    essor.post("/clients", client("c2").with("segment", "Grand compte")).await;
    let path = format!("/clients/bulk/{}", run["id"].as_str().unwrap());
    essor.post(&format!("{path}/undo"), json!({})).await;
    essor.try_post(&format!("{path}/undo"), json!({})).await.refused(409, "clients_bulk_state");
    essor.settle().await;
    let run = essor.get(&path).await;
    assert_eq!((&run["state"], &run["undone"], &run["kept"]), (&json!("undone"), &json!(898), &json!(1)));
    let kept = essor.get(&format!("{path}/rows?outcome=kept")).await;
    assert_eq!((&kept["items"][0]["name"], &kept["items"][0]["reason"]), (&json!("Client c2"), &json!("conflict")));
    assert_eq!(essor.get("/clients?where=segment%3D%22pme%22").await["total"], 899);

    let run = bulk(essor, json!({"where": ""}), json!({"kind": "archive"})).await;
    assert_eq!((&run["changed"], &run["refused"]), (&json!(899), &json!(1)), "who pays is not archived");
    let refused = essor.get(&format!("/clients/bulk/{}/rows", run["id"].as_str().unwrap())).await;
    assert_eq!(refused["items"][0]["reason"], "clients_still_paying");
    assert_eq!(essor.get("/clients/tabs").await["archived"], 899);

    let one = json!({"ids": [essor.client_id("c0").await, Uuid::now_v7()]});
    let run = bulk(essor, one, json!({"kind": "task", "title": "Call them", "dueInDays": 7})).await;
    assert_eq!((&run["changed"], &run["refused"]), (&json!(1), &json!(1)));
    let task = essor.get("/tasks?owner=all").await["items"][0].clone();
    // A Wednesday, and seven days of which none is one of a weekend.
    assert_eq!((&task["title"], &task["due"]), (&json!("Call them"), &json!("2026-06-26")));
    essor.post(&format!("/clients/bulk/{}/undo", run["id"].as_str().unwrap()), json!({})).await;
    essor.settle().await;
    assert_eq!(essor.get("/tasks?owner=all").await["items"], json!([]));
    let computed = json!({"selection": {"where": ""}, "action": {"kind": "set", "fact": "mrr", "value": 1}});
    essor.try_post("/clients/bulk", computed).await.refused(422, "clients_fact_fixed");
});

/// What people change of each client, and where it stands.
async fn dump(essor: &Essor) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    for client in essor.all_clients(&essor.home().owner, "sort=name").await {
        let id = client["id"].as_str().unwrap();
        let one = essor.get(&format!("/clients/{id}")).await;
        out.insert(id.to_owned(), json!([one["editable"], one["status"], one["version"]]));
    }
    out
}

fn any_action(draw: &mut Draw) -> Value {
    let word = |draw: &mut Draw| json!(*draw.of(&WORDS));
    let contract = json!(*draw.of(&["Léa", "vip", "monthly"]));
    let areas = json!([*draw.of(&["Léa", "vip"]), "north"]);
    let values = [
        ("segment", word(draw)),
        ("industry", word(draw)),
        ("country", word(draw)),
        ("owner", word(draw)),
        ("plan", word(draw)),
        ("seats", json!(draw.below(90))),
        ("since", json!(format!("2025-0{}-11", 1 + draw.below(9)))),
        ("paused", json!(draw.below(2) == 0)),
        ("field.note", word(draw)),
        ("field.score", json!(draw.below(50) as f64 / 4.0)),
        ("field.fee", json!(draw.below(100_000))),
        ("field.signed", json!("2026-01-31")),
        ("field.big", json!(draw.below(2) == 0)),
        ("field.contract", contract),
        ("field.areas", areas),
    ];
    match draw.below(9) {
        0 => json!({"kind": "tag", "tag": word(draw)}),
        1 => json!({"kind": "untag", "tag": draw.of(&WORDS).to_lowercase()}),
        2 => json!({"kind": "archive"}),
        3 => json!({"kind": "restore"}),
        n => {
            let (fact, value) = draw.of(&values).clone();
            let value = if n == 4 && fact != "paused" { Value::Null } else { value };
            json!({"kind": "set", "fact": fact, "value": value})
        }
    }
}

story!(undone_a_change_of_many_leaves_everything_as_it_was, |essor| async {
    let mut draw = Draw(11);
    portfolio(essor, &mut draw).await;
    essor.settle().await;
    let untouched = dump(essor).await;
    for _ in 0..40 {
        let action = any_action(&mut draw);
        let run = bulk(essor, json!({"where": ""}), action.clone()).await;
        assert_eq!(run["state"], "done", "{action}");
        let path = format!("/clients/bulk/{}", run["id"].as_str().unwrap());
        essor.post(&format!("{path}/undo"), json!({})).await;
        essor.settle().await;
        let undone = essor.get(&path).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&run["changed"], &json!(0)), "{action}");
        let now = dump(essor).await;
        for (id, was) in &untouched {
            assert_eq!(now.get(id), Some(was), "{action}");
        }
    }
});

story!(a_choice_that_is_gone_comes_back_where_it_was, |essor| async {
    let field = field(essor, "offer", "choice", &["old", "new"]).await;
    essor.post("/clients", client("a").with("fields", json!({"offer": "old"}))).await;
    let run = bulk(essor, json!({"where": ""}), json!({"kind": "set", "fact": "field.offer", "value": "new"})).await;
    essor.patch(&format!("/clients/fields/{field}"), json!({"choices": ["new"]})).await;
    let path = format!("/clients/bulk/{}", run["id"].as_str().unwrap());
    essor.post(&format!("{path}/undo"), json!({})).await;
    essor.settle().await;
    assert_eq!(essor.get(&path).await["undone"], 1);
    assert_eq!(essor.of_client("a", "").await["editable"]["fields"]["offer"], "old");
});

story!(tasks_for_a_colleague_are_told_once, |essor| async {
    let all: Vec<Value> = (0..700).map(|i| client(&format!("c{i}")).into()).collect();
    essor.post("/clients", Value::Array(all)).await;
    let bob = essor.person(essor.home().workspace, "bob@acme.example", Role::Member).await;
    let me = essor.ask(&bob, Method::GET, "/session", None).await.good();
    let task = json!({"kind": "task", "title": "Call them", "dueInDays": 1, "owner": me["user"]["id"]});
    assert_eq!(bulk(essor, json!({"where": ""}), task).await["changed"], 700);
    let told = essor.ask(&bob, Method::GET, "/notifications", None).await.good();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(
        (&told["items"][0]["kind"], &told["items"][0]["params"]["count"]),
        (&json!("task_assigned"), &json!(700))
    );
});

story!(a_run_goes_on_after_the_worker_that_had_it_died, |essor| async {
    essor.post("/clients", list([client("a"), client("b")])).await;
    essor.settle().await;
    let body = json!({"selection": {"where": ""}, "action": {"kind": "tag", "tag": "vip"}});
    let id = essor.post("/clients/bulk", body).await["id"].as_str().unwrap().to_owned();
    let now = essor.app.clock.now();
    let tx = essor.app.db.begin().await.unwrap();
    let held = jobs::claim(&tx, (CLIENTS_BULK, jobs::Turn::Usual), Uuid::now_v7(), now, now + Duration::seconds(60), 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(held.len(), 1);
    essor.settle().await;
    assert_eq!(essor.get(&format!("/clients/bulk/{id}")).await["state"], "running");
    essor.set_clock(&(now + Duration::seconds(61)).to_rfc3339());
    essor.settle().await;
    let run = essor.get(&format!("/clients/bulk/{id}")).await;
    assert_eq!((&run["state"], &run["changed"]), (&json!("done"), &json!(2)));
    assert_eq!(essor.get("/clients?where=tags%20has%20%22VIP%22").await["total"], 2);
});
