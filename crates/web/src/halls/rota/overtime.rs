//! `/desk/overtime`: time served past closing and time off in lieu: one's own, and that of the staff for whoever plans the rota.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::Actor;
use domain::halls::{Ledger, Lieu, LieuKind, Overtime};
use service::ServiceError;
use service::halls::rota::{self, LieuEntry};

use super::{Typed, place_field, place_of, staff, typed};
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame;
use crate::halls::{form_key, nonce, refusal};
use crate::i18n::T;
use crate::kit::{Choice, Field, Notice, Tag, Tone};
use crate::layout::{Page, respond};

/// How many of the latest entries are shown.
const SHOWN: usize = 20;

/// One ledger.
struct LedgerCard {
    account: String,
    name: String,
    worked: String,
    /// For which nothing was granted yet.
    open: String,
    granted: String,
    taken: String,
    balance: Tag,
    entries: Vec<String>,
}

#[derive(Template)]
#[template(path = "halls/rota/overtime.html")]
struct OvertimePage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    choice: Field,
    place: &'a str,
    own: Option<LedgerCard>,
    /// Ledgers of the staff, and the form, for whoever plans the rota.
    staff: Option<(Vec<LedgerCard>, Vec<Field>)>,
    nonce: String,
}

fn worked(visit: &Visit, own: &Overtime) -> String {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let place = shelf.place(&own.place).map_or_else(|_| own.place.clone(), |place| t.of(&place.name).to_owned());
    let span = format!("{}–{}", t.clock(own.from), t.clock(own.to));
    t.rota_worked(t.day(own.from.date()), span, place, own.window.as_str(), own.ticket.as_str(), own.seconds() / 60)
}

fn entered(t: T, own: &Lieu) -> String {
    let words = match own.kind {
        LieuKind::Granted => t.rota_granted_on(t.day(own.day), own.minutes),
        LieuKind::Taken => t.rota_taken_on(t.day(own.day), own.minutes),
    };
    if own.reason.is_empty() { words } else { t.rota_because(words, own.reason.as_str()) }
}

fn card(visit: &Visit, own: &Ledger, name: String) -> LedgerCard {
    let t = visit.t();
    let entries = own.lieu.iter().map(|entry| (entry.at, entered(t, entry)));
    let mut entries: Vec<_> =
        entries.chain(own.overtime.iter().map(|entry| (entry.to, worked(visit, entry)))).collect();
    entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let tone = if own.balance() < 0 { Tone::Act } else { Tone::Good };
    LedgerCard {
        account: own.account.clone(),
        name,
        worked: t.rota_minutes(own.worked_minutes()),
        open: t.rota_minutes(own.open_minutes()),
        granted: t.rota_minutes(own.granted),
        taken: t.rota_minutes(own.taken),
        balance: Tag::new(tone, t.rota_balance(own.balance())),
        entries: entries.into_iter().take(SHOWN).map(|(_, words)| words).collect(),
    }
}

fn form(visit: &Visit, cards: &[LedgerCard], fields: &Typed) -> Vec<Field> {
    let t = visit.t();
    let people: Vec<Choice> = cards.iter().map(|own| Choice::new(own.account.as_str(), own.name.as_str())).collect();
    let first = people.first().map_or_else(String::new, |choice| choice.value.clone());
    let or = |name: &str, other: String| match typed(fields, name) {
        "" => other,
        text => text.to_owned(),
    };
    let kinds = vec![Choice::new("granted", t.rota_kind("granted")), Choice::new("taken", t.rota_kind("taken"))];
    vec![
        Field::select(t, "account", t.rota_member(), people).value(or("account", first)),
        Field::radio(t, "kind", t.rota_kind_label(), kinds).value(or("kind", "granted".to_owned())),
        Field::number(t, "minutes", t.rota_minutes_label()).value(typed(fields, "minutes")),
        Field::date(t, "day", t.rota_day()).value(or("day", visit.city().now().date().to_string())),
        Field::text(t, "reason", t.rota_reason())
            .hint(t.rota_reason_hint())
            .max_length(200)
            .autocomplete("off")
            .optional()
            .value(typed(fields, "reason")),
    ]
}

async fn show(visit: &Visit, status: StatusCode, fields: &Typed, problem: Option<String>) -> Result<Response, Failure> {
    let actor = staff(visit)?;
    let (t, city) = (visit.t(), visit.city());
    let (page, shelf) = (frame::page(visit, "/desk/overtime").await?, city.shelf());
    let place = place_of(city, &shelf, actor, typed(fields, "place")).await?;
    let own = visit.has(domain::accounts::Role::Clerk).then_some(rota::ledger_of(city, actor).await?);
    let cards = match rota::plans(actor, place) {
        true => {
            let all = rota::ledgers(city, actor, &place.id).await?;
            Some(all.into_iter().map(|(own, name)| card(visit, &own, name)).collect::<Vec<_>>())
        }
        false => None,
    };
    let view = OvertimePage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        choice: place_field(t, &shelf, &place.id),
        place: &place.id,
        own: own.map(|own| card(visit, &own, t.rota_own().to_owned())),
        staff: cards.map(|cards| {
            let fields = form(visit, &cards, fields);
            (cards, fields)
        }),
        nonce: nonce(city),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/overtime?place=`.
pub(super) async fn page(visit: Visit, Query(fields): Query<Typed>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, &fields, None).await
}

fn entry(posted: &Posted) -> Result<LieuEntry, ServiceError> {
    let minutes = posted
        .get("minutes")
        .trim()
        .parse()
        .map_err(|_| ServiceError::field("minutes", "请用数字填写分钟数。", "Enter the minutes as a number."))?;
    let day = posted.get("day").parse().map_err(|_| ServiceError::field("day", "请选择日期。", "Choose a day."))?;
    Ok(LieuEntry {
        account: posted.get("account").to_owned(),
        kind: if posted.get("kind") == "taken" { LieuKind::Taken } else { LieuKind::Granted },
        minutes,
        day,
        reason: posted.get("reason").to_owned(),
    })
}

async fn enter(posted: &Posted, actor: &Actor) -> Result<(), ServiceError> {
    let city = posted.visit.city();
    let shelf = city.shelf();
    let place = place_of(city, &shelf, actor, posted.get("place")).await?;
    // Whoever does not plan this rota hears so before anything typed is looked at.
    rota::permit_plan(actor, place)?;
    rota::enter_lieu(city, actor, &place.id, entry(posted)?, form_key(posted, actor)).await.map(|_| ())
}

/// `POST /desk/overtime`: grants time off, or enters what was taken.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = staff(visit)?;
    match enter(&posted, actor).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/overtime?place={}", posted.get("place"))).into_response()),
        Err(error) => {
            let status = match &error {
                ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let problem = Some(refusal(visit.t(), error)?);
            let fields: Typed = posted.pairs.iter().cloned().collect();
            show(visit, status, &fields, problem).await
        }
    }
}
