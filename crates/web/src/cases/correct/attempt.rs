//! One attempt at a correction: what was posted, laid over what the case holds, and which points it leaves untouched.

use std::collections::BTreeMap;

use domain::cases::{Case, Point, State};
use domain::catalog::FieldError;
use serde_json::Value;
use service::catalog::Published;

use crate::app::Failure;
use crate::cases::fields::{joined, without_row};
use crate::cases::materials::files_after;
use crate::cases::multipart::Mixed;
use crate::kit::Action;

/// One attempt: what is in the form now.
pub(super) struct Attempt {
    pub(super) form: Value,
    /// New files by slot.
    pub(super) files: BTreeMap<String, Vec<String>>,
    pub(super) errors: Vec<FieldError>,
    pub(super) file_errors: BTreeMap<String, String>,
    pub(super) general: Vec<String>,
    pub(super) more: String,
    /// Listed points that nothing in the form answers; `None` until somebody tries to send it so.
    pub(super) untouched: Option<Vec<String>>,
}

impl Attempt {
    pub(super) fn of(case: &Case) -> Attempt {
        Attempt {
            form: case.application.form.clone(),
            files: BTreeMap::new(),
            errors: Vec::new(),
            file_errors: BTreeMap::new(),
            general: Vec::new(),
            more: String::new(),
            untouched: None,
        }
    }
}

/// The points that wait for an answer.
pub(super) fn points(case: &Case) -> &[Point] {
    let noticed = || case.notices().last().map(|notice| notice.points.as_slice());
    match case.state {
        State::Feedback => case.feedback.last().map(Vec::as_slice).unwrap_or_default(),
        _ => noticed().unwrap_or_default(),
    }
}

/// Everything that was posted, laid over what the case holds.
pub(super) async fn read(mixed: &Mixed, case: &Case, published: &Published) -> Result<Attempt, Failure> {
    let form = &published.bundle.form;
    let mut attempt = Attempt::of(case);
    let action = Action::parse(mixed.get("do"));
    let pairs = match &action {
        Some(Action::Remove(group, row)) => without_row(mixed.pairs.clone(), group, *row),
        _ => mixed.pairs.clone(),
    };
    let mut unreadable = Vec::new();
    for step in form.steps() {
        let (data, errors) = form.parse_post(&step.id, &pairs);
        attempt.form = form.merge(&attempt.form, &step.id, &data);
        unreadable.extend(errors);
    }
    attempt.errors = joined(unreadable, form.validate(&attempt.form, None));
    if let Some(Action::Add(group)) = action {
        attempt.more = group;
    }
    for material in &published.bundle.matter.materials {
        let (files, error) = files_after(mixed, &material.slot, mixed.visit.person()?).await?;
        attempt.files.insert(material.slot.clone(), files);
        if let Some(error) = error {
            attempt.file_errors.insert(material.slot.clone(), error);
        }
    }
    Ok(attempt)
}

/// Listed points about an answer or a material that stands as it was.
pub(super) fn untouched(case: &Case, published: &Published, attempt: &Attempt) -> Vec<String> {
    let form = &published.bundle.form;
    let (before, after) = (form.normalise(&case.application.form), form.normalise(&attempt.form));
    let stands = |point: &&Point| match point.about.strip_prefix("form:") {
        Some(name) => {
            let name = name.trim_start_matches('/').split('/').next().unwrap_or_default();
            before.get(name) == after.get(name)
        }
        None => attempt.files.get(&point.about).is_some_and(Vec::is_empty),
    };
    points(case).iter().filter(stands).map(|point| point.text.clone()).collect()
}
