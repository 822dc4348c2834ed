//! Fields of a workspace's own: made, changed and deleted, and the values that clients have in them.

use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::expressions::{Held, Kind};
use essor_domain::identity::Action;
use essor_domain::time::parse_day;
use essor_domain::{Code, Invalid};
use essor_store::clients_fields as store;
pub use essor_store::clients_fields::Field;
use essor_store::{Tx, Workspace, clients::Upserted};
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;
use uuid::Uuid;

/// The most fields that a workspace has.
pub const MAX_FIELDS: usize = 100;
/// The most words of one choice.
const MAX_CHOICES: usize = 200;
/// The longest key, in characters.
const MAX_KEY: usize = 40;
/// The longest label or word, in characters.
const MAX_WORD: usize = 120;
/// The longest text value, in characters.
const MAX_TEXT: usize = 2_000;

/// A new field.
#[derive(Debug, Clone)]
pub struct New {
    /// How expressions and imports name it, after `field.`.
    pub key: String,
    /// Its words on the screen.
    pub label: String,
    /// text, number, money, day, choice, choices, boolean, url or person.
    pub kind: String,
    /// The words of a choice.
    pub choices: Option<Vec<String>>,
}

/// What changes of a field.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// Its words on the screen.
    pub label: Option<String>,
    /// The words of a choice; clients keep words that are no longer among them.
    pub choices: Option<Vec<String>>,
    /// Its place, from 0.
    pub position: Option<i32>,
}

fn word(text: &str, field: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, field).into());
    }
    if text.chars().count() > MAX_WORD {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", MAX_WORD).into());
    }
    if text.contains('\0') {
        return Err(Invalid::field(Code::FieldType, field).with("expected", "text without NUL").into());
    }
    Ok(text.to_owned())
}

fn choices(kind: Kind, words: Option<&Vec<String>>) -> Result<Option<Json>> {
    if !matches!(kind, Kind::Choice | Kind::Choices) {
        return Ok(None);
    }
    let words =
        words.filter(|words| !words.is_empty()).ok_or_else(|| Invalid::field(Code::FieldRequired, "choices"))?;
    if words.len() > MAX_CHOICES {
        return Err(Invalid::field(Code::ListTooLong, "choices").with("max", MAX_CHOICES).into());
    }
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for text in words {
        let text = word(text, "choices")?;
        // Words that are compared as the same are the same word.
        if seen.insert(essor_domain::clients::fold(&text)) {
            out.push(text);
        }
    }
    Ok(Some(json!(out)))
}

fn told(field: &Field) -> Json {
    json!({"key": field.key, "label": field.label, "kind": field.kind, "choices": field.choices, "position": field.position})
}

/// The fields of the workspace, in their order.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Field>> {
    let workspace = actor.require(Action::Read)?;
    Ok(store::fields(&app.db, workspace).await?)
}

/// Makes a field.
pub async fn create(app: &App, actor: &Actor, new: &New) -> Result<Field> {
    let workspace = actor.require(Action::ManageModels)?;
    let key = new.key.trim();
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) || !key.chars().all(letters) || key.len() > MAX_KEY {
        return Err(Invalid::field(Code::ClientsFieldKey, "key").with("value", key).into());
    }
    let unknown = || Invalid::field(Code::ClientsFieldKind, "kind").with("value", new.kind.as_str());
    let kind = Kind::of_field(&new.kind).ok_or_else(unknown)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let fields = store::fields(&tx, workspace).await?;
    if fields.len() >= MAX_FIELDS {
        return Err(Invalid::field(Code::ListTooLong, "fields").with("max", MAX_FIELDS).into());
    }
    if fields.iter().any(|field| field.key == key) {
        return Err(Invalid::field(Code::ClientsFieldExists, "key").with("value", key).into());
    }
    let field = Field {
        id: Uuid::now_v7(),
        key: key.to_owned(),
        label: word(&new.label, "label")?,
        kind: kind.as_str().to_owned(),
        choices: choices(kind, new.choices.as_ref())?,
        position: fields.last().map_or(0, |last| last.position + 1),
        created_at: now,
    };
    store::insert_field(&tx, workspace, &field).await?;
    emit(&tx, workspace, now, &[DomainEvent::ClientsLabelled(Vec::new())]).await?;
    let entry = Entry::of("clients.fields.create").on("field", field.id).named(&field.label).with(told(&field));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(field)
}

/// Changes the words or the place of a field.
pub async fn change(app: &App, actor: &Actor, id: Uuid, patch: &Patch) -> Result<Field> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let before = store::field(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let mut field = before.clone();
    if let Some(label) = &patch.label {
        field.label = word(label, "label")?;
    }
    if patch.choices.is_some() {
        field.choices = choices(field.kind(), patch.choices.as_ref())?;
    }
    if let Some(position) = patch.position {
        field.position = position.clamp(0, 10_000);
    }
    store::update_field(&tx, workspace, &field).await?;
    emit(&tx, workspace, now, &[DomainEvent::ClientsLabelled(Vec::new())]).await?;
    let entry = Entry::of("clients.fields.update").on("field", id).named(&field.label);
    record(&tx, actor, now, entry.change(told(&before), told(&field))).await?;
    tx.commit().await?;
    Ok(field)
}

/// Deletes a field with the values that clients have in it.
pub async fn remove(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::ManageModels)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let field = store::field(&tx, workspace, id).await?.ok_or_else(Error::not_found)?;
    let clients = store::count_values(&tx, workspace, id).await?;
    store::delete_field(&tx, workspace, id).await?;
    emit(&tx, workspace, now, &[DomainEvent::ClientsLabelled(Vec::new())]).await?;
    let mut was = told(&field);
    was["clients"] = json!(clients);
    record(&tx, actor, now, Entry::of("clients.fields.delete").on("field", id).named(&field.label).was(was)).await?;
    Ok(tx.commit().await?)
}

