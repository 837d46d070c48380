//! Proving at a window who somebody is: the clerk has looked at the card and the face.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Account, Action, Subject, may};
use domain::codes::mask;
use service::{ServiceError, accounts};

use super::frame;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Field, Notice, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/identity.html")]
struct IdentityPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    done: Option<Notice>,
    fields: Vec<Field>,
}

fn show(
    visit: &Visit,
    status: StatusCode,
    typed: [&str; 2],
    problems: &Problems,
    done: Option<&Account>,
) -> Result<Response, Failure> {
    may(visit.staff()?, Action::ProveIdentity, &Subject::default()).map_err(ServiceError::from)?;
    let (t, page) = (visit.t(), frame::page(visit, "/desk/identity")?);
    let [login, code] = typed;
    let done = done.and_then(|account| account.person.as_ref()).map(|person| {
        Notice::new(Tone::Good, t.desk_identity_done())
            .body(t.desk_identity_done_text(&person.name, mask(&person.code)))
    });
    let login = Field::text(t, "login", t.desk_identity_login()).width("m").max_length(100).value(login);
    let tick = Field::tick(t, "seen", t.desk_identity_seen()).error(problems.at(t, "seen"));
    // A number that the register does not know is reported under the applicant's name, which this page does not ask.
    let wrong = [problems.at(t, "code"), problems.at(t, "name")].into_iter().find(|text| !text.is_empty());
    let code = Field::text(t, "code", t.desk_identity_code()).width("m").max_length(30).value(code);
    let fields = vec![login.error(problems.at(t, "login")), code.error(wrong.unwrap_or_default()), tick];
    let errors = problems.summary(t, &["login", "code", "seen"]);
    Ok(respond(status, t.lang(), &IdentityPage { t, page: &page, errors, done, fields }))
}

/// `GET /desk/identity`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, ["", ""], &Problems::default(), None)
}

/// `POST /desk/identity`.
pub(super) async fn prove(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let typed = [posted.get("login").trim(), posted.get("code").trim()];
    let wrong = |problems: &Problems| show(visit, StatusCode::UNPROCESSABLE_ENTITY, typed, problems, None);
    if !posted.ticked("seen") {
        let text = domain::text::Text::new(
            "请先核对本人和身份证，再勾选。",
            "Compare the person with the card first, then tick.",
        );
        return wrong(&Problems::one("seen", text));
    }
    let [login, code] = typed;
    match accounts::prove_at_window(visit.city(), visit.staff()?, login, code).await {
        Ok(account) => show(visit, StatusCode::OK, ["", ""], &Problems::default(), Some(&account)),
        Err(ServiceError::NotFound(_) | ServiceError::SignInNeeded) => {
            let text = domain::text::Text::new(
                "没有这个登录名，请核对后再试。",
                "There is no such sign-in name. Check it and try again.",
            );
            wrong(&Problems::one("login", text))
        }
        Err(error) => wrong(&Problems::of(error)?),
    }
}
