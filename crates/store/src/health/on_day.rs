//! What stood for the clients of a part of the portfolio at the end of a past day.

use super::HealthDay;
use crate::growth::{Slice, paid_for, paying};
use crate::{Conn, Result, Tx, Workspace, all, list, one_as, vals};
use chrono::NaiveDate;
use sea_orm::Value;
use std::collections::HashSet;

/// The standing of a client on day $2 as one number, twice the score and one more at risk: it is looked up once, by key.
/// `alert` is the score below which a client was at risk whose score does not say. None when it had no score by then.
fn standing(client: &str, alert: u8) -> String {
    format!(
        "(SELECT h.score * 2 + CASE WHEN COALESCE(h.at_risk, h.score < {alert}) THEN 1 ELSE 0 END FROM health_history h \
         WHERE h.workspace_id = $1 AND h.client_id = {client} AND h.day <= $2 ORDER BY h.day DESC, h.at DESC LIMIT 1)"
    )
}

/// The health of the clients of a slice that paid on a day, as of it: each with its newest score until then; those that
/// had none by then do not count. Off the day's rows when it has been closed, else client by client.
pub async fn of_slice(
    conn: &impl Conn,
    workspace: Workspace,
    slice: &Slice,
    day: NaiveDate,
    alert: u8,
) -> Result<HealthDay> {
    let mut values = vals![workspace.0, day];
    let sql = if closed(conn, workspace, &[day]).await?.contains(&day) {
        // Whoever has a row paid.
        let mut which = slice.of_people("s.client_id", &mut values);
        if let Some(product) = &slice.product {
            which.push_str(&format!(" AND s.client_id IN ({})", paid_for(product, &mut values)));
        }
        // Those of a product are counted among the day's rows as a whole: PostgreSQL would look each of them up.
        let (before, rows) = match &slice.product {
            None => ("", "health_standings s WHERE s.workspace_id = $1 AND s.day = $2"),
            Some(_) => (
                "WITH closed AS MATERIALIZED (SELECT client_id, score, at_risk FROM health_standings \
                 WHERE workspace_id = $1 AND day = $2) ",
                "closed s WHERE 1 = 1",
            ),
        };
        format!(
            "{before}SELECT COUNT(*) AS scored, CAST(COALESCE(SUM(s.score), 0) AS BIGINT) AS score_sum, \
             CAST(COALESCE(SUM(s.at_risk), 0) AS BIGINT) AS at_risk FROM {rows}{which}"
        )
    } else {
        format!(
            "WITH s AS MATERIALIZED (SELECT {} AS standing FROM ({}) p) SELECT COUNT(standing) AS scored, \
             CAST(COALESCE(SUM(standing / 2), 0) AS BIGINT) AS score_sum, \
             CAST(COALESCE(SUM(standing % 2), 0) AS BIGINT) AS at_risk FROM s",
            standing("p.client_id", alert),
            paying(slice, &mut values)
        )
    };
    Ok(one_as(conn, &sql, values).await?.unwrap_or_default())
}

/// Of some days, those of which it is kept what stood at their end, client by client.
pub async fn closed(conn: &impl Conn, workspace: Workspace, days: &[NaiveDate]) -> Result<HashSet<NaiveDate>> {
    // The order tells PostgreSQL to look by key: it would walk through the table for any one row.
    let look =
        "(SELECT s.day FROM health_standings s WHERE s.workspace_id = $1 AND s.day = $? ORDER BY s.client_id LIMIT 1)";
    let mut out = HashSet::new();
    for chunk in days.chunks(100) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|day| Value::from(*day)));
        let looks: Vec<String> = (2..values.len() + 1)
            .map(|place| format!("SELECT {} AS day", look.replace('?', &place.to_string())))
            .collect();
        for row in all(conn, &looks.join(" UNION ALL "), values).await? {
            out.extend(row.try_get::<Option<NaiveDate>>("", "day")?);
        }
    }
    Ok(out)
}

/// Keeps what stood at the end of a day for each client that paid on it.
pub async fn close(tx: &Tx, workspace: Workspace, day: NaiveDate, alert: u8) -> Result<()> {
    let mut values = vals![workspace.0, day];
    let sql = format!(
        "INSERT INTO health_standings (workspace_id, day, client_id, score, at_risk) \
         WITH stood AS MATERIALIZED (SELECT p.client_id, {} AS standing FROM ({}) p) \
         SELECT $1, $2, client_id, standing / 2, standing % 2 FROM stood WHERE standing IS NOT NULL \
         ON CONFLICT (workspace_id, day, client_id) DO NOTHING",
        standing("p.client_id", alert),
        paying(&Slice::default(), &mut values)
    );
    tx.run(&sql, values).await?;
    Ok(())
}

/// Forgets what stood at the end of some days.
pub async fn reopen(tx: &Tx, workspace: Workspace, days: &[NaiveDate]) -> Result<()> {
    for chunk in days.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|day| Value::from(*day)));
        let holes = list(2, chunk.len());
        let sql = format!("DELETE FROM health_standings WHERE workspace_id = $1 AND day IN ({holes})");
        tx.run(&sql, values).await?;
    }
    Ok(())
}
