//! `/desk/reception`: checks the code of an appointment, or gives out a number to whoever walks in.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::codes::name;
use domain::halls::{Appointment, Ticket, TicketSource};
use service::ServiceError;
use service::halls::{self, Take, of_place};

use super::appointments::precheck_words;
use super::book::brought;
use super::queue::{class_words, clerk, place_field};
use super::{form_key, matter_name, nonce, refusal};
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame;
use crate::i18n::T;
use crate::kit::{Choice, Field, Notice, Tone};
use crate::layout::{Page, respond};

struct Expected {
    when: String,
    what: String,
    who: String,
    missing: String,
    /// What was looked at before they come: words and the case.
    precheck: Option<(String, String)>,
}

/// The number that was just given out.
struct Given {
    number: String,
    place: String,
    class: String,
}

#[derive(Template)]
#[template(path = "halls/reception.html")]
struct ReceptionPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    given: Option<Given>,
    choice: Field,
    place: String,
    fields: Vec<Field>,
    expected: Vec<Expected>,
    nonce: String,
}

#[derive(Default)]
struct Typed<'p> {
    code: &'p str,
    counter: &'p str,
    assisted: bool,
}

async fn expected(visit: &Visit, own: &Appointment) -> Result<Expected, Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let needed = shelf.matter(&own.matter).map(|matter| brought(&matter.bundle.matter)).unwrap_or_default();
    let missing = needed.iter().filter(|(slot, _)| !own.prepared.contains(slot)).count();
    let precheck = halls::precheck(visit.city(), own).await?;
    Ok(Expected {
        precheck: precheck.map(|own| (precheck_words(t, &own), format!("/desk/cases/{}", own.number))),
        when: format!("{}–{}", t.clock(own.start), t.clock(own.end)),
        what: matter_name(visit.city(), t, &own.matter),
        who: own.applicant.as_ref().map_or_else(String::new, |party| name::mask(&party.name)),
        missing: t.halls_reception_missing(missing),
    })
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    place: &str,
    typed: &Typed<'_>,
    problem: Option<String>,
    given: Option<Ticket>,
) -> Result<Response, Failure> {
    let actor = clerk(visit)?;
    let (t, city) = (visit.t(), visit.city());
    let (page, shelf) = (frame::page(visit, "/desk/reception").await?, city.shelf());
    let first = shelf.places().places.iter().find(|own| !own.counters.is_empty());
    let own = shelf.place(place).ok().or(first).ok_or(ServiceError::NotFound("place"))?;
    let choices = own.counters.iter().map(|counter| Choice::new(counter.id.as_str(), t.of(&counter.name))).collect();
    let counter =
        if typed.counter.is_empty() { own.counters.first().map_or("", |own| own.id.as_str()) } else { typed.counter };
    let code = Field::text(t, "code", t.halls_reception_code()).hint(t.halls_reception_code_hint()).optional();
    let mut coming = Vec::new();
    for appointment in of_place(city, actor, &own.id, city.now().date()).await? {
        coming.push(expected(visit, &appointment).await?);
    }
    let view = ReceptionPage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        given: given.map(|ticket| Given {
            number: ticket.number.clone(),
            place: own.counter(&ticket.counter).map_or("", |counter| t.of(&counter.name)).to_owned(),
            class: class_words(t, &ticket),
        }),
        choice: place_field(visit, &own.id),
        place: own.id.clone(),
        fields: vec![
            code.width("s").max_length(6).input_mode("numeric").autocomplete("off").value(typed.code),
            Field::select(t, "counter", t.halls_counter(), choices).value(counter),
            Field::tick(t, "assisted", t.halls_reception_assisted()).value(if typed.assisted { "true" } else { "" }),
        ],
        expected: coming,
        nonce: nonce(city),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/reception`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = clerk(&visit)?;
    let given = match query.get("given") {
        Some(id) => Some(halls::ticket(visit.city(), actor, id).await?),
        None => None,
    };
    let place = query.get("place").map_or("", String::as_str);
    show(&visit, StatusCode::OK, place, &Typed::default(), None, given).await
}

/// `POST /desk/reception`.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = clerk(visit)?;
    let place = posted.get("place");
    let typed =
        Typed { code: posted.get("code").trim(), counter: posted.get("counter"), assisted: posted.ticked("assisted") };
    let wish = Take {
        place: place.to_owned(),
        counter: if typed.code.is_empty() { typed.counter.to_owned() } else { String::new() },
        matter: String::new(),
        assisted: typed.assisted,
        code: typed.code.to_owned(),
        source: TicketSource::Reception,
        key: form_key(&posted, actor),
    };
    match halls::take(visit.city(), actor, wish).await {
        Ok(own) => Ok(Redirect::to(&format!("/desk/reception?place={place}&given={}", own.id)).into_response()),
        Err(error) => {
            let words = refusal(visit.t(), error)?;
            show(visit, StatusCode::CONFLICT, place, &typed, Some(words), None).await
        }
    }
}
