//! `/desk/terminals`: the devices of a place, when each was heard last, what is wrong, and who calls; administrators register, renew
//! and revoke them.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Device, DeviceKind, Fault, FaultKind, Place, Reported};
use service::ServiceError;
use service::halls::devices::{self, NewDevice, Seen, terminal_rules};

use super::refusal;
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame;
use crate::i18n::T;
use crate::kit::{Choice, Field, Notice, Tag, Tone};
use crate::layout::{Page, respond};

/// A fault with what mends it.
struct FaultRow {
    kind: &'static str,
    part: String,
    words: String,
}

struct DeviceRow {
    id: String,
    name: String,
    kind: String,
    place: String,
    href: String,
    state: Tag,
    heard: Option<Tag>,
    seen: String,
    calling: String,
    faults: Vec<FaultRow>,
    /// Whether an administrator may give another code and revoke it; only in the list of a place.
    manage: bool,
    /// Whether its place must be named, because the list is the city's.
    named: bool,
}

/// A code that was given a moment ago.
struct Given {
    name: String,
    code: String,
    text: String,
}

#[derive(Template)]
#[template(path = "halls/terminals.html")]
struct TerminalsPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    given: Option<Given>,
    troubled: Vec<DeviceRow>,
    choice: Field,
    place: String,
    rows: Vec<DeviceRow>,
    /// May mend and answer calls.
    serves: bool,
    /// The form of administrators.
    add: Option<Vec<Field>>,
    reason: String,
}

fn manages(actor: &Actor) -> bool {
    may(actor, Action::ManageAccounts, &Subject::default()).is_ok()
}

fn fault(t: T, own: &Fault) -> FaultRow {
    let kind = own.what.kind.as_str();
    let name = t.kiosk_fault(kind);
    let name = if own.what.part.is_empty() { name } else { t.kiosk_fault_part(name, own.what.part.as_str()) };
    FaultRow { kind, part: own.what.part.clone(), words: t.kiosk_desk_since(name, t.moment(own.since)) }
}

fn row(visit: &Visit, actor: &Actor, seen: &Seen, named: bool) -> DeviceRow {
    let (t, shelf, own) = (visit.t(), visit.city().shelf(), &seen.device);
    let tone = match own.state.name() {
        "active" => Tone::Good,
        "registered" => Tone::Act,
        _ => Tone::Quiet,
    };
    let active = own.key().is_some();
    let heard = match seen.silent {
        true => Tag::new(Tone::Bad, t.kiosk_desk_silent()),
        false => Tag::new(Tone::Good, t.kiosk_desk_heard()),
    };
    DeviceRow {
        id: own.id.to_string(),
        name: own.name.clone(),
        kind: t.kiosk_device(own.kind.as_str()),
        place: shelf.place(&own.place).map_or("", |place| t.of(&place.name)).to_owned(),
        href: format!("/desk/terminals?place={}", own.place),
        state: Tag::new(tone, t.kiosk_state(own.state.name())),
        heard: active.then_some(heard),
        seen: match seen.last.filter(|_| active) {
            Some(at) => t.kiosk_desk_seen(t.moment(at)),
            None => t.kiosk_desk_never().to_owned(),
        },
        calling: own.calling.map_or_else(String::new, |at| t.kiosk_desk_calling(t.clock(at))),
        faults: own.faults.iter().map(|own| fault(t, own)).collect(),
        manage: !named && manages(actor) && own.state.name() != "revoked",
        named,
    }
}

fn place_field(visit: &Visit, chosen: &str) -> Field {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let choices = shelf.places().places.iter().map(|own| Choice::new(own.id.as_str(), t.of(&own.name)));
    Field::select(t, "place", t.kiosk_desk_place(), choices.collect()).value(chosen)
}

fn add_fields(t: T, place: &Place, typed: &Typed) -> Vec<Field> {
    let kinds = DeviceKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), t.kiosk_device(kind.as_str())));
    let none = Choice::new("", t.kiosk_desk_terminal_none());
    let own = place.terminals.iter().map(|own| Choice::new(own.id.as_str(), t.of(&own.name)));
    let kind = if typed.kind.is_empty() { DeviceKind::Kiosk.as_str() } else { typed.kind.as_str() };
    vec![
        Field::select(t, "kind", t.kiosk_desk_kind(), kinds.collect()).value(kind),
        Field::select(t, "terminal", t.kiosk_desk_terminal(), std::iter::once(none).chain(own).collect())
            .value(typed.terminal.as_str())
            .optional(),
        Field::text(t, "name", t.kiosk_desk_name())
            .hint(t.kiosk_desk_name_hint())
            .max_length(60)
            .autocomplete("off")
            .value(typed.name.as_str()),
    ]
}

