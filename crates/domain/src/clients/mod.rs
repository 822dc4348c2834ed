//! Clients, their contacts and signals: what may be written about them and how names are folded for search.

mod edit;
mod inputs;
mod notes;
mod people;
mod signals;

pub use edit::{ClientPatch, Editable};
pub use inputs::MAX_TEXT;
pub use inputs::{ClientInput, ContactInput, SubscriptionInput};
pub use notes::{check_note, excerpt, mentions};
pub use people::{Consent, ContactPatch, ROLES};
pub use signals::{SignalInput, SignalKind, TicketPriority, check_pulse};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The key by which names are sorted and searched: accents and case removed, white space folded, so that both
/// engines order in the same bytes. "Éléonore  & Cie" → "eleonore & cie".
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.replace('œ', "oe").replace('æ', "ae").replace('ß', "ss").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_removes_accents_case_and_spaces() {
        for (text, key) in [
            ("Éléonore  & Cie", "eleonore & cie"),
            ("ŒUVRE", "oeuvre"),
            ("Straße", "strasse"),
            ("  Çà et Là ", "ca et la"),
            ("", ""),
        ] {
            assert_eq!(fold(text), key, "{text}");
        }
    }
}
