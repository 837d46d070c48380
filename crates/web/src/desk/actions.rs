//! What the person at the desk may do with a case, each as a form that works without JavaScript.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::{Case, CheckKind, Point, State};
use domain::catalog::{SpecialKind, StepKind, special_name};
use service::cases::CaseView;
use service::catalog::Published;

use crate::i18n::T;
use crate::kit::{Choice, Field, Html, Repeat};

/// What was posted and could not be done, so that nothing typed is lost.
#[derive(Default)]
pub(super) struct Typed {
    /// What was done just now, by the address.
    pub done: String,
    /// The command; empty when nothing was posted.
    pub command: String,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
    /// The list that gets one more row.
    pub more: String,
    /// What is wrong, by field.
    pub errors: Vec<(String, String)>,
}

impl Typed {
    /// The first value of a field, if it was posted.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The sentence for a field.
    fn error(&self, name: &str) -> String {
        self.errors.iter().find(|(own, _)| own == name).map_or_else(String::new, |(_, text)| text.clone())
    }
}

/// One thing to do.
pub(super) struct Act {
    /// Name in the address.
    pub command: &'static str,
    /// Words of the summary and the button.
    pub title: String,
    /// What will happen.
    pub about: String,
    /// Fields.
    pub fields: Vec<Html>,
    /// Shown unfolded.
    pub open: bool,
    /// The one that is expected here.
    pub primary: bool,
    /// Ends the case against the applicant.
    pub danger: bool,
    /// Key that leads to it together with the browser's modifier.
    pub key: &'static str,
}

impl Act {
    /// Class of its button.
    pub(super) fn button(&self) -> &'static str {
        match (self.danger, self.primary) {
            (true, _) => "button button--danger",
            (false, true) => "button",
            (false, false) => "button button--quiet",
        }
    }
}

/// Commands of the desk in the order of the page, with the permission each needs and its key.
const COMMANDS: [(&str, Action, &str); 16] = [
    ("give-feedback", Action::Accept, "f"),
    ("accept", Action::Accept, "a"),
    ("request-correction", Action::Accept, "c"),
    ("decline-acceptance", Action::Accept, "d"),
    ("give-opinion", Action::Review, "o"),
    ("grant", Action::Decide, "g"),
    ("return", Action::Decide, "b"),
    ("refuse", Action::Decide, "r"),
    ("pause", Action::Review, "p"),
    ("resume", Action::Review, "p"),
    ("extend", Action::Decide, "e"),
    ("deliver", Action::Deliver, "d"),
    ("close", Action::Deliver, "l"),
    ("answer-check", Action::Check, "k"),
    ("terminate", Action::Decide, "t"),
    ("give-verdicts", Action::Accept, "v"),
];

/// Whether state and role both allow a command.
pub(super) fn allowed(actor: &Actor, found: &CaseView, command: &str) -> bool {
    let case = &found.case;
    let subject = Subject {
        party: Some(&case.applicant),
        filed_by: Some(&case.filed_by),
        department: Some(&case.department),
        district: Some(&case.district),
    };
    found.possible.contains(&command)
        && COMMANDS.iter().any(|(own, action, _)| *own == command && may(actor, *action, &subject).is_ok())
}

/// What the forms are drawn from.
pub(super) struct Desk<'a> {
    /// Words.
    pub t: T,
    /// Who looks.
    pub actor: &'a Actor,
    /// The case.
    pub found: &'a CaseView,
    /// Its matter.
    pub published: &'a Published,
    /// What was posted last.
    pub typed: &'a Typed,
}

