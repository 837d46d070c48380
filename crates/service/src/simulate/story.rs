//! One application, from its filing to its end: each turn somebody looks at it as it stands and does one thing, or tries to.

use domain::accounts::{Account, Actor, Role};
use domain::cases::{
    Case, CheckKind, NonAcceptance, Origin, Point, Provided, Reason, State, Verdict, application_blockers, open_pause,
    possible,
};
use domain::catalog::{Matter, ProjectType, StepKind};
use domain::ids::AccountId;
use domain::time::{Timestamp, Unit};
use serde_json::json;

use super::arrivals::Channel;
use super::audit;
use super::clock::dice_of;
use super::faults::{self, Fault};
use super::habits::{self, Fate};
use super::profile::chance;
use super::watch::{self, Invariant, Tally};
use super::world::World;
use crate::cases::{self, Changed, GivenMaterial, Outcome, Work};
use crate::demo::{self, Dice, Who};
use crate::error::ServiceError;
use crate::registry::{self, Entry};

/// How often a lawful command may be refused before somebody asks why.
const PATIENCE: u32 = 4;

/// An application and what is known of it outside of the platform.
#[derive(Debug, Clone)]
pub(super) struct Story {
    pub serial: u64,
    pub matter: String,
    pub channel: Channel,
    pub who: Box<Who>,
    pub account: AccountId,
    pub number: Option<String>,
    pub fate: Fate,
    turns: u64,
    refusals: u32,
}

/// When somebody turns to an application next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    At(Timestamp),
    /// Nobody will; only the clock.
    Asleep,
    Ended,
}

/// What a turn has led to.
pub(super) struct Turned {
    pub story: Story,
    pub next: Next,
    pub tally: Tally,
}

impl Story {
    pub fn new(serial: u64, matter: &str, channel: Channel, (who, account, fate): (Who, AccountId, Fate)) -> Story {
        let (who, matter) = (Box::new(who), matter.to_owned());
        Story { serial, matter, channel, who, account, number: None, fate, turns: 0, refusals: 0 }
    }

    /// The applicant, signed in.
    pub fn citizen(&self) -> Actor {
        Actor {
            account: Some(self.account),
            name: self.who.person.name.clone(),
            grants: Account::citizen(),
            person: Some(self.who.person.party()),
            acts_for: self.who.body.iter().map(|_| self.who.party()).collect(),
        }
    }

    /// As violations name it; numbers of cases are given in whatever order commits come.
    pub fn about(&self) -> String {
        format!("application {}, {}", self.serial, self.matter)
    }
}

/// Somebody turns to an application.
pub(super) async fn turn(world: &World, mut story: Story) -> Turned {
    story.turns += 1;
    let dice = dice_of(world.plan.seed, story.serial, story.turns);
    let about = story.about();
    let mut turn = Turn { world, now: world.city.now(), dice, about, tally: Tally::default(), story };
    let done = if turn.story.number.is_none() { turn.file().await } else { turn.work().await };
    let place = (turn.now, turn.about.as_str());
    turn.tally.check(Invariant::LawfulDone, done.is_ok(), place, || format!("{:?}", done.as_ref().err()));
    let next = done.unwrap_or(Next::Asleep);
    Turned { story: turn.story, next, tally: turn.tally }
}

struct Turn<'a> {
    world: &'a World,
    now: Timestamp,
    dice: Dice,
    about: String,
    tally: Tally,
    story: Story,
}

