//! What the columns of a file mean, as somebody says it on a page: guessed from the header, checked, and made into a
//! mapping that the reader understands.

use super::cells::{Kind, Unit};
use super::found::{Found, FoundColumn};
use super::mapping::{Entity, Field, Mapping, Part, Place, SHIPPED, Section};
use super::read::{column_of, knows};
use crate::Result;
use encoding_rs::Encoding;
use essor_domain::clients::fold;
use essor_domain::expressions::Kind as OwnKind;
use essor_domain::{Code, Invalid};
use essor_store::clients_fields::Field as Own;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What is imported, and what each column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// What the rows are: client, contact or subscription.
    pub entity: Entity,
    /// What is done with rows of things that are there, and of things that are not.
    #[serde(default)]
    pub mode: Mode,
    /// What says which thing a row is about.
    #[serde(default)]
    pub key: Key,
    /// The columns that mean something.
    pub columns: Vec<Column>,
}

/// What is done with rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// What is there is changed, what is not is created.
    #[default]
    Upsert,
    /// What is there is left alone: its row is refused.
    Create,
    /// What is not there stays away: its row is refused.
    Update,
}

/// What says which thing a row is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Key {
    /// The source's own identifier.
    #[default]
    ExternalId,
    /// The web domain of a client, which is its identifier when it is new.
    Domain,
    /// The e-mail address of a contact, which is their identifier when they are new.
    Email,
}

/// What a column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Column {
    /// Its place in the header, from 0.
    pub at: usize,
    /// A field (`name`, `domain`, `tags`, …), a field of the workspace's own (`field.contract`), `firstName` and
    /// `lastName` of a contact, or `trait`: kept under its own name.
    pub to: String,
    /// How its days are written: the order of day, month and year. Days that begin with the year are always read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Days>,
    /// The decimal sign of its numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
}

/// The order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Days {
    /// 31/12/2026.
    Dmy,
    /// 12/31/2026.
    Mdy,
    /// 2026-12-31.
    Ymd,
}

/// A decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decimal {
    /// 1,234.50.
    #[serde(rename = ".")]
    Point,
    /// 1 234,50.
    #[serde(rename = ",")]
    Comma,
}

impl Days {
    fn formats(self) -> Vec<String> {
        let mut out: Vec<String> = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"].map(str::to_owned).into();
        let order = match self {
            Days::Ymd => return out,
            Days::Dmy => ["%d", "%m"],
            Days::Mdy => ["%m", "%d"],
        };
        for sign in ["/", ".", "-"] {
            for year in ["%Y", "%y"] {
                out.push([order[0], order[1], year].join(sign));
            }
        }
        out
    }
}

/// The entities that a page imports.
const ENTITIES: [Entity; 3] = [Entity::Client, Entity::Contact, Entity::Subscription];

/// A field that a column can become, with its kind.
pub fn targets(entity: Entity) -> Vec<(&'static str, &'static str)> {
    let mut out: Vec<(&str, &str)> = entity.fields().iter().map(|(name, kind, _)| (*name, kind.as_str())).collect();
    if entity == Entity::Contact {
        out.extend([("firstName", "text"), ("lastName", "text")]);
    }
    if entity.extras().is_some() {
        out.push(("trait", "text"));
    }
    out
}

/// A column's target, understood.
enum Target<'o> {
    Field(&'static str, Kind),
    Part,
    Trait,
    Own(&'o Own),
}

fn own_kind(own: &Own) -> Kind {
    match own.kind() {
        OwnKind::Number => Kind::Number,
        OwnKind::Money => Kind::Money,
        OwnKind::Day | OwnKind::Instant => Kind::Date,
        OwnKind::Boolean => Kind::Boolean,
        OwnKind::Choices => Kind::Words,
        OwnKind::Text | OwnKind::Url | OwnKind::Person | OwnKind::Choice => Kind::Text,
    }
}

impl Target<'_> {
    fn kind(&self) -> Kind {
        match self {
            Target::Field(_, kind) => *kind,
            Target::Own(own) => own_kind(own),
            Target::Part | Target::Trait => Kind::Text,
        }
    }
}

