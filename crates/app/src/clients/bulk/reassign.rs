//! The clients of somebody who leaves or is away, dealt out to colleagues with their open tasks. A run of many clients
//! like others: seen first, made by the same job, taken back in the same way; by itself when an absence ends.

use super::change::{Act, short};
use crate::audit::{Entry, record};
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::jobs::CLIENTS_BULK;
use crate::notifications::{Notice, To, member_of, notify};
use crate::{Actor, App};
use chrono::{DateTime, NaiveDate, Utc};
use essor_domain::clients::{Deal, Dealt, deal, fold};
use essor_domain::identity::Action;
use essor_domain::notifications::Kind;
use essor_domain::time::{check_day, day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::clients_bulk::{self as runs, Row, Run, Word};
use essor_store::clients_reassign::{self as store, Held};
use essor_store::identity::members::{self, MemberRow};
use essor_store::{Tx, Workspace, jobs};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The most colleagues, and the most rules by segment.
const MAX_RECEIVERS: usize = 50;
/// The longest name of a person in charge.
const MAX_NAME: usize = 200;

/// Whose clients go, to whom and how.
#[derive(Debug, Clone)]
pub struct Reassign {
    /// The person as clients name them: a member's name or e-mail, or the name of somebody who is no member (any more).
    pub from: String,
    /// Members.
    pub receivers: Vec<Uuid>,
    /// `count` or `mrr`.
    pub deal: String,
    /// Segments whose clients all go to one member.
    pub segments: Vec<(String, Uuid)>,
    /// Whether open tasks go too.
    pub tasks: bool,
    /// The day on which what is still with the receivers comes back; none for good.
    pub returns_on: Option<NaiveDate>,
}

/// What a colleague would receive, beside what they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub user_id: Uuid,
    /// Their name.
    pub name: String,
    /// Clients.
    pub clients: i64,
    /// What those pay a month, in cents.
    pub mrr_cents: i64,
    /// Open tasks.
    pub tasks: i64,
    /// Clients that they are in charge of now.
    pub holds_clients: i64,
    /// What those pay a month, in cents.
    pub holds_mrr_cents: i64,
}

/// What a reassignment would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// The member whose clients go, if it is one.
    pub from_user: Option<Uuid>,
    /// Clients.
    pub clients: i64,
    /// What they pay a month, in cents.
    pub mrr_cents: i64,
    /// Open tasks.
    pub tasks: i64,
    /// By colleague.
    pub receivers: Vec<Share>,
}

/// A reassignment that has been checked and worked out.
struct Plan {
    from: String,
    member: Option<Uuid>,
    busy: Option<Uuid>,
    receivers: Vec<(Uuid, String, String)>,
    clients: Vec<Held>,
    dealt: Vec<usize>,
    tasks: Vec<(Uuid, Option<Uuid>)>,
}

/// The word that names a member as a client's person in charge: their name where it names nobody else, else their
/// address.
fn word_of(members: &[MemberRow], member: &MemberRow) -> String {
    let names = member_of(members, Some(&member.name)).is_some_and(|named| named.user_id == member.user_id);
    if names { member.name.clone() } else { member.email.clone() }
}

/// The folded words by which clients name somebody.
fn keys_of(members: &[MemberRow], from: &str) -> Vec<String> {
    let mut keys = vec![fold(from)];
    if let Some(member) = member_of(members, Some(from)) {
        keys.push(fold(&member.email));
        keys.push(fold(&word_of(members, member)));
    }
    keys.sort();
    keys.dedup();
    keys
}

