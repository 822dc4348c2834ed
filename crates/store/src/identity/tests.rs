//! What the database itself has to guarantee: a link works once, a key is reserved once, the demo leaves nobody out.

use super::*;
use crate::{Db, Workspace, migrate};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

struct Temp {
    db: Db,
    path: std::path::PathBuf,
}

impl Drop for Temp {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.path.display()));
        }
    }
}

async fn database() -> Temp {
    let path = std::env::temp_dir().join(format!("essor-identity-{}.db", Uuid::now_v7()));
    let db = Db::open(&format!("sqlite://{}", path.display()), None, 4).await.expect("opens");
    migrate(&db).await.expect("migrates");
    Temp { db, path }
}

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00.123456Z".parse().expect("an instant")
}

fn workspace(name: &str, is_demo: bool) -> workspaces::WorkspaceRow {
    workspaces::WorkspaceRow {
        id: Uuid::now_v7(),
        name: name.into(),
        currency: "EUR".into(),
        timezone: "Europe/Paris".into(),
        week_start: "monday".into(),
        is_demo,
        unknown_groups: "create".into(),
        created_at: noon(),
    }
}

fn user(email: &str) -> users::UserRow {
    users::UserRow {
        id: Uuid::now_v7(),
        email: email.into(),
        name: "Ada".into(),
        password_hash: None,
        locale: None,
        theme: "system".into(),
        created_at: noon(),
    }
}

fn link(purpose: &str, expires_at: DateTime<Utc>) -> links::LinkRow {
    links::LinkRow {
        id: Uuid::now_v7(),
        purpose: purpose.into(),
        workspace_id: None,
        email: Some("ada@example.org".into()),
        role: None,
        created_at: noon(),
        expires_at,
        used_at: None,
        created_by: None,
    }
}

#[tokio::test]
async fn identity_a_link_works_once_and_in_time() {
    let temp = database().await;
    let soon = noon() + Duration::minutes(15);
    let tx = temp.db.begin().await.expect("begins");
    links::insert(&tx, &[1; 32], &link("sign_in", soon)).await.expect("inserts");
    tx.commit().await.expect("commits");

    assert!(links::find(&temp.db, &[1; 32], noon()).await.expect("reads").is_some(), "reading does not use it");
    assert!(links::find(&temp.db, &[2; 32], noon()).await.expect("reads").is_none());
    assert!(links::find(&temp.db, &[1; 32], soon).await.expect("reads").is_none(), "over at its end");

    let (a, b) = tokio::join!(consume(&temp.db), consume(&temp.db));
    assert_eq!(a as u8 + b as u8, 1, "of two callers one gets it");
    assert!(links::find(&temp.db, &[1; 32], noon()).await.expect("reads").is_none());
}

async fn consume(db: &Db) -> bool {
    let tx = db.begin().await.expect("begins");
    let found = links::consume(&tx, &[1; 32], noon()).await.expect("runs");
    tx.commit().await.expect("commits");
    found.is_some()
}

#[tokio::test]
async fn identity_an_idempotency_key_is_reserved_once() {
    use idempotency::Begin;
    let temp = database().await;
    let scope = Workspace(Uuid::now_v7());
    let tx = temp.db.begin().await.expect("begins");
    let begin = async |hash: &Hash, at| idempotency::begin(&tx, scope, "k", hash, at).await.expect("runs");
    assert_eq!(begin(&[1; 32], noon()).await, Begin::Fresh);
    assert_eq!(begin(&[1; 32], noon()).await, Begin::InProgress);
    assert_eq!(begin(&[2; 32], noon()).await, Begin::Mismatch);
    idempotency::finish(&tx, scope, "k", &[1; 32], 201, "{}").await.expect("runs");
    assert_eq!(begin(&[1; 32], noon()).await, Begin::Replay { status: 201, body: "{}".into() });
    assert_eq!(begin(&[1; 32], noon() + Duration::hours(24)).await, Begin::Fresh, "forgotten after a day");
    assert_eq!(begin(&[1; 32], noon() + Duration::hours(25)).await, Begin::Fresh, "its process died");
    idempotency::forget(&tx, scope, "k", &[1; 32]).await.expect("runs");
    assert_eq!(begin(&[2; 32], noon() + Duration::hours(25)).await, Begin::Fresh);
}

