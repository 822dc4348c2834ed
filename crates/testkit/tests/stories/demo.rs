//! The demo: the same portfolio on both engines, in a workspace of its own that leaves without a trace.

use essor_app::{demo, identity};
use essor_domain::demo::DemoSpec;
use essor_domain::identity::Role;
use essor_testkit::{Database, Engine, Essor, client, story, subscription, track};
use reqwest::Method;
use serde_json::{Value, json};

const SPEC: fn() -> DemoSpec =
    || DemoSpec { clients: 12, months: 12, seed: 7, until: "2026-06-17".parse().expect("a day") };

async fn filled(essor: &Essor) -> essor_app::Actor {
    let (workspace, made) = demo::workspace(&essor.app, None).await.unwrap();
    assert!(made);
    demo::fill(&essor.app, workspace, &SPEC(), &|_, _| {}).await.unwrap();
    essor_app::Actor::system(workspace)
}

/// The figures of the demo on an engine; none where it is not tested on.
async fn figures(engine: Engine) -> Option<Value> {
    let essor = Essor::empty(Database::fresh(engine).await?).await;
    let workspace = filled(&essor).await.workspace;
    let reader = essor.person(workspace, "reader@demo.example", Role::Viewer).await;
    let figures = essor.figures(&reader).await;
    essor.stop().await;
    Some(figures)
}

#[test]
fn both_engines_tell_the_same_story_bit_for_bit() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (one, two) = tokio::join!(figures(Engine::Sqlite), figures(Engine::Postgres));
        let one = one.unwrap();
        assert_eq!(one["list"].as_array().unwrap().len(), 12);
        assert!(one["summary"]["mrrCents"].as_i64().unwrap() > 0);
        assert!(one["summary"]["scoredClients"].as_i64().unwrap() > 5, "{}", one["summary"]);
        let history: usize = one["clients"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["/health?days=730"]["history"].as_array().unwrap().len())
            .sum();
        assert!(history > 100, "{history} rows of health");
        let Some(two) = two else { return };
        for part in one.as_object().unwrap().keys() {
            same(&one[part], &two[part], part);
        }
    });
}

/// Names the first difference instead of printing two portfolios.
#[track_caller]
pub fn same(one: &Value, two: &Value, path: &str) {
    match (one, two) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| same(value, &b[key], &format!("{path}.{key}")));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| same(a, b, &format!("{path}[{i}]")));
        }
        _ => assert_eq!(one, two, "{path}"),
    }
}

story!(a_stage_has_its_part_of_what_is_expected_of_a_product, |essor| async {
    let workspace = filled(essor).await.workspace;
    let reader = essor.person(workspace, "reader@demo.example", Role::Viewer).await;
    let read = async |path: &str| essor.ask(&reader, Method::GET, path, None).await.json;
    let mut seen = 0;
    for part in read("/forecast?horizon=3&split=product").await["parts"].as_array().unwrap() {
        let Some(product) = part["key"].as_str() else { continue };
        let expected = read(&format!("/forecast?horizon=3&product={product}")).await;
        let pipeline = read(&format!("/journey/pipeline?product={product}")).await;
        let stages: i64 =
            pipeline["stages"].as_array().unwrap().iter().filter_map(|stage| stage["forecastCents"].as_i64()).sum();
        let Some(most) = expected["base"][2]["p50"].as_i64() else { continue };
        assert!((0..=most).contains(&stages), "{product}: {stages} of {most}");
        seen += i32::from(stages > 0);
    }
    assert!(seen > 0, "no product has a forecast");
    for narrowed in ["status=active", "risk=true", "q=a"] {
        let pipeline = read(&format!("/journey/pipeline?{narrowed}")).await;
        assert_eq!(pipeline["forecastDay"], Value::Null, "nobody forecasts {narrowed} apart");
    }
});

story!(the_demo_leaves_without_a_trace, |essor| async {
    essor.post("/clients", client("real").with("seats", 3)).await;
    essor.post("/subscriptions", subscription("s", "real", "2026-01-01", 10_000)).await;
    essor.usage([track("m", "ada", "Read").of("real")]).await;
    essor.settle().await;
    let before = essor.figures(&essor.home().owner).await;
    let actor = filled(essor).await;
    let demo = actor.workspace;
    same(&essor.figures(&essor.home().owner).await, &before, "beside the demo");

    // It takes neither keys nor imports of real sources.
    identity::create_key(&essor.app, &actor, "site").await.unwrap_err();
    let owner = essor.person(demo, "owner@demo.example", Role::Owner).await;
    let key = json!({"kind": "write", "name": "site"});
    essor.ask(&owner, Method::POST, "/tokens", Some(&key)).await.refused(403, "identity_demo_read_only");
    let mapping = essor_app::connectors::Mapping::load("ravenstack").unwrap();
    let sample = crate::imports::sample();
    let refused = essor_app::connectors::import(&essor.app, &actor, mapping, sample, &|_| {}).await.unwrap_err();
    assert_eq!(refused.code().as_str(), "identity_demo_read_only");

    // A real workspace cannot be removed this way, whoever asks.
    essor.delete("/demo").await.refused(403, "forbidden");
    // Anybody may enter; they become a manager there and their session is in it until it goes.
    let me = essor.home().owner.clone();
    assert_eq!(essor.ask(&me, Method::POST, "/demo", None).await.status, 202);
    let session = essor.get("/session").await;
    assert_eq!((&session["workspace"]["isDemo"], &session["workspace"]["role"]), (&json!(true), &json!("manager")));
    assert_eq!(essor.get("/clients?status=all").await["total"], 12);
    assert!(essor.reconcile(demo).await.0 > 0);
    assert_eq!(essor.delete("/demo").await.status, 204);
    assert_eq!(essor.get("/session").await["workspace"]["name"], "Acme", "back home, still signed in");
    same(&essor.figures(&me).await, &before, "after the demo");
    assert_eq!(essor.reconcile(demo).await, (0, 0), "no event of it is left");
    let now = essor.app.clock.now();
    assert_eq!(essor_store::jobs::pending(&essor.app.db, demo, now).await.unwrap(), 0);
    assert_eq!(essor_store::health::last_day(&essor.app.db, demo).await.unwrap(), None);
    assert_eq!(essor_store::usage::totals(&essor.app.db, demo).await.unwrap(), (0, 0, 0));
    // It can be made again.
    let again = filled(essor).await.workspace;
    assert!(essor.reconcile(again).await.0 > 0);
});
