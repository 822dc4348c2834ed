//! Clients, contacts, subscriptions and signals: written by sources, read by pages.

mod asked;
pub mod bulk;
mod by_hand;
mod edit;
mod export;
mod family;
pub mod fields;
mod figures;
mod keeping;
mod notes;
mod page;
mod people;
mod pulse;
mod rates;
mod read;
mod sorted;
mod subscriptions;
mod timeline;
mod told;
mod upsert;
pub mod views;

pub use asked::{FactShown, Language, Narrow, Understood, Written, facts, shown, understand};
pub use by_hand::{SignalByHand, correct_signal, record_signal, remove_signal};
pub use edit::{change, editable};
pub use essor_store::clients::words::Matched;
pub use essor_store::clients::{Filter, Upserted};
pub use essor_store::clients_list::Figures;
pub use export::{Export, Format, Running, export};
pub use family::{Family, family};
pub use figures::{figures, tabs};
pub use keeping::{
    Certificate, Compared, Duplicate, Erased, ErasureList, FileRow, Gone, Keeping, Side, Trashed, allow_erased,
    apply_erasures, attach, detach, download, duplicates, erase_client, erase_person, erasure, erasures, export_client,
    export_person, files, give_back, gone, merge, merge_preview, throw_away, trash,
};
pub(crate) use keeping::{Named, among_erased, count_refused, housekeeping, refuse_erased, write_refused};
pub use notes::{KEPT_DAYS, Note, add_note, change_note, remove_note, restore_note};
pub use page::{ClientPage, SubscriptionShown, one, subscriptions_of};
pub use people::{Person, add_person, change_person, people, remove_person, restore_person};
pub use pulse::{PulseInput, add_pulse, drop_pulse};
pub use read::{ListQuery, Listed, Page, ascending_days, client, contacts, facets, list, signals};
pub use subscriptions::{Origin, upsert_subscriptions};
pub(crate) use subscriptions::{Would, apply_subscriptions, would};
pub use timeline::{Cursor as TimelineCursor, Entry, timeline};
pub(crate) use upsert::write_signals;
pub(crate) use upsert::{apply_clients, apply_contacts};
pub use upsert::{upsert_clients, upsert_contacts, upsert_signals};

use crate::error::Result;
use essor_domain::Invalid;

/// The most items that one call takes.
pub const MAX_ITEMS: usize = 1_000;

/// Checks each item of a list and names the one that is refused: nothing is saved unless all are good.
pub(crate) fn check_all<T>(items: &[T], check: impl Fn(&T) -> std::result::Result<(), Invalid>) -> Result<()> {
    if items.len() > MAX_ITEMS {
        return Err(Invalid::field(essor_domain::Code::ListTooLong, "items").with("max", MAX_ITEMS).into());
    }
    for (i, item) in items.iter().enumerate() {
        check(item)
            .map_err(|refused| if items.len() == 1 { refused } else { refused.inside(&format!("items[{i}]")) })?;
    }
    Ok(())
}

/// The refusal of item `i` of `count`, its field named as the caller wrote it.
pub(crate) fn at(i: usize, count: usize, refused: Invalid) -> Invalid {
    if count == 1 { refused } else { refused.inside(&format!("items[{i}]")) }
}