fn target<'o>(entity: Entity, to: &str, own: &'o [Own]) -> Option<Target<'o>> {
    if let Some(key) = to.strip_prefix("field.").filter(|_| entity == Entity::Client) {
        return own.iter().find(|field| field.key == key).map(Target::Own);
    }
    match to {
        "firstName" | "lastName" if entity == Entity::Contact => return Some(Target::Part),
        "trait" if entity.extras().is_some() => return Some(Target::Trait),
        _ => {}
    }
    let field = entity.fields().iter().find(|(name, ..)| *name == to);
    // An address in a browser's bar and a bare domain are the same domain.
    field.map(|(name, kind, _)| Target::Field(name, if *name == "domain" { Kind::Host } else { *kind }))
}

/// How a column writes days: as somebody said, else as its cells tell.
fn days_of(column: &Column, found: &FoundColumn) -> std::result::Result<Days, Invalid> {
    match (column.days, found.days.as_deref()) {
        (Some(days), _) => Ok(days),
        (None, Some("dmy")) => Ok(Days::Dmy),
        (None, Some("mdy")) => Ok(Days::Mdy),
        (None, Some("ask")) => Err(Invalid::new(Code::ConnectorsDatesAmbiguous)
            .with("field", column.to.as_str())
            .with("column", found.name.as_str())
            .with("examples", found.day_examples.join(", "))),
        (None, _) => Ok(Days::Ymd),
    }
}

fn decimal_of(column: &Column, found: &FoundColumn) -> std::result::Result<char, Invalid> {
    match (column.decimal, found.decimal.as_deref()) {
        (Some(Decimal::Comma), _) | (None, Some(",")) => Ok(','),
        (None, Some("ask")) => Err(Invalid::new(Code::ConnectorsDecimalAmbiguous)
            .with("field", column.to.as_str())
            .with("column", found.name.as_str())
            .with("examples", found.number_examples.join(" · "))),
        _ => Ok('.'),
    }
}

impl Plan {
    /// The plan as a mapping for its file; amounts without a currency are in the workspace's.
    pub(super) fn mapping(&self, found: &Found, own: &[Own], currency: &str) -> Result<Mapping> {
        let mut mapping = Mapping::load("csv")?;
        let unknown = |column: &str, value: &str| {
            Invalid::field(Code::ConnectorsTargetUnknown, "columns").with("column", column).with("value", value)
        };
        if !ENTITIES.contains(&self.entity) {
            return Err(unknown("", self.entity.as_str()).into());
        }
        let base = mapping.sections.iter().find(|section| section.entity == self.entity).cloned();
        let base = base.ok_or_else(|| unknown("", self.entity.as_str()))?;
        let mut fields: Vec<Field> = Vec::new();
        let mut seen = HashSet::new();
        let (mut first, mut last) = (None, None);
        for column in &self.columns {
            let at = column.at.to_string();
            let there = found.columns.get(column.at).filter(|there| !there.name.is_empty());
            let there = there.ok_or_else(|| unknown(&at, &column.to))?;
            let target =
                target(self.entity, &column.to, own).ok_or_else(|| unknown(&there.name, column.to.as_str()))?;
            if !matches!(target, Target::Trait) && !seen.insert(column.to.as_str()) {
                let twice = Invalid::field(Code::ConnectorsTargetTwice, "columns");
                return Err(twice.with("column", there.name.as_str()).with("value", column.to.as_str()).into());
            }
            let kind = target.kind();
            let mut field = plain(&there.name, kind);
            if matches!(kind, Kind::Date | Kind::Instant) {
                field.dates = Some(days_of(column, there)?.formats());
            }
            if matches!(kind, Kind::Integer | Kind::Number | Kind::Money) {
                field.decimal = Some(decimal_of(column, there)?);
            }
            match target {
                Target::Part if column.to == "firstName" => first = Some(there.name.clone()),
                Target::Part => last = Some(there.name.clone()),
                Target::Trait => {
                    (field.name, field.place) = (there.name.clone(), Place::Extra);
                    fields.push(field);
                }
                Target::Own(own) => {
                    (field.name, field.place) = (own.key.clone(), Place::Own);
                    fields.push(field);
                }
                Target::Field(name, _) => {
                    field.name = name.to_owned();
                    fields.push(field);
                }
            }
        }
        if first.is_some() || last.is_some() {
            if let Some(name) = seen.get("name") {
                let twice = Invalid::field(Code::ConnectorsTargetTwice, "columns");
                return Err(twice.with("column", first.or(last).unwrap_or_default()).with("value", *name).into());
            }
            let mut field = plain("", Kind::Text);
            (field.name, field.columns) = ("name".to_owned(), Vec::new());
            let mut parts = Vec::new();
            for name in first.into_iter().chain(last) {
                if !parts.is_empty() {
                    parts.push(Part::Text(" ".to_owned()));
                }
                parts.push(Part::Column(name));
            }
            field.template = Some(parts);
            fields.push(field);
        }
        self.with_key(&mut fields)?;
        for (name, _, needed) in self.entity.fields() {
            let mapped = fields.iter().any(|field| field.place == Place::Record && field.name == *name);
            let known = base.fields.iter().find(|field| field.place == Place::Record && field.name == *name);
            match known.filter(|field| !mapped && field.default.is_some()) {
                Some(known) => fields.push(Field { columns: Vec::new(), ..known.clone() }),
                None if *needed && !mapped => {
                    return Err(Invalid::field(Code::ConnectorsKeyMissing, *name).with("value", *name).into());
                }
                None => {}
            }
        }
        // The words and needs of fields are those of plain files.
        for field in fields.iter_mut().filter(|field| field.place == Place::Record) {
            if let Some(known) = base.fields.iter().find(|known| known.name == field.name) {
                field.values = known.values.clone();
                field.needed = known.needed;
            }
        }
        mapping.sections = vec![Section { fields, rest: false, required: true, own: own.to_vec(), ..base }];
        mapping.delimiter = Some(found.separator);
        mapping.encoding = Encoding::for_label(found.encoding.as_bytes());
        mapping.in_currency(currency);
        Ok(mapping)
    }

