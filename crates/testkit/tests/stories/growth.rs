//! Growth beyond the ledger: slices that add up, objectives, spend, cohorts, the forecast.

use essor_domain::identity::Role;
use essor_store::growth as store;
use essor_testkit::{Build, Essor, client, signal, story, subscription};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;

fn cents(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no amount: {value}"))
}

fn product(id: &str, client: &str, product: &str, start: &str, amount: i64) -> Build {
    subscription(id, client, start, amount).with("product", product).with("knownAt", format!("{start}T08:00:00Z"))
}

/// Two segments, three owners, two products; one client of no segment; some leave, come back, give a product up.
async fn portfolio(essor: &Essor) {
    essor.set_clock("2026-06-17T12:00:00Z");
    let account =
        |id: &str, segment: &str, owner: &str| Value::from(client(id).with("segment", segment).with("owner", owner));
    essor
        .post(
            "/clients",
            json!([
                account("a", "PME", "Ada"),
                account("b", "PME", "Bob"),
                account("c", "ETI", "Ada"),
                account("d", "ETI", "Cléo"),
                Value::from(client("e")),
            ]),
        )
        .await;
    let lines = [
        product("a1", "a", "Suite", "2025-07-01", 10_001),
        product("a2", "a", "API", "2025-11-10", 3_003),
        product("b1", "b", "Suite", "2025-08-15", 20_002).with("endDate", "2026-02-20"),
        product("b2", "b", "API", "2026-05-02", 5_005),
        product("c1", "c", "Suite", "2025-09-01", 70_007),
        product("c2", "c", "API", "2026-01-15", 9_009).with("endDate", "2026-06-01"),
        product("d1", "d", "Suite", "2026-03-03", 30_003),
        product("e1", "e", "Suite", "2026-06-05", 1_001),
    ];
    essor.post("/subscriptions", json!(lines.map(Value::from).to_vec())).await;
    let raised = product("c1", "c", "Suite", "2025-09-01", 80_008).with("effectiveDate", "2026-04-01");
    essor.post("/subscriptions", raised.with("knownAt", "2026-04-01T08:00:00Z")).await;
}

const SLICES: [&str; 9] = [
    "",
    "segment=PME",
    "segment=ETI",
    "segment=-",
    "owner=Ada",
    "product=Suite",
    "product=API",
    "segment=ETI&owner=Ada&product=API",
    "segment=Nobody",
];

