//! Workspaces, users, members, sessions, links and tokens.
//!
//! Functions that take a [`crate::Workspace`] stay inside it. The few that cross workspaces — sign-in, looking up a
//! session, link or token by its hash, and the command line's choice of a workspace — say so: they are what finds out
//! which workspace a caller belongs to.

pub mod idempotency;
pub mod links;
pub mod members;
pub mod rates;
pub mod sessions;
pub mod tokens;
pub mod users;
pub mod workspaces;

/// The hash of a secret: sessions, links and tokens are stored as nothing else.
pub type Hash = [u8; 32];

#[cfg(test)]
mod tests;
