//! The two files that stand for every upload of a sample template.

use bytes::Bytes;
use domain::accounts::Actor;

use super::only_in_demo;
use crate::cases::{SPECIMEN_OWNER, begin_specimen, continue_upload, whole};
use crate::city::City;
use crate::error::ServiceError;

const PDF: &[u8] = include_bytes!("../../data/specimen/specimen.pdf");
const PNG: &[u8] = include_bytes!("../../data/specimen/specimen.png");

/// Uploads that everyone in a demo city may hand in.
#[derive(Debug, Clone)]
pub struct Specimens {
    /// Id of a one-page PDF.
    pub pdf: String,
    /// Id of a PNG picture.
    pub png: String,
}

impl Specimens {
    /// The one that fits the types a material takes; an empty list takes all.
    pub fn fitting(&self, formats: &[String]) -> &str {
        if formats.is_empty() || formats.iter().any(|format| format == "pdf") { &self.pdf } else { &self.png }
    }
}

/// The specimens of a demo city; made at the first call.
///
/// # Errors
/// [`ServiceError::NotFound`] outside a demo city; what the store or the disk says.
pub async fn specimens(city: &City) -> Result<Specimens, ServiceError> {
    only_in_demo(city)?;
    Ok(Specimens {
        pdf: specimen(city, "application/pdf", "演示样本 SPECIMEN.pdf", PDF).await?,
        png: specimen(city, "image/png", "演示样本 SPECIMEN.png", PNG).await?,
    })
}

async fn specimen(city: &City, media_type: &str, name: &str, bytes: &'static [u8]) -> Result<String, ServiceError> {
    let sql = "SELECT id FROM upload WHERE region = $1 AND owner = $2 AND media_type = $3 ORDER BY id LIMIT 1";
    let rows = city.store().query(sql, &[city.region().into(), SPECIMEN_OWNER.into(), media_type.into()]).await?;
    if let Some(row) = rows.first() {
        return Ok(row.text(0)?.to_owned());
    }
    let size = i64::try_from(bytes.len()).map_err(ServiceError::internal)?;
    let upload = begin_specimen(city, name, size).await?;
    Ok(continue_upload(city, &Actor::system(), &upload.id, 0, whole(Bytes::from_static(bytes))).await?.id)
}
