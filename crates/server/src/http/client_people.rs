//! The people at a client: read, and written by hand.

use super::auth::Caller;
use super::clients::Items;
use super::error::Answer;
use super::json::{Id, Ids, Json, given, parse};
use super::{Shared, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use essor_app::clients::{self as app, Person};
use essor_domain::clients::ContactPatch;
use essor_domain::identity::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The endpoints of this file.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove)).routes(routes!(restore))
}

/// A person at a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ContactBody {
    id: Uuid,
    external_id: String,
    name: Option<String>,
    email: Option<String>,
    /// champion, decision_maker, user, billing, technical, executive_sponsor or detractor; older ones may have another word.
    role: Option<String>,
    /// What they do there.
    title: Option<String>,
    /// The day on which they left the client.
    left_on: Option<NaiveDate>,
    /// given or refused; null while nobody has said.
    consent: Option<String>,
    consent_on: Option<NaiveDate>,
    /// Their last NPS answer, 0–10.
    nps: Option<f64>,
    nps_at: Option<DateTime<Utc>>,
    last_seen_at: Option<DateTime<Utc>>,
}

impl From<Person> for ContactBody {
    fn from(Person { contact: c, nps }: Person) -> Self {
        ContactBody {
            id: c.id,
            external_id: c.external_id,
            name: c.name,
            email: c.email,
            role: c.role,
            title: c.title,
            left_on: c.left_on,
            consent: c.consent,
            consent_on: c.consent_on,
            nps: nps.map(|(score, _)| score),
            nps_at: nps.map(|(_, at)| at),
            last_seen_at: c.last_seen_at,
        }
    }
}

/// The people at a client, the last seen first.
#[utoipa::path(get, path = "/clients/{id}/contacts", operation_id = "client_contacts", tag = "clients", params(("id" = Uuid, Path)), responses((status = 200, body = Items<ContactBody>)))]
async fn list(Extract(state): Shared, Caller(actor): Caller, Id(id): Id) -> Answer<Json<Items<ContactBody>>> {
    let items = app::people(&state.app, &actor, id).await?;
    Ok(Json(Items { items: items.into_iter().map(Into::into).collect() }))
}

/// What is said of a person; null empties a field, left out it stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ContactForm {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    role: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    title: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    left_on: Option<Option<NaiveDate>>,
    /// given, refused or unknown.
    #[serde(default)]
    consent: Option<String>,
    /// Since when; today when left out.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    consent_on: Option<Option<NaiveDate>>,
}

impl From<ContactForm> for ContactPatch {
    fn from(form: ContactForm) -> Self {
        ContactPatch {
            name: form.name,
            email: form.email,
            role: form.role,
            title: form.title,
            left_on: form.left_on,
            consent: form.consent,
            consent_on: form.consent_on,
        }
    }
}

/// Writes a new person at a client: a name or an e-mail address has to be said.
#[utoipa::path(post, path = "/clients/{id}/contacts", operation_id = "create_contact", tag = "clients", params(("id" = Uuid, Path)), request_body = ContactForm, responses((status = 201, body = ContactBody), (status = 422, body = super::error::Problem)))]
async fn create(
    Extract(state): Shared,
    Caller(actor): Caller,
    Id(id): Id,
    body: Bytes,
) -> Answer<(StatusCode, Json<ContactBody>)> {
    actor.require(Action::WriteClients)?;
    let form: ContactForm = parse(&body)?;
    Ok((StatusCode::CREATED, Json(app::add_person(&state.app, &actor, id, &form.into()).await?.into())))
}

/// Changes a person.
#[utoipa::path(patch, path = "/clients/{id}/contacts/{contactId}", operation_id = "change_contact", tag = "clients", params(("id" = Uuid, Path), ("contactId" = Uuid, Path)), request_body = ContactForm, responses((status = 200, body = ContactBody), (status = 422, body = super::error::Problem)))]
async fn change(
    Extract(state): Shared,
    Caller(actor): Caller,
    Ids(id, contact): Ids,
    body: Bytes,
) -> Answer<Json<ContactBody>> {
    actor.require(Action::WriteClients)?;
    let form: ContactForm = parse(&body)?;
    Ok(Json(app::change_person(&state.app, &actor, id, contact, &form.into()).await?.into()))
}

/// Takes a person away; they can be had back for thirty days. A source that names them again brings them back too.
#[utoipa::path(delete, path = "/clients/{id}/contacts/{contactId}", operation_id = "delete_contact", tag = "clients", params(("id" = Uuid, Path), ("contactId" = Uuid, Path)), responses((status = 204)))]
async fn remove(Extract(state): Shared, Caller(actor): Caller, Ids(id, contact): Ids) -> Answer<StatusCode> {
    app::remove_person(&state.app, &actor, id, contact).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a person back who was taken away.
#[utoipa::path(post, path = "/clients/{id}/contacts/{contactId}/restore", operation_id = "restore_contact", tag = "clients", params(("id" = Uuid, Path), ("contactId" = Uuid, Path)), responses((status = 204)))]
async fn restore(Extract(state): Shared, Caller(actor): Caller, Ids(id, contact): Ids) -> Answer<StatusCode> {
    app::restore_person(&state.app, &actor, id, contact).await?;
    Ok(StatusCode::NO_CONTENT)
}
