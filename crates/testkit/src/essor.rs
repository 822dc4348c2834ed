//! The whole service, its clock in the story's hands.

use crate::database::Database;
use crate::http::{Answer, Who, request};
use crate::live::Listener;
use crate::mailbox::Mailbox;
use chrono::{DateTime, Utc};
use essor_app::identity::{self, NewUser, WorkspaceNew};
use essor_app::{Actor, App, FixedClock};
use essor_domain::identity::Role;
use essor_server::boot::{self, Role as Serves, Service};
use essor_server::config::Config;
use essor_store::{Db, Engine, Workspace};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::Mutex;

/// When stories begin unless they say otherwise: a Wednesday afternoon in Paris.
const NOON: &str = "2026-06-17T12:00:00Z";

/// A running Essor with a database of its own.
pub struct Essor {
    /// Which engine it stands on.
    pub engine: Engine,
    /// Its operations, for what no request does.
    pub app: App,
    /// Its clock, which stands until moved.
    pub clock: Arc<FixedClock>,
    /// The first workspace; none in an empty Essor.
    pub home: Option<Place>,
    /// Its mail server, if it has one.
    pub mailbox: Option<Mailbox>,
    base: String,
    http: Client,
    config: Config,
    service: Mutex<Option<Service>>,
    database: Database,
}

/// A workspace with those who use it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The workspace.
    pub workspace: Workspace,
    /// Its owner, signed in.
    pub owner: Who,
    /// A source of usage.
    pub key: Who,
}

/// Tells a story on an engine; without a cluster a story on PostgreSQL is left out with a note.
pub fn run(engine: Engine, make: impl AsyncFnOnce(Database) -> Essor, story: impl AsyncFnOnce(&Essor)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let Some(database) = Database::fresh(engine).await else { return };
        let essor = make(database).await;
        story(&essor).await;
        essor.stop().await;
    });
}

impl Essor {
    /// An Essor with one workspace, in euros and on Paris time. Its jobs run when [`Essor::settle`] says so.
    pub async fn on(database: Database) -> Essor {
        let mut essor = Essor::start(database, Serves::Web, None).await;
        essor.home = Some(essor.place("Acme").await);
        essor
    }

    /// The same with a mail server.
    pub async fn mailing(database: Database) -> Essor {
        let mut essor = Essor::start(database, Serves::Web, Some(Mailbox::open().await)).await;
        essor.home = Some(essor.place("Acme").await);
        essor
    }

    /// An Essor in which nobody is yet.
    pub async fn empty(database: Database) -> Essor {
        Essor::start(database, Serves::Web, None).await
    }

    /// An Essor with one workspace whose own worker runs the jobs and closes the days.
    pub async fn working(database: Database) -> Essor {
        let mut essor = Essor::start(database, Serves::All, None).await;
        essor.home = Some(essor.place("Acme").await);
        essor
    }

    async fn start(database: Database, serves: Serves, mailbox: Option<Mailbox>) -> Essor {
        let engine = Engine::of(&database.url).expect("a URL of ours");
        let config = Config {
            data_dir: database.path().to_owned(),
            listen: "127.0.0.1:0".parse().expect("an address"),
            database_url: database.url.clone(),
            reader_url: None,
            connections: 6,
            public_url: "http://essor.test".into(),
            trusted_proxy: false,
            metrics_listen: None,
            secret_key: None,
            smtp_url: mailbox.as_ref().map(|mailbox| format!("smtp://{}", mailbox.address)),
            mail_from: "essor@essor.test".into(),
            log: "off".into(),
            log_json: false,
        };
        let clock = Arc::new(FixedClock::new(NOON.parse().expect("an instant")));
        let (app, service) = Essor::boot(&config, &clock, serves).await;
        let base = format!("http://{}", service.address);
        let http = Client::builder().no_proxy().build().expect("an HTTP client");
        let service = Mutex::new(Some(service));
        Essor { engine, app, clock, home: None, mailbox, base, http, config, service, database }
    }

    async fn boot(config: &Config, clock: &Arc<FixedClock>, serves: Serves) -> (App, Service) {
        let db = Db::open(&config.database_url, None, config.connections).await.expect("the database opens");
        essor_store::migrate(&db).await.expect("migrations run");
        let app = App::new(db, clock.clone(), &config.public_url);
        let app = boot::equip(app, config).expect("the settings hold");
        boot::forget_again(config, &app).await.expect("erasures are followed");
        let service = boot::start(config, app.clone(), serves).await.expect("the service starts");
        (app, service)
    }

    /// Ends the service and starts it again on the same database.
    pub async fn restart(&mut self) {
        if let Some(service) = self.service.lock().await.take() {
            service.stop().await;
        }
        let (app, service) = Essor::boot(&self.config, &self.clock, Serves::Web).await;
        self.base = format!("http://{}", service.address);
        self.app = app;
        *self.service.lock().await = Some(service);
    }

