//! Objectives: set by people, followed by a job, reached once.

mod evaluate;
mod read;
mod save;

pub use evaluate::{Evaluated, evaluate, record};
pub(crate) use read::standing;
pub use read::{Objective, Objectives, Standing, objectives};
pub(crate) use save::insert;
pub use save::{ObjectiveInput, delete_objective, restore_objective, save_objective};
