//! A part of the portfolio: by segment, by owner, by product.
//!
//! Segment and owner are those that a client has today, for all of its history; a product is that of the subscription.

use super::within::Within;
use crate::expressions::Sql;
use sea_orm::Value;

/// The word by which a slice names clients that have no segment or owner.
pub const NOT_SET: &str = "-";

/// Which part of the portfolio a figure is about: all of it, unless a dimension is named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slice {
    /// Commercial segment, or [`NOT_SET`].
    pub segment: Option<String>,
    /// Person in charge, or [`NOT_SET`].
    pub owner: Option<String>,
    /// Product: money is then that of its subscriptions alone.
    pub product: Option<String>,
    /// Only clients of which this holds today.
    pub within: Option<Within>,
}

/// By what a figure is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// By segment.
    Segment,
    /// By product.
    Product,
}

/// As the slices' key writes it: the empty word stands for none.
fn stored(word: &str) -> &str {
    if word == NOT_SET { "" } else { word }
}

/// Adds a value and says its placeholder.
pub(super) fn placed(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

impl Slice {
    /// Whether it is the whole portfolio.
    pub fn is_all(&self) -> bool {
        *self == Slice::default()
    }

    /// Conditions on a table of clients, each with AND before it; nothing for the whole portfolio.
    pub(crate) fn of_clients(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let mut sql = self.of_words(alias, values);
        sql.push_str(&self.of_view(&format!("{alias}.id"), values));
        sql
    }

    /// The condition that a column of client ids names clients of the slice, with AND before it; nothing for the whole
    /// portfolio. Of a product, those that pay for it today. Each is a list read once off an index that covers it, so that
    /// a ranking stays in its own order and a sum does not look its clients up one by one.
    pub(crate) fn of_rows(&self, column: &str, values: &mut Vec<Value>) -> String {
        let mut sql = self.of_people(column, values);
        if let Some(product) = &self.product {
            sql.push_str(&format!(
                " AND {column} IN (SELECT p.client_id FROM growth_client_products p WHERE p.workspace_id = $1 \
                 AND p.product = {} AND p.mrr_cents > 0)",
                placed(values, product.as_str())
            ));
        }
        sql
    }

    /// The same without the product.
    pub(crate) fn of_people(&self, column: &str, values: &mut Vec<Value>) -> String {
        let words = self.of_words("f", values);
        let which = match words.as_str() {
            "" => words,
            words => format!(" AND {column} IN (SELECT f.id FROM clients f WHERE f.workspace_id = $1{words})"),
        };
        which + &self.of_view(column, values)
    }

    fn of_words(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let mut sql = String::new();
        for (column, word) in [("segment", &self.segment), ("owner", &self.owner)] {
            match word.as_deref() {
                None => {}
                Some(NOT_SET) => sql.push_str(&format!(" AND ({alias}.{column} IS NULL OR {alias}.{column} = '')")),
                Some(word) => sql.push_str(&format!(" AND {alias}.{column} = {}", placed(values, word))),
            }
        }
        sql
    }

    /// The condition that a column of client ids names clients of which the view's rule holds, with AND before it.
    fn of_view(&self, column: &str, values: &mut Vec<Value>) -> String {
        let Some(within) = &self.within else { return String::new() };
        let rule = Sql { values, moment: within.moment }.rule(&within.rule);
        format!(" AND {column} IN (SELECT clients.id FROM clients WHERE clients.workspace_id = $1 AND {rule})")
    }

    /// The condition that a column of client ids names clients that are counted in the slice, with AND before it: asked
    /// of one client at a time, by key.
    pub(super) fn of_ids(&self, column: &str, values: &mut Vec<Value>) -> String {
        let of_view = self.of_view(column, values);
        if self.segment.is_none() && self.owner.is_none() {
            return of_view;
        }
        format!(
            "{of_view} AND EXISTS (SELECT 1 FROM growth_client_slices f WHERE f.workspace_id = $1 AND f.client_id = {column}{})",
            self.of_totals(values)
        )
    }

    /// Conditions on kept totals, each with AND before it.
    pub(super) fn of_totals(&self, values: &mut Vec<Value>) -> String {
        let mut sql = String::new();
        for (column, word) in [("segment", &self.segment), ("owner", &self.owner)] {
            if let Some(word) = word {
                sql.push_str(&format!(" AND {column} = {}", placed(values, stored(word))));
            }
        }
        sql
    }

    /// The ledger to read, with the condition that it takes: the clients' own, or that of one product.
    pub(super) fn ledger(&self, alias: &str, values: &mut Vec<Value>) -> (&'static str, String) {
        match &self.product {
            None => ("growth_movements", String::new()),
            Some(product) => {
                ("growth_product_movements", format!(" AND {alias}.product = {}", placed(values, product.as_str())))
            }
        }
    }

    /// The stretches of the slice as `g`: the tables, the conditions (each with AND before it) and, of a `split`, the part.
    /// The slice's clients and the product's subscriptions are lists read once off indexes that cover them.
    pub(super) fn stretches(&self, split: Option<Split>, values: &mut Vec<Value>) -> (String, String, &'static str) {
        let mut sql = String::from("growth_stretches g");
        if split == Some(Split::Segment) {
            sql.push_str(" JOIN clients c ON c.id = g.client_id");
        }
        if split == Some(Split::Product) {
            sql.push_str(" JOIN clients_subscriptions s ON s.id = g.subscription_id");
        }
        let mut which = self.of_people("g.client_id", values);
        if let Some(product) = &self.product {
            which.push_str(&format!(
                " AND g.subscription_id IN (SELECT b.id FROM clients_subscriptions b WHERE b.workspace_id = $1 \
                 AND b.product = {})",
                placed(values, product.as_str())
            ));
        }
        let part = match split {
            None => "''",
            Some(Split::Segment) => "COALESCE(c.segment, '')",
            Some(Split::Product) => "s.product",
        };
        (sql, which, part)
    }
}
