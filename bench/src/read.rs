//! The dashboard's requests, and the scoring of a whole portfolio.

use crate::{quantile, report};
use anyhow::{Context, Result};
use essor_app::{App, SystemClock};
use essor_store::Db;
use essor_store::identity::workspaces;
use std::sync::Arc;
use std::time::Instant;

/// What to time.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "http://127.0.0.1:7420")]
    url: String,
    #[arg(long)]
    token: String,
    #[arg(long, default_value_t = 100)]
    times: usize,
}

const PATHS: [&str; 8] = [
    "/api/v1/growth/summary",
    "/api/v1/growth/history?months=12",
    "/api/v1/growth/movements",
    "/api/v1/growth/metrics",
    "/api/v1/clients?limit=50&sort=health",
    "/api/v1/clients?limit=50&sort=-mrr&status=active&health=critical,watch",
    "/api/v1/clients?limit=50&q=or",
    "/api/v1/clients/facets",
];

/// Requests each path in turn and prints p50 and p95.
pub async fn run(args: Args) -> Result<()> {
    let client = reqwest::Client::new();
    for path in PATHS {
        let mut samples = Vec::with_capacity(args.times);
        for _ in 0..args.times {
            let sent = Instant::now();
            let answer = client.get(format!("{}{path}", args.url)).bearer_auth(&args.token).send().await?;
            let answer = answer.error_for_status()?;
            answer.bytes().await?;
            samples.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        samples.sort_by(f64::total_cmp);
        report(&format!("{path}: p50 {:.1} ms, p95 {:.1} ms", quantile(&samples, 0.5), quantile(&samples, 0.95)));
    }
    Ok(())
}

/// Which database.
#[derive(clap::Args)]
pub struct HealthArgs {
    #[arg(long)]
    database: String,
}

/// Scores every client of every workspace as of now, from what is stored.
pub async fn health(args: HealthArgs) -> Result<()> {
    let db = Db::open(&args.database, None, 8).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    for row in workspaces::list(&app.db).await? {
        let ids = essor_store::clients::all_ids(&app.db, essor_store::Workspace(row.id)).await?;
        let started = Instant::now();
        let changed = essor_app::health::score_all(&app, &row).await.context("scoring failed")?;
        let seconds = started.elapsed().as_secs_f64();
        report(&format!("{}: {} clients in {seconds:.2} s ({changed} changed)", row.name, ids.len()));
    }
    Ok(())
}
