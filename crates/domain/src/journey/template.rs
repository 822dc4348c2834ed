//! What is planned: stages with their criteria, key actions and milestones, and what a template must satisfy.

use super::COMPLETED;
use super::milestones::Impact;
use crate::expressions::{Catalogue, Known, Moment, Read, Rule, Source, Test};
use crate::tasks::Priority;
use crate::{Code, Invalid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most stages.
pub const MAX_STAGES: usize = 12;
/// The longest stage, in days.
pub const MAX_DAYS: i64 = 730;
/// The most criteria, actions and milestones of a stage.
const MAX_ITEMS: usize = 20;
/// The longest label, and the longest description, in characters.
const MAX_LABEL: usize = 120;
const MAX_DESCRIPTION: usize = 600;

/// Words in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Label {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Label {
    /// Words in both languages.
    pub fn new(fr: &str, en: &str) -> Self {
        Label { fr: fr.to_owned(), en: en.to_owned() }
    }

    /// The words of a language; French unless English is asked for.
    pub fn of(&self, locale: Option<&str>) -> &str {
        if locale.is_some_and(|locale| locale.starts_with("en")) { &self.en } else { &self.fr }
    }

    /// Trimmed, and what is given in one language only serves for both.
    fn checked(&self, field: &str, max: usize, needed: bool) -> Result<Label, Invalid> {
        let (fr, en) = (self.fr.trim(), self.en.trim());
        if needed && fr.is_empty() && en.is_empty() {
            return Err(Invalid::field(Code::FieldRequired, field));
        }
        for text in [fr, en] {
            if text.chars().count() > max {
                return Err(Invalid::field(Code::FieldTooLong, field).with("max", max));
            }
            // PostgreSQL cannot store it.
            if text.contains('\0') {
                return Err(Invalid::field(Code::FieldType, field).with("expected", "text without NUL"));
            }
        }
        let or = |one: &str, other: &str| if one.is_empty() { other.to_owned() } else { one.to_owned() };
        Ok(Label { fr: or(fr, en), en: or(en, fr) })
    }

    /// A title by itself, checked.
    pub fn title(&self, field: &str) -> Result<Label, Invalid> {
        self.checked(field, MAX_LABEL, true)
    }
}

/// What happens once all required criteria of a stage hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advance {
    /// The client goes on.
    Auto,
    /// Somebody is asked.
    Ask,
}

/// Who does a key action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerRole {
    /// Whoever is in charge of the client.
    InCharge,
    /// The client itself, who ticks it on the page shared with it; whoever is in charge follows it.
    Client,
    /// A manager.
    Managers,
}

impl OwnerRole {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            OwnerRole::InCharge => "in_charge",
            OwnerRole::Client => "client",
            OwnerRole::Managers => "managers",
        }
    }
}

/// A condition of success.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Names it within its stage.
    pub key: String,
    /// Its words.
    pub label: Label,
    /// What is measured; none when a person ticks it.
    #[serde(default)]
    pub expression: Option<String>,
    /// Whether the stage cannot be completed without it.
    #[serde(default)]
    pub required: bool,
    /// Whether it stays met once it was.
    #[serde(default)]
    pub once: bool,
    /// Its share beside the other criteria.
    #[serde(default = "one")]
    pub weight: i64,
}

const fn one() -> i64 {
    1
}

/// A task that entering the stage makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyAction {
    /// Names it within its stage.
    pub key: String,
    /// Its words: the task's title.
    pub label: Label,
    /// Who does it.
    pub owner: OwnerRole,
    /// Due so many days after the stage begins.
    pub due_days: i64,
    /// Whether those are business days.
    #[serde(default)]
    pub business: bool,
    /// How urgent.
    pub priority: Priority,
}

/// A milestone that entering the stage makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MilestonePlan {
    /// Names it within its stage.
    pub key: String,
    /// Its words.
    pub title: Label,
    /// Due so many days after the stage begins.
    pub day: i64,
    /// What missing it would cost.
    pub impact: Impact,
    /// Whether missing it puts the journey at risk.
    #[serde(default)]
    pub critical: bool,
}

/// A part of the journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stage {
    /// Names it within the template.
    pub key: String,
    /// Its name.
    pub label: Label,
    /// What it is about.
    #[serde(default)]
    pub description: Label,
    /// How long it is planned to take, in days.
    pub planned_days: i64,
    /// Conditions of success.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// What has to be done.
    #[serde(default)]
    pub actions: Vec<KeyAction>,
    /// What has to be reached.
    #[serde(default)]
    pub milestones: Vec<MilestonePlan>,
}

/// What criteria and key actions weigh in a stage's progress; 100 together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Weights {
    /// Criteria met.
    pub criteria: i64,
    /// Key actions done.
    pub actions: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { criteria: 70, actions: 30 }
    }
}

