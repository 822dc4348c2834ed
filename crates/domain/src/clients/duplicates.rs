//! When two clients are likely the same one: names that are equal but for their legal form, or nearly so.

/// Words that say what a company is in law, and nothing of which one it is.
const LEGAL: [&str; 26] = [
    "sa",
    "sas",
    "sasu",
    "sarl",
    "eurl",
    "sci",
    "snc",
    "scop",
    "gmbh",
    "ag",
    "kg",
    "ug",
    "ltd",
    "limited",
    "inc",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "srl",
    "spa",
    "bv",
    "nv",
];

/// Why two clients may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// They have one domain.
    Domain,
    /// Their names are the same, legal form and signs left out.
    Name,
    /// Their names differ by a letter or two.
    NearName,
}

impl Likeness {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Likeness::Domain => "domain",
            Likeness::Name => "name",
            Likeness::NearName => "near_name",
        }
    }
}

/// What remains of a folded name without its legal form and its signs.
pub fn core(key: &str) -> String {
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| !LEGAL.contains(word)).collect();
    if kept.is_empty() { words.concat() } else { kept.concat() }
}

/// With which letters the folded names begin that may be like this one: names are looked for by their beginning, which
/// an index finds. Half of the name, from three to eight letters.
pub fn beginning(key: &str) -> String {
    let length = key.chars().count();
    key.chars().take((length / 2).clamp(3, 8)).collect()
}

/// How alike two folded names are.
pub fn alike(a: &str, b: &str) -> Option<Likeness> {
    let (a, b) = (core(a), core(b));
    if a == b {
        return Some(Likeness::Name);
    }
    let shorter = a.chars().count().min(b.chars().count());
    // "Client 1" and "Client 2" are two: a name that ends in a number is that number's.
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let allowed = match shorter {
        0..=4 => 0,
        5..=9 => 1,
        _ => 2,
    };
    (allowed > 0 && number(&a) == number(&b) && distance(&a, &b, allowed) <= allowed).then_some(Likeness::NearName)
}

/// How many letters have to be changed, added or taken to make one text of another; more than `most` is not counted on.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
        if row.iter().all(|steps| *steps > most) {
            return most + 1;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::fold;

    #[test]
    fn names_are_alike_but_for_form_and_typing() {
        for (a, b, like) in [
            ("Acme SAS", "ACME", Some(Likeness::Name)),
            ("Acme, Inc.", "Acme Ltd", Some(Likeness::Name)),
            ("Éléonore & Cie", "Eleonore Cie", Some(Likeness::Name)),
            ("Northwind Traders", "Nortwind Traders", Some(Likeness::NearName)),
            ("Globex", "Globex2", None),
            ("Client 12", "Client 13", None),
            ("Acme", "Acne", None),
            ("Initech", "Initrode", None),
            ("SAS", "SA", None),
        ] {
            assert_eq!(alike(&fold(a), &fold(b)), like, "{a} and {b}");
            assert_eq!(alike(&fold(b), &fold(a)), like, "{b} and {a}");
        }
    }

    #[test]
    fn a_beginning_is_half_of_the_name() {
        for (name, start) in
            [("acme", "acm"), ("northwind", "nort"), ("a very long name of a client", "a very l"), ("é", "é")]
        {
            assert_eq!(beginning(name), start);
        }
    }
}
