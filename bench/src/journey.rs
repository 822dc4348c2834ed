//! A look at the journeys of a whole portfolio.

use crate::report;
use anyhow::{Context, Result};
use essor_app::{App, SystemClock};
use essor_store::identity::workspaces;
use essor_store::{Db, Workspace};
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

/// Starts journeys for those who have none, then looks at every client's as of now.
pub async fn run(args: Args) -> Result<()> {
    let db = Db::open(&args.database, None, 8).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    for row in workspaces::list(&app.db).await? {
        let workspace = Workspace(row.id);
        let started = Instant::now();
        let begun = essor_app::journey::start_known(&app, workspace).await.context("starting failed")?;
        report(&format!("{}: {begun} journeys begun in {:.2} s", row.name, started.elapsed().as_secs_f64()));
        let ids = essor_store::clients::all_ids(&app.db, workspace).await?;
        for _ in 0..args.times {
            let started = Instant::now();
            // As the job does: some hundred at a time.
            for some in ids.chunks(500) {
                let look =
                    essor_app::journey::work(&app, &row, some, app.clock.now()).await.context("a look failed")?;
                let tx = app.db.begin().await?;
                look.save(&tx).await?;
                tx.commit().await?;
            }
            report(&format!("{}: {} journeys in {:.2} s", row.name, ids.len(), started.elapsed().as_secs_f64()));
        }
    }
    Ok(())
}
