//! What can go wrong in storage.

/// A failure of storage.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database does not answer, is read-only or full: try later. The text is for the log.
    #[error("storage unavailable: {0}")]
    Unavailable(String),
    /// Lost a race with another transaction: try again now.
    #[error("transaction must be retried")]
    Retry,
    /// A unique key is taken.
    #[error("conflict with a stored row")]
    Conflict,
    /// The database was written by a newer Essor that this one cannot read.
    #[error(
        "this database needs an Essor that knows schema {needs}; this one knows {known}. Install the newer version"
    )]
    SchemaTooNew {
        /// What the database asks for.
        needs: i64,
        /// What this binary knows.
        known: i64,
    },
    /// The configuration cannot be used.
    #[error("{0}")]
    Config(String),
    /// Anything else: a fault of ours.
    #[error("database: {0}")]
    Database(String),
}

/// A result of storage.
pub type Result<T> = std::result::Result<T, Error>;

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        crate::engine::classify(error)
    }
}
