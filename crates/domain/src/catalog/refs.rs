//! References from forms, samples and licence surfaces to what is already known: `enterprise.address`.
//!
//! `applicant.name|code|kind|phone` · `agent.name|code` · `form.<field>` · `today` · `decision.date|valid_to` ·
//! `licence.number` · `<register>.<dotted path>`, the entry of that register for the applicant (for a register keyed
//! by something else, the entry that the caller fetched).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::matter::ApplicantKind;
use crate::registry;
use crate::text::Text;

/// Paths of each register's documents, as far as the catalogue may refer to them. Things that belong to someone carry
/// their own key too (`project.code`), so that a sample can name the fictitious applicant's own.
const PATHS: &[(&str, &[&str])] = &[
    (
        "enterprise",
        &[
            "name",
            "kind",
            "status",
            "org_form",
            "legal_representative.name",
            "legal_representative.id",
            "address",
            "district",
            "capital_fen",
            "established",
            "scope",
            "industry",
            "premises",
            "phone",
        ],
    ),
    ("person", &["name", "sex", "birth", "address", "district", "status", "phone"]),
    ("credit", &["serious_dishonesty", "broken_pledges", "abnormal_operation"]),
    ("premises", &["address", "district", "use", "area_sqm", "owner_code", "lawful", "frozen"]),
    ("project", &["code", "name", "owner_code", "kind", "industry", "filed"]),
    ("company-name", &["brand", "industry", "status", "since"]),
    ("industry-policy", &["class", "procedure"]),
    ("device-catalogue", &["name", "class"]),
    ("land", &["contract", "owner_code", "area_sqm", "use", "paid"]),
    ("real-estate", &["title_number", "owner_code", "address", "area_sqm", "mortgaged", "sealed"]),
    ("social-insurance", &["insured", "status", "months_paid", "arrears_fen", "employer_code"]),
    ("health-insurance", &["insured", "status", "place"]),
    ("housing-fund", &["balance_fen", "status", "months_paid", "loan", "last_withdrawal"]),
    ("tax", &["registered", "arrears_fen", "credit_grade", "invoice_kinds"]),
    ("practitioner", &["kind", "certificate", "passed", "valid_until", "employer_code", "disciplined"]),
    // Words made up anew for each draw of a sample, such as the brand of a company that does not exist yet.
    ("draw", &["brand"]),
    ("vehicle", &["plate", "owner_code", "kind", "mileage", "inspected_until", "violations"]),
];

/// A parsed reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Ref {
    /// `applicant.name|code|kind|phone`.
    Applicant(String),
    /// `agent.name|code`.
    Agent(String),
    /// `form.<field>`.
    Form(String),
    /// `today`.
    Today,
    /// `decision.date|valid_to`.
    Decision(String),
    /// `licence.number`.
    LicenceNumber,
    /// `<register>.<dotted path>`.
    Register {
        /// Stored name of the register.
        register: String,
        /// Dotted path inside its document.
        path: String,
    },
}

/// Why a reference is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefError {
    /// The first word names nothing that can be referred to.
    #[error("unknown source in reference “{0}”")]
    UnknownSource(String),
    /// The source exists, but not this part of it.
    #[error("“{reference}”: known parts are {known}")]
    UnknownPath {
        /// The reference.
        reference: String,
        /// What could stand after the first dot, separated by spaces.
        known: String,
    },
}

impl RefError {
    /// A sentence for the author of the file.
    pub fn text(&self) -> Text {
        match self {
            RefError::UnknownSource(reference) => Text::new(
                format!("引用“{reference}”的来源不存在。"),
                format!("The reference “{reference}” names no known source."),
            ),
            RefError::UnknownPath { reference, known } => Text::new(
                format!("引用“{reference}”没有这一项，可用：{known}。"),
                format!("The reference “{reference}” names no known part; known are: {known}."),
            ),
        }
    }
}

impl FromStr for Ref {
    type Err = RefError;

