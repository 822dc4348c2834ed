//! Notes about a client: Markdown that people write, and the members that it names.

use crate::{Code, Invalid};
use uuid::Uuid;

/// The longest note, in characters.
pub const MAX_NOTE: usize = 20_000;
/// The most members that one note tells.
const MAX_MENTIONS: usize = 50;

/// Refuses an empty or overlong note; returns it trimmed.
pub fn check_note(body: &str) -> Result<String, Invalid> {
    let body = body.trim();
    if body.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "body"));
    }
    if body.chars().count() > MAX_NOTE {
        return Err(Invalid::field(Code::FieldTooLong, "body").with("max", MAX_NOTE));
    }
    if body.contains('\0') {
        return Err(Invalid::field(Code::FieldType, "body").with("expected", "text without NUL"));
    }
    Ok(body.to_owned())
}

/// Each mention of a text with what stands before it: `@[Name](id)`.
fn each(text: &str) -> impl Iterator<Item = (&str, &str, Uuid, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut from = 0;
        loop {
            let at = from + rest.get(from..)?.find("@[")?;
            from = at + 2;
            let Some((name, after)) = rest[from..].split_once("](") else { continue };
            let Some((id, after)) = after.split_once(')') else { continue };
            if name.contains(['[', ']', '\n']) {
                continue;
            }
            let Ok(id) = id.parse() else { continue };
            let before = &rest[..at];
            rest = after;
            return Some((before, name, id, after));
        }
    })
}

/// The members that a note names, each once, in the order of the text.
pub fn mentions(text: &str) -> Vec<Uuid> {
    let mut out = Vec::new();
    for (_, _, id, _) in each(text) {
        if !out.contains(&id) && out.len() < MAX_MENTIONS {
            out.push(id);
        }
    }
    out
}

/// The first words of a note, on one line and with names instead of mentions: what a notification quotes.
pub fn excerpt(text: &str, max: usize) -> String {
    let mut plain = String::new();
    let mut rest = text;
    for (before, name, _, after) in each(text) {
        plain.push_str(before);
        plain.push_str(name);
        rest = after;
    }
    plain.push_str(rest);
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    line.chars().take(max).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const B: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

    #[test]
    fn mentions_are_read_once_each() {
        let id = |text: &str| text.parse::<Uuid>().ok();
        for (text, expected) in [
            (String::new(), vec![]),
            ("an @ alone, @[no one], @[x](y) and a [link](https://x)".into(), vec![]),
            (format!("ask @[Léa]({A}) and @[Marc]({B}), then @[Léa]({A})"), vec![id(A), id(B)]),
            (format!("@[a [b]]({A})"), vec![]),
            (format!("@[broken](nothing) @[Marc]({B})"), vec![id(B)]),
        ] {
            assert_eq!(mentions(&text).into_iter().map(Some).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(&format!("Ask\n@[Léa]({A})  today"), 40), "Ask Léa today");
        assert_eq!(excerpt("abcdef", 3), "abc…");
    }

    #[test]
    fn notes_are_neither_empty_nor_endless() {
        for (text, code) in [
            (" a ".to_owned(), None),
            (" \n".to_owned(), Some(Code::FieldRequired)),
            ("x".repeat(MAX_NOTE + 1), Some(Code::FieldTooLong)),
            ("a\0".to_owned(), Some(Code::FieldType)),
        ] {
            assert_eq!(check_note(&text).err().map(|e| e.code), code);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,200}") {
            let _ = mentions(&text);
            prop_assert!(excerpt(&text, 20).chars().count() <= 21);
        }
    }
}
