//! Who acts, and whether they may: every operation asks before it does anything.

use crate::audit::Trail;
use crate::error::{Error, Result};
use essor_domain::identity::{Action, Role};
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use uuid::Uuid;

/// Who calls an operation, in which workspace.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The workspace; nothing outside it can be reached.
    pub workspace: Workspace,
    /// What kind of caller.
    pub kind: ActorKind,
    /// The name of the person or token; empty for the machine.
    pub name: String,
    /// The way the call came.
    pub trail: Trail,
}

/// A person, a token or the machine's administrator.
#[derive(Debug, Clone)]
pub enum ActorKind {
    /// A signed-in member.
    Member {
        /// The person.
        user_id: Uuid,
        /// Their role in the workspace.
        role: Role,
    },
    /// An API token.
    Token {
        /// The token.
        token_id: Uuid,
        /// May read.
        read: bool,
        /// May write.
        write: bool,
    },
    /// The command line or a job of the machine itself: may do everything.
    System,
}

impl Actor {
    /// The machine itself, in a workspace.
    pub fn system(workspace: Workspace) -> Self {
        Actor { workspace, kind: ActorKind::System, name: String::new(), trail: Trail::system() }
    }

    /// The machine's administrator at the command line.
    pub fn cli(workspace: Workspace) -> Self {
        Actor { trail: Trail::cli(), ..Actor::system(workspace) }
    }

    /// The same caller, for the steps of something that is recorded as a whole.
    #[must_use]
    pub fn part(&self) -> Self {
        Actor { trail: self.trail.part(), ..self.clone() }
    }

    /// Refuses what the caller may not do. A token acts as a manager at most: people, tokens and settings are a
    /// person's business.
    pub fn require(&self, action: Action) -> Result<Workspace> {
        match &self.kind {
            ActorKind::System => Ok(self.workspace),
            ActorKind::Member { role, .. } if role.may(action) => Ok(self.workspace),
            ActorKind::Member { .. } => {
                Err(Invalid::new(Code::Forbidden).with("needs", action.least_role().as_str()).into())
            }
            ActorKind::Token { read, write, .. } => {
                let (has, scope) = if action.reads() { (*read, "read") } else { (*write, "write") };
                if !has {
                    Err(Invalid::new(Code::IdentityScopeMissing).with("scope", scope).into())
                } else if Role::Manager.may(action) {
                    Ok(self.workspace)
                } else {
                    Err(Error::Invalid(Invalid::new(Code::Forbidden).with("needs", "a signed-in person")))
                }
            }
        }
    }

    /// The person, when a person calls.
    pub fn user_id(&self) -> Option<Uuid> {
        match self.kind {
            ActorKind::Member { user_id, .. } => Some(user_id),
            _ => None,
        }
    }
}
