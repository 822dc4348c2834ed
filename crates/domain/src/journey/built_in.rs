//! The built-in template: five stages, fifteen criteria, fifteen key actions. A workspace copies or edits it.

use super::milestones::Impact;
use super::template::{Advance, Criterion, KeyAction, Label, MilestonePlan, OwnerRole, Stage, Template, Weights};
use crate::tasks::Priority;

/// Key, French, English, expression, required, once.
type Wanted = (&'static str, &'static str, &'static str, &'static str, bool, bool);
/// Key, French, English, who, due days, whether business days.
type Done = (&'static str, &'static str, &'static str, OwnerRole, i64, bool);

struct Part {
    key: &'static str,
    label: (&'static str, &'static str),
    description: (&'static str, &'static str),
    days: i64,
    criteria: [Wanted; 3],
    actions: [Done; 3],
    milestone: (&'static str, &'static str, &'static str, Impact, bool),
}

use OwnerRole::{Client, InCharge, Managers};

const PARTS: [Part; 5] = [
    Part {
        key: "onboarding",
        label: ("Onboarding", "Onboarding"),
        description: ("Mise en place et formation", "Set-up and training"),
        days: 30,
        criteria: [
            ("training", "Formation terminée", "Training completed", "journey.done has \"user_training\"", true, true),
            (
                "first_project",
                "Premier projet lancé",
                "First project launched",
                "usage.features_30d >= 2 and usage.active_days_30d >= 3",
                true,
                true,
            ),
            (
                "autonomous",
                "Équipe autonome",
                "Team autonomous",
                "usage.active_users_30d >= 2 and usage.active_days_30d >= 8",
                true,
                false,
            ),
        ],
        actions: [
            ("kickoff", "Réunion de lancement", "Kick-off meeting", InCharge, 3, true),
            ("user_training", "Formation des utilisateurs", "User training", InCharge, 10, true),
            ("technical_setup", "Configuration technique", "Technical set-up", Client, 10, true),
        ],
        milestone: ("go_live", "Mise en service", "Go-live", Impact::High, true),
    },
    Part {
        key: "adoption",
        label: ("Adoption", "Adoption"),
        description: ("Montée en compétence, usage régulier", "Growing skill, regular use"),
        days: 60,
        criteria: [
            ("daily_use", "Usage quotidien", "Daily use", "usage.active_days_30d >= 20", true, false),
            ("positive_roi", "ROI positif", "Positive ROI", "client.roi >= 1", false, false),
            (
                "satisfaction",
                "Satisfaction supérieure à 80 %",
                "Satisfaction above 80%",
                "survey.csat_mean_90d >= 80",
                false,
                false,
            ),
        ],
        actions: [
            ("weekly_follow_up", "Suivi hebdomadaire", "Weekly follow-up", InCharge, 5, true),
            ("optimisations", "Optimisations", "Optimisations", InCharge, 30, false),
            ("advanced_training", "Formation avancée", "Advanced training", InCharge, 40, false),
        ],
        milestone: ("regular_use", "Usage régulier confirmé", "Regular use confirmed", Impact::Medium, false),
    },
    Part {
        key: "growth",
        label: ("Croissance", "Growth"),
        description: ("Élargissement de l’usage", "Wider use"),
        days: 90,
        criteria: [
            ("extended_use", "Usage étendu", "Extended use", "usage.features_30d >= 5", true, false),
            ("new_teams", "Nouvelles équipes", "New teams", "usage.active_users_30d >= 5", false, false),
            (
                "optimised_processes",
                "Processus optimisés",
                "Optimised processes",
                "journey.done has \"performance_review\" and journey.done has \"new_features\"",
                true,
                true,
            ),
        ],
        actions: [
            ("performance_review", "Revue de performance", "Performance review", InCharge, 30, false),
            ("new_features", "Nouvelles fonctionnalités", "New features", InCharge, 45, false),
            ("scale_up", "Montée en charge", "Scale-up", InCharge, 75, false),
        ],
        milestone: ("business_review", "Bilan avec la direction", "Executive business review", Impact::High, true),
    },
    Part {
        key: "expansion",
        label: ("Expansion", "Expansion"),
        description: ("Nouveaux départements", "New departments"),
        days: 120,
        criteria: [
            (
                "departments",
                "Plusieurs départements",
                "Several departments",
                "usage.active_users_30d >= 10",
                true,
                false,
            ),
            ("roi_doubled", "ROI × 2", "ROI × 2", "client.roi >= 2", false, false),
            ("advocacy_begun", "Recommandation amorcée", "Advocacy begun", "nps >= 9", false, true),
        ],
        actions: [
            ("wider_rollout", "Déploiement élargi", "Wider roll-out", InCharge, 45, false),
            ("manager_training", "Formation des managers", "Manager training", InCharge, 60, false),
            ("success_stories", "Témoignages de réussite", "Success stories", Managers, 100, false),
        ],
        milestone: (
            "second_department",
            "Deuxième département équipé",
            "Second department live",
            Impact::Medium,
            false,
        ),
    },
    Part {
        key: "advocacy",
        label: ("Advocacy", "Advocacy"),
        description: ("Client ambassadeur", "Ambassador client"),
        days: 60,
        criteria: [
            ("testimonial", "Témoignage public", "Public testimonial", "tags has \"testimonial\"", false, true),
            ("referral", "Recommandation d’un prospect", "Referral", "tags has \"referral\"", false, true),
            ("case_study", "Étude de cas", "Case study", "journey.done has \"case_study\"", true, true),
        ],
        actions: [
            ("case_study", "Étude de cas", "Case study", Managers, 30, false),
            ("events", "Participation à un événement", "Events", InCharge, 45, false),
            ("partnership", "Partenariat", "Partnership", Managers, 55, false),
        ],
        milestone: ("ambassador", "Client ambassadeur", "Ambassador client", Impact::Low, false),
    },
];

impl Template {
    /// What everybody starts from.
    pub fn built_in() -> Template {
        let criterion = |&(key, fr, en, expression, required, once): &Wanted| Criterion {
            key: key.to_owned(),
            label: Label::new(fr, en),
            expression: Some(expression.to_owned()),
            required,
            once,
            weight: 1,
        };
        let action = |&(key, fr, en, owner, due_days, business): &Done| KeyAction {
            key: key.to_owned(),
            label: Label::new(fr, en),
            owner,
            due_days,
            business,
            priority: Priority::Normal,
        };
        let stage = |part: &Part| {
            let (key, fr, en, impact, critical) = part.milestone;
            Stage {
                key: part.key.to_owned(),
                label: Label::new(part.label.0, part.label.1),
                description: Label::new(part.description.0, part.description.1),
                planned_days: part.days,
                criteria: part.criteria.iter().map(criterion).collect(),
                actions: part.actions.iter().map(action).collect(),
                milestones: vec![MilestonePlan {
                    key: key.to_owned(),
                    title: Label::new(fr, en),
                    day: part.days,
                    impact,
                    critical,
                }],
            }
        };
        Template {
            name: Label::new("Parcours client", "Client journey"),
            segment: None,
            advance: Advance::Auto,
            stalled_after_days: 21,
            weights: Weights::default(),
            stages: PARTS.iter().map(stage).collect(),
        }
    }
}
