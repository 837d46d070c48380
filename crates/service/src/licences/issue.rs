//! Making the licence that a grant calls for: numbers, identifier, place in the status list, signature.

use domain::cases::{Case, LicenceRef};
use domain::catalog::Ref;
use domain::codes::licence_id;
use domain::ids::LicenceId;
use domain::licences::{Licence, LicenceFact, Recorded, last_day};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use seal::licence::{CodeKind, Holder, LicenceData, LicenceType, StatusRef, SurfaceField, issue_licence, sign_licence};
use seal::signed::{Issuer, SealError};
use seal::status;
use store::licences::STATUS_LIST;
use store::{Change, DueOp, Expected, PlainWrite, RowWrite, StoreError};

use super::renew::{self, Former};
use super::{Seen, guard, qr, refuse_unprintable, remind, row};
use crate::cases::surface;
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;
use crate::numbers;

/// How many licences share one status list: the other half of the places stays free, so that a place says little about
/// whether anything was issued there.
const LIST_FILL: i64 = 65_536;

/// A licence ready to be committed with its case.
pub(crate) struct Issued {
    /// What the case remembers.
    pub reference: LicenceRef,
    /// The row with its first fact.
    pub row: RowWrite,
    /// The entry that it makes in a register.
    pub entry: Option<PlainWrite>,
    /// The first reminder that it expires.
    pub reminder: Option<DueOp>,
}

/// Makes and signs the licence of a granted case. `seen` guards what the grant rests on.
pub(crate) async fn issue(
    city: &City,
    case: &Case,
    published: &Published,
    now: Timestamp,
    actor: &str,
    seen: Seen,
) -> Result<Option<Issued>, ServiceError> {
    let Some(type_id) = &published.bundle.matter.outcome.licence_type else { return Ok(None) };
    let shelf = city.shelf();
    let kind = shelf.licence_type(type_id)?;
    let department = shelf.department(&case.department)?;
    let today = now.date();
    let months = published.bundle.matter.outcome.validity_months;
    let former = renew::former(city, case, months, today).await?;
    let valid_to = match &former {
        Some(former) => former.valid_to,
        None => months.and_then(|months| last_day(today, months)),
    };
    let Name { number, serial, version } = name(city, kind, former.as_ref(), today).await?;
    let (list, index) = status_place(city).await?;
    let public_id = seal::digest::public_id(city.random());
    let identifier = licence_id::compose(&kind.code, &department.uscc, &serial, version);
    let identifier = identifier.map_err(ServiceError::internal)?;
    let data = LicenceData {
        identifier: identifier.to_string(),
        public_id: public_id.clone(),
        kind: LicenceType { code: kind.code.clone(), name: kind.name.clone() },
        number: number.clone(),
        version: u32::from(version),
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
    refuse_unprintable(city, &data)?;
    let signed = sign(city, &case.department, &data, now).await?;
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
        holder_serial: seen.holder_serial,
        claim: seen.claim,
        recorded: Recorded::Active,
        deemed: None,
        expired: None,
        signed: String::from_utf8(signed).map_err(ServiceError::internal)?,
    };
    let fact = LicenceFact::Issued { licence: Box::new(licence.clone()) };
    let row = row(city, &licence, Expected::New, &[fact], actor)?;
    let entry = guard::entry(city, case, published, (today, valid_to)).await?;
    let reminder = remind::next(&licence, now);
    Ok(Some(Issued { reference: LicenceRef { id: licence.id, number, public_id }, row, entry, reminder }))
}

/// What a licence is called by.
struct Name {
    /// The printed number.
    number: String,
    /// The serial in its identifier.
    serial: String,
    /// The version there.
    version: u16,
}

/// A renewed or changed licence is the next version of the one before: the same number and serial (GB/T 36904). Any other gets the next number.
async fn name(
    city: &City,
    kind: &domain::catalog::LicenceType,
    former: Option<&Former>,
    today: Date,
) -> Result<Name, ServiceError> {
    if let Some(Former { licence, .. }) = former {
        let own = licence_id::parse(&licence.identifier).map_err(ServiceError::internal)?;
        let version = own.version() + 1;
        return Ok(Name { number: licence.number.clone(), serial: own.serial().to_owned(), version });
    }
    let year = today.year();
    let sequence = city.number(&numbers::of_licences(&kind.id, year)).await?;
    let number = kind.number_pattern.replace("{year}", &year.to_string()).replace("{seq}", &format!("{sequence:06}"));
    Ok(Name { number, serial: format!("{year}{sequence:08}"), version: 1 })
}

/// Puts what is issued into the change that grants it.
pub(crate) fn add(change: &mut Change, issued: Option<Issued>) {
    if let Some(issued) = issued {
        change.rows.push(issued.row);
        change.plain.extend(issued.entry);
        change.due.extend(issued.reminder);
    }
}

/// Signs the data together with its QR code, which so goes on verifying after the key of the codes has been renewed.
pub(super) async fn sign(
    city: &City,
    department: &str,
    data: &LicenceData,
    now: Timestamp,
) -> Result<Vec<u8>, ServiceError> {
    let signer = city.keys().signers.get(department).ok_or_else(|| no_key(department))?;
    if let Some(code) = qr::signer(city, department).await? {
        match issue_licence(data, city.settings().host(), signer.as_ref(), code.as_ref(), now) {
            Ok(issued) => return Ok(issued.bytes),
            // A name that is too long for a symbol takes nobody's licence away.
            Err(SealError::Refused(why)) => tracing::warn!(why, licence = data.identifier, "a licence without a code"),
            Err(error) => return Err(ServiceError::internal(error)),
        }
    }
    sign_licence(data, None, signer.as_ref(), now).map_err(ServiceError::internal)
}

fn no_key(department: &str) -> ServiceError {
    ServiceError::Internal(format!("no signing key for department {department}"))
}

/// The list that is being filled, and a place in it that no other licence gets.
pub(super) async fn status_place(city: &City) -> Result<(String, u32), ServiceError> {
    // Numbers count from 1.
    let count = city.number(numbers::STATUS_LIST).await? - 1;
    let list = format!("{}", count / LIST_FILL + 1);
    let secret = list_secret(city, &list).await?;
    let place = u32::try_from(count % LIST_FILL).ok().and_then(|n| status::place(&secret, n));
    Ok((list, place.ok_or_else(|| ServiceError::internal("the status list has no such place"))?))
}

/// The secret of a list, made when its first licence is issued.
async fn list_secret(city: &City, list: &str) -> Result<[u8; 16], ServiceError> {
    if let Some(secret) = city.list_secret(list) {
        return Ok(secret);
    }
    let sql = "SELECT secret FROM status_list WHERE region = $1 AND list = $2";
    let params = [city.region().into(), list.into()];
    if city.store().query(sql, &params).await?.is_empty() {
        let (id, secret) = (seal::digest::public_id(city.random()), city.random::<16>());
        let mut change = Change::new(city.region(), city.now());
        change.plain.push(PlainWrite { table: &STATUS_LIST, id, columns: vec![list.into(), secret.to_vec().into()] });
        match city.store().commit(change).await {
            // Another has begun the list in the meantime; its secret counts.
            Ok(_) | Err(StoreError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let row = city.store().query_opt(sql, &params).await?;
    let stored = row.ok_or_else(|| ServiceError::internal("a status list without a secret"))?;
    let secret = <[u8; 16]>::try_from(stored.bytes(0)?).map_err(ServiceError::internal)?;
    city.keep_list_secret(list, secret);
    Ok(secret)
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
