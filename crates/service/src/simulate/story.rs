//! One application, from its filing to its end: each turn somebody looks at it as it stands and does one thing, or tries to.

use domain::accounts::{Account, Actor};
use domain::cases::{Case, CheckKind, Origin, Reason, State, possible};
use domain::catalog::{Matter, ProjectType};
use domain::ids::AccountId;
use domain::time::Timestamp;
use serde_json::json;

use super::arrivals::Channel;
use super::audit;
use super::clock::dice_of;
use super::desk::open_check;
use super::faults::{self, Fault};
use super::habits::{self, Fate};
use super::mistakes::is_refused;
use super::profile::chance;
use super::watch::{self, Invariant, Tally};
use super::world::World;
use crate::cases::{self, Outcome};
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
            mandates: Vec::new(),
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

/// Somebody at work on an application.
pub(super) struct Turn<'a> {
    pub world: &'a World,
    pub now: Timestamp,
    pub dice: Dice,
    pub tally: Tally,
    pub story: Story,
    about: String,
}

impl Turn<'_> {
    fn soon(&self) -> Next {
        Next::At(self.now.plus_seconds(self.world.plan.beat_seconds))
    }

    fn later(&self, at: Timestamp) -> Next {
        Next::At(at.max(self.now.plus_seconds(self.world.plan.beat_seconds)))
    }

    pub fn check(&mut self, invariant: Invariant, holds: bool, what: impl FnOnce() -> String) {
        self.tally.check(invariant, holds, (self.now, &self.about), what);
    }

    fn watch(&mut self, case: &Case) {
        let (city, calendar) = (&self.world.city, self.world.city.calendar());
        watch::case(case, self.now, &self.about, (&calendar, city.law()), &mut self.tally);
    }

    /// A command, counted by its name and whether it was lawful to give it.
    pub fn gave(&mut self, name: &str) {
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

/// Name of a reason, as programs read it.
fn kind_of(reason: &Reason) -> String {
    let value = serde_json::to_value(reason).unwrap_or_default();
    value.get("kind").and_then(|kind| kind.as_str()).unwrap_or("other").to_owned()
}
