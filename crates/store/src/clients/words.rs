//! Where a search for a person may begin, in an index: names from each of their words on, addresses from each part on.

use crate::{Conn, Result, Tx, Workspace, all, all_as, list, vals};
use essor_domain::clients::{fold, search_words};
use sea_orm::{FromQueryResult, Value};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The fewest characters with which people and tags are searched: fewer would find everybody.
pub const LEAST: usize = 3;

/// The clients at whom a person or a tag begins with a folded text, as a query of ids; none while it is too short.
pub(crate) fn beside(begin: &str, values: &mut Vec<Value>) -> Option<String> {
    if begin.chars().count() < LEAST {
        return None;
    }
    values.push(begin.into());
    // No character is greater than this one, in the order of bytes.
    values.push(format!("{begin}\u{10ffff}").into());
    let (from, to) = (format!("${}", values.len() - 1), format!("${}", values.len()));
    Some(format!(
        "SELECT k.client_id FROM clients_contact_words w JOIN clients_contacts k ON k.id = w.contact_id \
         WHERE w.workspace_id = $1 AND w.word >= {from} AND w.word < {to} AND k.deleted_at IS NULL \
         AND k.client_id IS NOT NULL \
         UNION SELECT g.client_id FROM clients_tags g WHERE g.workspace_id = $1 AND g.tag_key >= {from} AND g.tag_key < {to}"
    ))
}

#[derive(FromQueryResult)]
struct Person {
    id: Uuid,
    workspace_id: Uuid,
    name: Option<String>,
    email: Option<String>,
}

/// Brings the words of some people to what their rows say; to be called by whatever writes names and addresses.
pub async fn write(tx: &Tx, workspace: Workspace, contacts: &[Uuid]) -> Result<()> {
    for chunk in contacts.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let ids = list(2, chunk.len());
        // No index answers the expressions: the ids are to be looked for.
        let sql = format!(
            "SELECT contact_id, word FROM clients_contact_words WHERE COALESCE(workspace_id, contact_id) = $1 \
             AND contact_id IN ({ids})"
        );
        let mut before: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
        for row in all(tx, &sql, values.clone()).await? {
            before.entry(row.try_get("", "contact_id")?).or_default().insert(row.try_get("", "word")?);
        }
        let sql = format!(
            "SELECT id, workspace_id, name, email FROM clients_contacts WHERE COALESCE(workspace_id, id) = $1 AND id IN ({ids})"
        );
        let mut people: Vec<Person> = all_as(tx, &sql, values).await?;
        // Most sources say again what they said before.
        people.retain(|person| before.get(&person.id).cloned().unwrap_or_default() != person.words());
        let changed: Vec<Uuid> = people.iter().map(|person| person.id).filter(|id| before.contains_key(id)).collect();
        if !changed.is_empty() {
            let mut values = vals![workspace.0];
            values.extend(changed.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "DELETE FROM clients_contact_words WHERE COALESCE(workspace_id, contact_id) = $1 AND contact_id IN ({})",
                list(2, changed.len())
            );
            tx.run(&sql, values).await?;
        }
        insert(tx, people).await?;
    }
    Ok(())
}

impl Person {
    fn words(&self) -> BTreeSet<String> {
        search_words(self.name.as_deref(), self.email.as_deref())
    }
}

async fn insert(tx: &Tx, people: Vec<Person>) -> Result<()> {
    let rows = people
        .iter()
        .flat_map(|person| person.words().into_iter().map(|word| vals![person.workspace_id, word, person.id]))
        .collect();
    let head = "INSERT INTO clients_contact_words (workspace_id, word, contact_id)";
    tx.insert_many(head, " ON CONFLICT (workspace_id, word, contact_id) DO NOTHING", rows).await?;
    Ok(())
}

/// Writes the words of all people of all workspaces: the migration that made the table. Crosses workspaces.
pub(crate) async fn write_all(tx: &Tx) -> Result<()> {
    let mut last = Uuid::nil();
    loop {
        let sql = "SELECT id, workspace_id, name, email FROM clients_contacts WHERE id > $1 ORDER BY id LIMIT 400";
        let people: Vec<Person> = all_as(tx, sql, vals![last]).await?;
        let Some(end) = people.last() else { return Ok(()) };
        last = end.id;
        insert(tx, people).await?;
    }
}

/// Why a search found a client that neither its name nor its domain gives away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// A person there.
    Contact {
        /// Their name, else their address.
        name: String,
        /// Their address.
        email: Option<String>,
    },
    /// A tag.
    Tag(String),
}

#[derive(FromQueryResult)]
struct Beside {
    client_id: Uuid,
    name: Option<String>,
    email: Option<String>,
}

/// Why a search found some clients, for those that a person or a tag of theirs gives away. A person comes before a tag.
pub async fn why(conn: &impl Conn, workspace: Workspace, q: &str, clients: &[Uuid]) -> Result<HashMap<Uuid, Matched>> {
    let begin = fold(q);
    let mut out = HashMap::new();
    if begin.chars().count() < LEAST {
        return Ok(out);
    }
    for chunk in clients.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT client_id, name, email FROM clients_contacts WHERE COALESCE(workspace_id, id) = $1 \
             AND client_id IN ({}) AND deleted_at IS NULL ORDER BY client_id, name, id",
            list(2, chunk.len())
        );
        for person in all_as::<Beside>(conn, &sql, values).await? {
            let words = search_words(person.name.as_deref(), person.email.as_deref());
            if words.iter().any(|word| word.starts_with(&begin)) {
                let name = person.name.or_else(|| person.email.clone()).unwrap_or_default();
                out.entry(person.client_id).or_insert(Matched::Contact { name, email: person.email });
            }
        }
    }
    for (client, tags) in crate::clients_fields::tags_of(conn, workspace, clients).await? {
        if let Some(tag) = tags.into_iter().find(|tag| fold(tag).starts_with(&begin)) {
            out.entry(client).or_insert(Matched::Tag(tag));
        }
    }
    Ok(out)
}
