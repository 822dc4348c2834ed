//! What every table holds of clients and of the people at them: how its rows follow a client that is merged, and how it
//! forgets a person. One list: whoever adds a table to a workspace adds its line, or `every_table_says_how_it_forgets` in
//! the stories fails.

use crate::health::beliefs;
use crate::{Conn, Result, Tx, Workspace, all, one, vals};
use chrono::NaiveDate;
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How the rows that a table holds of a client follow it into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// They get the other's id.
    Moves,
    /// Counts of one key are added: the key's columns after the client.
    Adds(&'static str),
    /// Days of one key are laid over each other: a person who was seen at both is one person.
    Overlays(&'static str),
    /// By hand, in [`merge`].
    Own,
    /// Computed from others, which move.
    Computed,
    /// Recorded of the client as it was: it stays with its old id.
    Stays,
}

/// A column that may hold words of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Text, which may be JSON inside.
    Text(&'static str),
    /// JSON.
    Json(&'static str),
}

/// How a table forgets a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// It never knows one: figures, ids, words of the workspace's own making and of its members.
    Unknown,
    /// What these columns say is searched for the person and loses them. Whether rows have an `id`.
    Named(bool, &'static [Words]),
    /// Rows whose column names them are dropped: they are kept for a while only.
    Dropped(&'static [Words]),
    /// By hand, in [`super::forget`].
    Own,
}

/// A table of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How it follows a merge; none where it has no `client_id`.
    pub merge: Option<Merge>,
    /// How it forgets a person.
    pub person: Person,
}

const fn of_client(name: &'static str, merge: Merge, person: Person) -> Table {
    Table { name, merge: Some(merge), person }
}

const fn beside(name: &'static str, person: Person) -> Table {
    Table { name, merge: None, person }
}

use Words::{Json, Text};

/// Every table of a workspace. Those that others refer to come after them, so that rows can be deleted in this order.
pub const TABLES: &[Table] = &[
    of_client("clients_field_values", Merge::Own, Person::Named(false, &[Text("text"), Text("text_key")])),
    of_client("clients_tags", Merge::Own, Person::Own),
    of_client("clients_notes", Merge::Moves, Person::Named(true, &[Text("body")])),
    of_client("clients_files", Merge::Moves, Person::Named(true, &[Text("name")])),
    of_client("clients_aliases", Merge::Moves, Person::Unknown),
    of_client("clients_bulk_rows", Merge::Stays, Person::Named(false, &[Json("before_value"), Json("after_value")])),
    of_client("notifications", Merge::Moves, Person::Named(true, &[Json("params")])),
    of_client("notifications_alarms", Merge::Own, Person::Unknown),
    of_client("tasks", Merge::Moves, Person::Named(true, &[Text("title"), Text("note"), Json("checklist")])),
    of_client("opportunities_gaps", Merge::Computed, Person::Unknown),
    of_client("opportunities_potential", Merge::Computed, Person::Unknown),
    of_client("opportunities_invoices", Merge::Moves, Person::Named(false, &[Text("number")])),
    of_client("opportunities", Merge::Own, Person::Named(true, &[Text("note"), Json("evidence")])),
    of_client("clients_signals", Merge::Moves, Person::Own),
    of_client("clients_contacts", Merge::Moves, Person::Own),
    of_client("clients_subscriptions", Merge::Moves, Person::Unknown),
    of_client("growth_stretches", Merge::Computed, Person::Unknown),
    of_client("growth_movements", Merge::Computed, Person::Unknown),
    of_client("growth_product_movements", Merge::Computed, Person::Unknown),
    of_client("growth_client_products", Merge::Computed, Person::Unknown),
    of_client("growth_client_slices", Merge::Computed, Person::Unknown),
    of_client("growth_snapshots", Merge::Stays, Person::Unknown),
    of_client("usage_events", Merge::Moves, Person::Own),
    of_client("usage_rollups", Merge::Adds("day, event"), Person::Unknown),
    of_client("usage_late", Merge::Adds("known_on, day, event"), Person::Unknown),
    of_client("usage_presence", Merge::Overlays("event, month, user_key"), Person::Own),
    of_client("usage_late_presence", Merge::Own, Person::Own),
    // Names stand in the contact and comments in the signal alone; a server may have named the address that it refused.
    of_client("surveys_recipients", Merge::Moves, Person::Named(true, &[Text("reason")])),
    of_client("journey_notes", Merge::Moves, Person::Named(true, &[Text("text")])),
    of_client("journey_visits", Merge::Own, Person::Named(true, &[Text("reason")])),
    of_client("journey_actions", Merge::Own, Person::Unknown),
    of_client("journey_milestones", Merge::Own, Person::Named(true, &[Json("title")])),
    of_client("journey_alerts", Merge::Own, Person::Named(true, &[Json("detail")])),
    of_client("journey_shares", Merge::Own, Person::Unknown),
    of_client("journeys", Merge::Own, Person::Unknown),
    of_client("clients_measures", Merge::Computed, Person::Unknown),
    // Figures, days and ids; those of people go with them, in `forget`.
    of_client("health_beliefs", Merge::Own, Person::Unknown),
    of_client("health_history", Merge::Stays, Person::Named(false, &[Json("detail")])),
    of_client("health_standings", Merge::Stays, Person::Unknown),
    of_client("events", Merge::Stays, Person::Unknown),
    beside("clients", Person::Named(true, &[Json("traits"), Json("top_risk")])),
    beside("clients_views", Person::Named(true, &[Text("name"), Text("condition")])),
    // They go with their contact.
    beside("clients_contact_words", Person::Own),
    beside("clients_bulk_tasks", Person::Unknown),
    beside("clients_bulk_runs", Person::Named(true, &[Json("action")])),
    beside("clients_fields", Person::Unknown),
    // Names of figures, as those of events.
    beside("clients_metrics", Person::Unknown),
    beside("clients_erasures", Person::Unknown),
    beside("clients_erasure_salts", Person::Unknown),
    beside("clients_tombstones", Person::Unknown),
    beside("connectors_import_rows", Person::Named(false, &[Text("row_key"), Json("refusal"), Text("raw")])),
    beside("connectors_imports", Person::Named(true, &[Text("file_name"), Json("found")])),
    beside("connectors_mappings", Person::Unknown),
    beside("surveys", Person::Unknown),
    beside("journey_templates", Person::Unknown),
    beside("journey_settings", Person::Unknown),
    beside("identity_holidays", Person::Unknown),
    beside("opportunities_steps", Person::Named(false, &[Text("note")])),
    beside("opportunities_market", Person::Unknown),
    beside("opportunities_settings", Person::Unknown),
    beside("usage_parked", Person::Own),
    beside("usage_quarantine", Person::Dropped(&[Text("raw"), Json("params")])),
    beside("usage_source_hours", Person::Unknown),
    beside("identity_idempotency", Person::Dropped(&[Text("body"), Text("key")])),
    // Members of the workspace, not people at its clients: `essor audit erase` is for them.
    beside("identity_members", Person::Unknown),
    beside("identity_sessions", Person::Unknown),
    beside("identity_links", Person::Unknown),
    beside("identity_tokens", Person::Unknown),
    beside("notifications_preferences", Person::Unknown),
    beside("audit_heads", Person::Unknown),
    beside("audit_entries", Person::Unknown),
    beside("audit_payloads", Person::Own),
    beside("growth_rates", Person::Unknown),
    beside("growth_cohorts", Person::Unknown),
    beside("growth_days", Person::Unknown),
    beside("growth_slices", Person::Unknown),
    beside("growth_objectives", Person::Unknown),
    beside("growth_objective_days", Person::Unknown),
    beside("growth_objectives_reached", Person::Unknown),
    beside("growth_spend", Person::Unknown),
    beside("growth_margins", Person::Unknown),
    beside("health_days", Person::Unknown),
    beside("health_fed_days", Person::Unknown),
    beside("health_profiles", Person::Unknown),
    beside("jobs", Person::Unknown),
];

/// Tables that hold rows of clients or workspaces and are not in [`TABLES`] as what they are, and lines of it without a
/// table.
pub async fn unlisted(conn: &impl Conn) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for row in all(conn, conn.engine_of().workspace_tables(), vals![]).await? {
        let name: String = row.try_get("", "name")?;
        let columns = crate::row_json::columns(conn, &name).await?;
        let of_client = columns.iter().any(|(column, _)| column == "client_id");
        match TABLES.iter().find(|table| table.name == name) {
            None => out.push(format!("{name} has no line")),
            Some(table) if table.merge.is_some() != of_client => out.push(format!("{name} is listed as another")),
            Some(table) => {
                let unknown = |column: &&str| columns.iter().any(|(name, _)| name == column);
                if table.person == Person::Unknown && ["contact_id", "user_key", "email"].iter().any(unknown) {
                    let of_members = name.starts_with("identity_");
                    out.extend((!of_members).then(|| format!("{name} knows people")));
                }
            }
        }
        seen.push(name);
    }
    out.extend(TABLES.iter().filter(|t| !seen.iter().any(|s| s == t.name)).map(|t| format!("{} is not there", t.name)));
    Ok(out)
}

/// How many rows each table has of a client; those with none are left out.
pub async fn counts(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<BTreeMap<&'static str, i64>> {
    let mut out = BTreeMap::new();
    for table in TABLES.iter().filter(|table| table.merge.is_some()) {
        let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE workspace_id = $1 AND client_id = $2", table.name);
        let n: i64 = one(conn, &sql, vals![workspace.0, client]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?;
        if n > 0 {
            out.insert(table.name, n);
        }
    }
    Ok(out)
}

/// Brings everything that hangs on one client to another. Fields, tags and fields of one's own are the caller's to choose,
/// ledgers the caller's to compute. Of two journeys one ends today.
pub async fn merge(tx: &Tx, workspace: Workspace, from: Uuid, into: Uuid, today: NaiveDate) -> Result<()> {
    late_presence(tx, workspace, from, into).await?;
    // Of two living opportunities of one detector the survivor's lives on; the other is kept as one that is over.
    tx.run(
        "UPDATE opportunities SET state = 'expired', gone = TRUE WHERE workspace_id = $1 AND client_id = $2 \
         AND state IN ('open', 'accepted', 'snoozed') AND detector IN (SELECT o.detector FROM opportunities o \
         WHERE o.workspace_id = $1 AND o.client_id = $3 AND o.state IN ('open', 'accepted', 'snoozed'))",
        vals![workspace.0, from, into],
    )
    .await?;
    tx.run(
        "UPDATE opportunities SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3",
        vals![workspace.0, into, from],
    )
    .await?;
    tx.run("DELETE FROM notifications_alarms WHERE workspace_id = $1 AND client_id = $2", vals![workspace.0, from])
        .await?;
    journey(tx, workspace, from, into, today).await?;
    beliefs::merge(tx, workspace, from, into).await?;
    for table in TABLES {
        let name = table.name;
        let together = |keys: &str, column: &str, how: &str| {
            format!(
                "INSERT INTO {name} (workspace_id, client_id, {keys}, {column}) \
                 SELECT workspace_id, $2, {keys}, {column} FROM {name} WHERE workspace_id = $1 AND client_id = $3 \
                 ON CONFLICT (workspace_id, client_id, {keys}) DO UPDATE SET {column} = {name}.{column} {how} excluded.{column}"
            )
        };
        let sql = match table.merge {
            Some(Merge::Moves) => {
                format!("UPDATE {name} SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3")
            }
            Some(Merge::Adds(keys)) => together(keys, "count", "+"),
            Some(Merge::Overlays(keys)) => together(keys, "days", "|"),
            _ => continue,
        };
        tx.run(&sql, vals![workspace.0, into, from]).await?;
        if matches!(table.merge, Some(Merge::Adds(_) | Merge::Overlays(_))) {
            let sql = format!("DELETE FROM {name} WHERE workspace_id = $1 AND client_id = $2");
            tx.run(&sql, vals![workspace.0, from]).await?;
        }
    }
    tx.run(
        "UPDATE clients SET parent_id = $2 WHERE workspace_id = $1 AND parent_id = $3",
        vals![workspace.0, into, from],
    )
    .await?;
    // The later and the earlier of both; the engines call the larger of two values by other words.
    tx.run(
        "UPDATE clients SET \
         last_seen_at = CASE WHEN o.last_seen_at > COALESCE(clients.last_seen_at, clients.created_at) \
             OR clients.last_seen_at IS NULL THEN o.last_seen_at ELSE clients.last_seen_at END, \
         created_at = CASE WHEN o.created_at < clients.created_at THEN o.created_at ELSE clients.created_at END \
         FROM clients o WHERE clients.workspace_id = $1 AND clients.id = $2 AND o.workspace_id = $1 AND o.id = $3",
        vals![workspace.0, into, from],
    )
    .await?;
    Ok(())
}

/// The survivor's journey goes on; without one it takes the other's whole. Of two, the other's ends: its stays are history,
/// and what was done or reached in it is done and reached.
async fn journey(tx: &Tx, workspace: Workspace, from: Uuid, into: Uuid, today: NaiveDate) -> Result<()> {
    const OF_A_JOURNEY: [&str; 6] =
        ["journey_visits", "journey_actions", "journey_milestones", "journey_alerts", "journey_shares", "journeys"];
    let has = "SELECT id FROM journeys WHERE workspace_id = $1 AND client_id = $2";
    if one(tx, has, vals![workspace.0, into]).await?.is_none() {
        for table in OF_A_JOURNEY {
            let sql = format!("UPDATE {table} SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3");
            tx.run(&sql, vals![workspace.0, into, from]).await?;
        }
    } else {
        tx.run(
            "UPDATE journey_visits SET left_on = CASE WHEN entered_on > $3 THEN entered_on ELSE $3 END, outcome = 'moved' \
             WHERE workspace_id = $1 AND client_id = $2 AND outcome IS NULL",
            vals![workspace.0, from, today],
        )
        .await?;
        for sql in TAKEN_OVER {
            tx.run(sql, vals![workspace.0, into, from]).await?;
        }
        for table in OF_A_JOURNEY {
            let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND client_id = $2");
            tx.run(&sql, vals![workspace.0, from]).await?;
        }
    }
    tx.run(
        "UPDATE clients SET stage = (SELECT j.stage FROM journeys j WHERE j.workspace_id = $1 AND j.client_id = clients.id) \
         WHERE workspace_id = $1 AND id IN ($2, $3)",
        vals![workspace.0, into, from],
    )
    .await?;
    Ok(())
}

/// What a journey that ends leaves to the one that goes on: $2 from $3.
const TAKEN_OVER: [&str; 6] = [
    "UPDATE journey_visits SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3",
    // What is done is done by its task: the row comes with it, in the place of one that is not done.
    "DELETE FROM journey_actions WHERE workspace_id = $1 AND client_id = $2 AND done_on IS NULL AND EXISTS \
     (SELECT 1 FROM journey_actions o WHERE o.workspace_id = $1 AND o.client_id = $3 AND o.stage = journey_actions.stage \
     AND o.action = journey_actions.action AND o.done_on IS NOT NULL)",
    "UPDATE journey_actions SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3 AND done_on IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM journey_actions o WHERE o.workspace_id = $1 AND o.client_id = $2 \
     AND o.stage = journey_actions.stage AND o.action = journey_actions.action)",
    "UPDATE journey_milestones SET completed_on = (SELECT MIN(o.completed_on) FROM journey_milestones o \
     WHERE o.workspace_id = $1 AND o.client_id = $3 AND o.key = journey_milestones.key) \
     WHERE workspace_id = $1 AND client_id = $2 AND completed_on IS NULL AND key IS NOT NULL",
    // Those made by hand are plans of people, reached or not.
    "UPDATE journey_milestones SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3 AND (key IS NULL \
     OR (completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journey_milestones o WHERE o.workspace_id = $1 \
     AND o.client_id = $2 AND o.key = journey_milestones.key)))",
    "UPDATE journey_alerts SET client_id = $2 WHERE workspace_id = $1 AND client_id = $3 AND resolved_on IS NOT NULL",
];

#[derive(FromQueryResult)]
struct Seen {
    client_id: Uuid,
    known_on: Option<chrono::NaiveDate>,
    month: chrono::NaiveDate,
    user_key: String,
    days: i32,
}

/// Days that were known late at one client and in time at the other were known in time.
async fn late_presence(tx: &Tx, workspace: Workspace, from: Uuid, into: Uuid) -> Result<()> {
    let read = |sql: &'static str| async move { crate::all_as::<Seen>(tx, sql, vals![workspace.0, from, into]).await };
    let late = read(
        "SELECT client_id, known_on, month, user_key, days FROM usage_late_presence WHERE workspace_id = $1 \
         AND client_id IN ($2, $3) ORDER BY known_on",
    )
    .await?;
    if late.is_empty() {
        return Ok(());
    }
    let stood = read(
        "SELECT client_id, CAST(NULL AS DATE) AS known_on, month, user_key, days FROM usage_presence WHERE workspace_id = $1 \
         AND event = '' AND client_id IN ($2, $3)",
    )
    .await?;
    let mut in_time: BTreeMap<(chrono::NaiveDate, &str), i32> = BTreeMap::new();
    for seen in &stood {
        let of = |l: &&Seen| l.client_id == seen.client_id && l.month == seen.month && l.user_key == seen.user_key;
        let known_late = late.iter().filter(of).fold(0, |bits, l| bits | l.days);
        *in_time.entry((seen.month, &seen.user_key)).or_default() |= seen.days & !known_late;
    }
    let mut rows: BTreeMap<(chrono::NaiveDate, chrono::NaiveDate, &str), i32> = BTreeMap::new();
    for seen in &late {
        let known = in_time.entry((seen.month, &seen.user_key)).or_default();
        let new = seen.days & !*known;
        *known |= new;
        if let Some(known_on) = seen.known_on.filter(|_| new != 0) {
            *rows.entry((known_on, seen.month, &seen.user_key)).or_default() |= new;
        }
    }
    let sql = "DELETE FROM usage_late_presence WHERE workspace_id = $1 AND client_id IN ($2, $3)";
    tx.run(sql, vals![workspace.0, from, into]).await?;
    let rows = rows.iter().map(|((known, month, user), days)| vals![workspace.0, into, *known, *month, *user, *days]);
    tx.insert_many(
        "INSERT INTO usage_late_presence (workspace_id, client_id, known_on, month, user_key, days)",
        "",
        rows.collect(),
    )
    .await?;
    Ok(())
}

/// Deletes everything of a client, and the client; how many rows of each table. Its ledger has been emptied before, so
/// that the totals are without it.
pub async fn delete(tx: &Tx, workspace: Workspace, client: Uuid) -> Result<BTreeMap<&'static str, i64>> {
    let mut out = counts(tx, workspace, client).await?;
    tx.run(
        "UPDATE clients SET parent_id = NULL WHERE workspace_id = $1 AND parent_id = $2",
        vals![workspace.0, client],
    )
    .await?;
    beliefs::orphan(tx, workspace, client).await?;
    for table in TABLES.iter().filter(|table| table.merge.is_some()) {
        let sql = format!("DELETE FROM {} WHERE workspace_id = $1 AND client_id = $2", table.name);
        tx.run(&sql, vals![workspace.0, client]).await?;
    }
    tx.run("DELETE FROM clients WHERE workspace_id = $1 AND id = $2", vals![workspace.0, client]).await?;
    out.insert("clients", 1);
    Ok(out)
}