    /// A second service on the same database, as another process would be; stop it with [`Service::stop`].
    pub async fn another(&self) -> (App, Service) {
        Essor::boot(&self.config, &self.clock, Serves::Web).await
    }

    /// Ends the service in order.
    pub async fn stop(&self) {
        if let Some(service) = self.service.lock().await.take() {
            service.stop().await;
        }
    }

    /// The address it listens on.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The first workspace.
    pub fn home(&self) -> &Place {
        self.home.as_ref().expect("an Essor with a workspace")
    }

    /// The temporary folder of this Essor.
    pub fn folder(&self) -> &std::path::Path {
        self.database.path()
    }

    /// A new workspace with an owner and a write key.
    pub async fn place(&self, name: &str) -> Place {
        let workspace = identity::create_workspace(&self.app, WorkspaceNew::named(name)).await.expect("a workspace");
        let owner = self.person(workspace, &format!("owner@{}.example", name.to_lowercase()), Role::Owner).await;
        let key = identity::create_key(&self.app, &Actor::system(workspace), "test").await.expect("a write key");
        Place { workspace, owner, key: Who::Key(key.secret) }
    }

    /// A person with a role in a workspace, signed in by a link.
    pub async fn person(&self, workspace: Workspace, email: &str, role: Role) -> Who {
        let new = NewUser { email: email.into(), name: Some(email.into()), role, password: None };
        identity::create_user(&self.app, &Actor::system(workspace), new).await.expect("a person");
        let link = identity::sign_in_link_to(&self.app, email, workspace).await.expect("a link");
        let token = link.rsplit('/').next().unwrap_or_default();
        Who::Session(identity::accept_sign_in(&self.app, token).await.expect("a session"))
    }

    /// An API token of a workspace.
    pub async fn token(&self, workspace: Workspace, scopes: &[&str]) -> Who {
        let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
        let token = identity::create_token(&self.app, &Actor::system(workspace), "test", &scopes).await;
        Who::Token(token.expect("a token").secret)
    }

    /// A request to a path, under `/api/v1` unless the path is one of the other roots.
    pub fn request(&self, who: &Who, method: Method, path: &str) -> RequestBuilder {
        request(&self.http, &self.base, who, method, path)
    }

    /// Asks and reads the answer.
    pub async fn ask(&self, who: &Who, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(who, method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        Answer::to(request).await.expect("the service answers")
    }

    /// GET as the owner.
    pub async fn get(&self, path: &str) -> Value {
        self.ask(&self.home().owner, Method::GET, path, None).await.good()
    }

    /// POST as the owner.
    pub async fn post(&self, path: &str, body: impl Into<Value>) -> Value {
        self.try_post(path, body).await.good()
    }

    /// POST as the owner, whatever the answer is.
    pub async fn try_post(&self, path: &str, body: impl Into<Value>) -> Answer {
        self.ask(&self.home().owner, Method::POST, path, Some(&body.into())).await
    }

    /// PUT as the owner.
    pub async fn put(&self, path: &str, body: impl Into<Value>) -> Value {
        self.ask(&self.home().owner, Method::PUT, path, Some(&body.into())).await.good()
    }

    /// PATCH as the owner.
    pub async fn patch(&self, path: &str, body: impl Into<Value>) -> Value {
        self.ask(&self.home().owner, Method::PATCH, path, Some(&body.into())).await.good()
    }

    /// DELETE as the owner.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(&self.home().owner, Method::DELETE, path, None).await
    }

    /// Sends usage messages with the write key; the answer's counts.
    pub async fn usage(&self, messages: impl IntoIterator<Item = crate::Build>) -> Value {
        self.ask(&self.home().key, Method::POST, "/v1/batch", Some(&crate::batch(messages))).await.good()
    }

    /// Listens to changes as somebody, resuming after an id.
    pub async fn listen(&self, who: &Who, last: Option<&str>) -> Listener {
        let mut request = self.request(who, Method::GET, "/live");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Listener::new(request.send().await.expect("the live stream answers"))
    }

    /// Runs all jobs that are due, on this task: nothing is waited for by the clock. A second has passed since.
    pub async fn settle(&self) -> usize {
        self.clock.set(self.app.clock.now() + chrono::Duration::seconds(1));
        essor_app::jobs::drain(&self.app).await.expect("jobs run")
    }

    /// Moves the clock to an instant, `2026-06-17T12:00:00Z`.
    pub fn set_clock(&self, at: &str) {
        self.clock.set(at.parse::<DateTime<Utc>>().expect("an instant"));
    }

    /// The id of a client.
    pub async fn client_id(&self, external_id: &str) -> String {
        let found = essor_store::clients::ids(&self.app.db, self.home().workspace, &[external_id]).await;
        found.expect("clients are read").get(external_id).expect("the client exists").to_string()
    }

