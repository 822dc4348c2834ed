//! Since when what is said of a signal is known. What a source sends again is known since the first time; a correction is
//! known since it came, and what it corrects was believed until then; an end may be learned later than the rest.

use super::{COLUMNS, Signal};
use crate::clients::clean;
use crate::health::beliefs::{About, Belief};
use crate::{Result, Tx, Workspace, all_as, list, vals};
use chrono::{DateTime, Duration, Utc};
use essor_domain::clients::SignalInput;
use essor_domain::time::micros;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Signals as they are stored, by kind and message id.
pub(super) struct Stored(HashMap<String, HashMap<String, Signal>>);

impl Stored {
    pub fn get(&self, (kind, message_id): &(&str, &str)) -> Option<&Signal> {
        self.0.get(*kind)?.get(*message_id)
    }
}

/// Those that inputs are about.
pub(super) async fn stored(tx: &Tx, workspace: Workspace, inputs: &[SignalInput]) -> Result<Stored> {
    let mut out: HashMap<String, HashMap<String, Signal>> = HashMap::new();
    for chunk in inputs.chunks(400) {
        let kinds: BTreeSet<&str> = chunk.iter().map(|input| input.kind.as_str()).filter(|kind| scored(kind)).collect();
        for kind in kinds {
            let of: Vec<&str> =
                chunk.iter().filter(|input| input.kind == kind).map(|input| input.message_id.as_str()).collect();
            let mut values = vals![workspace.0, kind];
            values.extend(of.iter().map(|id| (*id).into()));
            let sql = format!(
                "SELECT {COLUMNS} FROM clients_signals WHERE workspace_id = $1 AND kind = $2 AND message_id IN ({})",
                list(3, of.len())
            );
            let rows: Vec<Signal> = all_as(tx, &sql, values).await?;
            out.entry(kind.to_owned()).or_default().extend(rows.into_iter().map(|row| (row.message_id.clone(), row)));
        }
    }
    Ok(Stored(out))
}

/// Writes on a signal since when it and its end are known; returns what was believed instead until then.
pub(super) fn learn(
    signal: &mut Signal,
    before: Option<&Signal>,
    said: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Belief> {
    let said = said.map(micros);
    // Nobody knows an end before it comes, unless nobody says when they knew.
    let end_known = |since: DateTime<Utc>| signal.ended_at.map(|at| if said.is_some() { since.max(at) } else { since });
    let Some(before) = before else {
        let known = said.unwrap_or_else(|| micros(now));
        (signal.ended_known_at, signal.known_at) = (end_known(known), known);
        return None;
    };
    if same(before, signal, true) {
        (signal.known_at, signal.ended_known_at) = (before.known_at, before.ended_known_at);
        return None;
    }
    if before.ended_at.is_none() && same(before, signal, false) {
        (signal.ended_known_at, signal.known_at) = (end_known(said.unwrap_or_else(|| micros(now))), before.known_at);
        return None;
    }
    let later = before.known_at + Duration::microseconds(1);
    let known = said.filter(|said| *said >= later).unwrap_or_else(|| micros(now)).max(later);
    (signal.ended_known_at, signal.known_at) = (end_known(known), known);
    Some(belief(before, known))
}

/// What was believed of a signal until an instant: what scores read of it, and no text.
pub(super) fn belief(signal: &Signal, until: DateTime<Utc>) -> Belief {
    let read =
        ["reopened", "survey"].into_iter().filter_map(|key| Some((key.to_owned(), signal.data.get(key)?.clone())));
    let state = Signal { data: clean(Json::Object(read.collect())), ..signal.clone() };
    let about: (About, Uuid) = (About::Signal, signal.id);
    Belief::of(signal.client_id, about, until, &state)
}

/// Whether any score reads signals of a kind.
fn scored(kind: &str) -> bool {
    !matches!(kind, "metric" | "churn_reason")
}

/// Whether two states of a signal say the same to scores, with or without how it ended. What a client thought of the
/// answer to a ticket is part of its end.
fn same(a: &Signal, b: &Signal, with_end: bool) -> bool {
    let of = |s: &Signal, key: &str| s.data.get(key).cloned();
    let rated_at_end = a.kind == "ticket" && (!with_end || a.ended_at.is_none());
    a.client_id == b.client_id
        && a.occurred_at == b.occurred_at
        && a.priority == b.priority
        && a.amount_cents == b.amount_cents
        && a.due_on == b.due_on
        && (rated_at_end || a.score == b.score)
        && (!with_end || a.ended_at == b.ended_at)
        && ["reopened", "survey"].iter().all(|key| of(a, key) == of(b, key))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-06-{text}:00Z").parse().unwrap()
    }

    fn ticket(ended: Option<&str>, priority: &str, score: Option<f64>) -> Signal {
        Signal {
            id: Uuid::from_u128(1),
            client_id: Uuid::from_u128(2),
            kind: "ticket".into(),
            message_id: "t".into(),
            occurred_at: at("01T08:00"),
            ended_at: ended.map(at),
            known_at: at("01T08:00"),
            ended_known_at: ended.map(at),
            priority: Some(priority.into()),
            score,
            amount_cents: None,
            due_on: None,
            contact_id: None,
            data: Json::Object(serde_json::Map::new()),
        }
    }

    #[test]
    fn what_is_said_again_is_known_since_the_first_time_and_a_correction_since_it_came() {
        let now = at("24T09:00");
        // before, after, said to be known, then: known, end known, believed until
        let (open, early) = (ticket(None, "low", None), Some("01T08:00"));
        let closed = ticket(Some("03T08:00"), "low", Some(5.0));
        for (before, after, said, known, end, until) in [
            (None, &closed, None, "24T09:00", Some("24T09:00"), None),
            (None, &closed, early, "01T08:00", Some("03T08:00"), None),
            (Some(&open), &open, None, "01T08:00", None, None),
            (Some(&closed), &closed, None, "01T08:00", Some("03T08:00"), None),
            (Some(&open), &closed, None, "01T08:00", Some("24T09:00"), None),
            (Some(&open), &closed, early, "01T08:00", Some("03T08:00"), None),
            (Some(&open), &ticket(None, "high", None), None, "24T09:00", None, Some("24T09:00")),
            (Some(&open), &ticket(None, "high", None), early, "24T09:00", None, Some("24T09:00")),
            (Some(&open), &ticket(None, "high", None), Some("09T08:00"), "09T08:00", None, Some("09T08:00")),
            (Some(&closed), &open, None, "24T09:00", None, Some("24T09:00")),
            (
                Some(&closed),
                &ticket(Some("03T08:00"), "low", Some(1.0)),
                None,
                "24T09:00",
                Some("24T09:00"),
                Some("24T09:00"),
            ),
        ] {
            let mut signal = after.clone();
            let belief = learn(&mut signal, before, said.map(at), now);
            let told = format!("{before:?} → {after:?}");
            assert_eq!((signal.known_at, signal.ended_known_at), (at(known), end.map(at)), "{told}");
            assert_eq!(belief.map(|belief| belief.until), until.map(at), "{told}");
        }
    }
}
