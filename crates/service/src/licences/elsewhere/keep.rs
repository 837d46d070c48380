//! The rows of fetched licences: one for each signed file, with a fact for every time that its peer has confirmed it.

use domain::accounts::Actor;
use domain::ids::LicenceId;
use domain::licences::{ElsewhereFact, ElsewhereLicence, LookElsewhere};
use seal::digest::sha256_hex;
use store::licences::ELSEWHERE_LICENCE;
use store::{Change, Erasure, Expected, RowWrite, StoreError};

use super::check::Verified;
use super::{Need, Peer};
use crate::city::City;
use crate::error::ServiceError;

/// How often a row is written anew because another request has fetched the same meanwhile.
const ATTEMPTS: u32 = 4;

/// Keeps what a peer has sent, or that it has sent the same again.
pub(super) async fn record(
    city: &City,
    peer: &Peer,
    need: &Need<'_>,
    own: Verified,
) -> Result<ElsewhereLicence, ServiceError> {
    let sha256 = sha256_hex(own.signed.as_bytes());
    let look = LookElsewhere {
        at: city.now(),
        reference: need.reference.to_owned(),
        matter: need.matter.slug.clone(),
        list_sha256: own.list_sha256.clone(),
        list_until: own.list_until,
        log_index: own.log_index,
    };
    for _ in 0..ATTEMPTS {
        let kept = by_data(city, &need.applicant.code, &sha256).await?;
        let (before, expected, fact) = match kept {
            Some((kept, version)) => {
                (Some(kept), Expected::Version(version), ElsewhereFact::Confirmed { look: look.clone() })
            }
            None => {
                let licence = Box::new(fetched(city, peer, need, &own, (&sha256, &look)));
                (None, Expected::New, ElsewhereFact::Fetched { licence })
            }
        };
        let after = ElsewhereLicence::evolve(before, fact.clone());
        let after = after.ok_or_else(|| ServiceError::internal("a fetched licence cannot vanish"))?;
        let row = row(city, &after, expected, fact, &Actor::system().label())?;
        match city.store().commit(Change::new(city.region(), city.now()).row(row)).await {
            Ok(_) => return Ok(after),
            // Another page of the same applicant was quicker.
            Err(StoreError::Conflict { .. } | StoreError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Changed)
}

fn fetched(
    city: &City,
    peer: &Peer,
    need: &Need<'_>,
    own: &Verified,
    (sha256, look): (&str, &LookElsewhere),
) -> ElsewhereLicence {
    let data = &own.file.licence;
    ElsewhereLicence {
        id: LicenceId::new(city.now(), city.random()),
        peer: peer.id.clone(),
        peer_name: peer.name.clone(),
        check: format!("{}/v/{}", peer.base_url, data.public_id),
        licence_type: own.licence_type.clone(),
        identifier: data.identifier.clone(),
        number: data.number.clone(),
        name: data.kind.name.clone(),
        issuer: data.issuer.name.clone(),
        holder: need.applicant.clone(),
        valid_from: data.valid_from,
        valid_to: data.valid_to,
        sha256: sha256.to_owned(),
        signed: own.signed.clone(),
        first: look.clone(),
        last: look.clone(),
    }
}

fn row(
    city: &City,
    licence: &ElsewhereLicence,
    expected: Expected,
    fact: ElsewhereFact,
    actor: &str,
) -> Result<RowWrite, ServiceError> {
    let kept = |text: &str| Some(text.to_owned()).filter(|_| !licence.is_erased());
    Ok(RowWrite {
        table: &ELSEWHERE_LICENCE,
        id: licence.id.to_string(),
        expected,
        columns: vec![
            kept(&licence.holder.code).into(),
            kept(&licence.sha256).into(),
            licence.peer.clone().into(),
            licence.last.at.micros().into(),
        ],
        doc: serde_json::to_string(licence).map_err(ServiceError::internal)?,
        facts: city.facts(actor, &[fact], ElsewhereFact::kind)?,
    })
}

async fn by_data(city: &City, holder: &str, sha256: &str) -> Result<Option<(ElsewhereLicence, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM elsewhere_licence WHERE region = $1 AND holder = $2 AND sha256 = $3";
    let found = city.store().query_opt(sql, &[city.region().into(), holder.into(), sha256.into()]).await?;
    found.map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))).transpose()
}

/// A fetched licence by its id here, unless its holder was erased.
pub(crate) async fn by_id(city: &City, id: &LicenceId) -> Result<Option<ElsewhereLicence>, ServiceError> {
    let Some(row) = city.store().load(city.region(), &ELSEWHERE_LICENCE, &id.to_string()).await? else {
        return Ok(None);
    };
    let licence: ElsewhereLicence = serde_json::from_str(&row.doc).map_err(ServiceError::internal)?;
    Ok(Some(licence).filter(|licence| !licence.is_erased()))
}

/// Erases what was fetched about a holder (PIPL 47). Answers how many.
pub(crate) async fn erase(
    city: &City,
    by: &Actor,
    holder: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM elsewhere_licence WHERE region = $1 AND holder = $2 ORDER BY sha256 LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), holder.into(), most.into()]).await?;
    for found in &rows {
        let licence: ElsewhereLicence = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        let id = licence.id.to_string();
        let after = ElsewhereLicence::evolve(Some(licence), ElsewhereFact::Erased);
        let after = after.ok_or_else(|| ServiceError::internal("a fetched licence cannot vanish"))?;
        change.rows.push(row(city, &after, Expected::Version(found.int(1)?), ElsewhereFact::Erased, &by.label())?);
        change.erasures.push(Erasure { table: &ELSEWHERE_LICENCE, id });
    }
    Ok(rows.len())
}
