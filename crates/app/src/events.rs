//! What can happen, and every reaction of the system to it, on one screen.
//!
//! An event is written to the log in the transaction that makes it true; its reactions are jobs enqueued in the same
//! transaction, so nothing is promised that did not happen and nothing that happened is forgotten.

use crate::error::Result;
use crate::jobs::{GROWTH_OBJECTIVES, HEALTH_SCORE, JOURNEY_EVALUATE, JobKind, OPPORTUNITIES_DETECT, USAGE_REPAIR};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use essor_store::growth::objectives;
use essor_store::jobs::Turn;
use essor_store::{Tx, Workspace, events, jobs};
use serde_json::json;
use uuid::Uuid;

/// Something that happened in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum DomainEvent {
    /// Facts about clients themselves changed: fields, contacts, seats.
    ClientsChanged(Vec<Uuid>),
    /// What people say of clients changed and no figure with it: owner, tags, own fields.
    ClientsLabelled(Vec<Uuid>),
    /// Subscriptions changed the MRR ledger of clients.
    MrrChanged(Vec<Uuid>),
    /// Usage of clients arrived.
    UsageReceived(Vec<Uuid>),
    /// Signals about clients arrived: tickets, survey answers.
    SignalsReceived(Vec<Uuid>),
    /// A client's score or its factors changed.
    HealthChanged {
        /// Whose.
        client: Uuid,
        /// Score before.
        from: Option<i32>,
        /// Score now.
        to: Option<i32>,
    },
    /// Messages entered or left the quarantine.
    QuarantineChanged,
    /// The workspace's own settings changed: every figure may.
    WorkspaceChanged,
    /// The zone changed: these clients' events fall on other civil days.
    ZoneChanged(Vec<Uuid>),
    /// An objective was set, changed or deleted.
    ObjectivesChanged,
    /// An objective's target was met for the first time.
    ObjectiveReached {
        /// Which.
        objective: Uuid,
        /// Its name.
        name: String,
        /// On which day.
        day: NaiveDate,
    },
    /// Acquisition spend or the gross margin changed.
    SpendChanged,
    /// Members, their roles or the invitations changed.
    MembersChanged,
    /// Tokens or write keys changed.
    TokensChanged,
    /// Sessions began or ended.
    SessionsChanged,
    /// Opportunities of clients were found, changed or decided.
    OpportunitiesChanged(Vec<Uuid>),
    /// Tasks changed, of these clients or of none.
    TasksChanged(Vec<Uuid>),
    /// Notes about clients were written, changed or taken away.
    NotesChanged(Vec<Uuid>),
    /// Surveys were written, sent or answered.
    SurveysChanged,
    /// Journeys of clients changed; of none: templates or settings did.
    JourneyChanged(Vec<Uuid>),
    /// Something about a client's journey is late that was not before.
    JourneyAlertRaised(JourneyAlert),
    /// It no longer is.
    JourneyAlertResolved(JourneyAlert),
}

/// A delay alert: what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyAlert {
    /// Whose journey.
    pub client: Uuid,
    /// What is late.
    pub kind: String,
    /// The stage's key, the milestone's id, the action's key.
    pub subject: String,
}

impl JourneyAlert {
    fn told(&self, state: &str) -> serde_json::Value {
        json!({"clients": [self.client], "alert": self.kind, "subject": self.subject, "state": state})
    }
}

