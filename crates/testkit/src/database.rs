//! A database of its own for each test: a file in a temporary folder, or a database of the cluster, dropped at the end.

use essor_store::Engine;
use sea_orm::{ConnectionTrait, Database as Sea};
use std::path::Path;
use tempfile::TempDir;

/// The cluster to test on: `ESSOR_TEST_POSTGRES`. None where it is not set, which in CI is a failure and not a skip.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("ESSOR_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        url.is_some() || !ci,
        "CI tests on PostgreSQL too: set ESSOR_TEST_POSTGRES to the URL of a throw-away cluster"
    );
    if url.is_none() {
        eprintln!("note: not tested on PostgreSQL; set ESSOR_TEST_POSTGRES to the URL of a throw-away cluster");
    }
    url
}

/// An empty database that goes away with this value, after a failed test too.
#[derive(Debug)]
pub struct Database {
    /// Its URL.
    pub url: String,
    /// A folder for whatever else the test writes.
    pub folder: TempDir,
    /// The cluster and the name in it.
    in_cluster: Option<(String, String)>,
}

impl Database {
    /// A fresh database; none on PostgreSQL where there is no cluster to test on.
    pub async fn fresh(engine: Engine) -> Option<Database> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("essor.db").display());
                Some(Database { url, folder, in_cluster: None })
            }
            Engine::Postgres => Some(Database::in_cluster(&postgres_url()?, folder).await),
        }
    }

    /// A fresh database of a cluster.
    pub async fn of_cluster(cluster: &str) -> Database {
        Database::in_cluster(cluster, tempfile::tempdir().expect("a temporary folder")).await
    }

    async fn in_cluster(cluster: &str, folder: TempDir) -> Database {
        let name = format!("essor_test_{}", uuid::Uuid::now_v7().simple());
        let admin = Sea::connect(cluster).await.expect("the cluster of ESSOR_TEST_POSTGRES answers");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database of its own");
        let _ = admin.close().await;
        let (server, _) = cluster.rsplit_once('/').expect("the cluster's URL ends in a database");
        Database { url: format!("{server}/{name}"), folder, in_cluster: Some((cluster.to_owned(), name)) }
    }

    /// Runs statements over a connection of its own.
    pub async fn meddle(&self, sql: &str) {
        let connection = Sea::connect(&self.url).await.expect("the database answers");
        connection.execute_unprepared(sql).await.expect("the statements run");
        let _ = connection.close().await;
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The database is left where it is: its cluster goes away with it.
    pub fn keep(&mut self) {
        self.in_cluster = None;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((cluster, name)) = self.in_cluster.take() else { return };
        // A thread of its own, since a drop cannot wait inside the test's runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let admin = Sea::connect(&cluster).await.ok()?;
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok()?;
                admin.close().await.ok()
            })
        });
        let _ = dropped.join();
    }
}

impl Database {
    /// The columns of all tables that hold a text somewhere in what they say, whatever its case: `table.column`.
    pub async fn search(&self, text: &str) -> Vec<String> {
        let connection = Sea::connect(&self.url).await.expect("the database answers");
        let engine = Engine::of(&self.url).expect("a URL of ours");
        let columns = match engine {
            Engine::Sqlite => {
                "SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' \
                 AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2"
            }
            Engine::Postgres => {
                "SELECT CAST(table_name AS TEXT) AS t, CAST(column_name AS TEXT) AS c FROM information_schema.columns \
                 WHERE table_schema = current_schema() ORDER BY 1, 2"
            }
        };
        let ask = |sql: String| sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let mut found = Vec::new();
        for row in connection.query_all_raw(ask(columns.into())).await.expect("tables are listed") {
            let (table, column): (String, String) =
                (row.try_get("", "t").expect("a name"), row.try_get("", "c").expect("a name"));
            let wanted = text.to_lowercase().replace('\'', "''");
            let sql =
                format!("SELECT 1 AS n FROM {table} WHERE LOWER(CAST(\"{column}\" AS TEXT)) LIKE '%{wanted}%' LIMIT 1");
            if connection.query_one_raw(ask(sql)).await.expect("a column is read").is_some() {
                found.push(format!("{table}.{column}"));
            }
        }
        let _ = connection.close().await;
        found
    }
}
