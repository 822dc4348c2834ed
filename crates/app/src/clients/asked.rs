//! What a request asks of clients in the language of expressions: the catalogue, the day, and the filter made of them.

use crate::error::{Error, Result};
use crate::{Actor, App};
use chrono::{DateTime, Utc};
use essor_domain::expressions::{Catalogue, Expression, Fact, Held, Moment, Read, Rule, Source};
use essor_domain::identity::Action;
use essor_domain::journey::COMPLETED;
use essor_domain::time::{day_in, parse_zone};
use essor_domain::{Code, Invalid};
use essor_store::clients::{Facet, Filter, facet};
use essor_store::growth::slices;
use essor_store::identity::workspaces::WorkspaceRow;
use essor_store::signals::metrics;
use essor_store::{Conn, Workspace, clients_fields, clients_list, clients_views};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The tabs of the table of clients with what each holds. A client is being brought on board for ninety days from its
/// first paid day, or from when it was first heard of.
pub const TABS: [(&str, &str); 6] = [
    ("all", "status != \"archived\""),
    ("risk", "at_risk = true and status != \"archived\""),
    (
        "onboarding",
        "(first_paid > 90 days ago or (first_paid is empty and created > 90 days ago)) \
         and (mrr > 0 or status = \"trial\")",
    ),
    ("active", "mrr > 0"),
    ("paused", "status = \"paused\""),
    ("archived", "status = \"archived\""),
];

/// What narrows a list beside its other filters.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The text of an expression.
    pub condition: Option<String>,
    /// One of [`TABS`].
    pub tab: Option<String>,
    /// A saved view.
    pub view: Option<Uuid>,
}

/// The language as a workspace speaks it today.
#[derive(Debug, Clone)]
pub struct Language {
    /// The facts that can be asked for.
    pub catalogue: Catalogue,
    /// Today, and the zone of days.
    pub moment: Moment,
}

impl Language {
    /// As a workspace speaks it.
    pub async fn of(app: &App, workspace: Workspace) -> Result<Language> {
        let row = crate::identity::workspace_row(&app.db, workspace).await?;
        Language::read(&app.db, &row, app.clock.now()).await
    }

    /// As a workspace speaks it at an instant.
    pub async fn read(conn: &impl Conn, row: &WorkspaceRow, now: DateTime<Utc>) -> Result<Language> {
        let zone = parse_zone(&row.timezone)?;
        let fields = clients_fields::fields(conn, Workspace(row.id)).await?;
        let facts = fields.iter().map(|f| (f.id, f.key.clone(), f.label.clone(), f.kind(), f.choices()));
        let metrics = metrics::list(conn, Workspace(row.id)).await?.into_iter().map(|m| (m.id, m.key, m.name));
        let catalogue = Catalogue::with(facts).and_metrics(metrics);
        Ok(Language { catalogue, moment: Moment { today: day_in(zone, now), zone } })
    }

    /// The rule of a text; a refusal names the request's field.
    pub fn rule(&self, text: &str, field: &str) -> Result<Rule> {
        let read = Read::text(text).and_then(|read| read.compile(&self.catalogue, &self.moment));
        Ok(read.map_err(|refused| refused.with("field", field))?)
    }

    /// A fact by its key.
    pub fn fact(&self, key: &str, field: &str) -> Result<&Fact> {
        self.catalogue.get(key).ok_or_else(|| {
            Invalid::field(Code::ExpressionsFactUnknown, field)
                .with("value", key)
                .with("nearest", self.catalogue.nearest(key))
                .into()
        })
    }

    /// A filter that also asks for what narrows it.
    pub async fn narrowed(&self, app: &App, actor: &Actor, mut filter: Filter, narrow: &Narrow) -> Result<Filter> {
        filter.moment = Some(self.moment);
        if let Some(text) = narrow.condition.as_deref().filter(|text| !text.trim().is_empty()) {
            filter.rules.push(self.rule(text, "where")?);
        }
        if let Some(tab) = &narrow.tab {
            let known = TABS.iter().find(|(name, _)| name == tab);
            let (_, text) =
                known.ok_or_else(|| Invalid::field(Code::ClientsTabUnknown, "tab").with("value", tab.as_str()))?;
            filter.rules.push(self.rule(text, "tab")?);
            // A tab says of which status.
            filter.status = filter.status.or(Some("all".into()));
        }
        if let Some(id) = narrow.view {
            filter.rules.push(self.view(app, actor, id).await?);
        }
        Ok(filter)
    }

