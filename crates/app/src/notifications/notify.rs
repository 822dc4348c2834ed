//! Tells members of something, in the transaction that makes it true. The same event never tells anybody twice.

use crate::error::Result;
use chrono::{DateTime, Utc};
use essor_domain::clients::fold;
use essor_domain::identity::Role;
use essor_domain::notifications::Kind;
use essor_store::identity::members::{self, MemberRow};
use essor_store::notifications::{self as store, New};
use essor_store::{Tx, Workspace, events};
use serde_json::{Value, json};
use uuid::Uuid;

/// Something to tell.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What kind.
    pub kind: Kind,
    /// The client it is about.
    pub client: Option<Uuid>,
    /// The opportunity, task, invoice or objective it is about.
    pub subject: Option<Uuid>,
    /// Names the event: who was told of it is not told again.
    pub key: String,
    /// What the sentence `notifications.text.<kind>` needs.
    pub params: Value,
    /// Whom.
    pub to: To,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The member whose name or e-mail stands as the client's owner; without one, managers and above.
    InCharge,
    /// Managers and above.
    Managers,
    /// One person.
    Person(Uuid),
}

/// Tells members, each by their own preferences. Returns how many notifications are new. Costs four statements whatever
/// the number of notices; none without notices.
pub async fn notify(tx: &Tx, workspace: Workspace, now: DateTime<Utc>, notices: Vec<Notice>) -> Result<usize> {
    if notices.is_empty() {
        return Ok(0);
    }
    let members = members::list(tx, workspace).await?;
    let wishes = store::preferences(tx, workspace).await?;
    let clients: Vec<Uuid> = notices.iter().filter_map(|notice| notice.client).collect();
    let in_charge = store::in_charge(tx, workspace, &clients).await?;
    let mut items = Vec::new();
    for notice in notices {
        let owner = notice.client.and_then(|id| in_charge.get(&id)).and_then(|(_, owner)| owner.as_deref());
        let wanted = |user: &Uuid| *wishes.get(&(*user, notice.kind.as_str().to_owned())).unwrap_or(&true);
        for user_id in recipients(&members, notice.to, owner).into_iter().filter(wanted) {
            items.push(New {
                user_id,
                kind: notice.kind.as_str(),
                client_id: notice.client,
                subject_id: notice.subject,
                key: notice.key.clone(),
                params: notice.params.clone(),
            });
        }
    }
    let told = store::insert(tx, workspace, &items, now).await?;
    if told > 0 {
        events::append(tx, workspace, now, vec![("notifications", None, json!({"clients": []}))]).await?;
    }
    Ok(told)
}

/// The member that a client's owner names, by name or e-mail, accents and case aside.
pub(crate) fn member_of<'a>(members: &'a [MemberRow], owner: Option<&str>) -> Option<&'a MemberRow> {
    let owner = fold(owner.filter(|owner| !owner.trim().is_empty())?);
    members.iter().find(|m| fold(&m.email) == owner).or_else(|| members.iter().find(|m| fold(&m.name) == owner))
}

fn recipients(members: &[MemberRow], to: To, owner: Option<&str>) -> Vec<Uuid> {
    let managers = || {
        let may = |m: &&MemberRow| Role::parse(&m.role).is_ok_and(|role| role >= Role::Manager);
        members.iter().filter(may).map(|m| m.user_id).collect()
    };
    match to {
        To::Person(user) => members.iter().filter(|m| m.user_id == user).map(|m| m.user_id).collect(),
        To::Managers => managers(),
        To::InCharge => member_of(members, owner).map_or_else(managers, |m| vec![m.user_id]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u128, name: &str, email: &str, role: &str) -> MemberRow {
        MemberRow {
            user_id: Uuid::from_u128(n),
            email: email.into(),
            name: name.into(),
            role: role.into(),
            last_seen_at: None,
        }
    }

    #[test]
    fn the_one_in_charge_is_told_else_managers() {
        let people = [
            member(1, "Inès Morel", "ines@acme.example", "member"),
            member(2, "Marc", "marc@acme.example", "manager"),
            member(3, "Vera", "vera@acme.example", "viewer"),
            member(4, "Olga", "olga@acme.example", "owner"),
        ];
        let told = |to, owner| recipients(&people, to, owner).iter().map(Uuid::as_u128).collect::<Vec<_>>();
        for (owner, expected) in [
            (Some("Inès Morel"), vec![1]),
            (Some("ines morel"), vec![1]),
            (Some("VERA@acme.example"), vec![3]),
            (Some("Somebody Else"), vec![2, 4]),
            (Some("  "), vec![2, 4]),
            (None, vec![2, 4]),
        ] {
            assert_eq!(told(To::InCharge, owner), expected, "{owner:?}");
        }
        assert_eq!(told(To::Managers, Some("Inès Morel")), [2, 4]);
        assert_eq!(told(To::Person(Uuid::from_u128(3)), None), [3]);
        assert!(told(To::Person(Uuid::from_u128(9)), None).is_empty(), "no member");
    }
}
