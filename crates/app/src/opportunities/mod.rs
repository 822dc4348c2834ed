//! Opportunities: found by jobs, decided by people, listed by what they are expected to bring.

mod actions;
mod decide;
mod detect;
mod facts;
mod market;
mod matrix;
mod read;
mod settings;

pub(crate) use actions::moves_of;
pub use actions::{ActionOf, Actions, NextAction, next_actions, next_actions_in};
pub(crate) use decide::accept;
pub use decide::{Decide, Record, decide};
pub use detect::{Look, detect_all, look, save};
pub use essor_store::opportunities::Listed;
pub use matrix::{Cell, Column, Matrix, MatrixQuery, MatrixRow, matrix, matrix_rows};
pub use read::{Detail, ListQuery, Page, StepShown, list, one};
pub use settings::{limit_events, set_limit_events};
