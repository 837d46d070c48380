//! Licences taken from paper at a window: typed by one person, confirmed by another who has seen the original. What may follow what is
//! [`domain::licences::PaperLicence`]; `enter.rs` types and corrects, `work.rs` confirms, refuses and ends, `read.rs` finds.

mod enter;
mod read;
mod work;

pub use enter::{PaperWish, enter_paper};
pub(crate) use read::of_holder;
pub use read::{my_papers, paper, paper_scan, papers_found, papers_waiting};
pub use work::{PaperChange, work_on_paper};

use domain::accounts::{Action, Actor, Party, Subject, may};
use domain::cases::UploadRef;
use domain::licences::{Hand, PaperFact, PaperLicence, Scan};
use store::licences::PAPER_LICENCE;
use store::{Change, Erasure, Expected, RowWrite};

use crate::cases::{Whose, give_up};
use crate::city::City;
use crate::error::ServiceError;

/// Under what its scan is kept.
fn stream(licence: &PaperLicence) -> String {
    PAPER_LICENCE.stream(&licence.id.to_string())
}

/// The scan as the folder of uploads knows it.
fn reference(scan: &Scan) -> UploadRef {
    UploadRef {
        id: scan.id,
        name: scan.name.clone(),
        sha256: scan.sha256.clone(),
        size: scan.size,
        media_type: scan.media_type.clone(),
    }
}

/// Whether the actor may do this to a holder's paper.
fn permit(city: &City, actor: &Actor, action: Action, holder: Option<&Party>) -> Result<(), ServiceError> {
    let subject = Subject { party: holder, district: Some(&city.settings().district), ..Subject::default() };
    Ok(may(actor, action, &subject)?)
}

fn hand(city: &City, actor: &Actor) -> Hand {
    Hand { by: actor.label(), at: city.now() }
}

fn row(
    city: &City,
    licence: &PaperLicence,
    expected: Expected,
    fact: PaperFact,
    actor: &str,
) -> Result<RowWrite, ServiceError> {
    let holder = Some(licence.face.holder.code.clone()).filter(|code| !code.is_empty());
    let living = licence.lives().then(|| format!("{}/{}", licence.face.licence_type, licence.face.number));
    Ok(RowWrite {
        table: &PAPER_LICENCE,
        id: licence.id.to_string(),
        expected,
        columns: vec![holder.into(), licence.state.as_str().into(), living.into(), licence.entered.at.micros().into()],
        doc: serde_json::to_string(licence).map_err(ServiceError::internal)?,
        facts: city.facts(actor, &[fact], PaperFact::kind)?,
    })
}

/// The row after one more fact.
fn after(
    city: &City,
    licence: PaperLicence,
    version: i64,
    fact: PaperFact,
    actor: &str,
) -> Result<(PaperLicence, RowWrite), ServiceError> {
    let after = PaperLicence::evolve(Some(licence), fact.clone());
    let after = after.ok_or_else(|| ServiceError::internal("a paper licence cannot vanish"))?;
    let row = row(city, &after, Expected::Version(version), fact, actor)?;
    Ok((after, row))
}

/// Erases what was taken from paper about a holder (PIPL 47), with the scans. Answers how many.
pub(crate) async fn erase(
    city: &City,
    by: &Actor,
    holder: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM paper_licence WHERE region = $1 AND holder = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), holder.into(), most.into()]).await?;
    for found in &rows {
        let licence: PaperLicence = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        give_up(city, change, Whose::Case(&stream(&licence)), most).await?;
        let id = licence.id.to_string();
        change.rows.push(after(city, licence, found.int(1)?, PaperFact::Erased, &by.label())?.1);
        change.erasures.push(Erasure { table: &PAPER_LICENCE, id });
    }
    Ok(rows.len())
}
