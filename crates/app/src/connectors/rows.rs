//! Lines as rows of cells. A broken row costs itself only: the reading goes on with the next line.

use super::text::{Line, Lines};
use std::collections::VecDeque;
use std::io;

/// A quoted cell may span lines; one that spans more is an opening quote that nobody closed.
const MAX_LINES: usize = 1_000;
const MAX_ROW: usize = 1 << 20;

/// The rows of a file after its header.
pub(super) struct Rows {
    lines: Lines,
    /// Lines that were looked at for the end of a quoted cell in vain.
    waiting: VecDeque<Line>,
    delimiter: char,
    /// The header's cells, trimmed.
    pub header: Vec<String>,
}

/// One row.
pub(super) struct Row {
    /// The line on which it begins.
    pub line: u64,
    /// As it stands in the file.
    pub raw: String,
    pub cells: Result<Vec<String>, Broken>,
}

/// Why a row cannot be cut into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A quote was opened and not closed.
    Unterminated,
    /// Something other than a separator follows a closing quote.
    AfterQuote,
    /// The number of cells is not the header's.
    Count(usize),
    /// The line is longer than can be taken.
    TooLong,
}

impl Rows {
    /// Reads the header. Without a named delimiter the most frequent one of the header is taken. A file without
    /// any line has an empty header.
    pub fn new(mut lines: Lines, delimiter: Option<char>) -> io::Result<Rows> {
        let mut delimiter = delimiter;
        let mut header = Vec::new();
        while let Some(line) = lines.next()? {
            // Some spreadsheets begin with a line that names the separator.
            if let Some(named) = line.text.trim().strip_prefix("sep=").filter(|s| s.len() == 1) {
                delimiter = delimiter.or(named.chars().next());
                continue;
            }
            if !line.text.trim().is_empty() {
                let used = *delimiter.get_or_insert_with(|| sniff(&line.text));
                header = match cut(&line.text, used) {
                    Ok(cells) => cells,
                    Err(_) => line.text.split(used).map(str::to_owned).collect(),
                };
                break;
            }
        }
        let header = header.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Rows { lines, waiting: VecDeque::new(), delimiter: delimiter.unwrap_or(','), header })
    }

    /// How the file's characters are written.
    pub fn encoding(&self) -> &'static encoding_rs::Encoding {
        self.lines.encoding
    }

    /// What separates the cells.
    pub fn delimiter(&self) -> char {
        self.delimiter
    }

    /// Bytes read and bytes in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.lines.bytes(), self.lines.total)
    }

    /// The next row; empty lines, and rows of empty cells only, are passed over.
    pub fn next(&mut self) -> io::Result<Option<Row>> {
        while let Some(line) = self.next_line()? {
            if line.text.chars().all(|c| c == self.delimiter || c.is_whitespace()) {
                continue;
            }
            return self.row(line).map(Some);
        }
        Ok(None)
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }

    fn row(&mut self, first: Line) -> io::Result<Row> {
        let Line { number, text: raw, overlong } = first;
        if overlong {
            return Ok(Row { line: number, raw, cells: Err(Broken::TooLong) });
        }
        let mut cells = cut(&raw, self.delimiter);
        let mut whole = raw.clone();
        let mut looked_at: Vec<Line> = Vec::new();
        while cells == Err(Broken::Unterminated) && looked_at.len() < MAX_LINES && whole.len() < MAX_ROW {
            let Some(next) = self.next_line()? else { break };
            whole.push('\n');
            whole.push_str(&next.text);
            // Only a line with a quote can close the cell.
            if next.text.contains('"') {
                cells = cut(&whole, self.delimiter);
            }
            looked_at.push(next);
        }
        let cells = match cells {
            Ok(cells) if cells.len() != self.header.len() => Err(Broken::Count(cells.len())),
            other => other,
        };
        if cells.is_err() && !looked_at.is_empty() {
            // The following lines are rows of their own: only the one with the stray quote is lost.
            for line in looked_at.into_iter().rev() {
                self.waiting.push_front(line);
            }
            return Ok(Row { line: number, raw, cells: Err(Broken::Unterminated) });
        }
        Ok(Row { line: number, raw: whole, cells })
    }
}

/// The most frequent separator outside quotes; a comma when there is none.
fn sniff(header: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in header.chars() {
        quoted ^= c == '"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| !quoted && *separator == c) {
            *count += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| separator)
}

/// Cuts a row into cells (RFC 4180). A quote counts at the beginning of a cell only, so that `5" pipe` is text.
pub(super) fn cut(row: &str, delimiter: char) -> Result<Vec<String>, Broken> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        if let Some(mut quoted) = rest.strip_prefix('"') {
            let mut cell = String::new();
            loop {
                let Some(at) = quoted.find('"') else { return Err(Broken::Unterminated) };
                cell.push_str(&quoted[..at]);
                quoted = &quoted[at + 1..];
                match quoted.strip_prefix('"') {
                    Some(after) => {
                        cell.push('"');
                        quoted = after;
                    }
                    None => break,
                }
            }
            cells.push(cell);
            if quoted.is_empty() {
                return Ok(cells);
            }
            rest = quoted.strip_prefix(delimiter).ok_or(Broken::AfterQuote)?;
        } else {
            match rest.split_once(delimiter) {
                Some((cell, after)) => {
                    cells.push(cell.to_owned());
                    rest = after;
                }
                None => {
                    cells.push(rest.to_owned());
                    return Ok(cells);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_as_the_standard_says() {
        for (row, delimiter, cells) in [
            ("a,b,c", ',', Ok(vec!["a", "b", "c"])),
            ("a,,", ',', Ok(vec!["a", "", ""])),
            ("\"a,b\";c", ';', Ok(vec!["a,b", "c"])),
            ("\"say \"\"hi\"\"\",x", ',', Ok(vec!["say \"hi\"", "x"])),
            ("5\" pipe,x", ',', Ok(vec!["5\" pipe", "x"])),
            ("\"two\nlines\",x", ',', Ok(vec!["two\nlines", "x"])),
            ("\"a,b", ',', Err(Broken::Unterminated)),
            ("\"a\"b,c", ',', Err(Broken::AfterQuote)),
            ("", ',', Ok(vec![""])),
        ] {
            assert_eq!(cut(row, delimiter), cells.map(|c| c.into_iter().map(str::to_owned).collect()), "{row}");
        }
    }

    #[test]
    fn the_separator_is_the_most_frequent_one_of_the_header() {
        for (header, separator) in [("a,b", ','), ("a;b;c", ';'), ("a\tb", '\t'), ("\"a,b,c\";d", ';'), ("alone", ',')]
        {
            assert_eq!(sniff(header), separator, "{header}");
        }
    }
}
