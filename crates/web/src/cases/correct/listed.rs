//! What the notice lists, beside the question or the material that it is about; everything else apart.

use std::collections::BTreeMap;

use domain::cases::{Case, Point, Provided};
use domain::catalog::Form;
use service::catalog::Published;

use super::attempt::Attempt;
use crate::app::{Failure, Visit};
use crate::cases::fields::{Asked, Sheet};
use crate::cases::given::{self, Slot};
use crate::cases::materials::widget;
use crate::i18n::T;
use crate::kit::Html;

/// A step of the form with the points about its questions.
pub(super) struct Topic {
    pub(super) title: String,
    pub(super) points: Vec<String>,
    pub(super) asked: Vec<Asked>,
}

/// A material with the points about it, its present files and the box for new ones.
pub(super) struct Paper {
    pub(super) points: Vec<String>,
    pub(super) current: Vec<(String, String)>,
    pub(super) upload: Html,
}

/// Steps with a listed question, and the others.
pub(super) fn topics(t: T, form: &Form, listed: &[Point], attempt: &Attempt) -> (Vec<Topic>, Vec<Topic>) {
    let prefill = BTreeMap::new();
    let sheet = Sheet {
        t,
        form,
        data: &attempt.form,
        prefill: &prefill,
        errors: &attempt.errors,
        more: &attempt.more,
        at_window: false,
    };
    let all = form.steps().iter().map(|step| {
        let about = |point: &&Point| {
            let name = point.about.strip_prefix("form:").map(|name| name.trim_start_matches('/'));
            name.is_some_and(|name| step.fields.iter().any(|field| field == name.split('/').next().unwrap_or(name)))
        };
        Topic {
            title: t.of(&step.title).to_owned(),
            points: listed.iter().filter(about).map(|point| point.text.clone()).collect(),
            asked: sheet.step(&step.id),
        }
    });
    // A topic with an error is never folded away.
    let wrong = |topic: &Topic| {
        topic.asked.iter().any(|asked| attempt.errors.iter().any(|error| error.field.starts_with(&asked.name)))
    };
    all.partition(|topic| !topic.points.is_empty() || wrong(topic))
}

/// Materials with a listed point, and the others.
pub(super) async fn papers(
    visit: &Visit,
    case: &Case,
    published: &Published,
    listed: &[Point],
    attempt: &Attempt,
) -> Result<(Vec<Paper>, Vec<Paper>), Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), visit.person()?);
    let (mut wanted, mut others) = (Vec::new(), Vec::new());
    for material in &published.bundle.matter.materials {
        let points: Vec<String> =
            listed.iter().filter(|point| point.about == material.slot).map(|point| point.text.clone()).collect();
        let ids = attempt.files.get(&material.slot).cloned().unwrap_or_default();
        let slot = Slot {
            files: given::complete(city, actor, &ids).await?,
            material: material.clone(),
            ready: None,
            pledged: false,
            may_follow: false,
            later: false,
            needed: false,
        };
        let current = match case.material(&material.slot).map(|item| &item.provided) {
            Some(Provided::Upload { files }) => files
                .iter()
                .map(|file| (format!("/uploads/{}?case={}", file.id, case.number), file.name.clone()))
                .collect(),
            // What a register or a licence gave needs no file, unless somebody asks for one.
            Some(
                Provided::Licence { .. }
                | Provided::FromPaper { .. }
                | Provided::Elsewhere { .. }
                | Provided::Register { .. }
                | Provided::Unanswered { .. },
            ) if points.is_empty() => {
                continue;
            }
            _ => Vec::new(),
        };
        let open = !points.is_empty() || attempt.file_errors.contains_key(&material.slot);
        let upload = Html::of(&widget(t, &slot, attempt.file_errors.get(&material.slot), None));
        let paper = Paper { points, current, upload };
        if open { wanted.push(paper) } else { others.push(paper) }
    }
    Ok((wanted, others))
}
