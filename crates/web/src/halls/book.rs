//! `/places/{id}/book`: the matter, then a day and a time, then in whose name and with what in hand. One form at a time, each a
//! plain request.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Party};
use domain::catalog::{MaterialSource, Matter, Necessity};
use domain::halls::Place;
use domain::text::Text;
use jiff::civil::Date;
use service::halls::{self, Book, free_days, slots};
use service::{FieldError, ServiceError};

use super::{form_key, nonce, refusal};
use crate::accounts::{Problems, kind_words, shown_code};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, Empty, ErrorSummary, Field, Icon, Tab, Tabs};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "halls/book.html")]
struct BookPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: String,
    action: String,
    /// The choice of the matter, while it is not made.
    matter: Option<Field>,
    chosen: Option<Chosen>,
}

/// The second step.
struct Chosen {
    slug: String,
    name: String,
    days: Tabs,
    date: String,
    slots: Option<Field>,
    empty: Empty,
    who: Field,
    ready: Option<Field>,
    next: String,
    rules: String,
    nonce: String,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    matter: String,
    date: Option<Date>,
    slot: String,
    applicant: String,
    prepared: Vec<String>,
}

/// The materials that the applicant brings.
pub(super) fn brought(matter: &Matter) -> Vec<(String, Text)> {
    let own = matter.materials.iter().filter(|material| {
        material.shared_from.is_none()
            && material.source != MaterialSource::Government
            && material.necessity == Necessity::Required
    });
    own.map(|material| (material.slot.clone(), material.name.clone())).collect()
}

/// Everybody for whom the person may come.
fn parties<'a>(actor: &'a Actor, matter: &'a str) -> impl Iterator<Item = &'a Party> {
    actor.parties_for(Action::Visit, Some(matter))
}

fn matter_field(t: T, visit: &Visit, place: &Place, problems: &Problems) -> Field {
    let shelf = visit.city().shelf();
    let taken = shelf.matters().filter(|own| {
        let slug = &own.bundle.matter.slug;
        place.counters_for(slug).any(|counter| counter.booking.is_some())
    });
    let choices = taken.map(|own| Choice::new(own.bundle.matter.slug.as_str(), t.of(&own.bundle.matter.name)));
    Field::select(t, "matter", t.halls_book_matter(), choices.collect()).error(problems.at(t, "matter"))
}

fn who(t: T, actor: &Actor, (matter, chosen): (&str, &str), problems: &Problems) -> Field {
    let choice = |party: &Party| {
        let hint = format!("{} · {}", kind_words(t, party.kind), shown_code(party));
        Choice::new(party.code.as_str(), party.name.as_str()).hint(hint)
    };
    let first = actor.person.as_ref().map_or("", |party| party.code.as_str());
    Field::radio(t, "applicant", t.halls_book_who(), parties(actor, matter).map(choice).collect())
        .value(if chosen.is_empty() { first } else { chosen })
        .error(problems.at(t, "applicant"))
}

fn ready(t: T, matter: &Matter, prepared: &[String]) -> Option<Field> {
    let own = brought(matter);
    let choices = own.iter().map(|(slot, name)| Choice::new(slot.as_str(), t.of(name))).collect();
    let field = Field::checkboxes(t, "prepared", t.halls_book_ready(), choices).hint(t.halls_book_ready_hint());
    (!own.is_empty()).then(|| prepared.iter().fold(field.optional(), |field, slot| field.value(slot.as_str())))
}

