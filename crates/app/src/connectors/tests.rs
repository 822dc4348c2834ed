//! Files as they really come: from spreadsheets of two countries, from databases, broken by hand.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::Error;
use chrono_tz::Europe::Paris;
use essor_domain::Code;
use serde_json::json;
use std::path::{Path, PathBuf};

/// What a reading gave.
#[derive(Default)]
struct Read {
    records: Vec<Record>,
    refused: Vec<Refused>,
    last: Option<FileProgress>,
}

fn read_all(mapping: &Mapping, path: &Path) -> crate::Result<Read> {
    let mut all = Read::default();
    read(mapping, path, Paris, &mut |progress, outcome| {
        match outcome {
            Ok(record) => all.records.push(record),
            Err(refused) => all.refused.push(refused),
        }
        all.last = Some(progress.clone());
    })?;
    Ok(all)
}

/// A mapping of one file of clients, with a head of options.
fn clients_mapping(options: &str) -> Mapping {
    let text = format!(
        "{options}\n[[file]]\nfile = \"clients.csv\"\nentity = \"client\"\n[file.fields]\nexternalId = \"id\"\nname = \"name\"\n"
    );
    Mapping::parse("test", &text).unwrap()
}

fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clients.csv");
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn code(error: &Error) -> Code {
    match error {
        Error::Invalid(invalid) => invalid.code,
        other => panic!("{other}"),
    }
}

