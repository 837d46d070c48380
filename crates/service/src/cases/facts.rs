//! Gathering the facts that a rule needs, each with its source in words.
//!
//! A decisive fact comes from a register, a licence or a computation. What the applicant typed enters only as what it
//! is: a request, a claim, or a statement covered by the signed pledge.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::Party;
use domain::cases::SignedPledge;
use domain::licences::{ElsewhereLicence, PaperLicence};
use domain::registry::names::NameParts;
use domain::registry::{Answer as Register, register};
use domain::text::Text;
use domain::time::{Timestamp, moment_words};
use rules::computed::{self, Arg};
use rules::{Answer, Fact, FactValue, Facts, Field, Function, Origin, RuleSet, Type};
use serde_json::Value;

use crate::city::City;
use crate::error::ServiceError;
use crate::licences::{Elsewhere, OnFile};
use crate::registry::{self, Answers};

/// Everything known about one application when its rule runs.
pub struct Knowledge<'a> {
    /// Who applies; identity and role are proved before a case can be filed.
    pub applicant: &'a Party,
    /// Who acts for the applicant.
    pub agent: Option<&'a Party>,
    /// The form.
    pub form: &'a Value,
    /// The signed pledge, if any.
    pub pledge: Option<&'a SignedPledge>,
    /// Licences of the applicant on file here.
    pub licences: &'a [OnFile],
    /// Licences of the applicant that a window took from paper and that count today.
    pub papers: &'a [PaperLicence],
    /// What other issuers answered about the types that a material of the matter may be met by.
    pub elsewhere: &'a Elsewhere,
    /// When the registers were asked.
    pub now: Timestamp,
}

impl Knowledge<'_> {
    /// A value that is known without asking a register.
    fn own(&self, reference: &str) -> Option<Value> {
        let party = |party: &Party, field: &str| match field {
            "name" => Some(Value::from(party.name.clone())),
            "code" => Some(Value::from(party.code.clone())),
            "kind" => serde_json::to_value(party.kind).ok(),
            _ => None,
        };
        match reference.split_once('.') {
            None if reference == "today" => Some(Value::from(self.now.date().to_string())),
            Some(("applicant", field)) => party(self.applicant, field),
            Some(("agent", field)) => party(self.agent?, field),
            Some(("form", field)) => self.form.get(field).filter(|value| !value.is_null()).cloned(),
            _ => None,
        }
    }

    /// Any Ref: own values first, then `<register>.<path>` of the applicant's own entry.
    fn resolve(&self, reference: &str, answers: &Answers) -> Found {
        if let Some(value) = self.own(reference) {
            return Found::Value(value);
        }
        let Some((name, path)) = reference.split_once('.') else { return Found::Nothing };
        if register(name).is_none() {
            return Found::Nothing;
        }
        Found::of(answers.get(name, &self.applicant.code), path)
    }
}

/// The outcome of resolving a reference.
enum Found {
    Value(Value),
    Nothing,
    Silent,
}

impl Found {
    fn of(answer: &Register, path: &str) -> Found {
        match answer {
            Register::Unavailable => Found::Silent,
            _ => answer.at(path).map_or(Found::Nothing, |value| Found::Value(value.clone())),
        }
    }
}

/// Registers to ask before the keys of others are known: `<register>.<path>` refs and keys made of own values.
fn first_round(rule: &RuleSet, known: &Knowledge<'_>) -> BTreeSet<(String, String)> {
    let mut wanted = BTreeSet::new();
    let mut reference = |text: &str| {
        if let Some((name, _)) = text.split_once('.')
            && register(name).is_some()
        {
            wanted.insert((name.to_owned(), known.applicant.code.clone()));
        }
    };
    for field in rule.inputs() {
        match &field.from {
            Origin::Registry { key, .. } => reference(key),
            Origin::Computed { args, .. } => args.iter().for_each(|arg| reference(arg)),
            _ => {}
        }
    }
    for field in rule.inputs() {
        if let Origin::Registry { register, key, .. } = &field.from
            && let Some(key) = known.own(key).and_then(|value| value.as_str().map(str::to_owned))
        {
            wanted.insert((register.clone(), key));
        }
    }
    wanted
}

