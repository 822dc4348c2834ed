//! What looking at journeys needs of a workspace, read once for many clients.

use super::templates::Templates;
use crate::clients::Language;
use crate::error::Result;
use crate::notifications::member_of;
use chrono::{DateTime, Days, NaiveDate, Utc};
use essor_domain::identity::Role;
use essor_domain::journey::{KeyAction, OwnerRole, Plan, Template};
use essor_domain::time::business_days_after;
use essor_store::identity::members::{self, MemberRow};
use essor_store::identity::users;
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::journey::settings;
use essor_store::{Conn, Workspace};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A workspace as journeys see it.
pub(super) struct Ground {
    pub workspace: Workspace,
    pub templates: Templates,
    pub plans: HashMap<(Uuid, i32), Plan>,
    pub language: Language,
    pub holidays: BTreeSet<NaiveDate>,
    pub members: Vec<MemberRow>,
    pub auto_start: bool,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    locales: HashMap<Uuid, String>,
}

impl Ground {
    /// Reads it.
    pub async fn read(conn: &impl Conn, row: &WorkspaceRow, now: DateTime<Utc>) -> Result<Ground> {
        let workspace = Workspace(row.id);
        let language = Language::read(conn, row, now).await?;
        let templates = Templates::load(conn, workspace).await?;
        let plans = templates
            .all()
            .iter()
            .map(|v| ((v.id, v.version), Plan::of(v.template.clone(), &language.catalogue, &language.moment)))
            .collect();
        let members = members::list(conn, workspace).await?;
        let people: Vec<Uuid> = members.iter().map(|member| member.user_id).collect();
        Ok(Ground {
            workspace,
            templates,
            plans,
            holidays: settings::holidays(conn, workspace).await?.into_iter().map(|(day, _)| day).collect(),
            locales: users::locales(conn, &people).await?,
            members,
            auto_start: settings::auto_start(conn, workspace).await?,
            today: language.moment.today,
            now,
            language,
        })
    }

    /// A workspace of one template and nobody, on a day.
    #[cfg(test)]
    pub fn of_one(template: Template, today: NaiveDate) -> Ground {
        let workspace = Workspace(Uuid::from_u128(7));
        let moment = essor_domain::expressions::Moment { today, zone: chrono_tz::UTC };
        let language = Language { catalogue: essor_domain::expressions::Catalogue::with([]), moment };
        let plan = Plan::of(template.clone(), &language.catalogue, &language.moment);
        Ground {
            workspace,
            templates: Templates::of_one(workspace, template),
            plans: HashMap::from([((workspace.0, 0), plan)]),
            holidays: BTreeSet::new(),
            locales: HashMap::new(),
            members: Vec::new(),
            auto_start: true,
            today,
            now: today.and_time(chrono::NaiveTime::MIN).and_utc(),
            language,
        }
    }

    /// When a key action of a stage that begins on a day is due.
    pub fn due(&self, action: &KeyAction, begins: NaiveDate) -> NaiveDate {
        let days = action.due_days.max(0);
        if action.business {
            return business_days_after(begins, u16::try_from(days).unwrap_or(u16::MAX), &self.holidays);
        }
        begins + Days::new(days.unsigned_abs())
    }

    /// Who is to do a key action for a client whose owner is this: a manager where one is asked for.
    pub fn who(&self, role: OwnerRole, owner: Option<&str>) -> Option<Uuid> {
        let manager = || {
            let is = |member: &&MemberRow| Role::parse(&member.role).is_ok_and(|role| role == Role::Manager);
            self.members.iter().find(is).map(|member| member.user_id)
        };
        let in_charge = || member_of(&self.members, owner).map(|member| member.user_id);
        match role {
            OwnerRole::InCharge | OwnerRole::Client => in_charge(),
            OwnerRole::Managers => manager().or_else(in_charge),
        }
    }

    /// Why a client is moved with a version of its template, in the language of [`Ground::locale`].
    pub fn version_reason(&self, template: &Template, version: i32) -> String {
        let locale = self.locale(None);
        let name = template.name.of(locale);
        match locale {
            Some(locale) if locale.starts_with("en") => format!("Version {version} of the template “{name}”"),
            _ => format!("Version {version} du modèle «\u{202f}{name}\u{202f}»"),
        }
    }

    /// The language of a person, else that of the workspace's first owner who chose one.
    pub fn locale(&self, person: Option<Uuid>) -> Option<&str> {
        let owner = || {
            let owners = self.members.iter().filter(|member| member.role == Role::Owner.as_str());
            owners.map(|member| &member.user_id).find_map(|id| self.locales.get(id))
        };
        person.and_then(|id| self.locales.get(&id)).or_else(owner).map(String::as_str)
    }
}
