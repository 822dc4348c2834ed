//! What an action makes of each client, and how it is written and taken back.

use super::super::asked::shown;
use super::super::fields;
use crate::App;
use crate::error::{Error, Result};
use crate::events::DomainEvent;
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{MAX_TAG, fold};
use essor_domain::tasks::{MAX_BUSINESS_DAYS, Origin, Priority, check_title};
use essor_domain::time::parse_day;
use essor_domain::{Code, Invalid};
use essor_store::clients_bulk::{self as store, Word};
use essor_store::clients_fields::{self, Field};
use essor_store::identity::members;
use essor_store::tasks::{self, Saved};
use essor_store::{Conn, Tx, Workspace};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What is done to each client of a selection.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Act {
    /// Puts a person in charge, or nobody.
    Assign {
        /// Their name.
        owner: Option<String>,
    },
    /// Gives a tag.
    Tag {
        /// The tag.
        tag: String,
    },
    /// Takes a tag away.
    Untag {
        /// The tag.
        tag: String,
    },
    /// Sets a fact: segment, industry, country, owner, plan, seats, since, paused or a field of one's own.
    Set {
        /// Its key.
        fact: String,
        /// Its value; null for none.
        #[serde(default)]
        value: Json,
    },
    /// Sets aside clients that no longer pay.
    Archive,
    /// Takes that back.
    Restore,
    /// Makes a task for each.
    #[serde(rename_all = "camelCase")]
    Task {
        /// What to do.
        title: String,
        /// Due so many business days from today.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_in_days: Option<u32>,
        /// A member; nobody when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Uuid>,
        /// low, normal (the default), high or urgent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<String>,
    },
    /// Deals somebody's clients out to colleagues: a run of its own kind, not begun as others are.
    #[serde(rename_all = "camelCase")]
    Reassign {
        /// Whose.
        from: String,
        /// The person whose open tasks go too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_user: Option<Uuid>,
        /// The colleagues, by the word that names each at clients.
        receivers: BTreeMap<String, Uuid>,
        /// The day on which it is taken back by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        returns_on: Option<NaiveDate>,
    },
}

/// An action that has been checked.
pub(super) enum Change {
    Word(Word, Option<String>),
    Field(Field, Json),
    Tag(String, bool),
    Seats(Option<i32>),
    Since(Option<NaiveDate>),
    Paused(bool),
    Archived(bool),
    Task { title: String, due: Option<NaiveDate>, owner: Option<Uuid>, priority: i32 },
}

/// What a change makes of one client.
pub(super) enum Step {
    Change(Json),
    Same,
    Refuse(Code),
}

/// A client, its name, what it is and what becomes of it.
pub(super) type Stepped = (Uuid, String, Json, Step);

pub(super) fn short(text: &str, field: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", max).into());
    }
    if text.contains('\0') {
        return Err(Invalid::field(Code::FieldType, field).with("expected", "text without NUL").into());
    }
    Ok(text.to_owned())
}

fn tag(text: &str) -> Result<String> {
    let tag = short(text, "action.tag", MAX_TAG)?;
    if fold(&tag).is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "action.tag").into());
    }
    Ok(tag)
}

fn word(word: Word, value: Option<&str>, field: &str) -> Result<Change> {
    essor_domain::clients::word(value, field)?;
    let value = value.map(|value| value.trim().to_owned());
    Ok(Change::Word(word, value.filter(|value| !value.is_empty())))
}

fn seats(value: &Json) -> Result<Change> {
    if value.is_null() {
        return Ok(Change::Seats(None));
    }
    let whole = value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64));
    let whole =
        whole.ok_or_else(|| Invalid::field(Code::FieldType, "action.value").with("expected", "whole number"))?;
    let seats = i32::try_from(whole).ok().filter(|seats| (0..=10_000_000).contains(seats));
    let range = || Invalid::field(Code::FieldRange, "action.value").with("min", 0).with("max", 10_000_000);
    Ok(Change::Seats(Some(seats.ok_or_else(range)?)))
}

fn since(value: &Json) -> Result<Change> {
    Ok(Change::Since(match value {
        Json::Null => None,
        Json::String(day) => Some(parse_day(day, "action.value")?),
        _ => return Err(Invalid::field(Code::FieldType, "action.value").with("expected", "YYYY-MM-DD").into()),
    }))
}

