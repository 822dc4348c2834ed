//! Risks and opportunities of a journey that people add.

use super::start::Opened;
use crate::error::{Error, Result};
use crate::events::{DomainEvent, emit};
use crate::{Actor, App};
use essor_domain::identity::Action;
use essor_domain::tasks::check_note;
use essor_domain::{Code, Invalid};
use essor_store::journey::notes::{self as store, NoteRow};
use serde_json::json;
use uuid::Uuid;

/// Adds a risk or an opportunity.
pub async fn add_note(
    app: &App,
    actor: &Actor,
    client: Uuid,
    kind: &str,
    text: &str,
    stage: Option<&str>,
) -> Result<NoteRow> {
    let workspace = actor.require(Action::WriteClients)?;
    if !["risk", "opportunity"].contains(&kind) {
        return Err(Invalid::field(Code::FieldType, "kind").with("expected", "risk, opportunity").into());
    }
    let text = check_note(text, "text")?.ok_or_else(|| Invalid::field(Code::FieldRequired, "text"))?;
    let opened = Opened::known(app, workspace, client).await?;
    if let Some(stage) = stage
        && opened.case.plan(&opened.ground).and_then(|plan| plan.template.stage(stage)).is_none()
    {
        return Err(Invalid::field(Code::JourneyStageUnknown, "stage").with("value", stage).into());
    }
    let note = NoteRow {
        id: Uuid::now_v7(),
        kind: kind.to_owned(),
        stage: stage.map(str::to_owned),
        text,
        user_id: actor.user_id(),
        user_name: actor.user_id().map(|_| actor.name.clone()),
        created_at: opened.ground.now,
    };
    store::insert(&opened.tx, workspace, client, &note).await?;
    emit(&opened.tx, workspace, opened.ground.now, &[DomainEvent::JourneyChanged(vec![client])]).await?;
    let entry = opened.entry("journey.note").with(json!({"kind": note.kind, "text": note.text}));
    opened.close(actor, entry).await?;
    Ok(note)
}

/// Takes one away.
pub async fn remove_note(app: &App, actor: &Actor, client: Uuid, id: Uuid) -> Result<()> {
    let workspace = actor.require(Action::WriteClients)?;
    let opened = Opened::known(app, workspace, client).await?;
    if !store::delete(&opened.tx, workspace, client, id).await? {
        return Err(Error::not_found());
    }
    emit(&opened.tx, workspace, opened.ground.now, &[DomainEvent::JourneyChanged(vec![client])]).await?;
    let entry = opened.entry("journey.note_delete");
    opened.close(actor, entry).await
}
