//! One client's journey with all that its page shows.

use super::case::{Case, cases};
use super::ground::Ground;
use super::templates::Version;
use crate::error::{Error, Result};
use crate::opportunities::{ActionOf, moves_of};
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::health::Risk;
use essor_domain::identity::Action;
use essor_domain::journey::{Milestone, Outlook, State, Template};
use essor_domain::tasks::Priority;
use essor_store::clients::Client;
use essor_store::journey::JourneyRow;
use essor_store::journey::actions::ActionRow;
use essor_store::journey::alerts::AlertRow;
use essor_store::journey::notes::{self, NoteRow};
use essor_store::journey::shares::{self, ShareRow};
use essor_store::journey::visits::{self, Stays, VisitRow, Whose};
use essor_store::opportunities::{self as opportunity_store, Filter, Listed};
use essor_store::tasks::{self, When};
use essor_store::{Workspace, clients};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A journey as its page shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Whose.
    pub client: Client,
    /// The day that it is shown for.
    pub today: NaiveDate,
    /// None without a journey.
    pub journey: Option<Journey>,
    /// Risks that matter in the stage.
    pub risks: Vec<Risk>,
    /// Opportunities that matter in the stage.
    pub opportunities: Vec<Listed>,
    /// What people added.
    pub notes: Vec<NoteRow>,
    /// What to do next, by expected value.
    pub next: Vec<NextStep>,
    /// Stays in stages, the newest first.
    pub visits: Vec<VisitRow>,
    /// Links that are not revoked.
    pub shares: Vec<ShareRow>,
}

/// Where the client stands.
#[derive(Debug, Clone)]
pub struct Journey {
    /// As stored.
    pub row: JourneyRow,
    /// What is known of it.
    pub state: State,
    /// The template that it follows.
    pub template: Template,
    /// The newest version of that.
    pub latest: i32,
    /// The current stage's outlook.
    pub outlook: Option<Outlook>,
    /// Key actions.
    pub actions: Vec<ActionRow>,
    /// Milestones with whether somebody added them by hand, by day.
    pub milestones: Vec<(Milestone, bool)>,
    /// Alerts that last.
    pub alerts: Vec<AlertRow>,
    /// Names of those who ticked criteria.
    pub people: HashMap<Uuid, String>,
    /// How long stages really take.
    pub stays: Vec<Stays>,
}

/// Something to do next.
#[derive(Debug, Clone)]
pub struct NextStep {
    /// task, opportunity or invoice.
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
    /// A task's words, an invoice's number.
    pub title: Option<String>,
    /// An opportunity's detector.
    pub detector: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// Whose.
    pub owner_name: Option<String>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// What it is expected to bring or keep, in cents of MRR.
    pub expected_cents: i64,
}

/// How many next steps are shown.
const STEPS: usize = 12;

/// One client's journey.
pub async fn read(app: &App, actor: &Actor, client: Uuid) -> Result<Shown> {
    let workspace = actor.require(Action::Read)?;
    let mut shown = read_as(app, workspace, client).await?;
    let stage = shown.journey.as_ref().map(|journey| journey.row.place);
    let health = crate::health::page(app, actor, client, 1).await?.health;
    shown.risks = health.map(|health| health.risks).unwrap_or_default();
    shown.risks.retain(|risk| stage.is_none_or(|place| risk_matters(place, &risk.key)));
    let filter = Filter { states: vec!["open", "accepted"], client: Some(client), ..Filter::default() };
    let found = opportunity_store::page(&app.db, workspace, &filter, None, 20).await?;
    shown.opportunities =
        found.into_iter().filter(|one| stage.is_none_or(|place| chance_matters(place, &one.detector))).collect();
    shown.next = next(app, actor, workspace, client, shown.today).await?;
    shown.notes = notes::of_client(&app.db, workspace, client).await?;
    shown.visits = visits::of_client(&app.db, workspace, client).await?;
    shown.shares = shares::of_client(&app.db, workspace, client).await?;
    Ok(shown)
}

/// The same for whoever has just changed it: a token that may only write sees what came of that.
pub async fn read_after(app: &App, actor: &Actor, client: Uuid) -> Result<Shown> {
    read(app, &Actor::system(actor.workspace), client).await
}

