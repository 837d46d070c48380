//! Signing in at the city's identity providers, and binding one's account there.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::Account;
use domain::text::Text;
use service::accounts::provider::{
    Provider, ProviderError, Returned, Unproved, begin_at_provider, return_from_provider, unlink,
};
use service::{City, ServiceError};

use super::asked::{Asked, asked, next, with_next};
use super::problems::Problems;
use super::{me, sign};
use crate::app::{Failure, Posted, Visit, cookie};
use crate::i18n::T;
use crate::kit::Icon;
use crate::layout::{Page, Part, respond, safe_back};

/// Cookie that ties the way back to the browser that left.
const COOKIE: &str = "yichuang_way";
/// How long the way there and back may take, in seconds; the store forgets it at the same time.
const COOKIE_SECONDS: u32 = 300;

/// A provider as a page offers it.
pub(super) struct Offer {
    /// Address that begins.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Since when the account there is bound; empty when none is.
    pub since: String,
}

/// The providers of the city on the sign-in page.
pub(super) fn offers(visit: &Visit, next: &str) -> Vec<Offer> {
    let offer = |provider: &Provider| Offer {
        href: with_next(&format!("/sign-in/with/{}", provider.config().id), next),
        name: visit.t().of(&provider.config().name).to_owned(),
        since: String::new(),
    };
    visit.city().providers().iter().map(offer).collect()
}

/// The providers of the city on one's own page.
pub(super) fn bindings(visit: &Visit, account: &Account) -> Vec<Offer> {
    let t = visit.t();
    let offer = |provider: &Provider| {
        let config = provider.config();
        let link = account.links.iter().find(|link| link.provider == config.id);
        Offer {
            href: format!("/me/links/{}", config.id),
            name: t.of(&config.name).to_owned(),
            since: link.map_or_else(String::new, |link| t.accounts_provider_since(t.date(link.since.date()))),
        }
    };
    visit.city().providers().iter().map(offer).collect()
}

/// The providers that can prove an identity.
pub(super) fn provers(visit: &Visit, account: &Account) -> Vec<Offer> {
    let proves = visit.city().providers().iter().map(|provider| provider.config().real_name.is_some());
    bindings(visit, account).into_iter().zip(proves).filter(|(_, proves)| *proves).map(|(offer, _)| offer).collect()
}

/// What the identity page says about an identity that could not be bound.
pub(super) fn unproved_words(t: T, why: &str) -> Option<&'static str> {
    match why {
        "unknown" => Some(t.accounts_unproved_unknown()),
        "elsewhere" => Some(t.accounts_unproved_elsewhere()),
        _ => None,
    }
}

fn find<'c>(city: &'c City, id: &str) -> Result<&'c Provider, Failure> {
    let found = city.providers().iter().find(|provider| provider.config().id == id);
    found.ok_or_else(|| ServiceError::NotFound("identity provider").into())
}

/// A provider's failure as what a page says, with its status.
fn problems(error: ProviderError, name: &Text) -> Result<(StatusCode, Problems), Failure> {
    let said = error.explain(name);
    match (said, error) {
        (Some(text), ProviderError::Down(detail)) => {
            tracing::warn!(provider = name.en, detail, "an identity provider does not answer");
            Ok((StatusCode::BAD_GATEWAY, Problems::one("provider", text)))
        }
        (Some(text), _) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Problems::one("provider", text))),
        (None, ProviderError::Service(error)) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Problems::of(error)?)),
        (None, other) => Err(ServiceError::internal(other).into()),
    }
}

fn way_cookie(visit: &Visit, value: &str, seconds: u32) -> String {
    let secure = if visit.app.options.secure_cookies { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/sign-in/with; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// `GET /sign-in/with/{provider}`: off to the provider.
pub(super) async fn leave(visit: Visit, Path(id): Path<String>, Query(query): Asked) -> Result<Response, Failure> {
    let (provider, next) = (find(visit.city(), &id)?, next(&query));
    if visit.signed_in.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    visit.attempt("provider")?;
    match begin_at_provider(visit.city(), provider, next, None).await {
        Ok(departure) => {
            let answer = Redirect::to(&departure.address).into_response();
            Ok(sign::with_cookie(answer, &way_cookie(&visit, &departure.browser, COOKIE_SECONDS)))
        }
        Err(error) => {
            let (status, problems) = problems(error, &provider.config().name)?;
            Ok(sign::show_sign_in(&visit, status, ("", ""), next, &problems))
        }
    }
}

/// `GET /sign-in/with/{provider}/back`: here again.
pub(super) async fn back(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Asked,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = find(visit.city(), &id)?;
    visit.attempt("provider")?;
    let returned = Returned {
        state: asked(&query, "state"),
        code: asked(&query, "code"),
        error: asked(&query, "error"),
        issuer: asked(&query, "iss"),
        browser: cookie(&headers, COOKIE).unwrap_or(""),
    };
    let answer = match return_from_provider(visit.city(), provider, &returned, visit.signed_in.as_ref()).await {
        Ok(arrival) => {
            let why = match arrival.unproved {
                Some(Unproved::Unknown) => "/me/identity?why=unknown",
                Some(Unproved::Elsewhere) => "/me/identity?why=elsewhere",
                None => "",
            };
            let next = safe_back(&arrival.next);
            let to = if why.is_empty() { next.to_owned() } else { with_next(why, next) };
            match arrival.session {
                Some(session) => sign::enter(&visit, &session.secret, &to),
                None => Redirect::to(&to).into_response(),
            }
        }
        Err(error) => {
            let (status, problems) = problems(error, &provider.config().name)?;
            match visit.signed_in {
                Some(_) => me::show(&visit, status, "", &problems)?,
                None => sign::show_sign_in(&visit, status, ("", ""), "/", &problems),
            }
        }
    };
    Ok(sign::with_cookie(answer, &way_cookie(&visit, "", 0)))
}

#[derive(Template)]
#[template(path = "accounts/leaving.html")]
struct LeavingPage<'a> {
    t: T,
    page: &'a Page,
    name: &'a str,
    address: &'a str,
}

/// `POST /me/links/{provider}`: begins to bind. The page leads on by a link, because a form may only lead to ourselves
/// (`form-action`), and only a form proves that the person wants this.
pub(super) async fn bind(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let signed_in = visit.signed_in()?;
    let provider = find(visit.city(), &id)?;
    visit.attempt("provider")?;
    let next = Some(posted.get("next")).filter(|next| !next.is_empty()).map_or("/me", safe_back);
    match begin_at_provider(visit.city(), provider, next, Some(signed_in)).await {
        Ok(departure) => {
            let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
            let name = t.of(&provider.config().name);
            let view = LeavingPage { t, page: &page, name, address: &departure.address };
            let answer = respond(StatusCode::OK, t.lang(), &view);
            Ok(sign::with_cookie(answer, &way_cookie(visit, &departure.browser, COOKIE_SECONDS)))
        }
        Err(error) => {
            let (status, problems) = problems(error, &provider.config().name)?;
            me::show(visit, status, "", &problems)
        }
    }
}

/// `POST /me/links/{provider}/remove`.
pub(super) async fn remove(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    match unlink(visit.city(), visit.signed_in()?, &id).await {
        Ok(_) => Ok(Redirect::to("/me").into_response()),
        Err(error) => me::show(visit, StatusCode::CONFLICT, "", &Problems::of(error)?),
    }
}
