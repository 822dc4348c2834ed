//! The command line: what an administrator does, beside a running server or without one.

use crate::boot::{self, Role};
use crate::config::{Config, settings_table};
use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::{Args, CommandFactory, Parser, Subcommand};
use essor_app::audit::Trail;
use essor_app::connectors::{Mapping, Progress};
use essor_app::{Actor, App, demo, identity};
use essor_domain::demo::DemoSpec;
use essor_domain::identity::Role as MemberRole;
use essor_store::Workspace;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "essor", version, about = "A self-hosted client-growth cockpit.", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the interface and the API, and run jobs
    #[command(after_help = "Example: essor serve --demo")]
    Serve {
        /// Make the demo portfolio if there is none, and print a link that signs in
        #[arg(long)]
        demo: bool,
        /// all, web (HTTP only) or worker (jobs only)
        #[arg(long, default_value = "all")]
        role: String,
    },
    /// Run jobs only, beside one or several servers on PostgreSQL
    #[command(after_help = "Example: essor worker")]
    Worker,
    /// Bring the database's schema up to date
    #[command(after_help = "Example: essor migrate")]
    Migrate,
    /// Make a demo portfolio in a workspace of its own
    #[command(after_help = "Example: essor demo --clients 120 --months 24 --seed 1")]
    Demo(DemoArgs),
    /// Import files through a mapping: ravenstack, csv or a mapping file of your own
    #[command(after_help = "Example: essor import --mapping ravenstack ./ravenstack")]
    Import(ImportArgs),
    /// People
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Write keys for sources of usage
    #[command(subcommand)]
    Key(KeyCommand),
    /// Print a one-time link that signs a person in
    #[command(after_help = "Example: essor link --email camille@example.org")]
    Link {
        /// Whom to sign in
        #[arg(long)]
        email: String,
    },
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy a SQLite database while it is in use
    #[command(after_help = "Example: essor backup ./essor-backup.db")]
    Backup {
        /// Where to write the copy; the file must not exist
        path: PathBuf,
    },
    /// Put a copy of a SQLite database in the place of the one that is there; what was erased since is erased again
    #[command(after_help = "Example: essor restore ./essor-backup.db")]
    Restore {
        /// The copy that `essor backup` made
        path: PathBuf,
    },
    /// Check the configuration and the database, and say what is wrong
    #[command(after_help = "Example: essor doctor --json")]
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the OpenAPI description or the table of settings, as the documentation has them
    #[command(hide = true)]
    Print {
        /// openapi, settings or roles
        what: String,
    },
}

#[derive(Args)]
struct DemoArgs {
    /// How many clients, churned ones included
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    clients: u32,
    /// How many months the story spans
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=120))]
    months: u32,
    /// Another seed, another portfolio
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The last day of the story; today when left out
    #[arg(long)]
    until: Option<NaiveDate>,
    /// The workspace's name
    #[arg(long)]
    workspace: Option<String>,
}

