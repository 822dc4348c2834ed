//! Growth: the MRR ledger, the figures of the dashboard, month-end snapshots.

mod changes;
mod cohorts;
mod daily;
pub(crate) mod figures;
mod ledger;
mod metrics;
pub mod objectives;
mod spend;
mod summary;
mod view;

pub(crate) use summary::{as_of_day, range};

pub use changes::{HealthChanges, health_changes, health_days};
pub use cohorts::{Cell, CellQuery, Cohort, Cohorts, Period, cohort_clients, cohorts};
pub use daily::{close_days, snapshot_month};
pub use essor_store::growth::{NOT_SET, Slice, Split};
pub use essor_store::health::HealthDay;
pub use ledger::{rebuild_ledgers, recompute_ledgers};
pub use metrics::{Metric, MetricPart, Metrics, PartValue, metrics};
pub use spend::{MarginChange, Spend, SpendInput, SpendMonth, parse_month, put_spend, spend};
pub use summary::{HistoryPoint, KindTotal, Summary, Waterfall, history, movements, of_client, summary, waterfall};
pub use view::of_view;