    /// What says which thing a row is about stands for its identifier.
    fn with_key(&self, fields: &mut Vec<Field>) -> Result<()> {
        let name = match (self.key, self.entity) {
            (Key::ExternalId, _) => return Ok(()),
            (Key::Domain, Entity::Client) => "domain",
            (Key::Email, Entity::Contact) => "email",
            _ => return Err(Invalid::field(Code::ConnectorsKeyMissing, "key").with("value", "externalId").into()),
        };
        let missing = Invalid::field(Code::ConnectorsKeyMissing, name).with("value", name);
        let known = fields.iter().find(|field| field.place == Place::Record && field.name == name);
        let key = Field { name: "externalId".to_owned(), needed: true, ..known.ok_or(missing)?.clone() };
        fields.retain(|field| field.place != Place::Record || field.name != "externalId");
        fields.push(key);
        Ok(())
    }

    /// The plan without what is no longer there: a column of another file, a field that was deleted.
    #[must_use]
    pub(super) fn fitting(mut self, found: &Found, own: &[Own]) -> Plan {
        let entity = self.entity;
        self.columns.retain(|column| column.at < found.columns.len() && target(entity, &column.to, own).is_some());
        self
    }
}

/// A field of a column, as plain as can be.
fn plain(column: &str, kind: Kind) -> Field {
    Field {
        name: String::new(),
        place: Place::Record,
        kind,
        needed: false,
        columns: vec![column.to_owned()],
        template: None,
        optional: true,
        values: BTreeMap::new(),
        others: None,
        default: None,
        dates: None,
        decimal: None,
        unit: Unit::Major,
    }
}

