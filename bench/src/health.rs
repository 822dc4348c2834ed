//! The scoring of a whole portfolio.

use crate::report;
use anyhow::{Context, Result};
use chrono::{Datelike, Days, NaiveDate};
use essor_app::{App, SystemClock};
use essor_domain::time::{day_in, parse_zone};
use essor_store::health::{self as store, HealthDay, Recorded};
use essor_store::identity::workspaces::{self, WorkspaceRow};
use essor_store::{Db, Workspace};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// Which database.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 3)]
    times: usize,
    /// Weeks of the past with a score of each client at their end, so that pages have something to compare with
    #[arg(long, default_value_t = 13)]
    weeks: u64,
}

/// Scores every client of every workspace as of now, from what is stored.
pub async fn run(args: Args) -> Result<()> {
    let db = Db::open(&args.database, None, 8).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    for row in workspaces::list(&app.db).await? {
        let ids = essor_store::clients::all_ids(&app.db, Workspace(row.id)).await?;
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
        remember(&app, &row, args.weeks).await?;
    }
    Ok(())
}

/// Records scores of past weeks' ends (drifting, out of today's) and of the days that changes are told against, and
/// closes these days as their ends would have.
async fn remember(app: &App, row: &WorkspaceRow, weeks: u64) -> Result<()> {
    let workspace = Workspace(row.id);
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let sunday = today - Days::new(u64::from(today.weekday().num_days_from_monday()) + 1);
    let ends = (0..weeks).map(|back| sunday - Days::new(7 * back));
    let days: BTreeSet<NaiveDate> = ends.chain([today - Days::new(7), today - Days::new(30)]).collect();
    let now = store::standings(&app.db, workspace, today).await?;
    for day in days {
        let (Some(at), ago) = (day.and_hms_opt(22, 0, 0), (today - day).num_days() as i32) else { continue };
        let mut figures = HealthDay::default();
        let mut records = Vec::with_capacity(now.len());
        for standing in now.values() {
            let score = (standing.score + ago) % 101;
            figures.scored += 1;
            figures.score_sum += i64::from(score);
            figures.at_risk += i64::from(score < 40);
            records.push(Recorded {
                client_id: standing.client_id,
                day,
                at: at.and_utc(),
                score: Some(score),
                coverage: 1.0,
                detail: serde_json::json!({}),
                recomputed: true,
                class: standing.class.clone(),
                at_risk: Some(score < 40),
            });
        }
        let tx = app.db.begin().await?;
        store::record(&tx, workspace, &records).await?;
        store::fill_day(&tx, workspace, day, figures).await?;
        tx.commit().await?;
    }
    let started = Instant::now();
    essor_app::health::close_days(app, workspace, today).await?;
    report(&format!("{}: {weeks} weeks and two days closed in {:.2} s", row.name, started.elapsed().as_secs_f64()));
    Ok(())
}

/// User and system time of this process so far: hundredths of a second, as Linux counts them.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks: fields are counted behind it.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