async fn plan(app: &App, workspace: Workspace, asked: &Reassign) -> Result<Plan> {
    let db = app.db.primary();
    let from = short(&asked.from, "from", MAX_NAME)?;
    if fold(&from).is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "from").into());
    }
    let members = members::list(&db, workspace).await?;
    let member = member_of(&members, Some(&from)).map(|member| member.user_id);
    if asked.receivers.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "receivers").into());
    }
    for (list, field) in [(asked.receivers.len(), "receivers"), (asked.segments.len(), "segments")] {
        if list > MAX_RECEIVERS {
            return Err(Invalid::field(Code::ListTooLong, field).with("max", MAX_RECEIVERS).into());
        }
    }
    let how = match asked.deal.as_str() {
        "count" => Deal::Count,
        "mrr" => Deal::Mrr,
        other => {
            let refused = Invalid::field(Code::FieldType, "deal").with("expected", "count, mrr");
            return Err(refused.with("value", other).into());
        }
    };
    let mut receivers: Vec<(Uuid, String, String)> = Vec::new();
    let mut place = |user: Uuid, field: &str| -> Result<usize> {
        if let Some(at) = receivers.iter().position(|(id, ..)| *id == user) {
            return Ok(at);
        }
        let known = members.iter().find(|one| one.user_id == user && member != Some(user));
        let known = known.ok_or_else(|| Invalid::field(Code::ClientsReceiverUnknown, field))?;
        receivers.push((user, known.name.clone(), word_of(&members, known)));
        Ok(receivers.len() - 1)
    };
    for user in &asked.receivers {
        place(*user, "receivers")?;
    }
    let mut segments = HashMap::new();
    let several = asked.receivers.iter().collect::<std::collections::HashSet<_>>().len();
    for (segment, user) in &asked.segments {
        segments.insert(segment.clone(), place(*user, "segments")?);
    }
    let clients = store::book(&db, workspace, &keys_of(&members, &from)).await?;
    let dealt: Vec<Dealt> =
        clients.iter().map(|held| Dealt { mrr_cents: held.mrr_cents, segment: held.segment.clone() }).collect();
    let dealt = deal(&dealt, several, how, &segments);
    let busy = match member {
        Some(user) => Some(user),
        // Somebody who has left may still have tasks.
        None => store::busy(&db, workspace)
            .await?
            .into_iter()
            .find(|one| [&one.name, &one.email].into_iter().any(|word| fold(word) == fold(&from)))
            .map(|one| one.id),
    };
    let busy = busy.filter(|user| asked.tasks && !receivers.iter().any(|(id, ..)| id == user));
    let tasks = match busy {
        Some(user) => store::open_tasks(&db, workspace, user).await?,
        None => Vec::new(),
    };
    if clients.is_empty() && tasks.is_empty() {
        return Err(Invalid::field(Code::ClientsSelectionEmpty, "from").into());
    }
    Ok(Plan { from, member, busy, receivers, clients, dealt, tasks })
}

impl Plan {
    /// Who receives each task: who receives its client, else in turn.
    fn tasks_of(&self) -> Vec<usize> {
        let at: HashMap<Uuid, usize> =
            self.clients.iter().map(|held| held.id).zip(self.dealt.iter().copied()).collect();
        let mut turn = 0;
        let mut next = || {
            turn += 1;
            (turn - 1) % self.receivers.len()
        };
        self.tasks
            .iter()
            .map(|(_, client)| client.and_then(|id| at.get(&id).copied()).unwrap_or_else(&mut next))
            .collect()
    }
}

/// What a reassignment would do. It changes nothing.
pub async fn preview_reassign(app: &App, actor: &Actor, asked: &Reassign) -> Result<Shares> {
    let workspace = actor.require(Action::WriteClients)?;
    check_return(app, workspace, asked).await?;
    let plan = plan(app, workspace, asked).await?;
    let members = members::list(&app.db, workspace).await?;
    let holdings = store::holdings(&app.db, workspace).await?;
    let tasks = plan.tasks_of();
    let share = |(i, (user_id, name, word)): (usize, &(Uuid, String, String))| {
        let given = plan.clients.iter().zip(&plan.dealt).filter(|(_, to)| **to == i);
        let (clients, mrr_cents) = given.fold((0, 0), |sum, (held, _)| (sum.0 + 1, sum.1 + held.mrr_cents));
        let held = keys_of(&members, word).into_iter().filter_map(|key| holdings.get(&key).copied());
        let (holds_clients, holds_mrr_cents) = held.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        let tasks = tasks.iter().filter(|to| **to == i).count() as i64;
        Share { user_id: *user_id, name: name.clone(), clients, mrr_cents, tasks, holds_clients, holds_mrr_cents }
    };
    actor.trail.settle();
    Ok(Shares {
        from_user: plan.member,
        clients: plan.clients.len() as i64,
        mrr_cents: plan.clients.iter().map(|held| held.mrr_cents).sum(),
        tasks: plan.tasks.len() as i64,
        receivers: plan.receivers.iter().enumerate().map(share).collect(),
    })
}

