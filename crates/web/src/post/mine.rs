//! `/cases/{number}/mail`: the result by mail with what the carrier says of it, and originals that one posts.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Case, State};
use domain::halls::HallReason;
use domain::post::{Direction, MailState, Mailing, PostAddress};
use service::{ServiceError, cases, post};

use super::{address_fields, tag, typed_address};
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Event, EventState, Fact, Facts, Field, Notice, Tag, Timeline, Tone};
use crate::layout::{Page, Part, respond};

/// One item in words.
struct Item {
    id: String,
    title: String,
    tag: Tag,
    facts: Facts,
    timeline: Option<Timeline>,
    /// What is to be done about it: `ask` another address, `again`; empty when nothing is.
    act: &'static str,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "post/mine.html")]
struct MinePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    problem: Option<Notice>,
    action: String,
    items: Vec<Item>,
    /// The form of a first wish.
    ask: Vec<Field>,
    /// The form that announces originals.
    announce: Option<Field>,
}

/// What a page says beside what is stored.
#[derive(Default)]
struct Said {
    problem: Option<String>,
    problems: Problems,
    address: Option<PostAddress>,
    tracking: String,
}

/// `GET /cases/{number}/mail`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, &number, Said::default()).await
}

async fn show(visit: &Visit, status: StatusCode, number: &str, said: Said) -> Result<Response, Failure> {
    let (t, actor) = (visit.t(), visit.person()?);
    let case = cases::case_by_number(visit.city(), actor, number).await?.case;
    let own = post::of_case(visit.city(), actor, &case).await?;
    let page = visit.page().with_part(Part::Cases);
    let open = |way: Direction| own.iter().any(|item| item.direction == way && item.is_open());
    let over = case.state.is_final() || case.state == State::Delivered;
    let typed = said.address.clone().unwrap_or_default();
    let back = format!("/cases/{number}");
    let view = MinePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases").link(number, back.as_str()),
        errors: said.problems.summary(t, &["name", "phone", "region", "street", "tracking"]),
        problem: said.problem.as_ref().map(|words| Notice::new(Tone::Act, words.as_str())),
        action: format!("{back}/mail"),
        ask: if open(Direction::Out) || over { Vec::new() } else { address_fields(t, &typed, &said.problems) },
        announce: announcing(t, &case, open(Direction::In), &said),
        items: own.iter().rev().map(|own| item(t, own, over, &said)).collect(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// Originals are wanted until it is decided.
fn announcing(t: T, case: &Case, open: bool, said: &Said) -> Option<Field> {
    let decided = case.state.is_final() || matches!(case.state, State::Granted | State::Issued | State::Delivered);
    (!open && !decided).then(|| {
        Field::text(t, "tracking", t.post_tracking())
            .hint(t.post_tracking_hint())
            .width("m")
            .autocomplete("off")
            .max_length(30)
            .value(&said.tracking)
            .error(said.problems.at(t, "tracking"))
    })
}

fn item(t: T, own: &Mailing, over: bool, said: &Said) -> Item {
    let act = match own.state {
        _ if over => "",
        MailState::Wanted => "ask",
        MailState::Returned { .. } => "again",
        _ => "",
    };
    let fields = match act {
        "" => Vec::new(),
        _ => address_fields(t, said.address.as_ref().unwrap_or(&own.address), &said.problems),
    };
    let mut facts = Vec::new();
    if let Some(number) = &own.number {
        facts.push(Fact::new(t.post_tracking(), number.as_str()));
    }
    if own.direction == Direction::Out && own.address != PostAddress::default() {
        let address = &own.address;
        let words = format!("{} {} {}{}", address.name, address.phone, address.region, address.street);
        facts.push(Fact::new(t.post_to(), words));
    }
    match &own.state {
        MailState::Delivered { at } => facts.push(Fact::new(t.post_served(), t.moment(*at))),
        MailState::Returned { reason, .. } if !reason.is_empty() => {
            facts.push(Fact::new(t.post_reason(), reason.as_str()));
        }
        _ => {}
    }
    let title = match own.direction {
        Direction::Out if own.posting > 1 => t.post_out_again(own.posting),
        Direction::Out => t.post_out().to_owned(),
        Direction::In => t.post_in().to_owned(),
    };
    Item {
        id: own.id.to_string(),
        title,
        tag: tag(t, &own.state),
        facts: Facts::new(t, facts),
        timeline: (!own.events.is_empty()).then(|| timeline(t, own)),
        act,
        fields,
    }
}

fn timeline(t: T, own: &Mailing) -> Timeline {
    let last = own.events.len().saturating_sub(1);
    let event = |(at, event): (usize, &domain::post::Event)| {
        let state = match own.state {
            MailState::Returned { .. } if at == last => EventState::Bad,
            MailState::Underway { .. } if at == last => EventState::Now,
            _ => EventState::Done,
        };
        Event::new(state, t.post_event(event.kind.as_str())).at(t, event.at).body(event.note.as_str())
    };
    Timeline::new(t, own.events.iter().enumerate().map(event).collect())
}

/// `POST /cases/{number}/mail`.
pub(super) async fn send(Path(number): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (city, actor) = (visit.city(), visit.person()?);
    let (id, address, tracking) = (posted.get("item"), typed_address(&posted), posted.get("tracking"));
    let result = match posted.get("do") {
        "again" => post::again(city, actor, id, &address).await,
        "window" => post::collect_instead(city, actor, id).await,
        "announce" => post::announce(city, actor, &number, tracking).await,
        _ => post::ask(city, actor, &number, &address).await,
    };
    let mut said = Said { address: Some(address), tracking: tracking.to_owned(), ..Said::default() };
    let status = match result {
        Ok(_) => return Ok(Redirect::to(&format!("/cases/{number}/mail")).into_response()),
        Err(ServiceError::Hall(refusal)) => {
            said.problem = Some(visit.t().of(&refusal.reason.explain()).to_owned());
            StatusCode::CONFLICT
        }
        Err(ServiceError::Changed) => {
            said.problem = Some(visit.t().of(&HallReason::WrongState.explain()).to_owned());
            StatusCode::CONFLICT
        }
        Err(other) => {
            said.problems = Problems::of(other)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    show(visit, status, &number, said).await
}
