//! Faults that only a process can have, on the real binary: killed under load, a full disk, a database that goes away,
//! bodies that no honest sender sends.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use essor_app::identity::Workspace;
use essor_store::{Db, Engine};
use essor_testkit::{Answer, Cluster, DEADLINE, Database, Process, batch, eventually, track};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}

/// Whether the full fault list was asked for.
fn long() -> bool {
    std::env::var("ESSOR_TEST_LONG").is_ok_and(|long| long == "1")
}

fn http() -> Client {
    Client::builder().no_proxy().timeout(DEADLINE).pool_max_idle_per_host(0).build().unwrap()
}

/// Sources that send batches one after the other and repeat each until it is acknowledged, as the SDKs do.
struct Senders {
    tasks: Vec<tokio::task::JoinHandle<HashSet<String>>>,
    acknowledged: Arc<AtomicUsize>,
    base: Arc<Mutex<String>>,
    stop: Arc<AtomicBool>,
    /// The refusals seen, by status and code.
    refusals: Arc<Mutex<BTreeMap<(u16, String), usize>>>,
}

const SENDERS: usize = 4;
const CLIENTS: usize = 5;

impl Senders {
    fn start(base: &str, key: &str) -> Senders {
        let (base, stop) = (Arc::new(Mutex::new(base.to_owned())), Arc::new(AtomicBool::new(false)));
        let (acknowledged, refusals) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(BTreeMap::new())));
        let tasks = (0..SENDERS)
            .map(|sender| {
                let (base, stop, key) = (base.clone(), stop.clone(), key.to_owned());
                let (acknowledged, refusals) = (acknowledged.clone(), refusals.clone());
                tokio::spawn(async move {
                    let (http, mut sent) = (http(), HashSet::new());
                    for number in 0.. {
                        if stop.load(Ordering::SeqCst) {
                            break;
                        }
                        // The event's name is its message's id: each has a rollup of its own to be counted by.
                        let names: Vec<String> = (0..10).map(|i| format!("{sender}-{number}-{i}")).collect();
                        let body = batch(names.iter().enumerate().map(|(i, name)| {
                            track(name, &format!("u{i}"), name).of(&format!("client {}", (sender + i) % CLIENTS))
                        }));
                        loop {
                            let url = format!("{}/v1/batch", base.lock().unwrap());
                            match Answer::to(http.post(url).basic_auth(&key, Some("")).json(&body)).await {
                                Ok(answer) if answer.status == 200 && answer.json["success"] == true => break,
                                Ok(answer) => {
                                    let seen = (answer.status.as_u16(), answer.code().to_owned());
                                    *refusals.lock().unwrap().entry(seen).or_default() += 1;
                                }
                                Err(_) => {}
                            }
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                        sent.extend(names);
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                    }
                    sent
                })
            })
            .collect();
        Senders { tasks, acknowledged, base, stop, refusals }
    }

    /// Waits until some more batches are acknowledged.
    async fn more(&self, batches: usize) {
        let goal = self.acknowledged.load(Ordering::SeqCst) + batches;
        eventually("batches are acknowledged", async || {
            (self.acknowledged.load(Ordering::SeqCst) >= goal).then_some(())
        })
        .await;
    }

    async fn refused(&self, status: u16, code: &str) {
        let seen = || self.refusals.lock().unwrap().contains_key(&(status, code.to_owned()));
        eventually(&format!("senders are told {status} {code}"), async || seen().then_some(())).await;
    }

    /// Every message that was acknowledged; each sender finishes the batch it is at.
    async fn finish(self) -> HashSet<String> {
        self.stop.store(true, Ordering::SeqCst);
        let mut all = HashSet::new();
        for task in self.tasks {
            all.extend(task.await.unwrap());
        }
        all
    }
}

