//! The follow-up of a bad rating 差评工单: talk to the rater, put things right or explain, answer; each by its date.

use serde::{Deserialize, Serialize};

use super::dates::{FollowUpDuty, Terms};
use super::refusal::{RatingReason, RatingRefusal};
use super::scheme::RatingRules;
use super::steps::{Answer, Attempt, Claim, Complex, FollowUpCommand, FollowUpFact, FollowUpState};
use crate::time::Timestamp;

/// A follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Id of the rating.
    pub id: String,
    /// 工单编号.
    pub number: String,
    /// The department that answers for it.
    pub department: String,
    /// Accounts of the rated: they take no part.
    pub staff: Vec<String>,
    /// The level.
    pub stars: u8,
    /// When it was opened.
    pub opened: Timestamp,
    /// Whether there is a way to talk to the rater.
    pub reachable: bool,
    /// Its dates.
    pub terms: Terms,
    /// Attempts to talk to the rater.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// More time.
    #[serde(default)]
    pub complex: Option<Complex>,
    /// That it is a misrating.
    #[serde(default)]
    pub claim: Option<Claim>,
    /// The answer.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// Until when the rater may rate again.
    #[serde(default)]
    pub again_until: Option<Timestamp>,
    /// What was not done by its date.
    #[serde(default)]
    pub late: Vec<FollowUpDuty>,
    /// Where it stands.
    pub state: FollowUpState,
}

const DAY: i64 = 86_400;

impl FollowUp {
    /// A refusal of this command.
    pub fn refuse(&self, command: &FollowUpCommand, reason: RatingReason) -> RatingRefusal {
        RatingRefusal { state: self.state.name(), command: command.name(), reason }
    }

    /// Whether anything is still to be done by staff.
    pub fn is_open(&self) -> bool {
        matches!(self.state, FollowUpState::Open | FollowUpState::Contacted | FollowUpState::Claimed)
    }

