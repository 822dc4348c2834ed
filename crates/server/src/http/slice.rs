//! The part of the portfolio that a query names, by the same four words on every endpoint that takes them.

use super::State;
use super::error::Answer;
use essor_app::{Actor, growth};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Taken as a query of its own beside the endpoint's.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(super) struct SliceQuery {
    /// A segment; `-` for clients without one.
    pub(super) segment: Option<String>,
    /// A person in charge; `-` for clients without one.
    pub(super) owner: Option<String>,
    /// A product: its subscriptions alone, and the clients that pay for it.
    pub(super) product: Option<String>,
    /// A saved view: its clients of today, for all of their history.
    pub(super) view: Option<Uuid>,
}

impl SliceQuery {
    /// The part that it names: the whole where it names nothing.
    pub(super) async fn read(self, state: &State, actor: &Actor) -> Answer<growth::Slice> {
        let word = |word: Option<String>| word.filter(|word| !word.trim().is_empty());
        let slice = growth::Slice {
            segment: word(self.segment),
            owner: word(self.owner),
            product: word(self.product),
            within: None,
        };
        Ok(growth::of_view(&state.app, actor, slice, self.view).await?)
    }
}