/// What is stored, by reading the database: every message acknowledged is there once, and nothing else.
async fn each_is_there_once(url: &str, acknowledged: &HashSet<String>) {
    let db = Db::open(url, None, 2).await.unwrap();
    let workspace = only_workspace(&db).await;
    let mut stored = HashSet::new();
    for n in 0..CLIENTS {
        let name = format!("client {n}");
        let ids = essor_store::clients::ids(&db, workspace, &[name.as_str()]).await.unwrap();
        for (_, event, count) in essor_store::usage::rollups(&db, workspace, ids[&name]).await.unwrap() {
            assert_eq!(count, 1, "{event} counts {count} times");
            assert!(stored.insert(event), "an event of two clients");
        }
    }
    let lost: Vec<_> = acknowledged.difference(&stored).take(5).collect();
    assert!(lost.is_empty(), "acknowledged and not there: {lost:?}");
    assert_eq!(stored.len(), acknowledged.len(), "what was repeated until acknowledged is all there is");
    let expected = acknowledged.len() as i64;
    assert_eq!(essor_store::usage::reconcile(&db, workspace).await.unwrap(), (expected, expected));
    db.close().await;
}

async fn only_workspace(db: &Db) -> Workspace {
    let all = essor_store::identity::workspaces::list(db).await.unwrap();
    assert_eq!(all.len(), 1);
    Workspace(all[0].id)
}

fn key(database: &Database) -> String {
    Process::command(database.path(), &database.url, &["key", "create"])
}

fn kills(engine: Engine) {
    block_on(async {
        let Some(database) = Database::fresh(engine).await else { return };
        let key = key(&database);
        let times = if long() { 100 } else { 10 };
        let mut process = Process::serve(database.path(), &database.url);
        let senders = Senders::start(&process.base, &key);
        for n in 0..times {
            // At another moment each time, always with requests under way.
            senders.more(3 + (n * 7) % 11).await;
            process.kill();
            process = Process::serve(database.path(), &database.url);
            senders.base.lock().unwrap().clone_from(&process.base);
        }
        senders.more(5).await;
        let acknowledged = senders.finish().await;
        assert!(acknowledged.len() >= times * 30, "{} messages", acknowledged.len());
        process.kill();
        each_is_there_once(&database.url, &acknowledged).await;
    });
}

#[test]
fn killed_under_load_it_keeps_what_it_acknowledged_on_sqlite() {
    kills(Engine::Sqlite);
}

#[test]
fn killed_under_load_it_keeps_what_it_acknowledged_on_postgres() {
    kills(Engine::Postgres);
}

#[test]
fn a_full_disk_is_said_and_mended() {
    block_on(async {
        let database = Database::fresh(Engine::Sqlite).await.unwrap();
        let key = key(&database);
        let token = Process::command(database.path(), &database.url, &["token", "create", "--scopes", "read,write"]);
        let process = Process::serve_on_small_disk(database.path(), &database.url, 1_500);
        let senders = Senders::start(&process.base, &key);
        senders.refused(503, "storage_unavailable").await;
        let told = senders.acknowledged.load(Ordering::SeqCst);
        assert!(told > 0, "there was room at first");
        // The API says it too, with when to come back, and saves nothing of what it refuses.
        let (http, many) = (http(), |from: usize| {
            let items: Vec<Value> = (from..from + 400)
                .map(|n| json!({"externalId": format!("refused {n}"), "name": "x".repeat(400)}))
                .collect();
            json!(items)
        });
        // The log is emptied into the database now and then, which makes room; in the end there is none anywhere.
        let mut from = 0;
        let refused = eventually("a write of the API is refused", async || {
            from += 400;
            let request = http.post(format!("{}/api/v1/clients", process.base)).bearer_auth(&token).json(&many(from));
            let answer = Answer::to(request).await.unwrap();
            (answer.status == 503).then_some(answer)
        })
        .await;
        assert_eq!(refused.headers["retry-after"], "5");
        refused.refused(503, "storage_unavailable");
        let get = async |path: &str| {
            Answer::to(http.get(format!("{}{path}", process.base)).bearer_auth(&token)).await.unwrap()
        };
        get("/api/v1/growth/summary").await.good();
        assert_eq!(get("/livez").await.status, 200, "it is alive and reads");

        process.mend();
        senders.more(20).await;
        let acknowledged = senders.finish().await;
        let request = http.post(format!("{}/api/v1/clients", process.base)).bearer_auth(&token).json(&many(1_000_000));
        Answer::to(request).await.unwrap().good();
        assert_eq!(get("/readyz").await.status, 200);
        let list = get("/api/v1/clients?q=refused%20&limit=1").await.good();
        let total = list["total"].as_i64().unwrap();
        assert_eq!(total % 400, 0, "all of a list or nothing: {total}");
        drop(process);
        each_is_there_once(&database.url, &acknowledged).await;
    });
}

