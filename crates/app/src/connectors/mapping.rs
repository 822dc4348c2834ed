//! The mapping: which file holds what, and which column means which field. Written in TOML, checked when it is
//! loaded, so that an import does not fail half-way because of it.

use super::cells::{self, Kind, Unit, Writing};
use crate::{Error, Result};
use encoding_rs::Encoding;
use essor_domain::growth::money;
use essor_domain::{Code, Invalid};
use essor_store::clients_fields::Field as Own;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Mappings that come with the program.
pub(super) const SHIPPED: [(&str, &str); 4] = [
    ("ravenstack", include_str!("mappings/ravenstack.toml")),
    ("csv", include_str!("mappings/csv.toml")),
    ("hubspot", include_str!("mappings/hubspot.toml")),
    ("salesforce", include_str!("mappings/salesforce.toml")),
];

/// What the rows of a file are, in the order in which they depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// Client accounts.
    Client,
    /// People.
    Contact,
    /// Recurring contract lines.
    Subscription,
    /// Dated facts.
    Signal,
    /// Use of the product.
    Usage,
}

/// A checked mapping.
#[derive(Debug, Clone)]
pub struct Mapping {
    name: String,
    currency: Option<String>,
    pub(super) sections: Vec<Section>,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<char>,
    /// Words that mean an empty cell, besides the empty one.
    pub(super) empty: Vec<String>,
}

/// One file of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// The names that the file may have.
    pub files: Vec<String>,
    pub entity: Entity,
    pub required: bool,
    /// Keep the columns that no field uses, as text.
    pub rest: bool,
    pub dates: Vec<String>,
    /// None: by the separator.
    pub decimal: Option<char>,
    pub fields: Vec<Field>,
    /// The workspace's own fields, by which values are checked.
    pub own: Vec<Own>,
}

/// Where the value of a field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Into the record itself.
    Record,
    /// Among the traits, data or properties.
    Extra,
    /// Among the values of the workspace's own fields.
    Own,
}

/// One field of a record and where it comes from: the first source that has something to say.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The field as the API names it.
    pub name: String,
    pub place: Place,
    pub kind: Kind,
    /// The record is nothing without it.
    pub needed: bool,
    /// Names that the column may have; empty when the field has no column.
    pub columns: Vec<String>,
    pub template: Option<Vec<Part>>,
    /// The file may lack the column.
    pub optional: bool,
    pub values: BTreeMap<String, Value>,
    /// What a cell that `values` does not list becomes; itself when left out.
    pub others: Option<Value>,
    pub default: Option<Value>,
    pub dates: Option<Vec<String>>,
    pub decimal: Option<char>,
    pub unit: Unit,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    Column(String),
    /// A digest of the whole row.
    RowDigest,
}

impl Entity {
    /// As the mapping writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Entity::Client => "client",
            Entity::Contact => "contact",
            Entity::Subscription => "subscription",
            Entity::Signal => "signal",
            Entity::Usage => "usage",
        }
    }

    /// The fields with their types and whether a record is nothing without them.
    pub(super) fn fields(self) -> &'static [(&'static str, Kind, bool)] {
        use Kind::{Boolean, Date, Instant, Integer, Money, Text, Words};
        match self {
            Entity::Client => &[
                ("externalId", Text, true),
                ("name", Text, false),
                ("domain", Text, false),
                ("segment", Text, false),
                ("industry", Text, false),
                ("country", Text, false),
                ("owner", Text, false),
                ("plan", Text, false),
                ("seats", Integer, false),
                ("since", Date, false),
                ("parentExternalId", Text, false),
                ("archived", Boolean, false),
                ("paused", Boolean, false),
                ("tags", Words, false),
            ],
            Entity::Contact => &[
                ("externalId", Text, true),
                ("clientExternalId", Text, false),
                ("name", Text, false),
                ("email", Text, false),
                ("role", Text, false),
                ("title", Text, false),
                ("leftOn", Date, false),
            ],
            Entity::Subscription => &[
                ("externalId", Text, true),
                ("clientExternalId", Text, true),
                ("product", Text, true),
                ("plan", Text, false),
                ("startDate", Date, true),
                ("endDate", Date, false),
                ("amountCents", Money, true),
                ("currency", Text, false),
                ("period", Text, false),
                ("quantity", Integer, false),
                ("seats", Integer, false),
                ("isTrial", Boolean, false),
                ("paused", Boolean, false),
                ("discountCents", Money, false),
                ("discountUntil", Date, false),
                ("effectiveDate", Date, false),
                ("knownAt", Instant, false),
            ],
            Entity::Signal => &[
                ("kind", Text, true),
                ("messageId", Text, true),
                ("clientExternalId", Text, true),
                ("contactExternalId", Text, false),
                ("occurredAt", Instant, true),
                ("endedAt", Instant, false),
                ("knownAt", Instant, false),
            ],
            Entity::Usage => &[
                ("clientExternalId", Text, false),
                ("subscriptionExternalId", Text, false),
                ("user", Text, false),
                ("event", Text, true),
                ("occurredAt", Instant, true),
                ("count", Integer, false),
                ("messageId", Text, true),
            ],
        }
    }

    /// Where the other facts of a record go.
    pub(super) const fn extras(self) -> Option<&'static str> {
        match self {
            Entity::Client | Entity::Contact => Some("traits"),
            Entity::Subscription => None,
            Entity::Signal => Some("data"),
            Entity::Usage => Some("properties"),
        }
    }
}

