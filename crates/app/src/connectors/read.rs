//! Reads the files of a mapping, row by row, in the order in which records depend on each other.

use super::cells::{self, Unit, Writing};
use super::mapping::{Entity, Field, Mapping, Part, Place, Section};
use super::rows::{Broken, Row, Rows};
use super::text::Lines;
use super::{FileProgress, Record, Refused, UsageRecord};
use crate::{Error, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use essor_domain::clients::{MAX_TEXT, fold};
use essor_domain::growth::money;
use essor_domain::{Code, Invalid};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// How much of a refused row is kept.
const MAX_SHOWN: usize = 4_000;

/// The largest count of one usage row: beyond it the source surely means something else.
const MAX_COUNT: i64 = 1_000_000_000;

/// Streams the records of a directory, or of one file, to `each`; a row that cannot be taken is told with its reason
/// and costs itself only. All files and columns are checked before the first record is given out. A missing time zone
/// in a cell is `zone`. Memory does not grow with the files.
pub fn read(
    mapping: &Mapping,
    dir_or_file: &Path,
    zone: Tz,
    each: &mut dyn FnMut(&FileProgress, std::result::Result<Record, Refused>),
) -> Result<()> {
    let found =
        if dir_or_file.is_dir() { in_directory(mapping, dir_or_file)? } else { one_file(mapping, dir_or_file)? };
    // Once to find what is missing, before anything is stored of the first file.
    for (section, path) in &found {
        Reader::open(mapping, section, path, zone)?;
    }
    for (section, path) in &found {
        if let Some(reader) = Reader::open(mapping, section, path, zone)? {
            reader.run(each)?;
        }
    }
    Ok(())
}

fn file_missing(file: impl Into<String>) -> Error {
    Error::Invalid(Invalid::new(Code::ConnectorsFileMissing).with("file", file.into()))
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Error {
    if cause.kind() == std::io::ErrorKind::NotFound {
        return file_missing(path.display().to_string());
    }
    Error::Internal(format!("cannot read {}: {cause}", path.display()))
}

/// The files of the directory that the mapping names, whatever their case.
fn in_directory<'m>(mapping: &'m Mapping, dir: &Path) -> Result<Vec<(&'m Section, PathBuf)>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))? {
        let entry = entry.map_err(|e| unreadable(dir, &e))?;
        names.push((entry.file_name().to_string_lossy().to_lowercase(), entry.path()));
    }
    names.sort();
    let mut found = Vec::new();
    for section in &mapping.sections {
        let of = |file: &String| names.iter().find(|(name, _)| *name == file.to_lowercase());
        match section.files.iter().find_map(of) {
            Some((_, path)) => found.push((section, path.clone())),
            None if section.required => return Err(file_missing(section.files[0].as_str())),
            None => {}
        }
    }
    if found.is_empty() {
        let wanted: Vec<&str> = mapping.sections.iter().map(|section| section.files[0].as_str()).collect();
        return Err(file_missing(wanted.join(", ")));
    }
    Ok(found)
}

/// The section of a single file: by its name, else the one that knows most of its columns.
fn one_file<'m>(mapping: &'m Mapping, path: &Path) -> Result<Vec<(&'m Section, PathBuf)>> {
    let name = file_name(path).to_lowercase();
    let by_name = |section: &&Section| section.files.iter().any(|file| file.to_lowercase() == name);
    if let Some(section) = mapping.sections.iter().find(by_name) {
        return Ok(vec![(section, path.to_owned())]);
    }
    let mut refusal = None;
    let mut best: Option<(usize, &Section)> = None;
    for section in &mapping.sections {
        match Reader::open(mapping, section, path, chrono_tz::UTC) {
            Ok(Some(reader)) => {
                let known = reader.fields.iter().filter(|bound| !bound.columns.is_empty()).count();
                if best.is_none_or(|(most, _)| known > most) {
                    best = Some((known, section));
                }
            }
            Ok(None) => {}
            Err(Error::Invalid(error)) => drop(refusal.get_or_insert(error)),
            Err(other) => return Err(other),
        }
    }
    match (best, refusal) {
        (Some((_, section)), _) => Ok(vec![(section, path.to_owned())]),
        (None, Some(error)) => Err(error.into()),
        // An empty file has nothing to say.
        (None, None) => Ok(Vec::new()),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A field with its columns found in the header.
struct Bound<'m> {
    field: &'m Field,
    /// Those of its columns that the file has: the first that says something is taken.
    columns: Vec<usize>,
    /// The template with its columns found, when all are there.
    template: Option<Vec<BoundPart<'m>>>,
}

enum BoundPart<'m> {
    Text(&'m str),
    Column(usize),
    RowDigest,
}

/// One file under way.
struct Reader<'m> {
    mapping: &'m Mapping,
    section: &'m Section,
    zone: Tz,
    path: PathBuf,
    rows: Rows,
    fields: Vec<Bound<'m>>,
    /// Columns that are kept though no field names them.
    rest: Vec<usize>,
    decimal: char,
}

