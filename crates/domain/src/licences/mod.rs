//! Licences 证照: what is in force, and how it ends.
//!
//! The signed data and its renderings belong to the crate `seal`; this is the life of the licence as the law sees it.

mod elsewhere;
mod ground;
mod logged;
mod paper;
mod refusal;
mod reminder;
mod renewal;
mod seal;
mod share;
mod standing;

pub use elsewhere::{ElsewhereFact, ElsewhereLicence, LookElsewhere, MAX_REFERENCE_CHARS, is_reference};
pub use ground::{CANCELLATION, CORRECTION, Ground, RESUMPTION, REVOCATION, SUSPENSION, term_over};
pub use logged::{LOG_FORMAT, LogEntry, MERGE_DELAY_SECONDS, OpenFields, log_event};
pub use paper::{
    Hand, MAX_ISSUER_CHARS, MAX_LINE_CHARS, MAX_NUMBER_CHARS, PaperFace, PaperFact, PaperLicence, PaperState, Scan,
};
pub use refusal::LicenceRefusal;
pub use reminder::{REMINDERS, expires_soon, next_reminder};
pub use renewal::{Deemed, latest_to_renew, renewed_until};
pub use seal::{Seal, SealFact};
pub use share::{CODE_SECONDS, LINK_DAYS, MAX_PURPOSE_CHARS, MAX_USER_CHARS, Share, ShareEnd, ShareFact, ShareKind};
pub use standing::{Recorded, Standing};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accounts::Party;
use crate::ids::{CaseId, LicenceId};
use crate::law::names_article;
use crate::text::Text;
use crate::time::Timestamp;

