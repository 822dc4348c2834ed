//! Waiting for a condition: looked at again and again until a deadline, never slept for.

use std::time::{Duration, Instant};

/// How long a condition may take. Generous, because a machine may be busy; a condition that comes true ends the wait.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `look` finds something; panics with `what` at the deadline.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited {} s in vain: {what}", DEADLINE.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
