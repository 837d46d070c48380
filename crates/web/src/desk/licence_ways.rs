//! What may be done to a licence at the desk, each as a form: correct 更正, suspend 暂扣, resume 恢复, revoke 撤销 (AL 69), cancel
//! 注销 (AL 70).

use std::collections::{BTreeMap, BTreeSet};

use domain::licences::{CANCELLATION, CORRECTION, Ground, RESUMPTION, REVOCATION, SUSPENSION, Standing};
use jiff::civil::Date;
use service::licences::LicenceView;

use crate::app::Posted;
use crate::i18n::T;
use crate::kit::{Choice, Field};

/// A step in the life of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Correct,
    Suspend,
    Resume,
    Revoke,
    Cancel,
}

impl Step {
    const ALL: [Step; 5] = [Step::Resume, Step::Correct, Step::Suspend, Step::Revoke, Step::Cancel];

    /// The value of `do`.
    fn id(self) -> &'static str {
        match self {
            Step::Correct => "correct",
            Step::Suspend => "suspend",
            Step::Resume => "resume",
            Step::Revoke => "revoke",
            Step::Cancel => "cancel",
        }
    }

    pub(super) fn named(id: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.id() == id)
    }

    fn grounds(self) -> &'static [Ground] {
        match self {
            Step::Correct => &CORRECTION,
            Step::Suspend => &SUSPENSION,
            Step::Resume => &RESUMPTION,
            Step::Revoke => &REVOCATION,
            Step::Cancel => &CANCELLATION,
        }
    }

    /// Whether the licence's standing lets it happen; the use case asks the law itself.
    fn fits(self, view: &LicenceView) -> bool {
        match self {
            Step::Correct => view.standing == Standing::Valid && view.licence.claim.is_none(),
            Step::Suspend => matches!(view.standing, Standing::Valid | Standing::Future),
            Step::Resume => view.standing == Standing::Suspended,
            Step::Revoke | Step::Cancel => !view.licence.recorded.has_ended(),
        }
    }
}

/// A step as a form.
pub(super) struct Way {
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub open: bool,
    /// It takes the licence out of force.
    pub danger: bool,
    pub fields: Vec<Field>,
}

/// What was typed and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    step: Option<Step>,
    ground: String,
    until: String,
    details: String,
    /// What the lines of the licence should say, by key.
    pub lines: BTreeMap<String, String>,
    /// Field and sentence; without a field it concerns the whole form.
    pub errors: Vec<(String, String)>,
}

fn field(step: Step, name: &str) -> String {
    format!("{}.{name}", step.id())
}

impl Typed {
    /// Reads a form; the second part is the reason with its article and the last day, where nothing is wrong.
    pub(super) fn read(
        t: T,
        step: Step,
        posted: &Posted,
        open: &BTreeSet<String>,
    ) -> (Typed, Option<(String, Option<Date>)>) {
        let get = |name: &str| posted.get(&field(step, name)).trim().to_owned();
        let lines = open.iter().filter(|_| step == Step::Correct);
        let mut typed = Typed {
            step: Some(step),
            ground: get("ground"),
            until: get("until"),
            details: get("details"),
            lines: lines.map(|key| (key.clone(), get(&line_name(key)))).collect(),
            errors: Vec::new(),
        };
        let ground = step.grounds().iter().find(|ground| ground.id == typed.ground);
        if ground.is_none() {
            typed.wrong("ground", &t.desk_choose(t.desk_end_ground()));
        }
        let until = if typed.until.is_empty() { Some(None) } else { typed.until.parse::<Date>().ok().map(Some) };
        if until.is_none() {
            typed.wrong("until", &t.desk_write(t.desk_suspend_until()));
        }
        if typed.details.is_empty() {
            typed.wrong("details", &t.desk_write(t.desk_end_details()));
        }
        if !posted.ticked(&field(step, "sure")) {
            typed.wrong("sure", t.desk_end_unsure());
        }
        let ready = ground.zip(until).filter(|_| typed.errors.is_empty());
        let ready = ready.map(|(ground, until)| (ground.reason(&typed.details), until));
        (typed, ready)
    }

    /// Notes what is wrong with a field of the form that was sent.
    pub(super) fn wrong(&mut self, name: &str, words: &str) {
        if let Some(step) = self.step {
            self.errors.push((field(step, name), words.to_owned()));
        }
    }
}

/// The name of the field for a line of the licence.
pub(super) fn line_name(key: &str) -> String {
    format!("line-{key}")
}

/// The lines of a licence that can be put right, as they are.
fn lines(
    t: T,
    view: &LicenceView,
    open: &BTreeSet<String>,
    typed: &Typed,
    error: impl Fn(&str) -> String,
) -> Vec<Field> {
    let surface = view.file.licence.surface.iter().filter(|line| open.contains(&line.key));
    surface
        .map(|line| {
            let name = line_name(&line.key);
            let value = typed.lines.get(&line.key).unwrap_or(&line.value);
            let label = t.of(&line.label);
            Field::text(t, field(Step::Correct, &name), label).max_length(500).value(value).error(error(&name))
        })
        .collect()
}

/// The steps that a licence may take now. `lines` are those that can be corrected.
pub(super) fn ways(t: T, view: &LicenceView, lines: &BTreeSet<String>, typed: &Typed) -> Vec<Way> {
    let fits = |step: &Step| step.fits(view) && (*step != Step::Correct || !lines.is_empty());
    Step::ALL.into_iter().filter(fits).map(|step| way(t, step, (view, lines), typed)).collect()
}

fn way(t: T, step: Step, (view, open_lines): (&LicenceView, &BTreeSet<String>), typed: &Typed) -> Way {
    let open = typed.step == Some(step);
    let error = |name: &str| {
        let found = typed.errors.iter().find(|(own, _)| *own == field(step, name));
        found.map_or_else(String::new, |(_, text)| text.clone())
    };
    let value = |typed: &str| if open { typed.to_owned() } else { String::new() };
    let choices =
        step.grounds().iter().map(|ground| Choice::new(ground.id, t.of(&ground.label())).hint(ground.article));
    let mut fields = vec![
        Field::radio(t, field(step, "ground"), t.desk_end_ground(), choices.collect())
            .value(value(&typed.ground))
            .error(error("ground")),
    ];
    if step == Step::Correct {
        fields.extend(lines(t, view, open_lines, typed, error));
    }
    if step == Step::Suspend {
        fields.push(
            Field::date(t, field(step, "until"), t.desk_suspend_until())
                .hint(t.desk_suspend_until_hint())
                .optional()
                .value(value(&typed.until))
                .error(error("until")),
        );
    }
    fields.push(
        Field::textarea(t, field(step, "details"), t.desk_end_details())
            .hint(t.desk_end_details_hint())
            .rows(3)
            .max_length(2000)
            .value(value(&typed.details))
            .error(error("details")),
    );
    fields.push(Field::tick(t, field(step, "sure"), t.desk_end_sure(step.id())).error(error("sure")));
    Way {
        id: step.id(),
        title: t.desk_end(step.id()),
        about: t.desk_end_about(step.id()),
        open,
        danger: !matches!(step, Step::Resume | Step::Correct),
        fields,
    }
}
