//! What is found now against what stands: the changes that bring one to the other. Applied twice they change nothing.

use super::found::{Detector, Evidence, Found};
use super::state::State;
use chrono::NaiveDate;
use uuid::Uuid;

/// An opportunity of one client as it stands: each that lives, and each decided one whose evidence has not yet gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Which.
    pub id: Uuid,
    /// Found by.
    pub detector: Detector,
    /// Where it stands.
    pub state: State,
    /// First day on which it is to be looked at again, while it is snoozed.
    pub snoozed_until: Option<NaiveDate>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Its amount, in cents.
    pub amount_cents: Option<i64>,
}

/// A step from what stands to what is found.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new opportunity.
    Add(Found),
    /// The same with other evidence or another amount.
    Refresh(Uuid, Found),
    /// The day that it was snoozed until has come.
    Wake(Uuid),
    /// Its evidence is gone: it is closed and kept.
    Expire(Uuid),
    /// The evidence of a decided one is gone: should it come back, it is a new opportunity.
    Gone(Uuid),
}

/// The changes for one client on a day. What somebody works on stays theirs even when its evidence is gone; what was
/// decided is not found again until its evidence was gone and came back.
pub fn reconcile(found: &[Found], rows: &[Row], day: NaiveDate) -> Vec<Change> {
    let mut out = Vec::new();
    for detector in Detector::ALL {
        let now = found.iter().find(|found| found.detector == detector);
        let of = || rows.iter().filter(|row| row.detector == detector);
        let alive = of().find(|row| row.state.lives());
        match (now, alive) {
            (Some(now), Some(row)) => {
                if row.evidence != now.evidence || row.amount_cents != now.amount_cents {
                    out.push(Change::Refresh(row.id, now.clone()));
                }
                if row.state == State::Snoozed && row.snoozed_until.is_none_or(|until| until <= day) {
                    out.push(Change::Wake(row.id));
                }
            }
            (Some(now), None) if of().next().is_none() => out.push(Change::Add(now.clone())),
            (Some(_), None) => {}
            (None, alive) => {
                out.extend(alive.filter(|row| row.state != State::Accepted).map(|row| Change::Expire(row.id)));
                out.extend(of().filter(|row| !row.state.lives()).map(|row| Change::Gone(row.id)));
            }
        }
    }
    out
}