/// What a header seems to mean: the columns of the mapping that knows most of them, and fields of the workspace's own that
/// are called so. With the name of the export that it is known to be.
pub(super) fn guess(header: &[String], own: &[Own]) -> Result<(Option<String>, Plan)> {
    let mut best: Option<(usize, &str, Section)> = None;
    // Of equals the plain one: its words are nobody's in particular.
    for (name, text) in [SHIPPED[1], SHIPPED[2], SHIPPED[3]] {
        for section in Mapping::parse(name, text)?.sections {
            if !ENTITIES.contains(&section.entity) {
                continue;
            }
            let Some(count) = knows(&section, header) else { continue };
            if best.as_ref().is_none_or(|(most, ..)| count > *most) {
                best = Some((count, name, section));
            }
        }
    }
    let clients = || Mapping::parse(SHIPPED[1].0, SHIPPED[1].1).map(|mapping| mapping.sections.into_iter().next());
    let (name, section) = match best {
        Some((_, name, section)) => (name, Some(section)),
        None => ("csv", clients()?),
    };
    let entity = section.as_ref().map_or(Entity::Client, |section| section.entity);
    let mut to: BTreeMap<usize, String> = BTreeMap::new();
    let fields = section.as_ref().map(|section| section.fields.as_slice()).unwrap_or_default();
    // Last what could be anything: an address that is all that names a contact is an address.
    let late = |field: &&Field| field.name == "externalId" || field.name == "knownAt";
    for field in fields.iter().filter(|field| !late(field)).chain(fields.iter().filter(late)) {
        if let Some(at) = column_of(field, header).filter(|at| !to.contains_key(at)) {
            to.insert(at, field.name.clone());
        }
        let names = field.template.iter().flatten().filter_map(|part| match part {
            Part::Column(name) => Some(name),
            _ => None,
        });
        for (name, part) in names.zip(["firstName", "lastName"]) {
            if let Some(at) = header.iter().position(|have| fold(have) == fold(name)).filter(|at| !to.contains_key(at))
            {
                to.insert(at, part.to_owned());
            }
        }
    }
    if entity == Entity::Client {
        let plain = |text: &str| {
            let text = text.strip_prefix("field.").unwrap_or(text);
            fold(&text.replace(['_', '-'], " "))
        };
        for (at, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let called = |field: &&Own| plain(&field.key) == plain(name) || plain(&field.label) == plain(name);
            if let Some(field) = own.iter().find(called).filter(|_| !to.contains_key(&at)) {
                to.insert(at, format!("field.{}", field.key));
            }
        }
    }
    let has = |target: &str| to.values().any(|to| to == target);
    let key = match entity {
        _ if has("externalId") => Key::ExternalId,
        Entity::Client if has("domain") => Key::Domain,
        Entity::Contact if has("email") => Key::Email,
        _ => Key::ExternalId,
    };
    let columns = to.into_iter().map(|(at, to)| Column { at, to, days: None, decimal: None }).collect();
    let known = (name != "csv").then(|| name.to_owned());
    Ok((known, Plan { entity, mode: Mode::Upsert, key, columns }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn guessed(header: &[&str]) -> (Option<String>, Entity, Key, Vec<String>) {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let (known, plan) = guess(&header, &[]).unwrap();
        let means = |at: usize| plan.columns.iter().find(|c| c.at == at).map_or("-".to_owned(), |c| c.to.clone());
        (known, plan.entity, plan.key, (0..header.len()).map(means).collect())
    }

    #[test]
    fn headers_are_understood_in_two_languages_and_as_crms_write_them() {
        for (header, known, entity, key, means) in [
            (
                &["Identifiant", "Nom", "Pays", "Étiquettes", "Couleur"][..],
                None,
                Entity::Client,
                Key::ExternalId,
                &["externalId", "name", "country", "tags", "-"][..],
            ),
            (&["Nom", "Site"], None, Entity::Client, Key::Domain, &["name", "domain"]),
            (
                &["name", "email", "client_id"],
                None,
                Entity::Contact,
                Key::Email,
                &["name", "email", "clientExternalId"],
            ),
            (
                &["id", "client", "début", "montant"],
                None,
                Entity::Subscription,
                Key::ExternalId,
                &["externalId", "clientExternalId", "startDate", "amountCents"],
            ),
            (
                &["Record ID", "Company name", "Company Domain Name", "Company owner", "Create Date"],
                Some("hubspot"),
                Entity::Client,
                Key::ExternalId,
                &["externalId", "name", "domain", "owner", "-"],
            ),
            (
                &["Record ID", "First Name", "Last Name", "Email", "Associated Company ID"],
                Some("hubspot"),
                Entity::Contact,
                Key::ExternalId,
                &["externalId", "firstName", "lastName", "email", "clientExternalId"],
            ),
            (
                &["Account ID", "Account Name", "Website", "Billing Country", "Account Owner"],
                Some("salesforce"),
                Entity::Client,
                Key::ExternalId,
                &["externalId", "name", "domain", "country", "owner"],
            ),
        ] {
            let (found, of, by, to) = guessed(header);
            assert_eq!(
                (found.as_deref(), of, by, to.as_slice()),
                (known, entity, key, &means.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>()[..]),
                "{header:?}"
            );
        }
    }
}
