//! Licences at the desk: found, shown with what may be done to them, and corrected, suspended, resumed or ended. The public page says so at
//! once. The forms stand in `licence_ways.rs`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{Licence, LicenceRefusal, Standing};
use service::licences::{self, Ending, LicenceView};
use service::{City, ServiceError};

use super::frame;
use super::licence_ways::{Step, Typed, Way, line_name, ways};
use crate::accounts::party_facts;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{CopyText, Crumbs, Empty, ErrorSummary, Fact, Facts, Html, Icon, Tag};
use crate::layout::{Page, respond};
use crate::licences::standing_tag;

struct Found {
    href: String,
    name: String,
    number: String,
    holder: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "desk/licences.html")]
struct FindPage<'a> {
    t: T,
    page: &'a Page,
    words: &'a str,
    found: Vec<Found>,
    empty: Option<Empty>,
}

/// Whoever may act on licences at all.
fn officer(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::RevokeLicence, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

/// `GET /desk/licences?q=`.
pub(super) async fn find(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = officer(&visit)?;
    let (t, city) = (visit.t(), visit.city());
    let words = query.get("q").map_or("", |words| words.trim());
    let hits = if words.is_empty() { Vec::new() } else { licences::find(city, actor, words).await? };
    let found: Vec<Found> = hits
        .iter()
        .map(|own| Found {
            href: format!("/desk/licences/{}", own.licence.id),
            name: t.of(&own.licence.name).to_owned(),
            number: own.licence.number.clone(),
            holder: own.licence.holder.name.clone(),
            tag: standing_tag(t, own.standing),
        })
        .collect();
    let none = found.is_empty() && !words.is_empty();
    let page = frame::page(&visit, "/desk/licences").await?;
    let empty = none.then(|| Empty::new(Icon::Search, t.desk_licence_none(), t.desk_licence_none_text()));
    Ok(respond(StatusCode::OK, t.lang(), &FindPage { t, page: &page, words, found, empty }))
}

/// That it is suspended or has ended, when, and why.
struct Taken {
    suspended: bool,
    title: &'static str,
    reason: String,
}

#[derive(Template)]
#[template(path = "desk/licence.html")]
struct LicencePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    tag: Tag,
    facts: Facts,
    /// How and why it was taken out of force.
    taken: Option<Taken>,
    action: String,
    public: String,
    ways: Vec<Way>,
}

fn facts(t: T, city: &City, licence: &Licence) -> Vec<Fact> {
    let mut facts = vec![Fact::new(t.licences_number(), Html::of(&CopyText::new(t, licence.number.as_str())))];
    facts.extend(party_facts(t, &licence.holder));
    let validity = match licence.valid_to {
        Some(last) => t.licences_from_to(t.date(licence.valid_from), t.date(last)),
        None => t.licences_from_on(t.date(licence.valid_from)),
    };
    facts.push(Fact::new(t.licences_validity(), validity));
    if let Some(deemed) = &licence.deemed {
        facts.push(Fact::new(t.licences_deemed_title(), t.licences_deemed_until(t.date(deemed.until))));
    }
    if let Some(last) = licence.recorded.suspended_until() {
        facts.push(Fact::new(t.desk_suspended_until(), t.date(last)));
    }
    if let Ok(department) = city.shelf().department(&licence.department) {
        facts.push(Fact::new(t.licences_issuer(), t.of(&department.name)));
    }
    facts.push(Fact::new(t.licences_identifier(), licence.identifier.as_str()));
    facts
}

async fn show(visit: &Visit, status: StatusCode, own: &LicenceView, typed: &Typed) -> Result<Response, Failure> {
    let (t, licence) = (visit.t(), &own.licence);
    let page = frame::page(visit, "/desk/licences").await?;
    let mut errors = ErrorSummary::new(t);
    for (name, text) in &typed.errors {
        if name.is_empty() { errors.push_general(text.as_str()) } else { errors.push(name, text.as_str()) }
    }
    let suspended = own.standing == Standing::Suspended;
    let taken = licence.recorded.taken().map(|(at, reason)| Taken {
        suspended,
        title: if suspended { t.desk_licence_suspended() } else { t.desk_licence_ended() },
        reason: format!("{} · {reason}", t.moment(at)),
    });
    let subject = Subject { department: Some(&licence.department), ..Subject::default() };
    let may_act = may(visit.staff()?, Action::RevokeLicence, &subject).is_ok();
    let view = LicencePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_licences(), "/desk/licences"),
        errors,
        name: t.of(&licence.name),
        tag: standing_tag(t, own.standing),
        facts: Facts::new(t, facts(t, visit.city(), licence)),
        taken,
        action: format!("/desk/licences/{}", licence.id),
        public: format!("/v/{}", licence.public_id),
        ways: if may_act { ways(t, own, &licences::correctable_lines(visit.city(), own)?, typed) } else { Vec::new() },
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/licences/{id}`.
pub(super) async fn licence(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let own = licences::view(visit.city(), officer(&visit)?, &id).await?;
    show(&visit, StatusCode::OK, &own, &Typed::default()).await
}

/// `POST /desk/licences/{id}`: `do=correct`, `suspend`, `resume`, `revoke` or `cancel`.
pub(super) async fn act(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, actor) = (visit.t(), officer(visit)?);
    let step = Step::named(posted.get("do")).ok_or(Failure::status(StatusCode::BAD_REQUEST))?;
    let city = visit.city();
    let own = licences::view(city, actor, &id).await?;
    let open = licences::correctable_lines(city, &own)?;
    let (mut typed, ready) = Typed::read(t, step, &posted, &open);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some((reason, until)) = ready {
        let done = match step {
            Step::Correct => licences::correct(city, actor, &id, &typed.lines, &reason).await,
            Step::Suspend => licences::suspend(city, actor, &id, until, &reason).await,
            Step::Resume => licences::resume(city, actor, &id, &reason).await,
            Step::Revoke => licences::end(city, actor, &id, Ending::Revoke, &reason).await,
            Step::Cancel => licences::end(city, actor, &id, Ending::Cancel, &reason).await,
        };
        match done {
            // A corrected licence goes on as its next version.
            Ok(licence) => return Ok(Redirect::to(&format!("/desk/licences/{}", licence.id)).into_response()),
            Err(ServiceError::Invalid(faults)) => {
                for fault in faults {
                    let name = fault.field.as_str();
                    let line = typed.lines.contains_key(name).then(|| line_name(name));
                    match line {
                        Some(line) => typed.wrong(&line, t.of(&fault.message)),
                        None => typed.errors.push((String::new(), t.of(&fault.message).to_owned())),
                    }
                }
            }
            Err(ServiceError::Licence(LicenceRefusal::TermPast)) => {
                typed.wrong("until", t.of(&LicenceRefusal::TermPast.explain()));
            }
            Err(ServiceError::Licence(refusal)) => {
                status = StatusCode::CONFLICT;
                typed.errors.push((String::new(), t.of(&refusal.explain()).to_owned()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let own = licences::view(city, actor, &id).await?;
    show(visit, status, &own, &typed).await
}