    fn from_str(s: &str) -> Result<Ref, RefError> {
        if s == "today" {
            return Ok(Ref::Today);
        }
        let unknown = || RefError::UnknownSource(s.to_owned());
        let (source, path) = s.split_once('.').ok_or_else(unknown)?;
        let one_of = |known: &[&str]| match known.contains(&path) {
            true => Ok(path.to_owned()),
            false => Err(RefError::UnknownPath { reference: s.to_owned(), known: known.join(" ") }),
        };
        match source {
            "applicant" => one_of(&["name", "code", "kind", "phone"]).map(Ref::Applicant),
            "agent" => one_of(&["name", "code"]).map(Ref::Agent),
            "decision" => one_of(&["date", "valid_to"]).map(Ref::Decision),
            "licence" => one_of(&["number"]).map(|_| Ref::LicenceNumber),
            "form" if !path.is_empty() && !path.contains('.') => Ok(Ref::Form(path.to_owned())),
            _ => {
                let known = PATHS.iter().find(|(name, _)| *name == source).ok_or_else(unknown)?;
                let path = one_of(known.1)?;
                Ok(Ref::Register { register: source.to_owned(), path })
            }
        }
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ref::Applicant(part) => write!(f, "applicant.{part}"),
            Ref::Agent(part) => write!(f, "agent.{part}"),
            Ref::Form(field) => write!(f, "form.{field}"),
            Ref::Today => f.write_str("today"),
            Ref::Decision(part) => write!(f, "decision.{part}"),
            Ref::LicenceNumber => f.write_str("licence.number"),
            Ref::Register { register, path } => write!(f, "{register}.{path}"),
        }
    }
}

impl From<Ref> for String {
    fn from(reference: Ref) -> String {
        reference.to_string()
    }
}

impl TryFrom<String> for Ref {
    type Error = RefError;
    fn try_from(text: String) -> Result<Ref, RefError> {
        text.parse()
    }
}

/// A person or organisation in a [`RefContext`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Name.
    pub name: String,
    /// Credit code or citizen number.
    pub code: String,
    /// What it is.
    pub kind: ApplicantKind,
    /// Telephone, when known.
    pub phone: Option<String>,
}

/// What references resolve against.
#[derive(Debug, Clone)]
pub struct RefContext {
    /// Who applies.
    pub applicant: Party,
    /// Who acts for the applicant.
    pub agent: Option<Party>,
    /// Data of the form.
    pub form: Value,
    /// Documents already fetched, by the stored name of their register. Absent = not known, for whatever reason.
    pub registers: BTreeMap<String, Value>,
    /// The legal day.
    pub today: Date,
    /// Day of the decision and last day of validity, once decided.
    pub decision: Option<(Date, Option<Date>)>,
    /// Number of the licence, once it has one.
    pub licence_number: Option<String>,
}

impl Ref {
    /// The value, or `None` when it is not known (or null).
    pub fn resolve(&self, context: &RefContext) -> Option<Value> {
        let value = match self {
            Ref::Applicant(part) => context.applicant.part(part)?,
            Ref::Agent(part) => context.agent.as_ref()?.part(part)?,
            Ref::Form(field) => context.form.get(field)?.clone(),
            Ref::Today => context.today.to_string().into(),
            Ref::Decision(part) if part == "date" => context.decision?.0.to_string().into(),
            Ref::Decision(_) => context.decision?.1?.to_string().into(),
            Ref::LicenceNumber => context.licence_number.clone()?.into(),
            Ref::Register { register, path } => {
                let document = context.registers.get(register)?;
                path.split('.').try_fold(document, |value, part| value.get(part))?.clone()
            }
        };
        (!value.is_null()).then_some(value)
    }

