//! Clients that are likely the same as one: of its domain, or with a name that begins alike. Both are ranges of an index.

use super::{COLUMNS, Client};
use crate::{Conn, Result, Workspace, all_as, vals};
use essor_domain::clients::{Likeness, alike, beginning, fold};
use std::collections::BTreeMap;

/// Names that begin alike are looked at up to this many.
const LOOKED_AT: i64 = 500;
/// So many are suggested.
const SUGGESTED: usize = 10;

/// The clients that are likely the same as one, the likeliest first.
pub async fn of(conn: &impl Conn, workspace: Workspace, client: &Client) -> Result<Vec<(Client, Likeness)>> {
    let mut found = BTreeMap::new();
    let gone = "deleted_at IS NULL AND status <> 'archived'";
    if let Some(domain) = &client.domain {
        let sql = format!(
            "SELECT {COLUMNS} FROM clients WHERE workspace_id = $1 AND domain = $2 AND id <> $3 AND {gone} ORDER BY id LIMIT 50"
        );
        for other in all_as::<Client>(conn, &sql, vals![workspace.0, domain.as_str(), client.id]).await? {
            found.insert((Likeness::Domain, other.id), other);
        }
    }
    let key = fold(&client.name);
    let from = beginning(&key);
    // Everything that begins so is less than the beginning followed by the last character there is.
    let to = format!("{from}\u{10ffff}");
    let sql = format!(
        "SELECT {COLUMNS} FROM clients WHERE workspace_id = $1 AND name_key >= $2 AND name_key < $3 AND id <> $4 \
         AND {gone} ORDER BY name_key, id LIMIT {LOOKED_AT}"
    );
    for other in all_as::<Client>(conn, &sql, vals![workspace.0, from, to, client.id]).await? {
        let known = found.contains_key(&(Likeness::Domain, other.id));
        if let Some(like) = alike(&key, &fold(&other.name)).filter(|_| !known) {
            found.insert((like, other.id), other);
        }
    }
    Ok(found.into_iter().take(SUGGESTED).map(|((like, _), other)| (other, like)).collect())
}
