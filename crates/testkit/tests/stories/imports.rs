//! RavenStack's files against figures that a script apart from all of Essor's code computes.

use essor_app::Actor;
use essor_app::connectors::{Mapping, Report, import};
use essor_testkit::{Essor, story};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sample that stands in the repository.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ravenstack-sample")
}

/// The real files, where they are given.
fn real() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("ESSOR_EVALUATION_DATA")?);
    let found = [folder.join("ravenstack"), folder].into_iter().find(|path| path.join("subscriptions.csv").exists());
    Some(found.expect("ESSOR_EVALUATION_DATA holds RavenStack's files"))
}

async fn imported(essor: &Essor, folder: PathBuf) -> Report {
    let actor = Actor::system(essor.home().workspace);
    let mapping = Mapping::load("ravenstack").unwrap();
    import(&essor.app, &actor, mapping, folder, &|_| {}).await.unwrap()
}

fn reference(folder: &Path, days: &[&str]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ravenstack_reference.py");
    let out = Command::new("python3").arg(script).arg(folder).args(days).output().expect("python3 runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// When a score was looked at last moves on; what it says does not.
fn without_instants(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| key != "computedAt" && key != "healthAt");
            fields.values_mut().for_each(without_instants);
        }
        Value::Array(items) => items.iter_mut().for_each(without_instants),
        _ => {}
    }
}

async fn compare(essor: &Essor, folder: &Path, days: &[&str]) {
    let figures = reference(folder, days);
    assert_eq!(figures.len(), days.len());
    for figure in figures {
        let day = figure["asOf"].as_str().unwrap();
        let summary = essor.get(&format!("/growth/summary?asOf={day}")).await;
        let ours = json!({"asOf": day, "mrrCents": summary["mrrCents"], "activeClients": summary["activeClients"]});
        assert_eq!(ours, figure);
        // The ledger says the same as the subscriptions.
        let fall = essor.get(&format!("/growth/movements?from=2022-12-31&to={day}")).await;
        assert_eq!(fall["closingCents"], figure["mrrCents"], "{day}");
        assert_eq!(fall["openingCents"], 0);
    }
}

const DAYS: [&str; 8] =
    ["2023-01-09", "2023-01-10", "2023-06-30", "2023-12-31", "2024-03-15", "2024-06-30", "2024-12-31", "2025-06-30"];

story!(the_sample_is_right_to_the_cent_and_twice_is_once, |essor| async {
    let report = imported(essor, sample()).await;
    assert_eq!(report.refused_rows, 0, "{:?}", report.refused);
    assert!(report.rows >= 50, "{} rows", report.rows);
    assert_eq!(
        essor.get("/session").await["workspace"]["currency"],
        "USD",
        "an empty workspace takes the files' currency"
    );
    compare(essor, &sample(), &DAYS).await;
    assert!(reference(&sample(), &["2024-06-30"])[0]["mrrCents"].as_i64().unwrap() > 0);
    assert_eq!(essor.settle().await, 0, "derived work is finished");

    let mut figures = essor.figures(&essor.home().owner).await;
    let again = imported(essor, sample()).await;
    assert_eq!(again.rows, report.rows);
    assert_eq!(again.stored["usage"], 0, "no use counts twice");
    let mut after = essor.figures(&essor.home().owner).await;
    for figures in [&mut figures, &mut after] {
        without_instants(figures);
    }
    crate::demo::same(&figures, &after, "figures");
    let (events, rollups) = essor.reconcile(essor.home().workspace).await;
    assert_eq!(events, rollups);

    // MRR decides who churned; what the files say about it is kept with its reason.
    let timeline = essor.of_client("A-s00002", "/timeline?kinds=churn_reason").await;
    assert_eq!(timeline["items"][0]["data"]["reason"], "pricing");
    assert_eq!(essor.of_client("A-s00002", "").await["status"], "active", "it came back");
    let churned = essor.of_client("A-s00008", "").await;
    assert_eq!((&churned["status"], &churned["churnedOn"]), (&json!("churned"), &json!("2024-12-31")));
    // History that was not recorded on its day says so; a churned client's stops at its last day, and so does its score.
    let health = essor.of_client("A-s00008", "/health?days=730").await;
    let history = health["history"].as_array().unwrap();
    assert!(history.len() > 10 && history.iter().all(|row| row["recomputed"] == true), "{health}");
    assert!(history.iter().all(|row| row["day"].as_str() < Some("2024-12-31")), "{health}");
    assert_eq!((&churned["health"], &churned["frozen"]), (&health["score"], &json!(true)));
    assert_eq!(churned["health"], history.last().unwrap()["score"]);
});

story!(the_real_files_are_right_to_the_cent, |essor| async {
    let Some(folder) = real() else {
        eprintln!("note: set ESSOR_EVALUATION_DATA to the folder with RavenStack's files to compare them too");
        return;
    };
    imported(essor, folder.clone()).await;
    compare(essor, &folder, &["2023-06-30", "2023-12-31", "2024-06-30", "2024-12-31"]).await;
});
