//! The interface inside the binary: hashed files are cached for ever, the page itself never.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Whether the interface was built into this binary.
pub fn present() -> bool {
    Files::get("index.html").is_some()
}

/// Serves a file of the interface, or its page for every path that is one of its own.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path).filter(|_| !path.is_empty()) {
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return answer(&file, cache, &headers);
    }
    // A missing file is missing; anything else is a page of the interface.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) || path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get("index.html") {
        Some(page) => answer(&page, "no-cache", &headers),
        None => (
            StatusCode::NOT_FOUND,
            "The interface is not built into this binary. Run `make build`, or use the API under /api/v1.",
        )
            .into_response(),
    }
}

fn answer(file: &rust_embed::EmbeddedFile, cache: &'static str, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = Response::new(Body::from(file.data.to_vec()));
    let kind = file.metadata.mimetype();
    // Module scripts and styles are text in UTF-8.
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    let set = response.headers_mut();
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        set.insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(header::ETAG, tag);
    }
    response
}
