//! Who left in the last year and who stayed, with what was recorded of them at the time: what profiles are tried on.

use super::preview::even;
use super::score::Detail;
use crate::App;
use crate::error::Result;
use chrono::{Days, NaiveDate};
use essor_domain::health::HORIZON_DAYS;
use essor_domain::time::{month_end, month_start, months_before};
use essor_store::health as store;
use essor_store::{Workspace, clients, growth};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// At most so many clients that stayed are compared with those that left.
const STAYED: usize = 2_000;
/// How many months back a profile is tried.
const MONTHS: u32 = 12;

/// The clients of a profile that left, and some that stayed.
pub(super) struct Departures {
    today: NaiveDate,
    left: HashMap<Uuid, NaiveDate>,
    looked_at: Vec<Uuid>,
}

impl Departures {
    /// Finds them among the clients of `scope`.
    pub(super) async fn find(app: &App, workspace: Workspace, scope: &[Uuid], today: NaiveDate) -> Result<Self> {
        let of_scope: HashSet<Uuid> = scope.iter().copied().collect();
        let left: HashMap<Uuid, NaiveDate> = clients::left_since(&app.db, workspace, today - Days::new(365 + 90))
            .await?
            .into_iter()
            .filter(|(id, _)| of_scope.contains(id))
            .collect();
        let stayed: Vec<Uuid> = scope.iter().filter(|id| !left.contains_key(id)).copied().collect();
        let mut looked_at = even(&stayed, STAYED);
        // In the order of the scope, so that the same past is told in the same order.
        looked_at.extend(scope.iter().filter(|id| left.contains_key(id)));
        Ok(Departures { today, left, looked_at })
    }

    /// Calls `visit` for each client that paid at each month's end of a year, with what was recorded of it then and whether
    /// it left within the horizon.
    pub(super) async fn each_case(
        &self,
        app: &App,
        workspace: Workspace,
        mut visit: impl FnMut(Uuid, &Detail, bool),
    ) -> Result<()> {
        let horizon = Days::new(HORIZON_DAYS as u64);
        let ends = (1..=MONTHS + 3)
            .map(|back| month_end(months_before(month_start(self.today), back)))
            .filter(|end| *end + horizon <= self.today);
        for end in ends {
            let paid = growth::mrr_on(&app.db, workspace, &self.looked_at, None, end).await?;
            let there: Vec<Uuid> =
                self.looked_at.iter().filter(|id| paid.get(id).is_some_and(|cents| *cents > 0)).copied().collect();
            let recorded = store::latest(&app.db, workspace, &there, end).await?;
            for (client, recorded) in there.iter().filter_map(|id| Some((*id, recorded.get(id)?))) {
                let Some(detail) = Detail::of(recorded) else { continue };
                let churned = self.left.get(&client).is_some_and(|day| *day > end && *day <= end + horizon);
                visit(client, &detail, churned);
            }
        }
        Ok(())
    }

    /// Those that left within twelve months: when, and what was recorded of each before, oldest first.
    pub(super) async fn last_year(
        &self,
        app: &App,
        workspace: Workspace,
    ) -> Result<Vec<(NaiveDate, Vec<(NaiveDate, Detail)>)>> {
        let mut out = Vec::new();
        for (client, left_on) in self.left.iter().filter(|(_, day)| **day + Days::new(365) > self.today) {
            let history = store::history(&app.db, workspace, *client, *left_on - Days::new(400)).await?;
            let details = history.iter().filter_map(|r| Some((r.day, Detail::of(r)?))).collect();
            out.push((*left_on, details));
        }
        Ok(out)
    }
}
