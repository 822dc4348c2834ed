//! Expressions read, refused, printed and evaluated: told examples, and random trees there and back.
#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use chrono::Utc;
use proptest::prelude::*;
use proptest::strategy::Union;
use uuid::Uuid;

fn catalogue() -> Catalogue {
    let choices = Some(vec!["annual".to_owned(), "monthly".to_owned()]);
    Catalogue::with([
        (Uuid::from_u128(1), "contract".into(), "Contract".into(), Kind::Choice, choices),
        (Uuid::from_u128(2), "score".into(), "Score".into(), Kind::Number, None),
    ])
    .and_metrics([(Uuid::from_u128(3), "storage".into(), "Storage (GB)".into())])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment() -> Moment {
    Moment { today: day("2026-06-30"), zone: "Europe/Paris".parse().unwrap() }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn is(fact: &str, op: Op, value: Value) -> Expression {
    Expression::Is(Condition { fact: fact.to_owned(), op, value })
}

#[test]
fn the_text_form_is_read() {
    let read = |text: &str| Read::text(text).unwrap().expression;
    let acme = is("name", Op::Contains, text("acme"));
    let table = [
        ("", Expression::default()),
        ("  name CONTAINS 'acme' ", acme.clone()),
        ("((name contains \"acme\"))", acme.clone()),
        ("mrr >= 1000.50", is("mrr", Op::Gte, Value::Number(1_000.5))),
        ("mrr <> -3", is("mrr", Op::Ne, Value::Number(-3.0))),
        ("owner not in (\"Léa\", \"M \\\"B\\\"\")", {
            is("owner", Op::NotIn, Value::Texts(vec!["Léa".into(), "M \"B\"".into()]))
        }),
        ("last_seen < 30 days ago", is("last_seen", Op::Before, Value::Day(When::DaysAgo(30)))),
        ("last_seen before 1 day ago", is("last_seen", Op::Before, Value::Day(When::DaysAgo(1)))),
        ("renewal <= in 60 days", is("renewal", Op::Lte, Value::Day(When::InDays(60)))),
        ("since = today", is("since", Op::Eq, Value::Day(When::DaysAgo(0)))),
        ("since > 2026-03-01", is("since", Op::After, Value::Day(When::On(day("2026-03-01"))))),
        ("at_risk = true", is("at_risk", Op::Eq, Value::Flag(true))),
        ("owner is empty", is("owner", Op::IsEmpty, Value::None)),
        ("owner is not empty", is("owner", Op::IsNotEmpty, Value::None)),
        ("tags has not \"vip\"", is("tags", Op::HasNot, text("vip"))),
        ("not tags has \"vip\"", Expression::Not(Box::new(is("tags", Op::Has, text("vip"))))),
        ("name starts with \"acme\"", is("name", Op::StartsWith, text("acme"))),
        (
            "name contains \"acme\" and field.contract = \"annual\" or owner is empty",
            Expression::Any(vec![
                Expression::All(vec![acme.clone(), is("field.contract", Op::Eq, text("annual"))]),
                is("owner", Op::IsEmpty, Value::None),
            ]),
        ),
    ];
    for (source, expected) in table {
        assert_eq!(read(source), expected, "{source}");
        assert_eq!(read(&expected.text()), expected, "{source} → {}", expected.text());
        assert_eq!(Read::tree(&expected.tree()).unwrap().expression, expected, "{source}");
    }
}

#[test]
fn a_refusal_says_where_and_what_was_expected() {
    type Refusal<'a> = (&'a str, Code, &'a [(&'a str, serde_json::Value)]);
    let table: &[Refusal] = &[
        ("mrr >", Code::ExpressionsSyntax, &[("at", 5.into()), ("length", 0.into())]),
        ("mrr 12", Code::ExpressionsSyntax, &[("at", 4.into()), ("found", "12".into())]),
        ("(mrr > 1", Code::ExpressionsSyntax, &[("at", 8.into()), ("expected", "and, or, )".into())]),
        ("name = \"é", Code::ExpressionsSyntax, &[("at", 7.into()), ("length", 2.into())]),
        ("mrr > 1 segment = \"a\"", Code::ExpressionsSyntax, &[("at", 8.into()), ("expected", "and, or".into())]),
        ("é = 1", Code::ExpressionsSyntax, &[("at", 0.into())]),
        ("since > 2026-02-30", Code::ExpressionsSyntax, &[("expected", "2026-03-01".into())]),
        ("mrr > 1e9", Code::ExpressionsSyntax, &[("found", "1e9".into())]),
        ("name = \"é\" and mmr > 1", Code::ExpressionsFactUnknown, &[("at", 15.into()), ("nearest", "mrr".into())]),
        ("field.contrat = \"x\"", Code::ExpressionsFactUnknown, &[("nearest", "field.contract".into())]),
        // Of a metric the nearest metric, however near another fact is.
        ("metric.mrr > 1", Code::ExpressionsFactUnknown, &[("at", 0.into()), ("nearest", "metric.storage".into())]),
        ("metric.storage contains \"1\"", Code::ExpressionsOperator, &[("operator", "contains".into())]),
        ("metric.storage > 30 days ago", Code::ExpressionsValue, &[("fact", "metric.storage".into())]),
        ("tags = \"vip\"", Code::ExpressionsOperator, &[("at", 5.into()), ("length", 1.into())]),
        ("mrr contains \"1\"", Code::ExpressionsOperator, &[("operator", "contains".into())]),
        ("mrr > \"1\"", Code::ExpressionsValue, &[("at", 6.into()), ("expected", "1000.50".into())]),
        ("mrr > 1.005", Code::ExpressionsValue, &[("fact", "mrr".into())]),
        ("since > 12", Code::ExpressionsValue, &[("at", 8.into())]),
        ("health > 2026-01-01", Code::ExpressionsValue, &[("expected", "10".into())]),
        ("status = \"gone\"", Code::ExpressionsValue, &[("fact", "status".into())]),
    ];
    for (source, code, params) in table {
        let refused =
            Read::text(source).and_then(|read| read.compile(&catalogue(), &moment()).map(|_| ())).unwrap_err();
        assert_eq!(refused.code, *code, "{source}: {refused}");
        for (key, value) in *params {
            assert_eq!(refused.params.get(*key), Some(value), "{source}: {refused}");
        }
    }
}

