//! Counters in Prometheus' text form.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds of the latency histogram, in milliseconds.
const BOUNDS: [u64; 8] = [5, 10, 25, 50, 100, 250, 1_000, 5_000];

static BUCKETS: [AtomicU64; 9] = [const { AtomicU64::new(0) }; 9];
static MICROS: AtomicU64 = AtomicU64::new(0);
static BY_CLASS: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];
static EVENTS: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

/// Counts an answered request.
pub fn observe(status: u16, took: Duration) {
    let ms = took.as_millis() as u64;
    let bucket = BOUNDS.iter().position(|bound| ms <= *bound).unwrap_or(BOUNDS.len());
    BUCKETS[bucket].fetch_add(1, Relaxed);
    MICROS.fetch_add(took.as_micros() as u64, Relaxed);
    BY_CLASS[usize::from(status / 100).min(5)].fetch_add(1, Relaxed);
}

/// Counts ingested messages.
pub fn ingested(outcome: essor_app::usage::Outcome) {
    for (counter, n) in EVENTS.iter().zip([outcome.accepted, outcome.duplicates, outcome.quarantined]) {
        counter.fetch_add(n.unsigned_abs(), Relaxed);
    }
}

/// All counters; `queue_seconds` is the age of the oldest job that is due.
pub fn render(queue_seconds: f64) -> String {
    let mut out = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{text}");
    };
    line(format_args!("# TYPE essor_http_requests_total counter"));
    for (class, counter) in BY_CLASS.iter().enumerate().skip(1) {
        line(format_args!("essor_http_requests_total{{class=\"{class}xx\"}} {}", counter.load(Relaxed)));
    }
    line(format_args!("# TYPE essor_http_request_seconds histogram"));
    let mut sum = 0;
    for (i, counter) in BUCKETS.iter().enumerate() {
        sum += counter.load(Relaxed);
        match BOUNDS.get(i) {
            Some(ms) => {
                line(format_args!("essor_http_request_seconds_bucket{{le=\"{}\"}} {sum}", *ms as f64 / 1000.0));
            }
            None => line(format_args!("essor_http_request_seconds_bucket{{le=\"+Inf\"}} {sum}")),
        }
    }
    line(format_args!("essor_http_request_seconds_sum {}", MICROS.load(Relaxed) as f64 / 1e6));
    line(format_args!("essor_http_request_seconds_count {sum}"));
    line(format_args!("# TYPE essor_events_total counter"));
    for (name, counter) in ["accepted", "duplicate", "quarantined"].iter().zip(&EVENTS) {
        line(format_args!("essor_events_total{{outcome=\"{name}\"}} {}", counter.load(Relaxed)));
    }
    line(format_args!("# TYPE essor_jobs_oldest_due_seconds gauge"));
    line(format_args!("essor_jobs_oldest_due_seconds {queue_seconds}"));
    out
}