fn names(read: &Read) -> Vec<(&str, &str)> {
    read.records
        .iter()
        .map(|record| match record {
            Record::Client(client) => (client.external_id.as_str(), client.name.as_deref().unwrap_or("")),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn every_encoding_and_separator_gives_the_same_clients() {
    let utf16 = |text: &str, little: bool| {
        let mut bytes = if little { vec![0xff, 0xfe] } else { vec![0xfe, 0xff] };
        for unit in text.encode_utf16() {
            bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        bytes
    };
    let latin = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let plain = "id,name\n1,Soléa\n2,Œuvres & Cie\n";
    let crlf = "id;name\r\n1;Soléa\r\n2;Œuvres & Cie\r\n";
    for (what, bytes) in [
        ("UTF-8", plain.as_bytes().to_vec()),
        ("UTF-8 with a mark", format!("\u{feff}{plain}").into_bytes()),
        ("Windows-1252", latin(crlf)),
        ("UTF-16, little end first", utf16(&plain.replace(',', "\t"), true)),
        ("UTF-16, big end first", utf16(crlf, false)),
        ("quoted", "\"id\",\"name\"\n\"1\",\"Soléa\"\n\"2\",\"Œuvres & Cie\"".as_bytes().to_vec()),
        ("a named separator and blank lines", format!("sep=;\n\n{crlf}\r\n;\r\n").into_bytes()),
        ("a mark and quotes", "\u{feff}\"id\";name\n1;Soléa\n2;\" Œuvres & Cie\"".into()),
    ] {
        let (_dir, path) = written(&bytes);
        let read = read_all(&clients_mapping(""), &path).unwrap();
        assert_eq!(read.refused, [], "{what}");
        assert_eq!(names(&read), [("1", "Soléa"), ("2", "Œuvres & Cie")], "{what}");
        let progress = read.last.unwrap();
        assert_eq!((progress.rows, progress.bytes), (2, bytes.len() as u64), "{what}");
    }
}

#[test]
fn an_accent_far_into_the_file_decides_the_encoding() {
    // The two bytes of an accent on either side of the reader's buffer; then one byte of Latin-1 at the very end.
    for shift in 0..4 {
        let mut text = format!("id,name\n{}", "x".repeat(shift));
        for row in 0..20_000 {
            text.push_str(&format!("{row},é\n"));
        }
        let (_dir, path) = written(text.as_bytes());
        let read = read_all(&clients_mapping(""), &path).unwrap();
        assert!(read.records.len() == 20_000 && names(&read).iter().all(|(_, name)| *name == "é"));
    }
    let mut bytes = format!("id,name\n{}", "1,plain\n".repeat(30_000)).into_bytes();
    bytes.extend(b"2,Sol\xe9a");
    let (_dir, path) = written(&bytes);
    assert_eq!(names(&read_all(&clients_mapping(""), &path).unwrap()).last(), Some(&("2", "Soléa")));
    // A mapping may know better than the bytes.
    let (_dir, path) = written(b"id,name\n1,\xb1\xb3");
    let read = read_all(&clients_mapping("encoding = \"iso-8859-2\""), &path).unwrap();
    assert_eq!(names(&read), [("1", "ął")]);
}

#[test]
fn a_broken_row_costs_itself_only() {
    let text = "id,name\n1,One\n2,Two,too many\n3\n4,\"never closed\n5,Five\n6,\"Six\" and a half\n7,\"Se\nven\"\n,Nobody\n8,\"Eight \"\"8\"\"\"\n9,5\" pipe\n10,\"open at the end";
    let (_dir, path) = written(text.as_bytes());
    let read = read_all(&clients_mapping(""), &path).unwrap();
    assert_eq!(names(&read), [("1", "One"), ("5", "Five"), ("7", "Se\nven"), ("8", "Eight \"8\""), ("9", "5\" pipe")]);
    let refused: Vec<(u64, Code)> = read.refused.iter().map(|r| (r.line, r.error.code)).collect();
    let broken = Code::ConnectorsRowBroken;
    assert_eq!(refused, [(3, broken), (4, broken), (5, broken), (7, broken), (10, Code::FieldRequired), (13, broken)]);
    assert_eq!(read.refused[0].row, "2,Two,too many");
    assert_eq!(read.refused[0].error.params["cells"], json!(3));
    assert_eq!(read.refused[2].error.params["detail"], json!("a quote is not closed"));
    assert_eq!(read.last.unwrap().refused, 6);
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let mut bytes = b"id,name\n1,One\n2,".to_vec();
    bytes.extend(vec![b'x'; 3 << 20]);
    bytes.extend(b"\n3,Three\n");
    let (_dir, path) = written(&bytes);
    let read = read_all(&clients_mapping(""), &path).unwrap();
    assert_eq!(names(&read), [("1", "One"), ("3", "Three")]);
    assert_eq!(read.refused.len(), 1);
    assert!(read.refused[0].line == 3 && read.refused[0].row.len() < 5_000);
}

#[test]
fn what_is_missing_is_named_before_anything_is_read() {
    let mapping = clients_mapping("");
    for (text, expected, param, value) in [
        ("", Code::ConnectorsColumnMissing, "column", json!("id")),
        ("\n\n", Code::ConnectorsColumnMissing, "column", json!("id")),
        ("id,title\n1,x\n", Code::ConnectorsColumnMissing, "column", json!("name")),
        ("id,name,id,name\n1,x,2,y\n", Code::ConnectorsHeaderRepeats, "columns", json!("id, name")),
    ] {
        let (_dir, path) = written(text.as_bytes());
        let error = read_all(&mapping, &path).err().unwrap();
        assert_eq!(code(&error), expected, "{text}");
        let Error::Invalid(invalid) = error else { panic!() };
        assert_eq!(invalid.params[param], value, "{text}");
    }
    // Only a header is no fault; columns without a name are none either.
    let (_dir, path) = written(b"id,name,,\n");
    assert!(read_all(&mapping, &path).unwrap().records.is_empty());

    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&read_all(&mapping, dir.path()).err().unwrap()), Code::ConnectorsFileMissing);
    assert_eq!(code(&read_all(&mapping, &dir.path().join("nowhere")).err().unwrap()), Code::ConnectorsFileMissing);
    // All files are looked at first: nothing of the first one is given out when the second one lacks a column.
    std::fs::write(dir.path().join("Accounts.CSV"), "external_id,name\n1,One\n").unwrap();
    std::fs::write(dir.path().join("contacts.csv"), "who\n1\n").unwrap();
    let mut seen = 0;
    let error = read(&Mapping::load("csv").unwrap(), dir.path(), Paris, &mut |_, _| seen += 1).unwrap_err();
    assert_eq!((code(&error), seen), (Code::ConnectorsColumnMissing, 0));
}

#[test]
fn a_mapping_is_checked_when_it_is_loaded() {
    let file = |fields: &str| format!("[[file]]\nfile = \"f.csv\"\nentity = \"client\"\n[file.fields]\n{fields}\n");
    for (text, words) in [
        ("nonsense".to_owned(), "expected"),
        ("file = []".to_owned(), "names no file"),
        (file("name = \"name\""), "needs the field externalId"),
        (file("externalId = \"id\"\nsize = \"s\""), "has no field"),
        (file("externalId = { colum = \"id\" }"), "colum"),
        (file("externalId = {}"), "a column, a template or a value"),
        (file("externalId = { template = \"plain\" }"), "names no column"),
        (file("externalId = { template = \"{id\" }"), "no partner"),
        (file("externalId = { column = \"id\", value = \"x\" }"), "constant"),
        (file("externalId = \"id\"\nseats = { value = \"many\" }"), "whole number"),
        (file("externalId = \"id\"\nsince = { column = \"d\", format = \"MM/YYYY\" }"), "date format"),
        (file("externalId = \"id\"\n[file.data]\nx = \"x\""), "has no data"),
        (format!("decimal = \"_\"\n{}", file("externalId = \"id\"")), "decimal"),
        (format!("delimiter = \"|\"\n{}", file("externalId = \"id\"")), "delimiter"),
        (format!("encoding = \"klingon\"\n{}", file("externalId = \"id\"")), "encoding"),
        (format!("currency = \"EURO\"\n{}", file("externalId = \"id\"")), "currency"),
        ("[[file]]\nfile = \"f\"\nentity = \"usage\"\n[file.fields]\nevent = \"e\"\noccurredAt = \"d\"\nmessageId = \"m\"\n".to_owned(), "usage needs"),
    ] {
        let error = Mapping::parse("test", &text).unwrap_err();
        assert_eq!(code(&error), Code::ConnectorsMappingInvalid);
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    assert_eq!(code(&Mapping::load("nowhere.toml").unwrap_err()), Code::ConnectorsMappingInvalid);
    assert_eq!(Mapping::load("ravenstack").unwrap().currency(), Some("USD"));
    assert_eq!(Mapping::load("csv").unwrap().currency(), None);
}

#[test]
fn the_mapping_of_the_documentation_works() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mapping = Mapping::parse("documentation", example).unwrap();
    assert_eq!((mapping.name(), mapping.currency()), ("billing", Some("EUR")));

    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    put("customers.csv", "customer_no;first name;last name;vat\n7;Ada;Byron;FR1\n");
    put("contrats.csv", "customer_no;line;article;from;to;net\n7;1;p2;01/02/2024;;1.200,50\n");
    let read = read_all(&mapping, dir.path()).unwrap();
    let [Record::Client(client), Record::Subscription(line)] = read.records.as_slice() else {
        panic!("{:?}", read.refused)
    };
    assert_eq!(client.name.as_deref(), Some("Ada Byron"));
    assert_eq!((line.external_id.as_str(), line.product.as_str(), line.amount_cents), ("7-1", "Rapports", 120_050));
}

#[test]
fn french_spreadsheets_are_read_by_the_plain_mapping() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), encoding_rs::WINDOWS_1252.encode(text).0).unwrap();
    };
    put(
        "clients.csv",
        "Identifiant;Nom;Activité;Client depuis;Licences;Archivé;Ville\r\nC1;Soléa;Énergie;03/04/2023;12;non;Nîmes\r\n",
    );
    put(
        "abonnements.csv",
        "Identifiant;Client;Produit;Début;Fin;Montant;Devise;Période;Quantité\r\nS1;C1;Pilotage;03/04/2023;;1 234,56 €;EUR;mensuel;1\r\nS2;C1;API;01/01/2024;31/12/2024;12000;JPY;annuel;2\r\nS3;C1;API;01/01/2024;;1.5;EUR;;\r\n",
    );
    put(
        "usage.csv",
        "client;user;event;date;count\r\nC1;u1;Connexion;05/04/2023 09:30;\r\nC1;u1;Connexion;06/04/2023;3\r\n",
    );
    put(
        "signaux.csv",
        "nature;client;date;enquête;note;commentaire;source\r\nsurvey;C1;05/06/2023;NPS;9;Très bien;mail\r\n",
    );

    let read = read_all(&Mapping::load("csv").unwrap(), dir.path()).unwrap();
    let [
        Record::Client(client),
        Record::Subscription(first),
        Record::Subscription(second),
        Record::Signal(signal),
        Record::Usage(one),
        Record::Usage(two),
    ] = read.records.as_slice()
    else {
        panic!("{:?} {:?}", read.records, read.refused)
    };
    assert_eq!((client.external_id.as_str(), client.name.as_deref(), client.seats), ("C1", Some("Soléa"), Some(12)));
    assert_eq!((client.since, client.archived), (Some("2023-04-03".parse().unwrap()), Some(false)));
    assert_eq!(client.traits, *json!({"Ville": "Nîmes"}).as_object().unwrap());
    assert_eq!((first.amount_cents, first.period.as_deref()), (123_456, Some("month")));
    assert_eq!(first.known_at, Some("2023-04-02T22:00:00Z".parse().unwrap()));
    // The yen has no minor unit.
    assert_eq!((second.amount_cents, second.currency.as_deref(), second.quantity), (12_000, Some("JPY"), Some(2)));
    assert_eq!(
        signal.data,
        *json!({"survey": "nps", "score": 9, "comment": "Très bien", "source": "mail"}).as_object().unwrap()
    );
    assert_eq!((one.count, two.count), (1, 3));
    assert_eq!(one.occurred_at, "2023-04-05T07:30:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_ne!(one.message_id, two.message_id);
    // A decimal point in a file of decimal commas is told, not guessed.
    assert_eq!(read.refused.len(), 1);
    assert_eq!((read.refused[0].line, read.refused[0].error.code), (4, Code::ConnectorsCellInvalid));
    assert_eq!(read.refused[0].error.params["column"], json!("Montant"));
    assert_eq!(read.refused[0].error.params["value"], json!("1.5"));
}