#[test]
fn bombs_are_refused_at_once() {
    let code = |text: String| Read::text(&text).unwrap_err().code;
    assert_eq!(code("(".repeat(2_000)), Code::ExpressionsTooDeep);
    assert_eq!(code("not ".repeat(500)), Code::ExpressionsTooDeep);
    assert_eq!(code("(".repeat(1_000_000)), Code::ExpressionsTooLong);
    assert_eq!(code(vec!["mrr > 1"; 101].join(" or ")), Code::ExpressionsTooMany);
    assert!(Read::text(&vec!["mrr > 1"; 100].join(" or ")).is_ok());
    let deep = |levels| (0..levels).fold(is("mrr", Op::Gt, Value::Number(1.0)), |e, _| Expression::Not(Box::new(e)));
    assert!(Read::tree(&deep(MAX_DEPTH - 1).tree()).is_ok());
    assert!(Read::text(&deep(MAX_DEPTH - 1).text()).is_ok());
    assert_eq!(Read::tree(&deep(MAX_DEPTH).tree()).unwrap_err().code, Code::ExpressionsTooDeep);
    let wide = Expression::All(vec![is("name", Op::Eq, text(&"x".repeat(1_000))); 3]);
    assert_eq!(Read::tree(&wide.tree()).unwrap_err().code, Code::ExpressionsTooLong);
    let empty = serde_json::json!({"all": vec![serde_json::json!({"all": []}); 1_000]});
    assert_eq!(Read::tree(&empty).unwrap_err().code, Code::ExpressionsTooMany);
}