    /// A client's resource: `/clients/{id}` and what follows.
    pub async fn of_client(&self, external_id: &str, rest: &str) -> Value {
        self.get(&format!("/clients/{}{rest}", self.client_id(external_id).await)).await
    }

    /// Every client, in the order of the list, page by page.
    pub async fn all_clients(&self, who: &Who, query: &str) -> Vec<Value> {
        let (mut out, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/clients?status=all&limit=7&{query}&cursor={cursor}");
            let mut page = self.ask(who, Method::GET, &path, None).await.good();
            out.append(page["items"].as_array_mut().expect("items"));
            match page["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => return out,
            }
        }
    }

    /// Runs statements past the service, as somebody with the database in their hands would.
    pub async fn meddle(&self, sql: &str) {
        self.database.meddle(sql).await;
    }

    /// Where a text stands in the whole database: `table.column`.
    pub async fn search(&self, text: &str) -> Vec<String> {
        self.database.search(text).await
    }

    /// How many entries the audit log of a workspace has.
    pub async fn audited(&self, workspace: Workspace) -> i64 {
        let head = essor_store::audit::head(&self.app.db.primary(), workspace).await.expect("the audit log is read");
        head.map_or(0, |head| head.seq)
    }

    /// How many entries the audit logs of all workspaces have.
    pub async fn audited_all(&self) -> i64 {
        let rows = essor_store::identity::workspaces::list(&self.app.db.primary()).await.expect("workspaces are read");
        let mut sum = 0;
        for row in rows {
            sum += self.audited(Workspace(row.id)).await;
        }
        sum
    }

    /// The uses in the raw events and the sum of the rollups of a workspace.
    pub async fn reconcile(&self, workspace: Workspace) -> (i64, i64) {
        essor_store::usage::reconcile(&self.app.db, workspace).await.expect("usage is read")
    }

    /// Everything that pages show of a workspace, without ids: what two engines or two imports are compared by.
    pub async fn figures(&self, who: &Who) -> Value {
        let get = async |path: &str| self.ask(who, Method::GET, path, None).await.good();
        let clients = self.all_clients(who, "sort=-mrr").await;
        let names: std::collections::HashMap<String, String> =
            clients.iter().map(|c| (text(&c["id"]), text(&c["externalId"]))).collect();
        let mut each = Vec::new();
        for client in &clients {
            let id = text(&client["id"]);
            let mut parts = serde_json::Map::new();
            for part in
                ["", "/health?days=730", "/usage?days=730", "/subscriptions", "/movements", "/contacts", "/tickets"]
            {
                parts.insert(part.to_owned(), get(&format!("/clients/{id}{part}")).await);
            }
            // A client's version is drawn from all of its row, the id of its parent too.
            parts[""].as_object_mut().expect("a client").remove("version").expect("its version");
            let mut journey = get(&format!("/clients/{id}/journey")).await;
            // What to do next stands beside what is equally urgent in the order of ids.
            journey.as_object_mut().expect("a journey").remove("nextActions");
            parts.insert("/journey".to_owned(), journey);
            each.push(Value::Object(parts));
        }
        let mut out = serde_json::json!({
            "summary": get("/growth/summary").await,
            "history": get("/growth/history?months=24").await,
            "metrics": get("/growth/metrics").await,
            "movements": get("/growth/movements/clients?limit=200").await,
            "facets": get("/clients/facets").await,
            "forecast": get("/forecast?horizon=12&split=segment").await,
            "products": get("/forecast?horizon=3&split=product").await,
            "cohorts": get("/growth/cohorts?periods=24").await,
            "objectives": get("/growth/objectives").await,
            "spend": get("/growth/spend").await,
            "board": get("/journey/board").await,
            "funnel": get("/journey/funnel?months=60").await,
            "times": get("/journey/times").await,
            "byName": self.all_clients(who, "sort=name").await.iter().map(|c| text(&c["externalId"])).collect::<Vec<_>>(),
            "byHealth": self.all_clients(who, "sort=health").await.iter().map(|c| text(&c["externalId"])).collect::<Vec<_>>(),
            "list": clients,
            "clients": each,
        });
        without_ids(&mut out, &names);
        out
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Ids are drawn anew in each database: those of clients become their external ids, the others go.
fn without_ids(value: &mut Value, names: &std::collections::HashMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for id in ["id", "templateId", "taskId"] {
                fields.remove(id);
            }
            for client in ["clientId", "parentId"] {
                if let Some(id) = fields.get_mut(client) {
                    *id = names.get(&text(id)).cloned().into();
                }
            }
            // Rows of one day stand in the order of their ids.
            if let Some(Value::Array(items)) = fields.get_mut("items")
                && items.first().is_some_and(|item| item.get("clientId").is_some())
            {
                items.iter_mut().for_each(|item| without_ids(item, names));
                items.sort_by_key(ToString::to_string);
                return;
            }
            fields.values_mut().for_each(|item| without_ids(item, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_ids(item, names)),
        _ => {}
    }
}
