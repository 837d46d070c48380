//! Proof of one's identity: at the demo's provider, or the way to a window.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::codes::mask;
use service::accounts;

use super::asked::{Asked, asked, name_field, next};
use super::problems::Problems;
use super::providers::{self, Offer};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Field, Icon, Notice, Tone};
use crate::layout::{Page, Part, respond, safe_back};

#[derive(Template)]
#[template(path = "accounts/identity.html")]
struct IdentityPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    done: Option<Notice>,
    fields: Option<[Field; 2]>,
    providers: Vec<Offer>,
    why: Option<Notice>,
    next: &'a str,
}

/// `GET /me/identity`.
pub(super) async fn identity_page(visit: Visit, Query(query): Asked) -> Result<Response, Failure> {
    visit.signed_in()?;
    let why = providers::unproved_words(visit.t(), asked(&query, "why"));
    let why = why.map(|words| Notice::new(Tone::Act, words));
    show_identity(&visit, StatusCode::OK, ["", ""], next(&query), (why, &Problems::default()))
}

fn show_identity(
    visit: &Visit,
    status: StatusCode,
    typed: [&str; 2],
    next: &str,
    (why, problems): (Option<Notice>, &Problems),
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Me));
    let account = &visit.signed_in()?.account;
    let [name, code] = typed;
    let done = account.person.as_ref().map(|person| {
        Notice::new(Tone::Good, t.accounts_proved_title())
            .body(t.accounts_proved_text(&person.name, mask(&person.code)))
    });
    let name = if name.is_empty() { account.name.as_str() } else { name };
    let fields = (done.is_none() && visit.city().settings().demo).then(|| {
        [
            name_field(t, name, problems),
            Field::text(t, "code", t.accounts_code())
                .hint(t.accounts_code_hint())
                .width("m")
                .max_length(30)
                .value(code)
                .error(problems.at(t, "code")),
        ]
    });
    let errors = problems.summary(t, &["name", "code"]);
    let providers = if done.is_none() { providers::provers(visit, account) } else { Vec::new() };
    let view = IdentityPage { t, page: &page, errors, done, fields, providers, why, next };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /me/identity`: the demo city's provider; a real city has its own, and every city has windows.
pub(super) async fn prove(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("identity")?;
    let next = safe_back(posted.get("next"));
    let (name, code) = (posted.get("name"), posted.get("code"));
    match accounts::prove_in_demo(visit.city(), visit.actor()?, name, code).await {
        Ok(_) => Ok(Redirect::to(if next == "/" { "/me" } else { next }).into_response()),
        Err(error) => {
            let problems = Problems::of(error)?;
            show_identity(visit, StatusCode::UNPROCESSABLE_ENTITY, [name, code], next, (None, &problems))
        }
    }
}
