//! Data that comes from elsewhere as files: a mapping says what the columns mean, [`read`] streams records.
//!
//! Reading knows no database: the import operations take the records and store them through the same
//! operations as the API. The mapping format is described in `docs/import.md`.

mod cells;
mod found;
mod import;
mod judge;
mod mapping;
mod plan;
mod read;
mod rows;
mod run;
mod sheet;
mod text;
mod uploads;
pub(crate) mod write;

#[cfg(test)]
mod tests;

pub use essor_store::connectors::{Import, Row};
pub use found::{Found, FoundColumn};
pub use import::{Progress, Report, finish, import};
pub use mapping::{Entity, Mapping};
pub use plan::{Column, Days, Decimal, Key, Mode, Plan, targets};
pub use read::read;
pub(crate) use run::work;
pub(crate) use uploads::purge;
pub use uploads::{
    MAX_FILE, PreviewRow, Upload, history, import_of, preview, receive, refused_file, rows, start, stop, take,
    unwritable,
};

use chrono::{DateTime, Utc};
use essor_domain::Invalid;
use essor_domain::clients::{ClientInput, ContactInput, SignalInput, SubscriptionInput};
use serde_json::{Map, Value};

/// One row of a source, understood and checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A client account.
    Client(ClientInput),
    /// A person at a client.
    Contact(ContactInput),
    /// A recurring contract line. When it has an end but no later `known_at`, the end counts as known on the end
    /// date itself: `known_at` is that of the line's beginning.
    Subscription(SubscriptionInput),
    /// A dated fact about a client.
    Signal(SignalInput),
    /// Use of the product.
    Usage(UsageRecord),
}

/// Use of the product as a file tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageRecord {
    /// The client, when the file names it.
    pub client_external_id: Option<String>,
    /// The subscription, when the file only names that: its client is meant.
    pub subscription_external_id: Option<String>,
    /// The person, when the file names one.
    pub user: Option<String>,
    /// What was done.
    pub event: String,
    /// When; the start of the day in the workspace's zone when the file has days only.
    pub occurred_at: DateTime<Utc>,
    /// How often; nought is kept.
    pub count: i64,
    /// The stable key: the same row read again counts once.
    pub message_id: String,
    /// Everything else that the mapping keeps.
    pub properties: Map<String, Value>,
}

/// A row that was left out, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The file's name.
    pub file: String,
    /// The line on which the row begins, the header being line 1.
    pub line: u64,
    /// Why.
    pub error: Invalid,
    /// The row as it stands in the file, cut when very long.
    pub row: String,
}

/// How far the reading of a file has come.
#[derive(Debug, Clone, PartialEq)]
pub struct FileProgress {
    /// The file's name.
    pub file: String,
    /// What its rows are.
    pub entity: Entity,
    /// Rows read, this one included.
    pub rows: u64,
    /// Rows refused, this one included.
    pub refused: u64,
    /// Bytes read; the reader is a buffer ahead.
    pub bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
}