/// A licence on file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Licence {
    /// Its id.
    pub id: LicenceId,
    /// Random and unguessable; the only address the public knows.
    pub public_id: String,
    /// GB/T 36904 identifier with check character.
    pub identifier: String,
    /// Id of the licence type in the catalogue.
    pub licence_type: String,
    /// Printed number 证照编号.
    pub number: String,
    /// Name of the licence.
    pub name: Text,
    /// Holder.
    pub holder: Party,
    /// Issuing department.
    pub department: String,
    /// Case that led to it.
    pub case: CaseId,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` = without end.
    pub valid_to: Option<Date>,
    /// Which status list, and the random place in it.
    pub status_list: String,
    /// Place in the list.
    pub status_index: u32,
    /// Which of its holder's licences it is, counted from 1; 0 for those of before they were counted.
    #[serde(default)]
    pub holder_serial: i64,
    /// What it claims beside others of its kind, such as a company name, with a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Standing as recorded.
    pub recorded: Recorded,
    /// Silence has renewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed: Option<Deemed>,
    /// When its expiry was recorded. That it has expired follows from the date, at once; see [`Licence::standing_on`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The signed data, canonical bytes as text.
    pub signed: String,
}

/// What happened to a licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum LicenceFact {
    /// 颁发.
    Issued {
        /// The licence.
        licence: Box<Licence>,
    },
    /// 更正换发: issued in place of one whose words differ from what was decided.
    Corrected {
        /// The licence as it is now.
        licence: Box<Licence>,
        /// The one that it takes the place of.
        former: LicenceId,
        /// What was wrong, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 暂扣.
    Suspended {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
        /// The last day of it; `None` = until it is resumed by a decision.
        until: Option<Date>,
    },
    /// 恢复: in force again.
    Resumed {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 撤销.
    Revoked {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 注销.
    Cancelled {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 视为准予延续 (AL 50(2)).
    DeemedRenewed {
        /// On which application, and until when.
        deemed: Deemed,
    },
    /// The application behind a deemed renewal has ended without a grant.
    RenewalLost {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 换发: a newer version counts in its place.
    Superseded {
        /// The newer one.
        by: LicenceId,
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 到期: its last day is over, and nobody has renewed it (AL 70(1)).
    Expired {
        /// The last day on which it counted.
        last: Date,
        /// Why, with the article.
        reason: String,
        /// When this was recorded.
        at: Timestamp,
    },
    /// The holder was reminded that it expires.
    Reminded {
        /// Days that were left.
        days: i64,
    },
    /// The holder's personal data was erased at the holder's request (PIPL 47).
    Erased,
}

impl LicenceFact {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            LicenceFact::Issued { .. } => "licence.issued",
            LicenceFact::Corrected { .. } => "licence.corrected",
            LicenceFact::Suspended { .. } => "licence.suspended",
            LicenceFact::Resumed { .. } => "licence.resumed",
            LicenceFact::Revoked { .. } => "licence.revoked",
            LicenceFact::Cancelled { .. } => "licence.cancelled",
            LicenceFact::DeemedRenewed { .. } => "licence.deemed-renewed",
            LicenceFact::RenewalLost { .. } => "licence.renewal-lost",
            LicenceFact::Superseded { .. } => "licence.superseded",
            LicenceFact::Expired { .. } => "licence.expired",
            LicenceFact::Reminded { .. } => "licence.reminded",
            LicenceFact::Erased => "erased",
        }
    }

    /// What happened, for the history on the licence's page; `None` for what changes nothing about it.
    pub fn label(&self) -> Option<Text> {
        let (zh, en) = match self {
            LicenceFact::Issued { .. } => ("颁发", "Issued"),
            LicenceFact::Corrected { .. } => ("更正换发", "Issued anew, corrected"),
            LicenceFact::Suspended { .. } => ("暂扣", "Suspended"),
            LicenceFact::Resumed { .. } => ("恢复效力", "Put back into force"),
            LicenceFact::Revoked { .. } => ("撤销", "Revoked"),
            LicenceFact::Cancelled { .. } => ("注销", "Cancelled"),
            LicenceFact::DeemedRenewed { .. } => ("视为准予延续", "Deemed renewed"),
            LicenceFact::RenewalLost { .. } => ("未获延续", "Not renewed"),
            LicenceFact::Superseded { .. } => ("换发新证", "Replaced by a newer one"),
            LicenceFact::Expired { .. } => ("有效期届满", "Expired"),
            LicenceFact::Reminded { .. } | LicenceFact::Erased => return None,
        };
        Some(Text::new(zh, en))
    }

    /// Why, with the article, where there is a reason.
    pub fn reason(&self) -> Option<&str> {
        match self {
            LicenceFact::Corrected { reason, .. }
            | LicenceFact::Suspended { reason, .. }
            | LicenceFact::Resumed { reason, .. }
            | LicenceFact::Revoked { reason, .. }
            | LicenceFact::Cancelled { reason, .. }
            | LicenceFact::RenewalLost { reason, .. }
            | LicenceFact::Expired { reason, .. }
            | LicenceFact::Superseded { reason, .. } => Some(reason),
            LicenceFact::DeemedRenewed { deemed } => Some(&deemed.reason),
            LicenceFact::Issued { .. } | LicenceFact::Reminded { .. } | LicenceFact::Erased => None,
        }
    }
}

impl Licence {
    /// Standing on a legal day.
    pub fn standing_on(&self, day: Date) -> Standing {
        match &self.recorded {
            Recorded::Revoked { .. } => Standing::Revoked,
            Recorded::Cancelled { .. } => Standing::Cancelled,
            Recorded::Superseded { .. } => Standing::Superseded,
            // What is suspended expires all the same: it is not coming back.
            _ if self.last_day().is_some_and(|last| day > last) => Standing::Expired,
            Recorded::Suspended { .. } => Standing::Suspended,
            Recorded::Active if day < self.valid_from => Standing::Future,
            Recorded::Active => Standing::Valid,
        }
    }

    /// AL 69: revocation.
    pub fn revoke(&self, reason: String, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        self.endable(&reason)?;
        Ok(LicenceFact::Revoked { reason, at: now })
    }

    /// AL 70: cancellation.
    pub fn cancel(&self, reason: String, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        self.endable(&reason)?;
        Ok(LicenceFact::Cancelled { reason, at: now })
    }

    /// Suspension 暂扣 from now on, through `until` or until it is resumed. Nothing may be done under it meanwhile.
    pub fn suspend(&self, reason: String, until: Option<Date>, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        self.endable(&reason)?;
        if self.recorded != Recorded::Active {
            return Err(LicenceRefusal::Suspended);
        }
        let today = now.date();
        if self.standing_on(today) == Standing::Expired {
            return Err(LicenceRefusal::Expired);
        }
        if until.is_some_and(|last| last < today) {
            return Err(LicenceRefusal::TermPast);
        }
        Ok(LicenceFact::Suspended { reason, at: now, until })
    }

    /// The end of a suspension 恢复, by a decision or because its term is over.
    pub fn resume(&self, reason: String, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        self.endable(&reason)?;
        match self.recorded {
            Recorded::Suspended { .. } => Ok(LicenceFact::Resumed { reason, at: now }),
            _ => Err(LicenceRefusal::NotSuspended),
        }
    }

    /// Whether its words may be corrected 更正 now: what does not count is not issued anew.
    pub fn correctable(&self, reason: &str) -> Result<(), LicenceRefusal> {
        self.endable(reason)?;
        if self.recorded == Recorded::Active { Ok(()) } else { Err(LicenceRefusal::Suspended) }
    }

    /// AL 70(1): the last day is over without a renewal. It records what the date has done already and ends nothing: cancelling
    /// 注销 stays a step of the authority, and an application that is still open may yet bring a newer version.
    pub fn expire(&self, now: Timestamp) -> Result<LicenceFact, LicenceRefusal> {
        if self.recorded.has_ended() {
            return Err(LicenceRefusal::Ended);
        }
        if self.expired.is_some() {
            return Err(LicenceRefusal::Expired);
        }
        let over = self.last_day().filter(|last| Timestamp::end_of(*last) <= now);
        let last = over.ok_or(LicenceRefusal::NotOver)?;
        Ok(LicenceFact::Expired { last, reason: ground::expiry(last), at: now })
    }

    fn endable(&self, reason: &str) -> Result<(), LicenceRefusal> {
        if self.recorded.has_ended() {
            Err(LicenceRefusal::Ended)
        } else if !names_article(reason) {
            Err(LicenceRefusal::ReasonMissing)
        } else {
            Ok(())
        }
    }

    /// The licence after one fact; `None` only before it was issued.
    pub fn evolve(licence: Option<Licence>, fact: LicenceFact) -> Option<Licence> {
        match (licence, fact) {
            (None, LicenceFact::Issued { licence } | LicenceFact::Corrected { licence, .. }) => Some(*licence),
            (Some(mut licence), LicenceFact::Suspended { reason, at, until }) => {
                licence.recorded = Recorded::Suspended { reason, at, until };
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Resumed { .. }) => {
                licence.recorded = Recorded::Active;
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Revoked { reason, at }) => {
                licence.recorded = Recorded::Revoked { reason, at };
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Cancelled { reason, at }) => {
                licence.recorded = Recorded::Cancelled { reason, at };
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Superseded { by, reason, at }) => {
                licence.recorded = Recorded::Superseded { by, reason, at };
                Some(licence)
            }
            (Some(mut licence), LicenceFact::DeemedRenewed { deemed }) => {
                licence.deemed = Some(deemed);
                licence.expired = None;
                Some(licence)
            }
            (Some(mut licence), LicenceFact::RenewalLost { .. }) => {
                licence.deemed = None;
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Expired { at, .. }) => {
                licence.expired = Some(at);
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Erased) => {
                licence.erase();
                Some(licence)
            }
            (other, _) => other,
        }
    }

    /// What remains says that such a licence was issued, when it ended, and that its place in the status list is taken.
    fn erase(&mut self) {
        self.holder.name.clear();
        self.holder.code = "erased".into();
        self.holder_serial = 0;
        self.claim = None;
        self.deemed = None;
        self.signed.clear();
        self.recorded.erase();
    }

    /// Whether the holder's data was erased: there is nothing left to show.
    pub fn is_erased(&self) -> bool {
        self.signed.is_empty()
    }
}

/// Last legal day of a licence that is valid for so many months from `from`: the day before the day of the same number,
/// or the last of the month where it lacks that day (民法典 第二百零二条). `None` beyond the calendar.
pub fn last_day(from: Date, months: u32) -> Option<Date> {
    let end = from.checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
    if end.day() < from.day() { Some(end) } else { end.yesterday().ok() }
}