/// Registers whose keys stand in other registers' entries: `enterprise.premises`.
fn second_round(rule: &RuleSet, known: &Knowledge<'_>, answers: &Answers) -> BTreeSet<(String, String)> {
    rule.inputs()
        .filter_map(|field| match &field.from {
            Origin::Registry { register, key, .. } => match known.resolve(key, answers) {
                Found::Value(Value::String(key)) => Some((register.clone(), key)),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// Asks every register that the rule names and puts the facts together.
pub async fn gather(city: &City, rule: &RuleSet, known: &Knowledge<'_>) -> Result<(Facts, Answers), ServiceError> {
    let mut answers = Answers::default();
    let first: Vec<_> = first_round(rule, known).into_iter().collect();
    registry::ask(city, &first, &mut answers).await?;
    let second: Vec<_> = second_round(rule, known, &answers).into_iter().collect();
    registry::ask(city, &second, &mut answers).await?;
    let names = name_checks(city, rule, known).await?;
    Ok((assemble(rule, known, &answers, &names), answers))
}

/// The answers of the name register by the field that asks, only when the rule asks. Its arguments are the whole name, the brand,
/// the trade and the legal form.
async fn name_checks(
    city: &City,
    rule: &RuleSet,
    known: &Knowledge<'_>,
) -> Result<BTreeMap<String, Answer>, ServiceError> {
    let mut answers = BTreeMap::new();
    for field in rule.inputs() {
        let Origin::Computed { function: Function::NameCheck, args } = &field.from else { continue };
        let words: Vec<String> = args.iter().map(|arg| typed_text(rule, known, arg)).collect();
        let part = |i: usize| words.get(i).map_or("", String::as_str);
        let parts = NameParts { full: part(0), brand: part(1), industry: part(2), org_form: part(3) };
        answers.insert(field.code.to_string(), registry::names::check(city, &parts).await?);
    }
    Ok(answers)
}

/// A text argument: a Ref, or a field of the schema that repeats a field of the form.
fn typed_text(rule: &RuleSet, known: &Knowledge<'_>, arg: &str) -> String {
    let field = rule.inputs().find(|field| &*field.code == arg);
    let reference = match field.map(|field| &field.from) {
        Some(Origin::Request { field } | Origin::Claim { field }) => format!("form.{field}"),
        _ => arg.to_owned(),
    };
    known.own(&reference).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Puts the facts together from answers already given; pure, so that a replay can use it too.
pub fn assemble(rule: &RuleSet, known: &Knowledge<'_>, answers: &Answers, names: &BTreeMap<String, Answer>) -> Facts {
    let mut facts = Facts::new();
    // Computed fields may name others, so they come after; the lint refuses cycles.
    let (computed, plain): (Vec<&Field>, Vec<&Field>) =
        rule.inputs().partition(|field| matches!(field.from, Origin::Computed { .. }));
    for field in plain {
        if let Some(fact) = plain_fact(field, known, answers) {
            facts.insert(field.code.to_string(), fact);
        }
    }
    for field in computed {
        if let Origin::Computed { function, args } = &field.from {
            let value = match (function, names.get(&*field.code)) {
                (Function::NameCheck, Some(answer)) => answer.clone(),
                _ => computed::call(*function, &arguments(args, field, known, answers, &facts), known.now.date()),
            };
            facts.insert(
                field.code.to_string(),
                Fact { value, provenance: source("系统计算", "computed", known).into() },
            );
        }
    }
    facts
}

fn source(zh: &str, en: &str, known: &Knowledge<'_>) -> Text {
    let at = moment_words(known.now);
    Text::new(format!("{zh}，{}", at.zh), format!("{en}, {}", at.en))
}

fn plain_fact(field: &Field, known: &Knowledge<'_>, answers: &Answers) -> Option<Fact> {
    let typed = |value: Option<Value>, zh: &str, en: &str| {
        let provenance = source(zh, en, known);
        match value {
            Some(value) => of_json(field.kind, &value, provenance),
            None => Fact::missing(Text::new("没有填写", "not filled in"), provenance),
        }
    };
    match &field.from {
        Origin::Request { field: name } => {
            Some(typed(known.own(&format!("form.{name}")), "申请内容", "what is applied for"))
        }
        Origin::Claim { field: name } => {
            Some(typed(known.own(&format!("form.{name}")), "申请人自述", "the applicant's own statement"))
        }
        Origin::Pledge { field: name } => Some(match known.pledge {
            Some(_) => typed(known.own(&format!("form.{name}")), "申请人承诺", "pledged by the applicant"),
            None => Fact::missing(
                Text::new("没有签署告知承诺书", "no pledge was signed"),
                source("申请人承诺", "pledged by the applicant", known),
            ),
        }),
        Origin::Registry { register: name, key, path } => Some(registry_fact(field, name, key, path, known, answers)),
        Origin::Licence { licence_type, path } => Some(licence_fact(field, licence_type, path, known)),
        Origin::Computed { .. } | Origin::Table(_) => None,
    }
}

fn of_json(kind: Type, value: &Value, provenance: Text) -> Fact {
    match FactValue::from_json(kind, value) {
        Some(value) => Fact::known(value, provenance),
        None => Fact::missing(Text::new("数据格式不符", "the value is not of the expected type"), provenance),
    }
}

fn registry_fact(field: &Field, name: &str, key: &str, path: &str, known: &Knowledge<'_>, answers: &Answers) -> Fact {
    let labels = register(name).map_or((name, name), |register| (register.zh, register.en));
    let provenance = source(labels.0, labels.1, known);
    let key = match known.resolve(key, answers) {
        Found::Value(Value::String(key)) => key,
        Found::Silent => return Fact::unavailable(provenance),
        _ => return Fact::missing(Text::new("查询条件缺失", "there is nothing to look it up by"), provenance),
    };
    let answer = answers.get(name, &key);
    match (answer, path) {
        (Register::Unavailable, _) => Fact::unavailable(provenance),
        (Register::Found(_), "exists") => Fact::known(FactValue::Bool(true), provenance),
        (Register::Absent, "exists") => Fact::known(FactValue::Bool(false), provenance),
        _ => match answer.at(path) {
            Some(value) => of_json(field.kind, value, provenance),
            None => Fact::missing(Text::new("登记库中没有记录", "the register has no such entry"), provenance),
        },
    }
}

/// What a licence says: ours, else one that a window took from paper, else one of another issuer that was verified. Where neither is there and somebody who issues the type did
/// not answer, nothing is known, as with a register that is silent.
fn licence_fact(field: &Field, licence_type: &str, path: &str, known: &Knowledge<'_>) -> Fact {
    let provenance = source("本平台电子证照库", "licences on file", known);
    let own: Vec<&OnFile> = known.licences.iter().filter(|own| own.licence_type == licence_type).collect();
    let valid = own.iter().find(|own| own.valid);
    let paper = known.papers.iter().find(|own| own.face.licence_type == licence_type).filter(|_| valid.is_none());
    if let Some(paper) = paper {
        return paper_fact(field, path, paper, known);
    }
    let abroad = known.elsewhere.found.iter().find(|own| own.licence_type == licence_type);
    let fact = match path {
        "exists" => (!own.is_empty()).then_some(Value::Bool(true)),
        "valid" => valid.map(|_| Value::Bool(true)),
        "valid_to" => valid.and_then(|own| own.valid_to).map(|day| Value::from(day.to_string())),
        _ => path.strip_prefix("surface.").and_then(|key| valid?.surface.get(key).cloned().map(Value::from)),
    };
    match (fact, abroad) {
        (Some(value), _) => of_json(field.kind, &value, provenance),
        (None, Some(abroad)) if valid.is_none() => fact_elsewhere(field, path, abroad, known),
        (None, _) if valid.is_none() && known.elsewhere.silent.contains(licence_type) => Fact::unavailable(provenance),
        (None, _) if matches!(path, "exists" | "valid") => Fact::known(FactValue::Bool(false), provenance),
        (None, _) => Fact::missing(Text::new("没有有效证照", "no valid licence on file"), provenance),
    }
}

/// The same of a licence that a window took from paper.
fn paper_fact(field: &Field, path: &str, licence: &PaperLicence, known: &Knowledge<'_>) -> Fact {
    let provenance = source("窗口核验的纸质证照", "paper licence confirmed at a window", known);
    let value = match path {
        "exists" | "valid" => Some(Value::Bool(true)),
        "valid_to" => licence.face.valid_to.map(|day| Value::from(day.to_string())),
        _ => path.strip_prefix("surface.").and_then(|key| licence.face.surface.get(key).cloned().map(Value::from)),
    };
    match value {
        Some(value) => of_json(field.kind, &value, provenance),
        None => Fact::missing(Text::new("证照上没有这一项", "the licence does not say it"), provenance),
    }
}

/// The same of a licence of another issuer.
fn fact_elsewhere(field: &Field, path: &str, licence: &ElsewhereLicence, known: &Knowledge<'_>) -> Fact {
    let provenance = source(&licence.peer_name.zh, &licence.peer_name.en, known);
    let value = match path {
        "exists" | "valid" => Some(Value::Bool(true)),
        "valid_to" => licence.valid_to.map(|day| Value::from(day.to_string())),
        _ => path.strip_prefix("surface.").and_then(|key| surface_line(licence, key)),
    };
    match value {
        Some(value) => of_json(field.kind, &value, provenance),
        None => Fact::missing(Text::new("证照上没有这一项", "the licence does not say it"), provenance),
    }
}

/// A line on the face of a fetched licence, from its signed data.
fn surface_line(licence: &ElsewhereLicence, key: &str) -> Option<Value> {
    let signed: Value = serde_json::from_str(&licence.signed).ok()?;
    let lines = signed.pointer("/licence/surface")?.as_array()?;
    lines.iter().find(|line| line.get("key").and_then(Value::as_str) == Some(key))?.get("value").cloned()
}

/// The arguments of a computed field. A literal takes the type of what it is compared with: `=3702` is text beside a
/// text, such as the beginning of an area code, and a number beside a number.
fn arguments(args: &[String], field: &Field, known: &Knowledge<'_>, answers: &Answers, facts: &Facts) -> Vec<Arg> {
    let mut resolved: Vec<Arg> = args.iter().map(|arg| argument(arg, field, known, answers, facts)).collect();
    let is_text = |arg: &Arg| match arg {
        Arg::One(Answer::Value(value)) => value.kind() == Type::String,
        Arg::One(_) => false,
        Arg::List(items) => items.iter().any(|value| value.kind() == Type::String),
    };
    let beside_text = args.iter().zip(&resolved).any(|(arg, value)| !arg.starts_with('=') && is_text(value));
    if beside_text {
        for (arg, value) in args.iter().zip(resolved.iter_mut()) {
            if let Some(literal) = arg.strip_prefix('=') {
                *value = Arg::One(Answer::Value(FactValue::text(literal)));
            }
        }
    }
    resolved
}

/// An argument of a computed field: a literal, another field, or a Ref.
fn argument(arg: &str, field: &Field, known: &Knowledge<'_>, answers: &Answers, facts: &Facts) -> Arg {
    if let Some(literal) = arg.strip_prefix('=') {
        // What a text is searched for is text, also where it looks like a number: a division code.
        let searched = matches!(field.from, Origin::Computed { function: Function::Contains, .. });
        let value = if searched { FactValue::text(literal) } else { literal_value(literal) };
        return Arg::One(Answer::Value(value));
    }
    if let Some(fact) = facts.get(arg) {
        return Arg::One(fact.value.clone());
    }
    match known.resolve(arg, answers) {
        Found::Silent => Arg::One(Answer::Unavailable),
        Found::Nothing => Arg::One(Answer::Missing {
            why: Text::new(
                format!("缺少{}所需的数据", field.label.zh),
                format!("data for {} is missing", field.label.en),
            ),
        }),
        Found::Value(Value::Array(items)) => Arg::List(items.iter().filter_map(scalar).collect()),
        Found::Value(value) => match scalar(&value) {
            Some(value) => Arg::One(Answer::Value(value)),
            None => Arg::One(Answer::Missing {
                why: Text::new("数据格式不符", "the value is not of the expected type"),
            }),
        },
    }
}

fn literal_value(text: &str) -> FactValue {
    match text {
        "true" => FactValue::Bool(true),
        "false" => FactValue::Bool(false),
        _ => FactValue::decimal(text).unwrap_or_else(|| FactValue::text(text)),
    }
}

/// A JSON scalar by its own type; a text that is a date becomes one, so that dates of registers can be counted with.
fn scalar(value: &Value) -> Option<FactValue> {
    match value {
        Value::Bool(_) => FactValue::from_json(Type::Bool, value),
        Value::Number(_) => FactValue::from_json(Type::Number, value),
        Value::String(_) => {
            FactValue::from_json(Type::Date, value).or_else(|| FactValue::from_json(Type::String, value))
        }
        _ => None,
    }
}
