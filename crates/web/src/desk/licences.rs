//! Ending a licence: 撤销 (AL 69) and 注销 (AL 70), each on one of the grounds of the law. The public page says so at
//! once.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{CANCELLATION, Ground, Licence, REVOCATION, Recorded};
use service::licences::{self, Ending, LicenceView};
use service::{City, ServiceError};

use super::frame;
use crate::accounts::party_facts;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, CopyText, Crumbs, Empty, ErrorSummary, Fact, Facts, Field, Html, Icon, Tag};
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

/// Whoever may end licences at all.
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

/// One way to end it, as a form.
struct Way {
    id: &'static str,
    title: String,
    about: String,
    open: bool,
    grounds: Field,
    details: Field,
    sure: Field,
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
    /// How and why it ended.
    ended: Option<String>,
    action: String,
    public: String,
    ways: Vec<Way>,
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    way: String,
    ground: String,
    details: String,
    errors: Vec<(String, String)>,
}

/// The grounds of a way to end a licence, and the way itself.
fn way(name: &str) -> Option<(Ending, &'static [Ground])> {
    match name {
        "revoke" => Some((Ending::Revoke, &REVOCATION)),
        "cancel" => Some((Ending::Cancel, &CANCELLATION)),
        _ => None,
    }
}

fn facts(t: T, city: &City, licence: &Licence) -> Vec<Fact> {
    let mut facts = vec![Fact::new(t.licences_number(), Html::of(&CopyText::new(t, licence.number.as_str())))];
    facts.extend(party_facts(t, &licence.holder));
    let validity = match licence.valid_to {
        Some(last) => t.licences_from_to(t.date(licence.valid_from), t.date(last)),
        None => t.licences_from_on(t.date(licence.valid_from)),
    };
    facts.push(Fact::new(t.licences_validity(), validity));
    if let Ok(department) = city.shelf().department(&licence.department) {
        facts.push(Fact::new(t.licences_issuer(), t.of(&department.name)));
    }
    facts.push(Fact::new(t.licences_identifier(), licence.identifier.as_str()));
    facts
}

fn ways(t: T, typed: &Typed) -> Vec<Way> {
    ["revoke", "cancel"]
        .into_iter()
        .filter_map(|id| {
            let (_, grounds) = way(id)?;
            let own = typed.way == id;
            let field = |name: &str| format!("{id}.{name}");
            let error = |name: &str| {
                let found = typed.errors.iter().find(|(own, _)| *own == field(name));
                found.map_or_else(String::new, |(_, text)| text.clone())
            };
            let choices =
                grounds.iter().map(|ground| Choice::new(ground.id, t.of(&ground.label())).hint(ground.article));
            Some(Way {
                id,
                title: t.desk_end(id),
                about: t.desk_end_about(id),
                open: own,
                grounds: Field::radio(t, field("ground"), t.desk_end_ground(), choices.collect())
                    .value(if own { typed.ground.as_str() } else { "" })
                    .error(error("ground")),
                details: Field::textarea(t, field("details"), t.desk_end_details())
                    .hint(t.desk_end_details_hint())
                    .rows(3)
                    .max_length(2000)
                    .value(if own { typed.details.as_str() } else { "" })
                    .error(error("details")),
                sure: Field::tick(t, field("sure"), t.desk_end_sure(id)).error(error("sure")),
            })
        })
        .collect()
}

async fn show(visit: &Visit, status: StatusCode, own: &LicenceView, typed: &Typed) -> Result<Response, Failure> {
    let (t, licence) = (visit.t(), &own.licence);
    let page = frame::page(visit, "/desk/licences").await?;
    let mut errors = ErrorSummary::new(t);
    for (name, text) in &typed.errors {
        if name.is_empty() { errors.push_general(text.as_str()) } else { errors.push(name, text.as_str()) }
    }
    let ended = match &licence.recorded {
        Recorded::Active => None,
        Recorded::Revoked { reason, at } | Recorded::Cancelled { reason, at } => {
            Some(format!("{} · {reason}", t.moment(*at)))
        }
    };
    let subject = Subject { department: Some(&licence.department), ..Subject::default() };
    let may_end = ended.is_none() && may(visit.staff()?, Action::RevokeLicence, &subject).is_ok();
    let view = LicencePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_licences(), "/desk/licences"),
        errors,
        name: t.of(&licence.name),
        tag: standing_tag(t, own.standing),
        facts: Facts::new(t, facts(t, visit.city(), licence)),
        ended,
        action: format!("/desk/licences/{}", licence.id),
        public: format!("/v/{}", licence.public_id),
        ways: if may_end { ways(t, typed) } else { Vec::new() },
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/licences/{id}`.
pub(super) async fn licence(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let own = licences::view(visit.city(), officer(&visit)?, &id).await?;
    show(&visit, StatusCode::OK, &own, &Typed::default()).await
}

/// `POST /desk/licences/{id}`: `do=revoke` or `do=cancel`.
pub(super) async fn end(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, actor) = (visit.t(), officer(visit)?);
    let name = posted.get("do");
    let (ending, grounds) = way(name).ok_or(Failure::status(StatusCode::BAD_REQUEST))?;
    let field = |own: &str| format!("{name}.{own}");
    let mut typed = Typed {
        way: name.to_owned(),
        ground: posted.get(&field("ground")).to_owned(),
        details: posted.get(&field("details")).trim().to_owned(),
        errors: Vec::new(),
    };
    let ground = grounds.iter().find(|ground| ground.id == typed.ground);
    if ground.is_none() {
        typed.errors.push((field("ground"), t.desk_choose().to_owned()));
    }
    if typed.details.is_empty() {
        typed.errors.push((field("details"), t.desk_write().to_owned()));
    }
    if !posted.ticked(&field("sure")) {
        typed.errors.push((field("sure"), t.desk_end_unsure().to_owned()));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(ground) = ground.filter(|_| typed.errors.is_empty()) {
        match licences::end(visit.city(), actor, &id, ending, &ground.reason(&typed.details)).await {
            Ok(_) => return Ok(Redirect::to(&format!("/desk/licences/{id}")).into_response()),
            Err(ServiceError::Licence(refusal)) => {
                status = StatusCode::CONFLICT;
                typed.errors.push((String::new(), t.of(&refusal.explain()).to_owned()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let own = licences::view(visit.city(), actor, &id).await?;
    show(visit, status, &own, &typed).await
}
