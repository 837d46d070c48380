//! Is the source of a field one that can be asked, and how far may it be trusted?

use domain::text::Text;

use crate::finding::{File, Finding};
use crate::schema::{Field, Function, Origin, Schema, Type};

/// How far a fact can carry an approval. The order matters: a mixture is worth its weakest part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    /// Typed by the applicant.
    Claim,
    /// Typed and covered by a signed pledge.
    Pledge,
    /// What is being asked for, or the calendar: neither true nor false.
    Neutral,
    /// Known to a register or from a licence.
    Evidence,
}

const REQUEST_FIX: (&str, &str) = (
    "可用：applicant.code、agent.code、form.x、today、登记库路径",
    "known: applicant.code, agent.code, form.x, today, register paths",
);

/// Checks `from` of one field, without looking at other fields.
pub(crate) fn check(index: usize, field: &Field, findings: &mut Vec<Finding>) {
    let mut push = |zh: String, en: String, fix: (&str, &str)| {
        let pointer = format!("/fields/{index}/from");
        findings.push(Finding::new(File::Schema, pointer, Text::new(zh, en), Text::new(fix.0, fix.1)));
    };
    match &field.from {
        Origin::Request { field } | Origin::Claim { field } | Origin::Pledge { field } => {
            if !dotted(field) {
                push(
                    format!("表单字段“{field}”不合格"),
                    format!("\"{field}\" is no form field"),
                    ("写表单字段名", "name a form field"),
                );
            }
        }
        Origin::Registry { register, key, path } => {
            if !word(register) || !dotted(path) || !is_key(key) {
                push(
                    format!("登记库来源“{register} / {key} / {path}”不合格"),
                    format!("\"{register} / {key} / {path}\" is no register source"),
                    REQUEST_FIX,
                );
            }
            if path == "exists" && field.kind != Type::Bool {
                push("exists 的类型是 bool".into(), "exists is a bool".into(), ("改类型为 bool", "make it a bool"));
            }
        }
        Origin::Licence { licence_type, path } => {
            let expected = match path.as_str() {
                "exists" | "valid" => Some(Type::Bool),
                "valid_to" => Some(Type::Date),
                _ if path.strip_prefix("surface.").is_some_and(dotted) => Some(field.kind),
                _ => None,
            };
            if expected != Some(field.kind) || !word(licence_type) {
                push(
                    format!("证照来源“{licence_type} / {path}”不合格或类型不符"),
                    format!("\"{licence_type} / {path}\" is no licence source of this type"),
                    (
                        "path 为 exists、valid（bool）、valid_to（date）或 surface.<键>",
                        "path is exists, valid (bool), valid_to (date) or surface.<key>",
                    ),
                );
            }
        }
        Origin::Computed { function, args } => {
            let (kind, least, most) = signature(*function);
            if field.kind != kind || args.len() < least || args.len() > most {
                push(
                    format!("函数的结果类型是 {}，参数 {least} 至 {most} 个", kind.name()),
                    format!("the function gives a {} and takes {least} to {most} arguments", kind.name()),
                    ("改正类型或参数", "correct the type or the arguments"),
                );
            }
        }
        Origin::Table(_) => {}
    }
}

/// Result type, fewest and most arguments.
fn signature(function: Function) -> (Type, usize, usize) {
    match function {
        Function::Equals | Function::Contains => (Type::Bool, 2, 2),
        Function::YearsSince | Function::DaysUntil => (Type::Number, 1, 2),
        Function::Sum | Function::Count => (Type::Number, 1, 16),
        Function::NameCheck => (Type::Bool, 1, 4),
        Function::Today => (Type::Date, 0, 0),
    }
}

/// The functions whose arguments are known to be of one type only.
fn wants(function: Function) -> Option<Type> {
    match function {
        Function::YearsSince | Function::DaysUntil => Some(Type::Date),
        Function::Sum => Some(Type::Number),
        _ => None,
    }
}