impl<'m> Reader<'m> {
    /// Opens the file and finds its columns; nothing when the file is empty and not required.
    fn open(mapping: &'m Mapping, section: &'m Section, path: &Path, zone: Tz) -> Result<Option<Reader<'m>>> {
        let lines = Lines::open(path, mapping.encoding).map_err(|e| unreadable(path, &e))?;
        let rows = Rows::new(lines, mapping.delimiter).map_err(|e| unreadable(path, &e))?;
        if rows.header.is_empty() && !section.required {
            return Ok(None);
        }
        let file = file_name(path);
        check_names(&file, &rows.header)?;
        let mut fields = Vec::new();
        for field in &section.fields {
            fields.push(bind(&file, &rows.header, field)?);
        }
        let used = |at: &usize| {
            fields.iter().any(|bound| {
                let in_template = |part: &BoundPart| matches!(part, BoundPart::Column(column) if column == at);
                bound.columns.contains(at) || bound.template.iter().flatten().any(in_template)
            })
        };
        let all = (0..rows.header.len()).filter(|_| section.rest);
        let rest = all.filter(|at| !rows.header[*at].is_empty() && !used(at)).collect();
        // Spreadsheets of countries that write a decimal comma separate cells by semicolons, for that very reason.
        let by_separator = if rows.delimiter() == ';' { ',' } else { '.' };
        let decimal = section.decimal.unwrap_or(by_separator);
        Ok(Some(Reader { mapping, section, zone, path: path.to_owned(), rows, fields, rest, decimal }))
    }

    fn run(mut self, each: &mut dyn FnMut(&FileProgress, std::result::Result<Record, Refused>)) -> Result<()> {
        let file = file_name(&self.path);
        let (_, total_bytes) = self.rows.progress();
        let entity = self.section.entity;
        let mut progress = FileProgress { file: file.clone(), entity, rows: 0, refused: 0, bytes: 0, total_bytes };
        while let Some(row) = self.rows.next().map_err(|e| unreadable(&self.path, &e))? {
            let outcome = self.record(&row).map_err(first).map_err(|error| Refused {
                file: file.clone(),
                line: row.line,
                error,
                row: row.raw.chars().take(MAX_SHOWN).collect(),
            });
            progress.rows += 1;
            progress.refused += u64::from(outcome.is_err());
            progress.bytes = self.rows.progress().0;
            each(&progress, outcome);
        }
        Ok(())
    }

    /// A row as a checked record, or all that is wrong with it.
    fn record(&self, row: &Row) -> std::result::Result<Record, Vec<Invalid>> {
        let cells = match &row.cells {
            Ok(cells) => cells,
            Err(broken) => return Err(vec![self.broken(row.line, *broken)]),
        };
        let (mut fields, mut extras, mut own) = (Map::new(), Map::new(), Map::new());
        let mut wrong = Vec::new();
        // The currency first: it says how many digits the amounts have.
        let is_currency = |bound: &&Bound| bound.field.place == Place::Record && bound.field.name == "currency";
        let currency = match self.fields.iter().find(is_currency) {
            Some(bound) => self.value(bound, row, cells, 2).map_err(|error| vec![error])?,
            None => None,
        };
        let currency = currency.as_ref().and_then(Value::as_str).or(self.mapping.currency());
        let digits = currency.map_or(2, money::minor_digits);
        if let (Entity::Subscription, Some(currency)) = (self.section.entity, currency) {
            fields.insert("currency".to_owned(), currency.into());
        }
        for bound in &self.fields {
            let name = bound.field.name.as_str();
            match (self.value(bound, row, cells, digits), bound.field.place) {
                (Ok(Some(value)), Place::Record) => drop(fields.insert(name.to_owned(), value)),
                (Ok(Some(value)), Place::Extra) => drop(extras.insert(name.to_owned(), value)),
                (Ok(Some(value)), Place::Own) => match self.check_own(name, &value) {
                    Ok(()) => drop(own.insert(name.to_owned(), value)),
                    Err(refused) => wrong.push(self.placed(cells, refused)),
                },
                (Ok(None), _) if bound.field.needed => {
                    wrong.push(self.placed(cells, Invalid::field(Code::FieldRequired, name)));
                }
                (Ok(None), _) => {}
                (Err(refused), _) => wrong.push(refused),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        if !own.is_empty() {
            fields.insert("fields".to_owned(), own.into());
        }
        for at in &self.rest {
            if let Some(text) = self.cell(cells, *at) {
                extras.insert(self.rows.header[*at].clone(), text.into());
            }
        }
        if let Some(name) = self.section.entity.extras().filter(|_| !extras.is_empty()) {
            fields.insert(name.to_owned(), extras.into());
        }
        build(self.section.entity, fields).map_err(|refused| vec![self.placed(cells, refused)])
    }

    /// A value of a field of the workspace's own, checked by its kind.
    fn check_own(&self, key: &str, value: &Value) -> std::result::Result<(), Invalid> {
        let Some(field) = self.section.own.iter().find(|field| field.key == key) else { return Ok(()) };
        match crate::clients::fields::value(field, value) {
            Ok(_) => Ok(()),
            Err(Error::Invalid(refused)) => Err(refused),
            Err(other) => Err(Invalid::field(Code::ConnectorsCellInvalid, key).with("expected", other.to_string())),
        }
    }

    /// A refusal that names a field names the column that it came from, too, and what stood there.
    fn placed(&self, cells: &[String], refused: Invalid) -> Invalid {
        let named = refused.params.get("field").and_then(Value::as_str).unwrap_or_default();
        let named = named.strip_prefix("fields.").unwrap_or(named);
        let at = self.fields.iter().find(|bound| bound.field.name == named).and_then(|bound| {
            let said = bound.columns.iter().find(|at| self.cell(cells, **at).is_some());
            said.or(bound.columns.first()).copied()
        });
        let Some(at) = at.filter(|_| !refused.params.contains_key("column")) else { return refused };
        let refused = refused.with("column", self.rows.header[at].as_str());
        match self.cell(cells, at).filter(|_| !refused.params.contains_key("value")) {
            Some(text) => refused.with("value", text.chars().take(80).collect::<String>()),
            None => refused,
        }
    }

    fn broken(&self, line: u64, broken: Broken) -> Invalid {
        let refusal = Invalid::new(Code::ConnectorsRowBroken).with("line", line);
        match broken {
            Broken::Unterminated => refusal.with("detail", "a quote is not closed"),
            Broken::AfterQuote => refusal.with("detail", "text follows a closing quote"),
            Broken::TooLong => refusal.with("detail", "the line is too long"),
            Broken::Count(cells) => refusal.with("cells", cells).with("expected", self.rows.header.len()),
        }
    }

    /// A cell without the blanks around it; nothing when it says nothing.
    fn cell<'r>(&self, cells: &'r [String], at: usize) -> Option<&'r str> {
        let text = cells.get(at).map(|text| text.trim()).filter(|text| !text.is_empty())?;
        // What an export defused so that no spreadsheet runs it is read as what it was.
        let text = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(text);
        (!self.mapping.empty.iter().any(|word| word.eq_ignore_ascii_case(text))).then_some(text)
    }

    /// What the row says of a field: its column, else its template, else its default.
    fn value(
        &self,
        bound: &Bound,
        row: &Row,
        cells: &[String],
        minor_digits: u32,
    ) -> std::result::Result<Option<Value>, Invalid> {
        let field = bound.field;
        let from_column = bound.columns.iter().find_map(|at| self.cell(cells, *at).map(|text| (*at, text)));
        let text = match (from_column, &bound.template) {
            (Some((_, text)), _) => text.to_owned(),
            (None, Some(parts)) => match self.fill(parts, row, cells) {
                Some(text) => text,
                None => return Ok(field.default.clone()),
            },
            (None, None) => return Ok(field.default.clone()),
        };
        if let Some(value) = field.values.get(&text.to_lowercase()).or(field.others.as_ref()) {
            return Ok(Some(value.clone()));
        }
        let how = Writing {
            decimal: field.decimal.unwrap_or(self.decimal),
            dates: field.dates.as_ref().unwrap_or(&self.section.dates),
            zone: self.zone,
            unit: field.unit,
            minor_digits: if field.unit == Unit::Major { minor_digits } else { 0 },
        };
        cells::parse(field.kind, &text, &how).map(Some).map_err(|expected| {
            let column = from_column.map_or(field.name.as_str(), |(at, _)| self.rows.header[at].as_str());
            Invalid::field(Code::ConnectorsCellInvalid, field.name.as_str())
                .with("column", column)
                .with("value", text.chars().take(80).collect::<String>())
                .with("expected", expected)
                .with("way", field.kind.as_str())
        })
    }

    /// Fills a template; nothing when all of its columns are empty.
    fn fill(&self, parts: &[BoundPart], row: &Row, cells: &[String]) -> Option<String> {
        let mut text = String::new();
        let mut said = false;
        for part in parts {
            match part {
                BoundPart::Text(plain) => text.push_str(plain),
                BoundPart::Column(at) => {
                    let cell = self.cell(cells, *at);
                    said |= cell.is_some();
                    text.push_str(cell.unwrap_or_default());
                }
                BoundPart::RowDigest => {
                    said = true;
                    text.push_str(&blake3::hash(row.raw.as_bytes()).to_hex()[..32]);
                }
            }
        }
        let text = text.trim().to_owned();
        (said && !text.is_empty()).then_some(text)
    }
}

