//! `/appointments`: what one has booked, the code to say at the reception, and giving it back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::Appointment;
use service::halls::{self, Precheck, mine};

use super::book::brought;
use super::{form_key, matter_name, nonce, refusal};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, Empty, Fact, Facts, Icon, Notice, Tag, Tone};
use crate::layout::{Page, Part, respond};

struct Item {
    href: String,
    when: String,
    what: String,
    place: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "halls/appointments.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    items: Vec<Item>,
    empty: Empty,
}

/// A paper to bring.
struct Bring {
    name: String,
    ready: bool,
}

#[derive(Template)]
#[template(path = "halls/appointment.html")]
struct ShowPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    problem: Option<Notice>,
    tag: Tag,
    open: bool,
    code: String,
    facts: Facts,
    bring: Vec<Bring>,
    /// What was looked at before: words and the case; without one, where to begin.
    precheck: Option<(String, String)>,
    begin: Option<String>,
    action: String,
    nonce: String,
}

fn tag(t: T, own: &Appointment) -> Tag {
    let tone = match own.state.name() {
        "booked" => Tone::Running,
        "arrived" => Tone::Good,
        "missed" => Tone::Bad,
        _ => Tone::Quiet,
    };
    Tag::new(tone, t.halls_state(own.state.name()))
}

fn when(t: T, own: &Appointment) -> String {
    format!("{} {}–{}", t.day(own.start.date()), t.clock(own.start), t.clock(own.end))
}

fn place_name(visit: &Visit, id: &str) -> String {
    let shelf = visit.city().shelf();
    shelf.place(id).map_or_else(|_| id.to_owned(), |place| visit.t().of(&place.name).to_owned())
}

/// How far the look at somebody's papers has come.
pub(super) fn precheck_words(t: T, found: &Precheck) -> String {
    t.halls_precheck_state(found.points, found.number.as_str(), t.of(&found.state))
}

/// `GET /appointments`.
pub(super) async fn list(visit: Visit) -> Result<Response, Failure> {
    let (t, page, actor) = (visit.t(), visit.page().with_part(Part::Cases), visit.person()?);
    let found = mine(visit.city(), actor).await?;
    let item = |own: &Appointment| Item {
        href: format!("/appointments/{}", own.id),
        when: when(t, own),
        what: matter_name(visit.city(), t, &own.matter),
        place: place_name(&visit, &own.place),
        tag: tag(t, own),
    };
    let view = ListPage {
        t,
        page: &page,
        items: found.iter().map(item).collect(),
        empty: Empty::new(Icon::Calendar, t.halls_mine_none(), t.halls_mine_none_text())
            .action(t.halls_all(), "/places"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

fn facts(visit: &Visit, own: &Appointment) -> Facts {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let place = shelf.place(&own.place).ok();
    let counter = place.and_then(|place| place.counter(&own.counter));
    let mut facts = vec![
        Fact::new(t.halls_when(), when(t, own)),
        Fact::new(t.halls_where(), place_name(visit, &own.place)),
        Fact::new(t.halls_address(), place.map_or_else(String::new, |place| t.of(&place.address).to_owned())),
        Fact::new(t.halls_at_counter(), counter.map_or_else(String::new, |own| t.of(&own.name).to_owned())),
    ];
    let matter = matter_name(visit.city(), t, &own.matter);
    if !matter.is_empty() {
        facts.push(Fact::new(t.halls_what(), matter));
    }
    if let Some(party) = &own.applicant {
        facts.push(Fact::new(t.halls_for(), party.name.as_str()));
    }
    Facts::new(t, facts)
}

async fn page_of(
    visit: &Visit,
    own: &Appointment,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let (t, page, shelf) = (visit.t(), visit.page().with_part(Part::Cases), visit.city().shelf());
    let bring = shelf.matter(&own.matter).map(|matter| brought(&matter.bundle.matter)).unwrap_or_default();
    let precheck = halls::precheck(visit.city(), own).await?;
    // What rules decide at once needs nobody's look beforehand.
    let asks = own.is_open() && shelf.matter(&own.matter).is_ok() && !shelf.is_automatic(&own.matter);
    let view = ShowPage {
        t,
        page: &page,
        begin: (asks && precheck.is_none()).then(|| format!("/matters/{}/apply", own.matter)),
        precheck: precheck.map(|found| (precheck_words(t, &found), format!("/cases/{}", found.number))),
        crumbs: Crumbs::new(t).link(t.halls_mine(), "/appointments"),
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        tag: tag(t, own),
        open: own.is_open(),
        code: own.code.clone(),
        facts: facts(visit, own),
        bring: bring
            .iter()
            .map(|(slot, name)| Bring { name: t.of(name).to_owned(), ready: own.prepared.contains(slot) })
            .collect(),
        action: format!("/appointments/{}/cancel", own.id),
        nonce: nonce(visit.city()),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /appointments/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let own = halls::appointment(visit.city(), visit.person()?, &id).await?;
    page_of(&visit, &own, StatusCode::OK, None).await
}

/// `POST /appointments/{id}/cancel`.
pub(super) async fn cancel(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.person()?;
    match halls::cancel(visit.city(), actor, &id, form_key(&posted, actor)).await {
        Ok(_) => Ok(Redirect::to(&format!("/appointments/{id}")).into_response()),
        Err(error) => {
            let words = refusal(visit.t(), error)?;
            let own = halls::appointment(visit.city(), actor, &id).await?;
            page_of(visit, &own, StatusCode::CONFLICT, Some(words)).await
        }
    }
}
