//! Renewal 延续 (AL 50): by when it is to be applied for, and what becomes of the licence that is renewed.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Licence, LicenceFact, LicenceRefusal, last_day};
use crate::ids::{CaseId, LicenceId};
use crate::time::{Calendar, LawTable, Timestamp, Unit, date_words};

/// A licence that silence has renewed 视为准予延续: it counts until the decision on the application, at most through `until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deemed {
    /// The application that was not decided.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Last day of the period that silence has granted.
    pub until: Date,
    /// When.
    pub at: Timestamp,
    /// Why, with the article.
    pub reason: String,
}

/// AL 50(1): the last day on which an application for renewal is in time, counted backwards from the licence's last day: by the term
/// of the matter's own law, else by the general one. `None` where the calendar does not reach so far.
pub fn latest_to_renew(last: Date, matter: &str, calendar: &Calendar, law: &LawTable) -> Option<Date> {
    // Behind a `/` stands the slug of a matter whose own law says otherwise.
    let own = law.get(&format!("renewal-application/{matter}"), last);
    let term = own.or_else(|_| law.get("renewal-application", last)).ok()?;
    match term.unit {
        Unit::WorkingDay => Some(calendar.subtract_working_days(last, term.number).ok()?.date),
        Unit::CalendarDay => last.checked_sub(Span::new().try_days(i64::from(term.number)).ok()?).ok(),
        Unit::Month => last.checked_sub(Span::new().try_months(i64::from(term.number)).ok()?).ok(),
        Unit::Hour => None,
    }
}

/// Last day of a licence renewed for so many months: the new period follows on the old one, so that nobody loses days by applying
/// early. Where the old one has run out, it begins `today`.
pub fn renewed_until(last: Date, months: u32, today: Date) -> Option<Date> {
    let first = if last < today { today } else { last.tomorrow().ok()? };
    last_day(first, months)
}

impl Licence {
    /// The last day on which it counts: the printed one, or that of a deemed renewal.
    pub fn last_day(&self) -> Option<Date> {
        self.deemed.as_ref().map_or(self.valid_to, |deemed| Some(deemed.until))
    }

    /// AL 50(2): silence renews it for another `months`. `number` is that of the application.
    pub fn deem_renewed(
        &self,
        (case, number): (CaseId, &str),
        months: u32,
        now: Timestamp,
    ) -> Result<LicenceFact, LicenceRefusal> {
        if self.recorded.has_ended() || self.deemed.is_some() {
            return Err(LicenceRefusal::Ended);
        }
        let last = self.valid_to.ok_or(LicenceRefusal::Ended)?;
        let until = last.tomorrow().ok().and_then(|first| last_day(first, months)).ok_or(LicenceRefusal::Ended)?;
        let reason = format!(
            "《行政许可法》第五十条第二款：在法定期限前提出的延续申请（办件 {number}）到有效期届满时没有作出决定，视为准予延续。"
        );
        Ok(LicenceFact::DeemedRenewed { deemed: Deemed { case, number: number.to_owned(), until, at: now, reason } })
    }

    /// The application that had renewed it by silence has ended without a grant: the printed last day counts again. `None` where
    /// it rests on no such application.
    pub fn renewal_lost(&self, case: CaseId, now: Timestamp) -> Option<LicenceFact> {
        let deemed = self.deemed.as_ref().filter(|deemed| deemed.case == case)?;
        let last = date_words(self.valid_to?).zh;
        let reason = format!(
            "《行政许可法》第五十条第二款：延续申请（办件 {}）没有获得准予，证照有效期已于{last}届满。",
            deemed.number
        );
        Some(LicenceFact::RenewalLost { reason, at: now })
    }

    /// A newer version counts in its place 换发.
    pub fn supersede(&self, by: LicenceId, reason: String, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        self.endable(&reason)?;
        Ok(LicenceFact::Superseded { by, reason, at: now })
    }
}
