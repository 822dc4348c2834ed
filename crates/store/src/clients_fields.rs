//! Fields of a workspace's own with their values, tags, and the folded words of clients.

use crate::clients_facts::held;
use crate::{Conn, Result, Tx, Workspace, all, all_as, list, one, one_as, vals};
use chrono::{DateTime, Utc};
use essor_domain::clients::fold;
use essor_domain::expressions::{Held, Kind};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A field as stored.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Field {
    pub id: Uuid,
    pub key: String,
    pub label: String,
    pub kind: String,
    /// A list of words; none for kinds without choices.
    pub choices: Option<Json>,
    pub position: i32,
    pub created_at: DateTime<Utc>,
}

impl Field {
    /// Its kind; text for one that a newer binary wrote.
    pub fn kind(&self) -> Kind {
        Kind::of_field(&self.kind).unwrap_or(Kind::Text)
    }

    /// The words of a choice.
    pub fn choices(&self) -> Option<Vec<String>> {
        let words = self.choices.as_ref()?.as_array()?;
        Some(words.iter().filter_map(Json::as_str).map(str::to_owned).collect())
    }
}

const FIELD: &str = "id, key, label, kind, choices, position, created_at";

/// The fields of a workspace, in their order.
pub async fn fields(conn: &impl Conn, workspace: Workspace) -> Result<Vec<Field>> {
    let sql = format!("SELECT {FIELD} FROM clients_fields WHERE workspace_id = $1 ORDER BY position, created_at, id");
    all_as(conn, &sql, vals![workspace.0]).await
}

/// One field.
pub async fn field(conn: &impl Conn, workspace: Workspace, id: Uuid) -> Result<Option<Field>> {
    let sql = format!("SELECT {FIELD} FROM clients_fields WHERE workspace_id = $1 AND id = $2");
    one_as(conn, &sql, vals![workspace.0, id]).await
}

