//! The table of clients as a file: the columns, the filter and the sort that a view shows, all that match or a selection,
//! page by page, so that memory does not grow with the list.

use super::asked::{Language, Narrow};
use super::bulk::{MAX_IDS, Selection};
use super::read::{Cursor, page_of};
use super::sorted;
use crate::audit::{Entry, record};
use crate::connectors::write;
use crate::error::{Error, Result};
use crate::{Actor, App, identity};
use essor_domain::expressions::{Fact, Kind};
use essor_domain::growth::money::minor_digits;
use essor_domain::identity::Action;
use essor_domain::{Code, Invalid};
use essor_store::Workspace;
use essor_store::clients::{self as store, Filter};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::path::PathBuf;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Clients of one page.
const PAGE: i64 = 1_000;
/// Pages that wait for whoever takes them.
const WAITING: usize = 2;
/// The most columns of a file.
const MAX_COLUMNS: usize = 100;
/// The longest heading of a column, in characters.
const MAX_HEADING: usize = 200;
/// The most rows of a workbook's sheet below its header.
const MAX_SHEET: i64 = (1 << 20) - 1;

/// What kind of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Commas and decimal points: what programs read.
    #[default]
    Csv,
    /// Semicolons, decimal commas and a byte-order mark: what a spreadsheet in French opens.
    CsvFrench,
    /// A workbook.
    Xlsx,
}

/// What is exported.
#[derive(Debug, Clone)]
pub struct Export {
    /// Which clients.
    pub selection: Selection,
    /// In which order: a sort of the list.
    pub sort: Option<String>,
    /// The keys of facts, with the headings of their columns; the key where there is none.
    pub columns: Vec<(String, Option<String>)>,
    /// What kind of file.
    pub format: Format,
}

/// A cell of the table.
enum Cell {
    None,
    Text(String),
    /// A number as it is written with a point.
    Number(String),
    Day(String),
}

/// An export under way: checked, counted and recorded.
pub struct Running {
    app: App,
    workspace: Workspace,
    language: Language,
    filter: Filter,
    only: Option<HashSet<Uuid>>,
    except: HashSet<Uuid>,
    order: String,
    facts: Vec<Fact>,
    headings: Vec<String>,
    format: Format,
    total: i64,
    digits: u32,
}

/// Checks what is to be exported and records it; [`Running::csv`] and [`Running::workbook`] make the file.
pub async fn export(app: &App, actor: &Actor, asked: Export) -> Result<Running> {
    let workspace = actor.require(Action::WriteClients)?;
    let language = Language::of(app, workspace).await?;
    let Export { selection, sort, columns, format } = asked;
    if columns.is_empty() || columns.len() > MAX_COLUMNS {
        return Err(Invalid::field(Code::ListTooLong, "columns").with("min", 1).with("max", MAX_COLUMNS).into());
    }
    let keys = columns.iter().map(|(key, _)| Ok(language.fact(key, "columns")?.clone()));
    let facts: Vec<Fact> = keys.collect::<Result<_>>()?;
    let heading = |(key, heading): &(String, Option<String>)| {
        let heading = heading.as_deref().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(key);
        heading.chars().take(MAX_HEADING).collect()
    };
    let headings = columns.iter().map(heading).collect();
    let order = sort.unwrap_or_else(|| "name".to_owned());
    sorted::sort_of(&language, &order)?;
    let (filter, narrow, only, except) = match selection {
        Selection::Ids(ids) => {
            if ids.len() > MAX_IDS {
                return Err(Invalid::field(Code::ListTooLong, "selection.ids").with("max", MAX_IDS).into());
            }
            let all = Filter { status: Some("all".into()), ..Filter::default() };
            (all, Narrow::default(), Some(ids.into_iter().collect::<HashSet<_>>()), HashSet::new())
        }
        Selection::Matching(filter, narrow, except) => (*filter, narrow, None, except.into_iter().collect()),
    };
    let filter = language.narrowed(app, actor, filter, &narrow).await?;
    let (total, _) = store::count(&app.db, workspace, &filter).await?;
    let rows = only.as_ref().map_or(total, |only| only.len() as i64);
    if format == Format::Xlsx && rows > MAX_SHEET {
        return Err(Invalid::field(Code::ListTooLong, "selection").with("max", MAX_SHEET).into());
    }
    let currency = identity::workspace_row(&app.db, workspace).await?.currency;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    let keys: Vec<&str> = facts.iter().map(|fact| fact.key.as_str()).collect();
    let said = json!({"clients": rows, "columns": keys, "format": format});
    record(&tx, actor, now, Entry::of("clients.export_list").about("client").with(said)).await?;
    tx.commit().await?;
    let digits = minor_digits(&currency);
    let (app, order) = (app.clone(), order);
    Ok(Running { app, workspace, language, filter, only, except, order, facts, headings, format, total, digits })
}

