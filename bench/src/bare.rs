//! The limit to hold ingestion against: the same tables, indexes and fsync, filled by a loop that does nothing else.

use crate::report;
use anyhow::Result;
use chrono::{Days, Utc};
use essor_store::Db;
use sea_orm::sqlx::{self, Connection, Executor};
use std::time::{Duration, Instant};

/// Which engine, for how long.
#[derive(clap::Args)]
pub struct Args {
    /// sqlite:///a/new/file.db or the URL of a PostgreSQL database that may be written
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Events in one transaction
    #[arg(long, default_value_t = 2_000)]
    group: u64,
}

/// Runs the loop and prints events per second.
pub async fn run(args: Args) -> Result<()> {
    // The product's own migrations make the tables: the same columns, keys and indexes.
    let db = Db::open(&args.database, None, 2).await?;
    essor_store::migrate(&db).await?;
    db.close().await;
    let rate = if args.database.starts_with("sqlite") {
        let path = args.database.trim_start_matches("sqlite://").to_owned();
        let (seconds, group) = (args.seconds, args.group);
        tokio::task::spawn_blocking(move || sqlite(&path, seconds, group)).await??
    } else {
        postgres(&args).await?
    };
    report(&format!("bare loop: {rate:.0} events/s, one fsync per {} events", args.group));
    Ok(())
}

/// The n-th event's keys: message, client, user, event.
fn event(n: u64) -> ([u8; 16], [u8; 16], String, String) {
    let mut message = [0; 16];
    message.copy_from_slice(&u128::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835).to_be_bytes());
    let client = (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) % 1_000;
    let mut id = [0; 16];
    id[8..].copy_from_slice(&client.to_be_bytes());
    (message, id, format!("c{client}-u{}", (n >> 3) % 5), format!("Event {}", n % 8))
}

fn sqlite(path: &str, seconds: u64, group: u64) -> Result<f64> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4000",
    )?;
    let workspace = [7_u8; 16];
    let started = Instant::now();
    let mut n = 0;
    while started.elapsed() < Duration::from_secs(seconds) {
        let tx = connection.transaction()?;
        {
            let now = Utc::now();
            let (day, at) = (now.date_naive().to_string(), now.to_rfc3339());
            let mut ids = tx.prepare_cached("INSERT INTO usage_message_ids VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
            let mut raw = tx.prepare_cached("INSERT INTO usage_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)")?;
            let mut sums = tx.prepare_cached(
                "INSERT INTO usage_rollups VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT DO UPDATE SET count = count + 1",
            )?;
            let mut seen =
                tx.prepare_cached("INSERT INTO usage_presence VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO NOTHING")?;
            for _ in 0..group {
                let (message, client, user, name) = event(n);
                ids.execute((message, &day))?;
                raw.execute((workspace, client, &at, message, &user, &name, "{\"rows\":3,\"format\":\"csv\"}"))?;
                sums.execute((workspace, client, &day, &name))?;
                seen.execute((workspace, &name, client, &day, &user))?;
                n += 1;
            }
        }
        tx.commit()?;
    }
    Ok(n as f64 / started.elapsed().as_secs_f64())
}

async fn postgres(args: &Args) -> Result<f64> {
    let mut connection = sqlx::PgConnection::connect(&args.database).await?;
    let month = Utc::now().date_naive().format("%Y_%m").to_string();
    let (from, to) = (Utc::now().date_naive() - Days::new(40), Utc::now().date_naive() + Days::new(40));
    let partition = format!(
        "CREATE TABLE IF NOT EXISTS bare_{month} PARTITION OF usage_events FOR VALUES FROM ('{from}') TO ('{to}')"
    );
    connection.execute(sqlx::AssertSqlSafe(partition)).await?;
    let started = Instant::now();
    let mut n = 0;
    while started.elapsed() < Duration::from_secs(args.seconds) {
        let (mut messages, mut clients, mut users, mut names) = (vec![], vec![], vec![], vec![]);
        for _ in 0..args.group {
            let (message, client, user, name) = event(n);
            messages.push(uuid::Uuid::from_bytes(message).to_string());
            clients.push(uuid::Uuid::from_bytes(client).to_string());
            users.push(user);
            names.push(name);
            n += 1;
        }
        let mut tx = connection.begin().await?;
        let rows = "unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e(m, c, u, n)";
        let workspace = "'07070707-0707-0707-0707-070707070707'::uuid";
        for sql in [
            format!(
                "INSERT INTO usage_message_ids SELECT m::uuid, current_date FROM {rows} WHERE $2 IS NOT NULL AND $3 IS NOT NULL AND $4 IS NOT NULL ON CONFLICT DO NOTHING"
            ),
            format!(
                "INSERT INTO usage_events SELECT {workspace}, c::uuid, now(), m::uuid, u, n, 1, '{{}}' FROM {rows}"
            ),
            format!(
                "INSERT INTO usage_rollups SELECT {workspace}, c::uuid, current_date, n, count(*) FROM {rows} GROUP BY c, n ON CONFLICT (workspace_id, client_id, day, event) DO UPDATE SET count = usage_rollups.count + excluded.count"
            ),
            format!(
                "INSERT INTO usage_presence SELECT DISTINCT {workspace}, n, c::uuid, current_date, u, 1 FROM {rows} ON CONFLICT DO NOTHING"
            ),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(&messages)
                .bind(&clients)
                .bind(&users)
                .bind(&names)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
    }
    Ok(n as f64 / started.elapsed().as_secs_f64())
}