impl DomainEvent {
    /// The name in the log; also what live pages are told (`kinds`).
    pub const fn kind(&self) -> &'static str {
        match self {
            DomainEvent::ClientsChanged(_) | DomainEvent::ClientsLabelled(_) | DomainEvent::SignalsReceived(_) => {
                "clients"
            }
            DomainEvent::MrrChanged(_) => "mrr",
            DomainEvent::UsageReceived(_) => "usage",
            DomainEvent::HealthChanged { .. } => "health",
            DomainEvent::QuarantineChanged => "quarantine",
            DomainEvent::WorkspaceChanged | DomainEvent::ZoneChanged(_) => "workspace",
            DomainEvent::ObjectivesChanged | DomainEvent::ObjectiveReached { .. } => "objectives",
            DomainEvent::SpendChanged => "spend",
            DomainEvent::MembersChanged => "members",
            DomainEvent::TokensChanged => "tokens",
            DomainEvent::SessionsChanged => "sessions",
            DomainEvent::OpportunitiesChanged(_) => "opportunities",
            DomainEvent::TasksChanged(_) => "tasks",
            DomainEvent::NotesChanged(_) => "notes",
            DomainEvent::SurveysChanged => "surveys",
            DomainEvent::JourneyChanged(_)
            | DomainEvent::JourneyAlertRaised(_)
            | DomainEvent::JourneyAlertResolved(_) => "journey",
        }
    }

    /// The clients it is about.
    fn clients(&self) -> &[Uuid] {
        match self {
            DomainEvent::ClientsChanged(ids)
            | DomainEvent::ClientsLabelled(ids)
            | DomainEvent::MrrChanged(ids)
            | DomainEvent::UsageReceived(ids)
            | DomainEvent::SignalsReceived(ids)
            | DomainEvent::ZoneChanged(ids)
            | DomainEvent::OpportunitiesChanged(ids)
            | DomainEvent::TasksChanged(ids)
            | DomainEvent::NotesChanged(ids)
            | DomainEvent::JourneyChanged(ids) => ids,
            DomainEvent::HealthChanged { client, .. }
            | DomainEvent::JourneyAlertRaised(JourneyAlert { client, .. })
            | DomainEvent::JourneyAlertResolved(JourneyAlert { client, .. }) => std::slice::from_ref(client),
            DomainEvent::QuarantineChanged
            | DomainEvent::WorkspaceChanged
            | DomainEvent::ObjectivesChanged
            | DomainEvent::ObjectiveReached { .. }
            | DomainEvent::SpendChanged
            | DomainEvent::MembersChanged
            | DomainEvent::TokensChanged
            | DomainEvent::SessionsChanged
            | DomainEvent::SurveysChanged => &[],
        }
    }

    /// Every reaction of the system: which job becomes due, for which clients. What follows a job for the same clients
    /// stands in [`FOLLOWED_BY`]; what people are told, in `notifications/react.rs`.
    fn reactions(&self) -> Option<(JobKind, &[Uuid])> {
        match self {
            DomainEvent::ClientsChanged(ids)
            | DomainEvent::MrrChanged(ids)
            | DomainEvent::UsageReceived(ids)
            | DomainEvent::SignalsReceived(ids) => Some((HEALTH_SCORE, ids)),
            DomainEvent::ZoneChanged(ids) => Some((USAGE_REPAIR, ids)),
            // Criteria ask for own fields and tags; key actions are tasks.
            DomainEvent::ClientsLabelled(ids) | DomainEvent::TasksChanged(ids) => Some((JOURNEY_EVALUATE, ids)),
            // The page is told through the log.
            DomainEvent::HealthChanged { .. }
            | DomainEvent::QuarantineChanged
            | DomainEvent::WorkspaceChanged
            | DomainEvent::ObjectivesChanged
            | DomainEvent::ObjectiveReached { .. }
            | DomainEvent::SpendChanged
            | DomainEvent::MembersChanged
            | DomainEvent::TokensChanged
            | DomainEvent::SessionsChanged
            | DomainEvent::OpportunitiesChanged(_)
            | DomainEvent::NotesChanged(_)
            | DomainEvent::SurveysChanged
            | DomainEvent::JourneyChanged(_)
            | DomainEvent::JourneyAlertRaised(_)
            | DomainEvent::JourneyAlertResolved(_) => None,
        }
    }

    /// A few facts that somebody has just sent or written are looked at before the stream of usage; an import is a stream.
    fn turn(&self) -> Turn {
        let one_by_one = matches!(
            self,
            DomainEvent::ClientsChanged(_) | DomainEvent::MrrChanged(_) | DomainEvent::SignalsReceived(_)
        );
        if one_by_one && self.clients().len() <= AWAITED { Turn::First } else { Turn::Usual }
    }

    /// Whether it moves figures that objectives follow.
    const fn moves_figures(&self) -> bool {
        matches!(
            self,
            DomainEvent::MrrChanged(_)
                | DomainEvent::HealthChanged { .. }
                | DomainEvent::ZoneChanged(_)
                // Answers to surveys are signals.
                | DomainEvent::SignalsReceived(_)
        )
    }
}

/// Jobs that become due for the same clients once another is done: opportunities and journeys look at what the score was
/// made of, and ingestion writes one job a client instead of three.
pub const FOLLOWED_BY: [(JobKind, JobKind); 2] =
    [(HEALTH_SCORE, OPPORTUNITIES_DETECT), (HEALTH_SCORE, JOURNEY_EVALUATE)];

/// A log entry names at most this many clients; a page shows fewer, and refetches all the same.
const NAMED: usize = 100;

/// A change of more clients than this at once is a stream.
const AWAITED: usize = 20;

/// Objectives are followed this long after figures have moved: a burst moves them once.
const FOLLOW: Duration = Duration::seconds(3);

/// Writes events to the log and enqueues their reactions, in the caller's transaction.
pub async fn emit(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, happened: &[DomainEvent]) -> Result<()> {
    let mut entries = Vec::with_capacity(happened.len());
    for event in happened {
        if let Some((kind, clients)) = event.reactions() {
            let keys = clients.iter().map(Uuid::to_string);
            jobs::enqueue_at(tx, workspace, kind, keys, now, event.turn()).await?;
        }
        let clients = event.clients();
        let payload = match event {
            DomainEvent::HealthChanged { client, from, to } => json!({"clients": [client], "from": from, "to": to}),
            DomainEvent::ObjectiveReached { objective, name, day } => {
                json!({"clients": [], "objective": objective, "name": name, "day": day})
            }
            DomainEvent::JourneyAlertRaised(alert) => alert.told("raised"),
            DomainEvent::JourneyAlertResolved(alert) => alert.told("resolved"),
            _ => json!({"clients": &clients[..clients.len().min(NAMED)]}),
        };
        let one = if let [one] = clients { Some(*one) } else { None };
        entries.push((event.kind(), one, payload));
    }
    if happened.iter().any(DomainEvent::moves_figures) && objectives::any_open(tx, workspace).await? {
        jobs::enqueue(tx, workspace, GROWTH_OBJECTIVES, [String::new()], now + FOLLOW).await?;
    }
    events::append(tx, workspace, now, entries).await?;
    crate::notifications::react(tx, workspace, now, happened).await
}
