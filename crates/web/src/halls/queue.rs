//! `/desk/queue`: one window calls, serves, puts aside, transfers. Each button is one plain request.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Place, Ticket, TicketCommand, TicketState};
use service::ServiceError;
use service::halls::{self, Figures, figures, waiting};

use super::tickets::tag;
use super::{form_key, matter_name, nonce, refusal};
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame;
use crate::i18n::T;
use crate::kit::{Choice, Fact, Facts, Field, Notice, Tag, Tone};
use crate::layout::{Page, respond};

/// One ticket with what may be done with it.
struct TicketRow {
    id: String,
    number: String,
    class: String,
    matter: String,
    since: String,
    tag: Tag,
    times: String,
    /// Names of commands with their words, the first one the ordinary next step.
    commands: Vec<(&'static str, String)>,
    transfer: Option<Field>,
}

#[derive(Template)]
#[template(path = "halls/queue.html")]
struct QueuePage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    choice: [Field; 2],
    seat: Option<Seat>,
}

/// A window with its queue.
struct Seat {
    place: String,
    window: String,
    name: String,
    own: Vec<TicketRow>,
    waiting: Vec<TicketRow>,
    held: Vec<TicketRow>,
    missed: Vec<TicketRow>,
    figures: Facts,
    nonce: String,
}

