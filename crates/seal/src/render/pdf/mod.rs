//! PDF with a PAdES signature (ETSI EN 319 142, B-B, B-T and, with long-term data, B-LT): writing and verifying.

mod cms;
mod draw;
mod dss;
mod outside;
mod sign;
mod stamp;
mod update;
mod verify;

pub use outside::TimeAuthority;
pub use sign::{Signing, with_long_term_data, write, write_stamped_by};
pub use verify::{PdfContent, is_pdf, verify};

use domain::time::Timestamp;
use thiserror::Error;

use crate::page::{Fonts, Sheets};
use crate::signed::SealError;

/// Name of the attachment.
const LICENCE: &str = "licence.json";

/// Writes the pages of a copy: without a signature and without the signed data, so that it cannot be taken for the licence itself.
///
/// # Errors
/// What the PDF library refuses.
pub fn copy(sheets: &Sheets, fonts: &Fonts, at: Timestamp) -> Result<Vec<u8>, PdfError> {
    draw::draw(sheets, fonts, None, at).map_err(PdfError::Pages)
}

/// Why a rendering cannot be made.
#[derive(Debug, Error)]
pub enum PdfError {
    /// The PDF library refuses.
    #[error("the pages cannot be written as PDF: {0}")]
    Pages(String),
    /// The signature cannot be made.
    #[error(transparent)]
    Seal(#[from] SealError),
}