/// Walks every figure of a slice and adds up again the rows that it opens.
async fn adds_up(essor: &Essor, slice: &str) {
    let summary = essor.get(&format!("/growth/summary?{slice}")).await;
    let list = essor.all_clients(&essor.home().owner, &format!("{slice}&sort=-mrr")).await;
    let paying: Vec<&Value> = list.iter().filter(|c| cents(&c["mrrCents"]) > 0).collect();
    let sum: i64 = paying.iter().map(|c| cents(&c["mrrCents"])).sum();
    assert_eq!(sum, cents(&summary["mrrCents"]), "MRR of {slice:?}");
    assert_eq!(paying.len() as i64, cents(&summary["activeClients"]), "active of {slice:?}");
    let active = essor.get(&format!("/clients?status=active&limit=200&{slice}")).await;
    assert_eq!(active["total"], summary["activeClients"], "the list behind it, {slice:?}");
    assert_eq!(active["sumMrrCents"], summary["mrrCents"], "its foot, {slice:?}");
    assert!(
        list.windows(2).all(|pair| cents(&pair[0]["mrrCents"]) >= cents(&pair[1]["mrrCents"])),
        "sorted, {slice:?}"
    );

    // The waterfall of a year, bar by bar.
    let range = format!("from=2025-06-30&to=2026-06-17&{slice}");
    let fall = essor.get(&format!("/growth/movements?{range}")).await;
    let mut level = cents(&fall["openingCents"]);
    for kind in fall["kinds"].as_array().unwrap() {
        let name = kind["kind"].as_str().unwrap();
        let behind = essor.get(&format!("/growth/movements/clients?{range}&kind={name}&limit=200")).await;
        let rows: i64 = behind["items"].as_array().unwrap().iter().map(|row| cents(&row["deltaCents"])).sum();
        assert_eq!(rows, cents(&kind["cents"]), "{name} of {slice:?}");
        assert_eq!(behind["total"], kind["count"], "{name} of {slice:?}");
        level += rows;
    }
    assert_eq!(level, cents(&fall["closingCents"]), "{slice:?}");
    assert_eq!(level, cents(&summary["mrrCents"]), "{slice:?}");

    // The history joins, and ends where the summary stands.
    let history = essor.get(&format!("/growth/history?months=12&{slice}")).await;
    let points = history["points"].as_array().unwrap();
    assert_eq!(points[12]["mrrCents"], summary["mrrCents"], "{slice:?}");
    assert_eq!(points[12]["activeClients"], summary["activeClients"], "{slice:?}");
    let moved = |point: &Value| -> i64 {
        ["new", "expansion", "contraction", "churn", "reactivation"].iter().map(|kind| cents(&point[*kind])).sum()
    };
    for pair in points.windows(2) {
        assert_eq!(cents(&pair[0]["mrrCents"]) + moved(&pair[1]), cents(&pair[1]["mrrCents"]), "{slice:?} {pair:?}");
    }

    // The metrics, from their parts.
    let metrics = essor.get(&format!("/growth/metrics?months=6&{slice}")).await;
    for item in metrics["items"].as_array().unwrap() {
        let (expected, rounded) = of_parts(item, metrics["items"].as_array().unwrap());
        let off = if rounded { 0.5 } else { 0.0 };
        let near = item["value"].as_f64().zip(expected).is_none_or(|(is, of)| (is - of).abs() <= off + 1e-9 * of.abs());
        let known = item["value"].is_number() == expected.is_some();
        assert!(near && known, "{} of {slice:?}: {} and {expected:?}", item["key"], item["value"]);
    }
    // Who is counted as won is who moved first in a month of which the spend was said.
    let cac = metrics["items"].as_array().unwrap().iter().find(|item| item["key"] == "cac").unwrap();
    if let (Some(spent), true) = (part_of(cac, "spend"), slice.is_empty()) {
        let spend = essor.get("/growth/spend?months=12").await;
        let (mut sum, mut won) = (0.0, 0);
        for month in spend["months"].as_array().unwrap().iter().filter(|m| m["amountCents"].is_number()) {
            let month_of = month["month"].as_str().unwrap();
            if !("2025-12"..="2026-05").contains(&month_of) {
                continue;
            }
            sum += month["amountCents"].as_f64().unwrap();
            let new = essor.get("/growth/movements/clients?kind=new&from=2025-06-30&to=2026-06-17&limit=200").await;
            let within = |row: &&Value| row["day"].as_str().unwrap().starts_with(month_of);
            won += new["items"].as_array().unwrap().iter().filter(within).count();
        }
        assert_eq!((spent, part_of(cac, "wonClients")), (sum, Some(won as f64)));
    }

    // What is kept of the clients of an opening, from the ledger of each.
    let rows = essor.get(&format!("/growth/movements/clients?from=2000-01-01&to=2026-06-17&limit=200&{slice}")).await;
    let mut kept: HashMap<&str, (i64, i64)> = HashMap::new();
    for row in rows["items"].as_array().unwrap() {
        let of = kept.entry(row["clientId"].as_str().unwrap()).or_default();
        of.0 += if row["day"].as_str().unwrap() <= "2025-12-17" { cents(&row["deltaCents"]) } else { 0 };
        of.1 += cents(&row["deltaCents"]);
    }
    let kept: Vec<(i64, i64)> = kept.into_values().filter(|(opening, _)| *opening > 0).collect();
    let gone = |of: fn(&(i64, i64)) -> i64| -> i64 { kept.iter().filter(|(_, closing)| *closing == 0).map(of).sum() };
    for (key, part, unit, expected) in [
        ("nrr", "opening", "cents", kept.iter().map(|(opening, _)| opening).sum()),
        ("nrr", "closingOfOpening", "cents", kept.iter().map(|(_, closing)| closing).sum()),
        ("grr", "sumOfMin", "cents", kept.iter().map(|(opening, closing)| *opening.min(closing)).sum::<i64>()),
        ("revenueChurn", "churnedOpening", "cents", gone(|(opening, _)| *opening)),
        ("logoChurn", "openingClients", "count", kept.len() as i64),
        ("logoChurn", "churnedClients", "count", gone(|_| 1)),
    ] {
        let item = metrics["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap();
        let shown = item["parts"].as_array().unwrap().iter().find(|p| p["key"] == part).unwrap();
        assert_eq!(cents(&shown[unit]), expected, "{part} of {slice:?}");
    }

    // The forecast's past is the history, in parts too.
    for split in ["segment", "product"] {
        let forecast = essor.get(&format!("/forecast?horizon=6&split={split}&{slice}")).await;
        assert_eq!(forecast["nowCents"], summary["mrrCents"], "{slice:?}");
        let parts = forecast["parts"].as_array().unwrap();
        let now: i64 = parts.iter().map(|part| cents(&part["nowCents"])).sum();
        assert_eq!(now, cents(&forecast["nowCents"]), "{split} of {slice:?}");
        for (i, close) in forecast["history"].as_array().unwrap().iter().enumerate() {
            let sum: i64 = parts.iter().map(|part| cents(&part["history"][i]["mrrCents"])).sum();
            assert_eq!(sum, cents(&close["mrrCents"]), "{split} of {slice:?} in {}", close["month"]);
        }
        for (i, month) in forecast["base"].as_array().unwrap().iter().enumerate() {
            let sum: i64 = parts.iter().map(|part| cents(&part["base"][i]["p50"])).sum();
            assert_eq!(sum, cents(&month["p50"]), "{split} of {slice:?} in {}", month["month"]);
        }
        // Each part is the slice of the same name.
        for part in parts.iter().filter(|part| part["key"] != "other" && slice.is_empty()) {
            let key = part["key"].as_str().unwrap();
            let alone = essor.get(&format!("/growth/summary?{split}={key}")).await;
            assert_eq!(part["nowCents"], alone["mrrCents"], "{split} {key}");
        }
    }

    // Each cell of the cohorts is the clients behind it.
    let cohorts = essor.get(&format!("/growth/cohorts?periods=24&{slice}")).await;
    let mut last = 0;
    for cohort in cohorts["items"].as_array().unwrap() {
        let from = cohort["from"].as_str().unwrap();
        let all = essor.get(&format!("/growth/cohorts/clients?cohort={from}&limit=200&{slice}")).await;
        assert_eq!(all["total"], cohort["clients"], "{from} of {slice:?}");
        let began: i64 = all["items"].as_array().unwrap().iter().map(|c| cents(&c["beganCents"])).sum();
        assert_eq!(began, cents(&cohort["beganCents"]), "{from} of {slice:?}");
        for cell in cohort["cells"].as_array().unwrap() {
            let at = cell["day"].as_str().unwrap();
            let path = format!("/growth/cohorts/clients?cohort={from}&at={at}&paying=true&limit=200&{slice}");
            let behind = essor.get(&path).await;
            assert_eq!(behind["total"], cell["clients"], "{from} at {at} of {slice:?}");
            let mrr: i64 = behind["items"].as_array().unwrap().iter().map(|c| cents(&c["mrrCents"])).sum();
            assert_eq!(mrr, cents(&cell["mrrCents"]), "{from} at {at} of {slice:?}");
        }
        last += cents(&cohort["cells"].as_array().unwrap().last().unwrap()["mrrCents"]);
    }
    assert_eq!(last, cents(&summary["mrrCents"]), "all cohorts of {slice:?}");
}

/// What a part of a metric says; none where it is not known.
fn part_of(item: &Value, key: &str) -> Option<f64> {
    let parts = item["parts"].as_array().unwrap();
    let part = parts.iter().find(|p| p["key"] == key).unwrap_or_else(|| panic!("no {key} in {item}"));
    part[part["unit"].as_str().unwrap()].as_f64()
}

/// A metric computed from its parts, and whether it is told as a whole number of cents. One that nobody thought of here
/// fails.
fn of_parts(item: &Value, all: &[Value]) -> (Option<f64>, bool) {
    let part = |key: &str| part_of(item, key);
    let other = |of: &str, key: &str| part_of(all.iter().find(|item| item["key"] == of).unwrap(), key);
    let over = |part: Option<f64>, whole: Option<f64>| part.zip(whole.filter(|whole| *whole > 0.0)).map(|(a, b)| a / b);
    let sum = |keys: &[&str]| keys.iter().map(|key| part(key)).sum::<Option<f64>>();
    let arpa = || over(other("arpa", "mrr"), other("arpa", "payingClients"));
    let earned = || arpa().zip(part("grossMargin")).map(|(arpa, margin)| arpa * margin);
    let cost = || over(other("cac", "spend"), other("cac", "wonClients"));
    match item["key"].as_str().unwrap() {
        "mrr" => (sum(&["openingMrr", "new", "expansion", "contraction", "churn", "reactivation"]), false),
        "arr" => (part("mrr").map(|mrr| mrr * 12.0), false),
        "nrr" => (over(part("closingOfOpening"), part("opening")), false),
        "grr" => (over(part("sumOfMin"), part("opening")), false),
        "logoChurn" => (over(part("churnedClients"), part("openingClients")), false),
        "revenueChurn" => (over(part("churnedOpening"), part("opening")), false),
        "quickRatio" => {
            (over(sum(&["new", "expansion", "reactivation"]), sum(&["contraction", "churn"]).map(|lost| -lost)), false)
        }
        "arpa" => (arpa(), true),
        "monthlyChurn" => (over(part("churned").map(|lost| -lost), part("monthOpenings")), false),
        "ltv" => (over(earned(), part("monthlyChurn")), true),
        "cac" => (cost(), true),
        "payback" => (over(cost(), earned()), false),
        "ltvCac" => (over(part("ltv"), part("cac")), false),
        unknown => panic!("{unknown}: how it is made of its parts is not told here"),
    }
}

story!(every_figure_is_the_sum_of_the_rows_it_opens, |essor| async {
    portfolio(essor).await;
    let spend = json!({"months": [
        {"month": "2025-08", "amountCents": 10_000},
        {"month": "2026-01", "amountCents": 40_000},
        {"month": "2026-03", "amountCents": 60_001},
    ], "grossMarginPct": 80});
    assert_eq!(essor.ask(&essor.home().owner, Method::PUT, "/growth/spend", Some(&spend)).await.status, 204);
    for slice in SLICES {
        adds_up(essor, slice).await;
    }
    // Slices of one dimension make up the whole; of products, by hand.
    let mrr = async |slice: &str| cents(&essor.get(&format!("/growth/summary?{slice}")).await["mrrCents"]);
    let whole = mrr("").await;
    assert_eq!(whole, 10_001 + 3_003 + 5_005 + 80_008 + 30_003 + 1_001);
    assert_eq!(mrr("segment=PME").await + mrr("segment=ETI").await + mrr("segment=-").await, whole);
    assert_eq!(mrr("product=API").await, 3_003 + 5_005);
    assert_eq!(mrr("product=Suite").await + mrr("product=API").await, whole);
    // To a client of the whole, another product is an expansion; within the product it is new.
    let kinds = async |slice: &str| {
        let fall = essor.get(&format!("/growth/movements?from=2025-11-01&to=2025-11-30&{slice}")).await;
        let cents =
            |kind: &str| fall["kinds"].as_array().unwrap().iter().find(|k| k["kind"] == kind).unwrap()["cents"].clone();
        (cents("new"), cents("expansion"))
    };
    assert_eq!(kinds("").await, (json!(0), json!(3_003)));
    assert_eq!(kinds("product=API").await, (json!(3_003), json!(0)));
    // Facets say what the filters give.
    let facets = essor.get("/clients/facets").await;
    assert_eq!(facets["products"], json!([{"value": "Suite", "count": 4}, {"value": "API", "count": 2}]));
    assert_eq!(facets["statuses"]["active"], essor.get("/clients?status=active").await["total"]);
    essor.post("/clients", client("a").with("paused", true)).await;
    let facets = essor.get("/clients/facets").await;
    assert_eq!(facets["statuses"]["active"], 5, "paused by hand, and still paying");
    assert_eq!(facets["statuses"]["active"], essor.get("/clients?status=active").await["total"]);
    assert_eq!(facets["statuses"]["paused"], essor.get("/clients?status=paused").await["total"]);
});

story!(a_part_of_the_portfolio_has_its_changes_of_health, |essor| async {
    use essor_store::health::{HealthDay, Recorded, closed, fill_day, record};
    portfolio(essor).await;
    essor.settle().await;
    let workspace = essor.home().workspace;
    // What was recorded on 16 May, on 8 June and on 15 June, client by client.
    let told = [("a", [40, 55, 62]), ("b", [50, 80, 66]), ("c", [90, 59, 71]), ("d", [70, 70, 75])];
    let now = essor.app.clock.now();
    let mut records = Vec::new();
    for (id, scores) in told {
        let client_id = essor.client_id(id).await.parse().unwrap();
        for (back, score) in [32, 9, 2].into_iter().zip(scores) {
            let at = now - chrono::Duration::days(back);
            records.push(Recorded {
                client_id,
                day: at.date_naive(),
                at,
                score: Some(score),
                coverage: 1.0,
                detail: json!({}),
                recomputed: false,
                class: Some("watch".into()),
                at_risk: Some(score < 60),
            });
        }
    }
    let tx = essor.app.db.begin().await.unwrap();
    record(&tx, workspace, &records).await.unwrap();
    // The first day of which the portfolio's health is known.
    fill_day(&tx, workspace, "2026-05-16".parse().unwrap(), HealthDay::default()).await.unwrap();
    tx.commit().await.unwrap();
    for (slice, mean, at_risk) in [
        ("segment=PME", json!(64.0 - 45.0), json!(-1)),
        ("segment=ETI", json!(73.0 - 80.0), json!(-1)),
        ("owner=Ada", json!(66.5 - 65.0), json!(-2)),
        // On 17 May c paid for it too, on 9 June no longer.
        ("product=API", json!(64.0 - 60.0), json!(-1)),
        ("segment=-", Value::Null, Value::Null),
    ] {
        let changes = essor.get(&format!("/growth/health-changes?asOf=2026-06-16&{slice}")).await;
        assert_eq!((&changes["meanHealthChange30d"], &changes["atRiskChange7d"]), (&mean, &at_risk), "{slice}");
    }
    // The line of the mean by week's end: on 24 and 31 May and on 7 June the first scores stood, on 14 June the second.
    let line = async |slice: &str| {
        let line = essor.get(&format!("/health/portfolio/days?days=30&{slice}")).await;
        let point = |p: &Value| (p["day"].as_str().unwrap().to_owned(), p["mean"].clone(), p["scored"].clone());
        line["items"].as_array().unwrap().iter().map(point).collect::<Vec<_>>()
    };
    for (slice, before, then) in [("segment=PME", 45.0, 67.5), ("owner=Ada", 65.0, 57.0)] {
        let points = line(slice).await;
        let days = ["2026-05-24", "2026-05-31", "2026-06-07", "2026-06-14", "2026-06-17"];
        assert_eq!(points.iter().map(|(day, ..)| day).collect::<Vec<_>>(), days, "{slice}");
        let means: Vec<_> = points[..4].iter().map(|(_, mean, scored)| (mean.clone(), scored.clone())).collect();
        let [before, then] = [before, then].map(|mean| (json!(mean), json!(2)));
        assert_eq!(means, [before.clone(), before.clone(), before, then], "{slice}");
    }
    // A day that is closed says the same, to whatever part.
    let slices = ["segment=PME", "segment=ETI", "owner=Ada", "product=API", "segment=-"];
    let look = async || {
        let mut seen = Vec::new();
        for slice in slices {
            seen.push(essor.get(&format!("/growth/health-changes?asOf=2026-06-16&{slice}")).await.to_string());
            seen.push(format!("{:?}", line(slice).await));
        }
        seen
    };
    let open = look().await;
    let days = ["2026-05-17", "2026-05-24", "2026-05-31", "2026-06-07", "2026-06-09", "2026-06-14"];
    let days = days.map(|day| day.parse().unwrap());
    essor_app::health::close_days(&essor.app, workspace, "2026-06-17".parse().unwrap()).await.unwrap();
    assert_eq!(closed(&essor.app.db, workspace, &days).await.unwrap().len(), days.len());
    assert_eq!(look().await, open);
    let all = essor.get("/health/portfolio/days").await;
    assert_eq!(all["items"], essor.get("/health/portfolio").await["days"], "that of the whole is recorded");
    let (whole, summary) = (essor.get("/growth/health-changes").await, essor.get("/growth/summary").await);
    assert_eq!(whole["meanHealthChange30d"], summary["meanHealthChange30d"]);
});

story!(the_pipeline_is_the_clients_behind_it, |essor| async {
    portfolio(essor).await;
    essor.settle().await;
    let mut staged = 0;
    for slice in ["", "segment=PME", "segment=-", "owner=Ada", "product=API"] {
        let pipeline = essor.get(&format!("/journey/pipeline?{slice}")).await;
        let stages = pipeline["stages"].as_array().unwrap();
        let whole: i64 = stages.iter().map(|stage| cents(&stage["mrrCents"])).sum();
        for stage in stages {
            let key = stage["key"].as_str().unwrap();
            let behind = essor.get(&format!("/clients?where=stage%20%3D%20%22{key}%22&limit=200&{slice}")).await;
            assert_eq!(stage["clients"], behind["total"], "{key} of {slice:?}");
            assert_eq!(stage["mrrCents"], behind["sumMrrCents"], "{key} of {slice:?}");
            let rows: i64 = behind["items"].as_array().unwrap().iter().map(|row| cents(&row["mrrCents"])).sum();
            assert_eq!(rows, cents(&stage["mrrCents"]), "{key} of {slice:?}");
            let share = (whole > 0).then(|| 100.0 * rows as f64 / whole as f64);
            let near = stage["sharePct"].as_f64().zip(share).is_none_or(|(is, of)| (is - of).abs() <= 0.051);
            assert!(near && stage["sharePct"].is_number() == share.is_some(), "{stage} of {whole}, {slice:?}");
            staged += cents(&stage["clients"]);
        }
    }
    assert!(staged > 0, "somebody is in a stage");
});

story!(slices_follow_their_clients, |essor| async {
    portfolio(essor).await;
    let mrr = async |slice: &str| cents(&essor.get(&format!("/growth/summary?{slice}")).await["mrrCents"]);
    let (pme, eti) = (mrr("segment=PME").await, mrr("segment=ETI").await);
    // A client changes hands and segment: all of its history goes with it, at once.
    essor.post("/clients", client("a").with("segment", "ETI").with("owner", "Cléo")).await;
    assert_eq!(mrr("segment=PME").await, pme - 13_004);
    assert_eq!(mrr("segment=ETI").await, eti + 13_004);
    assert_eq!(mrr("owner=Ada").await, 80_008);
    essor.post("/subscriptions", product("a1", "a", "Suite", "2025-07-01", 20_000)).await;
    // A product is renamed: its slice goes with it.
    essor.post("/subscriptions", product("d1", "d", "Pro", "2026-03-03", 30_003)).await;
    assert_eq!(mrr("product=Pro").await, 30_003);
    for slice in SLICES.iter().chain(&["product=Pro", "owner=Cl%C3%A9o"]) {
        adds_up(essor, slice).await;
    }
    // Past days, by what was known then.
    let then = essor.get("/growth/summary?asOf=2026-02-19&segment=ETI").await;
    assert_eq!(then["mrrCents"], 10_001 + 3_003 + 70_007 + 9_009);
    assert_eq!(then["activeClients"], 2);
    let forecast = essor.get("/forecast?asOf=2026-02-19&segment=ETI&split=product").await;
    assert_eq!(forecast["nowCents"], then["mrrCents"]);
    assert_eq!(forecast["base"], json!([]), "seven month-ends are too few");
    assert_eq!((&forecast["reliability"]["closes"], &forecast["reliability"]["closesMissing"]), (&json!(7), &json!(1)));
});

story!(a_database_from_before_gets_its_slices, |essor| async {
    portfolio(essor).await;
    // As an older binary would have left it: ledgers without slices, and the job of the migration.
    essor_store::growth::slices::forget(&essor.app.db, essor.home().workspace).await.unwrap();
    assert_eq!(essor.get("/growth/summary?segment=PME").await["mrrCents"], 0);
    essor_app::growth::rebuild_ledgers(&essor.app, essor.home().workspace).await.unwrap();
    for slice in SLICES {
        adds_up(essor, slice).await;
    }
});

story!(kept_cohorts_are_what_is_counted_anew, |essor| async {
    portfolio(essor).await;
    let kept = async || store::cohorts::kept(&essor.app.db.primary(), essor.home().workspace).await.unwrap();
    // After every kind of change: a late beginning, an end taken back and another, a rename, another segment, a price from
    // a day in the past and one to come, a line that was never to be.
    let steps: Vec<(&str, Build)> = vec![
        ("/subscriptions", product("b3", "b", "Suite", "2025-02-01", 7_007).with("endDate", "2025-05-05")),
        ("/subscriptions", product("c2", "c", "API", "2026-01-15", 9_009).with("endDate", "2026-07-20")),
        ("/subscriptions", product("d1", "d", "Pro", "2026-03-03", 30_003)),
        ("/clients", client("a").with("segment", "ETI").with("owner", "Cléo")),
        ("/clients", client("e").with("segment", "PME")),
        ("/subscriptions", product("a1", "a", "Suite", "2025-07-01", 4_000).with("effectiveDate", "2025-12-24")),
        ("/subscriptions", product("a1", "a", "Suite", "2025-07-01", 6_000).with("effectiveDate", "2026-09-01")),
        ("/subscriptions", product("e1", "e", "Suite", "2026-06-05", 1_001).with("endDate", "2026-06-05")),
        ("/subscriptions", product("e2", "e", "API", "2026-06-10", 2_002)),
    ];
    for (path, body) in steps {
        let told = Value::from(body.clone()).to_string();
        essor.post(path, body).await;
        let stands = kept().await;
        assert!(!stands.is_empty());
        store::cohorts::count_again(&essor.app.db, essor.home().workspace).await.unwrap();
        assert_eq!(stands, kept().await, "after {told}");
        for slice in ["", "segment=ETI", "segment=PME&product=Suite", "owner=Cl%C3%A9o"] {
            adds_up(essor, slice).await;
        }
    }
    // A month that is not over counts up to the day asked for.
    for day in ["2026-02-19", "2026-02-20", "2026-06-09", "2026-06-10"] {
        let cohorts = essor.get(&format!("/growth/cohorts?periods=24&asOf={day}")).await;
        for cohort in cohorts["items"].as_array().unwrap() {
            let from = cohort["from"].as_str().unwrap();
            let path = format!("/growth/cohorts/clients?cohort={from}&at={day}&paying=true&limit=200");
            let last = cohort["cells"].as_array().unwrap().last().unwrap();
            assert_eq!(essor.get(&path).await["total"], last["clients"], "{from} on {day}");
        }
    }
});

story!(the_forecast_knows_only_what_was_known, |essor| async {
    essor.set_clock("2026-06-17T12:00:00Z");
    // A client a month since 2024, each known when it began.
    let mut lines: Vec<Value> = Vec::new();
    for month in 0..30 {
        let (id, start) = (format!("c{month}"), format!("{}-{:02}-05", 2024 + month / 12, month % 12 + 1));
        essor.post("/clients", client(&id)).await;
        let line = subscription(&format!("s{month}"), &id, &start, 10_000 + 250 * (month % 5));
        lines.push(line.with("knownAt", format!("{start}T08:00:00Z")).into());
    }
    essor.post("/subscriptions", json!(lines)).await;
    let forecast = essor.get("/forecast?horizon=6").await;
    assert_eq!(forecast["asOf"], "2026-06-17");
    let history = forecast["history"].as_array().unwrap();
    assert_eq!(
        (&history[0]["month"], &history[28]["month"], history.len()),
        (&json!("2024-01"), &json!("2026-05"), 29)
    );
    let base = forecast["base"].as_array().unwrap();
    let months: Vec<&str> = base.iter().map(|month| month["month"].as_str().unwrap()).collect();
    assert_eq!(months, ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]);
    let now = cents(&forecast["nowCents"]);
    for month in base {
        let levels = ["p5", "p10", "p15", "p25", "p35", "p50", "p55", "p75", "p85", "p90", "p95"];
        let amounts = levels.map(|level| cents(&month[level]));
        assert!(amounts.is_sorted() && amounts[0] >= 0, "{month}");
    }
    assert!(cents(&base[5]["p50"]) > now + 20_000, "it goes on growing");
    let reliability = &forecast["reliability"];
    assert_eq!((&reliability["method"], &reliability["horizon"]), (&json!("damped_drift"), &json!(6)));
    assert_eq!(reliability["origins"], 29 - 6 - 7, "each past forecast that six months have passed since");
    assert_eq!((&reliability["verifiable"], &reliability["originsNeeded"]), (&json!(false), &json!(24)));
    assert!(forecast.get("scenarios").is_none());

    // As of a month's end: that close is the last one, and the next month the first.
    let then = essor.get("/forecast?asOf=2025-12-31").await;
    assert_eq!(then["history"].as_array().unwrap().last().unwrap()["month"], "2025-12");
    assert_eq!(then["base"][0]["month"], "2026-01");
    assert_eq!(then["nowCents"], essor.get("/growth/summary?asOf=2025-12-31").await["mrrCents"]);
    // What is learned later about then changes nothing of what was known then.
    let late = subscription("late", "c0", "2025-03-01", 900_000);
    essor.post("/subscriptions", late).await;
    let again = essor.get("/forecast?asOf=2025-12-31").await;
    let told =
        |forecast: &Value| (forecast["history"].clone(), forecast["base"].clone(), forecast["reliability"].clone());
    assert_eq!(told(&again), told(&then));
    assert_ne!(told(&essor.get("/forecast?horizon=6").await), told(&forecast), "today it is known");

    for (query, code, field) in [
        ("horizon=0", "field_range", "horizon"),
        ("horizon=37", "field_range", "horizon"),
        ("split=owner", "forecast_split_unknown", "split"),
        ("asOf=2026-06-18", "growth_day_invalid", "asOf"),
    ] {
        let refused = essor.ask(&essor.home().owner, Method::GET, &format!("/forecast?{query}"), None).await;
        assert_eq!(refused.refused(422, code)["field"], field, "{query}");
    }
    // Another workspace's forecast is its own.
    let other = essor.place("Other").await;
    let theirs = essor.ask(&other.owner, Method::GET, "/forecast", None).await.good();
    assert_eq!((&theirs["nowCents"], &theirs["base"], &theirs["history"]), (&json!(0), &json!([]), &json!([])));
});