/// What is wrong first.
fn first(wrong: Vec<Invalid>) -> Invalid {
    wrong.into_iter().next().unwrap_or_else(|| Invalid::new(Code::ConnectorsRowBroken))
}

/// A row with what it says.
pub(super) struct RowRead {
    /// The line on which it begins.
    pub line: u64,
    /// As it stands in the file, cut when very long.
    pub raw: String,
    /// Its cells; none when it cannot be cut into as many as the header has.
    pub cells: Option<Vec<String>>,
    /// The record, or all that is wrong.
    pub record: std::result::Result<Record, Vec<Invalid>>,
}

/// Streams the rows of the one file of a mapping to `each`, until it says to stop.
pub(super) fn rows_of(mapping: &Mapping, path: &Path, zone: Tz, each: &mut dyn FnMut(RowRead) -> bool) -> Result<()> {
    let Some(section) = mapping.sections.first() else { return Ok(()) };
    let Some(mut reader) = Reader::open(mapping, section, path, zone)? else { return Ok(()) };
    while let Some(row) = reader.rows.next().map_err(|e| unreadable(path, &e))? {
        let record = reader.record(&row);
        let raw = row.raw.chars().take(MAX_SHOWN).collect();
        if !each(RowRead { line: row.line, raw, cells: row.cells.ok(), record }) {
            break;
        }
    }
    Ok(())
}

