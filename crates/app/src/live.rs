//! What live pages are told: kinds and ids only; the page refetches with the reader's own permissions.

use crate::App;
use crate::error::Result;
use essor_store::Workspace;
use essor_store::events::{self, Place};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// One message to the pages of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The newest log entry it covers: where a page resumes.
    #[serde(skip)]
    pub place: Place,
    /// Whose pages.
    #[serde(skip)]
    pub workspace: Uuid,
    /// What changed: `health`, `mrr`, `clients`, `usage`, `quarantine`, `workspace`, `members`, `tokens`, `sessions`,
    /// `audit`, `opportunities`, `tasks`, `notes`, `notifications`, `objectives`, `spend`; `everything` for a page that fell behind.
    pub kinds: BTreeSet<String>,
    /// Which clients, at most 100.
    pub clients: BTreeSet<Uuid>,
}

/// Spreads the event log to the pages of this process.
#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<Arc<Change>>,
}

impl Default for Live {
    fn default() -> Self {
        Live { sender: broadcast::channel(1_024).0 }
    }
}

/// A message names at most this many clients.
const NAMED: usize = 100;
/// Pages are told at most this often: a burst of events is one message.
const PACE: Duration = Duration::from_millis(200);
/// How often to look for what other processes did.
const POLL: Duration = Duration::from_millis(500);

impl Live {
    /// Listens to all workspaces; the caller keeps only its own.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Change>> {
        self.sender.subscribe()
    }

    /// Reads the log after an entry and tells the pages, until told to stop. The entry is [`place`] of before the first
    /// request: what happens while a page is already listening must not be taken for the past.
    pub async fn run(self, app: App, mut last: Place, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let woken = app.db.committed();
            tokio::pin!(woken);
            woken.as_mut().enable();
            match self.forward(&app, last).await {
                Ok(newest) => last = newest,
                Err(error) => tracing::warn!(feature = "live", %error, "the event log could not be read"),
            }
            tokio::select! {
                () = &mut woken => tokio::time::sleep(PACE).await,
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn forward(&self, app: &App, mut last: Place) -> Result<Place> {
        loop {
            let batch = events::after(&app.db, last, 1_000).await?;
            let Some(newest) = batch.last().map(events::Event::place) else { return Ok(last) };
            last = newest;
            for change in gather(&batch) {
                // Nobody listening is no fault.
                let _ = self.sender.send(Arc::new(change));
            }
        }
    }
}

/// Where the log stands.
pub async fn place(app: &App) -> Result<Place> {
    Ok(events::newest(&app.db).await?)
}

/// What a page missed since an entry of the log: it resumes with one message.
pub async fn missed(app: &App, workspace: Workspace, last: Place) -> Result<Option<Change>> {
    let (mut last, mut out) = (last, None::<Change>);
    loop {
        let batch = events::after(&app.db, last, 1_000).await?;
        let Some(newest) = batch.last().map(events::Event::place) else { return Ok(out) };
        last = newest;
        let Some(more) = gather(&batch).into_iter().find(|change| change.workspace == workspace.0) else { continue };
        match &mut out {
            None => out = Some(more),
            Some(change) => {
                change.place = more.place;
                change.kinds.extend(more.kinds);
                let room = NAMED.saturating_sub(change.clients.len());
                change.clients.extend(more.clients.into_iter().take(room));
            }
        }
    }
}

/// One message per workspace from a run of log entries.
fn gather(batch: &[events::Event]) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    for event in batch {
        let at = out.iter().position(|change| change.workspace == event.workspace_id).unwrap_or_else(|| {
            out.push(Change {
                place: Place::default(),
                workspace: event.workspace_id,
                kinds: BTreeSet::new(),
                clients: BTreeSet::new(),
            });
            out.len() - 1
        });
        let change = &mut out[at];
        change.place = event.place();
        change.kinds.insert(event.kind.clone());
        let named = event.payload.get("clients").and_then(|c| c.as_array()).into_iter().flatten();
        for id in named.filter_map(|id| id.as_str()?.parse().ok()) {
            if change.clients.len() < NAMED {
                change.clients.insert(id);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_burst_is_one_message_per_workspace() {
        let (a, b, client) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(9));
        let event = |id, workspace_id, kind: &str| events::Event {
            tx: 0,
            id,
            workspace_id,
            kind: kind.into(),
            client_id: None,
            payload: json!({"clients": [client]}),
        };
        let changes = gather(&[event(1, a, "usage"), event(2, b, "mrr"), event(3, a, "health")]);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].place.id, 3);
        assert_eq!(changes[0].kinds, BTreeSet::from(["health".to_owned(), "usage".to_owned()]));
        assert_eq!(changes[0].clients, BTreeSet::from([client]));
    }
}
