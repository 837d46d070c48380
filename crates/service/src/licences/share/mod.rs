//! Letting others see a licence without handing over paper: `give.rs` makes use codes and links, `redeem.rs` takes a code once,
//! `link.rs` opens a link, `copy.rs` makes the marked copies 加注件.

mod copy;
mod give;
mod link;
mod redeem;

pub use copy::{copy_of_link, copy_of_own, copy_of_shown, copy_of_used};
pub use give::{GivenShare, ShareWish, give_share, open_shares, withdraw_share};
pub use link::open_link;
pub use redeem::{UseCode, use_code};

use domain::accounts::Actor;
use domain::licences::{Share, ShareFact};
use store::licences::LICENCE_SHARE;
use store::{Change, Erasure, Expected, RowWrite};

use super::LicenceView;
use super::read::view_of;
use crate::city::City;
use crate::error::ServiceError;

/// A licence that its holder has let somebody see, with the leave.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The licence.
    pub view: LicenceView,
    /// Who may see it, what for, until when.
    pub share: Share,
}

/// The id under which a secret is kept.
fn id_of(secret: &str) -> String {
    seal::digest::sha256_hex(format!("licence-share/{secret}").as_bytes())
}

/// A share with the version of its row.
async fn load(city: &City, id: &str) -> Result<Option<(Share, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM licence_share WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))).transpose()
}

/// The licence that a share is about.
async fn licence_of(city: &City, share: &Share) -> Result<LicenceView, ServiceError> {
    let sql = "SELECT doc, version FROM licence WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), share.licence.to_string().into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("licence"))?;
    view_of(city, row.text(0)?, row.int(1)?)
}

/// Whom the holder named, and what for, in the record of looks.
fn words(share: &Share) -> String {
    format!("{}：{}", share.user, share.purpose)
}

fn row(
    city: &City,
    share: &Share,
    expected: Expected,
    facts: &[ShareFact],
    actor: &str,
) -> Result<RowWrite, ServiceError> {
    Ok(RowWrite {
        table: &LICENCE_SHARE,
        id: share.id.clone(),
        expected,
        columns: vec![share.licence.to_string().into(), share.holder.clone().into(), share.until.micros().into()],
        doc: serde_json::to_string(share).map_err(ServiceError::internal)?,
        facts: city.facts(actor, facts, ShareFact::kind)?,
    })
}

/// The row after one more fact.
fn after(city: &City, share: Share, version: i64, fact: ShareFact, actor: &str) -> Result<RowWrite, ServiceError> {
    let share = Share::evolve(Some(share), fact.clone());
    let share = share.ok_or_else(|| ServiceError::internal("a share cannot vanish"))?;
    row(city, &share, Expected::Version(version), &[fact], actor)
}

/// Erases whom a holder let see licences and what for, with the holder (PIPL 47). Answers how many.
pub(crate) async fn erased(
    city: &City,
    by: &Actor,
    holder: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM licence_share WHERE region = $1 AND holder = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), holder.into(), most.into()]).await?;
    for found in &rows {
        let share: Share = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = share.id.clone();
        change.rows.push(after(city, share, found.int(1)?, ShareFact::Erased, &by.label())?);
        change.erasures.push(Erasure { table: &LICENCE_SHARE, id });
    }
    Ok(rows.len())
}
