//! Roles and what each may do: one table, printed in the documentation and tested over every endpoint.

mod device;

pub use device::{Device, device};

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// What a member may do in a workspace; each role may do all that the ones below it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works on clients.
    Member,
    /// Also imports, replays, models.
    Manager,
    /// Also members, tokens, sources, settings.
    Admin,
    /// Also the billing currency, erasure and deletion.
    Owner,
}

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Role; 5] = [Role::Viewer, Role::Member, Role::Manager, Role::Admin, Role::Owner];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Manager => "manager",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    /// The role that is written so.
    pub fn parse(text: &str) -> Result<Role, Invalid> {
        Role::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::IdentityRoleUnknown, "role").with("value", text))
    }

    /// Whether this role may do the action.
    pub fn may(self, action: Action) -> bool {
        self >= action.least_role()
    }
}

/// What can be done in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See any figure or client.
    Read,
    /// Write clients, contacts, subscriptions, signals.
    WriteClients,
    /// Merge duplicates; put clients in the trash and take them out.
    MergeClients,
    /// Change health profiles, objectives, acquisition spend, fields of one's own, shared views; send surveys to many.
    ManageModels,
    /// Replay or drop quarantined events; run imports.
    ManageIngestion,
    /// Invite and remove people, change their roles.
    ManageMembers,
    /// Make and revoke tokens and write keys.
    ManageTokens,
    /// Change the workspace's name, zone, exchange rates.
    ManageWorkspace,
    /// Change the reporting currency.
    ChangeCurrency,
    /// Read who changed what.
    ReadAudit,
    /// Read all that is held of a person or a client, and what was erased.
    ExportPeople,
    /// Let an erased person or client come back.
    AllowErased,
    /// Erase people and clients for good.
    ErasePeople,
    /// Delete the workspace with all that it holds.
    DeleteWorkspace,
}

impl Action {
    /// All actions, in the order of the documentation.
    pub const ALL: [Action; 14] = [
        Action::Read,
        Action::WriteClients,
        Action::MergeClients,
        Action::ManageModels,
        Action::ManageIngestion,
        Action::ManageMembers,
        Action::ManageTokens,
        Action::ManageWorkspace,
        Action::ReadAudit,
        Action::ExportPeople,
        Action::AllowErased,
        Action::ErasePeople,
        Action::ChangeCurrency,
        Action::DeleteWorkspace,
    ];

    /// The weakest role that may do it.
    pub const fn least_role(self) -> Role {
        match self {
            Action::Read => Role::Viewer,
            Action::WriteClients => Role::Member,
            Action::MergeClients | Action::ManageModels | Action::ManageIngestion => Role::Manager,
            Action::ManageMembers
            | Action::ManageTokens
            | Action::ManageWorkspace
            | Action::ReadAudit
            | Action::ExportPeople
            | Action::AllowErased => Role::Admin,
            Action::ErasePeople | Action::ChangeCurrency | Action::DeleteWorkspace => Role::Owner,
        }
    }

    /// Whether it only reads: a token then needs the scope `read`, else `write`.
    pub const fn reads(self) -> bool {
        matches!(self, Action::Read | Action::ReadAudit | Action::ExportPeople)
    }
}
