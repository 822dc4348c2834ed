//! Jobs: done once per reason, given back when they fail, lost with their lease.

use chrono::{DateTime, Duration, Utc};
use essor_app::jobs::{HEALTH_SCORE, OPPORTUNITIES_DETECT};
use essor_store::jobs::{self, Job, Turn};
use essor_testkit::{Essor, client, eventually, story, subscription, track};
use serde_json::json;
use uuid::Uuid;

async fn claim(essor: &Essor, worker: Uuid, now: DateTime<Utc>) -> Vec<Job> {
    let tx = essor.app.db.begin().await.unwrap();
    let until = now + Duration::seconds(60);
    let claimed = jobs::claim(&tx, (HEALTH_SCORE, Turn::Usual), worker, now, until, 100).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn enqueue(essor: &Essor, key: &str, at: DateTime<Utc>) {
    let tx = essor.app.db.begin().await.unwrap();
    jobs::enqueue(&tx, essor.home().workspace, HEALTH_SCORE, [key.to_owned()], at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn finish(essor: &Essor, worker: Uuid, held: &[Job]) -> bool {
    let tx = essor.app.db.begin().await.unwrap();
    let kept = jobs::finish(&tx, worker, held).await.unwrap();
    if kept {
        tx.commit().await.unwrap();
    }
    kept
}

story!(reasons_gather_in_one_job, |essor| async {
    let now = essor.app.clock.now();
    for _ in 0..5 {
        enqueue(essor, "a", now).await;
    }
    enqueue(essor, "b", now + Duration::minutes(5)).await;
    let worker = Uuid::now_v7();
    let held = claim(essor, worker, now).await;
    assert_eq!(held.len(), 1, "one job for five reasons; the other is not due");
    assert_eq!(held[0].version, 5);
    assert!(claim(essor, Uuid::now_v7(), now).await.is_empty(), "it is leased");
    assert!(finish(essor, worker, &held).await);
    assert_eq!(jobs::pending(&essor.app.db, essor.home().workspace, now).await.unwrap(), 0);
    assert_eq!(claim(essor, worker, now + Duration::minutes(5)).await.len(), 1);
});

story!(a_new_reason_while_it_runs_runs_again, |essor| async {
    let now = essor.app.clock.now();
    enqueue(essor, "a", now).await;
    let worker = Uuid::now_v7();
    let held = claim(essor, worker, now).await;
    enqueue(essor, "a", now).await;
    assert!(finish(essor, worker, &held).await);
    assert_eq!(claim(essor, worker, now).await.len(), 1, "due once more");
});

story!(a_reason_that_comes_at_the_very_end_is_not_lost, |essor| async {
    let now = essor.app.clock.now();
    enqueue(essor, "a", now).await;
    let worker = Uuid::now_v7();
    let held = claim(essor, worker, now).await;
    // The new reason is written and not yet committed when the job ends.
    let reason = essor.app.db.begin().await.unwrap();
    jobs::enqueue(&reason, essor.home().workspace, HEALTH_SCORE, ["a".to_owned()], now).await.unwrap();
    let app = essor.app.clone();
    let ending = tokio::spawn(async move {
        let tx = app.db.begin().await.unwrap();
        assert!(jobs::finish(&tx, worker, &held).await.unwrap());
        tx.commit().await.unwrap();
    });
    // It cannot end before the reason is committed: on both engines it waits for that.
    let waited = tokio::time::timeout(std::time::Duration::from_millis(500), async {
        while !ending.is_finished() {
            tokio::task::yield_now().await
        }
    })
    .await;
    assert!(waited.is_err(), "the job ended beside an open reason");
    reason.commit().await.unwrap();
    ending.await.unwrap();
    assert_eq!(claim(essor, worker, now).await.len(), 1, "due once more");
});

story!(a_lost_lease_writes_nothing, |essor| async {
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 1_000)).await;
    essor.settle().await;
    essor.usage([track("m1", "ada", "Read").of("acme")]).await;
    let now = essor.app.clock.now();
    // A worker takes the job and sleeps for longer than its lease.
    let slow = Uuid::now_v7();
    let held = claim(essor, slow, now).await;
    assert_eq!(held.len(), 1);
    assert_eq!(essor.settle().await, 0, "others leave it alone");
    essor.clock.set(now + Duration::seconds(61));
    assert_eq!(essor.settle().await, 3, "others take it over, and look at what follows");
    let history = essor.of_client("acme", "/health").await["history"].clone();
    // It wakes up, scores, and finds that it is too late.
    let row = essor_app::identity::workspace_row(&essor.app.db, essor.home().workspace).await.unwrap();
    let (id, late): (Uuid, _) = (essor.client_id("acme").await.parse().unwrap(), essor.app.clock.now());
    let fresh = essor_app::health::assess_all(&essor.app.db, &row, &[id], late).await.unwrap();
    let tx = essor.app.db.begin().await.unwrap();
    essor_app::health::save(&tx, &row, &fresh, late).await.unwrap();
    assert!(!jobs::finish(&tx, slow, &held).await.unwrap());
    drop(tx);
    assert_eq!(essor.of_client("acme", "/health").await["history"], history);
    assert_eq!(essor.settle().await, 0);
});

story!(a_failing_job_is_given_back_and_starves_nobody, |essor| async {
    essor.post("/clients", client("acme").with("since", "2026-01-01")).await;
    essor.post("/subscriptions", subscription("s", "acme", "2026-01-01", 1_000)).await;
    essor.settle().await;
    // A workspace whose zone nobody can read makes its jobs fail.
    let broken = essor.place("Broken").await;
    let tx = essor.app.db.begin().await.unwrap();
    essor_store::identity::workspaces::set_timezone(&tx, broken.workspace, "Nowhere/Land").await.unwrap();
    jobs::enqueue(&tx, broken.workspace, HEALTH_SCORE, [Uuid::now_v7().to_string()], essor.app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    essor.usage([track("m1", "ada", "Read").of("acme")]).await;
    essor.settle().await;
    assert!(essor.of_client("acme", "").await["health"].is_i64(), "the others are done");
    let due = async || {
        let now = essor.app.clock.now();
        jobs::due(&essor.app.db, HEALTH_SCORE, now).await.unwrap().is_some()
    };
    assert!(!due().await, "it is tried again later");
    let now = essor.app.clock.now();
    essor.clock.set(now + Duration::seconds(3));
    assert!(due().await, "after two seconds");
    essor.settle().await;
    assert!(!due().await);
    let now = essor.app.clock.now();
    essor.clock.set(now + Duration::seconds(3));
    assert!(!due().await, "and then later and later");
    // Mended, it is done.
    let tx = essor.app.db.begin().await.unwrap();
    essor_store::identity::workspaces::set_timezone(&tx, broken.workspace, "Europe/Paris").await.unwrap();
    tx.commit().await.unwrap();
    essor.clock.set(now + Duration::hours(2));
    essor.settle().await;
    let now = essor.app.clock.now();
    assert_eq!(jobs::pending(&essor.app.db, broken.workspace, now).await.unwrap(), 0);
});

story!(a_fact_goes_before_the_stream_and_no_kind_starves, |essor| async {
    let now = essor.app.clock.now();
    let at = |seconds| now + Duration::seconds(seconds);
    for n in 0..30 {
        enqueue(essor, &format!("stream {n}"), at(-60 + n)).await;
    }
    // What waits already and becomes awaited moves forward; a later reason of the stream does not take it back.
    let tx = essor.app.db.begin().await.unwrap();
    let awaited = ["stream 29".to_owned(), "fact".to_owned()];
    let home = essor.home().workspace;
    jobs::enqueue_at(&tx, home, HEALTH_SCORE, awaited, now, Turn::First).await.unwrap();
    tx.commit().await.unwrap();
    enqueue(essor, "fact", now).await;
    assert_eq!(jobs::due(&essor.app.db, HEALTH_SCORE, now).await.unwrap().unwrap().0, Turn::First);

    let worker = Uuid::now_v7();
    let claim = async |turn, most| {
        let tx = essor.app.db.begin().await.unwrap();
        let held = jobs::claim(&tx, (HEALTH_SCORE, turn), worker, now, at(60), most).await.unwrap();
        tx.commit().await.unwrap();
        let mut keys: Vec<String> = held.into_iter().map(|job| job.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(claim(Turn::First, 100).await, ["fact", "stream 29"], "they are claimed alone");
    assert_eq!(jobs::due(&essor.app.db, HEALTH_SCORE, now).await.unwrap(), Some((Turn::Usual, at(-60))));
    assert_eq!(claim(Turn::Usual, 2).await, ["stream 0", "stream 1"], "then the longest due");

    // What looks at scores has waited for longer than the scores: it is done before them.
    let tx = essor.app.db.begin().await.unwrap();
    jobs::enqueue(&tx, home, OPPORTUNITIES_DETECT, [Uuid::now_v7().to_string()], at(-300)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(essor_app::jobs::work_once(&essor.app, worker).await.unwrap(), 1);
    assert!(jobs::due(&essor.app.db, OPPORTUNITIES_DETECT, now).await.unwrap().is_none());
});

story!(two_workers_share_the_work, |essor| async {
    let many: Vec<_> = (0..300).map(|n| serde_json::Value::from(client(&format!("c{n}")))).collect();
    essor.post("/clients", json!(many)).await;
    essor.usage((0..300).map(|n| track(&format!("m{n}"), "ada", "Read").of(&format!("c{n}")))).await;
    let (other, service) = essor.another().await;
    let now = essor.app.clock.now();
    essor.clock.set(now + Duration::seconds(1));
    let (one, two) = tokio::join!(essor_app::jobs::drain(&essor.app), essor_app::jobs::drain(&other));
    assert!(one.unwrap() + two.unwrap() >= 300);
    eventually("nothing waits", async || {
        essor.settle().await;
        let now = essor.app.clock.now();
        (jobs::pending(&essor.app.db, essor.home().workspace, now).await.unwrap() == 0).then_some(())
    })
    .await;
    let list = essor.all_clients(&essor.home().owner, "").await;
    assert_eq!(list.len(), 300);
    assert!(list.iter().all(|c| c["health"].is_i64()));
    service.stop().await;
});
