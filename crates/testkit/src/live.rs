//! A page that listens to `/api/v1/live`.

use crate::wait::DEADLINE;
use reqwest::Response;
use serde_json::Value;

/// One server-sent message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Where to resume.
    pub id: Option<String>,
    /// `hello` or `change`.
    pub event: String,
    /// Its data.
    pub data: Value,
}

impl Message {
    /// Whether it tells of a kind of change.
    pub fn tells(&self, kind: &str) -> bool {
        self.data["kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
    }
}

/// A connection that stays open.
#[derive(Debug)]
pub struct Listener {
    response: Response,
    buffer: String,
}

impl Listener {
    pub(crate) fn new(response: Response) -> Self {
        assert!(response.status().is_success(), "the live stream answered {}", response.status());
        Listener { response, buffer: String::new() }
    }

    /// The next message; none when the server ends the stream. Panics when none comes in time.
    pub async fn next(&mut self) -> Option<Message> {
        let read = async {
            loop {
                if let Some(end) = self.buffer.find("\n\n") {
                    let block: String = self.buffer.drain(..end + 2).collect();
                    // Keep-alives are comments.
                    if let Some(message) = parse(&block) {
                        return Some(message);
                    }
                    continue;
                }
                let chunk = self.response.chunk().await.ok().flatten()?;
                self.buffer.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(DEADLINE, read).await.expect("a message on the live stream in time")
    }

    /// Reads on until a message tells of `kind`.
    pub async fn until(&mut self, kind: &str) -> Message {
        loop {
            let message = self.next().await.expect("the live stream stays open");
            if message.tells(kind) {
                return message;
            }
        }
    }
}

fn parse(block: &str) -> Option<Message> {
    let field = |name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(|value| value.trim().to_owned()))
    };
    let event = field("event")?;
    let data = serde_json::from_str(&field("data").unwrap_or_default()).unwrap_or(Value::Null);
    Some(Message { id: field("id"), event, data })
}