impl Mapping {
    /// Loads a shipped mapping by its name, else the file of that path.
    pub fn load(name_or_path: &str) -> Result<Mapping> {
        if let Some((name, text)) = SHIPPED.iter().find(|(name, _)| *name == name_or_path) {
            return Mapping::parse(name, text);
        }
        let text = std::fs::read_to_string(name_or_path).map_err(|cause| {
            let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
            invalid(format!("{name_or_path} is neither a shipped mapping ({}) nor a file: {cause}", names.join(", ")))
        })?;
        Mapping::parse(name_or_path, &text)
    }

    /// Reads a mapping from its text; `name` stands in for a name that it does not give itself.
    pub fn parse(name: &str, text: &str) -> Result<Mapping> {
        let written: WrittenMapping = toml::from_str(text).map_err(|e| invalid(e.to_string().trim().to_owned()))?;
        written.check(name).map_err(invalid)
    }

    /// Takes amounts whose row names no currency as amounts of this one.
    pub(super) fn in_currency(&mut self, currency: &str) {
        self.currency = Some(currency.to_owned());
    }

    /// The mapping's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The currency of amounts whose row names none: what an empty workspace is to be kept in.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }
}

fn invalid(detail: String) -> Error {
    Error::Invalid(Invalid::new(Code::ConnectorsMappingInvalid).with("detail", detail))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMapping {
    name: Option<String>,
    currency: Option<String>,
    date: Option<OneOrMore>,
    decimal: Option<String>,
    delimiter: Option<String>,
    encoding: Option<String>,
    #[serde(default)]
    empty: Vec<String>,
    file: Vec<WrittenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    file: OneOrMore,
    entity: Entity,
    #[serde(default = "yes")]
    required: bool,
    #[serde(default)]
    optional_columns: bool,
    #[serde(default)]
    rest: bool,
    date: Option<OneOrMore>,
    decimal: Option<String>,
    fields: BTreeMap<String, WrittenField>,
    #[serde(default)]
    traits: BTreeMap<String, WrittenField>,
    #[serde(default)]
    data: BTreeMap<String, WrittenField>,
    #[serde(default)]
    properties: BTreeMap<String, WrittenField>,
}

/// Either the column's name alone or a table.
#[derive(Deserialize)]
#[serde(try_from = "toml::Value")]
struct WrittenField(FieldTable);

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct FieldTable {
    column: Option<OneOrMore>,
    template: Option<String>,
    value: Option<toml::Value>,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
    others: Option<toml::Value>,
    default: Option<toml::Value>,
    #[serde(default)]
    optional: bool,
    format: Option<OneOrMore>,
    decimal: Option<String>,
    unit: Option<Unit>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn yes() -> bool {
    true
}

impl TryFrom<toml::Value> for WrittenField {
    type Error = toml::de::Error;

    fn try_from(value: toml::Value) -> std::result::Result<Self, Self::Error> {
        match value {
            toml::Value::String(column) => {
                Ok(WrittenField(FieldTable { column: Some(OneOrMore::One(column)), ..FieldTable::default() }))
            }
            other => other.try_into().map(WrittenField),
        }
    }
}

impl OneOrMore {
    fn list(self) -> Vec<String> {
        match self {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        }
    }
}

fn dates(written: Option<OneOrMore>) -> std::result::Result<Option<Vec<String>>, String> {
    let Some(written) = written else { return Ok(None) };
    let formats = written.list().into_iter().map(|words| {
        cells::date_format(&words).ok_or_else(|| format!("date format {words:?}: write YYYY, MM and DD once each"))
    });
    formats.collect::<std::result::Result<Vec<_>, _>>().map(Some)
}

fn decimal(written: Option<&str>) -> std::result::Result<Option<char>, String> {
    match written {
        None | Some("auto") => Ok(None),
        Some(".") => Ok(Some('.')),
        Some(",") => Ok(Some(',')),
        Some(other) => Err(format!("decimal {other:?}: write \".\", \",\" or \"auto\"")),
    }
}

impl WrittenMapping {
    fn check(self, name: &str) -> std::result::Result<Mapping, String> {
        if let Some(currency) = &self.currency {
            money::check_currency(currency, "currency").map_err(|e| e.to_string())?;
        }
        let delimiter = match self.delimiter.as_deref() {
            None | Some("auto") => None,
            Some(",") => Some(','),
            Some(";") => Some(';'),
            Some("tab" | "\t") => Some('\t'),
            Some(other) => return Err(format!("delimiter {other:?}: write \",\", \";\", \"tab\" or \"auto\"")),
        };
        let encoding = match self.encoding.as_deref() {
            None | Some("auto") => None,
            Some(label) => {
                Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| format!("encoding {label:?} is not known"))?)
            }
        };
        let common_dates = dates(self.date)?.unwrap_or_else(|| vec!["%Y-%m-%d".to_owned()]);
        let common_decimal = decimal(self.decimal.as_deref())?;
        let mut sections = Vec::new();
        for file in self.file {
            sections.push(file.check(&common_dates, common_decimal)?);
        }
        // Stable: files of one kind keep the order in which they are written.
        sections.sort_by_key(|section| section.entity);
        if sections.is_empty() {
            return Err("the mapping names no file".to_owned());
        }
        let name = self.name.unwrap_or_else(|| name.to_owned());
        Ok(Mapping { name, currency: self.currency, sections, encoding, delimiter, empty: self.empty })
    }
}

