//! The real binary as a process of its own, for faults that only a process can have.

use crate::wait::DEADLINE;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// The binary to test: `ESSOR_TEST_BINARY`, else the one that Cargo builds beside this test.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("ESSOR_TEST_BINARY").filter(|path| !path.is_empty()) {
        // Cargo runs a test in its package's folder; a relative path is meant from the workspace's.
        return Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    }
    let test = std::env::current_exe().expect("the test's own path");
    let path = test.parent().and_then(Path::parent).expect("a target folder").join("essor");
    let age = |path: &Path| path.metadata().and_then(|file| file.modified()).ok();
    if age(&path) < age(&test) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo).args(["build", "--quiet", "-p", "essor-server", "--bin", "essor"]).status();
        assert!(built.is_ok_and(|status| status.success()), "the binary cannot be built");
    }
    path
}

/// A running `essor serve`; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens: `http://127.0.0.1:…`.
    pub base: String,
}

impl Process {
    /// Starts the service over a database; its folder keeps the log. Returns once it listens.
    pub fn serve(folder: &Path, database_url: &str) -> Process {
        let mut command = Command::new(binary());
        command.arg("serve");
        Process::spawn(command, folder, database_url)
    }

    /// The same with a limit on the size of the files that it writes, in KiB: to it, the disk is full there. Lift it
    /// with [`Process::mend`].
    pub fn serve_on_small_disk(folder: &Path, database_url: &str, kib: u64) -> Process {
        let mut command = Command::new("bash");
        // The signal is ignored, so that a write fails as on a full disk instead of ending the process.
        command.arg("-c").arg(format!("trap '' XFSZ; ulimit -S -f {kib}; exec \"$0\" serve")).arg(binary());
        Process::spawn(command, folder, database_url)
    }

    fn spawn(mut command: Command, folder: &Path, database_url: &str) -> Process {
        settings(&mut command, folder, database_url);
        command.env("ESSOR_LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("Essor listens on ") {
                    let _ = sender.send(address.trim().to_owned());
                }
            }
        });
        match receiver.recv_timeout(DEADLINE) {
            Ok(base) => Process { child, base },
            Err(error) => {
                let _ = child.kill();
                panic!("the binary does not listen: {error}; it ended with {:?}", child.wait());
            }
        }
    }

    /// Ends it as a power cut would: `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was running");
        let _ = self.child.wait();
    }

    /// The disk has room again.
    pub fn mend(&self) {
        let lifted = Command::new("prlimit")
            .args(["--fsize=unlimited:unlimited", "--pid"])
            .arg(self.child.id().to_string())
            .status();
        assert!(lifted.is_ok_and(|status| status.success()), "prlimit cannot lift the limit");
    }

    /// Runs a command of the binary beside the service and returns what it prints.
    pub fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(binary());
        settings(&mut command, folder, database_url);
        let done = command.args(arguments).output().expect("the binary starts");
        assert!(done.status.success(), "essor {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settings(command: &mut Command, folder: &Path, database_url: &str) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ESSOR_")) {
        command.env_remove(name);
    }
    command
        .env("ESSOR_DATA_DIR", folder)
        .env("ESSOR_DATABASE_URL", database_url)
        .env("ESSOR_DATABASE_CONNECTIONS", "4")
        .env("ESSOR_LOG", "error");
}
