//! What the pages ask: every request of the growth pages, of the list of clients and of the bell, against one limit.

use crate::fill::{EMAIL, PASSWORD};
use crate::{quantile, report};
use anyhow::{Context, Result};
use std::time::Instant;

/// What to time.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "http://127.0.0.1:7420")]
    url: String,
    #[arg(long, default_value_t = 100)]
    times: usize,
    /// Requests before those that count
    #[arg(long, default_value_t = 3)]
    warm: usize,
    /// Milliseconds that the 95th percentile of each request may take
    #[arg(long, default_value_t = 200.0)]
    limit: f64,
    /// Only paths that contain this
    #[arg(long)]
    only: Option<String>,
}

/// A month before today and a cursor are put in where `{month}` and `{cursor}` stand.
const PATHS: &[&str] = &[
    // The growth page: overview
    "/growth/summary",
    "/growth/summary?segment=PME",
    "/growth/summary?owner=Responsable%2003",
    "/growth/summary?product=Suite",
    "/growth/metrics?months=12",
    "/growth/metrics?months=12&segment=PME",
    "/growth/metrics?months=12&owner=Responsable%2003",
    "/growth/metrics?months=12&product=Suite",
    "/growth/metrics?months=12&product=Suite&segment=PME",
    "/growth/history?months=12",
    "/growth/history?months=24&segment=PME",
    "/growth/history?months=24&product=Suite",
    "/growth/movements",
    "/growth/movements?segment=PME",
    "/growth/movements/clients?limit=50",
    "/growth/movements/clients?limit=50&kind=churn",
    "/growth/movements/clients?limit=50&product=Suite&segment=PME",
    "/growth/movements/clients?limit=50&owner=Responsable%2003&kind=expansion",
    "/growth/cohorts?by=month",
    "/growth/cohorts?by=quarter",
    "/growth/cohorts?by=month&segment=PME",
    "/growth/cohorts?by=month&product=Suite",
    "/growth/cohorts/clients?by=month&cohort={month}",
    "/growth/objectives",
    "/growth/spend?months=12",
    "/growth/actions?limit=3",
    // Forecast
    "/forecast?horizon=12",
    "/forecast?horizon=12&split=segment",
    "/forecast?horizon=12&split=product",
    "/forecast?horizon=12&segment=PME",
    // Health
    "/health/portfolio",
    "/health/portfolio?segment=PME",
    "/health/portfolio?owner=Responsable%2003",
    "/health/profiles",
    "/growth/health-changes",
    "/growth/health-changes?segment=PME",
    "/growth/health-changes?product=Suite",
    "/health/portfolio/days?segment=PME",
    "/health/portfolio/days?owner=Responsable%2003",
    // The journey
    "/journey/pipeline",
    "/journey/pipeline?segment=PME",
    "/journey/pipeline?owner=Responsable%2003",
    "/journey/pipeline?product=Suite",
    "/journey/funnel",
    "/journey/funnel?segment=PME",
    "/journey/times",
    "/journey/times?segment=PME",
    "/journey/board",
    "/journey/board?segment=PME",
    "/journey/alerts",
    // Opportunities
    "/opportunities?limit=50",
    "/opportunities?limit=50&list=expansion",
    "/opportunities?limit=50&list=retention&segment=PME",
    "/opportunities?limit=50&owner=Responsable%2003",
    "/opportunities?limit=50&state=all",
    // The list of clients
    "/clients?limit=50",
    "/clients?limit=50&cursor={cursor}",
    "/clients?limit=50&sort=-name",
    "/clients?limit=50&sort=mrr",
    "/clients?limit=50&sort=-mrr",
    "/clients?limit=50&sort=health",
    "/clients?limit=50&sort=-health",
    "/clients?limit=50&sort=-mrr&status=active&health=critical,watch",
    "/clients?limit=50&status=active",
    "/clients?limit=50&status=churned",
    "/clients?limit=50&segment=PME&sort=-mrr",
    "/clients?limit=50&owner=Responsable%2003&sort=health",
    "/clients?limit=50&product=Suite",
    "/clients?limit=50&product=Suite&status=active&sort=-mrr",
    "/clients?limit=50&risk=true",
    "/clients?limit=50&risk=true&sort=-mrr",
    "/clients?limit=50&q=or",
    "/clients?limit=50&q=novaq&sort=-mrr",
    "/clients?limit=50&q=zzzz",
    "/clients/facets",
    // Everywhere
    "/notifications?limit=20",
    "/tasks?limit=50",
    "/tasks?limit=50&when=overdue",
    "/session",
];

/// Signs in, requests each path in turn, and says p50, p95 and the worst beside the limit, then what misses it.
pub async fn run(args: Args) -> Result<()> {
    let client = reqwest::Client::new();
    let api = format!("{}/api/v1", args.url);
    let form = serde_json::json!({"email": EMAIL, "password": PASSWORD});
    let signed = client
        .post(format!("{api}/session"))
        .header("content-type", "application/json")
        .body(form.to_string())
        .send()
        .await?
        .error_for_status()?;
    let cookie = signed.headers().get("set-cookie").and_then(|value| value.to_str().ok());
    let cookie = cookie.and_then(|text| text.split(';').next()).context("signing in gave no cookie")?.to_owned();
    let get = async |path: &str| -> Result<String> {
        let answer = client.get(format!("{api}{path}")).header("cookie", &cookie).send().await?;
        Ok(answer.error_for_status().with_context(|| path.to_owned())?.text().await?)
    };
    let page: serde_json::Value = serde_json::from_str(&get("/clients?limit=50").await?)?;
    let cursor = page["nextCursor"].as_str().unwrap_or_default().to_owned();
    let month = (chrono::Utc::now() - chrono::Duration::days(60)).format("%Y-%m-01").to_string();

    let mut measured = Vec::new();
    for path in PATHS.iter().filter(|path| args.only.as_ref().is_none_or(|only| path.contains(only))) {
        let path = path.replace("{cursor}", &cursor).replace("{month}", &month);
        for _ in 0..args.warm {
            get(&path).await?;
        }
        let mut samples = Vec::with_capacity(args.times);
        for _ in 0..args.times {
            let sent = Instant::now();
            get(&path).await?;
            samples.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        samples.sort_by(f64::total_cmp);
        let [p50, p95, worst] = [0.5, 0.95, 1.0].map(|share| quantile(&samples, share));
        let mark = if p95 < args.limit { "" } else { "  MISSED" };
        report(&format!("{p50:7.1} {p95:7.1} {worst:7.1} ms  {path}{mark}"));
        measured.push((p95, path));
    }
    measured.sort_by(|a, b| b.0.total_cmp(&a.0));
    let missed = measured.iter().filter(|(p95, _)| *p95 >= args.limit).count();
    report(&format!("{} requests, {missed} at or above p95 {:.0} ms; the slowest:", measured.len(), args.limit));
    for (p95, path) in measured.iter().take(8) {
        report(&format!("  p95 {p95:.1} ms  {path}"));
    }
    Ok(())
}