impl WrittenFile {
    fn check(self, common_dates: &[String], common_decimal: Option<char>) -> std::result::Result<Section, String> {
        let entity = self.entity;
        let files = self.file.list();
        let file = files.first().ok_or("a [[file]] has no file name")?.clone();
        let known = entity.fields();
        let own_decimal = self.decimal.is_some();
        let decimal = if own_decimal { decimal(self.decimal.as_deref())? } else { common_decimal };
        let mut fields = Vec::new();

        for (name, written) in self.fields {
            let Some((_, kind, needed)) = known.iter().find(|(known, ..)| *known == name) else {
                let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
                let names = names.join(", ");
                return Err(format!("{file}: a {} has no field {name:?}; it has {names}", entity.as_str()));
            };
            if written.0.kind.is_some() {
                return Err(format!("{file}: the type of {name} is fixed"));
            }
            let of = FieldOf { file: &file, name, place: Place::Record, kind: *kind, needed: *needed };
            fields.push(written.0.check(of, self.optional_columns)?);
        }
        for (name, ..) in known.iter().filter(|(_, _, needed)| *needed) {
            if !fields.iter().any(|field| field.name == *name) {
                return Err(format!("{file}: a {} needs the field {name}", entity.as_str()));
            }
        }
        let named = |name: &str| fields.iter().any(|field: &Field| field.name == name);
        if entity == Entity::Usage && !["clientExternalId", "subscriptionExternalId", "user"].into_iter().any(named) {
            return Err(format!("{file}: usage needs clientExternalId, subscriptionExternalId or user"));
        }

        for (table, written) in [("traits", self.traits), ("data", self.data), ("properties", self.properties)] {
            if !written.is_empty() && entity.extras() != Some(table) {
                return Err(format!("{file}: a {} has no {table}", entity.as_str()));
            }
            for (name, field) in written {
                let kind = field.0.kind.unwrap_or(Kind::Text);
                let of = FieldOf { file: &file, name, place: Place::Extra, kind, needed: false };
                fields.push(field.0.check(of, self.optional_columns)?);
            }
        }
        if self.rest && entity.extras().is_none() {
            return Err(format!("{file}: a {} has no place for the rest of the columns", entity.as_str()));
        }
        let dates = dates(self.date)?.unwrap_or_else(|| common_dates.to_vec());
        let (required, rest) = (self.required, self.rest);
        Ok(Section { files, entity, required, rest, dates, decimal, fields, own: Vec::new() })
    }
}

