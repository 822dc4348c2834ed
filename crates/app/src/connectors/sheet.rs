//! A workbook as rows of text: its first sheet is unpacked, cell by cell, into a plain file beside it.
//!
//! A workbook is an archive, and a small archive may unpack to more than any memory holds: what it holds is counted as it
//! is unpacked before anything reads it.

use super::write::line;
use crate::{Error, Result};
use calamine::{DataRef, Reader, Xlsx};
use essor_domain::{Code, Invalid};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// The most bytes that the sheets of a workbook unpack to.
const MAX_SHEETS: u64 = 1 << 30;
/// The same for all else, which is held in memory: the words of its cells first of all.
const MAX_OTHERS: u64 = 96 << 20;
/// The most columns of a sheet.
const MAX_COLUMNS: u32 = 1_000;
/// The most rows that the format knows.
const MAX_ROWS: u32 = 1 << 20;

fn too_large(max: u64) -> Error {
    Invalid::new(Code::ConnectorsWorkbookTooLarge).with("max", max).into()
}

fn no_workbook(path: &Path) -> Error {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Invalid::new(Code::ConnectorsFileKind).with("file", file).into()
}

fn failed(error: &io::Error) -> Error {
    Error::Internal(format!("the workbook cannot be unpacked: {error}"))
}

/// Unpacks the first sheet of a workbook as comma-separated rows, one to a line, so that a row's line is its number in the
/// sheet. Returns the sheet's name.
pub(super) fn unpack(path: &Path, to: &Path) -> Result<String> {
    weigh(path)?;
    let mut book: Xlsx<BufReader<File>> = calamine::open_workbook(path).map_err(|_| no_workbook(path))?;
    let name = book.sheet_names().first().cloned().ok_or_else(|| no_workbook(path))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| no_workbook(path))?;
    let mut out =
        Sheet { out: BufWriter::new(File::create(to).map_err(|e| failed(&e))?), at: 0, row: Vec::new(), width: 0 };
    while let Some(cell) = cells.next_cell().map_err(|_| no_workbook(path))? {
        let (row, column) = cell.get_position();
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_large(MAX_COLUMNS.into()));
        }
        out.cell(row, column, text(cell.get_value())).map_err(|e| failed(&e))?;
    }
    out.end().map_err(|e| failed(&e))?;
    Ok(name)
}

/// Counts what a workbook holds by unpacking it into nothing.
fn weigh(path: &Path) -> Result<()> {
    let file = File::open(path).map_err(|e| failed(&e))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|_| no_workbook(path))?;
    let (mut sheets, mut others) = (0, 0);
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|_| no_workbook(path))?;
        let a_sheet = entry.name().is_ok_and(|name| name.starts_with("xl/worksheets/"));
        let (sum, most) = if a_sheet { (&mut sheets, MAX_SHEETS) } else { (&mut others, MAX_OTHERS) };
        // One byte more than may be: that there is one tells enough.
        *sum += io::copy(&mut entry.take(most - *sum + 1), &mut io::sink()).map_err(|_| no_workbook(path))?;
        if *sum > most {
            return Err(too_large(most));
        }
    }
    Ok(())
}

struct Sheet {
    out: BufWriter<File>,
    /// The row under way, from 0.
    at: u32,
    row: Vec<String>,
    /// Columns of the first row that has any.
    width: usize,
}

impl Sheet {
    fn cell(&mut self, row: u32, column: u32, text: String) -> io::Result<()> {
        while self.at < row {
            self.end_row()?;
        }
        let column = column as usize;
        if self.row.len() <= column && !text.is_empty() {
            self.row.resize(column + 1, String::new());
        }
        if let Some(cell) = self.row.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        let mut written = String::new();
        if self.row.is_empty() {
            written.push('\n');
        } else {
            self.width = if self.width == 0 { self.row.len() } else { self.width };
            if self.row.len() < self.width {
                self.row.resize(self.width, String::new());
            }
            line(&mut written, self.row.iter().map(String::as_str), ',');
        }
        self.out.write_all(written.as_bytes())?;
        self.row.clear();
        self.at += 1;
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        self.end_row()?;
        self.out.flush()
    }
}

/// A cell as text: days as ISO writes them, numbers with a point.
fn text(value: &DataRef) -> String {
    let plain = |text: &str| text.replace(['\r', '\n'], " ");
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => plain(text),
        DataRef::SharedString(text) => plain(text),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    #[test]
    fn a_sheet_becomes_rows_and_keeps_their_numbers() {
        let dir = tempfile::tempdir().unwrap();
        let (path, to) = (dir.path().join("book.xlsx"), dir.path().join("book.csv"));
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in ["Id", "Nom", "Depuis", "Montant"].iter().enumerate() {
            sheet.write_string(0, column as u16, *name).unwrap();
        }
        sheet.write_string(2, 0, "c1").unwrap();
        sheet.write_string(2, 1, "Deux, \"lignes\"\net demie").unwrap();
        let day = ExcelDateTime::from_ymd(2024, 2, 29).unwrap();
        sheet.write_datetime_with_format(2, 2, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write_number(2, 3, 1_234.5).unwrap();
        sheet.write_string(3, 0, "c2").unwrap();
        book.save(&path).unwrap();
        assert_eq!(unpack(&path, &to).unwrap(), "Sheet1");
        assert_eq!(
            std::fs::read_to_string(&to).unwrap(),
            "Id,Nom,Depuis,Montant\r\n\nc1,\"Deux, \"\"lignes\"\" et demie\",2024-02-29,1234.5\r\nc2,,,\r\n"
        );
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bomb.xlsx");
        let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
        archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..97 {
            archive.write_all(&zeros).unwrap();
        }
        archive.finish().unwrap();
        assert!(path.metadata().unwrap().len() < 1 << 20);
        let Err(Error::Invalid(refused)) = unpack(&path, &dir.path().join("out.csv")) else { panic!("taken") };
        assert_eq!(refused.code, Code::ConnectorsWorkbookTooLarge);
        std::fs::write(&path, b"PK\x03\x04 and nothing else").unwrap();
        let Err(Error::Invalid(refused)) = unpack(&path, &dir.path().join("out.csv")) else { panic!("taken") };
        assert_eq!(refused.code, Code::ConnectorsFileKind);
    }
}