/// Checks the arguments of computed fields, which may name other fields; those are declared before, so that there is
/// no circle.
pub(crate) fn check_arguments(schema: &Schema, findings: &mut Vec<Finding>) {
    for (index, field) in schema.fields.iter().enumerate() {
        let Origin::Computed { function, args } = &field.from else { continue };
        for (position, arg) in args.iter().enumerate() {
            let fit = match (schema.index(arg), argument(arg)) {
                (Some(other), _) => {
                    let kind = schema.fields.get(other).map(|f| f.kind);
                    let table = schema.fields.get(other).is_some_and(|f| matches!(f.from, Origin::Table(_)));
                    other < index && !table && wants(*function).is_none_or(|w| kind == Some(w))
                }
                (None, known) => known.is_some(),
            };
            if !fit {
                findings.push(Finding::new(
                    File::Schema,
                    format!("/fields/{index}/from/computed/args/{position}"),
                    Text::new(format!("参数“{arg}”不能识别"), format!("the argument \"{arg}\" is not understood, or of another type")),
                    Text::new(
                        "写前面已声明的字段代码、Ref 或 =常量",
                        "write the code of a field declared above, a Ref such as enterprise.address or form.x, or =literal",
                    ),
                ));
            }
        }
    }
}

/// Trust of a Ref or literal; `None` when it is neither.
fn argument(arg: &str) -> Option<Trust> {
    if arg.starts_with('=') || arg == "today" {
        return Some(Trust::Neutral);
    }
    let (head, path) = arg.split_once('.')?;
    match (head, path) {
        ("applicant", "name" | "code" | "kind" | "phone") | ("agent", "name" | "code") => Some(Trust::Evidence),
        // Known only after the decision.
        ("applicant" | "agent" | "decision" | "licence", _) => None,
        ("form", path) if dotted(path) => Some(Trust::Claim),
        (head, path) if word(head) && dotted(path) => Some(Trust::Evidence),
        _ => None,
    }
}

/// How far the field with this index can be trusted. `tables` answers for fields that come from a table.
pub(crate) fn trust(schema: &Schema, field: &Field, tables: &dyn Fn(&str) -> Trust) -> Trust {
    match &field.from {
        Origin::Request { .. } => Trust::Neutral,
        Origin::Claim { .. } => Trust::Claim,
        Origin::Pledge { .. } => Trust::Pledge,
        Origin::Registry { .. } | Origin::Licence { .. } => Trust::Evidence,
        Origin::Table(id) => tables(id),
        Origin::Computed { function, args } => {
            let mut worth = args.iter().map(|arg| match schema.field(arg) {
                // Arguments stand above the field that uses them, so this ends.
                Some(other) if other.code != field.code => trust(schema, other, tables),
                _ => argument(arg).unwrap_or(Trust::Claim),
            });
            match function {
                // A claim that is compared with a register is no longer a mere claim.
                Function::Equals | Function::Contains => {
                    let all: Vec<Trust> = worth.collect();
                    if all.contains(&Trust::Evidence) {
                        Trust::Evidence
                    } else {
                        all.into_iter().min().unwrap_or(Trust::Neutral)
                    }
                }
                // The calendar proves nothing: an age is worth what the date is worth.
                Function::YearsSince | Function::DaysUntil => worth.next().unwrap_or(Trust::Claim),
                Function::Sum | Function::Count => worth.min().unwrap_or(Trust::Claim),
                Function::NameCheck => Trust::Evidence,
                Function::Today => Trust::Neutral,
            }
        }
    }
}

fn word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn dotted(text: &str) -> bool {
    text.split('.').all(word)
}

/// Keys of registers: the applicant, the agent, a form field, or a chained Ref.
fn is_key(key: &str) -> bool {
    matches!(key, "applicant.code" | "agent.code" | "applicant.name") || (key.contains('.') && argument(key).is_some())
}
