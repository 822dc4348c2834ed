//! A file of clients through the import of the interface (looked at, tried, imported, imported again), and the limit: the
//! same rows read and inserted into the same tables in plain batches, with nothing compared, noted or told.

use crate::report;
use anyhow::{Context, Result};
use essor_app::connectors::{self, Import, Plan};
use essor_app::{Actor, App, SystemClock, identity, jobs};
use essor_store::Db;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// Which database, and how many rows.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Leave out the bare loop, which is SQLite's alone.
    #[arg(long)]
    no_bare: bool,
}

/// A file as a CRM exports it; the same number gives the same row.
fn file(path: &Path, rows: u64) -> Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "id,name,domain,segment,industry,country,owner,seats,since,tags")?;
    for n in 0..rows {
        let segment = ["PME", "ETI", "Grand compte"][(n % 3) as usize];
        let (industry, country) =
            (["Santé", "Énergie", "Conseil"][(n % 3) as usize], ["FR", "BE", "CH"][(n % 3) as usize]);
        let (day, month) = (1 + n % 28, 1 + n % 12);
        writeln!(
            out,
            "crm-{n},Client n° {n},client-{n}.example,{segment},{industry},{country},Personne {},{},2024-{month:02}-{day:02},vip;{segment}",
            n % 12,
            1 + n % 500,
        )?;
    }
    Ok(out.flush()?)
}

/// The most memory that this process has held, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1_024.0
}

async fn step(app: &App, actor: &Actor, import: &Import, plan: &Plan, only_try: bool) -> Result<(Import, f64)> {
    let (began, worker) = (Instant::now(), Uuid::now_v7());
    connectors::start(app, actor, import.id, plan, only_try).await?;
    loop {
        jobs::work_once(app, worker).await?;
        let now = connectors::import_of(app, actor, import.id).await?;
        if !["checking", "running"].contains(&now.state.as_str()) {
            return Ok((now, began.elapsed().as_secs_f64()));
        }
    }
}

/// Imports the file twice and inserts its rows once plainly.
pub async fn run(args: Args) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("clients.csv");
    file(&path, args.rows)?;
    let db = Db::open(&args.database, None, 4).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1").in_dir(folder.path());
    let workspace = identity::create_workspace(&app, identity::WorkspaceNew::named("import")).await?;
    let actor = Actor::system(workspace);
    for time in ["first", "second"] {
        let began = Instant::now();
        let upload = connectors::receive(&app, &actor).await?;
        std::fs::copy(&path, &upload.path)?;
        let import = connectors::take(&app, &actor, upload, "clients.csv").await?;
        let looked = began.elapsed().as_secs_f64();
        let plan: Plan = serde_json::from_value(import.plan.clone().context("a plan")?)?;
        let (_, tried) = step(&app, &actor, &import, &plan, true).await?;
        let (done, ran) = step(&app, &actor, &import, &plan, false).await?;
        report(&format!(
            "{time} time: looked at in {looked:.1} s, tried in {tried:.1} s, imported in {ran:.1} s: {} new, {} changed, \
             {} unchanged, {} refused; peak {:.0} MB",
            done.created_rows,
            done.changed_rows,
            done.unchanged_rows,
            done.refused_rows,
            peak()
        ));
    }
    app.db.close().await;
    if !args.no_bare {
        bare(&path, &folder.path().join("bare.db"), args.rows).await?;
    }
    Ok(())
}

async fn bare(path: &Path, database: &Path, rows: u64) -> Result<()> {
    let db = Db::open(&format!("sqlite://{}", database.display()), None, 1).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    let workspace = identity::create_workspace(&app, identity::WorkspaceNew::named("bare")).await?;
    app.db.close().await;
    let began = Instant::now();
    let mut db = rusqlite::Connection::open(database)?;
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")?;
    let mut lines = BufReader::new(std::fs::File::open(path)?).lines().skip(1);
    loop {
        let batch: Vec<String> = lines.by_ref().take(1_000).collect::<std::io::Result<_>>()?;
        if batch.is_empty() {
            break;
        }
        let tx = db.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT INTO clients (id, workspace_id, external_id, name, name_key, domain, segment, industry, country, owner, \
                 seats, since, traits, archived, paused, status, mrr_cents, trial, health_class, at_risk, created_at, updated_at, \
                 segment_key, industry_key, country_key, owner_key) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
                 '{}', 0, 0, 'none', 0, 0, 'unknown', 0, ?12, ?12, ?6, ?7, ?8, ?9)",
            )?;
            let mut tag = tx.prepare_cached(
                "INSERT INTO clients_tags (workspace_id, tag_key, client_id, tag) VALUES (?1, ?2, ?3, ?2)",
            )?;
            let now = chrono::Utc::now().to_rfc3339();
            for line in &batch {
                let cells: Vec<&str> = line.split(',').collect();
                let [id, name, domain, segment, industry, country, owner, seats, since, tags] = cells[..] else {
                    anyhow::bail!("a row of ten cells")
                };
                let client = Uuid::now_v7();
                let seats: i64 = seats.parse()?;
                insert.execute(rusqlite::params![
                    client.as_bytes(),
                    workspace.0.as_bytes(),
                    id,
                    name,
                    domain,
                    segment,
                    industry,
                    country,
                    owner,
                    seats,
                    since,
                    now
                ])?;
                for word in tags.split(';') {
                    tag.execute(rusqlite::params![workspace.0.as_bytes(), word, client.as_bytes()])?;
                }
            }
        }
        tx.commit()?;
    }
    report(&format!("bare loop: {rows} rows in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(())
}
