//! What is owed about a bad rating, and by when.

use serde::{Deserialize, Serialize};

use crate::time::{Calendar, Clock, ClockError, Deadline, LawError, LawTable, Timestamp};

/// What is owed by a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpDuty {
    /// Talk to the rater.
    Contact,
    /// Answer.
    Answer,
    /// End it: nobody has rated again.
    Close,
}

/// All kinds of due rows of follow-ups.
pub const FOLLOW_UP_DUTIES: [FollowUpDuty; 3] = [FollowUpDuty::Contact, FollowUpDuty::Answer, FollowUpDuty::Close];

impl FollowUpDuty {
    /// Kind of the due row.
    pub fn kind(self) -> &'static str {
        match self {
            FollowUpDuty::Contact => "rating.contact-due",
            FollowUpDuty::Answer => "rating.answer-due",
            FollowUpDuty::Close => "rating.close",
        }
    }
}

/// The dates of a follow-up, from the numbers in force when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// By when the rater is talked to.
    pub contact_by: Timestamp,
    /// By when the answer is given.
    pub answer_by: Timestamp,
    /// One of them rests on a year whose holidays are not announced yet.
    #[serde(default)]
    pub provisional: bool,
}

impl Terms {
    /// The dates that follow from `opened`; `complex` gives the longer time for the answer (EV-3).
    ///
    /// # Errors
    /// A number that is not in force on the day, in words.
    pub fn of(law: &LawTable, calendar: &Calendar, opened: Timestamp, complex: bool) -> Result<Terms, TermsError> {
        let end = |id: &str| -> Result<Deadline, TermsError> {
            Ok(Clock::new(law.get(id, opened.date())?.period(), opened).deadline(calendar)?)
        };
        let contact = end("rating-contact")?;
        let answer = end(if complex { "rating-complex" } else { "rating-answer" })?;
        let provisional = contact.provisional || answer.provisional;
        Ok(Terms { contact_by: contact.at, answer_by: answer.at, provisional })
    }
}

/// Why there are no dates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The number is missing.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The calendar does not know the days.
    #[error(transparent)]
    Clock(#[from] ClockError),
}
