//! A rating: once for a service, once more after its follow-up was answered.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::refusal::{RatingReason, RatingRefusal};
use crate::accounts::Party;
use crate::time::Timestamp;

/// Over which way a rating came 评价渠道 (GB/T 39046 table 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// PC端.
    Pc,
    /// 移动服务端.
    Mobile,
    /// 二维码.
    QrCode,
    /// 政务大厅平板电脑.
    HallTablet,
    /// 政务大厅其他终端.
    Terminal,
    /// 电话.
    Phone,
    /// 短信: the code of a message.
    Message,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 7] = [
        Channel::Pc,
        Channel::Mobile,
        Channel::QrCode,
        Channel::HallTablet,
        Channel::Terminal,
        Channel::Phone,
        Channel::Message,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Pc => "pc",
            Channel::Mobile => "mobile",
            Channel::QrCode => "qr-code",
            Channel::HallTablet => "hall-tablet",
            Channel::Terminal => "terminal",
            Channel::Phone => "phone",
            Channel::Message => "message",
        }
    }
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// 5 = 非常满意 … 1 = 非常不满意.
    pub stars: u8,
    /// Codes of the tags, of this level.
    pub tags: Vec<String>,
    /// In the rater's own words; empty once erased.
    #[serde(default)]
    pub text: String,
}

/// For whom it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The department that answers for the service.
    pub department: String,
    /// Id of the place; empty for a service online.
    #[serde(default)]
    pub place: String,
    /// Number of the window; empty where none was named.
    #[serde(default)]
    pub window: String,
    /// Accounts of the staff that rendered the service.
    #[serde(default)]
    pub staff: Vec<String>,
    /// The day on which it was given: figures of its month count it.
    pub on: Date,
}

/// Who rated. Nobody who rendered the service gets to see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rater {
    /// The account, of somebody who was signed in.
    #[serde(default)]
    pub account: Option<String>,
    /// The person, once proved: a rating by name 实名.
    #[serde(default)]
    pub party: Option<Party>,
    /// Where to call back; may be empty.
    #[serde(default)]
    pub phone: String,
}

impl Rater {
    /// Whether there is a way to talk to the rater.
    pub fn is_reachable(&self) -> bool {
        self.account.is_some() || !self.phone.is_empty()
    }
}

/// The second rating, after an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// What was said.
    pub voice: Voice,
    /// When.
    pub at: Timestamp,
    /// Whether it counts in the place of the first.
    pub replaces: bool,
}

/// Whether it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It does.
    Counted,
    /// A second person has found a misrating.
    NotCounted {
        /// When.
        at: Timestamp,
    },
}

/// A rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// What was rated, and the id: `case.<id>` or `ticket.<id>`. There is one rating for each.
    pub id: String,
    /// Number of the case or of the ticket, as people know it.
    pub number: String,
    /// Slug of the matter; empty when it was not said.
    pub matter: String,
    /// For whom it counts.
    pub scope: Scope,
    /// When the service ended.
    pub finished: Timestamp,
    /// When it was rated.
    pub given: Timestamp,
    /// How.
    pub channel: Channel,
    /// What was said.
    pub voice: Voice,
    /// By whom.
    pub rater: Rater,
    /// What was said after the answer.
    #[serde(default)]
    pub again: Option<Again>,
    /// Whether it counts.
    pub verdict: Verdict,
}

/// What happens to a rating. Facts name the scope again, because figures are counted from them alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum RatingFact {
    /// It was given.
    Given {
        /// All of it.
        rating: Box<Rating>,
    },
    /// It was given once more.
    GivenAgain {
        /// For whom it counts.
        scope: Scope,
        /// The level before.
        before: u8,
        /// What was said.
        again: Again,
    },
    /// It was a misrating.
    NotCounted {
        /// For whom it does not count any more.
        scope: Scope,
        /// The level that counted.
        stars: u8,
        /// When.
        at: Timestamp,
    },
    /// The person was erased.
    Erased,
}

impl RatingFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            RatingFact::Given { .. } => "rating.given",
            RatingFact::GivenAgain { .. } => "rating.given-again",
            RatingFact::NotCounted { .. } => "rating.not-counted",
            RatingFact::Erased => "erased",
        }
    }
}

impl Rating {
    /// The level that counts now.
    pub fn stars(&self) -> u8 {
        self.again.as_ref().filter(|again| again.replaces).map_or(self.voice.stars, |again| again.voice.stars)
    }

    fn refuse(&self, command: &'static str, reason: RatingReason) -> RatingRefusal {
        let state = if self.verdict == Verdict::Counted { "given" } else { "not-counted" };
        RatingRefusal { state, command, reason }
    }

    /// It is given once more, after its follow-up was answered.
    ///
    /// # Errors
    /// One that was given again already, or does not count.
    pub fn give_again(&self, voice: Voice, replaces: bool, at: Timestamp) -> Result<RatingFact, RatingRefusal> {
        if let Some(again) = &self.again {
            return Err(self.refuse("rate", RatingReason::AlreadyRated { at: again.at }));
        }
        if self.verdict != Verdict::Counted {
            return Err(self.refuse("rate", RatingReason::AlreadyRated { at: self.given }));
        }
        let again = Again { voice, at, replaces };
        Ok(RatingFact::GivenAgain { scope: self.scope.clone(), before: self.voice.stars, again })
    }

    /// It does not count.
    ///
    /// # Errors
    /// One that does not count already.
    pub fn discount(&self, at: Timestamp) -> Result<RatingFact, RatingRefusal> {
        if self.verdict != Verdict::Counted {
            return Err(self.refuse("discount", RatingReason::WrongState));
        }
        Ok(RatingFact::NotCounted { scope: self.scope.clone(), stars: self.stars(), at })
    }

    /// The rating after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Rating>, fact: RatingFact) -> Option<Rating> {
        let mut own = match (before, fact) {
            (None, RatingFact::Given { rating }) => return Some(*rating),
            (None, _) => return None,
            (Some(own), RatingFact::Given { .. }) => return Some(own),
            (Some(mut own), RatingFact::GivenAgain { again, .. }) => {
                own.again = Some(again);
                return Some(own);
            }
            (Some(mut own), RatingFact::NotCounted { at, .. }) => {
                own.verdict = Verdict::NotCounted { at };
                return Some(own);
            }
            (Some(own), RatingFact::Erased) => own,
        };
        own.rater = Rater::default();
        own.voice.text = String::new();
        if let Some(again) = &mut own.again {
            again.voice.text = String::new();
        }
        Some(own)
    }
}
