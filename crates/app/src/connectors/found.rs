//! What a file is found to be: its header, its separator, samples of its cells, and which ways of writing days and
//! numbers the cells of each column fit. One walk through the file, in memory that does not grow with it.

use super::cells::digits;
use super::read::check_names;
use super::rows::Rows;
use super::text::Lines;
use crate::{Error, Result};
use essor_domain::clients::fold;
use essor_domain::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The most rows of a file.
pub const MAX_ROWS: u64 = 2_000_000;
/// The most columns.
const MAX_COLUMNS: usize = 1_000;
/// Samples of a column, and examples of what can be read in two ways.
const SAMPLES: usize = 4;
/// How much of a sample is kept, in characters.
const MAX_SAMPLE: usize = 80;
/// A column of which none of so many cells is a day has none.
const PATIENCE: u64 = 1_000;

/// What a file is found to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// What separates its cells.
    pub separator: char,
    /// How its characters are written.
    pub encoding: String,
    /// The sheet that is read, of a workbook.
    pub sheet: Option<String>,
    /// Rows below the header.
    pub rows: u64,
    /// Those of them that cannot be cut into as many cells as the header has.
    pub broken: u64,
    /// Its columns.
    pub columns: Vec<FoundColumn>,
    /// The export that it is known to be: hubspot, salesforce.
    pub known: Option<String>,
    /// Whether what the columns mean was said for a file with this header before.
    pub remembered: bool,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundColumn {
    /// As the header writes it; empty for one without a name.
    pub name: String,
    /// Cells that say something.
    pub filled: u64,
    /// The first of them, each once.
    pub samples: Vec<String>,
    /// How its days are written: `dmy`, `mdy`, `ymd`; `ask` where that cannot be told; none where there are none.
    pub days: Option<String>,
    /// Days that can be read in two ways, or that contradict each other.
    pub day_examples: Vec<String>,
    /// The decimal sign of its numbers: `.`, `,`; `ask` where that cannot be told; none where there are none.
    pub decimal: Option<String>,
    /// Numbers that can be read in two ways, or that contradict each other.
    pub number_examples: Vec<String>,
}

/// How many cells of a column fit what.
#[derive(Default)]
struct Fits {
    days: u64,
    /// Year first: these are never asked about.
    ymd: u64,
    dmy: u64,
    mdy: u64,
    numbers: u64,
    point_only: u64,
    comma_only: u64,
    differ: u64,
}

impl Fits {
    fn days(&self) -> Option<&'static str> {
        let asked = self.days - self.ymd;
        if self.days == 0 {
            return None;
        }
        Some(match (self.dmy == asked, self.mdy == asked) {
            _ if asked == 0 => "ymd",
            (true, false) => "dmy",
            (false, true) => "mdy",
            _ => "ask",
        })
    }

    fn decimal(&self) -> Option<&'static str> {
        if self.numbers == 0 {
            return None;
        }
        Some(match (self.point_only > 0, self.comma_only > 0) {
            (true, false) => ".",
            (false, true) => ",",
            (true, true) => "ask",
            (false, false) => {
                if self.differ > 0 {
                    "ask"
                } else {
                    "."
                }
            }
        })
    }
}

/// Keeps a few different texts.
fn keep(list: &mut Vec<String>, text: &str) {
    if list.len() < SAMPLES && !list.iter().any(|kept| kept == text) {
        list.push(text.chars().take(MAX_SAMPLE).collect());
    }
}

