//! Everything that happened at a client in one stream: signals, notes, tasks, opportunities, MRR movements, stages of its
//! journey, changes of health and of the client itself.
//!
//! Each source is read once a page, from the place where the page before ended; the pages are merged by instant. Entries
//! of one instant are ordered by source, then by key, so that a page ends in the middle of an instant without losing or
//! repeating anything.

use super::read::client;
use crate::error::Result;
use crate::journey::Templates;
use crate::{Actor, App};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use essor_domain::clients::SignalKind;
use essor_domain::time::{end_of_day, parse_zone};
use essor_store::clients::stream::{self, Place};
use essor_store::journey::visits;
use essor_store::{Workspace, growth, health};
use serde_json::{Value, json};
use uuid::Uuid;

/// One entry of the stream.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Unique within the client.
    pub id: String,
    /// A signal's kind, `note`, `task`, `opportunity`, `mrr`, `health`, `change`, `file` or `journey`.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it ended: a ticket closed, a task done.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether it is a signal that a person recorded, and may correct.
    pub by_hand: bool,
    /// The person at the client that a signal is about or from.
    pub contact_id: Option<Uuid>,
    /// The facts of its kind.
    pub data: Value,
    place: (u8, String),
}

impl Entry {
    /// Where it stands in the stream.
    pub fn cursor(&self) -> Cursor {
        (self.at, self.place.0, self.place.1.clone())
    }
}

/// A place in the stream: the instant, the source's number, the key within the source.
pub type Cursor = (DateTime<Utc>, u8, String);

/// The sources besides signals, with the number that orders them within an instant.
const SOURCES: [(&str, u8); 8] = [
    ("note", 1),
    ("task", 2),
    ("opportunity", 3),
    ("mrr", 4),
    ("health", 5),
    ("change", 6),
    ("file", 7),
    ("journey", 8),
];
const SIGNALS: u8 = 0;

/// What is asked of every source.
struct Ask<'a> {
    app: &'a App,
    workspace: Workspace,
    client: Uuid,
    before: Option<&'a Cursor>,
    limit: i64,
}

impl Ask<'_> {
    /// From where a source is read whose keys are read off the cursor's text so.
    fn place<K>(&self, source: u8, read: impl Fn(&str) -> Option<K>) -> Place<K> {
        match self.before {
            None => Place::Newest,
            Some((at, last, _)) if source < *last => Place::At(*at),
            Some((at, last, _)) if source > *last => Place::Before(*at),
            Some((at, _, key)) => read(key).map_or(Place::Before(*at), |key| Place::After(*at, key)),
        }
    }

    fn id(&self, source: u8) -> Place<Uuid> {
        self.place(source, |key| key.parse().ok())
    }

    /// Whether an entry comes after the cursor.
    fn follows(&self, at: DateTime<Utc>, source: u8, key: &str) -> bool {
        self.before.is_none_or(|(then, last, end)| (at, source, key) < (*then, *last, end.as_str()))
    }
}