/// What was typed into the form of a new device.
#[derive(Default)]
struct Typed {
    kind: String,
    terminal: String,
    name: String,
}

/// What a page says beside the devices.
#[derive(Default)]
struct Said {
    problem: Option<String>,
    given: Option<(Device, String)>,
    typed: Typed,
}

async fn show(visit: &Visit, status: StatusCode, place: &str, said: Said) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    let (t, city) = (visit.t(), visit.city());
    let troubled = devices::troubled(city, actor).await?.devices;
    let shelf = city.shelf();
    let first = troubled.first().map(|own| own.device.place.as_str());
    let chosen = if place.is_empty() { first.unwrap_or_default() } else { place };
    let own = shelf.place(chosen).ok().or(shelf.places().places.first()).ok_or(ServiceError::NotFound("place"))?;
    let mut seen = devices::devices_of(city, actor, &own.id).await?;
    seen.sort_by_key(|own| !own.is_troubled());
    let page = frame::page(visit, "/desk/terminals").await?;
    let minutes = terminal_rules(city).map_or(0, |rules| rules.enrol_minutes);
    let view = TerminalsPage {
        t,
        page: &page,
        problem: said.problem.map(|words| Notice::new(Tone::Act, words)),
        given: said.given.map(|(device, code)| Given {
            name: device.name,
            code,
            text: t.kiosk_desk_code_text(minutes),
        }),
        troubled: troubled.iter().map(|own| row(visit, actor, own, true)).collect(),
        choice: place_field(visit, &own.id),
        place: own.id.clone(),
        rows: seen.iter().map(|own| row(visit, actor, own, false)).collect(),
        serves: may(actor, Action::ServeQueue, &Subject::default()).is_ok() || manages(actor),
        add: manages(actor).then(|| add_fields(t, own, &said.typed)),
        reason: t.kiosk_desk_reason().to_owned(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/terminals`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, query.get("place").map_or("", String::as_str), Said::default()).await
}

/// What a button of the page does; a code that it gave is shown on the answer itself, and nowhere again.
async fn act(posted: &Posted, actor: &Actor) -> Result<Option<(Device, String)>, ServiceError> {
    let (city, id) = (posted.visit.city(), posted.get("device"));
    match posted.get("do") {
        "register" => {
            let kind = DeviceKind::parse(posted.get("kind")).unwrap_or(DeviceKind::Kiosk);
            let new = NewDevice {
                place: posted.get("place").to_owned(),
                terminal: posted.get("terminal").to_owned(),
                kind,
                name: posted.get("name").to_owned(),
            };
            devices::register(city, actor, new).await.map(Some)
        }
        "code" => devices::issue_code(city, actor, id).await.map(Some),
        "revoke" => devices::revoke_device(city, actor, id, posted.get("reason")).await.map(|_| None),
        "came" => devices::staff_came(city, actor, id).await.map(|_| None),
        _ => {
            let kind = FaultKind::parse(posted.get("fault")).ok_or(ServiceError::NotFound("fault"))?;
            let what = Reported { kind, part: posted.get("part").to_owned() };
            devices::mend(city, actor, id, &what).await.map(|_| None)
        }
    }
}

/// `POST /desk/terminals`.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.staff()?;
    devices::permit(actor)?;
    let place = posted.get("place");
    match act(&posted, actor).await {
        Ok(None) => Ok(Redirect::to(&format!("/desk/terminals?place={place}")).into_response()),
        Ok(given) => show(visit, StatusCode::OK, place, Said { given, ..Said::default() }).await,
        Err(error) => {
            let status = match &error {
                ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let problem = Some(refusal(visit.t(), error)?);
            let text = |name: &str| posted.get(name).to_owned();
            let typed = Typed { kind: text("kind"), terminal: text("terminal"), name: text("name") };
            show(visit, status, place, Said { problem, given: None, typed }).await
        }
    }
}
