//! The list of tasks: one's own by default.

use crate::error::Result;
use crate::{Actor, App};
use chrono::NaiveDate;
use essor_domain::identity::Action;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::tasks::{self as store, After, Counts, Filter, NEVER, Task, When};
use uuid::Uuid;

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owner {
    /// The caller's; everybody's for a token, which has none.
    #[default]
    Me,
    /// Everybody's.
    All,
    /// One person's.
    Person(Uuid),
}

/// What a list asks for.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// Whose.
    pub owner: Owner,
    /// For which client.
    pub client: Option<Uuid>,
    /// By time.
    pub when: When,
    /// Where the page before ended.
    pub after: Option<After>,
    /// How many, 1–200.
    pub limit: i64,
}

/// A page of tasks.
#[derive(Debug, Clone)]
pub struct Page {
    /// Open ones by due day and priority, done ones the newest first.
    pub items: Vec<Task>,
    /// Where the next page begins.
    pub next: Option<After>,
    /// How many there are by time, of the same owner and client.
    pub counts: Counts,
    /// The day that overdue and today are counted from.
    pub today: NaiveDate,
}

/// Reads which tasks by time.
pub fn parse_when(text: &str) -> Result<When> {
    Ok(match text {
        "open" => When::Open,
        "overdue" => When::Overdue,
        "today" => When::Today,
        "later" => When::Later,
        "done" => When::Done,
        _ => return Err(Invalid::field(Code::TasksWhenUnknown, "when").with("value", text).into()),
    })
}

/// A page of tasks.
pub async fn list(app: &App, actor: &Actor, query: &ListQuery) -> Result<Page> {
    let workspace = actor.require(Action::Read)?;
    let row = crate::identity::workspace_row(&app.db, workspace).await?;
    let today = day_in(parse_zone(&row.timezone)?, app.clock.now());
    let owner = match query.owner {
        Owner::Me => actor.user_id(),
        Owner::All => None,
        Owner::Person(id) => Some(id),
    };
    // A page of the other kind of list is no page of this one.
    let fits = match query.after {
        Some(After::Done(..)) => query.when == When::Done,
        Some(After::Due(..)) => query.when != When::Done,
        None => true,
    };
    if !fits {
        return Err(Code::CursorInvalid.into());
    }
    let filter = Filter { owner, client: query.client, when: query.when, day: today };
    let mut items = store::page(&app.db, workspace, &filter, query.after, query.limit + 1).await?;
    let more = items.len() as i64 > query.limit;
    items.truncate(query.limit as usize);
    let next = items.last().filter(|_| more).map(|task| match task.done_at {
        Some(at) if query.when == When::Done => After::Done(at, task.id),
        _ => After::Due(task.due.unwrap_or(NEVER), task.priority, task.id),
    });
    Ok(Page { items, next, counts: store::counts(&app.db, workspace, &filter).await?, today })
}
