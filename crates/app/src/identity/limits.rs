//! Login limits: failures of the last quarter of an hour, per account and per address.
//!
//! They are kept in memory: a restart forgets them, which costs an attacker more time than it gives. An attempt counts
//! before its password is checked and is taken back when it was right, so that many at once do not slip through.

use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use essor_domain::{Code, Invalid};
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

const WINDOW: Duration = Duration::minutes(15);
const PER_ACCOUNT: usize = 10;
const PER_ADDRESS: usize = 50;
/// From how many entries on the ones that are over are swept out.
const SWEEP: usize = 10_000;

/// Counts attempts to sign in. Share one for all requests of a server.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<Key, VecDeque<DateTime<Utc>>>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    Address(IpAddr),
}

impl Key {
    fn most(&self) -> usize {
        match self {
            Key::Account(_) => PER_ACCOUNT,
            Key::Address(_) => PER_ADDRESS,
        }
    }
}

/// An attempt under way: a failure unless it is taken back.
#[derive(Debug)]
pub(super) struct Attempt {
    keys: [Key; 2],
    at: DateTime<Utc>,
}

impl Limits {
    /// Counts an attempt, or refuses it and says when to come back. A refused attempt does not count: who waits gets
    /// in.
    pub(super) fn attempt(&self, email: &str, address: IpAddr, now: DateTime<Utc>) -> Result<Attempt> {
        let keys = [Key::Account(email.to_owned()), Key::Address(network(address))];
        let mut seen = self.lock();
        if seen.len() >= SWEEP {
            seen.retain(|_, times| times.back().is_some_and(|at| *at > now - WINDOW));
        }
        let mut wait = None;
        for key in &keys {
            if let Some(times) = seen.get_mut(key) {
                times.retain(|at| *at > now - WINDOW);
                if times.len() >= key.most() {
                    // The attempt that has to leave the window first for one more to fit.
                    wait = wait.max(times.get(times.len() - key.most()).map(|at| *at + WINDOW - now));
                }
            }
        }
        if let Some(wait) = wait {
            let seconds = (wait.num_milliseconds() + 999) / 1000;
            return Err(Invalid::new(Code::IdentityTooManyAttempts).with("retryAfterSeconds", seconds.max(1)).into());
        }
        for key in &keys {
            seen.entry(key.clone()).or_default().push_back(now);
        }
        Ok(Attempt { keys, at: now })
    }

    /// The password was right: clears the account, and takes the attempt back from the address. The address's other
    /// failures stay, or an attacker with one account of their own could clear them.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        self.lock().remove(&attempt.keys[0]);
        self.take_back(attempt);
    }

    /// The attempt came to no answer: it was no failure of the person.
    pub(super) fn take_back(&self, attempt: &Attempt) {
        let mut seen = self.lock();
        for key in &attempt.keys {
            if let Some(times) = seen.get_mut(key)
                && let Some(index) = times.iter().position(|at| *at == attempt.at)
            {
                times.remove(index);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<DateTime<Utc>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What counts as one address: of IPv6 the /64, because a household has all of it.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("an instant")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn wait(result: Result<Attempt>) -> Option<i64> {
        match result {
            Ok(_) => None,
            Err(Error::Invalid(invalid)) => invalid.params["retryAfterSeconds"].as_i64(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn identity_an_account_is_limited_in_a_sliding_window() {
        let (limits, here) = (Limits::default(), ip("192.0.2.1"));
        for n in 0..10 {
            assert_eq!(wait(limits.attempt("ada@x", here, at(n * 10))), None);
        }
        assert_eq!(wait(limits.attempt("ada@x", here, at(100))), Some(800));
        assert_eq!(wait(limits.attempt("ada@x", ip("192.0.2.9"), at(100))), Some(800), "from anywhere");
        assert_eq!(wait(limits.attempt("bob@x", here, at(100))), None, "another account is free");
        assert_eq!(wait(limits.attempt("ada@x", here, at(899))), Some(1));
        assert_eq!(wait(limits.attempt("ada@x", here, at(900))), None, "the first one has left the window");
        assert_eq!(wait(limits.attempt("ada@x", here, at(901))), Some(9));
    }

    #[test]
    fn identity_success_clears_the_account_and_not_the_address() {
        let (limits, here) = (Limits::default(), ip("192.0.2.1"));
        for n in 0..9 {
            assert_eq!(wait(limits.attempt("ada@x", here, at(n))), None);
        }
        let right = limits.attempt("ada@x", here, at(9)).expect("the tenth");
        limits.succeeded(&right);
        assert_eq!(limits.lock()[&Key::Address(here)].len(), 9);
        assert_eq!(wait(limits.attempt("ada@x", here, at(10))), None);
        for n in 0..40 {
            assert_eq!(wait(limits.attempt(&format!("{n}@x"), here, at(20))), None);
        }
        assert_eq!(wait(limits.attempt("new@x", here, at(20))), Some(880), "fifty of one address");
        assert_eq!(wait(limits.attempt("new@x", ip("192.0.2.2"), at(20))), None);
    }

    #[test]
    fn identity_ipv6_counts_by_network() {
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), network(ip("2001:db8:1:2::1")));
        assert_ne!(network(ip("2001:db8:1:2::1")), network(ip("2001:db8:1:3::1")));
        assert_eq!(network(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    }

    #[test]
    fn identity_an_attempt_without_answer_is_taken_back() {
        let (limits, here) = (Limits::default(), ip("192.0.2.1"));
        let attempt = limits.attempt("ada@x", here, at(0)).expect("the first");
        limits.take_back(&attempt);
        assert!(limits.lock().values().all(VecDeque::is_empty));
    }
}
