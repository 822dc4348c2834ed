//! Rules as SQL, the same for both engines: what [`essor_domain::expressions::Rule::holds`] says of one client, asked of
//! all. The table `clients` keeps its name in the statement, and `$1` is its workspace.
//!
//! In a condition without `NOT`, a comparison with NULL may stay NULL: AND and OR take it for false in the end. Under a
//! `NOT` it is made false first.

use essor_domain::expressions::{Kind, Known, Moment, Rule, Source, Test};
use sea_orm::Value;
use uuid::Uuid;

/// The statement's values, and the day it is about.
pub(crate) struct Sql<'a> {
    pub(crate) values: &'a mut Vec<Value>,
    pub(crate) moment: Moment,
}

impl Sql<'_> {
    /// Adds a value; its placeholder.
    pub(crate) fn put(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// The condition of a rule.
    pub(crate) fn rule(&mut self, rule: &Rule) -> String {
        match rule {
            Rule::All(rules) => self.group(rules, " AND ", "1 = 1"),
            Rule::Any(rules) => self.group(rules, " OR ", "1 = 0"),
            Rule::Not(rule) => format!("NOT COALESCE({}, FALSE)", self.rule(rule)),
            Rule::Is(Source::Known(Known::Tags), _, test) => self.listed("clients_tags v", "v.tag_key", test),
            Rule::Is(Source::Known(Known::Products), _, test) => {
                self.listed("growth_client_products v WHERE v.mrr_cents > 0", "v.product", test)
            }
            Rule::Is(Source::Known(Known::JourneyDone), _, test) => {
                self.listed("journey_actions v WHERE v.done_on IS NOT NULL", "v.action", test)
            }
            Rule::Is(Source::Known(known), _, test) => {
                let column = self.fact(*known, false);
                self.test(&column, test, *known == Known::ExternalId)
            }
            Rule::Is(Source::Field(id), kind, test) => {
                let id = self.put(*id);
                let from = format!("clients_field_values v WHERE v.field_id = {id}");
                self.listed(&from, &format!("v.{}", value_column(*kind)), test)
            }
            Rule::Is(Source::Metric(id), _, test) => {
                let column = self.metric(*id);
                self.test(&column, test, false)
            }
        }
    }

    fn group(&mut self, rules: &[Rule], word: &str, none: &str) -> String {
        if rules.is_empty() {
            return none.to_owned();
        }
        format!("({})", rules.iter().map(|rule| self.rule(rule)).collect::<Vec<_>>().join(word))
    }

    /// A question about rows of another table: clients that have one such row, or none.
    fn listed(&mut self, from: &str, column: &str, test: &Test) -> String {
        let (not, asked) = match test {
            Test::Empty => ("NOT ", None),
            Test::Known => ("", None),
            Test::HasNot(word) => ("NOT ", Some(Test::OneOf(vec![word.clone()]))),
            Test::Has(word) => ("", Some(Test::OneOf(vec![word.clone()]))),
            test => ("", Some(test.clone())),
        };
        let word = if from.contains(" WHERE ") { "AND" } else { "WHERE" };
        let asked = asked.map(|test| format!(" AND {}", self.test(column, &test, false))).unwrap_or_default();
        format!("clients.id {not}IN (SELECT v.client_id FROM {from} {word} v.workspace_id = $1{asked})")
    }

    /// A question about one value. `exact`: the text may hold capitals, which SQLite's LIKE does not tell apart.
    fn test(&mut self, column: &str, test: &Test, exact: bool) -> String {
        // A range of one column: SQLite, without statistics, would take its index for narrow and look every client up
        // by it, instead of walking through the index that covers them all.
        let ranged = format!("COALESCE({column}, {column})");
        let ranged = if column.starts_with("clients.") { ranged.as_str() } else { column };
        match test {
            Test::Empty => format!("{column} IS NULL"),
            Test::Known => format!("{column} IS NOT NULL"),
            Test::OneOf(words) => self.one_of(column, words, ("=", "IN")),
            Test::NoneOf(words) => self.one_of(column, words, ("<>", "NOT IN")),
            Test::Contains(part) | Test::StartsWith(part) if part.is_empty() => format!("{column} IS NOT NULL"),
            Test::Contains(part) if exact => {
                let part = self.put(part.as_str());
                format!("replace({column}, {part}, '') <> {column}")
            }
            Test::Contains(part) => {
                let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                let part = self.put(format!("%{escaped}%"));
                format!("{column} LIKE {part} ESCAPE '\\'")
            }
            Test::StartsWith(part) => {
                let length = part.chars().count();
                let part = self.put(part.as_str());
                format!("substr({column}, 1, {length}) = {part}")
            }
            Test::Number(cmp, number) => format!("{ranged} {} {}", cmp.sql(), self.put(*number)),
            Test::Cents(cmp, cents) => format!("{ranged} {} {}", cmp.sql(), self.put(*cents)),
            Test::Day(cmp, day) => format!("{ranged} {} {}", cmp.sql(), self.put(*day)),
            Test::Within(from, to) => {
                let from = from.map(|at| format!("{ranged} >= {}", self.put(at)));
                let to = to.map(|at| format!("{ranged} < {}", self.put(at)));
                let both: Vec<String> = from.into_iter().chain(to).collect();
                format!("({})", both.join(" AND "))
            }
            Test::Outside(from, to) => {
                let from = self.put(*from);
                format!("({ranged} < {from} OR {ranged} >= {})", self.put(*to))
            }
            Test::Flag(flag) => format!("{column} = {}", self.put(*flag)),
            // Lists are asked of their own table.
            Test::Has(word) => self.one_of(column, std::slice::from_ref(word), ("=", "IN")),
            Test::HasNot(word) => self.one_of(column, std::slice::from_ref(word), ("<>", "NOT IN")),
        }
    }

    fn one_of(&mut self, column: &str, words: &[String], (one, many): (&str, &str)) -> String {
        match words {
            [word] => format!("{column} {one} {}", self.put(word.as_str())),
            words => {
                let list: Vec<String> = words.iter().map(|word| self.put(word.as_str())).collect();
                format!("{column} {many} ({})", list.join(", "))
            }
        }
    }

    /// The latest value of a metric that is not of days to come: one look into its index for each client.
    pub(crate) fn metric(&mut self, id: Uuid) -> String {
        let id = self.put(id);
        let end = self.put(essor_domain::time::end_of_day(self.moment.zone, self.moment.today));
        format!(
            "(SELECT s.score FROM clients_signals s WHERE s.metric_id = {id} AND s.client_id = clients.id \
             AND s.occurred_at < {end} ORDER BY s.occurred_at DESC, s.id DESC LIMIT 1)"
        )
    }

    /// A built-in fact as an expression over `clients`: as it is shown, or as it is compared and sorted.
    pub(crate) fn fact(&mut self, known: Known, shown: bool) -> String {
        let word = |name: &str| {
            if shown { format!("NULLIF(clients.{name}, '')") } else { format!("clients.{name}_key") }
        };
        match known {
            Known::Name => if shown { "clients.name" } else { "clients.name_key" }.to_owned(),
            Known::Domain => "NULLIF(clients.domain, '')".to_owned(),
            Known::ExternalId => "clients.external_id".to_owned(),
            Known::Segment => word("segment"),
            Known::Industry => word("industry"),
            Known::Country => word("country"),
            Known::Owner => word("owner"),
            Known::Plan => word("plan"),
            // Never asked for: they have tables of their own.
            Known::Tags | Known::Products | Known::JourneyDone => "NULL".to_owned(),
            Known::Status => "clients.status".to_owned(),
            Known::Mrr => "clients.mrr_cents".to_owned(),
            Known::Arr => "(clients.mrr_cents * 12)".to_owned(),
            Known::MrrChange3m => {
                let day = self.put(essor_domain::time::months_before(self.moment.today, 3));
                let then = format!(
                    "(SELECT CAST(SUM(m.delta_cents) AS BIGINT) FROM growth_movements m WHERE m.workspace_id = $1 \
                     AND m.client_id = clients.id AND m.day <= {day})"
                );
                // Of nothing there is no share.
                let then = format!("NULLIF({then}, 0)");
                format!("(CAST((clients.mrr_cents - {then}) * 100 AS DOUBLE PRECISION) / {then})")
            }
            Known::Health => "clients.health".to_owned(),
            Known::HealthChange30d => {
                let day = self.put(self.moment.today - chrono::Days::new(30));
                format!(
                    "(clients.health - (SELECT h.score FROM health_history h WHERE h.workspace_id = $1 \
                     AND h.client_id = clients.id AND h.day <= {day} ORDER BY h.day DESC, h.at DESC LIMIT 1))"
                )
            }
            Known::HealthClass => "clients.health_class".to_owned(),
            Known::Coverage => "clients.health_coverage".to_owned(),
            Known::AtRisk => "clients.at_risk".to_owned(),
            Known::TopRisk => "clients.top_risk_key".to_owned(),
            Known::LastSeen => "clients.last_seen_at".to_owned(),
            Known::Seats => "clients.seats".to_owned(),
            Known::LicenceUse => {
                format!("(CAST({} AS DOUBLE PRECISION) * 100 / NULLIF(clients.seats, 0))", measure("active_users_30d"))
            }
            Known::Contacts => format!("(SELECT COUNT(*) FROM {PRESENT})"),
            Known::Champion => format!("EXISTS (SELECT 1 FROM {PRESENT} AND k.role = 'champion')"),
            Known::Since => "COALESCE(clients.since, clients.first_paid_on)".to_owned(),
            Known::Created => "clients.created_at".to_owned(),
            Known::FirstPaid => "clients.first_paid_on".to_owned(),
            Known::ChurnedOn => "clients.churned_on".to_owned(),
            Known::Renewal => "clients.renews_on".to_owned(),
            Known::OpenTickets => {
                let end = self.put(essor_domain::time::end_of_day(self.moment.zone, self.moment.today));
                format!(
                    "(SELECT COUNT(*) FROM clients_signals s WHERE s.client_id = clients.id AND s.kind = 'ticket' \
                     AND s.occurred_at < {end} AND (s.ended_at IS NULL OR s.ended_at >= {end}))"
                )
            }
            Known::OverdueInvoices => "(SELECT COUNT(*) FROM opportunities_invoices i WHERE i.workspace_id = $1 \
                AND i.client_id = clients.id)"
                .to_owned(),
            Known::OverdueSince => "(SELECT MIN(i.due) FROM opportunities_invoices i WHERE i.workspace_id = $1 \
                AND i.client_id = clients.id)"
                .to_owned(),
            Known::Nps => {
                "(SELECT s.score FROM clients_signals s WHERE s.client_id = clients.id AND s.kind = 'survey' \
                AND s.data ->> 'survey' = 'nps' ORDER BY s.occurred_at DESC, s.id DESC LIMIT 1)"
                    .to_owned()
            }
            Known::OpenTasks => "(SELECT COUNT(*) FROM tasks t WHERE t.client_id = clients.id AND t.done_at IS NULL \
                AND t.deleted_at IS NULL)"
                .to_owned(),
            Known::OpenOpportunities => "(SELECT CAST(SUM(o.expected_cents) AS BIGINT) FROM opportunities o \
                WHERE o.workspace_id = $1 AND o.client_id = clients.id AND o.state IN ('open', 'accepted'))"
                .to_owned(),
            Known::Pulse => {
                let from = self.put(self.moment.begins(self.moment.today - chrono::Days::new(90)));
                format!(
                    "(SELECT s.score FROM clients_signals s WHERE s.client_id = clients.id AND s.kind = 'pulse' \
                     AND s.occurred_at >= {from} ORDER BY s.occurred_at DESC, s.id DESC LIMIT 1)"
                )
            }
            Known::Parent => {
                let name = if shown { "name" } else { "name_key" };
                format!("(SELECT p.{name} FROM clients p WHERE p.id = clients.parent_id)")
            }
            Known::Stage => "clients.stage".to_owned(),
            Known::JourneyStatus => journey("status"),
            Known::JourneyProgress => journey("progress"),
            Known::JourneyExpectedEnd => journey("expected_on"),
            Known::JourneyNextMilestone => "(SELECT MIN(m.due) FROM journey_milestones m WHERE m.workspace_id = $1 \
                AND m.client_id = clients.id AND m.completed_on IS NULL)"
                .to_owned(),
            Known::ActiveDays30d => measure("active_days_30d"),
            Known::ActiveUsers30d => measure("active_users_30d"),
            Known::Features30d => measure("features_30d"),
            Known::Roi => measure("roi"),
            Known::CsatMean90d => measure("csat_mean_90d"),
            Known::Exchanges90d => measure("exchanges_90d"),
            Known::LastExchange => {
                let end = self.put(essor_domain::time::end_of_day(self.moment.zone, self.moment.today));
                let last = |kind: &str| {
                    format!(
                        "SELECT MAX(s.occurred_at) AS at FROM clients_signals s WHERE s.client_id = clients.id \
                         AND s.kind = '{kind}' AND s.occurred_at < {end}"
                    )
                };
                format!("(SELECT MAX(l.at) FROM ({} UNION ALL {}) l)", last("message"), last("meeting"))
            }
        }
    }
}