#[test]
fn postgres_stopped_under_load_loses_nothing() {
    block_on(async {
        let Some(cluster) = tokio::task::spawn_blocking(Cluster::start).await.unwrap() else { return };
        let mut database = Database::of_cluster(&cluster.url).await;
        database.keep();
        let key = key(&database);
        let token = Process::command(database.path(), &database.url, &["token", "create"]);
        let process = Process::serve(database.path(), &database.url);
        let senders = Senders::start(&process.base, &key);
        let http = http();
        let get = async |path: &str| {
            Answer::to(http.get(format!("{}{path}", process.base)).bearer_auth(&token)).await.unwrap()
        };
        for _ in 0..if long() { 5 } else { 1 } {
            senders.more(20).await;
            cluster.stop();
            senders.refusals.lock().unwrap().clear();
            senders.refused(503, "storage_unavailable").await;
            assert_eq!(get("/livez").await.status, 200);
            assert_eq!(get("/readyz").await.status, 503);
            get("/api/v1/growth/summary").await.refused(503, "storage_unavailable");
            cluster.resume();
            eventually("it is ready by itself", async || (get("/readyz").await.status == 200).then_some(())).await;
        }
        senders.more(20).await;
        let refusals = senders.refusals.clone();
        let acknowledged = senders.finish().await;
        let strange: Vec<_> = refusals.lock().unwrap().keys().filter(|(status, _)| *status != 503).cloned().collect();
        assert!(strange.is_empty(), "only 'later' was said: {strange:?}");
        get("/api/v1/growth/summary").await.good();
        drop(process);
        each_is_there_once(&database.url, &acknowledged).await;
    });
}

/// A file large enough that its import can be stopped on the way.
fn many_clients(rows: usize) -> String {
    let lines = (0..rows).map(|n| format!("C{n},Client {n},{},2024-03-{:02}\n", 1 + n % 90, 1 + n % 28));
    std::iter::once("externalId,name,seats,since\n".to_owned()).chain(lines).collect()
}