fn objective(metric: &str, target: f64, due: &str) -> Value {
    json!({"name": format!("Our {metric}"), "metric": metric, "target": target, "dueDate": due})
}

story!(an_objective_from_setting_to_reaching, |essor| async {
    portfolio(essor).await;
    let empty = essor.get("/growth/objectives").await;
    assert_eq!((&empty["items"], &empty["quarter"]["due"]), (&json!([]), &json!(0)));
    assert_eq!(essor.get("/growth/summary").await["objectivesReachedPct"], Value::Null, "none is due");

    // 129,021 cents today, from the close of 31 March: 118,… by hand below.
    let start = cents(&essor.get("/growth/history?months=3").await["points"][0]["mrrCents"]);
    assert_eq!(start, 10_001 + 3_003 + 70_007 + 9_009 + 30_003);
    let mut set = objective("mrr", 200_000.0, "2026-06-30");
    set["startDate"] = json!("2026-03-31");
    let id = essor.post("/growth/objectives", set.clone()).await["id"].as_str().unwrap().to_owned();
    essor.post("/growth/objectives", objective("newClients", 2.0, "2026-06-30")).await;
    essor.post("/growth/objectives", objective("activeClients", 50.0, "2026-12-31")).await;
    let all = essor.get("/growth/objectives").await;
    let find = |all: &Value, name: &str| {
        all["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap().clone()
    };
    let mrr = find(&all, "Our mrr");
    assert_eq!((&mrr["startValue"], &mrr["value"]), (&json!(start as f64), &json!(129_021.0)));
    let progress = 100.0 * (129_021.0 - start as f64) / (200_000.0 - start as f64);
    assert!((mrr["progressPct"].as_f64().unwrap() - progress).abs() < 1e-9);
    assert!((mrr["pacePct"].as_f64().unwrap() - 100.0 * 78.0 / 91.0).abs() < 1e-9);
    assert_eq!((&mrr["state"], &mrr["reachedOn"]), (&json!("behind"), &Value::Null));
    assert_eq!(mrr["points"].as_array().unwrap().len(), 40, "79 days, thinned");
    assert_eq!(mrr["points"].as_array().unwrap().last().unwrap()["day"], "2026-06-17");
    assert_eq!(
        (&all["quarter"]["reached"], &all["quarter"]["due"]),
        (&json!(0), &json!(2)),
        "December is another quarter"
    );
    assert_eq!(essor.get("/growth/summary").await["objectivesReachedPct"], 0.0);

    // Two clients come; the job follows, and the day is recorded once.
    let mut listener = essor.listen(&essor.home().owner, None).await;
    essor.set_clock("2026-06-20T10:00:00Z");
    for id in ["n1", "n2"] {
        essor.post("/clients", client(id)).await;
        essor.post("/subscriptions", subscription(id, id, "2026-06-20", 40_000)).await;
    }
    essor.set_clock("2026-06-20T10:00:10Z");
    essor.settle().await;
    let all = essor.get("/growth/objectives").await;
    for (name, value) in [("Our mrr", 209_021.0), ("Our newClients", 2.0)] {
        let item = find(&all, name);
        assert_eq!((&item["state"], &item["reachedOn"]), (&json!("reached"), &json!("2026-06-20")), "{name}");
        assert_eq!((&item["reachedValue"], &item["progressPct"]), (&json!(value), &json!(100.0)), "{name}");
    }
    let summary = essor.get("/growth/summary").await;
    assert_eq!(summary["objectivesReachedPct"], 100.0);
    assert_eq!((&summary["objectives"]["reached"], &summary["objectives"]["due"]), (&json!(2), &json!(2)));
    assert_eq!(essor.get("/growth/summary?asOf=2026-06-19").await["objectivesReachedPct"], 0.0, "the day before");
    assert_eq!(essor.get("/growth/summary?asOf=2026-06-10").await["objectivesReachedPct"], Value::Null, "not set yet");
    listener.until("objectives").await;

    // The figure falls back: what was reached stays reached, and keeps its target.
    essor.post("/subscriptions", subscription("n1", "n1", "2026-06-20", 40_000).with("endDate", "2026-06-21")).await;
    essor.set_clock("2026-06-25T10:00:00Z");
    essor.settle().await;
    let item = find(&essor.get("/growth/objectives").await, "Our mrr");
    assert_eq!(
        (&item["state"], &item["reachedOn"], &item["value"]),
        (&json!("reached"), &json!("2026-06-20"), &json!(169_021.0))
    );
    let owner = &essor.home().owner;
    let path = format!("/growth/objectives/{id}");
    set["target"] = json!(150_000);
    let refused = essor.ask(owner, Method::PUT, &path, Some(&set)).await;
    assert_eq!(refused.refused(422, "growth_objective_reached")["day"], "2026-06-20");
    set["target"] = json!(200_000);
    set["name"] = json!("Spring");
    essor.ask(owner, Method::PUT, &path, Some(&set)).await.good();
    assert_eq!(find(&essor.get("/growth/objectives").await, "Spring")["reachedOn"], "2026-06-20");

    // Deleted, it counts no more; taken back, it is as it was.
    assert_eq!(essor.delete(&path).await.status, 204);
    assert_eq!(essor.get("/growth/summary").await["objectives"]["due"], 1);
    assert_eq!(essor.delete(&path).await.status, 404);
    assert_eq!(essor.try_post(&format!("{path}/restore"), json!({})).await.status, 204);
    assert_eq!(find(&essor.get("/growth/objectives").await, "Spring")["reachedOn"], "2026-06-20");
    // The year goes by without fifty clients.
    essor.set_clock("2027-01-02T10:00:00Z");
    essor.settle().await;
    let actor = essor_app::Actor::system(essor.home().workspace);
    let all = essor_app::growth::objectives::objectives(&essor.app, &actor).await.unwrap();
    let fifty = all.items.iter().find(|item| item.row.name == "Our activeClients").unwrap();
    assert_eq!((fifty.state.as_str(), fifty.value), ("missed", Some(6.0)));
});

story!(objectives_for_what_clients_bring_and_cost, |essor| async {
    portfolio(essor).await;
    let spend = json!({"months": [
        {"month": "2025-12", "amountCents": 40_000},
        {"month": "2026-03", "amountCents": 60_000},
    ], "grossMarginPct": 80});
    assert_eq!(essor.ask(&essor.home().owner, Method::PUT, "/growth/spend", Some(&spend)).await.status, 204);
    let metrics = essor.get("/growth/metrics?months=12").await;
    // Each is the metric of twelve months as the page shows it, and wants to go where it is better.
    for (metric, direction, unit, better) in [
        ("quickRatio", "up", "times", 2.0),
        ("monthlyChurn", "down", "ratio", 0.5),
        ("ltv", "up", "cents", 2.0),
        ("cac", "down", "cents", 0.5),
        ("payback", "down", "months", 0.5),
        ("ltvCac", "up", "times", 2.0),
    ] {
        let shown = metrics["items"].as_array().unwrap().iter().find(|item| item["key"] == metric).unwrap();
        let now = shown["value"].as_f64().unwrap_or_else(|| panic!("no {metric}"));
        let id = essor.post("/growth/objectives", objective(metric, now * better, "2026-12-31")).await["id"].clone();
        let all = essor.get("/growth/objectives").await;
        let set = all["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
        assert_eq!((&set["direction"], &set["unit"]), (&json!(direction), &json!(unit)), "{metric}");
        assert_eq!((&set["startValue"], &set["value"]), (&json!(now), &json!(now)), "{metric}");
        assert_eq!(set["progressPct"], 0.0, "{metric}");
        // The other way is refused.
        let away = objective(metric, now / better, "2026-12-31");
        essor.try_post("/growth/objectives", away).await.refused(422, "growth_objective_direction");
    }
});

/// Answers to surveys: the day in Paris, the kind, the score.
const ANSWERS: [(&str, &str, &str, i64); 11] = [
    // A quarter of an hour before midnight, and after it, ninety days before the last.
    ("2026-03-19", "2026-03-19T22:45:00Z", "nps", 0),
    ("2026-03-20", "2026-03-19T23:15:00Z", "nps", 3),
    ("2026-05-01", "2026-05-01T10:00:00Z", "nps", 10),
    ("2026-06-01", "2026-06-01T10:00:00Z", "nps", 9),
    ("2026-06-17", "2026-06-17T08:00:00Z", "nps", 7),
    ("2026-04-02", "2026-04-02T10:00:00Z", "csat", 5),
    ("2026-05-03", "2026-05-03T10:00:00Z", "csat", 4),
    ("2026-06-04", "2026-06-04T10:00:00Z", "csat", 2),
    ("2026-06-05", "2026-06-05T10:00:00Z", "csat", 4),
    ("2026-06-06", "2026-06-06T10:00:00Z", "ces", 6),
    ("2026-06-07", "2026-06-07T10:00:00Z", "ces", 3),
];

/// The NPS of the ninety days up to one, counted from the answers.
fn nps_on(day: &str) -> Option<f64> {
    let day: chrono::NaiveDate = day.parse().unwrap();
    let within = |of: &str| (0..90).contains(&(day - of.parse::<chrono::NaiveDate>().unwrap()).num_days());
    let scores: Vec<i64> =
        ANSWERS.iter().filter(|(of, _, kind, _)| *kind == "nps" && within(of)).map(|(.., score)| *score).collect();
    let share = |good: &dyn Fn(i64) -> bool| scores.iter().filter(|score| good(**score)).count() as f64;
    let of = scores.len() as f64;
    (of > 0.0).then(|| 100.0 * (share(&|score| score >= 9) - share(&|score| score <= 6)) / of)
}

story!(objectives_for_what_surveys_say, |essor| async {
    portfolio(essor).await;
    let answer = |id: usize, at: &str, kind: &str, score: i64| -> Value {
        let data = json!({"survey": kind, "score": score});
        signal("survey", &format!("a{id}"), "a", at, data).into()
    };
    let sent = ANSWERS.iter().enumerate().map(|(i, (_, at, kind, score))| answer(i, at, kind, *score)).collect();
    essor.post("/signals", Value::Array(sent)).await;
    let mut set = objective("nps", 50.0, "2026-12-31");
    set["startDate"] = json!("2026-06-01");
    essor.post("/growth/objectives", set).await;
    essor.post("/growth/objectives", objective("csat", 0.9, "2026-12-31")).await;
    essor.post("/growth/objectives", objective("ces", 6.5, "2026-12-31")).await;
    let find = async |name: &str| {
        let all = essor.get("/growth/objectives").await;
        all["items"].as_array().unwrap().iter().find(|item| item["metric"] == name).unwrap().clone()
    };
    let nps = find("nps").await;
    // 3, 10, 9 and 7: two promoters less one detractor, of four. On 1 June the 0 counted too, and the 7 was to come.
    assert_eq!((&nps["unit"], &nps["direction"]), (&json!("nps"), &json!("up")));
    assert_eq!((&nps["startValue"], &nps["value"]), (&json!(0.0), &json!(25.0)));
    assert_eq!(nps["progressPct"], 50.0);
    let points = nps["points"].as_array().unwrap();
    assert_eq!(points.len(), 17, "each day from the start");
    for point in points {
        assert_eq!(point["value"].as_f64(), nps_on(point["day"].as_str().unwrap()), "{point}");
    }
    let csat = find("csat").await;
    assert_eq!((&csat["unit"], &csat["value"]), (&json!("ratio"), &json!(0.75)));
    let ces = find("ces").await;
    assert_eq!((&ces["unit"], &ces["value"]), (&json!("ces"), &json!(4.5)));
    // Answers come in, and the objective is followed within seconds.
    essor
        .post("/signals", Value::Array((20..24).map(|id| answer(id, "2026-06-17T09:00:00Z", "nps", 10)).collect()))
        .await;
    essor.set_clock("2026-06-17T12:00:10Z");
    essor.settle().await;
    let nps = find("nps").await;
    assert_eq!(
        (&nps["value"], &nps["state"], &nps["reachedOn"]),
        (&json!(62.5), &json!("reached"), &json!("2026-06-17"))
    );
    // The days go by: what is older than ninety counts no more.
    essor.set_clock("2026-09-05T10:00:00Z");
    essor.settle().await;
    let actor = essor_app::Actor::system(essor.home().workspace);
    let all = essor_app::growth::objectives::objectives(&essor.app, &actor).await.unwrap();
    let ces = all.items.iter().find(|item| item.metric.as_str() == "ces").unwrap();
    assert_eq!((ces.value, ces.state.as_str()), (None, "unknown"), "nobody answered lately");
});

story!(a_bad_objective_is_refused_on_its_field, |essor| async {
    portfolio(essor).await;
    let good = || objective("mrr", 200_000.0, "2026-09-30");
    let with = |field: &str, value: Value| {
        let mut body = good();
        body[field] = value;
        body
    };
    for (body, code, field) in [
        (with("name", json!("  ")), "field_required", "name"),
        (with("name", json!("x".repeat(121))), "field_too_long", "name"),
        (with("metric", json!("happiness")), "growth_metric_unknown", "metric"),
        (with("target", json!(129_021)), "growth_objective_target_equal", "target"),
        (with("target", json!(100)), "growth_objective_direction", "target"),
        (with("target", json!(-1)), "field_range", "target"),
        (with("dueDate", json!("2026-06-16")), "growth_objective_past", "dueDate"),
        (with("dueDate", json!("2026-06-17")), "growth_objective_ends_before_start", "dueDate"),
        (with("startDate", json!("0001-01-01")), "growth_day_invalid", "startDate"),
        (with("direction", json!("sideways")), "field_type", "direction"),
        (objective("meanHealth", 80.0, "2026-09-30"), "growth_objective_no_start", "startDate"),
        (objective("nrr", 1.1, "2026-09-30"), "growth_objective_no_start", "startDate"),
        (objective("nps", 50.0, "2026-09-30"), "growth_objective_no_start", "startDate"),
        (objective("nps", 101.0, "2026-09-30"), "field_range", "target"),
        (objective("csat", 1.2, "2026-09-30"), "field_range", "target"),
        (objective("ces", 0.5, "2026-09-30"), "field_range", "target"),
    ] {
        let params = essor.try_post("/growth/objectives", body.clone()).await.refused(422, code);
        assert_eq!(params["field"], field, "{code}: {body}");
    }
    assert_eq!(essor.get("/growth/objectives").await["items"], json!([]), "nothing is half saved");
    // Fewer is better where the metric says so, and a start to come waits for its day.
    let mut down = objective("logoChurn", 0.05, "2026-12-31");
    down["startDate"] = json!("2026-07-01");
    essor.post("/growth/objectives", down).await;
    let item = essor.get("/growth/objectives").await["items"][0].clone();
    assert_eq!(
        (&item["state"], &item["direction"], &item["startValue"]),
        (&json!("planned"), &json!("down"), &Value::Null)
    );
});

story!(spend_gives_the_cost_of_a_client, |essor| async {
    portfolio(essor).await;
    let metric = async |query: &str, key: &str| {
        let all = essor.get(&format!("/growth/metrics?{query}")).await;
        all["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap()["value"].clone()
    };
    for key in ["ltv", "cac", "payback", "ltvCac"] {
        assert_eq!(metric("", key).await, Value::Null, "{key} of nothing");
    }
    let months = json!({"months": [
        {"month": "2025-12", "amountCents": 40_000},
        {"month": "2026-03", "amountCents": 60_000, "currency": "EUR"},
        {"month": "2026-06", "amountCents": 99_999},
    ], "grossMarginPct": 80});
    let owner = &essor.home().owner;
    let put = async |body: &Value| essor.ask(owner, Method::PUT, "/growth/spend", Some(body)).await;
    assert_eq!(put(&months).await.status, 204);
    let spend = essor.get("/growth/spend?months=12").await;
    assert_eq!((&spend["grossMarginPct"], &spend["currency"]), (&json!(80.0), &json!("EUR")));
    let march = spend["months"].as_array().unwrap().iter().find(|m| m["month"] == "2026-03").unwrap();
    assert_eq!(
        (&march["amountCents"], &march["wonClients"], &march["cacCents"]),
        (&json!(60_000), &json!(1), &json!(60_000))
    );
    let april = spend["months"].as_array().unwrap().iter().find(|m| m["month"] == "2026-04").unwrap();
    assert_eq!(april["amountCents"], Value::Null, "unknown, not nought");

    // December won nobody and March one; June is not over.
    assert_eq!(metric("", "cac").await, 100_000.0);
    // Churn: client b left 20,002 in February. The twelve openings on the 17th of each month, by hand:
    let openings: i64 =
        [0, 10_001, 30_003, 100_010, 100_010, 103_013, 103_013, 112_022, 112_022, 122_023, 132_024, 137_029]
            .iter()
            .sum();
    let of = essor.get("/growth/metrics").await;
    let part = |key: &str, part: &str| {
        let item = of["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap().clone();
        item["parts"].as_array().unwrap().iter().find(|p| p["key"] == part).unwrap().clone()
    };
    assert_eq!(part("monthlyChurn", "churned")["cents"], -20_002);
    assert_eq!(part("monthlyChurn", "monthOpenings")["cents"], openings);
    let ltv = 129_021.0 / 5.0 * 0.8 / (20_002.0 / openings as f64);
    assert!((metric("", "ltv").await.as_f64().unwrap() - ltv).abs() <= 0.5);
    let payback = 100_000.0 / (129_021.0 / 5.0 * 0.8);
    assert!((metric("", "payback").await.as_f64().unwrap() - payback).abs() < 1e-9);
    assert_eq!(metric("segment=PME", "cac").await, Value::Null, "spend is the whole company's");
    assert!(metric("segment=PME", "ltv").await.is_number());

    for (body, code, field) in [
        (
            json!({"months": [{"month": "2026-05", "amountCents": 1, "currency": "USD"}]}),
            "growth_spend_currency",
            "months[0].currency",
        ),
        (json!({"months": [{"month": "2026-07", "amountCents": 1}]}), "growth_month_invalid", "months[0].month"),
        (
            json!({"months": [{"month": "2026-05", "amountCents": 7}, {"month": "2026-04", "amountCents": -1}]}),
            "growth_amount_negative",
            "months[1].amountCents",
        ),
        (json!({"months": [], "grossMarginPct": 0}), "field_range", "grossMarginPct"),
        (
            json!({"months": [{"month": "2026-05", "amountCents": 7}], "grossMarginPct": 101}),
            "field_range",
            "grossMarginPct",
        ),
    ] {
        assert_eq!(put(&body).await.refused(422, code)["field"], field, "{body}");
    }
    assert_eq!(essor.get("/growth/spend?months=12").await, spend, "nothing is half saved");
    // Taken away, it is unknown again; the currency is fixed by spend alone.
    put(&json!({"months": [{"month": "2025-12", "amountCents": null}], "grossMarginPct": null})).await;
    assert_eq!(metric("", "cac").await, 60_000.0);
    assert_eq!(metric("", "ltv").await, Value::Null);
    let viewer = essor.person(essor.home().workspace, "viewer@acme.example", Role::Viewer).await;
    essor.ask(&viewer, Method::PUT, "/growth/spend", Some(&months)).await.refused(403, "forbidden");
    let other = essor.place("Other").await;
    essor
        .ask(
            &other.owner,
            Method::PUT,
            "/growth/spend",
            Some(&json!({"months": [{"month": "2026-01", "amountCents": 5}]})),
        )
        .await;
    let change = json!({"currency": "USD"});
    essor.ask(&other.owner, Method::PATCH, "/workspace", Some(&change)).await.refused(409, "growth_currency_fixed");
});
