//! What people at the desks and applicants lawfully do with an application as it stands.

use domain::accounts::{Actor, Role};
use domain::cases::{
    Case, CheckKind, DutyKind, NonAcceptance, Point, Provided, State, Verdict, application_blockers, is_extensible,
    open_pause, possible,
};
use domain::catalog::StepKind;
use domain::time::Unit;

use super::habits;
use super::story::Turn;
use crate::cases::{Changed, GivenMaterial, Work};
use crate::error::ServiceError;

/// A command with its name, and who gives it.
type Given = (Actor, &'static str, Work);

impl Turn<'_> {
    /// Who does what next, lawfully; nothing when nothing is to be done.
    pub(super) fn lawful(&self, case: &Case) -> Result<Option<Given>, ServiceError> {
        let world = self.world;
        let clerk = || world.clerk(self.story.serial).clone();
        let (reviewer, approver) =
            (world.staff(Role::Reviewer, &case.department)?, world.staff(Role::Approver, &case.department)?);
        let fate = &self.story.fate;
        let open = matches!(case.state, State::Filed | State::Correction | State::InReview { .. });
        if fate.withdraw && open {
            return Ok(Some((self.story.citizen(), "withdraw", Work::Withdraw { reason: "另有安排。".into() })));
        }
        let paused = case.clocks.as_ref().is_some_and(|clocks| open_pause(clocks).is_some());
        Ok(match &case.state {
            State::Filed => self.at_the_window(case, clerk()),
            State::Correction if fate.silent => None,
            State::Correction => {
                Some((self.story.citizen(), "resubmit", Work::Resubmit { changed: self.corrected(case)? }))
            }
            State::InReview { .. } if paused => Some((reviewer.clone(), "resume", Work::Resume)),
            State::InReview { step: StepKind::Decide } => Some(self.decision(case, approver.clone())?),
            State::InReview { .. } => Some(self.examination(case, reviewer.clone())?),
            State::Granted | State::Issued => Some((clerk(), "deliver", Work::Deliver { method: "window".into() })),
            State::Delivered => Some((clerk(), "close", Work::Close)),
            State::Closed if fate.asks && possible(case).contains(&"ask-person") => {
                let reason = "请人工核对。".into();
                Some((self.story.citizen(), "ask-person", Work::AskPerson { reason }))
            }
            State::Closed => open_check(case).map(|kind| {
                let note = "经核查，登记信息与承诺内容属实。".into();
                (reviewer.clone(), "answer-check", Work::AnswerCheck { kind, confirmed: true, note })
            }),
            _ => None,
        })
    }

    /// AL 32: what a clerk does with what came in.
    fn at_the_window(&self, case: &Case, clerk: Actor) -> Option<Given> {
        let fate = &self.story.fate;
        if fate.decline && case.resubmitted_at.is_none() {
            let ground = NonAcceptance::WrongAuthority { authority: "山东省农业农村厅".into() };
            let reasons = "本事项由省级主管部门办理，请向其申请。".into();
            return Some((clerk, "decline-acceptance", Work::DeclineAcceptance { ground, reasons }));
        }
        let (marked, points) =
            if fate.defect && case.correction.is_none() { self.defects(case) } else { (true, Vec::new()) };
        if points.is_empty() {
            return Some((clerk, "accept", Work::Accept));
        }
        if !marked {
            let wrong = |about: &str| (about.to_owned(), Verdict { in_order: false, note: "内容不全。".into() });
            let verdicts = points.iter().filter(|point| case.material(&point.about).is_some()).map(|p| wrong(&p.about));
            return Some((clerk, "give-verdicts", Work::GiveVerdicts { verdicts: verdicts.collect() }));
        }
        Some((clerk, "request-correction", Work::RequestCorrection { points }))
    }

    /// Everything that is missing, else one of the files; and whether its verdict stands already.
    fn defects(&self, case: &Case) -> (bool, Vec<Point>) {
        let shelf = self.world.city.shelf();
        let Ok(published) = shelf.matter(&case.matter) else { return (true, Vec::new()) };
        let (matter, form) = (&published.bundle.matter, &published.bundle.form);
        let point =
            |about: &str| Point {
                about: about.to_owned(), text: "请补充完整后重新提交。".into(), new_defect: None
            };
        let missing = application_blockers(matter, form, &case.application);
        if !missing.is_empty() {
            return (true, missing.iter().map(|blocker| point(&blocker.about)).collect());
        }
        let file = case.application.materials.iter().find(|item| matches!(item.provided, Provided::Upload { .. }));
        let marked = file.is_some_and(|item| item.verdict.is_some());
        (marked, file.iter().map(|item| point(&item.slot)).collect())
    }

    /// What the applicant hands in after a notice: another file for each material that it names.
    fn corrected(&self, case: &Case) -> Result<Changed, ServiceError> {
        let shelf = self.world.city.shelf();
        let matter = &shelf.matter(&case.matter)?.bundle.matter;
        let points = case.notices().last().map(|notice| notice.points.as_slice()).unwrap_or_default();
        let materials = points.iter().filter(|point| !point.about.starts_with("form:")).map(|point| {
            let formats =
                matter.materials.iter().find(|item| item.slot == point.about).map(|item| item.formats.as_slice());
            let upload = self.world.specimens.fitting(formats.unwrap_or_default()).to_owned();
            GivenMaterial { slot: point.about.clone(), uploads: vec![upload], paper: None }
        });
        Ok(Changed { form: case.application.form.clone(), materials: materials.collect(), pledge: None })
    }

    fn examination(&self, case: &Case, reviewer: Actor) -> Result<Given, ServiceError> {
        let shelf = self.world.city.shelf();
        let matter = &shelf.matter(&case.matter)?.bundle.matter;
        if self.story.fate.pause
            && let Some((procedure, working_days)) = habits::procedure(matter)
        {
            return Ok((reviewer, "pause", Work::Pause { procedure, working_days }));
        }
        let officers = vec!["林雅".into(), "宋志".into()];
        let text = if self.story.fate.refuse {
            "现场与图纸不符。"
        } else {
            "材料齐全，符合法定条件，建议准予。"
        };
        let work = Work::GiveOpinion { favourable: !self.story.fate.refuse, text: text.into(), officers };
        Ok((reviewer, "give-opinion", work))
    }

    fn decision(&self, case: &Case, approver: Actor) -> Result<Given, ServiceError> {
        let fate = &self.story.fate;
        let city = &self.world.city;
        let shelf = city.shelf();
        let matter = &shelf.matter(&case.matter)?.bundle.matter;
        let examined = matter.flow.iter().any(|own| matches!(own.step, StepKind::Review | StepKind::Inspect));
        if fate.back && examined {
            return Ok((approver, "return", Work::Return { reason: "请核实后再报。".into() }));
        }
        let extensible = matter.statutory.as_ref().is_some_and(|limit| limit.unit == Unit::WorkingDay)
            && is_extensible(case, matter, city.law());
        if fate.extend && extensible && !case.late.contains(&DutyKind::LimitBroken) {
            return Ok((approver, "extend", Work::Extend { reason: "需要征求相邻单位意见。".into() }));
        }
        if fate.refuse {
            return Ok((approver, "refuse", Work::Refuse { reasons: "现场与图纸不符，经指导仍未改正。".into() }));
        }
        Ok((approver, "grant", Work::Grant { reasons: String::new() }))
    }
}

/// The check that is to be answered first.
pub(super) fn open_check(case: &Case) -> Option<CheckKind> {
    case.checks.iter().find(|check| check.result.is_none()).map(|check| check.kind)
}
