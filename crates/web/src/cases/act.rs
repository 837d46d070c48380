//! What an applicant may do with a case besides correcting it: file it, withdraw it, ask a person.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::Text;
use service::cases::{self, Work};

use super::why;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::kit::{Confirm, Crumbs, Field, Html};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "cases/confirm.html")]
struct ConfirmPage<'a> {
    page: &'a Page,
    crumbs: Crumbs,
    title: &'a str,
    confirm: Confirm,
}

/// The version of the case that was on the page, so that nobody acts on what they have not seen.
fn seen(posted: &Posted) -> Option<i64> {
    posted.get("version").parse().ok()
}

async fn confirm(visit: &Visit, number: &str, command: &'static str) -> Result<Response, Failure> {
    let found = cases::case_by_number(visit.city(), visit.actor()?, number).await?;
    if !found.possible.contains(&command) {
        return Ok(Redirect::to(&format!("/cases/{number}")).into_response());
    }
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let (title, text, button) = match command {
        "file" => (t.cases_file_title(), t.cases_file_text(), t.cases_do_file()),
        _ => (t.cases_withdraw_title(), t.cases_withdraw_text(), t.cases_do_withdraw()),
    };
    let (action, back) = (format!("/cases/{number}/{command}"), format!("/cases/{number}"));
    let mut confirm = Confirm::new(t, title, button, action, back.as_str(), page.csrf.as_str())
        .body(text)
        .hidden("version", found.version.to_string());
    if command == "withdraw" {
        let reason = Field::textarea(t, "reason", t.cases_withdraw_reason()).optional().rows(3).max_length(500);
        confirm = confirm.danger().fields(Html::of(&reason));
    }
    let crumbs = Crumbs::new(t).link(t.nav_cases(), "/cases").link(number, back);
    Ok(respond(StatusCode::OK, t.lang(), &ConfirmPage { page: &page, crumbs, title, confirm }))
}

/// `GET /cases/{number}/withdraw`.
pub(super) async fn withdraw_page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    confirm(&visit, &number, "withdraw").await
}

/// `GET /cases/{number}/file`.
pub(super) async fn file_page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    confirm(&visit, &number, "file").await
}

async fn run(posted: &Posted, number: &str, work: Work) -> Result<(), Failure> {
    let visit = &posted.visit;
    cases::work(visit.city(), visit.actor()?, number, seen(posted), work, None).await?;
    Ok(())
}

/// `POST /cases/{number}/withdraw`.
pub(super) async fn withdraw(Path(number): Path<String>, posted: Posted) -> Result<Response, Failure> {
    run(&posted, &number, Work::Withdraw { reason: posted.get("reason").to_owned() }).await?;
    Ok(Redirect::to(&format!("/cases/{number}")).into_response())
}

/// `POST /cases/{number}/file`.
pub(super) async fn file(Path(number): Path<String>, posted: Posted) -> Result<Response, Failure> {
    run(&posted, &number, Work::File).await?;
    Ok(Redirect::to(&format!("/cases/{number}/receipt")).into_response())
}

/// `POST /cases/{number}/ask`: 转人工 (PIPL 24).
pub(super) async fn ask(Path(number): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let found = cases::case_by_number(posted.visit.city(), posted.visit.actor()?, &number).await?;
    cases::permit(posted.visit.actor()?, &found.case, "ask-person")?;
    let reason = posted.get("reason").trim();
    if reason.is_empty() {
        let problems = Problems::one(
            "reason",
            Text::new("请写一句您希望工作人员看什么。", "Say in a sentence what a person should look at."),
        );
        return why::show(&posted.visit, StatusCode::UNPROCESSABLE_ENTITY, &number, "", &problems).await;
    }
    run(&posted, &number, Work::AskPerson { reason: reason.to_owned() }).await?;
    Ok(Redirect::to(&format!("/cases/{number}/why")).into_response())
}
