//! Forgetting people: their rows go, what others wrote loses their names, figures stay.
//!
//! Every table is gone through as [`super::held::TABLES`] says. A person's uses stay counted, under a name drawn once and
//! kept nowhere else, so that a person less is not a use less; what they did with it, the properties, goes.

use super::held::{Person, TABLES, Words as Column};
use crate::health::beliefs;
use crate::{Conn, Result, Tx, Workspace, all, list, row_json, vals};
use chrono::{DateTime, Utc};
use essor_domain::clients::{Words, facts_of_signal};
use sea_orm::{QueryResult, Value};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows by table: what an erasure touched.
pub type Touched = BTreeMap<&'static str, i64>;

/// Who is forgotten.
#[derive(Debug, Clone, Default)]
pub struct Forgotten {
    /// Their rows.
    pub contacts: Vec<Uuid>,
    /// Their external ids with the names under which their uses stay counted.
    pub users: Vec<(String, String)>,
    /// How texts name them.
    pub words: Words,
    /// The same of the people alone: a client that is forgotten is not looked for in what other clients are called.
    pub people: Words,
}

/// A person who is one with others: the same address.
pub async fn same_person(conn: &impl Conn, workspace: Workspace, email: &str) -> Result<Vec<super::Contact>> {
    let sql = format!(
        "SELECT {} FROM clients_contacts WHERE workspace_id = $1 AND LOWER(email) = $2 ORDER BY id",
        super::CONTACT
    );
    crate::all_as(conn, &sql, vals![workspace.0, email.trim().to_lowercase()]).await
}

/// One person, taken away or not.
pub async fn person(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<super::Contact>> {
    let sql = format!("SELECT {} FROM clients_contacts WHERE workspace_id = $1 AND id = $2", super::CONTACT);
    crate::one_as(conn, &sql, vals![workspace.0, id]).await
}

/// All people at a client, taken away or not.
pub async fn people_of(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<super::Contact>> {
    let sql = format!(
        "SELECT {} FROM clients_contacts WHERE workspace_id = $1 AND client_id = $2 ORDER BY id",
        super::CONTACT
    );
    crate::all_as(conn, &sql, vals![workspace.0, client]).await
}

/// Rows of a table whose column may name somebody, with a key of theirs; what they say is still to be looked at.
async fn mentions(
    conn: &impl Conn,
    workspace: Workspace,
    (table, key, column): (&str, &str, &str),
    words: &Words,
    also: Option<(&str, Value)>,
) -> Result<Vec<QueryResult>> {
    let text = conn.engine_of().as_text(column);
    // Signs that JSON escapes, and letters whose case SQLite does not know, may be any: the text is read afterwards.
    let loose = |word: &str| {
        let pattern: String =
            word.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '%' }).collect();
        pattern
    };
    let anywhere = words.anywhere.iter().map(|word| format!("%{}%", loose(word)));
    let whole = words.whole.iter().map(|word| format!("%\"{}\"%", loose(word)));
    let patterns: Vec<String> = anywhere.chain(whole).collect();
    let mut out = Vec::new();
    for chunk in patterns.chunks(40) {
        let mut values = vals![workspace.0];
        let mut sql = format!("SELECT {key} AS key, {text} AS text FROM {table} WHERE workspace_id = $1");
        if let Some((column, value)) = &also {
            values.push(value.clone());
            sql.push_str(&format!(" AND {column} = $2"));
        }
        let from = values.len() + 1;
        values.extend(chunk.iter().map(|pattern| Value::from(pattern.as_str())));
        let any: Vec<String> = (from..from + chunk.len()).map(|n| format!("LOWER({text}) LIKE ${n}")).collect();
        sql.push_str(&format!(" AND ({})", any.join(" OR ")));
        out.extend(all(conn, &sql, values).await?);
    }
    Ok(out)
}

/// A text without the person, read as JSON when it is JSON.
fn without(words: &Words, text: &str) -> Option<String> {
    if text.starts_with(['{', '[', '"'])
        && let Ok(json) = serde_json::from_str::<Json>(text)
    {
        return words.erase_json(&json).map(|left| left.to_string());
    }
    words.erase(text)
}

/// The texts of a column that name the person, each once.
async fn texts(
    conn: &impl Conn,
    workspace: Workspace,
    table: &str,
    column: &str,
    words: &Words,
    also: Option<(&str, Value)>,
) -> Result<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    for row in mentions(conn, workspace, (table, "0", column), words, also).await? {
        let text: String = row.try_get("", "text")?;
        if without(words, &text).is_some() {
            out.insert(text);
        }
    }
    Ok(out)
}

