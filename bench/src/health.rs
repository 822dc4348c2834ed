//! The scoring of a whole portfolio.

use crate::report;
use anyhow::{Context, Result};
use essor_app::{App, SystemClock};
use essor_store::Db;
use essor_store::identity::workspaces;
use std::sync::Arc;
use std::time::Instant;

/// Which database.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 3)]
    times: usize,
}

/// Scores every client of every workspace as of now, from what is stored.
pub async fn run(args: Args) -> Result<()> {
    let db = Db::open(&args.database, None, 8).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    for row in workspaces::list(&app.db).await? {
        let ids = essor_store::clients::all_ids(&app.db, essor_store::Workspace(row.id)).await?;
        for _ in 0..args.times {
            let (started, spent) = (Instant::now(), processor_seconds());
            let changed = essor_app::health::score_all(&app, &row).await.context("scoring failed")?;
            let (seconds, spent) = (started.elapsed().as_secs_f64(), processor_seconds() - spent);
            report(&format!(
                "{}: {} clients in {seconds:.2} s, {spent:.2} s of processor time of its own ({changed} changed)",
                row.name,
                ids.len()
            ));
        }
    }
    Ok(())
}

/// User and system time of this process so far: hundredths of a second, as Linux counts them.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks: fields are counted behind it.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
