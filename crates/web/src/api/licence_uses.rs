//! `/api/v1/licence-uses` and `/api/v1/licence-fetches`: licences that other systems get instead of paper, with the holder's code or
//! for an open case. Both need the scope `licences`, are limited for each token, and are recorded for the holder to read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::licences::Licence;
use domain::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use service::accounts::Scope;
use service::licences::{self, Abroad, CopyForm, Fetch, Shown, UseCode};
use service::{City, ServiceError, log};
use utoipa::ToSchema;

use super::caller::Caller;
use super::cases::key;
use super::query::body;
use crate::app::{App, Failure, Limits};

/// A use code as the holder showed it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseBody {
    /// The code; blanks, hyphens and small letters do not matter.
    code: String,
    /// The verifier's name, as the holder gave it when making the code.
    verifier: String,
    /// Ask for a marked copy 加注件 beside the data: `pdf` or `svg`.
    #[serde(default)]
    copy: Option<String>,
}

/// What another system asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FetchBody {
    /// Code of the holder.
    holder: String,
    /// Slug of the matter in which the holder has an open case; for a case of another authority also its basic code 基本编码.
    matter: String,
    /// What for, 2 to 60 characters; the holder reads it.
    purpose: String,
    /// Number of a case of your own, in the place of an open case here: for other authorities, with the scope `exchange`.
    #[serde(default)]
    case: Option<String>,
    /// With `case`: the 证照类型代码 of the types that it lacks. Others are not sent.
    #[serde(default)]
    licence_types: Vec<String>,
}

/// A licence with its standing now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LicenceShown {
    id: String,
    /// Id of its type in the catalogue.
    licence_type: String,
    #[schema(value_type = Object)]
    name: Text,
    number: String,
    identifier: String,
    /// `valid`, `future`, `expired`, `suspended`, `superseded`, `revoked` or `cancelled`.
    status: &'static str,
    /// Last day, or null.
    valid_to: Option<String>,
    /// Where anybody sees whether it still counts.
    check: String,
    /// The signed data, byte for byte: what `licence verify` takes.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
    /// The proof that this data stands in our public log (c2sp.org/tlog-proof@v1); null until it does, at most ten minutes after it was
    /// signed.
    proof: Option<String>,
}

/// A copy that says for whom, for what and when it was made. It carries no signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopyShown {
    /// `application/pdf` or `image/svg+xml`.
    media_type: &'static str,
    /// The file in base64.
    content: String,
}

/// What a use code gives, once.
#[derive(Debug, Serialize, ToSchema)]
pub struct UseShown {
    /// What the holder allowed it for: nothing else.
    purpose: String,
    licence: LicenceShown,
    copy: Option<CopyShown>,
}

/// One licence that the matter needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FetchItem {
    /// Slot of the material in whose place it stands.
    slot: String,
    #[schema(value_type = Object)]
    material: Text,
    /// The law that allows to ask for it.
    basis: String,
    /// SHA-256 of the signed data, as it is recorded.
    sha256: String,
    licence: LicenceShown,
}

/// What is fetched.
#[derive(Debug, Serialize, ToSchema)]
pub struct FetchShown {
    /// Number of the case for which it was asked.
    case: String,
    items: Vec<FetchItem>,
}

async fn shown(city: &City, licence: Licence) -> Result<LicenceShown, Failure> {
    Ok(LicenceShown {
        proof: log::published_proof(city, &licence).await?,
        id: licence.id.to_string(),
        status: licence.standing_on(city.now().date()).as_str(),
        valid_to: licence.last_day().map(|day| day.to_string()),
        check: format!("{}/v/{}", city.settings().base_url, licence.public_id),
        licence_type: licence.licence_type,
        name: licence.name,
        number: licence.number,
        identifier: licence.identifier,
        data: RawValue::from_string(licence.signed).map_err(ServiceError::internal)?,
    })
}

/// Counts a call of this token.
fn count(app: &App, caller: &Caller) -> Result<(), Failure> {
    let attempts = app.city.settings().operation.licence_calls_per_minute;
    let limits = Limits { attempts, window_seconds: 60 };
    let counted = app.limiter.within(limits, "licences", &caller.token, app.city.now());
    counted.map_err(|wait| ServiceError::TooMany(wait).into())
}

/// Takes a holder's use code, once. The holder sees who used it, when and what for.
#[utoipa::path(post, path = "/api/v1/licence-uses", tag = "licences", request_body = UseBody,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = UseShown),
              (status = 422, description = "the code is wrong, too old, used, taken back or made for somebody else: all alike"),
              (status = 429, description = "too many calls of this token")))]
pub async fn use_code(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs(Scope::Licences)?;
    count(&app, &caller)?;
    let key = key(&headers, &caller, "/api/v1/licence-uses", &bytes)?;
    let body: UseBody = body(&headers, &bytes)?;
    let form = match body.copy.as_deref() {
        None => None,
        Some(name) => Some(
            CopyForm::named(name)
                .ok_or_else(|| ServiceError::field("copy", "copy 应为 pdf 或 svg。", "copy must be pdf or svg."))?,
        ),
    };
    let given = UseCode { code: &body.code, verifier: &body.verifier };
    let used = licences::use_code(&app.city, &caller.actor, &given, Some(key)).await?;
    let Shown { view, share } = used.clone();
    let copy = match form {
        None => None,
        Some(form) => {
            let made = licences::copy_of_shown(&app.city, used, form).await?;
            Some(CopyShown { media_type: made.form.media_type(), content: STANDARD.encode(made.bytes) })
        }
    };
    let answer = UseShown { purpose: share.purpose, licence: shown(&app.city, view.licence).await?, copy };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Fetches the licences in force that the materials of a matter name, for an open case of their holder, or, with the scope `exchange`,
/// for a case of your own that you name. It changes nothing, so the
/// same request may be sent again; each answer is recorded with case, purpose, legal basis and digest, and the holder reads that.
#[utoipa::path(post, path = "/api/v1/licence-fetches", tag = "licences", request_body = FetchBody,
    responses((status = 200, body = FetchShown),
              (status = 404, description = "no open case of this holder in this matter"),
              (status = 429, description = "too many calls of this token")))]
pub async fn fetch(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<FetchShown>, Failure> {
    caller.needs_any(&[Scope::Licences, Scope::Exchange])?;
    count(&app, &caller)?;
    let body: FetchBody = body(&headers, &bytes)?;
    caller.needs(if body.case.is_some() { Scope::Exchange } else { Scope::Licences })?;
    let abroad = body.case.as_deref().map(|case| Abroad { case, types: &body.licence_types });
    let asked = Fetch { holder: &body.holder, matter: &body.matter, purpose: &body.purpose, abroad };
    let fetched = licences::fetch(&app.city, &caller.actor, &asked).await?;
    let mut items = Vec::new();
    for own in fetched.licences {
        items.push(FetchItem {
            slot: own.slot,
            material: own.material,
            basis: own.basis,
            sha256: own.sha256,
            licence: shown(&app.city, own.licence).await?,
        });
    }
    Ok(Json(FetchShown { case: fetched.case, items }))
}
