//! Renewal 延续 (AL 50): which licence an application is to renew, and what the authority's silence means.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::{Case, State};
use super::fact::Fact;
use super::lifecycle::{Context, Outcome};
use super::refusal::Reason;
use crate::ids::LicenceId;
use crate::licences::latest_to_renew;
use crate::time::{Calendar, LawTable, Timestamp};

/// The licence that an application is to renew, as it stood when the application was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// Its id.
    pub licence: LicenceId,
    /// Its printed number.
    pub number: String,
    /// Its last day.
    pub last: Date,
    /// When silence renewed it (AL 50(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed: Option<Timestamp>,
}

/// When silence renews the licence: at its expiry, where the application came in time, is complete as far as the authority has said,
/// and has not been decided. `None` for everything else.
pub(super) fn deemed_at(case: &Case, calendar: &Calendar, law: &LawTable) -> Option<Timestamp> {
    let renewal = case.renews.as_ref().filter(|renewal| renewal.deemed.is_none())?;
    if !matches!(case.state, State::Filed | State::InReview { .. }) {
        return None;
    }
    let at = Timestamp::end_of(renewal.last);
    let in_time = case.received_at?.date() <= latest_to_renew(renewal.last, &case.matter, calendar, law)?;
    // What was handed in only after the expiry was no application that the authority could have decided before it.
    (in_time && case.last_received()? < at).then_some(at)
}

/// AL 50(2): no decision before the expiry counts as a renewal.
pub(super) fn deem_renewed(case: &Case, ctx: &Context<'_>) -> Outcome {
    let at = deemed_at(case, ctx.calendar, ctx.law).ok_or(Reason::WrongState)?;
    if ctx.now < at {
        return Err(Reason::TooEarly);
    }
    Ok(vec![Fact::RenewalDeemed { at: ctx.now }])
}
