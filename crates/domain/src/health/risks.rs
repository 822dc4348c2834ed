//! Risks: what a component found to worry about, with the points that it costs and since when it stands.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The level at which a component is good: what a risk costs is counted from here, not from 100.
pub(super) const GOOD: u8 = 85;

/// A risk as a component finds it.
#[derive(Debug)]
pub(super) struct Found {
    pub key: &'static str,
    pub params: Map<String, Value>,
    /// The component's points if this were mended.
    pub better: u8,
}

/// A reason to worry, for the sentence `health.risk.<key>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    /// The sentence's key; at most one risk of a key.
    pub key: Cow<'static, str>,
    /// What the sentence needs.
    pub params: Map<String, Value>,
    /// The day since which it stands, once [`carry_since`] has looked at the health before.
    pub since: Option<NaiveDate>,
    /// By how much the score would rise if this were mended and all else stood (0–100). Two risks of one component
    /// overlap: these do not add up.
    pub points_lost: u8,
}

/// The dearest first, then by key, so that the order never depends on how they were found.
pub(super) fn sort(risks: &mut [Risk]) {
    risks.sort_by(|a, b| b.points_lost.cmp(&a.points_lost).then_with(|| a.key.cmp(&b.key)));
}

/// Dates the risks: one that stood before keeps its `since`, a new one stands since `day`. The sentence of
/// `usage_down` names that day, so that it is among its params too.
pub fn carry_since(now: &mut super::Health, before: Option<&super::Health>, day: NaiveDate) {
    for risk in &mut now.risks {
        let stood = before.and_then(|health| health.risks.iter().find(|old| old.key == risk.key));
        let since = stood.and_then(|old| old.since).unwrap_or(day);
        risk.since = Some(since);
        if risk.key == "usage_down" {
            risk.params.insert("since".to_owned(), since.to_string().into());
        }
    }
}
