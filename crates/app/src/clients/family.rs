//! Who stands under whom.

use super::at;
use crate::error::Result;
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::clients::ClientInput;
use essor_domain::{Code, Invalid};
use essor_store::clients::{self, Upserted};
use essor_store::health::family::{self, Child};
use essor_store::{Tx, Workspace};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Puts clients under the parents that inputs name; those left out stay where they are. Returns the parents, old and new,
/// whose health now rests on others.
pub(super) async fn set_parents(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[ClientInput],
    done: &[Upserted],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let named: Vec<(usize, &ClientInput, &str)> = inputs
        .iter()
        .enumerate()
        .filter_map(|(i, input)| Some((i, input, input.parent_external_id.as_deref()?)))
        .collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let own: HashMap<&str, Uuid> = done.iter().map(|row| (row.external_id.as_str(), row.id)).collect();
    let wanted: HashSet<&str> = named.iter().map(|(_, _, parent)| *parent).filter(|id| !id.is_empty()).collect();
    let wanted: Vec<&str> = wanted.into_iter().collect();
    let ids = clients::ids(tx, workspace, &wanted).await?;
    let mut parents = family::all_parents(tx, workspace).await?;
    let mut touched = HashSet::new();
    for (i, input, name) in named {
        let refused = |code| at(i, inputs.len(), Invalid::field(code, "parentExternalId").with("value", name));
        let Some(client) = own.get(input.external_id.as_str()).copied() else { continue };
        let parent = match (name.is_empty(), ids.get(name)) {
            (true, _) => None,
            (false, Some(id)) => Some(*id),
            (false, None) => return Err(refused(Code::ClientsUnknown).into()),
        };
        let before = match parent {
            Some(parent) => parents.insert(client, parent),
            None => parents.remove(&client),
        };
        if before == parent {
            continue;
        }
        if turns(&parents, client) {
            return Err(refused(Code::ClientsParentCycle).into());
        }
        family::set_parent(tx, workspace, client, parent, now).await?;
        touched.extend(before.into_iter().chain(parent));
    }
    Ok(touched.into_iter().collect())
}

/// Puts a client under a parent, or under nobody. Returns what the parent is called, and whose health rested on the client
/// or rests on it now.
pub(super) async fn put_under(
    tx: &Tx,
    workspace: Workspace,
    client: Uuid,
    parent: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(Option<String>, Vec<Uuid>)> {
    let refused = |code, parent: Uuid| Invalid::field(code, "parentId").with("value", parent.to_string());
    let mut name = None;
    let mut parents = family::all_parents(tx, workspace).await?;
    let before = match parent {
        Some(parent) => {
            let found = clients::get(tx, workspace, parent).await?.filter(|found| found.status != "deleted");
            name = Some(found.ok_or_else(|| refused(Code::ClientsUnknown, parent))?.name);
            parents.insert(client, parent)
        }
        None => parents.remove(&client),
    };
    if let Some(parent) = parent.filter(|_| turns(&parents, client)) {
        return Err(refused(Code::ClientsParentCycle, parent).into());
    }
    family::set_parent(tx, workspace, client, parent, now).await?;
    Ok((name, before.into_iter().chain(parent).collect()))
}

/// Whether the way up from a client leads back to it.
fn turns(parents: &HashMap<Uuid, Uuid>, client: Uuid) -> bool {
    let mut above = client;
    let mut steps = 0;
    while let Some(parent) = parents.get(&above) {
        steps += 1;
        if *parent == client || steps > parents.len() {
            return true;
        }
        above = *parent;
    }
    false
}

/// A client's parent, and the clients under it.
#[derive(Debug, Clone, Default)]
pub struct Family {
    /// Id and name of the client above.
    pub parent: Option<(Uuid, String)>,
    /// The clients below, churned and archived ones left out.
    pub children: Vec<Child>,
}

/// Who stands above and below a client.
pub async fn family(app: &App, actor: &Actor, client: Uuid) -> Result<Family> {
    super::client(app, actor, client).await?;
    Ok(Family {
        parent: family::parent(&app.db, actor.workspace, client).await?,
        children: family::children(&app.db, actor.workspace, &[client]).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_up_that_comes_back_is_seen() {
        let id = |n: u128| Uuid::from_u128(n);
        let line = HashMap::from([(id(1), id(2)), (id(2), id(3))]);
        assert!(!turns(&line, id(1)));
        assert!(turns(&HashMap::from([(id(1), id(1))]), id(1)));
        assert!(turns(&HashMap::from([(id(1), id(2)), (id(2), id(3)), (id(3), id(1))]), id(3)));
    }
}
