//! Notifications: what a member is told, and when the alarm about a client's health goes off.

use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A client's health fell below the alert threshold.
    HealthFell,
    /// An invoice is past its due day.
    InvoiceLate,
    /// Somebody gave one a task.
    TaskAssigned,
    /// An opportunity was found.
    OpportunityFound,
    /// An objective was reached.
    ObjectiveReached,
    /// Somebody named one in a note.
    Mentioned,
    /// Clients of a colleague came to one.
    ClientsReceived,
    /// Something of a client's journey is late.
    JourneyAlert,
    /// A stage of a client's journey is done: somebody is asked whether to go on.
    JourneyAsk,
}

impl Kind {
    /// All kinds, in the order of the settings.
    pub const ALL: [Kind; 9] = [
        Kind::HealthFell,
        Kind::InvoiceLate,
        Kind::TaskAssigned,
        Kind::OpportunityFound,
        Kind::ObjectiveReached,
        Kind::Mentioned,
        Kind::ClientsReceived,
        Kind::JourneyAlert,
        Kind::JourneyAsk,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::HealthFell => "health_fell",
            Kind::InvoiceLate => "invoice_late",
            Kind::TaskAssigned => "task_assigned",
            Kind::OpportunityFound => "opportunity_found",
            Kind::ObjectiveReached => "objective_reached",
            Kind::Mentioned => "mentioned",
            Kind::ClientsReceived => "clients_received",
            Kind::JourneyAlert => "journey_alert",
            Kind::JourneyAsk => "journey_ask",
        }
    }

    /// The kind that is written so.
    pub fn parse(text: &str) -> Result<Kind, Invalid> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Invalid::field(Code::NotificationsKindUnknown, "kind").with("value", text))
    }

    /// Whether it asks for something to be done, or only informs.
    pub const fn asks(self) -> bool {
        !matches!(self, Kind::OpportunityFound | Kind::ObjectiveReached)
    }
}

/// What a change of score does to the alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// The score fell through the threshold: it goes off, unless it already has.
    Raise,
    /// The score is well above it: it is set again.
    Clear,
    /// Nothing.
    Stay,
}

/// What a change of score does, by the thresholds of the client's health profile: `from` is the last score that was known,
/// however long too little has been known since. A first score is no fall: nobody knows where it came from.
pub fn alarm(from: Option<i32>, to: Option<i32>, alert: u8, rearm: u8) -> Alarm {
    let (alert, rearm) = (i32::from(alert), i32::from(rearm));
    match (from, to) {
        (_, Some(to)) if to >= rearm => Alarm::Clear,
        (Some(from), Some(to)) if from >= alert && to < alert => Alarm::Raise,
        _ => Alarm::Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alarm_goes_off_on_the_way_down_only() {
        for (from, to, expected) in [
            (Some(72), Some(59), Alarm::Raise),
            (Some(60), Some(59), Alarm::Raise),
            (Some(59), Some(40), Alarm::Stay),
            (None, Some(40), Alarm::Stay),
            (Some(70), None, Alarm::Stay),
            (Some(58), Some(62), Alarm::Stay),
            (Some(62), Some(64), Alarm::Stay),
            (Some(62), Some(65), Alarm::Clear),
            (None, Some(90), Alarm::Clear),
        ] {
            assert_eq!(alarm(from, to, 60, 65), expected, "{from:?} → {to:?}");
        }
    }

    #[test]
    fn the_alarm_remembers_the_last_known_score() {
        for (scores, expected) in [
            (vec![Some(70), None, Some(40)], Alarm::Raise),
            (vec![Some(70), None, None, Some(40)], Alarm::Raise),
            (vec![Some(40), None, Some(40)], Alarm::Stay),
            (vec![None, None, Some(40)], Alarm::Stay),
            (vec![Some(40), None, Some(70)], Alarm::Clear),
        ] {
            let mut known = None;
            let mut last = Alarm::Stay;
            for to in &scores {
                last = alarm(known, *to, 60, 65);
                known = to.or(known);
            }
            assert_eq!(last, expected, "{scores:?}");
        }
    }

    #[test]
    fn kinds_read_what_they_write() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Ok(kind));
        }
        assert_eq!(Kind::parse("rain").err().map(|e| e.code), Some(Code::NotificationsKindUnknown));
    }
}
