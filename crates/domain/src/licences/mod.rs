//! Licences 证照: what is in force, and how it ends.
//!
//! The signed data and its renderings belong to the crate `seal`; this is the life of the licence as the law sees it.

mod ground;
mod logged;
mod reminder;

pub use ground::{CANCELLATION, Ground, REVOCATION};
pub use logged::{LOG_FORMAT, LogEntry, MERGE_DELAY_SECONDS, OpenFields, log_event};
pub use reminder::{REMINDERS, next_reminder};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accounts::Party;
use crate::ids::{CaseId, LicenceId};
use crate::text::Text;
use crate::time::Timestamp;

/// Standing as recorded. Expiry is not recorded: it follows from the date (see [`Licence::standing_on`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Recorded {
    /// In force.
    Active,
    /// 撤销 (AL 69).
    Revoked {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// 注销 (AL 70).
    Cancelled {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// Standing on a day, as a verifier needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// 有效.
    Valid,
    /// Not yet in force.
    Future,
    /// 到期.
    Expired,
    /// 撤销.
    Revoked,
    /// 注销.
    Cancelled,
}

impl Standing {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Valid => "valid",
            Standing::Future => "future",
            Standing::Expired => "expired",
            Standing::Revoked => "revoked",
            Standing::Cancelled => "cancelled",
        }
    }

    /// The word on the public page.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Standing::Valid => ("有效", "Valid"),
            Standing::Future => ("尚未生效", "Not yet in force"),
            Standing::Expired => ("已到期", "Expired"),
            Standing::Revoked => ("已撤销", "Revoked"),
            Standing::Cancelled => ("已注销", "Cancelled"),
        };
        Text::new(zh, en)
    }
}

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
            LicenceFact::Revoked { .. } => "licence.revoked",
            LicenceFact::Cancelled { .. } => "licence.cancelled",
            LicenceFact::Reminded { .. } => "licence.reminded",
            LicenceFact::Erased => "erased",
        }
    }
}

/// A licence cannot be ended twice, and never without a reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefusal {
    /// It has ended already.
    #[error("the licence has ended already")]
    Ended,
    /// AL 69, 70: the reason must name the ground.
    #[error("a reason with its article is required")]
    ReasonMissing,
}

impl LicenceRefusal {
    /// The sentence for the person.
    pub fn explain(&self) -> Text {
        match self {
            LicenceRefusal::Ended => Text::new("该证照已经失效，不能重复操作。", "The licence has ended already."),
            LicenceRefusal::ReasonMissing => {
                Text::new("请写明理由和法律依据。", "Write down the reason and its legal basis.")
            }
        }
    }
}

impl Licence {
    /// Standing on a legal day.
    pub fn standing_on(&self, day: Date) -> Standing {
        match &self.recorded {
            Recorded::Revoked { .. } => Standing::Revoked,
            Recorded::Cancelled { .. } => Standing::Cancelled,
            Recorded::Active if day < self.valid_from => Standing::Future,
            Recorded::Active if self.valid_to.is_some_and(|last| day > last) => Standing::Expired,
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

    fn endable(&self, reason: &str) -> Result<(), LicenceRefusal> {
        if self.recorded != Recorded::Active {
            Err(LicenceRefusal::Ended)
        } else if reason.trim().is_empty() {
            Err(LicenceRefusal::ReasonMissing)
        } else {
            Ok(())
        }
    }

    /// The licence after one fact; `None` only before it was issued.
    pub fn evolve(licence: Option<Licence>, fact: LicenceFact) -> Option<Licence> {
        match (licence, fact) {
            (None, LicenceFact::Issued { licence }) => Some(*licence),
            (Some(mut licence), LicenceFact::Revoked { reason, at }) => {
                licence.recorded = Recorded::Revoked { reason, at };
                Some(licence)
            }
            (Some(mut licence), LicenceFact::Cancelled { reason, at }) => {
                licence.recorded = Recorded::Cancelled { reason, at };
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
        self.signed.clear();
        match &mut self.recorded {
            Recorded::Active => {}
            Recorded::Revoked { reason, .. } | Recorded::Cancelled { reason, .. } => reason.clear(),
        }
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
