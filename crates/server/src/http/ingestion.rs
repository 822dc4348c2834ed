//! The Segment-compatible endpoints: bytes in, an answer after the commit.

use super::auth::WriteKey;
use super::error::{Answer, Failure};
use super::json::body as read_all;
use super::{Shared, State};
use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderMap, header};
use axum::routing::post;
use essor_app::usage::{Endpoint, MAX_BATCH_BYTES, read_body};
use essor_domain::{Code, Invalid};
use serde::Serialize;
use std::io::Read;

/// The endpoints under `/v1`, as Segment names them.
pub fn routes() -> Router<State> {
    let one = |kind: &'static str| {
        post(move |state: Shared, key: WriteKey, request: Request| receive(state, key, request, Endpoint::One(kind)))
    };
    let batch = || post(|state: Shared, key: WriteKey, request: Request| receive(state, key, request, Endpoint::Batch));
    Router::new()
        .route("/v1/batch", batch())
        .route("/v1/import", batch())
        .route("/v1/track", one("track"))
        .route("/v1/identify", one("identify"))
        .route("/v1/group", one("group"))
        .route("/v1/page", one("page"))
        .route("/v1/screen", one("screen"))
        .route("/v1/alias", one("alias"))
}

/// The SDKs look at `success`; the counts are for people.
#[derive(Debug, Serialize)]
struct Received {
    success: bool,
    accepted: i64,
    duplicates: i64,
    quarantined: i64,
}

async fn receive(
    Extract(state): Shared,
    key: WriteKey,
    request: Request,
    endpoint: Endpoint,
) -> Answer<axum::Json<Received>> {
    let received_at = state.app.clock.now();
    let encoding = encoding(request.headers());
    let bytes = read_all(request, &state).await?;
    let body = match encoding {
        Encoding::Plain => bytes,
        Encoding::Gzip => gunzip(&bytes)?.into(),
        Encoding::Other(name) => {
            return Err(Invalid::new(Code::BadRequest).with("detail", format!("Content-Encoding {name}")).into());
        }
    };
    let items = read_body(endpoint, &body, received_at)?;
    let outcome = state.ingestor.ingest(key.workspace, key.token_id, items).await?;
    super::metrics::ingested(outcome);
    Ok(axum::Json(Received {
        success: true,
        accepted: outcome.accepted,
        duplicates: outcome.duplicates,
        quarantined: outcome.quarantined,
    }))
}

enum Encoding {
    Plain,
    Gzip,
    Other(String),
}

/// Bytes are read whatever the content type says: RudderStack's SDK sends gzip JSON as a form.
fn encoding(headers: &HeaderMap) -> Encoding {
    match headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).map(str::trim) {
        None | Some("" | "identity") => Encoding::Plain,
        Some(name) if name.eq_ignore_ascii_case("gzip") => Encoding::Gzip,
        Some(name) => Encoding::Other(name.chars().take(40).collect()),
    }
}

/// Unzips at most the limit: a bomb is refused before it fills the memory.
fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::with_capacity(bytes.len().saturating_mul(4).min(MAX_BATCH_BYTES));
    flate2::read::MultiGzDecoder::new(bytes)
        .take(MAX_BATCH_BYTES as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| Failure::from(Code::UsageGzipInvalid))?;
    if out.len() > MAX_BATCH_BYTES {
        return Err(Invalid::new(Code::TooLarge).with("max", MAX_BATCH_BYTES).into());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let _ = encoder.write_all(bytes);
        encoder.finish().unwrap_or_default()
    }

    #[test]
    fn a_bomb_is_refused() {
        assert_eq!(gunzip(&gzip(b"{}")).ok().as_deref(), Some(&b"{}"[..]));
        let bomb = gzip(&vec![b' '; MAX_BATCH_BYTES * 20]);
        assert!(bomb.len() < 1024 * 1024);
        assert!(matches!(gunzip(&bomb), Err(Failure(error)) if error.code() == Code::TooLarge));
        assert!(matches!(gunzip(b"not gzip"), Err(Failure(error)) if error.code() == Code::UsageGzipInvalid));
    }
}