/// A clerk, or the failure that says so.
pub(super) fn clerk(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::ServeQueue, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

/// The places that have counters, as a choice.
pub(super) fn place_field(visit: &Visit, chosen: &str) -> Field {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let places = shelf.places().places.iter().filter(|place| !place.counters.is_empty());
    let choices = places.map(|place| Choice::new(place.id.as_str(), t.of(&place.name))).collect();
    Field::select(t, "place", t.halls_queue_place(), choices).value(chosen)
}

/// The words of a class of tickets.
pub(super) fn class_words(t: T, own: &Ticket) -> String {
    t.halls_class(own.class.as_str())
}

fn commands(t: T, own: &Ticket, window: &str) -> Vec<(&'static str, String)> {
    let here = own.state.window() == Some(window);
    let names: &[&'static str] = match &own.state {
        TicketState::Called { .. } if here => &["serve", "recall", "hold", "miss"],
        TicketState::Serving { .. } if here => &["finish", "hold"],
        TicketState::Waiting => &["call"],
        TicketState::Held { .. } | TicketState::Missed { .. } => &["resume"],
        _ => &[],
    };
    names.iter().map(|name| (*name, t.halls_queue_do(name))).collect()
}

fn row(visit: &Visit, place: &Place, window: &str, own: &Ticket) -> TicketRow {
    let t = visit.t();
    let others = place.counters.iter().filter(|counter| counter.id != own.counter);
    let choices: Vec<Choice> = others.map(|counter| Choice::new(counter.id.as_str(), t.of(&counter.name))).collect();
    let moves = own.state.window() == Some(window) && !choices.is_empty();
    let first = choices.first().map_or_else(String::new, |choice| choice.value.clone());
    TicketRow {
        id: own.id.to_string(),
        number: own.number.clone(),
        class: class_words(t, own),
        matter: own.matter.as_ref().map_or_else(String::new, |slug| matter_name(visit.city(), t, slug)),
        since: t.clock(own.taken),
        tag: tag(t, &own.state),
        times: match &own.state {
            TicketState::Called { times, .. } => t.halls_times(*times),
            _ => String::new(),
        },
        commands: commands(t, own, window),
        transfer: moves.then(|| Field::select(t, "counter", t.halls_queue_transfer(), choices).value(first)),
    }
}

fn figure_facts(t: T, own: &Figures) -> Facts {
    let mut facts = vec![
        Fact::new(t.halls_figures_taken(), own.taken.to_string()),
        Fact::new(t.halls_figures_served(), own.served.to_string()),
        Fact::new(t.halls_figures_missed(), own.missed.to_string()),
        Fact::new(t.halls_figures_kept(), own.kept.to_string()),
        Fact::new(t.halls_figures_not_kept(), own.not_kept.to_string()),
    ];
    if own.served > 0 {
        facts.push(Fact::new(t.halls_figures_waited(), t.halls_figures_minutes(own.waited_minutes)));
    }
    Facts::new(t, facts)
}

async fn seat(visit: &Visit, actor: &Actor, place: &Place, window: &str) -> Result<Seat, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let counter = place.counter_of_window(window).ok_or(ServiceError::NotFound("window"))?;
    let rows = |tickets: Vec<Ticket>, keep: &dyn Fn(&Ticket) -> bool| -> Vec<TicketRow> {
        tickets.iter().filter(|own| keep(own)).map(|own| row(visit, place, window, own)).collect()
    };
    let here = |own: &Ticket| own.state.window() == Some(window);
    let ours = |own: &Ticket| own.counter == counter.id;
    let mut own = rows(waiting(city, actor, &place.id, "serving").await?, &here);
    own.extend(rows(waiting(city, actor, &place.id, "called").await?, &here));
    Ok(Seat {
        place: place.id.clone(),
        window: window.to_owned(),
        name: format!("{} · {}", t.halls_windows(window), t.of(&counter.name)),
        own,
        waiting: rows(waiting(city, actor, &place.id, "waiting").await?, &ours),
        held: rows(waiting(city, actor, &place.id, "held").await?, &ours),
        missed: rows(waiting(city, actor, &place.id, "missed").await?, &ours),
        figures: figure_facts(t, &figures(city, &place.id).await?),
        nonce: nonce(city),
    })
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    place: &str,
    window: &str,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let actor = clerk(visit)?;
    let (t, page, shelf) = (visit.t(), frame::page(visit, "/desk/queue").await?, visit.city().shelf());
    let chosen = shelf.place(place).ok();
    let first = shelf.places().places.iter().find(|own| !own.counters.is_empty()).map_or("", |own| own.id.as_str());
    let seat = match chosen.filter(|_| !window.is_empty()) {
        Some(own) => Some(seat(visit, actor, own, window).await?),
        None => None,
    };
    let view = QueuePage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        choice: [
            place_field(visit, if place.is_empty() { first } else { place }),
            Field::text(t, "window", t.halls_queue_window()).width("s").max_length(10).value(window),
        ],
        seat,
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/queue`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let get = |name: &str| query.get(name).map_or("", |value| value.trim());
    let known =
        visit.city().shelf().place(get("place")).is_ok_and(|own| own.counter_of_window(get("window")).is_some());
    if known || get("window").is_empty() {
        return show(&visit, StatusCode::OK, get("place"), get("window"), None).await;
    }
    let words = visit.t().of(&domain::halls::HallReason::NoSuchCounter.explain()).to_owned();
    show(&visit, StatusCode::NOT_FOUND, get("place"), "", Some(words)).await
}

/// The command of a form; nothing for a word that is none.
fn command(posted: &Posted, name: &str) -> Option<TicketCommand> {
    let window = || posted.get("window").to_owned();
    Some(match name {
        "call" => TicketCommand::Call { window: window() },
        "recall" => TicketCommand::Recall { window: window() },
        "serve" => TicketCommand::Serve { window: window() },
        "hold" => TicketCommand::Hold { window: window() },
        "finish" => TicketCommand::Finish { window: window() },
        "miss" => TicketCommand::Miss { window: window() },
        "resume" => TicketCommand::Resume,
        "transfer" => TicketCommand::Transfer { counter: posted.get("counter").to_owned() },
        _ => return None,
    })
}

/// `POST /desk/queue`: `do` says what, `ticket` with which number; `do=next` calls whoever is next.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, city, actor) = (visit.t(), visit.city(), clerk(visit)?);
    let (place, window) = (posted.get("place"), posted.get("window"));
    let key = form_key(&posted, actor);
    let done = match posted.get("do") {
        "next" => match halls::call_next(city, actor, place, window, key).await {
            Ok(None) => Err(t.halls_queue_nobody().to_owned()),
            Ok(Some(_)) => Ok(()),
            Err(error) => Err(refusal(t, error)?),
        },
        name => {
            let command = command(&posted, name).ok_or(ServiceError::NotFound("command"))?;
            match halls::work(city, actor, posted.get("ticket"), command, key).await {
                Ok(_) => Ok(()),
                Err(error) => Err(refusal(t, error)?),
            }
        }
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/desk/queue?place={place}&window={window}")).into_response()),
        Err(words) => show(visit, StatusCode::CONFLICT, place, window, Some(words)).await,
    }
}
