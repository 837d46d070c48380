//! Our reading of a cell against zen's: of the original text in unary mode, as GoRules' editor runs it, and of the text
//! that we render.

use std::sync::Arc;

use domain::text::Text;
use proptest::prelude::*;
use serde_json::json;
use zen_expression::{DateValue, Isolate, Variable, evaluate_unary_expression};

use super::{Compiler, MAX_CELL, Machine, Variables, parse};
use crate::fact::FactValue;
use crate::schema::{Field, Origin, Type};

fn field(kind: Type) -> Field {
    Field {
        code: "x".into(),
        label: Text::new("甲", "x"),
        kind,
        unit: None,
        options: Default::default(),
        labels: Default::default(),
        required: true,
        from: Origin::Request { field: "x".into() },
    }
}

fn written(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => format!("\"{text}\""),
        FactValue::Number(number) => number.to_string(),
        FactValue::Bool(yes) => yes.to_string(),
        FactValue::Date(date) => format!("d('{date}')"),
    }
}

fn value(kind: Type) -> BoxedStrategy<FactValue> {
    match kind {
        Type::String => prop::sample::select(vec!["甲", "乙", "a", "", "it's", "$"]).prop_map(FactValue::text).boxed(),
        Type::Number => (-4i64..=4, 0u32..=1)
            .prop_map(|(n, scale)| FactValue::Number(rust_decimal::Decimal::new(n * 5, scale)))
            .boxed(),
        Type::Bool => any::<bool>().prop_map(FactValue::Bool).boxed(),
        Type::Date => (0i32..6)
            .prop_map(|d| FactValue::Date(jiff::civil::date(2024, 2, 26).saturating_add(jiff::Span::new().days(d))))
            .boxed(),
    }
}

/// One condition as text.
fn term(kind: Type) -> BoxedStrategy<String> {
    let value = move || value(kind);
    let plain = value().prop_map(|v| written(&v)).boxed();
    let equal = (prop::sample::select(vec!["==", "!="]), value()).prop_map(|(op, v)| format!("{op} {}", written(&v)));
    let list = (prop::sample::select(vec!["", "in ", "not in "]), prop::collection::vec(value(), 1..4))
        .prop_map(|(pre, values)| format!("{pre}[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")));
    if matches!(kind, Type::String | Type::Bool) {
        return prop_oneof![plain, equal, list].boxed();
    }
    let order =
        (prop::sample::select(vec!["<", "<=", ">", ">="]), value()).prop_map(|(op, v)| format!("{op} {}", written(&v)));
    let brackets = (prop::sample::select(vec!["[", "("]), prop::sample::select(vec!["]", ")"]));
    let interval = (prop::sample::select(vec!["", "in ", "not in "]), brackets, value(), value()).prop_map(
        |(pre, (open, close), a, b)| {
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            format!("{pre}{open}{}..{}{close}", written(&low), written(&high))
        },
    );
    prop_oneof![plain, equal, list, order, interval].boxed()
}

fn cell(kind: Type) -> impl Strategy<Value = String> {
    let or = prop::sample::select(vec![" or ", ", "]);
    (prop::collection::vec(term(kind), 1..3), prop::collection::vec((or, term(kind)), 0..3))
        .prop_map(|(all, any)| {
            let alternatives: String = any.iter().map(|(or, term)| format!("{or}{term}")).collect();
            format!("{}{alternatives}", all.join(" and "))
        })
        // Longer cells are refused, whatever they say.
        .prop_filter("too long for a cell", |text| text.chars().count() <= MAX_CELL)
}

fn case() -> impl Strategy<Value = (Type, String, FactValue)> {
    prop::sample::select(vec![Type::String, Type::Number, Type::Bool, Type::Date])
        .prop_flat_map(|kind| (Just(kind), cell(kind), value(kind)))
}

/// What zen makes of the original text.
fn by_zen(cell: &str, value: &FactValue) -> Result<bool, String> {
    let variable = match value {
        FactValue::Text(text) => Variable::String(text.as_ref().into()),
        FactValue::Number(number) => Variable::Number(*number),
        FactValue::Bool(yes) => Variable::Bool(*yes),
        FactValue::Date(date) => DateValue::from_text(&date.to_string()).ok_or("date")?,
    };
    let mut isolate = Isolate::with_environment(json!({}).into());
    isolate.set_reference_value(variable).map_err(|e| e.to_string())?;
    isolate.run_unary(cell).map_err(|e| e.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_three_readings_agree((kind, text, value) in case()) {
        // Empty intervals are refused; nothing else that this grammar makes is.
        let parsed = match parse(&text, &field(kind)) {
            Ok(Some(cell)) => cell,
            other => {
                prop_assert!(text.contains(".."), "{text}: {other:?}");
                return Ok(());
            }
        };
        let ours = parsed.holds(&value);
        let program = Compiler::new().compile(&parsed, 0).unwrap();
        let mut variables = Variables::new(1);
        variables.set(0, &value);
        let run = Machine::with(|machine| machine.holds(&program, &mut variables)).unwrap();
        prop_assert_eq!(ours, run, "rendered: {}", text);
        prop_assert_eq!(Ok(ours), by_zen(&text, &value), "original: {}", text);
    }

    /// The parser answers whatever it is given, and what it accepts zen can run.
    #[test]
    fn nothing_that_zen_refuses_is_accepted(text in r#"[ <>=!\[\](),.0-9a"'d\-andorint甲$#]{0,20}"#, kind in 0usize..4) {
        let kind = [Type::String, Type::Number, Type::Bool, Type::Date][kind];
        if let Ok(Some(cell)) = parse(&text, &field(kind)) {
            prop_assert!(Compiler::new().compile(&cell, 0).is_ok(), "{text}");
            prop_assert!(Isolate::new().compile_unary(&text).is_ok(), "{text}");
        }
    }
}

#[test]
fn a_field_without_a_value_never_holds() {
    let cell = parse("!= \"a\"", &field(Type::String)).unwrap().unwrap();
    let program = Compiler::new().compile(&cell, 0).unwrap();
    let held = Machine::with(|machine| machine.holds(&program, &mut Variables::new(1)));
    assert_eq!(held, Ok(false));
    assert!(evaluate_unary_expression("!= \"a\"", json!({"$": null}).into()).unwrap(), "which zen would find true");
}

#[test]
fn equal_cells_share_their_bytecode() {
    let mut compiler = Compiler::new();
    let program = |compiler: &mut Compiler, text: &str| {
        let cell = parse(text, &field(Type::Number)).unwrap().unwrap();
        compiler.compile(&cell, 0).unwrap().code
    };
    let (a, b) = (program(&mut compiler, ">= 40"), program(&mut compiler, ">=40.0"));
    assert!(Arc::ptr_eq(&a, &b));
}
