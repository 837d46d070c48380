//! How a licence stands: as it is recorded, and as a verifier needs it on a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::LicenceId;
use crate::text::Text;
use crate::time::Timestamp;

/// Standing as recorded. Expiry is none of them: it follows from the date (see [`super::Licence::standing_on`]), so that nobody
/// relies on a licence in the moment before its expiry is put on record ([`super::LicenceFact::Expired`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Recorded {
    /// In force.
    Active,
    /// 暂扣: it counts for nothing until it is resumed.
    Suspended {
        /// Why, with the article.
        reason: String,
        /// When.
        at: Timestamp,
        /// The last day of it; `None` = until it is resumed by a decision.
        until: Option<Date>,
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
    /// 暂扣.
    Suspended,
    /// 换发.
    Superseded,
    /// 撤销.
    Revoked,
    /// 注销.
    Cancelled,
}

impl Recorded {
    /// The stored name, by which rows are found.
    pub fn as_str(&self) -> &'static str {
        match self {
            Recorded::Active => "active",
            Recorded::Suspended { .. } => "suspended",
            Recorded::Superseded { .. } => "superseded",
            Recorded::Revoked { .. } => "revoked",
            Recorded::Cancelled { .. } => "cancelled",
        }
    }

    /// When and why it was taken out of force, whether for good or for a time.
    pub fn taken(&self) -> Option<(Timestamp, &str)> {
        match self {
            Recorded::Active => None,
            Recorded::Suspended { reason, at, .. }
            | Recorded::Superseded { reason, at, .. }
            | Recorded::Revoked { reason, at }
            | Recorded::Cancelled { reason, at } => Some((*at, reason)),
        }
    }

    /// Whether it can never be in force again.
    pub fn has_ended(&self) -> bool {
        matches!(self, Recorded::Superseded { .. } | Recorded::Revoked { .. } | Recorded::Cancelled { .. })
    }

    /// The last day of a suspension that has one.
    pub fn suspended_until(&self) -> Option<Date> {
        match self {
            Recorded::Suspended { until, .. } => *until,
            _ => None,
        }
    }

    pub(super) fn erase(&mut self) {
        match self {
            Recorded::Active => {}
            Recorded::Suspended { reason, .. }
            | Recorded::Superseded { reason, .. }
            | Recorded::Revoked { reason, .. }
            | Recorded::Cancelled { reason, .. } => reason.clear(),
        }
    }
}

impl Standing {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Valid => "valid",
            Standing::Future => "future",
            Standing::Expired => "expired",
            Standing::Suspended => "suspended",
            Standing::Superseded => "superseded",
            Standing::Revoked => "revoked",
            Standing::Cancelled => "cancelled",
        }
    }

    /// Whether it lives on: in force, to come into force, or suspended. What has expired or was ended does not.
    pub fn lives(self) -> bool {
        matches!(self, Standing::Valid | Standing::Future | Standing::Suspended)
    }

    /// The word on the public page.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Standing::Valid => ("有效", "Valid"),
            Standing::Future => ("尚未生效", "Not yet in force"),
            Standing::Expired => ("已到期", "Expired"),
            Standing::Suspended => ("已暂扣", "Suspended"),
            Standing::Superseded => ("已换发新证", "Replaced"),
            Standing::Revoked => ("已撤销", "Revoked"),
            Standing::Cancelled => ("已注销", "Cancelled"),
        };
        Text::new(zh, en)
    }
}
