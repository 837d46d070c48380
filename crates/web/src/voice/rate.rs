//! Rating a service: one page by four ways. Targets are at least 64 pixels high, so that it serves on a tablet at the window.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::Actor;
use domain::voice::{Channel, RatingReason};
use service::ServiceError;
use service::voice::{self, Entry, Given, Rateable, Standing, Wish};

use super::{form_key, matter_name, nonce, rules, said, window_name};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Fact, Facts, Field, Html, Icon, Notice, Tone};
use crate::layout::{Page, respond};

/// A level with its tags.
struct LevelView {
    stars: u8,
    name: String,
    checked: bool,
    tags: Vec<TagView>,
}

struct TagView {
    code: String,
    text: String,
    checked: bool,
}

/// The form, while the service may be rated.
struct Form {
    nonce: String,
    via: String,
    number: Option<Field>,
    levels: Vec<LevelView>,
    wrong: String,
    text: Field,
    phone: Field,
}

#[derive(Template)]
#[template(path = "voice/rate.html")]
struct RatePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    notice: Option<Notice>,
    facts: Option<Facts>,
    action: String,
    form: Option<Form>,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    number: String,
    stars: u8,
    tags: Vec<String>,
    text: String,
    phone: String,
    via: String,
    errors: Vec<(String, String)>,
}

impl Typed {
    fn read(posted: &Posted) -> Typed {
        Typed {
            number: posted.get("number").trim().to_owned(),
            stars: posted.get("stars").parse().unwrap_or(0),
            tags: posted.all("tags").into_iter().map(str::to_owned).collect(),
            text: posted.get("text").to_owned(),
            phone: posted.get("phone").to_owned(),
            via: posted.get("via").to_owned(),
            errors: Vec::new(),
        }
    }
}

/// Over which way a rating comes in: the link of a printed code says so itself.
fn channel(entry: &Entry, via: &str, headers: &HeaderMap) -> Channel {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    match entry {
        Entry::Code(_) => Channel::Message,
        Entry::Visit { .. } => Channel::QrCode,
        _ if via == "qr" => Channel::QrCode,
        _ if agent.contains("Mobi") => Channel::Mobile,
        _ => Channel::Pc,
    }
}

fn form(visit: &Visit, entry: &Entry, typed: &Typed) -> Result<Form, Failure> {
    let (t, city, shelf) = (visit.t(), visit.city(), visit.city().shelf());
    let wrong = |name: &str| {
        let found = typed.errors.iter().find(|(own, _)| own == name);
        found.map_or_else(String::new, |(_, words)| words.clone())
    };
    let most = usize::try_from(rules(city)?.text_chars).unwrap_or(usize::MAX);
    let levels = shelf.ratings().levels.iter().map(|level| LevelView {
        stars: level.stars,
        name: t.of(&level.name).to_owned(),
        checked: level.stars == typed.stars,
        tags: shelf
            .ratings()
            .tags_of(level.stars)
            .map(|tag| TagView {
                code: tag.code.clone(),
                text: t.of(&tag.text).to_owned(),
                checked: typed.tags.contains(&tag.code),
            })
            .collect(),
    });
    let by_number = matches!(entry, Entry::Visit { .. });
    Ok(Form {
        nonce: nonce(city),
        via: typed.via.clone(),
        number: by_number.then(|| {
            let field = Field::text(t, "number", t.voice_number()).hint(t.voice_number_hint()).width("s").max_length(6);
            field.autocomplete("off").value(typed.number.as_str()).error(wrong("number"))
        }),
        levels: levels.collect(),
        wrong: wrong("stars"),
        text: Field::textarea(t, "text", t.voice_text())
            .optional()
            .max_length(most)
            .value(typed.text.as_str())
            .error(wrong("text")),
        phone: Field::phone(t, "phone", t.voice_phone())
            .hint(t.voice_phone_hint())
            .optional()
            .max_length(20)
            .value(typed.phone.as_str())
            .error(wrong("phone")),
    })
}

fn facts(visit: &Visit, own: &Rateable) -> Facts {
    let (t, city) = (visit.t(), visit.city());
    let mut facts = vec![Fact::new(t.voice_service(), own.number.as_str())];
    let matter = matter_name(city, t, &own.matter);
    if !matter.is_empty() {
        facts.push(Fact::new(t.cases_matter(), matter));
    }
    if !own.place.is_empty() {
        facts.push(Fact::new(t.voice_place(), window_name(city, t, &format!("{}/{}", own.place, own.window))));
    }
    if let Some(at) = own.finished {
        facts.push(Fact::new(t.voice_finished(), t.moment(at)));
    }
    Facts::new(t, facts)
}