/// How many columns of a header a section knows; none when it lacks one that the section needs.
pub(super) fn knows(section: &Section, header: &[String]) -> Option<usize> {
    let bound: Vec<Bound> = section.fields.iter().map(|field| bind("", header, field)).collect::<Result<_>>().ok()?;
    Some(bound.iter().filter(|bound| !bound.columns.is_empty()).count())
}

/// The first column of a header that a field names.
pub(super) fn column_of(field: &Field, header: &[String]) -> Option<usize> {
    field.columns.iter().find_map(|name| find(header, name))
}

/// Refuses a header that names a column twice: which one is meant cannot be told.
pub(super) fn check_names(file: &str, header: &[String]) -> Result<()> {
    let twice = |(at, name): &(usize, &String)| !name.is_empty() && header[..*at].contains(name);
    let mut repeated: Vec<&str> = header.iter().enumerate().filter(twice).map(|(_, name)| name.as_str()).collect();
    repeated.dedup();
    if repeated.is_empty() {
        return Ok(());
    }
    Err(Error::Invalid(
        Invalid::new(Code::ConnectorsHeaderRepeats).with("file", file).with("columns", repeated.join(", ")),
    ))
}

/// The column's place: the name as written, else without regard to case, accents, blanks, dashes and underscores.
fn find(header: &[String], name: &str) -> Option<usize> {
    let plain = |name: &str| fold(&name.replace(['_', '-'], " ")).replace(' ', "");
    let wanted = plain(name);
    header.iter().position(|have| have == name).or_else(|| header.iter().position(|have| plain(have) == wanted))
}

