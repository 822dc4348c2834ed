//! Counts events: rollups by day, who was there, last seen.

use super::apply::Run;
use crate::error::Result;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use essor_domain::time::{day_in, month_start};
use essor_store::usage::{self as store, NewEvent};
use essor_store::{clients, health};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

impl Run<'_> {
    /// Parked events whose user's client has become known.
    pub(super) async fn released(&mut self) -> Result<Vec<NewEvent>> {
        let newly: HashMap<String, Uuid> = self
            .users
            .iter()
            .filter(|(user, client)| {
                let known = self.known.users.get(&(self.workspace.0, (*user).clone())) == Some(*client);
                client.is_some() && (!known || self.renamed.contains(*user))
            })
            .filter_map(|(user, client)| Some((user.clone(), (*client)?)))
            .collect();
        Ok(store::unpark(self.tx, self.workspace, &newly).await?)
    }

    /// Notes what came after its day, before it is added to what stands. Imports are known on their own dates.
    async fn note_late(
        &self,
        counts: &[(Uuid, NaiveDate, String, i64)],
        marks: &BTreeMap<(String, Uuid, NaiveDate, String), i32>,
    ) -> Result<()> {
        let Some(today) = self.known_on else { return Ok(()) };
        let late: Vec<_> = counts.iter().filter(|(_, day, ..)| *day < today).cloned().collect();
        if late.is_empty() {
            return Ok(());
        }
        let this_month = month_start(today);
        // Today's bit is not late; earlier days of this month are.
        let past =
            |month: NaiveDate, bits: i32| if month == this_month { bits & ((1 << today.day0()) - 1) } else { bits };
        let late_marks: Vec<_> = marks
            .iter()
            .filter(|((event, ..), _)| event.is_empty())
            .map(|((_, client, month, user), bits)| (*client, *month, user.clone(), past(*month, *bits)))
            .filter(|(_, month, _, bits)| *month <= this_month && *bits != 0)
            .collect();
        health::late::add(self.tx, self.workspace, today, &late).await?;
        health::late::add_presence(self.tx, self.workspace, today, &late_marks).await?;
        Ok(())
    }

    /// Stores events and counts them: rollups, presence, last seen. Returns the clients touched.
    pub(super) async fn count(&mut self, events: Vec<NewEvent>) -> Result<BTreeSet<Uuid>> {
        let touched: BTreeSet<Uuid> = events.iter().map(|e| e.client_id).collect();
        let mut counts: BTreeMap<(Uuid, NaiveDate, String), i64> = BTreeMap::new();
        let mut marks: BTreeMap<(String, Uuid, NaiveDate, String), i32> = BTreeMap::new();
        let mut seen_clients: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
        let mut seen_people: HashMap<String, DateTime<Utc>> = HashMap::new();
        let mut fed: BTreeSet<(NaiveDate, bool)> = BTreeSet::new();
        for event in &events {
            let day = day_in(self.zone, event.occurred_at);
            let month = month_start(day);
            fed.insert((day, event.user_key.is_some()));
            if !self.known.months.contains(&utc_month(event.occurred_at)) {
                self.learnt.months.push(utc_month(event.occurred_at));
            }
            *counts.entry((event.client_id, day, event.event.clone())).or_default() += event.count;
            let at = seen_clients.entry(event.client_id).or_insert(event.occurred_at);
            *at = (*at).max(event.occurred_at);
            if let Some(user) = &event.user_key {
                let at = seen_people.entry(user.clone()).or_insert(event.occurred_at);
                *at = (*at).max(event.occurred_at);
                for name in [event.event.as_str(), ""] {
                    let hash = presence_hash(event.client_id, day, name, user);
                    if !self.known.presence.contains(&hash) {
                        self.learnt.presence.push(hash);
                        let bits = marks.entry((name.to_owned(), event.client_id, month, user.clone())).or_default();
                        *bits |= 1 << day.day0();
                    }
                }
            }
        }
        self.learnt.months.sort_unstable();
        self.learnt.months.dedup();
        for month in self.learnt.months.clone() {
            store::ensure_month(self.tx, month).await?;
        }
        store::insert(self.tx, self.workspace, events).await?;
        let counts: Vec<_> = counts.into_iter().map(|((client, day, event), n)| (client, day, event, n)).collect();
        self.note_late(&counts, &marks).await?;
        store::add_rollups(self.tx, self.workspace, counts).await?;
        let marks = marks.into_iter().map(|((event, client, month, user), bits)| (client, month, event, user, bits));
        store::add_presence(self.tx, self.workspace, marks.collect()).await?;
        self.seen(seen_clients, seen_people).await?;
        let mut news = Vec::new();
        for (day, has_users) in fed {
            let key = (self.workspace.0, day, has_users);
            if !self.known.fed.contains(&key) {
                let known_on = self.known_on.unwrap_or(day).max(day);
                news.push(("usage", day, known_on));
                news.extend(has_users.then_some(("licence", day, known_on)));
                self.learnt.fed.push(key);
            }
        }
        news.sort_unstable();
        news.dedup();
        health::feed(self.tx, self.workspace, &news).await?;
        Ok(touched)
    }

    /// Moves "last seen" forward, at most once a minute for each.
    async fn seen(
        &mut self,
        clients: HashMap<Uuid, DateTime<Utc>>,
        people: HashMap<String, DateTime<Utc>>,
    ) -> Result<()> {
        let due = |key: &(Uuid, String), at: &DateTime<Utc>| {
            self.known.seen.get(key).is_none_or(|last| *at - *last > clients::seen::EVERY)
        };
        let mut moved = Vec::new();
        for (client, at) in clients {
            let key = (self.workspace.0, format!("client {client}"));
            if due(&key, &at) {
                moved.push((client, at));
                self.learnt.seen.push((key, at));
            }
        }
        let mut people_moved = Vec::new();
        for (user, at) in people {
            let key = (self.workspace.0, format!("user {user}"));
            if due(&key, &at) {
                people_moved.push((user, at));
                self.learnt.seen.push((key, at));
            }
        }
        // One order for all writers: two of them never wait for each other.
        moved.sort_unstable();
        people_moved.sort_unstable();
        clients::seen::clients(self.tx, self.workspace, &moved).await?;
        clients::seen::contacts(self.tx, self.workspace, &people_moved).await?;
        Ok(())
    }
}

fn utc_month(at: DateTime<Utc>) -> NaiveDate {
    month_start(at.date_naive())
}

fn presence_hash(client: Uuid, day: NaiveDate, event: &str, user: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(client.as_bytes());
    hasher.update(&day.num_days_from_ce().to_le_bytes());
    hasher.update(event.as_bytes());
    hasher.update(b"\0");
    hasher.update(user.as_bytes());
    let mut bytes = [0_u8; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}
