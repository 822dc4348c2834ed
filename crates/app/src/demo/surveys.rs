//! The demo's survey: the NPS answers of its last half year, and people who were asked and have not answered.

use crate::clients::{Filter, Language};
use crate::error::Result;
use crate::{App, secrets};
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use essor_domain::surveys::{self as rules, CONTACT_DAYS, LINK_DAYS, Locale, SurveyKind};
use essor_domain::time::{day_in, parse_zone};
use essor_store::Workspace;
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::surveys::{self as store, Adopted, Answer, Asking, Survey};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Its name: one in each language would be two surveys.
const NAME: &str = "NPS";
/// The most people who have not answered.
const SILENT: i64 = 400;

/// Makes the survey out of the answers that the story has.
pub(super) async fn fill(app: &App, row: &WorkspaceRow) -> Result<()> {
    let (workspace, now) = (Workspace(row.id), app.clock.now());
    let zone = parse_zone(&row.timezone)?;
    let answers = store::nps_since(&app.db.primary(), workspace, now - Duration::days(CONTACT_DAYS)).await?;
    // One answer a person: the last.
    let last: BTreeMap<Uuid, Answer> = answers.into_iter().map(|answer| (answer.contact_id, answer)).collect();
    if last.is_empty() {
        return Ok(());
    }
    let mut people: Vec<Adopted> = last.into_values().map(|answer| answered(app, zone, &answer)).collect();
    let moment = Language::of(app, workspace).await?.moment;
    let asking = Asking {
        contacts: None,
        filter: Filter { moment: Some(moment), status: Some("active".into()), ..Filter::default() },
        silent: true,
        email: true,
        today: moment.today,
        since: now - Duration::days(CONTACT_DAYS),
    };
    let others = store::select(&app.db.primary(), workspace, &asking, SILENT).await?;
    // Every other one was asked, some weeks ago.
    let waiting = others.iter().step_by(2).enumerate();
    people.extend(waiting.map(|(n, person)| {
        let asked_at = now - Duration::days(5 + (n as i64 * 7) % 50);
        link(app, person.client_id, person.id, asked_at)
    }));
    let created_at = people.iter().map(|person| person.asked_at).min().unwrap_or(now);
    let survey = Survey {
        id: Uuid::now_v7(),
        name: NAME.into(),
        kind: SurveyKind::Nps.as_str().into(),
        question_fr: rules::question(SurveyKind::Nps, Locale::Fr).into(),
        question_en: rules::question(SurveyKind::Nps, Locale::En).into(),
        follow_fr: Some(rules::follow_up(Locale::Fr).into()),
        follow_en: Some(rules::follow_up(Locale::En).into()),
        is_open: true,
        created_at,
        updated_at: created_at,
    };
    let tx = app.db.begin().await?;
    store::save(&tx, workspace, &survey).await?;
    store::adopt(&tx, workspace, survey.id, &people).await?;
    Ok(tx.commit().await?)
}

fn link(app: &App, client_id: Uuid, contact_id: Uuid, asked_at: DateTime<Utc>) -> Adopted {
    let id = Uuid::now_v7();
    Adopted {
        id,
        client_id,
        contact_id,
        token_hash: secrets::hash(&app.secret.token(id)),
        asked_at,
        expires_at: asked_at + Duration::days(LINK_DAYS),
        answer: None,
    }
}

fn answered(app: &App, zone: Tz, answer: &Answer) -> Adopted {
    let at = answer.occurred_at;
    let asked = link(app, answer.client_id, answer.contact_id, at - Duration::days(2));
    Adopted { answer: Some((answer.score.round() as i32, answer.id, at, day_in(zone, at))), ..asked }
}
