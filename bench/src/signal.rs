//! From a signal to the page: one client's answer to a survey goes up and down while usage of a whole portfolio streams
//! in. What is timed begins with the request that sends the signal and ends with the answer that shows the new score, asked
//! for when the live stream says that health changed, as a page does.

use crate::{ingest, quantile, report};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What to send.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "http://127.0.0.1:7420")]
    url: String,
    /// A token that may read and write
    #[arg(long)]
    token: String,
    /// A write key for the load; without one there is none
    #[arg(long)]
    key: Option<String>,
    /// Events a second
    #[arg(long, default_value_t = 5_000)]
    rate: u64,
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The load is spread over this many clients of the portfolio
    #[arg(long, default_value_t = 100_000)]
    clients: u64,
}

/// The client whose signals are timed.
const PROBE: &str = "signal-probe";
/// A change that is not seen by then counts as lost.
const PATIENCE: Duration = Duration::from_secs(120);

struct Api {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Api {
    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        let request = self.client.post(format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token);
        let answer = request.header("content-type", "application/json").body(body.to_string()).send().await?;
        Ok(serde_json::from_str(&answer.error_for_status()?.text().await?)?)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.client.get(format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token);
        Ok(serde_json::from_str(&request.send().await?.error_for_status()?.text().await?)?)
    }

    async fn answer(&self, score: u8) -> Result<Value> {
        let signal = json!({"kind": "survey", "messageId": "probe", "clientExternalId": PROBE,
            "occurredAt": chrono::Utc::now(), "data": {"survey": "nps", "score": score}});
        self.post("/signals", signal).await
    }
}

/// Counts the messages of the live stream that tell of health.
async fn listen(api: &Api) -> Result<watch::Receiver<u64>> {
    let request = api.client.get(format!("{}/api/v1/live", api.url)).bearer_auth(&api.token);
    let mut stream = request.send().await?.error_for_status()?;
    let (told, heard) = watch::channel(0);
    tokio::spawn(async move {
        let mut text = String::new();
        while let Ok(Some(bytes)) = stream.chunk().await {
            text.push_str(&String::from_utf8_lossy(&bytes));
            while let Some(end) = text.find("\n\n") {
                let message: String = text.drain(..end + 2).collect();
                if message.contains("\"health\"") {
                    told.send_modify(|n| *n += 1);
                }
            }
        }
    });
    Ok(heard)
}

/// Sends, waits, and says how long each took.
pub async fn run(args: Args) -> Result<()> {
    let api = Api { client: reqwest::Client::new(), url: args.url.clone(), token: args.token.clone() };
    let start = (chrono::Utc::now() - chrono::Duration::days(200)).date_naive();
    api.post("/clients", json!({"externalId": PROBE, "name": "Probe", "segment": "PME"})).await?;
    let line = json!({"externalId": PROBE, "clientExternalId": PROBE, "product": "Suite", "startDate": start,
        "amountCents": 10_000});
    api.post("/subscriptions", line).await?;
    let client = api.answer(5).await.and(api.get("/clients?q=probe").await)?;
    let id = client["items"][0]["id"].as_str().context("the probe is not in the list")?.to_owned();
    let path = format!("/clients/{id}/health");
    let mut heard = listen(&api).await?;

    let load = args.key.as_deref().map(|key| {
        let load = ingest::Args::paced(&args.url, key, args.seconds, args.rate, args.clients);
        tokio::spawn(ingest::run(load))
    });
    let end = Instant::now() + Duration::from_secs(args.seconds);
    let (mut all, mut sending, mut value) = (Vec::new(), Vec::new(), 10);
    let mut before = settled(&api, &path).await?;
    // The load's own beginning is not timed.
    tokio::time::sleep(Duration::from_secs(5).min(Duration::from_secs(args.seconds / 4))).await;
    while Instant::now() < end {
        let sent = Instant::now();
        api.answer(value).await?;
        sending.push(sent.elapsed().as_secs_f64() * 1e3);
        loop {
            if tokio::time::timeout(PATIENCE, heard.changed()).await.is_err() || sent.elapsed() > PATIENCE {
                bail!("the change of health was not seen within {} s", PATIENCE.as_secs());
            }
            let shown = api.get(&path).await?["score"].clone();
            if shown != before {
                before = shown;
                break;
            }
        }
        all.push(sent.elapsed().as_secs_f64() * 1e3);
        value = 10 - value;
        // Not in step with anything of the server's.
        tokio::time::sleep(Duration::from_millis(300 + 37 * (all.len() as u64 % 20))).await;
    }
    if let Some(load) = load {
        load.await??;
    }
    for samples in [&mut all, &mut sending] {
        samples.sort_by(f64::total_cmp);
    }
    report(&format!(
        "{} signals under {} events/s: shown after p50 {:.0} ms, p99 {:.0} ms, worst {:.0} ms; acknowledged after p50 {:.0} ms, p99 {:.0} ms",
        all.len(),
        if args.key.is_some() { args.rate } else { 0 },
        quantile(&all, 0.5),
        quantile(&all, 0.99),
        quantile(&all, 1.0),
        quantile(&sending, 0.5),
        quantile(&sending, 0.99),
    ));
    Ok(())
}

/// The score once it is known at the beginning.
async fn settled(api: &Api, path: &str) -> Result<Value> {
    let until = Instant::now() + PATIENCE;
    loop {
        let shown = api.get(path).await?;
        if shown["score"].is_number() {
            return Ok(shown["score"].clone());
        }
        if Instant::now() > until {
            bail!("the probe got no score");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