    /// The pile of the desk on which it lies.
    pub fn pile(&self) -> Option<&'static str> {
        match self.state {
            FollowUpState::Open if self.reachable => Some("contact"),
            FollowUpState::Open | FollowUpState::Contacted => Some("answer"),
            FollowUpState::Claimed => Some("judge"),
            FollowUpState::Answered | FollowUpState::Closed | FollowUpState::Dismissed => None,
        }
    }

    /// What is owed by when; what is noted as late already is not noted again.
    pub fn duties(&self) -> Vec<(Timestamp, FollowUpDuty)> {
        let mut owed = Vec::new();
        if self.state == FollowUpState::Open && self.reachable {
            owed.push((self.terms.contact_by, FollowUpDuty::Contact));
        }
        if self.is_open() {
            owed.push((self.terms.answer_by, FollowUpDuty::Answer));
        }
        owed.retain(|(_, duty)| !self.late.contains(duty));
        if let (FollowUpState::Answered, Some(until)) = (self.state, self.again_until) {
            owed.push((until, FollowUpDuty::Close));
        }
        owed
    }

    /// The next date that concerns whoever works on it; `None` when nothing is to be done.
    pub fn next_date(&self) -> Option<Timestamp> {
        self.pile().map(|pile| if pile == "contact" { self.terms.contact_by } else { self.terms.answer_by })
    }

    /// The commands that the state allows people, for pages.
    pub fn possible(&self) -> Vec<&'static str> {
        let ready = self.state == FollowUpState::Contacted || (self.state == FollowUpState::Open && !self.reachable);
        let mut names = Vec::new();
        if self.state == FollowUpState::Open && self.reachable {
            names.push("contact");
        }
        if ready {
            names.push("answer");
        }
        if ready && self.complex.is_none() {
            names.push("take-time");
        }
        if matches!(self.state, FollowUpState::Open | FollowUpState::Contacted) && self.claim.is_none() {
            names.push("claim");
        }
        if self.state == FollowUpState::Claimed {
            names.push("judge");
        }
        names
    }

    /// What a command does, or why it may not be. `longer` are the dates of a complex one.
    ///
    /// # Errors
    /// The refusal names state, command and reason.
    pub fn decide(
        &self,
        command: &FollowUpCommand,
        by: &str,
        rules: &RatingRules,
        longer: Terms,
        now: Timestamp,
    ) -> Result<FollowUpFact, RatingRefusal> {
        use FollowUpCommand as C;
        use FollowUpState as S;
        let wrong = |reason| Err(self.refuse(command, reason));
        let (department, opened) = (self.department.clone(), self.opened);
        if self.staff.iter().any(|own| own == by) {
            return wrong(RatingReason::OwnWork);
        }
        Ok(match (self.state, command) {
            (S::Open, C::Contact { .. }) if !self.reachable => return wrong(RatingReason::OutOfReach),
            (S::Open, C::Contact { reached, note }) => self.try_contact(*reached, note, by, rules, now),
            (S::Open, C::Answer { .. } | C::TakeTime { .. }) if self.reachable => {
                return wrong(RatingReason::ContactFirst);
            }
            (S::Open | S::Contacted, C::TakeTime { .. }) if self.complex.is_some() => return wrong(RatingReason::Once),
            (S::Open | S::Contacted, C::TakeTime { reason }) => {
                let complex = Complex { at: now, by: by.to_owned(), reason: reason.clone() };
                FollowUpFact::TimeTaken { complex, terms: longer }
            }
            (S::Open | S::Contacted, C::Claim { .. }) if self.claim.is_some() => return wrong(RatingReason::Once),
            (S::Open | S::Contacted, C::Claim { ground, evidence }) => FollowUpFact::Claimed {
                claim: Claim {
                    at: now,
                    by: by.to_owned(),
                    ground: *ground,
                    evidence: evidence.clone(),
                    from: self.state,
                    judged: None,
                },
            },
            (S::Claimed, C::Judge { .. }) if self.claim.as_ref().is_some_and(|claim| claim.by == by) => {
                return wrong(RatingReason::SamePerson);
            }
            (S::Claimed, C::Judge { upheld, reason }) => {
                let (by, reason) = (by.to_owned(), reason.clone());
                FollowUpFact::Judged { upheld: *upheld, by, reason, department, opened }
            }
            (S::Open | S::Contacted, C::Answer { outcome, text, public }) => FollowUpFact::Answered {
                answer: Answer { at: now, by: by.to_owned(), outcome: *outcome, text: text.clone(), public: *public },
                again_until: now.plus_seconds(i64::from(rules.rerate_days) * DAY),
                in_time: now < self.terms.answer_by,
                department,
                opened,
            },
            (S::Answered, C::RateAgain) if self.again_until.is_some_and(|until| now < until) => {
                FollowUpFact::Closed { rated_again: true }
            }
            (S::Answered, C::Close) if self.again_until.is_some_and(|until| now >= until) => {
                FollowUpFact::Closed { rated_again: false }
            }
            (_, C::NoteLate { duty }) if self.is_late(*duty, now) => {
                FollowUpFact::BecameLate { duty: *duty, department, opened }
            }
            (_, C::Move { terms }) if self.is_open() => FollowUpFact::Moved { terms: *terms },
            _ => return wrong(RatingReason::WrongState),
        })
    }

    fn is_late(&self, duty: FollowUpDuty, now: Timestamp) -> bool {
        duty != FollowUpDuty::Close && self.duties().iter().any(|(at, own)| *own == duty && now >= *at)
    }

    fn try_contact(&self, reached: bool, note: &str, by: &str, rules: &RatingRules, now: Timestamp) -> FollowUpFact {
        let tried = self.attempts.len() + 1;
        let enough = u32::try_from(tried).is_ok_and(|tried| tried >= rules.contact_attempts);
        let attempt = Attempt { at: now, by: by.to_owned(), reached, note: note.to_owned() };
        FollowUpFact::Tried { attempt, done: reached || enough }
    }

    /// The follow-up after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<FollowUp>, fact: FollowUpFact) -> Option<FollowUp> {
        match (before, fact) {
            (None, FollowUpFact::Opened { follow_up }) => Some(*follow_up),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: FollowUpFact) -> FollowUp {
        match fact {
            FollowUpFact::Opened { .. } => {}
            FollowUpFact::Tried { attempt, done } => {
                self.attempts.push(attempt);
                if done {
                    self.state = FollowUpState::Contacted;
                }
            }
            FollowUpFact::TimeTaken { complex, terms } => {
                self.complex = Some(complex);
                self.terms = terms;
                self.late.retain(|duty| *duty != FollowUpDuty::Answer);
            }
            FollowUpFact::Claimed { claim } => {
                self.claim = Some(claim);
                self.state = FollowUpState::Claimed;
            }
            FollowUpFact::Judged { upheld, by, reason, .. } => {
                let back = self.claim.as_ref().map_or(FollowUpState::Open, |claim| claim.from);
                self.state = if upheld { FollowUpState::Dismissed } else { back };
                if let Some(claim) = &mut self.claim {
                    claim.judged = Some((upheld, by, reason));
                }
            }
            FollowUpFact::Answered { answer, again_until, .. } => {
                self.answer = Some(answer);
                self.again_until = Some(again_until);
                self.state = FollowUpState::Answered;
            }
            FollowUpFact::BecameLate { duty, .. } => self.late.push(duty),
            FollowUpFact::Moved { terms } => self.terms = terms,
            FollowUpFact::Closed { .. } => self.state = FollowUpState::Closed,
            FollowUpFact::Erased => self.forget(),
        }
        self
    }

    /// Nothing is left that was said by or about the rater.
    fn forget(&mut self) {
        self.reachable = false;
        self.attempts.iter_mut().for_each(|attempt| attempt.note = String::new());
        if let Some(claim) = &mut self.claim {
            claim.evidence = String::new();
        }
    }
}