/// A journey as it is planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// Its name.
    pub name: Label,
    /// The segment that it is for; none is for everybody without one of their own.
    #[serde(default)]
    pub segment: Option<String>,
    /// What happens when a stage is done.
    pub advance: Advance,
    /// A client without progress for so many days is stalled.
    pub stalled_after_days: i64,
    /// What criteria and actions weigh.
    pub weights: Weights,
    /// The stages, in their order.
    pub stages: Vec<Stage>,
}

/// A template with its expressions compiled for a day: by stage and criterion, none for manual ones.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is planned.
    pub template: Template,
    /// The rules.
    pub rules: Vec<Vec<Option<Rule>>>,
}

impl Plan {
    /// Compiles a template that was checked once; a rule that no longer reads (its own field was deleted) never holds.
    pub fn of(template: Template, catalogue: &Catalogue, moment: &Moment) -> Plan {
        let rule = |text: &String| {
            let rule = Read::text(text).and_then(|read| read.compile(catalogue, moment));
            rule.unwrap_or(Rule::Any(Vec::new()))
        };
        let stage = |stage: &Stage| stage.criteria.iter().map(|c| c.expression.as_ref().map(rule)).collect();
        let rules = template.stages.iter().map(stage).collect();
        Plan { template, rules }
    }

    /// Refuses criteria that wait for a key action that there is not, or for one of two that share a key: `journey.done`
    /// knows no stages, so the first would never hold, and the other too soon.
    fn check_actions(&self) -> Result<(), Invalid> {
        let stages = self.template.stages.iter().enumerate();
        let known: Vec<(&str, String)> = stages
            .flat_map(|(i, stage)| {
                let at = move |j: usize| format!("stages[{i}].actions[{j}].key");
                stage.actions.iter().enumerate().map(move |(j, action)| (action.key.as_str(), at(j)))
            })
            .collect();
        for (i, rules) in self.rules.iter().enumerate() {
            for (j, rule) in rules.iter().enumerate() {
                let mut waited = Vec::new();
                rule.iter().for_each(|rule| actions_of(rule, &mut waited));
                for key in waited {
                    let mut found = known.iter().filter(|(known, _)| *known == key);
                    if found.next().is_none() {
                        let field = format!("stages[{i}].criteria[{j}].expression");
                        let refused = Invalid::field(Code::JourneyActionUnknown, field).with("value", key);
                        let keys: Vec<&str> = known.iter().map(|(key, _)| *key).collect();
                        return Err(refused.with("expected", keys.join(", ")));
                    }
                    if let Some((_, field)) = found.next() {
                        return Err(Invalid::field(Code::JourneyKeyDuplicate, field.as_str()).with("value", key));
                    }
                }
            }
        }
        Ok(())
    }

    /// The facts that its rules read.
    pub fn sources(&self) -> BTreeSet<Source> {
        let mut out = Vec::new();
        self.rules.iter().flatten().flatten().for_each(|rule| rule.sources(&mut out));
        out.into_iter().collect()
    }
}

/// The key actions that a rule waits for.
fn actions_of<'a>(rule: &'a Rule, out: &mut Vec<&'a str>) {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| actions_of(rule, out)),
        Rule::Not(rule) => actions_of(rule, out),
        Rule::Is(Source::Known(Known::JourneyDone), _, Test::Has(key) | Test::HasNot(key)) => out.push(key),
        Rule::Is(..) => {}
    }
}

/// Facts that a journey itself decides, or helps to decide: a criterion that read them could chase its own tail.
const CIRCULAR: [Known; 9] = [
    Known::Stage,
    Known::JourneyStatus,
    Known::JourneyProgress,
    Known::Health,
    Known::HealthClass,
    Known::Coverage,
    Known::AtRisk,
    Known::TopRisk,
    // Retention is an opportunity that the risk makes.
    Known::OpenOpportunities,
];

/// Whether a criterion may ask for a fact.
pub fn may_measure(source: Source) -> bool {
    !matches!(source, Source::Known(known) if CIRCULAR.contains(&known))
}

impl Template {
    /// The stage of a key, with its place.
    pub fn stage(&self, key: &str) -> Option<(usize, &Stage)> {
        self.stages.iter().enumerate().find(|(_, stage)| stage.key == key)
    }

    /// Refuses what cannot be followed, naming the field and what would be right; returns it trimmed and complete.
    pub fn checked(&self, catalogue: &Catalogue, moment: &Moment) -> Result<Template, Invalid> {
        let mut out = self.clone();
        out.name = self.name.title("name")?;
        out.segment = self.segment.as_deref().map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned);
        range(self.stalled_after_days, "stalledAfterDays", 1, MAX_DAYS)?;
        let Weights { criteria, actions } = self.weights;
        range(criteria, "weights.criteria", 0, 100)?;
        range(actions, "weights.actions", 0, 100)?;
        if criteria + actions != 100 {
            return Err(Invalid::field(Code::JourneyWeightsSum, "weights").with("sum", criteria + actions));
        }
        if self.stages.is_empty() {
            return Err(Invalid::field(Code::JourneyNoStage, "stages"));
        }
        few(self.stages.len(), MAX_STAGES, "stages")?;
        unique(self.stages.iter().map(|stage| stage.key.as_str()), "stages")?;
        let stages = self.stages.iter().enumerate();
        out.stages = stages
            .map(|(i, stage)| stage.checked(&format!("stages[{i}]"), catalogue, moment))
            .collect::<Result<_, _>>()?;
        Plan::of(out.clone(), catalogue, moment).check_actions()?;
        Ok(out)
    }
}

