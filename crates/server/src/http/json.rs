//! Bodies and lists: read with coded refusals, written with cursors.

use super::error::Failure;
use super::trail::Sent;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use essor_domain::{Code, Invalid};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

/// A JSON body; a bad one is refused with the place and the reason.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = body(request, state).await?;
        parse(&bytes).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// An answer with the version of its state, as `ETag`.
#[derive(Debug)]
pub struct Tagged<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, format!("\"{}\"", self.0))], axum::Json(self.1)).into_response()
    }
}

/// The version that `If-Match` names, without its quotes; `*` stands for any.
pub fn if_match(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::IF_MATCH)?.to_str().ok()?.trim();
    Some(value.strip_prefix("W/").unwrap_or(value).trim_matches('"'))
}

/// The whole body, within the limit.
pub async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    let sent = Sent::of(request.extensions());
    let bytes = Bytes::from_request(request, state).await.map_err(|rejected| {
        if rejected.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Failure::from(Invalid::new(Code::TooLarge).with("max", super::MAX_BODY))
        } else {
            Failure::from(Invalid::new(Code::BadRequest).with("detail", rejected.body_text()))
        }
    })?;
    sent.said(&bytes);
    Ok(bytes)
}

/// Reads JSON; the refusal names the line and column.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| refused(&error))
}

fn refused(error: &serde_json::Error) -> Failure {
    let detail: String = error.to_string().chars().take(200).collect();
    let field = detail.split('`').nth(1).unwrap_or("body").to_owned();
    Invalid::field(Code::BadRequest, field).with("detail", detail).into()
}

/// A field that is there, be it null, as against one left out.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// One item or a list of them.
#[derive(Debug)]
pub struct OneOrMany<T>(pub Vec<T>);

/// Reads one object or a list; a list's refusal names the item.
pub fn parse_many<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, Failure> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        return parse::<T>(bytes).map(|item| vec![item]);
    }
    let raw: Vec<&serde_json::value::RawValue> = parse_borrowed(bytes)?;
    let mut out = Vec::with_capacity(raw.len());
    for (i, item) in raw.iter().enumerate() {
        out.push(serde_json::from_str(item.get()).map_err(|error| match refused(&error) {
            Failure(essor_app::Error::Invalid(invalid)) => Failure::from(invalid.inside(&format!("items[{i}]"))),
            other => other,
        })?);
    }
    Ok(out)
}

fn parse_borrowed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| refused(&error))
}

/// A query string; a bad one is refused with its reason.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // No text that PostgreSQL could hold has one.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Invalid::new(Code::BadRequest).with("detail", "NUL in the query").into());
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|query| Query(query.0))
            .map_err(|rejected| Invalid::new(Code::BadRequest).with("detail", rejected.body_text()).into())
    }
}

/// A path parameter that is an id; anything else names nothing.
#[derive(Debug)]
pub struct Id(pub uuid::Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|text| text.0.parse().ok());
        id.map(Id).ok_or_else(|| Code::NotFound.into())
    }
}

/// Two path parameters that are ids: a thing, and a thing of it.
#[derive(Debug)]
pub struct Ids(pub uuid::Uuid, pub uuid::Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let ids = path.ok().and_then(|text| Some((text.0.0.parse().ok()?, text.0.1.parse().ok()?)));
        ids.map(|(id, other)| Ids(id, other)).ok_or_else(|| Code::NotFound.into())
    }
}

/// A cursor: opaque to the caller, JSON inside.
pub fn write_cursor<T: Serialize>(value: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

/// Reads a cursor that [`write_cursor`] wrote.
pub fn read_cursor<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, Failure> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Failure::from(Code::CursorInvalid))?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| Code::CursorInvalid.into())
}

/// How many rows a page has: what was asked for, within 1 and 200.
pub fn limit(asked: Option<i64>) -> i64 {
    asked.unwrap_or(50).clamp(1, 200)
}