/// Which orders of day and month the beginning of a text fits: year first, day first, month first.
fn orders(text: &str) -> Option<(bool, bool, bool)> {
    if text.len() > 40 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts = day.split(['/', '-', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str| (part.len() <= 4).then(|| part.parse::<u32>().ok()).flatten();
    let (first, second, third) = (number(a)?, number(b)?, number(c)?);
    if parts.next().is_some() {
        return None;
    }
    let (month, of_month) = (|n: u32| (1..=12).contains(&n), |n: u32| (1..=31).contains(&n));
    if a.len() == 4 {
        return (month(second) && of_month(third)).then_some((true, false, false));
    }
    let (dmy, mdy) = (of_month(first) && month(second), month(first) && of_month(second));
    (matches!(c.len(), 2 | 4) && (dmy || mdy)).then_some((false, dmy, mdy))
}

fn look(column: &mut FoundColumn, fits: &mut Fits, text: &str) {
    column.filled += 1;
    keep(&mut column.samples, text);
    if (fits.days > 0 || column.filled <= PATIENCE)
        && let Some((ymd, dmy, mdy)) = orders(text)
    {
        fits.days += 1;
        fits.ymd += u64::from(ymd);
        fits.dmy += u64::from(dmy);
        fits.mdy += u64::from(mdy);
        if !ymd {
            keep(&mut column.day_examples, text);
        }
    }
    let numeric = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,'’+-−€$£".contains(c);
    if (fits.numbers > 0 || column.filled <= PATIENCE) && text.len() <= 40 && text.chars().all(numeric) {
        let (point, comma) = (digits(text, '.'), digits(text, ','));
        let differs = point.is_some() && comma.is_some() && point != comma;
        fits.numbers += u64::from(point.is_some() || comma.is_some());
        fits.point_only += u64::from(point.is_some() && comma.is_none());
        fits.comma_only += u64::from(comma.is_some() && point.is_none());
        fits.differ += u64::from(differs);
        if text.contains(['.', ',']) {
            keep(&mut column.number_examples, text);
        }
    }
}

/// Walks through a file of separated cells.
pub(super) fn scan(path: &Path, shown: &str, workbook: bool) -> Result<Found> {
    let failed = |error: std::io::Error| Error::Internal(format!("an upload cannot be read: {error}"));
    let lines = Lines::open(path, None).map_err(failed)?;
    let mut rows = Rows::new(lines, workbook.then_some(',')).map_err(failed)?;
    if rows.header.iter().all(String::is_empty) {
        return Err(Invalid::new(Code::ConnectorsFileEmpty).with("file", shown).into());
    }
    if rows.header.len() > MAX_COLUMNS {
        return Err(Invalid::field(Code::ListTooLong, "columns").with("max", MAX_COLUMNS).into());
    }
    check_names(shown, &rows.header)?;
    let mut columns: Vec<FoundColumn> =
        rows.header.iter().map(|name| FoundColumn { name: name.clone(), ..FoundColumn::default() }).collect();
    let mut fits: Vec<Fits> = columns.iter().map(|_| Fits::default()).collect();
    let (mut count, mut broken) = (0, 0);
    while let Some(row) = rows.next().map_err(failed)? {
        count += 1;
        if count > MAX_ROWS {
            return Err(Invalid::field(Code::ListTooLong, "rows").with("max", MAX_ROWS).into());
        }
        let Ok(cells) = row.cells else {
            broken += 1;
            continue;
        };
        for ((column, fits), cell) in columns.iter_mut().zip(&mut fits).zip(&cells) {
            let text = cell.trim();
            if !text.is_empty() {
                look(column, fits, text);
            }
        }
    }
    for (column, fits) in columns.iter_mut().zip(&fits) {
        column.days = fits.days().map(str::to_owned);
        column.decimal = fits.decimal().map(str::to_owned);
    }
    let (separator, encoding) = (rows.delimiter(), rows.encoding().name().to_owned());
    Ok(Found { separator, encoding, rows: count, broken, columns, ..Found::default() })
}

impl Found {
    /// The names of the columns.
    pub fn header(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// What files with the same header have in common.
    pub fn header_key(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| fold(&column.name)).collect();
        blake3::hash(names.join("\u{1f}").as_bytes()).to_hex()[..32].to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn column(cells: &[&str]) -> FoundColumn {
        let (mut column, mut fits) = (FoundColumn::default(), Fits::default());
        cells.iter().for_each(|cell| look(&mut column, &mut fits, cell));
        column.days = fits.days().map(str::to_owned);
        column.decimal = fits.decimal().map(str::to_owned);
        column
    }

    #[test]
    fn days_that_can_be_read_in_two_ways_are_asked_about() {
        for (cells, days) in [
            (&["2024-02-29", "2024-01-02T10:00"][..], Some("ymd")),
            (&["03/04/2024", "25/12/2024"], Some("dmy")),
            (&["03/04/2024", "12/25/2024", "2024-01-01"], Some("mdy")),
            (&["03/04/2024", "01/02/2024"], Some("ask")),
            // Three ways of writing in one column: no one of them reads all.
            (&["25/12/2024", "12/25/2024", "2024-12-25"], Some("ask")),
            (&["1.2.24", "31.1.24"], Some("dmy")),
            (&["Paris", "1234", "1.5", "192.168.0.1"], None),
        ] {
            assert_eq!(column(cells).days.as_deref(), days, "{cells:?}");
        }
        assert_eq!(column(&["03/04/2024", "2024-01-01"]).day_examples, ["03/04/2024"]);
    }

    #[test]
    fn numbers_that_can_be_read_in_two_ways_are_asked_about() {
        for (cells, decimal) in [
            (&["1,5", "12"][..], Some(",")),
            (&["1.5", "1,234.50"], Some(".")),
            (&["1,234", "12,345"], Some("ask")),
            (&["1.5", "1,5"], Some("ask")),
            (&["12", "1 200"], Some(".")),
            (&["1.234,50 €"], Some(",")),
            (&["a lot"], None),
        ] {
            assert_eq!(column(cells).decimal.as_deref(), decimal, "{cells:?}");
        }
    }
}
