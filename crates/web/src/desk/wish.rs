//! Reading a form of the desk: what somebody wants done, or everything in it that cannot be taken as it is.

use std::cell::RefCell;

use domain::cases::{Case, CheckKind, NonAcceptance, Point, Termination, Verdict};
use domain::catalog::{Matter, SpecialKind};
use service::cases::Work;

use super::forms::label;
use super::points::points_of;
use crate::app::Posted;
use crate::i18n::T;

/// A field that cannot be taken as it is: its name and the sentence for it.
pub(super) type Wrong = (String, String);

/// A posted form with the words for what is wrong in it.
pub(super) struct Form<'a> {
    t: T,
    posted: &'a Posted,
    case: &'a Case,
    matter: &'a Matter,
    /// Everything that is wrong, in the order of the page: whoever sends a form learns all of it at once.
    wrong: RefCell<Vec<Wrong>>,
}

impl<'a> Form<'a> {
    pub(super) fn new(t: T, posted: &'a Posted, case: &'a Case, matter: &'a Matter) -> Form<'a> {
        Form { t, posted, case, matter, wrong: RefCell::default() }
    }

    /// What was asked for; `None` for a command that the desk does not know.
    ///
    /// # Errors
    /// Every field that cannot be taken, with a sentence that names it.
    pub(super) fn work(&self, command: &str) -> Result<Option<Work>, Vec<Wrong>> {
        let work = self.wish(command);
        let wrong = self.wrong.take();
        if wrong.is_empty() { Ok(work) } else { Err(wrong) }
    }

    fn is_wrong(&self, name: impl Into<String>, words: impl Into<String>) {
        self.wrong.borrow_mut().push((name.into(), words.into()));
    }

    fn text(&self, name: &str) -> String {
        let value = self.posted.get(name).trim();
        if value.is_empty() {
            self.is_wrong(name, self.t.desk_write(label(self.t, self.case, name)));
        }
        value.to_owned()
    }

    /// What a choice was, if it is one of the offered ones.
    fn chosen<W>(&self, name: &str, parse: impl Fn(&str) -> Option<W>) -> Option<W> {
        let chosen = parse(self.posted.get(name));
        if chosen.is_none() {
            self.is_wrong(name, self.t.desk_choose(label(self.t, self.case, name)));
        }
        chosen
    }

    fn yes(&self, name: &str) -> bool {
        let parse = |value: &str| match value {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        self.chosen(name, parse).unwrap_or(false)
    }

    fn points(&self, list: &str) -> Vec<Point> {
        let points = points_of(&self.posted.pairs, list);
        if points.iter().any(|point| point.about.is_empty() || point.text.is_empty()) {
            self.is_wrong(list, self.t.desk_points_half(self.t.desk_points(list)));
        }
        points
    }

    fn verdicts(&self) -> Vec<(String, Verdict)> {
        let name_of = |slot: &str| {
            let own = self.matter.materials.iter().find(|material| material.slot == slot);
            own.map_or_else(|| slot.to_owned(), |material| self.t.of(&material.name).to_owned())
        };
        let items = &self.case.application.materials;
        // One press for a complete file: whatever is not marked as defective is in order.
        let all = self.posted.get("do") == "all";
        let mut verdicts = Vec::new();
        for item in items {
            let note = self.posted.get(&format!("note.{}", item.slot)).trim().to_owned();
            let in_order = match self.posted.get(&format!("verdict.{}", item.slot)) {
                "ok" => true,
                "" if all => true,
                "bad" => false,
                _ => continue,
            };
            if !in_order && note.is_empty() {
                self.is_wrong(format!("note.{}", item.slot), self.t.desk_note_missing(name_of(&item.slot)));
            }
            verdicts.push((item.slot.clone(), Verdict { in_order, note: if in_order { String::new() } else { note } }));
        }
        if let Some(first) = items.first().filter(|_| verdicts.is_empty()) {
            self.is_wrong(format!("verdict.{}", first.slot), self.t.desk_verdict_missing(name_of(&first.slot)));
        }
        verdicts
    }

    fn decline(&self) -> Option<Work> {
        let parse = |ground: &str| {
            ["not-needed", "barred", "wrong-authority", "still-lacking"].into_iter().find(|own| *own == ground)
        };
        let ground = self.chosen("decline.ground", parse).map(|ground| match ground {
            "barred" => {
                let date = |value: &str| value.trim().parse().ok();
                let since = self.chosen("decline.since", date);
                NonAcceptance::Barred { since, decision: self.text("decline.decision") }
            }
            "wrong-authority" => NonAcceptance::WrongAuthority { authority: self.text("decline.authority") },
            "still-lacking" => NonAcceptance::StillLacking { points: self.lacking() },
            _ => NonAcceptance::NotNeeded,
        });
        let reasons = self.text("decline.reason");
        Some(Work::DeclineAcceptance { ground: ground?, reasons })
    }

    /// The points of the notice that were ticked.
    fn lacking(&self) -> Vec<Point> {
        let ticked = self.posted.all("decline.lacking");
        let listed = self.case.notices().flat_map(|notice| &notice.points).enumerate();
        let points: Vec<Point> = listed
            .filter(|(at, _)| ticked.contains(&at.to_string().as_str()))
            .map(|(_, point)| point.clone())
            .collect();
        if points.is_empty() {
            self.is_wrong("decline.lacking", self.t.desk_choose(self.t.desk_lacking()));
        }
        points
    }

    fn pause(&self) -> Option<Work> {
        let parse = |value: &str| -> Option<SpecialKind> {
            serde_json::from_value(serde_json::Value::String(value.to_owned())).ok()
        };
        let procedure = self.chosen("pause.procedure", parse);
        let days = self.posted.get("pause.days").trim().parse().ok().filter(|days| (1..=365).contains(days));
        if days.is_none() {
            self.is_wrong("pause.days", self.t.desk_days_wrong(self.t.desk_days()));
        }
        Some(Work::Pause { procedure: procedure?, working_days: days? })
    }

    fn opinion(&self) -> Work {
        let favourable = self.yes("opinion.favourable");
        let officers = ["opinion.officer1", "opinion.officer2"].map(|name| self.posted.get(name).trim().to_owned());
        let officers = officers.into_iter().filter(|name| !name.is_empty()).collect();
        Work::GiveOpinion { favourable, officers, text: self.text("opinion.reason") }
    }

    fn check(&self) -> Option<Work> {
        let parse = |kind: &str| match kind {
            "pledge" => Some(CheckKind::Pledge),
            "sample" => Some(CheckKind::Sample),
            "asked" => Some(CheckKind::Asked),
            "follow-up" => Some(CheckKind::FollowUp),
            _ => None,
        };
        let kind = self.chosen("check.kind", parse);
        let (confirmed, note) = (self.yes("check.confirmed"), self.text("check.reason"));
        Some(Work::AnswerCheck { kind: kind?, confirmed, note })
    }

    /// Granting against the last opinion needs reasons; otherwise they may be left out.
    fn grounds(&self) -> String {
        let against = self.case.opinions.last().is_some_and(|opinion| !opinion.favourable);
        if against { self.text("grant.reason") } else { self.posted.get("grant.reason").trim().to_owned() }
    }

    /// The slot, where it names something that is still to come.
    fn open_gap(&self, slot: &str) -> Option<String> {
        self.case.open_gaps().find(|gap| gap.slot == slot).map(|gap| gap.slot.clone())
    }

    fn check_gap(&self) -> Option<Work> {
        let slot = self.chosen("gap.slot", |slot| self.open_gap(slot));
        let in_order = self.yes("gap.ok");
        // Whoever has to hand it in once more must read what is wrong with it.
        let wanting = self.posted.get("gap.ok") == "no";
        let note = if wanting { self.text("gap.note") } else { String::new() };
        Some(Work::CheckGap { slot: slot?, in_order, note })
    }

    fn terminate(&self) -> Option<Work> {
        let ground = self.chosen("terminate.ground", Termination::parse);
        let reason = self.text("terminate.reason");
        Some(Work::Terminate { ground: ground?, reason })
    }

    fn correction(&self) -> Work {
        let points = self.points("correct");
        if points.is_empty() {
            self.is_wrong("correct", self.t.desk_points_none(self.t.desk_points("correct")));
        }
        Work::RequestCorrection { points }
    }

    fn wish(&self, command: &str) -> Option<Work> {
        Some(match command {
            "give-feedback" => Work::GiveFeedback { points: self.points("feedback") },
            "give-verdicts" => Work::GiveVerdicts { verdicts: self.verdicts() },
            "request-correction" => self.correction(),
            "decline-acceptance" => return self.decline(),
            "accept" => Work::Accept,
            "accept-with-gaps" => Work::AcceptWithGaps,
            "check-gap" => return self.check_gap(),
            "receive-gap" => {
                let slot = self.chosen("received.slot", |slot| self.open_gap(slot));
                let note = self.text("received.note");
                Work::ReceiveGap { slot: slot?, note }
            }
            "give-opinion" => self.opinion(),
            "pause" => return self.pause(),
            "resume" => Work::Resume,
            "extend" => Work::Extend { reason: self.text("extend.reason") },
            "return" => Work::Return { reason: self.text("return.reason") },
            "terminate" => return self.terminate(),
            "grant" => Work::Grant { reasons: self.grounds() },
            "refuse" => Work::Refuse { reasons: self.text("refuse.reason") },
            "deliver" => {
                let parse = |method: &str| ["window", "download"].into_iter().find(|own| *own == method);
                Work::Deliver { method: self.chosen("deliver.method", parse)?.to_owned() }
            }
            "close" => Work::Close,
            "answer-check" => return self.check(),
            _ => return None,
        })
    }
}
