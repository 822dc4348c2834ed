//! Clients that are likely the same as one.

use super::super::read::client;
use crate::error::Result;
use crate::{Actor, App};
use essor_domain::clients::Likeness;
use essor_store::clients::{self as store, Client};

/// A client that is likely the same as another.
#[derive(Debug, Clone)]
pub struct Duplicate {
    /// Which.
    pub client: Client,
    /// Why.
    pub like: Likeness,
}

/// The clients that are likely the same as one, the likeliest first, at most ten.
pub async fn duplicates(app: &App, actor: &Actor, id: uuid::Uuid) -> Result<Vec<Duplicate>> {
    let found = client(app, actor, id).await?;
    if found.status == "deleted" {
        return Ok(Vec::new());
    }
    let rows = store::duplicates::of(&app.db, actor.workspace, &found).await?;
    Ok(rows.into_iter().map(|(client, like)| Duplicate { client, like }).collect())
}
