//! Making the licence that a grant calls for: numbers, identifier, place in the status list, signature.

use domain::cases::{Case, LicenceRef};
use domain::catalog::Ref;
use domain::codes::licence_id;
use domain::ids::LicenceId;
use domain::licences::{Licence, LicenceFact, Recorded, last_day};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use seal::licence::{CodeKind, Holder, LicenceData, LicenceType, StatusRef, SurfaceField, sign_licence};
use seal::signed::Issuer;
use seal::status::LIST_SIZE;
use store::{Expected, RowWrite};

use super::row;
use crate::cases::surface;
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;

/// After so many taken places a list counts as full, also where its fill was set anew meanwhile; half full, 2⁻³² of the
/// searches get here.
const TRIES: i64 = 32;

/// A licence ready to be committed with its case.
pub(crate) struct Issued {
    /// What the case remembers.
    pub reference: LicenceRef,
    /// The row with its first fact.
    pub row: RowWrite,
}

/// Makes and signs the licence of a granted case.
pub(crate) async fn issue(
    city: &City,
    case: &Case,
    published: &Published,
    now: Timestamp,
    actor: &str,
) -> Result<Option<Issued>, ServiceError> {
    let Some(type_id) = &published.bundle.matter.outcome.licence_type else { return Ok(None) };
    let shelf = city.shelf();
    let kind = shelf.licence_type(type_id)?;
    let department = shelf.department(&case.department)?;
    let today = now.date();
    let valid_to = published.bundle.matter.outcome.validity_months.and_then(|months| last_day(today, months));
    let sequence = city.number(&format!("licence/{type_id}/{}", today.year())).await?;
    let number =
        kind.number_pattern.replace("{year}", &today.year().to_string()).replace("{seq}", &format!("{sequence:06}"));
    let (list, index) = status_place(city).await?;
    let public_id = seal::digest::public_id(city.random());
    let identifier = licence_id::compose(&kind.code, &department.uscc, &format!("{}{sequence:08}", today.year()), 1)
        .map_err(ServiceError::internal)?;
    let data = LicenceData {
        identifier: identifier.to_string(),
        public_id: public_id.clone(),
        kind: LicenceType { code: kind.code.clone(), name: kind.name.clone() },
        number: number.clone(),
        version: 1,
        holder: Holder {
            name: case.applicant.name.clone(),
            code: case.applicant.code.clone(),
            code_kind: match case.applicant.id_type.as_str() {
                "uscc" => CodeKind::Uscc,
                "citizen-id" => CodeKind::CitizenId,
                _ => CodeKind::Other,
            },
        },
        issuer: Issuer { name: department.name.zh.clone(), uscc: department.uscc.clone() },
        issue_date: today,
        valid_from: today,
        valid_to,
        surface: surface_fields(city, case, published, kind, (today, valid_to)).await?,
        status: StatusRef { list: list.clone(), index },
        case_number: case.number.clone(),
        specimen: city.settings().demo,
    };
    let signer = city.keys().signers.get(&case.department).ok_or_else(|| no_key(&case.department))?;
    let signed = sign_licence(&data, None, signer.as_ref(), now).map_err(ServiceError::internal)?;
    let licence = Licence {
        id: LicenceId::new(now, city.random()),
        public_id: public_id.clone(),
        identifier: data.identifier,
        licence_type: type_id.clone(),
        number: number.clone(),
        name: kind.name.clone(),
        holder: case.applicant.clone(),
        department: case.department.clone(),
        case: case.id,
        valid_from: today,
        valid_to,
        status_list: list,
        status_index: index,
        recorded: Recorded::Active,
        signed: String::from_utf8(signed).map_err(ServiceError::internal)?,
    };
    let fact = LicenceFact::Issued { licence: Box::new(licence.clone()) };
    let row = row(city, &licence, Expected::New, &[fact], actor)?;
    Ok(Some(Issued { reference: LicenceRef { id: licence.id, number, public_id }, row }))
}

fn no_key(department: &str) -> ServiceError {
    ServiceError::Internal(format!("no signing key for department {department}"))
}

/// A random free place in the list that is being filled.
async fn status_place(city: &City) -> Result<(String, u32), ServiceError> {
    let count = city.number("status-list").await?;
    let first = count / i64::from(city.settings().operation.status_list_fill.max(1)) + 1;
    for tried in 0_i64.. {
        let list = format!("{}", first + tried / TRIES);
        let index = u32::from_le_bytes(city.random()) % LIST_SIZE;
        if !city.keep_place(&list, index) {
            continue;
        }
        let sql = "SELECT id FROM licence WHERE region = $1 AND status_list = $2 AND status_index = $3";
        let params = [city.region().into(), list.as_str().into(), i64::from(index).into()];
        if city.store().query(sql, &params).await?.is_empty() {
            return Ok((list, index));
        }
    }
    Err(ServiceError::internal("no status list has a free place"))
}

async fn surface_fields(
    city: &City,
    case: &Case,
    published: &Published,
    kind: &domain::catalog::LicenceType,
    validity: (Date, Option<Date>),
) -> Result<Vec<SurfaceField>, ServiceError> {
    let references: Vec<&Ref> = kind.surface.iter().map(|field| &field.from).collect();
    let values = surface::resolve(city, case, published, &references, validity).await?;
    Ok(kind
        .surface
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| SurfaceField {
            key: field.key.clone(),
            label: Text::new(&field.label.zh, &field.label.en),
            value,
        })
        .collect())
}
