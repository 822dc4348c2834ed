//! The profile: how much each component weighs, how figures become points, what caps a score, where the classes begin.

use super::curve::{CurveName, curve};
use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Use of the product.
    Usage,
    /// People who use it, against the seats bought.
    Licence,
    /// Recency and rhythm of exchanges, and whether the champion is still there.
    Engagement,
    /// Stage and milestones of the journey.
    Journey,
    /// Support tickets.
    Support,
    /// Surveys and marks on tickets.
    Satisfaction,
    /// Tone of messages; no source feeds it yet.
    Sentiment,
    /// Invoices that are late, or were.
    Payments,
    /// Value delivered against fees paid.
    Outcomes,
    /// What a person thinks of the client.
    Pulse,
    /// The scores of a parent's own clients. It has no weight in a profile: see [`CHILDREN_WEIGHT`].
    Children,
}

impl Component {
    /// All components, in the order of the page.
    pub const ALL: [Component; 11] = [
        Component::Usage,
        Component::Licence,
        Component::Engagement,
        Component::Journey,
        Component::Support,
        Component::Satisfaction,
        Component::Sentiment,
        Component::Payments,
        Component::Outcomes,
        Component::Pulse,
        Component::Children,
    ];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Component::Usage => "usage",
            Component::Licence => "licence",
            Component::Engagement => "engagement",
            Component::Journey => "journey",
            Component::Support => "support",
            Component::Satisfaction => "satisfaction",
            Component::Sentiment => "sentiment",
            Component::Payments => "payments",
            Component::Outcomes => "outcomes",
            Component::Pulse => "pulse",
            Component::Children => "children",
        }
    }

    /// The component that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        Component::ALL.into_iter().find(|component| component.as_str() == text)
    }
}

/// What the mean of a parent's children weighs beside its own components, which weigh 100 when all are known: as much.
pub const CHILDREN_WEIGHT: u32 = 100;

/// Points of weight by component, 100 in all. Components that are not fed share out theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is the component of the same name")]
pub struct Weights {
    pub usage: u32,
    pub licence: u32,
    pub engagement: u32,
    pub journey: u32,
    pub support: u32,
    pub satisfaction: u32,
    pub sentiment: u32,
    pub payments: u32,
    pub outcomes: u32,
    pub pulse: u32,
}

impl Weights {
    /// The weight of one component.
    pub const fn of(&self, component: Component) -> u32 {
        match component {
            Component::Usage => self.usage,
            Component::Licence => self.licence,
            Component::Engagement => self.engagement,
            Component::Journey => self.journey,
            Component::Support => self.support,
            Component::Satisfaction => self.satisfaction,
            Component::Sentiment => self.sentiment,
            Component::Payments => self.payments,
            Component::Outcomes => self.outcomes,
            Component::Pulse => self.pulse,
            Component::Children => CHILDREN_WEIGHT,
        }
    }

    /// The weight of one component, to be changed; none for [`Component::Children`], which has no weight of its own.
    pub const fn of_mut(&mut self, component: Component) -> Option<&mut u32> {
        match component {
            Component::Usage => Some(&mut self.usage),
            Component::Licence => Some(&mut self.licence),
            Component::Engagement => Some(&mut self.engagement),
            Component::Journey => Some(&mut self.journey),
            Component::Support => Some(&mut self.support),
            Component::Satisfaction => Some(&mut self.satisfaction),
            Component::Sentiment => Some(&mut self.sentiment),
            Component::Payments => Some(&mut self.payments),
            Component::Outcomes => Some(&mut self.outcomes),
            Component::Pulse => Some(&mut self.pulse),
            Component::Children => None,
        }
    }

    /// All weights together.
    pub fn sum(&self) -> u64 {
        let own = Component::ALL.into_iter().filter(|component| *component != Component::Children);
        own.map(|component| u64::from(self.of(component))).sum()
    }
}

/// What caps a score whatever the components say; none switches the veto off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vetoes {
    /// Days after which an unpaid invoice caps the score.
    pub invoice_days: u32,
    /// The cap of a late invoice.
    pub invoice_cap: Option<u8>,
    /// The cap while every champion that the client had has left.
    pub champion_cap: Option<u8>,
}

impl Default for Vetoes {
    fn default() -> Self {
        Vetoes { invoice_days: 60, invoice_cap: Some(50), champion_cap: Some(65) }
    }
}

