//! A request that changed something and did not say so itself.

use super::{Entry, record};
use crate::error::Result;
use crate::{Actor, App};
use serde_json::Value;
use uuid::Uuid;

/// Records a request by its method and path, with the fields of its body, unless the operation has recorded it or has
/// said that nothing happened. `path` begins after the version: `tasks/…/done`.
pub async fn record_request(app: &App, actor: &Actor, method: &str, path: &str, body: Option<Value>) -> Result<()> {
    if actor.trail.is_settled() {
        return Ok(());
    }
    let (operation, kind, id) = words(method, path);
    let mut entry = Entry::of(operation).about(&kind);
    if let Some(id) = id {
        entry = entry.on(&kind, id);
    }
    if let Some(body) = body.filter(|body| body.as_object().is_some_and(|fields| !fields.is_empty())) {
        entry = entry.with(body);
    }
    let tx = app.db.begin().await?;
    record(&tx, actor, app.clock.now(), entry).await?;
    Ok(tx.commit().await?)
}

/// `PATCH tasks/{id}` is `tasks.update` of a `task`; `POST tasks/{id}/done` is `tasks.done`.
fn words(method: &str, path: &str) -> (String, String, Option<Uuid>) {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let id = parts.iter().find_map(|part| part.parse::<Uuid>().ok());
    let mut names = parts.iter().filter(|part| part.parse::<Uuid>().is_err()).map(|part| part.replace('-', "_"));
    let first = names.next().unwrap_or_default();
    let verb = match method {
        "POST" => "create",
        "PUT" => "set",
        "DELETE" => "delete",
        _ => "update",
    };
    let rest: Vec<String> = names.collect();
    let operation = match (rest.is_empty(), method) {
        (true, _) => format!("{first}.{verb}"),
        (false, "POST") => format!("{first}.{}", rest.join(".")),
        (false, _) => format!("{first}.{}.{verb}", rest.join(".")),
    };
    let kind = first.strip_suffix('s').unwrap_or(&first).to_owned();
    (operation, kind, id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn audit_a_request_is_named_by_its_path() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let table = [
            ("POST", "tasks".to_owned(), "tasks.create", "task", false),
            ("PATCH", format!("tasks/{id}"), "tasks.update", "task", true),
            ("POST", format!("tasks/{id}/done"), "tasks.done", "task", true),
            ("DELETE", format!("growth/objectives/{id}"), "growth.objectives.delete", "growth", true),
            ("PUT", "workspace/rates".to_owned(), "workspace.rates.set", "workspace", false),
            ("POST", "health-profiles".to_owned(), "health_profiles.create", "health_profile", false),
        ];
        for (method, path, operation, kind, has_id) in table {
            let (found, of, about) = words(method, &path);
            assert_eq!((found.as_str(), of.as_str()), (operation, kind), "{method} {path}");
            assert_eq!(about, has_id.then(|| id.parse().unwrap()), "{method} {path}");
        }
    }
}
