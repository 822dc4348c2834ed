//! Requests over the wire, and their answers with status and JSON.

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody that is known.
    Nobody,
    /// A signed-in person in a browser, by the session's token.
    Session(String),
    /// A program with an API token.
    Token(String),
    /// A source with a write key.
    Key(String),
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as JSON; null when it is none.
    pub json: Value,
    /// The body as text.
    pub text: String,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// What was asked, for messages.
    asked: String,
}

impl Answer {
    /// Sends a request and reads its whole answer.
    pub async fn to(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let (client, request) = request.build_split();
        let request = request?;
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = client.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status, json, text, headers, asked })
    }

    /// The body, when the answer is a success.
    #[track_caller]
    pub fn good(self) -> Value {
        assert!(self.status.is_success(), "{} answered {}: {}", self.asked, self.status, self.text);
        self.json
    }

    /// Refused with this status and code; returns the parameters.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let found = (self.status.as_u16(), self.code());
        assert_eq!(found, (status, code), "{} answered {}", self.asked, self.text);
        assert!(
            !self.json["error"]["requestId"].as_str().unwrap_or_default().is_empty(),
            "no request id: {}",
            self.text
        );
        self.json["error"]["params"].clone()
    }

    /// The refusal's code; empty when it is none.
    pub fn code(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// The session that the answer began, from its cookie.
    #[track_caller]
    pub fn session(&self) -> Who {
        let cookie = self.headers.get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = cookie.strip_prefix("essor_session=").and_then(|rest| rest.split(';').next()).unwrap_or_default();
        assert!(!token.is_empty(), "{} began no session: {} {}", self.asked, self.status, self.text);
        Who::Session(token.to_owned())
    }
}

/// A request to a path of the service: under `/api/v1` unless it is one of the service's other roots.
pub(crate) fn request(client: &Client, base: &str, who: &Who, method: Method, path: &str) -> RequestBuilder {
    let own_root = ["/v1/", "/api/", "/s/", "/livez", "/readyz", "/metrics"].iter().any(|root| path.starts_with(root));
    let prefix = if own_root { "" } else { "/api/v1" };
    let request = client.request(method, format!("{base}{prefix}{path}"));
    match who {
        Who::Nobody => request,
        Who::Session(token) => {
            request.header("cookie", format!("essor_session={token}")).header("sec-fetch-site", "same-origin")
        }
        Who::Token(token) => request.bearer_auth(token),
        Who::Key(key) => request.basic_auth(key, Some("")),
    }
}