/// How facts become a score and a class. The default is that of decisions.md.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// Weights of the components.
    pub weights: Weights,
    /// Least share (0–1) of the fed weight that must be known for a number.
    pub min_coverage: f64,
    /// Excellent from this score on.
    pub excellent: u8,
    /// Good from this score on.
    pub good: u8,
    /// Watch from this score on; critical below.
    pub watch: u8,
    /// An alert is raised when the score falls below this.
    pub alert: u8,
    /// And may be raised again once the score has been at least this.
    pub rearm: u8,
    /// Curves that differ from their default.
    #[serde(default)]
    pub curves: BTreeMap<CurveName, Vec<(f64, f64)>>,
    /// Caps.
    #[serde(default)]
    pub vetoes: Vetoes,
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            weights: Weights {
                usage: 30,
                licence: 10,
                engagement: 10,
                journey: 10,
                support: 10,
                satisfaction: 10,
                sentiment: 5,
                payments: 10,
                outcomes: 5,
                pulse: 0,
            },
            min_coverage: 0.40,
            excellent: 80,
            good: 70,
            watch: 60,
            alert: 60,
            rearm: 65,
            curves: BTreeMap::new(),
            vetoes: Vetoes::default(),
        }
    }
}

impl Profile {
    /// The points of a curve: the profile's own, or the default ones.
    pub fn points(&self, name: CurveName) -> &[(f64, f64)] {
        self.curves.get(&name).map_or(name.default_points(), Vec::as_slice)
    }

    /// The height of a curve at `x`.
    pub(super) fn height(&self, name: CurveName, x: f64) -> f64 {
        curve(self.points(name), x)
    }

    /// Refuses what cannot score: weights that do not sum to 100, curves that turn back, classes out of order.
    pub fn check(&self) -> Result<(), Invalid> {
        let sum = self.weights.sum();
        if sum != 100 {
            return Err(Invalid::field(Code::HealthProfileWeightsSum, "weights").with("sum", sum));
        }
        if !(0.0..=1.0).contains(&self.min_coverage) {
            return Err(Invalid::field(Code::FieldRange, "minCoverage").with("min", 0).with("max", 1));
        }
        let caps = [("vetoes.invoiceCap", self.vetoes.invoice_cap), ("vetoes.championCap", self.vetoes.champion_cap)];
        let levels = [
            ("excellent", Some(self.excellent)),
            ("good", Some(self.good)),
            ("watch", Some(self.watch)),
            ("alert", Some(self.alert)),
            ("rearm", Some(self.rearm)),
        ];
        for (field, level) in levels.into_iter().chain(caps) {
            if level.is_some_and(|level| level > 100) {
                return Err(Invalid::field(Code::FieldRange, field).with("min", 0).with("max", 100));
            }
        }
        // Equal is allowed: then an alert may be raised again at once.
        if self.rearm < self.alert {
            return Err(Invalid::field(Code::HealthRearmOrder, "rearm").with("least", self.alert));
        }
        for (field, higher, lower) in [("excellent", self.excellent, self.good), ("good", self.good, self.watch)] {
            if higher <= lower {
                return Err(Invalid::field(Code::HealthThresholdsOrder, field).with("above", lower));
            }
        }
        if !(1..=365).contains(&self.vetoes.invoice_days) {
            return Err(Invalid::field(Code::FieldRange, "vetoes.invoiceDays").with("min", 1).with("max", 365));
        }
        self.curves.iter().try_for_each(|(name, points)| name.check(points))
    }
}

/// What a score means, by the floors of the profile that it was made with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthClass {
    /// 80 and above, unless the profile says otherwise.
    Excellent,
    /// 70 to 79.
    Good,
    /// 60 to 69.
    Watch,
    /// Below 60.
    Critical,
    /// Not enough is known for a score.
    #[default]
    Unknown,
}