/// Which field a table describes.
struct FieldOf<'a> {
    file: &'a str,
    name: String,
    place: Place,
    kind: Kind,
    needed: bool,
}

impl FieldTable {
    fn check(self, of: FieldOf, lenient: bool) -> std::result::Result<Field, String> {
        let FieldOf { file, name, place, kind, needed } = of;
        let at = |what: String| format!("{file}: {name}: {what}");
        let constant = |value: toml::Value| constant(kind, value).map_err(&at);
        let default = match (self.value, self.default) {
            (Some(_), _) if self.column.is_some() || self.template.is_some() => {
                return Err(at("a constant value has no column or template; write default".to_owned()));
            }
            (Some(_), Some(_)) => return Err(at("write value or default, not both".to_owned())),
            (value, default) => value.or(default).map(constant).transpose()?,
        };
        let mut values = BTreeMap::new();
        for (word, value) in self.values {
            values.insert(word.trim().to_lowercase(), constant(value)?);
        }
        let columns = self.column.map(OneOrMore::list).unwrap_or_default();
        let template = self.template.map(|text| template(&text)).transpose().map_err(&at)?;
        if columns.is_empty() && template.is_none() && default.is_none() {
            return Err(at("write a column, a template or a value".to_owned()));
        }
        let others = self.others.map(constant).transpose()?;
        let dates = dates(self.format).map_err(&at)?;
        let decimal = decimal(self.decimal.as_deref()).map_err(&at)?;
        let unit = self.unit.unwrap_or_default();
        let optional = self.optional || (lenient && !needed);
        // The first column may be missing when something else can speak for the field.
        let optional = optional || (lenient && (template.is_some() || default.is_some()));
        Ok(Field {
            name,
            place,
            kind,
            needed,
            columns,
            template,
            optional,
            values,
            others,
            default,
            dates,
            decimal,
            unit,
        })
    }
}

/// A constant of the mapping as a value of the field's type, written as programs write: ISO days, a decimal point.
fn constant(kind: Kind, value: toml::Value) -> std::result::Result<Value, String> {
    let text = match value {
        toml::Value::String(text) => text,
        toml::Value::Array(_) | toml::Value::Table(_) => return Err("a constant is one value".to_owned()),
        other => other.to_string(),
    };
    let dates = ["%Y-%m-%d".to_owned()];
    // Amounts of constants are in minor units; instants without zone are UTC.
    let how = Writing { decimal: '.', dates: &dates, zone: chrono_tz::UTC, unit: Unit::Minor, minor_digits: 2 };
    cells::parse(kind, &text, &how).map_err(|expected| format!("{text:?} is not a {expected}"))
}

/// Reads `{column}-{other column}`; `{{` and `}}` are braces, `{#row}` is a digest of the whole row.
fn template(text: &str) -> std::result::Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        let Some((column, after)) = rest.split_once('}').filter(|_| brace == "{") else {
            return Err(format!("template {text:?}: a brace has no partner"));
        };
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(if column == "#row" { Part::RowDigest } else { Part::Column(column.trim().to_owned()) });
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        return Err(format!("template {text:?} names no column; write value instead"));
    }
    Ok(parts)
}