/// A client's stream, newest first, before a cursor, of some kinds or all.
pub async fn timeline(
    app: &App,
    actor: &Actor,
    id: Uuid,
    kinds: &[String],
    before: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Entry>> {
    client(app, actor, id).await?;
    let wanted = |kind: &str| kinds.is_empty() || kinds.iter().any(|k| k == kind);
    let ask = Ask { app, workspace: actor.workspace, client: id, before: before.as_ref(), limit };
    let of_signals: Vec<&str> = SignalKind::ALL.into_iter().map(SignalKind::as_str).filter(|k| wanted(k)).collect();
    let mut out = Vec::new();
    if !of_signals.is_empty() {
        out.extend(signals(&ask, if kinds.is_empty() { &[] } else { &of_signals }).await?);
    }
    for (kind, source) in SOURCES.into_iter().filter(|(kind, _)| wanted(kind)) {
        out.extend(match kind {
            "note" => notes(&ask, source).await?,
            "task" => tasks(&ask, source).await?,
            "opportunity" => opportunities(&ask, source).await?,
            "mrr" => movements(&ask, source).await?,
            "health" => scores(&ask, source).await?,
            "file" => files(&ask, source).await?,
            "journey" => stages(&ask, source).await?,
            _ => changes(&ask, source).await?,
        });
    }
    out.sort_by(|a, b| (b.at, &b.place).cmp(&(a.at, &a.place)));
    out.truncate(limit as usize);
    Ok(out)
}

async fn signals(ask: &Ask<'_>, kinds: &[&str]) -> Result<Vec<Entry>> {
    let rows = stream::signals(&ask.app.db, ask.workspace, ask.client, kinds, &ask.id(SIGNALS), ask.limit).await?;
    let entry = |s: essor_store::signals::Signal| Entry {
        id: s.id.to_string(),
        place: (SIGNALS, s.id.to_string()),
        by_hand: s.by_hand(),
        contact_id: s.contact_id,
        kind: s.kind,
        at: s.occurred_at,
        ended_at: s.ended_at,
        data: s.data,
    };
    Ok(rows.into_iter().map(entry).collect())
}

async fn notes(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let rows = stream::notes_of(&ask.app.db, ask.workspace, ask.client, &ask.id(source), ask.limit).await?;
    let entry = |note: super::Note| Entry {
        id: note.id.to_string(),
        place: (source, note.id.to_string()),
        kind: "note".into(),
        at: note.created_at,
        data: json!({
            "body": note.body,
            "author": note.author_name,
            "authorId": note.author_id,
            "editedAt": (note.updated_at > note.created_at).then_some(note.updated_at),
        }),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

async fn tasks(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let rows = stream::tasks(&ask.app.db, ask.workspace, ask.client, &ask.id(source), ask.limit).await?;
    let entry = |task: stream::TaskMade| Entry {
        id: task.id.to_string(),
        place: (source, task.id.to_string()),
        kind: "task".into(),
        at: task.created_at,
        ended_at: task.done_at,
        data: json!({"title": task.title, "owner": task.owner_name, "due": task.due, "doneBy": task.done_by_name}),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

async fn opportunities(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let rows = stream::opportunities(&ask.app.db, ask.workspace, ask.client, &ask.id(source), ask.limit).await?;
    let entry = |step: stream::OpportunityStep| Entry {
        id: format!("{}-{}-{}", step.opportunity_id, step.state, step.at.timestamp_micros()),
        place: (source, step.opportunity_id.to_string()),
        kind: "opportunity".into(),
        at: step.at,
        data: json!({
            "opportunityId": step.opportunity_id,
            "detector": step.detector,
            "state": step.state,
            "by": step.who,
            "reason": step.reason,
            "note": step.note,
            "amountCents": step.amount_cents,
            "expectedCents": step.expected_cents,
        }),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The ledger of one client is short: it is read whole and cut here.
async fn movements(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let row = crate::identity::workspace_row(&ask.app.db, ask.workspace).await?;
    let zone: Tz = parse_zone(&row.timezone)?;
    let now = ask.app.clock.now();
    let mut out = Vec::new();
    for row in growth::of_client(&ask.app.db, ask.workspace, ask.client).await? {
        let at = end_of_day(zone, row.day) - Duration::days(1);
        let key = row.day.to_string();
        if at <= now && ask.follows(at, source, &key) {
            out.push(Entry {
                id: format!("mrr-{key}"),
                place: (source, key),
                kind: "mrr".into(),
                at,
                data: json!({"kind": row.kind, "deltaCents": row.delta_cents, "afterCents": row.after_cents}),
                ..Entry::default()
            });
        }
    }
    Ok(out)
}

/// Changes of the score of at least five points, recorded on their day: smaller ones are noise in a stream of events.
/// Each is told against the last one that was, so that the history is read from its beginning.
async fn scores(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    const WORTH_TELLING: i32 = 5;
    let mut out = Vec::new();
    let mut told: Option<i32> = None;
    for (at, score, recomputed) in health::points(&ask.app.db, ask.workspace, ask.client).await? {
        let Some(score) = score else { continue };
        match told {
            Some(before) if (score - before).abs() >= WORTH_TELLING => {
                let key = at.timestamp_micros().to_string();
                if ask.follows(at, source, &key) {
                    out.push(Entry {
                        id: format!("health-{key}"),
                        place: (source, key),
                        kind: "health".into(),
                        at,
                        data: json!({"from": before, "to": score, "recomputed": recomputed}),
                        ..Entry::default()
                    });
                }
                told = Some(score);
            }
            None => told = Some(score),
            _ => {}
        }
    }
    Ok(out)
}

/// Stays in the stages of its journey, from the day on which each began: a journey has few, which are cut here.
async fn stages(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let stays = visits::of_client(&ask.app.db, ask.workspace, ask.client).await?;
    if stays.is_empty() {
        return Ok(Vec::new());
    }
    let row = crate::identity::workspace_row(&ask.app.db, ask.workspace).await?;
    let zone: Tz = parse_zone(&row.timezone)?;
    let templates = Templates::load(&ask.app.db, ask.workspace).await?;
    let begins = |day: NaiveDate| end_of_day(zone, day - Days::new(1));
    let mut out = Vec::new();
    for stay in stays {
        let (at, key) = (begins(stay.entered_on), format!("{:03}-{}", stay.place, stay.id));
        if !ask.follows(at, source, &key) {
            continue;
        }
        out.push(Entry {
            id: stay.id.to_string(),
            place: (source, key),
            kind: "journey".into(),
            at,
            ended_at: stay.left_on.map(begins),
            data: json!({
                "stage": stay.stage,
                "label": templates.label(&stay.stage),
                "inferred": stay.inferred,
                "outcome": stay.outcome,
                "days": stay.days,
                "reason": stay.reason,
                "by": stay.user_name,
            }),
            ..Entry::default()
        });
    }
    Ok(out)
}

async fn files(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let rows = stream::files(&ask.app.db, ask.workspace, ask.client, &ask.id(source), ask.limit).await?;
    let entry = |file: super::FileRow| Entry {
        id: file.id.to_string(),
        place: (source, file.id.to_string()),
        kind: "file".into(),
        at: file.created_at,
        data: json!({"name": file.name, "size": file.size, "by": file.uploaded_by_name}),
        ..Entry::default()
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// What was changed of the client itself, one at a time: who reads the client may see by whom, though not from where.
async fn changes(ask: &Ask<'_>, source: u8) -> Result<Vec<Entry>> {
    let place = ask.place(source, |key| key.parse::<i64>().ok());
    let rows = stream::changes(&ask.app.db, ask.workspace, ask.client, &place, ask.limit).await?;
    let entry = |row: stream::Changed| {
        let payload: Value = row.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        Entry {
            id: format!("change-{}", row.seq),
            // Of one width, so that the order of texts is the order of numbers.
            place: (source, format!("{:020}", row.seq)),
            kind: "change".into(),
            at: row.at,
            data: json!({
                "operation": row.operation,
                "actorKind": row.actor_kind,
                "by": payload["who"],
                "before": payload["before"],
                "after": payload["after"],
            }),
            ..Entry::default()
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}