impl HealthClass {
    /// All classes, best first.
    pub const ALL: [HealthClass; 5] =
        [HealthClass::Excellent, HealthClass::Good, HealthClass::Watch, HealthClass::Critical, HealthClass::Unknown];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            HealthClass::Excellent => "excellent",
            HealthClass::Good => "good",
            HealthClass::Watch => "watch",
            HealthClass::Critical => "critical",
            HealthClass::Unknown => "unknown",
        }
    }

    /// The class that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        HealthClass::ALL.into_iter().find(|class| class.as_str() == text)
    }

    /// The class of a score.
    pub fn of(score: Option<u8>, profile: &Profile) -> Self {
        match score {
            None => HealthClass::Unknown,
            Some(score) if score >= profile.excellent => HealthClass::Excellent,
            Some(score) if score >= profile.good => HealthClass::Good,
            Some(score) if score >= profile.watch => HealthClass::Watch,
            Some(_) => HealthClass::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_begin_where_the_profile_says() {
        let profile = Profile::default();
        for (score, class) in [
            (None, HealthClass::Unknown),
            (Some(0), HealthClass::Critical),
            (Some(59), HealthClass::Critical),
            (Some(60), HealthClass::Watch),
            (Some(69), HealthClass::Watch),
            (Some(70), HealthClass::Good),
            (Some(79), HealthClass::Good),
            (Some(80), HealthClass::Excellent),
            (Some(100), HealthClass::Excellent),
        ] {
            assert_eq!(HealthClass::of(score, &profile), class, "{score:?}");
        }
    }

    #[test]
    fn the_default_stands_and_its_mistakes_are_named() {
        let good = Profile::default;
        assert_eq!(good().check(), Ok(()));
        let heavy = Profile { weights: Weights { usage: 31, ..good().weights }, ..good() };
        let with =
            |name, points: &[(f64, f64)]| Profile { curves: BTreeMap::from([(name, points.to_vec())]), ..good() };
        let turned = |points: &[(f64, f64)]| with(CurveName::PaymentsLate, points);
        let (rising, falling) = ([(0.0, 10.0), (5.0, 60.0)], [(0.0, 60.0), (5.0, 10.0)]);
        for (profile, code, field) in [
            (heavy, Code::HealthProfileWeightsSum, "weights"),
            (Profile { alert: 101, rearm: 101, ..good() }, Code::FieldRange, "alert"),
            (Profile { min_coverage: 1.5, ..good() }, Code::FieldRange, "minCoverage"),
            (Profile { good: 80, ..good() }, Code::HealthThresholdsOrder, "excellent"),
            (Profile { watch: 75, ..good() }, Code::HealthThresholdsOrder, "good"),
            (Profile { rearm: 59, ..good() }, Code::HealthRearmOrder, "rearm"),
            (turned(&[(0.0, 100.0), (30.0, 40.0), (60.0, 50.0)]), Code::HealthCurveTurns, "curves.payments_late"),
            (turned(&[(0.0, 100.0), (0.0, 40.0)]), Code::HealthCurveTurns, "curves.payments_late"),
            // Later and heavier is worse; what costs points costs no less where there is more of it.
            (with(CurveName::JourneyLate, &rising), Code::HealthCurveTurns, "curves.journey_late"),
            (with(CurveName::JourneyMissed, &falling), Code::HealthCurveTurns, "curves.journey_missed"),
            (with(CurveName::SupportOpen, &rising), Code::HealthCurveTurns, "curves.support_open"),
            (with(CurveName::SupportRecent, &falling), Code::HealthCurveTurns, "curves.support_recent"),
            (with(CurveName::SupportReopened, &falling), Code::HealthCurveTurns, "curves.support_reopened"),
            (turned(&[(0.0, 100.0)]), Code::HealthCurvePoints, "curves.payments_late"),
            (turned(&[(0.0, 140.0), (9.0, 0.0)]), Code::FieldRange, "curves.payments_late"),
            (turned(&[(0.0, f64::NAN), (9.0, 0.0)]), Code::FieldRange, "curves.payments_late"),
        ] {
            let refused = profile.check().err().map(|e| (e.code, e.params["field"].clone()));
            assert_eq!(refused, Some((code, field.into())), "{profile:?}");
        }
        assert_eq!(turned(&[(0.0, 100.0), (30.0, 40.0), (60.0, 40.0)]).check(), Ok(()));
    }

    #[test]
    fn words_read_back() {
        for component in Component::ALL {
            assert_eq!(Component::parse(component.as_str()), Some(component));
        }
        for class in HealthClass::ALL {
            assert_eq!(HealthClass::parse(class.as_str()), Some(class));
        }
    }
}