/// Stores a new field; a key that exists is a conflict.
pub async fn insert_field(tx: &Tx, workspace: Workspace, field: &Field) -> Result<()> {
    tx.run(
        "INSERT INTO clients_fields (id, workspace_id, key, label, kind, choices, position, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            field.id,
            workspace.0,
            field.key.as_str(),
            field.label.as_str(),
            field.kind.as_str(),
            field.choices.clone(),
            field.position,
            field.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Changes the words and the place of a field; its key and kind stand.
pub async fn update_field(tx: &Tx, workspace: Workspace, field: &Field) -> Result<()> {
    tx.run(
        "UPDATE clients_fields SET label = $1, choices = $2, position = $3 WHERE workspace_id = $4 AND id = $5",
        vals![field.label.as_str(), field.choices.clone(), field.position, workspace.0, field.id],
    )
    .await?;
    Ok(())
}

/// Deletes a field with its values; how many values went. None when there is no such field.
pub async fn delete_field(tx: &Tx, workspace: Workspace, id: Uuid) -> Result<Option<u64>> {
    let values = tx
        .run("DELETE FROM clients_field_values WHERE workspace_id = $1 AND field_id = $2", vals![workspace.0, id])
        .await?;
    let fields =
        tx.run("DELETE FROM clients_fields WHERE workspace_id = $1 AND id = $2", vals![workspace.0, id]).await?;
    Ok((fields > 0).then_some(values))
}

/// A value for each of many clients, of one field: what is there goes, [`None`] leaves nothing. Values are of the
/// field's kind, as [`essor_domain`] has checked them.
pub async fn set_values(tx: &Tx, workspace: Workspace, field: Uuid, values: &[(Uuid, Option<Held>)]) -> Result<()> {
    for chunk in values.chunks(400) {
        let mut bound = vals![workspace.0, field];
        bound.extend(chunk.iter().map(|(client, _)| Value::from(*client)));
        let sql = format!(
            "DELETE FROM clients_field_values WHERE workspace_id = $1 AND field_id = $2 AND client_id IN ({})",
            list(3, chunk.len())
        );
        tx.run(&sql, bound).await?;
    }
    let mut rows = Vec::new();
    for (client, held) in values {
        let one = |position: i32, text: Option<&str>, held: &Held| {
            let (mut number, mut cents, mut day, mut flag) = (None, None, None, None);
            match held {
                Held::Number(value) => number = Some(*value),
                Held::Cents(value) => cents = Some(*value),
                Held::Day(value) => day = Some(*value),
                Held::Flag(value) => flag = Some(*value),
                Held::Text(_) | Held::Texts(_) | Held::Instant(_) => {}
            }
            let key = text.map(fold);
            vals![workspace.0, field, *client, position, text, key, number, cents, day, flag]
        };
        match held {
            None => {}
            Some(held @ Held::Text(text)) => rows.push(one(0, Some(text), held)),
            Some(held @ Held::Texts(texts)) => {
                rows.extend(texts.iter().enumerate().map(|(i, text)| one(i as i32, Some(text), held)));
            }
            Some(held) => rows.push(one(0, None, held)),
        }
    }
    tx.insert_many(
        "INSERT INTO clients_field_values (workspace_id, field_id, client_id, position, text, text_key, number, cents, day, flag)",
        "",
        rows,
    )
    .await?;
    Ok(())
}

/// Several fields of one client.
pub async fn set_fields(tx: &Tx, workspace: Workspace, client: Uuid, values: &[(Uuid, Option<Held>)]) -> Result<()> {
    for (field, held) in values {
        set_values(tx, workspace, *field, &[(client, held.clone())]).await?;
    }
    Ok(())
}

/// The values of some fields at some clients.
pub async fn values_of(
    conn: &impl Conn,
    workspace: Workspace,
    clients: &[Uuid],
    fields: &HashMap<Uuid, Kind>,
) -> Result<HashMap<Uuid, HashMap<Uuid, Held>>> {
    let mut out: HashMap<Uuid, HashMap<Uuid, Held>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        // Found by client, not by workspace: without statistics SQLite takes both for as narrow.
        let sql = format!(
            "SELECT client_id, field_id, text, number, cents, day, flag FROM clients_field_values \
             WHERE COALESCE(workspace_id, client_id) = $1 AND client_id IN ({}) ORDER BY client_id, field_id, position",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            let field: Uuid = row.try_get("", "field_id")?;
            let Some(kind) = fields.get(&field).copied() else { continue };
            let column = match kind {
                Kind::Number => "number",
                Kind::Money => "cents",
                Kind::Day | Kind::Instant => "day",
                Kind::Boolean => "flag",
                _ => "text",
            };
            let Some(held) = held(&row, kind, column)? else { continue };
            let of_client = out.entry(row.try_get("", "client_id")?).or_default();
            match (kind, held) {
                (Kind::Choices, Held::Text(word)) => match of_client.entry(field).or_insert(Held::Texts(Vec::new())) {
                    Held::Texts(words) => words.push(word),
                    other => *other = Held::Texts(vec![word]),
                },
                (_, held) => {
                    of_client.insert(field, held);
                }
            }
        }
    }
    Ok(out)
}

/// The tags of some clients, in the order of their folded words.
pub async fn tags_of(conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut out: HashMap<Uuid, Vec<String>> = HashMap::new();
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, tag FROM clients_tags WHERE COALESCE(workspace_id, client_id) = $1 \
             AND client_id IN ({}) ORDER BY client_id, tag_key",
            list(2, chunk.len())
        );
        for row in all(conn, &sql, values).await? {
            out.entry(row.try_get("", "client_id")?).or_default().push(row.try_get("", "tag")?);
        }
    }
    Ok(out)
}

/// All tags of a workspace with how many clients have them, the most used first, at most 200.
pub async fn tags(conn: &impl Conn, workspace: Workspace) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT MIN(tag) AS tag, COUNT(*) AS n FROM clients_tags WHERE workspace_id = $1 GROUP BY tag_key \
        ORDER BY COUNT(*) DESC, tag_key LIMIT 200";
    all(conn, sql, vals![workspace.0])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "tag")?, row.try_get("", "n")?)))
        .collect()
}

/// Gives clients a tag.
pub async fn tag(tx: &Tx, workspace: Workspace, tag: &str, clients: &[Uuid]) -> Result<()> {
    let key = fold(tag);
    let rows = clients.iter().map(|client| vals![workspace.0, key.as_str(), *client, tag]).collect();
    tx.insert_many(
        "INSERT INTO clients_tags (workspace_id, tag_key, client_id, tag)",
        " ON CONFLICT (workspace_id, tag_key, client_id) DO NOTHING",
        rows,
    )
    .await?;
    Ok(())
}

