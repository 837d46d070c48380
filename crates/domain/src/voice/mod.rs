//! Rating 好差评: what an applicant thinks of a service, and what the city does about a bad one.
//!
//! * `scheme.rs` the five levels, the national tags and the city's dated rules, read from `ratings.json` of the catalogue by `load.rs`
//! * `rating.rs` a rating: given once for a service, given again after an answer, not counted when it was a misrating
//! * `follow_up.rs` the life of the work order 差评工单 that a bad rating opens: `steps.rs` its commands and facts,
//!   `dates.rs` what is owed by when; `refusal.rs` why a command was refused
//! * `figures.rs` shares, averages and stars; `contest.rs` ranks for the periodic contests

mod contest;
mod dates;
mod figures;
mod follow_up;
mod load;
mod rating;
mod refusal;
mod scheme;
mod steps;

pub use contest::{Entrant, Round, Winner, winners};
pub use dates::{FOLLOW_UP_DUTIES, FollowUpDuty, Terms, TermsError};
pub use figures::{Tally, grade};
pub use follow_up::FollowUp;
pub use load::{RATINGS, lint_ratings};
pub use rating::{Again, Channel, Rater, Rating, RatingFact, Scope, Verdict, Voice};
pub use refusal::{RatingReason, RatingRefusal};
pub use scheme::{Contest, ContestOf, Every, Grade, Level, LevelTag, RatingRules, Ratings};
pub use steps::{Answer, Attempt, Claim, ClaimGround, Complex, FollowUpCommand, FollowUpFact, FollowUpState, Outcome};
