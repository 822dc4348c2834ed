//! Usage: messages received, applied, set aside and replayed.

mod apply;
mod count;
mod import;
mod ingest;
mod quarantine;
mod receive;
mod repair;
mod sources;

pub use import::{ImportedUse, import_usage, release};
pub use ingest::{Ingestor, Outcome};
pub use quarantine::{drop_one, list, replay_all, replay_one};
pub use receive::{Endpoint, Item, MAX_BATCH_BYTES, MAX_EVENT_BYTES, read_body};
pub use repair::repair;
pub use sources::{KeyCounts, Sources, sources};

use essor_store::Workspace;
use uuid::Uuid;

/// The key under which a message counts once: 128 bits of BLAKE3 over workspace and message id.
pub(crate) fn message_key(workspace: Workspace, message_id: &str) -> Uuid {
    let mut hasher = blake3::Hasher::new();
    hasher.update(workspace.0.as_bytes());
    hasher.update(message_id.as_bytes());
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Uuid::from_bytes(bytes)
}
