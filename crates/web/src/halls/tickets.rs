//! A ticket of one's own: taking it, seeing how many are before it, giving it back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::{Ticket, TicketCommand, TicketSource, TicketState};
use service::halls::{self, Take, ahead};

use super::{form_key, nonce, refusal};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, Icon, Notice, Tag, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "halls/ticket.html")]
struct TicketPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    problem: Option<Notice>,
    number: String,
    place: String,
    tag: Tag,
    lines: Vec<String>,
    href: String,
    cancel: bool,
    /// Where the visit is rated, once it is over.
    rate: String,
    screen: String,
    nonce: String,
}

/// What a state means to whoever holds the ticket.
pub(super) fn tag(t: T, state: &TicketState) -> Tag {
    let tone = match state {
        TicketState::Waiting => Tone::Running,
        TicketState::Called { .. } => Tone::Act,
        TicketState::Serving { .. } | TicketState::Done { .. } => Tone::Good,
        TicketState::Held { .. } => Tone::Paused,
        TicketState::Missed { .. } => Tone::Bad,
        TicketState::Cancelled { .. } | TicketState::Expired { .. } => Tone::Quiet,
    };
    Tag::new(tone, t.halls_ticket_state(state.name()))
}

pub(super) async fn lines(visit: &Visit, own: &Ticket) -> Result<Vec<String>, Failure> {
    let t = visit.t();
    Ok(match &own.state {
        TicketState::Waiting => match ahead(visit.city(), own).await? {
            Some(wait) => {
                vec![
                    t.halls_ticket_ahead(wait.ahead),
                    t.halls_ticket_wait(wait.minutes),
                    t.halls_waiting_from(wait.from),
                ]
            }
            None => Vec::new(),
        },
        TicketState::Called { window, .. } | TicketState::Serving { window, .. } => {
            vec![t.halls_ticket_go(window.as_str())]
        }
        TicketState::Held { .. } => vec![t.halls_ticket_held().to_owned()],
        TicketState::Missed { .. } => vec![t.halls_ticket_missed().to_owned()],
        _ => Vec::new(),
    })
}

async fn page_of(
    visit: &Visit,
    own: &Ticket,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let place = shelf.place(&own.place).map_or_else(|_| own.place.clone(), |place| t.of(&place.name).to_owned());
    let view = TicketPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.halls_title(), "/places").link(place.as_str(), format!("/places/{}", own.place)),
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        number: own.number.clone(),
        place: place.clone(),
        tag: tag(t, &own.state),
        lines: lines(visit, own).await?,
        href: format!("/tickets/{}", own.id),
        cancel: own.is_open() && !matches!(own.state, TicketState::Serving { .. }),
        rate: match &own.state {
            TicketState::Done { .. } if !shelf.ratings().levels.is_empty() => format!("/tickets/{}/rate", own.id),
            _ => String::new(),
        },
        screen: format!("/screen/{}", own.place),
        nonce: nonce(visit.city()),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /places/{id}/tickets`.
pub(super) async fn take(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.person()?;
    visit.attempt("ticket")?;
    let wish = Take {
        place: id,
        counter: posted.get("counter").to_owned(),
        matter: posted.get("matter").to_owned(),
        assisted: false,
        code: String::new(),
        source: TicketSource::Web,
        key: form_key(&posted, actor),
    };
    let own = halls::take(visit.city(), actor, wish).await?;
    Ok(Redirect::to(&format!("/tickets/{}", own.id)).into_response())
}

/// `GET /tickets/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let own = halls::ticket(visit.city(), visit.actor()?, &id).await?;
    page_of(&visit, &own, StatusCode::OK, None).await
}

/// `POST /tickets/{id}/cancel`.
pub(super) async fn cancel(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (city, actor) = (visit.city(), visit.actor()?);
    let own = halls::ticket(city, actor, &id).await?;
    match halls::work(city, actor, &id, TicketCommand::Cancel, form_key(&posted, actor)).await {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{id}")).into_response()),
        Err(error) => page_of(visit, &own, StatusCode::CONFLICT, Some(refusal(visit.t(), error)?)).await,
    }
}
