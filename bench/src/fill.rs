//! A large portfolio: clients of every kind that a page tells apart, and raw events one by one through the same writer
//! as imports. The same number gives the same client, so that two runs and two engines hold the same.

use crate::report;
use anyhow::Result;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use essor_app::clients::{Origin, upsert_clients, upsert_signals, upsert_subscriptions};
use essor_app::tasks::TaskNew;
use essor_app::usage::{ImportedUse, import_usage};
use essor_app::{Actor, App, SystemClock, health, identity, tasks};
use essor_domain::clients::{ClientInput, SignalInput, SubscriptionInput};
use essor_domain::identity::Role;
use essor_domain::time::{month_end, months_before};
use essor_store::Db;
use essor_store::identity::workspaces;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// Who signs in to the portfolio.
pub const EMAIL: &str = "bench@essor.example";
/// With what.
pub const PASSWORD: &str = "a long passphrase";

/// What to fill a workspace with.
#[derive(clap::Args)]
pub struct Args {
    #[arg(long)]
    database: String,
    #[arg(long, default_value_t = 10_000)]
    clients: u64,
    /// Raw events in all, spread evenly over clients and the last 90 days
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Month-ends of the past whose health is computed too
    #[arg(long, default_value_t = 0)]
    past: u32,
    #[arg(long, default_value = "bench")]
    workspace: String,
}

const FIRST: [&str; 12] = [
    "Atelier",
    "Banque",
    "Clinique",
    "Domaine",
    "Énergies",
    "Ferme",
    "Groupe",
    "Hôtel",
    "Institut",
    "Jardins",
    "Kiosque",
    "Librairie",
];
const SECOND: [&str; 11] = [
    "Dupont",
    "de la Loire",
    "Mercier",
    "du Nord",
    "Fontaine",
    "Ricard",
    "des Alpes",
    "Garnier",
    "Novaq",
    "Lambert",
    "de l'Ouest",
];
const PRODUCTS: [&str; 4] = ["Suite", "Analyses", "Facturation", "Relances"];

/// Clients are written this many at a time: a list has at most 1,000 entries, and a client up to two lines.
const STEP: u64 = 500;

fn client(n: u64) -> ClientInput {
    let (first, second) = (FIRST[(n % 12) as usize], SECOND[(n / 12 % 11) as usize]);
    ClientInput {
        external_id: format!("c{n}"),
        name: Some(format!("{first} {second} {n}")),
        domain: (!n.is_multiple_of(3)).then(|| format!("client-{n}.example")),
        segment: (!n.is_multiple_of(17)).then(|| ["TPE", "PME", "ETI"][(n % 3) as usize].to_owned()),
        owner: (!n.is_multiple_of(13)).then(|| format!("Responsable {:02}", n % 12)),
        seats: Some(5 + (n % 40) as i32),
        ..Default::default()
    }
}

fn start(n: u64, today: NaiveDate) -> NaiveDate {
    today - Days::new(30 + n * 37 % 700)
}

/// A line for everybody, a second product for a third; one in eleven has left, on days all over the two years.
fn lines(n: u64, today: NaiveDate) -> Vec<SubscriptionInput> {
    let start = start(n, today);
    let line = |k: u64, amount_cents| SubscriptionInput {
        external_id: format!("s{n}-{k}"),
        client_external_id: format!("c{n}"),
        product: PRODUCTS[((n + k) % 4) as usize].into(),
        plan: Some(["Essentiel", "Complet"][(n / 4 % 2) as usize].into()),
        start_date: start,
        end_date: n.is_multiple_of(11).then(|| (start + Days::new(20 + n * 53 % 500)).min(today - Days::new(n % 29))),
        amount_cents,
        ..Default::default()
    };
    let mut out = vec![line(0, amount(n))];
    if n.is_multiple_of(3) {
        out.push(line(1, 4_900));
    }
    out
}

fn amount(n: u64) -> i64 {
    10_000 + (n as i64 % 500) * 100
}

/// What one in four came to pay later: more, or less.
fn changed(n: u64, today: NaiveDate) -> Option<SubscriptionInput> {
    let line = lines(n, today).swap_remove(0);
    let on = line.start_date + Days::new(15 + n * 29 % 400);
    let fits = on < line.end_date.unwrap_or(today);
    let amount_cents = if n % 8 == 1 { amount(n) * 5 / 4 } else { amount(n) * 3 / 4 };
    (n % 4 == 1 && fits).then_some(SubscriptionInput { amount_cents, effective_date: Some(on), ..line })
}

