//! Sealed documents 文书 of a case: what the bureau hands to the applicant, signed like a licence.

pub use domain::cases::DocumentKind;
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cert::Certificate;
use crate::key::Signer;
use crate::report::Report;
use crate::signed::{self, Body, Issuer, Moment, SealError};

/// The value of the member `format`.
pub const FORMAT: &str = "yichuang.document.1";

/// To whom it is addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// The name.
    pub name: String,
    /// The number, masked as the document is to show it.
    pub code_masked: String,
}

/// The matter that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatterRef {
    /// The matter's code.
    pub code: String,
    /// Its name.
    pub name: Text,
}

/// A thing listed: a material received, a correction to make, a condition of the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What.
    pub name: Text,
    /// What about it; may be empty.
    pub note: Text,
}

/// A fact that a decision rests on, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What was looked at.
    pub label: Text,
    /// What was found.
    pub value: Text,
    /// The register, material or statement it was found in.
    pub source: Text,
}

/// What the addressee can do against it 救济途径.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// 行政复议 or 行政诉讼, in words.
    pub name: Text,
    /// Where.
    pub body: Text,
    /// Within what time, with the article that says so.
    pub period: Text,
}

/// A document as data. The order of the fields is that of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentData {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its title on the page.
    pub title: Text,
    /// 文号, e.g. `青审服受字〔2026〕第000042号`.
    pub number: String,
    /// The random public id in addresses, see [`crate::digest::public_id`].
    pub public_id: String,
    /// 办件编号.
    pub case_number: String,
    /// The matter.
    pub matter: MatterRef,
    /// To whom.
    pub addressee: Addressee,
    /// From whom.
    pub issuer: Issuer,
    /// The legal day on it.
    pub date: Date,
    /// The text.
    pub paragraphs: Vec<Text>,
    /// Lists of things: materials, corrections, conditions.
    pub items: Vec<Item>,
    /// The facts it rests on.
    pub findings: Vec<Finding>,
    /// The law it rests on, article by article.
    pub bases: Vec<Text>,
    /// What can be done against it; empty only where the law gives nothing (receipts).
    pub remedies: Vec<Remedy>,
    /// True in a demonstration city: every rendering says [`crate::licence::SPECIMEN`].
    pub specimen: bool,
}

/// The members of a document file beside `signature`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFile {
    /// [`FORMAT`].
    pub format: String,
    /// The data.
    pub document: DocumentData,
}

impl Body for DocumentFile {
    const FORMAT: &'static str = FORMAT;

    fn format(&self) -> &str {
        &self.format
    }

    fn issuer(&self) -> &Issuer {
        &self.document.issuer
    }
}

/// Signs a document with the bureau's SM2 key and returns the bytes of the file.
pub fn sign_document(data: &DocumentData, signer: &dyn Signer, signed_at: Timestamp) -> Result<Vec<u8>, SealError> {
    if !crate::digest::is_public_id(&data.public_id) {
        return Err(SealError::Refused("the public id has not the form of one"));
    }
    signed::sign(&DocumentFile { format: FORMAT.to_owned(), document: data.clone() }, signer, signed_at)
}

/// Verifies a document file against the configured roots, offline, as of a moment.
pub fn verify_document(bytes: &[u8], roots: &[Certificate], at: impl Into<Moment>) -> Report<DocumentFile> {
    let (checks, opened) = signed::open::<DocumentFile>(bytes, roots, at.into());
    checks.report(opened.map(|opened| opened.body))
}
