//! Health: a client's score from 0 to 100, read off facts by published rules.
//!
//! [`score`] is the weighted mean of the components that are known, each 0–100 with its evidence. What is missing is
//! left out, never counted as 0; below the profile's coverage there is no number at all. Same facts, same bits.

mod children;
mod curve;
mod engagement;
mod facts;
mod fit;
mod foresight;
mod journey;
mod licence;
mod moves;
mod outcomes;
mod payments;
mod profile;
mod pulse;
mod risks;
mod satisfaction;
mod score;
mod support;
mod usage;

pub use curve::CurveName;
pub use facts::{
    ChampionFacts, ChildrenFacts, ExchangeFacts, Facts, Feeds, InvoiceFact, JourneyFacts, OutcomeFacts, PulseFact,
    SurveyFact, SurveyKind, TicketFact, UsageFacts,
};
pub use fit::{Case, Fit, LEAST_LEFT, fit, open};
pub use foresight::{Foresight, HORIZON_DAYS, Past, auc, foresight, warned_days};
pub use moves::{Move, moves};
pub use profile::{CHILDREN_WEIGHT, Component, HealthClass, Profile, Vetoes, Weights};
pub use pulse::PULSE_DAYS;
pub use risks::{Risk, carry_since};
pub use score::{Cap, Evidence, Factor, Health, score};