/// The people of a client who are still there.
const PRESENT: &str =
    "clients_contacts k WHERE k.client_id = clients.id AND k.left_on IS NULL AND k.deleted_at IS NULL";

/// What a client's journey says.
fn journey(column: &str) -> String {
    format!("(SELECT j.{column} FROM journeys j WHERE j.workspace_id = $1 AND j.client_id = clients.id)")
}

/// What is measured of a client.
fn measure(column: &str) -> String {
    format!("(SELECT m.{column} FROM clients_measures m WHERE m.workspace_id = $1 AND m.client_id = clients.id)")
}

/// The column of `clients_field_values` that is compared and sorted, by the field's kind.
pub(crate) const fn value_column(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Choice | Kind::Choices | Kind::Person | Kind::Url => "text_key",
        Kind::Number => "number",
        Kind::Money => "cents",
        Kind::Day | Kind::Instant => "day",
        Kind::Boolean => "flag",
    }
}

/// An expression of a kind's type, as it is read back: numbers always as floats.
pub(crate) fn typed(kind: Kind, expression: &str) -> String {
    match kind {
        Kind::Number => format!("CAST({expression} AS DOUBLE PRECISION)"),
        Kind::Money => format!("CAST({expression} AS BIGINT)"),
        _ => expression.to_owned(),
    }
}
