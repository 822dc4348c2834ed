//! Putting a copy of a SQLite database in the place of the one that is there. PostgreSQL has `pg_restore` for that.

use crate::{Engine, Error, Result, SCHEMA_VERSION};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::path::{Path, PathBuf};

async fn open(path: &Path, mode: &str) -> Result<DatabaseConnection> {
    let url = format!("sqlite://{}?mode={mode}", path.display());
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

async fn word(db: &DatabaseConnection, sql: &str) -> Result<Option<String>> {
    let row = db.query_one_raw(Statement::from_string(Engine::Sqlite.backend(), sql)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn number(db: &DatabaseConnection, sql: &str) -> Result<Option<i64>> {
    let row = db.query_one_raw(Statement::from_string(Engine::Sqlite.backend(), sql)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Refuses a file that is no whole copy of a database of ours, or one of a newer Essor.
async fn check(copy: &Path) -> Result<()> {
    let refused = |why: String| Error::Config(format!("{} cannot be restored: {why}", copy.display()));
    if !copy.is_file() {
        return Err(refused("there is no such file".into()));
    }
    let db = open(copy, "ro").await.map_err(|error| refused(error.to_string()))?;
    let found = async {
        let whole = word(&db, "PRAGMA integrity_check(1)").await?;
        let needs = number(&db, "SELECT MAX(min_compatible) FROM schema_versions").await?;
        Ok::<_, Error>((whole, needs))
    };
    let found = found.await;
    let _ = db.close().await;
    match found.map_err(|error| refused(format!("it is no database of Essor ({error})")))? {
        (Some(whole), _) if whole != "ok" => Err(refused(format!("it is damaged ({whole})"))),
        (_, Some(needs)) if needs > SCHEMA_VERSION => Err(Error::SchemaTooNew { needs, known: SCHEMA_VERSION }),
        _ => Ok(()),
    }
}

/// Refuses while another process has the database open: only who is alone may leave the write-ahead log.
async fn alone(path: &Path) -> Result<()> {
    let taken = || {
        Error::Config(format!("{} is in use: end every server, worker and command of this Essor first", path.display()))
    };
    let db = open(path, "rw").await?;
    let mode = word(&db, "PRAGMA journal_mode = DELETE").await;
    let _ = db.close().await;
    match mode {
        Ok(Some(mode)) if mode == "delete" => Ok(()),
        _ => Err(taken()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Puts a copy in the place of the database of a URL. The one that was there is kept beside it; returns where, if there
/// was one.
pub async fn restore(url: &str, copy: &Path) -> Result<Option<PathBuf>> {
    let path = match (Engine::of(url)?, url.strip_prefix("sqlite://")) {
        (Engine::Sqlite, Some(path)) => PathBuf::from(path.split('?').next().unwrap_or(path)),
        _ => return Err(Error::Config("on PostgreSQL use pg_restore, which the documentation describes".into())),
    };
    check(copy).await?;
    let there = std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    if there {
        alone(&path).await?;
    }
    let failed = |error: std::io::Error| Error::Unavailable(format!("{}: {error}", path.display()));
    // Whole beside its place before anything is moved: a disk that is full changes nothing.
    let new = beside(&path, ".restoring");
    let copied = || -> std::io::Result<()> {
        std::fs::copy(copy, &new)?;
        std::fs::File::open(&new)?.sync_all()
    };
    if let Err(error) = copied() {
        let _ = std::fs::remove_file(&new);
        return Err(failed(error));
    }
    let before = (0..)
        .map(|n| beside(&path, &format!(".before-restore{}", if n == 0 { String::new() } else { format!("-{n}") })));
    let before = before.into_iter().find(|name| !name.exists()).unwrap_or_else(|| beside(&path, ".before-restore"));
    if there {
        std::fs::rename(&path, &before).map_err(failed)?;
    }
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(&path, ending));
    }
    std::fs::rename(&new, &path).map_err(failed)?;
    Ok(there.then_some(before))
}
