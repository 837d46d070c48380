//! What the applicant hands in, and what the bureau says about it point by point.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::DocumentRef;
use super::gaps::GapPromise;
use crate::ids::{LicenceId, UploadId};
use crate::time::Timestamp;

/// How a file or fact for a material slot came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Provided {
    /// Uploaded files, in page order.
    Upload {
        /// The files.
        files: Vec<UploadRef>,
    },
    /// A licence on file that is valid now 免提交.
    Licence {
        /// Which.
        id: LicenceId,
        /// Its printed number.
        number: String,
    },
    /// A licence taken from paper at a window and confirmed by a second person.
    FromPaper {
        /// Which.
        id: LicenceId,
        /// Its printed number.
        number: String,
    },
    /// A licence of another issuer, fetched from there and verified 跨域免提交.
    Elsewhere {
        /// Which, as it is kept here.
        id: LicenceId,
        /// Its printed number.
        number: String,
        /// Who issued it.
        issuer: String,
    },
    /// A register answered 数据共享.
    Register {
        /// Stored name of the register.
        register: String,
    },
    /// A register that would answer for it was silent when the application came in: a person looks before acceptance.
    Unanswered {
        /// Stored name of the register.
        register: String,
    },
    /// Replaced by the signed pledge 告知承诺.
    Pledge,
    /// Promised for later 容缺后补: it follows after acceptance, by the day of the notice.
    Later,
    /// Handed in on paper at a window and seen by the clerk.
    Paper {
        /// What was seen.
        note: String,
    },
}

/// One uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadRef {
    /// The upload.
    pub id: UploadId,
    /// Name the person gave it.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Type found by its first bytes.
    pub media_type: String,
}

/// A material as handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaterialItem {
    /// Slot of the matter.
    pub slot: String,
    /// How it came.
    pub provided: Provided,
    /// The clerk's verdict, once given.
    #[serde(default)]
    pub verdict: Option<Verdict>,
}

/// A clerk's verdict on one material.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Complete and in legal form.
    pub in_order: bool,
    /// What is wrong, when it is not.
    #[serde(default)]
    pub note: String,
}

/// The application itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// The form, valid against the matter's schema.
    pub form: Value,
    /// The materials.
    pub materials: Vec<MaterialItem>,
    /// The signed pledge, when the applicant chose one.
    #[serde(default)]
    pub pledge: Option<SignedPledge>,
    /// The promise to hand in secondary materials later, when the applicant chose that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<GapPromise>,
}

/// A pledge as signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedPledge {
    /// Version of the notice that was shown.
    pub version: String,
    /// When.
    pub signed_at: Timestamp,
    /// Who promised.
    pub signed_by: String,
}

impl Application {
    /// Slots and `form:<field>` that differ from an earlier version.
    pub fn changes_from(&self, old: &Application) -> Vec<String> {
        let mut changed: Vec<String> = self
            .materials
            .iter()
            .filter(|item| {
                old.materials.iter().find(|was| was.slot == item.slot).is_none_or(|was| was.provided != item.provided)
            })
            .map(|item| item.slot.clone())
            .collect();
        if let (Some(before), Some(after)) = (old.form.as_object(), self.form.as_object()) {
            let fields = after.iter().filter(|(key, value)| before.get(*key) != Some(*value)).map(|(key, _)| key);
            let dropped = before.keys().filter(|key| !after.contains_key(*key));
            changed.extend(fields.chain(dropped).map(|key| format!("form:{key}")));
        }
        changed
    }
}

/// One point of a correction notice or of a reasoned non-acceptance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Material slot, or `form:<field>`.
    pub about: String,
    /// What is wrong and what to do.
    pub text: String,
    /// For a point raised after a resubmission: why it could not be seen the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_defect: Option<NewDefect>,
}

/// Reason codes for a point that the first notice could not have held (AC-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewDefect {
    /// The resubmitted material itself is defective.
    InNewMaterial,
    /// The resubmitted material contradicts another.
    ContradictsOther,
    /// A document expired meanwhile.
    ExpiredMeanwhile,
}

/// The one-time correction notice 一次性告知.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectionNotice {
    /// What must be corrected, complete.
    pub points: Vec<Point>,
    /// When it was issued.
    pub at: Timestamp,
    /// Last legal day for handing it in.
    pub until: Date,
    /// Whether `until` rests on a provisional calendar.
    pub provisional: bool,
    /// The city's rule by which silence closes the case, as the notice announced it (AC-4); absent = it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<String>,
    /// The sealed document.
    pub document: DocumentRef,
}
