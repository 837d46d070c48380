//! A forgotten password: the page on which a code from a window sets a new one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use service::accounts;

use super::asked::login_field;
use super::problems::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{ErrorSummary, Field, Icon, Notice, Tone};
use crate::layout::{Page, respond};

/// Where the sign-in page says that it went well.
const DONE: &str = "/sign-in?reset=done";

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    fields: [Field; 3],
}

fn show(visit: &Visit, status: StatusCode, typed: [&str; 2], problems: &Problems) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let [login, code] = typed;
    let view = ResetPage {
        t,
        page: &page,
        errors: problems.summary(t, &["login", "reset_code", "password"]),
        fields: [
            login_field(t, login, problems, false),
            Field::text(t, "reset_code", t.accounts_reset_code())
                .hint(t.accounts_reset_code_hint())
                .autocomplete("one-time-code")
                .width("m")
                .max_length(20)
                .value(code)
                .error(problems.at(t, "reset_code")),
            Field::password(t, "password", t.accounts_reset_password())
                .hint(t.accounts_password_hint())
                .autocomplete("new-password")
                .error(problems.at(t, "password")),
        ],
    };
    respond(status, t.lang(), &view)
}

/// `GET /sign-in/reset`.
pub(super) async fn page(visit: Visit) -> Response {
    show(&visit, StatusCode::OK, ["", ""], &Problems::default())
}

/// `POST /sign-in/reset`: every session of the account ends, so the person signs in anew.
pub(super) async fn set(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("reset")?;
    let (login, code) = (posted.get("login"), posted.get("reset_code"));
    match accounts::set_forgotten_password(visit.city(), login, code, posted.get("password")).await {
        Ok(()) => Ok(Redirect::to(DONE).into_response()),
        Err(error) => {
            let problems = Problems::of(error)?;
            Ok(show(visit, StatusCode::UNPROCESSABLE_ENTITY, [login, code], &problems))
        }
    }
}

/// What the sign-in page says after a new password was set.
pub(super) fn done(visit: &Visit) -> Option<Notice> {
    let t = visit.t();
    (visit.path == DONE).then(|| Notice::new(Tone::Good, t.accounts_reset_done()).body(t.accounts_reset_done_text()))
}