impl Turn<'_> {
    fn soon(&self) -> Next {
        Next::At(self.now.plus_seconds(self.world.plan.beat_seconds))
    }

    fn later(&self, at: Timestamp) -> Next {
        Next::At(at.max(self.now.plus_seconds(self.world.plan.beat_seconds)))
    }

    fn check(&mut self, invariant: Invariant, holds: bool, what: impl FnOnce() -> String) {
        self.tally.check(invariant, holds, (self.now, &self.about), what);
    }

    fn watch(&mut self, case: &Case) {
        let (city, calendar) = (&self.world.city, self.world.city.calendar());
        watch::case(case, self.now, &self.about, (&calendar, city.law()), &mut self.tally);
    }

    /// A command, counted by its name and whether it was lawful to give it.
    fn gave(&mut self, name: &str) {
        self.tally.add("command", name);
    }

    // ---- filing --------------------------------------------------------------------------------------------------

    async fn file(&mut self) -> Result<Next, ServiceError> {
        let city = &self.world.city;
        let drawn = demo::draw_for(city, &self.story.matter, &self.story.who, &mut self.dice).await?;
        if self.story.fate.distrusted {
            let doc = json!({"serious_dishonesty": false, "broken_pledges": 1, "abnormal_operation": true});
            let key = drawn.applicant.code.clone();
            registry::put(city, &[Entry { register: "credit".into(), key, doc }]).await?;
        }
        let at_window = self.story.channel.at_window();
        if chance(&mut self.dice, self.world.profile.simulation_assumed.unlawful_attempts) {
            // Whoever stands at no desk takes nothing in the name of a window.
            let tried = cases::submit(city, &self.story.citizen(), drawn.submit(Origin::Window)).await;
            self.gave("submit");
            self.tally.add("mistake", "files at a desk of others");
            self.check(Invariant::UnlawfulRefused, is_refused(&tried), || "a citizen filed as a window".into());
        }
        let origin = if at_window { Origin::Window } else { Origin::Web };
        let mut submit = drawn.submit(origin);
        if at_window && self.story.fate.defect {
            submit.materials.pop();
        }
        let actor = if at_window { self.world.clerk(self.story.serial).clone() } else { self.story.citizen() };
        self.gave("submit");
        let number = if self.world.fires(Fault::LoseCase) {
            format!("{}00000000000000", city.settings().district)
        } else {
            let filed = cases::submit(city, &actor, submit).await?;
            if filed.outcome == Outcome::Approved {
                self.tally.add("approval", "automatic");
            }
            filed.number
        };
        self.tally.add("case", self.world.kind_of(&self.story.matter));
        self.tally.add("channel", self.story.channel.as_str());
        self.tally.add("matter", self.story.matter.as_str());
        self.story.number = Some(number.clone());
        let found = audit::load(city, &number).await?;
        self.check(Invariant::NoLostCase, found.is_some(), || "acknowledged, but not there".into());
        let Some((case, _)) = found else { return Ok(Next::Ended) };
        self.watch(&case);
        self.follow(&case).await
    }

    // ---- working -------------------------------------------------------------------------------------------------

    async fn work(&mut self) -> Result<Next, ServiceError> {
        let city = &self.world.city;
        let number = self.story.number.clone().unwrap_or_default();
        let mut found = audit::load(city, &number).await?;
        if let Some((case, _)) = &found
            && faults::strike(self.world, case).await?
        {
            self.story.fate.forgotten |= self.world.plan.fault == Some(Fault::ForgetDuty);
            found = audit::load(city, &number).await?;
        }
        self.check(Invariant::NoLostCase, found.is_some(), || "it was there before, and is no more".into());
        let Some((case, version)) = found else { return Ok(Next::Ended) };
        self.watch(&case);
        self.mistakes(&case, version).await?;
        if self.world.plan.fault == Some(Fault::ForgetDuty) && self.story.fate.forgotten {
            return Ok(Next::Asleep);
        }
        let Some((actor, name, work)) = self.lawful(&case)? else { return self.follow(&case).await };
        self.gave(name);
        let done = match self.world.fires(Fault::RefuseLawful) {
            true => Err(ServiceError::Internal("a fault on purpose".into())),
            false => cases::run(city, &actor, case, version, work, None).await,
        };
        match done {
            Ok(case) => {
                self.story.refusals = 0;
                self.did(name, &case);
                self.watch(&case);
                self.follow(&case).await
            }
            Err(ServiceError::Changed) => Ok(self.soon()),
            Err(ServiceError::Refused(refusal)) => {
                self.tally.add("refused", format!("{name}: {}", kind_of(&refusal.reason)));
                self.story.refusals += 1;
                // Rules and clerks see a gap only when it is asked about: then it is put in a notice.
                self.story.fate.defect |= matches!(refusal.reason, Reason::Incomplete { .. });
                if self.story.refusals >= PATIENCE {
                    return Err(refusal.into());
                }
                Ok(self.later(habits::after_work(&city.calendar(), self.now, 60)))
            }
            // What a grant would give has gone to somebody else meanwhile: it is refused instead.
            Err(ServiceError::Invalid(fields)) if name == "grant" && self.story.refusals == 0 => {
                self.tally.add("refused", format!("grant: {}", fields.len()));
                self.story.refusals += 1;
                self.story.fate.refuse = true;
                Ok(self.soon())
            }
            Err(other) => Err(other),
        }
    }

    /// What a command has changed in what is thrown for the application, and in the figures.
    fn did(&mut self, name: &'static str, case: &Case) {
        let fate = &mut self.story.fate;
        match name {
            "request-correction" => fate.defect = false,
            "return" => fate.back = false,
            "extend" => fate.extend = false,
            "pause" => fate.pause = false,
            "ask-person" => fate.asks = false,
            "grant" | "refuse" => {
                self.tally.add("approval", if name == "grant" { "manual" } else { "refused" });
                self.timely(case);
            }
            _ => {}
        }
    }

    /// T-5: on time by both clocks, and how much of the promise was used.
    fn timely(&mut self, case: &Case) {
        let (Some(clocks), Some(decision)) = (&case.clocks, &case.decision) else { return };
        let cal = self.world.city.calendar();
        let word = |end: Timestamp| if decision.at < end { "on time" } else { "late" };
        if let Ok(deadline) = clocks.promised.deadline(&cal) {
            self.tally.add("promise", word(deadline.at));
        }
        if let Some(Ok(deadline)) = clocks.statutory.as_ref().map(|clock| clock.deadline(&cal)) {
            self.tally.add("statute", word(deadline.at));
        }
        let hours = (decision.at.micros() - clocks.promised.started.micros()) / 3_600_000_000;
        self.tally.span("hours to a decision", u32::try_from(hours).unwrap_or(0));
    }

    /// Who does what next, lawfully; nothing when nothing is to be done.
    async fn lawful(&mut self, case: &Case) -> Result<Option<(Actor, &'static str, Work)>, ServiceError> {
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
    fn at_the_window(&self, case: &Case, clerk: Actor) -> Option<(Actor, &'static str, Work)> {
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

    fn examination(&self, case: &Case, reviewer: Actor) -> Result<(Actor, &'static str, Work), ServiceError> {
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

    fn decision(&self, case: &Case, approver: Actor) -> Result<(Actor, &'static str, Work), ServiceError> {
        let fate = &self.story.fate;
        let city = &self.world.city;
        let shelf = city.shelf();
        let matter = &shelf.matter(&case.matter)?.bundle.matter;
        let examined = matter.flow.iter().any(|own| matches!(own.step, StepKind::Review | StepKind::Inspect));
        if fate.back && examined {
            return Ok((approver, "return", Work::Return { reason: "请核实后再报。".into() }));
        }
        let today = self.now.date();
        let extensible = matter.statutory.as_ref().is_some_and(|limit| limit.unit == Unit::WorkingDay)
            && domain::cases::is_extensible(case, matter, city.law(), today);
        if fate.extend && extensible && !case.late.contains(&domain::cases::DutyKind::LimitBroken) {
            return Ok((approver, "extend", Work::Extend { reason: "需要征求相邻单位意见。".into() }));
        }
        if fate.refuse {
            return Ok((approver, "refuse", Work::Refuse { reasons: "现场与图纸不符，经指导仍未改正。".into() }));
        }
        Ok((approver, "grant", Work::Grant { reasons: String::new() }))
    }

    // ---- mistakes ------------------------------------------------------------------------------------------------

    /// What people do wrong before they do it right. None of it may have any effect.
    async fn mistakes(&mut self, case: &Case, version: i64) -> Result<(), ServiceError> {
        let odds = self.world.profile.simulation_assumed.clone();
        if chance(&mut self.dice, odds.unlawful_attempts) || self.world.plan.fault == Some(Fault::UnlawfulGrant) {
            self.unlawful(case, version).await?;
        }
        if chance(&mut self.dice, odds.stale_pages) && version > 1 {
            self.tally.add("mistake", "acts on an old page");
            let clerk = self.world.clerk(self.story.serial).clone();
            let work = Work::GiveVerdicts { verdicts: Vec::new() };
            self.refused(case, version, (clerk, version - 1, work)).await?;
        }
        if chance(&mut self.dice, odds.wrong_case) && !case.state.is_final() {
            // The page of another case lies open: the command names a material that this one has not.
            self.tally.add("mistake", "picks the wrong case");
            let points = vec![Point { about: "of-another-case".into(), text: "请补充。".into(), new_defect: None }];
            let clerk = self.world.clerk(self.story.serial).clone();
            self.refused(case, version, (clerk, version, Work::RequestCorrection { points })).await?;
        }
        Ok(())
    }

    /// A command that the state does not know, or that the role may not give.
    async fn unlawful(&mut self, case: &Case, version: i64) -> Result<(), ServiceError> {
        let clerk = self.world.clerk(self.story.serial).clone();
        let (reviewer, approver) = (
            self.world.staff(Role::Reviewer, &case.department)?.clone(),
            self.world.staff(Role::Approver, &case.department)?.clone(),
        );
        let opinion =
            Work::GiveOpinion {
                favourable: true, text: "同意。".into(), officers: vec!["林雅".into(), "宋志".into()]
            };
        let mut attempts = vec![
            ("accept", clerk.clone(), Work::Accept),
            ("give-opinion", reviewer.clone(), opinion),
            ("grant", approver.clone(), Work::Grant { reasons: "同意。".into() }),
            ("refuse", approver, Work::Refuse { reasons: "不同意。".into() }),
            ("resume", reviewer, Work::Resume),
            ("deliver", clerk.clone(), Work::Deliver { method: "window".into() }),
            ("close", clerk.clone(), Work::Close),
        ];
        let lawful = possible(case);
        attempts.retain(|(name, ..)| !lawful.contains(name));
        // No state makes it lawful for a clerk to decide.
        attempts.push(("grant by a clerk", clerk, Work::Grant { reasons: "同意。".into() }));
        let Some((name, actor, work)) = self.dice.one(&attempts).cloned() else { return Ok(()) };
        self.tally.add("mistake", format!("unlawful: {name}"));
        self.refused(case, version, (actor, version, work)).await
    }

    /// Gives a command that must be refused, and looks whether it has left a trace.
    async fn refused(
        &mut self,
        case: &Case,
        version: i64,
        (actor, seen, work): (Actor, i64, Work),
    ) -> Result<(), ServiceError> {
        let city = &self.world.city;
        self.gave("unlawful");
        let tried = match self.world.fires(Fault::UnlawfulGrant) {
            true => faults::grant(self.world, case).await.map(|()| case.clone()),
            false => cases::run(city, &actor, case.clone(), seen, work, None).await,
        };
        self.check(Invariant::UnlawfulRefused, is_refused(&tried), || {
            format!("in state {} it was not refused: {:?}", case.state.name(), tried.as_ref().err())
        });
        let after = audit::load(city, &case.number).await?.map(|(_, version)| version);
        self.check(Invariant::UnlawfulRefused, after == Some(version), || "the refused command left a trace".into());
        Ok(())
    }

    // ---- what comes next -----------------------------------------------------------------------------------------

    /// When somebody turns to it next, as it stands now.
    async fn follow(&mut self, case: &Case) -> Result<Next, ServiceError> {
        let shelf = self.world.city.shelf();
        let matter = &shelf.matter(&case.matter)?.bundle.matter;
        let cal = self.world.city.calendar();
        let now = self.now;
        let (fate, dice) = (&mut self.story.fate, &mut self.dice);
        let at = match &case.state {
            State::Filed if fate.forgotten => {
                fate.forgotten = false;
                habits::after_work(&cal, now, 7 * 480)
            }
            // A notice follows its verdicts at once.
            State::Filed if case.application.materials.iter().any(|item| item.verdict.is_some()) => now,
            State::Filed => habits::first_look(&cal, now, matter.project_type == ProjectType::Instant, dice),
            State::Correction if fate.silent && !fate.withdraw => return Ok(Next::Asleep),
            State::Correction => habits::in_days(now, (1, 10), dice),
            State::InReview { .. } => self.examined_at(case, matter),
            State::Granted | State::Issued
                if self.story.channel.queues() && matter.project_type == ProjectType::Instant =>
            {
                now
            }
            State::Granted | State::Issued => {
                let days = if fate.late_delivery { (16, 20) } else { (1, 3) };
                habits::after_work(&cal, habits::in_days(now, days, dice), 0)
            }
            State::Delivered => now,
            State::Closed => return self.closed(case).await,
            _ => return self.ended(case).await,
        };
        Ok(self.later(at))
    }

    fn examined_at(&mut self, case: &Case, matter: &Matter) -> Timestamp {
        let cal = self.world.city.calendar();
        if case.paused_until.is_some() {
            // The procedure ends after some of the time that was notified; where it takes longer, the clock goes on by itself.
            return habits::in_days(self.now, (1, 12), &mut self.dice);
        }
        habits::after_work(&cal, self.now, self.story.fate.step_minutes(matter))
    }

    /// A closed case: its check may be done within weeks, and its applicant may ask for a person.
    async fn closed(&mut self, case: &Case) -> Result<Next, ServiceError> {
        let asks = self.story.fate.asks && possible(case).contains(&"ask-person");
        let asked = case.checks.iter().any(|check| check.kind == CheckKind::Asked && check.result.is_none());
        if asks || asked || (self.story.fate.checked && open_check(case).is_some()) {
            let days = if asked { (1, 4) } else { (2, 25) };
            let at =
                habits::after_work(&self.world.city.calendar(), habits::in_days(self.now, days, &mut self.dice), 0);
            return Ok(self.later(at));
        }
        self.ended(case).await
    }

    async fn ended(&mut self, case: &Case) -> Result<Next, ServiceError> {
        self.tally.add("end", case.state.name());
        audit::replay(&self.world.city, &case.number, &self.about, &mut self.tally).await?;
        Ok(Next::Ended)
    }
}

fn open_check(case: &Case) -> Option<CheckKind> {
    case.checks.iter().find(|check| check.result.is_none()).map(|check| check.kind)
}

/// Whether it was refused for a reason that people understand, rather than by something that broke.
fn is_refused<T>(tried: &Result<T, ServiceError>) -> bool {
    matches!(
        tried,
        Err(ServiceError::Refused(_) | ServiceError::Forbidden(_) | ServiceError::Invalid(_) | ServiceError::Changed)
    )
}

/// Name of a reason, as programs read it.
fn kind_of(reason: &Reason) -> String {
    let value = serde_json::to_value(reason).unwrap_or_default();
    value.get("kind").and_then(|kind| kind.as_str()).unwrap_or("other").to_owned()
}
