//! All routes, and the layers around them.

use super::{
    MAX_BODY, State, audit, auth, client_erasures, client_files, client_keeping, client_notes, client_people,
    client_signals, clients, clients_bulk, clients_export, clients_fields, clients_reassign, clients_table,
    clients_views, cohorts, connectors, demo, forecast, growth, health, health_profiles, identity, ingestion, journey,
    live, notifications, objectives, opportunities, opportunities_matrix, ops, request_id, spend, survey_page, surveys,
    surveys_results, tasks, trail, usage, writes,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Radix's scroll lock writes a style element; PNG export draws through a data image. No other origin is reached.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Essor",
        description = "The API of Essor, a self-hosted client-growth cockpit. Authenticate with `Authorization: Bearer <token>`. Amounts are integer cents of the reporting currency unless a currency stands beside; days are YYYY-MM-DD in the workspace's zone; instants are RFC 3339 in UTC. Refusals carry a stable code: `{\"error\":{\"code\",\"params\",\"requestId\"}}`.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(super::error::Problem))
)]
struct Api;

fn api() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Api::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(identity::routes())
            .merge(growth::routes())
            .merge(objectives::routes())
            .merge(spend::routes())
            .merge(cohorts::routes())
            .merge(forecast::routes())
            .merge(clients::routes())
            .merge(writes::routes())
            .merge(health::routes())
            .merge(health_profiles::routes())
            .merge(usage::routes())
            .merge(live::routes())
            .merge(demo::routes())
            .merge(audit::routes())
            .merge(opportunities::routes())
            .merge(journey::routes())
            .merge(tasks::routes())
            .merge(notifications::routes())
            .merge(clients_table::routes())
            .merge(clients_fields::routes())
            .merge(clients_views::routes())
            .merge(clients_bulk::routes())
            .merge(clients_reassign::routes())
            .merge(opportunities_matrix::routes())
            .merge(client_keeping::routes())
            .merge(client_erasures::routes())
            .merge(client_files::routes())
            .merge(clients_export::routes())
            .merge(connectors::routes())
            .merge(surveys::routes())
            .merge(surveys_results::routes())
            .merge(client_notes::routes())
            .merge(client_signals::routes())
            .merge(client_people::routes()),
    )
}

/// The OpenAPI description, from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().split_for_parts().1
}

/// The whole service.
pub fn router(state: State) -> Router {
    let (api, description) = api().split_for_parts();
    let description = description.to_pretty_json().unwrap_or_default();
    // A stream must not wait in a compressor, and small answers gain nothing.
    let compressed = DefaultPredicate::new().and(NotForContentType::new("text/event-stream"));
    let secure = state.secure_cookies;
    let always = |name: header::HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let router = Router::new()
        .merge(api)
        .merge(ingestion::routes())
        .merge(ops::routes())
        .merge(survey_page::routes())
        .route(
            "/api/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], description).into_response() }),
        )
        .route("/api/{*rest}", axum::routing::any(missing))
        .route("/v1/{*rest}", axum::routing::any(missing))
        .fallback(crate::assets::serve)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(state.clone(), trail::layer))
        .layer(middleware::from_fn_with_state(state.clone(), auth::csrf))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(always(header::CONTENT_SECURITY_POLICY, CSP))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(request_id::layer))
        .with_state(state);
    if secure { router.layer(always(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { router }
}

async fn missing() -> super::error::Failure {
    essor_domain::Code::NotFound.into()
}

/// A fault of ours is answered like any other, and logged; it never takes the process down.
fn panicked(cause: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default();
    super::error::Failure(essor_app::Error::Internal(format!("panic: {text}"))).into_response()
}
