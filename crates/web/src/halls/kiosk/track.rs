//! How an application stands, by its number and the end of the applicant's.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::text::Text;
use service::halls::kiosk::{self, Tracked};
use service::{FieldError, ServiceError};

use super::at;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::halls::matter_name;
use crate::i18n::T;
use crate::kit::{ErrorSummary, Fact, Facts, Field};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "halls/kiosk/track.html")]
struct TrackPage<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    fields: [Field; 2],
    found: Option<Facts>,
}

fn facts(visit: &Visit, own: &Tracked) -> Facts {
    let t = visit.t();
    let due = match (own.deadline, own.ended) {
        (_, true) => t.kiosk_track_ended().to_owned(),
        (Some(at), false) => t.date(at.plus_seconds(-1).date()),
        (None, false) => t.kiosk_track_paused().to_owned(),
    };
    let mut facts = vec![
        Fact::new(t.kiosk_track_number(), own.number.as_str()),
        Fact::new(t.kiosk_track_matter(), matter_name(visit.city(), t, &own.matter)),
        Fact::new(t.kiosk_track_state(), t.of(&own.state)),
    ];
    if let Some(received) = own.received {
        facts.push(Fact::new(t.kiosk_track_received(), t.moment(received)));
    }
    facts.push(Fact::new(t.kiosk_track_due(), due));
    Facts::new(t, facts)
}

fn show(visit: &Visit, typed: [&str; 2], problems: &Problems, found: Option<&Tracked>) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let [number, tail] = typed;
    let problems_left = problems.summary(t, &["number", "tail"]);
    let status = if problems_left.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = TrackPage {
        t,
        page: &page,
        errors: problems_left,
        fields: [
            Field::text(t, "number", t.kiosk_track_number())
                .hint(t.kiosk_track_number_hint())
                .autocomplete("off")
                .max_length(40)
                .value(number)
                .error(problems.at(t, "number")),
            Field::text(t, "tail", t.kiosk_track_tail())
                .hint(t.kiosk_track_tail_hint())
                .autocomplete("off")
                .max_length(4)
                .value(tail)
                .error(problems.at(t, "tail")),
        ],
        found: found.map(|own| facts(visit, own)),
    };
    respond(status, t.lang(), &view)
}

/// `GET /kiosk/track`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    at(&visit)?;
    Ok(show(&visit, ["", ""], &Problems::default(), None))
}

/// `POST /kiosk/track`.
pub(super) async fn look_up(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let device = at(visit)?;
    let typed = [posted.get("number"), posted.get("tail")];
    let missing = ["number", "tail"].into_iter().zip(typed).filter(|(_, value)| value.trim().is_empty());
    let missing: Vec<FieldError> =
        missing.map(|(field, _)| FieldError::new(field, Text::new("请填写这一项。", "Fill this in."))).collect();
    if !missing.is_empty() {
        return Ok(show(visit, typed, &Problems::of(ServiceError::Invalid(missing))?, None));
    }
    // The end of a number has ten thousand values: nobody may try them all. Counted by device, because many stand behind one address.
    let (limiter, now) = (&visit.app.limiter, visit.city().now());
    limiter.attempt("track", device.id, now).map_err(ServiceError::TooMany)?;
    let [number, tail] = typed;
    match kiosk::track(visit.city(), number, tail).await {
        Ok(found) => Ok(show(visit, typed, &Problems::default(), Some(&found))),
        Err(error) => Ok(show(visit, typed, &Problems::of(error)?, None)),
    }
}
