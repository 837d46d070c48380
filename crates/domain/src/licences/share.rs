//! What a holder lets others see of a licence for a while: a use code 用证码, once and for one verifier, or a link 分享链接, until
//! its end or until the holder takes it back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Licence, LicenceRefusal, Standing};
use crate::ids::LicenceId;
use crate::time::Timestamp;

/// How long a use code can be used, in seconds.
pub const CODE_SECONDS: i64 = 300;
/// The most days for which a link is given, today among them.
pub const LINK_DAYS: i64 = 90;
/// Longest name of whoever may see it, in characters.
pub const MAX_USER_CHARS: usize = 40;
/// Longest purpose, in characters.
pub const MAX_PURPOSE_CHARS: usize = 60;
const DAY: i64 = 86_400;

/// In which way it is let seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareKind {
    /// A code that the named verifier uses once.
    Code,
    /// An address that opens until its end.
    Link,
}

/// How it came to its end before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum ShareEnd {
    /// The code was used.
    Used {
        /// The account.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The holder took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// Leave to see one licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// SHA-256 of its secret in lower-case hexadecimal; the secret itself is kept by nobody but the holder.
    pub id: String,
    /// The licence.
    pub licence: LicenceId,
    /// Code of the licence's holder.
    pub holder: String,
    /// In which way.
    pub kind: ShareKind,
    /// Who may see it, as the holder named them.
    pub user: String,
    /// What for (Order 716 of the State Council, article 7: materials serve no other purpose).
    pub purpose: String,
    /// The account that gave it.
    pub by: String,
    /// When it was given.
    pub at: Timestamp,
    /// Until when it can be used.
    pub until: Timestamp,
    /// How it ended before that.
    pub ended: Option<ShareEnd>,
}

/// What happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum ShareFact {
    /// The holder gave it.
    Given {
        /// All of it.
        share: Box<Share>,
    },
    /// The code was used.
    Used {
        /// The account.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The holder took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// The holder's personal data was erased at the holder's request (PIPL 47).
    Erased,
}

impl ShareFact {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            ShareFact::Given { .. } => "share.given",
            ShareFact::Used { .. } => "share.used",
            ShareFact::Withdrawn { .. } => "share.withdrawn",
            ShareFact::Erased => "erased",
        }
    }
}

impl Share {
    /// Until when something given now can be used: a code some minutes, a link through its last day. `None` for a last day before
    /// today or too far away.
    pub fn until(kind: ShareKind, last: Date, now: Timestamp) -> Option<Timestamp> {
        match kind {
            ShareKind::Code => Some(now.plus_seconds(CODE_SECONDS)),
            ShareKind::Link => {
                let end = Timestamp::end_of(last);
                let latest = Timestamp::end_of(now.date()).plus_seconds((LINK_DAYS - 1) * DAY);
                (end > now && end <= latest).then_some(end)
            }
        }
    }

    /// The fact that the holder gives it: only what is in force is shown to others.
    pub fn give(self, licence: &Licence) -> Result<ShareFact, LicenceRefusal> {
        match licence.standing_on(self.at.date()) {
            Standing::Valid => Ok(ShareFact::Given { share: Box::new(self) }),
            _ => Err(LicenceRefusal::NotInForce),
        }
    }

