//! By which words a person is found.

use super::fold;
use std::collections::BTreeSet;

/// The parts of a name or an address from which a search may begin.
const PARTS: usize = 6;
/// The longest word that is kept, in characters: nobody types more.
const MAX_SEARCH: usize = 80;

/// The folded texts with which a search for a person may begin: their name from each of its words on, and their address
/// from each of its parts on. "Marie Dupont", "m.dupont@acme.fr" → "marie dupont", "dupont", "m.dupont@acme.fr",
/// "dupont@acme.fr", "acme.fr".
pub fn search_words(name: Option<&str>, email: Option<&str>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut add = |text: &str, parts: &[char]| {
        let starts = text.char_indices().filter(|(at, c)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            !parts.contains(c) && before.is_none_or(|before| parts.contains(&before))
        });
        for (at, _) in starts.take(PARTS) {
            out.insert(text.chars().skip(text.get(..at).map_or(0, |b| b.chars().count())).take(MAX_SEARCH).collect());
        }
    };
    if let Some(name) = name {
        add(&fold(name), &[' ', '-', '\'', '’']);
    }
    if let Some(email) = email {
        let email = fold(email);
        // What follows the sign is one word: nobody looks for "fr".
        match email.split_once('@') {
            Some((person, host)) => {
                add(&email, &[]);
                let mut parts: Vec<&str> = vec![host];
                parts.extend(
                    person
                        .char_indices()
                        .filter(|(_, c)| ['.', '-', '_', '+'].contains(c))
                        .map(|(at, c)| email.get(at + c.len_utf8()..).unwrap_or_default()),
                );
                parts.into_iter().take(PARTS).filter(|part| !part.is_empty()).for_each(|part| add(part, &[]));
            }
            None => add(&email, &[]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_from_each_word_and_part_on() {
        let words = |name, email| search_words(name, email).into_iter().collect::<Vec<_>>();
        assert_eq!(
            words(Some("Marie Dupont"), Some("M.Dupont@acme.fr")),
            ["acme.fr", "dupont", "dupont@acme.fr", "m.dupont@acme.fr", "marie dupont"]
        );
        assert_eq!(words(Some("  Éloïse  "), None), ["eloise"]);
        assert_eq!(words(Some("Jean-Luc O’Neil"), None), ["jean-luc o’neil", "luc o’neil", "neil", "o’neil"]);
        assert_eq!(words(None, Some("no address")), ["no address"]);
        assert_eq!(words(Some(""), Some("")), Vec::<String>::new());
        assert_eq!(words(None, Some("a.@x.fr")), ["@x.fr", "a.@x.fr", "x.fr"]);
        let long = search_words(Some(&"a b ".repeat(200)), None);
        assert!(long.len() <= PARTS && long.iter().all(|word| word.chars().count() <= MAX_SEARCH));
    }
}
