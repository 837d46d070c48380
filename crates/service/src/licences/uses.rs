//! How it is recorded that somebody used a licence, for its holder to read (PIPL 44): in place of a paper, by use code, by link,
//! or fetched for a case.

use std::collections::BTreeSet;

use domain::accounts::Party;
use domain::cases::{MaterialItem, Provided};
use domain::ids::LicenceId;
use domain::licences::{ElsewhereLicence, Licence, Standing};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use seal::licence::verify_licence;
use store::Access;

use super::elsewhere;
use crate::city::City;
use crate::error::ServiceError;
use crate::log;

/// First word of the purposes.
const WORD: &str = "use-licence";
/// Longest purpose in bytes, as the store takes it.
const MAX_BYTES: usize = 500;

/// In which way a licence was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// In place of a paper; the words are the number of the case.
    Material,
    /// By a use code; the words are the verifier and the purpose.
    Code,
    /// By a link; the words are for whom it was made and what for.
    Link,
    /// Fetched by another system; the words begin with the number of the case.
    Fetch,
}

impl How {
    const ALL: [How; 4] = [How::Material, How::Code, How::Link, How::Fetch];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Material => "material",
            How::Code => "code",
            How::Link => "link",
            How::Fetch => "fetch",
        }
    }
}

/// One use, as it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenceUse<'a> {
    /// Id of the licence.
    pub licence: &'a str,
    /// In which way.
    pub how: How,
    /// For what, and by whom where the account does not say it.
    pub words: &'a str,
}

/// Reads the purpose of a record; `None` for one that is about something else.
pub fn use_of(purpose: &str) -> Option<LicenceUse<'_>> {
    let (licence, rest) = purpose.strip_prefix(WORD)?.strip_prefix(' ')?.split_once(' ')?;
    let (how, words) = rest.split_once(' ')?;
    let how = How::ALL.into_iter().find(|known| known.as_str() == how)?;
    Some(LicenceUse { licence, how, words })
}

/// Between which two texts the purposes of all uses of a licence lie.
pub(super) fn range(id: &str) -> (String, String) {
    (format!("{WORD} {id} "), format!("{WORD} {id}!"))
}

/// Records a use durably, before anything is shown.
pub(super) async fn note(city: &City, who: &str, licence: &Licence, how: How, words: &str) -> Result<(), ServiceError> {
    let entry = access(city, who, &licence.holder.code, &licence.id, how, words);
    city.store().record_access(city.region(), vec![entry]).await?;
    Ok(())
}

fn access(city: &City, who: &str, holder: &str, licence: &LicenceId, how: How, words: &str) -> Access {
    let mut purpose = format!("{WORD} {licence} {} {words}", how.as_str());
    purpose.truncate(purpose.floor_char_boundary(MAX_BYTES));
    Access { at: city.now(), who: who.to_owned(), subject: holder.to_owned(), purpose }
}

/// Records which licences stand in the place of papers of a case, before it is filed. The department that decides is who looks;
/// what stood there before (`known`) was recorded then.
pub(crate) async fn note_materials(
    city: &City,
    (number, department): (&str, &str),
    holder: &Party,
    items: &[MaterialItem],
    known: &[MaterialItem],
) -> Result<(), ServiceError> {
    let ids = |items: &[MaterialItem]| -> BTreeSet<LicenceId> {
        let provided = items.iter().map(|item| &item.provided);
        provided.filter_map(|own| if let Provided::Licence { id, .. } = own { Some(*id) } else { None }).collect()
    };
    let (who, known) = (format!("department/{department}"), ids(known));
    let fresh = ids(items).into_iter().filter(|id| !known.contains(id));
    let entries: Vec<Access> = fresh.map(|id| access(city, &who, &holder.code, &id, How::Material, number)).collect();
    if !entries.is_empty() {
        city.store().record_access(city.region(), entries).await?;
    }
    Ok(())
}

