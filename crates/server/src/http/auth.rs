//! Who a request comes from: the session's cookie, an API token or a write key; and whether a browser sent it on behalf
//! of another site.

use super::error::Failure;
use super::trail::Sent;
use super::{Shared, State};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State as Extract};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use essor_app::identity::{self, SESSION_DAYS, Workspace};
use essor_app::{Actor, App};
use essor_domain::Code;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use uuid::Uuid;

/// Who calls: a signed-in person (cookie) or an API token (`Authorization: Bearer`). A request that shows a token is
/// judged by it alone, whatever cookie comes along.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

/// A source of usage, by its write key: user name of Basic authentication (as Segment's libraries send it) or Bearer.
#[derive(Debug, Clone, Copy)]
pub struct WriteKey {
    /// The workspace that the events are for.
    pub workspace: Workspace,
    /// The key.
    pub token_id: Uuid,
}

/// The token of the session that the caller is signed in with: for what changes the session itself. An API token has
/// none, even if a cookie comes along with it. It says nothing alone: take a [`Caller`] beside it.
#[derive(Clone)]
pub struct SessionToken(pub String);

/// The token in the session's cookie, if one was sent; it may be over.
#[derive(Clone)]
pub struct SentSession(pub Option<String>);

/// The operations as this request calls them: for signing in and out, which have no [`Caller`].
pub struct Visited(pub App);

/// The address of the client: the one behind a trusted proxy, else the peer's.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<State> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let sent = Sent::of(&parts.extensions);
        let app = state.app.on(sent.trail.clone());
        let actor = match bearer(&parts.headers) {
            Some(token) => identity::token_actor(&app, token).await?,
            None => {
                let token = session_token(&parts.headers, state.secure_cookies).ok_or(Code::IdentityNotSignedIn)?;
                identity::session_actor(&app, token).await?
            }
        };
        sent.called(&actor);
        Ok(Caller(actor))
    }
}

impl FromRequestParts<State> for Visited {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        Ok(Visited(state.app.on(Sent::of(&parts.extensions).trail)))
    }
}

impl FromRequestParts<State> for WriteKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let key = bearer(&parts.headers).map(str::to_owned).or_else(|| basic_user(&parts.headers));
        let key = key.ok_or(Code::UsageKeyInvalid)?;
        let scope = identity::write_key(&state.app, &key).await?;
        Ok(WriteKey { workspace: scope.workspace, token_id: scope.token_id })
    }
}

impl FromRequestParts<State> for SessionToken {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failure> {
        let sent = session_token(&parts.headers, state.secure_cookies).filter(|_| bearer(&parts.headers).is_none());
        Ok(SessionToken(sent.ok_or(Code::IdentityNotSignedIn)?.to_owned()))
    }
}

impl FromRequestParts<State> for SentSession {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        Ok(SentSession(session_token(&parts.headers, state.secure_cookies).map(str::to_owned)))
    }
}

impl FromRequestParts<State> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        Ok(ClientAddress(client_address(&parts.extensions, &parts.headers, state.trusted_proxy)))
    }
}

/// The address of the client. Without a peer (a socket that has none) everybody counts as one address: strict rather
/// than unlimited.
pub(super) fn client_address(extensions: &Extensions, headers: &HeaderMap, trusted_proxy: bool) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if trusted_proxy { forwarded_for(headers).unwrap_or(peer) } else { peer }
}

/// The address that the trusted proxy saw: the last one, which it has appended itself. Those before it are the client's
/// word.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// The credentials of an `Authorization` header of one scheme. Another scheme is not for us: a proxy in front may have
/// its own Basic authentication.
fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (given, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    authorization(headers, "bearer")
}

fn basic_user(headers: &HeaderMap) -> Option<String> {
    let decoded = STANDARD.decode(authorization(headers, "basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split(':').next().unwrap_or_default().to_owned())
}

/// The cookie's name. Browsers keep a `__Host-` cookie only from HTTPS, without a domain and for the whole site, so no
/// neighbouring host can plant one; loopback without HTTPS has to do without.
const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-essor_session" } else { "essor_session" }
}

fn session_token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == cookie_name(secure) && !value.is_empty())
        .map(|(_, value)| value)
}

/// The `Set-Cookie` that keeps a session's token for as long as the session lasts.
pub fn session_cookie(token: &str, secure: bool) -> HeaderValue {
    cookie(token, SESSION_DAYS * 24 * 60 * 60, secure)
}

/// The `Set-Cookie` that removes it.
pub fn no_session_cookie(secure: bool) -> HeaderValue {
    cookie("", 0, secure)
}

fn cookie(value: &str, seconds: i64, secure: bool) -> HeaderValue {
    let name = cookie_name(secure);
    let flag = if secure { "; Secure" } else { "" };
    // Lax and not Strict: a link from an e-mail to a client's page must find its reader signed in.
    HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{flag}"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// Refuses what a browser sends for another site: requests that change something and carry, or would set, the session's
/// cookie. A bearer token, `/v1` and `/hooks` are exempt: no browser adds their credentials by itself.
///
/// Use with `axum::middleware::from_fn_with_state` around all routes.
pub async fn csrf(Extract(state): Shared, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let signs = Signs {
        changes: !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS),
        exempt: bearer(headers).is_some() || is_exempt(request.uri().path()),
        cookie: session_token(headers, state.secure_cookies).is_some(),
        fetch_site: text("sec-fetch-site"),
        origin: text(ORIGIN.as_str()),
        // HTTP/2 has the host in the address.
        host: text(HOST.as_str()).or(request.uri().authority().map(|authority| authority.as_str())),
        public_url: &state.app.public_url,
        secure: state.secure_cookies,
    };
    if signs.may_pass() { next.run(request).await } else { Failure::from(Code::CrossSite).into_response() }
}