#[tokio::test]
async fn identity_deleting_the_demo_signs_nobody_out() {
    let temp = database().await;
    let (real, demo, ada, bob) =
        (workspace("Real", false), workspace("Demo", true), user("ada@example.org"), user("bob@example.org"));
    let tx = temp.db.begin().await.expect("begins");
    for row in [&real, &demo] {
        workspaces::insert(&tx, row).await.expect("inserts");
    }
    for row in [&ada, &bob] {
        users::insert(&tx, row).await.expect("inserts");
    }
    for (place, who) in [(&demo, &ada), (&real, &ada), (&demo, &bob)] {
        members::insert(&tx, Workspace(place.id), who.id, "manager", noon()).await.expect("inserts");
    }
    let later = noon() + Duration::days(30);
    sessions::insert(&tx, &[1; 32], ada.id, Workspace(demo.id), noon(), later, &sessions::Mark::default())
        .await
        .expect("inserts");
    sessions::insert(&tx, &[2; 32], bob.id, Workspace(demo.id), noon(), later, &sessions::Mark::default())
        .await
        .expect("inserts");
    assert!(!workspaces::delete_demo(&tx, Workspace(real.id)).await.expect("runs"), "a real one stays");
    assert!(workspaces::delete_demo(&tx, Workspace(demo.id)).await.expect("runs"));
    tx.commit().await.expect("commits");

    let ada_now = sessions::find(&temp.db, &[1; 32], noon()).await.expect("reads").expect("still signed in");
    assert_eq!(ada_now.workspace_id, real.id);
    assert!(sessions::find(&temp.db, &[2; 32], noon()).await.expect("reads").is_none(), "nowhere left to be");
    assert!(
        matches!(workspaces::only(&temp.db).await.expect("reads"), workspaces::Only::One(row) if row.id == real.id)
    );
}

#[tokio::test]
async fn identity_members_are_listed_with_when_they_were_seen() {
    let temp = database().await;
    let (place, ada) = (workspace("Real", false), user("ada@example.org"));
    let scope = Workspace(place.id);
    let tx = temp.db.begin().await.expect("begins");
    workspaces::insert(&tx, &place).await.expect("inserts");
    users::insert(&tx, &ada).await.expect("inserts");
    members::lock(&tx, scope).await.expect("locks");
    members::insert(&tx, scope, ada.id, "owner", noon()).await.expect("inserts");
    assert_eq!(members::list(&tx, scope).await.expect("reads")[0].last_seen_at, None);
    let mark = sessions::Mark::default();
    sessions::insert(&tx, &[1; 32], ada.id, scope, noon(), noon() + Duration::days(1), &mark).await.expect("inserts");
    assert_eq!(members::list(&tx, scope).await.expect("reads")[0].last_seen_at, Some(noon()));
    assert_eq!(members::count(&tx, scope, "owner").await.expect("reads"), 1);

    let rate =
        |currency: &str, e9| rates::RateRow { currency: currency.into(), from_day: noon().date_naive(), rate_e9: e9 };
    rates::replace(&tx, scope, &[rate("USD", 920_000_000)]).await.expect("runs");
    rates::replace(&tx, scope, &[rate("GBP", 1_170_000_000)]).await.expect("runs");
    assert_eq!(rates::list(&tx, scope).await.expect("reads"), [rate("GBP", 1_170_000_000)]);
    rates::replace(&tx, scope, &[]).await.expect("runs");

    sessions::touch(&tx, &[1; 32], noon(), noon(), noon(), &mark).await.expect("runs");
    assert!(sessions::find(&tx, &[1; 32], noon()).await.expect("reads").is_some(), "touched at most once a minute");
    members::delete(&tx, scope, ada.id).await.expect("runs");
    assert!(sessions::find(&tx, &[1; 32], noon()).await.expect("reads").is_none());
}
