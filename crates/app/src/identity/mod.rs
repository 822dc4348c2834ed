//! People and access: sign-in, sessions, links, members, tokens, and the workspace's own settings.
//!
//! Secrets leave this module once, as text to hand over; what is stored is their hash. Functions that sign somebody in
//! take no [`crate::Actor`], because they are what makes one.

mod accept;
mod devices;
mod idempotency;
mod invitations;
mod limits;
mod links;
mod lookup;
mod members;
mod password;
mod places;
mod profile;
mod purge;
mod rates;
pub(crate) mod secret;
mod sessions;
mod text;
mod tokens;
mod users;
mod workspace;

#[cfg(test)]
mod tests;

pub use accept::{InviteAnswer, SetupAnswer, accept_invite, accept_setup, accept_sign_in};
pub use devices::{SessionShown, end_member_sessions, end_other_sessions, end_session, member_sessions, own_sessions};
pub use essor_store::Workspace;
pub use essor_store::identity::members::MemberRow;
pub use essor_store::identity::users::UserRow;
pub use essor_store::identity::workspaces::{Membership, WorkspaceRow};
pub use idempotency::{Begin, begin_request, finish_request, forget_request, request_hash};
pub use invitations::{Invitation, InvitationLink, InvitationState, invite, renew_invitation, withdraw_invitation};
pub use limits::Limits;
pub(crate) use limits::network;
pub use links::{Account, LinkShown, Purpose, setup_link, show_link, sign_in_link, sign_in_link_to};
pub use lookup::{WriteKeyScope, token_actor, write_key};
pub use members::{Members, change_role, members, remove_member};
pub use places::{delete_workspace, found_workspace, own_workspaces};
pub use profile::{ProfilePatch, change_password, patch_profile};
pub use purge::purge;
pub use rates::{RateInput, RateShown, put_rates, rates};
pub use sessions::{SESSION_DAYS, SessionInfo, session_actor, session_info, sign_in, sign_out, switch_workspace};
pub use tokens::{
    NewToken, TokenKind, TokenShown, create_key, create_token, list_tokens, list_write_keys, revoke_token,
};
pub use users::{NewUser, create_user};
pub use workspace::{
    WorkspaceNew, WorkspacePatch, WorkspaceShown, create_workspace, ensure_workspace, get_workspace, patch_workspace,
    workspace_row,
};

use crate::error::{Error, Result};
use essor_domain::identity::Role;

/// The role that a row holds: only ours are ever written.
fn stored_role(text: &str) -> Result<Role> {
    Role::parse(text).map_err(|_| Error::Internal("a stored role is not one of ours".into()))
}
