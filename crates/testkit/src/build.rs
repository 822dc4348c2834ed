//! Builders of what sources send: the required fields in the call, the others by [`Build::with`].

use serde_json::{Value, json};

/// An object under construction.
#[derive(Debug, Clone)]
pub struct Build(Value);

impl Build {
    /// The same with one more field.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0[key] = value.into();
        self
    }

    /// The same for a client, by `context.groupId`.
    #[must_use]
    pub fn of(self, group: &str) -> Self {
        self.with("context", json!({"groupId": group}))
    }

    /// The same at a time.
    #[must_use]
    pub fn at(self, timestamp: &str) -> Self {
        self.with("timestamp", timestamp)
    }
}

impl From<Build> for Value {
    fn from(build: Build) -> Value {
        build.0
    }
}

/// A client account.
pub fn client(id: &str) -> Build {
    Build(json!({"externalId": id, "name": format!("Client {id}")}))
}

/// A person at a client.
pub fn contact(id: &str, client: &str) -> Build {
    Build(json!({"externalId": id, "clientExternalId": client}))
}

/// A monthly subscription.
pub fn subscription(id: &str, client: &str, start: &str, cents: i64) -> Build {
    Build(json!({
        "externalId": id, "clientExternalId": client, "product": "Suite", "startDate": start, "amountCents": cents
    }))
}

/// A signal of a kind.
pub fn signal(kind: &str, id: &str, client: &str, at: &str, data: Value) -> Build {
    Build(json!({"kind": kind, "messageId": id, "clientExternalId": client, "occurredAt": at, "data": data}))
}

/// A use of the product.
pub fn track(id: &str, user: &str, event: &str) -> Build {
    Build(json!({"type": "track", "messageId": id, "userId": user, "event": event}))
}

/// Who a user is.
pub fn identify(id: &str, user: &str, traits: Value) -> Build {
    Build(json!({"type": "identify", "messageId": id, "userId": user, "traits": traits}))
}

/// Which client a user belongs to.
pub fn group(id: &str, user: &str, group: &str) -> Build {
    Build(json!({"type": "group", "messageId": id, "userId": user, "groupId": group}))
}

/// The body of `/v1/batch`.
pub fn batch(messages: impl IntoIterator<Item = Build>) -> Value {
    json!({"batch": messages.into_iter().map(Value::from).collect::<Vec<_>>()})
}
