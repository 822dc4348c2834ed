//! Who went how far through the stages of a template, and how long that took: all of the portfolio, or a part of it.

use essor_testkit::{Essor, client, story, subscription};
use serde_json::{Value, json};

/// A client that has been there for long, so that nothing begins by itself, put on a journey of its segment's template.
async fn began(essor: &Essor, name: &str, segment: Option<&str>, owner: &str, stage: &str) -> String {
    let mut known = client(name).with("since", "2026-01-01").with("owner", owner);
    if let Some(segment) = segment {
        known = known.with("segment", segment);
    }
    essor.post("/clients", known).await;
    essor.post("/subscriptions", subscription(&format!("s-{name}"), name, "2026-01-01", 50_000)).await;
    essor.settle().await;
    let at = format!("/clients/{}/journey", essor.client_id(name).await);
    essor.post(&at, json!({"stage": stage})).await;
    at
}

async fn moved(essor: &Essor, at: &str, to: Option<&str>) {
    essor.post(&format!("{at}/move"), json!({"to": to, "reason": "So it is"})).await;
}

fn stage<'a>(pipeline: &'a Value, key: &str) -> &'a Value {
    pipeline["stages"].as_array().unwrap().iter().find(|stage| stage["key"] == key).unwrap_or_else(|| panic!("{key}"))
}

story!(a_funnel_counts_the_stages_of_its_template_that_were_entered, |essor| async {
    // Another template, of a segment: its second place is a stage that nobody else has.
    let built_in = essor.get("/journey/templates").await["items"][0]["id"].as_str().unwrap().to_owned();
    let built_in = format!("/journey/templates/{built_in}");
    let usual = essor.get(&built_in).await["template"].clone();
    let mut short = usual.clone();
    short["segment"] = "Public".into();
    let stages = short["stages"].as_array_mut().unwrap();
    stages.drain(1..4);
    let use_only = json!({"key": "use", "label": {"fr": "Usage", "en": "Use"}, "plannedDays": 30});
    stages.insert(1, use_only);
    essor.post("/journey/templates", json!({"template": short})).await;

    // What each client does, and how many of the usual stages it comes as far as: a stage that was passed over on the way
    // to another counts, one that was passed over on the way out does not.
    let (on, adoption, growth, advocacy) = ("onboarding", Some("adoption"), Some("growth"), Some("advocacy"));
    for (name, segment, moves) in [
        ("stays", None, &[][..]),
        ("goes-on", None, &[adoption]),
        ("passes", None, &[growth]),
        ("comes-back", None, &[growth, adoption]),
        ("leaves", None, &[None]),
        ("restarts", None, &[advocacy, None]),
        ("public", Some("Public"), &[Some("use"), advocacy]),
    ] {
        let at = began(essor, name, segment, "Ana", on).await;
        for to in moves {
            moved(essor, &at, *to).await;
        }
        if name == "restarts" {
            essor.post(&at, json!({"stage": on})).await;
        }
    }
    let funnel = essor.get("/journey/funnel").await;
    // Seven journeys of six clients: what was begun anew is another.
    assert_eq!(funnel["all"]["reached"], json!([7, 4, 3, 1, 1]), "{funnel}");
    assert_eq!(funnel["all"]["conversionPct"], json!([57.1, 75.0, 33.3, 100.0]));
    assert_eq!(funnel["cohorts"][0]["conversionPct"], funnel["all"]["conversionPct"], "there is one month");
    // A segment with a template of its own is shown in its stages.
    let public = essor.get("/journey/funnel?segment=Public").await;
    let keys: Vec<&str> = public["stages"].as_array().unwrap().iter().map(|s| s["key"].as_str().unwrap()).collect();
    assert_eq!((keys, &public["all"]["reached"]), (vec!["onboarding", "use", "advocacy"], &json!([1, 1, 1])));
    let pipeline = essor.get("/journey/pipeline?segment=Public").await;
    assert_eq!((&pipeline["stages"][0]["next"], &pipeline["stages"][1]["key"]), (&json!("use"), &json!("use")));
    assert_eq!(stage(&pipeline, "advocacy")["next"], Value::Null);

    // A version without adoption: places move, stages do not. What began with the older one counts by its stages.
    let mut newer = usual.clone();
    newer["stages"].as_array_mut().unwrap().remove(1);
    essor.put(&built_in, json!({"template": newer})).await;
    let funnel = essor.get("/journey/funnel").await;
    assert_eq!(funnel["all"]["reached"], json!([7, 3, 1, 1]), "{funnel}");
    // A client in the trash is nobody's figure.
    let gone = essor.client_id("passes").await;
    essor.delete(&format!("/clients/{gone}")).await;
    assert_eq!(essor.get("/journey/funnel").await["all"]["reached"], json!([6, 2, 1, 1]));
});

story!(the_pipeline_is_about_the_clients_that_its_counts_are_about, |essor| async {
    // Who is said to be ready goes on.
    let built_in = essor.get("/journey/templates").await["items"][0]["id"].as_str().unwrap().to_owned();
    let built_in = format!("/journey/templates/{built_in}");
    let mut template = essor.get(&built_in).await["template"].clone();
    template["stages"][0]["criteria"] =
        json!([{"key": "ready", "label": {"fr": "Prêt", "en": "Ready"}, "required": true}]);
    essor.put(&built_in, json!({"template": template})).await;
    // Ana's clients take ten days and go on half of the time; Bo's take twenty, and all of them do.
    let mut all = Vec::new();
    for (name, owner, days) in
        [("a1", "Ana", Some(10)), ("a2", "Ana", None), ("b1", "Bo", Some(20)), ("b2", "Bo", Some(20))]
    {
        all.push((began(essor, name, None, owner, "onboarding").await, days));
    }
    for (at, days) in all {
        let Some(days) = days else { continue };
        essor.set_clock(if days == 10 { "2026-06-27T12:00:00Z" } else { "2026-07-07T12:00:00Z" });
        essor.put(&format!("{at}/criteria/ready"), json!({"met": true})).await;
    }
    let view = json!({"name": "Ana’s", "where": "owner = \"Ana\""});
    let view = essor.post("/clients/views", view).await["id"].as_str().unwrap().to_owned();
    for (narrowed, conversion, median) in [
        (String::new(), json!(75.0), json!(20)),
        ("?owner=Ana".into(), json!(50.0), json!(10)),
        ("?owner=Bo".into(), json!(100.0), json!(20)),
        (format!("?view={view}"), json!(50.0), json!(10)),
        ("?product=nothing".into(), Value::Null, Value::Null),
    ] {
        let pipeline = essor.get(&format!("/journey/pipeline{narrowed}")).await;
        let of = stage(&pipeline, "onboarding");
        assert_eq!((&of["conversionPct"], &of["medianDays"]), (&conversion, &median), "{narrowed}");
        let funnel = essor.get(&format!("/journey/funnel{narrowed}")).await;
        assert_eq!(funnel["all"]["conversionPct"][0], conversion, "{narrowed}");
    }
    // The forecast is shared out for the month that is asked for.
    for (horizon, field) in [("0", Some("horizon")), ("37", Some("horizon")), ("6", None)] {
        let owner = &essor.home().owner;
        let path = format!("/journey/pipeline?horizon={horizon}");
        let answer = essor.ask(owner, reqwest::Method::GET, &path, None).await;
        match field {
            Some(field) => assert_eq!(answer.refused(422, "field_range")["field"], field),
            None => assert_eq!(answer.status, 200, "{}", answer.text),
        }
    }
});
