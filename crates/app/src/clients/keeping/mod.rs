//! Keeping and forgetting: duplicates become one client, what was thrown away can be had back, what was erased stays so.

mod duplicates;
mod erase;
mod erased;
mod export;
mod files;
mod ledger;
mod merge;
mod trash;

pub use duplicates::{Duplicate, duplicates};
pub use erase::{Certificate, erase_client, erase_person};
pub use erased::{Erased, ErasureList, allow_erased, erasure, erasures};
pub(crate) use erased::{among_erased, count_refused, refuse_erased, write_refused};
pub(crate) use essor_domain::clients::Named;
pub use essor_store::clients::files::FileRow;
pub use essor_store::clients::gone::{Gone, Trashed};
pub use export::{export_client, export_person};
pub use files::{attach, detach, download, files, give_back};
pub use ledger::apply_erasures;
pub use merge::{Compared, Side, merge, merge_preview};
pub use trash::{gone, throw_away, trash};

use crate::App;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// The folder for what is kept beside the database.
#[derive(Debug, Default)]
pub struct Keeping {
    folder: Option<PathBuf>,
    /// When files without an owner were last looked for, in seconds.
    swept: AtomicI64,
    /// Whether the database's log still holds what was erased.
    log_full: AtomicBool,
}

impl Keeping {
    /// In a folder.
    pub fn in_folder(folder: &Path) -> Self {
        Keeping { folder: Some(folder.to_owned()), ..Keeping::default() }
    }
}

impl App {
    /// The folder for what is kept beside the database.
    fn folder(&self) -> Result<&Path> {
        self.keeping.folder.as_deref().ok_or_else(|| Error::Internal("no folder to keep files in".into()))
    }
}

/// Leaves nothing of what was just forgotten in the database's log; while a reader holds it the housekeeping tries again.
async fn empty_log(app: &App) {
    let emptied = app.db.empty_log().await.unwrap_or_else(|error| {
        tracing::warn!(feature = "clients", %error, "the database's log was not emptied after an erasure; it is tried again");
        false
    });
    app.keeping.log_full.store(!emptied, Ordering::Relaxed);
}

/// How often files without an owner are looked for, in seconds.
const SWEEP: i64 = 3_600;

/// What was thrown away long enough ago goes, and so does what nobody owns; the two records of erasures are kept in step.
pub(crate) async fn housekeeping(app: &App) -> Result<()> {
    trash::purge(app).await?;
    if app.keeping.log_full.load(Ordering::Relaxed) {
        empty_log(app).await;
    }
    if app.keeping.folder.is_none() {
        return Ok(());
    }
    apply_erasures(app).await?;
    let now = app.clock.now().timestamp();
    if now - app.keeping.swept.swap(now, Ordering::Relaxed) >= SWEEP {
        files::sweep(app).await?;
    }
    Ok(())
}