impl Change {
    /// Checks an action.
    pub(super) async fn of(app: &App, workspace: Workspace, act: &Act) -> Result<Change> {
        let db = app.db.primary();
        match act {
            Act::Assign { owner } => word(Word::Owner, owner.as_deref(), "action.owner"),
            Act::Tag { tag: text } => Ok(Change::Tag(tag(text)?, true)),
            Act::Untag { tag: text } => Ok(Change::Tag(tag(text)?, false)),
            // Its receivers were not checked on this way.
            Act::Reassign { .. } => {
                Err(Invalid::field(Code::FieldType, "action.kind").with("expected", "assign").into())
            }
            Act::Archive => Ok(Change::Archived(true)),
            Act::Restore => Ok(Change::Archived(false)),
            Act::Set { fact, value } => {
                let expected = |what: &str| Invalid::field(Code::FieldType, "action.value").with("expected", what);
                if let Some(key) = fact.strip_prefix("field.") {
                    let all = clients_fields::fields(&db, workspace).await?;
                    let field = all.into_iter().find(|field| field.key == key).ok_or_else(|| {
                        Invalid::field(Code::ClientsFieldUnknown, "action.fact").with("value", fact.as_str())
                    })?;
                    fields::value(&field, value)?;
                    return Ok(Change::Field(field, value.clone()));
                }
                if fact == "paused" {
                    return Ok(Change::Paused(value.as_bool().ok_or_else(|| expected("true, false"))?));
                }
                if fact == "seats" {
                    return seats(value);
                }
                if fact == "since" {
                    return since(value);
                }
                let known = Word::of(fact).ok_or_else(|| {
                    Invalid::field(Code::ClientsFactFixed, "action.fact").with("value", fact.as_str())
                })?;
                match value {
                    Json::Null => word(known, None, "action.value"),
                    Json::String(text) => word(known, Some(text), "action.value"),
                    _ => Err(expected("text").into()),
                }
            }
            Act::Task { title, due_in_days, owner, priority } => {
                if let Some(owner) = owner
                    && members::role(&db, workspace, *owner).await?.is_none()
                {
                    return Err(Invalid::field(Code::TasksOwnerUnknown, "action.owner").into());
                }
                let due = match due_in_days {
                    Some(days) => {
                        let days = u16::try_from(*days).unwrap_or(u16::MAX).min(MAX_BUSINESS_DAYS);
                        Some(crate::tasks::business_day(&db, workspace, app.clock.now(), days).await?)
                    }
                    None => None,
                };
                let priority = priority.as_deref().map_or(Ok(Priority::Normal), Priority::parse)?;
                let title = check_title(title)?;
                Ok(Change::Task { title, due, owner: *owner, priority: priority.rank() })
            }
        }
    }

