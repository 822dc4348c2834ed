//! A saved view as a part of the portfolio: its clients of today, for all of their history.

use crate::clients::Language;
use crate::error::Result;
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_store::growth::{Slice, Within};
use uuid::Uuid;

/// A slice restricted to the clients of a view, if one is named.
pub async fn of_view(app: &App, actor: &Actor, slice: Slice, view: Option<Uuid>) -> Result<Slice> {
    let workspace = actor.require(Action::Read)?;
    let Some(view) = view else { return Ok(slice) };
    let language = Language::of(app, workspace).await?;
    let rule = language.view(app, actor, view).await?;
    Ok(Slice { within: Some(Within { rule, moment: language.moment }), ..slice })
}
