//! The string formats a form may use: `date`, `uscc`, `citizen-id`, `phone`.

use jiff::civil::Date;
use jsonschema::{Draft, PatternOptions, ValidationOptions};

use super::FieldKind;
use crate::codes::{CodeError, citizen_id, phone, uscc};

/// Options under which every form is compiled. The linear-time expression engine keeps a hostile pattern or answer
/// from stalling a page, and no reference may lead out of the file.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .with_format("date", is_date)
        .with_format("uscc", |text: &str| check(&FieldKind::Uscc, text).is_ok())
        .with_format("citizen-id", |text: &str| check(&FieldKind::CitizenId, text).is_ok())
        .with_format("phone", |text: &str| check(&FieldKind::Phone, text).is_ok())
}

/// `YYYY-MM-DD`, a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.is_ascii() && text.parse::<Date>().is_ok_and(|date| date.to_string() == text)
}

/// Checks a code of the state. Kinds that are no code always pass.
pub(super) fn check(kind: &FieldKind, text: &str) -> Result<(), CodeError> {
    match kind {
        FieldKind::Uscc => uscc::parse(text).map(drop),
        // The answer to a form must not depend on the day it is read: whether someone is born already, the
        // population register says.
        FieldKind::CitizenId => citizen_id::parse(text, Date::MAX).map(drop),
        FieldKind::Phone => phone::parse(text).map(drop),
        _ => Ok(()),
    }
}

/// A code as people type it, repaired as far as its kind allows.
pub(super) fn repair(kind: &FieldKind, text: &str) -> String {
    match kind {
        FieldKind::Uscc => uscc::normalise(text),
        FieldKind::CitizenId => citizen_id::normalise(text),
        FieldKind::Phone => phone::normalise(text),
        _ => text.to_owned(),
    }
}
