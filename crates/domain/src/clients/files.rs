//! Files of a client: how large they may be, and names that no file system or header stumbles over.

use crate::{Code, Invalid};

/// The largest file, in bytes.
pub const MAX_FILE: usize = 10 * 1024 * 1024;
/// What the files of one client may take together, in bytes.
pub const MAX_FILES_OF_CLIENT: i64 = 200 * 1024 * 1024;
/// The longest name, in characters.
const MAX_NAME: usize = 150;

/// The name of a file as it is shown and downloaded: without folders, control characters and what Windows refuses.
pub fn file_name(raw: &str) -> Result<String, Invalid> {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    // Signs that turn the direction of writing make one name look like another.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() {
        return Err(Invalid::field(Code::FieldRequired, "name"));
    }
    if clean.chars().count() <= MAX_NAME {
        return Ok(clean.to_owned());
    }
    // What comes after the last dot says how the file is opened: it stays.
    let (stem, ending) = clean.rsplit_once('.').filter(|(_, end)| end.chars().count() <= 10).unwrap_or((clean, ""));
    let dot = if ending.is_empty() { "" } else { "." };
    let kept: String = stem.chars().take(MAX_NAME - dot.len() - ending.chars().count()).collect();
    Ok(format!("{kept}{dot}{ending}"))
}

/// Refuses an empty file, one that is too large, and one that has no room beside the others.
pub fn check_file(size: usize, others: i64) -> Result<(), Invalid> {
    if size == 0 {
        return Err(Invalid::field(Code::FieldRequired, "file"));
    }
    if size > MAX_FILE {
        return Err(Invalid::new(Code::TooLarge).with("max", MAX_FILE));
    }
    if others + size as i64 > MAX_FILES_OF_CLIENT {
        return Err(Invalid::new(Code::ClientsFilesFull).with("max", MAX_FILES_OF_CLIENT));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        for (raw, name) in [
            ("Contract 2026.pdf", "Contract 2026.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\évaluation?.xlsx", "évaluation_.xlsx"),
            ("a\r\nSet-Cookie: b\".txt", "aSet-Cookie_ b_.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("  .hidden. ", "hidden"),
        ] {
            assert_eq!(file_name(raw).unwrap(), name);
        }
        for raw in ["", "/", "...", "\u{7}"] {
            assert_eq!(file_name(raw).unwrap_err().code, Code::FieldRequired, "{raw:?}");
        }
        let long = file_name(&format!("{}.pdf", "é".repeat(400))).unwrap();
        assert!(long.ends_with("é.pdf") && long.chars().count() == 150);
    }

    #[test]
    fn sizes_have_limits() {
        assert_eq!(check_file(0, 0).unwrap_err().code, Code::FieldRequired);
        assert_eq!(check_file(MAX_FILE + 1, 0).unwrap_err().code, Code::TooLarge);
        assert_eq!(check_file(MAX_FILE, MAX_FILES_OF_CLIENT - 5).unwrap_err().code, Code::ClientsFilesFull);
        assert!(check_file(MAX_FILE, 0).is_ok());
    }
}