/// A licence in the place of a paper, as whoever works on the case sees it.
#[derive(Debug, Clone)]
pub struct MaterialLicence {
    /// Its id.
    pub id: LicenceId,
    /// Its public id, under which anyone can check it.
    pub public_id: String,
    /// Its name.
    pub name: Text,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// Its last day.
    pub valid_to: Option<Date>,
    /// Standing today.
    pub standing: Standing,
    /// Its signature was verified just now, and that it stands in the public log once the merge delay is over; of a fetched one the
    /// proof was verified when it was fetched.
    pub genuine: bool,
    /// Where it came from, when another issuer sent it; `None` for one of ours.
    pub from: Option<Provenance>,
}

/// Where a fetched licence came from, and what its issuer has said last.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// Who was asked.
    pub peer: Text,
    /// Who issued it.
    pub issuer: String,
    /// When its issuer has confirmed it last.
    pub confirmed: Timestamp,
    /// Where anybody checks it.
    pub check: String,
}

/// The licences that stand in the place of papers, each verified anew. For whoever was shown the case that holds these
/// materials; that look is recorded with the case.
pub async fn material_licences(city: &City, items: &[MaterialItem]) -> Result<Vec<MaterialLicence>, ServiceError> {
    let mut found = Vec::new();
    for item in items {
        if let Provided::Elsewhere { id, .. } = &item.provided {
            found.extend(elsewhere::by_id(city, id).await?.map(|own| fetched(city, own)));
        }
        let Provided::Licence { id, .. } = &item.provided else { continue };
        let sql = "SELECT doc FROM licence WHERE region = $1 AND id = $2";
        let row = city.store().query_opt(sql, &[city.region().into(), id.to_string().into()]).await?;
        let Some(row) = row else { continue };
        let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        if licence.is_erased() {
            continue;
        }
        let report = verify_licence(licence.signed.as_bytes(), &city.keys().roots, city.moment());
        let logged = log::in_log(city, &licence).await?.is_none_or(|(_, good)| good);
        found.push(MaterialLicence {
            id: licence.id,
            standing: licence.standing_on(city.now().date()),
            valid_to: licence.last_day(),
            genuine: report.valid && logged,
            public_id: licence.public_id,
            name: licence.name,
            number: licence.number,
            holder: licence.holder.name,
            from: None,
        });
    }
    Ok(found)
}

/// One of another issuer. Its signature is verified against the roots of the peer as it is configured now; whether it counts is what the
/// peer has said last.
fn fetched(city: &City, own: ElsewhereLicence) -> MaterialLicence {
    let peer = city.peers().iter().find(|peer| peer.id == own.peer);
    let genuine = peer.is_some_and(|peer| verify_licence(own.signed.as_bytes(), &peer.roots, city.moment()).valid);
    let today = city.now().date();
    MaterialLicence {
        id: own.id,
        public_id: own.check.rsplit('/').next().unwrap_or_default().to_owned(),
        standing: match own.valid_to {
            Some(last) if last < today => Standing::Expired,
            _ if today < own.valid_from => Standing::Future,
            _ => Standing::Valid,
        },
        valid_to: own.valid_to,
        genuine,
        name: own.name,
        number: own.number,
        holder: own.holder.name,
        from: Some(Provenance { peer: own.peer_name, issuer: own.issuer, confirmed: own.last.at, check: own.check }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_reads_as_it_was_written_and_nothing_else_does() {
        let id = "01990000-0000-7000-8000-000000000000";
        let read = use_of("use-licence 01990000-0000-7000-8000-000000000000 code 海澜银行：开户 一次").unwrap();
        assert_eq!((read.licence, read.how, read.words), (id, How::Code, "海澜银行：开户 一次"));
        for other in
            ["view-licence 1", "use-licence 1", "use-licence 1 code", "use-licence 1 by hand", "use-licences 1 code x"]
        {
            assert_eq!(use_of(other), None, "{other}");
        }
        let (from, to) = range("a");
        assert!(from.as_str() < "use-licence a code x" && "use-licence a code x" < to.as_str());
        assert!("use-licence ab code x" > to.as_str());
    }
}