/// The journey itself, for whoever may see it.
pub(super) async fn read_as(app: &App, workspace: Workspace, client: Uuid) -> Result<Shown> {
    let found = clients::get(&app.db, workspace, client).await?.ok_or_else(Error::not_found)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let ground = Ground::read(&app.db, &row, app.clock.now()).await?;
    let case = cases(&app.db, &ground, &[client]).await?.pop().ok_or_else(Error::not_found)?;
    let journey = match case.before.is_some() {
        true => journey(app, &ground, case).await?,
        false => None,
    };
    Ok(Shown {
        client: found,
        today: ground.today,
        journey,
        risks: Vec::new(),
        opportunities: Vec::new(),
        notes: Vec::new(),
        next: Vec::new(),
        visits: Vec::new(),
        shares: Vec::new(),
    })
}

async fn journey(app: &App, ground: &Ground, mut case: Case) -> Result<Option<Journey>> {
    let (Some(row), Some(course)) = (case.before.take(), case.course.clone()) else { return Ok(None) };
    let Some(plan) = case.plan(ground) else { return Ok(None) };
    let outlook = Outlook::of(plan, &course.state, &case.done(), ground.today);
    let by: HashSet<Uuid> =
        course.state.ticks.values().flat_map(|ticks| ticks.values()).filter_map(|tick| tick.by).collect();
    let by: Vec<Uuid> = by.into_iter().collect();
    let people = essor_store::identity::users::names(&app.db, &by).await?.into_iter().collect();
    let by_hand = case.milestones.iter().map(|row| row.key.is_none());
    Ok(Some(Journey {
        latest: ground.templates.latest(row.template_id).map_or(row.version, |v: &Version| v.version),
        milestones: case.reached().into_iter().zip(by_hand).collect(),
        template: plan.template.clone(),
        state: course.state,
        actions: case.actions,
        alerts: case.alerts,
        stays: visits::completed(&app.db, ground.workspace, Whose::All).await?,
        outlook,
        people,
        row,
    }))
}

/// Open tasks and recommended moves, the most valuable first; of equals the one that is due first.
async fn next(app: &App, actor: &Actor, workspace: Workspace, client: Uuid, today: NaiveDate) -> Result<Vec<NextStep>> {
    let open = tasks::Filter { owner: None, client: Some(client), when: When::Open, day: today };
    let tasks = tasks::page(&app.db, workspace, &open, None, 50).await?;
    // A task that is for no opportunity is worth what the client's best one is: both keep it.
    let best = opportunity_store::best_of(&app.db, workspace, &[client]).await?.remove(&client).unwrap_or(0);
    let mut out: Vec<NextStep> = tasks
        .into_iter()
        .map(|task| NextStep {
            kind: "task",
            id: task.id,
            title: Some(task.title),
            detector: None,
            priority: Priority::of_rank(task.priority),
            owner_name: task.owner_name,
            due: task.due,
            expected_cents: task.expected_cents.unwrap_or(best),
        })
        .collect();
    for action in moves_of(app, actor, client).await? {
        let (kind, id, title, detector) = match &action.of {
            ActionOf::Opportunity(listed) => ("opportunity", listed.id, None, Some(listed.detector.clone())),
            ActionOf::Invoice(invoice) => ("invoice", invoice.signal_id, Some(invoice.number.clone()), None),
            ActionOf::Task(task) => ("task", task.id, Some(task.title.clone()), None),
        };
        out.push(NextStep {
            kind,
            id,
            title,
            detector,
            priority: action.priority,
            owner_name: action.owner.map(|(_, name)| name),
            due: Some(action.due),
            expected_cents: action.expected_cents,
        });
    }
    out.sort_by_key(|step| (Reverse(step.expected_cents), step.due.is_none(), step.due, step.id));
    out.truncate(STEPS);
    Ok(out)
}

/// From which place on a risk matters: at the beginning use, people and support decide, later also money and outcomes.
fn risk_matters(place: i32, key: &str) -> bool {
    match key {
        "roi_low" | "satisfaction_low" | "nps_detractor" => place >= 1,
        _ => true,
    }
}

/// From which place on an opportunity matters: nobody sells more to a client that is being set up.
fn chance_matters(place: i32, detector: &str) -> bool {
    match detector {
        "retention" => true,
        "limit_hits" | "seats" | "quota" => place >= 1,
        "roi" | "plan_mismatch" | "early_renewal" => place >= 2,
        "promoter" | "reference" => place >= 3,
        _ => true,
    }
}