    /// Whether it can be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.until
    }

    /// The code is used by whom it was made for.
    pub fn redeem(&self, verifier: &str, by: &str, now: Timestamp) -> Result<ShareFact, LicenceRefusal> {
        let fits = self.kind == ShareKind::Code && plain(verifier) == plain(&self.user);
        if fits && self.is_open(now) {
            Ok(ShareFact::Used { by: by.to_owned(), at: now })
        } else {
            Err(LicenceRefusal::ShareOver)
        }
    }

    /// The link is opened.
    pub fn open(&self, now: Timestamp) -> Result<(), LicenceRefusal> {
        if self.kind == ShareKind::Link && self.is_open(now) { Ok(()) } else { Err(LicenceRefusal::ShareOver) }
    }

    /// Whether this account has just used the code, so that it may take the marked copy of what it was shown.
    pub fn was_just_used_by(&self, account: &str, now: Timestamp) -> bool {
        matches!(&self.ended, Some(ShareEnd::Used { by, .. }) if by == account) && now < self.until
    }

    /// The holder takes it back.
    pub fn withdraw(&self, now: Timestamp) -> Result<ShareFact, LicenceRefusal> {
        if self.is_open(now) { Ok(ShareFact::Withdrawn { at: now }) } else { Err(LicenceRefusal::ShareOver) }
    }

    /// After one fact; `None` only before it was given.
    pub fn evolve(share: Option<Share>, fact: ShareFact) -> Option<Share> {
        match (share, fact) {
            (None, ShareFact::Given { share }) => Some(*share),
            (Some(share), ShareFact::Used { by, at }) => {
                Some(Share { ended: Some(ShareEnd::Used { by, at }), ..share })
            }
            (Some(share), ShareFact::Withdrawn { at }) => {
                Some(Share { ended: Some(ShareEnd::Withdrawn { at }), ..share })
            }
            (Some(share), ShareFact::Erased) => {
                Some(Share { holder: "erased".into(), user: String::new(), purpose: String::new(), ..share })
            }
            (other, _) => other,
        }
    }
}

/// A name without what differs between two ways of typing it: blanks, capitals, the width of brackets.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
        '（' => '(',
        '）' => ')',
        other => other,
    });
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NOON: i64 = 12 * 3600;

    fn share(kind: ShareKind) -> Share {
        let at = Timestamp::start_of(date(2026, 11, 20)).plus_seconds(NOON);
        Share {
            id: "0".repeat(64),
            licence: LicenceId::new(at, [1; 10]),
            holder: "91350100M000100Y43".into(),
            kind,
            user: "海澜银行（江城支行）".into(),
            purpose: "开立账户".into(),
            by: "holder".into(),
            at,
            until: Share::until(kind, date(2026, 11, 22), at).unwrap(),
            ended: None,
        }
    }

    #[test]
    fn a_code_is_used_once_by_whom_it_names_within_its_minutes() {
        let own = share(ShareKind::Code);
        let after = |seconds| own.at.plus_seconds(seconds);
        assert!(own.redeem("某某公司", "bank", after(1)).is_err());
        assert!(own.redeem("海澜银行（江城支行）", "bank", after(CODE_SECONDS)).is_err());
        assert_eq!(own.open(after(1)), Err(LicenceRefusal::ShareOver), "a code is no link");
        let fact = own.redeem(" 海澜银行(江城支行) ", "bank", after(CODE_SECONDS - 1)).unwrap();
        let used = Share::evolve(Some(own.clone()), fact).unwrap();
        assert!(used.redeem("海澜银行（江城支行）", "bank", after(2)).is_err());
        assert!(used.withdraw(after(2)).is_err());
        assert!(used.was_just_used_by("bank", after(2)) && !used.was_just_used_by("other", after(2)));
        assert!(!used.was_just_used_by("bank", after(CODE_SECONDS)));
    }

    #[test]
    fn a_link_opens_through_its_last_day_or_until_it_is_taken_back() {
        let own = share(ShareKind::Link);
        let day = |day, seconds| Timestamp::start_of(date(2026, 11, day)).plus_seconds(seconds);
        assert_eq!(own.open(day(22, DAY - 1)), Ok(()));
        assert_eq!(own.open(day(23, 0)), Err(LicenceRefusal::ShareOver));
        assert!(own.redeem("海澜银行（江城支行）", "bank", day(21, 0)).is_err(), "a link is no code");
        let back = Share::evolve(Some(own.clone()), own.withdraw(day(21, 0)).unwrap()).unwrap();
        assert_eq!(back.open(day(21, 1)), Err(LicenceRefusal::ShareOver));
        assert!(back.withdraw(day(21, 1)).is_err());
        let until = |last| Share::until(ShareKind::Link, last, own.at).is_some();
        assert!(until(date(2026, 11, 20)) && until(date(2027, 2, 17)));
        assert!(!until(date(2026, 11, 19)) && !until(date(2027, 2, 18)));
    }

    #[test]
    fn what_is_erased_names_nobody() {
        let erased = Share::evolve(Some(share(ShareKind::Link)), ShareFact::Erased).unwrap();
        assert_eq!((erased.holder.as_str(), erased.user.as_str(), erased.purpose.as_str()), ("erased", "", ""));
    }
}
