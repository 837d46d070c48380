//! The case 办件: from an application to a decision, and the law on the way.
//!
//! A [`Command`] is what somebody wants; [`decide`] answers with facts or a [`Refusal`]; [`evolve`] folds a fact into
//! the state. State rows store the fold, the journal stores the facts, and a test checks that they agree.
//!
//! * `lifecycle.rs`: every transition, in the order of the law
//! * `periods.rs`, `recompute.rs`: the times that the law of a matter knows, and their dates under a new calendar
//! * `case.rs`, `application.rs`, `decision.rs`, `fact.rs`, `command.rs`: the nouns
//! * `blockers.rs`: what still stands in the way, as a list for a person
//! * `duties.rs`: what the clock will do if nobody acts
//! * `gaps.rs`: acceptance with gaps, and what follows later
//! * `risk.rs`: how closely an approver should look
//! * `documents.rs`, `wording.rs`: which sealed document each step produces, and what it says
//! * `article.rs`: which article each command rests on (`docs/lifecycles.md`)
//! * `result_way.rs`: how the result is wanted
//! * `remedies.rs`: what can be done against a decision, where and until when

mod application;
mod article;
mod blockers;
mod case;
mod command;
mod decision;
mod documents;
mod duties;
mod evolve;
mod fact;
mod gaps;
mod lifecycle;
mod periods;
mod recompute;
mod refusal;
mod remedies;
mod renewal;
mod result_way;
mod risk;
mod wording;

pub use application::*;
pub use article::article;
pub use blockers::{Blocker, application_blockers};
pub use case::*;
pub use command::*;
pub use decision::*;
pub use documents::{Around, DocumentKind, DocumentText, compose};
pub use duties::{Duty, DutyKind, dates, duties};
pub use evolve::{apply, evolve, replay};
pub use fact::*;
pub use gaps::{CreditStanding, Gap, GapNotice, GapPromise, gap_names, leaves_gaps};
pub use lifecycle::{Context, decide};
pub use periods::{Undated, answer_by, extension_of, is_extensible, open_pause};
pub use refusal::{Reason, Refusal};
pub use remedies::RemedyText;
pub use renewal::Renewal;
pub use result_way::ResultWay;
pub use risk::{Risk, risk};