impl Stage {
    fn checked(&self, field: &str, catalogue: &Catalogue, moment: &Moment) -> Result<Stage, Invalid> {
        let at = |name: &str| format!("{field}.{name}");
        let mut out = self.clone();
        if !(1..=MAX_DAYS).contains(&self.planned_days) {
            let refused = Invalid::field(Code::JourneyDuration, at("plannedDays"));
            return Err(refused.with("value", self.planned_days).with("min", 1).with("max", MAX_DAYS));
        }
        out.label = self.label.title(&at("label"))?;
        out.description = self.description.checked(&at("description"), MAX_DESCRIPTION, false)?;
        few(self.criteria.len(), MAX_ITEMS, &at("criteria"))?;
        few(self.actions.len(), MAX_ITEMS, &at("actions"))?;
        few(self.milestones.len(), MAX_ITEMS, &at("milestones"))?;
        unique(self.criteria.iter().map(|item| item.key.as_str()), &at("criteria"))?;
        unique(self.actions.iter().map(|item| item.key.as_str()), &at("actions"))?;
        unique(self.milestones.iter().map(|item| item.key.as_str()), &at("milestones"))?;
        for (i, criterion) in out.criteria.iter_mut().enumerate() {
            criterion.check(&at(&format!("criteria[{i}]")), catalogue, moment)?;
        }
        for (i, action) in out.actions.iter_mut().enumerate() {
            let field = at(&format!("actions[{i}]"));
            action.label = action.label.title(&format!("{field}.label"))?;
            range(action.due_days, &format!("{field}.dueDays"), 0, MAX_DAYS)?;
        }
        for (i, milestone) in out.milestones.iter_mut().enumerate() {
            let field = at(&format!("milestones[{i}]"));
            milestone.title = milestone.title.title(&format!("{field}.title"))?;
            let day = format!("{field}.day");
            if milestone.day < 0 {
                return Err(Invalid::field(Code::JourneyMilestoneEarly, day).with("value", milestone.day));
            }
            if milestone.day > self.planned_days {
                let refused = Invalid::field(Code::JourneyMilestoneLate, day).with("value", milestone.day);
                return Err(refused.with("max", self.planned_days));
            }
        }
        Ok(out)
    }
}

impl Criterion {
    fn check(&mut self, field: &str, catalogue: &Catalogue, moment: &Moment) -> Result<(), Invalid> {
        self.label = self.label.title(&format!("{field}.label"))?;
        range(self.weight, &format!("{field}.weight"), 1, 100)?;
        self.expression = self.expression.take().filter(|text| !text.trim().is_empty());
        let Some(text) = &self.expression else { return Ok(()) };
        let field = format!("{field}.expression");
        let read = Read::text(text).map_err(|refused| refused.with("field", field.as_str()))?;
        let rule = read.compile(catalogue, moment).map_err(|refused| refused.with("field", field.as_str()))?;
        let mut sources = Vec::new();
        rule.sources(&mut sources);
        // Nothing asked holds for everybody.
        if sources.is_empty() {
            return Err(Invalid::field(Code::FieldRequired, field));
        }
        for source in sources {
            if let (Source::Known(known), false) = (source, may_measure(source)) {
                return Err(Invalid::field(Code::JourneyFactCircular, field).with("fact", known.key()));
            }
        }
        self.expression = Some(read.expression.text());
        Ok(())
    }
}

fn range(value: i64, field: &str, min: i64, max: i64) -> Result<(), Invalid> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Invalid::field(Code::FieldRange, field).with("value", value).with("min", min).with("max", max))
}

fn few(count: usize, max: usize, field: &str) -> Result<(), Invalid> {
    if count <= max { Ok(()) } else { Err(Invalid::field(Code::ListTooLong, field).with("max", max)) }
}

/// Keys are short words of the API, and each stands once.
fn unique<'a>(keys: impl Iterator<Item = &'a str>, field: &str) -> Result<(), Invalid> {
    let mut seen = BTreeSet::new();
    for (i, key) in keys.enumerate() {
        let field = format!("{field}[{i}].key");
        let letters = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let first = key.starts_with(|c: char| c.is_ascii_lowercase());
        if !letters || !first || key.len() > 40 || key == COMPLETED {
            return Err(Invalid::field(Code::JourneyKey, field).with("value", key));
        }
        if !seen.insert(key) {
            return Err(Invalid::field(Code::JourneyKeyDuplicate, field).with("value", key));
        }
    }
    Ok(())
}