async fn chosen(visit: &Visit, place: &Place, typed: &Typed, problems: &Problems) -> Result<Chosen, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let shelf = city.shelf();
    let matter = &shelf.matter(&typed.matter)?.bundle.matter;
    let (days, next) = free_days(city, &place.id, Some(&matter.slug)).await?;
    let first = days.iter().find(|(_, free)| *free > 0).or(days.first()).map(|(day, _)| *day);
    let date = typed.date.or(first).unwrap_or_else(|| city.now().date());
    let tab = |(day, free): &(Date, i64)| Tab {
        label: format!("{} · {}", t.day(*day), t.halls_book_day_free(*free)),
        href: format!("/places/{}/book?matter={}&date={day}", place.id, matter.slug),
        current: *day == date,
        count: None,
    };
    let free = slots(city, &place.id, date, Some(&matter.slug)).await?;
    let choices: Vec<Choice> = free
        .iter()
        .filter(|slot| slot.free > 0)
        .map(|slot| {
            let counter = place.counter(&slot.counter).map_or("", |counter| t.of(&counter.name));
            let hint = format!("{counter} · {}", t.halls_book_slot_free(slot.free));
            Choice::new(slot.id.as_str(), format!("{}–{}", t.clock(slot.start), t.clock(slot.end))).hint(hint)
        })
        .collect();
    let slots = Field::radio(t, "slot", t.halls_book_slot(), choices.clone());
    let rules = domain::halls::rules_on(&shelf.places().booking, city.now().date());
    Ok(Chosen {
        slug: matter.slug.clone(),
        name: t.of(&matter.name).to_owned(),
        days: Tabs::new(t.halls_book_day(), days.iter().map(tab).collect()),
        date: date.to_string(),
        slots: (!choices.is_empty()).then(|| slots.value(typed.slot.as_str()).error(problems.at(t, "slot"))),
        empty: Empty::new(Icon::Calendar, t.halls_book_none(), t.halls_book_none_text())
            .action(t.halls_all(), format!("/places?matter={}", matter.slug)),
        who: who(t, visit.person()?, (typed.matter.as_str(), typed.applicant.as_str()), problems),
        ready: ready(t, matter, &typed.prepared),
        next: t.halls_book_next(t.moment(next)),
        rules: rules.map_or_else(String::new, |own| t.halls_book_rules(own.within_days, own.missed, own.barred_days)),
        nonce: nonce(city),
    })
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    id: &str,
    typed: &Typed,
    problems: &Problems,
) -> Result<Response, Failure> {
    visit.person()?;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Matters));
    let shelf = visit.city().shelf();
    let place = shelf.place(id)?;
    if !place.books() {
        return Err(ServiceError::NotFound("appointments").into());
    }
    let view = BookPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.halls_title(), "/places").link(t.of(&place.name), format!("/places/{id}")),
        errors: problems.summary(t, &["matter", "slot", "applicant"]),
        name: t.of(&place.name).to_owned(),
        action: format!("/places/{id}/book"),
        matter: typed.matter.is_empty().then(|| matter_field(t, visit, place, problems)),
        chosen: match typed.matter.is_empty() {
            true => None,
            false => Some(chosen(visit, place, typed, problems).await?),
        },
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /places/{id}/book`.
pub(super) async fn page(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let typed = Typed {
        matter: query.get("matter").cloned().unwrap_or_default(),
        date: query.get("date").and_then(|date| date.parse().ok()),
        ..Typed::default()
    };
    show(&visit, StatusCode::OK, &id, &typed, &Problems::default()).await
}

/// `POST /places/{id}/book`.
pub(super) async fn send(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.person()?;
    let t = visit.t();
    let typed = Typed {
        matter: posted.get("matter").to_owned(),
        date: posted.get("date").parse().ok(),
        slot: posted.get("slot").to_owned(),
        applicant: posted.get("applicant").to_owned(),
        prepared: posted.all("prepared").into_iter().map(str::to_owned).collect(),
    };
    let problem = |field: &str, zh: &str, en: &str| Problems::one(field, Text::new(zh, en));
    let applicant = parties(actor, &typed.matter).find(|party| party.code == typed.applicant);
    let problems = match applicant {
        _ if typed.matter.is_empty() => problem("matter", "请选择要办的事项。", "Choose the matter."),
        _ if typed.slot.is_empty() => problem("slot", "请选择一个时段。", "Choose a time."),
        None => problem("applicant", "请选择以谁的名义办理。", "Choose in whose name you come."),
        Some(applicant) => {
            let wish = Book {
                slot: typed.slot.clone(),
                matter: typed.matter.clone(),
                applicant: applicant.clone(),
                prepared: prepared(visit, &typed)?,
                key: form_key(&posted, actor),
            };
            match halls::book(visit.city(), actor, wish).await {
                Ok(own) => return Ok(Redirect::to(&format!("/appointments/{}", own.id)).into_response()),
                Err(error) => {
                    let words = refusal(t, error)?;
                    Problems::of(ServiceError::Invalid(vec![FieldError::new("slot", Text::new(words.clone(), words))]))?
                }
            }
        }
    };
    show(visit, StatusCode::UNPROCESSABLE_ENTITY, &id, &typed, &problems).await
}

/// The ticked materials that the matter knows.
fn prepared(visit: &Visit, typed: &Typed) -> Result<Vec<String>, Failure> {
    let shelf = visit.city().shelf();
    let known = brought(&shelf.matter(&typed.matter)?.bundle.matter);
    let ticked = typed.prepared.iter().filter(|slot| known.iter().any(|(own, _)| own == *slot));
    Ok(ticked.cloned().collect())
}