/// Takes people out of every table. Their rows go; the counts say how many rows were touched.
pub async fn people(tx: &Tx, workspace: Workspace, who: &Forgotten, now: DateTime<Utc>) -> Result<Touched> {
    let mut touched = Touched::new();
    let mut add = |table: &'static str, n: u64| {
        if n > 0 {
            *touched.entry(table).or_default() += n as i64;
        }
    };
    add("clients_signals", signals(tx, workspace, who).await?);
    let (events, presence, late, parked) = usage(tx, workspace, who).await?;
    add("usage_events", events);
    add("usage_presence", presence);
    add("usage_late_presence", late);
    add("usage_parked", parked);
    for table in TABLES {
        match table.person {
            Person::Named(by_id, columns) => {
                for column in columns {
                    add(table.name, rewrite(tx, workspace, table.name, by_id, *column, &who.words).await?);
                }
            }
            Person::Dropped(columns) => {
                for Column::Text(column) | Column::Json(column) in columns.iter().copied() {
                    let text = tx.engine().as_text(column);
                    let sql = format!("DELETE FROM {} WHERE workspace_id = $1 AND {text} = $2", table.name);
                    for said in texts(tx, workspace, table.name, column, &who.words, None).await? {
                        add(table.name, tx.run(&sql, vals![workspace.0, said]).await?);
                    }
                }
            }
            Person::Own | Person::Unknown => {}
        }
    }
    for column in ["traits", "title"] {
        // Other people at the same client may say who their colleague is.
        let column = if column == "traits" { Column::Json(column) } else { Column::Text(column) };
        rewrite(tx, workspace, "clients_contacts", true, column, &who.words).await?;
    }
    rewrite(tx, workspace, "clients_signals", true, Column::Json("data"), &who.words).await?;
    for column in ["name", "name_key"] {
        add("clients", rewrite(tx, workspace, "clients", true, Column::Text(column), &who.people).await?);
    }
    // Two tags of one client would become the same.
    for tag in texts(tx, workspace, "clients_tags", "tag", &who.people, None).await? {
        let sql = "DELETE FROM clients_tags WHERE workspace_id = $1 AND tag = $2";
        add("clients_tags", tx.run(sql, vals![workspace.0, tag]).await?);
    }
    // What rows of files were about; ids are no words that texts are searched for.
    for chunk in who.words.whole.chunks(400) {
        let sql = format!(
            "UPDATE connectors_import_rows SET row_key = NULL, raw = NULL WHERE workspace_id = $1 AND row_key IN ({})",
            list(2, chunk.len())
        );
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(id.as_str())));
        add("connectors_import_rows", tx.run(&sql, values).await?);
    }
    let ids: Vec<String> = who.contacts.iter().map(Uuid::to_string).collect();
    add("audit_payloads", audit(tx, workspace, &who.words, &ids, now).await?);
    for chunk in who.contacts.chunks(400) {
        add("health_beliefs", beliefs::forget(tx, workspace, chunk).await?);
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!("DELETE FROM clients_contacts WHERE workspace_id = $1 AND id IN ({})", list(2, chunk.len()));
        add("clients_contacts", tx.run(&sql, values).await?);
    }
    Ok(touched)
}

/// Rewrites a column without the person. By id where there is one, else by what the rows say.
async fn rewrite(
    tx: &Tx,
    workspace: Workspace,
    table: &str,
    by_id: bool,
    column: Column,
    words: &Words,
) -> Result<u64> {
    let (Column::Text(name) | Column::Json(name)) = column;
    let bound = |text: String| match column {
        Column::Text(_) => Value::from(text),
        Column::Json(_) => Value::from(serde_json::from_str::<Json>(&text).unwrap_or_default()),
    };
    let mut done = 0;
    if by_id {
        let sql = format!("UPDATE {table} SET {name} = $1 WHERE workspace_id = $2 AND id = $3");
        for row in mentions(tx, workspace, (table, "id", name), words, None).await? {
            let text: String = row.try_get("", "text")?;
            if let Some(left) = without(words, &text) {
                let id: Uuid = row.try_get("", "key")?;
                done += tx.run(&sql, vec![bound(left), workspace.0.into(), id.into()]).await?;
            }
        }
        return Ok(done);
    }
    let text = tx.engine().as_text(name);
    let sql = format!("UPDATE {table} SET {name} = $1 WHERE workspace_id = $2 AND {text} = $3");
    for said in texts(tx, workspace, table, name, words, None).await? {
        if let Some(left) = without(words, &said) {
            done += tx.run(&sql, vec![bound(left), workspace.0.into(), said.into()]).await?;
        }
    }
    Ok(done)
}