/// The same, with the pages to come.
type Pages = mpsc::Receiver<Result<Vec<Vec<Cell>>>>;

impl Running {
    /// What kind of file it makes.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The pieces of a file of separated cells, as they are read.
    pub fn csv(self) -> mpsc::Receiver<Result<String>> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let french = self.format == Format::CsvFrench;
        let (separator, mark) = if french { (';', "\u{feff}") } else { (',', "") };
        let headings = self.headings.clone();
        let mut pages = self.pages();
        tokio::spawn(async move {
            let mut first = mark.to_owned();
            let headings: Vec<String> = headings.iter().map(|text| write::defused(text).into_owned()).collect();
            write::line(&mut first, headings.iter().map(String::as_str), separator);
            if sender.send(Ok(first)).await.is_err() {
                return;
            }
            while let Some(page) = pages.recv().await {
                let page = page.map(|rows| {
                    let mut out = String::new();
                    for row in rows {
                        let row: Vec<String> = row.into_iter().map(|cell| cell.written(french)).collect();
                        write::line(&mut out, row.iter().map(String::as_str), separator);
                    }
                    out
                });
                let failed = page.is_err();
                if sender.send(page).await.is_err() || failed {
                    return;
                }
            }
        });
        receiver
    }

    /// Makes a workbook and returns where it lies; whoever reads it removes it.
    pub async fn workbook(self) -> Result<PathBuf> {
        let folder = self.app.data_dir.join("exports");
        tokio::fs::create_dir_all(&folder).await.map_err(|error| unwritten(&error))?;
        let path = folder.join(format!("{}.xlsx", Uuid::now_v7()));
        let (headings, target) = (self.headings.clone(), path.clone());
        let pages = self.pages();
        let made = tokio::task::spawn_blocking(move || sheet(&folder, &target, &headings, pages));
        made.await.map_err(|error| Error::Internal(error.to_string()))??;
        Ok(path)
    }

    /// Reads page after page, as long as somebody takes them.
    fn pages(self) -> Pages {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            if let Err(error) = self.walk(&sender).await {
                let _ = sender.send(Err(error)).await;
            }
        });
        receiver
    }

    async fn walk(&self, sender: &mpsc::Sender<Result<Vec<Vec<Cell>>>>) -> Result<()> {
        let keys: Vec<String> = self.facts.iter().map(|fact| fact.key.clone()).collect();
        let mut after: Option<Cursor> = None;
        let mut found = 0;
        loop {
            let asked = sorted::Asked {
                filter: &self.filter,
                sort: &self.order,
                after: after.as_ref(),
                limit: PAGE,
                counted: (self.total, 0),
            };
            let (mut clients, next) = page_of(&self.app, self.workspace, &self.language, asked).await?;
            clients.retain(|client| {
                !self.except.contains(&client.id) && self.only.as_ref().is_none_or(|only| only.contains(&client.id))
            });
            found += clients.len();
            if !clients.is_empty() {
                let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
                let mut facts = sorted::columns(&self.app, self.workspace, &self.language, &keys, &ids).await?;
                let rows = clients.iter().map(|client| {
                    let mut of = facts.remove(&client.id).unwrap_or_default();
                    let cell = |fact: &Fact| Cell::of(fact.kind, of.remove(&fact.key).unwrap_or_default(), self.digits);
                    self.facts.iter().map(cell).collect()
                });
                let rows = rows.collect();
                if sender.send(Ok(rows)).await.is_err() {
                    return Ok(());
                }
            }
            let all = self.only.as_ref().is_some_and(|only| found >= only.len());
            match next.filter(|_| !all) {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

impl Cell {
    fn of(kind: Kind, value: Json, digits: u32) -> Cell {
        match (kind, value) {
            (_, Json::Null) => Cell::None,
            (Kind::Money, Json::Number(cents)) => Cell::Number(amount(cents.as_i64().unwrap_or(0), digits)),
            (_, Json::Number(number)) => Cell::Number(number.to_string()),
            (Kind::Day, Json::String(day)) => Cell::Day(day),
            (_, Json::String(text)) => Cell::Text(text),
            (_, Json::Bool(flag)) => Cell::Text(flag.to_string()),
            (_, Json::Array(words)) => {
                let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
                Cell::Text(words.join("; "))
            }
            (_, other @ Json::Object(_)) => Cell::Text(other.to_string()),
        }
    }

    fn written(self, french: bool) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Text(text) => write::defused(&text).into_owned(),
            Cell::Number(number) if french => number.replace('.', ","),
            Cell::Number(number) => number,
            Cell::Day(day) => day,
        }
    }
}

/// Cents as units with a point, digit by digit.
fn amount(cents: i64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    if digits == 0 {
        return format!("{sign}{cents}");
    }
    format!("{sign}{}.{:0width$}", cents / unit, cents % unit, width = digits as usize)
}

fn unwritten(error: &dyn std::error::Error) -> Error {
    Error::Internal(format!("an export cannot be written: {error}"))
}

/// Writes a workbook row by row; rows that are written wait on the disk.
fn sheet(folder: &std::path::Path, path: &std::path::Path, headings: &[String], mut pages: Pages) -> Result<()> {
    use rust_xlsxwriter::{ExcelDateTime, Format as Look, Workbook, XlsxError};
    let failed = |error: XlsxError| unwritten(&error);
    let mut book = Workbook::new();
    book.set_tempdir(folder).map_err(failed)?;
    let (bold, day) = (Look::new().set_bold(), Look::new().set_num_format("yyyy-mm-dd"));
    let sheet = book.add_worksheet_with_constant_memory();
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    for (column, heading) in headings.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, &*write::defused(heading), &bold).map_err(failed)?;
    }
    let mut at = 0_u32;
    while let Some(page) = pages.blocking_recv() {
        for row in page? {
            at += 1;
            for (column, cell) in row.into_iter().enumerate() {
                let column = column as u16;
                match cell {
                    Cell::None => {}
                    Cell::Number(text) => match text.parse::<f64>() {
                        Ok(number) => drop(sheet.write_number(at, column, number).map_err(failed)?),
                        Err(_) => drop(sheet.write_string(at, column, text).map_err(failed)?),
                    },
                    Cell::Day(text) => match ExcelDateTime::parse_from_str(&text) {
                        Ok(moment) => {
                            sheet.write_datetime_with_format(at, column, &moment, &day).map_err(failed)?;
                        }
                        Err(_) => drop(sheet.write_string(at, column, text).map_err(failed)?),
                    },
                    Cell::Text(text) => {
                        // A cell of the format holds no more.
                        let text: String = write::defused(&text).chars().take(32_767).collect();
                        sheet.write_string(at, column, text).map_err(failed)?;
                    }
                }
            }
        }
    }
    book.save(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_digit_by_digit() {
        for (cents, digits, text) in
            [(123_450, 2, "1234.50"), (-5, 2, "-0.05"), (0, 2, "0.00"), (1_234, 0, "1234"), (1_234, 3, "1.234")]
        {
            assert_eq!(amount(cents, digits), text);
        }
    }
}
