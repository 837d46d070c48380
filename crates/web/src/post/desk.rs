//! `/desk/mail`: what goes out by mail, what came back, and originals that come in.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::HallReason;
use domain::post::Mailing;
use service::{ServiceError, post};

use super::tag;
use crate::app::{Failure, Posted, Visit};
use crate::cases::download;
use crate::desk::frame;
use crate::i18n::T;
use crate::kit::{Notice, Tab, Tabs, Tag, Tone};
use crate::layout::{Page, respond};

struct Row {
    id: String,
    case: String,
    number: String,
    to: String,
    posting: String,
    tag: Tag,
    reason: String,
}

#[derive(Template)]
#[template(path = "post/desk.html")]
struct DeskPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    tabs: Tabs,
    pile: &'static str,
    rows: Vec<Row>,
}

/// A clerk, or the failure that says so.
fn clerk(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::Deliver, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

fn pile_of(name: &str) -> &'static str {
    post::PILES.into_iter().find(|own| *own == name).unwrap_or("wanted")
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    pile: &'static str,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let actor = clerk(visit)?;
    let t = visit.t();
    let page = frame::page(visit, "/desk/mail").await?;
    let rows = post::pile(visit.city(), actor, pile).await?;
    let tab = |own: &'static str| Tab {
        label: t.post_pile(own),
        href: format!("/desk/mail?pile={own}"),
        current: own == pile,
        count: (own == pile).then(|| i64::try_from(rows.len()).unwrap_or(0)),
    };
    let view = DeskPage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        tabs: Tabs::new(t.post_desk(), post::PILES.into_iter().map(tab).collect()),
        pile,
        rows: rows.iter().map(|own| row(t, own)).collect(),
    };
    Ok(respond(status, t.lang(), &view))
}

fn row(t: T, own: &Mailing) -> Row {
    Row {
        id: own.id.to_string(),
        case: own.case.clone(),
        number: own.number.clone().unwrap_or_default(),
        to: if own.address.name.is_empty() { String::new() } else { own.address.masked() },
        posting: if own.posting > 1 { t.post_out_again(own.posting) } else { String::new() },
        tag: tag(t, &own.state),
        reason: match &own.state {
            domain::post::MailState::Returned { reason, .. } => reason.clone(),
            _ => String::new(),
        },
    }
}

/// `GET /desk/mail`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, pile_of(query.get("pile").map_or("", String::as_str)), None).await
}

/// `POST /desk/mail`.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (city, actor, id) = (visit.city(), clerk(visit)?, posted.get("item"));
    let pile = pile_of(posted.get("pile"));
    let result = match posted.get("do") {
        "label" => post::label(city, actor, id).await,
        "hand-over" => post::hand_over(city, actor, id).await,
        "collect" => post::collect(city, actor, id).await,
        "receive" => post::receive(city, actor, id).await,
        _ => Err(ServiceError::NotFound("command")),
    };
    match result {
        // The label is printed on the next page.
        Ok(own) if own.state.name() == "labelled" => Ok(Redirect::to("/desk/mail?pile=labelled").into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/desk/mail?pile={pile}")).into_response()),
        Err(ServiceError::Hall(refusal)) => {
            let words = visit.t().of(&refusal.reason.explain()).to_owned();
            show(visit, StatusCode::CONFLICT, pile, Some(words)).await
        }
        Err(ServiceError::Changed) => {
            let words = visit.t().of(&HallReason::WrongState.explain()).to_owned();
            show(visit, StatusCode::CONFLICT, pile, Some(words)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /desk/mail/{id}/label`: the label as PDF.
pub(super) async fn label(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let (name, bytes) = post::label_pdf(visit.city(), clerk(&visit)?, &id).await?;
    Ok(download(&name, "application/pdf", bytes))
}