fn import_killed(engine: Engine) {
    const ROWS: usize = 8_000;
    block_on(async {
        let Some(database) = Database::fresh(engine).await else { return };
        let token = Process::command(database.path(), &database.url, &["token", "create", "--scopes", "read,write"]);
        let mut process = Process::serve(database.path(), &database.url);
        let http = http();
        let post = async |process: &Process, path: &str, body: Vec<u8>| {
            let request = http.post(format!("{}/api/v1{path}", process.base)).bearer_auth(&token);
            Answer::to(request.header("content-type", "application/json").body(body)).await.unwrap().good()
        };
        let get = async |process: &Process, path: &str| {
            let request = http.get(format!("{}/api/v1{path}", process.base)).bearer_auth(&token);
            Answer::to(request).await.unwrap().good()
        };
        let import = post(&process, "/imports?name=clients.csv", many_clients(ROWS).into_bytes()).await;
        let path = format!("/imports/{}", import["id"].as_str().unwrap());
        let plan = serde_json::to_vec(&json!({"plan": import["plan"]})).unwrap();
        post(&process, &format!("{path}/run"), plan).await;
        let mut before = 0;
        for _ in 0..if long() { 5 } else { 1 } {
            // Another part of the file is done, and more is under way. A job that was being worked on when its worker died
            // is due again once its lease is over.
            let end = Instant::now() + Duration::from_secs(180);
            before = loop {
                let standing = get(&process, &path).await;
                let done = standing["done"].as_i64().unwrap();
                if done > before {
                    break done;
                }
                assert!(Instant::now() < end, "the import goes on: {standing}");
                tokio::time::sleep(Duration::from_millis(5)).await;
            };
            process.kill();
            process = Process::serve(database.path(), &database.url);
            // It says where it stands: as many rows as were committed, each of them there.
            let standing = get(&process, &path).await;
            let done = standing["done"].as_i64().unwrap();
            assert_eq!((&standing["state"], &standing["created"]), (&json!("running"), &json!(done)), "{standing}");
            assert!(done >= before && (done as usize) < ROWS, "stopped on the way: {standing}");
            assert_eq!(get(&process, "/clients?status=all&limit=1").await["total"], done);
            before = done;
        }
        let end = Instant::now() + Duration::from_secs(300);
        let over = loop {
            let standing = get(&process, &path).await;
            if standing["state"] != "running" {
                break standing;
            }
            assert!(Instant::now() < end, "the import comes to its end: {standing}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        // A row that was taken twice would have found its client there.
        let counts = ["state", "done", "created", "changed", "unchanged", "refused"].map(|key| over[key].clone());
        assert_eq!(counts, [json!("done"), json!(ROWS), json!(ROWS), json!(0), json!(0), json!(0)], "{over}");
        assert_eq!(get(&process, "/clients?status=all&limit=1").await["total"], ROWS);
    });
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_stood_on_sqlite() {
    import_killed(Engine::Sqlite);
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_stood_on_postgres() {
    import_killed(Engine::Postgres);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn no_body_brings_it_down() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        block_on(async {
            let Some(database) = Database::fresh(engine).await else { return };
            let key = key(&database);
            let token =
                Process::command(database.path(), &database.url, &["token", "create", "--scopes", "read,write"]);
            let process = Process::serve(database.path(), &database.url);
            let http = http();
            let send = async |path: &str, headers: &[(&str, &str)], body: Vec<u8>| {
                let request = http.post(format!("{}{path}", process.base));
                let request = if path.starts_with("/v1") {
                    request.basic_auth(&key, Some(""))
                } else {
                    request.bearer_auth(&token)
                };
                let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                Answer::to(request.body(body)).await.unwrap()
            };
            const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
            const ZIPPED: &[(&str, &str)] = &[("content-encoding", "gzip")];
            let good = || serde_json::to_vec(&batch([track("good", "ada", "Read").of("acme")])).unwrap();

            // Not JSON, of any kind.
            for body in [&b""[..], b"{", b"[]", b"null", b"{\"batch\":3}", b"{\"batch\":[", b"\xff\xfe\x00", b"a=b&c=d"]
            {
                send("/v1/batch", JSON, body.to_vec()).await.refused(400, "usage_invalid_json");
            }
            let latin =
                b"{\"batch\":[{\"type\":\"track\",\"messageId\":\"l\",\"userId\":\"Ren\xe9\",\"event\":\"e\"}]}"
                    .to_vec();
            send("/v1/batch", JSON, latin.clone()).await.refused(400, "usage_invalid_json");
            let deep = [b"{\"batch\":[".to_vec(), vec![b'['; 100_000]].concat();
            send("/v1/batch", JSON, deep).await.refused(400, "usage_invalid_json");
            // Too large on the wire, and once unzipped.
            let huge = vec![b' '; 1024 * 1024 + 1];
            assert_eq!(send("/v1/batch", JSON, huge.clone()).await.refused(413, "too_large")["max"], 1024 * 1024);
            assert_eq!(send("/api/v1/clients", JSON, huge).await.status, 413);
            let bomb = gzip(&vec![b' '; 200 * 1024 * 1024]);
            assert!(bomb.len() < 1024 * 1024);
            let started = Instant::now();
            assert_eq!(send("/v1/batch", ZIPPED, bomb).await.refused(413, "too_large")["max"], 8 * 1024 * 1024);
            assert!(started.elapsed() < Duration::from_secs(10), "it is not unzipped to its end");
            send("/v1/batch", ZIPPED, good()).await.refused(400, "usage_gzip_invalid");
            let cut = gzip(&good());
            send("/v1/batch", ZIPPED, cut[..cut.len() / 2].to_vec()).await.refused(400, "usage_gzip_invalid");
            send("/v1/batch", &[("content-encoding", "br")], good()).await.refused(400, "bad_request");
            // What is good counts whatever its content type says: SDKs differ.
            for (n, kind) in
                ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "x"]
                    .iter()
                    .enumerate()
            {
                let body = batch([track(&format!("t{n}"), "ada", "Read").of("acme")]);
                let answer = send("/v1/batch", &[("content-type", kind)], serde_json::to_vec(&body).unwrap()).await;
                assert_eq!(answer.good()["accepted"], 1, "{kind}");
            }
            assert_eq!(send("/v1/batch", ZIPPED, gzip(&good())).await.good()["accepted"], 1);
            // Mistyped items are set aside, each alone.
            let odd = json!({"batch": [1, null, "x", [], {}, {"type": 7}, {"messageId": {}, "type": "track"},
                {"type": "track", "messageId": "n\u{0}ul", "userId": "u", "event": "e"},
                {"type": "track", "messageId": "x", "userId": true, "event": "e"},
                {"type": "track", "messageId": "y", "userId": "u", "event": "e", "properties": 5},
                {"type": "track", "messageId": "z", "userId": "u", "event": "e", "context": {"groupId": []}},
                {"type": "track", "messageId": "w", "userId": "u", "event": "e", "timestamp": 1e300}]});
            let answer = send("/v1/batch", JSON, serde_json::to_vec(&odd).unwrap()).await.good();
            assert_eq!((&answer["accepted"], &answer["quarantined"]), (&json!(0), &json!(12)));
            // Texts that databases dislike are stored or refused, never a fault.
            let texts =
                ["é", "日本", "🦀", "'; DROP TABLE clients; --", "%_\\", "\u{202e}", "\u{1}", "a\u{0}b", "\\u0000"];
            for (n, text) in texts.iter().enumerate() {
                let event = track(&format!("s{n}"), text, text)
                    .of(text)
                    .with("properties", json!({"text": text, "deep": {text.to_owned(): text}}));
                let answer = send("/v1/batch", JSON, serde_json::to_vec(&batch([event])).unwrap()).await;
                assert_eq!(answer.status, 200, "{text:?}: {}", answer.text);
                for body in [
                    json!({"externalId": format!("c{n}"), "name": text, "traits": {"text": text}}),
                    json!({"externalId": text, "name": "n", "segment": text, "owner": text}),
                ] {
                    let answer = send("/api/v1/clients", JSON, serde_json::to_vec(&body).unwrap()).await;
                    assert!([200, 422].contains(&answer.status.as_u16()), "{text:?}: {}", answer.text);
                }
                let signal = json!({"kind": "survey", "messageId": text, "clientExternalId": "acme",
                    "occurredAt": "2026-01-01T00:00:00Z", "data": {"survey": "nps", "score": 9, "comment": text}});
                let answer = send("/api/v1/signals", JSON, serde_json::to_vec(&signal).unwrap()).await;
                assert!([200, 422].contains(&answer.status.as_u16()), "{text:?}: {}", answer.text);
                let contact = json!({"externalId": format!("p{n}"), "email": text, "traits": {text.to_owned(): text}});
                let answer = send("/api/v1/contacts", JSON, serde_json::to_vec(&contact).unwrap()).await;
                assert!([200, 422].contains(&answer.status.as_u16()), "{text:?}: {}", answer.text);
                let traits = json!({"batch": [{"type": "identify", "messageId": format!("i{n}"), "userId": format!("q{n}"), "traits": {"name": text, text.to_owned(): text}},
                    {"type": "group", "messageId": format!("g{n}"), "userId": "u", "groupId": format!("h{n}"), "traits": {"name": text, text.to_owned(): {"x": text}}}]});
                let answer = send("/v1/batch", JSON, serde_json::to_vec(&traits).unwrap()).await;
                assert_eq!(answer.status, 200, "{text:?}: {}", answer.text);
            }
            // The API's own bodies name the place.
            for body in [&b"{"[..], b"", b"\xff", b"3", b"\"text\"", b"{\"externalId\":3}", b"{\"nope\":1}"] {
                send("/api/v1/clients", JSON, body.to_vec()).await.refused(400, "bad_request");
            }
            send("/api/v1/clients", JSON, latin).await.refused(400, "bad_request");
            let numbers = json!({"externalId": "s", "clientExternalId": "acme", "product": "p", "startDate": "2026-01-01", "amountCents": 9_223_372_036_854_775_807_i64, "quantity": 10_000_000});
            send("/api/v1/subscriptions", JSON, serde_json::to_vec(&numbers).unwrap())
                .await
                .refused(422, "growth_amount_too_large");
            for day in ["2026-02-30", "0000-00-00", "99999-01-01", "-2026-01-01"] {
                let body = json!({"externalId": "s", "clientExternalId": "acme", "product": "p", "startDate": day, "amountCents": 1});
                let answer = send("/api/v1/subscriptions", JSON, serde_json::to_vec(&body).unwrap()).await;
                assert!([400, 422].contains(&answer.status.as_u16()), "{day}: {} {}", answer.status, answer.text);
            }
            for query in [
                "limit=-1",
                "limit=x",
                "cursor=zzz",
                "cursor=%00",
                "asOf=2026-13-01",
                "asOf=9999-12-31",
                "asOf=-262143-01-01",
                "asOf=0001-01-01",
                "sort=nope",
                "q=%00",
                "q='%25",
            ] {
                let path = format!("{}/api/v1/clients?{query}", process.base);
                let answer = Answer::to(http.get(path).bearer_auth(&token)).await.unwrap();
                assert!(answer.status.as_u16() < 500, "{query}: {} {}", answer.status, answer.text);
                let path = format!("{}/api/v1/growth/summary?{query}", process.base);
                let answer = Answer::to(http.get(path).bearer_auth(&token)).await.unwrap();
                assert!(answer.status.as_u16() < 500, "summary {query}: {} {}", answer.status, answer.text);
            }
            // An unknown key, a known one spelt wrong, and none at all.
            for wrong in ["", "essor_key_unknown", "ESSOR", "\u{e9}"] {
                let request = http.post(format!("{}/v1/batch", process.base)).basic_auth(wrong, Some("")).body(good());
                Answer::to(request).await.unwrap().refused(401, "usage_key_invalid");
            }
            let request = http.post(format!("{}/v1/batch", process.base)).body(good());
            Answer::to(request).await.unwrap().refused(401, "usage_key_invalid");
            // It is well, and what was good is there.
            let ready = Answer::to(http.get(format!("{}/readyz", process.base))).await.unwrap();
            assert_eq!(ready.status, 200, "{}", ready.text);
            let db = Db::open(&database.url, None, 2).await.unwrap();
            let (events, rollups) = essor_store::usage::reconcile(&db, only_workspace(&db).await).await.unwrap();
            assert_eq!(events, rollups);
            assert!(events >= 5);
            db.close().await;
        });
    }
}