    /// Where the value comes from, to be named beside a prefilled field: 市场主体登记库.
    pub fn source_name(&self) -> Text {
        match self {
            Ref::Register { register, .. } => registry::register(register)
                .map_or_else(|| Text::new(register.as_str(), register.as_str()), |name| Text::new(name.zh, name.en)),
            Ref::Applicant(_) | Ref::Agent(_) => Text::new("账户实名信息", "verified account"),
            Ref::Form(_) => Text::new("本表", "this form"),
            Ref::Today => Text::new("当前日期", "current date"),
            Ref::Decision(_) | Ref::LicenceNumber => Text::new("审批决定", "the decision"),
        }
    }
}

impl Party {
    fn part(&self, part: &str) -> Option<Value> {
        match part {
            "name" => Some(self.name.clone().into()),
            "code" => Some(self.code.clone().into()),
            "phone" => self.phone.clone().map(Value::from),
            _ => serde_json::to_value(self.kind).ok(),
        }
    }
}

/// Resolves the text of a reference; `None` when it is no reference or its value is not known.
pub fn resolve(reference: &str, context: &RefContext) -> Option<Value> {
    reference.parse::<Ref>().ok()?.resolve(context)
}

/// Registers that must be asked before these references can be resolved. Order and number do not matter.
pub fn required_registers<'r>(references: impl IntoIterator<Item = &'r Ref>) -> BTreeSet<String> {
    references
        .into_iter()
        .filter_map(|reference| match reference {
            Ref::Register { register, .. } => Some(register.clone()),
            _ => None,
        })
        .collect()
}

/// One piece of a text with placeholders.
enum Piece<'t> {
    Words(&'t str),
    Placeholder(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, behind)) = after.split_once('}') else { break };
        pieces.push(Piece::Words(before));
        pieces.push(Piece::Placeholder(inside));
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// Every reference inside the `{…}` placeholders of a JSON value, with the JSON pointer of the text that holds it.
pub fn placeholders(value: &Value) -> Vec<(String, Result<Ref, RefError>)> {
    let mut found = Vec::new();
    walk(value, &mut String::new(), &mut |pointer, text| {
        for piece in pieces(text) {
            if let Piece::Placeholder(inside) = piece {
                found.push((pointer.to_owned(), inside.parse()));
            }
        }
    });
    found
}

/// Calls `visit` with the JSON pointer and the text of every string in a value.
pub(crate) fn walk(value: &Value, pointer: &mut String, visit: &mut impl FnMut(&str, &str)) {
    let length = pointer.len();
    match value {
        Value::String(text) => visit(pointer, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                walk(item, pointer, visit);
                pointer.truncate(length);
            }
        }
        Value::Object(object) => {
            for (key, item) in object {
                pointer.push('/');
                pointer.push_str(&super::source::token(key));
                walk(item, pointer, visit);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Fills the placeholders of a value. A text that is one placeholder takes the type of what it names; inside a longer
/// text the words are put in.
///
/// # Errors
/// The references that could not be resolved, each once, as written.
pub fn fill(value: &Value, context: &RefContext) -> Result<Value, Vec<String>> {
    let mut missing = BTreeSet::new();
    let filled = fill_into(value, context, &mut missing);
    if missing.is_empty() { Ok(filled) } else { Err(missing.into_iter().collect()) }
}

fn fill_into(value: &Value, context: &RefContext, missing: &mut BTreeSet<String>) -> Value {
    match value {
        Value::String(text) => fill_text(text, context, missing),
        Value::Array(items) => items.iter().map(|item| fill_into(item, context, missing)).collect(),
        Value::Object(object) => {
            object.iter().map(|(key, item)| (key.clone(), fill_into(item, context, missing))).collect()
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, context: &RefContext, missing: &mut BTreeSet<String>) -> Value {
    let pieces = pieces(text);
    let mut words = String::new();
    for piece in &pieces {
        match piece {
            Piece::Words(part) => words.push_str(part),
            Piece::Placeholder(reference) => match resolve(reference, context) {
                Some(value) if text.len() == reference.len() + 2 => return value,
                Some(Value::String(part)) => words.push_str(&part),
                Some(other) => words.push_str(&other.to_string()),
                None => {
                    missing.insert((*reference).to_owned());
                }
            },
        }
    }
    Value::String(words)
}