#[derive(Args)]
struct ImportArgs {
    /// ravenstack, csv, or the path of a mapping file
    #[arg(long)]
    mapping: String,
    /// The folder (or the file) with the data
    path: PathBuf,
    /// The workspace; the only one when left out
    #[arg(long)]
    workspace: Option<String>,
    /// Write refused rows with their reasons to this file (CSV)
    #[arg(long)]
    refused: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make a person a member of a workspace
    #[command(
        after_help = "Example: echo 'a long passphrase' | essor user create --email a@example.org --role owner --password-stdin"
    )]
    Create {
        /// Their address
        #[arg(long)]
        email: String,
        /// Their name
        #[arg(long)]
        name: Option<String>,
        /// owner, admin, manager, member or viewer
        #[arg(long, default_value = "member")]
        role: String,
        /// Read the password from standard input; without it they sign in by a link
        #[arg(long)]
        password_stdin: bool,
        /// The workspace; the only one when left out
        #[arg(long)]
        workspace: Option<String>,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make an API token and print it, alone
    #[command(after_help = "Example: essor token create --scopes read,write")]
    Create {
        /// read, write or both, separated by a comma
        #[arg(long, default_value = "read")]
        scopes: String,
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// The workspace; the only one when left out
        #[arg(long)]
        workspace: Option<String>,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that the log is as it was written; exit 1 names the first entry that is not
    #[command(after_help = "Example: essor audit verify --workspace Acme --json")]
    Verify {
        /// The workspace; all of them when left out
        #[arg(long)]
        workspace: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Erase what the log says of a person: names, values and addresses go, the chain stays whole
    #[command(after_help = "Example: essor audit erase --email camille@example.org")]
    Erase {
        /// Whom
        #[arg(long)]
        email: String,
        /// The workspace; the only one when left out
        #[arg(long)]
        workspace: Option<String>,
    },
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a write key and print it, alone
    #[command(after_help = "Example: essor key create --name website")]
    Create {
        /// What it is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// The workspace; the only one when left out
        #[arg(long)]
        workspace: Option<String>,
    },
}

/// Runs the command line: 0 done, 1 failed, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
        .and_then(|runtime| runtime.block_on(execute(cli.command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "essor: {}", sentence(&error));
            ExitCode::from(1)
        }
    }
}

/// The chain of causes on one line.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

async fn execute(command: Command) -> Result<()> {
    if let Command::Print { what } = &command {
        return print_reference(what);
    }
    let config = Config::load()?;
    log(&config)?;
    match command {
        Command::Serve { demo, role } => {
            let role = match role.as_str() {
                "all" => Role::All,
                "web" => Role::Web,
                "worker" => Role::Worker,
                other => bail!("--role must be all, web or worker, not {other}"),
            };
            serve(&config, role, demo).await
        }
        Command::Worker => serve(&config, Role::Worker, false).await,
        Command::Doctor { json } => doctor(&config, json).await,
        Command::Restore { path } => restore(&config, &path).await,
        command => {
            let app = boot::open(&config).await?.on(Trail::cli());
            let outcome = offline(&app, command).await;
            app.db.close().await;
            outcome
        }
    }
}

fn log(config: &Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .with_context(|| format!("ESSOR_LOG is not a log filter: {}", config.log))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        builder.json().flatten_event(true).init();
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).init();
    }
    Ok(())
}

async fn serve(config: &Config, role: Role, with_demo: bool) -> Result<()> {
    config.check_reach()?;
    let app = boot::open(config).await?;
    let service = boot::start(config, app.clone(), role).await?;
    let end = boot::told_to_end();
    if role != Role::Worker {
        tracing::info!(feature = "boot", address = %service.address, engine = ?app.db.engine(), "Essor serves");
        say(&format!("Essor listens on http://{}", service.address))?;
        // The service's own: it knows the port when any free one was asked for.
        let app = &service.app;
        if with_demo {
            let workspace = make_demo(app, None, None).await?;
            say(&format!("Sign in to the demo portfolio:\n\n  {}\n", demo::link(app, workspace).await?))?;
        } else if let Some(link) = identity::setup_link(app).await? {
            say(&format!("Nobody is here yet. Open this link within a day to set Essor up:\n\n  {link}\n"))?;
        }
    }
    end.await;
    tracing::info!(feature = "boot", "ending: requests under way are answered first");
    service.stop().await;
    Ok(())
}

/// Standard output is for what a person or a script reads; the log goes to standard error.
fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

async fn make_demo(app: &App, name: Option<&str>, spec: Option<DemoSpec>) -> Result<Workspace> {
    let (workspace, made) = demo::workspace(app, name).await?;
    if !made && spec.is_none() {
        return Ok(workspace);
    }
    if !made {
        bail!("there is a demo workspace already; remove it in the interface, or give another --workspace name");
    }
    let spec = match spec {
        Some(spec) => spec,
        None => demo::usual(demo::today(app, workspace).await?),
    };
    demo::fill(app, workspace, &spec, &|done, total| note(&format!("demo: {done} of {total} clients"), done == total))
        .await?;
    Ok(workspace)
}

/// Progress on a terminal: one line that rewrites itself; elsewhere nothing.
fn note(text: &str, last: bool) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r{text}{}", if last { "\n" } else { "" });
    }
}