#[test]
fn what_is_not_known_satisfies_no_comparison() {
    let mut facts = Facts::default();
    facts.put(Source::Known(Known::Name), Held::Text("Éléonore & Cie".into()));
    facts.put(Source::Known(Known::Mrr), Held::Cents(100_050));
    facts.put(Source::Known(Known::Tags), Held::Texts(vec!["VIP".into()]));
    // 23:30 on the 31st of May in Paris.
    let seen: chrono::DateTime<Utc> = "2026-05-31T21:30:00Z".parse().unwrap();
    facts.put(Source::Known(Known::LastSeen), Held::Instant(seen));
    let table = [
        ("", true),
        ("name = \"eleonore  & CIE\"", true),
        ("name contains \"NORE\"", true),
        ("name starts with \"elé\"", true),
        ("mrr = 1000.5", true),
        ("mrr < 1000.51 and mrr > 1000.49", true),
        ("owner != \"Léa\"", false),
        ("owner not in (\"Léa\")", false),
        ("not owner = \"Léa\"", true),
        ("owner is empty", true),
        ("owner is not empty or not name is empty", true),
        ("not not owner = \"x\"", false),
        ("tags has \"vip\" and tags has not \"beta\"", true),
        ("last_seen = 30 days ago", true),
        ("last_seen < 30 days ago", false),
        ("last_seen <= 30 days ago and last_seen >= 2026-05-31", true),
        ("last_seen > 31 days ago", true),
        ("last_seen != 2026-05-31", false),
        ("health >= 0 or health < 0", false),
    ];
    for (source, expected) in table {
        let rule = Read::text(source).unwrap().compile(&catalogue(), &moment()).unwrap();
        assert_eq!(rule.holds(&facts), expected, "{source}");
    }
}

fn conditions() -> impl Strategy<Value = Expression> {
    let words =
        prop::sample::select(vec!["", "a", "Léa", "say \"hi\"", "back\\slash", "l'été", "  x ", "and", "(", "é\n"]);
    let word = words.prop_map(text).boxed();
    let number = prop_oneof![
        (-1_000_000_i64..1_000_000).prop_map(|n| Value::Number(n as f64 / 100.0)),
        Just(Value::Number(1e15)),
        Just(Value::Number(0.1 + 0.2)),
    ];
    let when = prop_oneof![
        (0_i64..40_000).prop_map(|n| When::On(day("1990-01-01") + chrono::Duration::days(n))),
        (0_u32..400).prop_map(When::DaysAgo),
        (1_u32..400).prop_map(When::InDays),
    ];
    let texts = prop::collection::vec("[a-zé\"\\\\ ]{0,6}", 1..4).prop_map(Value::Texts);
    let texts_op = prop::sample::select(vec![Op::Eq, Op::Ne, Op::Contains, Op::StartsWith, Op::Has, Op::HasNot]);
    let order = vec![Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte];
    let days = vec![Op::Eq, Op::Ne, Op::Before, Op::Lte, Op::After, Op::Gte];
    let many = prop::sample::select(vec![Op::In, Op::NotIn]);
    let none = prop::sample::select(vec![Op::IsEmpty, Op::IsNotEmpty]);
    let asked = Union::new([
        (texts_op, word).boxed(),
        (prop::sample::select(order), number.boxed()).boxed(),
        (prop::sample::select(days), when.prop_map(Value::Day).boxed()).boxed(),
        (many, texts.boxed()).boxed(),
        (none, Just(Value::None).boxed()).boxed(),
        (Just(Op::Eq), any::<bool>().prop_map(Value::Flag).boxed()).boxed(),
    ]);
    let fact = prop::sample::select(vec!["mrr", "name", "field.contract", "since", "tags", "not_there"]);
    (fact, asked).prop_map(|(fact, (op, value))| is(fact, op, value))
}

fn expressions() -> impl Strategy<Value = Expression> {
    conditions().prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expression::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expression::Any),
            inner.prop_map(|inner| Expression::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(expression in expressions()) {
        let expression = expression.normal();
        prop_assert_eq!(expression.clone().normal(), expression.clone());
        let text = expression.text();
        prop_assume!(text.chars().count() <= MAX_CHARS);
        prop_assert_eq!(&Read::text(&text).unwrap().expression, &expression, "{}", text);
        prop_assert_eq!(&Read::tree(&expression.tree()).unwrap().expression, &expression, "{}", text);
    }

    #[test]
    fn no_text_brings_it_down(text in "[a-z_. ()\"'\\\\<>=!,0-9é-]{0,120}") {
        if let Ok(read) = Read::text(&text) {
            let _ = read.compile(&catalogue(), &moment());
        }
    }
}
