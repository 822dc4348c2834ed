//! Configuration: `ESSOR_*` variables (or `ESSOR_*_FILE` for secrets), then `essor.toml` in the data directory.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// One setting: its variable, its default, what it means. The documentation prints this table.
pub struct Setting {
    /// The environment variable; the key of `essor.toml` is the same without `ESSOR_`, in lower case.
    pub variable: &'static str,
    /// What holds when nothing is set.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        variable: "ESSOR_DATA_DIR",
        default: "./essor-data",
        meaning: "Where the database and generated files live.",
    },
    Setting {
        variable: "ESSOR_LISTEN",
        default: "127.0.0.1:7420",
        meaning: "Address and port of the interface and the API.",
    },
    Setting {
        variable: "ESSOR_DATABASE_URL",
        default: "sqlite://<data dir>/essor.db",
        meaning: "sqlite://… or postgres://…",
    },
    Setting { variable: "ESSOR_DATABASE_READER_URL", default: "", meaning: "A PostgreSQL replica for reads." },
    Setting {
        variable: "ESSOR_DATABASE_CONNECTIONS",
        default: "8",
        meaning: "Most database connections of a process (SQLite: readers).",
    },
    Setting {
        variable: "ESSOR_PUBLIC_URL",
        default: "http://<listen>",
        meaning: "The address under which people reach it; https makes cookies secure.",
    },
    Setting {
        variable: "ESSOR_TRUSTED_PROXY",
        default: "false",
        meaning: "Whether X-Forwarded-For is believed: set it only behind a proxy that writes it.",
    },
    Setting {
        variable: "ESSOR_METRICS_LISTEN",
        default: "",
        meaning: "A separate address for /metrics; without it, /metrics wants an API token.",
    },
    Setting {
        variable: "ESSOR_SECRET_KEY",
        default: "<data dir>/secret.key",
        meaning: "What survey links are made from: 32 characters or more, the same for all processes; generated when unset, and never part of a backup.",
    },
    Setting {
        variable: "ESSOR_SMTP_URL",
        default: "",
        meaning: "The mail server: smtps://user:password@host, or smtp://…:587?tls=required; without it surveys are handed over as links.",
    },
    Setting {
        variable: "ESSOR_MAIL_FROM",
        default: "essor@<host of the public URL>",
        meaning: "The sender's address; its name is the workspace's.",
    },
    Setting { variable: "ESSOR_LOG", default: "info", meaning: "Log filter, for example info,essor_app=debug." },
    Setting { variable: "ESSOR_LOG_FORMAT", default: "text", meaning: "text or json." },
];

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database and generated files live.
    pub data_dir: PathBuf,
    /// Address and port of the interface and the API.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: String,
    /// A replica for reads.
    pub reader_url: Option<String>,
    /// Most connections.
    pub connections: u32,
    /// The address under which people reach it.
    pub public_url: String,
    /// Whether a proxy in front is believed.
    pub trusted_proxy: bool,
    /// A separate address for metrics.
    pub metrics_listen: Option<SocketAddr>,
    /// What links are made from; a file of the data directory when unset.
    pub secret_key: Option<String>,
    /// The mail server.
    pub smtp_url: Option<String>,
    /// The sender's address.
    pub mail_from: String,
    /// Log filter.
    pub log: String,
    /// JSON logs.
    pub log_json: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: Option<String>,
    database_url: Option<String>,
    database_reader_url: Option<String>,
    database_connections: Option<u32>,
    public_url: Option<String>,
    trusted_proxy: Option<bool>,
    metrics_listen: Option<String>,
    secret_key: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    log: Option<String>,
    log_format: Option<String>,
}

/// A variable, or the content of the file that `<variable>_FILE` names.
fn variable(name: &str) -> Result<Option<String>> {
    if let Ok(value) = std::env::var(name)
        && !value.trim().is_empty()
    {
        return Ok(Some(value.trim().to_owned()));
    }
    match std::env::var(format!("{name}_FILE")) {
        Ok(path) if !path.is_empty() => {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{name}_FILE names {path}, which cannot be read"))?;
            Ok(Some(text.trim().to_owned()))
        }
        _ => Ok(None),
    }
}

