//! What an operation can refuse or fail with.

use essor_domain::{Code, Invalid};
use essor_store as store;
use serde_json::{Map, Value};

/// A refusal with its stable code, or a failure whose cause goes to the log and never to the client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule was broken; the caller is told which.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] store::Error),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

/// A result of an operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The thing asked for does not exist in this workspace.
    pub fn not_found() -> Self {
        Error::Invalid(Invalid::new(Code::NotFound))
    }

    /// The stable code that the caller sees.
    pub fn code(&self) -> Code {
        match self {
            Error::Invalid(invalid) => invalid.code,
            Error::Storage(store::Error::Unavailable(_) | store::Error::Retry) => Code::StorageUnavailable,
            Error::Storage(store::Error::Conflict) => Code::Conflict,
            Error::Storage(_) | Error::Internal(_) => Code::Internal,
        }
    }

    /// The parameters of the refusal's sentence.
    pub fn params(&self) -> Map<String, Value> {
        match self {
            Error::Invalid(invalid) => invalid.params.clone(),
            _ => Map::new(),
        }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Error::Invalid(Invalid::new(code))
    }
}
