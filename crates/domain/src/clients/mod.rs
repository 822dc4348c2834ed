//! Clients, their contacts and signals: what may be written about them and how names are folded for search.

mod by_hand;
mod duplicates;
mod edit;
mod erasure;
mod files;
mod handover;
mod inputs;
mod merge;
mod notes;
mod people;
mod search;
mod signals;

pub use by_hand::{BY_HAND, check_by_hand};
pub use duplicates::{Likeness, alike, beginning};
pub use edit::{ClientPatch, Editable};
pub use erasure::{ERASED, Named, Words, facts_of_signal, tombstone};
pub use files::{MAX_FILE, MAX_FILES_OF_CLIENT, check_file, file_name};
pub use handover::{Deal, Dealt, deal};
pub use inputs::{ClientInput, ContactInput, SubscriptionInput};
pub use inputs::{MAX_DOMAIN, MAX_TAG, MAX_TAGS, MAX_TEXT, MAX_WORD, check_tags, tidy_tags, word};
pub use merge::{MERGED_FIELDS, merged};
pub use notes::{check_note, excerpt, mentions};
pub use people::{Consent, ContactPatch, ROLES, part_of};
pub use search::search_words;
pub use signals::{SignalInput, SignalKind, TicketPriority, check_pulse, metric_key};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The key by which names are sorted and searched: accents and case removed, white space folded, so that both
/// engines order in the same bytes. "Éléonore  & Cie" → "eleonore & cie". At most [`MAX_KEY`] bytes.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = plain.replace('œ', "oe").replace('æ', "ae").replace('ß', "ss");
    let mut key = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = key.char_indices().find(|(at, c)| at + c.len_utf8() > MAX_KEY) {
        key.truncate(end);
    }
    key
}

/// The longest key, in bytes: PostgreSQL's indexes hold 2,704 of them, with what else stands there.
pub const MAX_KEY: usize = 1_200;

#[cfg(test)]
mod tests {
    use super::{MAX_KEY, fold};

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

    #[test]
    fn a_key_is_cut_where_a_character_ends() {
        // One sign may be many once it is folded.
        let (long, some) = (fold(&"ﷺ".repeat(512)), fold(&"ﷺ".repeat(30)));
        assert!(long.starts_with(&some) && long.len() > MAX_KEY - 4 && long.len() <= MAX_KEY, "{}", long.len());
    }
}
