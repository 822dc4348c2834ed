//! The load: connections that each send a batch, wait for its acknowledgement, and send the next.

use crate::{quantile, report};
use anyhow::{Result, bail};
use base64::Engine;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What to send.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "http://127.0.0.1:7420")]
    url: String,
    #[arg(long)]
    key: String,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(long, default_value_t = 16)]
    connections: u64,
    #[arg(long, default_value_t = 100)]
    batch: u64,
    #[arg(long, default_value_t = 1_000)]
    clients: u64,
    #[arg(long, default_value_t = 5)]
    users: u64,
    /// Events a second in all; as many as possible when left out
    #[arg(long)]
    rate: Option<u64>,
    /// What stands before the numbers of the clients that events name
    #[arg(long, default_value = "bench-")]
    group: String,
}

impl Args {
    /// A paced load on the clients of a filled portfolio.
    pub fn paced(url: &str, key: &str, seconds: u64, rate: u64, clients: u64) -> Self {
        let (url, key, group) = (url.to_owned(), key.to_owned(), "c".to_owned());
        Args { url, key, seconds, connections: 64, batch: 50, clients, users: 5, rate: Some(rate), group }
    }
}

const NAMES: [&str; 8] = [
    "Report Viewed",
    "Report Exported",
    "Task Created",
    "Signed In",
    "Comment Added",
    "File Uploaded",
    "Search Run",
    "Dashboard Opened",
];

/// A batch as Segment's libraries write it, its ids unique by `serial`.
fn body(args: &Args, run: u64, serial: u64, now: &str) -> String {
    let mut out = String::with_capacity(300 * args.batch as usize);
    out.push_str("{\"batch\":[");
    for i in 0..args.batch {
        let n = serial * args.batch + i;
        // A multiplicative hash spreads clients as real traffic does.
        let client = (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) % args.clients;
        let user = (n >> 3) % args.users;
        let (name, group) = (NAMES[(n % 8) as usize], &args.group);
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            out,
            "{comma}{{\"type\":\"track\",\"messageId\":\"bench-{run}-{n}\",\"userId\":\"c{client}-u{user}\",\
             \"event\":\"{name}\",\"timestamp\":\"{now}\",\"properties\":{{\"rows\":{i},\"format\":\"csv\"}},\
             \"context\":{{\"groupId\":\"{group}{client}\",\"library\":{{\"name\":\"bench\",\"version\":\"1\"}}}}}}"
        );
    }
    let _ = write!(out, "],\"sentAt\":\"{now}\"}}");
    out
}

/// Sends for some seconds and prints events per second and the latency of a batch.
pub async fn run(args: Args) -> Result<()> {
    let args = Arc::new(args);
    let client = reqwest::Client::builder().pool_max_idle_per_host(256).build()?;
    let auth = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{}:", args.key)));
    let serial = Arc::new(AtomicU64::new(0));
    let run = u64::from(std::process::id());
    let started = Instant::now();
    let end = started + Duration::from_secs(args.seconds);
    let mut tasks = Vec::new();
    for _ in 0..args.connections {
        let (args, client, auth, serial) = (args.clone(), client.clone(), auth.clone(), serial.clone());
        tasks.push(tokio::spawn(async move {
            let mut latencies = Vec::new();
            let mut acknowledged = 0;
            let mut refused = 0_u64;
            while Instant::now() < end {
                let n = serial.fetch_add(1, Ordering::Relaxed);
                if let Some(rate) = args.rate {
                    let due = started + Duration::from_secs_f64((n * args.batch) as f64 / rate as f64);
                    tokio::time::sleep_until(due.into()).await;
                }
                let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
                let text = body(&args, run, n, &now);
                let sent = Instant::now();
                let answer = client
                    .post(format!("{}/v1/batch", args.url))
                    .header("authorization", &auth)
                    .header("content-type", "application/json")
                    .body(text)
                    .send()
                    .await;
                match answer {
                    Ok(answer) if answer.status().is_success() => {
                        acknowledged += args.batch;
                        latencies.push(sent.elapsed().as_secs_f64() * 1e3);
                    }
                    _ => refused += 1,
                }
            }
            (latencies, acknowledged, refused)
        }));
    }
    let (mut latencies, mut acknowledged, mut refused) = (Vec::new(), 0, 0);
    for task in tasks {
        let (some, n, no) = task.await?;
        latencies.extend(some);
        acknowledged += n;
        refused += no;
    }
    let seconds = started.elapsed().as_secs_f64();
    if latencies.is_empty() {
        bail!("nothing was acknowledged");
    }
    latencies.sort_by(f64::total_cmp);
    report(&format!(
        "{:.0} events/s acknowledged ({acknowledged} in {seconds:.1} s, {refused} batches refused); a batch p50 {:.1} ms, p99 {:.1} ms",
        acknowledged as f64 / seconds,
        quantile(&latencies, 0.5),
        quantile(&latencies, 0.99)
    ));
    Ok(())
}
