//! Health: scores computed from stored facts, recorded with what they were computed from.

mod departures;
mod facts;
mod history;
mod past;
mod portfolio;
mod preview;
mod profiles;
mod read;
mod score;
mod standings;
mod suggest;

use essor_domain::health::Profile;
use essor_store::health::Standing;

pub use essor_store::health::HealthDay;
pub(crate) use facts::outcomes;
pub use history::{close_month, thin};
pub use past::{End, Moved, Seen, moved, seen};
pub use portfolio::{Portfolio, portfolio};
pub use preview::{ClassMove, Preview, preview};
pub use profiles::{ProfileVersion, Profiles, ProfilesPage, list as profiles, save as save_profile, versions};
pub use read::{HealthPage, UsagePage, page, usage};
pub use score::{Fresh, ProfileRef, assess_all, rebuild, record_day, save, score_all};
pub use standings::close_days;
pub use suggest::{Suggestion, suggest};

/// Whether a client stood at risk, by what was recorded; scores of before that was recorded are held against the built-in
/// alert.
pub(crate) fn was_at_risk(standing: &Standing) -> bool {
    standing.at_risk.unwrap_or(standing.score < i32::from(was_at_risk_below()))
}

/// The score below which a client stood at risk when its record does not say.
pub(crate) fn was_at_risk_below() -> u8 {
    Profile::default().alert
}
