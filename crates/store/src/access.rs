//! The access stream: who read whose personal data, when and for what purpose.
//!
//! It is apart from the journal, so that reading never touches the version of a case. The caller awaits
//! [`crate::Store::record_access`] *before* it sends the data; the write shares the fsync of the running batch.

use crate::change::short_text;
use crate::error::StoreError;
use crate::plan::Work;
use crate::store::Store;
use domain::time::Timestamp;

/// One look at somebody's personal data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// Account id or system that read.
    pub who: String,
    /// Whose data: the id of the person's account or holder record.
    pub subject: String,
    /// Why, as a short code or sentence: `case 0370211…: review`.
    pub purpose: String,
}

impl Store {
    /// Records accesses durably; when this returns `Ok` the data may be sent. The same access twice is recorded once.
    pub async fn record_access(&self, region: &str, entries: Vec<Access>) -> Result<(), StoreError> {
        short_text("region", region)?;
        for entry in &entries {
            short_text("who", &entry.who)?;
            short_text("subject", &entry.subject)?;
            short_text("purpose", &entry.purpose)?;
        }
        self.submit(Work::Access { region: region.to_owned(), entries }).await.map(|_| ())
    }

    /// Newest accesses to the data of `subject` before `before` (exclusive; the last instant of the page shown), at most `limit`.
    pub async fn accesses_to(
        &self,
        region: &str,
        subject: &str,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<Access>, StoreError> {
        let sql = "SELECT at, who, subject, purpose FROM access WHERE region = $1 AND subject = $2 AND at < $3 \
                   ORDER BY at DESC, who DESC, purpose DESC LIMIT $4";
        let rows = self.query(sql, &[region.into(), subject.into(), before.into(), limit.into()]).await?;
        rows.iter().map(from_row).collect()
    }

    /// Newest accesses by `who` before `before` (exclusive), at most `limit`; for supervision.
    pub async fn accesses_by(
        &self,
        region: &str,
        who: &str,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<Access>, StoreError> {
        let sql = "SELECT at, who, subject, purpose FROM access WHERE region = $1 AND who = $2 AND at < $3 \
                   ORDER BY at DESC, subject DESC, purpose DESC LIMIT $4";
        let rows = self.query(sql, &[region.into(), who.into(), before.into(), limit.into()]).await?;
        rows.iter().map(from_row).collect()
    }
}

fn from_row(row: &crate::Row) -> Result<Access, StoreError> {
    Ok(Access {
        at: row.time(0)?,
        who: row.text(1)?.to_owned(),
        subject: row.text(2)?.to_owned(),
        purpose: row.text(3)?.to_owned(),
    })
}