async fn offline(app: &App, command: Command) -> Result<()> {
    let scope = |name: Option<String>| async move {
        Ok::<_, anyhow::Error>(Actor::cli(identity::ensure_workspace(app, name.as_deref()).await?))
    };
    match command {
        Command::Migrate => say("The schema is up to date."),
        Command::Demo(args) => {
            let (workspace, made) = demo::workspace(app, args.workspace.as_deref()).await?;
            if !made {
                bail!(
                    "there is a demo workspace already; remove it in the interface, or give another --workspace name"
                );
            }
            let until = match args.until {
                Some(day) => day,
                None => demo::today(app, workspace).await?,
            };
            let spec = DemoSpec { clients: args.clients, months: args.months, seed: args.seed, until };
            demo::fill(app, workspace, &spec, &|done, total| {
                note(&format!("demo: {done} of {total} clients"), done == total);
            })
            .await?;
            say(&format!("Sign in to the demo portfolio:\n\n  {}\n", demo::link(app, workspace).await?))
        }
        Command::Import(args) => {
            let actor = scope(args.workspace.clone()).await?;
            import(app, &actor, args).await
        }
        Command::User(UserCommand::Create { email, name, role, password_stdin, workspace }) => {
            let actor = scope(workspace).await?;
            let password = if password_stdin {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .context("the password cannot be read from standard input")?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            } else {
                None
            };
            let new = identity::NewUser { email, name, role: MemberRole::parse(&role)?, password };
            let id = identity::create_user(app, &actor, new).await?;
            say(&id.to_string())
        }
        Command::Token(TokenCommand::Create { scopes, name, workspace }) => {
            let scopes: Vec<String> = scopes.split(',').map(|s| s.trim().to_owned()).collect();
            let token = identity::create_token(app, &scope(workspace).await?, &name, &scopes).await?;
            say(&token.secret)
        }
        Command::Key(KeyCommand::Create { name, workspace }) => {
            let key = identity::create_key(app, &scope(workspace).await?, &name).await?;
            say(&key.secret)
        }
        Command::Link { email } => say(&identity::sign_in_link(app, &email).await?),
        Command::Audit(AuditCommand::Verify { workspace, json }) => audit_verify(app, workspace.as_deref(), json).await,
        Command::Audit(AuditCommand::Erase { email, workspace }) => {
            let erased = essor_app::audit::erase(app, &scope(workspace).await?, &email).await?;
            say(&format!("{erased} entries no longer say who and what."))
        }
        Command::Backup { path } => {
            essor_store::backup(&app.db, &path).await?;
            say(&format!("Copied to {}.", path.display()))
        }
        Command::Serve { .. }
        | Command::Worker
        | Command::Doctor { .. }
        | Command::Restore { .. }
        | Command::Print { .. } => Ok(()),
    }
}

async fn restore(config: &Config, path: &std::path::Path) -> Result<()> {
    let before = essor_store::restore(&config.database_url, path).await?;
    let app = boot::open(config).await?;
    app.db.close().await;
    say(&format!("Restored from {}. What had been erased since was erased again.", path.display()))?;
    if let Some(before) = before {
        say(&format!(
            "The database that was there is kept as {}; delete it once you do not need it: it holds what was erased.",
            before.display()
        ))?;
    }
    say("Files of clients are no part of a copy: bring the folder \"files\" of the data directory back beside it.")
}

