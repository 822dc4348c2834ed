//! The facts of some clients, read together: what a list's columns show and what a rule is evaluated on.

use crate::clients::SCOPE;
use crate::clients_fields;
use crate::expressions::{Sql, typed};
use crate::{Conn, Result, Workspace, all, list, vals};
use essor_domain::expressions::{Held, Kind, Known, Moment, Source};
use sea_orm::QueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// What is known of each client: absent facts are not there.
pub type HeldBy = HashMap<Uuid, HashMap<Source, Held>>;

/// Reads a value of a kind; none for NULL.
pub(crate) fn held(row: &QueryResult, kind: Kind, column: &str) -> Result<Option<Held>> {
    Ok(match kind {
        Kind::Text | Kind::Choice | Kind::Choices | Kind::Person | Kind::Url => {
            row.try_get::<Option<String>>("", column)?.map(Held::Text)
        }
        Kind::Number => row.try_get::<Option<f64>>("", column)?.map(Held::Number),
        Kind::Money => row.try_get::<Option<i64>>("", column)?.map(Held::Cents),
        Kind::Day => row.try_get::<Option<chrono::NaiveDate>>("", column)?.map(Held::Day),
        Kind::Instant => row.try_get::<Option<chrono::DateTime<chrono::Utc>>>("", column)?.map(Held::Instant),
        Kind::Boolean => row.try_get::<Option<bool>>("", column)?.map(Held::Flag),
    })
}

/// The facts asked for of some clients, as they are shown.
pub async fn of_clients(
    conn: &impl Conn,
    workspace: Workspace,
    moment: Moment,
    wanted: &[(Source, Kind)],
    clients: &[Uuid],
) -> Result<HeldBy> {
    let mut out: HeldBy = clients.iter().map(|id| (*id, HashMap::new())).collect();
    // What has tables of its own is read from them below.
    let of_row = |source: &Source| match source {
        Source::Known(known) => !matches!(known, Known::Tags | Known::Products | Known::JourneyDone),
        Source::Metric(_) => true,
        Source::Field(_) => false,
    };
    let columns: Vec<(Source, Kind)> = wanted.iter().filter(|(source, _)| of_row(source)).copied().collect();
    for chunk in clients.chunks(400) {
        if !columns.is_empty() {
            let mut values = vals![workspace.0];
            values.extend(chunk.iter().map(|id| sea_orm::Value::from(*id)));
            let mut sql = Sql { values: &mut values, moment };
            let mut select = String::new();
            for (i, (source, kind)) in columns.iter().enumerate() {
                let fact = match source {
                    Source::Known(known) => sql.fact(*known, true),
                    Source::Metric(id) => sql.metric(*id),
                    Source::Field(_) => continue,
                };
                select.push_str(&format!(", {} AS f{i}", typed(*kind, &fact)));
            }
            let scope = SCOPE.replace("c.", "clients.");
            let text = format!(
                "SELECT clients.id{select} FROM clients WHERE {scope} AND clients.id IN ({})",
                list(2, chunk.len())
            );
            for row in all(conn, &text, values).await? {
                let Some(facts) = out.get_mut(&row.try_get::<Uuid>("", "id")?) else { continue };
                for (i, (source, kind)) in columns.iter().enumerate() {
                    if let Some(held) = held(&row, *kind, &format!("f{i}"))? {
                        facts.insert(*source, held);
                    }
                }
            }
        }
    }
    if wanted.iter().any(|(source, _)| *source == Source::Known(Known::Tags)) {
        for (client, tags) in clients_fields::tags_of(conn, workspace, clients).await? {
            if let Some(facts) = out.get_mut(&client) {
                facts.insert(Source::Known(Known::Tags), Held::Texts(tags));
            }
        }
    }
    if wanted.iter().any(|(source, _)| *source == Source::Known(Known::Products)) {
        for (client, products) in crate::growth::slices::products_of(conn, workspace, clients).await? {
            if let Some(facts) = out.get_mut(&client) {
                facts.insert(Source::Known(Known::Products), Held::Texts(products));
            }
        }
    }
    if wanted.iter().any(|(source, _)| *source == Source::Known(Known::JourneyDone)) {
        for (client, done) in crate::journey::actions::done_of(conn, workspace, clients).await? {
            if let Some(facts) = out.get_mut(&client) {
                facts.insert(Source::Known(Known::JourneyDone), Held::Texts(done));
            }
        }
    }
    let fields: HashMap<Uuid, Kind> = wanted
        .iter()
        .filter_map(|(source, kind)| match source {
            Source::Field(id) => Some((*id, *kind)),
            Source::Known(_) | Source::Metric(_) => None,
        })
        .collect();
    if !fields.is_empty() {
        for (client, values) in clients_fields::values_of(conn, workspace, clients, &fields).await? {
            if let Some(facts) = out.get_mut(&client) {
                facts.extend(values.into_iter().map(|(field, held)| (Source::Field(field), held)));
            }
        }
    }
    Ok(out)
}
