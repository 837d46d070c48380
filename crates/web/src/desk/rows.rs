//! Rows of a pile: what, who, since when, by when; most urgent first.

use askama::Template;
use service::cases::CaseRow;

use super::frame::{self, Lights};
use crate::app::Visit;
use crate::i18n::T;
use crate::kit::{Html, Tag, Tone};

/// One row.
struct Line {
    href: String,
    name: String,
    who: String,
    number: String,
    received: String,
    department: String,
    lamp: Html,
    deadline: String,
    risk: Option<Tag>,
    current: bool,
    late: bool,
}

/// A list of cases. Keys `j` and `k` walk along it where scripts run.
#[derive(Template)]
#[template(path = "desk/rows.html")]
pub(crate) struct Rows {
    label: String,
    lines: Vec<Line>,
    /// Narrow, beside a case.
    compact: bool,
}

impl askama::filters::HtmlSafe for Rows {}

/// How closely to look, as a word with its shape; nothing for what is ordinary.
pub(super) fn risk_tag(t: T, risk: domain::cases::Risk) -> Option<Tag> {
    use domain::cases::Risk;
    let tone = match risk {
        Risk::High => Tone::Bad,
        Risk::Watch => Tone::Act,
        Risk::Ordinary => return None,
    };
    Some(Tag::new(tone, t.desk_risk(risk.name())))
}

impl Rows {
    /// The rows of a pile; `current` is the number of the case on the screen.
    pub(crate) fn new(visit: &Visit, pile: &'static str, rows: &[CaseRow], current: &str) -> Rows {
        let (t, city) = (visit.t(), visit.city());
        let (shelf, lights) = (city.shelf(), Lights::new(t, city));
        let lines = rows.iter().map(|row| {
            let own = row.pile.as_deref().unwrap_or(pile);
            let matter = shelf.matter(&row.matter).map(|own| t.of(&own.bundle.matter.name).to_owned());
            let department = shelf.department(&row.department).map(|own| t.of(&own.name).to_owned());
            Line {
                href: format!("/desk/cases/{}?pile={own}", row.number),
                name: matter.unwrap_or_else(|_| row.matter.clone()),
                who: frame::masked(row),
                number: row.number.clone(),
                received: row.received.map_or_else(String::new, |at| t.desk_received_on(t.day(at.date()))),
                department: department.unwrap_or_else(|_| row.department.clone()),
                lamp: lights.lamp(own, row.deadline),
                deadline: row.deadline.map_or_else(String::new, |_| t.cases_due(frame::day(t, row.deadline))),
                risk: row.risk.and_then(|risk| risk_tag(t, risk)),
                current: row.number == current,
                late: row.deadline.is_some_and(|deadline| city.now() >= deadline),
            }
        });
        let lines = lines.collect();
        Rows { label: t.desk_pile(pile), lines, compact: false }
    }

    /// Named otherwise than the pile, for those who listen.
    pub(crate) fn named(mut self, label: String) -> Rows {
        self.label = label;
        self
    }

    /// The same beside a case: fewer words.
    pub(super) fn compact(mut self) -> Rows {
        self.compact = true;
        self
    }

    /// Nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The address of the case after the current one, or of the first when none is current.
    pub(super) fn next(&self) -> Option<(&str, &str)> {
        let at = self.lines.iter().position(|line| line.current);
        let line = self.lines.get(at.map_or(0, |at| at + 1))?;
        Some((&line.href, &line.name))
    }

    /// The address of the case before the current one.
    pub(super) fn previous(&self) -> Option<&str> {
        let at = self.lines.iter().position(|line| line.current)?;
        self.lines.get(at.checked_sub(1)?).map(|line| line.href.as_str())
    }
}
