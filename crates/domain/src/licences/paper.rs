//! Existing paper licences entered at a window 存量纸质证照: one person types what the paper says, another confirms having seen the
//! original; from then on it is on file, marked as taken from paper and never as sealed by the platform.
//!
//! ```text
//! enter ─▶ entered ─ confirm ─▶ confirmed ─ end ─▶ ended
//!             │  ▲                  │
//!       reject│  └──── correct ─────┘
//!             ▼
//!          rejected
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::LicenceRefusal;
use crate::accounts::Party;
use crate::ids::{LicenceId, UploadId};
use crate::text::{Text, hidden_character};
use crate::time::Timestamp;

/// Longest printed number, in characters.
pub const MAX_NUMBER_CHARS: usize = 80;
/// Longest name of an issuer, in characters.
pub const MAX_ISSUER_CHARS: usize = 100;
/// Longest line of the face, in characters.
pub const MAX_LINE_CHARS: usize = 1_000;

/// What a paper says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaperFace {
    /// Id of its type in the catalogue.
    pub licence_type: String,
    /// Name of the type.
    pub name: Text,
    /// Printed number 证照编号.
    pub number: String,
    /// Holder.
    pub holder: Party,
    /// Who issued it, as printed.
    pub issuer: String,
    /// Day of issue.
    pub issued: Date,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` = without end.
    pub valid_to: Option<Date>,
    /// The lines of its face by the keys of its type; lines that are empty on the paper are left out.
    pub surface: BTreeMap<String, String>,
}

/// The scan of an original: one uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// The upload.
    pub id: UploadId,
    /// Name that the clerk's machine gave it.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Type found by its first bytes.
    pub media_type: String,
}

/// A hand that did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// Account.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PaperState {
    /// 待确认: nobody but who typed it has seen the paper.
    Entered,
    /// 已确认: a second person has seen the original.
    Confirmed {
        /// Who and when.
        hand: Hand,
    },
    /// 不予确认: paper and entry differ, or there is no original.
    Rejected {
        /// Who and when.
        hand: Hand,
        /// Why.
        reason: String,
    },
    /// 终止: it counts no more.
    Ended {
        /// Who and when.
        hand: Hand,
        /// Why.
        reason: String,
    },
}

impl PaperState {
    /// The stored name, by which rows are found.
    pub fn as_str(&self) -> &'static str {
        match self {
            PaperState::Entered => "entered",
            PaperState::Confirmed { .. } => "confirmed",
            PaperState::Rejected { .. } => "rejected",
            PaperState::Ended { .. } => "ended",
        }
    }
}

/// A licence taken from paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaperLicence {
    /// Its id.
    pub id: LicenceId,
    /// What the paper says.
    pub face: PaperFace,
    /// The scan of the original.
    pub scan: Scan,
    /// Who typed it, and when.
    pub entered: Hand,
    /// How far it is.
    pub state: PaperState,
}

/// What happens to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum PaperFact {
    /// 录入.
    Entered {
        /// As it was typed.
        licence: Box<PaperLicence>,
    },
    /// 确认: the original was seen.
    Confirmed {
        /// Who and when.
        hand: Hand,
    },
    /// 不予确认.
    Rejected {
        /// Who and when.
        hand: Hand,
        /// Why.
        reason: String,
    },
    /// 更正: it was typed anew, so it is to be confirmed anew.
    Corrected {
        /// What the paper says.
        face: Box<PaperFace>,
        /// Who and when.
        hand: Hand,
        /// What was wrong.
        reason: String,
    },
    /// 终止.
    Ended {
        /// Who and when.
        hand: Hand,
        /// Why.
        reason: String,
    },
    /// Personal data was erased.
    Erased,
}

impl PaperFact {
    /// Its kind in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            PaperFact::Entered { .. } => "paper.entered",
            PaperFact::Confirmed { .. } => "paper.confirmed",
            PaperFact::Rejected { .. } => "paper.rejected",
            PaperFact::Corrected { .. } => "paper.corrected",
            PaperFact::Ended { .. } => "paper.ended",
            PaperFact::Erased => "erased",
        }
    }
}

impl PaperFace {
    /// What is wrong with it today, by field: `number`, `issuer`, `issued`, `valid_from`, `valid_to`, `line-KEY`.
    pub fn faults(&self, today: Date) -> Vec<(String, Text)> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, zh: &str, en: &str| faults.push((field.to_owned(), Text::new(zh, en)));
        let words = |text: &str, most: usize| {
            let count = text.trim().chars().count();
            (1..=most).contains(&count) && hidden_character(text, false).is_none()
        };
        if !words(&self.number, MAX_NUMBER_CHARS) {
            fault(
                "number",
                "请照原件填写证照编号，不超过 80 字。",
                "Write the number as printed, at most 80 characters.",
            );
        }
        if !words(&self.issuer, MAX_ISSUER_CHARS) {
            fault("issuer", "请照原件填写颁发机构，不超过 100 字。", "Write who issued it, at most 100 characters.");
        }
        if self.issued > today {
            fault("issued", "颁发日期不能晚于今天。", "The day of issue must not lie in the future.");
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            fault("valid_to", "有效期止不能早于有效期起。", "The last day must not lie before the first.");
        } else if self.valid_to.is_some_and(|last| last < today) {
            fault("valid_to", "原件已经过期，不能录入。", "The paper has expired and cannot be entered.");
        }
        for (key, value) in &self.surface {
            if !words(value, MAX_LINE_CHARS) {
                fault(
                    &format!("line-{key}"),
                    "请照原件填写，不超过 1000 字。",
                    "Write it as printed, at most 1000 characters.",
                );
            }
        }
        faults
    }
}

impl PaperLicence {
    /// Whether it may stand for a paper on this day.
    pub fn counts_on(&self, day: Date) -> bool {
        matches!(self.state, PaperState::Confirmed { .. })
            && self.face.valid_from <= day
            && self.face.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether no other entry may say the same: it waits or is confirmed.
    pub fn lives(&self) -> bool {
        matches!(self.state, PaperState::Entered | PaperState::Confirmed { .. })
    }

    /// Whether its holder was erased.
    pub fn is_erased(&self) -> bool {
        self.face.holder.code.is_empty()
    }

    fn waits_for(&self, by: &str) -> Result<(), LicenceRefusal> {
        match self.state {
            PaperState::Entered if self.entered.by == by => Err(LicenceRefusal::SamePerson),
            PaperState::Entered => Ok(()),
            _ => Err(LicenceRefusal::NotWaiting),
        }
    }

    /// A second person has seen the original.
    ///
    /// # Errors
    /// Whoever typed it, at whatever time; what does not wait.
    pub fn confirm(&self, hand: Hand) -> Result<PaperFact, LicenceRefusal> {
        self.waits_for(&hand.by)?;
        Ok(PaperFact::Confirmed { hand })
    }

    /// A second person does not confirm it.
    ///
    /// # Errors
    /// As for [`Self::confirm`]; no reason.
    pub fn reject(&self, hand: Hand, reason: &str) -> Result<PaperFact, LicenceRefusal> {
        self.waits_for(&hand.by)?;
        Ok(PaperFact::Rejected { hand, reason: given(reason)? })
    }

    /// It is typed anew; whoever corrects it counts as who has typed it.
    ///
    /// # Errors
    /// What was rejected or has ended; no reason.
    pub fn correct(&self, face: PaperFace, hand: Hand, reason: &str) -> Result<PaperFact, LicenceRefusal> {
        if !self.lives() {
            return Err(LicenceRefusal::Ended);
        }
        Ok(PaperFact::Corrected { face: Box::new(face), hand, reason: given(reason)? })
    }

    /// It counts no more: given back, withdrawn by its issuer, replaced.
    ///
    /// # Errors
    /// What does not live; no reason.
    pub fn end(&self, hand: Hand, reason: &str) -> Result<PaperFact, LicenceRefusal> {
        if !self.lives() {
            return Err(LicenceRefusal::Ended);
        }
        Ok(PaperFact::Ended { hand, reason: given(reason)? })
    }

    /// Folds a fact into the state.
    pub fn evolve(before: Option<PaperLicence>, fact: PaperFact) -> Option<PaperLicence> {
        let own = match (before, fact) {
            (None, PaperFact::Entered { licence }) => return Some(*licence),
            (None, _) => return None,
            (Some(own), fact) => (own, fact),
        };
        Some(match own {
            (own, PaperFact::Entered { .. }) => own,
            (own, PaperFact::Confirmed { hand }) => PaperLicence { state: PaperState::Confirmed { hand }, ..own },
            (own, PaperFact::Rejected { hand, reason }) => {
                PaperLicence { state: PaperState::Rejected { hand, reason }, ..own }
            }
            (own, PaperFact::Corrected { face, hand, .. }) => {
                PaperLicence { face: *face, entered: hand, state: PaperState::Entered, ..own }
            }
            (own, PaperFact::Ended { hand, reason }) => {
                PaperLicence { state: PaperState::Ended { hand, reason }, ..own }
            }
            (own, PaperFact::Erased) => own.erased(),
        })
    }

    fn erased(self) -> PaperLicence {
        let holder = Party { name: String::new(), code: String::new(), ..self.face.holder };
        let face = PaperFace { holder, number: String::new(), surface: BTreeMap::new(), ..self.face };
        let scan = Scan { name: String::new(), sha256: String::new(), ..self.scan };
        let hand = Hand { by: "erased".to_owned(), at: self.entered.at };
        let state = PaperState::Ended { hand, reason: String::new() };
        PaperLicence { face, scan, state, ..self }
    }
}

fn given(reason: &str) -> Result<String, LicenceRefusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(LicenceRefusal::ReasonMissing) } else { Ok(reason.to_owned()) }
}
