//! Everything that is held of a person or a client, as JSON.

use super::erase::forgotten;
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_store::clients::{forget, held};
use serde_json::{Value, json};
use uuid::Uuid;

/// Everything that is held of a person: their own rows by table, and the rows of others that name them.
pub async fn export_person(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<Value> {
    let workspace = actor.require(Action::ExportPeople)?;
    let contact = forget::person(&app.db, workspace, id).await?.filter(|c| c.client_id == Some(client));
    let contact = contact.ok_or_else(Error::not_found)?;
    let mut people = match contact.email.as_deref() {
        Some(email) => forget::same_person(&app.db, workspace, email).await?,
        None => Vec::new(),
    };
    if people.iter().all(|other| other.id != contact.id) {
        people.push(contact);
    }
    let tables = forget::held_of_person(&app.db, workspace, &forgotten(&people, &[], &[])).await?;
    handed_out(app, actor, Entry::of("contacts.export").on("contact", id)).await?;
    Ok(json!({"exported": "contact", "id": id, "at": app.clock.now(), "tables": tables}))
}

/// Everything that is held of a client, by table. Files are named; their content is downloaded one by one.
pub async fn export_client(app: &App, actor: &Actor, id: Uuid) -> Result<Value> {
    let workspace = actor.require(Action::ExportPeople)?;
    essor_store::clients::get(&app.db, workspace, id).await?.ok_or_else(Error::not_found)?;
    let tables = forget::held_of_client(&app.db, workspace, id).await?;
    let counts = held::counts(&app.db, workspace, id).await?;
    handed_out(app, actor, Entry::of("clients.export").on("client", id)).await?;
    Ok(json!({"exported": "client", "id": id, "at": app.clock.now(), "rows": counts, "tables": tables}))
}

/// Who took what out is a matter of record.
async fn handed_out(app: &App, actor: &Actor, entry: Entry) -> Result<()> {
    let tx = app.db.begin().await?;
    record(&tx, actor, app.clock.now(), entry).await?;
    Ok(tx.commit().await?)
}