/// Signals lose their person and keep the facts on which figures rest.
async fn signals(tx: &Tx, workspace: Workspace, who: &Forgotten) -> Result<u64> {
    let mut done = 0;
    for contact in &who.contacts {
        let sql = "SELECT id, data FROM clients_signals WHERE workspace_id = $1 AND contact_id = $2";
        for row in all(tx, sql, vals![workspace.0, *contact]).await? {
            let (id, data): (Uuid, Json) = (row.try_get("", "id")?, row.try_get("", "data")?);
            done += tx
                .run(
                    "UPDATE clients_signals SET contact_id = NULL, data = $1, message_id = $2 WHERE workspace_id = $3 AND id = $4",
                    vals![facts_of_signal(&data), format!("erased:{id}"), workspace.0, id],
                )
                .await?;
        }
    }
    // A source's own id of a signal may name the person.
    for row in mentions(tx, workspace, ("clients_signals", "id", "message_id"), &who.words, None).await? {
        let (id, text): (Uuid, String) = (row.try_get("", "key")?, row.try_get("", "text")?);
        if without(&who.words, &text).is_some() {
            let sql = "UPDATE clients_signals SET message_id = $1 WHERE workspace_id = $2 AND id = $3";
            done += tx.run(sql, vals![format!("erased:{id}"), workspace.0, id]).await?;
        }
    }
    Ok(done)
}

/// Uses stay counted under another name; what waits for the person's client goes.
async fn usage(tx: &Tx, workspace: Workspace, who: &Forgotten) -> Result<(u64, u64, u64, u64)> {
    let (mut events, mut presence, mut late, mut parked) = (0, 0, 0, 0);
    let mut clients = BTreeSet::new();
    for (user, name) in &who.users {
        let sql =
            "SELECT DISTINCT client_id FROM usage_presence WHERE workspace_id = $1 AND event = '' AND user_key = $2";
        for row in all(tx, sql, vals![workspace.0, user.as_str()]).await? {
            let client: Uuid = row.try_get("", "client_id")?;
            clients.insert(client);
            let renamed = |table: &str, also: &str| {
                format!(
                    "UPDATE {table} SET user_key = $1{also} WHERE workspace_id = $2 AND client_id = $3 AND user_key = $4"
                )
            };
            let values = || vals![name.as_str(), workspace.0, client, user.as_str()];
            events += tx.run(&renamed("usage_events", ", properties = '{}'"), values()).await?;
            late += tx.run(&renamed("usage_late_presence", ""), values()).await?;
        }
        let sql = "UPDATE usage_presence SET user_key = $1 WHERE workspace_id = $2 AND user_key = $3";
        presence += tx.run(sql, vals![name.as_str(), workspace.0, user.as_str()]).await?;
        let sql = "DELETE FROM usage_parked WHERE workspace_id = $1 AND user_key = $2";
        parked += tx.run(sql, vals![workspace.0, user.as_str()]).await?;
    }
    // What their colleagues did may name them.
    for client in clients {
        let also = || Some(("client_id", Value::from(client)));
        for said in texts(tx, workspace, "usage_events", "properties", &who.words, also()).await? {
            if let Some(left) = without(&who.words, &said) {
                let sql = "UPDATE usage_events SET properties = $1 WHERE workspace_id = $2 AND client_id = $3 AND properties = $4";
                events += tx.run(sql, vals![left, workspace.0, client, said]).await?;
            }
        }
    }
    parked += rewrite(tx, workspace, "usage_parked", false, Column::Text("properties"), &who.words).await?;
    Ok((events, presence, late, parked))
}

/// Empties the payloads of the audit log that are about some ids or hold the person's names. The chain stays whole.
pub async fn audit(tx: &Tx, workspace: Workspace, words: &Words, ids: &[String], now: DateTime<Utc>) -> Result<u64> {
    let mut entries = BTreeSet::new();
    for chunk in ids.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(id.as_str())));
        let sql = format!(
            "SELECT seq FROM audit_entries WHERE workspace_id = $1 AND object_id IN ({})",
            list(2, chunk.len())
        );
        for row in all(tx, &sql, values).await? {
            entries.insert(row.try_get::<i64>("", "seq")?);
        }
    }
    for row in mentions(tx, workspace, ("audit_payloads", "seq", "body"), words, None).await? {
        let (seq, body): (i64, String) = (row.try_get("", "key")?, row.try_get("", "text")?);
        if without(words, &body).is_some() {
            entries.insert(seq);
        }
    }
    let entries: Vec<i64> = entries.into_iter().collect();
    let mut done = 0;
    for chunk in entries.chunks(400) {
        let mut values = vals![workspace.0, now];
        values.extend(chunk.iter().map(|seq| Value::from(*seq)));
        let sql = format!(
            "UPDATE audit_payloads SET salt = NULL, body = NULL, erased_at = $2 WHERE workspace_id = $1 \
             AND erased_at IS NULL AND seq IN ({})",
            list(3, chunk.len())
        );
        done += tx.run(&sql, values).await?;
    }
    Ok(done)
}