#[test]
fn one_file_is_known_by_its_columns() {
    let dir = tempfile::tempdir().unwrap();
    let mapping = Mapping::load("csv").unwrap();
    for (text, entity) in [
        ("id,name,domain,country\n1,One,one.example,FR\n", Entity::Client),
        ("id,client_id,email,role\n1,1,a@one.example,Boss\n", Entity::Contact),
        ("id,client_id,start,amount\n1,1,2024-01-01,12.50\n", Entity::Subscription),
        ("id,kind,client_id,date\n1,meeting,1,2024-01-01\n", Entity::Signal),
        ("id,client_id,user_id,event,date\n1,1,2,login,2024-01-01\n", Entity::Usage),
    ] {
        let path = dir.path().join("export.csv");
        std::fs::write(&path, text).unwrap();
        let read = read_all(&mapping, &path).unwrap();
        assert_eq!(read.refused, [], "{text}");
        assert_eq!(read.last.unwrap().entity, entity, "{text}");
    }
}

#[test]
fn values_templates_and_defaults_fill_fields() {
    let text = r#"
        empty = ["NULL", "n/a"]
        [[file]]
        file = "clients.csv"
        entity = "client"
        [file.fields]
        externalId = { template = "{{{region}}}-{id}" }
        name = { column = "name", template = "{first} {last}", optional = true, default = "?" }
        plan = { column = "plan", values = { P = "Pro", B = "Basic" }, others = "Other" }
        segment = { value = "PME" }
        since = { column = "since", format = "DD.MM.YYYY", default = "2020-01-01" }
        [file.traits]
        worth = { column = "worth", type = "money", unit = "major", decimal = "," }
        key = { template = "{#row}" }
    "#;
    let mapping = Mapping::parse("test", text).unwrap();
    let (_dir, path) =
        written(b"region,id,first,last,plan,since,worth\neu,1,Ada,,p,24.12.2023,\"1.000,5\"\nus,2,NULL,n/a,Z,,\n");
    let read = read_all(&mapping, &path).unwrap();
    let [Record::Client(one), Record::Client(two)] = read.records.as_slice() else { panic!("{:?}", read.refused) };
    assert_eq!((one.external_id.as_str(), one.name.as_deref()), ("{eu}-1", Some("Ada")));
    assert_eq!((one.plan.as_deref(), one.segment.as_deref()), (Some("Pro"), Some("PME")));
    assert_eq!((one.since.unwrap().to_string(), &one.traits["worth"]), ("2023-12-24".to_owned(), &json!(100_050)));
    assert_eq!((two.name.as_deref(), two.plan.as_deref()), (Some("?"), Some("Other")));
    assert_eq!(two.since.unwrap().to_string(), "2020-01-01");
    assert!(!two.traits.contains_key("worth") && two.traits["key"] != one.traits["key"]);
}

