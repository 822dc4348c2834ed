//! What Essor writes to its log while stories are told: nothing of a person may stand in it.

use std::io::{Result, Write};
use std::sync::{Mutex, Once, PoisonError};
use tracing_subscriber::EnvFilter;

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static LISTENS: Once = Once::new();

struct Kept;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Keeps the log of this process from now on, every line of Essor's own.
pub fn keep_log() {
    LISTENS.call_once(|| {
        let filter = EnvFilter::new("off,essor_app=trace,essor_domain=trace,essor_server=trace,essor_store=trace");
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Kept);
        // Another listener would be a test's own.
        let _ = builder.try_init();
    });
}

/// What was written since.
pub fn kept_log() -> String {
    String::from_utf8_lossy(&WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}
