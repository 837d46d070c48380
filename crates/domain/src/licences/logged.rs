//! What the public log of licences says about an issue or a change of status: an entry of its own form, without a word about
//! the holder.
//!
//! Whoever holds a licence, or its decision, can show that an entry is about it: entries hold commitments, SHA-256 over a salt of
//! 128 random bits that only the city and the holder's proof know. When a person is erased the salt goes, and with it the
//! last tie between the entry and the person; the entry itself stays, because the log may not lose one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Licence;
use crate::time::Timestamp;

/// The value of [`LogEntry::format`].
pub const LOG_FORMAT: &str = "yichuang.log-entry.1";

/// How long after its decision a licence may be missing in the log, in seconds. Nobody who asks for a proof accepts an older
/// licence without one.
pub const MERGE_DELAY_SECONDS: i64 = 600;

/// One entry of the log; its canonical JSON (RFC 8785) is the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// [`LOG_FORMAT`].
    pub format: String,
    /// What happened: the kind of the fact without `licence.`, such as `issued` or `revoked`.
    pub event: String,
    /// When, as the fact says: `2026-11-22T09:30:00+08:00`.
    pub at: String,
    /// Which licence: a commitment, the same in all entries about it.
    pub licence: String,
    /// Commitment to the signed data, where the event made one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Commitment to what else the fact says, such as reason and article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What everybody may read; nothing for licences of natural persons and of sensitive types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenFields>,
}

/// The clear part of an entry: what is printed for everybody on an organisation's licence, and nothing about the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenFields {
    /// GB/T 36904 identifier, which names type and issuer.
    pub identifier: String,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` = without end.
    pub valid_to: Option<Date>,
}

impl OpenFields {
    /// The clear part of the entries about a licence; `None` where even its number says too much: licences of natural
    /// persons, for whom the type alone tells of health, income or family, and of sensitive types, whoever holds them: an employer's
    /// decision on a work injury is about the worker.
    pub fn of(licence: &Licence, sensitive: bool) -> Option<OpenFields> {
        (licence.holder.id_type == "uscc" && !sensitive).then(|| OpenFields {
            identifier: licence.identifier.clone(),
            valid_from: licence.valid_from,
            valid_to: licence.valid_to,
        })
    }
}

/// The event of a fact of this kind; `None` for what is no issue and no change of status.
pub fn log_event(kind: &str) -> Option<&str> {
    kind.strip_prefix("licence.").filter(|event| *event != "reminded")
}

impl LogEntry {
    /// The instant, if it is in the one form that is written.
    pub fn instant(&self) -> Option<Timestamp> {
        let parsed: jiff::Timestamp = self.at.parse().ok()?;
        let at = Timestamp::from_micros(parsed.as_microsecond());
        (at.rfc3339() == self.at).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_and_erasures_are_no_events() {
        let events: Vec<_> =
            ["licence.issued", "licence.revoked", "licence.reminded", "erased"].map(log_event).into_iter().collect();
        assert_eq!(events, [Some("issued"), Some("revoked"), None, None]);
        assert_eq!(log_event("licence.expired"), Some("expired"));
    }

    #[test]
    fn an_instant_has_one_form() {
        let entry = |at: &str| LogEntry {
            format: LOG_FORMAT.into(),
            event: "issued".into(),
            at: at.into(),
            licence: String::new(),
            data: None,
            detail: None,
            open: None,
        };
        let at = Timestamp::from_micros(1_795_311_000_000_000);
        assert_eq!(entry(&at.rfc3339()).instant(), Some(at));
        for wrong in ["2026-11-22T01:30:00Z", "2026-11-22", ""] {
            assert_eq!(entry(wrong).instant(), None, "{wrong}");
        }
    }
}
