//! Growth: money, the ledger of a client's recurring revenue, and the figures read off it.
//!
//! Subscriptions become *stretches* (runs of days with one value), stretches become *movements* (dated changes of a
//! client's MRR), and both give the same revenue on any day, to the cent.

pub mod ledger;
pub mod metrics;
pub mod money;
pub mod objectives;
pub mod renewal;

pub use ledger::{
    Movement, MovementKind, Phase, Stretch, Subscription, Terms, movements, mrr_as_of, mrr_on, stretches,
};
pub use metrics::MovementTotals;
pub use money::{Line, Period, RateE9};
pub use renewal::Renewing;