async fn check_return(app: &App, workspace: Workspace, asked: &Reassign) -> Result<()> {
    let Some(day) = asked.returns_on else { return Ok(()) };
    check_day(day, "returnsOn")?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    if day <= day_in(parse_zone(&row.timezone)?, app.clock.now()) {
        return Err(Invalid::field(Code::ClientsReturnPast, "returnsOn").into());
    }
    Ok(())
}

/// Begins a reassignment; a job makes it. Returns its id, that of a run.
pub async fn reassign(app: &App, actor: &Actor, asked: &Reassign) -> Result<Uuid> {
    let workspace = actor.require(Action::WriteClients)?;
    check_return(app, workspace, asked).await?;
    let plan = plan(app, workspace, asked).await?;
    let now = app.clock.now();
    let act = Act::Reassign {
        from: plan.from.clone(),
        from_user: plan.busy,
        receivers: plan.receivers.iter().map(|(id, _, word)| (word.clone(), *id)).collect(),
        returns_on: asked.returns_on,
    };
    let action = serde_json::to_value(&act).map_err(|error| Error::Internal(error.to_string()))?;
    let run = Run {
        id: Uuid::now_v7(),
        action: action.clone(),
        state: "running".into(),
        total: plan.clients.len() as i64,
        user_id: actor.user_id(),
        by_name: actor.name.clone(),
        started_at: now,
        finished_at: None,
    };
    let tx = app.db.begin().await?;
    runs::insert(&tx, workspace, &run, &[]).await?;
    let to = |(held, at): (&Held, &usize)| Some((held.id, plan.receivers.get(*at)?.2.clone()));
    let clients: Vec<(Uuid, String)> = plan.clients.iter().zip(&plan.dealt).filter_map(to).collect();
    let clients: Vec<(Uuid, &str)> = clients.iter().map(|(id, word)| (*id, word.as_str())).collect();
    store::plan(&tx, workspace, run.id, &clients).await?;
    store::set_return(&tx, workspace, run.id, asked.returns_on).await?;
    jobs::enqueue(&tx, workspace, CLIENTS_BULK, [run.id.to_string()], now).await?;
    let entry = Entry::of("clients.reassign").on("bulk", run.id).named(plan.from.clone());
    let entry = entry.with(json!({"action": action, "clients": run.total, "tasks": plan.tasks.len()}));
    record(&tx, actor, now, entry).await?;
    tx.commit().await?;
    Ok(run.id)
}

/// One chunk: the clients that wait and are still with who they are taken from go to whom they were dealt, each with its
/// open tasks. After the last one, what tasks are left and the word to the receivers. Whether there may be more.
pub(super) async fn forwards(
    tx: &Tx,
    workspace: Workspace,
    run: &Run,
    (from, from_user): (&str, Option<Uuid>),
    receivers: &BTreeMap<String, Uuid>,
    returns_on: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let waiting = runs::rows(tx, workspace, run.id, "waiting", None, super::CHUNK).await?;
    let tasks = match from_user {
        Some(user) => store::open_tasks(tx, workspace, user).await?,
        None => Vec::new(),
    };
    if waiting.is_empty() {
        if let Some(user) = from_user {
            let turns: Vec<&Uuid> = receivers.values().collect();
            for (i, (task, _)) in tasks.iter().enumerate() {
                let Some(to) = turns.get(i % turns.len().max(1)) else { break };
                store::move_tasks(tx, workspace, run.id, (user, **to), &[*task], now).await?;
            }
            if !tasks.is_empty() {
                emit(tx, workspace, now, &[DomainEvent::TasksChanged(Vec::new())]).await?;
            }
        }
        tell(tx, workspace, run, from, receivers, returns_on, now).await?;
        return Ok(false);
    }
    let members = members::list(tx, workspace).await?;
    let keys = keys_of(&members, from);
    let ids: Vec<Uuid> = waiting.iter().map(|row| row.client_id).collect();
    let known: HashMap<Uuid, runs::Now> =
        runs::now(tx, workspace, &ids).await?.into_iter().map(|now| (now.id, now)).collect();
    let mut groups: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(waiting.len());
    for row in waiting {
        let target = row.after_value.as_ref().and_then(Json::as_str).unwrap_or_default().to_owned();
        let (outcome, before, after, reason) = match known.get(&row.client_id) {
            None => ("refused", Json::Null, None, Some(Code::NotFound.as_str().to_owned())),
            Some(client) => {
                let owner = client.owner.clone().unwrap_or_default();
                if keys.contains(&fold(&owner)) && owner != target {
                    groups.entry(target.clone()).or_default().push(row.client_id);
                    ("changed", json!(owner), Some(json!(target)), None)
                } else {
                    // Somebody has taken charge of it meanwhile.
                    ("unchanged", json!(owner), Some(json!(owner)), None)
                }
            }
        };
        let (outcome, before_value) = (outcome.to_owned(), Some(before));
        rows.push(Row { client_id: row.client_id, outcome, before_value, after_value: after, reason });
    }
    let mut touched = Vec::new();
    for (target, clients) in groups {
        runs::set_word(tx, workspace, Word::Owner, Some(&target), &clients, now).await?;
        if let (Some(user), Some(to)) = (from_user, receivers.get(&target)) {
            let of: std::collections::HashSet<&Uuid> = clients.iter().collect();
            let theirs = tasks.iter().filter(|(_, client)| client.as_ref().is_some_and(|id| of.contains(id)));
            let theirs: Vec<Uuid> = theirs.map(|(task, _)| *task).collect();
            store::move_tasks(tx, workspace, run.id, (user, *to), &theirs, now).await?;
        }
        touched.extend(clients);
    }
    if !touched.is_empty() {
        let events = [DomainEvent::ClientsLabelled(touched.clone()), DomainEvent::TasksChanged(touched)];
        emit(tx, workspace, now, &events).await?;
    }
    runs::note(tx, workspace, run.id, rows).await?;
    Ok(true)
}

