//! What may be done with a follow-up, and what is written down of it.

use serde::{Deserialize, Serialize};

use super::dates::{FollowUpDuty, Terms};
use super::follow_up::FollowUp;
use crate::time::Timestamp;

/// Why somebody holds a rating for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimGround {
    /// 误评: meant for another service, or pressed by mistake.
    Mistaken,
    /// 恶意评价.
    Malicious,
}

/// What came of it (EV-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Put right 已整改.
    PutRight,
    /// Explained: what is asked for has no legal basis 解释说明.
    Explained,
}

/// One attempt to talk to the rater.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// Account.
    pub by: String,
    /// Whether the rater was reached.
    pub reached: bool,
    /// What was said; empty once erased.
    pub note: String,
}

/// More time, because things are complex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complex {
    /// When.
    pub at: Timestamp,
    /// Account.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// That it is a misrating, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// When.
    pub at: Timestamp,
    /// Account.
    pub by: String,
    /// On which ground.
    pub ground: ClaimGround,
    /// What shows it.
    pub evidence: String,
    /// Where the follow-up stood: it goes on there when the second person sees it otherwise.
    pub from: FollowUpState,
    /// What the second person said: upheld, who, why.
    #[serde(default)]
    pub judged: Option<(bool, String, String)>,
}

/// The answer to the rater.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// Account.
    pub by: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The answer, in words.
    pub text: String,
    /// Whether the public reads it too, without the rater's words.
    pub public: bool,
}

/// Where a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpState {
    /// The rater is to be talked to, if there is a way.
    Open,
    /// The rater was talked to, or is out of reach.
    Contacted,
    /// A second person looks whether it is a misrating.
    Claimed,
    /// Answered; the rater may rate again.
    Answered,
    /// Over.
    Closed,
    /// It was a misrating.
    Dismissed,
}

impl FollowUpState {
    /// The stored name.
    pub fn name(self) -> &'static str {
        match self {
            FollowUpState::Open => "open",
            FollowUpState::Contacted => "contacted",
            FollowUpState::Claimed => "claimed",
            FollowUpState::Answered => "answered",
            FollowUpState::Closed => "closed",
            FollowUpState::Dismissed => "dismissed",
        }
    }
}

/// What somebody does with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpCommand {
    /// Tries to talk to the rater.
    Contact {
        /// Whether the rater was reached.
        reached: bool,
        /// What was said.
        note: String,
    },
    /// Takes more time, with a reason.
    TakeTime {
        /// Why.
        reason: String,
    },
    /// Holds it for a misrating, with what shows it.
    Claim {
        /// On which ground.
        ground: ClaimGround,
        /// What shows it.
        evidence: String,
    },
    /// Decides about that, as a second person.
    Judge {
        /// It is one.
        upheld: bool,
        /// Why.
        reason: String,
    },
    /// Answers.
    Answer {
        /// What came of it.
        outcome: Outcome,
        /// In words.
        text: String,
        /// For the public too.
        public: bool,
    },
    /// The rater has rated again.
    RateAgain,
    /// A date has passed.
    NoteLate {
        /// Of what.
        duty: FollowUpDuty,
    },
    /// Nobody has rated again.
    Close,
    /// The calendar has changed.
    Move {
        /// The new dates.
        terms: Terms,
    },
}

impl FollowUpCommand {
    /// Name in addresses and refusals.
    pub fn name(&self) -> &'static str {
        match self {
            FollowUpCommand::Contact { .. } => "contact",
            FollowUpCommand::TakeTime { .. } => "take-time",
            FollowUpCommand::Claim { .. } => "claim",
            FollowUpCommand::Judge { .. } => "judge",
            FollowUpCommand::Answer { .. } => "answer",
            FollowUpCommand::RateAgain => "rate-again",
            FollowUpCommand::NoteLate { .. } => "note-late",
            FollowUpCommand::Close => "close",
            FollowUpCommand::Move { .. } => "move",
        }
    }
}

/// What happens to a follow-up. Department and dates stand in the facts that figures count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum FollowUpFact {
    /// It was opened.
    Opened {
        /// All of it.
        follow_up: Box<FollowUp>,
    },
    /// Somebody tried to talk to the rater.
    Tried {
        /// The attempt.
        attempt: Attempt,
        /// Whether that is done now.
        done: bool,
    },
    /// More time was taken.
    TimeTaken {
        /// Why and by whom.
        complex: Complex,
        /// The new dates.
        terms: Terms,
    },
    /// It was held for a misrating.
    Claimed {
        /// Why and by whom.
        claim: Claim,
    },
    /// A second person has decided about that.
    Judged {
        /// It is one.
        upheld: bool,
        /// Account.
        by: String,
        /// Why.
        reason: String,
        /// For the figures.
        department: String,
        /// When it was opened.
        opened: Timestamp,
    },
    /// It was answered.
    Answered {
        /// The answer.
        answer: Answer,
        /// Until when the rater may rate again.
        again_until: Timestamp,
        /// Whether it came by its date.
        in_time: bool,
        /// For the figures.
        department: String,
        /// When it was opened.
        opened: Timestamp,
    },
    /// A date has passed.
    BecameLate {
        /// Of what.
        duty: FollowUpDuty,
        /// For the figures.
        department: String,
        /// When it was opened.
        opened: Timestamp,
    },
    /// The dates have moved.
    Moved {
        /// The new dates.
        terms: Terms,
    },
    /// It is over.
    Closed {
        /// The rater has rated again.
        rated_again: bool,
    },
    /// The rater was erased.
    Erased,
}

impl FollowUpFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            FollowUpFact::Opened { .. } => "rating-order.opened",
            FollowUpFact::Tried { .. } => "rating-order.contacted",
            FollowUpFact::TimeTaken { .. } => "rating-order.time-taken",
            FollowUpFact::Claimed { .. } => "rating-order.claimed",
            FollowUpFact::Judged { .. } => "rating-order.judged",
            FollowUpFact::Answered { .. } => "rating-order.answered",
            FollowUpFact::BecameLate { .. } => "rating-order.became-late",
            FollowUpFact::Moved { .. } => "rating-order.moved",
            FollowUpFact::Closed { .. } => "rating-order.closed",
            FollowUpFact::Erased => "erased",
        }
    }
}