fn bind<'m>(file: &str, header: &[String], field: &'m Field) -> Result<Bound<'m>> {
    let missing = |column: &str| {
        let refusal = Invalid::new(Code::ConnectorsColumnMissing).with("file", file).with("column", column);
        Error::Invalid(refusal.with("field", field.name.as_str()))
    };
    let columns: Vec<usize> = field.columns.iter().filter_map(|name| find(header, name)).collect();
    if columns.is_empty()
        && !field.optional
        && let Some(name) = field.columns.first()
    {
        return Err(missing(name));
    }
    let mut template = None;
    if let Some(parts) = &field.template {
        let mut bound = Vec::new();
        for part in parts {
            bound.push(match part {
                Part::Text(text) => BoundPart::Text(text),
                Part::RowDigest => BoundPart::RowDigest,
                Part::Column(name) => match find(header, name) {
                    Some(at) => BoundPart::Column(at),
                    None if field.optional => break,
                    None => return Err(missing(name)),
                },
            });
        }
        template = (bound.len() == parts.len()).then_some(bound);
    }
    // A needed field of which nothing is left can never be filled.
    if field.needed && columns.is_empty() && template.is_none() && field.default.is_none() {
        return Err(missing(field.columns.first().map_or(field.name.as_str(), String::as_str)));
    }
    Ok(Bound { field, columns, template })
}

/// The record of the fields, checked by the same rules as the API's.
fn build(entity: Entity, fields: Map<String, Value>) -> std::result::Result<Record, Invalid> {
    fn typed<T: serde::de::DeserializeOwned>(fields: Map<String, Value>) -> std::result::Result<T, Invalid> {
        serde_json::from_value(fields.into())
            .map_err(|e| Invalid::new(Code::ConnectorsCellInvalid).with("expected", e.to_string()))
    }
    match entity {
        Entity::Client => {
            let client: essor_domain::clients::ClientInput = typed(fields)?;
            client.check()?;
            Ok(Record::Client(client))
        }
        Entity::Contact => {
            let contact: essor_domain::clients::ContactInput = typed(fields)?;
            contact.check()?;
            Ok(Record::Contact(contact))
        }
        Entity::Subscription => {
            let subscription: essor_domain::clients::SubscriptionInput = typed(fields)?;
            subscription.check()?;
            Ok(Record::Subscription(subscription))
        }
        Entity::Signal => {
            let signal: essor_domain::clients::SignalInput = typed(fields)?;
            signal.check()?;
            Ok(Record::Signal(signal))
        }
        Entity::Usage => usage(fields).map(Record::Usage),
    }
}

fn usage(mut fields: Map<String, Value>) -> std::result::Result<UsageRecord, Invalid> {
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) if text.chars().count() > MAX_TEXT => {
            Err(Invalid::field(Code::FieldTooLong, name).with("max", MAX_TEXT))
        }
        Some(Value::String(text)) if text.contains('\0') => {
            Err(Invalid::field(Code::FieldType, name).with("expected", "text without NUL"))
        }
        Some(Value::String(text)) => Ok(Some(text)),
        _ => Ok(None),
    };
    let needed = |value: Option<String>, name: &str| value.ok_or_else(|| Invalid::field(Code::FieldRequired, name));
    let client_external_id = text("clientExternalId")?;
    let subscription_external_id = text("subscriptionExternalId")?;
    let user = text("user")?;
    let event = needed(text("event")?, "event")?;
    let message_id = needed(text("messageId")?, "messageId")?;
    let occurred_at = needed(text("occurredAt")?, "occurredAt")?;
    let occurred_at: DateTime<Utc> = occurred_at
        .parse()
        .map_err(|_| Invalid::field(Code::UsageTimestampInvalid, "occurredAt").with("value", occurred_at.as_str()))?;
    if client_external_id.is_none() && subscription_external_id.is_none() && user.is_none() {
        return Err(Invalid::field(Code::FieldRequired, "clientExternalId"));
    }
    let count = fields.get("count").and_then(Value::as_i64).unwrap_or(1);
    if !(0..=MAX_COUNT).contains(&count) {
        return Err(Invalid::field(Code::FieldRange, "count").with("min", 0).with("max", MAX_COUNT));
    }
    let properties = match fields.remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    Ok(UsageRecord {
        client_external_id,
        subscription_external_id,
        user,
        event,
        occurred_at,
        count,
        message_id,
        properties,
    })
}
