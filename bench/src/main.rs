//! What is measured, against what, in one run. `scripts/bench.sh` runs all of it and prints Markdown rows.

mod bare;
mod fill;
mod health;
mod import;
mod ingest;
mod journey;
mod read;
mod signal;
mod table;

use clap::{Parser, Subcommand};

/// As the binary's own: what is timed in this process allocates as it would there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send batches to a running Essor and count what it acknowledged
    Ingest(ingest::Args),
    /// The limit: the same rows, indexes and fsync in a bare loop, without HTTP, JSON or health
    Bare(bare::Args),
    /// Time what the pages ask
    Read(read::Args),
    /// From one signal to the page that shows it, while usage streams in
    Signal(signal::Args),
    /// Score every client of a workspace from its rollups
    Health(health::Args),
    /// Look at every client's journey
    Journey(journey::Args),
    /// Fill a workspace with clients and raw events
    Fill(fill::Args),
    /// Import a file of clients twice, beside a bare loop over the same rows
    Import(import::Args),
    /// Time pages of the table of clients; the first run fills two fields
    Table(table::Args),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Ingest(args) => ingest::run(args).await,
        Command::Bare(args) => bare::run(args).await,
        Command::Read(args) => read::run(args).await,
        Command::Signal(args) => signal::run(args).await,
        Command::Health(args) => health::run(args).await,
        Command::Journey(args) => journey::run(args).await,
        Command::Fill(args) => fill::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Table(args) => table::run(args).await,
    }
}

/// The value below which `share` of the sorted samples lie.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// One line for people and scripts: benchmark output is what this program is for.
#[allow(clippy::print_stdout, reason = "printing results is this program's purpose")]
fn report(text: &str) {
    println!("{text}");
}
