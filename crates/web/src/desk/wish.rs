//! Reading a form of the desk: what somebody wants done, or which field cannot be taken as it is.

use domain::cases::{Case, CheckKind, NonAcceptance, Point, Termination, Verdict};
use domain::catalog::SpecialKind;
use service::cases::Work;

use super::points::points_of;
use crate::app::Posted;
use crate::i18n::T;

/// A field that cannot be taken as it is: its name and the sentence for it.
pub(super) type Wrong = (String, String);

/// A posted form with the words for what is wrong in it.
pub(super) struct Form<'a> {
    /// Words.
    pub t: T,
    /// What was posted.
    pub posted: &'a Posted,
}

impl Form<'_> {
    fn text(&self, name: &str) -> Result<String, Wrong> {
        let value = self.posted.get(name).trim();
        if value.is_empty() { Err((name.to_owned(), self.t.desk_write().to_owned())) } else { Ok(value.to_owned()) }
    }

    fn yes(&self, name: &str) -> Result<bool, Wrong> {
        match self.posted.get(name) {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(self.choose(name)),
        }
    }

    fn choose(&self, name: &str) -> Wrong {
        (name.to_owned(), self.t.desk_choose().to_owned())
    }

    fn points(&self, list: &str) -> Result<Vec<Point>, Wrong> {
        let points = points_of(&self.posted.pairs, list);
        if points.iter().any(|point| point.about.is_empty() || point.text.is_empty()) {
            return Err((list.to_owned(), self.t.desk_points_half().to_owned()));
        }
        Ok(points)
    }

    fn verdicts(&self, case: &Case) -> Result<Vec<(String, Verdict)>, Wrong> {
        let mut verdicts = Vec::new();
        // One press for a complete file: whatever is not marked as defective is in order.
        let all = self.posted.get("do") == "all";
        for item in &case.application.materials {
            let note = self.posted.get(&format!("note.{}", item.slot)).trim().to_owned();
            let name = format!("verdict.{}", item.slot);
            let in_order = match self.posted.get(&name) {
                "ok" => true,
                "" if all => true,
                "bad" if note.is_empty() => {
                    return Err((format!("note.{}", item.slot), self.t.desk_note_missing().to_owned()));
                }
                "bad" => false,
                _ => continue,
            };
            verdicts.push((item.slot.clone(), Verdict { in_order, note: if in_order { String::new() } else { note } }));
        }
        match case.application.materials.first() {
            Some(first) if verdicts.is_empty() => Err(self.choose(&format!("verdict.{}", first.slot))),
            _ => Ok(verdicts),
        }
    }

    fn decline(&self, case: &Case) -> Result<Work, Wrong> {
        let ground = match self.posted.get("decline.ground") {
            "not-needed" => NonAcceptance::NotNeeded,
            "barred" => NonAcceptance::Barred {
                since: self.text("decline.since")?.parse().map(Some).map_err(|_| self.choose("decline.since"))?,
                decision: self.text("decline.decision")?,
            },
            "wrong-authority" => NonAcceptance::WrongAuthority { authority: self.text("decline.authority")? },
            "still-lacking" => {
                let ticked = self.posted.all("decline.lacking");
                let listed = case.notices().flat_map(|notice| &notice.points).enumerate();
                let points: Vec<Point> = listed
                    .filter(|(at, _)| ticked.contains(&at.to_string().as_str()))
                    .map(|(_, point)| point.clone())
                    .collect();
                if points.is_empty() {
                    return Err(self.choose("decline.lacking"));
                }
                NonAcceptance::StillLacking { points }
            }
            _ => return Err(self.choose("decline.ground")),
        };
        Ok(Work::DeclineAcceptance { ground, reasons: self.text("decline.reason")? })
    }

    fn pause(&self) -> Result<Work, Wrong> {
        let named = serde_json::Value::String(self.posted.get("pause.procedure").to_owned());
        let procedure: SpecialKind = serde_json::from_value(named).map_err(|_| self.choose("pause.procedure"))?;
        let days = self.posted.get("pause.days").trim().parse().ok().filter(|days| (1..=365).contains(days));
        let working_days = days.ok_or_else(|| ("pause.days".to_owned(), self.t.desk_days_wrong().to_owned()))?;
        Ok(Work::Pause { procedure, working_days })
    }

    fn opinion(&self) -> Result<Work, Wrong> {
        let officers = ["opinion.officer1", "opinion.officer2"].map(|name| self.posted.get(name).trim().to_owned());
        Ok(Work::GiveOpinion {
            favourable: self.yes("opinion.favourable")?,
            officers: officers.into_iter().filter(|name| !name.is_empty()).collect(),
            text: self.text("opinion.reason")?,
        })
    }

    fn check(&self) -> Result<Work, Wrong> {
        let kind = match self.posted.get("check.kind") {
            "pledge" => CheckKind::Pledge,
            "sample" => CheckKind::Sample,
            "asked" => CheckKind::Asked,
            "follow-up" => CheckKind::FollowUp,
            _ => return Err(self.choose("check.kind")),
        };
        Ok(Work::AnswerCheck { kind, confirmed: self.yes("check.confirmed")?, note: self.text("check.reason")? })
    }

    /// What was asked for; `None` for a command that the desk does not know.
    pub(super) fn work(&self, command: &str, case: &Case) -> Result<Option<Work>, Wrong> {
        Ok(Some(match command {
            "give-feedback" => Work::GiveFeedback { points: self.points("feedback")? },
            "give-verdicts" => Work::GiveVerdicts { verdicts: self.verdicts(case)? },
            "request-correction" => {
                let points = self.points("correct")?;
                if points.is_empty() {
                    return Err(("correct".to_owned(), self.t.desk_points_none().to_owned()));
                }
                Work::RequestCorrection { points }
            }
            "decline-acceptance" => self.decline(case)?,
            "accept" => Work::Accept,
            "give-opinion" => self.opinion()?,
            "pause" => self.pause()?,
            "resume" => Work::Resume,
            "extend" => Work::Extend { reason: self.text("extend.reason")? },
            "return" => Work::Return { reason: self.text("return.reason")? },
            "terminate" => Work::Terminate {
                ground: Termination::parse(self.posted.get("terminate.ground"))
                    .ok_or_else(|| self.choose("terminate.ground"))?,
                reason: self.text("terminate.reason")?,
            },
            "grant" => Work::Grant { reasons: self.posted.get("grant.reason").trim().to_owned() },
            "refuse" => Work::Refuse { reasons: self.text("refuse.reason")? },
            "deliver" => match self.posted.get("deliver.method") {
                method @ ("window" | "download") => Work::Deliver { method: method.to_owned() },
                _ => return Err(self.choose("deliver.method")),
            },
            "close" => Work::Close,
            "answer-check" => self.check()?,
            _ => return Ok(None),
        }))
    }
}
