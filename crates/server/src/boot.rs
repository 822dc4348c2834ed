//! Start-up: database, migrations, jobs, live pages, HTTP; and an orderly end.

use crate::config::Config;
use crate::http::{self, AppState};
use anyhow::{Context, Result};
use essor_app::identity::Limits;
use essor_app::live::Live;
use essor_app::mail::Mailer;
use essor_app::surveys::Throttle;
use essor_app::usage::Ingestor;
use essor_app::{App, SystemClock};
use essor_store::{Db, Engine};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// HTTP and jobs: the usual single process.
    All,
    /// HTTP only.
    Web,
    /// Jobs only.
    Worker,
}

/// Opens the database and brings its schema up to date. On SQLite a copy is made before an existing schema changes.
pub async fn open(config: &Config) -> Result<App> {
    let db = Db::open(&config.database_url, config.reader_url.as_deref(), config.connections).await?;
    if db.engine() == Engine::Sqlite {
        backup_before_migration(config, &db).await?;
    }
    essor_store::migrate(&db).await?;
    let app = equip(App::new(db, Arc::new(SystemClock), &config.public_url), config)?;
    forget_again(config, &app).await?;
    Ok(app)
}

/// Forgets again whom a restored database brought back.
pub async fn forget_again(config: &Config, app: &App) -> Result<()> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the data directory {} cannot be made; set ESSOR_DATA_DIR", config.data_dir.display())
    })?;
    let again = essor_app::clients::apply_erasures(app).await.context("the record of erasures cannot be followed")?;
    if again > 0 {
        tracing::info!(
            feature = "boot",
            erasures = again,
            "this database was restored: what had been erased is erased again"
        );
    }
    Ok(())
}

/// Gives an application what the settings say of it: its directory, its secret, and its server for e-mail.
pub fn equip(app: App, config: &Config) -> Result<App> {
    let host = config.public_url.split("://").nth(1).and_then(|rest| rest.split([':', '/']).next());
    let mailer = match &config.smtp_url {
        Some(url) => Some(Mailer::of(url, &config.mail_from, host.unwrap_or("localhost")).map_err(anyhow::Error::msg)?),
        None => None,
    };
    Ok(app.in_dir(&config.data_dir).with_secret(&config.secret()?).with_mailer(mailer))
}

async fn backup_before_migration(config: &Config, db: &Db) -> Result<()> {
    let Some(path) = config.database_url.strip_prefix("sqlite://").map(PathBuf::from) else { return Ok(()) };
    let holds_data = std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    // An error here only says that the table of versions is not there: a new database.
    if !holds_data || essor_store::is_current(db).await.unwrap_or(true) {
        return Ok(());
    }
    let copy = path.with_extension(format!("before-{}.db", essor_store::SCHEMA_VERSION));
    essor_store::backup(db, &copy).await.with_context(|| format!("no copy could be made at {}", copy.display()))?;
    tracing::info!(feature = "boot", copy = %copy.display(), "copied the database before its schema changes");
    Ok(())
}

/// A running service.
pub struct Service {
    /// Where it listens: the port is real even when 0 was asked for.
    pub address: SocketAddr,
    /// The operations.
    pub app: App,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// Starts serving; returns once requests are answered.
pub async fn start(config: &Config, mut app: App, role: Role) -> Result<Service> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = Vec::new();
    let listener =
        match role {
            Role::Worker => None,
            Role::All | Role::Web => Some(TcpListener::bind(config.listen).await.with_context(|| {
                format!("{} cannot be listened on; set ESSOR_LISTEN to a free address", config.listen)
            })?),
        };
    let address = listener.as_ref().map_or(Ok(config.listen), TcpListener::local_addr)?;
    // Port 0 asks for any free port: links must name the one that was given.
    if config.public_url == format!("http://{}", config.listen) {
        app.public_url = format!("http://{address}").into();
    }
    if role != Role::Web {
        tasks.push(tokio::spawn(essor_app::jobs::run(app.clone(), stopped.clone())));
        tasks.push(tokio::spawn(essor_app::jobs::run_outward(app.clone(), stopped.clone())));
    }
    if let Some(listener) = listener {
        let live = Live::default();
        let place = essor_app::live::place(&app).await?;
        tasks.push(tokio::spawn(live.clone().run(app.clone(), place, stopped.clone())));
        let state = Arc::new(AppState {
            ingestor: Ingestor::start(app.clone()),
            live,
            limits: Limits::default(),
            answers: Throttle::default(),
            shared: Default::default(),
            secure_cookies: config.public_url.starts_with("https://"),
            trusted_proxy: config.trusted_proxy,
            stop: stopped.clone(),
            app: app.clone(),
        });
        if let Some(metrics) = config.metrics_listen {
            let listener = TcpListener::bind(metrics).await.with_context(|| {
                format!("{metrics} cannot be listened on; set ESSOR_METRICS_LISTEN to a free address")
            })?;
            tasks.push(serve(listener, http::metrics_routes().with_state(state.clone()), stopped.clone()));
        }
        tasks.push(serve(listener, http::router(state), stopped.clone()));
    }
    Ok(Service { address, app, stop, tasks })
}

fn serve(
    listener: TcpListener,
    router: axum::Router,
    mut stopped: watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let ended = async move {
            // A sender that is gone means the same as a stop.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(ended).await {
            tracing::error!(feature = "http", %error, "the listener ended");
        }
    })
}

impl Service {
    /// Ends in order: no new requests, what is under way is answered, jobs finish their batch.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let all = async {
            for task in self.tasks {
                let _ = task.await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(20), all).await.is_err() {
            tracing::warn!(feature = "boot", "ended with requests still open after 20 seconds");
        }
        self.app.db.close().await;
    }
}

/// Resolves when the process is told to end.
pub async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
