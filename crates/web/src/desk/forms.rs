//! The fields of each act.

use domain::cases::{Case, CheckKind, Gap, Point, State, Termination, gap_names};
use domain::catalog::{SpecialKind, StepKind, special_name};

use super::acts::Desk;
use crate::i18n::T;
use crate::kit::{Choice, Field, Html};

/// What a field is called, on the page and in the sentence about what is wrong with it.
pub(super) fn label(t: T, case: &Case, name: &str) -> &'static str {
    match name {
        "decline.ground" | "terminate.ground" => t.desk_ground_label(),
        "decline.authority" => t.desk_authority(),
        "decline.since" => t.desk_barred_since(),
        "decline.decision" => t.desk_barred_decision(),
        "decline.reason" | "grant.reason" | "refuse.reason" => t.desk_reasons(),
        "opinion.favourable" => t.desk_proposal(),
        "opinion.reason" if !inspecting(case) => t.desk_opinion(),
        "opinion.reason" | "check.reason" => t.desk_findings(),
        "gap.slot" | "received.slot" => t.desk_gap_slot(),
        "gap.ok" => t.desk_gap_result(),
        "gap.note" => t.desk_note(),
        "received.note" => t.desk_walk_seen(),
        "pause.procedure" => t.desk_procedure(),
        "pause.days" => t.desk_days(),
        "deliver.method" => t.desk_method(),
        "check.kind" => t.desk_check_kind(),
        "check.confirmed" => t.desk_check_result(),
        _ => t.desk_reason(),
    }
}

fn inspecting(case: &Case) -> bool {
    case.state == State::InReview { step: StepKind::Inspect }
}