impl Config {
    /// Reads the settings and checks them; makes the data directory.
    pub fn load() -> Result<Config> {
        let data_dir = PathBuf::from(variable("ESSOR_DATA_DIR")?.unwrap_or_else(|| "./essor-data".into()));
        let file = read_file(&data_dir.join("essor.toml"))?;
        let listen = variable("ESSOR_LISTEN")?.or(file.listen).unwrap_or_else(|| "127.0.0.1:7420".into());
        let listen = address("ESSOR_LISTEN", &listen)?;
        let database_url = match variable("ESSOR_DATABASE_URL")?.or(file.database_url) {
            Some(url) => url,
            None => {
                std::fs::create_dir_all(&data_dir).with_context(|| {
                    format!("the data directory {} cannot be made; set ESSOR_DATA_DIR", data_dir.display())
                })?;
                format!("sqlite://{}", data_dir.join("essor.db").display())
            }
        };
        let connections = match variable("ESSOR_DATABASE_CONNECTIONS")? {
            Some(text) => match text.parse() {
                Ok(n) if (1..=500).contains(&n) => n,
                _ => bail!("ESSOR_DATABASE_CONNECTIONS must be a number from 1 to 500, not {text}"),
            },
            None => file.database_connections.unwrap_or(8),
        };
        let public_url =
            variable("ESSOR_PUBLIC_URL")?.or(file.public_url).unwrap_or_else(|| format!("http://{listen}"));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            bail!("ESSOR_PUBLIC_URL must start with http:// or https://, not {public_url}");
        }
        let trusted_proxy = match variable("ESSOR_TRUSTED_PROXY")?.as_deref() {
            Some("true" | "1" | "yes") => true,
            Some("false" | "0" | "no") => false,
            Some(other) => bail!("ESSOR_TRUSTED_PROXY must be true or false, not {other}"),
            None => file.trusted_proxy.unwrap_or(false),
        };
        let metrics_listen = match variable("ESSOR_METRICS_LISTEN")?.or(file.metrics_listen) {
            Some(text) => Some(address("ESSOR_METRICS_LISTEN", &text)?),
            None => None,
        };
        let secret_key = variable("ESSOR_SECRET_KEY")?.or(file.secret_key);
        if secret_key.as_ref().is_some_and(|key| key.chars().count() < 32) {
            bail!("ESSOR_SECRET_KEY must have 32 characters or more, for example what `openssl rand -hex 32` prints");
        }
        let host = public_url.split("://").nth(1).unwrap_or_default();
        let host = host.split([':', '/']).next().unwrap_or_default();
        let mail_from = variable("ESSOR_MAIL_FROM")?.or(file.mail_from).unwrap_or_else(|| format!("essor@{host}"));
        Ok(Config {
            data_dir,
            listen,
            database_url,
            reader_url: variable("ESSOR_DATABASE_READER_URL")?.or(file.database_reader_url),
            connections,
            public_url,
            trusted_proxy,
            metrics_listen,
            secret_key,
            smtp_url: variable("ESSOR_SMTP_URL")?.or(file.smtp_url),
            mail_from,
            log: variable("ESSOR_LOG")?.or(file.log).unwrap_or_else(|| "info".into()),
            log_json: variable("ESSOR_LOG_FORMAT")?.or(file.log_format).as_deref() == Some("json"),
        })
    }
}

impl Config {
    /// The secret of this installation: that of the settings, else the one in the data directory, made when there is
    /// none and readable by its owner alone.
    pub fn secret(&self) -> Result<String> {
        if let Some(key) = &self.secret_key {
            return Ok(key.clone());
        }
        let path = self.data_dir.join("secret.key");
        if !path.exists() {
            std::fs::create_dir_all(&self.data_dir)
                .and_then(|()| make_secret(&path))
                .with_context(|| format!("{} cannot be made; set ESSOR_SECRET_KEY", path.display()))?;
        }
        let key = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        if key.trim().len() < 32 {
            bail!("{} holds no secret of ours: put it back, or remove it to have another made", path.display());
        }
        Ok(key.trim().to_owned())
    }

    /// Refuses to carry sessions over a network in the clear: beyond the loopback people come by https, which a proxy in
    /// front speaks.
    pub fn check_reach(&self) -> Result<()> {
        if !self.listen.ip().is_loopback() && !self.public_url.starts_with("https://") {
            bail!(
                "ESSOR_LISTEN is {}, which others can reach, so people must come by https: put a proxy in front, and set \
                 ESSOR_PUBLIC_URL to its https:// address and ESSOR_TRUSTED_PROXY to true",
                self.listen
            );
        }
        Ok(())
    }
}

/// Two processes that begin together end with the same file: it appears whole or not at all, and the first one stays.
fn make_secret(path: &Path) -> std::io::Result<()> {
    use std::io::Write;
    let draft = path.with_extension(uuid::Uuid::new_v4().to_string());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let key = format!("{}{}\n", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    options.open(&draft)?.write_all(key.as_bytes())?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn address(name: &str, text: &str) -> Result<SocketAddr> {
    text.parse().with_context(|| format!("{name} must be an address and a port such as 127.0.0.1:7420, not {text}"))
}

fn read_file(path: &Path) -> Result<File> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("{} is not valid", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// The table of settings, in Markdown.
pub fn settings_table() -> String {
    let mut out = String::from("| variable | default | meaning |\n| --- | --- | --- |\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { "–".to_owned() } else { format!("`{}`", setting.default) };
        out.push_str(&format!("| `{}` | {default} | {} |\n", setting.variable, setting.meaning));
    }
    out
}
