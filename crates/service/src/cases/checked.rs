//! Content that a command brings, checked before the law is asked: forms that replace an earlier one, points of a notice.

use domain::cases::{Case, Origin, Point};
use domain::catalog::{Form, Matter};
use domain::text::Text;
use serde_json::Value;

use crate::error::{FieldError, ServiceError};

/// Most points of one notice, and most characters of one of them: what a person can read and act upon.
const MAX_POINTS: usize = 100;
const MAX_POINT_CHARS: usize = 1000;

/// A form that takes the place of the one on file must be complete. An application taken at a window may stay as
/// incomplete as it was received, but gets no new faults.
///
/// # Errors
/// [`ServiceError::Invalid`], a field each.
pub(super) fn replacing_form(form: &Form, case: &Case, new: &Value) -> Result<(), ServiceError> {
    let mut errors = form.validate(new, None);
    if case.origin == Origin::Window {
        let old = form.validate(&case.application.form, None);
        errors.retain(|error| !old.iter().any(|known| known.pointer == error.pointer));
    }
    if errors.is_empty() {
        return Ok(());
    }
    let fields = errors.into_iter().map(|error| FieldError::new(format!("/form{}", error.pointer), error.message));
    Err(ServiceError::Invalid(fields.collect()))
}

/// Points of a notice name something that the application has: a material or an answer.
///
/// # Errors
/// [`ServiceError::Invalid`], a field each.
pub(super) fn points(points: &[Point], matter: &Matter, form: &Form) -> Result<(), ServiceError> {
    let known = |about: &str| match about.strip_prefix("form:") {
        Some(field) => form.field(field.trim_start_matches('/')).is_some(),
        None => matter.materials.iter().any(|material| material.slot == about),
    };
    if points.len() > MAX_POINTS {
        let (zh, en) = (format!("一次最多列出 {MAX_POINTS} 项。"), format!("List at most {MAX_POINTS} points."));
        return Err(ServiceError::field("/points", &zh, &en));
    }
    let mut fields = Vec::new();
    for (at, point) in points.iter().enumerate() {
        if !known(&point.about) {
            let message = Text::new(
                "没有这项材料或填写内容，请从申请的材料和表单中选择。",
                "There is no such material or answer. Choose one of this application.",
            );
            fields.push(FieldError::new(format!("/points/{at}/about"), message));
        }
        if point.text.chars().count() > MAX_POINT_CHARS {
            let message = Text::new(
                format!("请写得简短些，不超过 {MAX_POINT_CHARS} 个字。"),
                format!("Write less: at most {MAX_POINT_CHARS} characters."),
            );
            fields.push(FieldError::new(format!("/points/{at}/text"), message));
        }
    }
    if fields.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(fields)) }
}