impl Desk<'_> {
    /// What a command asks for.
    pub(super) fn fields(&self, command: &'static str) -> Vec<Html> {
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
            "extend" | "return" | "refuse" => vec![self.reason(command)],
            "terminate" => {
                // What does not fit the case is not offered: without a notice of gaps nothing ends for them.
                let fits = |ground: &Termination| {
                    *ground != Termination::GapsNotSupplied || self.found.case.gap_notice.is_some()
                };
                let grounds = Termination::ALL.into_iter().filter(fits);
                let grounds = grounds.map(|ground| Choice::new(ground.as_str(), t.of(&ground.label()))).collect();
                let ground = Field::select(t, "terminate.ground", self.label("terminate.ground"), grounds);
                vec![self.kept("terminate.ground", ground, ""), self.reason(command)]
            }
            "grant" => {
                let field = Field::textarea(t, "grant.reason", self.label("grant.reason")).rows(3).max_length(4000);
                // AL 38 asks for reasons of a refusal; granting against the last opinion needs them too.
                let against = self.found.case.opinions.last().is_some_and(|opinion| !opinion.favourable);
                let field = if against { field.hint(t.desk_reasons_against()) } else { field.optional() };
                vec![self.kept("grant.reason", field, "")]
            }
            "check-gap" => self.check_gap(),
            "receive-gap" => self.receive_gap(),
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

    fn label(&self, name: &str) -> &'static str {
        label(self.t, &self.found.case, name)
    }

    fn reason(&self, command: &str) -> Html {
        let name = format!("{command}.reason");
        let field = Field::textarea(self.t, name.as_str(), self.label(&name)).rows(4).max_length(4000);
        self.kept(&name, field, "")
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
            self.kept("decline.ground", Field::radio(t, "decline.ground", self.label("decline.ground"), grounds), ""),
            self.kept(
                "decline.authority",
                Field::text(t, "decline.authority", self.label("decline.authority"))
                    .hint(t.desk_authority_hint())
                    .optional(),
                "",
            ),
        ];
        let since = Field::date(t, "decline.since", self.label("decline.since")).optional();
        let decision = Field::text(t, "decline.decision", self.label("decline.decision")).optional();
        fields.push(self.kept("decline.since", since, ""));
        fields.push(self.kept("decline.decision", decision, ""));
        if lacking {
            let choices = listed.iter().enumerate().map(|(at, point)| Choice::new(at.to_string(), point.text.as_str()));
            let mut field = Field::checkboxes(t, "decline.lacking", t.desk_lacking(), choices.collect())
                .hint(t.desk_lacking_hint());
            for (_, value) in self.typed.pairs.iter().filter(|(name, _)| name == "decline.lacking") {
                field = field.value(value.as_str());
            }
            fields.push(Html::of(&field.error(self.typed.error("decline.lacking"))));
        }
        fields.push(self.reason("decline"));
        fields
    }

    fn opinion(&self) -> Vec<Html> {
        let t = self.t;
        let choices = vec![Choice::new("yes", t.desk_favourable()), Choice::new("no", t.desk_unfavourable())];
        let mut fields = vec![self.kept(
            "opinion.favourable",
            Field::radio(t, "opinion.favourable", self.label("opinion.favourable"), choices),
            "",
        )];
        if inspecting(&self.found.case) {
            let one = Field::text(t, "opinion.officer1", t.desk_officer(1)).hint(t.desk_officers_hint()).width("m");
            fields.push(self.kept("opinion.officer1", one, &self.actor.name));
            let two = Field::text(t, "opinion.officer2", t.desk_officer(2)).width("m");
            fields.push(self.kept("opinion.officer2", two, ""));
        }
        fields.push(self.reason("opinion"));
        fields
    }

    /// Special procedures of the matter whose time is excluded by AL 45.
    pub(super) fn procedures(&self) -> Vec<SpecialKind> {
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
        let procedure = Field::radio(t, "pause.procedure", self.label("pause.procedure"), choices.collect());
        let days = Field::text(t, "pause.days", self.label("pause.days"))
            .input_mode("numeric")
            .width("xs")
            .hint(t.desk_days_hint());
        vec![self.kept("pause.procedure", procedure, ""), self.kept("pause.days", days, "")]
    }

    fn gap_choices<'g>(&self, gaps: impl Iterator<Item = &'g Gap>) -> Vec<Choice> {
        let slots: Vec<String> = gaps.map(|gap| gap.slot.clone()).collect();
        let names = gap_names(&slots, &self.published.bundle.matter);
        slots.iter().zip(names).map(|(slot, name)| Choice::new(slot.as_str(), self.t.of(&name))).collect()
    }

    fn check_gap(&self) -> Vec<Html> {
        let t = self.t;
        let choices = self.gap_choices(self.found.case.arrived());
        let first = self.found.case.arrived().next().map_or("", |gap| gap.slot.as_str());
        let results = vec![Choice::new("yes", t.desk_in_order()), Choice::new("no", t.desk_defective())];
        let note = Field::textarea(t, "gap.note", self.label("gap.note")).optional().rows(2).max_length(500);
        vec![
            self.kept("gap.slot", Field::radio(t, "gap.slot", self.label("gap.slot"), choices), first),
            self.kept("gap.ok", Field::radio(t, "gap.ok", self.label("gap.ok"), results), ""),
            self.kept("gap.note", note, ""),
        ]
    }

    fn receive_gap(&self) -> Vec<Html> {
        let t = self.t;
        let choices = self.gap_choices(self.found.case.open_gaps());
        let first = self.found.case.open_gaps().next().map_or("", |gap| gap.slot.as_str());
        let note = Field::text(t, "received.note", self.label("received.note")).max_length(500);
        vec![
            self.kept("received.slot", Field::radio(t, "received.slot", self.label("received.slot"), choices), first),
            self.kept("received.note", note, ""),
        ]
    }

    fn deliver(&self) -> Vec<Html> {
        let t = self.t;
        let choices = vec![Choice::new("window", t.desk_by_window()), Choice::new("download", t.desk_by_download())];
        vec![self.kept(
            "deliver.method",
            Field::radio(t, "deliver.method", self.label("deliver.method"), choices),
            "window",
        )]
    }

    fn check(&self) -> Vec<Html> {
        let t = self.t;
        let open: Vec<&str> = open_checks(&self.found.case).map(check_name).collect();
        let kinds = open.iter().map(|kind| Choice::new(*kind, t.desk_check(kind))).collect();
        let results = vec![Choice::new("yes", t.desk_check_stands()), Choice::new("no", t.desk_check_wrong())];
        vec![
            self.kept(
                "check.kind",
                Field::radio(t, "check.kind", self.label("check.kind"), kinds),
                open.first().copied().unwrap_or(""),
            ),
            self.kept(
                "check.confirmed",
                Field::radio(t, "check.confirmed", self.label("check.confirmed"), results),
                "",
            ),
            self.reason("check"),
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
        CheckKind::FollowUp => "follow-up",
    }
}
