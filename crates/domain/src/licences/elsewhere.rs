//! Licences of other issuers 外部证照: fetched from the instance that issued them instead of asking their holder for paper
//! (国务院令第716号 第十条: what can be shared between authorities is not asked of the applicant).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accounts::Party;
use crate::ids::LicenceId;
use crate::text::Text;
use crate::time::Timestamp;

/// Longest reference of a case that is sent to a peer, in characters.
pub const MAX_REFERENCE_CHARS: usize = 64;

/// Once that a peer was asked and answered with this licence, verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookElsewhere {
    /// When the peer answered.
    pub at: Timestamp,
    /// Number of the case, or id of what was begun and is not filed yet.
    pub reference: String,
    /// Slug of the matter.
    pub matter: String,
    /// SHA-256 of the status list that says it counts, lower-case hexadecimal.
    pub list_sha256: String,
    /// Until when that list may be relied on.
    pub list_until: Timestamp,
    /// Place of its entry in its issuer's public log, from 0; `None` while it was younger than the merge delay, or where that issuer
    /// keeps no log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_index: Option<u64>,
}

/// A licence of another issuer as it was fetched, with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElsewhereLicence {
    /// Its id here.
    pub id: LicenceId,
    /// Id of the peer in the configuration.
    pub peer: String,
    /// The peer's name for people.
    pub peer_name: Text,
    /// Where anybody checks it.
    pub check: String,
    /// Id of its type in this city's catalogue.
    pub licence_type: String,
    /// GB/T 36904 identifier.
    pub identifier: String,
    /// Printed number 证照编号.
    pub number: String,
    /// Its name.
    pub name: Text,
    /// Who issued it.
    pub issuer: String,
    /// Holder.
    pub holder: Party,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` = without end.
    pub valid_to: Option<Date>,
    /// SHA-256 of the signed data, lower-case hexadecimal.
    pub sha256: String,
    /// The signed data, byte for byte as it was sent.
    pub signed: String,
    /// When it was fetched for the first time, and for what.
    pub first: LookElsewhere,
    /// When its peer has confirmed it last.
    pub last: LookElsewhere,
}

/// What happens to a fetched licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum ElsewhereFact {
    /// 调取: it came for the first time.
    Fetched {
        /// The licence.
        licence: Box<ElsewhereLicence>,
    },
    /// 再次核验: its peer sent the same once more and it still counts.
    Confirmed {
        /// When and for what.
        look: LookElsewhere,
    },
    /// Personal data was erased.
    Erased,
}

impl ElsewhereFact {
    /// Its kind in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            ElsewhereFact::Fetched { .. } => "elsewhere.fetched",
            ElsewhereFact::Confirmed { .. } => "elsewhere.confirmed",
            ElsewhereFact::Erased => "erased",
        }
    }
}

impl ElsewhereLicence {
    /// Folds a fact into the state.
    pub fn evolve(before: Option<ElsewhereLicence>, fact: ElsewhereFact) -> Option<ElsewhereLicence> {
        match (before, fact) {
            (None, ElsewhereFact::Fetched { licence }) => Some(*licence),
            (Some(own), ElsewhereFact::Confirmed { look }) => Some(ElsewhereLicence { last: look, ..own }),
            (Some(own), ElsewhereFact::Erased) => Some(own.erased()),
            (before, _) => before,
        }
    }

    /// Whether its holder was erased.
    pub fn is_erased(&self) -> bool {
        self.signed.is_empty()
    }

    /// Whether a legal day lies in its period.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    fn erased(self) -> ElsewhereLicence {
        let holder = Party { name: String::new(), code: String::new(), ..self.holder };
        ElsewhereLicence {
            holder,
            number: String::new(),
            identifier: String::new(),
            check: String::new(),
            sha256: String::new(),
            signed: String::new(),
            ..self
        }
    }
}

/// Whether a text can stand as the reference of a case: letters, digits and hyphens, at most [`MAX_REFERENCE_CHARS`].
pub fn is_reference(text: &str) -> bool {
    (1..=MAX_REFERENCE_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_plain() {
        let long = "a".repeat(MAX_REFERENCE_CHARS + 1);
        for (text, fits) in [
            ("37021120261122000001", true),
            ("019aab00-0000-7000-8000-000000000000", true),
            ("", false),
            ("37 02", false),
            ("37\n02", false),
            ("案件", false),
            (long.as_str(), false),
        ] {
            assert_eq!(is_reference(text), fits, "{text:?}");
        }
    }
}