/// A ticket, an answer, an invoice, what was won with the product: not everybody has everything.
fn signals(n: u64, now: DateTime<Utc>) -> Vec<SignalInput> {
    let ago = |days: u64| now - Duration::days(days as i64);
    let one = |kind: &str, at: DateTime<Utc>, ended_at: Option<DateTime<Utc>>, data: Value| SignalInput {
        kind: kind.into(),
        message_id: format!("{kind} {n}"),
        client_external_id: format!("c{n}"),
        contact_external_id: None,
        occurred_at: at,
        ended_at,
        known_at: None,
        data: data.as_object().cloned().unwrap_or_default(),
    };
    let mut out = Vec::new();
    if n.is_multiple_of(5) {
        let closed = n.is_multiple_of(10).then(|| ago(n % 20));
        out.push(one("ticket", ago(20 + n % 60), closed, json!({"subject": "Export", "priority": "high"})));
    }
    if n.is_multiple_of(4) {
        out.push(one("survey", ago(n % 120), None, json!({"survey": "nps", "score": n / 4 % 11})));
    }
    if n.is_multiple_of(2) {
        let paid = (!n.is_multiple_of(50)).then(|| ago(n % 30));
        let due = ago(10 + n % 40).date_naive();
        let data = json!({"amountCents": amount(n), "dueDate": due, "number": format!("F-{n}")});
        out.push(one("payment", ago(60), paid, data));
    }
    if n % 20 == 7 {
        out.push(one("outcome", ago(n % 200), None, json!({"amountCents": amount(n) * 20, "label": "Heures gagnées"})));
    }
    out
}

fn used(n: u64, clients: u64, client_id: Uuid) -> ImportedUse {
    let (client, round) = (n % clients, n / clients);
    // Some use it every day, some have stopped: half of the scores would else be one.
    let quiet = client % 7 * 5 * 24 * 60;
    ImportedUse {
        client_id,
        message_id: format!("fill {n}"),
        occurred_at: Utc::now() - Duration::minutes((quiet + round * 97 % (60 * 24 * 60)) as i64),
        user: Some(format!("c{client}-u{}", round % 5)),
        event: ["Report Viewed", "Signed In", "Task Created"][(round % 3) as usize].to_owned(),
        count: 1,
        properties: "{}".into(),
    }
}

/// Fills a new workspace and finishes all derived work.
pub async fn run(args: Args) -> Result<()> {
    let db = Db::open(&args.database, None, 4).await?;
    essor_store::migrate(&db).await?;
    let app = App::new(db, Arc::new(SystemClock), "http://127.0.0.1");
    let workspace = identity::create_workspace(&app, identity::WorkspaceNew::named(&args.workspace)).await?;
    let actor = Actor::system(workspace);
    let user =
        identity::NewUser { email: EMAIL.into(), name: None, role: Role::Owner, password: Some(PASSWORD.into()) };
    let user = identity::create_user(&app, &actor, user).await?;
    let (now, today) = (Utc::now(), Utc::now().date_naive());
    let started = Instant::now();
    let step = |what: &str| report(&format!("{what}: {:.0} s", started.elapsed().as_secs_f64()));
    let mut ids = Vec::new();
    for first in (0..args.clients).step_by(STEP as usize) {
        let of = first..(first + STEP).min(args.clients);
        let clients: Vec<_> = of.clone().map(client).collect();
        ids.extend(upsert_clients(&app, &actor, &clients).await?.into_iter().map(|row| row.id));
        let begun: Vec<_> = of.clone().flat_map(|n| lines(n, today)).collect();
        upsert_subscriptions(&app, &actor, &begun, Origin::Import).await?;
        let later: Vec<_> = of.clone().filter_map(|n| changed(n, today)).collect();
        upsert_subscriptions(&app, &actor, &later, Origin::Import).await?;
        let facts: Vec<_> = of.flat_map(|n| signals(n, now)).collect();
        upsert_signals(&app, &actor, &facts).await?;
    }
    step("clients, subscriptions and signals");
    for first in (0..args.events).step_by(5_000) {
        let of = first..(first + 5_000).min(args.events);
        let uses = of.map(|n| used(n, args.clients, ids[(n % args.clients) as usize])).collect();
        import_usage(&app, workspace, uses).await?;
    }
    step("events");
    for (n, id) in ids.iter().enumerate().step_by(50) {
        let due = today + Days::new(n as u64 / 50 % 20) - Days::new(10);
        let task = TaskNew {
            title: format!("Rappeler le client {n}"),
            note: None,
            owner: n.is_multiple_of(100).then_some(user),
            priority: None,
            due: Some(due),
            client: Some(*id),
            origin: None,
            opportunity: None,
            checklist: Vec::new(),
            due_in_business_days: None,
        };
        tasks::create(&app, &actor, &task).await?;
    }
    step("tasks");
    if args.past > 0
        && let Some(row) = workspaces::get(&app.db, workspace).await?
    {
        let ends: Vec<NaiveDate> = (1..=args.past).rev().map(|back| month_end(months_before(today, back))).collect();
        health::rebuild(&app, &row, &ends, &|_, _| {}).await?;
        step("past health");
    }
    essor_app::jobs::drain(&app).await?;
    report(&format!("{} clients and {} events in {:.0} s", args.clients, args.events, started.elapsed().as_secs_f64()));
    app.db.close().await;
    Ok(())
}