/// MRR and active clients of a day, from the records alone.
fn as_of(records: &[Record], day: &str) -> (i64, usize) {
    let day = day.parse().unwrap();
    let mut clients = std::collections::BTreeMap::new();
    for record in records {
        let Record::Subscription(line) = record else { continue };
        if !line.is_trial && line.start_date <= day && line.end_date.is_none_or(|end| day < end) {
            *clients.entry(&line.client_external_id).or_insert(0) += line.amount_cents * line.quantity.unwrap_or(1);
        }
    }
    (clients.values().sum(), clients.values().filter(|cents| **cents > 0).count())
}

#[test]
fn the_ravenstack_sample_gives_its_known_figures() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/tests/data/ravenstack-sample");
    let read = read_all(&Mapping::load("ravenstack").unwrap(), &sample).unwrap();
    assert_eq!(read.refused, []);
    assert_eq!(read.records.len(), 12 + 17 + 6 + 5 + 18);
    for (day, cents, clients) in [
        ("2023-06-14", 518_700, 5),
        ("2023-06-15", 518_700, 5),
        ("2023-06-30", 480_700, 4),
        ("2024-01-01", 757_600, 8),
        ("2024-06-30", 461_800, 7),
        ("2024-12-31", 441_900, 7),
    ] {
        assert_eq!(as_of(&read.records, day), (cents, clients), "{day}");
    }
    let mut keys = std::collections::BTreeSet::new();
    let mut tickets = Vec::new();
    for record in &read.records {
        match record {
            Record::Usage(usage) => assert!(keys.insert(&usage.message_id), "{usage:?}"),
            Record::Signal(signal) if signal.kind == "ticket" => tickets.push(signal),
            _ => {}
        }
    }
    assert_eq!(keys.len(), 18);
    assert_eq!(tickets[2].data["priority"], json!("normal"));
    assert_eq!(tickets[0].ended_at, Some("2023-07-28T01:00:00Z".parse().unwrap()));
    assert!(tickets[4].ended_at.is_none() && !tickets[4].data.contains_key("satisfaction"));
}

/// The real files stay outside the repository; where they lie is told by `ESSOR_EVALUATION_DATA`.
#[test]
fn the_real_ravenstack_files_are_taken_whole() {
    let Some(data) = std::env::var_os("ESSOR_EVALUATION_DATA") else { return };
    let read = read_all(&Mapping::load("ravenstack").unwrap(), &Path::new(&data).join("ravenstack")).unwrap();
    assert_eq!(read.refused, []);
    assert_eq!(read.records.len(), 500 + 5_000 + 2_000 + 600 + 25_000);
    let keys: std::collections::BTreeSet<&String> = read
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Usage(usage) => Some(&usage.message_id),
            _ => None,
        })
        .collect();
    assert_eq!(keys.len(), 25_000);
    // As the reference script computes them.
    for (day, cents, clients) in
        [("2023-06-30", 24_292_100, 64), ("2024-06-30", 383_340_500, 333), ("2024-12-31", 1_015_960_800, 500)]
    {
        assert_eq!(as_of(&read.records, day), (cents, clients), "{day}");
    }
}
