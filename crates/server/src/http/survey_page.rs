//! The public page of a survey's link: written here, without a script, so that it works in any browser and asks nothing
//! of any other host. GET shows it and records nothing; POST records.

use super::auth::ClientAddress;
use super::{Shared, State};
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use essor_app::App;
use essor_app::surveys::{self as app, Opened, Standing};
use essor_domain::Code;
use essor_domain::surveys::Locale;
use serde::Deserialize;
use std::net::IpAddr;

mod html;

use html::{Page, form, message, stop_form};

/// The pages of this file.
pub fn routes() -> Router<State> {
    Router::new().route("/s/{token}", get(show).post(answer)).route("/s/{token}/stop", get(show_stop).post(stop))
}

/// What the address says beside the token.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    lang: Option<String>,
    score: Option<String>,
}

/// What the form says.
#[derive(Debug, Default, Deserialize)]
struct Given {
    lang: Option<String>,
    score: Option<String>,
    comment: Option<String>,
}

/// The language of a page: what the reader chose, else that of the person asked, else the browser's.
fn language(chosen: Option<&str>, opened: Option<&Opened>, headers: &HeaderMap) -> Locale {
    let theirs = || opened.and_then(|opened| opened.link.locale.as_deref()).and_then(Locale::parse);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen.and_then(Locale::parse).or_else(theirs).unwrap_or_else(|| Locale::of_browser(accepted))
}

fn page(status: StatusCode, html: String) -> Response {
    // An answer is nobody else's business.
    (status, [("x-robots-tag", "noindex, nofollow")], Html(html)).into_response()
}

/// A page, or the one that says why there is none.
struct Visit {
    opened: Opened,
    locale: Locale,
}

async fn visit(
    state: &State,
    address: IpAddr,
    token: &str,
    chosen: Option<&str>,
    headers: &HeaderMap,
) -> Result<Visit, Response> {
    let now = state.app.clock.now();
    let found = match state.answers.pass(address, now) {
        Ok(()) => app::open(&state.app, token).await,
        Err(refused) => Err(refused),
    };
    let opened = found.map_err(|error| failed(&error, chosen, headers, token))?;
    let locale = language(chosen, opened.as_ref(), headers);
    match opened {
        Some(opened) => Ok(Visit { opened, locale }),
        None => {
            let page_of = Page { locale, token, path: "", company: "" };
            Err(page(StatusCode::NOT_FOUND, message(&page_of, "unknown")))
        }
    }
}

/// The page of a refusal: what the link has become, or that one has to wait.
fn failed(error: &essor_app::Error, chosen: Option<&str>, headers: &HeaderMap, token: &str) -> Response {
    let locale = language(chosen, None, headers);
    let page_of = Page { locale, token, path: "", company: "" };
    match error.code() {
        Code::RateLimited => {
            let wait = error.params().get("retryAfterSeconds").and_then(|wait| wait.as_i64()).unwrap_or(60);
            let mut response = page(StatusCode::TOO_MANY_REQUESTS, message(&page_of, "busy"));
            response.headers_mut().insert(header::RETRY_AFTER, wait.max(1).into());
            response
        }
        Code::SurveysLinkOver => {
            let reason = error.params().get("reason").and_then(|reason| reason.as_str().map(str::to_owned));
            page(StatusCode::GONE, message(&page_of, reason.as_deref().unwrap_or("unknown")))
        }
        code => {
            tracing::error!(feature = "surveys", code = code.as_str(), %error, "a survey's page failed");
            page(StatusCode::SERVICE_UNAVAILABLE, message(&page_of, "failed"))
        }
    }
}

/// The page of a link; a score in its address is chosen beforehand and not sent.
async fn show(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let visit = match visit(&state, address, &token, asked.lang.as_deref(), &headers).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let page_of = Page { locale: visit.locale, token: &token, path: "", company: &visit.opened.link.workspace_name };
    if visit.opened.standing != Standing::Good {
        return page(StatusCode::GONE, message(&page_of, visit.opened.standing.as_str()));
    }
    let link = &visit.opened.link;
    let score = asked.score.as_deref().and_then(|text| text.parse().ok()).or(link.score);
    page(StatusCode::OK, form(&page_of, link, score, link.comment.as_deref(), None))
}

/// What was sent. What is no form of ours says nothing: the page then asks for the score.
type Filled = Result<Form<Given>, FormRejection>;

fn read(filled: Filled) -> Given {
    filled.map(|Form(given)| given).unwrap_or_default()
}

/// Records an answer.
async fn answer(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    headers: HeaderMap,
    filled: Filled,
) -> Response {
    let given = read(filled);
    let visit = match visit(&state, address, &token, given.lang.as_deref(), &headers).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let page_of = Page { locale: visit.locale, token: &token, path: "", company: &visit.opened.link.workspace_name };
    let link = &visit.opened.link;
    if visit.opened.standing != Standing::Good {
        return page(StatusCode::GONE, message(&page_of, visit.opened.standing.as_str()));
    }
    let score = given.score.as_deref().and_then(|text| text.trim().parse::<i32>().ok());
    let again = |why: &str| {
        let html = form(&page_of, link, score, given.comment.as_deref(), Some(why));
        page(StatusCode::UNPROCESSABLE_ENTITY, html)
    };
    let Some(score) = score else { return again("score") };
    match app::answer(&state.app, &token, score, given.comment.as_deref()).await {
        Ok(()) => page(StatusCode::OK, message(&page_of, if link.score.is_some() { "changed" } else { "thanks" })),
        Err(error) => match error.code() {
            Code::FieldRange => again("score"),
            Code::FieldTooLong => again("comment"),
            _ => failed(&error, given.lang.as_deref(), &headers, &token),
        },
    }
}

/// The page on which somebody says that they want no more letters.
async fn show_stop(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    match visit(&state, address, &token, asked.lang.as_deref(), &headers).await {
        Ok(visit) => {
            let company = &visit.opened.link.workspace_name;
            let page_of = Page { locale: visit.locale, token: &token, path: "/stop", company };
            if visit.opened.standing == Standing::Removed {
                return page(StatusCode::GONE, message(&page_of, "removed"));
            }
            page(StatusCode::OK, stop_form(&page_of, visit.opened.link.consent.as_deref() == Some("refused")))
        }
        Err(response) => response,
    }
}

/// Records that they want none. Mail programs send it by themselves when their reader says so (RFC 8058).
async fn stop(
    Extract(state): Shared,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    headers: HeaderMap,
    filled: Filled,
) -> Response {
    let given = read(filled);
    let visit = match visit(&state, address, &token, given.lang.as_deref(), &headers).await {
        Ok(visit) => visit,
        Err(response) => return response,
    };
    let company = &visit.opened.link.workspace_name;
    let page_of = Page { locale: visit.locale, token: &token, path: "/stop", company };
    let app: &App = &state.app;
    match app::stop(app, &token).await {
        Ok(()) => page(StatusCode::OK, message(&page_of, "stopped")),
        Err(error) => failed(&error, given.lang.as_deref(), &headers, &token),
    }
}