/// What the standing of a service says above the form; the second part is whether there is a form.
fn notice(t: T, standing: &Standing) -> (Option<Notice>, bool) {
    let told = |reason: RatingReason| (Some(Notice::new(Tone::Quiet, said(t, &reason.explain()))), false);
    match standing {
        Standing::Open { .. } => (None, true),
        Standing::Again { until, answer } => {
            let words = t.voice_again_until(t.moment(*until));
            let notice =
                Notice::new(Tone::Act, t.voice_answered()).body(Html::text(format!("{} {words}", answer.text)));
            (Some(notice), true)
        }
        Standing::Rated { at } => told(RatingReason::AlreadyRated { at: *at }),
        Standing::NotFinished => told(RatingReason::NotFinished),
        Standing::Over { at } => told(RatingReason::Over { at: *at }),
    }
}

/// Thanks, after a rating was sent.
fn thanks(t: T, query: &BTreeMap<String, String>) -> Option<Notice> {
    query.get("done")?;
    let order = query.get("order").filter(|own| own.len() < 20 && own.chars().all(|c| c.is_ascii_alphanumeric()));
    let body = order.map_or_else(|| t.voice_thanks_text().to_owned(), |number| t.voice_thanks_order(number));
    Some(Notice::new(Tone::Good, t.voice_thanks()).body(body))
}

/// The page around a service, or around the question which number it was.
async fn show(
    visit: &Visit,
    entry: &Entry,
    status: StatusCode,
    typed: Typed,
    query: &BTreeMap<String, String>,
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page());
    let actor = visit.signed_in.as_ref().map(|own| &own.actor);
    let open = matches!(entry, Entry::Visit { .. });
    let mut errors = ErrorSummary::new(t);
    for (name, words) in &typed.errors {
        errors.push(name, words.as_str());
    }
    let (mut above, form_shown, facts) = if open {
        (None, true, None)
    } else {
        let own = voice::rateable(visit.city(), actor, entry).await?;
        let (above, rateable) = notice(t, &own.standing);
        (above, rateable, Some(facts(visit, &own)))
    };
    let thanked = thanks(t, query);
    let done = thanked.is_some();
    above = thanked.or(above);
    let view = RatePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.voice_title(), "/ratings"),
        errors,
        notice: above,
        facts,
        action: visit.path.split('?').next().unwrap_or_default().to_owned(),
        form: if form_shown && !done { Some(form(visit, entry, &typed)?) } else { None },
    };
    Ok(respond(status, t.lang(), &view))
}

async fn send(posted: &Posted, headers: &HeaderMap, entry: Entry) -> Result<Response, Failure> {
    let (visit, shelf) = (&posted.visit, posted.visit.city().shelf());
    visit.attempt("rate")?;
    let actor: Option<&Actor> = visit.signed_in.as_ref().map(|own| &own.actor);
    let mut typed = Typed::read(posted);
    // Tags of the levels that were not chosen are hidden on the page, perhaps with a tick from before.
    typed.tags.retain(|code| shelf.ratings().tag(code).is_none_or(|tag| tag.stars == typed.stars));
    let wish = Wish {
        channel: channel(&entry, &typed.via, headers),
        entry: entry.clone(),
        stars: typed.stars,
        tags: typed.tags.clone(),
        text: typed.text.clone(),
        phone: typed.phone.clone(),
        key: actor.and_then(|actor| form_key(posted, actor)),
    };
    let nothing = BTreeMap::new();
    match voice::rate(visit.city(), actor, wish).await {
        Ok(Given { stars, order, .. }) => {
            let path = visit.path.split('?').next().unwrap_or_default();
            let order = order.map_or_else(String::new, |number| format!("&order={number}"));
            Ok(Redirect::to(&format!("{path}?done={stars}{order}")).into_response())
        }
        Err(ServiceError::Invalid(fields)) => {
            let t = visit.t();
            typed.errors = fields.into_iter().map(|own| (own.field, t.of(&own.message).to_owned())).collect();
            show(visit, &entry, StatusCode::UNPROCESSABLE_ENTITY, typed, &nothing).await
        }
        // At a window there is nothing else to show but what was refused.
        Err(ServiceError::Rating(refusal)) if matches!(entry, Entry::Visit { .. }) => {
            let words = said(visit.t(), &refusal.reason.explain());
            typed.errors = vec![("number".to_owned(), words)];
            show(visit, &entry, StatusCode::CONFLICT, typed, &nothing).await
        }
        Err(ServiceError::Rating(refusal)) if !matches!(refusal.reason, RatingReason::OwnWork) => {
            show(visit, &entry, StatusCode::CONFLICT, typed, &nothing).await
        }
        Err(other) => Err(other.into()),
    }
}