/// Tells each receiver what they now have.
async fn tell(
    tx: &Tx,
    workspace: Workspace,
    run: &Run,
    from: &str,
    receivers: &BTreeMap<String, Uuid>,
    returns_on: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<()> {
    let given = store::given(tx, workspace, run.id).await?;
    let given: HashMap<&str, i64> = given.iter().filter_map(|(word, n)| Some((word.as_str()?, *n))).collect();
    let tasks = store::moved_tasks(tx, workspace, run.id).await?;
    let notice = |(word, user): (&String, &Uuid)| {
        let clients = given.get(word.as_str()).copied().unwrap_or(0);
        let tasks = tasks.get(user).copied().unwrap_or(0);
        // Who did it knows.
        (clients + tasks > 0 && run.user_id != Some(*user)).then(|| Notice {
            kind: Kind::ClientsReceived,
            client: None,
            subject: Some(run.id),
            key: format!("reassign:{}", run.id),
            params: json!({"from": from, "clients": clients, "tasks": tasks, "returnsDay": returns_on, "owner": word}),
            to: To::Person(*user),
        })
    };
    let notices: Vec<Notice> = receivers.iter().filter_map(notice).collect();
    notify(tx, workspace, now, notices).await?;
    Ok(())
}

/// Takes back the absences that end today: what is still with the stand-ins goes back. Called by the housekeeping.
pub async fn come_back(app: &App, workspace: Workspace, today: NaiveDate) -> Result<()> {
    for id in store::due(&app.db, workspace, today).await? {
        let now = app.clock.now();
        let tx = app.db.begin().await?;
        essor_store::usage::lock(&tx, workspace).await?;
        let Some(run) = runs::get(&tx, workspace, id).await?.filter(|run| run.state == "done") else { continue };
        runs::set_state(&tx, workspace, id, "undoing", None).await?;
        jobs::enqueue(&tx, workspace, CLIENTS_BULK, [id.to_string()], now).await?;
        let entry = Entry::of("clients.reassign_return").on("bulk", id).was(json!({"action": run.action}));
        record(&tx, &Actor::system(workspace), now, entry).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The last reassignments of a workspace, the newest first.
pub async fn reassignments(app: &App, actor: &Actor) -> Result<Vec<super::Progress>> {
    let workspace = actor.require(Action::Read)?;
    let mut out = Vec::new();
    for run in runs::latest(&app.db, workspace, "reassign", 20).await? {
        out.push(super::Progress { outcomes: runs::outcomes(&app.db, workspace, run.id).await?, run });
    }
    Ok(out)
}

/// Gives the tasks back when a reassignment is taken back.
pub(super) async fn return_tasks(tx: &Tx, workspace: Workspace, run: Uuid, now: DateTime<Utc>) -> Result<()> {
    if store::return_tasks(tx, workspace, run, now).await? > 0 {
        emit(tx, workspace, now, &[DomainEvent::TasksChanged(Vec::new())]).await?;
    }
    Ok(())
}