async fn import(app: &App, actor: &Actor, args: ImportArgs) -> Result<()> {
    let mapping = Mapping::load(&args.mapping)?;
    let report = essor_app::connectors::import(app, actor, mapping, args.path, &|progress| match progress {
        Progress::Rows(rows) => note(&format!("import: {rows} rows"), false),
        Progress::Scores(done, total) => note(&format!("import: {done} of {total} scores"), done == total),
    })
    .await?;
    if let Some(path) = &args.refused {
        let mut out = String::from("file,line,code,detail,row\n");
        for refused in &report.refused {
            let cells = [
                refused.file.clone(),
                refused.line.to_string(),
                refused.error.code.as_str().to_owned(),
                refused.error.to_string(),
                refused.row.clone(),
            ];
            let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        std::fs::write(path, out).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    if args.json {
        return say(&serde_json::to_string_pretty(&report)?);
    }
    let stored: Vec<String> = report.stored.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    say(&format!("{} rows read; stored {}; {} refused.", report.rows, stored.join(", "), report.refused_rows))?;
    for refused in report.refused.iter().take(10) {
        say(&format!("  {} line {}: {}", refused.file, refused.line, refused.error))?;
    }
    if report.refused.len() > 10 && args.refused.is_none() {
        say("  … use --refused FILE for all of them")?;
    }
    Ok(())
}

async fn audit_verify(app: &App, only: Option<&str>, json: bool) -> Result<()> {
    let rows = essor_store::identity::workspaces::list(&app.db).await?;
    let rows: Vec<_> = rows.into_iter().filter(|row| only.is_none_or(|name| name.trim() == row.name)).collect();
    if let (Some(name), true) = (only, rows.is_empty()) {
        bail!("there is no workspace called {name}");
    }
    let (mut broken, mut items) = (None, Vec::new());
    for row in rows {
        let verdict = essor_app::audit::verify(app, &Actor::cli(Workspace(row.id)), true).await?;
        let text = match (verdict.broken_seq, verdict.broken_reason) {
            (Some(seq), Some(reason)) => {
                format!("broken at entry {seq} of {}, which {}", verdict.entries, wrong(reason))
            }
            _ => {
                let until = verdict.verified_until.map(|at| format!(" until {}", at.to_rfc3339())).unwrap_or_default();
                let erased =
                    if verdict.erased > 0 { format!(", {} of them erased", verdict.erased) } else { String::new() };
                format!("whole{until}: {} entries{erased}", verdict.entries)
            }
        };
        if !json {
            say(&format!("{}: {text}", row.name))?;
        }
        if verdict.broken_seq.is_some() && broken.is_none() {
            broken = Some(format!("the audit log of {} is {text}", row.name));
        }
        items.push(
            serde_json::json!({"workspace": row.name, "whole": verdict.broken_seq.is_none(), "verdict": verdict}),
        );
    }
    if json {
        let all = serde_json::json!({"whole": broken.is_none(), "workspaces": items});
        say(&serde_json::to_string_pretty(&all)?)?;
    }
    broken.map_or(Ok(()), |text| bail!(text))
}

fn wrong(reason: &str) -> &'static str {
    match reason {
        "missing" => "is missing",
        "payload" => "has other names or values than were written",
        "end" => "is followed by others that are missing",
        _ => "is not as it was written",
    }
}

async fn doctor(config: &Config, json: bool) -> Result<()> {
    let mut findings: Vec<(&str, bool, String)> = Vec::new();
    findings.push(("interface", crate::assets::present(), "the interface is built into this binary".into()));
    match boot::open(config).await {
        Ok(app) => {
            let answers = app.db.ping().await;
            findings.push((
                "database",
                answers.is_ok(),
                answers.map_or_else(|e| e.to_string(), |()| "answers and can be written".into()),
            ));
            let now = essor_app::Clock::now(app.clock.as_ref());
            let oldest = essor_store::jobs::oldest_due(&app.db, now).await?;
            let age = oldest.map_or(0, |at| (now - at).num_seconds());
            findings.push(("jobs", age < 300, format!("the oldest job that is due waits since {age} s")));
            app.db.close().await;
        }
        Err(error) => findings.push(("database", false, sentence(&error))),
    }
    let well = findings.iter().all(|(_, ok, _)| *ok);
    if json {
        let items: Vec<_> = findings
            .iter()
            .map(|(what, ok, text)| serde_json::json!({"check": what, "ok": ok, "detail": text}))
            .collect();
        say(&serde_json::to_string_pretty(&items)?)?;
    } else {
        for (what, ok, text) in &findings {
            say(&format!("{} {what}: {text}", if *ok { "ok  " } else { "FAIL" }))?;
        }
    }
    if well { Ok(()) } else { bail!("something is wrong, see above") }
}

fn print_reference(what: &str) -> Result<()> {
    match what {
        "openapi" => say(&crate::http::openapi().to_pretty_json()?),
        "settings" => say(settings_table().trim_end()),
        "roles" => {
            let mut out = String::from("| action |");
            let roles = MemberRole::ALL;
            for role in roles {
                out.push_str(&format!(" {} |", role.as_str()));
            }
            out.push_str("\n| --- |");
            out.push_str(&" --- |".repeat(roles.len()));
            for action in essor_domain::identity::Action::ALL {
                let name = serde_json::to_value(action)?;
                out.push_str(&format!("\n| {} |", name.as_str().unwrap_or_default().replace('_', " ")));
                for role in roles {
                    out.push_str(if role.may(action) { " yes |" } else { " – |" });
                }
            }
            say(&out)
        }
        _ => {
            Cli::command().print_help()?;
            bail!("there is no reference called {what}")
        }
    }
}