/// The ids of what hangs on a client and has entries of its own in the audit log.
pub async fn ids_of(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<String>> {
    let mut out = vec![client.to_string()];
    for table in [
        "clients_notes",
        "clients_files",
        "clients_contacts",
        "clients_subscriptions",
        "clients_signals",
        "tasks",
        "opportunities",
    ] {
        let sql = format!("SELECT id FROM {table} WHERE workspace_id = $1 AND client_id = $2");
        for row in all(conn, &sql, vals![workspace.0, client]).await? {
            out.push(row.try_get::<Uuid>("", "id")?.to_string());
        }
    }
    Ok(out)
}

/// Rows by table: what is handed out.
pub type Held = BTreeMap<String, Vec<Map<String, Json>>>;

/// Everything that is held of a person: their own rows, and the rows of others that name them.
pub async fn held_of_person(conn: &impl Conn, workspace: Workspace, who: &Forgotten) -> Result<Held> {
    let mut out = Held::new();
    let mut put = |table: &str, rows: Vec<Map<String, Json>>| {
        if !rows.is_empty() {
            out.entry(table.to_owned()).or_default().extend(rows);
        }
    };
    for id in &who.contacts {
        let of = || vals![workspace.0, *id];
        put("clients_contacts", row_json::rows(conn, "clients_contacts", "workspace_id = $1 AND id = $2", of()).await?);
        let condition = "workspace_id = $1 AND contact_id = $2 ORDER BY occurred_at";
        put("clients_signals", row_json::rows(conn, "clients_signals", condition, of()).await?);
    }
    for (user, _) in &who.users {
        let of = || vals![workspace.0, user.as_str()];
        let mine = "workspace_id = $1 AND user_key = $2";
        let presence = row_json::rows(conn, "usage_presence", &format!("{mine} AND event = ''"), of()).await?;
        let sql =
            "SELECT DISTINCT client_id FROM usage_presence WHERE workspace_id = $1 AND event = '' AND user_key = $2";
        for row in all(conn, sql, of()).await? {
            let client: Uuid = row.try_get("", "client_id")?;
            let condition = "workspace_id = $1 AND user_key = $2 AND client_id = $3 ORDER BY occurred_at";
            let values = vals![workspace.0, user.as_str(), client];
            put("usage_events", row_json::rows(conn, "usage_events", condition, values).await?);
        }
        put("usage_presence", presence);
        put("usage_parked", row_json::rows(conn, "usage_parked", mine, of()).await?);
    }
    for table in TABLES {
        let columns = match table.person {
            Person::Named(_, columns) | Person::Dropped(columns) => columns,
            Person::Own if table.name == "audit_payloads" => &[Column::Text("body")],
            _ => continue,
        };
        for Column::Text(column) | Column::Json(column) in columns.iter().copied() {
            let text = conn.engine_of().as_text(column);
            for said in texts(conn, workspace, table.name, column, &who.words, None).await? {
                let condition = format!("workspace_id = $1 AND {text} = $2");
                let rows = row_json::rows(conn, table.name, &condition, vals![workspace.0, said]).await?;
                put(table.name, rows);
            }
        }
    }
    for (table, column) in [("clients", "name"), ("clients_tags", "tag")] {
        for said in texts(conn, workspace, table, column, &who.people, None).await? {
            let condition = format!("workspace_id = $1 AND {column} = $2");
            put(table, row_json::rows(conn, table, &condition, vals![workspace.0, said]).await?);
        }
    }
    Ok(out)
}

/// Everything that is held of a client. Raw uses are in the export of each person; here are their counts.
pub async fn held_of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Held> {
    let mut out = Held::new();
    let own = row_json::rows(conn, "clients", "workspace_id = $1 AND id = $2", vals![workspace.0, client]).await?;
    out.insert("clients".into(), own);
    let tables =
        TABLES.iter().filter(|table| table.merge.is_some() && !["usage_events", "events"].contains(&table.name));
    for table in tables {
        let condition = "workspace_id = $1 AND client_id = $2";
        let rows = row_json::rows(conn, table.name, condition, vals![workspace.0, client]).await?;
        if !rows.is_empty() {
            out.insert(table.name.into(), rows);
        }
    }
    let condition =
        "subscription_id IN (SELECT s.id FROM clients_subscriptions s WHERE s.workspace_id = $1 AND s.client_id = $2)";
    let phases = row_json::rows(conn, "clients_subscription_phases", condition, vals![workspace.0, client]).await?;
    out.insert("clients_subscription_phases".into(), phases);
    for id in ids_of(conn, workspace, client).await? {
        let condition = "workspace_id = $1 AND seq IN (SELECT e.seq FROM audit_entries e WHERE e.workspace_id = $1 AND e.object_id = $2)";
        let rows = row_json::rows(conn, "audit_payloads", condition, vals![workspace.0, id]).await?;
        out.entry("audit_payloads".into()).or_default().extend(rows);
    }
    Ok(out)
}