type Asked = Query<BTreeMap<String, String>>;

fn opened(query: &BTreeMap<String, String>) -> Typed {
    Typed { via: query.get("via").cloned().unwrap_or_default(), ..Typed::default() }
}

/// `GET /cases/{number}/rate`.
pub(super) async fn of_case(
    visit: Visit,
    Path(number): Path<String>,
    Query(query): Asked,
) -> Result<Response, Failure> {
    visit.actor()?;
    show(&visit, &Entry::Case(number), StatusCode::OK, opened(&query), &query).await
}

/// `POST /cases/{number}/rate`.
pub(super) async fn send_of_case(
    Path(number): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    posted.visit.actor()?;
    send(&posted, &headers, Entry::Case(number)).await
}

/// `GET /tickets/{id}/rate`.
pub(super) async fn of_ticket(visit: Visit, Path(id): Path<String>, Query(query): Asked) -> Result<Response, Failure> {
    visit.actor()?;
    show(&visit, &Entry::Ticket(id), StatusCode::OK, opened(&query), &query).await
}

/// `POST /tickets/{id}/rate`.
pub(super) async fn send_of_ticket(
    Path(id): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    posted.visit.actor()?;
    send(&posted, &headers, Entry::Ticket(id)).await
}

/// `GET /rate/{code}`: whoever holds the code may rate; nobody needs an account.
pub(super) async fn by_code(visit: Visit, Path(code): Path<String>, Query(query): Asked) -> Result<Response, Failure> {
    visit.attempt("rate-code")?;
    show(&visit, &Entry::Code(code), StatusCode::OK, opened(&query), &query).await
}

/// `POST /rate/{code}`.
pub(super) async fn send_by_code(
    Path(code): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    send(&posted, &headers, Entry::Code(code)).await
}

fn at(visit: &Visit, place: String, window: String, number: String) -> Result<Entry, Failure> {
    let shelf = visit.city().shelf();
    shelf.place(&place)?.counter_of_window(&window).ok_or(ServiceError::NotFound("window"))?;
    Ok(Entry::Visit { place, window: Some(window), number })
}

/// `GET /rate/at/{place}/{window}`: where the code at a window leads.
pub(super) async fn at_window(
    visit: Visit,
    Path((place, window)): Path<(String, String)>,
    Query(query): Asked,
) -> Result<Response, Failure> {
    let entry = at(&visit, place, window, String::new())?;
    show(&visit, &entry, StatusCode::OK, opened(&query), &query).await
}

/// `POST /rate/at/{place}/{window}`.
pub(super) async fn send_at_window(
    Path((place, window)): Path<(String, String)>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let entry = at(&posted.visit, place, window, posted.get("number").to_owned())?;
    send(&posted, &headers, entry).await
}

#[derive(Template)]
#[template(path = "voice/enter.html")]
struct EnterPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    code: Field,
}

/// `GET /rate?code=`: asks for the code of a message and leads to its page.
pub(super) async fn enter(visit: Visit, Query(query): Asked) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page());
    let code = query.get("code").map_or("", |code| code.trim());
    let mut errors = ErrorSummary::new(t);
    let mut field =
        Field::text(t, "code", t.voice_code()).hint(t.voice_code_hint()).width("m").max_length(20).value(code);
    let mut status = StatusCode::OK;
    if !code.is_empty() {
        visit.attempt("rate-code")?;
        match voice::rateable(visit.city(), None, &Entry::Code(code.to_owned())).await {
            Ok(_) => {
                let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
                return Ok(Redirect::to(&format!("/rate/{plain}")).into_response());
            }
            Err(ServiceError::NotFound(_)) => {
                errors.push("code", t.voice_code_unknown());
                field = field.error(t.voice_code_unknown());
                status = StatusCode::NOT_FOUND;
            }
            Err(other) => return Err(other.into()),
        }
    }
    let crumbs = Crumbs::new(t).link(t.voice_title(), "/ratings");
    Ok(respond(status, t.lang(), &EnterPage { t, page: &page, crumbs, errors, code: field }))
}
