//! The plan of the house, kept by a test: which crate may know which, where SQL and HTTP may stand, words for every code.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use essor_domain::Code;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file of a crate, by its path from the root.
fn sources(package: &str) -> Vec<(String, String)> {
    let (mut out, mut folders) = (Vec::new(), vec![root().join(package).join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                out.push((name, read(&path)));
            }
        }
    }
    assert!(!out.is_empty(), "{package} has sources");
    out.sort();
    out
}

const CRATES: [&str; 6] = ["crates/domain", "crates/store", "crates/app", "crates/server", "crates/testkit", "bench"];

/// The text without comments and without tests: a module of tests ends its file or has one of its own.
fn code(name: &str, text: &str) -> String {
    if name.ends_with("/tests.rs") {
        return String::new();
    }
    let before_tests = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    // `mod tests;` stands in the middle of some files: what follows is code again.
    let after = text.split_once("#[cfg(test)]\nmod tests;").map_or("", |(_, rest)| rest);
    let kept = format!("{before_tests}{after}");
    kept.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_arrows_between_crates_point_one_way() {
    let may: [(&str, &[&str]); 4] = [
        ("crates/domain", &[]),
        ("crates/store", &["essor-domain"]),
        ("crates/app", &["essor-domain", "essor-store"]),
        ("crates/server", &["essor-domain", "essor-store", "essor-app"]),
    ];
    for (package, allowed) in may {
        let manifest = read(&root().join(package).join("Cargo.toml"));
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
        for line in dependencies.lines().filter(|line| line.starts_with("essor-")) {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(allowed.contains(&name), "{package} may not depend on {name}");
        }
        for (file, text) in sources(package) {
            for ours in ["essor_domain", "essor_store", "essor_app", "essor_server", "essor_testkit"] {
                let own = package.ends_with(ours.trim_start_matches("essor_"));
                let known = own || allowed.contains(&ours.replace('_', "-").as_str());
                assert!(known || !code(&file, &text).contains(&format!("{ours}::")), "{file} uses {ours}");
            }
        }
    }
}

#[test]
fn the_server_speaks_to_storage_only_where_it_starts() {
    // The scope of a workspace is a plain id; the rest of storage is the operations' business.
    for (file, text) in
        sources("crates/server").iter().filter(|(file, _)| file.contains("/http/") && !file.ends_with("/ops.rs"))
    {
        assert!(!code(file, text).contains("essor_store"), "{file} goes round the operations");
    }
}

#[test]
fn the_domain_does_no_input_or_output() {
    let manifest = read(&root().join("crates/domain/Cargo.toml"));
    for (file, text) in sources("crates/domain") {
        let code = code(&file, &text);
        for forbidden in [
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "Utc::now",
            "SystemTime",
            "Instant::now",
            "async fn",
            "tokio",
            "rand::",
        ] {
            assert!(!code.contains(forbidden), "{file} has {forbidden}");
        }
    }
    for forbidden in ["tokio", "sea-orm", "axum", "reqwest", "getrandom"] {
        assert!(!manifest.contains(forbidden), "domain depends on {forbidden}");
    }
}

#[test]
fn sql_stands_in_storage_alone() {
    for package in ["crates/domain", "crates/app", "crates/server"] {
        assert!(!read(&root().join(package).join("Cargo.toml")).contains("sea-orm"), "{package} knows the database");
        for (file, text) in sources(package) {
            let code = code(&file, &text);
            for sql in
                ["sea_orm", "sqlx", "\"SELECT ", "INSERT INTO", "DELETE FROM", "\"UPDATE ", " WHERE workspace_id"]
            {
                assert!(!code.contains(sql), "{file} has {sql}");
            }
        }
    }
}

#[test]
fn status_codes_are_spoken_by_the_server_alone() {
    for package in ["crates/domain", "crates/store", "crates/app"] {
        let manifest = read(&root().join(package).join("Cargo.toml"));
        for http in ["axum", "tower", "hyper", "http."] {
            assert!(!manifest.lines().any(|line| line.starts_with(http)), "{package} depends on {http}");
        }
        for (file, text) in sources(package) {
            let code = code(&file, &text);
            for http in ["StatusCode", "axum", "HeaderMap"] {
                assert!(!code.contains(http), "{file} has {http}");
            }
        }
    }
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    for language in ["fr", "en"] {
        let words = |path: String| serde_json::from_str::<Value>(&read(&root().join(path))).unwrap();
        let common = words(format!("web/src/i18n/{language}.json"));
        let of_features = words(format!("web/src/i18n/errors/{language}.json"));
        for code in Code::ALL {
            let sentence = common["errors"].get(code.as_str()).or(of_features.get(code.as_str()));
            let sentence = sentence.and_then(Value::as_str).unwrap_or_default();
            assert!(!sentence.trim().is_empty(), "{language} has no words for {}", code.as_str());
        }
    }
}

#[test]
fn both_languages_say_the_same_things() {
    fn keys(value: &Value, path: &str, out: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| keys(value, &format!("{path}.{key}"), out)),
            // Forms of number differ between languages.
            _ => out.push(
                ["_one", "_many", "_other"].iter().find_map(|form| path.strip_suffix(form)).unwrap_or(path).to_owned(),
            ),
        }
    }
    let mut folders = vec![root().join("web/src/i18n"), root().join("web/src/i18n/errors")];
    for feature in std::fs::read_dir(root().join("web/src/features")).unwrap() {
        folders.push(feature.unwrap().path().join("i18n"));
    }
    for folder in folders.iter().filter(|folder| folder.join("fr.json").exists()) {
        let [fr, en] = ["fr", "en"].map(|language| {
            let words = serde_json::from_str(&read(&folder.join(format!("{language}.json")))).unwrap();
            let mut out = Vec::new();
            keys(&words, "", &mut out);
            out.sort();
            out.dedup();
            out
        });
        assert_eq!(fr, en, "{}", folder.display());
    }
}

#[test]
fn every_file_says_what_it_is() {
    for package in CRATES {
        for (file, text) in sources(package) {
            let first = text.lines().next().unwrap_or_default();
            assert!(
                first.starts_with("//! ") && first.len() > 15,
                "{file} begins without a sentence about itself: {first}"
            );
        }
    }
}

#[test]
fn nothing_unwraps_outside_tests() {
    for package in CRATES {
        for (file, text) in sources(package) {
            assert!(!code(&file, &text).contains(".unwrap()"), "{file} unwraps");
        }
    }
}

#[test]
fn every_feature_has_one_word() {
    // The same word names a feature in every layer: a refusal's code begins with it.
    let features = [
        "identity",
        "clients",
        "growth",
        "forecast",
        "usage",
        "health",
        "connectors",
        "opportunities",
        "tasks",
        "notifications",
        "audit",
        "expressions",
        "journey",
        "surveys",
    ];
    for code in Code::ALL {
        let text = code.as_str();
        let feature = features.iter().find(|feature| text.starts_with(&format!("{feature}_")));
        let general = [
            "not_found",
            "forbidden",
            "bad_request",
            "too_large",
            "rate_limited",
            "storage_unavailable",
            "conflict",
            "internal",
            "field_",
            "list_too_long",
            "cursor_invalid",
            "idempotency_",
            "cross_site",
            "precondition_",
        ];
        assert!(feature.is_some() || general.iter().any(|word| text.starts_with(word)), "{text} names no feature");
    }
}
