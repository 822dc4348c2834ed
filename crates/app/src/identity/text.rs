//! Names and addresses as people type them, put into the form that is stored.

use essor_domain::{Code, Invalid};

const NAME_MAX: usize = 120;
/// RFC 5321: a path has 256 characters with its angle brackets.
const EMAIL_MAX: usize = 254;

/// A name: trimmed, without control characters (it may end up in a mail header), neither empty nor endless.
pub(super) fn name(text: &str, field: &str) -> Result<String, Invalid> {
    let name: String = text.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, field));
    }
    if name.chars().count() > NAME_MAX {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", NAME_MAX));
    }
    Ok(name.to_owned())
}

/// An address in lower case. Only its form is checked; whether it exists is known when a link sent to it comes back.
/// A domain without a dot is taken, because inside a company there are such.
pub(super) fn email(text: &str) -> Result<String, Invalid> {
    let email = text.trim().to_lowercase();
    let refused = || Invalid::field(Code::IdentityEmailInvalid, "email");
    let (local, domain) = email.rsplit_once('@').ok_or_else(refused)?;
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c);
    let label = |l: &str| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-');
    let fits = email.len() <= EMAIL_MAX && !local.is_empty() && local.len() <= 64 && !local.contains(forbidden);
    let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let host = domain.split('.').all(label) && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    if fits && dots && host { Ok(email) } else { Err(refused()) }
}

/// One of a few words.
pub(super) fn one_of(text: &str, field: &str, words: &[&str]) -> Result<String, Invalid> {
    if words.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::field(Code::FieldType, field).with("expected", words.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_addresses_are_checked_by_form() {
        for good in ["ada@example.org", " Ada@Example.ORG ", "a+b@x", "o'neil@mail.example.co.uk", "é@exemple.fr"] {
            assert!(email(good).is_ok(), "{good}");
        }
        assert_eq!(email(" Ada@Example.ORG ").expect("good"), "ada@example.org");
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "ada",
            "@x",
            "ada@",
            "a b@x.org",
            "ada@x..org",
            "ada@-x.org",
            "a@b@c",
            "<a@b.c>",
            "a@b.c\r\nBcc: d@e.f",
            ".a@b.c",
            &long,
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn identity_names_lose_control_characters() {
        assert_eq!(name(" Ada\r\nLovelace ", "name").expect("good"), "AdaLovelace");
        assert_eq!(name(" \n ", "name").expect_err("empty").code, Code::FieldRequired);
        assert_eq!(name(&"a".repeat(121), "name").expect_err("long").code, Code::FieldTooLong);
    }
}
