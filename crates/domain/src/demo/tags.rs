//! The words that account managers put on clients, so that lists and filters have something to group by.

use super::draw::{Draw, Stream};

/// Each word with the share of clients that have it.
const TAGS: [(&str, f64); 4] = [("Pilote", 0.14), ("Référence", 0.11), ("Multi-sites", 0.18), ("Partenaire", 0.08)];

/// The tags of one client: often none, seldom more than two.
pub(super) fn of(seed: u64, index: u32) -> Vec<&'static str> {
    let mut draw = Draw::new(seed, Stream::Tags, index, 0);
    TAGS.iter().filter_map(|(tag, share)| draw.chance(*share).then_some(*tag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_clients_have_a_few_words() {
        for seed in 1..4 {
            let all: Vec<_> = (0..400).map(|index| of(seed, index)).collect();
            for (tag, share) in TAGS {
                let found = all.iter().filter(|tags| tags.contains(&tag)).count() as f64 / 400.0;
                assert!((found - share).abs() < 0.06, "{tag}: {found}");
            }
            assert!(all.iter().filter(|tags| tags.is_empty()).count() > 160);
            assert_eq!(of(seed, 7), all[7]);
        }
    }
}
