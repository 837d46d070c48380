//! Electronic seals 电子印章 on record: for whom one was made, who may use it, and until when.
//!
//! A bureau has a seal for each size of its picture. A seal lists the certificates of its users (GB/T 38540), so a renewed
//! certificate needs another seal; the one before is retired, and files sealed with it stay valid.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A seal on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// 印章标识: the holder's credit code and a number.
    pub id: String,
    /// Id of the department.
    pub department: String,
    /// The holder's name, as on the seal.
    pub name: String,
    /// SHA-256 of the certificate that may use it, hex.
    pub signer: String,
    /// SHA-256 of its maker's certificate, hex.
    pub maker: String,
    /// SHA-256 of its picture, hex.
    pub picture: String,
    /// Side of its picture in millimetres.
    pub side: u32,
    /// Edition of its structure: 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025).
    pub edition: u32,
    /// First instant at which it may be used.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_to: Timestamp,
    /// The seal itself, base64 of DER.
    pub der: String,
    /// When another took its place.
    pub retired: Option<Timestamp>,
}

/// What happens to a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum SealFact {
    /// It was made and put on record.
    Made {
        /// As it was made.
        seal: Box<Seal>,
    },
    /// Another took its place.
    Retired {
        /// When.
        at: Timestamp,
    },
}

impl SealFact {
    /// Its kind in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            SealFact::Made { .. } => "seal.made",
            SealFact::Retired { .. } => "seal.retired",
        }
    }
}

impl Seal {
    /// The number behind the credit code; 0 when it has none.
    pub fn number(&self) -> u32 {
        self.id.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }

    /// Folds a fact into the state.
    pub fn evolve(before: Option<Seal>, fact: SealFact) -> Option<Seal> {
        match (before, fact) {
            (None, SealFact::Made { seal }) => Some(*seal),
            (Some(seal), SealFact::Retired { at }) => Some(Seal { retired: seal.retired.or(Some(at)), ..seal }),
            (before, _) => before,
        }
    }
}
