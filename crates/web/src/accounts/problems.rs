//! What is wrong with a form, looked up by field.

use service::{FieldError, ServiceError};

use crate::app::Failure;
use crate::i18n::T;
use crate::kit::ErrorSummary;

/// Field errors of one form, in the order of the page.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<FieldError>);

impl Problems {
    /// From a use case that refused the input; every other failure passes through.
    pub(crate) fn of(error: ServiceError) -> Result<Problems, Failure> {
        match error {
            ServiceError::Invalid(fields) => Ok(Problems(fields)),
            other => Err(other.into()),
        }
    }

    /// One problem.
    pub(crate) fn one(field: &str, message: domain::text::Text) -> Problems {
        Problems(vec![FieldError::new(field, message)])
    }

    /// The sentence for a field; empty when nothing is wrong with it.
    pub(crate) fn at(&self, t: T, field: &str) -> String {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map_or_else(String::new, |error| t.of(&error.message).to_owned())
    }

    /// The summary above the form, in the order in which the page shows its fields. Those that it does not show come
    /// first and are named without a link.
    pub(crate) fn summary(&self, t: T, shown: &[&str]) -> ErrorSummary {
        let mut summary = ErrorSummary::new(t);
        let place = |error: &FieldError| shown.iter().position(|name| *name == error.field);
        let mut errors: Vec<&FieldError> = self.0.iter().collect();
        errors.sort_by_key(|error| place(error));
        for error in errors {
            let message = t.of(&error.message);
            if shown.contains(&error.field.as_str()) {
                summary.push(&error.field, message);
            } else {
                summary.push_general(message);
            }
        }
        summary
    }
}
