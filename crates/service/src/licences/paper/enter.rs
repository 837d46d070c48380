//! Typing what a paper says.

use std::collections::BTreeMap;

use domain::accounts::{Action, Actor, Party};
use domain::cases::UploadRef;
use domain::ids::LicenceId;
use domain::licences::{PaperFace, PaperFact, PaperLicence, PaperState, Scan};
use domain::text::Text;
use jiff::civil::Date;
use store::{Change, Expected, StoreError};

use super::super::on_file;
use super::{hand, permit, reference, row, stream};
use crate::cases::{bind_file, check_party, file_of};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// What a scan may be.
const SCANS: [&str; 3] = ["pdf", "jpg", "png"];

/// What was typed.
#[derive(Debug, Clone)]
pub struct PaperWish {
    /// Id of the type in the catalogue.
    pub licence_type: String,
    /// Printed number.
    pub number: String,
    /// Holder.
    pub holder: Party,
    /// Who issued it.
    pub issuer: String,
    /// Day of issue; `None` where none was typed or none can be read.
    pub issued: Option<Date>,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day; `None` = without end.
    pub valid_to: Option<Date>,
    /// Lines of the face by key; empty ones are left out.
    pub surface: BTreeMap<String, String>,
    /// Upload with the scan; not read when a paper is corrected.
    pub scan: String,
}

/// Takes a paper licence in, to be confirmed by somebody else.
///
/// # Errors
/// Whoever may not; every field that cannot be, at once; a type and number that are on file already, on paper or electronically.
pub async fn enter_paper(city: &City, actor: &Actor, wish: PaperWish) -> Result<PaperLicence, ServiceError> {
    permit(city, actor, Action::EnterPaperLicence, Some(&wish.holder))?;
    let scan = scan(city, actor, &wish.scan).await?;
    let face = match (face(city, &wish, None).await, scan) {
        (Ok(face), Some(scan)) => (face, scan),
        (Ok(_), None) => return Err(ServiceError::Invalid(vec![no_scan()])),
        (Err(ServiceError::Invalid(mut faults)), scan) => {
            faults.extend(scan.is_none().then(no_scan));
            return Err(ServiceError::Invalid(faults));
        }
        (Err(other), _) => return Err(other),
    };
    let (face, scan) = face;
    let licence = PaperLicence {
        id: LicenceId::new(city.now(), city.random()),
        face,
        scan,
        entered: hand(city, actor),
        state: PaperState::Entered,
    };
    let fact = PaperFact::Entered { licence: Box::new(licence.clone()) };
    let row = row(city, &licence, Expected::New, fact, &actor.label())?;
    let mut change = Change::new(city.region(), city.now()).row(row);
    change.plain.extend(bind_file(city, &reference(&licence.scan), &stream(&licence)).await?);
    commit(city, change).await?;
    Ok(licence)
}

/// Commits; of two who enter the same, the second is told.
pub(super) async fn commit(city: &City, change: Change) -> Result<(), ServiceError> {
    match city.store().commit(change).await {
        Ok(_) => Ok(()),
        Err(StoreError::Duplicate { table, .. }) if table == "paper_licence" => {
            Err(ServiceError::Invalid(vec![duplicate()]))
        }
        Err(other) => Err(other.into()),
    }
}

fn duplicate() -> FieldError {
    FieldError::new(
        "number",
        Text::new(
            "这一类型、这一编号的证照已经录入，请先查找。",
            "A licence of this type and number has been entered already. Look for it first.",
        ),
    )
}

fn no_scan() -> FieldError {
    FieldError::new(
        "scan",
        Text::new("请上传原件的扫描件（PDF、JPG 或 PNG）。", "Upload a scan of the original (PDF, JPG or PNG)."),
    )
}

async fn scan(city: &City, actor: &Actor, id: &str) -> Result<Option<Scan>, ServiceError> {
    let found = file_of(city, actor, id, &SCANS.map(str::to_owned)).await?;
    Ok(found.map(|UploadRef { id, name, sha256, size, media_type }| Scan { id, name, sha256, size, media_type }))
}

/// What the paper says, checked; `known` is the entry that it corrects.
pub(super) async fn face(
    city: &City,
    wish: &PaperWish,
    known: Option<&PaperLicence>,
) -> Result<PaperFace, ServiceError> {
    let today = city.now().date();
    check_party(&wish.holder, "holder", today)?;
    let shelf = city.shelf();
    let Ok(kind) = shelf.licence_type(&wish.licence_type) else {
        return Err(ServiceError::field("type", "请选择证照类型。", "Choose the type of the licence."));
    };
    let mut faults = Vec::new();
    let mut day = |field: &str, given: Option<Date>| {
        if given.is_none() {
            faults.push(FieldError::new(field, Text::new("请照原件填写日期。", "Write the day as printed.")));
        }
        given.unwrap_or(today)
    };
    let (issued, valid_from) = (day("issued", wish.issued), day("valid_from", wish.valid_from));
    let lines = kind.surface.iter().filter_map(|line| {
        let value = wish.surface.get(&line.key)?.trim();
        (!value.is_empty()).then(|| (line.key.clone(), value.to_owned()))
    });
    let face = PaperFace {
        licence_type: kind.id.clone(),
        name: kind.name.clone(),
        number: wish.number.trim().to_owned(),
        holder: wish.holder.clone(),
        issuer: wish.issuer.trim().to_owned(),
        issued,
        valid_from,
        valid_to: wish.valid_to,
        surface: lines.collect(),
    };
    faults.extend(face.faults(today).into_iter().map(|(field, text)| FieldError::new(field, text)));
    faults.extend(taken(city, &face, known).await?);
    if faults.is_empty() { Ok(face) } else { Err(ServiceError::Invalid(faults)) }
}

/// That the same is on file already: electronically, or taken from paper by another entry.
async fn taken(
    city: &City,
    face: &PaperFace,
    known: Option<&PaperLicence>,
) -> Result<Option<FieldError>, ServiceError> {
    let held = on_file(city, &face.holder.code).await?;
    if held.iter().any(|own| own.licence_type == face.licence_type && own.licence.number == face.number) {
        return Ok(Some(FieldError::new(
            "number",
            Text::new(
                "这张证照已有电子证照，无须录入纸质证照。",
                "This licence is on file electronically. The paper need not be entered.",
            ),
        )));
    }
    let sql = "SELECT id FROM paper_licence WHERE region = $1 AND living = $2";
    let living = format!("{}/{}", face.licence_type, face.number);
    let found = city.store().query_opt(sql, &[city.region().into(), living.into()]).await?;
    let other = match found {
        Some(row) => known.is_none_or(|known| row.text(0).is_ok_and(|id| id != known.id.to_string())),
        None => false,
    };
    Ok(other.then(duplicate))
}
