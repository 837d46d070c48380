//! One's own passkeys: adding, naming and removing them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Account, MAX_NAME_CHARS, Passkey};
use serde_json::json;
use service::ServiceError;
use service::accounts::{self, SignedIn};

use super::me;
use super::problems::Problems;
use super::rows::{Line, Rows};
use super::sign::document;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Fact, Facts, Field, Icon, Notice, Tone};
use crate::layout::{Page, Part, respond};

/// The form that adds one.
pub(super) struct Adding {
    /// The domain of passkeys.
    pub party: String,
    /// What it shall be called.
    pub name: Field,
    /// Signed in too long ago to add one.
    pub stale: bool,
}

/// The passkeys of an account, each leading to its page.
pub(super) fn rows(t: T, account: &Account) -> Rows {
    Rows::new(account.passkeys.iter().map(|own| {
        let hint = match own.used {
            _ if own.stopped => t.accounts_passkey_stopped().to_owned(),
            Some(at) => t.accounts_passkey_used(t.moment(at)),
            None => t.accounts_passkey_unused(t.date(own.added.date())),
        };
        Line::new(Icon::Key, own.name.as_str(), hint).href(format!("/me/passkeys/{}", own.id))
    }))
}

/// The form that adds one; `None` where the city's address allows no passkeys.
pub(super) fn adding(visit: &Visit, signed_in: &SignedIn, name: &str, problems: &Problems) -> Option<Adding> {
    let party = accounts::relying_party(visit.city())?.id;
    let t = visit.t();
    let name = if name.is_empty() { t.accounts_passkey_default() } else { name };
    let stale = !signed_in.is_fresh(visit.city());
    Some(Adding { party, name: name_field(t, t.accounts_passkey_name_hint(), name, problems), stale })
}

fn name_field(t: T, hint: &str, name: &str, problems: &Problems) -> Field {
    Field::text(t, "name", t.accounts_passkey_name())
        .hint(hint)
        .width("m")
        .max_length(MAX_NAME_CHARS)
        .value(name)
        .error(problems.at(t, "name"))
}

/// `POST /me/passkeys/challenge`: what the browser asks the authenticator, as JSON.
pub(super) async fn begin(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("passkey")?;
    let offer = accounts::begin_passkey(visit.city(), visit.signed_in()?, posted.get("name")).await?;
    let kind = |id: &String| json!({ "type": "public-key", "id": id });
    let algorithms: Vec<_> = offer.algorithms.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
    Ok(document(json!({
        "challenge": offer.challenge,
        "rp": { "id": offer.party, "name": visit.t().brand() },
        "user": { "id": offer.user, "name": offer.login, "displayName": offer.name },
        "pubKeyCredParams": algorithms,
        "excludeCredentials": offer.known.iter().map(kind).collect::<Vec<_>>(),
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
        "timeout": offer.timeout_ms,
    })))
}

/// `POST /me/passkeys`: the key that the authenticator has made.
pub(super) async fn add(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("passkey")?;
    let name = posted.get("name");
    let (client_data, attestation) = (posted.get("client_data"), posted.get("attestation"));
    match accounts::add_passkey(visit.city(), visit.signed_in()?, name, client_data, attestation).await {
        Ok(_) => Ok(Redirect::to("/me").into_response()),
        Err(error) => me::show(visit, StatusCode::UNPROCESSABLE_ENTITY, name, &Problems::of(error)?),
    }
}

#[derive(Template)]
#[template(path = "accounts/passkey.html")]
struct PasskeyPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    stopped: Option<Notice>,
    title: &'a str,
    href: String,
    facts: Facts,
    name: Field,
}

/// `GET /me/passkeys/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, &id, None, &Problems::default())
}

fn show(
    visit: &Visit,
    status: StatusCode,
    id: &str,
    typed: Option<&str>,
    problems: &Problems,
) -> Result<Response, Failure> {
    let own: &Passkey = visit.signed_in()?.account.passkey(id).ok_or(ServiceError::NotFound("passkey"))?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let used = own.used.map_or_else(|| t.accounts_passkey_never().to_owned(), |at| t.moment(at));
    let view = PasskeyPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.accounts_me(), "/me"),
        errors: problems.summary(t, &["name"]),
        stopped: own
            .stopped
            .then(|| Notice::new(Tone::Bad, t.accounts_passkey_stopped()).body(t.accounts_passkey_stopped_text())),
        title: &own.name,
        href: format!("/me/passkeys/{}", own.id),
        facts: Facts::new(
            t,
            vec![
                Fact::new(t.accounts_passkey_added_at(), t.moment(own.added)),
                Fact::new(t.accounts_passkey_used_at(), used),
            ],
        ),
        name: name_field(t, "", typed.unwrap_or(&own.name), problems),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /me/passkeys/{id}`: another name.
pub(super) async fn rename(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let name = posted.get("name");
    match accounts::name_passkey(visit.city(), visit.signed_in()?, &id, name).await {
        Ok(_) => Ok(Redirect::to("/me").into_response()),
        Err(error) => show(visit, StatusCode::UNPROCESSABLE_ENTITY, &id, Some(name), &Problems::of(error)?),
    }
}

/// `POST /me/passkeys/{id}/remove`.
pub(super) async fn remove(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    match accounts::remove_passkey(visit.city(), visit.signed_in()?, &id).await {
        Ok(_) => Ok(Redirect::to("/me").into_response()),
        Err(error) => show(visit, StatusCode::CONFLICT, &id, None, &Problems::of(error)?),
    }
}
