//! Rows of any table as JSON, whatever its columns: what is handed out to whom it is about. A column that is added later
//! is in it.

use crate::{Conn, Engine, Result, all, vals};
use sea_orm::Value;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The columns of a table with their kinds, as the engine calls them.
pub(crate) async fn columns(conn: &impl Conn, table: &str) -> Result<Vec<(String, String)>> {
    let rows = all(conn, conn.engine_of().table_columns(), vals![table]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "kind")?))).collect()
}

/// The rows of a table that a condition lets through, each an object. `order` names columns.
pub(crate) async fn rows(
    conn: &impl Conn,
    table: &str,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<Map<String, Json>>> {
    let columns = columns(conn, table).await?;
    let sql = conn.engine_of().rows_as_json(table, &columns, condition);
    let mut out = Vec::new();
    for row in all(conn, &sql, values).await? {
        let text: String = row.try_get("", "line")?;
        if let Ok(Json::Object(map)) = serde_json::from_str(&text) {
            out.push(map.into_iter().map(|(key, value)| (key, readable(conn.engine_of(), value))).collect());
        }
    }
    Ok(out)
}

/// SQLite keeps ids as bytes, written here as hexadecimal digits behind `id:`, and JSON as text.
fn readable(engine: Engine, value: Json) -> Json {
    let (Engine::Sqlite, Json::String(text)) = (engine, &value) else { return value };
    if let Some(digits) = text.strip_prefix("\u{1}id:") {
        let id = (digits.len() == 32).then(|| Uuid::parse_str(digits).ok()).flatten();
        return id.map_or_else(|| digits.to_lowercase().into(), |id| id.to_string().into());
    }
    if text.starts_with(['{', '[']) {
        return serde_json::from_str(text).unwrap_or(value);
    }
    value
}