impl Desk<'_> {
    /// Everything that state and role allow, without the verdicts, which stand beside the materials.
    pub(super) fn acts(&self) -> Vec<Act> {
        let wanted = COMMANDS.iter().filter(|(command, ..)| *command != "give-verdicts");
        let mut acts: Vec<Act> = wanted
            .filter(|(command, ..)| allowed(self.actor, self.found, command))
            .filter(|(command, ..)| self.makes_sense(command))
            .map(|(command, _, key)| self.act(command, key))
            .collect();
        if acts.iter().all(|act| !act.open)
            && let Some(first) = acts.iter_mut().find(|act| act.primary)
        {
            first.open = true;
        }
        acts
    }

    /// Leaves out what the law could never allow here although the state does not rule it out.
    fn makes_sense(&self, command: &str) -> bool {
        match command {
            "pause" => !self.procedures().is_empty(),
            "decline-acceptance" => self.found.case.state == State::Filed,
            _ => true,
        }
    }

    fn act(&self, command: &'static str, key: &'static str) -> Act {
        let t = self.t;
        let primary = match command {
            // The notice is what is expected while something stands in the way of acceptance.
            "accept" => !self.stuck(),
            "request-correction" => self.stuck(),
            other => matches!(other, "give-feedback" | "give-opinion" | "grant" | "deliver" | "answer-check" | "close"),
        };
        Act {
            command,
            title: t.desk_act(command),
            about: t.desk_act_about(command),
            fields: self.fields(command),
            open: self.typed.command == command,
            primary,
            danger: matches!(command, "refuse" | "decline-acceptance" | "terminate"),
            key,
        }
    }

    fn fields(&self, command: &'static str) -> Vec<Html> {
        let t = self.t;
        match command {
            "give-feedback" => vec![self.points("feedback", Vec::new(), false)],
            "request-correction" => {
                let second = self.found.case.correction.is_some();
                let known = if second { Vec::new() } else { self.defects() };
                vec![self.points("correct", known, second)]
            }
            "decline-acceptance" => self.decline(),
            "give-opinion" => self.opinion(),
            "pause" => self.pause(),
            "extend" | "return" | "terminate" => vec![self.reason(command, t.desk_reason())],
            "grant" => {
                let field = Field::textarea(t, "grant.reason", t.desk_reasons()).rows(3).max_length(4000);
                // AL 38 asks for reasons of a refusal; granting against the last opinion needs them too.
                let against = self.found.case.opinions.last().is_some_and(|opinion| !opinion.favourable);
                let field = if against { field.hint(t.desk_reasons_against()) } else { field.optional() };
                vec![self.kept("grant.reason", field, "")]
            }
            "refuse" => vec![self.reason(command, t.desk_reasons())],
            "deliver" => self.deliver(),
            "answer-check" => self.check(),
            _ => Vec::new(),
        }
    }

    /// A field with what was typed, else with `first`, and with what is wrong.
    fn kept(&self, name: &str, field: Field, first: &str) -> Html {
        let typed = self.typed.get(name).unwrap_or(first);
        Html::of(&field.value(typed).error(self.typed.error(name)))
    }

    fn reason(&self, command: &str, label: &str) -> Html {
        let name = format!("{command}.reason");
        let field = Field::textarea(self.t, name.as_str(), label).rows(4).max_length(4000);
        self.kept(&name, field, "")
    }

    /// Whether something keeps the application from being accepted.
    fn stuck(&self) -> bool {
        !self.found.blockers.is_empty() || self.defective().next().is_some()
    }

    fn defective(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found.case.application.materials.iter().filter_map(|item| {
            let verdict = item.verdict.as_ref().filter(|verdict| !verdict.in_order)?;
            Some((item.slot.as_str(), verdict.note.as_str()))
        })
    }

    /// What the notice should hold by what is known: verdicts first, then what is missing. The notice is a Chinese
    /// document, so its sentences are Chinese in either language of the page.
    fn defects(&self) -> Vec<Point> {
        let point = |about: String, text: String| Point { about, text, new_defect: None };
        let name = |slot: &str| {
            let own = self.published.bundle.matter.materials.iter().find(|material| material.slot == slot);
            own.map_or_else(|| slot.to_owned(), |material| material.name.zh.clone())
        };
        let mut points: Vec<Point> = self
            .defective()
            .map(|(slot, note)| point(slot.to_owned(), format!("《{}》：{note}", name(slot))))
            .collect();
        for blocker in &self.found.blockers {
            let field = blocker.about.strip_prefix("form:/").and_then(|path| path.split('/').next());
            let about = field.map_or_else(|| blocker.about.clone(), |field| format!("form:{field}"));
            if points.iter().all(|known| known.about != about) {
                points.push(point(about, blocker.text.zh.clone()));
            }
        }
        points
    }

    /// What a point may be about.
    fn subjects(&self) -> Vec<Choice> {
        let t = self.t;
        let materials = self.published.bundle.matter.materials.iter();
        let materials = materials.map(|own| Choice::new(own.slot.as_str(), t.desk_about_material(t.of(&own.name))));
        let fields = self.published.bundle.form.fields();
        let fields = fields.map(|own| Choice::new(format!("form:{}", own.name), t.desk_about_field(t.of(&own.label))));
        materials.chain(fields).collect()
    }

    /// The rows of a list of points: what was typed, else `known`, and an empty one where nothing is known.
    fn points(&self, list: &'static str, known: Vec<Point>, second: bool) -> Html {
        let t = self.t;
        let rows = if self.typed.pairs.iter().any(|(name, _)| name.starts_with(&format!("{list}["))) {
            points_of(&self.typed.pairs, list)
        } else {
            known
        };
        let least = usize::from(list == "correct");
        let count = (rows.len() + usize::from(self.typed.more == list)).max(least);
        let mut repeat = Repeat::new(t, list, t.desk_points(list), t.desk_point())
            .limits(0, 100)
            .hint(if second { t.desk_points_second().to_owned() } else { t.desk_points_hint(list) })
            .error(self.typed.error(list));
        for at in 0..count {
            let row = rows.get(at);
            let about = row.map_or("", |point| point.about.as_str());
            let text = row.map_or("", |point| point.text.as_str());
            let mut fields = vec![
                Field::select(t, format!("{list}[{at}].about"), t.desk_point_about(), self.subjects()).value(about),
                Field::textarea(t, format!("{list}[{at}].text"), t.desk_point_text())
                    .rows(2)
                    .max_length(2000)
                    .value(text),
            ];
            if second {
                let codes = ["in-new-material", "contradicts-other", "expired-meanwhile"];
                let codes = codes.map(|code| Choice::new(code, t.desk_new_defect(code))).to_vec();
                let field = Field::select(t, format!("{list}[{at}].new"), t.desk_point_new(), codes);
                fields.push(field.value(row.and_then(|point| point.new_defect).map_or("", super::act::code_of)));
            }
            repeat = repeat.row(fields);
        }
        Html::of(&repeat)
    }

    fn decline(&self) -> Vec<Html> {
        let t = self.t;
        let case = &self.found.case;
        let listed: Vec<&Point> = case.notices().flat_map(|notice| &notice.points).collect();
        let mut grounds = vec!["not-needed", "wrong-authority"];
        if case.resubmitted_at.is_some() && !listed.is_empty() {
            grounds.push("still-lacking");
        }
        grounds.push("barred");
        let lacking = grounds.contains(&"still-lacking");
        let grounds = grounds.into_iter().map(|ground| Choice::new(ground, t.desk_ground(ground))).collect();
        let mut fields = vec![
            self.kept("decline.ground", Field::radio(t, "decline.ground", t.desk_ground_label(), grounds), ""),
            self.kept(
                "decline.authority",
                Field::text(t, "decline.authority", t.desk_authority()).hint(t.desk_authority_hint()).optional(),
                "",
            ),
        ];
        if lacking {
            let choices = listed.iter().enumerate().map(|(at, point)| Choice::new(at.to_string(), point.text.as_str()));
            let mut field = Field::checkboxes(t, "decline.lacking", t.desk_lacking(), choices.collect())
                .hint(t.desk_lacking_hint());
            for (_, value) in self.typed.pairs.iter().filter(|(name, _)| name == "decline.lacking") {
                field = field.value(value.as_str());
            }
            fields.push(Html::of(&field.error(self.typed.error("decline.lacking"))));
        }
        fields.push(self.reason("decline", t.desk_reasons()));
        fields
    }

    fn opinion(&self) -> Vec<Html> {
        let t = self.t;
        let inspecting = self.found.case.state == State::InReview { step: StepKind::Inspect };
        let choices = vec![Choice::new("yes", t.desk_favourable()), Choice::new("no", t.desk_unfavourable())];
        let mut fields = vec![self.kept(
            "opinion.favourable",
            Field::radio(t, "opinion.favourable", t.desk_proposal(), choices),
            "",
        )];
        if inspecting {
            let one = Field::text(t, "opinion.officer1", t.desk_officer(1)).hint(t.desk_officers_hint()).width("m");
            fields.push(self.kept("opinion.officer1", one, &self.actor.name));
            let two = Field::text(t, "opinion.officer2", t.desk_officer(2)).width("m");
            fields.push(self.kept("opinion.officer2", two, ""));
        }
        let label = if inspecting { t.desk_findings() } else { t.desk_opinion() };
        fields.push(self.reason("opinion", label));
        fields
    }

    /// Special procedures of the matter whose time is excluded by AL 45.
    fn procedures(&self) -> Vec<SpecialKind> {
        let excluded = |kind: &SpecialKind| {
            matches!(kind, SpecialKind::Hearing | SpecialKind::Testing | SpecialKind::ExpertReview)
        };
        self.published.bundle.matter.special_procedures.iter().map(|own| own.kind).filter(excluded).collect()
    }

    fn pause(&self) -> Vec<Html> {
        let t = self.t;
        let choices = self.procedures().into_iter().map(|kind| {
            let value = serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned));
            Choice::new(value.unwrap_or_default(), t.of(&special_name(kind)))
        });
        let procedure = Field::radio(t, "pause.procedure", t.desk_procedure(), choices.collect());
        let days =
            Field::text(t, "pause.days", t.desk_days()).input_mode("numeric").width("xs").hint(t.desk_days_hint());
        vec![self.kept("pause.procedure", procedure, ""), self.kept("pause.days", days, "")]
    }

    fn deliver(&self) -> Vec<Html> {
        let t = self.t;
        let choices = vec![Choice::new("window", t.desk_by_window()), Choice::new("download", t.desk_by_download())];
        vec![self.kept("deliver.method", Field::radio(t, "deliver.method", t.desk_method(), choices), "window")]
    }

    fn check(&self) -> Vec<Html> {
        let t = self.t;
        let open: Vec<&str> = open_checks(&self.found.case).map(check_name).collect();
        let kinds = open.iter().map(|kind| Choice::new(*kind, t.desk_check(kind))).collect();
        let results = vec![Choice::new("yes", t.desk_check_stands()), Choice::new("no", t.desk_check_wrong())];
        vec![
            self.kept(
                "check.kind",
                Field::radio(t, "check.kind", t.desk_check_kind(), kinds),
                open.first().copied().unwrap_or(""),
            ),
            self.kept("check.confirmed", Field::radio(t, "check.confirmed", t.desk_check_result(), results), ""),
            self.reason("check", t.desk_findings()),
        ]
    }
}