fn is_exempt(path: &str) -> bool {
    path.starts_with("/v1/") || path.starts_with("/hooks/")
}

/// What a request shows of where it comes from.
struct Signs<'a> {
    changes: bool,
    exempt: bool,
    cookie: bool,
    fetch_site: Option<&'a str>,
    origin: Option<&'a str>,
    host: Option<&'a str>,
    public_url: &'a str,
    secure: bool,
}

impl Signs<'_> {
    fn may_pass(&self) -> bool {
        if !self.changes || self.exempt {
            return true;
        }
        match (self.fetch_site, self.origin) {
            (Some(site), _) => matches!(site, "same-origin" | "none"),
            (None, Some(origin)) => self.is_ours(origin),
            // No browser of today. It may sign in, which takes what no browser would add; with a cookie it may not act.
            (None, None) => !self.cookie,
        }
    }

    /// Whether an origin is this server's: the host asked for, or the public address when a proxy changes the host.
    fn is_ours(&self, origin: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        if origin.eq_ignore_ascii_case(origin_of(self.public_url)) {
            return true;
        }
        let scheme_fits = if self.secure { scheme == "https" } else { matches!(scheme, "http" | "https") };
        scheme_fits && self.host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
    }
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or(url, |end| &url[..start + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_str(value).expect("a header"));
        }
        map
    }

    #[test]
    fn identity_requests_of_other_sites_are_refused() {
        const OURS: &str = "https://essor.example";
        #[rustfmt::skip]
        let table = [
            // changes, exempt, cookie, Sec-Fetch-Site, Origin, passes
            (false, false, true, Some("cross-site"), Some("https://evil.example"), true),
            (true, false, true, Some("same-origin"), Some(OURS), true),
            (true, false, true, Some("same-origin"), Some("http://localhost:5173"), true),
            (true, false, true, Some("none"), None, true),
            (true, false, true, Some("same-site"), Some(OURS), false),
            (true, false, true, Some("cross-site"), None, false),
            (true, false, true, Some("unreadable"), Some(OURS), false),
            (true, false, true, None, Some(OURS), true),
            (true, false, true, None, Some("https://ESSOR.example"), true),
            (true, false, true, None, Some("https://public.example"), true),
            (true, false, true, None, Some("http://essor.example"), false),
            (true, false, true, None, Some("https://essor.example.evil.example"), false),
            (true, false, true, None, Some("https://essor.example:8443"), false),
            (true, false, true, None, Some("null"), false),
            (true, false, true, None, None, false),
            (true, false, false, None, None, true),
            (true, false, false, Some("cross-site"), None, false),
            (true, false, false, None, Some("https://evil.example"), false),
            (true, true, true, Some("cross-site"), Some("https://evil.example"), true),
        ];
        for (changes, exempt, cookie, fetch_site, origin, passes) in table {
            let signs = Signs {
                changes,
                exempt,
                cookie,
                fetch_site,
                origin,
                host: Some("essor.example"),
                public_url: "https://public.example/app",
                secure: true,
            };
            assert_eq!(signs.may_pass(), passes, "{changes} {exempt} {cookie} {fetch_site:?} {origin:?}");
        }
    }

    #[test]
    fn identity_only_ingestion_and_hooks_are_exempt() {
        assert!(is_exempt("/v1/batch") && is_exempt("/hooks/abc"));
        assert!(!is_exempt("/api/v1/session") && !is_exempt("/v1") && !is_exempt("/hooksX"));
    }

    #[test]
    fn identity_the_cookie_fits_its_connection() {
        assert_eq!(
            session_cookie("abc", true),
            "__Host-essor_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(no_session_cookie(false), "essor_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        let sent = headers(&[("cookie", "a=b; essor_session=plain"), ("cookie", "__Host-essor_session=safe; c")]);
        assert_eq!(session_token(&sent, true), Some("safe"));
        assert_eq!(session_token(&sent, false), Some("plain"));
        assert_eq!(session_token(&headers(&[("cookie", "essor_session=")]), false), None);
        assert_eq!(session_token(&headers(&[("cookie", "essor_session=plain")]), true), None);
    }

    #[test]
    fn identity_credentials_are_read_from_their_scheme() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer essor_api_x")])), Some("essor_api_x"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic eDp5")])), None);
        assert_eq!(basic_user(&headers(&[("authorization", "Basic ZXNzb3Jfa2V5X3g6")])), Some("essor_key_x".into()));
        assert_eq!(basic_user(&headers(&[("authorization", "Basic !")])), None);
        assert_eq!(basic_user(&headers(&[("authorization", "Basic")])), None);
    }

    #[test]
    fn identity_the_proxys_word_is_the_last_one() {
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        assert_eq!(forwarded_for(&headers(&[("x-forwarded-for", "203.0.113.9, 198.51.100.7")])), ip("198.51.100.7"));
        let two = headers(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "[2001:db8::1]:443")]);
        assert_eq!(forwarded_for(&two), ip("2001:db8::1"));
        assert_eq!(forwarded_for(&headers(&[("x-forwarded-for", "unknown")])), None);
        assert_eq!(forwarded_for(&headers(&[])), None);
    }
}
