//! The profile: how much each component weighs and where the classes begin.

use serde::{Deserialize, Serialize};

/// A part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Use of the product.
    Usage,
    /// People who use it, against the seats bought.
    Licence,
    /// Support tickets.
    Support,
    /// Surveys and marks on tickets.
    Satisfaction,
}

impl Component {
    /// All components, in the order of the page.
    pub const ALL: [Component; 4] = [Component::Usage, Component::Licence, Component::Support, Component::Satisfaction];

    /// As stored and written by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Component::Usage => "usage",
            Component::Licence => "licence",
            Component::Support => "support",
            Component::Satisfaction => "satisfaction",
        }
    }

    /// The component that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        Component::ALL.into_iter().find(|component| component.as_str() == text)
    }
}

/// Points of weight by component; only their proportions matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weights {
    /// Of usage.
    pub usage: u32,
    /// Of licence use.
    pub licence: u32,
    /// Of support.
    pub support: u32,
    /// Of satisfaction.
    pub satisfaction: u32,
}

impl Weights {
    /// The weight of one component.
    pub const fn of(&self, component: Component) -> u32 {
        match component {
            Component::Usage => self.usage,
            Component::Licence => self.licence,
            Component::Support => self.support,
            Component::Satisfaction => self.satisfaction,
        }
    }
}

/// How facts become a score and a class. The default is that of decisions.md.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            weights: Weights { usage: 30, licence: 10, support: 10, satisfaction: 10 },
            min_coverage: 0.40,
            excellent: 80,
            good: 70,
            watch: 60,
            alert: 60,
            rearm: 65,
        }
    }
}

/// What a score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthClass {
    /// 80 and above.
    Excellent,
    /// 70 to 79.
    Good,
    /// 60 to 69.
    Watch,
    /// Below 60.
    Critical,
    /// Not enough is known for a score.
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
    fn words_read_back() {
        for component in Component::ALL {
            assert_eq!(Component::parse(component.as_str()), Some(component));
        }
        for class in HealthClass::ALL {
            assert_eq!(HealthClass::parse(class.as_str()), Some(class));
        }
    }
}
