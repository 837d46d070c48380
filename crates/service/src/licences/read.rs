//! Licences as their holders, clerks and rules see them.

use std::collections::BTreeMap;

use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{Licence, Standing};
use jiff::civil::Date;
use seal::licence::LicenceFile;

use super::looks;
use crate::city::City;
use crate::error::ServiceError;

/// A licence of somebody, as far as a rule or a material needs it.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// The licence.
    pub licence: Licence,
    /// Id of its type.
    pub licence_type: String,
    /// In force today.
    pub valid: bool,
    /// Suspended today.
    pub suspended: bool,
    /// Last day.
    pub valid_to: Option<Date>,
    /// The fields on its face.
    pub surface: BTreeMap<String, String>,
}

/// A licence with its standing today.
#[derive(Debug, Clone)]
pub struct LicenceView {
    /// The licence.
    pub licence: Licence,
    /// What the signed file says.
    pub file: LicenceFile,
    /// Standing today.
    pub standing: Standing,
    /// Version of the row, for If-Match.
    pub version: i64,
}

fn parse(doc: &str) -> Result<(Licence, LicenceFile), ServiceError> {
    let licence: Licence = serde_json::from_str(doc).map_err(ServiceError::internal)?;
    if licence.is_erased() {
        return Err(ServiceError::NotFound("licence"));
    }
    let mut value: serde_json::Value = serde_json::from_str(&licence.signed).map_err(ServiceError::internal)?;
    if let Some(members) = value.as_object_mut() {
        members.remove("signature");
    }
    let file = serde_json::from_value(value).map_err(ServiceError::internal)?;
    Ok((licence, file))
}

/// Licences that a holder has here, newest first, at most 200: by far enough that the last serial is among them also
/// where the clocks of two machines differ.
pub async fn on_file(city: &City, holder_code: &str) -> Result<Vec<OnFile>, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND holder_code = $2 ORDER BY id DESC LIMIT 200";
    let rows = city.store().query(sql, &[city.region().into(), holder_code.into()]).await?;
    let today = city.now().date();
    rows.iter()
        .map(|row| {
            let (licence, file) = parse(row.text(0)?)?;
            let standing = licence.standing_on(today);
            let surface = file.licence.surface.into_iter().map(|field| (field.key, field.value)).collect();
            Ok(OnFile {
                licence_type: licence.licence_type.clone(),
                valid: standing == Standing::Valid,
                suspended: standing == Standing::Suspended,
                valid_to: licence.last_day(),
                surface,
                licence,
            })
        })
        .collect()
}

/// The licences of the actor and of the organisations the actor may act for. Those of an organisation whose clerk looks hear of it.
pub async fn mine(city: &City, actor: &Actor) -> Result<Vec<LicenceView>, ServiceError> {
    let mut views = Vec::new();
    for party in actor.parties_for(Action::ViewLicence, None) {
        if !actor.stands_for(party) {
            crate::cases::note_access(city, actor, &party.code, looks::LIST).await?;
        }
        let sql = "SELECT doc, version FROM licence WHERE region = $1 AND holder_code = $2 ORDER BY id DESC LIMIT 200";
        let rows = city.store().query(sql, &[city.region().into(), party.code.as_str().into()]).await?;
        for row in &rows {
            views.push(view_of(city, row.text(0)?, row.int(1)?)?);
        }
    }
    Ok(views)
}

pub(super) fn view_of(city: &City, doc: &str, version: i64) -> Result<LicenceView, ServiceError> {
    let (licence, file) = parse(doc)?;
    let standing = licence.standing_on(city.now().date());
    Ok(LicenceView { licence, file, standing, version })
}

/// One licence for somebody who may see all of it. Looking at someone else's is recorded before it is shown.
pub async fn view(city: &City, actor: &Actor, id: &str) -> Result<LicenceView, ServiceError> {
    let sql = "SELECT l.doc, l.version, c.filed_by FROM licence l JOIN casefile c ON c.region = l.region AND c.id = $3 \
               WHERE l.region = $1 AND l.id = $2";
    let base = "SELECT doc, version FROM licence WHERE region = $1 AND id = $2";
    let rows = city.store().query(base, &[city.region().into(), id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("licence"))?;
    let found = view_of(city, row.text(0)?, row.int(1)?)?;
    let params = [city.region().into(), id.into(), found.licence.case.to_string().into()];
    let filed = city.store().query(sql, &params).await?;
    let filed_by = filed.first().map(|row| row.text(2).map(str::to_owned)).transpose()?;
    let subject = Subject {
        party: Some(&found.licence.holder),
        matter: None,
        filed_by: filed_by.as_deref(),
        department: Some(&found.licence.department),
        district: None,
        rated: &[],
    };
    // Whether a licence of somebody else exists is itself not to be known.
    may(actor, Action::ViewLicence, &subject).map_err(|_| ServiceError::NotFound("licence"))?;
    if !actor.stands_for(&found.licence.holder) {
        crate::cases::note_access(city, actor, &found.licence.holder.code, &looks::purpose(id)).await?;
    }
    Ok(found)
}

/// The licence that a due row is about, with the version of its row.
pub(super) async fn by_subject(city: &City, subject: &str) -> Result<(Licence, i64), ServiceError> {
    let id = subject.strip_prefix("licence/").ok_or(ServiceError::NotFound("licence"))?;
    let sql = "SELECT doc, version FROM licence WHERE region = $1 AND id = $2";
    let found = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let found = found.ok_or(ServiceError::NotFound("licence"))?;
    Ok((serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?, found.int(1)?))
}

/// Whether a licence is here with its data.
pub(super) async fn is_on_record(city: &City, id: &str) -> Result<bool, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    Ok(row.is_some_and(|row| row.text(0).is_ok_and(|doc| parse(doc).is_ok())))
}

/// Licences that the actor may see under what is written on them or on their case: the identifier, the public id or the
/// address with it, the holder's code, the number of the case. Newest first, at most 20. Looking is recorded.
pub async fn find(city: &City, actor: &Actor, words: &str) -> Result<Vec<LicenceView>, ServiceError> {
    let words = words.trim();
    let address = words.split(['#', '?']).next().unwrap_or(words);
    let last = address.rsplit('/').next().unwrap_or(address);
    let sql = "SELECT id FROM licence WHERE region = $1 AND identifier = $2 \
               UNION SELECT id FROM licence WHERE region = $1 AND public_id = $3 \
               UNION SELECT id FROM (SELECT id FROM licence WHERE region = $1 AND holder_code = $2 \
               ORDER BY id DESC LIMIT 20) held ORDER BY id DESC LIMIT 20";
    let rows = city.store().query(sql, &[city.region().into(), words.into(), last.into()]).await?;
    let mut ids = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<Vec<_>, ServiceError>>()?;
    if ids.is_empty() {
        let sql = "SELECT doc FROM casefile WHERE region = $1 AND number = $2";
        let rows = city.store().query(sql, &[city.region().into(), words.into()]).await?;
        for row in &rows {
            let case: domain::cases::Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            ids.extend(case.licence.map(|licence| licence.id.to_string()));
        }
    }
    let mut found = Vec::new();
    for id in ids {
        match view(city, actor, &id).await {
            Ok(own) => found.push(own),
            Err(ServiceError::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}
