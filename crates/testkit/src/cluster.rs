//! A PostgreSQL cluster of the test's own, to be stopped under load and started again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A cluster that goes away with this value.
#[derive(Debug)]
pub struct Cluster {
    /// Its URL.
    pub url: String,
    port: String,
    data: PathBuf,
    folder: TempDir,
}

impl Cluster {
    /// Makes and starts one; none where PostgreSQL is not tested on.
    pub fn start() -> Option<Cluster> {
        crate::postgres_url()?;
        let folder = tempfile::Builder::new().prefix("essor-cluster").tempdir().expect("a temporary folder");
        let made = Command::new(script()).arg("start").arg(folder.path().join("c")).output().expect("the script runs");
        assert!(made.status.success(), "no cluster: {}", String::from_utf8_lossy(&made.stderr));
        let url = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned();
        let data = folder.path().join("c/data");
        Some(Cluster { url, port, data, folder })
    }

    /// Stops it at once, as a crash would.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts it again on the same port; its log says what happened.
    pub fn resume(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        let log = self.data.join("server.log");
        self.control(&["-t", "60", "-l", &log.display().to_string(), "-o", &options, "start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let tool = tool();
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(tool);
            command
        } else {
            Command::new(tool)
        };
        command.current_dir("/").arg("-D").arg(&self.data).arg("-w").args(arguments);
        // A server that inherits a pipe would keep it open.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("pg_ctl runs");
        assert!(status.success(), "pg_ctl {arguments:?} failed");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(script()).arg("stop").arg(self.folder.path().join("c")).status();
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// `pg_ctl` of the newest version that is installed.
fn tool() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let newest = versions
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| Path::new(&format!("/usr/lib/postgresql/{version}/bin/pg_ctl")).exists())
        .max();
    format!("/usr/lib/postgresql/{}/bin/pg_ctl", newest.expect("PostgreSQL is installed")).into()
}
