//! Growth: the MRR ledger, the figures of the dashboard, month-end snapshots.

mod daily;
mod ledger;
mod metrics;
mod summary;

pub(crate) use summary::{as_of_day, range};

pub use daily::{close_days, snapshot_month};
pub use ledger::recompute_ledgers;
pub use metrics::{Metric, MetricPart, Metrics, metrics};
pub use summary::{HistoryPoint, KindTotal, Summary, Waterfall, history, movements, of_client, summary, waterfall};
