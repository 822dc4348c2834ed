//! Cells as files of other programs hold them: separated, quoted where they must be, and never a formula.

/// A text that a spreadsheet would run as a formula is defused by an apostrophe; a number that was typed as text is none.
pub(crate) fn defused(text: &str) -> std::borrow::Cow<'_, str> {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let digits = text.trim_start_matches(['+', '-']);
    let number = text.len() - digits.len() <= 1
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}'));
    if runs && !number { format!("'{text}").into() } else { text.into() }
}

/// Writes a cell, quoted where a separator, a quote or a line break stands in it.
pub(crate) fn cell(out: &mut String, text: &str, separator: char) {
    let quoted = text.contains([separator, '"', '\n', '\r']) || text.starts_with([' ', '\'']) || text.ends_with(' ');
    if !quoted {
        return out.push_str(text);
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// Writes a row of cells and its line break.
pub(crate) fn line<'t>(out: &mut String, cells: impl IntoIterator<Item = &'t str>, separator: char) {
    for (i, text) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(separator);
        }
        cell(out, text, separator);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+33 1 23 45 67 89", "+33 1 23 45 67 89"),
            ("-12,50", "-12,50"),
            ("-12.5", "-12.5"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("--1", "'--1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("-", "'-"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(defused(text), written, "{text}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut out = String::new();
        line(&mut out, ["a", "b;c", "say \"no\"", "two\nlines", ""], ';');
        assert_eq!(out, "a;\"b;c\";\"say \"\"no\"\"\";\"two\nlines\";\r\n");
    }
}