/// A value as the API sends it, checked by the field's kind; null and blank are none. Amounts are in cents.
pub fn value(field: &Field, json: &Json) -> Result<Option<Held>> {
    let at = format!("fields.{}", field.key);
    let wrong = |expected: &str| Invalid::field(Code::FieldType, at.as_str()).with("expected", expected);
    let text = |json: &Json| -> Result<Option<String>> {
        let text = json.as_str().ok_or_else(|| wrong("text"))?.trim();
        if text.chars().count() > MAX_TEXT {
            return Err(Invalid::field(Code::FieldTooLong, at.as_str()).with("max", MAX_TEXT).into());
        }
        if text.contains('\0') {
            return Err(wrong("text without NUL").into());
        }
        Ok((!text.is_empty()).then(|| text.to_owned()))
    };
    let chosen = |json: &Json| -> Result<Option<String>> {
        let Some(text) = text(json)? else { return Ok(None) };
        let words = field.choices().unwrap_or_default();
        let key = essor_domain::clients::fold(&text);
        let found = words.iter().find(|word| essor_domain::clients::fold(word) == key).cloned();
        let expected = || words.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
        found.map(Some).ok_or_else(|| {
            let refused = Invalid::field(Code::ClientsFieldChoice, at.as_str());
            refused.with("value", text.as_str()).with("expected", expected()).into()
        })
    };
    if json.is_null() {
        return Ok(None);
    }
    Ok(match field.kind() {
        Kind::Text | Kind::Person => text(json)?.map(Held::Text),
        Kind::Url => match text(json)? {
            Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => {
                return Err(wrong("https://…").into());
            }
            url => url.map(Held::Text),
        },
        Kind::Number => {
            let number = json.as_f64().filter(|n| n.is_finite() && n.abs() <= 1e15).ok_or_else(|| wrong("number"))?;
            Some(Held::Number(number))
        }
        Kind::Money => {
            let cents = json.as_i64().filter(|n| n.abs() <= 1_000_000_000_000_000).ok_or_else(|| wrong("cents"))?;
            Some(Held::Cents(cents))
        }
        Kind::Day | Kind::Instant => match text(json)? {
            None => None,
            Some(day) => Some(Held::Day(parse_day(&day, &at)?)),
        },
        Kind::Boolean => Some(Held::Flag(json.as_bool().ok_or_else(|| wrong("true, false"))?)),
        Kind::Choice => chosen(json)?.map(Held::Text),
        Kind::Choices => {
            let mut out: Vec<String> = Vec::new();
            for word in json.as_array().ok_or_else(|| wrong("[…]"))? {
                out.extend(chosen(word)?.filter(|word| !out.contains(word)));
            }
            (!out.is_empty()).then_some(Held::Texts(out))
        }
    })
}

/// A value that a client once had, to be given back: a word that is no longer among the choices is a value all the same.
/// None when it is no value of the field.
pub(super) fn given_back(field: &Field, json: &Json) -> Option<Held> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    match field.kind() {
        Kind::Choice => text(json).map(Held::Text),
        Kind::Choices => json.as_array()?.iter().map(text).collect::<Option<_>>().map(Held::Texts),
        _ => value(field, json).ok().flatten(),
    }
}

/// The values of several fields, checked: a field by its key, with what it becomes.
pub fn checked(fields: &[Field], values: &Map<String, Json>) -> Result<Vec<(Uuid, Option<Held>)>> {
    values
        .iter()
        .map(|(key, json)| {
            let field = fields.iter().find(|field| field.key == *key).ok_or_else(|| {
                Invalid::field(Code::ClientsFieldUnknown, format!("fields.{key}")).with("value", key.as_str())
            })?;
            Ok((field.id, value(field, json)?))
        })
        .collect()
}

/// Stores the values that inputs of an upsert bring. The first refused one refuses the whole call.
pub(super) async fn of_inputs(
    tx: &Tx,
    workspace: Workspace,
    inputs: &[essor_domain::clients::ClientInput],
    done: &[Upserted],
) -> Result<()> {
    if inputs.iter().all(|input| input.fields.is_empty()) {
        return Ok(());
    }
    let fields = store::fields(tx, workspace).await?;
    // A source that knows a client by a former id says of it only what nobody has said yet.
    let names: Vec<&str> = inputs.iter().map(|input| input.external_id.as_str()).collect();
    let aliases = essor_store::clients::gone::aliases(tx, workspace, &names).await?;
    let led: Vec<Uuid> = aliases.values().map(|(id, _)| *id).collect();
    let kinds = fields.iter().map(|field| (field.id, field.kind())).collect();
    let stands = store::values_of(tx, workspace, &led, &kinds).await?;
    // By field, so that a thousand clients cost as many statements as there are fields. The last word counts.
    let mut by_field: std::collections::BTreeMap<Uuid, std::collections::BTreeMap<Uuid, Option<Held>>> =
        Default::default();
    for (i, (input, row)) in inputs.iter().zip(done).enumerate() {
        let values = checked(&fields, &input.fields).map_err(|error| match error {
            Error::Invalid(refused) => super::at(i, inputs.len(), refused).into(),
            other => other,
        })?;
        let taken = |field: &Uuid| {
            aliases.contains_key(&input.external_id) && stands.get(&row.id).is_some_and(|of| of.contains_key(field))
        };
        for (field, held) in values.into_iter().filter(|(field, _)| !taken(field)) {
            by_field.entry(field).or_default().insert(row.id, held);
        }
    }
    for (field, values) in by_field {
        let values: Vec<_> = values.into_iter().collect();
        store::set_values(tx, workspace, field, &values).await?;
    }
    Ok(())
}