    /// The rule of a saved view that one sees.
    pub async fn view(&self, app: &App, actor: &Actor, id: Uuid) -> Result<Rule> {
        let view = clients_views::get(&app.db, actor.workspace, id).await?;
        let view = view.filter(|view| super::views::sees(actor, view)).ok_or_else(Error::not_found)?;
        self.rule(&view.condition, "view")
    }
}

/// A fact with the words that it has at clients.
#[derive(Debug, Clone)]
pub struct FactShown {
    /// The fact.
    pub fact: Fact,
    /// Its words, where they can be listed: those of the field, else those that clients have.
    pub choices: Option<Vec<String>>,
}

/// The catalogue.
pub async fn facts(app: &App, actor: &Actor) -> Result<Vec<FactShown>> {
    use essor_domain::expressions::Known;
    let workspace = actor.require(Action::Read)?;
    let language = Language::of(app, workspace).await?;
    let mut out = Vec::new();
    for fact in language.catalogue.facts() {
        let words = |rows: Vec<(String, i64)>| {
            Some(rows.into_iter().map(|(word, _)| word).filter(|word| !word.is_empty()).collect())
        };
        let choices = match fact.source {
            Source::Known(Known::Segment) => words(facet(&app.db, workspace, Facet::Segment).await?),
            Source::Known(Known::Industry) => words(facet(&app.db, workspace, Facet::Industry).await?),
            Source::Known(Known::Country) => words(facet(&app.db, workspace, Facet::Country).await?),
            Source::Known(Known::Owner) => words(facet(&app.db, workspace, Facet::Owner).await?),
            Source::Known(Known::Plan) => words(facet(&app.db, workspace, Facet::Plan).await?),
            Source::Known(Known::Tags) => words(clients_fields::tags(&app.db, workspace).await?),
            Source::Known(Known::Products) => words(slices::products(&app.db, workspace).await?),
            Source::Known(Known::TopRisk) => words(facet(&app.db, workspace, Facet::TopRisk).await?),
            Source::Known(Known::Stage) => Some(stages(app, workspace).await?),
            _ => fact.choices.clone(),
        };
        out.push(FactShown { fact: fact.clone(), choices });
    }
    Ok(out)
}

/// The keys of the stages that clients can be in.
async fn stages(app: &App, workspace: Workspace) -> Result<Vec<String>> {
    let templates = crate::journey::Templates::load(&app.db, workspace).await?;
    let mut out: Vec<String> = Vec::new();
    for stage in templates.current().into_iter().flat_map(|version| &version.template.stages) {
        if !out.contains(&stage.key) {
            out.push(stage.key.clone());
        }
    }
    out.push(COMPLETED.to_owned());
    Ok(out)
}

/// An expression as somebody writes it.
#[derive(Debug, Clone)]
pub enum Written {
    /// As text.
    Text(String),
    /// As a tree.
    Tree(Json),
}

/// What an expression is, both ways, and for how many clients it holds, archived ones left out unless it asks for them.
#[derive(Debug, Clone)]
pub struct Understood {
    /// As text.
    pub text: String,
    /// As a tree.
    pub tree: Json,
    /// How many clients.
    pub count: i64,
}

/// Reads and checks an expression and counts its clients. It changes nothing.
pub async fn understand(app: &App, actor: &Actor, written: &Written) -> Result<Understood> {
    let workspace = actor.require(Action::Read)?;
    let (read, field) = match written {
        Written::Text(text) => (Read::text(text), "text"),
        Written::Tree(tree) => (Read::tree(tree), "tree"),
    };
    let named = |refused: Invalid| refused.with("field", field);
    let read = read.map_err(named)?;
    let language = Language::of(app, workspace).await?;
    let rule = read.compile(&language.catalogue, &language.moment).map_err(named)?;
    let filter = Filter { moment: Some(language.moment), ..Filter::default() };
    let count = clients_list::counts(&app.db, workspace, &filter, language.moment, &[&rule]).await?;
    actor.trail.settle();
    let expression: &Expression = &read.expression;
    Ok(Understood { text: expression.text(), tree: expression.tree(), count: count.first().copied().unwrap_or(0) })
}

/// A value as the API writes it: amounts in cents, whole numbers without a point.
pub fn shown(held: &Held) -> Json {
    match held {
        Held::Text(text) => json!(text),
        Held::Texts(texts) => json!(texts),
        Held::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => json!(*number as i64),
        Held::Number(number) => json!(number),
        Held::Cents(cents) => json!(cents),
        Held::Day(day) => json!(day),
        Held::Instant(at) => json!(at),
        Held::Flag(flag) => json!(flag),
    }
}
