//! PDF with a PAdES signature (ETSI EN 319 142, B-B and B-T): writing and verifying.

mod cms;
mod draw;
mod sign;
mod stamp;
mod update;
mod verify;

pub use sign::{Signing, write};
pub use verify::{PdfContent, is_pdf, verify};

use thiserror::Error;

use crate::signed::SealError;

/// Name of the attachment.
const LICENCE: &str = "licence.json";

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
