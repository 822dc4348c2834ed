//! How often one address may use the public pages. Tokens cannot be guessed; this keeps somebody who tries from costing
//! much. It is kept in memory, like the limits of signing in.

use crate::error::Result;
use crate::identity::network;
use chrono::{DateTime, Duration, Utc};
use essor_domain::{Code, Invalid};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// So many requests a minute: a whole company behind one address may answer after the same letter.
const MOST: u32 = 120;
const WINDOW: Duration = Duration::seconds(60);
/// From how many addresses on those whose minute is over are swept out.
const SWEEP: usize = 10_000;

/// Counts requests by address. Share one for all requests of a server.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<IpAddr, (DateTime<Utc>, u32)>>);

impl Throttle {
    /// Counts a request, or refuses it and says when to come back.
    pub fn pass(&self, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SWEEP {
            seen.retain(|_, (began, _)| *began + WINDOW > now);
        }
        let (began, count) = seen.entry(network(address)).or_insert((now, 0));
        if *began + WINDOW <= now {
            (*began, *count) = (now, 0);
        }
        if *count >= MOST {
            let wait = (*began + WINDOW - now).num_seconds().max(1);
            return Err(Invalid::new(Code::RateLimited).with("retryAfterSeconds", wait).into());
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_address_has_so_many_requests_a_minute() {
        let throttle = Throttle::default();
        let now: DateTime<Utc> = "2026-06-17T12:00:00Z".parse().unwrap();
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..MOST {
            throttle.pass(one, now).unwrap();
        }
        let refused = throttle.pass(one, now + Duration::seconds(20)).err().unwrap();
        assert_eq!((refused.code(), &refused.params()["retryAfterSeconds"]), (Code::RateLimited, &40.into()));
        throttle.pass(other, now).unwrap();
        throttle.pass(one, now + WINDOW).unwrap();
    }
}