/// Takes a tag from clients.
pub async fn untag(tx: &Tx, workspace: Workspace, tag: &str, clients: &[Uuid]) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0, fold(tag)];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "DELETE FROM clients_tags WHERE workspace_id = $1 AND tag_key = $2 AND client_id IN ({})",
            list(3, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// Gives each of many clients exactly these tags; a tag that is there in other letters stays as it is.
pub async fn set_tags_of(tx: &Tx, workspace: Workspace, wanted: &[(Uuid, Vec<String>)]) -> Result<()> {
    let ids: Vec<Uuid> = wanted.iter().map(|(client, _)| *client).collect();
    let held = tags_of(tx, workspace, &ids).await?;
    let mut gone: HashMap<String, Vec<Uuid>> = HashMap::new();
    let mut fresh = Vec::new();
    for (client, tags) in wanted {
        let before: HashMap<String, &String> =
            held.get(client).into_iter().flatten().map(|tag| (fold(tag), tag)).collect();
        let after: HashMap<String, &str> =
            tags.iter().map(|tag| (fold(tag), tag.trim())).filter(|(key, _)| !key.is_empty()).collect();
        for (_, tag) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            gone.entry((*tag).clone()).or_default().push(*client);
        }
        let added = after.iter().filter(|(key, _)| !before.contains_key(*key));
        fresh.extend(added.map(|(key, tag)| vals![workspace.0, key.as_str(), *client, *tag]));
    }
    for (tag, clients) in gone {
        untag(tx, workspace, &tag, &clients).await?;
    }
    tx.insert_many(
        "INSERT INTO clients_tags (workspace_id, tag_key, client_id, tag)",
        " ON CONFLICT (workspace_id, tag_key, client_id) DO NOTHING",
        fresh,
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Words {
    id: Uuid,
    segment: Option<String>,
    industry: Option<String>,
    country: Option<String>,
    owner: Option<String>,
    plan: Option<String>,
}

const WORDS: &str = "id, segment, industry, country, owner, plan";

/// A word's key; none for a blank one.
pub(crate) fn key(word: Option<&str>) -> Option<String> {
    word.map(fold).filter(|key| !key.is_empty())
}

/// Folds the words of clients anew: to be called by whatever writes them, in its transaction.
pub async fn refold(tx: &Tx, workspace: Workspace, clients: &[Uuid]) -> Result<()> {
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT {WORDS} FROM clients c WHERE {} AND c.id IN ({})",
            crate::clients::SCOPE,
            list(2, chunk.len())
        );
        let words: Vec<Words> = all_as(tx, &sql, values).await?;
        write_keys(tx, &words).await?;
    }
    Ok(())
}

/// Folds the words of all clients of all workspaces: the migration that made the columns. Crosses workspaces.
pub(crate) async fn refold_all(tx: &Tx) -> Result<()> {
    let mut last = Uuid::nil();
    loop {
        let sql = format!("SELECT {WORDS} FROM clients WHERE id > $1 ORDER BY id LIMIT 400");
        let words: Vec<Words> = all_as(tx, &sql, vals![last]).await?;
        let Some(end) = words.last() else { return Ok(()) };
        last = end.id;
        write_keys(tx, &words).await?;
    }
}

async fn write_keys(tx: &Tx, words: &[Words]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let rows = tx.engine().typed_rows(words.len(), &["uuid", "text", "text", "text", "text", "text"]);
    let values = words
        .iter()
        .flat_map(|w| {
            vals![
                w.id,
                key(w.segment.as_deref()),
                key(w.industry.as_deref()),
                key(w.country.as_deref()),
                key(w.owner.as_deref()),
                key(w.plan.as_deref())
            ]
        })
        .collect();
    let sql = format!(
        "WITH fresh (id, segment, industry, country, owner, plan) AS (VALUES {rows}) UPDATE clients SET \
         segment_key = fresh.segment, industry_key = fresh.industry, country_key = fresh.country, \
         owner_key = fresh.owner, plan_key = fresh.plan FROM fresh WHERE clients.id = fresh.id"
    );
    tx.run(&sql, values).await?;
    Ok(())
}

/// How many values a field has.
pub async fn count_values(conn: &impl Conn, workspace: Workspace, field: Uuid) -> Result<i64> {
    let sql =
        "SELECT COUNT(DISTINCT client_id) AS n FROM clients_field_values WHERE workspace_id = $1 AND field_id = $2";
    Ok(one(conn, sql, vals![workspace.0, field]).await?.map_or(Ok(0), |row| row.try_get("", "n"))?)
}
