//! Pages of the table of clients under a filter of three conditions, sorted by a field of one's own.

use crate::{quantile, report};
use anyhow::{Context, Result, bail};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Which server, and how often.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "http://127.0.0.1:7420")]
    url: String,
    /// A token that reads and writes.
    #[arg(long)]
    token: String,
    /// Pages to turn of each list.
    #[arg(long, default_value_t = 100)]
    times: usize,
    /// The values are there from a run before.
    #[arg(long)]
    filled: bool,
}

const LISTS: [(&str, &str); 4] = [
    ("mrr >= 500 and segment is not empty and field.bench_contract = \"annual\"", "-field.bench_score"),
    ("mrr >= 500 and segment is not empty and field.bench_contract = \"annual\"", "field.bench_score"),
    ("health < 60 and mrr > 0 and field.bench_contract != \"monthly\"", "-last_seen"),
    ("name contains \"ar\" and mrr > 0 and field.bench_score > 50", "-field.bench_score"),
];

struct Api {
    client: Client,
    url: String,
    token: String,
}

impl Api {
    async fn ask(&self, method: Method, path: &str, query: &[(&str, &str)], body: Option<Value>) -> Result<Value> {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token);
        let request = request.query(query);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}

/// Nine in ten clients get a contract and a score, drawn from their place in the list.
async fn fill(api: &Api) -> Result<usize> {
    let choices = json!(["annual", "monthly", "weekly"]);
    let contract = json!({"key": "bench_contract", "label": "Contract", "kind": "choice", "choices": choices});
    let score = json!({"key": "bench_score", "label": "Score", "kind": "number"});
    for field in [contract, score] {
        api.ask(Method::POST, "/clients/fields", &[], Some(field)).await.context("the fields are made once")?;
    }
    let (mut cursor, mut seen) = (String::new(), 0_usize);
    loop {
        let page = api.ask(Method::GET, "/clients", &[("limit", "200"), ("cursor", &cursor)], None).await?;
        let items = page["items"].as_array().context("a list")?;
        let valued = items.iter().enumerate().filter(|(i, _)| (seen + i) % 10 > 0).map(|(i, item)| {
            let at = (seen + i) * 7_919 % 100_003;
            let score = (at % 1_000) as f64 / 10.0;
            let fields = json!({"bench_contract": choices[at % 3], "bench_score": score});
            json!({"externalId": item["externalId"], "fields": fields})
        });
        let valued: Vec<Value> = valued.collect();
        seen += items.len();
        api.ask(Method::POST, "/clients", &[], Some(valued.into())).await?;
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return Ok(seen),
        }
    }
}

/// Waits until nothing is due any more: new values ask for scores, and those would be timed with the pages.
async fn settle(api: &Api) -> Result<()> {
    for _ in 0..1_200 {
        let ready: Value = api.client.get(format!("{}/readyz", api.url)).send().await?.json().await?;
        if ready["queueSeconds"].as_f64() == Some(0.0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("the jobs that the new values ask for do not end")
}

/// Turns the pages of each list and prints p50 and p95.
pub async fn run(args: Args) -> Result<()> {
    let api = Api { client: Client::new(), url: args.url, token: args.token };
    if !args.filled {
        report(&format!("{} clients have values", fill(&api).await?));
    }
    settle(&api).await?;
    for (condition, sort) in LISTS {
        let (mut samples, mut cursor, mut total) = (Vec::new(), String::new(), Value::Null);
        for _ in 0..args.times {
            let query = [("where", condition), ("sort", sort), ("columns", "field.bench_score"), ("cursor", &cursor)];
            let sent = Instant::now();
            let page = api.ask(Method::GET, "/clients", &query, None).await?;
            samples.push(sent.elapsed().as_secs_f64() * 1e3);
            cursor = page["nextCursor"].as_str().unwrap_or_default().to_owned();
            total = page["total"].clone();
        }
        samples.sort_by(f64::total_cmp);
        let (half, most) = (quantile(&samples, 0.5), quantile(&samples, 0.95));
        report(&format!("{condition} by {sort}: {total} match, p50 {half:.1} ms, p95 {most:.1} ms"));
    }
    Ok(())
}