    /// What some clients are, and what would become of them; an id of no client of the workspace is refused.
    pub(super) async fn steps(&self, conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<Vec<Stepped>> {
        let known: HashMap<Uuid, store::Now> =
            store::now(conn, workspace, clients).await?.into_iter().map(|now| (now.id, now)).collect();
        let beside = self.beside(conn, workspace, clients).await?;
        let step = |id: &Uuid| {
            let Some(now) = known.get(id) else {
                return (*id, String::new(), Json::Null, Step::Refuse(Code::NotFound));
            };
            let before = self.before(now, beside.get(id));
            let step = match (self, self.after()) {
                (Change::Archived(true), _) if !now.archived && now.mrr_cents > 0 => {
                    Step::Refuse(Code::ClientsStillPaying)
                }
                (Change::Task { .. }, after) => Step::Change(after),
                (_, after) if after == before => Step::Same,
                (_, after) => Step::Change(after),
            };
            (*id, now.name.clone(), before, step)
        };
        Ok(clients.iter().map(step).collect())
    }

    /// What stands in another table than that of clients.
    async fn beside(&self, conn: &impl Conn, workspace: Workspace, clients: &[Uuid]) -> Result<HashMap<Uuid, Json>> {
        Ok(match self {
            Change::Field(field, _) => {
                let kinds = HashMap::from([(field.id, field.kind())]);
                let values = clients_fields::values_of(conn, workspace, clients, &kinds).await?;
                values.iter().filter_map(|(id, of)| Some((*id, shown(of.get(&field.id)?)))).collect()
            }
            Change::Tag(tag, _) => {
                let key = fold(tag);
                let tags = clients_fields::tags_of(conn, workspace, clients).await?;
                let has = |tags: &[String]| tags.iter().find(|tag| fold(tag) == key).map(|tag| json!(tag));
                tags.iter().filter_map(|(id, tags)| Some((*id, has(tags)?))).collect()
            }
            _ => HashMap::new(),
        })
    }

    fn before(&self, now: &store::Now, beside: Option<&Json>) -> Json {
        match self {
            Change::Word(word, _) => json!(word.at(now).filter(|text| !text.is_empty())),
            Change::Field(..) => beside.cloned().unwrap_or_default(),
            // A tag that is there in other letters is the same tag, and comes back in its own.
            Change::Tag(tag, true) => beside.map_or(Json::Null, |_| json!(tag)),
            Change::Tag(_, false) => beside.cloned().unwrap_or_default(),
            Change::Seats(_) => json!(now.seats),
            Change::Since(_) => json!(now.since),
            Change::Paused(_) => json!(now.paused),
            Change::Archived(_) => json!(now.archived),
            Change::Task { .. } => Json::Null,
        }
    }

    fn after(&self) -> Json {
        match self {
            Change::Word(_, value) => json!(value),
            Change::Field(field, value) => {
                fields::value(field, value).ok().flatten().map_or(Json::Null, |held| shown(&held))
            }
            Change::Tag(tag, true) => json!(tag),
            Change::Tag(_, false) => Json::Null,
            Change::Seats(seats) => json!(seats),
            Change::Since(day) => json!(day),
            Change::Paused(flag) | Change::Archived(flag) => json!(flag),
            Change::Task { title, .. } => json!(title),
        }
    }

    /// Whether a value can be given back as it was.
    pub(super) fn can_give_back(&self, value: &Json) -> bool {
        match self {
            Change::Field(field, _) => value.is_null() || fields::given_back(field, value).is_some(),
            _ => true,
        }
    }

    /// Whom the tasks are for, and what they are; none when no task is made, or for whoever makes them.
    pub(super) fn for_another(&self, by: Option<Uuid>) -> Option<(Uuid, &str, Option<NaiveDate>)> {
        let Change::Task { title, due, owner, .. } = self else { return None };
        owner.filter(|owner| Some(*owner) != by).map(|owner| (owner, title.as_str(), *due))
    }

    /// Writes a value at clients: the one of the change, or the one before it. Tasks are made and taken away elsewhere.
    pub(super) async fn write(
        &self,
        tx: &Tx,
        workspace: Workspace,
        value: &Json,
        clients: &[Uuid],
        at: DateTime<Utc>,
    ) -> Result<()> {
        match self {
            Change::Word(word, _) => store::set_word(tx, workspace, *word, value.as_str(), clients, at).await?,
            Change::Field(field, _) => {
                let held = fields::given_back(field, value);
                let values: Vec<_> = clients.iter().map(|client| (*client, held.clone())).collect();
                clients_fields::set_values(tx, workspace, field.id, &values).await?;
            }
            Change::Tag(tag, _) if value.is_null() => clients_fields::untag(tx, workspace, tag, clients).await?,
            Change::Tag(tag, _) => {
                clients_fields::tag(tx, workspace, value.as_str().unwrap_or(tag), clients).await?;
            }
            Change::Seats(_) => {
                let seats = value.as_i64().and_then(|seats| i32::try_from(seats).ok());
                store::set_seats(tx, workspace, seats, clients, at).await?;
            }
            Change::Since(_) => {
                let day = value.as_str().and_then(|day| day.parse().ok());
                store::set_since(tx, workspace, day, clients, at).await?;
            }
            Change::Paused(_) => {
                store::set_flag(tx, workspace, false, value.as_bool().unwrap_or(false), clients, at).await?;
            }
            Change::Archived(_) => {
                store::set_flag(tx, workspace, true, value.as_bool().unwrap_or(false), clients, at).await?;
            }
            Change::Task { .. } => {}
        }
        Ok(())
    }

    /// Makes the tasks; by client, their ids.
    pub(super) async fn make_tasks(
        &self,
        tx: &Tx,
        workspace: Workspace,
        by: Option<Uuid>,
        clients: &[Uuid],
        at: DateTime<Utc>,
    ) -> Result<BTreeMap<Uuid, Uuid>> {
        let Change::Task { title, due, owner, priority } = self else { return Ok(BTreeMap::new()) };
        let task = |client: &Uuid| Saved {
            id: Uuid::now_v7(),
            title: title.clone(),
            note: None,
            owner_id: owner.or(by),
            priority: *priority,
            due: *due,
            client_id: Some(*client),
            origin: Origin::Hand.as_str().to_owned(),
            opportunity_id: None,
            done_at: None,
            done_by: None,
            created_by: by,
            created_at: at,
            checklist: Vec::new(),
        };
        let items: Vec<Saved> = clients.iter().map(task).collect();
        tasks::insert(tx, workspace, &items, at).await?;
        Ok(items.into_iter().filter_map(|task| Some((task.client_id?, task.id))).collect())
    }

    /// What happened to clients: figures move with a segment, seats or a status, not with a name.
    pub(super) fn event(&self, clients: Vec<Uuid>) -> DomainEvent {
        match self {
            Change::Word(Word::Segment, _) | Change::Seats(_) | Change::Paused(_) | Change::Archived(_) => {
                DomainEvent::ClientsChanged(clients)
            }
            Change::Task { .. } => DomainEvent::TasksChanged(clients),
            _ => DomainEvent::ClientsLabelled(clients),
        }
    }
}

/// The action of a run as it was stored.
pub(super) fn act(stored: &Json) -> Result<Act> {
    serde_json::from_value(stored.clone()).map_err(|error| Error::Internal(error.to_string()))
}
