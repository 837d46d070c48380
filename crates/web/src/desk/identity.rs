//! Proving at a window who somebody is: the clerk has looked at the card and the face.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Subject, may};
use domain::text::Text;
use service::{ServiceError, accounts};

use super::frame;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Field, Icon, Notice, Tone};
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

async fn show(
    visit: &Visit,
    status: StatusCode,
    typed: [&str; 2],
    problems: &Problems,
    done: bool,
) -> Result<Response, Failure> {
    may(visit.staff()?, Action::ProveIdentity, &Subject::default()).map_err(ServiceError::from)?;
    let (t, page) = (visit.t(), frame::page(visit, "/desk/identity").await?);
    let [login, code] = typed;
    let done = done.then(|| Notice::new(Tone::Good, t.desk_identity_done()).body(t.desk_identity_done_text()));
    let login = Field::text(t, "login", t.desk_identity_login()).width("m").max_length(100).value(login);
    let tick = Field::tick(t, "seen", t.desk_identity_seen()).error(problems.at(t, "seen"));
    // A number that the register does not know is reported under the applicant's name, which this page does not ask.
    let wrong = [problems.at(t, "code"), problems.at(t, "name")].into_iter().find(|text| !text.is_empty());
    let code = Field::text(t, "code", t.desk_identity_code()).width("m").max_length(30).value(code);
    let fields = vec![login.error(problems.at(t, "login")), code.error(wrong.unwrap_or_default()), tick];
    let errors = problems.summary(t, &["login", "code", "seen"]);
    Ok(respond(status, t.lang(), &IdentityPage { t, page: &page, errors, done, fields }))
}

/// `GET /desk/identity?done=`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, ["", ""], &Problems::default(), query.contains_key("done")).await
}

/// `POST /desk/identity`.
pub(super) async fn prove(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let [login, code] = [posted.get("login").trim(), posted.get("code").trim()];
    let problems = if posted.ticked("seen") {
        match accounts::prove_at_window(visit.city(), visit.staff()?, login, code).await {
            Ok(_) => return Ok(Redirect::to("/desk/identity?done=yes").into_response()),
            Err(ServiceError::NotFound(_) | ServiceError::SignInNeeded) => {
                let text = Text::new(
                    "没有这个登录名，请核对后再试。",
                    "There is no such sign-in name. Check it and try again.",
                );
                Problems::one("login", text)
            }
            Err(error) => Problems::of(error)?,
        }
    } else {
        let text = Text::new("请先核对本人和身份证，再勾选。", "Compare the person with the card first, then tick.");
        Problems::one("seen", text)
    };
    show(visit, StatusCode::UNPROCESSABLE_ENTITY, [login, code], &problems, false).await
}