/// Checks that wait for a result.
fn open_checks(case: &Case) -> impl Iterator<Item = CheckKind> {
    case.checks.iter().filter(|check| check.result.is_none()).map(|check| check.kind)
}

/// The stored name of a kind of check.
pub(super) fn check_name(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Pledge => "pledge",
        CheckKind::Sample => "sample",
        CheckKind::Asked => "asked",
    }
}

/// Points as they were posted, wholly blank rows left out, in the order of the page.
pub(super) fn points_of(pairs: &[(String, String)], list: &str) -> Vec<Point> {
    let mut rows: std::collections::BTreeMap<usize, Point> = std::collections::BTreeMap::new();
    for (name, value) in pairs {
        let Some((at, cell)) = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.split_once("].")) else {
            continue;
        };
        let Some(at) = at.parse::<usize>().ok().filter(|at| *at < 1000) else { continue };
        let row =
            rows.entry(at).or_insert_with(|| Point { about: String::new(), text: String::new(), new_defect: None });
        match cell {
            "about" => row.about.clone_from(value),
            "text" => value.trim().clone_into(&mut row.text),
            "new" => row.new_defect = super::act::code(value),
            _ => {}
        }
    }
    rows.into_values().filter(|row| !row.about.is_empty() || !row.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_points_are_read_in_their_order_and_blank_ones_vanish() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = [
            pair("correct[2].text", " 面积与平面图不一致 "),
            pair("correct[2].about", "form:area"),
            pair("correct[0].about", ""),
            pair("correct[0].text", "  "),
            pair("correct[10].about", "plan"),
            pair("correct[10].new", "expired-meanwhile"),
            pair("correct[x].text", "no row"),
            pair("feedback[0].text", "another list"),
        ];
        let points = points_of(&pairs, "correct");
        assert_eq!(points.len(), 2);
        assert_eq!(points[0].about, "form:area");
        assert_eq!(points[0].text, "面积与平面图不一致");
        assert_eq!(points[1].new_defect, Some(domain::cases::NewDefect::ExpiredMeanwhile));
    }
}
