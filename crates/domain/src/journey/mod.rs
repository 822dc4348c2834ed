//! The client journey: stages with success criteria, key actions and milestones, and what can be told of a client from
//! stored facts alone: progress, projected end, status, alerts.
//!
//! A [`Template`] says what is planned, a [`State`] what is stored of one client's journey. Everything else is a pure
//! function of the two, the facts and the day.

mod alerts;
mod built_in;
mod criteria;
mod evaluate;
mod infer;
mod migrate;
mod milestones;
mod progress;
mod state;
mod template;
#[cfg(test)]
mod tests;

pub use alerts::{Alert, AlertKind, alerts};
pub use criteria::{Evidence, Measured, measure};
pub use evaluate::{Case, Verdict, evaluate, followed};
pub use infer::{Used, Visit, infer};
pub use migrate::{mapped, place_of};
pub use milestones::{DUE_SOON_DAYS, Impact, Milestone, MilestoneStatus, check_due};
pub use progress::{Outlook, journey_progress, stage_progress};
pub use state::{Action, Left, Outcome, StageStatus, State, Tick};
pub use template::{
    Advance, Criterion, KeyAction, Label, MAX_DAYS, MAX_STAGES, MilestonePlan, OwnerRole, Plan, Stage, Template,
    Weights, may_measure,
};

/// What stands for the stage of a client that is through all of them.
pub const COMPLETED: &str = "completed";
